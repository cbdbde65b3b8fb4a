//! LP-1 and LP-2: what to do when signing in does not work. Neither says whether an account exists.

use account::pass_request::{AskRefusal, Asked, Reason};
use axum::http::StatusCode;
use serde::Deserialize;
use service::request_pass::{self, RequestError};

use crate::context::Visit;
use crate::fields::{Form, Query};
use crate::pages::lost::{self, AskForPass, AskProblem, CannotSignIn};
use crate::pages::{Flash, Shell};
use crate::problem::{Answer, Problem, Stop};

#[derive(Deserialize)]
pub(super) struct Happened {
    #[serde(default)]
    what: String,
}

/// The frame for whoever opens it, signed in or not.
async fn frame(visit: &mut Visit) -> Result<Shell, Stop> {
    Ok(match visit.who().await? {
        Some(who) => visit.shell_for(&who),
        None => visit.shell(),
    })
}

pub(super) async fn help(mut visit: Visit, Query(query): Query<Happened>) -> Answer {
    let shell = frame(&mut visit).await?;
    let contact = visit.contact();
    visit.page(&CannotSignIn { shell, reason: Reason::parse(&query.what), contact })
}

#[derive(Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    identifier: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    colleague: String,
}

async fn page(visit: &mut Visit, typed: Typed, problem: Option<AskProblem>) -> Result<AskForPass, Stop> {
    let short = |text: String| text.chars().take(254).collect::<String>();
    Ok(AskForPass {
        shell: frame(visit).await?,
        identifier: short(typed.identifier),
        reach: short(typed.contact),
        colleague: short(typed.colleague),
        reason: Reason::parse(&typed.what),
        taken: visit.app.service.settings().policy.of_anybody().passes.enabled,
        problem,
        contact: visit.contact(),
    })
}

pub(super) async fn show(mut visit: Visit, Query(query): Query<Happened>) -> Answer {
    let identifier = visit.interaction().prefilled();
    let typed = Typed { identifier, what: query.what, ..Typed::default() };
    let page = page(&mut visit, typed, None).await?;
    visit.page(&page)
}

pub(super) async fn submit(mut visit: Visit, Form(typed): Form<Typed>) -> Answer {
    let problem = match ask(&visit, &typed).await {
        Ok(()) => {
            let reference = visit.facts.reference.as_str().to_owned();
            visit.set_flash(&Flash::PassRequested { reference });
            return visit.see_other("/recover/sent");
        }
        Err(problem) => problem?,
    };
    let status = match problem {
        AskProblem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = page(&mut visit, typed, Some(problem)).await?;
    visit.page_with(status, &page)
}

/// Sends the request; what is wrong with it, or that it could not be sent at all.
async fn ask(visit: &Visit, typed: &Typed) -> Result<(), Result<AskProblem, Stop>> {
    let reason = Reason::parse(&typed.what);
    let parsed =
        Asked::parse(&typed.identifier, &typed.contact, &typed.colleague, reason.unwrap_or(Reason::Never));
    // In the order of the page.
    let asked = match (parsed, reason) {
        (Err(AskRefusal::Login(_)), _) => return Err(Ok(AskProblem::Identifier)),
        (_, None) => return Err(Ok(AskProblem::Reason)),
        (Err(AskRefusal::Contact(_)), _) => return Err(Ok(AskProblem::Contact)),
        (Err(AskRefusal::Colleague(_)), _) => return Err(Ok(AskProblem::Colleague)),
        (Ok(asked), Some(_)) => asked,
    };
    let mut caller = visit.caller();
    request_pass::request(&visit.app.service, &mut caller, asked).await.map_err(|error| match error {
        RequestError::TooMany { until } => {
            Ok(AskProblem::TooMany { minutes: until.since(visit.now()).minutes_up().max(1) })
        }
        RequestError::PassesOff | RequestError::Asked(_) => Err(Problem::not_found().into()),
        RequestError::Store(error) => Err(Problem::from(error).into()),
    })
}

pub(super) async fn sent(mut visit: Visit) -> Answer {
    let mut shell = frame(&mut visit).await?;
    let reference = match shell.flash.take() {
        Some(Flash::PassRequested { reference }) => Some(reference),
        other => {
            shell.flash = other;
            None
        }
    };
    let contact = visit.contact();
    visit.page(&lost::Asked { shell, reference, contact })
}
