//! The two mails of a pass: what to do, and the pass itself without a word about whose it is.

use account::pass_mail::Part;
use account::temporary_pass::grouped;
use service::deliver_passes::Outgoing;

use super::{House, Letter, Words, one_line};
use crate::mail::NotSent;
use crate::pages::notices::Line;
use crate::text::{Language, Phrase, Text};

impl Letter {
    /// One of the two.
    pub fn of_pass(house: &House, out: &Outgoing) -> Result<Self, NotSent> {
        let language = out.user.language.as_deref().and_then(Language::parse).unwrap_or(house.language);
        let text = Text::new(language);
        let window = text.say("issued-works").at("starts", &out.pass.starts).at("ends", &out.pass.ends);
        let uses = text.say(if out.pass.one_time { "issued-one-time" } else { "issued-many" });
        match out.mail.part {
            Part::Instructions => {
                let address = format!("{}/signin/tap", house.origin);
                let open = text.say("mail-start-open").with("address", address);
                let login = text.say("mail-start-login").with("login", one_line(out.user.login.shown()));
                let keys = ("mail-start-title", "mail-start-text");
                words(house, text, keys, vec![open, login, window, uses], Some(one_line(&out.user.name)))
            }
            Part::Pass => {
                let value =
                    out.value.as_ref().ok_or_else(|| NotSent::because("there is no value to send"))?;
                // Revealed to whoever reads the private mailbox.
                let value = grouped(value).reveal().to_owned();
                let pass = text.say("mail-pass-value").with("pass", value);
                words(house, text, ("mail-pass-title", "mail-pass-text"), vec![pass, window, uses], None)
            }
        }
    }
}

fn words(
    house: &House,
    text: Text,
    (title, sentence): (&str, &str),
    lines: Vec<Phrase<'_>>,
    name: Option<String>,
) -> Result<Letter, NotSent> {
    let line = |phrase: Phrase<'_>| Line { plain: phrase.to_string(), html: phrase.html() };
    let words = Words {
        text,
        organisation: &house.organisation,
        name,
        login: None,
        title: text.say(title).to_string(),
        sentence: text.say(sentence).to_string(),
        lines: lines.into_iter().map(line).collect(),
        history: None,
        reference: None,
    };
    words.letter()
}
