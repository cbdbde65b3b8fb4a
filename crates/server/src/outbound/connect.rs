//! Connecting: resolve, judge, connect to what was judged, speak TLS.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{OutboundError, Target, is_public};
use crate::config::Outbound;

/// How long one address may take to answer before the next one is tried.
const CONNECT: Duration = Duration::from_secs(10);

/// Most addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;

/// Longest answer of a proxy that is read.
const LONGEST_HEAD: usize = 8 * 1024;

pub(super) type Stream = TlsStream<TcpStream>;

/// A connection to `target` over which only it can read.
pub(super) async fn open(
    tls: &Arc<ClientConfig>,
    config: &Outbound,
    target: &Target,
) -> Result<Stream, OutboundError> {
    let name = ServerName::try_from(target.host().to_owned());
    let name = name.map_err(|error| OutboundError::Name(error.to_string()))?;
    let stream = match &config.proxy {
        Some(proxy) => through(proxy, config, target).await?,
        None => directly(config, target).await?,
    };
    let _ = stream.set_nodelay(true);
    let connector = TlsConnector::from(Arc::clone(tls));
    connector.connect(name, stream).await.map_err(|error| OutboundError::Tls(error.to_string()))
}

/// Every address of the name is judged, and only what was judged is connected to.
async fn directly(config: &Outbound, target: &Target) -> Result<TcpStream, OutboundError> {
    let found = tokio::net::lookup_host((target.host(), target.port())).await;
    let found: Vec<SocketAddr> = found.map_err(|error| OutboundError::Name(error.to_string()))?.collect();
    let allowed = |address: &&SocketAddr| config.allows(target.host(), address.ip());
    let addresses: Vec<&SocketAddr> = found.iter().filter(allowed).take(MOST_ADDRESSES).collect();
    if addresses.is_empty() {
        return Err(OutboundError::Forbidden(target.host().to_owned()));
    }
    let mut last = String::new();
    for address in addresses {
        match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = error.to_string(),
            Err(_) => last = "no answer".to_owned(),
        }
    }
    Err(OutboundError::Connect(last))
}

/// Through a proxy (CONNECT, RFC 9110 section 9.3.6), which resolves the name. What is not the internet by its very name
/// is not asked of it.
async fn through(proxy: &str, config: &Outbound, target: &Target) -> Result<TcpStream, OutboundError> {
    let local = match target.host().parse::<IpAddr>() {
        Ok(address) => !config.allows(target.host(), address),
        Err(_) => !config.names(target.host()) && is_local_name(target.host()),
    };
    if local {
        return Err(OutboundError::Forbidden(target.host().to_owned()));
    }
    let refused = |cause: String| OutboundError::Proxy(cause);
    let connected = tokio::time::timeout(CONNECT, TcpStream::connect(proxy)).await;
    let mut stream = connected
        .map_err(|_| refused("no answer".to_owned()))?
        .map_err(|error| refused(error.to_string()))?;
    let place = format!("{}:{}", target.bracketed(), target.port());
    let head = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.map_err(|error| refused(error.to_string()))?;
    let answer = head_of(&mut stream).await?;
    let status = answer.split_ascii_whitespace().nth(1).unwrap_or_default();
    if answer.starts_with("HTTP/1.") && status == "200" {
        Ok(stream)
    } else {
        Err(refused(status.to_owned()))
    }
}

/// One octet at a time: what comes behind the head is not ours to take.
async fn head_of(stream: &mut TcpStream) -> Result<String, OutboundError> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let octet = stream.read_u8().await.map_err(|error| OutboundError::Proxy(error.to_string()))?;
        head.push(octet);
        if head.len() > LONGEST_HEAD {
            return Err(OutboundError::Proxy("its answer is too long".to_owned()));
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Names that mean something only here (RFC 6761, RFC 6762, RFC 9476), numbers that mean an address, and bare ones.
fn is_local_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    !host.contains('.')
        || matches!(last, "localhost" | "local" | "internal" | "home" | "lan" | "corp" | "intranet" | "alt")
        || host.ends_with("home.arpa")
        || last.bytes().all(|byte| byte.is_ascii_digit())
}

impl Outbound {
    /// Whether the configuration names that host.
    fn names(&self, host: &str) -> bool {
        self.allow.iter().any(|allowed| allowed.is_host(host))
    }

    /// Whether that address of that host may be connected to.
    fn allows(&self, host: &str, address: IpAddr) -> bool {
        is_public(address) || self.names(host) || self.allow.iter().any(|allowed| allowed.contains(address))
    }
}
