//! TLS from certificate files that may change under the running server.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;

use crate::config::TlsFiles;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(30);

/// Loads the files, with a sentence that names what cannot be used.
pub(crate) async fn load(files: &TlsFiles) -> Result<RustlsConfig, String> {
    // One provider for the process; a second call finds the first one's.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    RustlsConfig::from_pem_file(&files.certificate, &files.key).await.map_err(|error| {
        format!(
            "The certificate {} or its key {} cannot be used ({error}): correct the files or their permissions.",
            files.certificate.display(),
            files.key.display()
        )
    })
}

/// Loads the files again when they have changed, and whenever `now` is notified; a pair that cannot be used
/// leaves the old one in place.
pub(crate) async fn keep_fresh(config: RustlsConfig, files: TlsFiles, now: Arc<tokio::sync::Notify>) {
    let mut seen = changed(&files);
    loop {
        let asked = tokio::time::timeout(LOOK, now.notified()).await.is_ok();
        let current = changed(&files);
        if !asked && current == seen {
            continue;
        }
        seen = current;
        match config.reload_from_pem_file(&files.certificate, &files.key).await {
            Ok(()) => tracing::info!(certificate = %files.certificate.display(), "certificate loaded again"),
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
