//! The listeners: pages over plain HTTP or TLS, metrics, and how they stop.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};

use crate::config::Limits;

/// Bytes of a request's head; ours have a few hundred.
const LONGEST_HEAD: usize = 32 * 1024;

/// How a server is told to stop and to look at its certificate again.
pub(super) struct Shutdown {
    pub(super) stop: watch::Sender<bool>,
    pub(super) drain: Duration,
    pub(super) reload: Arc<Notify>,
}

/// Serves the pages until a signal, then finishes the requests under way.
pub(super) async fn pages(
    listener: TcpListener,
    router: Router,
    tls: Option<RustlsConfig>,
    limits: &Limits,
    shutdown: Shutdown,
) -> io::Result<()> {
    let handle = Handle::new();
    tokio::spawn(wait_for_signals(handle.clone(), shutdown)?);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        Some(config) => {
            let mut server = axum_server::from_tcp_rustls(listener, config)?.handle(handle).http1_only();
            bound(server.http_builder(), limits);
            server.first_request_timeout(limits.head).serve(service).await
        }
        None => {
            let mut server = axum_server::from_tcp(listener)?.handle(handle).http1_only();
            bound(server.http_builder(), limits);
            server.first_request_timeout(limits.head).serve(service).await
        }
    }
}

/// Nobody holds a connection by sending slowly (R10 of the assurance notes).
fn bound<E>(builder: &mut hyper_util::server::conn::auto::Builder<E>, limits: &Limits) {
    builder.http1().header_read_timeout(limits.head).max_buf_size(LONGEST_HEAD);
}

/// SIGTERM and SIGINT stop, SIGHUP loads the certificate again.
fn wait_for_signals(
    handle: Handle<SocketAddr>,
    shutdown: Shutdown,
) -> io::Result<impl Future<Output = ()> + Send> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let Shutdown { stop, drain, reload } = shutdown;
    Ok(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
                _ = hangup.recv() => reload.notify_one(),
            }
        }
        tracing::info!("stopping: requests under way are finished");
        handle.graceful_shutdown(Some(drain));
        let _ = stop.send(true);
    })
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
