//! By what people sign in, and taking it from them.

use std::sync::Arc;

use account::api_key::Scope;
use account::passkey;
use serde::Serialize;
use service::administer_users::{self, Shown};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::{self, ById, ByPasskey};
use super::answer;
use super::call::Call;
use super::passes::Pass;
use super::refused::refused;
use super::users::{User, changed};
use crate::aaguid;
use crate::app::App;
use crate::fields::Path;
use crate::problem::Answer;
use service::manage_password::PasswordStatus;

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(remove))
        .routes(routes!(sign_out))
        .routes(routes!(require))
}

/// By what somebody signs in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Methods {
    /// The passkeys, oldest first.
    passkeys: Vec<Passkey>,
    /// The newest pass, whatever it is worth.
    pass: Option<Pass>,
    /// The password: `never`, `on`, `off` or `not-allowed`.
    #[schema(pattern = "^(never|on|off|not-allowed)$")]
    password: &'static str,
    /// Whether there is an authenticator app.
    authenticator_codes: bool,
    /// How many recovery codes are left, if there ever were any.
    #[schema(minimum = 0)]
    recovery_codes_left: Option<u32>,
}

/// A passkey.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Passkey {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// What its owner knows it by.
    name: String,
    /// `enabled` or `disabled`.
    status: String,
    /// The model that it is, or says it is.
    aaguid: String,
    /// The name of that model.
    model: Option<&'static str>,
    /// Whether a trusted attestation proves the model.
    attested: bool,
    /// Whether it may be copied to other devices.
    backup_eligible: bool,
    /// Whether it has been.
    backed_up: bool,
    /// Under which evidence it was bound to the account.
    binding: String,
    /// When it was registered.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last used.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

impl From<&passkey::Passkey> for Passkey {
    fn from(passkey: &passkey::Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            name: passkey.name.clone(),
            status: passkey.status.to_string(),
            aaguid: aaguid::spell(&passkey.aaguid),
            model: aaguid::name(&passkey.aaguid),
            attested: passkey.attestation_trusted,
            backup_eligible: passkey.backup_eligible,
            backed_up: passkey.backed_up,
            binding: passkey.binding.to_string(),
            created_at: passkey.created.to_string(),
            last_used_at: passkey.last_used.map(|at| at.to_string()),
        }
    }
}

/// By what somebody signs in
#[utoipa::path(get, path = "/api/v1/users/{id}/methods", tag = "methods", params(ById),
    security(("key" = ["users.read"])),
    responses((status = 200, description = "The methods", body = Methods)))]
async fn list(call: Call, Path(at): Path<ById>) -> Answer {
    call.may(Scope::UsersRead)?;
    let shown = administer_users::show_by_id(call.service(), at.id()?).await.map_err(refused)?;
    let policy = call.service().settings().of(&shown.user).passes;
    let Shown { passkeys, pass, password, codes, recovery_codes, .. } = shown;
    let methods = Methods {
        passkeys: passkeys.iter().map(Passkey::from).collect(),
        pass: pass.map(|pass| Pass::of(&pass, call.visit.now(), &policy)),
        password: match password {
            PasswordStatus::Never => "never",
            PasswordStatus::On { .. } => "on",
            PasswordStatus::Off { .. } => "off",
            PasswordStatus::NotAllowed => "not-allowed",
        },
        authenticator_codes: codes,
        recovery_codes_left: recovery_codes.map(|codes| codes.left),
    };
    answer::show(&call, &methods)
}

/// Remove a passkey of somebody; sessions that it opened end
#[utoipa::path(delete, path = "/api/v1/users/{id}/passkeys/{passkey}", tag = "methods", params(ByPasskey),
    security(("key" = ["methods.remove"])), responses((status = 204, description = "It is gone")))]
async fn remove(call: Call, Path(at): Path<ByPasskey>) -> Answer {
    let (user, id) = (address::read(&at.id)?, address::read(&at.passkey)?);
    let mut caller = call.visit.caller();
    let done =
        administer_users::remove_passkey(call.service(), &mut caller, call.authority(), user, id).await;
    done.map_err(refused)?;
    answer::done()
}

/// End all sessions of somebody
#[utoipa::path(post, path = "/api/v1/users/{id}/sign-out", tag = "methods", params(ById),
    security(("key" = ["methods.remove"])),
    responses((status = 200, description = "The account as it is now", body = User)))]
async fn sign_out(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let done = administer_users::sign_out(call.service(), &mut caller, call.authority(), id).await;
    changed(done.map_err(refused)?)
}

/// Take every method from somebody, passkeys among them, so that new ones must be registered
#[utoipa::path(post, path = "/api/v1/users/{id}/require-registration", tag = "methods", params(ById),
    security(("key" = ["methods.remove"])),
    responses((status = 200, description = "The account as it is now", body = User)))]
async fn require(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let done =
        administer_users::require_new_registration(call.service(), &mut caller, call.authority(), id).await;
    changed(done.map_err(refused)?)
}
