//! The tunnel service beside the pages: `/cable/…`, where `[relay]` is switched on.
//!
//! It stands before all else: a tunnel is no request that could wait in a queue or take a place of one, and its bounds
//! are its own.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::IntoResponse;
use axum::routing::any;
use primitives::entropy::SystemEntropy;
use tunnel::{Limits, Source, Tunnels};

use crate::client_address::client_address;
use crate::config::Network;
use crate::context::system_now;

/// The service, and the task that ends what is over.
pub(crate) fn start(limits: Limits) -> Tunnels {
    let tunnels = Tunnels::new(limits, system_now, Box::new(SystemEntropy));
    tokio::spawn(tunnels.clone().keep());
    tunnels
}

/// The pages, and tunnels beside them.
pub(crate) fn beside(pages: Router, tunnels: Tunnels, proxies: &[Network]) -> Router {
    let proxies: Arc<[Network]> = proxies.into();
    let answer = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, mut request: Request| {
        let address = client_address(peer.ip(), request.headers(), &proxies);
        let response = tunnels.answer(&mut request, source(address));
        std::future::ready(response.into_response())
    };
    Router::new().route("/cable/{*rest}", any(answer)).merge(pages)
}

fn source(address: IpAddr) -> Source {
    let address: Ipv6Addr = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    Source::of(address.octets())
}

#[cfg(test)]
mod tests;
