//! Who is at the other end: the peer, or whom a configured proxy says it speaks for.

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::config::{Network, canonical};

/// The client's address. `X-Forwarded-For` counts only from a trusted peer, and is read from its right end,
/// where our own proxies write: whatever a client puts in front of that changes nothing.
pub(crate) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let peer = canonical(peer);
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if trusted.is_empty() || !is_trusted(peer) {
        return peer;
    }
    let mut nearest = peer;
    // Several headers are one list (RFC 9110 section 5.3): the last header's last element is the nearest hop.
    for header in headers.get_all("x-forwarded-for").iter().rev() {
        // A part that is no text or no address cannot be followed further; the last known hop stands.
        let Ok(text) = header.to_str() else { return nearest };
        for element in text.rsplit(',') {
            let Ok(address) = element.trim().parse::<IpAddr>() else { return nearest };
            nearest = canonical(address);
            if !is_trusted(nearest) {
                return nearest;
            }
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn address(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_configured_proxy_is_believed() {
        assert_eq!(address("203.0.113.5", &["198.51.100.1"], &[]), "203.0.113.5");
        assert_eq!(address("203.0.113.5", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.5");
        assert_eq!(address("10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("::ffff:10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn what_the_client_wrote_in_front_changes_nothing() {
        assert_eq!(address("10.0.0.1", &["1.1.1.1, 198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(
            address("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.9.9.9"], &["10.0.0.0/8"]),
            "198.51.100.1"
        );
        assert_eq!(address("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
    }

    #[test]
    fn an_unreadable_hop_ends_the_walk_at_the_last_known_one() {
        assert_eq!(address("10.0.0.1", &["198.51.100.1, unknown"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], &["10.0.0.0/8"]), "10.0.0.2");
        assert_eq!(address("10.0.0.1", &["\u{fc}"], &["10.0.0.0/8"]), "10.0.0.1");
    }
}
