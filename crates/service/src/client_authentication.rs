//! Who calls the endpoints for programs: a client by its secret, by an assertion that it signed, or by its name alone.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use account::audit::{Actor, EventKind};
use account::lockout::{self, Verdict};
use oidc::client::{Authentication, Client, ClientId};
use oidc::client_authentication::{self, ClientAuthenticationRefusal, Presented};
use oidc::jwt::{JwtRefusal, Key};
use oidc::key_set::{self, KeySetRefusal};
use primitives::digest;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};
use serde_json::Value;
use store::clients::{self, Stored};
use store::guesses;
use store::spent::{self, SpentKey, Taken};
use store::{StoreError, Tx};

use crate::context::{Caller, Context};
use crate::events::{self, Refused};

/// What a secret begins with, so that those who scan for leaked secrets find it.
pub const SECRET_PREFIX: &str = "kws_";

/// Reads the text of a secret.
pub fn read_secret(text: &str) -> Option<Token> {
    Token::parse(text.strip_prefix(SECRET_PREFIX)?)
}

/// A client that has proven who it is, as its row was then; whoever commits reads it again.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient {
    /// The client.
    pub stored: Stored,
    /// What its assertion spends, in the commit of what it is used for.
    assertion: Option<SpentKey>,
}

impl AuthenticatedClient {
    /// The client whose end this program holds itself ([`crate::forward_auth`]).
    pub(crate) fn ourselves(stored: Stored) -> Self {
        Self { stored, assertion: None }
    }

    /// Its identifier.
    pub fn id(&self) -> &ClientId {
        self.stored.id()
    }

    /// Whether it was proven by something that works once.
    pub(crate) fn is_once(&self) -> bool {
        self.assertion.is_some()
    }

    /// Uses its assertion up, if it came with one; `false` if somebody else was first.
    pub(crate) fn spend(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        match &self.assertion {
            Some(key) => Ok(spent::take(tx, key, &[])? == Taken::First),
            None => Ok(true),
        }
    }
}

/// Why a client is not who it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientError {
    /// It presents nothing that could be looked at.
    Presented(ClientAuthenticationRefusal),
    /// There is no such client.
    Unknown,
    /// It was switched off.
    Disabled,
    /// It registered another method.
    Method,
    /// The secret is none of its secrets, or has ended.
    Secret,
    /// Its keys cannot be read.
    KeySet(KeySetRefusal),
    /// Its keys stand elsewhere, and nobody has fetched them yet.
    KeysNotFetched,
    /// The assertion does not hold.
    Assertion(JwtRefusal),
    /// The assertion was used before.
    AssertionUsed,
    /// It failed to prove it too often from where it calls; nothing was looked at.
    TooManyTries {
        /// When the next try will be.
        until: Timestamp,
    },
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ClientError {
    fn from(error: StoreError) -> Self {
        ClientError::Store(error)
    }
}

impl ClientError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ClientError::Presented(refusal) => refusal.code(),
            ClientError::Unknown => "client_unknown",
            ClientError::Disabled => "client_disabled",
            ClientError::Method => "client_method",
            ClientError::Secret => "client_secret",
            ClientError::KeySet(refusal) => refusal.code(),
            ClientError::KeysNotFetched => "client_keys_not_fetched",
            ClientError::Assertion(refusal) => refusal.code(),
            ClientError::AssertionUsed => "client_assertion_used",
            ClientError::TooManyTries { .. } => "too_many_tries",
            ClientError::Store(_) => "unknown",
        }
    }
}

/// Proves who calls. `endpoints` are the addresses that an assertion may name instead of the issuer.
pub async fn authenticate(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    presented: &Presented,
    endpoints: &[&str],
) -> Result<AuthenticatedClient, ClientError> {
    let (id, tries) = (presented.id().clone(), tries_of(presented.id(), caller));
    let name = tries.clone();
    let found =
        cx.db.read(move |tx| Ok::<_, StoreError>((clients::by_id(tx, &id)?, guesses::peek(tx, &name)?)));
    let (found, tried) = found.await?;
    let now = cx.db.not_before(caller.now);
    if let Verdict::Refused { until } = lockout::count(tried, now) {
        return Err(ClientError::TooManyTries { until });
    }
    let audience: Vec<&str> = std::iter::once(issuer).chain(endpoints.iter().copied()).collect();
    let proven = match found {
        None => Err(ClientError::Unknown),
        Some(stored) => prove(cx, now, &stored, presented, &audience)
            .map(|assertion| AuthenticatedClient { stored, assertion }),
    };
    if let Err(error) = &proven {
        if matches!(error, ClientError::Secret | ClientError::Assertion(_) | ClientError::Method) {
            count(cx, tries).await?;
        }
        refused(cx, caller, presented.id(), error).await;
    }
    proven
}

/// By what tries are counted: a client and an address, so that nobody locks it out from elsewhere. No login name has a line
/// break in it.
fn tries_of(id: &ClientId, caller: &Caller) -> String {
    format!("client\n{id}\n{}", caller.client.address)
}

async fn count(cx: &Context, tries: String) -> Result<(), StoreError> {
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            match lockout::count(guesses::load(tx, &tries)?, now) {
                Verdict::Counted(bucket) => guesses::store(tx, &tries, bucket),
                Verdict::Refused { .. } => Ok(()),
            }
        })
        .await
}

/// Records that a client was refused.
async fn refused(cx: &Context, caller: &mut Caller, id: &ClientId, error: &ClientError) {
    let (client, code) = (id.as_str().to_owned(), error.code().to_owned());
    let kind = EventKind::ClientRefused { client, code };
    let refused = Refused { subject: None, kind, cause: error.code(), case: None };
    events::record_refusal(cx, caller, Actor::System, refused).await;
}

fn prove(
    cx: &Context,
    now: Timestamp,
    stored: &Stored,
    presented: &Presented,
    audience: &[&str],
) -> Result<Option<SpentKey>, ClientError> {
    if !stored.enabled {
        return Err(ClientError::Disabled);
    }
    if stored.client.authentication != presented.method() {
        return Err(ClientError::Method);
    }
    match presented {
        Presented::None(_) => Ok(None),
        Presented::Secret { secret, .. } => {
            let secret = read_secret(secret.reveal()).ok_or(ClientError::Secret)?;
            if stored.has_secret(&cx.keys, &secret, now) { Ok(None) } else { Err(ClientError::Secret) }
        }
        Presented::Assertion { id, assertion } => {
            let keys = keys_of(cx, &stored.client)?;
            let asserted = client_authentication::verify_assertion(assertion, id, &keys, audience, now)
                .map_err(ClientError::Assertion)?;
            let once =
                digest::sha256_parts(&[b"client assertion", id.as_str().as_bytes(), asserted.jti.as_bytes()]);
            // Its clock may be behind ours by as much as is forgiven.
            Ok(Some(SpentKey::new(asserted.expires + oidc::jwt::LEEWAY, &once)))
        }
    }
}

/// The keys with which that client signs.
pub(crate) fn keys_of(cx: &Context, client: &Client) -> Result<Vec<Key>, ClientError> {
    if let Some(set) = &client.keys.set {
        return key_set::read(set).map_err(ClientError::KeySet);
    }
    match &client.keys.uri {
        Some(uri) => match cx.client_keys.get(uri) {
            Some(set) => key_set::read(&set).map_err(ClientError::KeySet),
            None => Err(ClientError::KeysNotFetched),
        },
        None => Ok(Vec::new()),
    }
}

/// Where that client's keys stand, if it signs and keeps them elsewhere: whoever can reach the network fetches them into
/// [`ClientKeyCache`].
pub async fn keys_elsewhere(cx: &Context, id: &ClientId) -> Result<Option<String>, StoreError> {
    let id = id.clone();
    let found = cx.db.read(move |tx| clients::by_id(tx, &id)).await?;
    Ok(found.filter(|stored| stored.enabled).and_then(|stored| match stored.client.keys.set {
        Some(_) => None,
        None => stored.client.keys.uri,
    }))
}

/// Key sets of clients that publish theirs, as they were fetched last.
#[derive(Default)]
pub struct ClientKeyCache(RwLock<BTreeMap<String, Fetched>>);

struct Fetched {
    set: Option<Value>,
    tried: Timestamp,
}

/// How long a fetched set is taken as it is.
const FRESH: Span = Span::from_minutes(5);

/// How soon after a try another one is worth it where a key was not found: a client that has just changed its keys need
/// not wait, and nobody makes us hammer on it.
const SOONEST: Span = Span::from_secs(30);

/// Sets that are kept at most.
const MOST: usize = 1000;

impl ClientKeyCache {
    fn get(&self, uri: &str) -> Option<Value> {
        let cache = self.0.read().unwrap_or_else(PoisonError::into_inner);
        cache.get(uri).and_then(|fetched| fetched.set.clone())
    }

    /// Whether that set should be fetched: it never was or is old, or it `lacks` a key.
    pub fn is_due(&self, uri: &str, now: Timestamp, lacks: bool) -> bool {
        let cache = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let pause = |fetched: &Fetched| if lacks || fetched.set.is_none() { SOONEST } else { FRESH };
        cache.get(uri).is_none_or(|fetched| now.since(fetched.tried) >= pause(fetched))
    }

    /// Keeps what came back; what did not leaves the earlier set where it is.
    pub fn put(&self, uri: &str, set: Option<Value>, now: Timestamp) {
        let mut cache = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= MOST && !cache.contains_key(uri) {
            let oldest = cache.iter().min_by_key(|(_, fetched)| fetched.tried).map(|(uri, _)| uri.clone());
            oldest.and_then(|oldest| cache.remove(&oldest));
        }
        let entry = cache.entry(uri.to_owned()).or_insert(Fetched { set: None, tried: now });
        entry.tried = now;
        if set.is_some() {
            entry.set = set;
        }
    }
}

/// Whether a client can keep a secret and has proven it.
pub fn is_confidential(client: &Client) -> bool {
    client.authentication != Authentication::None
}
