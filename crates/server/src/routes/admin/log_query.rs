//! The filters of the log as they stand in an address.

use std::fmt::Write as _;

use account::model::Aaguid;
use account::sign_in_log::{Method, Outcome};
use account::strength::Strength;
use account::user::{Login, UserId};
use primitives::time::{Span, Timestamp};
use serde::Deserialize;
use service::read_log::{self, Filter, Show};

use crate::app::App;
use crate::pages::console::log::Asked;
use crate::problem::Stop;

/// Longest value of a filter in bytes.
const LONGEST: usize = 1016;

/// What an address asks for; an empty value asks for nothing.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    show: String,
    #[serde(default)]
    result: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    strength: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    passkey: String,
    #[serde(default)]
    model: String,
    pub(super) before: Option<String>,
}

impl Query {
    fn fields(&self) -> [(&'static str, &str); 12] {
        [
            ("show", &self.show),
            ("result", &self.result),
            ("method", &self.method),
            ("strength", &self.strength),
            ("kind", &self.kind),
            ("user", &self.user),
            ("address", &self.address),
            ("reference", &self.reference),
            ("from", &self.from),
            ("until", &self.until),
            ("passkey", &self.passkey),
            ("model", &self.model),
        ]
    }

    /// The same filters as an address asks for them, from the newest entry on.
    pub(super) fn query(&self) -> String {
        let given = self.fields().into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }

    /// What the form shows.
    pub(super) fn shown(&self) -> Asked {
        Asked {
            show: self.show.clone(),
            result: self.result.clone(),
            method: self.method.clone(),
            strength: self.strength.clone(),
            kind: self.kind.clone(),
            user: self.user.clone(),
            address: self.address.clone(),
            reference: self.reference.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            passkey: self.passkey.clone(),
            model: self.model.clone(),
        }
    }
}

/// A value of a query: all but unreserved characters in percent-encoding (RFC 3986 section 2.3).
fn encoded(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            // Writing to a string cannot fail.
            byte => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

/// The filter that an address asks for, and the field that cannot be read, if there is one.
pub(super) async fn read(app: &App, asked: &Query) -> Result<(Filter, Option<&'static str>), Stop> {
    if let Some((name, _)) = asked.fields().into_iter().find(|(_, value)| value.len() > LONGEST) {
        return Ok((Filter::default(), Some(name)));
    }
    match parsed(asked) {
        Ok(filter) => match person(app, &asked.user).await? {
            Some(user) => Ok((Filter { user, ..filter }, None)),
            None => Ok((filter, Some("user"))),
        },
        Err(field) => Ok((Filter::default(), Some(field))),
    }
}

/// Who is meant by a login or an id; `None` if nobody is.
async fn person(app: &App, text: &str) -> Result<Option<Option<UserId>>, Stop> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Some(None));
    }
    if let Ok(id) = text.parse() {
        return Ok(Some(Some(id)));
    }
    let Ok(login) = Login::parse(text) else { return Ok(None) };
    Ok(read_log::person_of(&app.service, login).await?.map(Some))
}

fn parsed(asked: &Query) -> Result<Filter, &'static str> {
    Ok(Filter {
        show: match asked.show.as_str() {
            "" | "sign-ins" => Show::SignIns,
            "changes" => Show::Changes,
            "all" => Show::All,
            _ => return Err("show"),
        },
        from: given(&asked.from, |text| moment(text, Span::ZERO)).ok_or("from")?,
        until: given(&asked.until, |text| moment(text, Span::from_days(1))).ok_or("until")?,
        user: None,
        kind: given(&asked.kind, |text| is_name(text).then(|| text.to_owned())).ok_or("kind")?,
        outcome: given(&asked.result, Outcome::parse).ok_or("result")?,
        method: given(&asked.method, Method::parse).ok_or("method")?,
        strength: given(&asked.strength, Strength::parse).ok_or("strength")?,
        passkey: given(&asked.passkey, |text| text.parse().ok()).ok_or("passkey")?,
        model: given(&asked.model, |text| text.parse::<Aaguid>().ok()).ok_or("model")?,
        address: given(&asked.address, |text| is_address(text).then(|| text.to_owned())).ok_or("address")?,
        reference: given(&asked.reference, |text| is_reference(text).then(|| text.to_ascii_uppercase()))
            .ok_or("reference")?,
    })
}

/// Nothing where nothing was given, and `None` where it cannot be read.
fn given<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    match text.trim() {
        "" => Some(None),
        text => read(text).map(Some),
    }
}

/// A point in time, or a day of UTC; `more` is added to a day, which is meant with its end.
fn moment(text: &str, more: Span) -> Option<Timestamp> {
    match Timestamp::parse_rfc3339(text) {
        Ok(at) => Some(at),
        Err(_) => Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z")).ok().map(|day| day + more),
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn is_address(text: &str) -> bool {
    text.chars().count() <= 45
        && text.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '*' | '…'))
}

fn is_reference(text: &str) -> bool {
    text.len() <= 20 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(change: impl FnOnce(&mut Query)) -> Query {
        let mut query = Query::default();
        change(&mut query);
        query
    }

    #[test]
    fn a_day_is_meant_from_its_beginning_to_its_end() {
        let asked = query(|query| {
            query.from = "2026-11-22".to_owned();
            query.until = "2026-11-22".to_owned();
        });
        let filter = parsed(&asked).unwrap();
        let day = filter.until.unwrap().since(filter.from.unwrap());
        assert_eq!(day, Span::from_days(1));
        assert_eq!(asked.query(), "from=2026-11-22&until=2026-11-22");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        type Change = fn(&mut Query);
        let wrong: [(Change, &str); 10] = [
            (|query| query.from = "yesterday".to_owned(), "from"),
            (|query| query.result = "maybe".to_owned(), "result"),
            (|query| query.method = "pigeon".to_owned(), "method"),
            (|query| query.strength = "strong".to_owned(), "strength"),
            (|query| query.address = "'; DROP".to_owned(), "address"),
            (|query| query.reference = "<x>".to_owned(), "reference"),
            (|query| query.passkey = "x".to_owned(), "passkey"),
            (|query| query.model = "x".to_owned(), "model"),
            (|query| query.kind = "X".to_owned(), "kind"),
            (|query| query.show = "x".to_owned(), "show"),
        ];
        for (change, field) in wrong {
            assert_eq!(parsed(&query(change)), Err(field));
        }
        assert_eq!(parsed(&Query::default()), Ok(Filter::default()));
    }
}
