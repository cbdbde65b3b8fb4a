//! On what terms a client may stand (RFC 7591 section 2, RFC 9700 section 2), whoever registers it.

use primitives::encoding;
use primitives::entropy::{self, Entropy};
use serde_json::Value;

use super::{Authentication, Client, ClientId, ClientKeys, GrantType};
use crate::redirect;
use crate::uri::Uri;

/// Most addresses of each kind.
pub(super) const MOST_URIS: usize = 32;
/// Most resources.
pub(super) const MOST_RESOURCES: usize = 16;
/// Most strengths that it asks for by default.
pub(super) const MOST_ACR_VALUES: usize = 8;
/// Most keys that it registers.
pub(super) const MOST_KEYS: usize = 16;
/// Longest address in bytes.
pub(super) const LONGEST_URI: usize = 1000;
/// Longest key set in bytes.
pub(super) const LONGEST_KEYS: usize = 16 * 1024;
/// Greatest `default_max_age`: a year.
pub(super) const LONGEST_AGE: u32 = 31_536_000;

/// Why there is no client on such terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientRefusal {
    /// A redirect URI cannot be registered, or there is none where codes are asked for.
    RedirectUris,
    /// An address that people would be led to after signing out cannot be registered.
    PostLogoutRedirectUris,
    /// There are no grants, or they do not go together.
    GrantTypes,
    /// There is no way in which answers may reach it.
    ResponseModes,
    /// It may ask for nothing.
    Scopes,
    /// How it proves who it is does not go with its grants.
    Authentication,
    /// Its keys are missing, twice there, too many, or not public.
    Keys,
    /// The address of its keys is none over HTTPS.
    KeysUri,
    /// It signs requests, and no key says so.
    SignedOnly,
    /// A resource is no absolute URI.
    Resources,
    /// Its greatest age is no sensible number.
    MaxAge,
    /// A strength that it asks for by default is no name of one.
    AcrValues,
    /// The address for logout tokens is none over HTTPS.
    BackchannelLogoutUri,
    /// The address that the signed-out page loads is none over HTTPS, or not one of the client's own origins.
    FrontchannelLogoutUri,
}

impl ClientRefusal {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::RedirectUris,
        Self::PostLogoutRedirectUris,
        Self::GrantTypes,
        Self::ResponseModes,
        Self::Scopes,
        Self::Authentication,
        Self::Keys,
        Self::KeysUri,
        Self::SignedOnly,
        Self::Resources,
        Self::MaxAge,
        Self::AcrValues,
        Self::BackchannelLogoutUri,
        Self::FrontchannelLogoutUri,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::RedirectUris => "client_redirect_uris",
            Self::PostLogoutRedirectUris => "client_post_logout_redirect_uris",
            Self::GrantTypes => "client_grant_types",
            Self::ResponseModes => "client_response_modes",
            Self::Scopes => "client_scopes",
            Self::Authentication => "client_authentication",
            Self::Keys => "client_jwks",
            Self::KeysUri => "client_jwks_uri",
            Self::SignedOnly => "client_signed_requests",
            Self::Resources => "client_resources",
            Self::MaxAge => "client_max_age",
            Self::AcrValues => "client_acr_values",
            Self::BackchannelLogoutUri => "client_backchannel_logout_uri",
            Self::FrontchannelLogoutUri => "client_frontchannel_logout_uri",
        }
    }
}

impl ClientId {
    /// An identifier that says whose it is and that nobody guesses from a name, such as `grafana-7c31e09a`.
    pub fn draw(name: &str, entropy: &mut dyn Entropy) -> Self {
        let plain =
            |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
        let word: String = name.chars().take(40).map(plain).collect();
        let word = word.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        let word = if word.is_empty() { "application" } else { &word };
        let drawn: [u8; 4] = entropy::array(entropy);
        // Letters, digits and hyphens, fewer than fifty: always one that `parse` takes.
        Self(format!("{word}-{}", encoding::hex(&drawn)))
    }
}

impl Client {
    /// Judges what was asked for, and brings it into its one spelling.
    pub fn judged(mut self) -> Result<Self, ClientRefusal> {
        once(&mut self.grants);
        once(&mut self.response_modes);
        self.judge_grants()?;
        self.redirect_uris = registered(&self.redirect_uris).ok_or(ClientRefusal::RedirectUris)?;
        if self.redirect_uris.is_empty() && self.may(GrantType::AuthorizationCode) {
            return Err(ClientRefusal::RedirectUris);
        }
        self.post_logout_redirect_uris =
            registered(&self.post_logout_redirect_uris).ok_or(ClientRefusal::PostLogoutRedirectUris)?;
        if self.response_modes.is_empty() && self.may(GrantType::AuthorizationCode) {
            return Err(ClientRefusal::ResponseModes);
        }
        self.judge_keys()?;
        self.judge_requests()?;
        self.judge_logout()?;
        Ok(self)
    }

    fn judge_grants(&self) -> Result<(), ClientRefusal> {
        let codes = self.may(GrantType::AuthorizationCode) || self.may(GrantType::DeviceCode);
        if self.grants.is_empty() || self.may(GrantType::RefreshToken) && !codes {
            return Err(ClientRefusal::GrantTypes);
        }
        if self.is_public() && self.may(GrantType::ClientCredentials) {
            return Err(ClientRefusal::Authentication);
        }
        if self.scopes.is_empty() { Err(ClientRefusal::Scopes) } else { Ok(()) }
    }

    fn judge_keys(&self) -> Result<(), ClientRefusal> {
        let ClientKeys { set, uri } = &self.keys;
        if set.is_some() && uri.is_some() {
            return Err(ClientRefusal::Keys);
        }
        if set.as_ref().is_some_and(|set| !is_public_key_set(set)) {
            return Err(ClientRefusal::Keys);
        }
        if uri.as_deref().is_some_and(|uri| !is_secure(uri)) {
            return Err(ClientRefusal::KeysUri);
        }
        let none = set.is_none() && uri.is_none();
        if none && self.authentication == Authentication::PrivateKeyJwt {
            return Err(ClientRefusal::Keys);
        }
        if none && self.signed_only { Err(ClientRefusal::SignedOnly) } else { Ok(()) }
    }

    fn judge_requests(&self) -> Result<(), ClientRefusal> {
        if self.resources.len() > MOST_RESOURCES || !self.resources.iter().all(|uri| is_resource(uri)) {
            return Err(ClientRefusal::Resources);
        }
        if self.default_max_age.is_some_and(|age| age > LONGEST_AGE) {
            return Err(ClientRefusal::MaxAge);
        }
        let value = |text: &String| {
            (1..=100).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
        };
        if self.default_acr_values.len() > MOST_ACR_VALUES || !self.default_acr_values.iter().all(value) {
            return Err(ClientRefusal::AcrValues);
        }
        Ok(())
    }

    /// Back-Channel Logout section 2.2, Front-Channel Logout section 2.
    fn judge_logout(&self) -> Result<(), ClientRefusal> {
        if self.backchannel_logout_uri.as_deref().is_some_and(|uri| !is_secure(uri)) {
            return Err(ClientRefusal::BackchannelLogoutUri);
        }
        let Some(uri) = self.frontchannel_logout_uri.as_deref() else { return Ok(()) };
        let own = |registered: &String| redirect::origin_for_csp(registered) == redirect::origin_for_csp(uri);
        // The person's browser loads it, so their own machine is as good a place as it is for a redirect URI.
        let protected = Uri::parse(uri).is_ok_and(|uri| uri.is_protected());
        if protected && self.redirect_uris.iter().any(own) {
            Ok(())
        } else {
            Err(ClientRefusal::FrontchannelLogoutUri)
        }
    }
}

/// Each once, in the order of the list.
fn once<T: Copy + PartialEq>(list: &mut Vec<T>) {
    let mut seen: Vec<T> = Vec::new();
    list.retain(|item| {
        let new = !seen.contains(item);
        seen.push(*item);
        new
    });
}

fn registered(uris: &[String]) -> Option<Vec<String>> {
    if uris.len() > MOST_URIS || uris.iter().any(|uri| uri.len() > LONGEST_URI) {
        return None;
    }
    let mut found: Vec<String> = Vec::new();
    for uri in uris {
        let uri = redirect::parse_registered(uri).ok()?;
        if !found.contains(&uri) {
            found.push(uri);
        }
    }
    Some(found)
}

/// What we ask ourselves, or let a page load: HTTPS without user, fragment and spaces.
fn is_secure(uri: &str) -> bool {
    uri.starts_with("https://") && uri.len() <= LONGEST_URI && redirect::parse_registered(uri).is_ok()
}

/// RFC 8707 section 2: an absolute URI without a fragment.
fn is_resource(uri: &str) -> bool {
    let scheme = uri.split(':').next().unwrap_or_default();
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"#\\<>".contains(&byte));
    named && plain && uri.len() <= LONGEST_URI && uri.len() > scheme.len().saturating_add(1)
}

/// RFC 7517 section 5, and nothing private in it.
fn is_public_key_set(set: &Value) -> bool {
    const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    let Some(keys) = set.get("keys").and_then(Value::as_array) else { return false };
    let public = |key: &Value| {
        key.as_object()
            .is_some_and(|key| key.contains_key("kty") && !PRIVATE.iter().any(|name| key.contains_key(*name)))
    };
    (1..=MOST_KEYS).contains(&keys.len()) && keys.iter().all(public) && set.to_string().len() <= LONGEST_KEYS
}

#[cfg(test)]
mod tests;
