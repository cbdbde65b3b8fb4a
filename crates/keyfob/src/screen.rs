//! The face on the whole terminal: passkeys, what waits for approval, and errands, by keyboard alone.
//!
//! [`Screen`] is what is shown and what a key does to it, without a terminal; [`draw`](mod@draw) puts it on one; [`run`]
//! has the terminal, the vault and the errands. A question is only approved where it stands whole on the screen, and
//! not by a key that was on its way before the question was there.

mod act;
pub mod dialog;
pub mod draw;
pub mod run;
pub mod talk;

use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::control::{Said, Shown};
use crate::holder::Passkey;
use crate::server::plain;
use crate::text::Text;

use dialog::{Dialog, Done, Purpose};

/// What is behind the dialogs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// All passkeys.
    #[default]
    List,
    /// All about one.
    Details,
    /// Which key does what.
    Help,
}

/// What a key brought about that the screen cannot do by itself.
#[derive(Debug)]
pub enum Effect {
    /// The person has had enough.
    Quit,
    /// They answer a question of the vault's.
    Answer(u64, Said),
    /// They want a passkey: of that server, or for that wizard's address.
    Add(String),
    /// They call a passkey something else.
    Rename(Passkey, String),
    /// They remove a passkey.
    Remove(Passkey),
    /// They want to know which passkeys the servers still have.
    Refresh,
    /// They give the errand up that is under way.
    GiveUp,
}

/// What is on the screen.
#[derive(Debug)]
pub struct Screen {
    /// The person's language.
    pub text: Text,
    /// Whether anything is coloured.
    pub colour: bool,
    /// Whether a running `serve` holds the vault; `None` once it has ended.
    pub served: Option<bool>,
    /// The passkeys.
    pub passkeys: Vec<Passkey>,
    /// Which of them is chosen.
    pub chosen: usize,
    /// What is behind the dialogs.
    pub page: Page,
    /// What is asked; the last is in front.
    pub dialogs: Vec<Dialog>,
    /// What happened last.
    pub notice: Option<String>,
    /// How far the errand is that is under way; `None` if none is.
    pub progress: Option<String>,
    /// Columns and lines of the terminal.
    pub size: (u16, u16),
}

impl Screen {
    /// With nothing on it.
    pub fn new(text: Text, colour: bool, served: bool) -> Self {
        Self {
            text,
            colour,
            served: Some(served),
            passkeys: Vec::new(),
            chosen: 0,
            page: Page::List,
            dialogs: Vec::new(),
            notice: None,
            progress: None,
            size: (80, 24),
        }
    }

    /// The vault was looked at.
    pub fn listed(&mut self, passkeys: Vec<Passkey>) {
        let id = self.chosen().map(|passkey| passkey.id.clone());
        self.passkeys = passkeys;
        let again = id.and_then(|id| self.passkeys.iter().position(|passkey| passkey.id == id));
        if again.is_none() && self.page == Page::Details {
            self.page = Page::List;
        }
        self.chosen = again.unwrap_or_else(|| self.chosen.min(self.passkeys.len().saturating_sub(1)));
    }

    /// The passkey that the keys mean.
    pub fn chosen(&self) -> Option<&Passkey> {
        self.passkeys.get(self.chosen)
    }

    /// The vault asks something.
    pub fn asked(&mut self, number: u64, shown: Shown, at: Duration) {
        self.dialogs.push(Dialog::question(self.text, number, shown, at));
    }

    /// The other side has given up.
    pub fn withdrawn(&mut self, number: u64) {
        let before = self.dialogs.len();
        self.dialogs
            .retain(|dialog| !matches!(dialog.purpose, Purpose::Question { number: of, .. } if of == number));
        if self.dialogs.len() < before {
            self.gone("withdrawn");
        }
    }

    /// The `serve` that holds the vault has ended.
    pub fn left(&mut self) {
        self.served = None;
        self.dialogs.retain(|dialog| !matches!(dialog.purpose, Purpose::Question { .. }));
        self.gone("face-gone");
    }

    /// Who was typing a passphrase types on: the keys of the page would take it for commands.
    fn gone(&mut self, id: &str) {
        let lines = vec![self.text.say(id), self.text.say("face-enter")];
        self.dialogs.push(Dialog::keys(lines, Vec::new(), Purpose::Gone, Duration::ZERO));
    }

    /// A key was pressed at `at`, counted from any beginning.
    pub fn key(&mut self, key: KeyEvent, at: Duration) -> Option<Effect> {
        if key.kind == KeyEventKind::Release {
            return None;
        }
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return Some(Effect::Quit);
        }
        // Ctrl and Alt mean something else than the letter.
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return None;
        }
        if self.dialogs.is_empty() { self.page_key(key.code, at) } else { self.dialog_key(key.code, at) }
    }

    fn dialog_key(&mut self, code: KeyCode, at: Duration) -> Option<Effect> {
        let (text, size) = (self.text, self.size);
        let whole = draw::stands_whole(self, size);
        let dialog = self.dialogs.last_mut()?;
        let done = dialog.key(text, code, at, whole)?;
        let dialog = self.dialogs.pop()?;
        self.finish(dialog.purpose, done, at)
    }

    fn finish(&mut self, purpose: Purpose, done: Done, at: Duration) -> Option<Effect> {
        match (purpose, done) {
            (Purpose::Question { number, .. }, done) => Some(Effect::Answer(number, done.said())),
            (Purpose::Prompt(reply), done) => {
                // The errand that asked may have ended.
                let _ = reply.send(done.typed());
                None
            }
            (Purpose::Add, Done::Typed(typed)) if !typed.trim().is_empty() => {
                Some(Effect::Add(typed.trim().to_owned()))
            }
            (Purpose::Rename(passkey), Done::Typed(typed)) => {
                let name = typed.trim().to_owned();
                if name.is_empty() || name != plain(&name, 60) {
                    self.notice = Some(self.text.say("face-name"));
                    self.ask_name(passkey, at);
                    return None;
                }
                Some(Effect::Rename(passkey, name))
            }
            (Purpose::Remove(passkey), Done::Key(0)) => Some(Effect::Remove(passkey)),
            _ => None,
        }
    }

    fn page_key(&mut self, code: KeyCode, at: Duration) -> Option<Effect> {
        self.notice = None;
        match code {
            KeyCode::Char('q') => return Some(Effect::Quit),
            KeyCode::Esc if self.progress.is_some() => return Some(Effect::GiveUp),
            KeyCode::Esc => self.page = Page::List,
            KeyCode::Char('?') => self.page = Page::Help,
            _ if self.page == Page::Help => self.page = Page::List,
            KeyCode::Up | KeyCode::Char('k') => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.choose(self.chosen.saturating_add(1)),
            KeyCode::PageUp => self.chosen = self.chosen.saturating_sub(10),
            KeyCode::PageDown => self.choose(self.chosen.saturating_add(10)),
            KeyCode::Home => self.chosen = 0,
            KeyCode::End => self.choose(usize::MAX),
            KeyCode::Enter if self.page == Page::List && self.chosen().is_some() => self.page = Page::Details,
            KeyCode::Enter => self.page = Page::List,
            KeyCode::Char('a' | 'r' | 'd' | 'u') if self.progress.is_some() => {
                self.notice = Some(self.text.say("face-busy"));
            }
            KeyCode::Char('a') => {
                let lines = vec![self.text.say("face-add"), self.text.say("face-add-how")];
                self.dialogs.push(Dialog::line(lines, false, Purpose::Add, at));
            }
            KeyCode::Char('u') => return Some(Effect::Refresh),
            KeyCode::Char('r') => {
                if let Some(passkey) = self.chosen().cloned() {
                    self.ask_name(passkey, at);
                }
            }
            KeyCode::Char('d') => {
                if let Some(passkey) = self.chosen().cloned() {
                    let (site, account) = (plain(&passkey.site, 253), plain(&passkey.account, 100));
                    let facts = [("site", site.as_str()), ("account", account.as_str())];
                    let lines = vec![self.text.with("remove-ask", &facts)];
                    let keys = yes_no(self.text);
                    self.dialogs.push(Dialog::keys(lines, keys, Purpose::Remove(passkey), at));
                }
            }
            _ => {}
        }
        None
    }

    fn ask_name(&mut self, passkey: Passkey, at: Duration) {
        let lines = vec![self.text.say("face-rename")];
        self.dialogs.push(Dialog::line(lines, false, Purpose::Rename(passkey), at));
    }

    fn choose(&mut self, place: usize) {
        self.chosen = place.min(self.passkeys.len().saturating_sub(1));
    }
}

/// The keys of yes and no, in that order.
pub(super) fn yes_no(text: Text) -> Vec<char> {
    let key = |id: &str| text.say(id).chars().next();
    [key("yes-keys"), key("no-keys")].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
