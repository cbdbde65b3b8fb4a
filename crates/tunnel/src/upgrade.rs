//! From an HTTP request to a WebSocket (RFC 6455 section 4.2), as far as the tunnel service takes it.

use hybrid::relay::{Path, RelayRefusal, SUBPROTOCOL};
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
    SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::{Method, Request, Response, StatusCode};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// A request that may become a tunnel.
pub(crate) struct Asked {
    pub(crate) path: Path,
    /// What [`HeaderName`] `Sec-WebSocket-Accept` will say.
    accept: String,
}

impl Asked {
    /// Reads path and headers; extensions of WebSocket that are offered are not taken up.
    pub(crate) fn read<B>(request: &Request<B>) -> Result<Self, RelayRefusal> {
        let path = Path::parse(request.uri().path())?;
        let headers = request.headers();
        let key = headers.get(SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24);
        let is_tunnel = request.method() == Method::GET
            && lists(headers, &UPGRADE, "websocket")
            && lists(headers, &CONNECTION, "upgrade")
            && headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13")
            && lists(headers, &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
        match key {
            Some(key) if is_tunnel => Ok(Self { path, accept: derive_accept_key(key.as_bytes()) }),
            _ => Err(RelayRefusal::NotATunnel),
        }
    }

    /// The answer that makes it one.
    pub(crate) fn accepted(&self) -> Response<String> {
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        if let Ok(accept) = HeaderValue::from_str(&self.accept) {
            headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        }
        response
    }
}

/// The answer to whoever is refused.
pub(crate) fn refused(refusal: RelayRefusal) -> Response<String> {
    let mut response = Response::new(format!("{}\n", refusal.code()));
    *response.status_mut() = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match refusal.status() {
        426 => drop(headers.insert(UPGRADE, HeaderValue::from_static("websocket"))),
        429 | 503 => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("60"))),
        _ => {}
    }
    response
}

/// Whether a header lists that word, in whatever case.
fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|listed| listed.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
