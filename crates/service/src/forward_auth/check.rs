//! Each request to a guarded application.

use oidc::jwt;
use oidc::scope::{EMAIL, GROUPS, PROFILE};
use primitives::time::{Span, Timestamp};
use serde_json::{Map, Value};
use store::grants::Grant;
use store::{Tx, grants};

use super::enter::guards;
use super::{ForwardError, TICKET, Ticket, open_of};
use crate::context::{Caller, Context, Settings, Who};
use crate::granted::{self, Ended, Look};
use crate::signing_keys;
use crate::told::{self, Told, Wanted};
use crate::{manage_sessions, tokens};

/// `typ` of what the application can verify by itself.
const TYP: &str = "keyward-assertion+jwt";

/// How long that is good for.
const LIFETIME: Span = Span::from_secs(60);

/// Who may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The login name.
    pub user: String,
    /// The display name, if the application may know it.
    pub name: Option<String>,
    /// The e-mail address, if there is one and the application may know it.
    pub email: Option<String>,
    /// Names of the groups, if the application may know them.
    pub groups: Vec<String>,
    /// The same and more, signed, for this origin and a minute.
    pub assertion: String,
}

/// Who asks at `origin` with what the browser holds there. The session counts as used.
pub async fn check(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    origin: &str,
    held: Option<&str>,
) -> Result<Admitted, ForwardError> {
    let held = held.ok_or(ForwardError::Nobody)?;
    let ticket: Ticket = open_of(cx, TICKET, origin.as_bytes(), held).ok_or(ForwardError::Ticket)?;
    let now = cx.db.not_before(caller.now);
    let (settings, place) = (cx.settings(), origin.to_owned());
    let read = cx.db.read(move |tx| admit(tx, now, &settings, &ticket, &place));
    let (who, grant, told) = read.await?;
    manage_sessions::touch_if_wanted(cx, now, &who).await;
    admitted(cx, now, issuer, origin, (&grant, &told))
}

/// Everything that it rests on, in one read.
fn admit(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    ticket: &Ticket,
    origin: &str,
) -> Result<(Who, Grant, Told), ForwardError> {
    let grant = grants::by_id(tx, ticket.grant)?.filter(|grant| grant.client == ticket.client);
    let grant = grant.ok_or(Ended::Gone)?;
    let standing = granted::standing(tx, now, settings, &grant, Look::Quick)??;
    if !guards(&standing.stored, origin) {
        return Err(ForwardError::Origin);
    }
    let session = granted::session_of(tx, now, settings, &grant)?.ok_or(Ended::SessionEnded)?;
    let asked = tokens::asked(&grant);
    let wanted =
        Wanted { application: &standing.stored.application, scopes: &grant.terms.scopes, claims: &asked };
    let told = told::told(tx, settings, (&standing.user, &grant.terms.evidence), wanted)?;
    Ok((Who { user: standing.user, session }, grant, told))
}

fn admitted(
    cx: &Context,
    now: Timestamp,
    issuer: &str,
    origin: &str,
    (grant, told): (&Grant, &Told),
) -> Result<Admitted, ForwardError> {
    let scopes = &grant.terms.scopes;
    let mut claims = told.for_userinfo(scopes, &tokens::asked(grant));
    let text =
        |claims: &Map<String, Value>, name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let groups = claims.get(GROUPS).and_then(Value::as_array).filter(|_| scopes.has(GROUPS));
    let groups = groups.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let (name, email) = (text(&claims, "name"), text(&claims, "email"));
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", issuer.into());
    put("aud", origin.into());
    put("iat", now.secs().into());
    put("exp", (now + LIFETIME).secs().into());
    put("preferred_username", told.login().into());
    put("sid", grant.sid.to_string().into());
    put("auth_time", grant.terms.auth_time.secs().into());
    put("amr", cx.settings().amr_of(&grant.terms.evidence).into());
    if let Some(acr) = &grant.terms.acr {
        put("acr", acr.as_str().into());
    }
    let key = signing_keys::signer(cx, oidc::client::SigningAlg::Es256, now).ok_or(ForwardError::NoKey)?;
    Ok(Admitted {
        user: told.login().to_owned(),
        name: name.filter(|_| scopes.has(PROFILE)),
        email: email.filter(|_| scopes.has(EMAIL)),
        groups,
        assertion: jwt::sign(key.signer(), TYP, &claims),
    })
}
