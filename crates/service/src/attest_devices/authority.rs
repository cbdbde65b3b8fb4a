//! The authority: a key that is made once and sealed, and the root certificate to which it leads.

use std::sync::Arc;

use account::attested_device::{AUTHORITY_LIFETIME, MODEL_NAME, SOFTWARE};
use account::audit::{Actor, EventKind};
use account::model::Model;
use primitives::cose::{Algorithm, SigningKey};
use primitives::digest::{self, Digest};
use primitives::encoding;
use primitives::entropy::{self, Entropy, SystemEntropy};
use primitives::id::Id;
use primitives::keys::KeyRing;
use primitives::seal;
use primitives::secret::SecretBytes;
use primitives::time::{Span, Timestamp};
use primitives::x509::{BasicConstraints, Certificate, Issue, Name};
use store::attested_devices::{self, Authority};
use store::{StoreError, Tx, settings};
use webauthn::{AnchorKind, TrustAnchor};

use super::AttestError;
use super::revoke::revoke_all;
use crate::context::{Caller, Context};
use crate::events::Pen;
use crate::metadata;

/// What the seal of the private half is for.
const PURPOSE: &str = "keyward attestation authority";

/// "User-assigned" in ISO 3166: which country an organisation is in is nothing that the server knows.
const COUNTRY: &str = "XX";

/// Clocks of others may be so far behind.
pub(super) const BEFORE: Span = Span::from_minutes(5);

/// The authority's certificate.
#[derive(Clone, Debug)]
pub struct AuthorityCertificate(pub(super) Certificate);

impl AuthorityCertificate {
    /// The certificate in DER.
    pub fn der(&self) -> &[u8] {
        self.0.der()
    }

    /// SHA-256 of it, by which it is named.
    pub fn digest(&self) -> Digest {
        digest::sha256(self.0.der())
    }

    /// Its last moment.
    pub fn ends(&self) -> Timestamp {
        self.0.not_after()
    }

    /// As people exchange certificates.
    pub fn pem(&self) -> String {
        pem(&self.0)
    }
}

/// A certificate as people exchange it (RFC 7468).
pub fn pem(certificate: &Certificate) -> String {
    let text = encoding::base64(certificate.der());
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

/// What the parts of a name have in common. X.509 bounds an organisation's name to 64 characters.
pub(super) fn organization(name: &str) -> String {
    let name: String = name.trim().chars().filter(|character| !character.is_control()).take(64).collect();
    if name.is_empty() { "Keyward".to_owned() } else { name }
}

/// The root's own name.
pub(super) fn root_name(organization: &str) -> Name<'_> {
    Name {
        country: COUNTRY,
        organization,
        organizational_unit: "Attestation authority",
        common_name: "Attestation root of our authenticators",
    }
}

/// The private half.
pub(super) fn key_of(keys: &KeyRing, authority: &Authority) -> Result<SigningKey, AttestError> {
    let secret = seal::open(keys, PURPOSE, authority.id.as_bytes(), &authority.sealed)
        .map(SecretBytes::new)
        .map_err(|_| AttestError::Sealed)?;
    let seed = secret.reveal().try_into().map_err(|_| AttestError::Sealed)?;
    SigningKey::from_seed(Algorithm::Es256, &seed).map_err(|_| AttestError::Sealed)
}

/// Draws again where the draw is no key, which happens once in 2^32 times.
fn seed(entropy: &mut dyn Entropy) -> (SecretBytes, SigningKey) {
    loop {
        let drawn = entropy::array::<32>(entropy);
        if let Ok(key) = SigningKey::from_seed(Algorithm::Es256, &drawn) {
            return (SecretBytes::new(drawn), key);
        }
    }
}

/// Makes the authority; what it certifies is trusted from now on. By the operator.
pub async fn make(cx: &Context, caller: &mut Caller) -> Result<AuthorityCertificate, AttestError> {
    let now = cx.db.now().await?;
    let (secret, key) = seed(caller.entropy.as_mut());
    let organization = organization(cx.relying_party.name());
    let issue = Issue {
        serial: entropy::array::<8>(caller.entropy.as_mut())
            .into_iter()
            .fold(1, |n, b| (n << 7) | u64::from(b)),
        not_before: now - BEFORE,
        not_after: now + AUTHORITY_LIFETIME,
        constraints: BasicConstraints { ca: true, path_length: Some(0) },
        ..Issue::new(root_name(&organization), root_name(&organization), key.public_key())
    };
    let certificate = issue.sign(&key);
    let id = Id::new(now, caller.entropy.as_mut());
    let sealed = seal::seal(&cx.keys, PURPOSE, id.as_bytes(), secret.reveal(), now, caller.entropy.as_mut());
    let authority = Authority { id, certificate, sealed, created: now };
    let made = parsed(&authority)?;
    let root = encoding::hex(&made.digest());
    let pen = Pen::new(caller, Actor::Operator);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            settings::lock_deployment(tx)?;
            if attested_devices::authority(tx)?.is_some() {
                return Err(AttestError::Exists);
            }
            attested_devices::insert_authority(tx, &authority)?;
            let kind = EventKind::AttestationAuthorityMade { root: root.clone() };
            Ok(pen.clone().write(tx, now, None, kind)?)
        })
        .await?;
    metadata::load(cx).await?;
    Ok(made)
}

/// What becomes of passkeys that were attested by what the authority certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attested {
    /// They are attested no longer, as if each device were revoked: whoever removes an authority because its key is in
    /// strange hands cannot tell them from what those made.
    Distrusted,
    /// They keep what was attested of them.
    Kept,
}

/// What went with an authority.
#[derive(Clone, Debug)]
pub struct Removed {
    /// The authority's certificate.
    pub certificate: AuthorityCertificate,
    /// Passkeys that are not attested any more.
    pub passkeys: u64,
    /// Sessions that ended with that.
    pub sessions: u64,
}

/// Removes the authority with everything that it certified: nothing new is trusted, and neither is, unless that is
/// wished, what was.
pub async fn remove(cx: &Context, caller: &mut Caller, attested: Attested) -> Result<Removed, AttestError> {
    let pen = Pen::new(caller, Actor::Operator);
    let removed = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            settings::lock_deployment(tx)?;
            let authority = attested_devices::authority(tx)?.ok_or(AttestError::Off)?;
            let mut pen = pen.clone();
            let (passkeys, sessions) = match attested {
                Attested::Distrusted => revoke_all(tx, &mut pen)?,
                Attested::Kept => (0, 0),
            };
            attested_devices::remove_all(tx)?;
            attested_devices::remove_authority(tx, authority.id)?;
            let certificate = parsed(&authority)?;
            let root = encoding::hex(&certificate.digest());
            pen.write(tx, now, None, EventKind::AttestationAuthorityRemoved { root })?;
            Ok::<_, AttestError>(Removed { certificate, passkeys, sessions })
        })
        .await?;
    metadata::load(cx).await?;
    Ok(removed)
}

/// The authority, if there is one.
pub async fn authority(cx: &Context) -> Result<Option<AuthorityCertificate>, AttestError> {
    let found = cx.db.read(attested_devices::authority).await?;
    found.map(|authority| parsed(&authority)).transpose()
}

/// Seals the authority's key under the current root key if another one sealed it, so that a retired one can be taken
/// away. At the start of a server. One that no root key opens certifies nothing any more; what it certified stays trusted,
/// and nothing else is touched by that.
pub async fn reseal(cx: &Context) -> Result<(), AttestError> {
    let keys = Arc::clone(&cx.keys);
    let is_old = |keys: &KeyRing, authority: &Authority| {
        // A version, then the root key's id.
        authority.sealed.get(1..5) != Some(keys.current_id().to_be_bytes().as_slice())
    };
    let found = cx.db.read(attested_devices::authority).await?;
    if !found.is_some_and(|authority| is_old(&keys, &authority)) {
        return Ok(());
    }
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            settings::lock_deployment(tx)?;
            let Some(authority) = attested_devices::authority(tx)? else { return Ok(()) };
            let purpose = (PURPOSE, authority.id.as_bytes());
            let secret = seal::open(&keys, purpose.0, purpose.1, &authority.sealed)
                .map(SecretBytes::new)
                .map_err(|_| AttestError::Sealed)?;
            let sealed = seal::seal(&keys, purpose.0, purpose.1, secret.reveal(), now, &mut SystemEntropy);
            attested_devices::reseal_authority(tx, &Authority { sealed, ..authority })?;
            Ok(())
        })
        .await
}

pub(super) fn parsed(authority: &Authority) -> Result<AuthorityCertificate, AttestError> {
    let bad = || StoreError::Inconsistent { table: "attestation_authorities", column: 1 };
    Certificate::parse(&authority.certificate)
        .map(AuthorityCertificate)
        .map_err(|_| AttestError::Store(bad()))
}

/// The anchor that the authority's certificate is: each of its certificates is of one authenticator.
pub(crate) fn anchor(tx: &mut Tx<'_>) -> Result<Option<TrustAnchor>, StoreError> {
    let Some(authority) = attested_devices::authority(tx)? else { return Ok(None) };
    // One that cannot be read vouches for nothing.
    let certificate = Certificate::parse(&authority.certificate).ok();
    Ok(certificate.map(|certificate| TrustAnchor { kind: AnchorKind::AttCa, ..certificate.into() }))
}

/// What is known of the model that it attests: a name, and that its keys are in no hardware.
pub(crate) fn model() -> (account::model::Aaguid, Model) {
    (SOFTWARE, Model { name: MODEL_NAME.to_owned(), ..Model::default() })
}
