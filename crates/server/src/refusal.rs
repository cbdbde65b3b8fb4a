//! The answers to those who are not let in, made once at the start: a page and a JSON body in each language.

use askama::Template;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use primitives::time::Timestamp;
use serde_json::json;

use crate::context::preferred_language;
use crate::headers::SecurityHeaders;
use crate::pages::problem::{Problem, ProblemKind};
use crate::pages::{Ceremony, Shell};
use crate::text::{Language, Text};

/// The code by which scripts and people are told.
const CODE: &str = "overloaded";

/// The answers.
#[derive(Debug)]
pub(crate) struct Refusals {
    bodies: Vec<(Language, Bytes, Bytes)>,
    default: Language,
    headers: SecurityHeaders,
}

impl Refusals {
    /// Makes them; `default` is for browsers that ask for no language that we have.
    pub(crate) fn new(organisation: &str, default: Language, headers: SecurityHeaders) -> Self {
        let bodies = Language::ALL.into_iter().map(|language| {
            let text = Text::new(language);
            let message = Ceremony::Get.message(text, CODE, "");
            let json = json!({ "ok": false, "code": CODE, "message": message }).to_string();
            (language, page(organisation, text), Bytes::from(json))
        });
        Self { bodies: bodies.collect(), default, headers }
    }

    /// The answer to a script or to a person.
    pub(crate) fn respond(&self, scripted: bool, headers: &HeaderMap) -> Response {
        let language = preferred_language(headers).unwrap_or(self.default);
        let found = self.bodies.iter().find(|(known, ..)| *known == language);
        let (page, json) = found.map(|(_, page, json)| (page.clone(), json.clone())).unwrap_or_default();
        let (kind, body) =
            if scripted { ("application/json", json) } else { ("text/html; charset=utf-8", page) };
        let kind = HeaderValue::from_static(kind);
        let mut response =
            (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, kind)], body).into_response();
        self.headers.apply(response.headers_mut());
        response
    }
}

/// Says that nothing was changed and when to try again. It has no reference: nothing was logged under one.
fn page(organisation: &str, text: Text) -> Bytes {
    let shell = Shell {
        text,
        organisation: organisation.to_owned(),
        path: "/signin".to_owned(),
        reference: String::new(),
        now: Timestamp::EPOCH,
        account: None,
        flash: None,
        read_only_until: None,
        application: None,
    };
    Bytes::from(Problem { shell, kind: ProblemKind::Unavailable }.render().unwrap_or_default())
}
