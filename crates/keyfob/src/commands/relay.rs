//! `keyfob relay`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use hybrid::tunnel_domain;
use serde_json::json;

use super::Failure;
use crate::ambient::Environment;
use crate::cli::Common;
use crate::io::relay::{self, Settings};

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where tunnels are taken
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Certificate chain of the service's name, PEM
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// A proxy in front speaks TLS and says in X-Forwarded-For who asks
    #[arg(long)]
    behind_proxy: bool,
    /// Where metrics are shown
    #[arg(long, value_name = "ADDRESS:PORT")]
    metrics: Option<SocketAddr>,
    /// Tunnels at once
    #[arg(long, value_name = "NUMBER", default_value_t = ::tunnel::Limits::default().tunnels)]
    tunnels: usize,
    /// Tunnels at once from one address
    #[arg(long, value_name = "NUMBER", default_value_t = ::tunnel::Limits::default().tunnels_from_one)]
    tunnels_from_one: usize,
    /// Connections that one address may begin within a minute
    #[arg(long, value_name = "NUMBER", default_value_t = ::tunnel::Limits::default().attempts_from_one)]
    attempts_from_one: u32,
    /// Only print the host name under which clients look for the service with that number, 256 to 65535
    #[arg(long, value_name = "NUMBER")]
    name_of: Option<u16>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    if let Some(number) = arguments.name_of {
        let name = tunnel_domain::name(number)
            .map_err(|_| Failure::usage("Numbers below 256 are assigned, and that one to nobody."))?;
        return super::print(common, &json!({ "domain": number, "name": name }), || name.clone());
    }
    log();
    let settings = Settings {
        listen: arguments.listen,
        metrics: arguments.metrics,
        tls: arguments.certificate.clone().zip(arguments.key.clone()),
        behind_proxy: arguments.behind_proxy,
        limits: ::tunnel::Limits {
            tunnels: arguments.tunnels,
            tunnels_from_one: arguments.tunnels_from_one,
            attempts_from_one: arguments.attempts_from_one,
            ..::tunnel::Limits::default()
        },
    };
    super::now(async {
        let bound = relay::bind(settings).await.map_err(Failure::refused)?;
        let address = bound.address().map(|address| address.to_string()).unwrap_or_default();
        let metrics = bound.metrics_address().map(|address| address.to_string());
        super::print(common, &json!({ "listening": address, "metrics": metrics }), || {
            let metrics = metrics.as_deref().map(|at| format!(", metrics at {at}")).unwrap_or_default();
            format!("Tunnels at {address}{metrics}")
        })?;
        bound.run().await.map_err(Failure::refused)
    })
}

/// A service is followed by its log: warnings and what it says of itself, or what `KEYFOB_LOG` says.
fn log() {
    let filter = Environment::read().log.unwrap_or_else(|| "info".to_owned());
    let filter = tracing_subscriber::EnvFilter::new(filter);
    // Where somebody listens already, theirs stays.
    let _ = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter).try_init();
}
