//! `/admin/orders`: orders of passes, and the second person's answer (AT-2c).

use account::pass_order::{OrderId, State};
use account::role::Permission;
use axum::http::StatusCode;
use serde::Deserialize;
use service::order_pass::{self, OrderError, Shown};
use service::{Authority, Who};

use super::passes::typed_wrong;
use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::Flash;
use crate::pages::console::orders::{AnswerOrder, OrderList};
use crate::pages::orders::OrderLine;
use crate::pages::passes::{PassNews, reason};
use crate::problem::{Answer, Problem, Stop};
use crate::text::Text;
use primitives::time::Timestamp;

/// Orders on a page.
const PAGE: u32 = 50;

/// An order as pages show it.
pub(in crate::routes) fn line(text: Text, now: Timestamp, shown: &Shown) -> OrderLine {
    let Shown { order, user, asked_by, picker, answered_by, .. } = shown;
    let note = match &order.state {
        State::Approved { note, .. } | State::Declined { note, .. } => note.clone(),
        State::Asked | State::Withdrawn { .. } | State::PickedUp { .. } => String::new(),
    };
    OrderLine {
        id: order.id.to_string(),
        name: user.name.clone(),
        login: user.login.shown().to_owned(),
        user: user.id.to_string(),
        asked_by: asked_by.clone(),
        picker: picker.clone(),
        answered_by: answered_by.clone(),
        note,
        kind: order.kind,
        starts: order.terms.starts,
        ends: order.terms.ends,
        one_time: order.terms.one_time,
        handover: order.handover,
        reason: reason(text, &order.terms.reason),
        at: order.at,
        until: order.ends,
        standing: order.standing(now),
    }
}

/// What the list is asked for.
#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    all: String,
    after: Option<String>,
}

pub(super) async fn list(mut visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let after =
        wanted.after.map(|after| after.parse::<OrderId>().map_err(|_| Problem::not_found())).transpose()?;
    let (all, authority, service) = (wanted.all == "yes", Authority::Person(&who), &visit.app.service);
    let found = if all {
        order_pass::list(service, authority, after, PAGE).await
    } else {
        order_pass::open(service, authority).await
    };
    let found = found.map_err(stop)?;
    let full = all && u32::try_from(found.len()).unwrap_or(u32::MAX) >= PAGE;
    let next = found.last().filter(|_| full).map(|last| last.order.id.to_string());
    let (shell, now) = (visit.shell_for(&who), visit.now());
    let orders = found.iter().map(|shown| line(shell.text, now, shown)).collect();
    let page = OrderList { nav: visit.nav(&who), orders, all, next, shell };
    visit.page(&page)
}

fn id(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn page(
    visit: &mut Visit,
    who: &Who,
    id: OrderId,
    (note, problem): (String, Option<&'static str>),
) -> Result<AnswerOrder, Stop> {
    let found = order_pass::show(&visit.app.service, Authority::Person(who), id).await.map_err(stop)?;
    let (shell, now) = (visit.shell_for(who), visit.now());
    Ok(AnswerOrder {
        nav: visit.nav(who),
        order: line(shell.text, now, &found),
        answerable: found.answerable,
        note: note.chars().take(400).collect(),
        problem,
        shell,
    })
}

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let page = page(&mut visit, &who, id(&text)?, (String::new(), None)).await?;
    visit.page(&page)
}

/// What is written beside an answer.
#[derive(Deserialize)]
pub(super) struct Answered {
    #[serde(default)]
    note: String,
}

pub(super) async fn approve(visit: Visit, Path(text): Path<String>, Form(typed): Form<Answered>) -> Answer {
    answer(visit, id(&text)?, typed.note, true).await
}

pub(super) async fn decline(visit: Visit, Path(text): Path<String>, Form(typed): Form<Answered>) -> Answer {
    answer(visit, id(&text)?, typed.note, false).await
}

async fn answer(mut visit: Visit, id: OrderId, note: String, yes: bool) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let mut caller = visit.caller();
    let (service, authority) = (&visit.app.service, Authority::Person(&who));
    let answered = if yes {
        order_pass::approve(service, &mut caller, authority, id, &note).await
    } else {
        order_pass::decline(service, &mut caller, authority, id, &note).await
    };
    match answered {
        Ok(_) => {
            visit.set_flash(&Flash::Pass(if yes { PassNews::Approved } else { PassNews::Declined }));
            visit.see_other(&format!("/admin/orders/{id}"))
        }
        Err(error) => {
            let code = typed_wrong(error)?;
            let page = page(&mut visit, &who, id, (note, Some(code))).await?;
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// What cannot be told on the page.
pub(in crate::routes) fn stop(error: OrderError) -> Stop {
    match typed_wrong(error) {
        Ok(code) => Problem::forbidden(code).into(),
        Err(stop) => stop,
    }
}
