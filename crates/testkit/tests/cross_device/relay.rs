//! The tunnel's own connection: what a service is refused for.

use std::path::PathBuf;

use keyfob::io::tunnel::{Reach, Tunnel, TunnelRefusal};
use tempfile::TempDir;
use testkit::tunnel::{Manners, TunnelService};

/// A service for `localhost`, and how it is reached.
pub(crate) async fn service() -> (TunnelService, Reach, TempDir) {
    let (service, authority) = TunnelService::for_localhost().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let reach = Reach::new(Some(&file)).unwrap().at(Some(format!("127.0.0.1:{}", service.port())));
    (service, reach, folder)
}

const URL: &str = "wss://localhost/cable/new/00112233445566778899aabbccddeeff";

async fn refused(url: &str, reach: &Reach) -> TunnelRefusal {
    Tunnel::open(url, reach).await.map(|_| ()).unwrap_err()
}

#[tokio::test]
async fn a_tunnel_opens_and_has_its_routing_id() {
    let (_service, reach, _folder) = service().await;
    assert_eq!(Tunnel::open(URL, &reach).await.unwrap().routing_id(), [0x0a, 0x0b, 0x0c]);
}

#[tokio::test]
async fn bad_manners_are_refused() {
    for (manners, expected) in [
        (Manners::RefusesPhones(404), TunnelRefusal::Refused(404)),
        (Manners::RefusesPhones(503), TunnelRefusal::Refused(503)),
        (Manners::RefusesPhones(302), TunnelRefusal::Refused(302)),
        (Manners::ForgetsRoutingId, TunnelRefusal::NoRoutingId),
        (Manners::RoutingId("0a0b0"), TunnelRefusal::NoRoutingId),
        (Manners::RoutingId("0a0b0c0d"), TunnelRefusal::NoRoutingId),
        (Manners::RoutingId("0a0b+c"), TunnelRefusal::NoRoutingId),
        (Manners::PhonesProtocol("chat"), TunnelRefusal::Protocol),
        (Manners::PhonesProtocol(""), TunnelRefusal::Protocol),
    ] {
        let (service, reach, _folder) = service().await;
        service.set_manners(manners);
        assert_eq!(refused(URL, &reach).await, expected, "{manners:?}");
    }
}

#[tokio::test]
async fn a_certificate_counts_for_its_name_and_under_its_authority() {
    let (_service, reach, _folder) = service().await;
    assert_eq!(refused("wss://other.example/cable/new/00", &reach).await, TunnelRefusal::Certificate);
    let (other, _, _folder) = service().await;
    let elsewhere = reach.at(Some(format!("127.0.0.1:{}", other.port())));
    assert_eq!(refused(URL, &elsewhere).await, TunnelRefusal::Certificate);
}

#[tokio::test]
async fn addresses_are_those_of_tunnels() {
    let (_service, reach, _folder) = service().await;
    for url in ["", "https://localhost/", "ws://localhost/", "wss:///x", "no address"] {
        assert_eq!(refused(url, &reach).await, TunnelRefusal::Address, "{url}");
    }
}

#[tokio::test]
async fn nobody_there_is_not_silence() {
    let (service, reach, _folder) = service().await;
    drop(service);
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(refused(URL, &reach.at(Some(closed.to_string()))).await, TunnelRefusal::Unreachable);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_says_nothing_is_not_waited_for() {
    let (_service, reach, _folder) = service().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let reach = reach.at(Some(silent.local_addr().unwrap().to_string()));
    assert_eq!(refused(URL, &reach).await, TunnelRefusal::TimedOut);
}

#[tokio::test]
async fn text_and_too_long_messages_end_a_tunnel() {
    for (manners, expected) in [
        (Manners::Talks, TunnelRefusal::NotBinary),
        (Manners::Floods(1024 * 1024 + 1), TunnelRefusal::TooLong),
    ] {
        let (service, reach, _folder) = service().await;
        service.set_manners(manners);
        let mut tunnel = Tunnel::open(URL, &reach).await.unwrap();
        assert_eq!(tunnel.receive().await, Err(expected), "{manners:?}");
    }
}

#[tokio::test]
async fn what_babbles_is_no_service() {
    const ENDLESS: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nx: ";
    for words in
        [&b"\x00\xff"[..], b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\n\r\n", ENDLESS, b"x: y\r\n"]
    {
        let (service, reach, _folder) = service().await;
        service.set_manners(Manners::Babbles(words));
        let why = refused(URL, &reach).await;
        let expected = [TunnelRefusal::Broken, TunnelRefusal::Protocol, TunnelRefusal::Refused(200)];
        assert!(expected.contains(&why), "{why:?}");
    }
}

#[tokio::test]
async fn a_service_that_takes_nothing_is_not_waited_for() {
    let (service, reach, _folder) = service().await;
    service.set_manners(Manners::Ignores);
    let mut tunnel = Tunnel::open(URL, &reach).await.unwrap();
    tokio::time::pause();
    let mut sent = Ok(());
    // What the system holds by itself is some megabytes.
    for _ in 0..64 {
        sent = sent.and(tunnel.send(vec![7; 1024 * 1024]).await);
        if sent.is_err() {
            break;
        }
    }
    assert_eq!(sent, Err(TunnelRefusal::TimedOut));
    tunnel.close().await;
}

#[tokio::test]
async fn the_longest_message_is_taken() {
    let (service, reach, _folder) = service().await;
    service.set_manners(Manners::Floods(1024 * 1024));
    let mut tunnel = Tunnel::open(URL, &reach).await.unwrap();
    assert_eq!(tunnel.receive().await.unwrap().unwrap().len(), 1024 * 1024);
}

#[test]
fn authorities_are_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| -> PathBuf {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for path in
        [folder.path().join("missing"), file("empty", ""), file("text", "abc"), file("broken", broken)]
    {
        assert_eq!(Reach::new(Some(&path)).map(|_| ()).unwrap_err(), TunnelRefusal::Authorities);
    }
}

#[test]
fn every_refusal_has_a_code_and_a_sentence_of_its_own() {
    let all = [
        TunnelRefusal::Authorities,
        TunnelRefusal::Address,
        TunnelRefusal::Unreachable,
        TunnelRefusal::TimedOut,
        TunnelRefusal::Certificate,
        TunnelRefusal::Refused(404),
        TunnelRefusal::Protocol,
        TunnelRefusal::NoRoutingId,
        TunnelRefusal::Broken,
        TunnelRefusal::TooLong,
        TunnelRefusal::NotBinary,
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|refusal| refusal.code()).collect();
    let sentences: std::collections::BTreeSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!((codes.len(), sentences.len()), (all.len(), all.len()));
}
