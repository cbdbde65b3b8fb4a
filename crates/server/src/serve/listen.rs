//! The listeners: pages over plain HTTP or TLS, metrics, and how they stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, watch};

use super::connections::Counting;
use super::only_http1::OnlyHttp1;
use crate::config::{Config, Limits};
use crate::live::Live;

/// Bytes of a request's head; ours have a few hundred.
const LONGEST_HEAD: usize = 32 * 1024;

/// What the process is told from outside. Taken hold of before the server says that it is ready: whoever reads
/// that may stop it at once, and it shall still end in order.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    /// From here on SIGTERM, SIGINT and SIGHUP wait to be heard.
    pub(super) fn install() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// SIGTERM and SIGINT stop the listener, SIGHUP loads the certificate again.
    async fn obey(mut self, handle: Handle<SocketAddr>, drain: Duration, reload: Arc<Notify>, live: Live) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => break,
                _ = self.interrupt.recv() => break,
                _ = self.hangup.recv() => reload.notify_one(),
            }
        }
        tracing::info!("stopping: requests under way are finished");
        handle.graceful_shutdown(Some(drain));
        live.end();
    }
}

/// Serves the pages until a signal, then finishes the requests under way.
pub(super) async fn pages(
    listener: TcpListener,
    router: Router,
    tls: Option<RustlsConfig>,
    config: &Config,
    signals: Signals,
    reload: Arc<Notify>,
    live: Live,
) -> io::Result<()> {
    let (limits, tunnels) = (&config.limits, config.relay.enabled);
    let handle = Handle::new();
    tokio::spawn(signals.obey(handle.clone(), limits.drain, reload, live));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let counting = Counting::new(limits.connections, tls.is_none());
    match tls {
        Some(config) => {
            let acceptor = OnlyHttp1(RustlsAcceptor::new(config).acceptor(counting));
            let server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle);
            // The other mode of this listener is the only one in which a request becomes a tunnel.
            let mut server = if tunnels { server } else { server.http1_only() };
            bound(server.http_builder(), limits);
            server.first_request_timeout(limits.head).serve(service).await
        }
        None => {
            let server = axum_server::from_tcp(listener)?.acceptor(OnlyHttp1(counting)).handle(handle);
            let mut server = if tunnels { server } else { server.http1_only() };
            bound(server.http_builder(), limits);
            server.first_request_timeout(limits.head).serve(service).await
        }
    }
}

/// Nobody holds a connection by sending slowly (R10 of the assurance notes).
fn bound<E>(builder: &mut hyper_util::server::conn::auto::Builder<E>, limits: &Limits) {
    builder.http1().header_read_timeout(limits.head).max_buf_size(LONGEST_HEAD);
}

/// Serves the metrics until the server stops.
pub(super) async fn metrics(listener: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
    let served = async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                let _ = stopping.wait_for(|stop| *stop).await;
            })
            .await
    };
    let served: io::Result<()> = served.await;
    if let Err(error) = served {
        tracing::error!(%error, "metrics are no longer served");
    }
}
