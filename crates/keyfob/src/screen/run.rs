//! The terminal itself: keys in, the screen out, and between them the vault and one errand at a time.

use std::fs::{File, OpenOptions};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::thread;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{self, Event};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::act::act;
use super::dialog::{Dialog, Purpose};
use super::draw::draw;
use super::talk::{ScreenTalk, Word};
use super::{Effect, Screen};
use crate::control::{Answering, Coming, Hearing};
use crate::holder::{Holder, Passkey};
use crate::text::Text;

/// How often a thread that reads keys looks whether anybody still wants them.
const LOOK: Duration = Duration::from_millis(200);

/// How often the list is looked at where it may have changed.
const TICK: Duration = Duration::from_millis(500);

type Job = Pin<Box<dyn Future<Output = String>>>;

/// What the face works with.
pub struct Behind {
    /// The person's language.
    pub text: Text,
    /// Whether anything is coloured.
    pub colour: bool,
    /// Who holds the vault.
    pub holder: Holder,
    /// What the vault asks.
    pub hearing: Hearing,
    /// What the person answers.
    pub answering: Answering,
    /// What is said first.
    pub notice: String,
}

/// Shows the face until the person has had enough.
pub async fn run(behind: Behind) -> io::Result<()> {
    let Behind { text, colour, holder, hearing, mut answering, notice } = behind;
    let mut screen = Screen::new(text, colour, matches!(holder, Holder::There(_)));
    screen.notice = Some(notice).filter(|notice| !notice.is_empty());
    let (talk, mut words, given_up) = ScreenTalk::new(text);
    let mut whole = Whole::enter()?;
    let mut keys = keys();
    let mut coming = heard(hearing);
    let started = Instant::now();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut job: Option<Job> = None;
    let (looked, mut listed) = mpsc::unbounded_channel();
    let (mut stale, mut looking) = (true, false);
    loop {
        whole.show(&mut screen)?;
        let effect = tokio::select! {
            event = keys.recv() => match event {
                Some(Event::Key(key)) => screen.key(key, started.elapsed()),
                Some(_) => None,
                None => Some(Effect::Quit),
            },
            next = coming.recv(), if screen.served.is_some() => {
                came(&mut screen, next, started.elapsed());
                stale = true;
                None
            }
            Some(word) = words.recv() => {
                hear(&mut screen, word, started.elapsed());
                None
            }
            outcome = done(&mut job) => {
                screen.progress = None;
                screen.notice = Some(outcome);
                stale = true;
                None
            }
            Some(seen) = listed.recv() => {
                looking = false;
                if let Some(passkeys) = seen {
                    screen.listed(passkeys);
                }
                None
            }
            _ = ticks.tick(), if stale && !looking => {
                (stale, looking) = (false, true);
                look(holder.clone(), looked.clone());
                None
            }
        };
        match effect {
            None => {}
            Some(Effect::Quit) => return Ok(()),
            Some(Effect::GiveUp) => given_up.notify_one(),
            Some(Effect::Answer(number, said)) => {
                // A `serve` that has ended is noticed where its questions come from.
                let _ = answering.answer(number, said).await;
                stale = true;
            }
            Some(effect) => {
                screen.progress = Some(text.say("face-working"));
                job = Some(Box::pin(act(text, holder.clone(), talk.clone(), effect)));
            }
        }
    }
}

fn came(screen: &mut Screen, next: Option<Coming>, at: Duration) {
    match next {
        Some(Coming::Question(number, shown)) => screen.asked(number, shown, at),
        Some(Coming::Withdrawn(number)) => screen.withdrawn(number),
        None => screen.left(),
    }
}

fn hear(screen: &mut Screen, word: Word, at: Duration) {
    let dialog = match word {
        Word::Progress(told) => {
            screen.progress = Some(told);
            return;
        }
        Word::Line { lines, hidden, reply } => Dialog::line(lines, hidden, Purpose::Prompt(reply), at),
        Word::Keys { lines, keys, reply } => Dialog::keys(lines, keys, Purpose::Prompt(reply), at),
    };
    // What the vault asks stays in front.
    let before = screen
        .dialogs
        .iter()
        .position(|dialog| matches!(dialog.purpose, Purpose::Question { .. }))
        .unwrap_or(screen.dialogs.len());
    screen.dialogs.insert(before, dialog);
}

/// Looks at the vault. While it asks the person it does nothing else, so nobody waits for this: least of all the screen on
/// which they answer.
fn look(holder: Holder, looked: mpsc::UnboundedSender<Option<Vec<Passkey>>>) {
    tokio::spawn(async move {
        // A vault that has gone is noticed where its questions come from; a screen that has gone wants nothing.
        let _ = looked.send(holder.passkeys().await.ok());
    });
}

/// The outcome of the errand that is under way; never, if there is none.
async fn done(job: &mut Option<Job>) -> String {
    match job {
        Some(under_way) => {
            let outcome = under_way.await;
            *job = None;
            outcome
        }
        None => std::future::pending().await,
    }
}

/// What is pressed. Reading waits where it stands, so it has a thread, which ends when nobody wants keys any more.
fn keys() -> mpsc::UnboundedReceiver<Event> {
    let (pressed, keys) = mpsc::unbounded_channel();
    thread::spawn(move || {
        while !pressed.is_closed() {
            match event::poll(LOOK).and_then(|there| if there { event::read().map(Some) } else { Ok(None) }) {
                Ok(Some(event)) => {
                    if pressed.send(event).is_err() {
                        return;
                    }
                }
                Ok(None) => {}
                // The terminal has gone.
                Err(_) => return,
            }
        }
    });
    keys
}

fn heard(mut hearing: Hearing) -> mpsc::UnboundedReceiver<Coming> {
    let (heard, coming) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok(Some(next)) = hearing.next().await {
            if heard.send(next).is_err() {
                return;
            }
        }
    });
    coming
}

/// The whole terminal, given back as it was whatever happens.
struct Whole(Terminal<CrosstermBackend<File>>);

impl Whole {
    fn enter() -> io::Result<Self> {
        let mut tty = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        enable_raw_mode()?;
        let terminal = execute!(tty, EnterAlternateScreen, Hide)
            .and_then(|()| Terminal::new(CrosstermBackend::new(tty)));
        terminal.map(Self).inspect_err(|_| {
            let _ = disable_raw_mode();
        })
    }
}

impl Whole {
    fn show(&mut self, screen: &mut Screen) -> io::Result<()> {
        let size = self.0.size()?;
        screen.size = (size.width, size.height);
        self.0.draw(|frame| draw(frame, screen)).map(|_| ())
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        let _ = execute!(self.0.backend_mut(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

#[cfg(test)]
mod tests {
    use authenticator::{Ctap2, Settings};

    use super::*;
    use crate::ambient;
    use crate::control::{Attendants, Said};
    use crate::face::Via;
    use crate::face::served::Served;
    use crate::face::verify::Verifier;
    use crate::vault_file::{Unlock, VaultFile};
    use crate::worker;

    /// authenticatorSelection, which asks the person and nothing else.
    const SELECTION: u8 = 0x0b;

    #[tokio::test]
    async fn a_vault_that_asks_does_not_hold_up_the_screen_on_which_it_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let vault =
            VaultFile::create(&folder.path().join("vault"), Unlock::Unattended, &mut ambient::entropy())
                .unwrap();
        let attendants = Attendants::default();
        let (hearing, mut answering) = attendants.here().unwrap().split();
        let face = Served::new(Text::English, attendants, Verifier::Nobody, None);
        let worker = worker::start(Ctap2::new(Settings::keyfob(), vault, ambient::now()), face).unwrap();
        let mut coming = heard(hearing);
        let asked = tokio::spawn(worker.handle(Via::SecurityKey, vec![SELECTION]).done());
        let Some(Coming::Question(number, _)) = coming.recv().await else { panic!("nothing asked") };
        let (looked, mut listed) = mpsc::unbounded_channel();
        look(Holder::Here(worker), looked);
        tokio::task::yield_now().await;
        assert!(listed.try_recv().is_err(), "the vault is busy with the question");
        answering.answer(number, Said { approved: true, account: 0, passphrase: None }).await.unwrap();
        assert_eq!(asked.await.unwrap(), [0]);
        assert_eq!(listed.recv().await, Some(Some(Vec::new())));
    }
}
