//! The face of a plain terminal: lines on `/dev/tty`, whatever standard input and output are.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};

use authenticator::ctap2::{Answer, Question};
use primitives::secret::SecretText;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::describe::{Described, describe};
use super::verify::{Outcome, Verifier};
use super::{Face, Via};
use crate::control::{Said, Shown};
use crate::errand::Errand;
use crate::screen::talk::refusal;
use crate::server::{Origin, ServerError};
use crate::talk::{Choice, Proof, SecondStep, Talk, Told};
use crate::text::Text;

/// Longest line that is taken.
const LONGEST: usize = 1024;

/// How often a person may slip before it counts as no.
const TRIES: u32 = 3;

/// Asks on the terminal that this program was started from.
pub struct Terminal {
    text: Text,
    tty: File,
    verifier: Verifier,
    /// The login name, where the errand is our own and the person is asked for it.
    login: Option<String>,
}

impl Terminal {
    /// The controlling terminal; an error where there is none.
    pub fn open(text: Text, verifier: Verifier) -> io::Result<Self> {
        let tty = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        Ok(Self { text, tty, verifier, login: None })
    }

    /// Says one line.
    pub fn line(&mut self, line: &str) {
        // A terminal that has gone away hears nothing; the answer will be missing, too.
        let _ = writeln!(self.tty, "{line}");
    }

    /// Asks for one line; `None` at its end or on Ctrl-C.
    pub async fn ask_line(&mut self, prompt: &str) -> Option<String> {
        self.read(prompt, false).await.map(|line| line.trim().to_owned())
    }

    /// Asks for one line that is not shown.
    pub async fn ask_secret(&mut self, prompt: &str) -> Option<SecretText> {
        self.read(prompt, true).await.map(|line| SecretText::new(line.as_str()))
    }

    /// Asks a question of yes or no; anything else is no.
    pub async fn ask_yes(&mut self, question: &str) -> bool {
        let (yes, no) = (self.text.say("yes-keys"), self.text.say("no-keys"));
        let prompt = self.text.with("question", &[("text", question), ("yes", &yes), ("no", &no)]);
        let said = self.ask_line(&prompt).await.unwrap_or_default().to_lowercase();
        !said.is_empty() && (said == "y" || said.starts_with(&yes))
    }

    async fn read(&mut self, prompt: &str, hidden: bool) -> Option<Zeroizing<String>> {
        write!(self.tty, "{prompt}").and_then(|()| self.tty.flush()).ok()?;
        let silence = if hidden { Some(Silence::of(&self.tty)?) } else { None };
        let tty = self.tty.try_clone().ok()?;
        // What is typed while nobody waits any more goes to the next who asks; the thread ends with the program.
        let waiting = tokio::task::spawn_blocking(move || one_line(tty));
        let line = tokio::select! {
            line = waiting => line.ok().flatten(),
            _ = tokio::signal::ctrl_c() => None,
        };
        drop(silence);
        if hidden || line.is_none() {
            self.line("");
        }
        line
    }

    async fn verify(&mut self, reason: &str) -> Outcome {
        for _ in 0..TRIES {
            let outcome = match &self.verifier {
                Verifier::Passphrase(check) => {
                    let check = check.clone();
                    let prompt = self.text.say("verify-passphrase");
                    let Some(secret) = self.ask_secret(&prompt).await else { return Outcome::Unable };
                    check.check(secret).await
                }
                other => {
                    let other = other.clone();
                    if let Some(id) = other.notice() {
                        let notice = self.text.say(id);
                        self.line(&notice);
                    }
                    other.verify(reason).await
                }
            };
            match outcome {
                Outcome::Verified | Outcome::Unable => return outcome,
                Outcome::Wrong => {
                    let wrong = self.text.say("verify-wrong");
                    self.line(&wrong);
                }
            }
        }
        Outcome::Wrong
    }

    /// Asks what a running `serve` wants to know; a passphrase that is typed here is checked there.
    pub async fn answer(&mut self, shown: &Shown) -> Said {
        let account = self.approve(&shown.lines, &shown.accounts, shown.reset).await;
        let mut said = Said { approved: account.is_some(), account: account.unwrap_or(0), passphrase: None };
        if said.approved && shown.passphrase {
            let prompt = self.text.say("verify-passphrase");
            said.passphrase = self.ask_secret(&prompt).await;
            said.approved = said.passphrase.is_some();
        }
        said
    }

    /// Shows a question; the account that they approve for, or `None` for no.
    async fn approve(&mut self, lines: &[String], accounts: &[String], reset: bool) -> Option<usize> {
        self.line("");
        for line in lines {
            self.line(line);
        }
        if reset {
            return self.confirm_reset().await.then_some(0);
        }
        if accounts.len() > 1 {
            return self.pick(accounts).await;
        }
        let ask = self.text.say("approve-ask");
        self.ask_yes(&ask).await.then_some(0)
    }

    /// Whether the person types the word that cannot be typed by mistake.
    async fn confirm_reset(&mut self) -> bool {
        let word = self.text.say("approve-reset-word");
        let prompt = self.text.with("approve-reset-type", &[("word", &word)]);
        self.ask_line(&prompt).await.is_some_and(|typed| typed.to_lowercase() == word)
    }

    async fn pick(&mut self, accounts: &[String]) -> Option<usize> {
        for (place, account) in accounts.iter().enumerate() {
            self.line(&format!("{:>4}  {account}", place.saturating_add(1)));
        }
        let prompt = self.text.say("approve-account");
        let typed = self.ask_line(&prompt).await?.parse::<usize>().ok()?;
        typed.checked_sub(1).filter(|place| *place < accounts.len())
    }
}

impl Face for Terminal {
    async fn ask(&mut self, question: &Question, via: &Via) -> Answer {
        let Described { lines, accounts, verify } = describe(self.text, question, via);
        let reset = matches!(question, Question::Reset);
        let Some(account) = self.approve(&lines, &accounts, reset).await else { return Answer::Denied };
        if !verify {
            return Answer::Approved { verified: false, account };
        }
        let outcome = self.verify(&lines.join(" ")).await;
        if let (Verifier::JustNow(check), Via::OtherDevice | Via::LinkedDevice { .. }) = (&self.verifier, via)
        {
            // What was typed before anybody saw the first site is not for whatever else the other device asks.
            self.verifier = Verifier::Passphrase(check.clone());
        }
        match outcome {
            Outcome::Verified => Answer::Approved { verified: true, account },
            // Counted: after some of these nobody is asked any more (CTAP 2.3 section 6.5.5.7.3).
            Outcome::Wrong => Answer::Approved { verified: false, account },
            Outcome::Unable => Answer::Denied,
        }
    }

    fn withdraw(&mut self) {
        let withdrawn = self.text.say("withdrawn");
        self.line(&withdrawn);
    }
}

impl Talk for Terminal {
    async fn choose(&mut self, origin: &Origin, errand: &Errand) -> Choice {
        let text = self.text;
        self.line(&text.with("errand-title", &[("server", origin.as_str())]));
        let Some(computer) = &errand.computer else {
            // Nobody else started this: the person has just typed the command.
            return Choice::GoOn;
        };
        self.line(&text.with("errand-account", &[("account", &errand.account)]));
        let started =
            [("at", computer.at.as_str()), ("browser", &computer.browser), ("address", &computer.address)];
        self.line(&text.with("errand-started", &started));
        self.line(&text.say("errand-warning"));
        let keys: Vec<char> = text.say("errand-choose-keys").chars().collect();
        for _ in 0..TRIES {
            let Some(typed) = self.ask_line(&text.say("errand-choose")).await else { break };
            let key = typed.to_lowercase().chars().next();
            match keys.iter().position(|known| Some(*known) == key) {
                Some(0) => return Choice::GoOn,
                Some(1) => return Choice::NotMine,
                Some(_) => break,
                None => {}
            }
        }
        Choice::Cancel
    }

    async fn login(&mut self) -> Option<String> {
        if self.login.is_none() {
            let prompt = self.text.say("sign-in-login");
            self.login = self.ask_line(&prompt).await.filter(|login| !login.is_empty());
        }
        self.login.clone()
    }

    async fn prove(&mut self, errand: &Errand, refused: Option<&ServerError>) -> Option<Proof> {
        let text = self.text;
        match refused {
            None => {
                let account = self.login.clone().unwrap_or_else(|| errand.account.clone());
                self.line(&text.with("sign-in-as", &[("account", &account)]));
            }
            Some(refused) => self.line(&refusal(text, refused)),
        }
        let pass = self.ask_secret(&text.say("sign-in-pass")).await?;
        if !pass.reveal().trim().is_empty() {
            return Some(Proof::Pass(pass));
        }
        let password = self.ask_secret(&text.say("sign-in-password")).await?;
        Some(password).filter(|password| !password.reveal().is_empty()).map(Proof::Password)
    }

    async fn second_step(&mut self, methods: &[SecondStep]) -> Option<(SecondStep, SecretText)> {
        let method = *methods.first()?;
        let prompt = self.text.say(method.asks());
        let code = self.ask_secret(&prompt).await?;
        Some(code).filter(|code| !code.reveal().is_empty()).map(|code| (method, code))
    }

    async fn pin(&mut self) -> Option<SecretText> {
        let pin = self.ask_secret(&self.text.say("key-pin")).await?;
        Some(pin).filter(|pin| !pin.reveal().is_empty())
    }

    async fn tell(&mut self, told: Told<'_>) {
        let text = self.text;
        self.line(&match told {
            Told::Number(number) => {
                let first = text.with("number", &[("number", number)]);
                format!("{first}\n{}", text.say("number-waiting"))
            }
            Told::Server(name) => text.with("server-is", &[("name", name)]),
            Told::Touch => text.say("key-touch"),
            Told::Creating => text.say("creating"),
            Told::HandingIn => text.say("handing-in"),
            Told::HandingInAgain => text.say("handing-in-again"),
        });
    }

    async fn given_up(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// The terminal shows nothing of what is typed until this is dropped.
struct Silence {
    tty: File,
    before: Termios,
}

impl Silence {
    /// `None` where it cannot be had: a secret is not asked for then.
    fn of(tty: &File) -> Option<Self> {
        let tty = tty.try_clone().ok()?;
        let before = tcgetattr(&tty).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&tty, OptionalActions::Now, &silent).ok()?;
        Some(Self { tty, before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
    }
}

/// One line as it was typed, without its end.
fn one_line(mut source: impl Read) -> Option<Zeroizing<String>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0]);
    while line.len() < LONGEST {
        if source.read(byte.as_mut()).ok()? == 0 {
            break;
        }
        if byte.as_slice() == b"\n" {
            return std::str::from_utf8(&line).ok().map(|line| Zeroizing::new(line.to_owned()));
        }
        line.extend_from_slice(byte.as_ref());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_bounded_and_text() {
        let line = |bytes: &[u8]| one_line(bytes).map(|line| line.to_string());
        assert_eq!(line(b"abc\nrest").as_deref(), Some("abc"));
        assert_eq!(line(b"\n").as_deref(), Some(""));
        assert_eq!(line(b"no end"), None);
        assert_eq!(line(b"\xff\n"), None);
        assert_eq!(line(&[b'a'; LONGEST + 1]), None);
    }
}
