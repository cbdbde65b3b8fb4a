//! The way out, over real sockets: what it refuses, what it bounds, what it does not follow (assurance A7).

use std::time::Duration;

use axum::http::{StatusCode, header};
use server::config::{Allowed, Outbound as Config};
use server::outbound::{Ask, Bounds, Outbound, OutboundError};
use testkit::https::{HttpsServer, Scripted};

const BOUNDS: Bounds = Bounds { longest: 1000, deadline: Duration::from_secs(5) };

fn allowing(server: &HttpsServer) -> Config {
    let allow = vec![Allowed::Host("localhost".to_owned())];
    Config { allow, certificates: Some(server.authority()), proxy: None }
}

async fn ask(config: &Config, url: &str) -> Result<server::outbound::Reply, OutboundError> {
    Outbound::new(config).unwrap().send(Ask::get(url.parse().unwrap()), BOUNDS).await
}

#[tokio::test]
async fn what_this_machine_alone_reaches_is_refused_unless_it_is_allowed() {
    let server = HttpsServer::start(Scripted::ok("hello")).await;
    let config = allowing(&server);
    let url = server.url("/blob");
    assert_eq!(ask(&config, &url).await.unwrap().body, "hello");
    let closed = Config { allow: Vec::new(), ..config.clone() };
    let port = server.port();
    for host in
        ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.0.0.1"]
    {
        let refused = ask(&closed, &format!("https://{host}:{port}/")).await.unwrap_err();
        assert_eq!(refused.code(), "outbound_forbidden", "{host}");
    }
    // Numbers that mean an address to the system's resolver are judged by what they mean.
    for host in ["2130706433", "0x7f000001", "127.1"] {
        let refused = ask(&closed, &format!("https://{host}:{port}/")).await.unwrap_err();
        assert!(["outbound_forbidden", "outbound_name"].contains(&refused.code()), "{host}: {refused}");
    }
    let by_network =
        Config { allow: vec![Allowed::Network("127.0.0.0/8".parse().unwrap())], ..config.clone() };
    ask(&by_network, &url).await.unwrap();
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn certificates_are_verified() {
    let server = HttpsServer::start(Scripted::ok("hello")).await;
    let other = HttpsServer::start(Scripted::ok("other")).await;
    let wrong = Config { certificates: Some(other.authority()), ..allowing(&server) };
    assert_eq!(ask(&wrong, &server.url("/")).await.unwrap_err().code(), "outbound_tls");
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let away = Scripted {
        status: 302,
        headers: vec![("Location", "https://elsewhere.example/".to_owned())],
        ..Scripted::ok("")
    };
    let server = HttpsServer::start(away).await;
    let reply = ask(&allowing(&server), &server.url("/")).await.unwrap();
    assert_eq!((reply.status, server.requests()), (StatusCode::FOUND, 1));
    assert_eq!(reply.headers[header::LOCATION], "https://elsewhere.example/");
}

#[tokio::test]
async fn answers_are_bounded_in_size_and_time() {
    let long = "x".repeat(1001);
    for told in [true, false] {
        let server = HttpsServer::start(Scripted { tells_length: told, ..Scripted::ok(&long) }).await;
        let error = ask(&allowing(&server), &server.url("/")).await.unwrap_err();
        assert_eq!(error, OutboundError::TooLong, "{told}");
    }
    let server = HttpsServer::start(Scripted { answers: false, ..Scripted::ok("") }).await;
    let outbound = Outbound::new(&allowing(&server)).unwrap();
    let short = Bounds { deadline: Duration::from_millis(300), ..BOUNDS };
    let error = outbound.send(Ask::get(server.url("/").parse().unwrap()), short).await.unwrap_err();
    assert_eq!(error, OutboundError::Deadline);
}

#[tokio::test]
async fn a_proxy_is_asked_to_connect_and_sees_nothing() {
    let server = HttpsServer::start(Scripted::ok("hello")).await;
    let proxy = testkit::https::Proxy::start(200).await;
    let config = Config { proxy: Some(proxy.address()), ..allowing(&server) };
    assert_eq!(ask(&config, &server.url("/x")).await.unwrap().body, "hello");
    assert_eq!(proxy.asked(), [format!("localhost:{}", server.port())]);
    // A name or number that is none of the internet's is not asked of it.
    let closed = Config { allow: Vec::new(), ..config.clone() };
    for host in ["localhost", "router.local", "intranet", "127.0.0.1", "[::1]"] {
        let refused = ask(&closed, &format!("https://{host}/")).await.unwrap_err();
        assert_eq!(refused.code(), "outbound_forbidden", "{host}");
    }
    let refusing = testkit::https::Proxy::start(403).await;
    let config = Config { proxy: Some(refusing.address()), ..config };
    assert_eq!(ask(&config, &server.url("/")).await.unwrap_err(), OutboundError::Proxy("403".to_owned()));
}
