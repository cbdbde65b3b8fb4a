//! AU-4: adding many people from a file.

use account::role::Permission;
use axum::http::StatusCode;
use serde::Deserialize;
use service::import_users::{self, ImportError};
use service::{Authority, Who};

use super::people::again;
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::console::import::Import;
use crate::pages::console::people::problem_key;
use crate::problem::{Answer, Stop};

#[derive(Default, Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    file: String,
}

fn page(visit: &mut Visit, who: &Who, file: String) -> Import {
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    Import { shell, nav, file, plan: None, refusal: None, problem: None }
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::EditUsers).await?;
    let page = page(&mut visit, &who, String::new());
    visit.page(&page)
}

/// Looks at the file and changes nothing.
pub(super) async fn preview(mut visit: Visit, Form(sent): Form<Sent>) -> Answer {
    let who = visit.console(Permission::EditUsers).await?;
    let looked = import_users::preview(&visit.app.service, Some(&who), sent.file.as_bytes()).await;
    let page = page(&mut visit, &who, sent.file);
    match looked {
        Ok(plan) => visit.page(&Import { plan: Some(plan), ..page }),
        Err(error) => refused(visit, page, error),
    }
}

pub(super) async fn apply(mut visit: Visit, Form(sent): Form<Sent>) -> Answer {
    let who = visit.console(Permission::EditUsers).await?;
    let (mut caller, by) = (visit.caller(), Authority::Person(&who));
    let service = &visit.app.service;
    let error = match import_users::apply(service, &mut caller, by, sent.file.as_bytes()).await {
        Ok(imported) => {
            visit.set_flash(&Flash::PeopleImported { count: i64::from(imported.added) });
            return visit.see_other("/admin/users");
        }
        Err(error) => error,
    };
    let plan = import_users::preview(service, Some(&who), sent.file.as_bytes()).await.ok();
    let page = Import { plan, ..page(&mut visit, &who, sent.file) };
    refused(visit, page, error)
}

fn refused(visit: Visit, page: Import, error: ImportError) -> Answer {
    let page = match error {
        ImportError::File(refusal) => Import { refusal: Some(refusal), plan: None, ..page },
        ImportError::Rows(plan) => Import { plan: Some(*plan), ..page },
        ImportError::Administer(error) => {
            let told: Result<_, Stop> = again(error);
            Import { problem: Some(problem_key(&told?)), ..page }
        }
    };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
