//! Help, and the language picker.

use axum::http::StatusCode;
use serde::Deserialize;

use crate::context::Visit;
use crate::cookies;
use crate::fields::Form;
use crate::pages::sign_in::Help;
use crate::problem::{Answer, Problem};
use crate::text::Language;

pub(super) async fn show(mut visit: Visit) -> Answer {
    let shell = match visit.who().await? {
        Some(who) => visit.shell_for(&who),
        None => visit.shell(),
    };
    let contact = visit.contact();
    visit.page(&Help { shell, contact })
}

#[derive(Deserialize)]
pub(super) struct Choice {
    language: String,
    back: String,
}

pub(super) async fn language(mut visit: Visit, Form(choice): Form<Choice>) -> Answer {
    let language = Language::parse(&choice.language)
        .ok_or_else(|| Problem::bad_request(StatusCode::UNPROCESSABLE_ENTITY, "not a language of ours"))?;
    visit.set_cookies.push(cookies::set(cookies::LANGUAGE, language.code(), cookies::LONG));
    // The account's own language would speak against the cookie: whoever is signed in changes both.
    if visit.facts.read_only_until.is_none()
        && let Some(who) = visit.who().await?
    {
        super::topics::keep(&mut visit, &who, Some(language)).await?;
    }
    let back = if is_local(&choice.back) { choice.back.as_str() } else { "/" };
    visit.see_other(back)
}

/// A path on this server. Browsers read `//host` and `/\host` as other servers, and whatever stands between may take
/// the dots out of `/.//host`: no page of ours has either anywhere.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

impl Visit {
    /// How to reach the people who help, if the organisation said so.
    pub(super) fn contact(&self) -> Option<String> {
        Some(self.app.site.organisation.help.clone()).filter(|help| !help.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_lead_back() {
        for path in ["/", "/signin", "/me/confirm?for=add-passkey"] {
            assert!(is_local(path), "{path}");
        }
        for path in [
            "",
            "signin",
            "//evil.example",
            "/\\evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/signin\\..\\\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/ä",
            "/ x",
        ] {
            assert!(!is_local(path), "{path:?}");
        }
    }
}
