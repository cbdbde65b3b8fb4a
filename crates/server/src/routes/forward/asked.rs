//! What a proxy says about the request that it asks about.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// Longest header that is looked at, in bytes; all cookies of a host together may be longer than one of them.
const LONGEST: usize = 2 * 1024;
/// Longest `Cookie` headers together.
const LONGEST_COOKIES: usize = 16 * 1024;

/// The request that a proxy asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The origin of the application, such as `https://wiki.example.com`.
    pub(super) origin: String,
    /// Path and query; `/` where the proxy does not say.
    pub(super) path: String,
    /// Whether a browser wants to show a page.
    pub(super) wants_page: bool,
    cookies: Vec<Vec<u8>>,
}

/// Why a question cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Whoever asks is none of `trusted_proxies`.
    Peer,
    /// A header is missing that says which application is asked about.
    Missing,
    /// A header is there twice.
    Doubled,
    /// A header is too long.
    TooLong,
    /// A header is none that a proxy writes.
    Malformed,
}

impl Unreadable {
    /// The stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Unreadable::Peer => "forward_peer",
            Unreadable::Missing => "forward_header_missing",
            Unreadable::Doubled => "forward_header_doubled",
            Unreadable::TooLong => "forward_header_too_long",
            Unreadable::Malformed => "forward_header_malformed",
        }
    }
}

/// A proxy takes it for a no.
impl IntoResponse for Unreadable {
    fn into_response(self) -> Response {
        StatusCode::FORBIDDEN.into_response()
    }
}

impl Asked {
    /// Reads the question of `peer`.
    pub(super) fn read(app: &App, peer: IpAddr, headers: &HeaderMap) -> Result<Self, Unreadable> {
        if !app.trusts(crate::config::canonical(peer)) {
            return Err(Unreadable::Peer);
        }
        let scheme = needed(headers, "x-forwarded-proto")?;
        let host = needed(headers, "x-forwarded-host")?;
        let path = single(headers, "x-forwarded-uri")?.unwrap_or("/");
        if !path.starts_with('/') {
            return Err(Unreadable::Malformed);
        }
        let method = single(headers, "x-forwarded-method")?.unwrap_or("GET");
        let mode = single(headers, "sec-fetch-mode")?;
        let accept = single(headers, "accept")?.unwrap_or_default();
        let page = mode.map_or_else(|| accept.contains("text/html"), |mode| mode == "navigate");
        let cookies: Vec<Vec<u8>> =
            headers.get_all(header::COOKIE).iter().map(|value| value.as_bytes().to_vec()).collect();
        if cookies.iter().map(Vec::len).sum::<usize>() > LONGEST_COOKIES {
            return Err(Unreadable::TooLong);
        }
        Ok(Self {
            origin: origin(scheme, host).ok_or(Unreadable::Malformed)?,
            path: path.to_owned(),
            wants_page: page && matches!(method, "GET" | "HEAD"),
            cookies,
        })
    }

    /// The cookie of that name; one that is there twice is nobody's, and nor is one that is no text.
    pub(super) fn cookie(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let mut found = None;
        for header in &self.cookies {
            for pair in header.split(|byte| *byte == b';') {
                let Some(value) = pair.trim_ascii().strip_prefix(name.as_bytes()) else { continue };
                let Some(value) = value.strip_prefix(b"=") else { continue };
                if found.replace(value).is_some() {
                    return Err(Unreadable::Doubled);
                }
            }
        }
        let text = |value: &[u8]| String::from_utf8(value.to_vec()).map_err(|_| Unreadable::Malformed);
        found.map(text).transpose()
    }
}

/// A header that must be there, once.
fn needed<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, Unreadable> {
    let text = single(headers, name)?.ok_or(Unreadable::Missing)?;
    if text.is_empty() { Err(Unreadable::Missing) } else { Ok(text) }
}

/// A header that is there once, or not at all.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Unreadable> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    let Some(first) = first else { return Ok(None) };
    if second.is_some() {
        return Err(Unreadable::Doubled);
    }
    if first.len() > LONGEST {
        return Err(Unreadable::TooLong);
    }
    first.to_str().map(Some).map_err(|_| Unreadable::Malformed)
}

/// The origin in the spelling in which applications are guarded. A list, a path, a user or a blank make it none.
fn origin(scheme: &str, host: &str) -> Option<String> {
    if scheme != "https" {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    let named = !host.is_empty() && host.len() <= 255 && host.bytes().all(plain) && !host.ends_with('.');
    named.then(|| format!("https://{host}"))
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Unreadable;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Unreadable> {
        // Only a request made in-process has no peer.
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
        Self::read(app, peer, &parts.headers)
    }
}
