//! SI-7 and SI-8: the request, or the offer, to add a passkey after a sign-in without one; and the silent try (R18).

use account::session::Restriction;
use primitives::time::Span;
use serde_json::json;
use service::Who;
use service::interrupt::{self, Interrupt as Due, InterruptError};
use service::{manage_passkeys, register_passkey};

use super::{cards, passkeys_problem};
use crate::aaguid;
use crate::context::Visit;
use crate::cookies;
use crate::destination::Destination;
use crate::fields::Json;
use crate::pages::methods::{Interrupt, Offer, Postponing};
use crate::pages::{Ceremony, Flash};
use crate::problem::{Answer, Problem};
use crate::routes::sign_in::{Finish, began, ceremony_refused};

/// So long after a sign-in with a password the browser may save a passkey by itself.
const JUST_SIGNED_IN: Span = Span::from_minutes(5);

/// Whether a full sign-in with a password has just ended.
pub(super) fn may_save_silently(visit: &Visit, who: &Who) -> bool {
    let session = &who.session;
    !session.is_limited()
        && session.evidence.has_method("password")
        && !session.evidence.has_method("passkey")
        && visit.now().since(session.created) < JUST_SIGNED_IN
}

/// Where the errand wanted to go before this page came between.
fn errand(visit: &mut Visit) -> String {
    let wanted = visit.interaction().continue_to;
    if visit.sealed.interaction.is_some() {
        visit.set_cookies.push(cookies::remove(cookies::INTERACTION));
    }
    wanted.unwrap_or(Destination::Security).path()
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.anyone().await?;
    let postponing = match who.session.restriction() {
        Some(Restriction::PasswordAlone) => Postponing::Restricted,
        Some(Restriction::RecoveryCode) => return visit.see_other("/me/security"),
        None if who.session.is_limited() => return visit.see_other("/welcome"),
        None => match interrupt::due(&visit.app.service, visit.now(), &who).await? {
            Due::None => {
                let to = errand(&mut visit);
                return visit.see_other(&to);
            }
            Due::CanPostpone { days_left } if days_left <= 1 => Postponing::LastDay,
            Due::CanPostpone { days_left } => Postponing::Possible { days: i64::from(days_left) },
            Due::Required => Postponing::Over,
        },
    };
    let silent = may_save_silently(&visit, &who);
    let shell = visit.shell_for(&who);
    visit.page(&Interrupt { shell, postponing, silent })
}

pub(super) async fn postpone(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    match interrupt::postpone(&visit.app.service, &mut caller, &who).await {
        Ok(_) => {
            let to = errand(&mut visit);
            visit.see_other(&to)
        }
        Err(InterruptError::Store(error)) => Err(Problem::from(error).into()),
        Err(InterruptError::SessionEnded) => Err(Problem::session_ended().into()),
        // The page knows what is asked now.
        Err(InterruptError::NotDue | InterruptError::Required) => visit.see_other("/me/interrupt"),
    }
}

pub(super) async fn offer(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    let silent = may_save_silently(&visit, &who);
    let shell = visit.shell_for(&who);
    visit.page(&Offer { shell, elsewhere: !passkeys.is_empty(), silent })
}

pub(super) async fn not_now(mut visit: Visit) -> Answer {
    visit.full().await?;
    let to = errand(&mut visit);
    visit.see_other(&to)
}

pub(super) async fn never(mut visit: Visit) -> Answer {
    visit.full().await?;
    visit.set_cookies.push(cookies::set(cookies::NO_OFFER, "1", cookies::LONG));
    let to = errand(&mut visit);
    visit.see_other(&to)
}

pub(super) async fn begin(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    match register_passkey::begin_conditional(&visit.app.service, &mut caller, &who).await {
        Ok(started) => began(visit, started),
        Err(error) => ceremony_refused(visit, Ceremony::Create, &error),
    }
}

pub(super) async fn finish(mut visit: Visit, Json(sent): Json<Finish>) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    let (service, device) = (&visit.app.service, caller.client.browser.clone());
    let suggested = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, Some(&device), "Passkey", &[]);
    let (state, response) = (&sent.state, sent.response.get());
    match register_passkey::finish_conditional(service, &mut caller, &who, state, response, suggested).await {
        Ok(registered) => {
            let to = errand(&mut visit);
            let (id, provider) = (registered.passkey.id.to_string(), cards::provider(&registered.passkey));
            visit.set_flash(&Flash::PasskeySavedSilently { id, provider });
            visit.ok(json!({ "next": to }))
        }
        Err(error) => ceremony_refused(visit, Ceremony::Create, &error),
    }
}
