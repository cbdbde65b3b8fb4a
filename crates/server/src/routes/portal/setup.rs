//! The first run: IN-1 to IN-3.

use axum::http::StatusCode;
use serde::Deserialize;
use service::administer_users::AdministerError;
use service::first_run::{self, SetUp};

use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::setup::{PersonProblem, SetupPasskeys, SetupPerson, SetupStart};
use crate::problem::{Answer, Problem};

pub(super) async fn show(mut visit: Visit) -> Answer {
    let Some(who) = visit.who().await? else {
        return start(visit).await;
    };
    match first_run::status(&visit.app.service, &who).await? {
        SetUp::NotYours => Err(Problem::not_found().into()),
        SetUp::Done => visit.see_other("/me/security"),
        SetUp::NeedsDetails => {
            let page = person(&mut visit, &who, String::new(), String::new(), None);
            visit.page(&page)
        }
        SetUp::NeedsPasskeys { have } => {
            let shell = visit.shell_for(&who);
            visit.page(&SetupPasskeys { shell, have: i64::try_from(have).unwrap_or(i64::MAX) })
        }
    }
}

async fn start(mut visit: Visit) -> Answer {
    if !first_run::is_pending(&visit.app.service).await? {
        return visit.see_other("/signin");
    }
    let (relying_party, origin) = (visit.app.site.rp_id.clone(), visit.app.site.origin.to_string());
    let shell = visit.shell();
    visit.page(&SetupStart { shell, relying_party, origin, login: first_run::FIRST_LOGIN.to_owned() })
}

fn person(
    visit: &mut Visit,
    who: &service::Who,
    name: String,
    email: String,
    problem: Option<PersonProblem>,
) -> SetupPerson {
    let relying_party = visit.app.site.rp_id.clone();
    SetupPerson { shell: visit.shell_for(who), relying_party, name, email, problem }
}

#[derive(Deserialize)]
pub(super) struct Details {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

pub(super) async fn submit(mut visit: Visit, Form(details): Form<Details>) -> Answer {
    let who = visit.anyone().await?;
    let Details { name, email } = details;
    let completed = if email.contains('@') {
        let mut caller = visit.caller();
        first_run::complete(&visit.app.service, &mut caller, &who, &name, &email).await
    } else {
        Err(AdministerError::Login(account::user::LoginRefusal::Empty))
    };
    let problem = match completed {
        Ok(_) => {
            visit.set_flash(&Flash::SetupSaved);
            return visit.see_other("/setup");
        }
        Err(AdministerError::Name(_)) => PersonProblem::Name,
        Err(AdministerError::Login(_)) => PersonProblem::Email,
        Err(AdministerError::LoginTaken) => PersonProblem::EmailTaken,
        Err(AdministerError::Store(error)) => return Err(Problem::from(error).into()),
        Err(AdministerError::Unauthorised(_)) => return Err(Problem::session_ended().into()),
        Err(_) => return Err(Problem::not_found().into()),
    };
    let page = person(&mut visit, &who, name, email, Some(problem));
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
