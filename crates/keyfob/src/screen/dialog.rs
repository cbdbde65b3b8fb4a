//! What is asked in front of everything else, and how it is answered.

use std::fmt;
use std::time::Duration;

use primitives::secret::SecretText;
use ratatui::crossterm::event::KeyCode;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::yes_no;
use crate::control::{Said, Shown};
use crate::holder::Passkey;
use crate::text::Text;

/// Longest line that is taken.
const LONGEST: usize = 1024;

/// How long after a question came a key is none to it: it was meant for what was there before.
pub const UNMEANT: Duration = Duration::from_millis(700);

/// What is asked for.
pub enum Purpose {
    /// The vault asks for approval.
    Question {
        /// Its number.
        number: u64,
        /// What is shown.
        shown: Shown,
        /// Which account was picked.
        account: usize,
    },
    /// An errand asks for something.
    Prompt(oneshot::Sender<Option<Zeroizing<String>>>),
    /// Where to create a passkey.
    Add,
    /// What to call that passkey.
    Rename(Passkey),
    /// Whether to remove that passkey.
    Remove(Passkey),
    /// Nothing: something has gone that was here, and what is typed on is for nobody.
    Gone,
}

impl fmt::Debug for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Question { .. } => "Question",
            Self::Prompt(_) => "Prompt",
            Self::Add => "Add",
            Self::Rename(_) => "Rename",
            Self::Remove(_) => "Remove",
            Self::Gone => "Gone",
        })
    }
}

/// How it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By one of these keys.
    Keys(Vec<char>),
    /// By a line; a hidden one is not shown.
    Line {
        /// Whether it is hidden.
        hidden: bool,
    },
    /// By typing this word.
    Word(String),
    /// By choosing one of these.
    Pick(Vec<String>),
}

/// What is asked in front of everything else.
pub struct Dialog {
    /// What it says.
    pub lines: Vec<String>,
    /// How it is answered.
    pub kind: Kind,
    /// What for.
    pub purpose: Purpose,
    /// What was typed.
    pub typed: Zeroizing<String>,
    /// Which one is chosen.
    pub chosen: usize,
    /// When it came.
    since: Duration,
}

impl fmt::Debug for Dialog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialog").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// How a dialog ended.
pub enum Done {
    /// By the key of that number, or by approving.
    Key(usize),
    /// With what was typed.
    Typed(Zeroizing<String>),
    /// A question was approved, for that account, with that passphrase.
    Approved(usize, Option<SecretText>),
    /// By giving up.
    GivenUp,
}

impl Done {
    /// What an errand gets.
    pub(super) fn typed(self) -> Option<Zeroizing<String>> {
        match self {
            Self::Typed(typed) => Some(typed),
            Self::Key(number) => Some(Zeroizing::new(number.to_string())),
            Self::Approved(..) | Self::GivenUp => None,
        }
    }

    /// What the vault gets.
    pub(super) fn said(self) -> Said {
        match self {
            Self::Approved(account, passphrase) => Said { approved: true, account, passphrase },
            _ => Said { approved: false, account: 0, passphrase: None },
        }
    }
}

impl Dialog {
    fn new(lines: Vec<String>, kind: Kind, purpose: Purpose, since: Duration) -> Self {
        // As long as it may get, so that no copy of a secret is left behind by growing.
        let typed = Zeroizing::new(String::with_capacity(LONGEST));
        Self { lines, kind, purpose, typed, chosen: 0, since }
    }

    /// Asks for one of these keys.
    pub fn keys(lines: Vec<String>, keys: Vec<char>, purpose: Purpose, since: Duration) -> Self {
        Self::new(lines, Kind::Keys(keys), purpose, since)
    }

    /// Asks for a line.
    pub fn line(lines: Vec<String>, hidden: bool, purpose: Purpose, since: Duration) -> Self {
        Self::new(lines, Kind::Line { hidden }, purpose, since)
    }

    /// A question of the vault's.
    pub fn question(text: Text, number: u64, shown: Shown, since: Duration) -> Self {
        let mut lines = shown.lines.clone();
        let kind = if shown.reset {
            let word = text.say("approve-reset-word");
            lines.push(text.with("approve-reset-type", &[("word", &word)]));
            Kind::Word(word)
        } else if shown.accounts.len() > 1 {
            Kind::Pick(shown.accounts.clone())
        } else {
            Kind::Keys(yes_no(text))
        };
        Self::new(lines, kind, Purpose::Question { number, shown, account: 0 }, since)
    }

    /// A key was pressed; `whole` says that all of the dialog stands on the screen. `None` while it goes on.
    pub(super) fn key(&mut self, text: Text, code: KeyCode, at: Duration, whole: bool) -> Option<Done> {
        let matters = matches!(self.purpose, Purpose::Question { .. } | Purpose::Remove(_));
        if matters && at.saturating_sub(self.since) < UNMEANT {
            return None;
        }
        if code == KeyCode::Esc || (code == KeyCode::Enter && matches!(self.purpose, Purpose::Gone)) {
            return Some(Done::GivenUp);
        }
        let done = match &self.kind {
            Kind::Keys(keys) => Done::Key(pressed(keys, code)?),
            Kind::Pick(accounts) => {
                let last = accounts.len().saturating_sub(1);
                match code {
                    KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
                    KeyCode::Down => self.chosen = self.chosen.saturating_add(1).min(last),
                    KeyCode::Enter => return self.approve(text, self.chosen, whole),
                    _ => {}
                }
                return None;
            }
            Kind::Line { .. } | Kind::Word(_) => match code {
                KeyCode::Enter => Done::Typed(std::mem::take(&mut self.typed)),
                KeyCode::Backspace => {
                    self.typed.pop();
                    return None;
                }
                KeyCode::Char(character) if !character.is_control() => {
                    if self.typed.len().saturating_add(character.len_utf8()) <= LONGEST {
                        self.typed.push(character);
                    }
                    return None;
                }
                _ => return None,
            },
        };
        if !matches!(self.purpose, Purpose::Question { .. }) {
            return Some(done);
        }
        let word = match &self.kind {
            Kind::Word(word) => Some(word.as_str()),
            _ => None,
        };
        match (done, word) {
            (Done::Key(0), _) => self.approve(text, 0, whole),
            (Done::Typed(typed), Some(word)) if typed.trim().to_lowercase() == word => {
                self.approve(text, 0, whole)
            }
            // The passphrase of what was approved before.
            (Done::Typed(typed), None) if !typed.is_empty() => {
                let Purpose::Question { account, .. } = &self.purpose else { return Some(Done::GivenUp) };
                Some(Done::Approved(*account, Some(SecretText::new(typed.as_str()))))
            }
            _ => Some(Done::GivenUp),
        }
    }

    /// What the person approves; the passphrase comes next if it is wanted.
    fn approve(&mut self, text: Text, picked: usize, whole: bool) -> Option<Done> {
        if !whole {
            self.typed.clear();
            return None;
        }
        let Purpose::Question { shown, account, .. } = &mut self.purpose else { return None };
        if !shown.passphrase {
            return Some(Done::Approved(picked, None));
        }
        *account = picked;
        self.lines = shown.lines.clone();
        // Whom it is about stays on the screen.
        self.lines.extend(shown.accounts.get(picked).filter(|_| shown.accounts.len() > 1).cloned());
        self.lines.push(text.say("verify-passphrase"));
        self.kind = Kind::Line { hidden: true };
        self.typed = Zeroizing::new(String::with_capacity(LONGEST));
        None
    }
}

fn pressed(keys: &[char], code: KeyCode) -> Option<usize> {
    let KeyCode::Char(character) = code else { return None };
    keys.iter().position(|key| character.to_lowercase().eq(key.to_lowercase()))
}
