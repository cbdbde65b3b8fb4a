//! A mail server for tests: it speaks SMTP (RFC 5321) over a real socket, with TLS under an authority of its own, and keeps
//! what it was given.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use primitives::encoding;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use server::config::{Mail, MailTls};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Received {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Headers and body as they came.
    pub data: String,
    /// It came over TLS.
    pub tls: bool,
    /// Who signed in to send it.
    pub user: Option<String>,
}

impl Received {
    /// The headers, before the first empty line.
    pub fn headers(&self) -> &str {
        self.data.split_once("\r\n\r\n").map_or(self.data.as_str(), |(headers, _)| headers)
    }

    /// The decoded parts: text, then HTML.
    pub fn parts(&self) -> Vec<String> {
        let boundary = self.data.split_once("boundary=\"").and_then(|(_, rest)| rest.split_once('"'));
        let (boundary, _) = boundary.unwrap_or_else(|| panic!("no parts: {}", self.data));
        let line = format!("--{boundary}");
        // The last line of all is the boundary with two dashes behind it.
        let parts = self.data.split(line.as_str()).skip(1).filter(|part| !part.starts_with("--"));
        parts.filter_map(|part| part.split_once("\r\n\r\n")).map(|(head, body)| decode(head, body)).collect()
    }
}

fn decode(head: &str, body: &str) -> String {
    let head = head.to_ascii_lowercase();
    if head.contains("base64") {
        let digits = body.replace(['\r', '\n', '='], "").replace('+', "-").replace('/', "_");
        return String::from_utf8(encoding::from_base64url(&digits).unwrap_or_default()).unwrap_or_default();
    }
    if !head.contains("quoted-printable") {
        return body.to_owned();
    }
    let unfolded = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = unfolded.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'=').then(|| tail.get(..2)).flatten();
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What connections to a sink share.
struct Shared {
    tls: TlsAcceptor,
    speaks: MailTls,
    refusing: AtomicUsize,
    received: Mutex<Vec<Received>>,
}

/// A running mail server on this machine.
pub struct SmtpSink {
    /// Where it listens.
    pub port: u16,
    shared: Arc<Shared>,
    folder: TempDir,
    task: JoinHandle<()>,
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpSink {
    /// Starts one.
    pub async fn start(speaks: MailTls) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let tls = authority(&folder);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("{error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let shared =
            Arc::new(Shared { tls, speaks, refusing: AtomicUsize::new(0), received: Mutex::default() });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { port, shared, folder, task }
    }

    /// The configuration of a server that sends here.
    pub fn config(&self) -> Mail {
        Mail {
            host: "localhost".to_owned(),
            port: self.port,
            tls: self.shared.speaks,
            user: None,
            password_file: None,
            from: "Example AG <id@example.com>".to_owned(),
            certificates: Some(self.certificates()),
        }
    }

    /// The authority behind its certificate.
    pub fn certificates(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// Refuses the next so many mails, for now.
    pub fn refuse(&self, count: usize) {
        self.shared.refusing.store(count, Ordering::SeqCst);
    }

    fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it has taken so far, and has no more from now on.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received())
    }
}

/// An authority, its certificate in a file, and a server that it vouches for.
fn authority(folder: &TempDir) -> TlsAcceptor {
    let issued = || -> Result<ServerConfig, Box<dyn std::error::Error>> {
        let mut root = CertificateParams::new(Vec::new())?;
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_key = KeyPair::generate()?;
        let certificate = root.self_signed(&root_key)?;
        std::fs::write(folder.path().join("authority.pem"), certificate.pem())?;
        let key = KeyPair::generate()?;
        let leaf = CertificateParams::new(vec!["localhost".to_owned()])?;
        let leaf = leaf.signed_by(&key, &Issuer::from_params(&root, &root_key))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        Ok(ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)?)
    };
    TlsAcceptor::from(Arc::new(issued().unwrap_or_else(|error| panic!("{error}"))))
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        // A client that goes away in the middle has sent nothing.
        tokio::spawn(async move { drop(serve(stream, &shared).await) });
    }
}

async fn serve(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    if shared.speaks == MailTls::Implicit {
        let stream = shared.tls.accept(stream).await?;
        return talk(BufReader::new(stream), shared, true, true).await.map(|_| ());
    }
    let plain = BufReader::new(stream);
    let Some(stream) = talk_in_the_clear(plain, shared).await? else { return Ok(()) };
    let stream = shared.tls.accept(stream).await?;
    talk(BufReader::new(stream), shared, true, false).await.map(|_| ())
}

async fn talk_in_the_clear(
    plain: BufReader<TcpStream>,
    shared: &Shared,
) -> std::io::Result<Option<TcpStream>> {
    Ok(talk(plain, shared, false, true).await?.map(BufReader::into_inner))
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// One conversation; gives the stream back where it goes on under TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    shared: &Shared,
    tls: bool,
    greet: bool,
) -> std::io::Result<Option<BufReader<S>>> {
    if greet {
        say(&mut stream, "220 sink").await?;
    }
    let mut mail = Received { from: String::new(), to: Vec::new(), data: String::new(), tls, user: None };
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" if shared.speaks == MailTls::StartTls && !tls => {
                say(&mut stream, "250-sink\r\n250 STARTTLS").await?;
            }
            "EHLO" => say(&mut stream, "250-sink\r\n250 AUTH PLAIN LOGIN").await?,
            "STARTTLS" if !tls => {
                say(&mut stream, "220 go on").await?;
                return Ok(Some(stream));
            }
            "AUTH" => {
                mail.user = line.rsplit(' ').next().map(str::to_owned);
                say(&mut stream, "235 welcome").await?;
            }
            "MAIL" if shared.speaks != MailTls::None && !tls => say(&mut stream, "530 TLS first").await?,
            "MAIL" => {
                mail.from = line.to_owned();
                say(&mut stream, "250 ok").await?;
            }
            "RCPT" => {
                mail.to.push(line.to_owned());
                say(&mut stream, "250 ok").await?;
            }
            "DATA" => take(&mut stream, shared, &mut mail).await?,
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return Ok(None);
            }
            _ => say(&mut stream, "250 ok").await?,
        }
    }
}

async fn take(
    stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
    shared: &Shared,
    mail: &mut Received,
) -> std::io::Result<()> {
    say(stream, "354 go on").await?;
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            break;
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
    let refused =
        shared.refusing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    if refused {
        return say(stream, "451 not now").await;
    }
    let taken = Received { data, ..mail.clone() };
    shared.received.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
    mail.to.clear();
    say(stream, "250 taken").await
}
