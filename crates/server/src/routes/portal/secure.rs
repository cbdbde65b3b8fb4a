//! LP-3: making a lost device useless.

use account::passkey::Passkey;
use account::session::Session;
use axum::http::StatusCode;
use primitives::id::Id;
use service::Who;
use service::secure_account::{self, Choices, Chosen, SecureError};

use super::cards;
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::secure::{GonePasskey, OpenBrowser, Secure, SecureProblem};
use crate::problem::{Answer, Problem, Stop};

async fn page(
    visit: &mut Visit,
    who: &Who,
    chosen: &Chosen,
    problem: Option<SecureProblem>,
) -> Result<Secure, Stop> {
    let Choices { passkeys, sessions, confirm } =
        secure_account::choices(&visit.app.service, visit.now(), who).await.map_err(stopped)?;
    let gone = |passkey: &Passkey| GonePasskey {
        id: passkey.id.to_string(),
        name: passkey.name.clone(),
        provider: cards::provider(passkey),
        backed_up: passkey.backed_up,
        last_used: passkey.last_used,
        off: !passkey.is_enabled(),
        chosen: chosen.passkeys.contains(&passkey.id),
    };
    Ok(Secure {
        passkeys: passkeys.iter().map(gone).collect(),
        browsers: browsers(&sessions, chosen),
        confirm,
        limited: who.session.is_limited(),
        problem,
        shell: visit.shell_for(who),
    })
}

/// Sessions of one browser are one line, the latest used first.
fn browsers(sessions: &[Session], chosen: &Chosen) -> Vec<OpenBrowser> {
    let mut lines: Vec<(Vec<&Session>, OpenBrowser)> = Vec::new();
    for session in sessions {
        let known = lines.iter_mut().find(|(others, _)| {
            others.first().is_some_and(|other| {
                other.browser == session.browser && other.client.browser == session.client.browser
            })
        });
        match known {
            Some((others, line)) => {
                others.push(session);
                line.ids = format!("{},{}", line.ids, session.id);
                line.count = line.count.saturating_add(1);
                line.chosen |= chosen.sessions.contains(&session.id);
            }
            None => lines.push((
                vec![session],
                OpenBrowser {
                    ids: session.id.to_string(),
                    device: session.client.browser.clone(),
                    address: session.client.address.clone(),
                    count: 1,
                    chosen: chosen.sessions.contains(&session.id),
                },
            )),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.anyone().await?;
    let page = page(&mut visit, &who, &Chosen::default(), None).await?;
    visit.page(&page)
}

pub(super) async fn submit(mut visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Answer {
    let who = visit.anyone().await?;
    let chosen = chosen(&fields);
    let mut caller = visit.caller();
    let done = secure_account::secure(&visit.app.service, &mut caller, &who, chosen.clone()).await;
    let problem = match done {
        Ok(secured) => {
            let passkeys = i64::try_from(secured.disabled.len()).unwrap_or(i64::MAX);
            let (sessions, gone) = (i64::from(secured.sessions), i64::from(secured.gone));
            visit.set_flash(&Flash::Secured { passkeys, sessions, gone });
            let next = if who.session.is_limited() { "/me/security/add" } else { "/me/secure" };
            return visit.see_other(next);
        }
        Err(SecureError::Nothing) => SecureProblem::Nothing,
        Err(SecureError::LastMethod) => SecureProblem::LastMethod,
        Err(SecureError::ConfirmNeeded) => return visit.see_other("/me/secure"),
        Err(error) => return Err(stopped(error)),
    };
    let page = page(&mut visit, &who, &chosen, Some(problem)).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Where there is no page to show.
fn stopped(error: SecureError) -> Stop {
    match error {
        SecureError::SessionEnded => Problem::session_ended().into(),
        SecureError::PasswordAlone => Problem::pass_not_enough().into(),
        SecureError::Store(error) => Problem::from(error).into(),
        SecureError::ConfirmNeeded | SecureError::LastMethod | SecureError::Nothing => {
            Problem::forbidden(error.code()).into()
        }
    }
}

/// What was ticked; what is no id chooses nothing.
fn chosen(fields: &[(String, String)]) -> Chosen {
    let mut chosen = Chosen::default();
    for (name, value) in fields {
        match name.as_str() {
            "passkey" => chosen.passkeys.extend(value.parse::<Id<Passkey>>().ok()),
            "session" => {
                let ids = value.split(',').filter_map(|id| id.parse::<Id<Session>>().ok());
                chosen.sessions.extend(ids);
            }
            _ => {}
        }
    }
    chosen
}
