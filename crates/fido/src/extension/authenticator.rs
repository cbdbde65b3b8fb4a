//! What the authenticator says inside signed authenticator data.

use primitives::cbor::{Key, Value};
use primitives::secret::SecretBytes;

use super::{CredentialProtection, ExtensionRefusal, MOST_METHODS, VerificationMethod};

/// Longest output of `hmac-secret`: an initialisation vector and two encrypted secrets of 32 bytes each.
const LONGEST_HMAC_SECRET: usize = 80;

/// Longest `credBlob`. CTAP 2.2 section 12.2 promises 32 bytes and lets authenticators have more.
const LONGEST_CRED_BLOB: usize = 1024;

/// Authenticator extension outputs. Unknown extensions are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthenticatorExtensions {
    /// `credProtect` (CTAP 2.2 section 12.1): the level the credential got.
    pub cred_protect: Option<CredentialProtection>,
    /// `minPinLength` (section 12.5): fewest characters that a PIN may have there.
    pub min_pin_length: Option<u32>,
    /// `hmac-secret` (section 12.7), which is `prf` of WebAuthn.
    pub hmac_secret: Option<HmacSecret>,
    /// `hmac-secret-mc` (section 12.8): what `hmac-secret` would give at an assertion, at creation already.
    pub hmac_secret_mc: Option<SecretBytes>,
    /// `credBlob` (section 12.2).
    pub cred_blob: Option<CredBlob>,
    /// `uvm`: how the person was verified, one to three ways.
    pub uvm: Option<Vec<VerificationMethod>>,
}

/// Output of `hmac-secret`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HmacSecret {
    /// At creation: whether the credential has such a secret.
    Enabled(bool),
    /// At an assertion: one or two secrets, encrypted for the client.
    Encrypted(SecretBytes),
}

/// Output of `credBlob`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredBlob {
    /// At creation: whether the blob was kept.
    Stored(bool),
    /// At an assertion: the blob; empty if there is none.
    Blob(SecretBytes),
}

impl AuthenticatorExtensions {
    /// Takes the extension map of authenticator data; `creation` tells which outputs the definitions demand.
    pub fn from_value(value: &Value<'_>, creation: bool) -> Result<Self, ExtensionRefusal> {
        let entries = value.as_map().ok_or(ExtensionRefusal::Shape)?;
        let mut out = Self::default();
        for (key, value) in entries {
            let Key::Text(name) = key else { return Err(ExtensionRefusal::Shape) };
            match *name {
                "credProtect" => {
                    let level = value.as_integer().and_then(CredentialProtection::from_level);
                    out.cred_protect = Some(level.ok_or(ExtensionRefusal::CredProtect)?);
                }
                "minPinLength" => {
                    let length = value.as_integer().and_then(|length| u32::try_from(length).ok());
                    out.min_pin_length = Some(length.ok_or(ExtensionRefusal::MinPinLength)?);
                }
                "hmac-secret" => out.hmac_secret = Some(hmac_secret(value, creation)?),
                "hmac-secret-mc" => {
                    let refusal = ExtensionRefusal::HmacSecretMc;
                    out.hmac_secret_mc = Some(secret(value, LONGEST_HMAC_SECRET, refusal)?);
                }
                "credBlob" => out.cred_blob = Some(cred_blob(value, creation)?),
                "uvm" => out.uvm = Some(uvm(value).ok_or(ExtensionRefusal::Uvm)?),
                _ => {}
            }
        }
        Ok(out)
    }

    /// The extension map in canonical CBOR.
    pub fn encode(&self) -> Vec<u8> {
        let mut entries = Vec::new();
        let mut add = |name, value| entries.push((Key::Text(name), value));
        if let Some(level) = self.cred_protect {
            add("credProtect", Value::Integer(level.level()));
        }
        if let Some(length) = self.min_pin_length {
            add("minPinLength", Value::Integer(length.into()));
        }
        match &self.hmac_secret {
            Some(HmacSecret::Enabled(enabled)) => add("hmac-secret", Value::Bool(*enabled)),
            Some(HmacSecret::Encrypted(output)) => add("hmac-secret", Value::Bytes(output.reveal())),
            None => {}
        }
        if let Some(output) = &self.hmac_secret_mc {
            add("hmac-secret-mc", Value::Bytes(output.reveal()));
        }
        match &self.cred_blob {
            Some(CredBlob::Stored(stored)) => add("credBlob", Value::Bool(*stored)),
            Some(CredBlob::Blob(blob)) => add("credBlob", Value::Bytes(blob.reveal())),
            None => {}
        }
        if let Some(methods) = &self.uvm {
            add("uvm", Value::Array(methods.iter().map(method_value).collect()));
        }
        Value::Map(entries).encode()
    }
}

fn hmac_secret(value: &Value<'_>, creation: bool) -> Result<HmacSecret, ExtensionRefusal> {
    let refusal = ExtensionRefusal::HmacSecret;
    if creation {
        return value.as_bool().map(HmacSecret::Enabled).ok_or(refusal);
    }
    secret(value, LONGEST_HMAC_SECRET, refusal).map(HmacSecret::Encrypted)
}

fn cred_blob(value: &Value<'_>, creation: bool) -> Result<CredBlob, ExtensionRefusal> {
    let refusal = ExtensionRefusal::CredBlob;
    if creation {
        return value.as_bool().map(CredBlob::Stored).ok_or(refusal);
    }
    secret(value, LONGEST_CRED_BLOB, refusal).map(CredBlob::Blob)
}

fn secret(
    value: &Value<'_>,
    longest: usize,
    otherwise: ExtensionRefusal,
) -> Result<SecretBytes, ExtensionRefusal> {
    let bytes = value.as_bytes().ok_or(otherwise)?;
    if bytes.len() > longest { Err(ExtensionRefusal::TooLong) } else { Ok(SecretBytes::new(bytes)) }
}

fn uvm(value: &Value<'_>) -> Option<Vec<VerificationMethod>> {
    let entries = value.as_array()?;
    if !(1..=MOST_METHODS).contains(&entries.len()) {
        return None;
    }
    let number = |value: &Value<'_>| value.as_integer().and_then(|number| u64::try_from(number).ok());
    let method = |entry: &Value<'_>| match entry.as_array()? {
        [method, key, matcher] => {
            VerificationMethod::from_numbers([number(method), number(key), number(matcher)])
        }
        _ => None,
    };
    entries.iter().map(method).collect()
}

fn method_value(method: &VerificationMethod) -> Value<'static> {
    Value::Array(vec![
        Value::Integer(method.method.into()),
        Value::Integer(method.key_protection.into()),
        Value::Integer(method.matcher_protection.into()),
    ])
}

#[cfg(test)]
mod tests;
