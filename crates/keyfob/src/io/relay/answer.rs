//! What is answered to which request.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};

use ::tunnel::{Source, Tunnels};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) peer: IpAddr,
    pub(super) behind_proxy: bool,
}

impl Asker {
    /// A proxy puts the address that it sees last; whatever stands before, the other side may have written.
    pub(super) fn source(self, headers: &HeaderMap) -> Source {
        let forwarded = || {
            let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            line.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
        };
        let address = if self.behind_proxy { forwarded().unwrap_or(self.peer) } else { self.peer };
        source_of(address)
    }
}

/// An address as far as limits go.
pub(super) fn source_of(address: IpAddr) -> Source {
    let address: Ipv6Addr = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    Source::of(address.octets())
}

type Answer = Result<Response<String>, Infallible>;

/// Tunnels, and a word on whether the service is well.
pub(super) fn page<B>(mut request: Request<B>, asker: Asker, tunnels: &Tunnels) -> Answer {
    if request.uri().path() == "/health" && request.method() == Method::GET {
        return Ok(text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".to_owned()));
    }
    let source = asker.source(request.headers());
    Ok(tunnels.answer(&mut request, source))
}

/// What the service counts, for Prometheus.
pub(super) fn metrics<B>(request: &Request<B>, tunnels: &Tunnels) -> Answer {
    Ok(match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => {
            text(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", tunnels.counts().prometheus())
        }
        (&Method::GET, "/health") => text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".to_owned()),
        _ => text(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "not found\n".to_owned()),
    })
}

fn text(status: StatusCode, kind: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_believed_only_where_there_is_one_and_only_its_last_word() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.1"));
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.2, 10.0.0.3"));
        let peer: IpAddr = "10.0.0.9".parse().unwrap();
        let of = |text: &str| {
            let address: std::net::Ipv4Addr = text.parse().unwrap();
            Source::of(address.to_ipv6_mapped().octets())
        };
        assert_eq!(Asker { peer, behind_proxy: true }.source(&headers), of("10.0.0.3"));
        assert_eq!(Asker { peer, behind_proxy: false }.source(&headers), of("10.0.0.9"));
        headers.append("x-forwarded-for", HeaderValue::from_static("nonsense"));
        assert_eq!(Asker { peer, behind_proxy: true }.source(&headers), of("10.0.0.9"));
    }
}
