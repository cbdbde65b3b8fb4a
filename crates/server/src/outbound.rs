//! The one way out: an HTTPS client for what the configuration or an administrator names (assurance A7).
//!
//! Who names an address does not thereby reach what only this machine reaches. Names are resolved here, each address is
//! judged, and the connection goes to the very address that was judged, so that a name server cannot answer twice in two
//! ways. Redirects are not followed, answers are bounded in size and time, nothing but HTTPS is spoken, and environment
//! variables change nothing.

mod address;
mod connect;
mod target;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::config;
pub use address::is_public;
use connect::Stream;
pub use target::{NotATarget, Target};

/// Who we say we are.
const AGENT: &str = concat!("keyward/", env!("CARGO_PKG_VERSION"));

/// Goes out.
#[derive(Clone)]
pub struct Outbound {
    tls: Arc<ClientConfig>,
    config: config::Outbound,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The method.
    pub method: Method,
    /// Where.
    pub target: Target,
    /// Headers besides those that every request has.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
}

impl Ask {
    /// A GET.
    pub fn get(target: Target) -> Self {
        Self { method: Method::GET, target, headers: Vec::new(), body: Bytes::new() }
    }
}

/// How much an answer may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The longest body, in bytes.
    pub longest: usize,
    /// The longest that all of it may take.
    pub deadline: Duration,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status, whatever it is.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Outbound {
    /// Reads which authorities are trusted. Connects to nothing.
    pub fn new(config: &config::Outbound) -> Result<Self, Unusable> {
        let mut roots = RootCertStore::empty();
        match &config.certificates {
            Some(path) => {
                for certificate in read(path)? {
                    roots.add(certificate).map_err(|error| Unusable::new(path, &error))?;
                }
            }
            // What the system has and cannot be read is no reason not to start: connections will say it.
            None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
        }
        let mut tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Unusable::new(Path::new("TLS"), &error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { tls: Arc::new(tls), config: config.clone() })
    }

    /// The authorities that are trusted, for what speaks TLS and no HTTP.
    pub(crate) fn plain_tls(&self) -> Arc<ClientConfig> {
        let mut tls = ClientConfig::clone(&self.tls);
        tls.alpn_protocols.clear();
        Arc::new(tls)
    }

    /// Asks once: no retry, no redirect, a connection of its own.
    pub async fn send(&self, ask: Ask, bounds: Bounds) -> Result<Reply, OutboundError> {
        tokio::time::timeout(bounds.deadline, self.exchange(ask, bounds.longest))
            .await
            .unwrap_or(Err(OutboundError::Deadline))
    }

    async fn exchange(&self, ask: Ask, longest: usize) -> Result<Reply, OutboundError> {
        let stream: Stream = connect::open(&self.tls, &self.config, &ask.target).await?;
        let protocol = |error: &dyn fmt::Display| OutboundError::Protocol(error.to_string());
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| protocol(&error))?;
        // Ends with the sender, whatever becomes of this request.
        let driver = Driver(tokio::spawn(async move { drop(connection.await) }));
        let request = request(ask)?;
        let reply = sender.send_request(request).await.map_err(|error| protocol(&error))?;
        let (head, body) = reply.into_parts();
        let length = head.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > longest) {
            return Err(OutboundError::TooLong);
        }
        let body = Limited::new(body, longest).collect().await.map_err(|error| {
            let over = error.downcast_ref::<http_body_util::LengthLimitError>().is_some();
            if over { OutboundError::TooLong } else { protocol(&error) }
        })?;
        drop(driver);
        Ok(Reply { status: head.status, headers: head.headers, body: body.to_bytes() })
    }
}

/// The task that moves a connection's bytes; it goes with its request.
struct Driver(tokio::task::JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(ask: Ask) -> Result<Request<Full<Bytes>>, OutboundError> {
    let Ask { method, target, headers, body } = ask;
    let mut request = Request::builder()
        .method(method)
        .uri(target.path())
        .header(header::HOST, target.authority())
        .header(header::USER_AGENT, AGENT)
        .header(header::CONNECTION, "close")
        .body(Full::new(body))
        .map_err(|error| OutboundError::Protocol(error.to_string()))?;
    for (name, value) in headers {
        request.headers_mut().insert(name, value);
    }
    Ok(request)
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let found = CertificateDer::pem_file_iter(path).map_err(|error| Unusable::new(path, &error))?;
    found.collect::<Result<_, _>>().map_err(|error| Unusable::new(path, &error))
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboundError {
    /// The host is this machine, or on a network that is not the internet, and the configuration does not allow it.
    Forbidden(String),
    /// The name cannot be resolved.
    Name(String),
    /// Nobody listens there.
    Connect(String),
    /// The proxy does not connect.
    Proxy(String),
    /// TLS is not spoken, or the certificate is not one that is trusted.
    Tls(String),
    /// What came is no HTTP.
    Protocol(String),
    /// It took too long.
    Deadline,
    /// The answer is longer than it may be.
    TooLong,
}

impl OutboundError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "outbound_forbidden",
            Self::Name(_) => "outbound_name",
            Self::Connect(_) => "outbound_connect",
            Self::Proxy(_) => "outbound_proxy",
            Self::Tls(_) => "outbound_tls",
            Self::Protocol(_) => "outbound_protocol",
            Self::Deadline => "outbound_deadline",
            Self::TooLong => "outbound_too_long",
        }
    }
}

impl fmt::Display for OutboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(host) => {
                write!(f, "{host} is not on the internet, and `outbound.allow` does not name it")
            }
            Self::Name(cause) => write!(f, "the name cannot be resolved ({cause})"),
            Self::Connect(cause) => write!(f, "the host cannot be reached ({cause})"),
            Self::Proxy(cause) => write!(f, "the proxy does not connect ({cause})"),
            Self::Tls(cause) => write!(f, "TLS cannot be spoken ({cause})"),
            Self::Protocol(cause) => write!(f, "the answer is no HTTP ({cause})"),
            Self::Deadline => f.write_str("it took too long"),
            Self::TooLong => f.write_str("the answer is too long"),
        }
    }
}

impl std::error::Error for OutboundError {}

/// Certificates that cannot be used.
#[derive(Debug)]
pub struct Unusable(String);

impl Unusable {
    fn new(path: &Path, cause: &dyn fmt::Display) -> Self {
        Self(format!(
            "{} cannot be used for outgoing connections ({cause}): correct `outbound.certificates`.",
            path.display()
        ))
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unusable {}

#[cfg(test)]
mod tests;
