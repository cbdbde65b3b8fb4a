//! What the claims of a token must say (RFC 7519 section 4.1).

use primitives::time::{Span, Timestamp};
use serde_json::{Map, Value};

use super::refusal::JwtRefusal;
use super::{LEEWAY, Typ};

/// What a token has to be.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    /// What it says that it is.
    pub typ: Typ<'a>,
    /// The algorithms that count, by their names in JOSE.
    pub algorithms: &'a [&'a str],
    /// `iss`.
    pub issuer: &'a str,
    /// `sub`, where it must be somebody.
    pub subject: Option<&'a str>,
    /// One of these must be in `aud`.
    pub audience: &'a [&'a str],
    /// The time.
    pub now: Timestamp,
    /// How far ahead `exp` may lie.
    pub longest: Span,
    /// How long ago `iat` may lie; where it is given, `iat` must be there.
    pub max_age: Option<Span>,
    /// Whether `jti` must be there.
    pub jti: bool,
}

/// Longest `jti` in bytes.
const LONGEST_ID: usize = 255;

/// Judges claims by `rules`.
pub fn judge(claims: &Map<String, Value>, rules: &Rules<'_>) -> Result<(), JwtRefusal> {
    if text(claims, "iss")? != Some(rules.issuer) {
        return Err(JwtRefusal::Issuer);
    }
    if rules.subject.is_some() && text(claims, "sub")? != rules.subject {
        return Err(JwtRefusal::Subject);
    }
    if !audience(claims)?.iter().any(|aud| rules.audience.contains(aud)) {
        return Err(JwtRefusal::Audience);
    }
    let expires = time(claims, "exp")?.ok_or(JwtRefusal::ExpiryMissing)?;
    if expires + LEEWAY <= rules.now {
        return Err(JwtRefusal::Expired);
    }
    if expires > rules.now + rules.longest + LEEWAY {
        return Err(JwtRefusal::TooLongLived);
    }
    let issued = time(claims, "iat")?;
    for start in [issued, time(claims, "nbf")?].into_iter().flatten() {
        if start > rules.now + LEEWAY {
            return Err(JwtRefusal::NotYet);
        }
    }
    if let Some(max_age) = rules.max_age {
        let issued = issued.ok_or(JwtRefusal::IssuedMissing)?;
        if issued + max_age + LEEWAY < rules.now {
            return Err(JwtRefusal::TooOld);
        }
    }
    match text(claims, "jti")? {
        Some(id) if id.is_empty() || id.len() > LONGEST_ID => Err(JwtRefusal::Id),
        None if rules.jti => Err(JwtRefusal::IdMissing),
        _ => Ok(()),
    }
}

/// `aud`: a text or a list of texts.
pub fn audience(claims: &Map<String, Value>) -> Result<Vec<&str>, JwtRefusal> {
    match claims.get("aud") {
        None => Ok(Vec::new()),
        Some(Value::String(one)) => Ok(vec![one]),
        Some(Value::Array(list)) => {
            list.iter().map(|one| one.as_str().ok_or(JwtRefusal::ClaimType)).collect()
        }
        Some(_) => Err(JwtRefusal::ClaimType),
    }
}

/// A claim that is a text, if it is there.
pub fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, JwtRefusal> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JwtRefusal::ClaimType),
    }
}

/// A claim that is a NumericDate, if it is there.
pub fn time(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, JwtRefusal> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    seconds(value).map(|seconds| Some(Timestamp::from_secs(seconds))).ok_or(JwtRefusal::ClaimType)
}

/// A NumericDate in whole seconds; RFC 7519 lets it have a fraction. Dates before 1970 are none of ours.
pub fn seconds(value: &Value) -> Option<i64> {
    if let Some(whole) = value.as_i64() {
        return (whole >= 0).then_some(whole);
    }
    let whole = std::time::Duration::try_from_secs_f64(value.as_f64()?).ok()?.as_secs();
    i64::try_from(whole).ok()
}
