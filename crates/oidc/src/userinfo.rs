//! What an application is told about a person (OpenID Connect Core sections 5.1 and 5.4).

use primitives::time::Timestamp;
use serde_json::{Map, Value};

use crate::client::ClientId;
use crate::jwt::{self, Signer};
use crate::scope::{self, Scopes};

/// The facts, of which the application is told what its scopes and its request name.
#[derive(Clone, Debug, Default)]
pub struct Person<'a> {
    /// `sub`, always.
    pub subject: &'a str,
    /// `name`.
    pub name: &'a str,
    /// `given_name`, where a directory said it.
    pub given_name: Option<&'a str>,
    /// `family_name`, where a directory said it.
    pub family_name: Option<&'a str>,
    /// `preferred_username`: the login name.
    pub login: &'a str,
    /// `locale`: the language that the person chose.
    pub language: Option<&'a str>,
    /// `email`.
    pub email: Option<&'a str>,
    /// `email_verified`.
    pub email_verified: bool,
    /// `groups`: their names.
    pub groups: &'a [String],
    /// `updated_at`, if it is known.
    pub changed: Option<Timestamp>,
    /// The passkey that the person signed in with, if it was one.
    pub passkey: Option<PasskeyFacts<'a>>,
}

/// What is known of the passkey that somebody signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasskeyFacts<'a> {
    /// `passkey_model`: its name, where metadata know it under a trusted attestation.
    pub model: Option<&'a str>,
    /// `passkey_attested`: whether its attestation is trusted.
    pub attested: bool,
    /// `passkey_backed_up`: whether it may be copied to other devices.
    pub backed_up: bool,
}

/// The claims about people that discovery lists.
pub const SUPPORTED: [&str; 13] = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "groups",
    "passkey_model",
    "passkey_attested",
    "passkey_backed_up",
];

/// What userinfo says: claims of the scopes, those that the request asked for by name, and the organisation's own.
pub fn claims(
    person: &Person<'_>,
    scopes: &Scopes,
    asked: &dyn Fn(&str) -> bool,
    mapped: &Map<String, Value>,
) -> Map<String, Value> {
    let mut out = in_id_token(person, &|name| asked(name) || by_scope(name, scopes), mapped);
    out.insert("sub".to_owned(), person.subject.into());
    out
}

/// What an ID token says besides what it always says: claims that the request asked for in it by name, and those of the
/// organisation's own that belong there.
pub fn in_id_token(
    person: &Person<'_>,
    asked: &dyn Fn(&str) -> bool,
    mapped: &Map<String, Value>,
) -> Map<String, Value> {
    let mut out = Map::new();
    put_person(person, asked, &mut out);
    // What the organisation says stands in place of ours where it may, such as some of the groups for all of them.
    let own = mapped.iter().filter(|(name, _)| may_be_mapped(name));
    out.extend(own.map(|(name, value)| (name.clone(), value.clone())));
    out
}

/// The scope that brings a claim (section 5.4); none brings what is said of the passkey.
pub fn scope_of(name: &str) -> Option<&'static str> {
    match name {
        "email" | "email_verified" => Some(scope::EMAIL),
        "groups" => Some(scope::GROUPS),
        "passkey_model" | "passkey_attested" | "passkey_backed_up" => None,
        _ => Some(scope::PROFILE),
    }
}

fn by_scope(name: &str, scopes: &Scopes) -> bool {
    scope_of(name).is_some_and(|scope| scopes.has(scope))
}

fn put_person(person: &Person<'_>, wanted: &dyn Fn(&str) -> bool, out: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value.filter(|_| wanted(name)) {
            out.insert(name.to_owned(), value);
        }
    };
    let text = |text: &str| Some(Value::from(text));
    put("name", text(person.name));
    put("given_name", person.given_name.map(Value::from));
    put("family_name", person.family_name.map(Value::from));
    put("preferred_username", text(person.login));
    put("locale", person.language.map(Value::from));
    put("updated_at", person.changed.map(|changed| changed.secs().into()));
    put("email", person.email.map(Value::from));
    put("email_verified", person.email.map(|_| person.email_verified.into()));
    put("groups", Some(person.groups.into()));
    if let Some(passkey) = person.passkey {
        put("passkey_model", passkey.model.map(Value::from));
        put("passkey_attested", Some(passkey.attested.into()));
        put("passkey_backed_up", Some(passkey.backed_up.into()));
    }
}

/// The answer as a signed token for clients that want one (section 5.3.2).
pub fn sign(signer: Signer<'_>, issuer: &str, client: &ClientId, mut claims: Map<String, Value>) -> String {
    claims.insert("iss".to_owned(), issuer.into());
    claims.insert("aud".to_owned(), client.as_str().into());
    jwt::sign(signer, "JWT", &claims)
}

/// Longest name of a claim of the organisation's own, in bytes.
pub const LONGEST_NAME: usize = 128;

/// Whether the organisation may call a claim of its own so: letters, digits and what URLs are made of, and no name that a
/// standard or this program gives a meaning. `groups`, `roles` and `entitlements` mean what the organisation says.
pub fn may_be_mapped(name: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b'#');
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain) && !RESERVED.contains(&name)
}

/// Names of claims that have a meaning: what tokens, introspection and the person's standard claims consist of.
pub const RESERVED: [&str; 51] = [
    "acr",
    "act",
    "active",
    "address",
    "amr",
    "at_hash",
    "at_use_nbr",
    "aud",
    "auth_time",
    "azp",
    "birthdate",
    "c_hash",
    "client_id",
    "cnf",
    "email",
    "email_verified",
    "events",
    "exp",
    "family_name",
    "gender",
    "given_name",
    "htm",
    "htu",
    "iat",
    "iss",
    "jkt",
    "jti",
    "locale",
    "mac",
    "may_act",
    "middle_name",
    "name",
    "nbf",
    "nickname",
    "nonce",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "s_hash",
    "scope",
    "sid",
    "sub",
    "sub_jwk",
    "token_type",
    "typ",
    "updated_at",
    "username",
    "website",
    "zoneinfo",
];

#[cfg(test)]
mod tests;
