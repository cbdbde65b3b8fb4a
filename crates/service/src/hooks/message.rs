//! What receivers and exports are given: events as JSON in ASCII, and signed messages (Standard Webhooks 1.0.0).

use primitives::digest;
use primitives::encoding::base64;
use primitives::time::Timestamp;
use serde_json::{Map, Value, json};
use store::audit::ExportedEvent;

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `webhook-id`: the same for the same events.
    pub id: String,
    /// `webhook-timestamp`: seconds since 1970, when it was made.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The body.
    pub body: String,
}

impl Message {
    /// Signs `body` with `secret`.
    pub fn new(id: String, now: Timestamp, body: String, secret: &[u8]) -> Self {
        let timestamp = now.secs();
        let signature = sign(secret, &id, timestamp, &body);
        Self { id, timestamp, signature, body }
    }
}

/// HMAC-SHA-256 over id, time and body, in base64 behind the version.
fn sign(secret: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    let tag = digest::hmac_sha256(secret, format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", base64(&tag))
}

/// An event for others: ids and codes, and browser, address and note only if `personal`.
pub fn event(exported: &ExportedEvent, personal: bool) -> Value {
    let event = &exported.event;
    let mut out = json!({
        "seq": exported.seq,
        "id": event.id,
        "time": exported.time,
        "kind": event.kind.name(),
        "actor": event.actor,
        "subject": event.subject,
        "reference": event.reference,
        "data": data(event),
    });
    if personal && let Value::Object(fields) = &mut out {
        let client = event.client.as_ref();
        let client = client.map(|client| json!({ "browser": client.browser, "address": client.address }));
        fields.insert("client".to_owned(), client.unwrap_or(Value::Null));
        fields.insert("note".to_owned(), json!(event.note));
    }
    out
}

/// What belongs to the kind, without its name.
fn data(event: &account::audit::Event) -> Value {
    match serde_json::to_value(&event.kind) {
        Ok(Value::Object(mut fields)) => {
            fields.remove("kind");
            Value::Object(fields)
        }
        _ => Value::Object(Map::new()),
    }
}

/// The body of a message with events.
pub(super) fn events(events: Vec<Value>, now: Timestamp) -> String {
    ascii(&json!({ "type": "audit.events", "timestamp": now.to_string(), "data": { "events": events } }))
}

/// The body of a message that says that messages arrive.
pub(super) fn test(now: Timestamp) -> String {
    ascii(&json!({ "type": "audit.test", "timestamp": now.to_string(), "data": { "events": [] } }))
}

/// JSON in ASCII on one line. What a name could do to a terminal or to whatever reads lines (line separators, controls of
/// the second set, text that runs the other way) is spelt out (assurance A5).
pub fn ascii(value: &Value) -> String {
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
