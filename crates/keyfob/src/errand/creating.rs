//! Making the passkey and handing it in. What is under way is noted in the vault first, so that neither a crash nor a lost
//! answer leaves half of it.

use authenticator::client::{Client, ClientError, CreationMessage};
use serde_json::{Value, json};

use super::unfinished::Unfinished;
use super::{ALONE, Created, Enrolment, Errand, ErrandError, alive, report};
use crate::ambient;
use crate::holder::About;
use crate::keeper::{Certificate, Keeper};
use crate::server::ServerError;
use crate::talk::{Talk, Told};

/// By what a passkey of Keyfob's is reached: on its own computer, and from other devices.
const TRANSPORTS: [&str; 2] = ["hybrid", "internal"];

/// The most certificates of a chain.
const MOST_CERTIFICATES: usize = 4;

/// How often what may have been lost is handed in again: for some two minutes.
const HAND_IN: u32 = 12;

impl<K: Keeper, T: Talk> Enrolment<'_, K, T> {
    /// Has the passkey made and hands it in.
    pub(super) async fn create(&mut self, path: &str, errand: &Errand) -> Result<Created, ErrandError> {
        let begun = self.server.post(&format!("{path}/begin"), &json!({})).await?;
        let options = begun.get("options").ok_or(ErrandError::Answer)?;
        let state = begun.get("state").ok_or(ErrandError::Answer)?;
        let client = Client::new(self.server.origin().as_str());
        let asked = client.creation_message(options).map_err(|_| ErrandError::Options)?;
        self.attest(path, options, state).await?;
        report(&mut self.server, path, "prompting").await?;
        self.talk.tell(Told::Creating).await;
        let mut unfinished = self.unfinished(path, errand, options).ok_or(ErrandError::Options)?;
        self.keeper.note(&unfinished).await?;
        let made = self.make(path, &asked).await;
        let response = match made {
            Ok(response) => response,
            Err(error) => {
                self.keeper.settle(&unfinished.name).await?;
                return Err(error);
            }
        };
        let id = response.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut finish = json!({ "state": state, "response": response });
        if let (Some(finish), Some(name)) = (finish.as_object_mut(), &self.name) {
            finish.insert("name".to_owned(), json!(name));
        }
        unfinished.made = Some((id.clone(), finish.to_string()));
        self.keeper.note(&unfinished).await?;
        self.talk.tell(Told::HandingIn).await;
        let done = self.hand_in(path, &finish, &id, &unfinished.name).await?;
        let text = |member: &str| {
            let text = done.get(member).and_then(Value::as_str).unwrap_or_default();
            crate::server::plain(text, 200)
        };
        let (passkey, name) = (text("passkey"), text("name"));
        // It is there and works; that its server is not noted is no reason to say otherwise.
        let _ = self.keeper.know(&id, unfinished.about(&name)).await;
        let _ = self.keeper.settle(&unfinished.name).await;
        Ok(Created {
            server: self.server.origin().to_string(),
            account: unfinished.account,
            followed: path != ALONE,
            passkey,
            name,
        })
    }

    /// The passkey, in the words of WebAuthn.
    async fn make(&mut self, path: &str, asked: &CreationMessage) -> Result<Value, ErrandError> {
        let made = self.keeper.command(self.server.origin(), asked.request().to_vec());
        let reply = match alive(self.server.voice(), path, self.pace, made).await {
            Ok(reply) => reply,
            Err(error) => {
                let _ = report(&mut self.server, path, "cancelled").await;
                return Err(error.into());
            }
        };
        match asked.registration(&reply, &TRANSPORTS) {
            Ok(response) => Ok(response),
            Err(ClientError::InvalidState) => {
                let _ = report(&mut self.server, path, "duplicate").await;
                Err(ErrandError::Duplicate)
            }
            Err(_) => self.give_up(path).await,
        }
    }

    /// What is noted before anything is made; `None` if the options do not say for whom.
    fn unfinished(&self, path: &str, errand: &Errand, options: &Value) -> Option<Unfinished> {
        let member = |pointer: &str| options.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Some(Unfinished {
            name: Unfinished::name_for(member("/challenge")?.as_str()),
            server: self.server.origin().to_string(),
            ca: self.ca.clone(),
            path: path.to_owned(),
            bearer: self.server.bearer(),
            rp_id: member("/rp/id")?,
            user: member("/user/id")?,
            account: errand.login.clone().unwrap_or_else(|| errand.account.clone()),
            since: ambient::now().secs(),
            made: None,
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
    async fn hand_in(
        &mut self,
        path: &str,
        finish: &Value,
        id: &str,
        name: &str,
    ) -> Result<Value, ErrandError> {
        let finish_path = format!("{path}/finish");
        let mut lost = false;
        for _ in 0..HAND_IN {
            match self.server.post(&finish_path, finish).await {
                Ok(done) => return Ok(done),
                Err(error) if error.passes() => {
                    lost = true;
                    self.talk.tell(Told::HandingInAgain).await;
                    tokio::time::sleep(self.pace.again).await;
                }
                // After a lost answer a no may be about who asks; the server may have the passkey.
                Err(error) if error.is_final() && (!lost || error.judged()) => {
                    self.keeper.forget(id).await?;
                    self.keeper.settle(name).await?;
                    return Err(error.into());
                }
                // Whoever answered, it was not the server, or it was not about the passkey: it may have it.
                Err(_) => break,
            }
        }
        Err(ErrandError::Unknown)
    }
}

impl Unfinished {
    /// What is known about the passkey, once the server has it.
    pub(super) fn about(&self, name: &str) -> About {
        About {
            server: Some(self.server.clone()),
            ca: self.ca.clone(),
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            under_way: false,
        }
    }
}
