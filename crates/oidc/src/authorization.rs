//! Authorization requests (OpenID Connect Core section 3.1.2.1, RFC 6749 section 4.1.1, RFC 7636, RFC 8707, RFC 9449
//! section 10).
//!
//! A request is read after its client is known. Where client or redirect URI do not hold, the person is told and the
//! browser stays ([`Refused::Shown`]); every other refusal is an answer to the client ([`Refused::Answered`]).
//! Parameters that no specification of ours knows are ignored.

use serde::{Deserialize, Serialize};

use crate::claims_request::ClaimsRequest;
use crate::client::{Client, ClientId, GrantType, ResponseMode};
use crate::parameters::Parameters;
use crate::pkce::Challenge;
use crate::redirect;
use crate::response::{AuthorizationResponse, Recipient};
use crate::scope::{self, Scopes};

mod prompt;
mod read;
mod refusal;

pub use prompt::Prompt;
pub use read::{
    LONGEST_ID_TOKEN_HINT, LONGEST_LIST, LONGEST_LOGIN_HINT, LONGEST_NONCE, LONGEST_STATE, MOST_OF_A_LIST,
    MOST_RESOURCES,
};
pub use refusal::{Refusal, Refused};

/// What an application asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes: one of the client's, or that with another port of the person's own machine.
    pub redirect_uri: String,
    /// How the answer travels.
    pub mode: ResponseMode,
    /// What is asked for and may be: scopes that the client did not register are left out.
    pub scopes: Scopes,
    /// What comes back as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What the ID token says again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// What the code's verifier has to match.
    pub challenge: Challenge,
    /// What may or must be asked of the person.
    #[serde(default, skip_serializing_if = "Prompt::is_default")]
    pub prompt: Prompt,
    /// Greatest age of the authentication in seconds; 0 wants a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// Strengths that the client would like, the preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr_values: Vec<String>,
    /// Single claims.
    #[serde(default, skip_serializing_if = "ClaimsRequest::is_empty")]
    pub claims: ClaimsRequest,
    /// Who the client thinks is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// An ID token of who the client thinks is there, which nobody has verified yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_hint: Option<String>,
    /// Languages that the person reads, the preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ui_locales: Vec<String>,
    /// Whose tokens are asked for; the client's own, if there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The thumbprint of the key that the code is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<String>,
    /// How much room the page has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<Display>,
}

/// `display`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Display {
    /// A whole page.
    Page,
    /// A small window.
    Popup,
    /// A screen that is touched.
    Touch,
    /// An old telephone.
    Wap,
}

/// How a request came.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// Who is asked.
    pub issuer: &'a str,
    /// Whether the client pushed it (RFC 9126), or is pushing it now.
    pub pushed: bool,
    /// Whether its parameters are those of a request object that was verified ([`crate::request_object::verify`]).
    pub signed: bool,
}

/// Who says that it asks.
pub fn client_id(parameters: &Parameters) -> Result<ClientId, Refusal> {
    let text = parameters.get("client_id").ok_or(Refusal::ClientIdMissing)?;
    ClientId::parse(text).map_err(|_| Refusal::ClientIdMalformed)
}

/// Reads the request of `client`.
pub fn read(parameters: &Parameters, client: &Client, arrival: Arrival<'_>) -> Result<Request, Refused> {
    let redirect_uri = redirect_uri(parameters, client)?;
    read::request(parameters, client, arrival, redirect_uri)
        .map_err(|refusal| answered(parameters, client, arrival.issuer, refusal))
}

/// The refusal of a request whose parameters are not to be read any further, because its request object or its reference
/// does not hold: an answer to the client where the parameters beside it name a registered place.
pub fn refuse(parameters: &Parameters, client: &Client, issuer: &str, refusal: Refusal) -> Refused {
    answered(parameters, client, issuer, refusal)
}

fn answered(parameters: &Parameters, client: &Client, issuer: &str, refusal: Refusal) -> Refused {
    let redirect_uri = match redirect_uri(parameters, client) {
        Ok(redirect_uri) => redirect_uri,
        // Without parameters beside it the refusal itself says more than that they are missing.
        Err(Refused::Shown(Refusal::RedirectUriMissing)) => return Refused::Shown(refusal),
        Err(shown) => return shown,
    };
    let to = Recipient {
        redirect_uri,
        mode: read::mode_of_refusal(parameters, client),
        state: read::state(parameters).ok().flatten(),
        issuer,
    };
    Refused::Answered(refusal, AuthorizationResponse::error(to, refusal.error(), refusal.description()))
}

/// The redirect URI, if it is one of the client's. Nothing may be sent anywhere before this has been asked.
fn redirect_uri<'a>(parameters: &'a Parameters, client: &Client) -> Result<&'a str, Refused> {
    let id = client_id(parameters).map_err(Refused::Shown)?;
    if id != client.id {
        return Err(Refused::Shown(Refusal::ClientMismatch));
    }
    let asked = parameters.get("redirect_uri").ok_or(Refused::Shown(Refusal::RedirectUriMissing))?;
    let registered = client.redirect_uris.iter().any(|registered| redirect::matches(registered, asked));
    if registered { Ok(asked) } else { Err(Refused::Shown(Refusal::RedirectUriMismatch)) }
}

impl Request {
    /// Where answers to it go.
    pub fn recipient<'a>(&'a self, issuer: &'a str) -> Recipient<'a> {
        Recipient { redirect_uri: &self.redirect_uri, mode: self.mode, state: self.state.as_deref(), issuer }
    }

    /// Whether an ID token is asked for.
    pub fn is_openid(&self) -> bool {
        self.scopes.has(scope::OPENID)
    }
}

/// What is left of the scopes that were asked for: what is unknown is ignored (OpenID Connect Core section 3.1.2.1), and
/// nobody stays connected who may not refresh (section 11).
fn allowed(asked: &Scopes, client: &Client) -> Scopes {
    let scopes = asked.and(&client.scopes);
    if client.may(GrantType::RefreshToken) {
        return scopes;
    }
    let refreshing = Scopes::parse(scope::OFFLINE_ACCESS).unwrap_or_default();
    scopes.without(&refreshing)
}

#[cfg(test)]
mod tests;
