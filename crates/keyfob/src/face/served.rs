//! The face of a running `keyfob serve`: whoever attends at a terminal, and the desktop otherwise.

use authenticator::ctap2::{Answer, Question};

use super::describe::{Described, describe};
use super::desktop::Desktop;
use super::verify::{Outcome, Verifier};
use super::{Face, Via};
use crate::control::{Attendants, Shown};
use crate::text::Text;

/// Asks wherever the person is.
pub struct Served {
    text: Text,
    attendants: Attendants,
    /// How the person is known.
    verifier: Verifier,
    /// Where they are asked if nobody attends.
    desktop: Option<Desktop>,
}

impl Served {
    /// A face in that language.
    pub fn new(text: Text, attendants: Attendants, verifier: Verifier, desktop: Option<Desktop>) -> Self {
        Self { text, attendants, verifier, desktop }
    }
}

impl Face for Served {
    async fn ask(&mut self, question: &Question, via: &Via) -> Answer {
        let Described { lines, accounts, verify } = describe(self.text, question, via);
        let passphrase = verify && matches!(self.verifier, Verifier::Passphrase(_));
        let reset = matches!(question, Question::Reset);
        let shown = Shown { lines: lines.clone(), accounts: accounts.clone(), passphrase, reset };
        let (account, typed) = match self.attendants.ask(shown).await {
            Some(said) if said.approved => (said.account, said.passphrase),
            Some(_) => return Answer::Denied,
            // A desktop's button is pressed too easily for what cannot be undone.
            None if reset => return Answer::Denied,
            None => match &mut self.desktop {
                Some(desktop) => match desktop.ask(self.text, &lines, &accounts).await {
                    Some(account) => (account, None),
                    None => return Answer::Denied,
                },
                None => return Answer::Denied,
            },
        };
        if account >= accounts.len().max(1) {
            return Answer::Denied;
        }
        if !verify {
            return Answer::Approved { verified: false, account };
        }
        // What the desktop asks with says neither site nor account: both stand beside it meanwhile.
        let _beside = match (&self.verifier, &self.desktop) {
            (Verifier::Desktop, Some(desktop)) => desktop.tell(self.text, &lines).await,
            _ => None,
        };
        let outcome = match (&self.verifier, typed) {
            (Verifier::Passphrase(check), Some(typed)) => check.check(typed).await,
            // No terminal to type on: whether the desktop knows the person is the next best question.
            (Verifier::Passphrase(_), None) => Verifier::Desktop.verify(&lines.join(" ")).await,
            (other, _) => other.verify(&lines.join(" ")).await,
        };
        match outcome {
            Outcome::Verified => Answer::Approved { verified: true, account },
            // Counted: after some of these nobody is asked any more (CTAP 2.3 section 6.5.5.7.3).
            Outcome::Wrong => Answer::Approved { verified: false, account },
            Outcome::Unable => Answer::Denied,
        }
    }
}
