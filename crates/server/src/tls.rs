//! TLS from certificate files that may change under the running server.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::sync::Notify;

use crate::config::TlsFiles;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(30);

/// Loads the files.
pub(crate) fn load(files: &TlsFiles) -> Result<RustlsConfig, Unusable> {
    read(files).map(RustlsConfig::from_config)
}

fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>, Unusable> {
    let certificate = |cause: &dyn fmt::Display| Unusable::new(&files.certificate, cause);
    let chain = CertificateDer::pem_file_iter(&files.certificate).map_err(|error| certificate(&error))?;
    let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(|error| certificate(&error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| Unusable::new(&files.key, &error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| certificate(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| certificate(&error))?;
    // The listener speaks HTTP/1.1 alone: pages load few files, and what is not spoken is not attacked.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Loads the files again when they have changed, and whenever `now` is notified; a pair that cannot be used
/// leaves the old one in place.
pub(crate) async fn keep_fresh(config: RustlsConfig, files: TlsFiles, now: Arc<Notify>) {
    let mut seen = changed(&files);
    loop {
        let asked = tokio::time::timeout(LOOK, now.notified()).await.is_ok();
        let current = changed(&files);
        if !asked && current == seen {
            continue;
        }
        seen = current;
        match read(&files) {
            Ok(fresh) => {
                config.reload_from_config(fresh);
                tracing::info!(certificate = %files.certificate.display(), "certificate loaded again");
            }
            Err(error) => {
                tracing::error!(%error, "the changed certificate cannot be used; the old one stays")
            }
        }
    }
}

fn changed(files: &TlsFiles) -> [Option<SystemTime>; 2] {
    let modified = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    [modified(&files.certificate), modified(&files.key)]
}

/// A file with which no TLS can be spoken.
#[derive(Debug)]
pub(crate) struct Unusable {
    path: String,
    cause: String,
}

impl Unusable {
    fn new(path: &Path, cause: &dyn fmt::Display) -> Self {
        Self { path: path.display().to_string(), cause: cause.to_string() }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cannot be used for TLS ({}): correct the file or its permissions.",
            self.path, self.cause
        )
    }
}
