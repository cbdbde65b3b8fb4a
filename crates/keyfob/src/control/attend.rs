//! Who attends: a terminal that is shown what waits, and says what its person says.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use primitives::secret::SecretText;
use serde::{Deserialize, Serialize};
use tokio::io::BufReader;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot};

use super::{LONGEST_WISH, line, say};

/// A question as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What it says.
    pub lines: Vec<String>,
    /// The accounts to pick from, where there are several.
    pub accounts: Vec<String>,
    /// Whether the vault's passphrase is to be typed with the approval.
    pub passphrase: bool,
    /// Whether it deletes everything, and needs more than a key to be pressed.
    pub reset: bool,
}

/// What the person says.
#[derive(Clone, Debug)]
pub struct Said {
    /// Whether they approve.
    pub approved: bool,
    /// Which account they mean.
    pub account: usize,
    /// What they typed.
    pub passphrase: Option<SecretText>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidLine {
    question: u64,
    approved: bool,
    account: usize,
    #[serde(default)]
    passphrase: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ShownLine {
    /// A question is open.
    Question(u64, Shown),
    /// It is moot.
    Withdrawn(u64),
}

struct Asked {
    shown: Shown,
    said: oneshot::Sender<Said>,
}

/// Those who attend; the last to come is asked.
#[derive(Clone, Default)]
pub struct Attendants(Arc<Mutex<Vec<mpsc::Sender<Asked>>>>);

impl Attendants {
    /// Asks whoever attends; `None` if nobody does, or who did has gone. Dropped, it withdraws the question.
    pub async fn ask(&self, shown: Shown) -> Option<Said> {
        let attendant = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|attendant| !attendant.is_closed());
            all.last().cloned()
        }?;
        let (said, answer) = oneshot::channel();
        attendant.send(Asked { shown, said }).await.ok()?;
        answer.await.ok()
    }

    /// Attends in this very process.
    pub fn here(&self) -> io::Result<Attendance> {
        let (ours, theirs) = UnixStream::pair()?;
        let asked = self.join();
        let (read, write) = theirs.into_split();
        tokio::spawn(async move {
            // It ends when this process does not attend any more.
            let _ = until_gone(asked, BufReader::new(read), write).await;
        });
        let (read, write) = ours.into_split();
        Ok(Attendance::new(BufReader::new(read), write))
    }

    /// How many attend.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn join(&self) -> mpsc::Receiver<Asked> {
        let (sender, receiver) = mpsc::channel(1);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }
}

/// Shows one attendant what waits, until it goes.
pub(super) async fn show(
    attendants: &Attendants,
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
) -> io::Result<()> {
    until_gone(attendants.join(), read, write).await
}

async fn until_gone(
    mut asked: mpsc::Receiver<Asked>,
    mut read: BufReader<OwnedReadHalf>,
    mut write: OwnedWriteHalf,
) -> io::Result<()> {
    let mut number = 0_u64;
    loop {
        let Asked { shown, mut said } = tokio::select! {
            next = asked.recv() => match next {
                Some(next) => next,
                None => return Ok(()),
            },
            // It says nothing while nothing is asked: its end is all that can come.
            line = line(&mut read, LONGEST_WISH) => match line? {
                Some(_) => continue,
                None => return Ok(()),
            },
        };
        number = number.saturating_add(1);
        say(&mut write, &ShownLine::Question(number, shown)).await?;
        loop {
            tokio::select! {
                () = said.closed() => {
                    say(&mut write, &ShownLine::Withdrawn(number)).await?;
                    break;
                }
                line = line(&mut read, LONGEST_WISH) => {
                    let Some(line) = line? else { return Ok(()) };
                    let answer: SaidLine = serde_json::from_slice(&line)?;
                    // An answer to a question that was withdrawn meanwhile is none to this one.
                    if answer.question != number {
                        continue;
                    }
                    let passphrase = answer.passphrase.map(SecretText::new);
                    let _ = said.send(Said { approved: answer.approved, account: answer.account, passphrase });
                    break;
                }
            }
        }
    }
}

/// What comes to an attendant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coming {
    /// A question with its number.
    Question(u64, Shown),
    /// The question of that number is moot.
    Withdrawn(u64),
}

/// This side of attending.
#[derive(Debug)]
pub struct Attendance {
    hearing: Hearing,
    answering: Answering,
}

impl Attendance {
    pub(super) fn new(read: BufReader<OwnedReadHalf>, write: OwnedWriteHalf) -> Self {
        Self { hearing: Hearing(read), answering: Answering(write) }
    }

    /// What comes next; `None` when `serve` has ended.
    pub async fn next(&mut self) -> io::Result<Option<Coming>> {
        self.hearing.next().await
    }

    /// Says what the person says to the question of that number.
    pub async fn answer(&mut self, question: u64, said: Said) -> io::Result<()> {
        self.answering.answer(question, said).await
    }

    /// Both directions by themselves, for whoever hears and answers at the same time.
    pub fn split(self) -> (Hearing, Answering) {
        (self.hearing, self.answering)
    }
}

/// What comes to an attendant.
#[derive(Debug)]
pub struct Hearing(BufReader<OwnedReadHalf>);

impl Hearing {
    /// What comes next; `None` when `serve` has ended. Not to be dropped and called again.
    pub async fn next(&mut self) -> io::Result<Option<Coming>> {
        let Some(line) = line(&mut self.0, LONGEST_WISH).await? else { return Ok(None) };
        Ok(Some(match serde_json::from_slice(&line)? {
            ShownLine::Question(number, shown) => Coming::Question(number, shown),
            ShownLine::Withdrawn(number) => Coming::Withdrawn(number),
        }))
    }
}

/// What an attendant says.
#[derive(Debug)]
pub struct Answering(OwnedWriteHalf);

impl Answering {
    /// Says what the person says to the question of that number.
    pub async fn answer(&mut self, question: u64, said: Said) -> io::Result<()> {
        let passphrase = said.passphrase.as_ref().map(|secret| secret.reveal().to_owned());
        let line = SaidLine { question, approved: said.approved, account: said.account, passphrase };
        say(&mut self.0, &line).await
    }
}
