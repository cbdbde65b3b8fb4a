//! PH-1 to PH-8: what a phone shows of an errand. The page follows from where the errand stands and from nothing else.

use account::enrolment::Stage;
use axum::http::StatusCode;
use service::enrol_phone::{self, EnrolError, Need, OnPhone, Ticket};
use service::{Who, manage_passkeys};

use super::{companion, leave};
use crate::context::Visit;
use crate::destination::{Destination, ErrandTicket};
use crate::fields::Path;
use crate::pages::Shell;
use crate::pages::companion::{
    AddThisPhone, ConfirmHere, CreateHere, Ended, Errand, Made, PhoneDone, PhoneEnded, ShowNumber,
    SignInHere, Versions,
};
use crate::problem::{Answer, Problem, Stop};
use crate::reply::Interaction;
use crate::routes::portal::passkeys_problem;

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let Ok(ticket) = text.parse::<Ticket>() else { return ended(visit, Ended::Expired, None, None) };
    let who = visit.who().await?;
    let mut caller = visit.caller();
    match enrol_phone::open(&visit.app.service, &mut caller, &ticket, who.as_ref()).await {
        Ok(phone) => match &who {
            // Whoever has no passkey to touch confirms by what they have.
            Some(who) if phone.needs == Need::Confirm && !has_passkey(&visit, who).await? => {
                visit.see_other(&format!("/me/confirm?for=add-passkey&ticket={ticket}"))
            }
            _ => page(visit, ticket, who, phone),
        },
        Err(error) => refused(visit, &ticket, error),
    }
}

async fn has_passkey(visit: &Visit, who: &Who) -> Result<bool, Stop> {
    let passkeys = manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)?;
    Ok(visit.app.service.settings().has_usable(&who.user, &passkeys))
}

/// The code by which the script sees that the page is no longer the right one.
pub(super) fn need_code(need: &Need) -> &'static str {
    match need {
        Need::Claim => "claim",
        Need::SignIn => "sign-in",
        Need::Confirm => "confirm",
        Need::Number => "number",
        Need::Create => "create",
        Need::Nothing => "nothing",
    }
}

fn page(mut visit: Visit, ticket: Ticket, who: Option<Who>, phone: OnPhone) -> Answer {
    let errand = Errand {
        ticket: ticket.to_string(),
        login: phone.login_masked.clone(),
        claimed: phone.needs != Need::Claim,
        need: need_code(&phone.needs),
        versions: Versions::of(&visit.app.service.settings().policy.phones),
    };
    let signed_in = who.as_ref().map(|who| (who.user.login.shown().to_owned(), who.user.id));
    let shell = frame(&mut visit, who.as_ref());
    match phone.needs {
        Need::Claim => {
            let (desktop, ends) = (phone.progress.desktop, phone.progress.ends);
            let (device, address, started) = (desktop.browser, desktop.address, desktop.at);
            companion(visit.page(&AddThisPhone { shell, errand, device, address, started, ends }))
        }
        Need::SignIn => match signed_in {
            Some((current, _)) if phone.signed_in_as_other => {
                let other = Ended::OtherAccount { current };
                ended(visit, other, Some(errand.ticket), Some(errand.login))
            }
            _ => companion(visit.page(&SignInHere { shell, errand })),
        },
        Need::Confirm => companion(visit.page(&ConfirmHere { shell, errand })),
        Need::Number => {
            let number = phone.number.unwrap_or_default();
            companion(visit.page(&ShowNumber { shell, errand, number }))
        }
        Need::Create => companion(visit.page(&CreateHere { shell, errand })),
        Need::Nothing => {
            let owner = signed_in.is_some_and(|(_, user)| user == phone.user);
            over(visit, shell, errand, &phone, owner)
        }
    }
}

/// The frame: with the account of a full or onboarding session, so that it can be left.
fn frame(visit: &mut Visit, who: Option<&Who>) -> Shell {
    match who {
        Some(who) => visit.shell_for(who),
        None => visit.shell(),
    }
}

/// Nothing is left to do for this phone: it is done, or it ended.
fn over(visit: Visit, shell: Shell, errand: Errand, phone: &OnPhone, owner: bool) -> Answer {
    let passkey = phone.progress.passkey;
    match phone.progress.stage {
        Stage::CreatedOk => {
            let passkey = passkey.filter(|_| owner).map(|id| id.to_string());
            companion(visit.page(&Made { shell, errand, passkey }))
        }
        Stage::Tried => {
            let made = visit.made_here().into_iter().find(|made| Some(made.passkey) == passkey);
            let name = made.map_or_else(|| shell.say("ph-app").to_string(), |made| made.name);
            companion(visit.page(&PhoneDone { shell, name }))
        }
        stage => ended(visit, of_stage(stage), Some(errand.ticket), Some(errand.login)),
    }
}

fn of_stage(stage: Stage) -> Ended {
    match stage {
        Stage::Stopped => Ended::Stopped,
        Stage::NumberLocked => Ended::NumberLocked,
        Stage::Declined => Ended::Declined,
        Stage::Duplicate => Ended::Duplicate,
        Stage::Rejected => Ended::Rejected,
        Stage::OtherAccount => Ended::OtherAccountTold,
        Stage::Ended => Ended::SessionEnded,
        _ => Ended::Expired,
    }
}

/// What a refusal looks like on the phone; only a failing store is a problem.
fn refused(visit: Visit, ticket: &Ticket, error: EnrolError) -> Answer {
    if let EnrolError::Store(error) = error {
        return Err(Problem::from(error).into());
    }
    ended(visit, of_code(error.code()), Some(ticket.to_string()), None)
}

/// By the stable code of the refusal.
pub(super) fn of_code(code: &str) -> Ended {
    match code {
        "ticket_claimed" => Ended::Claimed,
        "ticket_stopped" => Ended::Stopped,
        "ticket_done" => Ended::Used,
        "number_locked" => Ended::NumberLocked,
        "declined" => Ended::Declined,
        "other_account" => Ended::OtherAccountTold,
        "phones_off" => Ended::Off,
        "session_ended" => Ended::SessionEnded,
        _ => Ended::Expired,
    }
}

fn ended(mut visit: Visit, ended: Ended, ticket: Option<String>, login: Option<String>) -> Answer {
    let status = match ended {
        Ended::OtherAccount { .. } | Ended::OtherAccountTold => StatusCode::CONFLICT,
        Ended::Off => StatusCode::FORBIDDEN,
        _ => StatusCode::GONE,
    };
    let shell = visit.shell();
    companion(visit.page_with(status, &PhoneEnded { shell, ended, ticket, login }))
}

/// "Continue": the first browser has it from now on.
pub(super) async fn claim(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let Ok(ticket) = text.parse::<Ticket>() else { return ended(visit, Ended::Expired, None, None) };
    let who = visit.who().await?;
    let mut caller = visit.caller();
    match enrol_phone::claim(&visit.app.service, &mut caller, &ticket, who.as_ref()).await {
        Ok(phone) if phone.needs == Need::SignIn && !phone.signed_in_as_other => {
            to_sign_in(visit, ticket, phone)
        }
        Ok(_) => visit.see_other(&path(&ticket)),
        Err(error) => refused(visit, &ticket, error),
    }
}

/// PH-2: the usual pages, with the account known and the errand behind them.
fn to_sign_in(mut visit: Visit, ticket: Ticket, phone: OnPhone) -> Answer {
    let continue_to = ErrandTicket::of(&ticket).map(Destination::Enrol);
    visit.set_interaction(&Interaction {
        identifier: Some(phone.login),
        masked: Some(phone.login_masked),
        continue_to,
    });
    visit.see_other("/signin/method")
}

fn path(ticket: &Ticket) -> String {
    format!("/a/e/{ticket}")
}

/// "I did not start this".
pub(super) async fn decline(visit: Visit, Path(text): Path<String>) -> Answer {
    let Ok(ticket) = text.parse::<Ticket>() else { return ended(visit, Ended::Expired, None, None) };
    let mut caller = visit.caller();
    match enrol_phone::decline(&visit.app.service, &mut caller, &ticket).await {
        Ok(()) => visit.see_other(&path(&ticket)),
        Err(error) => refused(visit, &ticket, error),
    }
}

/// PH-E12: whoever is signed in here leaves, and the account that the code is for signs in.
pub(super) async fn switch(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let Ok(ticket) = text.parse::<Ticket>() else { return ended(visit, Ended::Expired, None, None) };
    leave(&mut visit).await?;
    let mut caller = visit.caller();
    match enrol_phone::claim(&visit.app.service, &mut caller, &ticket, None).await {
        Ok(phone) if phone.needs == Need::SignIn => to_sign_in(visit, ticket, phone),
        Ok(_) => visit.see_other(&path(&ticket)),
        Err(error) => refused(visit, &ticket, error),
    }
}
