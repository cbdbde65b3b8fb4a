//! PW-1 to PW-3: turning off one's password, with a passkey and nothing weaker.

use account::action::Action;
use axum::http::StatusCode;
use service::Who;
use service::go_passwordless::{self, GoPasswordlessError, What};
use service::manage_password::{self, PasswordStatus};

use super::methods::{asks_passkey, confirm_path};
use crate::context::Visit;
use crate::pages::Flash;
use crate::pages::passwordless::{Condition, Item, PasswordOff, TurnOffPassword};
use crate::problem::{Answer, Problem, Stop};

async fn page(visit: &mut Visit, who: &Who) -> Result<TurnOffPassword, Stop> {
    let eligibility = go_passwordless::eligibility(&visit.app.service, who).await?;
    let items = eligibility.items.iter().filter_map(|item| {
        let condition = match item.what {
            What::EnoughPasskeys => Condition::EnoughPasskeys,
            What::Tried => Condition::Tried,
            What::FullSession => Condition::FullSession,
            // Without one there is no such page.
            What::HasPassword => return None,
        };
        Some(Item { condition, met: item.met })
    });
    Ok(TurnOffPassword {
        items: items.collect(),
        forced: visit.app.service.settings().policy.passwordless.forced_from,
        ready: eligibility.ready,
        contact: visit.contact(),
        confirm: asks_passkey(visit, who, Action::TurnOffPassword).await?,
        shell: visit.shell_for(who),
    })
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.anyone().await?;
    match manage_password::status(&visit.app.service, &who).await? {
        PasswordStatus::Off { since } => {
            let contact = visit.contact();
            let shell = visit.shell_for(&who);
            visit.page(&PasswordOff { shell, since, contact })
        }
        PasswordStatus::Never => Err(Problem::not_found().into()),
        PasswordStatus::On { .. } | PasswordStatus::NotAllowed => {
            let page = page(&mut visit, &who).await?;
            visit.page(&page)
        }
    }
}

pub(super) async fn submit(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    match go_passwordless::turn_off(&visit.app.service, &mut caller, &who).await {
        Ok(_) => {
            visit.set_flash(&Flash::PasswordOff);
            visit.see_other("/me/security/password/off")
        }
        Err(GoPasswordlessError::ConfirmNeeded) => visit.see_other(&confirm_path(Action::TurnOffPassword)),
        Err(GoPasswordlessError::NotEligible) => {
            let page = page(&mut visit, &who).await?;
            visit.page_with(StatusCode::CONFLICT, &page)
        }
        Err(error) => Err(stop(error)),
    }
}

fn stop(error: GoPasswordlessError) -> Stop {
    match error {
        GoPasswordlessError::Store(error) => Problem::from(error).into(),
        GoPasswordlessError::SessionEnded => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
