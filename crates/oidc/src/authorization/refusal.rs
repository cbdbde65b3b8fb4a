//! Why a request was refused.

use crate::claims_request::ClaimsRefusal;
use crate::error::OAuthError;
use crate::parameters::ParameterRefusal;
use crate::pkce::PkceRefusal;
use crate::request_object::RequestObjectRefusal;
use crate::response::AuthorizationResponse;

/// The one rule that a request broke first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read at all.
    Parameters(ParameterRefusal),
    /// No `client_id`.
    ClientIdMissing,
    /// A `client_id` that is none.
    ClientIdMalformed,
    /// Nobody registered that `client_id`, or an administrator has switched its application off.
    ClientUnknown,
    /// The `client_id` of another client.
    ClientMismatch,
    /// No `redirect_uri`.
    RedirectUriMissing,
    /// The `redirect_uri` is none of the client's.
    RedirectUriMismatch,
    /// The client may not ask for codes.
    GrantNotAllowed,
    /// The client has to push its requests.
    PushedOnly,
    /// The client has to sign its requests.
    SignedOnly,
    /// `state` is too long or has control characters.
    State,
    /// No `response_type`.
    ResponseTypeMissing,
    /// Another `response_type` than `code`.
    ResponseType,
    /// A `response_mode` that is not there, or that the client did not register.
    ResponseMode,
    /// The request came with a request object that was not verified.
    RequestObjectHere,
    /// A `request_uri` that is none of ours.
    RequestUriForeign,
    /// A `request_uri` of ours that has expired, was used, or is another client's.
    RequestUriInvalid,
    /// A `request_uri` where a request is pushed (RFC 9126 section 2.1).
    RequestUriPushed,
    /// Clients register elsewhere.
    RegistrationHere,
    /// The request object does not hold.
    RequestObject(RequestObjectRefusal),
    /// There is no proof of possession of a code.
    Pkce(PkceRefusal),
    /// No `scope`.
    ScopeMissing,
    /// `scope` cannot be read.
    Scope,
    /// Nothing of `scope` is the client's to ask for.
    ScopeNotAllowed,
    /// `nonce` is too long or has control characters.
    Nonce,
    /// A `prompt` that is not there.
    Prompt,
    /// `prompt` says `none` and something else.
    PromptNoneWithAnother,
    /// `max_age` is no number of seconds.
    MaxAge,
    /// `acr_values` are too many or too long.
    AcrValues,
    /// `claims` cannot be taken.
    Claims(ClaimsRefusal),
    /// `login_hint` is too long or has control characters.
    LoginHint,
    /// `id_token_hint` is no signed token.
    IdTokenHint,
    /// `ui_locales` is too long.
    UiLocales,
    /// A `resource` that is no absolute URI, or that the client did not register.
    Resource,
    /// `dpop_jkt` is no thumbprint.
    DpopJkt,
}

/// What becomes of a request that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is shown to the person. The browser is never led away.
    Shown(Refusal),
    /// The client is told.
    Answered(Refusal, AuthorizationResponse),
}

impl Refused {
    /// The rule that was broken.
    pub fn refusal(&self) -> Refusal {
        match self {
            Refused::Shown(refusal) | Refused::Answered(refusal, _) => *refusal,
        }
    }

    /// The stable code of the rule.
    pub fn code(&self) -> &'static str {
        self.refusal().code()
    }

    /// What it is called in the protocol; what a program reads that pushed the request.
    pub fn error(&self) -> OAuthError {
        self.refusal().error()
    }
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        self.said().0
    }

    /// What it is called in the protocol.
    pub fn error(self) -> OAuthError {
        self.said().1
    }

    /// The rule in one sentence, for developers.
    pub fn description(self) -> &'static str {
        self.said().2
    }

    fn said(self) -> (&'static str, OAuthError, &'static str) {
        use OAuthError as E;
        match self {
            Refusal::Parameters(refusal) => (refusal.code(), E::InvalidRequest, refusal.description()),
            Refusal::Pkce(refusal) => (refusal.code(), E::InvalidRequest, refusal.description()),
            Refusal::Claims(refusal) => (refusal.code(), E::InvalidRequest, "claims cannot be read"),
            Refusal::RequestObject(refusal) => {
                (refusal.code(), refusal.error(), "The request object does not hold")
            }
            other => other.said_of_itself(),
        }
    }

    fn said_of_itself(self) -> (&'static str, OAuthError, &'static str) {
        use OAuthError as E;
        match self {
            Refusal::ClientIdMissing => ("client_id_missing", E::InvalidRequest, "client_id is missing"),
            Refusal::ClientIdMalformed => ("client_id", E::InvalidRequest, "client_id is none"),
            Refusal::ClientUnknown => ("client_unknown", E::InvalidClient, "There is no such client"),
            Refusal::ClientMismatch => {
                ("client_mismatch", E::InvalidRequest, "client_id is another client's")
            }
            Refusal::RedirectUriMissing => {
                ("redirect_uri_missing", E::InvalidRequest, "redirect_uri is missing")
            }
            Refusal::RedirectUriMismatch => {
                ("redirect_uri_mismatch", E::InvalidRequest, "redirect_uri is not registered")
            }
            Refusal::GrantNotAllowed => {
                ("grant_not_allowed", E::UnauthorizedClient, "The client did not register authorization_code")
            }
            Refusal::PushedOnly => ("pushed_only", E::InvalidRequest, "The client has to push its requests"),
            Refusal::SignedOnly => ("signed_only", E::InvalidRequest, "The client has to sign its requests"),
            Refusal::State => ("state", E::InvalidRequest, "state is too long or has control characters"),
            Refusal::ResponseTypeMissing => {
                ("response_type_missing", E::InvalidRequest, "response_type is missing")
            }
            Refusal::ResponseType => {
                ("response_type", E::UnsupportedResponseType, "response_type must be code")
            }
            Refusal::ResponseMode => {
                ("response_mode", E::InvalidRequest, "response_mode is not one that the client registered")
            }
            Refusal::RequestObjectHere => {
                ("request_not_supported", E::RequestNotSupported, "request cannot be taken here")
            }
            Refusal::RequestUriForeign => (
                "request_uri_not_supported",
                E::RequestUriNotSupported,
                "request_uri must come from the pushed authorization request endpoint",
            ),
            Refusal::RequestUriInvalid => (
                "request_uri",
                E::InvalidRequestUri,
                "request_uri has expired, was used, or is another client's",
            ),
            Refusal::RequestUriPushed => {
                ("request_uri_pushed", E::InvalidRequest, "request_uri cannot be pushed")
            }
            Refusal::RegistrationHere => (
                "registration_not_supported",
                E::RegistrationNotSupported,
                "registration cannot be part of a request",
            ),
            other => other.said_of_a_parameter(),
        }
    }

    fn said_of_a_parameter(self) -> (&'static str, OAuthError, &'static str) {
        use OAuthError as E;
        match self {
            Refusal::ScopeMissing => ("scope_missing", E::InvalidScope, "scope is missing"),
            Refusal::Scope => {
                ("scope", E::InvalidScope, "scope must be words with single spaces between them")
            }
            Refusal::ScopeNotAllowed => {
                ("scope_not_allowed", E::InvalidScope, "The client registered none of these scopes")
            }
            Refusal::Nonce => ("nonce", E::InvalidRequest, "nonce is too long or has control characters"),
            Refusal::Prompt => ("prompt", E::InvalidRequest, "prompt has a value that is not supported"),
            Refusal::PromptNoneWithAnother => {
                ("prompt_none", E::InvalidRequest, "prompt=none cannot stand with another value")
            }
            Refusal::MaxAge => ("max_age", E::InvalidRequest, "max_age must be a number of seconds"),
            Refusal::AcrValues => ("acr_values", E::InvalidRequest, "acr_values are too many or too long"),
            Refusal::LoginHint => {
                ("login_hint", E::InvalidRequest, "login_hint is too long or has control characters")
            }
            Refusal::IdTokenHint => ("id_token_hint", E::InvalidRequest, "id_token_hint is no signed token"),
            Refusal::UiLocales => ("ui_locales", E::InvalidRequest, "ui_locales is too long"),
            Refusal::Resource => ("resource", E::InvalidTarget, "The client did not register this resource"),
            Refusal::DpopJkt => ("dpop_jkt", E::InvalidRequest, "dpop_jkt must be a JWK SHA-256 thumbprint"),
            // Every other variant has been said above.
            _ => ("invalid_request", E::InvalidRequest, "The request cannot be taken"),
        }
    }
}
