//! `/me/notices`: what the person was told.

use account::notice::NoticeId;
use serde::Deserialize;
use service::notify;

use super::security::id;
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::notices::{NoticeCard, Notices};
use crate::problem::Answer;

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let listed = notify::list(&visit.app.service, &who).await?;
    let shell = visit.shell_for(&who);
    let page = Notices {
        newest: listed.first().map(|notice| notice.id.to_string()),
        notices: listed.iter().map(|notice| NoticeCard::of(shell.text, notice)).collect(),
        shell,
    };
    visit.page(&page)
}

#[derive(Deserialize)]
pub(super) struct Seen {
    newest: String,
}

pub(super) async fn seen(mut visit: Visit, Form(form): Form<Seen>) -> Answer {
    let who = visit.full().await?;
    let newest: NoticeId = id(&form.newest)?;
    notify::mark_seen(&visit.app.service, &who, newest).await?;
    visit.set_flash(&Flash::NoticesSeen);
    visit.see_other("/me/notices")
}
