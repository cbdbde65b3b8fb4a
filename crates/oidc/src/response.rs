//! Answers of the authorization endpoint (RFC 6749 section 4.1.2, RFC 9207, OAuth 2.0 Multiple Response Type Encoding
//! Practices, Form Post Response Mode, JARM).

use std::fmt;

use primitives::time::{Span, Timestamp};
use serde_json::{Map, Value};

use crate::client::{ClientId, ResponseMode};
use crate::error::OAuthError;
use crate::parameters::append;

/// How long a signed answer holds (JARM section 2.1 wants at most ten minutes).
pub const SIGNED_FOR: Span = Span::from_minutes(5);

/// The one parameter of a signed answer.
const SIGNED: &str = "response";

/// An answer, and where it goes. Who prints it for debugging sees names only: a code is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// A registered redirect URI.
    pub redirect_uri: String,
    /// How it travels.
    pub mode: ResponseMode,
    /// What it says, `iss` always among it; where it is signed, `response` alone.
    pub parameters: Vec<(&'static str, String)>,
}

impl fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| *name).collect();
        f.debug_struct("AuthorizationResponse").field("mode", &self.mode).field("parameters", &names).finish()
    }
}

/// Where an answer goes and what it says whatever its outcome.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// A registered redirect URI.
    pub redirect_uri: &'a str,
    /// How it travels.
    pub mode: ResponseMode,
    /// What the client sent to know its request again.
    pub state: Option<&'a str>,
    /// Who answers (RFC 9207).
    pub issuer: &'a str,
}

impl AuthorizationResponse {
    /// The answer that brings a code.
    pub fn code(to: Recipient<'_>, code: String) -> Self {
        Self::of(to, vec![("code", code)])
    }

    /// The answer that brings an error, with a sentence for developers.
    pub fn error(to: Recipient<'_>, error: OAuthError, description: &'static str) -> Self {
        Self::of(to, vec![("error", error.name().to_owned()), ("error_description", description.to_owned())])
    }

    fn of(to: Recipient<'_>, mut parameters: Vec<(&'static str, String)>) -> Self {
        if let Some(state) = to.state {
            parameters.push(("state", state.to_owned()));
        }
        parameters.push(("iss", to.issuer.to_owned()));
        Self { redirect_uri: to.redirect_uri.to_owned(), mode: to.mode, parameters }
    }

    /// The value of one of its parameters.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }

    /// What is to be signed, where the client asked for a mode of JARM and nobody has signed yet (JARM section 2.1).
    pub fn to_sign(&self, client: &ClientId, now: Timestamp) -> Option<Map<String, Value>> {
        if self.is_ready() {
            return None;
        }
        let said =
            self.parameters.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
        let mut claims: Map<String, Value> = said.collect();
        claims.insert("aud".to_owned(), client.as_str().into());
        claims.insert("exp".to_owned(), (now + SIGNED_FOR).secs().into());
        Some(claims)
    }

    /// The same answer as one signed parameter.
    #[must_use]
    pub fn signed(self, jwt: String) -> Self {
        Self { parameters: vec![(SIGNED, jwt)], ..self }
    }

    /// Whether it may leave: an answer that has to be signed is.
    pub fn is_ready(&self) -> bool {
        !self.mode.is_signed() || matches!(self.parameters.as_slice(), [(SIGNED, _)])
    }

    /// Where the browser is led, unless a form takes the answer there.
    pub fn location(&self) -> Option<String> {
        if !self.is_ready() {
            return None;
        }
        let mark = match self.mode {
            ResponseMode::Query | ResponseMode::QueryJwt if self.redirect_uri.contains('?') => '&',
            ResponseMode::Query | ResponseMode::QueryJwt => '?',
            ResponseMode::Fragment | ResponseMode::FragmentJwt => '#',
            ResponseMode::FormPost | ResponseMode::FormPostJwt => return None,
        };
        let mut said = String::new();
        for (name, value) in &self.parameters {
            append(&mut said, name, value);
        }
        let bare = self.redirect_uri.ends_with(['?', '&']) && mark == '&';
        let mark = if bare { String::new() } else { mark.to_string() };
        Some(format!("{}{mark}{said}", self.redirect_uri))
    }

    /// Where a form takes the answer, with its fields; whoever writes it as HTML escapes them.
    pub fn form(&self) -> Option<(&str, &[(&'static str, String)])> {
        let by_form = matches!(self.mode, ResponseMode::FormPost | ResponseMode::FormPostJwt);
        (by_form && self.is_ready()).then_some((self.redirect_uri.as_str(), self.parameters.as_slice()))
    }
}

impl ResponseMode {
    /// All.
    pub const ALL: [ResponseMode; 6] = [
        ResponseMode::Query,
        ResponseMode::Fragment,
        ResponseMode::FormPost,
        ResponseMode::QueryJwt,
        ResponseMode::FragmentJwt,
        ResponseMode::FormPostJwt,
    ];

    /// Its text in `response_mode`.
    pub fn name(self) -> &'static str {
        match self {
            ResponseMode::Query => "query",
            ResponseMode::Fragment => "fragment",
            ResponseMode::FormPost => "form_post",
            ResponseMode::QueryJwt => "query.jwt",
            ResponseMode::FragmentJwt => "fragment.jwt",
            ResponseMode::FormPostJwt => "form_post.jwt",
        }
    }

    /// The mode of that text; `jwt` is the signed form of a code's usual mode (JARM section 2.3.4).
    pub fn parse(text: &str) -> Option<Self> {
        if text == "jwt" {
            return Some(ResponseMode::QueryJwt);
        }
        Self::ALL.into_iter().find(|mode| mode.name() == text)
    }

    /// Whether its answers are one signed parameter.
    pub fn is_signed(self) -> bool {
        matches!(self, ResponseMode::QueryJwt | ResponseMode::FragmentJwt | ResponseMode::FormPostJwt)
    }
}

#[cfg(test)]
mod tests;
