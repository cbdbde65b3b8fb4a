//! Until the passkey may be made: signing in, or a number that somebody types on the computer.

use std::io::ErrorKind;
use std::time::Duration;

use authenticator::client::Client;
use primitives::secret::SecretText;
use serde::Serialize;
use serde_json::{Value, json};

use super::{ALONE, Enrolment, Errand, ErrandError, Need, alive, read_errand, report};
use crate::ambient;
use crate::io::hid::token::{Key, Token, Way};
use crate::keeper::Keeper;
use crate::server::ServerError;
use crate::talk::{Proof, SecondStep, Talk, Told};

impl<K: Keeper, T: Talk> Enrolment<'_, K, T> {
    pub(super) async fn sign_in(&mut self, path: &str, errand: &Errand) -> Result<Errand, ErrandError> {
        if self.key.is_some() {
            return self.sign_in_by_key(path).await;
        }
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

    /// Signs in by a passkey that is elsewhere: on a security key.
    async fn sign_in_by_key(&mut self, path: &str) -> Result<Errand, ErrandError> {
        let begun = self.server.post(&format!("{ALONE}/sign-in/passkey/begin"), &json!({})).await?;
        let (state, response) = self.assert(path, &begun).await?;
        let body = json!({ "state": state, "response": response });
        let signed_in = self.server.post(&format!("{ALONE}/sign-in/passkey/finish"), &body).await?;
        if path == ALONE {
            return read_errand(signed_in);
        }
        // The computer hears of it, and the errand says what comes next.
        read_errand(self.server.post(&format!("{path}/claim"), &json!({})).await?)
    }

    /// The security key's word for a request.
    async fn by_key(&mut self, mut key: Key, request: Vec<u8>) -> Result<Vec<u8>, ErrandError> {
        let failed = |error: std::io::Error| ErrandError::Key(error.kind());
        let waiting = |_| ErrandError::Key(ErrorKind::Interrupted);
        let path = key.path.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let mut token = Token::open(&path, &mut ambient::entropy())?;
            token.way().map(|way| (token, way))
        });
        let (mut token, way) = opened.await.map_err(waiting)?.map_err(failed)?;
        let pin = match (way, key.pin.take()) {
            (Way::None, _) => return Err(ErrandError::Key(ErrorKind::Unsupported)),
            (Way::BuiltIn, _) => None,
            (Way::Pin, Some(pin)) => Some(pin),
            (Way::Pin, None) => Some(self.talk.pin().await.ok_or(ErrandError::Cancelled)?),
        };
        key.pin = pin.clone();
        self.key = Some(key);
        self.talk.tell(Told::Touch).await;
        let signed =
            tokio::task::spawn_blocking(move || token.sign(&request, pin.as_ref(), &mut ambient::entropy()));
        signed.await.map_err(waiting)?.map_err(failed)
    }

    /// An assertion of this vault, or of the security key where there is one, for what the server began.
    async fn assert(&mut self, path: &str, begun: &Value) -> Result<(Value, Value), ErrandError> {
        let options = begun.get("options").ok_or(ErrandError::Answer)?;
        let state = begun.get("state").ok_or(ErrandError::Answer)?;
        let asked = Client::new(self.server.origin().as_str())
            .request_message(options)
            .map_err(|_| ErrandError::Options)?;
        let request = asked.request().to_vec();
        if let Some(key) = self.key.clone() {
            let reply = alive(self.server.voice(), path, self.pace, self.by_key(key, request)).await?;
            let refused = |_| ErrandError::Key(ErrorKind::PermissionDenied);
            return Ok((state.clone(), asked.authentication(&reply).map_err(refused)?));
        }
        let signed = self.keeper.command(self.server.origin(), request);
        let reply = alive(self.server.voice(), path, self.pace, signed).await?;
        let response = asked.authentication(&reply).map_err(|_| ErrandError::ConfirmFirst)?;
        Ok((state.clone(), response))
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
    pub(super) async fn confirm(&mut self, path: &str) -> Result<Errand, ErrandError> {
        let begun = self.server.post(&format!("{path}/confirm/begin"), &json!({})).await?;
        let (state, response) = self.assert(path, &begun).await?;
        let body = json!({ "state": state, "response": response });
        let confirmed = self.server.post(&format!("{path}/confirm/finish"), &body).await?;
        let errand = read_errand(confirmed)?;
        if errand.need == Need::Confirm { Err(ErrandError::ConfirmFirst) } else { Ok(errand) }
    }

    pub(super) async fn wait_for_number(
        &mut self,
        path: &str,
        errand: &Errand,
    ) -> Result<Errand, ErrandError> {
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
    pub(super) async fn give_up<R>(&mut self, path: &str) -> Result<R, ErrandError> {
        let _ = report(&mut self.server, path, "cancelled").await;
        Err(ErrandError::Cancelled)
    }
}

/// What somebody may simply type again.
fn wrong(error: &ServerError) -> bool {
    // A slip of the keyboard, which costs no try.
    let slip = ["pass_empty", "pass_length", "pass_character", "pass_check_character"];
    slip.contains(&error.code())
        || matches!(error.code(), "pass_wrong" | "password_wrong" | "code_wrong" | "code_used" | "busy")
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
