//! Redirect URIs: what may be registered, and what of a request equals it (RFC 6749 section 3.1.2, RFC 8252 sections 7
//! and 8, RFC 9700 section 4.1).

use crate::uri::{Uri, UriRefusal};

/// What an answer may add; a registered query that has one of them would say it twice.
const ANSWERS: [&str; 12] = [
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "response",
    "id_token",
    "access_token",
    "token_type",
    "expires_in",
    "session_state",
];

/// Why a text may not be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectRefusal {
    /// It is no URI, or one that is not read alike everywhere.
    Uri(UriRefusal),
    /// Neither HTTPS, nor HTTP to the person's own machine, nor a scheme that is a domain name backwards.
    Scheme,
    /// A `*`, which looks like a pattern and would be none.
    Wildcard,
    /// Its query has a parameter of our answers.
    Query,
}

impl RedirectRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            RedirectRefusal::Uri(refusal) => refusal.code(),
            RedirectRefusal::Scheme => "redirect_scheme",
            RedirectRefusal::Wildcard => "redirect_wildcard",
            RedirectRefusal::Query => "redirect_query",
        }
    }
}

/// Takes a redirect URI for registration, as it stands.
pub fn parse_registered(text: &str) -> Result<String, RedirectRefusal> {
    let uri = Uri::parse(text).map_err(RedirectRefusal::Uri)?;
    // RFC 8252 section 7.1: a scheme without a dot belongs to nobody; `javascript` and `data` are such.
    let of_an_app = !uri.is_web() && uri.scheme().contains('.');
    if !uri.is_protected() && !of_an_app {
        return Err(RedirectRefusal::Scheme);
    }
    if text.contains('*') {
        return Err(RedirectRefusal::Wildcard);
    }
    let mut names =
        uri.query().unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
    let ours =
        |name: &str| crate::parameters::decode(name).is_none_or(|name| ANSWERS.contains(&name.as_str()));
    if names.any(ours) {
        return Err(RedirectRefusal::Query);
    }
    Ok(text.to_owned())
}

/// Whether a request's redirect URI is that registered one: every character the same, but for the port where the host is
/// an address of the person's own machine (RFC 8252 section 7.3).
pub fn matches(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    let (Ok(registered), Ok(asked)) = (Uri::parse(registered), Uri::parse(asked)) else { return false };
    let loopback = registered.scheme() == "http" && registered.is_loopback_address();
    loopback
        && registered.scheme() == asked.scheme()
        && registered.host() == asked.host()
        && registered.rest() == asked.rest()
}

/// Whether it is the scheme of an app and no address of the web.
pub fn is_private_use(text: &str) -> bool {
    Uri::parse(text).is_ok_and(|uri| !uri.is_web())
}

/// Whether the web's own rules say who gets what is sent there: its owner, whom a certificate names. Every program of a
/// machine may listen on its loopback addresses, and every app may claim a scheme (RFC 8252 sections 8.3 and 8.6).
pub fn has_an_owner(text: &str) -> bool {
    Uri::parse(text).is_ok_and(|uri| uri.scheme() == "https")
}

/// What `form-action` must name so that a page's form may end at that redirect URI: its origin, or its scheme where it
/// has no origin that a policy can name. Nothing for a text that could not have been registered.
pub fn origin_for_csp(redirect_uri: &str) -> String {
    let Ok(uri) = Uri::parse(redirect_uri) else { return String::new() };
    // A policy's grammar knows no IPv6 addresses.
    let nameable = uri.is_web() && uri.host().is_some_and(|host| !host.starts_with('['));
    uri.origin().filter(|_| nameable).unwrap_or_else(|| format!("{}:", uri.scheme()))
}

#[cfg(test)]
mod tests;
