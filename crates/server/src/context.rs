//! One request: its `now`, its randomness, who calls from where, and how it is answered.
//!
//! This is the only place in the program that reads the clock.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use account::session::{BrowserId, ClientLabel};
use account::temporary_pass::ALPHABET;
use axum::extract::{ConnectInfo, FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use primitives::encoding;
use primitives::entropy::{self, Entropy, SystemEntropy};
use primitives::secret::Token;
use primitives::time::Timestamp;
use service::Caller;

use crate::app::App;
use crate::client_address::client_address;
use crate::pages::Account;
use crate::problem::Problem;
use crate::text::Language;
use crate::{cookies, user_agent};

/// Where the time and the randomness of requests come from: the system's, or a test's.
pub struct Ambient {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    entropy: Box<dyn Fn() -> Box<dyn Entropy> + Send + Sync>,
}

impl Ambient {
    /// The system's clock and generator.
    pub fn system() -> Self {
        Self::new(system_now, || Box::new(SystemEntropy))
    }

    /// A clock and a generator of one's own.
    pub fn new(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        entropy: impl Fn() -> Box<dyn Entropy> + Send + Sync + 'static,
    ) -> Self {
        Self { now: Box::new(now), entropy: Box::new(entropy) }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// A source of randomness.
    pub fn entropy(&self) -> Box<dyn Entropy> {
        (self.entropy)()
    }
}

/// The system's clock.
pub fn system_now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the one door to the system's clock")]
    let now = SystemTime::now();
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The reference by which a person and the log mean the same request, such as `7F3K-22QX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference([u8; 9]);

impl Reference {
    /// A fresh one: 8 characters that nobody mistakes for another.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let random: [u8; 8] = entropy::array(entropy);
        let mut text = [b'-'; 9];
        let places = text.iter_mut().enumerate().filter(|(place, _)| *place != 4).map(|(_, place)| place);
        for (place, byte) in places.zip(random) {
            let index = usize::from(byte) % ALPHABET.len();
            *place = ALPHABET.get(index).copied().unwrap_or(b'A');
        }
        Self(text)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What the middleware finds out about every request before its handler runs.
#[derive(Clone)]
pub struct Facts {
    /// The time of the request.
    pub now: Timestamp,
    /// Its reference.
    pub reference: Reference,
    /// The browser's stable identity.
    pub browser: BrowserId,
    /// The browser has none yet: this one is given to it with the answer.
    pub browser_is_new: bool,
    /// The language that the address asks for with `?lang=`, else the one that the browser prefers.
    pub language: Language,
    /// The address asked for it: neither cookie nor account speaks against that.
    pub language_asked: bool,
    /// The language of whoever turned out to be signed in, so that scripts and problems speak it too.
    pub account_language: Arc<OnceLock<Language>>,
    /// Changes are paused until then (G-10).
    pub read_only_until: Option<Timestamp>,
    /// Who turned out to be signed in, so that a page about a problem still offers to sign out.
    pub signed_in: Arc<OnceLock<Account>>,
}

impl Facts {
    /// Reads them from a request's headers.
    pub fn gather(app: &App, headers: &HeaderMap, query: &str) -> Self {
        let mut entropy = app.ambient.entropy();
        let known = cookies::read(headers, cookies::BROWSER).and_then(parse_browser);
        let browser = known.unwrap_or_else(|| BrowserId::from_bytes(entropy::array(entropy.as_mut())));
        // Never behind what this deployment has seen: a ceremony that begins in the past would have expired at its end.
        let now = app.service.db.not_before(app.ambient.now());
        let asked = Language::of_query(query);
        Self {
            now,
            read_only_until: app.site.read_only_until.filter(|until| now < *until),
            reference: Reference::generate(entropy.as_mut()),
            browser,
            browser_is_new: known.is_none(),
            language: asked.or_else(|| preferred_language(headers)).unwrap_or(app.site.language),
            language_asked: asked.is_some(),
            account_language: Arc::default(),
            signed_in: Arc::default(),
        }
    }
}

impl Facts {
    /// The language to speak: what the address asks for, the account's, the browser's.
    pub fn spoken(&self) -> Language {
        match self.account_language.get() {
            Some(language) if !self.language_asked => *language,
            _ => self.language,
        }
    }
}

/// The language that the person chose here, else the best that the browser asks for.
pub(crate) fn preferred_language(headers: &HeaderMap) -> Option<Language> {
    let accept = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::accept);
    cookies::read(headers, cookies::LANGUAGE).and_then(Language::parse).or_else(accept)
}

fn parse_browser(text: &str) -> Option<BrowserId> {
    let bytes = encoding::from_base64url(text)?;
    bytes.try_into().ok().map(BrowserId::from_bytes)
}

/// A request as its handler sees it, and the cookies that its answer will carry.
pub struct Visit {
    /// The application.
    pub app: Arc<App>,
    /// What the middleware found out.
    pub facts: Facts,
    /// Path and query as asked for.
    pub path: String,
    pub(crate) token: Option<Token>,
    pub(crate) sealed: Sealed,
    pub(crate) set_cookies: Vec<axum::http::HeaderValue>,
    /// What waits for whoever is signed in.
    pub(crate) bell: service::notify::Bell,
    client: ClientLabel,
}

/// Sealed cookies as they came, opened where they are needed.
#[derive(Default)]
pub(crate) struct Sealed {
    pub(crate) interaction: Option<String>,
    pub(crate) flash: Option<String>,
    pub(crate) known: Option<String>,
    pub(crate) made: Option<String>,
    pub(crate) later: bool,
    pub(crate) wizard: Option<String>,
    pub(crate) no_offer: bool,
    pub(crate) step: Option<Token>,
    pub(crate) application: Option<String>,
    pub(crate) farewell: Option<String>,
    pub(crate) device: Option<String>,
}

impl Visit {
    /// The request as use cases see it.
    pub fn caller(&self) -> Caller {
        Caller {
            now: self.facts.now,
            entropy: self.app.ambient.entropy(),
            browser: self.facts.browser,
            client: self.client.clone(),
            reference: self.facts.reference.as_str().to_owned(),
        }
    }

    /// The time of the request.
    pub fn now(&self) -> Timestamp {
        self.facts.now
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let facts = parts
            .extensions
            .remove::<Facts>()
            .ok_or_else(|| Problem::internal("a request reached a handler without the middleware"))?;
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let headers = &parts.headers;
        let owned = |name| cookies::read(headers, name).map(str::to_owned);
        let chosen = facts.language_asked || cookies::read(headers, cookies::LANGUAGE).is_some();
        let mut visit = Self {
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            token: cookies::read(headers, cookies::SESSION).and_then(Token::parse),
            sealed: Sealed {
                interaction: owned(cookies::INTERACTION),
                flash: owned(cookies::FLASH),
                known: owned(cookies::KNOWN),
                made: owned(cookies::MADE),
                later: cookies::read(headers, cookies::LATER).is_some(),
                wizard: owned(cookies::WIZARD),
                no_offer: cookies::read(headers, cookies::NO_OFFER).is_some(),
                step: cookies::read(headers, cookies::STEP).and_then(Token::parse),
                application: owned(cookies::APPLICATION),
                farewell: owned(cookies::FAREWELL),
                device: owned(cookies::DEVICE),
            },
            set_cookies: Vec::new(),
            bell: service::notify::Bell::default(),
            client: client_label(app, parts),
            facts,
            app: Arc::clone(app),
        };
        // What the person chose counts more than what an application asks for, and that more than the browser's default.
        if let Some(language) = visit.asked_language().filter(|_| !chosen) {
            visit.facts.language = language;
        }
        Ok(visit)
    }
}

fn client_label(app: &App, parts: &Parts) -> ClientLabel {
    // Only a request made in-process has no peer.
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
    let user_agent =
        parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ClientLabel {
        browser: user_agent::label(user_agent),
        address: client_address(peer, &parts.headers, &app.site.trusted_proxies).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_like_one() {
        let reference = Reference::generate(&mut SystemEntropy);
        let text = reference.as_str();
        assert_eq!(text.len(), 9);
        assert_eq!(text.find('-'), Some(4));
        assert!(
            text.chars().filter(|c| *c != '-').all(|c| ALPHABET.iter().any(|known| char::from(*known) == c))
        );
    }

    #[test]
    fn only_256_bits_are_a_browser() {
        assert!(parse_browser(&encoding::base64url(&[7; 32])).is_some());
        for nonsense in ["", "abc", &encoding::base64url(&[7; 31]), &encoding::base64url(&[7; 33])] {
            assert!(parse_browser(nonsense).is_none());
        }
    }
}
