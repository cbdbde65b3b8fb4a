use super::*;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn listening(proxies: &[Network]) -> (SocketAddr, Tunnels) {
    let tunnels = start(Limits { tunnels_from_one: 1, ..Limits::default() });
    let pages = Router::new().route("/health", get(async || "well")).fallback(async || "a page");
    let router = beside(pages, tunnels.clone(), proxies);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    (address, tunnels)
}

/// Asks, and reads the head of the answer; the connection stays open.
async fn ask(address: SocketAddr, path: &str, more: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: cable.example\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.unwrap();
        head.push(byte);
    }
    (stream, String::from_utf8(head).unwrap().to_lowercase())
}

const TUNNEL: &str = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
    sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: fido.cable\r\n";
const NEW: &str = "/cable/new/00112233445566778899aabbccddeeff";

#[tokio::test]
async fn tunnels_are_taken_beside_the_pages() {
    let (address, tunnels) = listening(&[]).await;
    let (mut stream, head) = ask(address, NEW, TUNNEL).await;
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    assert!(head.contains("x-cable-routing-id: ") && head.contains("sec-websocket-protocol: fido.cable"));
    assert_eq!(tunnels.counts().waiting, 1);
    let (_, head) = ask(address, NEW, TUNNEL).await;
    assert!(head.starts_with("http/1.1 429 "), "{head}");
    let (_, head) = ask(address, NEW, "").await;
    assert!(head.starts_with("http/1.1 426 "), "{head}");
    for page in ["/health", "/cable", "/"] {
        let (_, head) = ask(address, page, "").await;
        assert!(head.starts_with("http/1.1 200 "), "{page}: {head}");
    }
    tunnels.end();
    // A close frame: 0x88, and the code 1000.
    let mut farewell = [0; 4];
    stream.read_exact(&mut farewell).await.unwrap();
    assert_eq!(farewell, [0x88, 2, 0x03, 0xe8]);
}

#[tokio::test]
async fn limits_are_for_whom_a_trusted_proxy_speaks() {
    let (address, tunnels) = listening(&["127.0.0.0/8".parse().unwrap()]).await;
    let mut held = Vec::new();
    for client in ["192.0.2.1", "192.0.2.2", "2001:db8::1"] {
        let (stream, head) = ask(address, NEW, &format!("{TUNNEL}x-forwarded-for: {client}\r\n")).await;
        assert!(head.starts_with("http/1.1 101 "), "{client}: {head}");
        held.push(stream);
    }
    let (_, head) = ask(address, NEW, &format!("{TUNNEL}x-forwarded-for: 2001:db8::2\r\n")).await;
    assert!(head.starts_with("http/1.1 429 "), "one network of IPv6 is one: {head}");
    assert_eq!(tunnels.counts().waiting, 3);
}
