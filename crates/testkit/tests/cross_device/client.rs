//! Another device: our own client over a real WebSocket, which hears what BlueZ's stand-in was given.

use std::path::Path;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use hybrid::initiator::{Action, Event, Initiator, InitiatorRefusal};
use hybrid::linking::Link;
use hybrid::qr::{Hint, Qr};
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use testkit::bluez::Bluez;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};

/// A moment that both ends take as now.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// What the client did.
#[derive(Debug, Default)]
pub(crate) struct Course {
    /// What the phone's authenticator says of itself.
    pub get_info: Option<Vec<u8>>,
    /// Its replies.
    pub replies: Vec<Vec<u8>>,
    /// What it was given to find the phone by another time.
    pub links: Vec<Link>,
    /// How it ended.
    pub outcome: Option<Result<(), InitiatorRefusal>>,
}

/// A client with a code on its screen, or with a link.
pub(crate) struct Client {
    initiator: Initiator,
    /// Where one with a link goes at once, and what it says there.
    contact: Option<(String, String)>,
    address: String,
    authority: std::path::PathBuf,
}

pub(crate) type Socket = WebSocketStream<TlsStream<TcpStream>>;

impl Client {
    pub(crate) fn new(port: u16, authority: &Path) -> (Self, Qr) {
        Self::made(port, authority, false)
    }

    /// One that would remember the phone.
    pub(crate) fn linking(port: u16, authority: &Path) -> (Self, Qr) {
        Self::made(port, authority, true)
    }

    fn made(port: u16, authority: &Path, linking: bool) -> (Self, Qr) {
        let (initiator, qr) = Initiator::new(Hint::Create, linking, NOW, &mut SystemEntropy);
        let address = format!("127.0.0.1:{port}");
        (Self { initiator, contact: None, address, authority: authority.to_owned() }, qr)
    }

    /// One that knows the phone.
    pub(crate) fn knowing(link: Link, domain: u16, port: u16, authority: &Path) -> Self {
        let (initiator, connect) =
            Initiator::contact(link, domain, Hint::Get, NOW, &mut SystemEntropy).unwrap();
        let Action::Connect { url, payload: Some(payload) } = connect else {
            unreachable!("it says who it is")
        };
        let address = format!("127.0.0.1:{port}");
        Self { initiator, contact: Some((url, payload)), address, authority: authority.to_owned() }
    }

    /// Where it goes, and what it says there.
    pub(crate) fn contact(&self) -> (String, String) {
        self.contact.clone().unwrap()
    }

    /// How many things it does about an advertisement.
    pub(crate) fn hears(mut self, advertisement: &[u8]) -> usize {
        self.input(Event::Advertisement(advertisement)).len()
    }

    /// Hears one advertisement, asks this, one after the other, and ends.
    pub(crate) async fn ask(mut self, bluez: &mut Bluez, requests: &[&[u8]]) -> Course {
        let mut requests = requests.iter();
        let mut course = Course::default();
        let (mut actions, mut socket) = self.begin(bluez).await;
        loop {
            let mut next = None;
            for action in actions {
                match action {
                    Action::Connect { url, .. } => {
                        socket = Some(self.open(&url, None).await.unwrap());
                        next = Some(self.input(Event::Connected));
                    }
                    Action::Send(message) => {
                        let _ = socket.as_mut().unwrap().send(Message::binary(message)).await;
                    }
                    Action::Ready(phone) => {
                        course.get_info = phone.get_info;
                        next = Some(self.next_request(&mut requests));
                    }
                    Action::Reply(reply) => {
                        course.replies.push(reply);
                        next = Some(self.next_request(&mut requests));
                    }
                    Action::ConnectNear { .. } => unreachable!("only clients whose code says that they can"),
                    Action::Linked(link) => course.links.push(link),
                    Action::Close => {
                        if let Some(socket) = &mut socket {
                            let _ = socket.close(None).await;
                        }
                    }
                    Action::Done(outcome) => {
                        course.outcome = Some(outcome);
                        return course;
                    }
                }
            }
            actions = match next {
                Some(next) => next,
                None => match socket.as_mut().unwrap().next().await {
                    Some(Ok(Message::Binary(message))) => self.input(Event::Message(&message)),
                    _ => self.input(Event::Closed),
                },
            };
        }
    }

    /// Until the advertisement is heard, or will not be.
    async fn begin(&mut self, bluez: &mut Bluez) -> (Vec<Action>, Option<Socket>) {
        let Some((url, payload)) = self.contact.take() else {
            let heard = bluez.advertised().await;
            return (self.input(Event::Advertisement(&heard)), None);
        };
        let mut socket = match self.open(&url, Some(&payload)).await {
            Ok(socket) => socket,
            Err(status) => return (self.input(Event::Refused(status)), None),
        };
        self.input(Event::Connected);
        let heard = tokio::select! {
            heard = bluez.advertised() => Some(heard),
            _ = socket.next() => None,
        };
        let event = heard.as_deref().map_or(Event::Closed, Event::Advertisement);
        (self.input(event), Some(socket))
    }

    fn next_request<'a>(&mut self, requests: &mut impl Iterator<Item = &'a &'a [u8]>) -> Vec<Action> {
        match requests.next() {
            Some(request) => self.input(Event::Request(request.to_vec())),
            None => self.input(Event::Finish),
        }
    }

    fn input(&mut self, event: Event<'_>) -> Vec<Action> {
        self.initiator.input(event, NOW, &mut SystemEntropy)
    }

    /// Opens a tunnel; an error is the status with which the relay refuses.
    pub(crate) async fn open(&self, url: &str, payload: Option<&str>) -> Result<Socket, u16> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(&self.authority).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("fido.cable"));
        if let Some(payload) = payload {
            request.headers_mut().insert("x-cable-client-payload", payload.parse().unwrap());
        }
        let name = ServerName::try_from(request.uri().host().unwrap().to_owned()).unwrap();
        let stream = TcpStream::connect(&self.address).await.unwrap();
        let stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await.unwrap();
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => unreachable!("{error}"),
        }
    }
}
