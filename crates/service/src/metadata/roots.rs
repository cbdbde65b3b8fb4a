//! The organisation's own roots: of software authenticators, of enterprise keys, of vendors that no metadata knows.

use account::action::Action;
use account::audit::EventKind;
use account::model::{Aaguid, Model};
use account::role::Permission;
use fido::credential::Base64Url;
use primitives::digest::{self, Digest};
use primitives::encoding;
use primitives::time::Timestamp;
use primitives::x509::Certificate;
use serde::{Deserialize, Serialize};
use store::metadata::{self, Entry, Source};
use store::{StoreError, Tx};
use webauthn::{AnchorKind, TrustAnchor};

use super::OWN;
use crate::authority::{self, Grant, Unauthorised};
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Roots of a deployment at most.
const MOST: usize = 100;

/// Models of a root at most.
const MOST_MODELS: usize = 200;

/// Longest name, in characters.
const LONGEST_NAME: usize = 80;

/// A root that is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// What people call it.
    pub name: String,
    /// Its certificate in DER.
    pub certificate: Base64Url,
    /// The models that it vouches for; any where empty.
    pub models: Vec<Aaguid>,
    /// Whether it certifies single authenticators rather than batches.
    pub single: bool,
    /// Whether the organisation knows that its models hold keys in hardware.
    pub hardware: bool,
    /// Whether the organisation knows that its models check a finger or a face.
    pub biometric: bool,
    /// When it was added.
    pub added: Timestamp,
}

impl Root {
    /// SHA-256 of the certificate, by which it is named.
    pub fn digest(&self) -> Digest {
        digest::sha256(&self.certificate)
    }

    /// When its certificate ends.
    pub fn ends(&self) -> Option<Timestamp> {
        Certificate::parse(&self.certificate).ok().map(|certificate| certificate.not_after())
    }

    pub(super) fn anchor(&self) -> Option<TrustAnchor> {
        let kind = if self.single { AnchorKind::AttCa } else { AnchorKind::Basic };
        let certificate = Certificate::parse(&self.certificate).ok()?;
        Some(TrustAnchor { certificate, kind, algorithms: Vec::new() })
    }

    /// What it says of a model that nobody else knows.
    pub(super) fn model(&self) -> Model {
        Model {
            name: self.name.clone(),
            hardware: self.hardware,
            biometric: self.biometric,
            ..Model::default()
        }
    }
}

/// A root that somebody wants to be trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRoot {
    /// What people shall call it.
    pub name: String,
    /// Its certificate: PEM, or DER in base64.
    pub certificate: String,
    /// The models that it vouches for; any where empty.
    pub models: Vec<Aaguid>,
    /// Whether it certifies single authenticators rather than batches.
    pub single: bool,
    /// Whether the organisation knows that its models hold keys in hardware.
    pub hardware: bool,
    /// Whether the organisation knows that its models check a finger or a face.
    pub biometric: bool,
}

impl NewRoot {
    /// The root that it would be at `now`.
    pub fn check(&self, now: Timestamp) -> Result<Root, RootRefusal> {
        let name = self.name.trim();
        let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if !fits {
            return Err(RootRefusal::Name);
        }
        let der = encoding::from_base64(body(&self.certificate)).ok_or(RootRefusal::Certificate)?;
        let certificate = Certificate::parse(&der).map_err(|_| RootRefusal::Certificate)?;
        if !certificate.is_valid_at(now) {
            return Err(RootRefusal::NotValidNow);
        }
        let mut models = self.models.clone();
        models.sort();
        models.dedup();
        if models.len() > MOST_MODELS || models.contains(&Aaguid::UNKNOWN) {
            return Err(RootRefusal::Models);
        }
        // Without a model to speak of there is nothing to vouch for.
        if models.is_empty() && (self.hardware || self.biometric) {
            return Err(RootRefusal::Models);
        }
        Ok(Root {
            name: name.to_owned(),
            certificate: der.into(),
            models,
            single: self.single,
            hardware: self.hardware,
            biometric: self.biometric,
            added: now,
        })
    }

    /// What a person confirms: this certificate, for these models, on these terms.
    pub fn digest(&self, now: Timestamp) -> Result<Digest, RootRefusal> {
        let root = self.check(now)?;
        let models: Vec<u8> = root.models.iter().flat_map(|model| model.0).collect();
        let terms = [u8::from(root.single), u8::from(root.hardware), u8::from(root.biometric)];
        let name = digest::sha256(root.name.as_bytes());
        Ok(digest::sha256_parts(&[b"keyward root v1", &root.digest(), &name, &terms, &models]))
    }
}

/// What stands between the lines of a PEM text; a text without them as it is.
fn body(text: &str) -> &str {
    let inner = text.split_once("-----BEGIN CERTIFICATE-----").map_or(text, |(_, rest)| rest);
    inner.split_once("-----END").map_or(inner, |(body, _)| body)
}

/// Why a root cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootRefusal {
    /// The name is empty, too long or holds control characters.
    Name,
    /// It is no certificate.
    Certificate,
    /// The certificate is not yet or no longer valid.
    NotValidNow,
    /// There are too many models, none where something is said of them, or one of them is no model.
    Models,
}

impl RootRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "root_name",
            Self::Certificate => "root_certificate",
            Self::NotValidNow => "root_not_valid",
            Self::Models => "root_models",
        }
    }
}

/// Why roots stay as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RootsError {
    /// It cannot be one.
    Refused(RootRefusal),
    /// It is trusted already.
    Known,
    /// There are as many as there may be.
    TooMany,
    /// There is no such root.
    NotFound,
    /// The role does not include it.
    Role,
    /// Not authorised at all.
    Unauthorised(Unauthorised),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for RootsError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Unauthorised> for RootsError {
    fn from(error: Unauthorised) -> Self {
        match error {
            Unauthorised::Store(error) => Self::Store(error),
            other => Self::Unauthorised(other),
        }
    }
}

impl RootsError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Known => "root_known",
            Self::TooMany => "roots_too_many",
            Self::NotFound => "not_found",
            Self::Role => "role_too_low",
            Self::Unauthorised(error) => error.code(),
            Self::Store(_) => "unknown",
        }
    }
}

/// All roots, by name.
pub(super) fn all(tx: &mut Tx<'_>, sources: &[Source]) -> Result<Vec<Root>, StoreError> {
    let mut roots: Vec<Root> = super::parsed(tx, sources, OWN)?;
    roots.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(roots)
}

/// The roots that are trusted, by name.
pub async fn roots(cx: &Context) -> Result<Vec<Root>, StoreError> {
    cx.db
        .read(|tx| {
            let sources = metadata::sources(tx)?;
            all(tx, &sources)
        })
        .await
}

fn name_of(root: &Root) -> String {
    format!("{OWN}:{}", encoding::hex(&root.digest()))
}

/// Trusts another root. A person has confirmed [`Action::AddRoot`] for that very root on those very terms.
pub async fn add_root(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    new: NewRoot,
) -> Result<Root, RootsError> {
    let root = new.check(caller.now).map_err(RootsError::Refused)?;
    let terms = new.digest(caller.now).map_err(RootsError::Refused)?;
    let (pen, grant, settings) = (Pen::new(caller, authority.actor()), Grant::from(authority), cx.settings());
    let stored = root.clone();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, Action::AddRoot(terms))?;
            if !issuer.may(Permission::EditPolicy) {
                return Err(RootsError::Role);
            }
            let (source, mut roots) = locked(tx)?;
            if roots.iter().any(|other| other.certificate == stored.certificate) {
                return Err(RootsError::Known);
            }
            if roots.len() >= MOST {
                return Err(RootsError::TooMany);
            }
            roots.push(stored.clone());
            store_all(tx, now, source, &roots)?;
            let root = encoding::hex(&stored.digest());
            let kind = EventKind::RootAdded { root, models: stored.models.clone() };
            Ok(pen.clone().write_with_note(tx, now, None, kind, Some(stored.name.clone()))?)
        })
        .await?;
    super::load(cx).await?;
    Ok(root)
}

/// Trusts a root no longer. Passkeys that were taken under it keep what was proven then, and policy that wants their
/// model by name takes them as before; nothing new is taken under it. A person has confirmed [`Action::RemoveRoot`].
pub async fn remove_root(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    root: Digest,
) -> Result<Root, RootsError> {
    let (pen, grant, settings) = (Pen::new(caller, authority.actor()), Grant::from(authority), cx.settings());
    let removed = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, Action::RemoveRoot(root))?;
            if !issuer.may(Permission::EditPolicy) {
                return Err(RootsError::Role);
            }
            let (source, roots) = locked(tx)?;
            let (mut gone, left): (Vec<Root>, Vec<Root>) =
                roots.into_iter().partition(|other| other.digest() == root);
            let gone = gone.pop().ok_or(RootsError::NotFound)?;
            store_all(tx, now, source, &left)?;
            let kind = EventKind::RootRemoved { root: encoding::hex(&root) };
            pen.clone().write_with_note(tx, now, None, kind, Some(gone.name.clone()))?;
            Ok(gone)
        })
        .await?;
    super::load(cx).await?;
    Ok(removed)
}

fn locked(tx: &mut Tx<'_>) -> Result<(Source, Vec<Root>), StoreError> {
    let source = metadata::lock_source(tx, OWN)?;
    let roots: Result<Vec<Root>, StoreError> =
        metadata::entries(tx, &source)?.iter().map(|entry| super::read(&entry.body)).collect();
    Ok((source, roots?))
}

fn store_all(tx: &mut Tx<'_>, now: Timestamp, source: Source, roots: &[Root]) -> Result<(), StoreError> {
    let mut entries = Vec::new();
    for root in roots {
        let body = serde_json::to_string(root).map_err(|error| StoreError::Database(error.to_string()))?;
        entries.push(Entry { name: name_of(root), body });
    }
    let number = source.number.saturating_add(1);
    let next = Source { number, fetched: now, ..source };
    metadata::replace(tx, &next, &entries).map(|_| ())
}
