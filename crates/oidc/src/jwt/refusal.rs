//! Why a token does not count.

use primitives::jws::JwsRefusal;

use crate::json::JsonRefusal;

/// The rule that a token broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwtRefusal {
    /// Longer than any token should be.
    TooLong,
    /// Not three parts.
    Parts,
    /// A part is no base64url.
    Base64,
    /// The header is no object that may be relied on.
    Header(JsonRefusal),
    /// The payload is none.
    Payload(JsonRefusal),
    /// It says that nobody signed it.
    Unsigned,
    /// It was made with a shared secret, if not with a public key that somebody took for one.
    SharedSecret,
    /// Its algorithm is unknown, missing or does not count here.
    Algorithm,
    /// It names extensions that must be understood.
    Critical,
    /// It says where to fetch the key.
    KeyUrl,
    /// It brings its key.
    KeyInHeader,
    /// It is another kind of token.
    Type,
    /// None of the keys has its name and its algorithm.
    UnknownKey,
    /// The key did not sign it.
    Signature,
    /// A claim has the wrong type.
    ClaimType,
    /// `iss` is missing or somebody else.
    Issuer,
    /// `sub` is missing or somebody else.
    Subject,
    /// `aud` is missing or does not name us.
    Audience,
    /// `exp` is missing.
    ExpiryMissing,
    /// It is past `exp`.
    Expired,
    /// `exp` lies too far ahead.
    TooLongLived,
    /// `iat` or `nbf` lies ahead.
    NotYet,
    /// `iat` is missing.
    IssuedMissing,
    /// `iat` lies too far back.
    TooOld,
    /// `jti` is missing.
    IdMissing,
    /// `jti` is empty or too long.
    Id,
}

impl JwtRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            JwtRefusal::TooLong => "jwt_too_long",
            JwtRefusal::Parts => "jwt_parts",
            JwtRefusal::Base64 => "jwt_base64",
            JwtRefusal::Header(JsonRefusal::Duplicate) => "jwt_header_duplicate",
            JwtRefusal::Header(_) => "jwt_header",
            JwtRefusal::Payload(JsonRefusal::Duplicate) => "jwt_payload_duplicate",
            JwtRefusal::Payload(_) => "jwt_payload",
            JwtRefusal::Unsigned => "jwt_unsigned",
            JwtRefusal::SharedSecret => "jwt_shared_secret",
            JwtRefusal::Algorithm => "jwt_algorithm",
            JwtRefusal::Critical => "jwt_critical",
            JwtRefusal::KeyUrl => "jwt_key_url",
            JwtRefusal::KeyInHeader => "jwt_key_in_header",
            JwtRefusal::Type => "jwt_type",
            JwtRefusal::UnknownKey => "jwt_unknown_key",
            JwtRefusal::Signature => "jwt_signature",
            JwtRefusal::ClaimType => "jwt_claim_type",
            JwtRefusal::Issuer => "jwt_issuer",
            JwtRefusal::Subject => "jwt_subject",
            JwtRefusal::Audience => "jwt_audience",
            JwtRefusal::ExpiryMissing => "jwt_expiry_missing",
            JwtRefusal::Expired => "jwt_expired",
            JwtRefusal::TooLongLived => "jwt_too_long_lived",
            JwtRefusal::NotYet => "jwt_not_yet",
            JwtRefusal::IssuedMissing => "jwt_issued_missing",
            JwtRefusal::TooOld => "jwt_too_old",
            JwtRefusal::IdMissing => "jwt_id_missing",
            JwtRefusal::Id => "jwt_id",
        }
    }
}

impl From<JwsRefusal> for JwtRefusal {
    fn from(refusal: JwsRefusal) -> Self {
        match refusal {
            JwsRefusal::Parts => JwtRefusal::Parts,
            JwsRefusal::Base64 => JwtRefusal::Base64,
            JwsRefusal::Signature => JwtRefusal::Signature,
        }
    }
}
