//! The `claims` parameter: single claims that a request asks for (OpenID Connect Core section 5.5).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json::{self, Bounds};

/// Longest `claims` parameter in bytes.
pub const LONGEST: usize = 2000;
/// Most claims of one member.
pub const MOST: usize = 32;
/// Longest name of a claim in bytes.
pub const LONGEST_NAME: usize = 100;
/// Most values of one claim.
pub const MOST_VALUES: usize = 16;
/// Longest value in bytes.
pub const LONGEST_VALUE: usize = 255;

const JSON: Bounds = Bounds { bytes: LONGEST, depth: 6 };

/// What is asked for in each place, by the claims' names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// In the ID token.
    #[serde(default, rename = "i", skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, ClaimRequest>,
    /// At the userinfo endpoint.
    #[serde(default, rename = "u", skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, ClaimRequest>,
}

/// How one claim is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRequest {
    /// Whether the client says that it cannot do without.
    #[serde(default, rename = "e", skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The values that it wants, the preferred one first; any, if there is none. Texts, numbers and truth values only.
    #[serde(default, rename = "v", skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

/// Why a `claims` parameter cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimsRefusal {
    /// No JSON object, one with a member twice, or one that is too long or too deep.
    Json,
    /// A member that has to be an object is none.
    Member,
    /// More than [`MOST`] claims, [`MOST_VALUES`] values, or a name or value that is too long.
    Bounds,
    /// A claim is asked for by something else than `null` or an object, or its `essential`, `value` or `values` are of
    /// another kind than they must be.
    Claim,
}

impl ClaimsRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            ClaimsRefusal::Json => "claims_json",
            ClaimsRefusal::Member => "claims_member",
            ClaimsRefusal::Bounds => "claims_bounds",
            ClaimsRefusal::Claim => "claims_claim",
        }
    }
}

impl ClaimsRequest {
    /// Reads the parameter. Members that no specification of ours knows are ignored.
    pub fn parse(text: &str) -> Result<Self, ClaimsRefusal> {
        let members = json::read(text.as_bytes(), JSON).map_err(|_| ClaimsRefusal::Json)?;
        Ok(Self { id_token: place(&members, "id_token")?, userinfo: place(&members, "userinfo")? })
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }

    /// How `acr` is asked for in the ID token (section 5.5.1.1).
    pub fn acr(&self) -> Option<&ClaimRequest> {
        self.id_token.get("acr")
    }

    /// The strengths without which the request fails (section 5.5.1.1); none if `acr` is asked for in any other way.
    pub fn essential_acr(&self) -> impl Iterator<Item = &str> {
        let acr = self.acr().filter(|acr| acr.essential);
        acr.into_iter().flat_map(ClaimRequest::texts)
    }

    /// Whom alone the answer may be about (sections 3.1.2.2 and 5.5.1), each once, if `sub` is asked for with a value.
    pub fn subjects(&self) -> impl Iterator<Item = &str> {
        let places = [&self.id_token, &self.userinfo].into_iter().filter_map(|place| place.get("sub"));
        places.flat_map(ClaimRequest::texts).collect::<BTreeSet<_>>().into_iter()
    }
}

impl ClaimRequest {
    /// The wanted values that are texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(Value::as_str)
    }
}

fn place(members: &Map<String, Value>, name: &str) -> Result<BTreeMap<String, ClaimRequest>, ClaimsRefusal> {
    let claims = match members.get(name) {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(claims)) => claims,
        Some(_) => return Err(ClaimsRefusal::Member),
    };
    if claims.len() > MOST || claims.keys().any(|name| !(1..=LONGEST_NAME).contains(&name.len())) {
        return Err(ClaimsRefusal::Bounds);
    }
    claims.iter().map(|(name, wanted)| Ok((name.clone(), claim(wanted)?))).collect()
}

fn claim(wanted: &Value) -> Result<ClaimRequest, ClaimsRefusal> {
    let wanted = match wanted {
        Value::Null => return Ok(ClaimRequest::default()),
        Value::Object(wanted) => wanted,
        _ => return Err(ClaimsRefusal::Claim),
    };
    let essential = match wanted.get("essential") {
        None => false,
        Some(Value::Bool(essential)) => *essential,
        Some(_) => return Err(ClaimsRefusal::Claim),
    };
    let values = match (wanted.get("value"), wanted.get("values")) {
        (None, None) => Vec::new(),
        (Some(value), None) => vec![value.clone()],
        (None, Some(Value::Array(values))) if !values.is_empty() => values.clone(),
        _ => return Err(ClaimsRefusal::Claim),
    };
    if values.len() > MOST_VALUES {
        return Err(ClaimsRefusal::Bounds);
    }
    values.iter().try_for_each(scalar)?;
    Ok(ClaimRequest { essential, values })
}

fn scalar(value: &Value) -> Result<(), ClaimsRefusal> {
    match value {
        Value::String(text) if text.len() > LONGEST_VALUE => Err(ClaimsRefusal::Bounds),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(ClaimsRefusal::Claim),
    }
}

#[cfg(test)]
mod tests;
