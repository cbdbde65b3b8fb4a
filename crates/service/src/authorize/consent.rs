//! Whether a person is asked, and what they answered (OC-2).

use account::application::{Consent, Provenance};
use account::audit::{Actor, EventKind};
use oidc::redirect;
use oidc::scope::{EMAIL, GROUPS, OFFLINE_ACCESS, Scopes};
use store::clients::Stored;
use store::consents::{self, Consent as Given};

use super::{Asked, AuthorizeError, Found, Pending, Shown, Step, client_of, code, next};
use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// What may be left out of what that application asks for.
fn optional(stored: &Stored) -> Scopes {
    let text = match stored.application.origin {
        Provenance::Organisation => OFFLINE_ACCESS.to_owned(),
        Provenance::Registered | Provenance::Document => format!("{EMAIL} {GROUPS} {OFFLINE_ACCESS}"),
    };
    Scopes::parse(&text).unwrap_or_default()
}

/// What a person has to be asked, if anything, and what they have allowed of it. What they once left out is not asked for
/// again unless the application insists (`prompt=consent`).
pub(super) fn consent_of(wanted: &Scopes, found: &Found) -> (Option<Asked>, Scopes) {
    let Some(given) = &found.given else { return (Some(all_of(wanted, found)), Scopes::default()) };
    let new = wanted.without(&given.scopes);
    if new.without(&optional(&found.stored)).is_empty() {
        return (None, wanted.and(&given.scopes));
    }
    (Some(Asked { new, ..all_of(wanted, found) }), Scopes::default())
}

/// Whether what a person once allowed does not speak for them this time. A public application that is answered on the
/// person's own machine cannot be told from any other program there (RFC 8252 section 8.6).
pub(super) fn each_time(pending: &Pending, found: &Found) -> bool {
    let stored = &found.stored;
    let anybody = stored.client.is_public() && !redirect::has_an_owner(&pending.request.redirect_uri);
    anybody || stored.application.consent == Consent::Always
}

pub(super) fn all_of(wanted: &Scopes, found: &Found) -> Asked {
    let known = found.given.as_ref().map(|given| wanted.and(&given.scopes)).unwrap_or_default();
    Asked {
        application: Shown::of(&found.stored, found.logo),
        new: wanted.without(&known),
        known,
        optional: optional(&found.stored).and(wanted),
        warn: found.stored.application.origin != Provenance::Organisation,
    }
}

/// The person allows `granted` of what was asked for, and the application gets its code; all else is asked again first.
pub async fn consent(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    pending: &Pending,
    (who, granted): (&Who, Scopes),
) -> Result<Step, AuthorizeError> {
    let before = next(cx, caller, issuer, pending, Some(who)).await?;
    let Step::Consent(asked) = before else { return Ok(before) };
    let wanted = &pending.request.scopes;
    if !wanted.includes(&granted) || !granted.includes(&wanted.without(&asked.optional)) {
        return Err(AuthorizeError::Scopes);
    }
    let (settings, pen) = (cx.settings(), Pen::new(caller, Actor::User(who.user.id)));
    let (request, person, scopes) = (pending.request.clone(), who.clone(), granted.clone());
    let stored = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            let who = manage_sessions::lock_standing(tx, now, &settings, &person)?
                .filter(|who| !who.session.is_limited())
                .ok_or(AuthorizeError::SessionEnded)?;
            let stored = client_of(tx, &request)?;
            let earlier = consents::get(tx, who.user.id, stored.id())?;
            // What was allowed at another time and is not asked for now stays allowed.
            let kept = earlier.map(|earlier| earlier.scopes.without(&request.scopes)).unwrap_or_default();
            let scopes = kept.or(&scopes);
            let client = stored.id().clone();
            let given =
                Given { user: who.user.id, client: client.clone(), scopes: scopes.clone(), given: now };
            consents::put(tx, &given)?;
            let kind = EventKind::ConsentGiven { client: client.to_string(), scopes: scopes.to_string() };
            pen.clone().write(tx, now, Some(who.user.id), kind)?;
            Ok::<_, AuthorizeError>(stored)
        })
        .await?;
    code::answer(cx, caller, issuer, pending, (&stored, who, &granted)).map(Step::Answer)
}
