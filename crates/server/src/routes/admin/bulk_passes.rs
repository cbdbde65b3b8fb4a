//! `/admin/passes/bulk`: passes for many new starters (AT-5).

use account::role::Permission;
use account::temporary_pass::{PassId, Stated, Wish};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use primitives::encoding;
use serde::Deserialize;
use service::administer_users::AdministerError;
use service::bulk_passes::{self, Line, Looked, Outcome};
use service::{Authority, Who};

use super::passes::{problem, typed_wrong};
use crate::context::Visit;
use crate::csv;
use crate::fields::Form;
use crate::pages::console::bulk_passes::{BulkForm, BulkLetters, BulkPasses, BulkRow};
use crate::pages::passes::PassLetter;
use crate::pass_terms;
use crate::problem::{Answer, Problem, Stop};

fn blank(visit: &mut Visit, who: &Who, form: BulkForm) -> BulkPasses {
    BulkPasses {
        nav: visit.nav(who),
        form: BulkForm {
            list: form.list.chars().take(bulk_passes::LONGEST).collect(),
            note: form.note.chars().take(400).collect(),
            ..form
        },
        rows: Vec::new(),
        good: 0,
        digest: None,
        most: i64::try_from(bulk_passes::MOST).unwrap_or(i64::MAX),
        problem: None,
        shell: visit.shell_for(who),
    }
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let (amount, unit) =
        pass_terms::amount_of(visit.app.service.settings().policy.of_anybody().passes.default);
    let form = BulkForm { amount, unit: unit.to_owned(), ..BulkForm::default() };
    let page = blank(&mut visit, &who, form);
    visit.page(&page)
}

fn read(form: &BulkForm, visit: &Visit) -> Result<(Vec<Line>, Wish), &'static str> {
    let lines = bulk_passes::parse(&form.list, bulk_passes::MOST).map_err(|refusal| refusal.code())?;
    let check = Some(form.check.as_str()).filter(|check| !check.is_empty());
    let stated = Stated::parse("new-starter", check, &form.note).map_err(|refusal| refusal.code())?;
    let wish = Wish {
        lifetime: Some(pass_terms::lifetime(&form.amount, &form.unit)?),
        starts: pass_terms::starts(&form.from, (&form.at, &form.zone), visit.now())?,
        one_time: form.once == "yes",
        reason: stated.text(),
    };
    Ok((lines, wish))
}

/// The list, looked at; nothing is changed.
pub(super) async fn look(visit: Visit, Form(form): Form<BulkForm>) -> Answer {
    looked(visit, form, None).await
}

async fn looked(mut visit: Visit, form: BulkForm, wrong: Option<&'static str>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let (lines, wish) = match read(&form, &visit) {
        Ok(read) => read,
        Err(code) => {
            let page = BulkPasses { problem: Some(code), ..blank(&mut visit, &who, form) };
            return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let digest = encoding::hex(&bulk_passes::digest(&lines, &wish));
    let service = &visit.app.service;
    let looked = bulk_passes::look(service, Authority::Person(&who), lines, wish).await.map_err(problem)?;
    let rows: Vec<BulkRow> = looked.into_iter().map(row).collect();
    let good = rows.iter().filter(|row| row.problem.is_none()).count();
    let good = i64::try_from(good).unwrap_or(i64::MAX);
    let page =
        BulkPasses { rows, good, digest: Some(digest), problem: wrong, ..blank(&mut visit, &who, form) };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with(status, &page)
}

fn row(looked: Looked) -> BulkRow {
    BulkRow {
        number: looked.line.number,
        typed: looked.line.login,
        problem: looked.problem.as_ref().map(bulk_passes::LineProblem::code),
        name: looked.user.map(|user| user.name),
        replaces: looked.replaces,
    }
}

/// The values are in the answer to this very POST and nowhere else.
pub(super) async fn create(mut visit: Visit, Form(form): Form<BulkForm>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let (lines, wish) = match read(&form, &visit) {
        Ok(read) => read,
        Err(code) => return looked(visit, form, Some(code)).await,
    };
    let mut caller = visit.caller();
    let authority = Authority::Person(&who);
    let outcomes = match bulk_passes::issue(&visit.app.service, &mut caller, authority, lines, wish).await {
        Ok(outcomes) => outcomes,
        Err(
            error @ (AdministerError::Unauthorised(_) | AdministerError::Busy | AdministerError::Conflict),
        ) => {
            let code = typed_wrong(error.into())?;
            return looked(visit, form, Some(code)).await;
        }
        Err(error) => return Err(problem(error)),
    };
    let page = letters(&mut visit, &who, outcomes);
    visit.page(&page)
}

fn letters(visit: &mut Visit, who: &Who, outcomes: Vec<Outcome>) -> BulkLetters {
    let (mut letters, mut left_out, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let holds = visit.app.service.settings().orders.letter_code;
    for Outcome { looked, issued } in outcomes {
        match (&looked.user, issued) {
            (Some(user), Some(issued)) => {
                ids.push(issued.pass.id.to_string());
                let by = (who.user.name.clone(), visit.now());
                let pass = (&issued.pass, &issued.value);
                letters.push(PassLetter::new(&visit.app.site, user, pass, holds, by));
            }
            _ => left_out.push(row(looked)),
        }
    }
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    BulkLetters { letters, count, left_out, ids: ids.join(","), shell: visit.shell_for(who) }
}

/// Which serials are wanted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    ids: String,
}

/// Serials, people and windows as CSV: what to keep of a list whose letters were handed out. No value is in it.
pub(super) async fn serials(mut visit: Visit, Form(wanted): Form<Wanted>) -> Answer {
    visit.console(Permission::IssuePasses).await?;
    let parsed: Result<Vec<PassId>, _> =
        wanted.ids.split(',').take(bulk_passes::MOST).map(str::parse).collect();
    let ids = parsed.map_err(|_| Problem::not_found())?;
    let passes = bulk_passes::of_ids(&visit.app.service, ids)
        .await
        .map_err(|error| Stop::from(Problem::from(error)))?;
    let mut file = csv::record(["serial", "login", "name", "starts", "ends"]);
    for (pass, user) in passes {
        let (serial, starts, ends) = (pass.serial(), pass.starts.to_string(), pass.ends.to_string());
        file += &csv::record([serial.as_str(), user.login.shown(), &user.name, &starts, &ends]);
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"serials.csv\"")),
    ];
    Ok((headers, file).into_response())
}
