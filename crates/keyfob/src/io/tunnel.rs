//! The phone's end of a tunnel (CTAP 2.3 section 11.5.1.4): a WebSocket to the tunnel service of one's own domain.
//!
//! What is sent here is sealed end to end; the service sees lengths and times. It is still not to be anybody's: its
//! certificate counts, and everything that it says has a bound.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

/// The protocol that both ends speak inside.
pub const PROTOCOL: &str = "fido.cable";
/// Where the service says the routing id of a new tunnel.
const ROUTING_ID: &str = "x-cable-routing-id";
/// How long connecting may take, from the name to the answer.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a message may take on its way out: a service that takes none is as good as gone.
const SEND: Duration = Duration::from_secs(10);
/// How long a relay may be silent while nobody comes; it pings more often than that.
const SILENCE: Duration = Duration::from_secs(150);
/// The largest message: what Chromium takes itself.
const MAX_MESSAGE: usize = 1024 * 1024;

/// How the service is reached.
#[derive(Clone)]
pub struct Reach {
    tls: Arc<ClientConfig>,
    address: Option<String>,
}

impl Reach {
    /// By the authorities that this computer trusts; with a PEM file, by those in it alone.
    pub fn new(authorities: Option<&Path>) -> Result<Self, TunnelRefusal> {
        let mut roots = RootCertStore::empty();
        match authorities {
            Some(file) => {
                let certificates =
                    CertificateDer::pem_file_iter(file).map_err(|_| TunnelRefusal::Authorities)?;
                for certificate in certificates {
                    let certificate = certificate.map_err(|_| TunnelRefusal::Authorities)?;
                    roots.add(certificate).map_err(|_| TunnelRefusal::Authorities)?;
                }
            }
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        if roots.is_empty() {
            return Err(TunnelRefusal::Authorities);
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| TunnelRefusal::Authorities)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Arc::new(tls), address: None })
    }

    /// Connects to that host and port, whatever the service's name says: its certificate is for the name all the same.
    pub fn at(mut self, address: Option<String>) -> Self {
        self.address = address;
        self
    }
}

/// An open tunnel.
pub struct Tunnel {
    socket: Socket,
    routing_id: [u8; 3],
}

impl Tunnel {
    /// Opens the tunnel at that address, such as `wss://cable.example.com/cable/new/…`.
    pub async fn open(url: &str, reach: &Reach) -> Result<Self, TunnelRefusal> {
        let opened = async {
            let (socket, response) = connect(url, reach).await?;
            Ok(Self { socket, routing_id: routing_id(&response)? })
        };
        timeout(CONNECT, opened).await.unwrap_or(Err(TunnelRefusal::TimedOut))
    }

    /// Waits at that address, such as `wss://cable.example.com/cable/wait/…`, for devices that know us: those find us
    /// without a routing id.
    pub async fn wait(url: &str, reach: &Reach) -> Result<Self, TunnelRefusal> {
        let opened = async {
            let (socket, response) = connect(url, reach).await?;
            speaks_protocol(&response)?;
            Ok(Self { socket, routing_id: [0; 3] })
        };
        timeout(CONNECT, opened).await.unwrap_or(Err(TunnelRefusal::TimedOut))
    }

    /// What the service calls this tunnel.
    pub fn routing_id(&self) -> [u8; 3] {
        self.routing_id
    }

    /// Sends one message.
    pub async fn send(&mut self, message: Vec<u8>) -> Result<(), TunnelRefusal> {
        let sent = timeout(SEND, self.socket.send(Message::Binary(message.into()))).await;
        sent.map_err(|_| TunnelRefusal::TimedOut)?.map_err(|_| TunnelRefusal::Broken)
    }

    /// What the first device says that comes to where we wait; `None` once the service has closed. A service of which
    /// nothing is heard for minutes is gone, or this computer has been asleep.
    pub async fn contact(&mut self) -> Result<Option<Vec<u8>>, TunnelRefusal> {
        loop {
            let next = timeout(SILENCE, self.socket.next()).await;
            if let Some(Ok(Message::Ping(_) | Message::Pong(_))) = next.as_ref().ok().and_then(Option::as_ref)
            {
                continue;
            }
            return match next.map_err(|_| TunnelRefusal::TimedOut)? {
                Some(message) => taken(message),
                None => Ok(None),
            };
        }
    }

    /// The next message; `None` once the other side has closed.
    pub async fn receive(&mut self) -> Result<Option<Vec<u8>>, TunnelRefusal> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(message) => return taken(message),
                None => return Ok(None),
            }
        }
    }

    /// Closes; what the other side has to say to that is not waited for.
    pub async fn close(mut self) {
        let _ = timeout(SEND, self.socket.close(None)).await;
    }
}

type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// A message as the protocol has them; `None` is the end.
fn taken(message: Result<Message, Error>) -> Result<Option<Vec<u8>>, TunnelRefusal> {
    match message {
        Ok(Message::Binary(message)) => Ok(Some(message.into())),
        Ok(Message::Close(_)) | Err(Error::ConnectionClosed) => Ok(None),
        Ok(_) => Err(TunnelRefusal::NotBinary),
        Err(Error::Capacity(_)) => Err(TunnelRefusal::TooLong),
        Err(_) => Err(TunnelRefusal::Broken),
    }
}

async fn connect(url: &str, reach: &Reach) -> Result<(Socket, Response), TunnelRefusal> {
    let mut request = url.into_client_request().map_err(|_| TunnelRefusal::Address)?;
    if request.uri().scheme_str() != Some("wss") {
        return Err(TunnelRefusal::Address);
    }
    let host = request.uri().host().ok_or(TunnelRefusal::Address)?.to_owned();
    let port = request.uri().port_u16().unwrap_or(443);
    let name = ServerName::try_from(host.clone()).map_err(|_| TunnelRefusal::Address)?;
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    let stream = match &reach.address {
        Some(address) => TcpStream::connect(address).await,
        None => TcpStream::connect((host, port)).await,
    };
    let stream = stream.map_err(|_| TunnelRefusal::Unreachable)?;
    // A message is a step that the other side waits for.
    let _ = stream.set_nodelay(true);
    let tls = TlsConnector::from(Arc::clone(&reach.tls));
    let stream = tls.connect(name, stream).await.map_err(|_| TunnelRefusal::Certificate)?;
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE))
        .max_write_buffer_size(4 * MAX_MESSAGE);
    let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(limits)).await;
    opened.map_err(|error| match error {
        Error::Http(response) => TunnelRefusal::Refused(response.status().as_u16()),
        Error::Protocol(_) => TunnelRefusal::Protocol,
        _ => TunnelRefusal::Broken,
    })
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

/// tungstenite has seen to the subprotocol; it is looked at once more, for what a service answers that does not know it is
/// not a tunnel.
fn speaks_protocol(response: &Response) -> Result<(), TunnelRefusal> {
    match header(response, SEC_WEBSOCKET_PROTOCOL.as_str()) {
        Some(PROTOCOL) => Ok(()),
        _ => Err(TunnelRefusal::Protocol),
    }
}

/// The three bytes of the answer's header.
fn routing_id(response: &Response) -> Result<[u8; 3], TunnelRefusal> {
    speaks_protocol(response)?;
    let id = header(response, ROUTING_ID).ok_or(TunnelRefusal::NoRoutingId)?;
    let digit = |at: usize| id.as_bytes().get(at).and_then(|digit| char::from(*digit).to_digit(16));
    let byte = |at: usize| u8::try_from(digit(at)? * 16 + digit(at + 1)?).ok();
    match (id.len(), byte(0), byte(2), byte(4)) {
        (6, Some(first), Some(second), Some(third)) => Ok([first, second, third]),
        _ => Err(TunnelRefusal::NoRoutingId),
    }
}

/// Why there is no tunnel, or no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TunnelRefusal {
    /// The file of authorities is missing, broken or empty.
    Authorities,
    /// The address is none of a tunnel.
    Address,
    /// Nobody answers there.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// The certificate is not one that counts for the name.
    Certificate,
    /// The service answered with that status.
    Refused(u16),
    /// It does not speak the protocol of tunnels.
    Protocol,
    /// It gave no routing id of three bytes.
    NoRoutingId,
    /// The connection broke.
    Broken,
    /// A message was longer than a mebibyte.
    TooLong,
    /// A message was text.
    NotBinary,
}

impl TunnelRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            TunnelRefusal::Authorities => "relay_authorities",
            TunnelRefusal::Address => "relay_address",
            TunnelRefusal::Unreachable => "relay_unreachable",
            TunnelRefusal::TimedOut => "relay_timed_out",
            TunnelRefusal::Certificate => "relay_certificate",
            TunnelRefusal::Refused(_) => "relay_refused",
            TunnelRefusal::Protocol => "relay_protocol",
            TunnelRefusal::NoRoutingId => "relay_no_routing_id",
            TunnelRefusal::Broken => "relay_broken",
            TunnelRefusal::TooLong => "relay_too_long",
            TunnelRefusal::NotBinary => "relay_not_binary",
        }
    }
}

impl fmt::Display for TunnelRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TunnelRefusal::Authorities => f.write_str("The file of certificate authorities cannot be used."),
            TunnelRefusal::Address => f.write_str("The relay's address makes no sense."),
            TunnelRefusal::Unreachable => f.write_str("The relay cannot be reached."),
            TunnelRefusal::TimedOut => f.write_str("The relay did not answer in time."),
            TunnelRefusal::Certificate => f.write_str("The relay's certificate is not trusted here."),
            TunnelRefusal::Refused(status) => write!(f, "The relay refused with status {status}."),
            TunnelRefusal::Protocol => f.write_str("What answered is not a relay for passkeys."),
            TunnelRefusal::NoRoutingId => {
                f.write_str("The relay did not say where the other device finds us.")
            }
            TunnelRefusal::Broken => f.write_str("The connection to the relay broke."),
            TunnelRefusal::TooLong => f.write_str("The relay sent more than there can be."),
            TunnelRefusal::NotBinary => f.write_str("The relay sent what no device sends."),
        }
    }
}
