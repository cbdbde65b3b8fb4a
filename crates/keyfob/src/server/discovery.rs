//! What a server says of itself at `/.well-known/keyfob` (docs/operator/enrolment.md).

use primitives::time::Timestamp;
use serde_json::Value;

use super::plain;

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The organisation.
    pub name: String,
    /// The origin that it says is its own.
    pub origin: String,
    /// Its RP ID.
    pub rp_id: String,
    /// The host of its tunnel service, where it has one.
    pub relay: Option<String>,
    /// Whether it attests its authenticators itself.
    pub attests: bool,
    /// What its clock said, to the second.
    pub clock: Option<Timestamp>,
}

impl Discovery {
    /// Reads the document; `None` if it is none, or of an interface that came later.
    pub(super) fn read(document: &Value, clock: Option<Timestamp>) -> Option<Self> {
        let text = |member: &str| document.get(member).and_then(Value::as_str).map(|text| plain(text, 300));
        if document.get("api").and_then(Value::as_u64) != Some(1) {
            return None;
        }
        Some(Self {
            name: text("name")?,
            origin: text("origin")?,
            rp_id: text("rp_id")?,
            relay: text("relay"),
            attests: document.get("attestation").is_some_and(Value::is_object),
            clock,
        })
    }
}

/// A moment as HTTP writes it (RFC 9110 section 5.6.7, the form that is sent): `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split(' ').skip(1);
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)?.saturating_add(1);
    if words.next() != Some("GMT") || words.next().is_some() {
        return None;
    }
    Timestamp::parse_rfc3339(&format!("{year}-{month:02}-{day}T{time}Z")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        let read = |text| http_date(text).map(Timestamp::secs);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        for nonsense in [
            "",
            "Sun",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nuv 1994 08:49:37 GMT",
            "Sun, xx Nov 1994 99:49:37 GMT",
        ] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_document_is_read_or_refused_whole() {
        let mut document = json!({ "name": "Ex\u{1b}ample", "origin": "https://id.example.com", "rp_id": "id.example.com",
            "api": 1, "relay": null, "attestation": {} });
        let read = Discovery::read(&document, None).unwrap();
        assert_eq!((read.name.as_str(), read.relay, read.attests), ("Example", None, true));
        document["api"] = json!(2);
        assert_eq!(Discovery::read(&document, None), None);
        for nonsense in
            [json!([]), json!({ "api": 1 }), json!({ "api": 1, "name": 1, "origin": "", "rp_id": "" })]
        {
            assert_eq!(Discovery::read(&nonsense, None), None, "{nonsense}");
        }
    }
}
