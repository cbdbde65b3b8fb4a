//! Passkeys as CXF (section 2 and, for passkeys, section 3.3.13).

use authenticator::vault::Credential;
use primitives::digest;
use primitives::encoding::base64url;
use primitives::pkcs8;
use primitives::time::Timestamp;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::EXTENSION;

/// A whole export (section 2.1.1).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Header<'a> {
    version: Version,
    exporter_rp_id: &'a str,
    exporter_display_name: &'a str,
    timestamp: i64,
    accounts: [Account<'a>; 1],
}

#[derive(Serialize)]
struct Version {
    major: u8,
    minor: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account<'a> {
    id: String,
    username: &'a str,
    email: &'a str,
    collections: [(); 0],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: String,
    creation_at: i64,
    modified_at: i64,
    title: &'a str,
    subtitle: &'a str,
    scope: Scope,
    credentials: [Passkey<'a>; 1],
    extensions: [Extension; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scope {
    urls: [String; 1],
    android_apps: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", tag = "type", rename = "passkey")]
struct Passkey<'a> {
    credential_id: String,
    rp_id: &'a str,
    username: &'a str,
    user_display_name: &'a str,
    user_handle: String,
    #[serde(serialize_with = "secret")]
    key: Zeroizing<String>,
    fido2_extensions: Fido2Extensions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fido2Extensions {
    hmac_credentials: HmacCredentials,
    #[serde(skip_serializing_if = "Option::is_none")]
    cred_blob: Option<String>,
}

#[derive(Serialize)]
struct HmacCredentials {
    algorithm: &'static str,
    #[serde(rename = "credWithUV", serialize_with = "secret")]
    with: Zeroizing<String>,
    #[serde(rename = "credWithoutUV", serialize_with = "secret")]
    without: Zeroizing<String>,
}

/// What CXF has no member for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    name: &'static str,
    algorithm: i64,
    backup_eligible: bool,
    discoverable: bool,
    protection: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used: Option<i64>,
}

fn secret<S: Serializer>(text: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// What was written.
pub struct Written {
    /// The JSON.
    pub json: Zeroizing<Vec<u8>>,
    /// How many passkeys are in it.
    pub passkeys: usize,
    /// Of these, how many told their site that they never leave this authenticator: other programs may find that the
    /// site refuses them (WebAuthn Level 3 section 6.1.3).
    pub device_bound: usize,
    /// The sites of those that are left out, because no PKCS #8 holds their key.
    pub left_out: Vec<String>,
}

/// Writes the passkeys of the vault `account`.
///
/// CXF leaves out passkeys with a signature counter; Keyfob shows sites none, whatever it counts for itself.
pub fn write<'a>(
    account: &[u8; 16],
    credentials: impl Iterator<Item = &'a Credential>,
    now: Timestamp,
) -> Written {
    let (mut items, mut left_out, mut device_bound) = (Vec::new(), Vec::new(), 0_usize);
    for credential in credentials {
        match item(credential) {
            Some(item) => {
                device_bound = device_bound.saturating_add(usize::from(!credential.backup_eligible));
                items.push(item);
            }
            None => left_out.push(credential.rp_id.clone()),
        }
    }
    let passkeys = items.len();
    let account = Account { id: base64url(account), username: "", email: "", collections: [], items };
    let header = Header {
        version: Version { major: 1, minor: 0 },
        exporter_rp_id: "keyfob.invalid",
        exporter_display_name: "Keyfob",
        timestamp: now.secs(),
        accounts: [account],
    };
    // Room for all of it: a buffer that moves leaves keys behind.
    let mut json = Zeroizing::new(Vec::with_capacity(passkeys.saturating_mul(4096).saturating_add(4096)));
    if serde_json::to_writer(&mut *json, &header).is_err() {
        unreachable!("these are texts and numbers, and memory takes what it is given");
    }
    Written { json, passkeys, device_bound, left_out }
}

fn item(credential: &Credential) -> Option<Item<'_>> {
    let key = pkcs8::write(credential.key.algorithm(), credential.key.seed()?)?;
    let (with, without) = credential.cred_random.split_at_checked(32)?;
    let used = credential.last_used.unwrap_or(credential.created);
    let secret = |bytes: &[u8]| Zeroizing::new(base64url(bytes));
    let passkey = Passkey {
        credential_id: base64url(&credential.id),
        rp_id: &credential.rp_id,
        username: &credential.user.name,
        user_display_name: &credential.user.display_name,
        user_handle: base64url(&credential.user.id),
        key: secret(&key),
        fido2_extensions: Fido2Extensions {
            hmac_credentials: HmacCredentials {
                algorithm: "hmac-sha256",
                with: secret(with),
                without: secret(without),
            },
            cred_blob: credential.cred_blob.as_deref().map(base64url),
        },
    };
    let extension = Extension {
        name: EXTENSION,
        algorithm: credential.key.algorithm().id(),
        backup_eligible: credential.backup_eligible,
        discoverable: credential.discoverable,
        protection: credential.protection.level(),
        last_used: credential.last_used.map(Timestamp::secs),
    };
    let title = if credential.rp_name.is_empty() { &credential.rp_id } else { &credential.rp_name };
    Some(Item {
        // Section 2.1.4: at most 64 bytes, and the same again in the next export.
        id: base64url(&digest::sha256(&credential.id)),
        creation_at: credential.created.secs(),
        modified_at: used.secs(),
        title,
        subtitle: &credential.user.name,
        scope: Scope { urls: [format!("https://{}", credential.rp_id)], android_apps: [] },
        credentials: [passkey],
        extensions: [extension],
    })
}
