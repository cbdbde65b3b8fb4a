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
use crate::holder::Holder;
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
    let mut stale = true;
    loop {
        let size = whole.0.size()?;
        screen.size = (size.width, size.height);
        whole.0.draw(|frame| draw(frame, &screen))?;
        let effect = tokio::select! {
            event = keys.recv() => match event {
                Some(Event::Key(key)) => screen.key(key, started.elapsed()),
                Some(_) => None,
                None => Some(Effect::Quit),
            },
            next = coming.recv(), if screen.served.is_some() => {
                match next {
                    Some(Coming::Question(number, shown)) => screen.asked(number, shown, started.elapsed()),
                    Some(Coming::Withdrawn(number)) => screen.withdrawn(number),
                    None => screen.left(),
                }
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
            _ = ticks.tick(), if stale => {
                stale = false;
                if let Ok(passkeys) = holder.passkeys().await {
                    screen.listed(passkeys);
                }
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

impl Drop for Whole {
    fn drop(&mut self) {
        let _ = execute!(self.0.backend_mut(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}
