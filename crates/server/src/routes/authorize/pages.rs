//! What is shown between an application's question and its answer.

use account::action::Action;
use account::strength::Strength;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use oidc::scope::{GROUPS, Scopes};
use primitives::{digest, encoding};
use service::administer_clients;
use service::authorize::{Asked, Step};
use service::name_groups::name_groups;
use service::{Who, manage_passkeys};

use super::sign_in_first;
use super::waiting::Waiting;
use crate::context::Visit;
use crate::fields::Path;
use crate::pages::application::{
    AddFirst, AskedScope, ChooseAccount, Consent, NotAssigned, NotEnough, StepUp,
};
use crate::problem::{Answer, Problem, Stop};
use crate::routes::portal::passkeys_problem;

/// Shows `step`, which is asked of `who`.
pub(super) async fn show(mut visit: Visit, waiting: &Waiting, who: &Who, step: Step) -> Answer {
    match step {
        Step::SelectAccount => choose(visit, waiting, who),
        Step::Reauthenticate => {
            let page = step_up(&mut visit, waiting, who, (NotEnough::Again, false)).await?;
            visit.page(&page)
        }
        Step::StepUp { too_old, may_skip, .. } => {
            let why = if too_old { NotEnough::Old } else { NotEnough::Weak };
            let page = step_up(&mut visit, waiting, who, (why, may_skip)).await?;
            visit.page(&page)
        }
        Step::AddPasskey { may, needed, may_skip } => {
            let has_others = !passkeys(&visit, who).await?.is_empty();
            let page = AddFirst {
                application: waiting.seen.requester(),
                request: waiting.name(who),
                may,
                hardware: needed == Strength::PhishingResistantHardware.to_string(),
                has_others,
                may_skip,
                contact: visit.contact(),
                shell: visit.shell_for(who),
            };
            visit.page(&page)
        }
        Step::Consent(asked) => consent(visit, waiting, who, &asked).await,
        Step::NotAssigned(_) => {
            let page = NotAssigned {
                application: waiting.seen.requester(),
                request: waiting.name(who),
                contact: visit.contact(),
                shell: visit.shell_for(who),
            };
            visit.page(&page)
        }
        Step::SignIn | Step::Answer(_) => sign_in_first(visit, waiting, "/signin"),
    }
}

async fn passkeys(visit: &Visit, who: &Who) -> Result<Vec<account::passkey::Passkey>, Stop> {
    manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)
}

fn choose(mut visit: Visit, waiting: &Waiting, who: &Who) -> Answer {
    let page = ChooseAccount {
        application: waiting.seen.requester(),
        request: waiting.name(who),
        // The application knows whom it means, and it is not this account.
        fits: waiting.pending.hinted.is_none_or(|hinted| hinted == who.user.id),
        name: who.user.name.clone(),
        login: who.user.login.shown().to_owned(),
        shell: visit.shell_for(who),
    };
    visit.page(&page)
}

async fn step_up(
    visit: &mut Visit,
    waiting: &Waiting,
    who: &Who,
    (why, may_skip): (NotEnough, bool),
) -> Result<StepUp, Stop> {
    let passkeys = passkeys(visit, who).await?;
    // What a pass opened confirms nothing: a passkey signs in anew.
    let passkey = !who.session.is_limited() && visit.app.service.settings().has_usable(&who.user, &passkeys);
    let client = digest::sha256(waiting.pending.request.client_id.as_str().as_bytes());
    let action = Action::StepUp(client);
    Ok(StepUp {
        application: waiting.seen.requester(),
        request: waiting.name(who),
        why,
        action: action.name(),
        target: encoding::hex(&client),
        passkey,
        may_skip,
        shell: visit.shell_for(who),
    })
}

async fn consent(mut visit: Visit, waiting: &Waiting, who: &Who, asked: &Asked) -> Answer {
    let all = asked.new.or(&asked.known);
    let groups = match all.has(GROUPS) {
        true => name_groups(&visit.app.service, &who.user).await?,
        false => Vec::new(),
    };
    let lines = |scopes: &Scopes| -> Vec<AskedScope> {
        let line = |scope: &str| AskedScope {
            scope: scope.to_owned(),
            optional: asked.optional.has(scope),
            groups: if scope == GROUPS { groups.clone() } else { Vec::new() },
        };
        scopes.iter().map(line).collect()
    };
    // Nothing is new where the application insists on being allowed again: all of it is asked.
    let (new, known) = match asked.new.is_empty() {
        true => (lines(&asked.known), Vec::new()),
        false => (lines(&asked.new), lines(&asked.known)),
    };
    let page = Consent {
        application: waiting.seen.requester(),
        request: waiting.name(who),
        name: who.user.name.clone(),
        login: who.user.login.shown().to_owned(),
        new,
        known,
        shell: visit.shell_for(who),
    };
    visit.page(&page)
}

/// The picture of the application that waits, under the digest by which its page names it.
pub(super) async fn logo(visit: Visit, Path(asked): Path<String>) -> Answer {
    let waiting = visit.waiting().ok_or_else(Problem::not_found)?;
    let client = waiting.pending.request.client_id.clone();
    let logo = administer_clients::logo(&visit.app.service, client).await?;
    let logo = logo.filter(|logo| encoding::base64url(&logo.digest) == asked);
    let logo = logo.ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable")),
    ];
    visit.plain((headers, logo.png).into_response())
}
