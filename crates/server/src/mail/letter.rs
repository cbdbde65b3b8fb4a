//! What a mail says: a text part and the same as simple HTML, in the person's language.
//!
//! No secret stands in it, and nothing of what people typed stands in a header.

mod pass;

use std::time::{Duration, SystemTime};

use account::notice::Notice;
use account::user::User;
use askama::Template;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use primitives::time::Timestamp;

use super::NotSent;
use crate::app::Site;
use crate::pages::notices::Line;
use crate::text::{Language, Text};

/// Who writes.
#[derive(Clone, Debug)]
pub struct House {
    organisation: String,
    origin: String,
    host: String,
    language: Language,
}

impl House {
    /// The house behind a site.
    pub fn of(site: &Site) -> Self {
        Self {
            organisation: one_line(&site.organisation.name),
            origin: site.origin.to_string(),
            host: site.origin.host().to_owned(),
            language: site.language,
        }
    }
}

/// A mail before it is addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The words of both parts.
#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Words<'a> {
    text: Text,
    organisation: &'a str,
    name: Option<String>,
    login: Option<String>,
    title: String,
    sentence: String,
    lines: Vec<Line>,
    history: Option<String>,
    reference: Option<String>,
}

impl Letter {
    /// What `user` is told.
    pub fn of_notice(house: &House, user: &User, notice: &Notice) -> Result<Self, NotSent> {
        let language = user.language.as_deref().and_then(Language::parse).unwrap_or(house.language);
        let text = Text::new(language);
        let words = Words {
            text,
            organisation: &house.organisation,
            name: Some(one_line(&user.name)),
            login: Some(one_line(user.login.shown())),
            title: crate::pages::notices::title(text, notice.kind),
            sentence: crate::pages::notices::sentence(text, notice.kind),
            lines: crate::pages::notices::lines(text, notice),
            history: Some(format!("{}/me/history", house.origin)),
            reference: Some(notice.facts.reference.clone()),
        };
        words.letter()
    }

    /// What says that mail arrives.
    pub fn test(house: &House, to: &str) -> Result<Self, NotSent> {
        let text = Text::new(house.language);
        let words = Words {
            text,
            organisation: &house.organisation,
            name: None,
            login: Some(one_line(to)),
            title: text.say("mail-test").to_string(),
            sentence: text.say("mail-test-text").to_string(),
            lines: Vec::new(),
            history: None,
            reference: None,
        };
        words.letter()
    }

    /// The message, addressed. Its id is that of the notice: should it ever be sent twice, mailboxes can tell.
    pub(super) fn message(
        self,
        house: &House,
        from: Mailbox,
        to: Address,
        id: &str,
        at: Timestamp,
    ) -> Result<Message, NotSent> {
        let seconds = u64::try_from(at.secs()).unwrap_or(0);
        // RFC 3834: no automatic answer is wanted.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(self.subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{id}@{}>", house.host)))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(self.text, self.html))
            .map_err(NotSent::because)
    }
}

impl Words<'_> {
    fn letter(&self) -> Result<Letter, NotSent> {
        let subject = self
            .text
            .say("mail-subject")
            .with("what", &self.title)
            .with("organisation", self.organisation)
            .to_string();
        let html = self.render().map_err(NotSent::because)?;
        Ok(Letter { subject: one_line(&subject), text: self.plain(), html })
    }

    fn plain(&self) -> String {
        let say = |key| self.text.say(key);
        let mut parts = Vec::new();
        if let Some(name) = &self.name {
            parts.push(say("mail-greeting").with("name", name).to_string());
        }
        parts.push(format!("{}\n{}", self.title, self.sentence));
        let mut facts: Vec<String> = self.lines.iter().map(|line| line.plain.clone()).collect();
        if let Some(login) = &self.login {
            facts.push(say("mail-account").with("login", login).to_string());
        }
        if let Some(reference) = &self.reference {
            facts.push(say("mail-reference").with("reference", reference).to_string());
        }
        parts.push(facts.join("\n"));
        if let Some(history) = &self.history {
            parts.push(say("mail-was-you").to_string());
            parts.push(format!("{}\n{history}", say("mail-not-you")));
            parts.push(say("mail-safe").to_string());
        }
        parts.push(format!("-- \n{}", say("mail-footer").with("organisation", self.organisation)));
        parts.join("\n\n")
    }
}

/// `text` without anything that ends a line or cannot be seen.
fn one_line(text: &str) -> String {
    let seen = text.chars().map(|character| if character.is_control() { ' ' } else { character });
    seen.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
