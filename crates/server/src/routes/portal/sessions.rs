//! DS-1: the browsers in which a person is signed in.

use account::session::{Session, SessionId};
use service::manage_passkeys;
use service::manage_sessions::{self, ManageSessionsError};

use super::passkeys_problem;
use super::security::id;
use crate::context::Visit;
use crate::fields::Path;
use crate::pages::Flash;
use crate::pages::sessions::{SessionCard, SessionMethod, Sessions};
use crate::problem::{Answer, Problem, Stop};

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let service = &visit.app.service;
    let passkeys = manage_passkeys::list(service, &who).await.map_err(passkeys_problem)?;
    let mut live = manage_sessions::list(service, visit.now(), &who).await.map_err(sessions_problem)?;
    live.sort_by_key(|session| session.id != who.session.id);
    let name = |session: &Session| {
        let used = session.evidence.passkey()?;
        passkeys.iter().find(|passkey| passkey.id == used).map(|passkey| passkey.name.clone())
    };
    let sessions = live.iter().map(|session| SessionCard {
        id: session.id.to_string(),
        device: session.client.browser.clone(),
        address: session.client.address.clone(),
        signed_in: session.created,
        last_seen: session.last_seen,
        method: method(session, name(session)),
        current: session.id == who.session.id,
    });
    let sessions = sessions.collect();
    let shell = visit.shell_for(&who);
    visit.page(&Sessions { shell, sessions })
}

/// How a session began: its passkey stands before what was typed.
fn method(session: &Session, passkey: Option<String>) -> SessionMethod {
    let has = |method: &str| session.evidence.has_method(method);
    match (session.evidence.passkey(), has("password")) {
        (Some(_), _) => SessionMethod::Passkey(passkey),
        (None, true) if has("authenticator_code") || has("recovery_code") => SessionMethod::PasswordAndCode,
        (None, true) => SessionMethod::Password,
        (None, false) if has("recovery_code") => SessionMethod::RecoveryCode,
        (None, false) => SessionMethod::TemporaryPass,
    }
}

pub(super) async fn revoke(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    let session: SessionId = id(&text)?;
    let mut caller = visit.caller();
    match manage_sessions::revoke(&visit.app.service, &mut caller, &who, session).await {
        Ok(()) if session == who.session.id => {
            visit.end_session();
            return visit.see_other("/signed-out");
        }
        Ok(()) => visit.set_flash(&Flash::SessionEnded),
        Err(ManageSessionsError::NotFound) => visit.set_flash(&Flash::AlreadyGone),
        Err(error) => return Err(sessions_problem(error)),
    }
    visit.see_other("/me/sessions")
}

pub(super) async fn revoke_others(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    let count = manage_sessions::revoke_others(&visit.app.service, &mut caller, &who)
        .await
        .map_err(sessions_problem)?;
    visit.set_flash(&Flash::OtherSessionsEnded { count: i64::from(count) });
    visit.see_other("/me/sessions")
}

fn sessions_problem(error: ManageSessionsError) -> Stop {
    match error {
        ManageSessionsError::Store(error) => Problem::from(error).into(),
        ManageSessionsError::NotFound => Problem::not_found().into(),
        ManageSessionsError::SessionEnded => Problem::session_ended().into(),
        ManageSessionsError::Onboarding => Problem::pass_not_enough().into(),
    }
}
