//! The tunnel service as a program of its own (`keyfob relay`): listeners, TLS, metrics, and how it stops.
//!
//! What it does with connections is the crate `tunnel`'s, which `keyward serve` has, too.

mod answer;
mod crowd;
mod tls;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::tunnel::{Limits, Tunnels};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::ambient;
use crowd::{Crowd, Place};
use tls::Certificate;

/// How long a connection may take to say what it wants, TLS included.
const HEAD: Duration = Duration::from_secs(10);
/// Bytes of a request's head; a client's have a few hundred.
const LONGEST_HEAD: usize = 8 * 1024;
/// Connections beyond those of tunnels: requests that are refused, and looks at health.
const OTHERS: usize = 256;
/// How long farewells may take when the program stops.
const PARTING: Duration = Duration::from_secs(2);

/// What the service is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where tunnels are.
    pub listen: SocketAddr,
    /// Where metrics and health are, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// Certificate chain and key, PEM; without, somebody in front speaks TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether the last address in `X-Forwarded-For` is the other side's.
    pub behind_proxy: bool,
    /// How much anybody may have.
    pub limits: Limits,
}

/// A service that listens and does not answer yet.
pub struct Bound {
    tunnels: Tunnels,
    pages: TcpListener,
    metrics: Option<TcpListener>,
    certificate: Option<Arc<Certificate>>,
    behind_proxy: bool,
    room: Arc<Semaphore>,
    crowd: Crowd,
}

/// Takes hold of addresses and certificate.
pub async fn bind(settings: Settings) -> Result<Bound, RelayFailure> {
    if settings.tls.is_none() && !settings.behind_proxy && !settings.listen.ip().is_loopback() {
        return Err(RelayFailure::Plain);
    }
    let certificate = match settings.tls {
        Some((chain, key)) => Some(Arc::new(Certificate::load(chain, key)?)),
        None => None,
    };
    let pages = listen(settings.listen).await?;
    let metrics = match settings.metrics {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let room = settings.limits.tunnels.saturating_mul(2).saturating_add(OTHERS);
    Ok(Bound {
        tunnels: Tunnels::new(settings.limits, ambient::now, Box::new(ambient::entropy())),
        pages,
        metrics,
        certificate,
        behind_proxy: settings.behind_proxy,
        room: Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS))),
        crowd: Crowd::default(),
    })
}

async fn listen(address: SocketAddr) -> Result<TcpListener, RelayFailure> {
    TcpListener::bind(address).await.map_err(|error| RelayFailure::Listen(address, error.to_string()))
}

impl Bound {
    /// Where tunnels are.
    pub fn address(&self) -> Option<SocketAddr> {
        self.pages.local_addr().ok()
    }

    /// Where metrics are.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref()?.local_addr().ok()
    }

    /// Answers until SIGTERM or SIGINT; SIGHUP loads the certificate again.
    pub async fn run(mut self) -> Result<(), RelayFailure> {
        let listen = |kind| signal(kind).map_err(|error| RelayFailure::Signal(error.to_string()));
        let mut terminate = listen(SignalKind::terminate())?;
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut hangup = listen(SignalKind::hangup())?;
        tokio::spawn(self.tunnels.clone().keep());
        if let Some(metrics) = self.metrics.take() {
            tokio::spawn(serve_metrics(metrics, self.tunnels.clone()));
        }
        loop {
            tokio::select! {
                accepted = self.pages.accept() => match accepted {
                    Ok((stream, peer)) => {
                        let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else { continue };
                        let Ok(place) = self.place(peer.ip()) else {
                            self.tunnels.turned_away();
                            continue;
                        };
                        let config = self.certificate.as_ref().map(|certificate| certificate.acceptor());
                        let asker = answer::Asker { peer: peer.ip(), behind_proxy: self.behind_proxy };
                        let tunnels = self.tunnels.clone();
                        tokio::spawn(async move {
                            // A tunnel outlives the request that opened it, and its bound is the table's.
                            let _held = (permit, place);
                            accept(stream, config, asker, tunnels).await;
                        });
                    }
                    // Too many open files, most likely: the next look may find room.
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be taken");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
                _ = hangup.recv() => {
                    if let Some(certificate) = &self.certificate {
                        certificate.reload();
                    }
                }
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
            }
        }
        tracing::info!("stopping: tunnels are closed");
        self.tunnels.end();
        tokio::time::sleep(PARTING).await;
        Ok(())
    }
}

/// There is no room for one more from that address.
struct NoPlace;

impl Bound {
    /// A place for a connection from there; behind a proxy all come from one address, and the proxy has its own bounds.
    fn place(&self, peer: IpAddr) -> Result<Option<Place>, NoPlace> {
        if self.behind_proxy {
            return Ok(None);
        }
        self.crowd.enter(answer::source_of(peer)).map(Some).ok_or(NoPlace)
    }
}

async fn accept(
    stream: TcpStream,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
    asker: answer::Asker,
    tunnels: Tunnels,
) {
    let _ = stream.set_nodelay(true);
    match acceptor {
        None => serve_pages(stream, asker, tunnels).await,
        Some(acceptor) => {
            if let Ok(Ok(stream)) = timeout(HEAD, acceptor.accept(stream)).await {
                serve_pages(stream, asker, tunnels).await;
            }
        }
    }
}

async fn serve_pages(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    asker: answer::Asker,
    tunnels: Tunnels,
) {
    let service = service_fn(move |request| std::future::ready(answer::page(request, asker, &tunnels)));
    let connection = builder().serve_connection(TokioIo::new(stream), service).with_upgrades();
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended");
    }
}

async fn serve_metrics(listener: TcpListener, tunnels: Tunnels) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let tunnels = tunnels.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| std::future::ready(answer::metrics(&request, &tunnels)));
            let _ = builder().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Nobody holds a connection by sending slowly.
fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD);
    builder
}

/// Why the service does not start.
#[derive(Debug, PartialEq, Eq)]
pub enum RelayFailure {
    /// Without TLS, and not on this computer alone.
    Plain,
    /// The address cannot be had.
    Listen(SocketAddr, String),
    /// The certificate or its key cannot be used.
    Certificate(String),
    /// The process cannot be told anything.
    Signal(String),
}

impl fmt::Display for RelayFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RelayFailure::Plain => f.write_str(
                "Not started: without --certificate and --key the service listens on this computer alone \
                 (--listen 127.0.0.1:8443), or behind a proxy that speaks TLS (--behind-proxy).",
            ),
            RelayFailure::Listen(address, cause) => {
                write!(f, "Not started: {address} cannot be listened on: {cause}.")
            }
            RelayFailure::Certificate(cause) => write!(f, "Not started: no TLS with that: {cause}."),
            RelayFailure::Signal(cause) => write!(f, "Not started: no signals can be heard: {cause}."),
        }
    }
}

#[cfg(test)]
mod tests;
