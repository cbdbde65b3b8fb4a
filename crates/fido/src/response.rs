//! What the client answers: RegistrationResponseJSON and AuthenticationResponseJSON (WebAuthn Level 3
//! section 5.1, the results of `PublicKeyCredential.toJSON()`), read strictly and kept as bytes.

use primitives::encoding;

use crate::credential::Attachment;
use crate::extension::{ClientExtensions, ExtensionRefusal};
use crate::json::{self, Json, JsonRefusal};
use crate::{LONGEST_CREDENTIAL_ID, attestation_object, authenticator_data, client_data};

/// Longest response that is looked at, in bytes of JSON.
pub const LONGEST: usize = 128 * 1024;
/// Longest signature that is looked at, in bytes: post-quantum ones have 4.6 kB.
const LONGEST_SIGNATURE: usize = 8 * 1024;
/// Longest user handle, in bytes (section 5.4.3 allows 64; what is longer equals no one's).
const LONGEST_USER_HANDLE: usize = 1024;
/// Most transports, and the longest word among them.
const MOST_TRANSPORTS: usize = 16;
const LONGEST_TRANSPORT: usize = 32;

/// RegistrationResponseJSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationResponse {
    /// `rawId`, which `id` equals.
    pub credential_id: Vec<u8>,
    /// `response.clientDataJSON`, raw, because it is hashed.
    pub client_data_json: Vec<u8>,
    /// `response.attestationObject`.
    pub attestation_object: Vec<u8>,
    /// `response.transports`, sorted, without duplicates; unknown words are kept.
    pub transports: Vec<String>,
    /// `authenticatorAttachment`; unknown words count as absent.
    pub attachment: Option<Attachment>,
    /// `clientExtensionResults`.
    pub client_extensions: ClientExtensions,
}

/// AuthenticationResponseJSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticationResponse {
    /// `rawId`, which `id` equals.
    pub credential_id: Vec<u8>,
    /// `response.clientDataJSON`, raw, because it is hashed.
    pub client_data_json: Vec<u8>,
    /// `response.authenticatorData`, raw, because it is signed.
    pub authenticator_data: Vec<u8>,
    /// `response.signature`.
    pub signature: Vec<u8>,
    /// `response.userHandle`, if there is one.
    pub user_handle: Option<Vec<u8>>,
    /// `authenticatorAttachment`; unknown words count as absent.
    pub attachment: Option<Attachment>,
    /// `clientExtensionResults`.
    pub client_extensions: ClientExtensions,
}

impl RegistrationResponse {
    /// Reads the JSON text.
    pub fn parse(text: &str) -> Result<Self, ResponseRefusal> {
        let json = outer(text)?;
        let response = inner(&json)?;
        Ok(Self {
            credential_id: credential_id(&json)?,
            client_data_json: bytes(response, "clientDataJSON", client_data::LONGEST)?,
            attestation_object: bytes(response, "attestationObject", attestation_object::LONGEST)?,
            transports: transports(response)?,
            attachment: attachment(&json)?,
            client_extensions: client_extensions(&json)?,
        })
    }
}

impl AuthenticationResponse {
    /// Reads the JSON text.
    pub fn parse(text: &str) -> Result<Self, ResponseRefusal> {
        let json = outer(text)?;
        let response = inner(&json)?;
        let user_handle = match response.get("userHandle") {
            None | Some(Json::Null) => None,
            Some(_) => Some(bytes(response, "userHandle", LONGEST_USER_HANDLE)?),
        };
        Ok(Self {
            credential_id: credential_id(&json)?,
            client_data_json: bytes(response, "clientDataJSON", client_data::LONGEST)?,
            authenticator_data: bytes(response, "authenticatorData", authenticator_data::LONGEST)?,
            signature: bytes(response, "signature", LONGEST_SIGNATURE)?,
            user_handle,
            attachment: attachment(&json)?,
            client_extensions: client_extensions(&json)?,
        })
    }
}

fn outer(text: &str) -> Result<Json<'_>, ResponseRefusal> {
    if text.len() > LONGEST {
        return Err(ResponseRefusal::TooLong);
    }
    let json = json::parse(text).map_err(ResponseRefusal::Json)?;
    if !json.is_object() {
        return Err(ResponseRefusal::NotAnObject);
    }
    match json.get("type") {
        Some(Json::Text(kind)) if kind == "public-key" => Ok(json),
        _ => Err(ResponseRefusal::CredentialType),
    }
}

fn inner<'j, 'a>(json: &'j Json<'a>) -> Result<&'j Json<'a>, ResponseRefusal> {
    json.get("response").filter(|response| response.is_object()).ok_or(ResponseRefusal::MemberMissing)
}

fn credential_id(json: &Json<'_>) -> Result<Vec<u8>, ResponseRefusal> {
    let raw_id = bytes(json, "rawId", LONGEST_CREDENTIAL_ID).map_err(as_credential_id)?;
    let id = bytes(json, "id", LONGEST_CREDENTIAL_ID).map_err(as_credential_id)?;
    if raw_id.is_empty() {
        return Err(ResponseRefusal::CredentialIdLength);
    }
    if id == raw_id { Ok(raw_id) } else { Err(ResponseRefusal::IdIsNotRawId) }
}

fn as_credential_id(refusal: ResponseRefusal) -> ResponseRefusal {
    if refusal == ResponseRefusal::MemberTooLong { ResponseRefusal::CredentialIdLength } else { refusal }
}

fn bytes(json: &Json<'_>, name: &str, longest: usize) -> Result<Vec<u8>, ResponseRefusal> {
    let text = match json.get(name) {
        None => return Err(ResponseRefusal::MemberMissing),
        Some(member) => member.as_text().ok_or(ResponseRefusal::MemberType)?,
    };
    // Four characters hold three bytes.
    if text.len() > longest.saturating_mul(4).div_ceil(3) {
        return Err(ResponseRefusal::MemberTooLong);
    }
    encoding::from_base64url(text).ok_or(ResponseRefusal::NotBase64Url)
}

fn transports(response: &Json<'_>) -> Result<Vec<String>, ResponseRefusal> {
    let Some(member) = response.get("transports") else {
        return Ok(Vec::new());
    };
    let items = member.as_array().ok_or(ResponseRefusal::MemberType)?;
    if items.len() > MOST_TRANSPORTS {
        return Err(ResponseRefusal::TooManyTransports);
    }
    let mut words = Vec::with_capacity(items.len());
    for item in items {
        let word = item.as_text().ok_or(ResponseRefusal::MemberType)?;
        if word.len() > LONGEST_TRANSPORT {
            return Err(ResponseRefusal::MemberTooLong);
        }
        words.push(word.to_owned());
    }
    words.sort();
    words.dedup();
    Ok(words)
}

fn attachment(json: &Json<'_>) -> Result<Option<Attachment>, ResponseRefusal> {
    match json.get("authenticatorAttachment") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(word)) => Ok(Attachment::from_word(word)),
        Some(_) => Err(ResponseRefusal::MemberType),
    }
}

fn client_extensions(json: &Json<'_>) -> Result<ClientExtensions, ResponseRefusal> {
    match json.get("clientExtensionResults") {
        // Some clients leave the member out where it would be empty.
        None => Ok(ClientExtensions::default()),
        Some(results) => ClientExtensions::from_json(results).map_err(ResponseRefusal::Extension),
    }
}

/// Why a text is no response of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseRefusal {
    /// Longer than [`LONGEST`].
    TooLong,
    /// Not JSON within the bounds.
    Json(JsonRefusal),
    /// Not an object.
    NotAnObject,
    /// `type` is not `public-key`.
    CredentialType,
    /// A member that must be there is not, or `response` is no object.
    MemberMissing,
    /// A member has the wrong type.
    MemberType,
    /// A member is longer than what it may hold.
    MemberTooLong,
    /// A member is not base64url without padding.
    NotBase64Url,
    /// The credential id is empty or longer than 1023 bytes.
    CredentialIdLength,
    /// `id` and `rawId` are not the same bytes.
    IdIsNotRawId,
    /// There are more transports than exist.
    TooManyTransports,
    /// An extension's output is not what its definition says.
    Extension(ExtensionRefusal),
}

impl ResponseRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            ResponseRefusal::TooLong
            | ResponseRefusal::MemberTooLong
            | ResponseRefusal::TooManyTransports => "resource_limit",
            ResponseRefusal::Json(json) if json.is_resource_limit() => "resource_limit",
            ResponseRefusal::CredentialIdLength => "credential_id",
            ResponseRefusal::IdIsNotRawId => "credential_id_mismatch",
            ResponseRefusal::Extension(refusal) => refusal.code(),
            _ => "malformed",
        }
    }
}

#[cfg(test)]
mod tests;
