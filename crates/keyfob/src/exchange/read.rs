//! Passkeys from CXF. What is no passkey is counted and left alone; a passkey that makes no sense is told apart.

use std::fmt;
use std::marker::PhantomData;

use authenticator::private_key::PrivateKey;
use authenticator::vault::Credential;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::cose::Algorithm;
use primitives::encoding::from_base64url;
use primitives::entropy::{self, Entropy};
use primitives::pkcs8::{self, Pkcs8Refusal};
use primitives::time::Timestamp;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{EXTENSION, ExchangeRefusal, LONGEST};

/// Most accounts of a file.
const MOST_ACCOUNTS: usize = 16;
/// Most items of an account, whatever they are: a vault takes 100,000 passkeys.
const MOST_ITEMS: usize = 200_000;
/// Most credentials of an item.
const MOST_PARTS: usize = 1_000;
/// Longest credential id (WebAuthn Level 3 section 4).
const LONGEST_ID: usize = 1023;
/// Longest user handle (section 5.4.3).
const LONGEST_USER_HANDLE: usize = 64;
/// Longest `credBlob` that is kept.
const LONGEST_BLOB: usize = 1024;
/// Longest name, in bytes.
const LONGEST_NAME: usize = 1024;
/// Longest name of a host.
const LONGEST_RP_ID: usize = 253;

#[derive(Deserialize)]
struct Header<'a> {
    version: Version,
    #[serde(borrow, deserialize_with = "few::<_, _, MOST_ACCOUNTS>")]
    accounts: Vec<Account<'a>>,
}

#[derive(Deserialize)]
struct Version {
    major: u64,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(borrow, default, deserialize_with = "few::<_, _, MOST_ITEMS>")]
    items: Vec<Item<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(default)]
    creation_at: Option<i64>,
    #[serde(default)]
    title: String,
    #[serde(borrow, default, deserialize_with = "few::<_, _, MOST_PARTS>")]
    credentials: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    extensions: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Passkey {
    credential_id: String,
    rp_id: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    user_display_name: String,
    user_handle: String,
    #[serde(deserialize_with = "secret")]
    key: Zeroizing<String>,
    #[serde(default)]
    fido2_extensions: Option<Fido2Extensions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fido2Extensions {
    #[serde(default)]
    hmac_credentials: Option<HmacCredentials>,
    #[serde(default)]
    cred_blob: Option<String>,
}

#[derive(Deserialize)]
struct HmacCredentials {
    algorithm: String,
    #[serde(rename = "credWithUV", deserialize_with = "secret")]
    with: Zeroizing<String>,
    #[serde(rename = "credWithoutUV", deserialize_with = "secret")]
    without: Zeroizing<String>,
}

/// Ours.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    name: String,
    algorithm: i64,
    backup_eligible: bool,
    discoverable: bool,
    protection: i64,
    #[serde(default)]
    last_used: Option<i64>,
}

/// A list that may have so many entries. A file of a few megabytes could name millions of nothing, each of which takes room.
fn few<'de, D: Deserializer<'de>, T: Deserialize<'de>, const MOST: usize>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Few<T, const MOST: usize>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Few<T, MOST> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a list of at most {MOST}")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut few = Vec::new();
            while let Some(entry) = list.next_element()? {
                if few.len() == MOST {
                    return Err(A::Error::invalid_length(MOST.saturating_add(1), &self));
                }
                few.push(entry);
            }
            Ok(few)
        }
    }
    deserializer.deserialize_seq(Few::<T, MOST>(PhantomData))
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
}

/// What a file had.
#[derive(Debug, Default)]
pub struct Found {
    /// The passkeys, in the order of the file.
    pub passkeys: Vec<Credential>,
    /// How many entries are something else, such as passwords.
    pub others: usize,
    /// The passkeys that cannot be kept: title of the item, and why.
    pub refused: Vec<(String, PasskeyRefusal)>,
}

/// Why a passkey of a file cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRefusal {
    /// A member is missing, or of the wrong type.
    Members,
    /// A member that should be is no base64url, or too long or short.
    Bytes,
    /// The site is no name of a host.
    RpId,
    /// A name is too long.
    Names,
    /// The private key.
    Key(Pkcs8Refusal),
    /// The secrets of `prf` are of another kind than HMAC with SHA-256 and 32 bytes.
    Hmac,
}

impl PasskeyRefusal {
    /// The stable name of the reason.
    pub fn code(self) -> &'static str {
        match self {
            PasskeyRefusal::Members => "passkey_members",
            PasskeyRefusal::Bytes => "passkey_bytes",
            PasskeyRefusal::RpId => "passkey_rp_id",
            PasskeyRefusal::Names => "passkey_names",
            PasskeyRefusal::Key(Pkcs8Refusal::Syntax) => "key_syntax",
            PasskeyRefusal::Key(Pkcs8Refusal::Algorithm) => "key_algorithm",
            PasskeyRefusal::Key(Pkcs8Refusal::Secret) => "key_secret",
            PasskeyRefusal::Key(Pkcs8Refusal::NoSeed) => "key_no_seed",
            PasskeyRefusal::Key(Pkcs8Refusal::OtherPublicKey) => "key_other_public_key",
            PasskeyRefusal::Hmac => "passkey_hmac",
        }
    }
}

impl fmt::Display for PasskeyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PasskeyRefusal::Members => "something that a passkey needs is missing",
            PasskeyRefusal::Bytes => "an identifier makes no sense",
            PasskeyRefusal::RpId => "its site is no name of a host",
            PasskeyRefusal::Names => "a name is too long",
            PasskeyRefusal::Key(Pkcs8Refusal::Algorithm) => "its key is of a kind that Keyfob does not use",
            PasskeyRefusal::Key(Pkcs8Refusal::NoSeed) => "its key is written in a form that has no seed",
            PasskeyRefusal::Key(Pkcs8Refusal::OtherPublicKey) => "its private and its public key are no pair",
            PasskeyRefusal::Key(_) => "its key makes no sense",
            PasskeyRefusal::Hmac => "its secrets for encryption are of a kind that Keyfob does not use",
        })
    }
}

/// Reads CXF; `now` is when passkeys were made that say nothing of it, `entropy` gives them what the file does not.
pub fn read(json: &[u8], now: Timestamp, entropy: &mut dyn Entropy) -> Result<Found, ExchangeRefusal> {
    if json.len() > LONGEST {
        return Err(ExchangeRefusal::TooLong);
    }
    let text = std::str::from_utf8(json).map_err(|_| ExchangeRefusal::NotAnExport)?;
    let header: Header<'_> = serde_json::from_str(text).map_err(|_| ExchangeRefusal::NotAnExport)?;
    match header.version.major {
        // Version 1 of the format; drafts call themselves 0.
        0 | 1 => {}
        _ => return Err(ExchangeRefusal::Newer),
    }
    let mut found = Found::default();
    for item in header.accounts.into_iter().flat_map(|account| account.items) {
        for raw in &item.credentials {
            match serde_json::from_str::<Kind>(raw.get()) {
                Ok(kind) if kind.kind == "passkey" => match passkey(raw, &item, now, entropy) {
                    Ok(credential) => found.passkeys.push(credential),
                    Err(refusal) => found.refused.push((item.title.clone(), refusal)),
                },
                _ => found.others = found.others.saturating_add(1),
            }
        }
    }
    Ok(found)
}

fn passkey(
    raw: &RawValue,
    item: &Item<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Credential, PasskeyRefusal> {
    let passkey: Passkey = serde_json::from_str(raw.get()).map_err(|_| PasskeyRefusal::Members)?;
    if !is_host(&passkey.rp_id) {
        return Err(PasskeyRefusal::RpId);
    }
    let names = [&passkey.username, &passkey.user_display_name, &item.title];
    if names.iter().any(|name| name.len() > LONGEST_NAME) {
        return Err(PasskeyRefusal::Names);
    }
    let der = from_base64url(&passkey.key).map(Zeroizing::new).ok_or(PasskeyRefusal::Bytes)?;
    let (algorithm, seed) = pkcs8::read(&der).map_err(PasskeyRefusal::Key)?;
    let ours = ours(item);
    // A key of P-256 or Ed25519 may have been registered under its fully specified number.
    let registered = ours.as_ref().and_then(|ours| Algorithm::from_id(ours.algorithm));
    let algorithm = registered.filter(|other| is_alias(*other, algorithm)).unwrap_or(algorithm);
    let secret = |_| PasskeyRefusal::Key(Pkcs8Refusal::Secret);
    let Fido2Extensions { hmac_credentials, cred_blob } =
        passkey.fido2_extensions.unwrap_or(Fido2Extensions { hmac_credentials: None, cred_blob: None });
    let cred_blob = cred_blob.map(|blob| bytes(&blob, 0, LONGEST_BLOB)).transpose()?;
    let protection = ours.as_ref().and_then(|ours| CredentialProtection::from_level(ours.protection));
    Ok(Credential {
        id: bytes(&passkey.credential_id, 1, LONGEST_ID)?,
        rp_id: passkey.rp_id,
        rp_name: item.title.clone(),
        user: UserEntity {
            id: bytes(&passkey.user_handle, 1, LONGEST_USER_HANDLE)?.into(),
            name: passkey.username,
            display_name: passkey.user_display_name,
        },
        key: PrivateKey::from_seed(algorithm, seed).map_err(secret)?,
        // Section 3.3.13: importers begin with zero.
        sign_count: 0,
        discoverable: ours.as_ref().is_none_or(|ours| ours.discoverable),
        // What comes from elsewhere has left its authenticator; only our own word says otherwise.
        backup_eligible: ours.as_ref().is_none_or(|ours| ours.backup_eligible),
        protection: protection.unwrap_or(CredentialProtection::UserVerificationOptional),
        cred_random: cred_random(hmac_credentials, entropy)?,
        cred_blob,
        large_blob_key: None,
        created: item.creation_at.map_or(now, Timestamp::from_secs),
        last_used: ours.and_then(|ours| ours.last_used).map(Timestamp::from_secs),
    })
}

fn ours(item: &Item<'_>) -> Option<Extension> {
    let extensions = item.extensions.as_deref().unwrap_or_default();
    let read = |raw: &&RawValue| serde_json::from_str::<Extension>(raw.get()).ok();
    extensions.iter().filter_map(read).find(|extension| extension.name == EXTENSION)
}

fn is_alias(one: Algorithm, other: Algorithm) -> bool {
    matches!(
        (one, other),
        (Algorithm::Esp256 | Algorithm::Es256, Algorithm::Es256)
            | (Algorithm::Ed25519 | Algorithm::EdDsa, Algorithm::EdDsa)
    )
}

fn cred_random(
    from: Option<HmacCredentials>,
    entropy: &mut dyn Entropy,
) -> Result<Zeroizing<[u8; 64]>, PasskeyRefusal> {
    let Some(from) = from else { return Ok(Zeroizing::new(entropy::array(entropy))) };
    if from.algorithm != "hmac-sha256" {
        return Err(PasskeyRefusal::Hmac);
    }
    let mut out = Zeroizing::new([0; 64]);
    for (half, text) in out.chunks_exact_mut(32).zip([&from.with, &from.without]) {
        let bytes = from_base64url(text).map(Zeroizing::new).filter(|bytes| bytes.len() == half.len());
        half.copy_from_slice(&bytes.ok_or(PasskeyRefusal::Hmac)?);
    }
    Ok(out)
}

fn bytes(text: &str, least: usize, most: usize) -> Result<Vec<u8>, PasskeyRefusal> {
    let bytes = from_base64url(text).filter(|bytes| (least..=most).contains(&bytes.len()));
    bytes.ok_or(PasskeyRefusal::Bytes)
}

/// Whether this can be an RP ID (WebAuthn Level 3 section 5.1.2): labels of lower-case letters, digits and hyphens.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(inner)
    };
    text.len() <= LONGEST_RP_ID && text.split('.').all(label)
}
