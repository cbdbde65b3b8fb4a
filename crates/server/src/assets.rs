//! Static files, embedded in the program.
//!
//! All files share one hash in their address, `/static/{hash}/{name}`: modules import each other by relative address,
//! so a page and everything that it loads come from one build, and may be cached for ever.

use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use primitives::{digest, encoding};

#[cfg(test)]
mod tests;

/// A static file.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset {
    /// Name below the hash.
    pub name: &'static str,
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: &'static [u8],
}

macro_rules! assets {
    ($($name:literal => $content_type:literal),+ $(,)?) => {
        &[$(Asset { name: $name, content_type: $content_type, body: include_bytes!(concat!("../static/", $name)) }),+]
    };
}

/// Every static file.
pub const ASSETS: &[Asset] = assets![
    "keyward.css" => "text/css; charset=utf-8",
    "console.css" => "text/css; charset=utf-8",
    "noscript.css" => "text/css; charset=utf-8",
    "icon.svg" => "image/svg+xml",
    "icon-192.png" => "image/png",
    "icon-512.png" => "image/png",
    "icon-maskable-512.png" => "image/png",
    "application.js" => "text/javascript; charset=utf-8",
    "caps.js" => "text/javascript; charset=utf-8",
    "companion.js" => "text/javascript; charset=utf-8",
    "install.js" => "text/javascript; charset=utf-8",
    "sw.js" => "text/javascript; charset=utf-8",
    "confirm.js" => "text/javascript; charset=utf-8",
    "signed-out.js" => "text/javascript; charset=utf-8",
    "forms.js" => "text/javascript; charset=utf-8",
    "methods.js" => "text/javascript; charset=utf-8",
    "log.js" => "text/javascript; charset=utf-8",
    "live.js" => "text/javascript; charset=utf-8",
    "offline.js" => "text/javascript; charset=utf-8",
    "apps.js" => "text/javascript; charset=utf-8",
    "file.js" => "text/javascript; charset=utf-8",
    "page.js" => "text/javascript; charset=utf-8",
    "people.js" => "text/javascript; charset=utf-8",
    "policy.js" => "text/javascript; charset=utf-8",
    "pass.js" => "text/javascript; charset=utf-8",
    "passkey.js" => "text/javascript; charset=utf-8",
    "security.js" => "text/javascript; charset=utf-8",
    "signin.js" => "text/javascript; charset=utf-8",
    "silent.js" => "text/javascript; charset=utf-8",
    "time.js" => "text/javascript; charset=utf-8",
    "ui.js" => "text/javascript; charset=utf-8",
    "wizard.js" => "text/javascript; charset=utf-8",
    "zone.js" => "text/javascript; charset=utf-8",
];

static HASH: LazyLock<String> = LazyLock::new(|| {
    let parts: Vec<&[u8]> = ASSETS.iter().flat_map(|asset| [asset.name.as_bytes(), asset.body]).collect();
    let mut hash = encoding::hex(&digest::sha256_parts(&parts));
    hash.truncate(16);
    hash
});

/// The hash in the address of every file of this build.
pub fn hash() -> &'static str {
    &HASH
}

/// The address of the file `name` on this server.
pub fn url(name: &str) -> String {
    format!("/static/{}/{name}", hash())
}

/// Answers `GET /static/{hash}/{name}`; `if_none_match` is the request's header of that name.
///
/// A page of an earlier build asks with that build's hash: it gets today's file, to be asked for again next time.
pub fn respond(requested: &str, name: &str, if_none_match: Option<&HeaderValue>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cache = if requested == hash() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let etag = format!("\"{}\"", hash());
    let known = if_none_match
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, cache),
        (header::ETAG, etag.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    if known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, asset.body).into_response()
    }
}
