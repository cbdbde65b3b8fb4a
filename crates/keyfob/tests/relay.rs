//! `keyfob relay` as people run it: the program with a certificate, a phone and a client over TLS, its metrics, and
//! how it stops.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use keyfob::io::tunnel::{Reach, Tunnel, TunnelRefusal};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const NAME: &str = "cable.wufkweyy3uaxb.com";

struct Relay {
    program: Child,
    address: String,
    metrics: String,
    _folder: tempfile::TempDir,
    authority: std::path::PathBuf,
}

impl Relay {
    fn start(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = certificate(folder.path());
        let mut program = Command::new(env!("CARGO_BIN_EXE_keyfob"))
            .args(["relay", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--json"])
            .arg("--certificate")
            .arg(folder.path().join("chain.pem"))
            .arg("--key")
            .arg(folder.path().join("key.pem"))
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let text = |key: &str| said.get(key).and_then(|value| value.as_str()).unwrap().to_owned();
        Self { program, address: text("listening"), metrics: text("metrics"), _folder: folder, authority }
    }

    fn reach(&self) -> Reach {
        Reach::new(Some(&self.authority)).unwrap().at(Some(self.address.clone()))
    }

    async fn phone(&self) -> Result<Tunnel, TunnelRefusal> {
        Tunnel::open(&hybrid::relay::new_url(NAME, &[0x11; 16]), &self.reach()).await
    }

    async fn client(
        &self,
        routing_id: [u8; 3],
    ) -> WebSocketStream<tokio_rustls::client::TlsStream<tokio::net::TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(&self.authority).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = tokio::net::TcpStream::connect(&self.address).await.unwrap();
        let name = ServerName::try_from(NAME).unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        let url = hybrid::relay::connect_url(NAME, &routing_id, &[0x11; 16]);
        let mut request = url.into_client_request().unwrap();
        // As Chromium asks.
        for (name, value) in [
            ("sec-websocket-protocol", "fido.cable"),
            ("origin", "wss://cable.wufkweyy3uaxb.com"),
            ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits"),
        ] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        tokio_tungstenite::client_async(request, stream).await.unwrap().0
    }

    fn metrics(&self) -> String {
        let mut stream = TcpStream::connect(&self.metrics).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    fn signal(&self, name: &str) {
        let id = self.program.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn certificate(folder: &Path) -> std::path::PathBuf {
    let made = rcgen::generate_simple_self_signed(vec![NAME.to_owned()]).unwrap();
    let chain = folder.join("chain.pem");
    std::fs::write(&chain, made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    chain
}

#[tokio::test]
async fn a_phone_and_a_client_meet_over_tls() {
    let relay = Relay::start(&[]);
    let mut phone = relay.phone().await.unwrap();
    let mut client = relay.client(phone.routing_id()).await;
    client.send(Message::Binary(vec![7; 81].into())).await.unwrap();
    assert_eq!(phone.receive().await.unwrap(), Some(vec![7; 81]));
    phone.send(vec![8; 300]).await.unwrap();
    let Some(Ok(Message::Binary(message))) = client.next().await else { panic!() };
    assert_eq!(message, vec![8; 300]);
    let text = relay.metrics();
    for line in ["relay_tunnels{state=\"joined\"} 1", "relay_messages_total 2", "relay_bytes_total 381"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    client.close(None).await.unwrap();
    assert_eq!(phone.receive().await.unwrap(), None);
}

#[tokio::test]
async fn limits_are_what_the_command_line_says() {
    let relay = Relay::start(&["--tunnels-from-one", "1"]);
    let _phone = relay.phone().await.unwrap();
    assert_eq!(relay.phone().await.err(), Some(TunnelRefusal::Refused(429)));
    assert!(relay.metrics().contains("relay_refused_total{why=\"too_many\"} 1"));
}

#[tokio::test]
async fn an_address_whose_connections_say_nothing_gets_no_more_of_them() {
    let relay = Relay::start(&[]);
    let mut phone = relay.phone().await.unwrap();
    let mut client = relay.client(phone.routing_id()).await;
    let silent: Vec<TcpStream> = (0..64).map(|_| TcpStream::connect(&relay.address).unwrap()).collect();
    // Taken one after the other, so the next one is beyond them: closed unheard, and counted.
    let mut next = TcpStream::connect(&relay.address).unwrap();
    next.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert!(matches!(next.read(&mut [0]), Ok(0)), "the relay listens to it");
    assert!(relay.metrics().contains("relay_refused_total{why=\"too_many\"} 1"));
    // Who has a tunnel keeps it, and the address gets others once it lets go.
    phone.send(vec![1]).await.unwrap();
    assert!(matches!(client.next().await, Some(Ok(Message::Binary(message))) if message == vec![1]));
    drop(silent);
    let again = async {
        while relay.phone().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.unwrap();
}

#[tokio::test]
async fn the_certificate_is_loaded_again_and_a_broken_one_is_not_taken() {
    let relay = Relay::start(&[]);
    let folder = relay.authority.parent().unwrap().to_owned();
    let before = Reach::new(Some(&relay.authority)).unwrap().at(Some(relay.address.clone()));
    certificate(&folder);
    relay.signal("-HUP");
    let url = hybrid::relay::new_url(NAME, &[0x12; 16]);
    // The signal is heard a moment later; whoever knows the old certificate only notices.
    let changed = async {
        while Tunnel::open(&url, &before).await.err() != Some(TunnelRefusal::Certificate) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), changed).await.unwrap();
    assert!(Tunnel::open(&url, &relay.reach()).await.is_ok());
}

#[tokio::test]
async fn a_program_that_is_told_to_stop_hangs_up_and_ends_with_0() {
    let mut relay = Relay::start(&[]);
    let mut phone = relay.phone().await.unwrap();
    relay.signal("-TERM");
    assert_eq!(phone.receive().await.unwrap_or(None), None);
    assert_eq!(relay.program.wait().unwrap().code(), Some(0));
}

#[test]
fn the_name_of_a_number_is_printed_and_nonsense_ends_with_2() {
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_keyfob")).arg("relay").args(arguments).output().unwrap()
    };
    let named = run(&["--name-of", "266"]);
    assert_eq!(String::from_utf8(named.stdout).unwrap(), format!("{NAME}\n"));
    assert_eq!(run(&["--name-of", "2"]).status.code(), Some(2));
    assert_eq!(run(&["--certificate", "x.pem"]).status.code(), Some(2));
    let plain = run(&["--listen", "0.0.0.0:0"]);
    assert_eq!(plain.status.code(), Some(1));
    assert!(String::from_utf8(plain.stderr).unwrap().starts_with("Not started:"));
}
