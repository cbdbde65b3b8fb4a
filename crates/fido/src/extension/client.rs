//! What the client says outside the signature.

use primitives::encoding;
use primitives::secret::SecretBytes;

use super::{ExtensionRefusal, MOST_METHODS, VerificationMethod};
use crate::json::Json;

/// Bytes of a secret that `prf` derives.
const PRF_SECRET: usize = 32;
/// Longest blob of `largeBlob` that is looked at, in bytes.
const LONGEST_BLOB: usize = 16 * 1024;

/// Client extension outputs: a hint, never evidence. Unknown extensions are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientExtensions {
    /// `credProps.rk` (section 10.1.3): whether the credential is discoverable.
    pub discoverable: Option<bool>,
    /// `prf` (section 10.1.4).
    pub prf: Option<PrfOutput>,
    /// `largeBlob` (section 10.1.5).
    pub large_blob: Option<LargeBlobOutput>,
    /// `uvm`: how the person was verified, one to three ways.
    pub uvm: Option<Vec<VerificationMethod>>,
}

/// Output of `prf`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrfOutput {
    /// At creation: whether the credential can derive secrets.
    pub enabled: Option<bool>,
    /// What was derived. It belongs to the client, and a page does well not to send it.
    pub results: Option<PrfSecrets>,
}

/// One or two secrets of 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrfSecrets {
    /// Of the first input.
    pub first: SecretBytes,
    /// Of the second input, if there was one.
    pub second: Option<SecretBytes>,
}

/// Output of `largeBlob`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LargeBlobOutput {
    /// At creation: whether the authenticator can keep a blob.
    pub supported: Option<bool>,
    /// At an assertion: the blob that was read.
    pub blob: Option<SecretBytes>,
    /// At an assertion: whether the blob was written.
    pub written: Option<bool>,
}

impl ClientExtensions {
    /// Takes `clientExtensionResults`.
    pub fn from_json(json: &Json<'_>) -> Result<Self, ExtensionRefusal> {
        if !json.is_object() {
            return Err(ExtensionRefusal::Shape);
        }
        let discoverable = match object(json, "credProps", ExtensionRefusal::CredProps)? {
            None => None,
            Some(props) => boolean(props, "rk", ExtensionRefusal::CredProps)?,
        };
        let prf = object(json, "prf", ExtensionRefusal::Prf)?.map(prf).transpose()?;
        let large_blob =
            object(json, "largeBlob", ExtensionRefusal::LargeBlob)?.map(large_blob).transpose()?;
        let uvm = match json.get("uvm") {
            None => None,
            Some(entries) => Some(uvm(entries).ok_or(ExtensionRefusal::Uvm)?),
        };
        Ok(Self { discoverable, prf, large_blob, uvm })
    }
}

fn prf(output: &Json<'_>) -> Result<PrfOutput, ExtensionRefusal> {
    let refusal = ExtensionRefusal::Prf;
    let results = match object(output, "results", refusal)? {
        None => None,
        Some(results) => Some(PrfSecrets {
            first: prf_secret(results, "first")?.ok_or(refusal)?,
            second: prf_secret(results, "second")?,
        }),
    };
    Ok(PrfOutput { enabled: boolean(output, "enabled", refusal)?, results })
}

fn prf_secret(results: &Json<'_>, name: &str) -> Result<Option<SecretBytes>, ExtensionRefusal> {
    match bytes(results, name, PRF_SECRET, ExtensionRefusal::Prf)? {
        Some(secret) if secret.reveal().len() != PRF_SECRET => Err(ExtensionRefusal::Prf),
        secret => Ok(secret),
    }
}

fn large_blob(output: &Json<'_>) -> Result<LargeBlobOutput, ExtensionRefusal> {
    let refusal = ExtensionRefusal::LargeBlob;
    Ok(LargeBlobOutput {
        supported: boolean(output, "supported", refusal)?,
        blob: bytes(output, "blob", LONGEST_BLOB, refusal)?,
        written: boolean(output, "written", refusal)?,
    })
}

fn uvm(entries: &Json<'_>) -> Option<Vec<VerificationMethod>> {
    let entries = entries.as_array()?;
    if !(1..=MOST_METHODS).contains(&entries.len()) {
        return None;
    }
    let number = |value: &Json<'_>| if let Json::Number(number) = value { number.as_u64() } else { None };
    let method = |entry: &Json<'_>| match entry.as_array()? {
        [method, key, matcher] => {
            VerificationMethod::from_numbers([number(method), number(key), number(matcher)])
        }
        _ => None,
    };
    entries.iter().map(method).collect()
}

fn object<'j, 'a>(
    json: &'j Json<'a>,
    name: &str,
    otherwise: ExtensionRefusal,
) -> Result<Option<&'j Json<'a>>, ExtensionRefusal> {
    match json.get(name) {
        Some(member) if !member.is_object() => Err(otherwise),
        member => Ok(member),
    }
}

fn boolean(
    json: &Json<'_>,
    name: &str,
    otherwise: ExtensionRefusal,
) -> Result<Option<bool>, ExtensionRefusal> {
    match json.get(name) {
        None => Ok(None),
        Some(member) => member.as_bool().map(Some).ok_or(otherwise),
    }
}

fn bytes(
    json: &Json<'_>,
    name: &str,
    longest: usize,
    otherwise: ExtensionRefusal,
) -> Result<Option<SecretBytes>, ExtensionRefusal> {
    let Some(member) = json.get(name) else { return Ok(None) };
    let text = member.as_text().ok_or(otherwise)?;
    // Four characters hold three bytes.
    if text.len() > longest.saturating_mul(4).div_ceil(3) {
        return Err(ExtensionRefusal::TooLong);
    }
    encoding::from_base64url(text).map(|bytes| Some(SecretBytes::new(bytes))).ok_or(otherwise)
}

#[cfg(test)]
mod tests;
