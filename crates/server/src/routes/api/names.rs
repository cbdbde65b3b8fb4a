//! The stable names that members may have, for the description.

use std::borrow::Cow;

use account::api_key::Scope;
use account::role::Role;
use account::search::Condition;
use account::sign_in_log::Outcome;
use account::user::UserStatus;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! names {
    ($($(#[$meta:meta])* $name:ident of $of:ty,)+) => {$(
        $(#[$meta])*
        pub(in crate::routes) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let values = <$of>::ALL.iter().map(|name| name.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

names! {
    /// A role.
    RoleName of Role,
    /// A scope.
    ScopeName of Scope,
    /// Something that may hold for an account.
    ConditionName of Condition,
    /// What came of something.
    OutcomeName of Outcome,
    /// Whether an account may be used.
    StatusName of UserStatus,
}
