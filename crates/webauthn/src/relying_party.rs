//! Who the relying party is, and from which origins it takes ceremonies (WebAuthn Level 3 section 13.4.9).

use std::collections::BTreeSet;
use std::fmt;

use primitives::digest::{self, Digest};
use primitives::encoding;

/// How many different names before the public suffix clients must support in related origins (section 5.11);
/// Chromium and Safari stop there.
pub const MOST_RELATED_LABELS: usize = 5;

/// How Android writes the origin of an app; the SHA-256 of its signing certificate follows.
const ANDROID_APP: &str = "android:apk-key-hash:";

/// A relying party: its RP ID and what it expects of every ceremony.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    id: String,
    id_hash: Digest,
    name: String,
    origins: Vec<String>,
    cross_origin: CrossOrigin,
    counters: CounterPolicy,
}

/// Whether ceremonies may run in a frame inside pages of other origins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CrossOrigin {
    /// No: `crossOrigin` must be false and `topOrigin` absent.
    #[default]
    Refuse,
    /// Yes. Where the client names the top-level page's origin, it must be one of these.
    Allow {
        /// Exact origins.
        top_origins: Vec<String>,
    },
}

/// What a signature counter that did not advance means (section 6.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CounterPolicy {
    /// The assertion is refused.
    #[default]
    Refuse,
    /// The assertion counts, and says that there was an anomaly.
    Flag,
}

impl RelyingParty {
    /// A relying party with the RP ID `id` that takes ceremonies from exactly `origins`: web origins at or below
    /// the RP ID, and native apps.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        origins: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, RelyingPartyRefusal> {
        let at_none = Self::at_no_origin(id, name)?;
        let origins: Vec<String> = origins.into_iter().map(Into::into).collect();
        if origins.is_empty() {
            return Err(RelyingPartyRefusal::NoOrigin);
        }
        for origin in &origins {
            // What lets an app use the RP ID is a file that its operating system fetches from there.
            if !is_app(origin) && !is_within(host_of(origin)?, &at_none.id) {
                return Err(RelyingPartyRefusal::OriginOutsideId);
            }
        }
        Ok(Self { origins, ..at_none })
    }

    /// A relying party that takes no ceremony until [`RelyingParty::with_related_origins`] says from where. A
    /// recorded ceremony may have been begun for an RP ID at which no page is served.
    pub(crate) fn at_no_origin(
        id: impl Into<String>,
        name: impl Into<String>,
    ) -> Result<Self, RelyingPartyRefusal> {
        let id = id.into();
        if !is_domain(&id) {
            return Err(RelyingPartyRefusal::Id);
        }
        let id_hash = digest::sha256(id.as_bytes());
        let (cross_origin, counters) = (CrossOrigin::Refuse, CounterPolicy::Refuse);
        Ok(Self { id, id_hash, name: name.into(), origins: Vec::new(), cross_origin, counters })
    }

    /// Also takes ceremonies from https origins outside the RP ID, which `/.well-known/webauthn` then must list
    /// (section 5.11, related origin requests). Clients look at no more than five different names in that list.
    pub fn with_related_origins(
        mut self,
        origins: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, RelyingPartyRefusal> {
        let origins: Vec<String> = origins.into_iter().map(Into::into).collect();
        check_related_origins(origins.iter().map(String::as_str))?;
        self.origins.extend(origins);
        Ok(self)
    }

    /// With a policy for frames inside other origins' pages.
    pub fn with_cross_origin(mut self, cross_origin: CrossOrigin) -> Self {
        self.cross_origin = cross_origin;
        self
    }

    /// With a policy for counters that do not advance.
    pub fn with_counters(mut self, counters: CounterPolicy) -> Self {
        self.counters = counters;
        self
    }

    /// The RP ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// SHA-256 of the RP ID.
    pub fn id_hash(&self) -> &Digest {
        &self.id_hash
    }

    /// The name shown by clients.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The expected origins, compared as they stand.
    pub fn origins(&self) -> &[String] {
        &self.origins
    }

    /// The policy for frames inside other origins' pages.
    pub fn cross_origin(&self) -> &CrossOrigin {
        &self.cross_origin
    }

    /// The policy for counters that do not advance.
    pub fn counters(&self) -> CounterPolicy {
        self.counters
    }
}

/// Whether `origins` may stand in `/.well-known/webauthn` (section 5.11): https, with at most
/// [`MOST_RELATED_LABELS`] different names.
///
/// Clients take the label before the public suffix. Without their list of suffixes this counts the last label but
/// one, which is never more than they count: what is refused here works nowhere, but of six names below `co.uk`,
/// which count as one here, clients skip the sixth.
pub fn check_related_origins<'a>(
    origins: impl IntoIterator<Item = &'a str>,
) -> Result<(), RelyingPartyRefusal> {
    let mut labels = BTreeSet::new();
    for origin in origins {
        let host = host_of(origin)?;
        if !origin.starts_with("https://") {
            return Err(RelyingPartyRefusal::OriginInsecure);
        }
        labels.insert(host.rsplit('.').nth(1).unwrap_or(host));
    }
    if labels.len() > MOST_RELATED_LABELS { Err(RelyingPartyRefusal::TooManyRelated) } else { Ok(()) }
}

/// Whether this is the origin of an Android app: `android:apk-key-hash:` and 32 bytes in base64url.
fn is_app(origin: &str) -> bool {
    let hash = origin.strip_prefix(ANDROID_APP).and_then(encoding::from_base64url);
    hash.is_some_and(|hash| hash.len() == 32)
}

/// Whether `host` is the domain `id` or a name below it. The dot is part of the comparison.
fn is_within(host: &str, id: &str) -> bool {
    host == id || host.strip_suffix(id).is_some_and(|rest| rest.ends_with('.'))
}

/// A domain as browsers serialise it: lower case, ASCII, no trailing dot, not an IP address.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253 && text.split('.').all(label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// The host of an origin in the form that browsers serialise (HTML, "serialization of an origin").
fn host_of(origin: &str) -> Result<&str, RelyingPartyRefusal> {
    let (scheme, authority) = origin.split_once("://").ok_or(RelyingPartyRefusal::OriginForm)?;
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    if !is_domain(host) {
        return Err(RelyingPartyRefusal::OriginForm);
    }
    let default_port = match scheme {
        "https" => "443",
        // Browsers offer WebAuthn on plain HTTP only where the connection cannot leave the machine.
        "http" if is_within(host, "localhost") => "80",
        "http" => return Err(RelyingPartyRefusal::OriginInsecure),
        _ => return Err(RelyingPartyRefusal::OriginForm),
    };
    match port {
        None => Ok(host),
        Some(port) if port != default_port && is_port(port) => Ok(host),
        Some(_) => Err(RelyingPartyRefusal::OriginForm),
    }
}

fn is_port(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    digits && text.parse::<u16>().is_ok()
}

/// Why there is no such relying party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelyingPartyRefusal {
    /// The RP ID is no domain in lower case.
    Id,
    /// There is no origin.
    NoOrigin,
    /// An origin is neither scheme, host and port other than the default one, nor that of an Android app.
    OriginForm,
    /// An origin is plain HTTP and not localhost.
    OriginInsecure,
    /// An origin's host is neither the RP ID nor below it.
    OriginOutsideId,
    /// Related origins have more different names than clients look at.
    TooManyRelated,
}

impl fmt::Display for RelyingPartyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RelyingPartyRefusal::Id => "the RP ID must be a domain in lower case, such as id.example.com",
            RelyingPartyRefusal::NoOrigin => "there must be at least one origin",
            RelyingPartyRefusal::OriginForm => {
                "an origin must look like https://id.example.com or https://id.example.com:8443, without a path"
            }
            RelyingPartyRefusal::OriginInsecure => {
                "browsers offer passkeys on https origins only (plain http works for localhost)"
            }
            RelyingPartyRefusal::OriginOutsideId => "an origin's host must be the RP ID or a name below it",
            RelyingPartyRefusal::TooManyRelated => {
                "browsers look at five different names at most, counted by the label before the public suffix"
            }
        })
    }
}

impl std::error::Error for RelyingPartyRefusal {}

#[cfg(test)]
mod tests;
