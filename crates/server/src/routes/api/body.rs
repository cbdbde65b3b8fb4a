//! A JSON object, strictly: what is none, or has a member that is not known, is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use crate::problem::Problem;

/// All that the log learns: what the parser says may quote a secret.
const UNREADABLE: &str = "the body is not the JSON object that this address takes";

/// The members of the object that was sent.
pub(in crate::routes) struct Body<T>(pub(in crate::routes) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim).unwrap_or_default();
        let json = ["application/json", "application/merge-patch+json"];
        if !json.iter().any(|json| kind.eq_ignore_ascii_case(json)) {
            return Err(Problem::bad_request(StatusCode::UNSUPPORTED_MEDIA_TYPE, UNREADABLE));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Problem::bad_request(rejection.status(), UNREADABLE))?;
        // A list would be taken for an object whose members stand in order.
        let object = bytes.trim_ascii_start().starts_with(b"{");
        let read = object.then(|| serde_json::from_slice(&bytes).ok()).flatten();
        read.map(Self).ok_or_else(|| Problem::bad_request(StatusCode::BAD_REQUEST, UNREADABLE))
    }
}

/// For members of a change (RFC 7396): absent leaves it, `null` takes it away.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// For members of a change that may be absent and never `null`.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For whole numbers: to JSON 60 and 60.0 are the same (JSON Schema, section 6.1.1).
pub(super) fn whole<'de, D: Deserializer<'de>, T: TryFrom<i64>>(deserializer: D) -> Result<T, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let text = number.to_string();
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    let whole = digits.parse::<i64>().ok().and_then(|number| T::try_from(number).ok());
    whole.ok_or_else(|| serde::de::Error::custom("not a whole number in its bounds"))
}

/// The same where it may be left out.
pub(super) fn maybe_whole<'de, D: Deserializer<'de>, T: TryFrom<i64>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(deserializer)?;
    let read = |number: serde_json::Number| whole(number).map_err(serde::de::Error::custom);
    number.map(read).transpose()
}
