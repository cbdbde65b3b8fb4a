//! CollectedClientData (WebAuthn Level 3 section 5.8.1): what the client says about the ceremony's context.

use crate::json::{self, JsonRefusal};

/// Longest `clientDataJSON` that is looked at, in bytes. Real ones have a few hundred.
pub const LONGEST: usize = 8 * 1024;

/// The members of the client data that a relying party checks. The raw bytes, not this, are hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectedClientData {
    /// `type`: `webauthn.create` or `webauthn.get`.
    pub kind: String,
    /// `challenge`, base64url as the client wrote it.
    pub challenge: String,
    /// `origin`, serialised as HTML does (or an application's own form).
    pub origin: String,
    /// `crossOrigin`; absent is `false`.
    pub cross_origin: bool,
    /// `topOrigin`, present only in cross-origin use.
    pub top_origin: Option<String>,
}

impl CollectedClientData {
    /// Reads `clientDataJSON`. Unknown members are tolerated, as the specification demands.
    pub fn parse(bytes: &[u8]) -> Result<Self, ClientDataRefusal> {
        if bytes.len() > LONGEST {
            return Err(ClientDataRefusal::TooLong);
        }
        // "UTF-8 decode" of the Encoding Standard strips a byte order mark. It would also replace invalid
        // sequences; what that would turn into something else is refused instead.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| ClientDataRefusal::NotUtf8)?;
        let value = json::parse(text).map_err(ClientDataRefusal::Json)?;
        if !value.is_object() {
            return Err(ClientDataRefusal::NotAnObject);
        }
        let text_member = |name, refusal| match value.get(name) {
            None => Err(ClientDataRefusal::MemberMissing),
            Some(member) => member.as_text().map(str::to_owned).ok_or(refusal),
        };
        Ok(Self {
            kind: text_member("type", ClientDataRefusal::Type)?,
            challenge: text_member("challenge", ClientDataRefusal::Challenge)?,
            origin: text_member("origin", ClientDataRefusal::Origin)?,
            cross_origin: match value.get("crossOrigin") {
                None => false,
                Some(member) => member.as_bool().ok_or(ClientDataRefusal::CrossOriginNotBoolean)?,
            },
            top_origin: match value.get("topOrigin") {
                None => None,
                Some(_) => Some(text_member("topOrigin", ClientDataRefusal::TopOrigin)?),
            },
        })
    }

    /// Writes the client data as clients do (section 5.8.1.1, the limited verification algorithm's form).
    pub fn encode(&self) -> Vec<u8> {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut out = format!(
            "{{\"type\":{},\"challenge\":{},\"origin\":{},\"crossOrigin\":{}",
            quoted(&self.kind),
            quoted(&self.challenge),
            quoted(&self.origin),
            self.cross_origin
        );
        if let Some(top_origin) = &self.top_origin {
            out.push_str(",\"topOrigin\":");
            out.push_str(&quoted(top_origin));
        }
        out.push('}');
        out.into_bytes()
    }
}

/// Why bytes are no client data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientDataRefusal {
    /// Longer than [`LONGEST`].
    TooLong,
    /// Not UTF-8.
    NotUtf8,
    /// Not JSON within the bounds.
    Json(JsonRefusal),
    /// Not an object.
    NotAnObject,
    /// `type`, `challenge` or `origin` is missing.
    MemberMissing,
    /// `type` is no text.
    Type,
    /// `challenge` is no text.
    Challenge,
    /// `origin` is no text, such as a list of origins.
    Origin,
    /// `crossOrigin` is present and no boolean.
    CrossOriginNotBoolean,
    /// `topOrigin` is present and no text.
    TopOrigin,
}

impl ClientDataRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            ClientDataRefusal::TooLong => "resource_limit",
            ClientDataRefusal::Json(refusal) if refusal.is_resource_limit() => "resource_limit",
            // A member that is there and has the wrong type breaks the rule about that member.
            ClientDataRefusal::Type => "client_data_type",
            ClientDataRefusal::Challenge => "challenge",
            ClientDataRefusal::Origin => "origin",
            ClientDataRefusal::CrossOriginNotBoolean => "cross_origin",
            ClientDataRefusal::TopOrigin => "top_origin",
            _ => "client_data_json",
        }
    }
}

#[cfg(test)]
mod tests;
