//! Who attends: a terminal that is shown what waits, and says what its person says.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use primitives::secret::SecretText;
use serde::{Deserialize, Serialize};
use tokio::io::BufReader;
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

    fn join(&self) -> mpsc::Receiver<Asked> {
        let (sender, receiver) = mpsc::channel(1);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }
}

/// Shows one attendant what waits, until it goes.
pub(super) async fn show(
    attendants: &Attendants,
    mut read: BufReader<OwnedReadHalf>,
    mut write: OwnedWriteHalf,
) -> io::Result<()> {
    let mut asked = attendants.join();
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
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
}

impl Attendance {
    pub(super) fn new(read: BufReader<OwnedReadHalf>, write: OwnedWriteHalf) -> Self {
        Self { read, write }
    }

    /// What comes next; `None` when `serve` has ended.
    pub async fn next(&mut self) -> io::Result<Option<Coming>> {
        let Some(line) = line(&mut self.read, LONGEST_WISH).await? else { return Ok(None) };
        Ok(Some(match serde_json::from_slice(&line)? {
            ShownLine::Question(number, shown) => Coming::Question(number, shown),
            ShownLine::Withdrawn(number) => Coming::Withdrawn(number),
        }))
    }

    /// Says what the person says to the question of that number.
    pub async fn answer(&mut self, question: u64, said: Said) -> io::Result<()> {
        let passphrase = said.passphrase.as_ref().map(|secret| secret.reveal().to_owned());
        let line = SaidLine { question, approved: said.approved, account: said.account, passphrase };
        say(&mut self.write, &line).await
    }
}
