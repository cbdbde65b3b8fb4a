//! `/me/notices`, and the words that a notice has there and in a mail.

use account::notice::{By, Notice, NoticeKind};
use askama::Template;

use super::Shell;
use crate::text::{Html, Text};

/// A fact of a notice, for a mail's text and for markup.
pub struct Line {
    /// As plain text; points in time name their zone.
    pub plain: String,
    /// As markup.
    pub html: Html,
}

/// What happened, in a few words.
pub fn title(text: Text, kind: NoticeKind) -> String {
    text.say(&format!("notice-kind-{kind}")).to_string()
}

/// What it means.
pub fn sentence(text: Text, kind: NoticeKind) -> String {
    text.say(&format!("notice-kind-{kind}-text")).to_string()
}

/// What, when, where and by whom.
pub fn lines(text: Text, notice: &Notice) -> Vec<Line> {
    let facts = &notice.facts;
    let mut phrases = Vec::new();
    if let Some(name) = &facts.name {
        let key = match notice.kind {
            NoticeKind::HookDisabled => "notice-hook",
            kind if kind.is_about_others() => "notice-person",
            _ => "notice-passkey",
        };
        phrases.push(text.say(key).with("name", name));
    }
    if let Some(count) = facts.count {
        let key = match notice.kind {
            NoticeKind::RecoveryCodeUsed => "notice-codes-left",
            _ => "notice-sessions-ended",
        };
        phrases.push(text.say(key).count("count", &i64::from(count)));
    }
    phrases.push(text.say("notice-when").at("when", &notice.at));
    if let Some(client) = &facts.client {
        phrases
            .push(text.say("notice-where").with("browser", &client.browser).with("address", &client.address));
    }
    phrases.push(text.say(match facts.by {
        By::Oneself => "notice-by-oneself",
        By::Somebody => "notice-by-somebody",
        By::Server => "notice-by-server",
        By::Nobody => "notice-by-nobody",
    }));
    phrases.into_iter().map(|phrase| Line { plain: phrase.to_string(), html: phrase.html() }).collect()
}

/// A notice on its card.
pub struct NoticeCard {
    /// What happened.
    pub title: String,
    /// What it means.
    pub sentence: String,
    /// What, when, where and by whom.
    pub lines: Vec<Line>,
    /// It has not been seen yet.
    pub new: bool,
}

impl NoticeCard {
    /// The card of a notice.
    pub fn of(text: Text, notice: &Notice) -> Self {
        Self {
            title: title(text, notice.kind),
            sentence: sentence(text, notice.kind),
            lines: lines(text, notice),
            new: !notice.seen,
        }
    }
}

/// `/me/notices`.
#[derive(Template)]
#[template(path = "notices.html")]
pub struct Notices {
    /// The frame.
    pub shell: Shell,
    /// Newest first.
    pub notices: Vec<NoticeCard>,
    /// The newest's id: what comes later is not marked as seen with the rest.
    pub newest: Option<String>,
}

impl Notices {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("notices-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn any_new(&self) -> bool {
        self.notices.iter().any(|notice| notice.new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn every_kind_has_words_in_every_language() {
        for language in Language::ALL {
            let text = Text::new(language);
            for kind in NoticeKind::ALL {
                for key in [format!("notice-kind-{kind}"), format!("notice-kind-{kind}-text")] {
                    assert!(text.has(&key), "{key} in {}", language.code());
                }
            }
        }
    }
}
