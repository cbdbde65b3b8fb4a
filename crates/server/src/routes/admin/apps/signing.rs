//! The keys that sign tokens.

use account::role::Permission;
use axum::http::StatusCode;
use service::signing_keys::{self, SigningKeyError};
use service::{Authority, Unauthorised, Who};

use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::console::apps::{KeyLine, SigningKeys};
use crate::policy_form::Fields;
use crate::problem::{Answer, Problem};

pub(super) async fn list(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadApplications).await?;
    let page = page(&mut visit, &who, false);
    visit.page(&page)
}

fn page(visit: &mut Visit, who: &Who, unconfirmed: bool) -> SigningKeys {
    let (now, ring) = (visit.now(), visit.app.service.signing.current());
    let mut lines: Vec<KeyLine> = ring
        .keys()
        .iter()
        .map(|key| KeyLine {
            kid: key.kid().to_owned(),
            algorithm: key.alg().name().to_owned(),
            state: match (key.retired().is_some_and(|retired| retired <= now), key.activates() <= now) {
                (true, _) => "signing-retired",
                (false, true) => "signing-signs",
                (false, false) => "signing-waits",
            },
            created: key.created(),
            activates: key.activates(),
            ends: key.ends(),
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.created));
    let (nav, shell) = (visit.nav(who), visit.shell_for(who));
    SigningKeys { lines, may_edit: nav.may(Permission::EditApplications), unconfirmed, shell, nav }
}

pub(super) async fn rotate(mut visit: Visit, Form(sent): Form<Vec<(String, String)>>) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let now = Fields::from(sent).flag("now");
    let mut caller = visit.caller();
    match signing_keys::rotate(&visit.app.service, &mut caller, Authority::Person(&who), now).await {
        Ok(_) => {
            visit.set_flash(&Flash::Application { done: "keys".to_owned(), name: String::new() });
            visit.see_other("/admin/apps/keys")
        }
        Err(SigningKeyError::Unauthorised(Unauthorised::ConfirmNeeded)) => {
            let page = page(&mut visit, &who, true);
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(SigningKeyError::Store(error)) => Err(Problem::from(error).into()),
        Err(error) => Err(Problem::forbidden(error.code()).into()),
    }
}
