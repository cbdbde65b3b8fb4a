//! An application asks for a sign-in: what happens next, until there is a code (OpenID Connect Core section 3.1.2).
//!
//! Nothing is stored before it is achieved. What waits travels sealed with the browser ([`Pending`]), and each step asks
//! again everything that it rests on; so a person who comes back by another way, or another day, finds the same rules. A
//! code is a seal of its facts.

use account::application::{Application, Consent, Provenance};
use account::user::UserId;
use oidc::authorization::{Refusal, Request};
use oidc::client::ClientId;
use oidc::error::OAuthError;
use oidc::jwt;
use oidc::redirect;
use oidc::response::AuthorizationResponse;
use oidc::scope::Scopes;
use primitives::digest::Digest;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::clients::{self, Stored};
use store::consents::{self, Consent as Given};
use store::{StoreError, Tx};

use crate::application_needs::is_assigned;
use crate::context::{Caller, Context, Settings, Who};

mod begin;
mod code;
mod consent;
mod strength;

pub use begin::{BeginError, PUSHED_FOR, PushError, Pushed, begin, push};
pub use code::LIFETIME as CODE_LIFETIME;
pub(crate) use code::{Facts, redirect_digest};
pub use consent::consent;
use consent::{all_of, consent_of, each_time};

/// How long a request waits for a person.
pub const WAITS: Span = Span::from_hours(1);

/// A request that waits, as it travels sealed with the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// What is asked for.
    #[serde(rename = "r")]
    pub request: Request,
    /// When it came in: what must happen anew must happen after this.
    #[serde(rename = "t")]
    pub received: Timestamp,
    /// Who alone the answer may be about, as far as the application said it.
    #[serde(default, rename = "h", skip_serializing_if = "Option::is_none")]
    pub hinted: Option<UserId>,
    /// Whether the person has said which account.
    #[serde(default, rename = "c", skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// Whether the person goes on with less than the application would like.
    #[serde(default, rename = "w", skip_serializing_if = "std::ops::Not::not")]
    pub without: bool,
}

impl Pending {
    /// The person goes on with the account that is signed in.
    #[must_use]
    pub fn with_account(self) -> Self {
        Self { chosen: true, ..self }
    }

    /// The person goes on without what the application would like. Whether it lets them is asked in [`next`].
    #[must_use]
    pub fn going_without(self) -> Self {
        Self { without: true, ..self }
    }

    /// Whether it has waited too long.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.received + WAITS
    }

    /// What a page's `form-action` needs besides our own origin.
    pub fn origin_for_csp(&self) -> String {
        redirect::origin_for_csp(&self.request.redirect_uri)
    }
}

/// What people see of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its identifier.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub home: Option<String>,
    /// The digest that its picture's address holds, if it has one.
    pub logo: Option<Digest>,
    /// Who says all this.
    pub provenance: Provenance,
}

impl Shown {
    pub(crate) fn of(stored: &Stored, logo: Option<Digest>) -> Self {
        let Application { name, home, origin, .. } = &stored.application;
        Self { id: stored.id().clone(), name: name.clone(), home: home.clone(), logo, provenance: *origin }
    }
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Somebody signs in.
    SignIn,
    /// The person proves again who they are.
    Reauthenticate,
    /// The person says which account.
    SelectAccount,
    /// The person confirms with a passkey (OC-3).
    StepUp {
        /// The strength that is missing; empty where only the time is over.
        needed: String,
        /// Whether what was proven would be enough, were it not so long ago.
        too_old: bool,
        /// Whether the application takes less.
        may_skip: bool,
    },
    /// The person has nothing that would do, and adds a passkey first (OC-3b).
    AddPasskey {
        /// Whether this session may add one; otherwise the person needs a pass.
        may: bool,
        /// The strength that is missing.
        needed: String,
        /// Whether the application takes less.
        may_skip: bool,
    },
    /// The person is asked (OC-2).
    Consent(Box<Asked>),
    /// The person may not use it (OC-6).
    NotAssigned(Shown),
    /// The application is answered.
    Answer(AuthorizationResponse),
}

/// What a person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asks.
    pub application: Shown,
    /// What was not allowed before.
    pub new: Scopes,
    /// What was.
    pub known: Scopes,
    /// What may be left out.
    pub optional: Scopes,
    /// Whether nobody of the organisation has looked at the application.
    pub warn: bool,
}

/// Why a request goes no further here. The browser is led nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizeError {
    /// It waited too long.
    Expired,
    /// The application was removed or switched off, or does not have that redirect URI any more.
    Refused(Refusal),
    /// The session ended meanwhile, or it is another one's request.
    SessionEnded,
    /// What was allowed is not what was asked for.
    Scopes,
    /// There is no key that signs for this application.
    NoKey,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for AuthorizeError {
    fn from(error: StoreError) -> Self {
        AuthorizeError::Store(error)
    }
}

impl AuthorizeError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AuthorizeError::Expired => "request_expired",
            AuthorizeError::Refused(refusal) => refusal.code(),
            AuthorizeError::SessionEnded => "session_ended",
            AuthorizeError::Scopes => "scope_not_asked",
            AuthorizeError::NoKey => "signing_key_missing",
            AuthorizeError::Store(_) => "unknown",
        }
    }
}

/// Why an application is not given a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declined {
    /// The person does not allow it, or turned back.
    ByPerson,
    /// The person has not proven, or cannot prove, what it asks for.
    Unmet,
    /// The person may not use it.
    NotAssigned,
}

impl Declined {
    fn error(self) -> (OAuthError, &'static str) {
        match self {
            Declined::ByPerson => (OAuthError::AccessDenied, "The person did not allow it"),
            Declined::Unmet => (
                OAuthError::UnmetAuthenticationRequirements,
                "The person has not signed in as strongly as asked",
            ),
            Declined::NotAssigned => (OAuthError::AccessDenied, "The person may not use this application"),
        }
    }
}

/// The application that a waiting request is of.
pub async fn application(cx: &Context, pending: &Pending) -> Result<Shown, AuthorizeError> {
    let pending = pending.clone();
    cx.db
        .read(move |tx| {
            let stored = client_of(tx, &pending.request)?;
            let logo = clients::logo_digest(tx, stored.id())?;
            Ok(Shown::of(&stored, logo))
        })
        .await
}

/// What happens next with a request that waits, in the browser of `who`.
pub async fn next(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    pending: &Pending,
    who: Option<&Who>,
) -> Result<Step, AuthorizeError> {
    let now = cx.db.not_before(caller.now);
    if pending.is_over(now) {
        return Err(AuthorizeError::Expired);
    }
    let (settings, request, person) = (cx.settings(), pending.request.clone(), who.cloned());
    let found = cx
        .db
        .read(move |tx| {
            let stored = client_of(tx, &request)?;
            read(tx, &settings, person.as_ref(), stored).map_err(AuthorizeError::Store)
        })
        .await?;
    let standing = who.and_then(|who| found.ways.standing(who));
    let decided = match (who, &standing) {
        (Some(_), None) if pending.request.prompt.none => login_required(),
        (Some(_), None) => Decided::Ask(Step::Reauthenticate),
        _ => decide(&cx.settings(), now, pending, standing.as_ref(), &found),
    };
    let who = standing.as_ref();
    let answered = |error, description| {
        let answer = AuthorizationResponse::error(pending.request.recipient(issuer), error, description);
        ready(cx, now, &found.stored, answer).map(Step::Answer)
    };
    match (decided, who) {
        (Decided::Ask(_), _) | (Decided::Grant(_), None) if pending.request.prompt.none => {
            answered(OAuthError::InteractionRequired, "The person has to be asked, and may not be")
        }
        (Decided::Ask(step), _) => Ok(step),
        (Decided::Refuse(error, description), _) => answered(error, description),
        (Decided::Grant(_), None) => Ok(Step::SignIn),
        (Decided::Grant(scopes), Some(who)) => {
            code::answer(cx, caller, issuer, pending, (&found.stored, who, &scopes)).map(Step::Answer)
        }
    }
}

/// The client of a request, if the request would still be taken.
fn client_of(tx: &mut Tx<'_>, request: &Request) -> Result<Stored, AuthorizeError> {
    let stored = clients::by_id(tx, &request.client_id)?.filter(|stored| stored.enabled);
    let stored = stored.ok_or(AuthorizeError::Refused(Refusal::ClientUnknown))?;
    let uris = &stored.client.redirect_uris;
    if !uris.iter().any(|registered| redirect::matches(registered, &request.redirect_uri)) {
        return Err(AuthorizeError::Refused(Refusal::RedirectUriMismatch));
    }
    Ok(stored)
}

/// What a decision rests on.
struct Found {
    stored: Stored,
    logo: Option<Digest>,
    given: Option<Given>,
    ways: strength::Ways,
}

fn read(
    tx: &mut Tx<'_>,
    settings: &Settings,
    who: Option<&Who>,
    stored: Stored,
) -> Result<Found, StoreError> {
    let logo = clients::logo_digest(tx, stored.id())?;
    let (given, ways) = match who {
        Some(who) => (consents::get(tx, who.user.id, stored.id())?, strength::Ways::read(tx, settings, who)?),
        None => (None, strength::Ways::default()),
    };
    Ok(Found { stored, logo, given, ways })
}

enum Decided {
    /// Something of the person.
    Ask(Step),
    /// The application hears an error.
    Refuse(OAuthError, &'static str),
    /// A code for these scopes.
    Grant(Scopes),
}

fn login_required() -> Decided {
    Decided::Refuse(OAuthError::LoginRequired, "The person has to sign in")
}

/// Decides without looking anything up: who is there, whether it is the right one, whether they may, what they proved, what
/// they allowed; in this order.
fn decide(
    settings: &Settings,
    now: Timestamp,
    pending: &Pending,
    who: Option<&Who>,
    found: &Found,
) -> Decided {
    let prompt = pending.request.prompt;
    let login = |step: Step| match prompt.none {
        true => login_required(),
        false => Decided::Ask(step),
    };
    let Some(who) = who else { return login(Step::SignIn) };
    let anew = who.session.authenticated_at >= pending.received;
    if pending.hinted.is_some_and(|hinted| hinted != who.user.id) {
        return login(Step::SelectAccount);
    }
    if prompt.select_account && !pending.chosen && !anew {
        return Decided::Ask(Step::SelectAccount);
    }
    if !is_assigned(&who.user, &found.stored.application) {
        return match prompt.none {
            true => Decided::Refuse(OAuthError::AccessDenied, "The person may not use this application"),
            false => Decided::Ask(Step::NotAssigned(Shown::of(&found.stored, found.logo))),
        };
    }
    if who.session.is_limited() {
        return login(found.ways.beyond_limits());
    }
    if prompt.login && !anew {
        return login(Step::Reauthenticate);
    }
    if let Some(lacking) = strength::lacking(settings, now, pending, (who, &found.stored), &found.ways) {
        return lacking;
    }
    let wanted = &pending.request.scopes;
    if found.stored.application.consent == Consent::PreApproved {
        return Decided::Grant(wanted.clone());
    }
    let (asked, granted) = consent_of(wanted, found);
    match (asked, prompt.consent || each_time(pending, found), prompt.none) {
        (None, false, _) => Decided::Grant(granted),
        (_, _, true) => {
            Decided::Refuse(OAuthError::ConsentRequired, "The person has to be asked for consent")
        }
        (asked, _, false) => {
            Decided::Ask(Step::Consent(Box::new(asked.unwrap_or_else(|| all_of(wanted, found)))))
        }
    }
}

/// The application gets no code.
pub async fn decline(
    cx: &Context,
    now: Timestamp,
    issuer: &str,
    pending: &Pending,
    reason: Declined,
) -> Result<AuthorizationResponse, AuthorizeError> {
    let request = pending.request.clone();
    let stored = cx.db.read(move |tx| client_of(tx, &request)).await?;
    let (error, description) = reason.error();
    let answer = AuthorizationResponse::error(pending.request.recipient(issuer), error, description);
    ready(cx, now, &stored, answer)
}

/// The answer as it may leave: signed, where the application asked for that (JARM).
pub(crate) fn ready(
    cx: &Context,
    now: Timestamp,
    stored: &Stored,
    answer: AuthorizationResponse,
) -> Result<AuthorizationResponse, AuthorizeError> {
    let now = cx.db.not_before(now);
    let Some(claims) = answer.to_sign(stored.id(), now) else { return Ok(answer) };
    let alg = stored.client.response_alg.unwrap_or(stored.client.id_token_alg);
    let ring = cx.signing.current();
    let key = ring.signer(alg, now).ok_or(AuthorizeError::NoKey)?;
    Ok(answer.signed(jwt::sign(key.signer(), "JWT", &claims)))
}
