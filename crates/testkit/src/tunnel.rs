//! A tunnel service for tests that can be as bad as one likes: what a relay is refused for, and by whom.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{SinkExt, StreamExt};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};

/// How it treats whoever comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manners {
    /// As it should.
    #[default]
    Good,
    /// It answers clients with that status.
    Refuses(u16),
    /// It answers clients without the subprotocol.
    ForgetsProtocol,
    /// It changes a bit of what the phone says first: the second message of the handshake.
    FlipsHandshake,
    /// It changes a bit of the phone's second message, which is the first sealed one.
    FlipsFrame,
    /// It answers phones without a routing id.
    ForgetsRoutingId,
    /// It answers phones with that status.
    RefusesPhones(u16),
    /// It answers phones with that routing id.
    RoutingId(&'static str),
    /// It answers phones with that subprotocol; with none where it is empty.
    PhonesProtocol(&'static str),
    /// It sends phones text.
    Talks,
    /// It sends phones a message of so many bytes.
    Floods(usize),
    /// It closes after so many messages.
    EndsAfter(u32),
    /// It answers everyone with that instead of HTTP, again and again.
    Babbles(&'static [u8]),
    /// It opens a tunnel and reads nothing that comes through it.
    Ignores,
}

impl Manners {
    /// From its word: as the example `tunnel` takes it.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "good" => Self::Good,
            "404" => Self::Refuses(404),
            "410" => Self::Refuses(410),
            "no-protocol" => Self::ForgetsProtocol,
            "flip-handshake" => Self::FlipsHandshake,
            "flip-frame" => Self::FlipsFrame,
            "no-routing-id" => Self::ForgetsRoutingId,
            "503-phone" => Self::RefusesPhones(503),
            "talks" => Self::Talks,
            _ => return None,
        })
    }
}

type Socket = WebSocketStream<TlsStream<TcpStream>>;

#[derive(Default)]
struct Waiting {
    manners: Manners,
    /// Phones by the id of their tunnel, each waiting for its client.
    phones: HashMap<String, oneshot::Sender<Socket>>,
}

/// The service; it ends with this value.
pub struct TunnelService {
    port: u16,
    waiting: Arc<Mutex<Waiting>>,
    task: JoinHandle<()>,
}

impl Drop for TunnelService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Where a phone is told its routing id.
const ROUTING_ID: &str = "x-cable-routing-id";

impl TunnelService {
    /// Listens on a free port with that certificate and key in PEM.
    pub async fn start(certificate: &Path, key: &Path) -> io::Result<Self> {
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_file_iter(certificate).map_err(io::Error::other)?.collect();
        let key = PrivateKeyDer::from_pem_file(key).map_err(io::Error::other)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder.with_no_client_auth().with_single_cert(chain.unwrap_or_default(), key)
            })
            .map_err(io::Error::other)?;
        Self::with(config).await
    }

    /// Listens on a free port for `localhost`, and returns the certificate of its authority in PEM.
    pub async fn for_localhost() -> io::Result<(Self, String)> {
        let (config, authority) = crate::https::config();
        Ok((Self::with(config).await?, authority))
    }

    async fn with(config: ServerConfig) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let waiting = Arc::<Mutex<Waiting>>::default();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let task = tokio::spawn(accept(listener, acceptor, Arc::clone(&waiting)));
        Ok(Self { port, waiting, task })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How it treats whoever comes from now on.
    pub fn set_manners(&self, manners: Manners) {
        lock(&self.waiting).manners = manners;
    }
}

fn lock(waiting: &Mutex<Waiting>) -> std::sync::MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, waiting: Arc<Mutex<Waiting>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, waiting) = (acceptor.clone(), Arc::clone(&waiting));
        tokio::spawn(async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, waiting).await;
            }
        });
    }
}

/// Writes the same until nobody reads it any more.
async fn babble(mut stream: TlsStream<TcpStream>, words: &[u8]) {
    while stream.write_all(words).await.is_ok() && stream.flush().await.is_ok() {}
}

#[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
async fn serve(stream: TlsStream<TcpStream>, waiting: Arc<Mutex<Waiting>>) {
    let manners = lock(&waiting).manners;
    if let Manners::Babbles(words) = manners {
        return babble(stream, words).await;
    }
    let mut path = String::new();
    let shaken = tokio_tungstenite::accept_hdr_async(stream, |request: &Request, response: Response| {
        path = request.uri().path().to_ascii_lowercase();
        answer(&path, manners, response)
    });
    let Ok(mut socket) = shaken.await else { return };
    let tunnel = path.rsplit('/').next().unwrap_or_default().to_owned();
    if !path.starts_with("/cable/new/") {
        // Whoever finds no phone is closed at once.
        let phone = lock(&waiting).phones.remove(&tunnel);
        if let Some(phone) = phone {
            let _ = phone.send(socket);
        }
        return;
    }
    match manners {
        Manners::Talks => drop(socket.send(Message::text("hello")).await),
        Manners::Floods(length) => drop(socket.send(Message::binary(vec![0; length])).await),
        _ => {}
    }
    if manners == Manners::Ignores {
        return std::future::pending().await;
    }
    let (sender, client) = oneshot::channel();
    lock(&waiting).phones.insert(tunnel, sender);
    if let Ok(client) = client.await {
        relay(socket, client, manners).await;
    }
}

#[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
fn answer(path: &str, manners: Manners, mut response: Response) -> Result<Response, ErrorResponse> {
    let phone = path.starts_with("/cable/new/");
    let status = match manners {
        Manners::RefusesPhones(status) if phone => Some(status),
        Manners::Refuses(status) if !phone => Some(status),
        _ => None,
    };
    if let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) {
        let mut refusal = ErrorResponse::new(None);
        *refusal.status_mut() = status;
        return Err(refusal);
    }
    let headers = response.headers_mut();
    let protocol = match manners {
        Manners::PhonesProtocol(protocol) if phone => protocol,
        Manners::ForgetsProtocol if !phone => "",
        _ => "fido.cable",
    };
    if !protocol.is_empty() {
        headers.insert("sec-websocket-protocol", HeaderValue::from_static(protocol));
    }
    match manners {
        Manners::RoutingId(id) if phone => drop(headers.insert(ROUTING_ID, HeaderValue::from_static(id))),
        Manners::ForgetsRoutingId => {}
        _ if phone => drop(headers.insert(ROUTING_ID, HeaderValue::from_static("0a0b0c"))),
        _ => {}
    }
    Ok(response)
}

async fn relay(mut phone: Socket, mut client: Socket, manners: Manners) {
    let (mut from_phone, mut all) = (0, 0);
    while manners != Manners::EndsAfter(all) {
        let (message, phones) = tokio::select! {
            message = phone.next() => (message, true),
            message = client.next() => (message, false),
        };
        let Some(Ok(Message::Binary(bytes))) = message else { break };
        let mut bytes = Vec::from(bytes);
        all += 1;
        if phones {
            from_phone += 1;
            let flips =
                matches!((manners, from_phone), (Manners::FlipsHandshake, 1) | (Manners::FlipsFrame, 2));
            if let (true, Some(last)) = (flips, bytes.last_mut()) {
                *last ^= 1;
            }
        }
        let other = if phones { &mut client } else { &mut phone };
        if other.send(Message::Binary(bytes.into())).await.is_err() {
            break;
        }
    }
    let _ = phone.close(None).await;
    let _ = client.close(None).await;
}
