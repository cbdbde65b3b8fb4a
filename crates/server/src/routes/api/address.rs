//! What addresses name.

use primitives::id::Id;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;

/// One thing.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ById {
    /// Its id.
    #[param(format = "uuid")]
    pub(super) id: String,
}

impl ById {
    /// What it names; a text that is no id names nothing.
    pub(super) fn id<T>(&self) -> Result<Id<T>, Problem> {
        read(&self.id)
    }
}

/// A passkey of somebody.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ByPasskey {
    /// The person's id.
    #[param(format = "uuid")]
    pub(super) id: String,
    /// The passkey's id.
    #[param(format = "uuid")]
    pub(super) passkey: String,
}

/// An id in an address.
pub(in crate::routes) fn read<T>(text: &str) -> Result<Id<T>, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
