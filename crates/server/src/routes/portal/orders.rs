//! `/me/orders`: ordering a pass for somebody, and picking it up.

use account::pass_order::{Handover, OrderId};
use account::temporary_pass::Stated;
use axum::http::StatusCode;
use serde::Deserialize;
use service::administer_passes::{Granted, Issued};
use service::order_pass::{self, Wanted};
use service::{Authority, Who};

use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::Flash;
use crate::pages::orders::{MyOrder, MyOrders, NewOrder, OrderForm};
use crate::pages::passes::PassNews;
use crate::pass_terms;
use crate::problem::{Answer, Problem, Stop};
use crate::routes::admin::orders::{line, stop};
use crate::routes::admin::passes::{shown_once, typed_wrong};

pub(super) async fn list(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let page = mine(&mut visit, &who, None).await?;
    visit.page(&page)
}

async fn mine(visit: &mut Visit, who: &Who, problem: Option<&'static str>) -> Result<MyOrders, Stop> {
    let orderer = order_pass::orderer(&visit.app.service, who).await?;
    let orders = order_pass::mine(&visit.app.service, who).await?;
    let (shell, now) = (visit.shell_for(who), visit.now());
    Ok(MyOrders {
        reports: orderer.reports.into_iter().map(|user| (user.id.to_string(), user.name)).collect(),
        contact: orderer.contact,
        orders: orders.iter().map(|shown| line(shell.text, now, shown)).collect(),
        problem,
        shell,
    })
}

/// For whom.
#[derive(Deserialize)]
pub(super) struct Person {
    #[serde(default)]
    person: String,
}

pub(super) async fn new_form(mut visit: Visit, Query(wanted): Query<Person>) -> Answer {
    let who = visit.full().await?;
    let form = OrderForm { person: wanted.person, ..OrderForm::default() };
    match new_page(&mut visit, &who, form, None).await? {
        Ok(page) => visit.page(&page),
        Err(code) => nobody(visit, &who, code).await,
    }
}

async fn nobody(mut visit: Visit, who: &Who, code: &'static str) -> Answer {
    let page = mine(&mut visit, who, Some(code)).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The form for the person that it names, or the code of why there is none.
async fn new_page(
    visit: &mut Visit,
    who: &Who,
    form: OrderForm,
    problem: Option<&'static str>,
) -> Result<Result<NewOrder, &'static str>, Stop> {
    let target = match order_pass::find(&visit.app.service, who, &form.person).await {
        Ok(target) => target,
        Err(error) => return typed_wrong(error).map(Err),
    };
    Ok(Ok(NewOrder {
        mail: visit.app.site.mails && target.directory.private_email.is_some(),
        form: OrderForm {
            person: target.id.to_string(),
            note: form.note.chars().take(400).collect(),
            ..form
        },
        login: target.login.shown().to_owned(),
        name: target.name,
        problem,
        shell: visit.shell_for(who),
    }))
}

fn wanted(form: &OrderForm, visit: &Visit) -> Result<Wanted, &'static str> {
    let starts = match form.starts.as_str() {
        "" => None,
        at => pass_terms::starts("later", (at, &form.zone), visit.now())?,
    };
    let handover = match form.how.as_str() {
        "mail" if !visit.app.site.mails => return Err("mail_off"),
        "mail" => Handover::Mail,
        _ => Handover::InPerson,
    };
    Ok(Wanted {
        user: form.person.parse().map_err(|_| "order_not_allowed")?,
        starts,
        ends: pass_terms::moment(&form.ends, &form.zone)?,
        one_time: form.once == "yes",
        stated: Stated::parse(&form.why, None, &form.note).map_err(|refusal| refusal.code())?,
        handover,
    })
}

pub(super) async fn order(mut visit: Visit, Form(form): Form<OrderForm>) -> Answer {
    let who = visit.full().await?;
    let code = match wanted(&form, &visit) {
        Err(code) => code,
        Ok(wanted) => {
            let mut caller = visit.caller();
            match order_pass::order(&visit.app.service, &mut caller, &who, wanted).await {
                Ok(order) => {
                    visit.set_flash(&Flash::Pass(PassNews::Ordered));
                    return visit.see_other(&format!("/me/orders/{}", order.id));
                }
                Err(error) => typed_wrong(error)?,
            }
        }
    };
    match new_page(&mut visit, &who, form, Some(code)).await? {
        Ok(page) => visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page),
        Err(code) => nobody(visit, &who, code).await,
    }
}

fn id(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn page(
    visit: &mut Visit,
    who: &Who,
    id: OrderId,
    problem: Option<&'static str>,
) -> Result<MyOrder, Stop> {
    let found = order_pass::show(&visit.app.service, Authority::Person(who), id).await.map_err(stop)?;
    let (shell, now) = (visit.shell_for(who), visit.now());
    Ok(MyOrder {
        order: line(shell.text, now, &found),
        picks: found.order.picker == who.user.id,
        asked: found.order.asked_by == who.user.id,
        problem,
        shell,
    })
}

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    let page = page(&mut visit, &who, id(&text)?, None).await?;
    visit.page(&page)
}

/// The value is in the answer to this very POST; asking again finds the order picked up.
pub(super) async fn pick_up(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    let id = id(&text)?;
    let mut caller = visit.caller();
    match order_pass::pick_up(&visit.app.service, &mut caller, &who, id).await {
        Ok((_, Granted::Issued(issued))) => {
            let found = order_pass::show(&visit.app.service, Authority::Person(&who), id).await;
            let found = found.map_err(stop)?;
            let Issued { pass, value } = *issued;
            let issuer = found.answered_by.clone().filter(|name| !name.is_empty());
            let by = issuer.unwrap_or_else(|| found.asked_by.clone());
            shown_once(visit, &who, &found.user, (&pass, &value), (by, format!("/me/orders/{id}")))
        }
        Ok(_) => {
            visit.set_flash(&Flash::Pass(PassNews::Mailed));
            visit.see_other(&format!("/me/orders/{id}"))
        }
        Err(error) => {
            let code = typed_wrong(error)?;
            let page = page(&mut visit, &who, id, Some(code)).await?;
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub(super) async fn withdraw(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    let id = id(&text)?;
    let mut caller = visit.caller();
    match order_pass::withdraw(&visit.app.service, &mut caller, &who, id).await {
        Ok(_) => {
            visit.set_flash(&Flash::Pass(PassNews::Withdrawn));
            visit.see_other(&format!("/me/orders/{id}"))
        }
        Err(error) => {
            let code = typed_wrong(error)?;
            let page = page(&mut visit, &who, id, Some(code)).await?;
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
