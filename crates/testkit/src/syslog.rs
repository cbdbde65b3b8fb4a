//! Syslog servers for tests, over real sockets: datagrams, TCP with octet counting, and TLS.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use server::config::{Syslog, SyslogWay};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

type Messages = Arc<Mutex<Vec<String>>>;

/// A server that keeps what it is told.
pub struct SyslogSink {
    way: SyslogWay,
    port: u16,
    messages: Messages,
    folder: TempDir,
    task: JoinHandle<()>,
}

impl Drop for SyslogSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SyslogSink {
    /// Listens on that port; on a free one if it is 0.
    pub async fn start(way: SyslogWay, port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let messages = Messages::default();
        let address = ("127.0.0.1", port);
        let (port, task) = if way == SyslogWay::Udp {
            let socket = UdpSocket::bind(address).await.unwrap_or_else(|error| panic!("{error}"));
            let port = socket.local_addr().map_or(0, |address| address.port());
            (port, tokio::spawn(datagrams(socket, Arc::clone(&messages))))
        } else {
            let listener = TcpListener::bind(address).await.unwrap_or_else(|error| panic!("{error}"));
            let port = listener.local_addr().map_or(0, |address| address.port());
            let (config, root) = crate::https::config();
            std::fs::write(folder.path().join("authority.pem"), root)
                .unwrap_or_else(|error| panic!("{error}"));
            let tls = (way == SyslogWay::Tls).then(|| TlsAcceptor::from(Arc::new(config)));
            (port, tokio::spawn(connections(listener, tls, Arc::clone(&messages))))
        };
        Self { way, port, messages, folder, task }
    }

    /// The configuration of a server that writes here.
    pub fn server(&self) -> Syslog {
        let host = if self.way == SyslogWay::Udp { "127.0.0.1" } else { "localhost" };
        Syslog { way: self.way, host: host.to_owned(), port: self.port }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The PEM file of its authority.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// What it was told, and none of it again.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.messages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn keep(messages: &Messages, message: &[u8]) {
    let message = String::from_utf8_lossy(message).into_owned();
    messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
}

async fn datagrams(socket: UdpSocket, messages: Messages) {
    let mut datagram = vec![0; 65_536];
    while let Ok(length) = socket.recv(&mut datagram).await {
        keep(&messages, datagram.get(..length).unwrap_or_default());
    }
}

async fn connections(listener: TcpListener, tls: Option<TlsAcceptor>, messages: Messages) {
    while let Ok((stream, _)) = listener.accept().await {
        match &tls {
            None => frames(stream, &messages).await,
            Some(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
                    frames(stream, &messages).await;
                }
            }
        }
    }
}

/// Reads lengths and as many octets (RFC 6587, 3.4.1) until the client has no more.
async fn frames(mut stream: impl AsyncRead + Unpin, messages: &Messages) {
    let mut length = 0_usize;
    while let Ok(octet) = stream.read_u8().await {
        match octet {
            b'0'..=b'9' => length = length * 10 + usize::from(octet - b'0'),
            b' ' => {
                let mut message = vec![0; std::mem::take(&mut length)];
                if stream.read_exact(&mut message).await.is_err() {
                    return;
                }
                keep(messages, &message);
            }
            other => panic!("no length: {other}"),
        }
    }
}
