//! The person of an errand: what the command line says for them, and the terminal for the rest.

use std::io::{Read, Write};
use std::path::Path;

use primitives::secret::SecretText;

use super::Failure;
use crate::errand::Errand;
use crate::face::terminal::Terminal;
use crate::server::{Origin, ServerError};
use crate::talk::{Choice, Proof, SecondStep, Talk, Told};
use crate::text::Text;

/// Longest file of a secret.
const LONGEST: u64 = 1024;

/// Who talks for the person.
pub(crate) struct Person {
    /// Their language.
    pub(crate) text: Text,
    /// `--yes`: they have started this themselves.
    pub(crate) yes: bool,
    /// `--login`.
    pub(crate) login: Option<String>,
    /// `--pass-file`, used once.
    pub(crate) pass: Option<SecretText>,
    /// Where the rest is asked.
    pub(crate) terminal: Option<Terminal>,
}

impl Talk for Person {
    async fn choose(&mut self, origin: &Origin, errand: &Errand) -> Choice {
        match (&mut self.terminal, self.yes) {
            (_, true) => Choice::GoOn,
            (Some(terminal), false) => terminal.choose(origin, errand).await,
            (None, false) => Choice::Cancel,
        }
    }

    async fn login(&mut self) -> Option<String> {
        match (&self.login, &mut self.terminal) {
            (Some(login), _) => Some(login.clone()),
            (None, Some(terminal)) => terminal.login().await,
            (None, None) => None,
        }
    }

    async fn prove(&mut self, errand: &Errand, refused: Option<&ServerError>) -> Option<Proof> {
        if let Some(pass) = self.pass.take() {
            return Some(Proof::Pass(pass));
        }
        match (&mut self.terminal, refused) {
            (Some(terminal), _) => terminal.prove(errand, refused).await,
            (None, Some(refused)) => {
                self.say(&refused.to_string());
                None
            }
            (None, None) => None,
        }
    }

    async fn second_step(&mut self, methods: &[SecondStep]) -> Option<(SecondStep, SecretText)> {
        match &mut self.terminal {
            Some(terminal) => terminal.second_step(methods).await,
            None => None,
        }
    }

    async fn pin(&mut self) -> Option<SecretText> {
        match &mut self.terminal {
            Some(terminal) => terminal.pin().await,
            None => None,
        }
    }

    async fn tell(&mut self, told: Told<'_>) {
        if let Some(terminal) = &mut self.terminal {
            return terminal.tell(told).await;
        }
        // A number is of use to whoever reads along; the rest is in the outcome.
        if let Told::Number(number) = told {
            let line = self.text.with("number", &[("number", number)]);
            self.say(&line);
        }
    }

    async fn given_up(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

impl Person {
    fn say(&self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

/// The first line of a file that holds a secret.
pub(crate) fn secret(path: &Path) -> Result<SecretText, Failure> {
    let unreadable = |why: &dyn std::fmt::Display| {
        Failure::usage(format!("Nothing was done: {} cannot be read: {why}.", path.display()))
    };
    let file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
    let mut text =
        zeroize::Zeroizing::new(String::with_capacity(usize::try_from(LONGEST).unwrap_or_default()));
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| unreadable(&error))?;
    match text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => Ok(SecretText::new(line)),
        None => Err(unreadable(&"its first line is empty")),
    }
}
