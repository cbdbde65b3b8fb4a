//! One browser with the people who use it: does what people do over HTTP, and notes every call in the history.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::history::{ABSENT, Effect, End, History, Key, PRESENT};
use super::random::Random;
use crate::http::{Body, Connection, Endpoint};
use crate::person::Person;
use crate::worker::{SESSION, browser_cookie};

/// Whoever has no answer by then counts it as unknown.
const PATIENCE: Duration = Duration::from_secs(10);

/// A passkey in the authenticator of its own.
pub(crate) struct Held {
    /// The authenticator.
    pub(crate) authenticator: Person,
    /// Its credential id in base64url.
    pub(crate) credential: String,
    /// The passkey's id, where an answer told it.
    pub(crate) id: Option<String>,
}

/// A person of this browser.
pub(crate) struct Somebody {
    /// The login.
    pub(crate) login: String,
    /// What they sign in with; never empty.
    pub(crate) keys: Vec<Held>,
    /// The token of their session.
    pub(crate) session: Option<String>,
    /// Whether that is a full one; an onboarding session reaches little.
    pub(crate) full: bool,
    /// A call of theirs has an unknown end: nothing more is done until it was looked up.
    pub(crate) doubtful: bool,
}

/// Somebody with a pass and without a passkey.
#[derive(Clone, Debug)]
pub(crate) struct Newcomer {
    /// The login.
    pub(crate) login: String,
    /// The pass's value.
    pub(crate) pass: String,
    /// The pass's id.
    pub(crate) pass_id: String,
    /// The token of an onboarding session.
    pub(crate) session: Option<String>,
    /// As [`Somebody::doubtful`].
    pub(crate) doubtful: bool,
}

/// What all clients of a deployment write into.
#[derive(Default)]
pub(crate) struct Record {
    /// The calls.
    pub(crate) history: History,
    /// Refusals of what should have been done, by `event: code`.
    pub(crate) refusals: Vec<String>,
    /// Answers that say that the server failed, by `event: status code`.
    pub(crate) failures: Vec<String>,
    /// What must not work again.
    pub(crate) one_time: OneTime,
}

/// What was acknowledged and must not work again, to be tried after the fault.
#[derive(Default)]
pub(crate) struct OneTime {
    /// Sign-ins: `(cookies, body)`.
    pub(crate) finished: Vec<(String, String)>,
    /// Authenticators whose passkey was removed.
    pub(crate) removed: Vec<Person>,
    /// Passes that were used up: `(login, value)`.
    pub(crate) used: Vec<(String, String)>,
    /// Cookies of sessions that were signed out.
    pub(crate) ended: Vec<String>,
}

/// The record, shared.
pub(crate) type Shared = Arc<Mutex<Record>>;

/// Takes the record. Whoever panicked with it in hand has failed the run anyway.
pub(crate) fn lock(record: &Shared) -> MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a client cannot go on with what it was doing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// No answer.
    Gone,
    /// The server answered that it failed.
    Failed,
    /// The server refused.
    Refused,
    /// The authenticator did not do its part: a fault of this program.
    Authenticator(String),
}

/// What a request is, apart from who sends it.
pub(crate) struct Request<'a> {
    /// The path.
    pub(crate) path: &'a str,
    /// The session to send along.
    pub(crate) session: Option<&'a str>,
    /// The body.
    pub(crate) body: Body<'a>,
    /// Where the answer must lead; `None` for a script's request, whose answer must say `"ok":true`.
    pub(crate) leads_to: Option<&'a str>,
}

/// An answer that says that it is done.
pub(crate) struct Done {
    /// The session that it opened.
    pub(crate) session: Option<String>,
    /// Its body.
    pub(crate) body: String,
}

/// One browser.
pub(crate) struct Client {
    /// The server.
    pub(crate) endpoint: Endpoint,
    /// Its choices.
    pub(crate) random: Random,
    /// People with passkeys.
    pub(crate) people: Vec<Somebody>,
    /// People without.
    pub(crate) newcomers: Vec<Newcomer>,
    /// The calls.
    pub(crate) record: Shared,
    /// The browser's own cookie, once it has one.
    pub(crate) browser: String,
    connection: Option<Connection>,
}

impl Client {
    /// A browser that has never been anywhere.
    pub(crate) fn new(endpoint: Endpoint, random: Random, record: Shared) -> Self {
        let (people, newcomers) = (Vec::new(), Vec::new());
        Self { endpoint, random, people, newcomers, record, browser: String::new(), connection: None }
    }

    /// Drops the connection: it belongs to the runtime that opened it.
    pub(crate) fn hang_up(&mut self) {
        self.connection = None;
    }

    /// Sends a request that changes something, and notes how it ended. What an answer's cookie opens is an effect too.
    pub(crate) async fn change(
        &mut self,
        event: &'static str,
        effects: Vec<Effect>,
        request: Request<'_>,
    ) -> Result<Done, Stop> {
        let call = lock(&self.record).history.invoke(event, effects);
        let answer = self.send(&request).await;
        let mut record = lock(&self.record);
        let (status, done, code) = match answer {
            Ok(answer) => answer,
            Err(()) => return Err(Stop::Gone),
        };
        match done {
            Some(done) => {
                let opened = done.session.iter();
                let learned = opened.map(|token| (Key::Session(token.clone()), PRESENT.to_owned())).collect();
                record.history.end(call, End::Acknowledged, learned);
                Ok(done)
            }
            None if status >= 500 => {
                // "Unavailable" is a promise too: nothing was changed.
                if matches!(code.as_str(), "unavailable" | "overloaded") {
                    record.history.end(call, End::Refused, Vec::new());
                }
                record.failures.push(format!("{event}: {status} {code}"));
                Err(Stop::Failed)
            }
            None => {
                record.history.end(call, End::Refused, Vec::new());
                // Passes are checked one at a time, and who finds no place is told to come again: nothing is broken.
                if status != 429 {
                    record.refusals.push(format!("{event}: {status} {code}"));
                }
                Err(Stop::Refused)
            }
        }
    }

    /// Sends a request that changes nothing.
    pub(crate) async fn ask(&mut self, request: Request<'_>) -> Result<Done, Stop> {
        match self.send(&request).await {
            Err(()) => Err(Stop::Gone),
            Ok((_, Some(done), _)) => Ok(done),
            Ok((status, None, code)) => {
                let line = format!("{}: {status} {code}", request.path);
                let mut record = lock(&self.record);
                if status >= 500 { &mut record.failures } else { &mut record.refusals }.push(line);
                Err(if status >= 500 { Stop::Failed } else { Stop::Refused })
            }
        }
    }

    /// The answer's status, what it brought if it says that it is done, and its code or where it leads.
    async fn send(&mut self, request: &Request<'_>) -> Result<(u16, Option<Done>, String), ()> {
        match tokio::time::timeout(PATIENCE, self.exchange(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            _ => {
                // It may stand in the middle of an answer.
                self.connection = None;
                Err(())
            }
        }
    }

    async fn exchange(&mut self, request: &Request<'_>) -> Result<(u16, Option<Done>, String), ()> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(&self.endpoint).await.map_err(|_| ())?,
        };
        if self.browser.is_empty() {
            self.browser = browser_cookie(&mut connection).await.map_err(|_| ())?;
        }
        let cookies = self.cookies(request.session);
        let answer = connection.send(request.path, &cookies, request.body).await.map_err(|_| ())?;
        let location = answer.header("location").unwrap_or_default();
        let text = String::from_utf8_lossy(answer.body).into_owned();
        let said: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let ok = said.as_ref().is_some_and(|said| said.get("ok") == Some(&true.into()));
        let is_done = match request.leads_to {
            Some("") => answer.status == 200,
            Some(place) => answer.status == 303 && location.starts_with(place),
            None => answer.status == 200 && ok,
        };
        let code = said.as_ref().and_then(|said| said.get("code")).and_then(serde_json::Value::as_str);
        let code = code.map_or_else(|| location.to_owned(), str::to_owned);
        let session = answer.cookie(SESSION).map(str::to_owned);
        let answer = (answer.status, is_done.then_some(Done { session, body: text }), code);
        self.connection = Some(connection);
        Ok(answer)
    }

    /// The `Cookie` header.
    pub(crate) fn cookies(&self, session: Option<&str>) -> String {
        match session {
            Some(session) => format!("{}; {SESSION}={session}", self.browser),
            None => self.browser.clone(),
        }
    }
}

/// The effect that a session ends, if there is one.
pub(crate) fn ends(session: Option<&String>) -> Vec<Effect> {
    session.map(|token| (Key::Session(token.clone()), ABSENT.to_owned())).into_iter().collect()
}
