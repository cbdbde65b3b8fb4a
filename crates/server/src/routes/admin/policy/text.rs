//! The policy as text: the same document that the command line takes.

use account::policy::document;
use account::role::Permission;
use axum::http::StatusCode;
use serde::Deserialize;
use service::Who;

use super::{Desk, keep};
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::console::policy::{PolicyText, Refused};
use crate::problem::Answer;
use crate::text::Text;

pub(crate) async fn show(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let (text, refused) = match &desk.draft {
        None => (desk.in_force.document.clone(), None),
        Some(draft) => (draft.document.clone(), document::parse(&draft.document, &desk.names).err()),
    };
    let said = |refusal| Refused::new(Text::new(visit.facts.spoken()), &text, &refusal);
    let refused = refused.map(said);
    let page = page(&mut visit, &who, text, refused);
    visit.page(&page)
}

fn page(visit: &mut Visit, who: &Who, document: String, refused: Option<Refused>) -> PolicyText {
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    PolicyText { document, refused, may_edit: nav.may(Permission::EditPolicy), shell, nav }
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    document: String,
    #[serde(default)]
    then: String,
}

pub(crate) async fn save(mut visit: Visit, Form(typed): Form<Typed>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    // Browsers send the ends of lines as two characters.
    let text = typed.document.replace("\r\n", "\n");
    match document::parse(&text, &desk.names) {
        Ok(_) => keep(visit, &who, (desk.base(), &text), (&typed.then, "/admin/policy/text")).await,
        Err(refusal) => {
            let refused = Refused::new(Text::new(visit.facts.spoken()), &text, &refusal);
            let page = page(&mut visit, &who, text, Some(refused));
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
