//! The helpdesk's inbox: requests for a pass, and the pass that is shown once (AT-3).

use account::pass_request::PassRequestId;
use account::temporary_pass::{Usability, Wish, grouped};
use axum::http::StatusCode;
use primitives::time::Span;
use serde::Deserialize;
use service::administer_passes::Issued;
use service::administer_users::AdministerError;
use service::answer_requests::{self, Detail, Waiting};
use service::{Authority, Unauthorised, Who};

use crate::context::Visit;
use crate::fields::{Form, Path};
use crate::pages::Flash;
use crate::pages::requests::{IssueProblem, IssuedPass, RequestDetail, RequestLine, RequestList};
use crate::problem::{Answer, Problem, Stop};
use crate::qr;
use crate::text::{Language, Text};

/// Lifetimes that are offered where policy allows them, in minutes.
const LIFETIMES: [i64; 3] = [30, 60, 480];

/// Longest answer to how the person was recognised; with what is put before it, it fits the reason of a pass.
const LONGEST_CHECK: usize = 400;

pub(super) async fn list(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let waiting =
        answer_requests::list(&visit.app.service, Authority::Person(&who)).await.map_err(problem)?;
    let shell = visit.shell_for(&who);
    visit.page(&RequestList { shell, requests: waiting.iter().map(line).collect() })
}

fn line(waiting: &Waiting) -> RequestLine {
    RequestLine {
        id: waiting.request.id.to_string(),
        name: waiting.user.name.clone(),
        login: waiting.user.login.shown().to_owned(),
        reason: waiting.request.reason,
        at: waiting.request.at,
        reference: waiting.request.reference.clone(),
        servable: waiting.servable,
    }
}

/// What the helpdesk types.
#[derive(Default, Deserialize)]
pub(super) struct Terms {
    #[serde(default)]
    lifetime: String,
    #[serde(default)]
    once: String,
    #[serde(default)]
    checked: String,
}

impl Terms {
    fn lifetime(&self, default: Span) -> Span {
        self.lifetime.parse().ok().filter(|minutes| *minutes > 0).map_or(default, Span::from_minutes)
    }
}

async fn detail(
    visit: &mut Visit,
    who: &Who,
    id: PassRequestId,
    terms: Terms,
    wrong: Option<IssueProblem>,
) -> Result<RequestDetail, Stop> {
    let found = answer_requests::show(&visit.app.service, Authority::Person(who), id).await;
    let Detail { waiting, passkeys, pass } = found.map_err(problem)?;
    let policy = &visit.app.service.settings().of(&waiting.user).passes;
    let mut lifetimes: Vec<Span> = LIFETIMES.into_iter().map(Span::from_minutes).collect();
    lifetimes.push(policy.default);
    lifetimes.retain(|span| (policy.shortest..=policy.longest).contains(span));
    lifetimes.sort();
    lifetimes.dedup();
    let usable = pass.filter(|pass| pass.usability(visit.now(), policy) == Usability::Usable);
    let request = &waiting.request;
    Ok(RequestDetail {
        line: line(&waiting),
        user: waiting.user.id.to_string(),
        email: waiting.user.email.clone(),
        role: waiting.user.role,
        enabled: waiting.user.is_enabled(),
        passkeys: passkeys.into_iter().map(|passkey| passkey.name).collect(),
        pass_ends: usable.map(|pass| pass.ends),
        contact: request.contact.clone(),
        colleague: request.colleague.clone(),
        browser: request.client.browser.clone(),
        address: request.client.address.clone(),
        closed: request.closed.as_ref().map(|closed| (closed.at, closed.outcome)),
        lifetime: terms.lifetime(policy.default),
        lifetimes,
        once: terms.once == "yes" || (wrong.is_none() && terms.lifetime.is_empty()),
        checked: terms.checked.chars().take(LONGEST_CHECK).collect(),
        problem: wrong,
        shell: visit.shell_for(who),
    })
}

fn id(text: &str) -> Result<PassRequestId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    let page = detail(&mut visit, &who, id(&text)?, Terms::default(), None).await?;
    visit.page(&page)
}

/// The value is in the answer to this very POST and nowhere else: it is shown once, and asking again finds the request
/// closed.
pub(super) async fn issue(mut visit: Visit, Path(text): Path<String>, Form(terms): Form<Terms>) -> Answer {
    let who = visit.full().await?;
    let id = id(&text)?;
    let checked = terms.checked.trim();
    if checked.is_empty() || checked.chars().count() > LONGEST_CHECK {
        let page = detail(&mut visit, &who, id, terms, Some(IssueProblem::Checked)).await?;
        return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let wish = Wish {
        lifetime: Some(terms.lifetime(visit.app.service.settings().policy.passes.terms.default)),
        starts: None,
        one_time: terms.once == "yes",
        reason: checked.to_owned(),
    };
    let mut caller = visit.caller();
    let authority = Authority::Person(&who);
    let shown = answer_requests::show(&visit.app.service, authority, id).await.map_err(problem)?;
    let issued = answer_requests::issue(&visit.app.service, &mut caller, authority, id, wish).await;
    let wrong = match issued {
        Ok(issued) => return shown_once(visit, &who, shown.waiting, &issued),
        Err(AdministerError::NotFound) => {
            visit.set_flash(&Flash::RequestGone);
            return visit.see_other("/admin/requests");
        }
        Err(AdministerError::Unauthorised(Unauthorised::ConfirmNeeded)) => IssueProblem::Unconfirmed,
        Err(AdministerError::Issue(_)) => IssueProblem::Policy,
        Err(AdministerError::ReasonMissing) => IssueProblem::Checked,
        Err(AdministerError::Role | AdministerError::Oneself | AdministerError::DisabledUser) => {
            IssueProblem::Refused
        }
        Err(AdministerError::Busy) => IssueProblem::Busy,
        Err(error) => return Err(problem(error)),
    };
    let page = detail(&mut visit, &who, id, terms, Some(wrong)).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn shown_once(mut visit: Visit, who: &Who, waiting: Waiting, issued: &Issued) -> Answer {
    let shell = visit.shell_for(who);
    let language = waiting.user.language.as_deref().and_then(Language::parse);
    let origin = visit.app.site.origin.to_string();
    let page = IssuedPass {
        text: language.map_or(shell.text, Text::new),
        name: waiting.user.name,
        login: waiting.user.login.shown().to_owned(),
        value: grouped(&issued.value),
        starts: issued.pass.starts,
        ends: issued.pass.ends,
        one_time: issued.pass.one_time,
        code: qr::svg(&format!("{origin}/signin/tap")),
        origin,
        issuer: who.user.name.clone(),
        serial: waiting.request.reference,
        shell,
    };
    visit.page(&page)
}

pub(super) async fn dismiss(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    let id = id(&text)?;
    let mut caller = visit.caller();
    let closed = answer_requests::dismiss(&visit.app.service, &mut caller, Authority::Person(&who), id).await;
    match closed {
        Ok(()) => visit.set_flash(&Flash::RequestDismissed),
        Err(AdministerError::NotFound) => visit.set_flash(&Flash::RequestGone),
        Err(AdministerError::Unauthorised(Unauthorised::ConfirmNeeded)) => {
            return visit.see_other(&format!("/me/confirm?for=dismiss-request&target={id}"));
        }
        Err(error) => return Err(problem(error)),
    }
    visit.see_other("/admin/requests")
}

fn problem(error: AdministerError) -> Stop {
    match error {
        AdministerError::Store(error) => Problem::from(error).into(),
        AdministerError::NotFound => Problem::not_found().into(),
        AdministerError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
