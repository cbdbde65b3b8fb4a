//! What the screen has done: the same errands as the plain commands, and what is said about their outcome.

use std::fmt::Display;

use super::Effect;
use super::talk::ScreenTalk;
use crate::commands::{list, remove, rename};
use crate::errand::{self, Created, Enrolment, ErrandError, Pace};
use crate::holder::Holder;
use crate::server::{Origin, Server};
use crate::text::Text;

/// Carries out what takes a while; the sentence says what came of it.
pub(super) async fn act(text: Text, mut holder: Holder, talk: ScreenTalk, effect: Effect) -> String {
    match effect {
        Effect::Add(typed) => match add(text, &mut holder, talk, &typed).await {
            Ok(created) => said(text, &created),
            Err(error) => not_created(text, &error),
        },
        Effect::Rename(passkey, name) => {
            let wish = rename::Wanted { passkey: &passkey, name: &name, ca: None, only_here: false };
            match rename::apply(text, &mut holder, wish).await {
                Ok(renamed) => text.with("renamed", &[("name", &renamed.name)]),
                Err(failure) => failure.sentence().to_owned(),
            }
        }
        Effect::Remove(passkey) => match remove::apply(text, &mut holder, &passkey, None, false).await {
            Ok(told) => remove::said(text, &passkey, told),
            Err(failure) => failure.sentence().to_owned(),
        },
        Effect::Refresh => match list::refresh(text, &mut holder).await {
            Ok(gone) if gone.is_empty() => text.say("refreshed"),
            Ok(gone) => gone.join("\n"),
            Err(failure) => failure.sentence().to_owned(),
        },
        Effect::Quit | Effect::Answer(..) | Effect::GiveUp => String::new(),
    }
}

async fn add(
    text: Text,
    holder: &mut Holder,
    mut talk: ScreenTalk,
    typed: &str,
) -> Result<Created, NotCreated> {
    let wizard = errand::address(typed).ok();
    let origin = match &wizard {
        Some((origin, _)) => origin.clone(),
        None => Origin::parse(typed).map_err(|refusal| NotCreated::Address(refusal.to_string()))?,
    };
    let mut server = Server::new(origin, None, text.tag()).map_err(ErrandError::from)?;
    let mut ticket = wizard.map(|(_, ticket)| ticket);
    if ticket.is_none() {
        let asked = talk.line(vec![text.say("face-add-code")], false).await;
        let code = asked.ok_or(ErrandError::Cancelled)?;
        if !code.trim().is_empty() {
            ticket = Some(errand::find(&mut server, code.trim()).await?);
        }
    }
    let enrolment = Enrolment {
        server,
        keeper: holder,
        talk: &mut talk,
        pace: Pace::default(),
        name: None,
        ca: None,
        key: None,
    };
    Ok(match ticket {
        Some(ticket) => enrolment.run(&ticket).await?,
        None => enrolment.run_alone().await?,
    })
}

enum NotCreated {
    Address(String),
    Errand(ErrandError),
}

impl From<ErrandError> for NotCreated {
    fn from(error: ErrandError) -> Self {
        Self::Errand(error)
    }
}

fn not_created(text: Text, error: &NotCreated) -> String {
    let why: &dyn Display = match error {
        NotCreated::Address(why) => why,
        NotCreated::Errand(error) => error,
    };
    text.with("not-created", &[("why", &why.to_string())])
}

fn said(text: Text, created: &Created) -> String {
    let id = if created.followed { "created" } else { "created-alone" };
    let facts = [("name", created.name.as_str()), ("account", &created.account), ("server", &created.server)];
    text.with(id, &facts)
}
