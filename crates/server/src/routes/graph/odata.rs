//! What Graph's addresses and answers have in common: query options, collections, and what was ignored.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use primitives::encoding;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::problem::{Answer, Problem, Stop};

/// Where metadata would be.
const METADATA: &str = "/graph/v1.0/$metadata#";
/// As many as a page holds where nobody asks for another number.
const USUAL: u32 = 100;
/// The most that one holds.
const MOST: u32 = 200;

/// Query options as they came.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Options(BTreeMap<String, String>);

/// Options that change how an answer looks and not what it says; those that are no use here are told.
const IGNORED: [&str; 3] = ["$select", "$expand", "$count"];

impl Options {
    /// How many are asked for.
    pub(super) fn top(&self) -> Result<u32, Stop> {
        match self.0.get("$top").map(|top| top.parse()) {
            None => Ok(USUAL),
            Some(Ok(top @ 1..=999)) => Ok(u32::min(top, MOST)),
            Some(_) => Err(refused("query_option")),
        }
    }

    /// Where the page before ended.
    pub(super) fn skip(&self) -> Result<Option<String>, Stop> {
        let Some(token) = self.0.get("$skiptoken") else { return Ok(None) };
        let text = encoding::from_base64url(token).and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(Some).ok_or_else(|| refused("query_option"))
    }

    /// The filter, if there is one.
    pub(super) fn filter(&self) -> Option<&str> {
        self.0.get("$filter").map(String::as_str)
    }

    /// Refuses what would change what is answered, and names what is ignored.
    pub(super) fn judged(&self, filters: bool) -> Result<Vec<String>, Stop> {
        let mut ignored = Vec::new();
        for name in self.0.keys() {
            match name.as_str() {
                "$top" | "$skiptoken" => {}
                "$filter" if filters => {}
                name if IGNORED.contains(&name) => ignored.push(name.to_owned()),
                _ => return Err(refused("query_option")),
            }
        }
        Ok(ignored)
    }
}

/// A value as an address holds it.
pub(super) fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    })
}

pub(super) fn refused(code: &'static str) -> Stop {
    Problem::refused(StatusCode::BAD_REQUEST, code).into()
}

/// The value of `name eq 'value'`; a quote inside is doubled.
pub(super) fn equals(filter: &str, name: &str) -> Option<String> {
    let rest = filter.trim().strip_prefix(name)?.strip_prefix(" eq '")?;
    let value = rest.strip_suffix('\'')?;
    let plain = value.replace("''", "");
    (!plain.contains('\'')).then(|| value.replace("''", "'"))
}

/// One thing.
pub(super) fn entity(status: StatusCode, context: &str, mut shown: Value, ignored: &[String]) -> Response {
    if let Some(members) = shown.as_object_mut() {
        members.insert("@odata.context".to_owned(), Value::String(format!("{METADATA}{context}")));
        told(members, ignored);
    }
    answered(status, &shown)
}

/// A page of things; `next` is where the next one begins, behind `path`.
pub(super) fn collection(
    context: &str,
    items: Vec<Value>,
    next: Option<(&str, String)>,
    ignored: &[String],
) -> Answer {
    let mut members = Map::new();
    members.insert("@odata.context".to_owned(), Value::String(format!("{METADATA}{context}")));
    members.insert("value".to_owned(), Value::Array(items));
    if let Some((address, key)) = next {
        let token = encoding::base64url(key.as_bytes());
        let glue = if address.contains('?') { '&' } else { '?' };
        let link = format!("{address}{glue}$skiptoken={token}");
        members.insert("@odata.nextLink".to_owned(), Value::String(link));
    }
    told(&mut members, ignored);
    Ok(answered(StatusCode::OK, &Value::Object(members)))
}

/// Says which of what was sent means nothing here.
fn told(members: &mut Map<String, Value>, ignored: &[String]) {
    if !ignored.is_empty() {
        members.insert("@keyward.ignored".to_owned(), json!(ignored));
    }
}

pub(super) fn answered(status: StatusCode, shown: &Value) -> Response {
    let mut response = (status, Json(shown)).into_response();
    let headers = response.headers_mut();
    let kind = "application/json;odata.metadata=minimal";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert("odata-version", HeaderValue::from_static("4.0"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(pairs: &[(&str, &str)]) -> Options {
        Options(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn what_would_change_the_answer_is_refused_and_the_rest_named() {
        assert_eq!(options(&[("$select", "id"), ("$top", "5")]).judged(false).unwrap(), ["$select"]);
        for name in ["$orderby", "$search", "$skip", "$filter", "top", "$apply"] {
            assert!(options(&[(name, "x")]).judged(false).is_err(), "{name}");
        }
        assert!(options(&[("$filter", "x")]).judged(true).is_ok());
    }

    #[test]
    fn pages_at_the_bounds() {
        for (top, given) in [
            ("1", Some(1)),
            ("200", Some(200)),
            ("999", Some(200)),
            ("0", None),
            ("1000", None),
            ("-1", None),
        ] {
            assert_eq!(options(&[("$top", top)]).top().ok(), given, "{top}");
        }
        assert!(options(&[("$skiptoken", "!")]).skip().is_err());
    }

    #[test]
    fn a_quote_is_doubled() {
        assert_eq!(equals("userPrincipalName eq 'a@b.c'", "userPrincipalName").as_deref(), Some("a@b.c"));
        assert_eq!(equals("n eq 'O''Hara'", "n").as_deref(), Some("O'Hara"));
        for wrong in ["n eq 'a' or n eq 'b'", "n ne 'a'", "m eq 'a'", "n eq a", ""] {
            assert_eq!(equals(wrong, "n"), None, "{wrong}");
        }
    }
}
