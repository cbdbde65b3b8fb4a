//! Figures for Prometheus, on a listener of their own: who may read them is not for the public address to decide.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode, header};
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use store::Db;
use tunnel::Tunnels;

/// Upper bounds of the buckets of request times, in seconds.
const BUCKETS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];
/// How often recorded values are folded into the buckets; without it they would pile up between scrapes.
const UPKEEP: Duration = Duration::from_secs(5);
const REQUESTS: &str = "keyward_http_requests_total";
const REFUSED: &str = "keyward_http_refused_total";
const SECONDS: &str = "keyward_http_request_seconds";
const COMMITS: &str = "keyward_store_commits_total";
const JOBS: &str = "keyward_store_jobs_total";
const RETRIES: &str = "keyward_store_retries_total";
const BEHIND: &str = "keyward_clock_behind_seconds";
const READS: &str = "keyward_store_reads_total";

/// Set once figures are collected; until then counting costs one load.
static RECORDING: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts collecting and returns the router of the metrics listener; a tunnel service counts for itself.
pub(crate) fn start(db: Db, tunnels: Option<Tunnels>) -> Result<Router, String> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS)
        .map_err(|error| format!("Metrics could not start: {error}."))?;
    let handle = builder.install_recorder().map_err(|error| format!("Metrics could not start: {error}."))?;
    metrics::describe_counter!(REQUESTS, "Requests answered, by method, route and status");
    metrics::describe_histogram!(
        SECONDS,
        metrics::Unit::Seconds,
        "Time from a request's head to its answer, by route"
    );
    metrics::describe_counter!(REFUSED, "Requests refused before any work, because too many were there");
    metrics::describe_counter!(COMMITS, "Durable commits of this node");
    metrics::describe_counter!(JOBS, "Use cases that those commits carried");
    metrics::describe_counter!(
        RETRIES,
        "Attempts repeated after a serialisation failure or a lost connection"
    );
    metrics::describe_gauge!(
        BEHIND,
        metrics::Unit::Seconds,
        "How far the database's clock is behind the latest time that it has shown"
    );
    metrics::describe_counter!(READS, "Read transactions of this node");
    let handle = RECORDING.get_or_init(|| handle).clone();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(UPKEEP);
        loop {
            every.tick().await;
            upkeep.run_upkeep();
        }
    });
    Ok(Router::new().route(
        "/metrics",
        get(move || async move {
            let stats = db.stats();
            metrics::counter!(COMMITS).absolute(stats.commits);
            metrics::counter!(JOBS).absolute(stats.jobs);
            metrics::counter!(RETRIES).absolute(stats.retries);
            let behind = u64::try_from(db.clock_behind().micros()).unwrap_or_default();
            metrics::gauge!(BEHIND).set(Duration::from_micros(behind).as_secs_f64());
            metrics::counter!(READS).absolute(stats.reads);
            let relay = tunnels.map(|tunnels| tunnels.counts().prometheus()).unwrap_or_default();
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render() + &relay)
        }),
    ))
}

/// Counts one request that was not let in.
pub(crate) fn refused() {
    if RECORDING.get().is_some() {
        metrics::counter!(REFUSED).increment(1);
    }
}

/// Counts one answered request. `route` is the pattern, never the address: its cardinality is bounded.
pub(crate) fn request(method: &Method, route: &str, status: StatusCode, took: Duration) {
    if RECORDING.get().is_none() {
        return;
    }
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "other",
    };
    let route = route.to_owned();
    metrics::counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.as_str().to_owned())
        .increment(1);
    metrics::histogram!(SECONDS, "route" => route).record(took.as_secs_f64());
}
