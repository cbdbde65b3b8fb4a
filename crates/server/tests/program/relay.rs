//! `[relay] enabled = true`: tunnels through the listener that really serves the pages.

use super::*;

use std::net::Shutdown;
use std::time::Duration;

const NEW: &str = "/cable/new/00112233445566778899aabbccddeeff";

fn switched_on() -> (TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("relay.toml"), "[relay]\nenabled = true\ntunnels_from_one = 2\n")
        .unwrap();
    let server = Server::start(folder.path(), &["--config", "relay.toml", "--metrics-listen", "127.0.0.1:0"]);
    (folder, server)
}

/// A tunnel as a client asks for it, and the head of the answer in lower case.
fn tunnel(server: &Server, path: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(server.ready["listen"].as_str().unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: cable.example\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: fido.cable\r\n\r\n"
    )
    .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    (stream, String::from_utf8(head).unwrap().to_lowercase())
}

#[test]
fn phone_and_client_meet_in_the_server_that_serves_the_pages() {
    let (_folder, server) = switched_on();
    let (mut phone, head) = tunnel(&server, NEW);
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    let routing = head.lines().find_map(|line| line.strip_prefix("x-cable-routing-id: ")).unwrap();
    let path = format!("/cable/connect/{}/00112233445566778899AABBCCDDEEFF", routing.to_uppercase());
    let (mut client, head) = tunnel(&server, &path);
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    // Three bytes, masked with nothing, and what arrives of them.
    client.write_all(&[0x82, 0x83, 0, 0, 0, 0, 1, 2, 3]).unwrap();
    let mut message = [0; 5];
    phone.read_exact(&mut message).unwrap();
    assert_eq!(message, [0x82, 3, 1, 2, 3]);
    assert!(server.get("listen", "/readyz").contains("\"ready\":true"));
    let metrics = server.get("metricsListen", "/metrics");
    assert!(metrics.contains("relay_tunnels{state=\"joined\"} 1"), "{metrics}");
    // One goes, and the other is told; the rest is within limits.
    client.shutdown(Shutdown::Both).unwrap();
    let mut farewell = [0; 4];
    phone.read_exact(&mut farewell).unwrap();
    assert_eq!(farewell, [0x88, 2, 0x03, 0xe8]);
    let (_one, _two) = (tunnel(&server, NEW), tunnel(&server, NEW));
    assert!(tunnel(&server, NEW).1.starts_with("http/1.1 429 "));
    // Tunnels that wait do not keep the server from stopping in order.
    server.stop();
}

#[test]
fn http_2_is_not_spoken_for_the_tunnels_sake() {
    let (_folder, server) = switched_on();
    let mut stream = TcpStream::connect(server.ready["listen"].as_str().unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // Hung up on, perhaps with what was not read; nothing is said in HTTP/2.
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400 "), "{answer:?}");
}

#[test]
fn where_it_is_not_switched_on_there_is_no_such_place() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let (_, head) = tunnel(&server, NEW);
    assert!(head.starts_with("http/1.1 404 "), "{head}");
}
