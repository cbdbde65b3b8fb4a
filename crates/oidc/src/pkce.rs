//! Proof Key for Code Exchange (RFC 7636), with S256 and nothing else.

use std::fmt;

use primitives::digest;
use primitives::encoding::{base64url, constant_time_eq};
use serde::{Deserialize, Serialize};

/// The one method there is.
pub const METHOD: &str = "S256";

/// `code_challenge`: the SHA-256 of a verifier in base64url.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Challenge(String);

/// Why there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PkceRefusal {
    /// No `code_challenge`.
    ChallengeMissing,
    /// Another method than S256; leaving it out asks for `plain`.
    Method,
    /// Not 43 characters of base64url.
    Challenge,
    /// No `code_verifier`.
    VerifierMissing,
    /// Not 43 to 128 unreserved characters.
    Verifier,
    /// The verifier is another's.
    Mismatch,
}

impl PkceRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            PkceRefusal::ChallengeMissing => "pkce_missing",
            PkceRefusal::Method => "pkce_method",
            PkceRefusal::Challenge => "pkce_challenge",
            PkceRefusal::VerifierMissing => "pkce_verifier_missing",
            PkceRefusal::Verifier => "pkce_verifier",
            PkceRefusal::Mismatch => "pkce_mismatch",
        }
    }

    /// The rule in one sentence, for developers.
    pub fn description(self) -> &'static str {
        match self {
            PkceRefusal::ChallengeMissing => "code_challenge is missing; PKCE is required of every client",
            PkceRefusal::Method => "code_challenge_method must be S256",
            PkceRefusal::Challenge => "code_challenge must be 43 characters of base64url",
            PkceRefusal::VerifierMissing => "code_verifier is missing",
            PkceRefusal::Verifier => "code_verifier must be 43 to 128 unreserved characters",
            PkceRefusal::Mismatch => "code_verifier does not belong to code_challenge",
        }
    }
}

impl fmt::Display for PkceRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Challenge {
    /// Reads the two parameters of an authorization request.
    pub fn read(challenge: Option<&str>, method: Option<&str>) -> Result<Self, PkceRefusal> {
        let challenge = challenge.ok_or(PkceRefusal::ChallengeMissing)?;
        if method != Some(METHOD) {
            return Err(PkceRefusal::Method);
        }
        Self::parse(challenge)
    }

    /// Takes the base64url of 32 octets.
    pub fn parse(text: &str) -> Result<Self, PkceRefusal> {
        let digest = primitives::encoding::from_base64url(text).filter(|octets| octets.len() == 32);
        digest.map(|_| Self(text.to_owned())).ok_or(PkceRefusal::Challenge)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge")
    }
}

impl TryFrom<String> for Challenge {
    type Error = PkceRefusal;

    fn try_from(text: String) -> Result<Self, PkceRefusal> {
        Self::parse(&text)
    }
}

impl From<Challenge> for String {
    fn from(challenge: Challenge) -> Self {
        challenge.0
    }
}

/// `code_verifier`: what only the client knows that began.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

impl Verifier {
    /// Takes 43 to 128 unreserved characters (RFC 7636 section 4.1).
    pub fn parse(text: &str) -> Result<Self, PkceRefusal> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let fits = (43..=128).contains(&text.len()) && text.bytes().all(unreserved);
        if fits { Ok(Self(text.to_owned())) } else { Err(PkceRefusal::Verifier) }
    }

    /// The challenge that a client sends ahead of it.
    pub fn challenge(&self) -> Challenge {
        Challenge(base64url(&digest::sha256(self.0.as_bytes())))
    }

    /// Whether that challenge was made of it (RFC 7636 section 4.6).
    pub fn verifies(&self, challenge: &Challenge) -> bool {
        constant_time_eq(self.challenge().0.as_bytes(), challenge.0.as_bytes())
    }
}

#[cfg(test)]
mod tests;
