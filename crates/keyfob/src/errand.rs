//! The errand of creating a passkey for a sign-in server, as the program that has no browser (guide, path A).
//!
//! A computer's wizard waits for it and follows live. This side is the phone: it takes the errand up, signs in or shows a
//! number, has the passkey made by whoever holds the vault, and hands it in. No half-registered passkey is
//! left over: what the server refuses is deleted here; what it may have taken is kept until it has said so.

mod facts;
mod outcome;

use std::path::PathBuf;
use std::time::Duration;

use authenticator::client::{Client, ClientError};
use primitives::secret::SecretText;
use serde::Serialize;
use serde_json::{Value, json};

use crate::holder::About;
use crate::keeper::{Certificate, Keeper};
use crate::server::{Origin, Server, ServerError};
use crate::talk::{Choice, Proof, SecondStep, Talk, Told};

pub use facts::{Computer, Errand, Need, Ticket, TicketRefusal};
pub use outcome::{Created, ErrandError};

/// How often the computer hears that somebody is still here, and how often a number is looked after.
const ALIVE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_secs(2);

/// How often, and how far apart, what may have been lost is handed in again: for some two minutes.
const HAND_IN: u32 = 12;
const HAND_IN_AGAIN: Duration = Duration::from_secs(10);

/// The errand without a computer.
const ALONE: &str = "/api/enrolment/self";

/// By what a passkey of Keyfob's is reached: on its own computer, and from other devices.
const TRANSPORTS: [&str; 2] = ["hybrid", "internal"];

/// The most certificates of a chain.
const MOST_CERTIFICATES: usize = 4;

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
        let first = self.server.get(ALONE).await?;
        let created = match self.until_allowed(ALONE, first).await {
            Ok(ready) => self.create(ALONE, &ready).await,
            Err(error) => Err(error),
        };
        // Whether or not it worked: nothing is left signed in.
        let _ = self.server.post(&format!("{ALONE}/sign-out"), &json!({})).await;
        created
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

    async fn sign_in(&mut self, path: &str, errand: &Errand) -> Result<Errand, ErrandError> {
        let mut last: Option<ServerError> = None;
        let login = match path {
            ALONE => match self.talk.login().await {
                Some(login) => Some(login),
                None => return Err(ErrandError::Cancelled),
            },
            _ => None,
        };
        loop {
            let asked = alive(self.server.voice(), path, self.pace, self.talk.prove(errand, last.as_ref()));
            let (way, pass, password) = match asked.await {
                None => return self.give_up(path).await,
                Some(Proof::Pass(pass)) => ("pass", Some(pass), None),
                Some(Proof::Password(password)) => ("password", None, Some(password)),
            };
            let proof = SignIn {
                login: login.as_deref(),
                pass: pass.as_ref().map(SecretText::reveal),
                password: password.as_ref().map(SecretText::reveal),
            };
            let answer = self.server.post(&format!("{path}/sign-in/{way}"), &proof).await;
            last = Some(match answer {
                Ok(answer) if answer.get("step").is_some() => match self.second_step(path, &answer).await? {
                    Ok(errand) => return Ok(errand),
                    Err(refused) => refused,
                },
                Ok(answer) => return read_errand(answer),
                Err(error) if wrong(&error) => error,
                Err(error) => return Err(error.into()),
            });
        }
    }

    /// The second step after a password; with its refusal the first is taken again.
    async fn second_step(
        &mut self,
        path: &str,
        answer: &Value,
    ) -> Result<Result<Errand, ServerError>, ErrandError> {
        let step = answer.get("step").and_then(Value::as_str).ok_or(ErrandError::Answer)?.to_owned();
        let methods = answer.get("methods").and_then(Value::as_array).ok_or(ErrandError::Answer)?;
        let methods: Vec<SecondStep> =
            methods.iter().filter_map(Value::as_str).filter_map(SecondStep::parse).collect();
        let asked = alive(self.server.voice(), path, self.pace, self.talk.second_step(&methods));
        let Some((method, code)) = asked.await else { return self.give_up(path).await };
        let body = Second { step: &step, code: code.reveal(), method: method.as_str() };
        match self.server.post(&format!("{path}/sign-in/code"), &body).await {
            Ok(answer) => Ok(Ok(read_errand(answer)?)),
            Err(error) if wrong(&error) => Ok(Err(error)),
            Err(error) => Err(error.into()),
        }
    }

    /// Touches an existing passkey of this vault, which the account asks for before it takes another.
    async fn confirm(&mut self, path: &str) -> Result<Errand, ErrandError> {
        let begun = self.server.post(&format!("{path}/confirm/begin"), &json!({})).await?;
        let options = begun.get("options").ok_or(ErrandError::Answer)?;
        let state = begun.get("state").ok_or(ErrandError::Answer)?;
        let asked = Client::new(self.server.origin().as_str())
            .request_message(options)
            .map_err(|_| ErrandError::Options)?;
        let signed = self.keeper.command(self.server.origin(), asked.request().to_vec());
        let reply = alive(self.server.voice(), path, self.pace, signed).await?;
        let response = asked.authentication(&reply).map_err(|_| ErrandError::ConfirmFirst)?;
        let body = json!({ "state": state, "response": response });
        let confirmed = self.server.post(&format!("{path}/confirm/finish"), &body).await?;
        let errand = read_errand(confirmed)?;
        if errand.need == Need::Confirm { Err(ErrandError::ConfirmFirst) } else { Ok(errand) }
    }

    async fn wait_for_number(&mut self, path: &str, errand: &Errand) -> Result<Errand, ErrandError> {
        let number = errand.number.clone().ok_or(ErrandError::Answer)?;
        self.talk.tell(Told::Number(&number)).await;
        let mut since_alive = Duration::ZERO;
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.pace.look) => {}
                () = self.talk.given_up() => return self.give_up(path).await,
            }
            since_alive = since_alive.saturating_add(self.pace.look);
            if since_alive >= self.pace.alive {
                since_alive = Duration::ZERO;
                let _ = report(&mut self.server, path, "alive").await;
            }
            match self.server.get(path).await {
                Ok(answer) => {
                    let errand = read_errand(answer)?;
                    if errand.need != Need::Number {
                        return Ok(errand);
                    }
                }
                Err(error) if error.passes() => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Tells the computer, which says so at once, and ends.
    async fn give_up<R>(&mut self, path: &str) -> Result<R, ErrandError> {
        let _ = report(&mut self.server, path, "cancelled").await;
        Err(ErrandError::Cancelled)
    }

    /// Has the passkey made and hands it in.
    async fn create(&mut self, path: &str, errand: &Errand) -> Result<Created, ErrandError> {
        let begun = self.server.post(&format!("{path}/begin"), &json!({})).await?;
        let options = begun.get("options").ok_or(ErrandError::Answer)?;
        let state = begun.get("state").ok_or(ErrandError::Answer)?;
        let client = Client::new(self.server.origin().as_str());
        let asked = client.creation_message(options).map_err(|_| ErrandError::Options)?;
        self.attest(path, options, state).await?;
        report(&mut self.server, path, "prompting").await?;
        self.talk.tell(Told::Creating).await;
        let made = self.keeper.command(self.server.origin(), asked.request().to_vec());
        let reply = match alive(self.server.voice(), path, self.pace, made).await {
            Ok(reply) => reply,
            Err(error) => {
                let _ = report(&mut self.server, path, "cancelled").await;
                return Err(error.into());
            }
        };
        let response = match asked.registration(&reply, &TRANSPORTS) {
            Ok(response) => response,
            Err(ClientError::InvalidState) => {
                let _ = report(&mut self.server, path, "duplicate").await;
                return Err(ErrandError::Duplicate);
            }
            Err(_) => return self.give_up(path).await,
        };
        let id = response.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut finish = json!({ "state": state, "response": response });
        if let (Some(finish), Some(name)) = (finish.as_object_mut(), &self.name) {
            finish.insert("name".to_owned(), json!(name));
        }
        self.talk.tell(Told::HandingIn).await;
        let done = self.hand_in(path, &finish, &id).await?;
        let text = |member: &str| {
            let text = done.get(member).and_then(Value::as_str).unwrap_or_default();
            crate::server::plain(text, 200)
        };
        let (passkey, name) = (text("passkey"), text("name"));
        let about = About {
            server: Some(self.server.origin().to_string()),
            ca: self.ca.clone(),
            name: Some(name.clone()).filter(|name| !name.is_empty()),
        };
        // It is there and works; that its server is not noted is no reason to say otherwise.
        let _ = self.keeper.know(&id, about).await;
        Ok(Created {
            server: self.server.origin().to_string(),
            account: errand.login.clone().unwrap_or_else(|| errand.account.clone()),
            followed: path != ALONE,
            passkey,
            name,
        })
    }

    /// Gets this authenticator the certificate that the organisation issues to its own, if it does: what cannot be had is
    /// done without, and it is the server that decides whether that will do.
    async fn attest(&mut self, path: &str, options: &Value, state: &Value) -> Result<(), ErrandError> {
        let member = |pointer: &str| options.pointer(pointer).and_then(Value::as_str);
        if member("/attestation") != Some("direct") {
            return Ok(());
        }
        let (rp_id, challenge) = (
            member("/rp/id").ok_or(ErrandError::Options)?,
            member("/challenge").ok_or(ErrandError::Options)?,
        );
        let Certificate { key, proof } = self.keeper.certificate_key(rp_id, challenge).await?;
        let asked = json!({ "state": state, "key": key, "proof": proof });
        let issued = match self.server.post(&format!("{path}/attestation"), &asked).await {
            Ok(issued) => issued,
            Err(ServerError::Refused(_) | ServerError::NotKeyward) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let chain = issued.get("chain").and_then(Value::as_array).ok_or(ErrandError::Answer)?;
        let chain: Vec<String> =
            chain.iter().take(MOST_CERTIFICATES).filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(self.keeper.certified(rp_id, chain).await?)
    }

    /// Hands the passkey in until the server has said yes or no: the same request again changes nothing, and a lost
    /// answer loses no passkey.
    async fn hand_in(&mut self, path: &str, finish: &Value, id: &str) -> Result<Value, ErrandError> {
        let finish_path = format!("{path}/finish");
        for _ in 0..HAND_IN {
            match self.server.post(&finish_path, finish).await {
                Ok(done) => return Ok(done),
                Err(error) if error.passes() => {
                    self.talk.tell(Told::HandingInAgain).await;
                    tokio::time::sleep(self.pace.again).await;
                }
                Err(ServerError::Refused(refused)) => {
                    self.keeper.forget(id).await?;
                    return Err(ServerError::Refused(refused).into());
                }
                // Whoever answered, it was not the server: it may have the passkey.
                Err(_) => break,
            }
        }
        Err(ErrandError::Unknown)
    }
}

fn read_errand(answer: Value) -> Result<Errand, ErrandError> {
    Errand::read(&answer).ok_or(ErrandError::Answer)
}

/// What somebody may simply type again.
fn wrong(error: &ServerError) -> bool {
    matches!(error.code(), "pass_wrong" | "password_wrong" | "code_wrong" | "code_used" | "busy")
}

/// What signs in; written once, into memory that is wiped.
#[derive(Serialize)]
struct SignIn<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

#[derive(Serialize)]
struct Second<'a> {
    step: &'a str,
    code: &'a str,
    method: &'a str,
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
