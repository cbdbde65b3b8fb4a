//! An administrator signs in to an application as oneself, to see what it would be told.
//!
//! It is the ordinary way from request to tokens, with both ends held here: the code goes nowhere, the tokens are looked
//! into, and what was granted is taken back before anybody is told. What of an access token our own endpoints check is
//! left out of what is shown.

use oidc::client::{ClientId, GrantType};
use oidc::parameters::Parameters;
use primitives::digest;
use primitives::encoding;
use primitives::secret::Token;
use primitives::time::Timestamp;
use serde_json::{Map, Value};
use store::clients::{self, Stored};
use store::{StoreError, Tx};

use crate::authorize::{self, AuthorizeError, BeginError, Step};
use crate::client_authentication::AuthenticatedClient;
use crate::context::{Caller, Context, Who};
use crate::exchange_code::{self, Exchange};
use crate::read_userinfo::{self, Userinfo};
use crate::revoke_token;
use crate::tokens::Tokens;

/// What signing in came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Tokens, as what they say.
    Tokens(Box<Said>),
    /// The person would be asked for something first.
    Step(Halt),
    /// The application cannot be tried from here: it holds a key that we do not.
    NeedsItsKey,
    /// It uses no codes.
    NoCodes,
    /// The application would get an error, or the person a page: its code.
    Refused(&'static str),
}

/// What a person would be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// A stronger sign-in.
    StepUp,
    /// Another passkey first.
    AddPasskey,
    /// Whether the application may.
    Consent,
    /// Nothing: this person may not use it.
    NotAssigned,
    /// To sign in again.
    SignIn,
}

/// What tokens said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The ID token.
    pub id_token: Option<Value>,
    /// The access token, without what our own endpoints know it by.
    pub access_token: Option<Value>,
    /// Userinfo.
    pub userinfo: Option<Value>,
    /// There was a refresh token.
    pub refresh: bool,
}

/// Signs in as `who`.
pub async fn try_as_oneself(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    (who, client): (&Who, ClientId),
) -> Result<Option<Outcome>, StoreError> {
    let found = cx.db.read(move |tx: &mut Tx<'_>| clients::by_id(tx, &client)).await?;
    let Some(stored) = found else { return Ok(None) };
    Ok(Some(match attempt(cx, caller, issuer, (who, stored)).await {
        Ok(outcome) | Err(Stop::Told(outcome)) => outcome,
        Err(Stop::Store(error)) => return Err(error),
    }))
}

enum Stop {
    Told(Outcome),
    Store(StoreError),
}

fn refused(code: &'static str) -> Stop {
    Stop::Told(Outcome::Refused(code))
}

async fn attempt(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    (who, stored): (&Who, Stored),
) -> Result<Outcome, Stop> {
    let client = &stored.client;
    if !stored.enabled {
        return Err(refused("client_disabled"));
    }
    let Some(redirect_uri) =
        client.redirect_uris.first().filter(|_| client.may(GrantType::AuthorizationCode))
    else {
        return Ok(Outcome::NoCodes);
    };
    if client.signed_only || client.dpop_bound {
        return Ok(Outcome::NeedsItsKey);
    }
    let redirect_uri = redirect_uri.clone();
    let verifier = Token::generate(caller.entropy.as_mut()).encode();
    let request = request(&stored, &redirect_uri, &verifier);
    let ours = AuthenticatedClient::ourselves(stored);
    let request = if ours.stored.client.pushed_only {
        let parameters = Parameters::parse(&request).map_err(|refusal| refused(refusal.code()))?;
        let pushed = authorize::push(cx, caller, issuer, &ours, (&parameters, None)).await;
        let uri = pushed.map_err(|error| refused(error.code()))?.request_uri;
        encoded(&[("client_id", ours.id().as_str()), ("request_uri", &uri)])
    } else {
        request
    };
    let begun = authorize::begin(cx, caller.now, issuer, &request).await;
    let pending = begun.map_err(|error| match error {
        BeginError::Store(error) => Stop::Store(error),
        other => refused(other.code()),
    })?;
    let step = authorize::next(cx, caller, issuer, &pending, Some(who)).await;
    let step = step.map_err(|error| match error {
        AuthorizeError::Store(error) => Stop::Store(error),
        other => refused(other.code()),
    })?;
    let answer = match step {
        Step::Answer(answer) => answer,
        other => return Ok(Outcome::Step(halt(&other))),
    };
    let code = answer.parameters.iter().find(|(name, _)| *name == "code").map(|(_, code)| code.clone());
    let code = code.ok_or_else(|| refused("no_code"))?;
    let asked = Exchange {
        code: &code,
        redirect_uri: Some(&redirect_uri),
        verifier: Some(&verifier),
        resources: &[],
        proof: None,
    };
    let exchanged = exchange_code::exchange(cx, caller, issuer, &ours, asked).await;
    let tokens = exchanged.map_err(|error| refused(error.code()))?;
    let said = look(cx, caller.now, issuer, &tokens).await;
    // Whatever userinfo said: nothing of it goes on.
    let back = revoke_token::revoke(cx, caller, issuer, &ours, &tokens.access_token).await;
    back.map_err(|error| refused(error.code()))?;
    Ok(Outcome::Tokens(Box::new(said)))
}

/// The request that the application would make, with all scopes that it may ask for.
fn request(stored: &Stored, redirect_uri: &str, verifier: &str) -> String {
    let client = &stored.client;
    let challenge = encoding::base64url(&digest::sha256(verifier.as_bytes()));
    let scopes = client.scopes.to_string();
    encoded(&[
        ("response_type", "code"),
        ("client_id", client.id.as_str()),
        ("redirect_uri", redirect_uri),
        ("scope", &scopes),
        ("state", "try"),
        ("nonce", "try"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ])
}

/// `application/x-www-form-urlencoded`.
fn encoded(parameters: &[(&str, &str)]) -> String {
    let value = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    char::from(byte).to_string()
                }
                byte => format!("%{byte:02X}"),
            })
            .collect::<String>()
    };
    parameters.iter().map(|(name, text)| format!("{name}={}", value(text))).collect::<Vec<_>>().join("&")
}

fn halt(step: &Step) -> Halt {
    match step {
        Step::StepUp { .. } => Halt::StepUp,
        Step::AddPasskey { .. } => Halt::AddPasskey,
        Step::Consent(_) => Halt::Consent,
        Step::NotAssigned(_) => Halt::NotAssigned,
        Step::SignIn | Step::Reauthenticate | Step::SelectAccount | Step::Answer(_) => Halt::SignIn,
    }
}

async fn look(cx: &Context, now: Timestamp, issuer: &str, tokens: &Tokens) -> Said {
    let userinfo = read_userinfo::read(cx, now, issuer, &tokens.access_token, None).await.ok();
    Said {
        id_token: tokens.id_token.as_deref().and_then(claims),
        // Whoever knows it could make the token again, for as long as it takes to end it.
        access_token: claims(&tokens.access_token).map(|mut said| {
            if let Some(members) = said.as_object_mut() {
                members.remove("jti");
                members.remove("mac");
            }
            said
        }),
        userinfo: userinfo.and_then(|userinfo| match userinfo {
            Userinfo::Json(claims) => Some(Value::Object(claims)),
            Userinfo::Signed(text) => claims(&text),
        }),
        refresh: tokens.refresh_token.is_some(),
    }
}

/// What a token says, read without a look at its signature: we have just made it.
fn claims(token: &str) -> Option<Value> {
    let payload = encoding::from_base64url(token.split('.').nth(1)?)?;
    serde_json::from_slice::<Map<String, Value>>(&payload).ok().map(Value::Object)
}
