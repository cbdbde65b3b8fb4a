//! On what terms an application may stand: names, bounds, and claims that nobody redefines.

use std::collections::BTreeSet;

use primitives::time::Span;

use super::{Application, Lifetimes, Mapping, Source};
use crate::policy::Needed;
use crate::user::bounded_text;

/// Longest name of an application in characters.
pub const LONGEST_NAME: usize = 80;
/// Longest address in bytes.
pub const LONGEST_URL: usize = 500;
/// Most groups whose members may use one application.
pub const MOST_GROUPS: usize = 100;
/// Most claims of the organisation's own.
pub const MOST_CLAIMS: usize = 32;
/// Longest name of a claim in bytes.
pub const LONGEST_CLAIM: usize = 128;
/// Longest text that a claim says in characters.
pub const LONGEST_TEXT: usize = 200;
/// Most origins that one application guards.
pub const MOST_GUARDS: usize = 16;

/// Shortest and longest life of an access token.
pub const ACCESS: (Span, Span) = (Span::from_minutes(1), Span::from_hours(1));
/// Shortest and longest life of a refresh token.
pub const REFRESH: (Span, Span) = (Span::from_minutes(5), Span::from_days(365));

/// Claims that a standard gives a meaning, or that a relying party reads as one (assurance O11).
const RESERVED: &[&str] = &[
    // RFC 7519, RFC 9068, RFC 8693, RFC 7800
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "scope",
    "act",
    "may_act",
    "cnf",
    // OpenID Connect Core and its logout specifications
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "sub_jwk",
    "events",
    "claims",
    "_claim_names",
    "_claim_sources",
    "email_verified",
    "phone_number_verified",
    "updated_at",
    "verified_claims",
    // What the scopes already say, so that no mapping contradicts them
    "name",
    "preferred_username",
    "email",
    "locale",
    "groups",
    "phone_number",
    "address",
    // RFC 7662 and RFC 7591: what answers about tokens and clients say
    "active",
    "token_type",
    "username",
    "id",
    "__proto__",
    "constructor",
    "prototype",
];

/// Why there is no application on such terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationRefusal {
    /// The name is empty, too long, or holds a control or direction character.
    Name,
    /// The address of the application is none of the web.
    Home,
    /// There are more groups than there may be.
    Groups,
    /// The name of a strength is none.
    Strength,
    /// A token would live too briefly or too long.
    Lifetimes,
    /// The name of a claim is none, or twice there.
    ClaimName,
    /// A standard gives that claim its meaning.
    ClaimReserved,
    /// What a claim says is too long.
    ClaimText,
    /// There are more claims than there may be.
    Claims,
    /// What is guarded is no origin such as `https://wiki.example.com`.
    Guards,
}

impl ApplicationRefusal {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Home,
        Self::Groups,
        Self::Strength,
        Self::Lifetimes,
        Self::ClaimName,
        Self::ClaimReserved,
        Self::ClaimText,
        Self::Claims,
        Self::Guards,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "client_name",
            Self::Home => "client_uri",
            Self::Groups => "client_groups",
            Self::Strength => "client_strength",
            Self::Lifetimes => "client_lifetimes",
            Self::ClaimName => "client_claim_name",
            Self::ClaimReserved => "client_claim_reserved",
            Self::ClaimText => "client_claim_text",
            Self::Claims => "client_claims",
            Self::Guards => "client_guards",
        }
    }
}

/// Whether no mapping may make that claim: a standard gives it its meaning, and it is none that we say ourselves.
pub fn is_reserved(claim: &str) -> bool {
    RESERVED.contains(&claim.to_ascii_lowercase().as_str())
}

impl Application {
    /// Judges what was asked for, and brings it into its one spelling.
    pub fn judged(mut self) -> Result<Self, ApplicationRefusal> {
        self.name = bounded_text(&self.name, LONGEST_NAME).map_err(|_| ApplicationRefusal::Name)?;
        if self.home.as_deref().is_some_and(|home| !is_web_address(home)) {
            return Err(ApplicationRefusal::Home);
        }
        self.groups.sort_unstable();
        self.groups.dedup();
        if self.groups.len() > MOST_GROUPS {
            return Err(ApplicationRefusal::Groups);
        }
        if let Needed::Custom(name) = &self.needed
            && bounded_text(name, LONGEST_NAME).as_ref() != Ok(name)
        {
            return Err(ApplicationRefusal::Strength);
        }
        self.lifetimes.judge()?;
        judge_claims(&self.claims)?;
        self.guards.sort_unstable();
        self.guards.dedup();
        if self.guards.len() > MOST_GUARDS || !self.guards.iter().all(|guard| is_origin(guard)) {
            return Err(ApplicationRefusal::Guards);
        }
        Ok(self)
    }
}

impl Lifetimes {
    fn judge(self) -> Result<(), ApplicationRefusal> {
        let within = |span: Span, (least, most): (Span, Span)| least <= span && span <= most;
        let fits = within(self.access, ACCESS)
            && within(self.refresh_idle, REFRESH)
            && within(self.refresh, REFRESH)
            && self.refresh_idle <= self.refresh;
        if fits { Ok(()) } else { Err(ApplicationRefusal::Lifetimes) }
    }
}

fn judge_claims(claims: &[Mapping]) -> Result<(), ApplicationRefusal> {
    if claims.len() > MOST_CLAIMS {
        return Err(ApplicationRefusal::Claims);
    }
    let mut seen = BTreeSet::new();
    for Mapping { claim, source, .. } in claims {
        let plain = claim.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte));
        if claim.is_empty() || claim.len() > LONGEST_CLAIM || !plain || !seen.insert(claim.as_str()) {
            return Err(ApplicationRefusal::ClaimName);
        }
        if is_reserved(claim) {
            return Err(ApplicationRefusal::ClaimReserved);
        }
        match source {
            Source::Constant(text) => judge_text(text)?,
            Source::InGroup { member, other, .. } => {
                judge_text(member)?;
                if !other.is_empty() {
                    judge_text(other)?;
                }
            }
            Source::Groups(groups) if groups.len() > MOST_GROUPS => return Err(ApplicationRefusal::Groups),
            _ => {}
        }
    }
    Ok(())
}

fn judge_text(text: &str) -> Result<(), ApplicationRefusal> {
    bounded_text(text, LONGEST_TEXT).map(drop).map_err(|_| ApplicationRefusal::ClaimText)
}

/// An address that people may be led to: over TLS, or this machine's own.
fn is_web_address(text: &str) -> bool {
    let plain = text.len() <= LONGEST_URL
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let local = ["localhost", "127.0.0.1", "[::1]"].contains(&host(authority));
    plain && is_authority(authority) && (scheme == "https" || scheme == "http" && local)
}

/// `https://` with a host in lower case and at most a port behind it.
fn is_origin(text: &str) -> bool {
    let authority = text.strip_prefix("https://").unwrap_or_default();
    let lower = !authority.bytes().any(|byte| byte.is_ascii_uppercase());
    text.len() <= LONGEST_URL && is_authority(authority) && lower && !authority.ends_with(":443")
}

fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        _ => authority,
    }
}

fn is_authority(text: &str) -> bool {
    let host = host(text);
    let port = text.strip_prefix(host).unwrap_or_default();
    let numbered = port.is_empty()
        || port.strip_prefix(':').and_then(|port| port.parse::<u16>().ok()).is_some_and(|port| port != 0);
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let named = match address {
        Some(address) => address.parse::<core::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && !host.starts_with('.')
                && !host.ends_with('.')
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        }
    };
    named && numbered
}

#[cfg(test)]
mod tests;
