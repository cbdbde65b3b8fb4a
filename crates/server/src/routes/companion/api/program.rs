//! A program that calls, and by what it is known: its cookies as a browser, or one bearer text.

use std::sync::Arc;

use account::session::BrowserId;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use primitives::encoding;
use primitives::entropy;
use primitives::secret::Token;
use primitives::time::Timestamp;
use serde_json::{Map, Value, json};
use service::{Context, SignedIn};

use crate::app::App;
use crate::context::{Sealed, Visit};
use crate::problem::{Answer, Problem};

/// How a bearer text begins, and what a program sends that has none yet.
const PREFIX: &str = "kw1.";
const NEW: &str = "new";

/// A request of a program.
pub(super) struct Program {
    pub(super) visit: Visit,
    bearer: bool,
}

impl FromRequestParts<Arc<App>> for Program {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (first, second) = (given.next().cloned(), given.next().is_some());
        let mut visit = Visit::from_request_parts(parts, app).await?;
        let Some(header) = first else { return Ok(Self { visit, bearer: false }) };
        let held = header.to_str().ok().filter(|_| !second).and_then(read).ok_or_else(Problem::bearer)?;
        // Whatever cookies came along count for nothing: a page could otherwise turn a browser's cookies, which
        // its scripts cannot read, into a text that they can.
        visit.sealed = Sealed::default();
        (visit.facts.browser, visit.token) = match held {
            Some(held) => held,
            None => (BrowserId::from_bytes(entropy::array(app.ambient.entropy().as_mut())), None),
        };
        Ok(Self { visit, bearer: true })
    }
}

type Held = (BrowserId, Option<Token>);

/// `Bearer new`, or `Bearer kw1.{browser}` with `.{session}` once there is one.
fn read(header: &str) -> Option<Option<Held>> {
    let (scheme, text) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    if text == NEW {
        return Some(None);
    }
    let text = text.strip_prefix(PREFIX)?;
    let (browser, token) = match text.split_once('.') {
        Some((browser, token)) => (browser, Some(Token::parse(token)?)),
        None => (text, None),
    };
    let browser = encoding::from_base64url(browser)?.try_into().ok().map(BrowserId::from_bytes)?;
    Some(Some((browser, token)))
}

impl Program {
    /// The use cases' deployment.
    pub(super) fn service(&self) -> &Context {
        &self.visit.app.service
    }

    /// Goes on as whom has just signed in.
    pub(super) fn signed_in(&mut self, signed_in: &SignedIn) {
        if !self.bearer {
            self.visit.set_session(&signed_in.token);
        }
        self.visit.token = Some(signed_in.token.clone());
    }

    /// Goes on as nobody.
    pub(super) fn signed_out(&mut self) {
        if !self.bearer {
            self.visit.end_session();
        }
        self.visit.token = None;
    }

    /// The bearer text for the next request.
    fn held(&self) -> String {
        let browser = encoding::base64url(self.visit.facts.browser.as_bytes());
        match &self.visit.token {
            Some(token) => format!("{PREFIX}{browser}.{}", token.encode()),
            None => format!("{PREFIX}{browser}"),
        }
    }

    /// A step that succeeded.
    pub(super) fn ok(self, fields: Value) -> Answer {
        let mut body = Map::new();
        if self.bearer {
            body.insert("bearer".to_owned(), Value::String(self.held()));
        }
        if let Value::Object(fields) = fields {
            body.extend(fields);
        }
        self.visit.ok(Value::Object(body))
    }

    /// A step that did not, with what the program may want to know beside the code.
    pub(super) fn refuse(self, status: StatusCode, code: &str, message: &str, more: Value) -> Answer {
        let reference = self.visit.facts.reference.as_str();
        let mut body = json!({ "ok": false, "code": code, "message": message, "reference": reference });
        if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
            body.extend(more);
        }
        if let (Value::Object(body), true) = (&mut body, self.bearer) {
            body.insert("bearer".to_owned(), Value::String(self.held()));
        }
        Ok((status, Json(body)).into_response())
    }

    /// Nothing is looked at before then.
    pub(super) fn wait(self, until: Timestamp, message: &str) -> Answer {
        let seconds = until.since(self.visit.now()).minutes_up().clamp(1, 60).saturating_mul(60);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut response = self.refuse(status, "too_many_tries", message, json!({}))?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_gave_out_is_a_bearer() {
        let browser = encoding::base64url(&[7; 32]);
        let token = encoding::base64url(&[8; 32]);
        assert!(read("Bearer new").is_some_and(|held| held.is_none()));
        assert!(read(&format!("Bearer kw1.{browser}")).flatten().is_some_and(|(_, token)| token.is_none()));
        assert!(
            read(&format!("bearer kw1.{browser}.{token}"))
                .flatten()
                .is_some_and(|(_, token)| token.is_some())
        );
        for nonsense in [
            "",
            "Bearer",
            "Bearer ",
            "Basic new",
            "Bearer kw1.",
            "Bearer kw1.abc",
            &format!("Bearer {browser}"),
            &format!("Bearer kw1.{browser}."),
            &format!("Bearer kw1.{browser}.abc"),
            &format!("Bearer kw1.{browser}.{token}.x"),
            &format!("Bearer  kw1.{browser}"),
        ] {
            assert!(read(nonsense).is_none(), "{nonsense}");
        }
    }
}
