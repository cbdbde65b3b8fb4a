//! TLS from certificate files that may change under the running service.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::RelayFailure;

/// A certificate and where it is from.
pub(super) struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<ServerConfig>>,
}

impl Certificate {
    pub(super) fn load(chain: PathBuf, key: PathBuf) -> Result<Self, RelayFailure> {
        let current = RwLock::new(read(&chain, &key)?);
        Ok(Self { chain, key, current })
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&current))
    }

    /// A pair that cannot be used leaves the old one in place.
    pub(super) fn reload(&self) {
        match read(&self.chain, &self.key) {
            Ok(fresh) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                tracing::info!(certificate = %self.chain.display(), "certificate loaded again");
            }
            Err(error) => tracing::error!(%error, "the certificate cannot be used; the old one stays"),
        }
    }
}

fn read(chain: &Path, key: &Path) -> Result<Arc<ServerConfig>, RelayFailure> {
    let unusable =
        |path: &Path, cause: String| RelayFailure::Certificate(format!("{}: {cause}", path.display()));
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(chain, error.to_string()))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, error.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, secret))
        .map_err(|error| unusable(chain, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Connections here are few a person and long; what resumption keeps is more than it saves.
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}
