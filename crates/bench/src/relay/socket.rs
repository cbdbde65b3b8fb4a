//! The smallest WebSocket that opens a tunnel and says one thing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::failure::Failure;

const NAME: &str = "cable.example";
/// A masked binary frame of three bytes, and what arrives of it on the other side.
const SAID: [u8; 9] = [0x82, 0x83, 0, 0, 0, 0, 1, 2, 3];
const HEARD: [u8; 5] = [0x82, 3, 1, 2, 3];

/// The certificate of a service that speaks TLS itself.
pub(super) struct Trust(Arc<ClientConfig>);

impl Trust {
    /// Makes one, and writes it where the service reads it.
    pub(super) fn make(folder: &Path) -> Result<Self, Failure> {
        let made = rcgen::generate_simple_self_signed(vec![NAME.to_owned()])
            .map_err(Failure::because("cannot make a certificate"))?;
        let write = |name: &str, text: String| {
            std::fs::write(folder.join(name), text).map_err(Failure::because("cannot write a certificate"))
        };
        write("chain.pem", made.cert.pem())?;
        write("key.pem", made.signing_key.serialize_pem())?;
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).map_err(Failure::because("cannot trust a certificate"))?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Failure::because("cannot speak TLS"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

/// An open connection.
pub(super) enum Socket {
    /// Without TLS.
    Plain(TcpStream),
    /// With it.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Socket {
    /// Asks for that path; returns the head of the answer in lower case, too.
    pub(super) fn open(address: &str, path: &str, trust: Option<&Trust>) -> Result<(Self, String), Failure> {
        let stream = TcpStream::connect(address)
            .map_err(Failure::because("cannot connect (each tunnel needs two open files: ulimit -n)"))?;
        let mut socket = match trust {
            None => Socket::Plain(stream),
            Some(Trust(config)) => {
                let name = ServerName::try_from(NAME).map_err(Failure::because("no name"))?;
                let tls = ClientConnection::new(Arc::clone(config), name)
                    .map_err(Failure::because("cannot speak TLS"))?;
                Socket::Tls(Box::new(StreamOwned::new(tls, stream)))
            }
        };
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {NAME}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             sec-websocket-protocol: fido.cable\r\n\r\n"
        );
        socket.write(request.as_bytes())?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read(&mut byte)?;
            head.extend(byte);
        }
        let head = String::from_utf8_lossy(&head).to_lowercase();
        if !head.starts_with("http/1.1 101 ") {
            let status = head.lines().next().unwrap_or_default();
            return Err(Failure::new(format!("the relay refused a tunnel: {status}")));
        }
        Ok((socket, head))
    }

    /// Says one thing.
    pub(super) fn send(&mut self) -> Result<(), Failure> {
        self.write(&SAID)
    }

    /// Hears it.
    pub(super) fn receive(&mut self) -> Result<(), Failure> {
        let mut heard = [0; HEARD.len()];
        self.read(&mut heard)?;
        if heard == HEARD { Ok(()) } else { Err(Failure::new("a message changed on its way")) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Socket::Plain(stream) => stream.write_all(bytes),
            Socket::Tls(stream) => stream.write_all(bytes),
        }
        .map_err(Failure::because("a tunnel broke"))
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Failure> {
        match self {
            Socket::Plain(stream) => stream.read_exact(bytes),
            Socket::Tls(stream) => stream.read_exact(bytes),
        }
        .map_err(Failure::because("a tunnel broke"))
    }
}
