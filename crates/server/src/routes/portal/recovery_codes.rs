//! SEC-6: recovery codes. They are shown in the answer that made them, and nowhere again.

use account::action::Action;
use account::recovery_code;
use account::temporary_pass::grouped;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use service::manage_recovery_codes::{self, ManageRecoveryCodesError};

use super::methods::{asks_passkey, confirm_path};
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::methods::{RecoveryCodes, RecoveryCodesMade};
use crate::problem::{Answer, Problem, Stop};

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let left = manage_recovery_codes::status(&visit.app.service, &who).await?;
    let confirm = asks_passkey(&visit, &who, Action::NewRecoveryCodes).await?;
    let shell = visit.shell_for(&who);
    visit.page(&RecoveryCodes { shell, left: left.map_or(0, |codes| i64::from(codes.left)), confirm })
}

pub(super) async fn make(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    match manage_recovery_codes::make(&visit.app.service, &mut caller, &who).await {
        Ok(codes) => {
            let codes = codes.iter().map(|code| grouped(code).reveal().to_owned()).collect();
            let shell = visit.shell_for(&who);
            // Whoever leaves without saying that the codes are kept is told so on the next page.
            visit.set_flash(&Flash::RecoveryCodesUnsure);
            visit.page(&RecoveryCodesMade { shell, codes })
        }
        Err(ManageRecoveryCodesError::ConfirmNeeded) => {
            visit.see_other(&confirm_path(Action::NewRecoveryCodes))
        }
        Err(error) => Err(stop(error)),
    }
}

#[derive(Deserialize)]
pub(super) struct Kept {
    #[serde(default)]
    kept: String,
}

pub(super) async fn kept(mut visit: Visit, Form(form): Form<Kept>) -> Answer {
    visit.full().await?;
    let flash = if form.kept == "yes" { Flash::RecoveryCodesKept } else { Flash::RecoveryCodesUnsure };
    visit.set_flash(&flash);
    visit.see_other("/me/security")
}

#[derive(Deserialize)]
pub(super) struct Download {
    #[serde(default)]
    codes: String,
}

/// The page's own codes as a file: they come in the body, stand in no address, and are looked up nowhere.
pub(super) async fn download(mut visit: Visit, Form(form): Form<Download>) -> Answer {
    let who = visit.full().await?;
    let mut lines = Vec::new();
    for line in form.codes.lines() {
        let code = recovery_code::normalise(line).map_err(|_| Problem::not_found())?;
        lines.push(grouped(&code).reveal().to_owned());
    }
    let shell = visit.shell_for(&who);
    let title = shell
        .say("recovery-file-title")
        .with("login", who.user.login.shown())
        .with("organisation", &shell.organisation);
    let text = format!("{title}\r\n\r\n{}\r\n\r\n{}\r\n", lines.join("\r\n"), shell.say("recovery-file-use"));
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""),
    ];
    Ok((headers, text).into_response())
}

fn stop(error: ManageRecoveryCodesError) -> Stop {
    match error {
        ManageRecoveryCodesError::Store(error) => Problem::from(error).into(),
        ManageRecoveryCodesError::SessionEnded => Problem::session_ended().into(),
        ManageRecoveryCodesError::Busy => Problem::too_many(1).into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
