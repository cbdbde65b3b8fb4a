//! Every member by its own rule.

use serde_json::{Map, Value};

use super::{Defaults, MetadataRule, Registration, RegistrationRefusal, keys};
use super::{LONGEST_ACR_VALUE, LONGEST_AGE, LONGEST_NAME, MOST_ACR_VALUES, MOST_URIS};
use crate::client::{Authentication, Client, ClientId, GrantType, ResponseMode, SigningAlg};
use crate::jwt::CLIENT_ALGORITHMS;
use crate::redirect;
use crate::scope::{OFFLINE_ACCESS, Scopes};
use crate::uri::Uri;

type Members = Map<String, Value>;
type Read<T> = Result<T, RegistrationRefusal>;

/// What would change who learns what, and is not there.
const NOT_OFFERED: [&str; 8] = [
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "introspection_encrypted_response_alg",
    "tls_client_certificate_bound_access_tokens",
];

pub(super) fn registration(members: &Members, id: ClientId, defaults: &Defaults) -> Read<Registration> {
    for field in NOT_OFFERED {
        if members.get(field).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false))) {
            return Err(refuse(field, MetadataRule::Value));
        }
    }
    choice(members, "subject_type", &["public"])?;
    let client = client(members, id, defaults)?;
    consistent(members, &client)?;
    Ok(Registration {
        name: name(members)?,
        home: web_uri(members, "client_uri")?,
        logo_uri: secure_uri(members, "logo_uri")?,
        client,
    })
}

fn client(members: &Members, id: ClientId, defaults: &Defaults) -> Read<Client> {
    let grants = grants(members, defaults)?;
    let native = choice(members, "application_type", &["web", "native"])? == Some("native");
    let response_alg = algorithm(members, "authorization_signed_response_alg")?;
    choice(members, "token_endpoint_auth_signing_alg", &CLIENT_ALGORITHMS)?;
    choice(members, "request_object_signing_alg", &CLIENT_ALGORITHMS)?;
    // What we send always has `sid`; whether the client insists makes no difference.
    flag(members, "backchannel_logout_session_required")?;
    Ok(Client {
        id,
        authentication: authentication(members, defaults)?,
        redirect_uris: redirect_uris(members, "redirect_uris", native)?,
        post_logout_redirect_uris: redirect_uris(members, "post_logout_redirect_uris", native)?,
        scopes: scopes(members, &grants, defaults)?,
        response_modes: response_modes(response_alg),
        id_token_alg: algorithm(members, "id_token_signed_response_alg")?.unwrap_or(SigningAlg::Rs256),
        userinfo_alg: algorithm(members, "userinfo_signed_response_alg")?,
        response_alg,
        pushed_only: flag(members, "require_pushed_authorization_requests")?,
        signed_only: flag(members, "require_signed_request_object")?,
        dpop_bound: flag(members, "dpop_bound_access_tokens")?,
        keys: keys::read(members)?,
        resources: defaults.resources.clone(),
        default_max_age: max_age(members)?,
        default_acr_values: acr_values(members)?,
        backchannel_logout_uri: secure_uri(members, "backchannel_logout_uri")?,
        frontchannel_logout_uri: secure_uri(members, "frontchannel_logout_uri")?,
        frontchannel_session_required: flag(members, "frontchannel_logout_session_required")?,
        grants,
    })
}

/// What one member says must go with what the others say.
fn consistent(members: &Members, client: &Client) -> Read<()> {
    let codes = client.may(GrantType::AuthorizationCode);
    // RFC 7591 section 2.1: the grant of codes and the response type `code` go together.
    let usual = ["code"];
    let response_types = texts(members, "response_types", 8)?;
    match response_types.as_deref() {
        None => {}
        Some([]) if !codes => {}
        Some(types) if *types != usual => return Err(refuse("response_types", MetadataRule::Value)),
        Some(_) if !codes => return Err(refuse("response_types", MetadataRule::Conflict)),
        Some(_) => {}
    }
    if codes && client.redirect_uris.is_empty() {
        return Err(refuse("redirect_uris", MetadataRule::Missing));
    }
    let signs = client.authentication == Authentication::PrivateKeyJwt || client.signed_only;
    if signs && !keys::can_sign(&client.keys) {
        return Err(refuse("jwks", MetadataRule::Missing));
    }
    if client.is_public() && client.may(GrantType::ClientCredentials) {
        return Err(refuse("grant_types", MetadataRule::Conflict));
    }
    if client.may(GrantType::RefreshToken) && !codes && !client.may(GrantType::DeviceCode) {
        return Err(refuse("grant_types", MetadataRule::Conflict));
    }
    front_channel_is_at_home(client)
}

/// The logout address that a browser loads has the origin of a redirect URI (OpenID Connect Front-Channel Logout section
/// 2), so that nobody can have others' pages loaded.
fn front_channel_is_at_home(client: &Client) -> Read<()> {
    let Some(logout) = &client.frontchannel_logout_uri else { return Ok(()) };
    let origin = |text: &String| Uri::parse(text).ok().and_then(|uri| uri.origin());
    let known = client.redirect_uris.iter().any(|redirect| origin(redirect) == origin(logout));
    if known { Ok(()) } else { Err(refuse("frontchannel_logout_uri", MetadataRule::Conflict)) }
}

fn authentication(members: &Members, defaults: &Defaults) -> Read<Authentication> {
    let field = "token_endpoint_auth_method";
    match text(members, field)? {
        None => Ok(defaults.authentication),
        Some(name) => Authentication::parse(name).ok_or(refuse(field, MetadataRule::Value)),
    }
}

fn grants(members: &Members, defaults: &Defaults) -> Read<Vec<GrantType>> {
    let field = "grant_types";
    let Some(names) = texts(members, field, 8)? else { return Ok(vec![GrantType::AuthorizationCode]) };
    let mut grants = Vec::new();
    for name in names {
        let known = GrantType::parse(name).filter(|grant| defaults.grants.contains(grant));
        let grant = known.ok_or(refuse(field, MetadataRule::Value))?;
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    if grants.is_empty() { Err(refuse(field, MetadataRule::Value)) } else { Ok(grants) }
}

/// Modes are asked for in each request; those of JARM want an algorithm first.
fn response_modes(response_alg: Option<SigningAlg>) -> Vec<ResponseMode> {
    let offered = ResponseMode::ALL.into_iter();
    offered.filter(|mode| response_alg.is_some() || !mode.is_signed()).collect()
}

/// The scopes that were asked for as far as they may be had; the client reads in the answer which (RFC 7591 section 2).
fn scopes(members: &Members, grants: &[GrantType], defaults: &Defaults) -> Read<Scopes> {
    let asked = match text(members, "scope")? {
        None => defaults.scopes.clone(),
        Some(asked) => Scopes::parse(asked).map_err(|_| refuse("scope", MetadataRule::Value))?,
    };
    let mut had = asked.and(&defaults.scopes);
    if !grants.contains(&GrantType::RefreshToken) {
        had = had.without(&Scopes::parse(OFFLINE_ACCESS).unwrap_or_default());
    }
    // Who would get nothing of what was asked for should know now.
    if had.is_empty() { Err(refuse("scope", MetadataRule::Value)) } else { Ok(had) }
}

fn redirect_uris(members: &Members, field: &'static str, native: bool) -> Read<Vec<String>> {
    let mut uris: Vec<String> = Vec::new();
    for text in texts(members, field, MOST_URIS)?.unwrap_or_default() {
        let uri = redirect::parse_registered(text).map_err(|_| refuse(field, MetadataRule::Uri))?;
        // Schemes of apps are for apps (OpenID Connect Dynamic Client Registration section 2).
        if !native && redirect::is_private_use(&uri) {
            return Err(refuse(field, MetadataRule::Uri));
        }
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    Ok(uris)
}

/// An address that this server asks, or that our own page loads.
pub(super) fn secure_uri(members: &Members, field: &'static str) -> Read<Option<String>> {
    let Some(text) = text(members, field)? else { return Ok(None) };
    let secure = Uri::parse(text).is_ok_and(|uri| uri.scheme() == "https");
    if secure && redirect::parse_registered(text).is_ok() {
        Ok(Some(text.to_owned()))
    } else {
        Err(refuse(field, MetadataRule::Uri))
    }
}

/// An address that people follow.
fn web_uri(members: &Members, field: &'static str) -> Read<Option<String>> {
    let Some(text) = text(members, field)? else { return Ok(None) };
    let protected = Uri::parse(text).is_ok_and(|uri| uri.is_protected());
    if protected { Ok(Some(text.to_owned())) } else { Err(refuse(field, MetadataRule::Uri)) }
}

fn name(members: &Members) -> Read<Option<String>> {
    let field = "client_name";
    let Some(name) = text(members, field)? else { return Ok(None) };
    let name = name.trim();
    if name.chars().count() > LONGEST_NAME {
        return Err(refuse(field, MetadataRule::Bounds));
    }
    if name.chars().any(is_invisible) {
        return Err(refuse(field, MetadataRule::Value));
    }
    Ok(Some(name.to_owned()).filter(|name| !name.is_empty()))
}

/// Control characters, and those that turn the direction of what stands around them: people are asked about this name.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn max_age(members: &Members) -> Read<Option<u32>> {
    let field = "default_max_age";
    match members.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let seconds = value.as_u64().ok_or(refuse(field, MetadataRule::Type))?;
            let sensible = u32::try_from(seconds).ok().filter(|seconds| *seconds <= LONGEST_AGE);
            sensible.map(Some).ok_or(refuse(field, MetadataRule::Bounds))
        }
    }
}

fn acr_values(members: &Members) -> Read<Vec<String>> {
    let field = "default_acr_values";
    let values = texts(members, field, MOST_ACR_VALUES)?.unwrap_or_default();
    if values.iter().any(|value| value.len() > LONGEST_ACR_VALUE) {
        return Err(refuse(field, MetadataRule::Bounds));
    }
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    if !values.iter().all(|value| !value.is_empty() && value.bytes().all(plain)) {
        return Err(refuse(field, MetadataRule::Value));
    }
    Ok(values.into_iter().map(str::to_owned).collect())
}

fn algorithm(members: &Members, field: &'static str) -> Read<Option<SigningAlg>> {
    let Some(name) = text(members, field)? else { return Ok(None) };
    let found = SigningAlg::ALL.into_iter().find(|alg| alg.name() == name);
    found.map(Some).ok_or(refuse(field, MetadataRule::Value))
}

fn choice<'a>(members: &'a Members, field: &'static str, offered: &[&str]) -> Read<Option<&'a str>> {
    let Some(value) = text(members, field)? else { return Ok(None) };
    if offered.contains(&value) { Ok(Some(value)) } else { Err(refuse(field, MetadataRule::Value)) }
}

fn flag(members: &Members, field: &'static str) -> Read<bool> {
    match members.get(field) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(refuse(field, MetadataRule::Type)),
    }
}

/// `null` is as good as nothing (RFC 7592 section 2.2).
pub(super) fn text<'a>(members: &'a Members, field: &'static str) -> Read<Option<&'a str>> {
    match members.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(refuse(field, MetadataRule::Type)),
    }
}

fn texts<'a>(members: &'a Members, field: &'static str, most: usize) -> Read<Option<Vec<&'a str>>> {
    let list = match members.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(list)) if list.len() > most => return Err(refuse(field, MetadataRule::Bounds)),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(refuse(field, MetadataRule::Type)),
    };
    let text = |value: &'a Value| value.as_str().ok_or(refuse(field, MetadataRule::Type));
    list.iter().map(text).collect::<Read<Vec<_>>>().map(Some)
}

pub(super) fn refuse(field: &'static str, rule: MetadataRule) -> RegistrationRefusal {
    RegistrationRefusal::new(field, rule)
}
