//! The sign-in server that Keyfob talks to: Keyward's JSON over HTTPS (`docs/operator/enrolment.md`).
//!
//! One [`Server`] is one errand's conversation: it holds the bearer text that the server gave it, in memory only. What
//! comes back is bounded and distrusted: an answer that is not Keyward's is a refusal of its own, and a
//! redirect leads nowhere.

mod discovery;
mod origin;

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use primitives::secret::SecretText;
use primitives::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};
use zeroize::Zeroizing;

pub use discovery::Discovery;
pub use origin::{Origin, OriginRefusal};

/// Longest answer that is read: options that exclude a hundred passkeys have some 20 kB.
const LONGEST: u64 = 256 * 1024;

/// Longest file of authorities.
const LONGEST_AUTHORITIES: u64 = 1024 * 1024;

/// How long a request may take, and how long it may take to reach the server.
const PATIENCE: Duration = Duration::from_secs(30);
const REACH: Duration = Duration::from_secs(10);

/// What a program sends that was given no bearer text yet.
const NEW: &str = "new";

/// A conversation with one server.
pub struct Server {
    origin: Origin,
    agent: Agent,
    bearer: SecretText,
    language: &'static str,
}

impl Server {
    /// A new conversation with the server at `origin`, whose certificate an authority of the file `ca` has issued, or
    /// of the system without a file.
    pub fn new(origin: Origin, ca: Option<&Path>, language: &'static str) -> Result<Self, ServerError> {
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .root_certs(authorities(&origin, ca)?)
            .build();
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(origin.is_https())
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("Keyfob/", env!("CARGO_PKG_VERSION"), " (Linux)"))
            .timeout_connect(Some(REACH))
            .timeout_global(Some(PATIENCE))
            .tls_config(tls);
        if !origin.is_https() {
            // Only this computer is reached without TLS, and no proxy has a part in that.
            config = config.proxy(None);
        }
        let bearer = SecretText::new(NEW);
        Ok(Self { origin, agent: config.build().new_agent(), bearer, language })
    }

    /// The server's origin, which is that of what is signed for it.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The conversation as it stood when it broke off.
    pub fn resumed(self, bearer: SecretText) -> Self {
        Self { bearer, ..self }
    }

    /// By what the server knows this conversation: a secret.
    pub fn bearer(&self) -> SecretText {
        self.bearer.clone()
    }

    /// What the server says of itself to everybody, and what its clock says.
    pub async fn discover(&self) -> Result<Discovery, ServerError> {
        let request = Request::builder()
            .uri(format!("{}/.well-known/keyfob", self.origin))
            .body(Vec::new())
            .map_err(|_| ServerError::NotKeyward)?;
        let agent = self.agent.clone();
        let exchanged = tokio::task::spawn_blocking(move || exchange(&agent, request));
        let Exchanged { status, answer, date } = exchanged.await.map_err(|_| ServerError::Interrupted)??;
        if !status.is_success() {
            return Err(ServerError::NotKeyward);
        }
        Discovery::read(&answer, date).ok_or(ServerError::NotKeyward)
    }

    /// A second voice in the same conversation, for what is said while a person thinks.
    pub fn voice(&self) -> Self {
        Self {
            origin: self.origin.clone(),
            agent: self.agent.clone(),
            bearer: self.bearer.clone(),
            language: self.language,
        }
    }

    /// Asks.
    pub async fn get(&mut self, path: &str) -> Result<Value, ServerError> {
        self.exchange("GET", path, Zeroizing::default()).await
    }

    /// Says something.
    pub async fn post(&mut self, path: &str, said: &impl Serialize) -> Result<Value, ServerError> {
        let body = serde_json::to_vec(said).map_err(|_| ServerError::NotKeyward)?;
        self.exchange("POST", path, Zeroizing::new(body)).await
    }

    async fn exchange(
        &mut self,
        method: &'static str,
        path: &str,
        body: Zeroizing<Vec<u8>>,
    ) -> Result<Value, ServerError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("authorization", format!("Bearer {}", self.bearer.reveal()))
            .header("accept-language", self.language)
            .header("content-type", "application/json")
            .body(body.to_vec())
            .map_err(|_| ServerError::NotKeyward)?;
        let agent = self.agent.clone();
        let exchanged = tokio::task::spawn_blocking(move || exchange(&agent, request));
        let Exchanged { status, answer, .. } = exchanged.await.map_err(|_| ServerError::Interrupted)??;
        if let Some(bearer) = answer.get("bearer").and_then(Value::as_str) {
            self.bearer = SecretText::new(bearer);
        }
        match answer.get("ok").and_then(Value::as_bool) {
            Some(true) if status.is_success() => Ok(answer),
            Some(false) => Err(ServerError::Refused(Refused::read(status, &answer)?)),
            _ => Err(ServerError::NotKeyward),
        }
    }
}

/// An answer: its status, its JSON, and the server's clock.
struct Exchanged {
    status: StatusCode,
    answer: Value,
    date: Option<Timestamp>,
}

/// One request and its whole answer. ureq waits where it stands, so this runs on a thread for waiting.
fn exchange(agent: &Agent, request: Request<Vec<u8>>) -> Result<Exchanged, ServerError> {
    let mut answer =
        if request.body().is_empty() { agent.run(request.map(|_| ()))? } else { agent.run(request)? };
    let status = answer.status();
    let date =
        answer.headers().get("date").and_then(|date| date.to_str().ok()).and_then(discovery::http_date);
    let mut body = Zeroizing::new(Vec::new());
    let mut reader = answer.body_mut().with_config().limit(LONGEST.saturating_add(1)).reader();
    reader.read_to_end(&mut body).map_err(|error| ServerError::from(ureq::Error::from(error)))?;
    if u64::try_from(body.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err(ServerError::TooLong);
    }
    match serde_json::from_slice(&body) {
        Ok(answer) => Ok(Exchanged { status, answer, date }),
        // A proxy before the server that does not reach it has words of its own.
        Err(_) if (502..=504).contains(&status.as_u16()) => Err(ServerError::Unreachable),
        Err(_) => Err(ServerError::NotKeyward),
    }
}

fn authorities(origin: &Origin, ca: Option<&Path>) -> Result<RootCerts, ServerError> {
    let Some(path) = ca else {
        let found =
            if origin.is_https() { rustls_native_certs::load_native_certs().certs } else { Vec::new() };
        let owned = found.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned());
        return Ok(RootCerts::from(owned.collect::<Vec<_>>()));
    };
    let unreadable = || ServerError::Authorities(path.to_owned());
    let file = std::fs::File::open(path).map_err(|_| unreadable())?;
    let mut pem = Vec::new();
    file.take(LONGEST_AUTHORITIES).read_to_end(&mut pem).map_err(|_| unreadable())?;
    let mut found = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(unreadable()),
        }
    }
    if found.is_empty() { Err(unreadable()) } else { Ok(RootCerts::from(found)) }
}

/// What the server said no to, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// Its code, of those that `docs/operator/enrolment.md` lists.
    pub code: String,
    /// The sentence for the person, in their language.
    pub message: String,
    /// By which the server's log finds it.
    pub reference: String,
    /// How many tries the name has left, where something was not right.
    pub tries_left: Option<u64>,
}

impl Refused {
    fn read(status: StatusCode, answer: &Value) -> Result<Self, ServerError> {
        let text = |member: &str, longest: usize| {
            let text = answer.get(member).and_then(Value::as_str).unwrap_or_default();
            plain(text, longest)
        };
        let code = text("code", 60);
        if code.is_empty() {
            return Err(ServerError::NotKeyward);
        }
        Ok(Self {
            status: status.as_u16(),
            code,
            message: text("message", 500),
            reference: text("reference", 40),
            tries_left: answer.get("tries_left").and_then(Value::as_u64),
        })
    }
}

/// A text of somebody else's that goes to a terminal: bounded, and without what would steer one.
pub(crate) fn plain(text: &str, longest: usize) -> String {
    text.chars().filter(|character| !steers(*character)).take(longest).collect()
}

/// Whether a character is not seen by itself but changes how others are: controls, and the marks by which a text is turned
/// round or hidden.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Why there is no answer to go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerError {
    /// Nobody is there, or the way there is broken.
    Unreachable,
    /// Who answers cannot prove to be the server.
    Certificate,
    /// It took too long.
    TimedOut,
    /// The answer is longer than any of Keyward's.
    TooLong,
    /// Whoever answers, it is not a Keyward, or one that does not know this request.
    NotKeyward,
    /// The file of authorities cannot be read, or holds none.
    Authorities(PathBuf),
    /// This program is ending.
    Interrupted,
    /// The server said no.
    Refused(Refused),
}

impl ServerError {
    /// A stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Unreachable => "server_unreachable",
            Self::Certificate => "server_certificate",
            Self::TimedOut => "server_timed_out",
            Self::TooLong => "server_answer_too_long",
            Self::NotKeyward => "not_keyward",
            Self::Authorities(_) => "authorities_unreadable",
            Self::Interrupted => "interrupted",
            Self::Refused(refused) => &refused.code,
        }
    }

    /// Whether the server has decided about what it was sent, and said no: not that it is busy, or does not know who asks.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused(refused) => matches!(refused.status, 403 | 404 | 409 | 410 | 422) && !self.passes(),
            _ => false,
        }
    }

    /// Whether the server has looked at the passkey that it was sent, and does not take it. Unlike other refusals it
    /// comes of nothing but the passkey: who asks again, with another session or after a stored one, does not hear it.
    pub fn judged(&self) -> bool {
        matches!(self, Self::Refused(refused) if refused.status == 422 && refused.code.starts_with("policy_"))
    }

    /// Whether the same request may succeed a little later: the answer got lost, or the server is busy.
    pub fn passes(&self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut => true,
            Self::Refused(refused) => {
                matches!(refused.code.as_str(), "busy" | "unavailable" | "overloaded" | "outcome_unknown")
            }
            _ => false,
        }
    }
}

impl From<ureq::Error> for ServerError {
    fn from(error: ureq::Error) -> Self {
        match error {
            ureq::Error::Rustls(_) | ureq::Error::Tls(_) | ureq::Error::Pem(_) => Self::Certificate,
            ureq::Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
                Self::Certificate
            }
            ureq::Error::Timeout(_) => Self::TimedOut,
            ureq::Error::BodyExceedsLimit(_) | ureq::Error::LargeResponseHeader(_, _) => Self::TooLong,
            ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::BadUri(_) => Self::NotKeyward,
            _ => Self::Unreachable,
        }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("the server cannot be reached"),
            Self::Certificate => f.write_str(
                "the server's certificate comes from no authority that this computer trusts (--ca FILE names another)",
            ),
            Self::TimedOut => f.write_str("the server took too long to answer"),
            Self::TooLong => f.write_str("the answer is longer than any of Keyward's"),
            Self::NotKeyward => f.write_str("what answers there is not a Keyward that knows this request"),
            Self::Authorities(path) => write!(f, "no authority can be read from {}", path.display()),
            Self::Interrupted => f.write_str("the program is ending"),
            Self::Refused(refused) => write!(
                f,
                "{} ({}, reference {})",
                refused.message.trim_end_matches('.'),
                refused.code,
                refused.reference
            ),
        }
    }
}

impl std::error::Error for ServerError {}

#[cfg(test)]
mod tests;
