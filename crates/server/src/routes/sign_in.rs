//! SI-1 and SI-2, and the passkey ceremony behind their button and autofill.

use account::user::{Login, LoginRefusal};
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use primitives::encoding;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use service::{CeremonyError, SignedIn, Started};

use crate::context::Visit;
use crate::destination::Destination;
use crate::fields::{Form, Json};
use crate::pages::Ceremony;
use crate::pages::Flash;
use crate::pages::sign_in::{
    ChooseMethod, ContinueAs, IdentifierProblem, KnownAccount, Method, SessionEnd, SignIn,
};
use crate::problem::{Answer, Problem, Stop};
use crate::reply::Interaction;

pub(super) async fn home(mut visit: Visit) -> Answer {
    let to = match visit.who().await? {
        Some(who) if who.session.is_limited() => "/welcome",
        Some(_) => "/me/security",
        None => "/signin",
    };
    visit.see_other(to)
}

pub(super) async fn show(mut visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let ended = query.as_deref().and_then(|query| query.strip_prefix("ended=")).and_then(SessionEnd::parse);
    page(visit.interaction().prefilled(), None, ended, &mut visit).await?.answer(visit)
}

struct Shown(StatusCode, SignIn);

impl Shown {
    fn answer(self, visit: Visit) -> Answer {
        visit.page_with(self.0, &self.1)
    }
}

async fn page(
    identifier: String,
    problem: Option<IdentifierProblem>,
    ended: Option<SessionEnd>,
    visit: &mut Visit,
) -> Result<Shown, Stop> {
    let who = visit.who().await?;
    // Whoever is led here to prove more does not go on as they are.
    let who = who.filter(|_| ended != Some(SessionEnd::Stronger));
    let to = visit.interaction().continue_to.unwrap_or(Destination::Security).path();
    let known = visit.known().into_iter().map(|known| KnownAccount { login: known.login, name: known.name });
    let page = SignIn {
        known: known.collect(),
        shell: match &who {
            Some(who) => visit.shell_for(who),
            None => visit.shell(),
        },
        identifier,
        problem,
        continue_as: who.map(|who| ContinueAs { name: who.user.name, to }),
        other_ways_first: false,
        ended,
        former: visit.app.site.former_rp_id.clone(),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Shown(status, page))
}

#[derive(Deserialize)]
pub(super) struct Identifier {
    #[serde(default)]
    identifier: String,
}

pub(super) async fn identify(mut visit: Visit, Form(form): Form<Identifier>) -> Answer {
    // Whether anybody is called so is not looked up: the next page is the same for every name.
    match Login::parse(&form.identifier) {
        Ok(login) => {
            let interaction = visit.interaction();
            visit.set_interaction(&Interaction {
                identifier: Some(login.shown().to_owned()),
                masked: None,
                ..interaction
            });
            visit.see_other("/signin/method")
        }
        Err(refusal) => {
            let problem = match refusal {
                LoginRefusal::Empty => IdentifierProblem::Empty,
                LoginRefusal::TooLong | LoginRefusal::ControlCharacter => IdentifierProblem::Malformed,
            };
            let typed = form.identifier.chars().take(254).collect();
            page(typed, Some(problem), None, &mut visit).await?.answer(visit)
        }
    }
}

pub(super) async fn methods(mut visit: Visit) -> Answer {
    let identifier = visit.interaction().shown();
    let settings = visit.app.service.settings();
    let policy = settings.policy.of_anybody();
    let beside = [
        settings.password_leads_on().then_some(Method::Password),
        policy.recovery_codes.enabled.then_some(Method::RecoveryCode),
    ];
    let beside = beside.into_iter().flatten().collect();
    let shell = visit.shell();
    visit.page(&ChooseMethod { shell, identifier, last_used: None, beside })
}

pub(super) async fn forget(mut visit: Visit, Form(form): Form<Identifier>) -> Answer {
    visit.forget(Some(form.identifier.as_str()).filter(|login| !login.is_empty()));
    visit.set_flash(&Flash::AccountForgotten);
    visit.see_other("/signin")
}

/// What the script asks for: a passkey of ours, or during a move one of the relying party before it.
#[derive(Default, Deserialize)]
struct Begin {
    #[serde(default)]
    former: bool,
}

pub(super) async fn begin(visit: Visit, sent: Bytes) -> Answer {
    let Begin { former } = serde_json::from_slice(&sent).unwrap_or_default();
    let mut caller = visit.caller();
    let started = match former {
        true => {
            service::sign_in::begin_former(&visit.app.service, &mut caller).ok_or_else(Problem::not_found)?
        }
        false => service::sign_in::begin(&visit.app.service, &mut caller),
    };
    began(visit, started)
}

/// What a script passes to the browser, and back when the browser's part is done.
pub(super) fn began(visit: Visit, started: Started) -> Answer {
    visit.ok(json!({ "options": started.options, "state": started.state }))
}

/// What a script sends when the browser's part is done.
#[derive(Deserialize)]
pub(super) struct Finish {
    pub(super) state: String,
    /// The response as `toJSON()` made it, parsed where the rules are.
    pub(super) response: Box<RawValue>,
}

pub(super) async fn finish(mut visit: Visit, Json(sent): Json<Finish>) -> Answer {
    let mut caller = visit.caller();
    match service::sign_in::finish(&visit.app.service, &mut caller, &sent.state, sent.response.get()).await {
        Ok(signed_in) => {
            let next = visit.begin_session(&signed_in).unwrap_or(Destination::Security);
            if next == Destination::Security && !visit.sealed.later && came_from_elsewhere(&sent.response) {
                visit.set_flash(&Flash::CameFromElsewhere);
            }
            let label = label(&visit, &signed_in);
            visit.ok(json!({ "next": next.path(), "label": label }))
        }
        Err(error) => ceremony_refused(visit, Ceremony::Get, &error),
    }
}

/// What the browser should show of the account beside its passkeys: it may have been renamed since.
fn label(visit: &Visit, signed_in: &SignedIn) -> Option<serde_json::Value> {
    let rp_id = visit.app.service.rp_id_of(signed_in.passkey.as_ref()?)?;
    Some(json!({
        "rpId": rp_id,
        "userId": encoding::base64url(&signed_in.user.handle),
        "name": signed_in.user.login.shown(),
        "displayName": signed_in.user.name,
    }))
}

/// Whether the client says that a security key or a phone answered. It decides what is offered and nothing else.
fn came_from_elsewhere(response: &RawValue) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Attached {
        authenticator_attachment: Option<String>,
    }
    serde_json::from_str::<Attached>(response.get())
        .is_ok_and(|attached| attached.authenticator_attachment.as_deref() == Some("cross-platform"))
}

/// The code for pages: where a use case knows more than a person needs, the nearest that has a sentence.
fn code(error: &CeremonyError) -> &'static str {
    match error {
        CeremonyError::OtherPasskey(_) => "wrong_passkey",
        CeremonyError::TooManyPasskeys => "limit",
        CeremonyError::PassEnded => "session_ended",
        other => other.code(),
    }
}

/// A refused ceremony is an outcome with a code; only a failing store is a problem.
pub(super) fn ceremony_refused(visit: Visit, ceremony: Ceremony, error: &CeremonyError) -> Answer {
    match error.store() {
        Some(error) => Err(Problem::from(error.clone()).into()),
        None => visit.refused(ceremony, code(error)),
    }
}
