//! The errand of creating a passkey for a sign-in server, as the program that has no browser (guide, path A).
//!
//! A computer's wizard waits for it and follows live. This side is the phone: it takes the errand up, signs in or shows a
//! number, has the passkey made by whoever holds the vault, and hands it in. No half-registered passkey is
//! left over: what the server refuses is deleted here; what it may have taken is kept until it has said so.

mod creating;
mod facts;
mod outcome;
mod signing_in;
pub mod unfinished;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::io::hid::token::Key;
use crate::keeper::Keeper;
use crate::server::{Origin, Server, ServerError};
use crate::talk::{Choice, Talk, Told};

pub use facts::{Computer, Errand, Need, Ticket, TicketRefusal};
pub use outcome::{Created, ErrandError};

/// How often the computer hears that somebody is still here, and how often a number is looked after.
const ALIVE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_secs(2);

/// How far apart what may have been lost is handed in again.
const HAND_IN_AGAIN: Duration = Duration::from_secs(10);

/// The errand without a computer.
const ALONE: &str = "/api/enrolment/self";

/// How many steps an errand may have.
const STEPS: u32 = 8;

/// How fast things are done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between two signs of life.
    pub alive: Duration,
    /// Between two looks whether the number was typed.
    pub look: Duration,
    /// Between two tries to hand in what may have been lost.
    pub again: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { alive: ALIVE, look: LOOK, again: HAND_IN_AGAIN }
    }
}

/// The ticket that a typed code stands for.
pub async fn find(server: &mut Server, code: &str) -> Result<Ticket, ErrandError> {
    let found = server.post("/api/enrolment/code", &json!({ "code": code })).await?;
    let ticket = found.get("ticket").and_then(Value::as_str).ok_or(ErrandError::Answer)?;
    Ticket::parse(ticket).map_err(|_| ErrandError::Answer)
}

/// One errand under way.
pub struct Enrolment<'a, K, T> {
    /// The conversation.
    pub server: Server,
    /// Who makes the passkey.
    pub keeper: &'a mut K,
    /// Who talks to the person.
    pub talk: &'a mut T,
    /// How fast things are done again.
    pub pace: Pace,
    /// What the server shall call the passkey where it does not know better.
    pub name: Option<String>,
    /// The file of authorities by which the server is known, to be remembered.
    pub ca: Option<PathBuf>,
    /// The security key that they sign in with, instead of a pass.
    pub key: Option<Key>,
}

impl<K: Keeper, T: Talk> Enrolment<'_, K, T> {
    /// Carries the errand of `ticket` out.
    pub async fn run(mut self, ticket: &Ticket) -> Result<Created, ErrandError> {
        let path = format!("/api/enrolment/{ticket}");
        let answer = self.server.get(&path).await?;
        let shown = read_errand(answer)?;
        match self.talk.choose(self.server.origin(), &shown).await {
            Choice::GoOn => {}
            Choice::NotMine => {
                self.server.post(&format!("{path}/decline"), &json!({})).await?;
                return Err(ErrandError::Declined);
            }
            Choice::Cancel => return Err(ErrandError::Cancelled),
        }
        let claimed = self.server.post(&format!("{path}/claim"), &json!({})).await?;
        let ready = self.until_allowed(&path, claimed).await?;
        self.create(&path, &ready).await
    }

    /// Signs in by itself and creates, without a computer that waits; the session ends with the errand.
    pub async fn run_alone(mut self) -> Result<Created, ErrandError> {
        self.introduce().await?;
        let first = self.server.get(ALONE).await?;
        let created = match self.until_allowed(ALONE, first).await {
            Ok(ready) => self.create(ALONE, &ready).await,
            Err(error) => Err(error),
        };
        // Whether or not it worked: nothing is left signed in. But where nobody knows whether it did, the next command
        // asks again, as the one who asked.
        if !matches!(created, Err(ErrandError::Unknown)) {
            let _ = self.server.post(&format!("{ALONE}/sign-out"), &json!({})).await;
        }
        created
    }

    /// Says what the server calls itself, before anybody tells it a secret.
    async fn introduce(&mut self) -> Result<(), ErrandError> {
        let discovery = self.server.discover().await?;
        if discovery.origin != self.server.origin().as_str() {
            return Err(ErrandError::OtherOrigin(discovery.origin));
        }
        self.talk.tell(Told::Server(&discovery.name)).await;
        Ok(())
    }

    /// Signs in, or waits for the number, until the passkey may be made.
    async fn until_allowed(&mut self, path: &str, first: Value) -> Result<Errand, ErrandError> {
        let mut errand = read_errand(first)?;
        // Each step is passed once or twice; a server that asks for ever is not gone along with.
        for _ in 0..STEPS {
            if errand.other_account {
                return Err(ErrandError::OtherAccount);
            }
            errand = match errand.need {
                Need::Create => return Ok(errand),
                Need::SignIn => self.sign_in(path, &errand).await?,
                Need::Number => self.wait_for_number(path, &errand).await?,
                Need::Claim => {
                    let claimed = self.server.post(&format!("{path}/claim"), &json!({})).await?;
                    read_errand(claimed)?
                }
                Need::Confirm => self.confirm(path).await?,
                Need::Nothing => return Err(ErrandError::Answer),
            };
        }
        Err(ErrandError::Answer)
    }
}

fn read_errand(answer: Value) -> Result<Errand, ErrandError> {
    Errand::read(&answer).ok_or(ErrandError::Answer)
}

/// Tells the computer; without one there is nobody to tell.
async fn report(server: &mut Server, path: &str, report: &str) -> Result<(), ServerError> {
    if path == ALONE {
        return Ok(());
    }
    server.post(&format!("{path}/report"), &json!({ "report": report })).await.map(|_| ())
}

/// Waits for a person, and says meanwhile that somebody is here. That a sign of life got lost is no reason to stop.
async fn alive<R>(mut server: Server, path: &str, pace: Pace, asked: impl Future<Output = R>) -> R {
    let mut asked = std::pin::pin!(asked);
    loop {
        tokio::select! {
            answer = &mut asked => return answer,
            () = tokio::time::sleep(pace.alive) => {
                let _ = report(&mut server, path, "alive").await;
            }
        }
    }
}

/// The origin and the ticket of the address that the wizard's code holds.
pub fn address(text: &str) -> Result<(Origin, Ticket), TicketRefusal> {
    let (origin, path) = Origin::split(text).map_err(|_| TicketRefusal::Address)?;
    let ticket = path.strip_prefix("/a/e/").ok_or(TicketRefusal::Address)?;
    Ok((origin, Ticket::parse(ticket)?))
}

#[cfg(test)]
mod tests;
