//! How an errand talks to the person at the screen.

use primitives::secret::SecretText;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, oneshot};
use zeroize::Zeroizing;

use crate::errand::Errand;
use crate::server::{Origin, ServerError};
use crate::talk::{Choice, Proof, SecondStep, Talk, Told};
use crate::text::Text;

/// Something of an errand's for the screen.
#[derive(Debug)]
pub enum Word {
    /// A line is wanted.
    Line {
        /// What is said.
        lines: Vec<String>,
        /// Whether what is typed is hidden.
        hidden: bool,
        /// Where it goes.
        reply: oneshot::Sender<Option<Zeroizing<String>>>,
    },
    /// One of these keys is wanted; the reply is its number.
    Keys {
        /// What is said.
        lines: Vec<String>,
        /// The keys.
        keys: Vec<char>,
        /// Where it goes.
        reply: oneshot::Sender<Option<Zeroizing<String>>>,
    },
    /// How far it is.
    Progress(String),
}

/// Talks to the person at the screen.
#[derive(Clone, Debug)]
pub struct ScreenTalk {
    text: Text,
    words: mpsc::UnboundedSender<Word>,
    given_up: Arc<Notify>,
    login: Option<String>,
}

impl ScreenTalk {
    /// What it says comes out of the other end; the notification gives up.
    pub fn new(text: Text) -> (Self, mpsc::UnboundedReceiver<Word>, Arc<Notify>) {
        let (words, said) = mpsc::unbounded_channel();
        let given_up = Arc::new(Notify::new());
        let talk = Self { text, words, given_up: Arc::clone(&given_up), login: None };
        (talk, said, given_up)
    }

    /// Asks for a line; `None` gives up.
    pub async fn line(&self, lines: Vec<String>, hidden: bool) -> Option<Zeroizing<String>> {
        let (reply, typed) = oneshot::channel();
        self.words.send(Word::Line { lines, hidden, reply }).ok()?;
        typed.await.ok().flatten()
    }

    async fn keys(&self, lines: Vec<String>, keys: Vec<char>) -> Option<usize> {
        let (reply, typed) = oneshot::channel();
        self.words.send(Word::Keys { lines, keys, reply }).ok()?;
        typed.await.ok().flatten()?.parse().ok()
    }

    async fn secret(&self, lines: Vec<String>) -> Option<SecretText> {
        let typed = self.line(lines, true).await?;
        Some(SecretText::new(typed.as_str()))
    }
}

impl Talk for ScreenTalk {
    async fn choose(&mut self, origin: &Origin, errand: &Errand) -> Choice {
        let text = self.text;
        let Some(computer) = &errand.computer else { return Choice::GoOn };
        let started =
            [("at", computer.at.as_str()), ("browser", &computer.browser), ("address", &computer.address)];
        let lines = vec![
            text.with("errand-title", &[("server", origin.as_str())]),
            text.with("errand-account", &[("account", &errand.account)]),
            text.with("errand-started", &started),
            text.say("errand-warning"),
            text.say("errand-choose"),
        ];
        match self.keys(lines, text.say("errand-choose-keys").chars().collect()).await {
            Some(0) => Choice::GoOn,
            Some(1) => Choice::NotMine,
            _ => Choice::Cancel,
        }
    }

    async fn login(&mut self) -> Option<String> {
        if self.login.is_none() {
            let typed = self.line(vec![self.text.say("sign-in-login")], false).await?;
            self.login = Some(typed.trim().to_owned()).filter(|login| !login.is_empty());
        }
        self.login.clone()
    }

    async fn prove(&mut self, errand: &Errand, refused: Option<&ServerError>) -> Option<Proof> {
        let text = self.text;
        let account = self.login.clone().unwrap_or_else(|| errand.account.clone());
        let mut lines = vec![text.with("sign-in-as", &[("account", &account)])];
        lines.extend(refused.map(|refused| refusal(text, refused)));
        let ask = |id: &str| [lines.clone(), vec![text.say(id)]].concat();
        let pass = self.secret(ask("sign-in-pass")).await?;
        if !pass.reveal().trim().is_empty() {
            return Some(Proof::Pass(pass));
        }
        let password = self.secret(ask("sign-in-password")).await?;
        Some(password).filter(|password| !password.reveal().is_empty()).map(Proof::Password)
    }

    async fn second_step(&mut self, methods: &[SecondStep]) -> Option<(SecondStep, SecretText)> {
        let method = *methods.first()?;
        let code = self.secret(vec![self.text.say(method.asks())]).await?;
        Some(code).filter(|code| !code.reveal().is_empty()).map(|code| (method, code))
    }

    async fn pin(&mut self) -> Option<SecretText> {
        self.secret(vec![self.text.say("key-pin")]).await.filter(|pin| !pin.reveal().is_empty())
    }

    async fn tell(&mut self, told: Told<'_>) {
        let text = self.text;
        let line = match told {
            Told::Number(number) => {
                format!("{}\n{}", text.with("number", &[("number", number)]), text.say("face-waiting"))
            }
            Told::Server(name) => text.with("server-is", &[("name", name)]),
            Told::Touch => text.say("key-touch"),
            Told::Creating => text.say("creating"),
            Told::HandingIn => text.say("handing-in"),
            Told::HandingInAgain => text.say("handing-in-again"),
        };
        // A screen that has gone shows nothing.
        let _ = self.words.send(Word::Progress(line));
    }

    async fn given_up(&mut self) {
        self.given_up.notified().await;
    }
}

/// Why a try was refused, in words.
pub fn refusal(text: Text, refused: &ServerError) -> String {
    match refused {
        ServerError::Refused(refused) => match refused.tries_left {
            Some(left) => text.counted("sign-in-wrong-left", "left", left),
            None => refused.message.clone(),
        },
        _ => text.say("sign-in-wrong"),
    }
}
