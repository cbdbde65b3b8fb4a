//! Clients that register themselves (RFC 7591, RFC 7592), and clients that are known by their document only.
//!
//! Nobody of the organisation has looked at them: people are asked each time something new is wanted, and warned.

use account::api_key::{ApiKey, Scope};
use account::application::{Application, Consent, Lifetimes, Provenance};
use account::audit::{Actor, EventKind};
use account::policy::Needed;
use oidc::client::{Authentication, Client, ClientId};
use oidc::registration::{self, Defaults, Registration, RegistrationRefusal};
use primitives::secret::{SecretText, Token};
use primitives::time::{Span, Timestamp};
use serde_json::Value;
use store::clients::{self, SecretDigest, Stored};
use store::{StoreError, Tx, api_keys};

use crate::administer_clients::{MOST, Terms, TermsRefusal};
use crate::client_authentication::{SECRET_PREFIX, read_secret};
use crate::context::{Caller, Context, Settings};
use crate::events::Pen;

/// How a registration access token begins.
pub const TOKEN_PREFIX: &str = "kwg_";

/// Clients that nobody of the organisation added, at one time.
pub const MOST_STRANGERS: i64 = MOST / 2;

/// For how long a document is taken as it was found.
pub const DOCUMENT_FRESH: Span = Span::from_hours(1);

/// Why nothing was registered, read or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// The initial access token is none, or may not do this.
    Token,
    /// The metadata break a rule.
    Metadata(RegistrationRefusal),
    /// They stand against what an application may be here.
    Terms(TermsRefusal),
    /// There are as many clients as there may be.
    TooMany,
    /// The organisation has taken it in hand: what it may is not its own to change any more.
    InHand,
    /// Somebody else changed it meanwhile.
    Version,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        RegisterError::Store(error)
    }
}

impl RegisterError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            RegisterError::Token => "registration_token",
            RegisterError::Metadata(refusal) => refusal.code(),
            RegisterError::Terms(refusal) => refusal.code(),
            RegisterError::TooMany => "too_many_clients",
            RegisterError::InHand => "client_in_hand",
            RegisterError::Version => "version_conflict",
            RegisterError::Store(_) => "unknown",
        }
    }
}

/// A client with what it alone is told.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The client.
    pub stored: Stored,
    /// What it registered, as it stands.
    pub registration: Registration,
    /// Its secret, if it has one; shown this once.
    pub secret: Option<SecretText>,
    /// What opens its registration; shown this once.
    pub token: Option<SecretText>,
}

/// Reads a registration access token.
pub fn read_token(text: &str) -> Option<Token> {
    Token::parse(text.strip_prefix(TOKEN_PREFIX)?)
}

/// What people see of a client that said so itself.
fn application(registration: &Registration, origin: Provenance) -> Application {
    let name = registration.name.clone().unwrap_or_else(|| registration.client.id.to_string());
    Application {
        // What bounds the name, it was not read by: a client_id may be longer.
        name: name.chars().take(account::application::LONGEST_NAME).collect(),
        home: registration.home.clone(),
        origin,
        template: None,
        groups: Vec::new(),
        needed: Needed::Anything,
        prefers: false,
        consent: Consent::Remembered,
        lifetimes: Lifetimes::default(),
        claims: Vec::new(),
        profile_in_id_token: false,
        guards: Vec::new(),
    }
}

fn judged(client: Client, application: Application) -> Result<Terms, RegisterError> {
    Terms { client, application }.judged().map_err(RegisterError::Terms)
}

fn has_secret(client: &Client) -> bool {
    matches!(client.authentication, Authentication::ClientSecretBasic | Authentication::ClientSecretPost)
}

/// Registers a client for whoever holds an initial access token: an API key for just that.
pub async fn register(
    cx: &Context,
    caller: &mut Caller,
    key: &ApiKey,
    metadata: &Value,
) -> Result<Registered, RegisterError> {
    let named = metadata.get("client_name").and_then(Value::as_str).unwrap_or_default();
    let id = ClientId::draw(named, caller.entropy.as_mut());
    let read = registration::read(metadata, id.clone(), &Defaults::default());
    let mut registration = read.map_err(RegisterError::Metadata)?;
    let terms = judged(registration.client.clone(), application(&registration, Provenance::Registered))?;
    registration.client = terms.client.clone();
    let (secret, token) =
        (Token::generate(caller.entropy.as_mut()), Token::generate(caller.entropy.as_mut()));
    let secret = has_secret(&terms.client).then_some(secret);
    let stored = Stored {
        client: terms.client,
        application: terms.application,
        secrets: Vec::new(),
        registration: Some(clients::registration_digest(&cx.keys, &id, &token)),
        version: 1,
        enabled: true,
        author: Actor::Key(key.id),
        created: Timestamp::EPOCH,
        changed: Timestamp::EPOCH,
    };
    let digest = secret.as_ref().map(|secret| clients::secret_digest(&cx.keys, &id, secret));
    let (settings, pen, key) = (cx.settings(), Pen::new(caller, stored.author), key.clone());
    let stored = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            may_register(tx, now, &settings, &key)?;
            let made = digest.map(|digest| SecretDigest { digest, created: now, ends: None });
            let secrets = made.into_iter().collect();
            insert(tx, now, Stored { secrets, ..stored.clone() }, pen.clone())
        })
        .await?;
    let secret = secret.map(|secret| SecretText::new(format!("{SECRET_PREFIX}{}", secret.encode())));
    let token = Some(SecretText::new(format!("{TOKEN_PREFIX}{}", token.encode())));
    Ok(Registered { stored, registration, secret, token })
}

/// The key stands and is for that, as its row says now.
fn may_register(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    key: &ApiKey,
) -> Result<(), RegisterError> {
    let found = api_keys::lock(tx, key.id)?;
    let may = found.is_some_and(|key| {
        key.person.is_none() && key.stands(settings.deployment_epoch, now) && key.has(Scope::ClientsRegister)
    });
    if may { Ok(()) } else { Err(RegisterError::Token) }
}

fn insert(tx: &mut Tx<'_>, now: Timestamp, stored: Stored, mut pen: Pen) -> Result<Stored, RegisterError> {
    // Strangers leave room for those that the organisation adds.
    if clients::count(tx)? >= MOST_STRANGERS {
        return Err(RegisterError::TooMany);
    }
    let stored = Stored { created: now, changed: now, ..stored };
    if !clients::insert(tx, &stored)? {
        return Err(RegisterError::Version);
    }
    let kind = EventKind::ClientAdded { client: stored.client.id.to_string() };
    pen.write_with_note(tx, now, None, kind, Some(stored.application.name.clone()))?;
    Ok(stored)
}

/// A client that shows its registration access token.
async fn authenticated(cx: &Context, id: &ClientId, token: &Token) -> Result<Stored, RegisterError> {
    let id = id.clone();
    let found = cx.db.read(move |tx: &mut Tx<'_>| clients::by_id(tx, &id)).await?;
    // A client that is gone and a token that is wrong are the same to whoever asks (RFC 7592 section 2.1).
    found
        .filter(|stored| stored.enabled && stored.has_registration_token(&cx.keys, token))
        .ok_or(RegisterError::Token)
}

fn shown(stored: Stored) -> Registered {
    let registration = Registration {
        client: stored.client.clone(),
        name: Some(stored.application.name.clone()),
        home: stored.application.home.clone(),
        logo_uri: None,
    };
    Registered { stored, registration, secret: None, token: None }
}

/// What a client registered.
pub async fn read(cx: &Context, id: &ClientId, token: &Token) -> Result<Registered, RegisterError> {
    authenticated(cx, id, token).await.map(shown)
}

/// A client replaces what it registered (RFC 7592 section 2.2).
pub async fn replace(
    cx: &Context,
    caller: &mut Caller,
    (id, token): (&ClientId, &Token),
    metadata: &Value,
) -> Result<Registered, RegisterError> {
    let before = authenticated(cx, id, token).await?;
    if is_in_hand(&before.application) {
        return Err(RegisterError::InHand);
    }
    let now = cx.db.not_before(caller.now);
    let known =
        |text: &str| read_secret(text).is_some_and(|secret| before.has_secret(&cx.keys, &secret, now));
    let read = registration::read_update(metadata, id, &Defaults::beside(&before.client), known);
    let registration = read.map_err(RegisterError::Metadata)?;
    // What the organisation decided meanwhile is not the client's to undo.
    let Application { name, home, .. } = application(&registration, Provenance::Registered);
    let application = Application { name, home, ..before.application.clone() };
    let terms = judged(registration.client, application)?;
    if has_secret(&terms.client) && before.secrets.is_empty() {
        // It would need a secret that nobody could be told again.
        return Err(RegisterError::Terms(TermsRefusal::SecretUnused));
    }
    let pen = Pen::new(caller, before.author);
    let stored = cx.db.write(move |tx| update(tx, &before, terms.clone(), pen.clone())).await?;
    Ok(shown(stored))
}

fn update(tx: &mut Tx<'_>, before: &Stored, terms: Terms, mut pen: Pen) -> Result<Stored, RegisterError> {
    let now = tx.now()?;
    let secrets = if has_secret(&terms.client) { before.secrets.clone() } else { Vec::new() };
    let next = Stored {
        client: terms.client,
        application: terms.application,
        secrets,
        changed: now,
        ..before.clone()
    };
    if !clients::update(tx, &next)? {
        return Err(RegisterError::Version);
    }
    let kind = EventKind::ClientChanged { client: next.client.id.to_string(), enabled: next.enabled };
    pen.write_with_note(tx, now, None, kind, Some(next.application.name.clone()))?;
    Ok(Stored { version: before.version.saturating_add(1), ..next })
}

/// Whether somebody of the organisation has decided about it: a leaked registration token, or a domain that others bought,
/// must not inherit what was granted to the client that was looked at.
fn is_in_hand(application: &Application) -> bool {
    application.consent != Consent::Remembered
        || !application.groups.is_empty()
        || application.needed != Needed::Anything
        || !application.guards.is_empty()
        || !application.claims.is_empty()
}

/// A client takes itself away (RFC 7592 section 2.3).
pub async fn deregister(
    cx: &Context,
    caller: &mut Caller,
    (id, token): (&ClientId, &Token),
) -> Result<(), RegisterError> {
    let stored = authenticated(cx, id, token).await?;
    let pen = Pen::new(caller, stored.author);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            if !clients::remove(tx, &stored.client.id)? {
                return Err(RegisterError::Token);
            }
            let kind = EventKind::ClientRemoved { client: stored.client.id.to_string() };
            pen.clone().write_with_note(tx, now, None, kind, Some(stored.application.name.clone()))?;
            Ok(())
        })
        .await
}

/// Whether that identifier is the address of a document that should be looked at (again) before it is believed.
pub async fn wants_document(cx: &Context, now: Timestamp, id: &ClientId) -> Result<bool, StoreError> {
    if !registration::is_document_id(id) {
        return Ok(false);
    }
    let id = id.clone();
    let found = cx.db.read(move |tx: &mut Tx<'_>| clients::by_id(tx, &id)).await?;
    let now = cx.db.not_before(now);
    Ok(found.is_none_or(|stored| {
        stored.application.origin == Provenance::Document && now.since(stored.changed) >= DOCUMENT_FRESH
    }))
}

/// Takes a document that was found at the address that is its client's identifier.
pub async fn take_document(
    cx: &Context,
    caller: &mut Caller,
    id: &ClientId,
    document: &Value,
) -> Result<(), RegisterError> {
    let read = registration::read_document(document, id, &Defaults::default());
    let registration = read.map_err(RegisterError::Metadata)?;
    let terms = judged(registration.client.clone(), application(&registration, Provenance::Document))?;
    let pen = Pen::new(caller, Actor::System);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let (terms, pen) = (terms.clone(), pen.clone());
            let Some(before) = clients::lock(tx, &terms.client.id)? else {
                let stored = Stored {
                    client: terms.client,
                    application: terms.application,
                    secrets: Vec::new(),
                    registration: None,
                    version: 1,
                    enabled: true,
                    author: Actor::System,
                    created: now,
                    changed: now,
                };
                return insert(tx, now, stored, pen).map(drop);
            };
            // An administrator who took it in hand has the last word.
            if before.application.origin != Provenance::Document || is_in_hand(&before.application) {
                return Ok(());
            }
            let Application { name, home, .. } = terms.application;
            let application = Application { name, home, ..before.application.clone() };
            update(tx, &before, Terms { client: terms.client, application }, pen).map(drop)
        })
        .await
}
