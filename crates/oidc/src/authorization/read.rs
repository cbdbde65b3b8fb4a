//! Every parameter by its own rule, once client and redirect URI hold.

use super::{Arrival, Display, Prompt, Refusal, Request, allowed};
use crate::claims_request::ClaimsRequest;
use crate::client::{Client, GrantType, ResponseMode};
use crate::parameters::Parameters;
use crate::pkce::Challenge;
use crate::scope::Scopes;

/// Longest `state` in bytes.
pub const LONGEST_STATE: usize = 1500;
/// Longest `nonce` in bytes.
pub const LONGEST_NONCE: usize = 500;
/// Longest `login_hint` in bytes.
pub const LONGEST_LOGIN_HINT: usize = 320;
/// Longest `id_token_hint` in bytes.
pub const LONGEST_ID_TOKEN_HINT: usize = 4096;
/// Longest `ui_locales` and `acr_values` in bytes.
pub const LONGEST_LIST: usize = 1000;
/// Most entries of either.
pub const MOST_OF_A_LIST: usize = 16;
/// Most resources.
pub const MOST_RESOURCES: usize = 8;

/// How long the text of a JWK SHA-256 thumbprint is (RFC 7638).
const THUMBPRINT: usize = 32;

pub(super) fn request(
    parameters: &Parameters,
    client: &Client,
    arrival: Arrival<'_>,
    redirect_uri: &str,
) -> Result<Request, Refusal> {
    whole(parameters, client, arrival)?;
    Ok(Request {
        client_id: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        mode: mode(parameters, client)?,
        state: state(parameters)?.map(str::to_owned),
        challenge: challenge(parameters)?,
        scopes: scopes(parameters, client)?,
        nonce: text(parameters, "nonce", LONGEST_NONCE, Refusal::Nonce)?.map(str::to_owned),
        prompt: parameters.get("prompt").map(Prompt::parse).transpose()?.unwrap_or_default(),
        max_age: max_age(parameters)?.or(client.default_max_age),
        acr_values: acr_values(parameters, client)?,
        claims: claims(parameters)?,
        login_hint: text(parameters, "login_hint", LONGEST_LOGIN_HINT, Refusal::LoginHint)?
            .map(str::to_owned),
        id_token_hint: id_token_hint(parameters)?,
        ui_locales: ui_locales(parameters)?,
        resources: resources(parameters, client)?,
        dpop_jkt: dpop_jkt(parameters)?,
        display: display(parameters),
    })
}

/// What is wrong with the request as a whole.
fn whole(parameters: &Parameters, client: &Client, arrival: Arrival<'_>) -> Result<(), Refusal> {
    if parameters.get("request_uri").is_some() {
        return Err(if arrival.pushed { Refusal::RequestUriPushed } else { Refusal::RequestUriForeign });
    }
    if parameters.get("request").is_some() {
        return Err(Refusal::RequestObjectHere);
    }
    if parameters.get("registration").is_some() {
        return Err(Refusal::RegistrationHere);
    }
    match parameters.get("response_type") {
        None => return Err(Refusal::ResponseTypeMissing),
        Some("code") => {}
        Some(_) => return Err(Refusal::ResponseType),
    }
    if !client.may(GrantType::AuthorizationCode) {
        return Err(Refusal::GrantNotAllowed);
    }
    if client.pushed_only && !arrival.pushed {
        return Err(Refusal::PushedOnly);
    }
    if client.signed_only && !arrival.signed {
        return Err(Refusal::SignedOnly);
    }
    Ok(())
}

/// The mode of the answer to a request that holds.
fn mode(parameters: &Parameters, client: &Client) -> Result<ResponseMode, Refusal> {
    let asked = match parameters.get("response_mode") {
        None => ResponseMode::Query,
        Some(text) => ResponseMode::parse(text).ok_or(Refusal::ResponseMode)?,
    };
    if client.response_modes.contains(&asked) { Ok(asked) } else { Err(Refusal::ResponseMode) }
}

/// The mode of a refusal's answer: the one that was asked for if the client has it, else one that it has.
pub(super) fn mode_of_refusal(parameters: &Parameters, client: &Client) -> ResponseMode {
    let fallback = || client.response_modes.first().copied();
    let usual = client.response_modes.contains(&ResponseMode::Query).then_some(ResponseMode::Query);
    mode(parameters, client).ok().or(usual).or_else(fallback).unwrap_or(ResponseMode::Query)
}

pub(super) fn state(parameters: &Parameters) -> Result<Option<&str>, Refusal> {
    text(parameters, "state", LONGEST_STATE, Refusal::State)
}

/// A text that is no longer than it may be and can stand on one line.
fn text<'a>(
    parameters: &'a Parameters,
    name: &'a str,
    longest: usize,
    refusal: Refusal,
) -> Result<Option<&'a str>, Refusal> {
    let value = parameters.get(name);
    let fits = value.is_none_or(|value| value.len() <= longest && !value.chars().any(char::is_control));
    if fits { Ok(value) } else { Err(refusal) }
}

fn challenge(parameters: &Parameters) -> Result<Challenge, Refusal> {
    Challenge::read(parameters.get("code_challenge"), parameters.get("code_challenge_method"))
        .map_err(Refusal::Pkce)
}

fn scopes(parameters: &Parameters, client: &Client) -> Result<Scopes, Refusal> {
    let asked = parameters.get("scope").ok_or(Refusal::ScopeMissing)?;
    let scopes = allowed(&Scopes::parse(asked).map_err(|_| Refusal::Scope)?, client);
    if scopes.is_empty() { Err(Refusal::ScopeNotAllowed) } else { Ok(scopes) }
}

/// Digits only: neither a sign nor a fraction means anything here.
fn max_age(parameters: &Parameters) -> Result<Option<u32>, Refusal> {
    let Some(text) = parameters.get("max_age") else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).map(Some).ok_or(Refusal::MaxAge)
}

fn list(parameters: &Parameters, name: &'static str, refusal: Refusal) -> Result<Vec<String>, Refusal> {
    let text = text(parameters, name, LONGEST_LIST, refusal)?.unwrap_or_default();
    let mut entries: Vec<String> = Vec::new();
    for entry in text.split(' ').filter(|entry| !entry.is_empty()) {
        if entries.len() == MOST_OF_A_LIST {
            return Err(refusal);
        }
        if !entries.iter().any(|other| other == entry) {
            entries.push(entry.to_owned());
        }
    }
    Ok(entries)
}

fn acr_values(parameters: &Parameters, client: &Client) -> Result<Vec<String>, Refusal> {
    let asked = list(parameters, "acr_values", Refusal::AcrValues)?;
    Ok(if asked.is_empty() { client.default_acr_values.clone() } else { asked })
}

fn claims(parameters: &Parameters) -> Result<ClaimsRequest, Refusal> {
    let claims = parameters.get("claims").map(ClaimsRequest::parse).transpose();
    Ok(claims.map_err(Refusal::Claims)?.unwrap_or_default())
}

fn id_token_hint(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let Some(hint) = text(parameters, "id_token_hint", LONGEST_ID_TOKEN_HINT, Refusal::IdTokenHint)? else {
        return Ok(None);
    };
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let signed = hint.split('.').count() == 3 && hint.bytes().all(letter);
    if signed { Ok(Some(hint.to_owned())) } else { Err(Refusal::IdTokenHint) }
}

/// What is no language tag is passed over: languages are a wish (OpenID Connect Core section 3.1.2.1).
fn ui_locales(parameters: &Parameters) -> Result<Vec<String>, Refusal> {
    let mut languages = list(parameters, "ui_locales", Refusal::UiLocales)?;
    languages.retain(|tag| tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    Ok(languages)
}

fn resources(parameters: &Parameters, client: &Client) -> Result<Vec<String>, Refusal> {
    let mut resources: Vec<String> = Vec::new();
    for resource in parameters.all("resource") {
        let registered = client.resources.iter().any(|registered| registered == resource);
        if !registered || resources.len() == MOST_RESOURCES {
            return Err(Refusal::Resource);
        }
        if !resources.iter().any(|other| other == resource) {
            resources.push(resource.to_owned());
        }
    }
    Ok(resources)
}

fn dpop_jkt(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let Some(text) = parameters.get("dpop_jkt") else { return Ok(None) };
    let thumbprint = primitives::encoding::from_base64url(text).filter(|octets| octets.len() == THUMBPRINT);
    thumbprint.map(|_| Some(text.to_owned())).ok_or(Refusal::DpopJkt)
}

/// A value that is not there asks for nothing.
fn display(parameters: &Parameters) -> Option<Display> {
    match parameters.get("display")? {
        "page" => Some(Display::Page),
        "popup" => Some(Display::Popup),
        "touch" => Some(Display::Touch),
        "wap" => Some(Display::Wap),
        _ => None,
    }
}
