//! An HTTPS server for tests, over a real socket and under an authority of its own, and a proxy before it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What a server answers to everything.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// The status.
    pub status: u16,
    /// Headers besides the length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it says how long the body is.
    pub tells_length: bool,
    /// Whether it answers at all.
    pub answers: bool,
    /// The name of the answer: a request that knows it gets 304 and no body.
    pub etag: Option<String>,
}

impl Scripted {
    /// 200 with that body.
    pub fn ok(body: &str) -> Self {
        let body = body.as_bytes().to_vec();
        Self { status: 200, headers: Vec::new(), body, tells_length: true, answers: true, etag: None }
    }

    fn answer(&self, request: &str) -> Vec<u8> {
        let known = self.etag.as_ref().is_some_and(|etag| {
            request.to_ascii_lowercase().contains(&format!("if-none-match: {etag}").to_ascii_lowercase())
        });
        let status = if known { 304 } else { self.status };
        let mut head = format!("HTTP/1.1 {status} Status\r\nConnection: close\r\n");
        if let Some(etag) = &self.etag {
            head.push_str(&format!("ETag: {etag}\r\n"));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.tells_length && !known {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        let mut answer = format!("{head}\r\n").into_bytes();
        if !known {
            answer.extend_from_slice(&self.body);
        }
        answer
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Request line and headers.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Asked {
    /// A header's text; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(header, _)| header.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim()).unwrap_or_default()
    }
}

struct Shared {
    script: Mutex<Scripted>,
    requests: AtomicUsize,
    asked: Mutex<Vec<Asked>>,
}

/// The server, for the name `localhost`.
pub struct HttpsServer {
    port: u16,
    shared: Arc<Shared>,
    folder: TempDir,
    task: JoinHandle<()>,
}

impl Drop for HttpsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A server's configuration for `localhost`, and the certificate of its authority in PEM.
pub(crate) fn config() -> (ServerConfig, String) {
    let key = KeyPair::generate().unwrap_or_else(|error| panic!("{error}"));
    let mut authority = CertificateParams::new(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&key).unwrap_or_else(|error| panic!("{error}"));
    let issuer = Issuer::new(authority, key);
    let leaf_key = KeyPair::generate().unwrap_or_else(|error| panic!("{error}"));
    // The last is tunnel domain 266 (CTAP 2.3 section 11.5.1.3).
    let names = ["localhost", "127.0.0.1", "cable.wufkweyy3uaxb.com"].map(str::to_owned).to_vec();
    let leaf =
        CertificateParams::new(names).unwrap_or_else(|error| panic!("{error}")).signed_by(&leaf_key, &issuer);
    let leaf = leaf.unwrap_or_else(|error| panic!("{error}"));
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], private))
        .unwrap_or_else(|error| panic!("{error}"));
    (config, root.pem())
}

impl HttpsServer {
    /// Listens on a free port.
    pub async fn start(script: Scripted) -> Self {
        let (config, root) = config();
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        std::fs::write(folder.path().join("authority.pem"), root).unwrap_or_else(|error| panic!("{error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("{error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            requests: AtomicUsize::new(0),
            asked: Mutex::default(),
        });
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let task = tokio::spawn(accept(listener, acceptor, Arc::clone(&shared)));
        Self { port, shared, folder, task }
    }

    /// What it answers from now on.
    pub fn script(&self, script: Scripted) {
        *self.shared.script.lock().unwrap_or_else(PoisonError::into_inner) = script;
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// The PEM file of its authority.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// The requests that came, and none of them again.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let request = head(&mut stream).await;
            let asked = with_body(request.clone(), &mut stream).await;
            shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
            shared.requests.fetch_add(1, Ordering::SeqCst);
            let script = shared.script.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if !script.answers {
                std::future::pending::<()>().await;
            }
            let _ = stream.write_all(&script.answer(&request)).await;
            let _ = stream.shutdown().await;
        });
    }
}

async fn with_body(head: String, stream: &mut (impl AsyncRead + Unpin)) -> Asked {
    let mut asked = Asked { head, body: String::new() };
    let mut body = vec![0; asked.header("content-length").parse().unwrap_or(0)];
    if stream.read_exact(&mut body).await.is_ok() {
        asked.body = String::from_utf8_lossy(&body).into_owned();
    }
    asked
}

async fn head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A proxy that knows CONNECT and notes whither.
pub struct Proxy {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Listens on a free port, and answers with that status.
    pub async fn start(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("{error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(pass_on(listener, status, Arc::clone(&asked)));
        Self { port, asked, task }
    }

    /// Its host and port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Whither it was asked to connect.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn pass_on(listener: TcpListener, status: u16, asked: Arc<Mutex<Vec<String>>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let asked = Arc::clone(&asked);
        tokio::spawn(async move {
            let request = head(&mut stream).await;
            let place = request.split_ascii_whitespace().nth(1).unwrap_or_default().to_owned();
            asked.lock().unwrap_or_else(PoisonError::into_inner).push(place.clone());
            let _ = stream.write_all(format!("HTTP/1.1 {status} Status\r\n\r\n").as_bytes()).await;
            if let Ok(mut there) = TcpStream::connect(place).await
                && status == 200
            {
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut there).await;
            }
        });
    }
}
