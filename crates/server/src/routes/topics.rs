//! Help by topic, the guide with its pictures, the letter, and the language of the account.

use axum::extract::Path as Segment;
use axum::response::Response;
use serde::Deserialize;
use service::choose_language::{ChooseLanguageError, choose_language};

use crate::context::Visit;
use crate::cookies;
use crate::fields::{Form, Path};
use crate::pages::letter::BlankLetter;
use crate::pages::topics::{ChooseLanguage, Guide, Topic, TopicPage};
use crate::pages::{Flash, Shell};
use crate::pictures;
use crate::problem::{Answer, Problem, Stop};
use crate::qr;
use crate::text::Language;

pub(super) async fn show(mut visit: Visit, Path(word): Path<String>) -> Answer {
    let topic = Topic::parse(&word).ok_or_else(Problem::not_found)?;
    let shell = anyone(&mut visit).await?;
    let contact = visit.contact();
    visit.page(&TopicPage { shell, topic, contact })
}

pub(super) async fn guide(mut visit: Visit) -> Answer {
    let shell = anyone(&mut visit).await?;
    let phones = visit.app.service.settings().policy.phones.clone();
    visit.page(&Guide { shell, android: phones.android, ios: phones.ios })
}

pub(super) async fn letter(mut visit: Visit) -> Answer {
    let shell = anyone(&mut visit).await?;
    let contact = visit.contact();
    let address = format!("{}/signin", visit.app.site.origin);
    let code = qr::svg(&address);
    visit.page(&BlankLetter { shell, contact, address, code })
}

pub(super) async fn picture(Segment(file): Segment<String>) -> Response {
    pictures::respond(&file)
}

/// The frame of a page that is for everybody, with the account of whoever is signed in.
async fn anyone(visit: &mut Visit) -> Result<Shell, Stop> {
    Ok(match visit.who().await? {
        Some(who) => visit.shell_for(&who),
        None => visit.shell(),
    })
}

pub(super) async fn language_form(mut visit: Visit) -> Answer {
    let who = visit.anyone().await?;
    let chosen = who.user.language.as_deref().and_then(Language::parse);
    let shell = visit.shell_for(&who);
    visit.page(&ChooseLanguage { shell, chosen })
}

#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    language: String,
}

pub(super) async fn language(mut visit: Visit, Form(choice): Form<Choice>) -> Answer {
    let who = visit.anyone().await?;
    // Nothing is "as each browser asks"; what is no language of ours means the same.
    let language = Language::parse(&choice.language);
    keep(&mut visit, &who, language).await?;
    visit.set_flash(&Flash::LanguageChosen);
    visit.see_other("/me/language")
}

/// Keeps a language with the account and in the browser.
pub(super) async fn keep(
    visit: &mut Visit,
    who: &service::Who,
    language: Option<Language>,
) -> Result<(), Stop> {
    let mut caller = visit.caller();
    let code = language.map(Language::code);
    match choose_language(&visit.app.service, &mut caller, who, code).await {
        Ok(_) => {}
        Err(ChooseLanguageError::SessionEnded) => return Err(Problem::session_ended().into()),
        Err(ChooseLanguageError::Store(error)) => return Err(Problem::from(error).into()),
    }
    if let Some(language) = language {
        visit.set_cookies.push(cookies::set(cookies::LANGUAGE, language.code(), cookies::LONG));
    }
    Ok(())
}
