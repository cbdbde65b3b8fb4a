//! Writes the audit log elsewhere as it comes: to a file of JSON lines, or to a syslog server.
//!
//! A task for each: an outage of one delays neither the other nor any request. Where they go, the operator wrote into the
//! configuration, so it may well be a network of the house.

mod file;
mod syslog;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use primitives::entropy;
use service::export_log::{self, Beginning, Claimed};
use store::StoreError;
use tokio::sync::watch;

use self::syslog::Sender;
use crate::app::App;
use crate::config;
use crate::outbound::Outbound;

/// How often it is looked whether anything is due.
const LOOK: Duration = Duration::from_secs(1);

/// After the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// The longest that events may take on their way; less than [`export_log::LEASE`].
const LONGEST: Duration = Duration::from_secs(30);

/// Somewhere that the log is written to.
pub struct Export {
    name: String,
    beginning: Beginning,
    personal: bool,
    way: Way,
}

enum Way {
    File(PathBuf),
    Syslog(Sender),
}

/// What the configuration names.
pub fn exports(config: &config::Export, outbound: &Outbound, host: &str) -> Vec<Export> {
    let personal = config.personal;
    let file = config.json.as_ref().map(|path| Export {
        name: format!("json {}", path.display()),
        // The file is to hold all of the log.
        beginning: Beginning::First,
        personal,
        way: Way::File(path.clone()),
    });
    let syslog = config.syslog.as_ref().map(|server| Export {
        name: format!("syslog {server}"),
        // What happened long ago would raise alarms today.
        beginning: Beginning::Now,
        personal,
        way: Way::Syslog(Sender::new(server.clone(), outbound.plain_tls(), host)),
    });
    file.into_iter().chain(syslog).collect()
}

/// Why events could not be written; for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotWritten(String);

impl NotWritten {
    fn because(cause: impl fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotWritten {}

impl Export {
    /// What it is remembered by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Remembers from where it begins, unless it has begun.
    pub async fn begin(&self, cx: &service::Context) -> Result<(), StoreError> {
        export_log::begin(cx, &self.name, self.beginning).await
    }

    /// One turn: writes what is due, as much as goes at once; says how many events that were.
    pub async fn turn(&self, cx: &service::Context, holder: [u8; 16]) -> Result<usize, StoreError> {
        let Some(claimed) = export_log::claim(cx, &self.name, holder, self.personal).await? else {
            return Ok(0);
        };
        let written = tokio::time::timeout(LONGEST, self.write(&claimed)).await;
        match written.unwrap_or_else(|_| Err(NotWritten::because("it took too long"))) {
            Ok(()) => {
                let still_ours = export_log::done(cx, &self.name, holder, &claimed).await?;
                tracing::debug!(
                    export = self.name,
                    next = claimed.next_seq(),
                    still_ours,
                    "events were written"
                );
                Ok(claimed.lines.len())
            }
            Err(error) => {
                let again = export_log::not_done(cx, &self.name, holder, &claimed).await?;
                tracing::warn!(export = self.name, %error, %again, "events were not written");
                Ok(0)
            }
        }
    }

    async fn write(&self, claimed: &Claimed) -> Result<(), NotWritten> {
        match &self.way {
            Way::Syslog(sender) => sender.send(&claimed.lines).await,
            Way::File(path) => {
                let (path, lines) = (path.clone(), claimed.lines.clone());
                let written = tokio::task::spawn_blocking(move || file::append(&path, &lines)).await;
                written.map_err(NotWritten::because)?.map_err(NotWritten::because)
            }
        }
    }
}

/// Writes until `stop` says so.
pub(crate) async fn run(app: Arc<App>, export: Export, mut stop: watch::Receiver<bool>) {
    // Names this process in the lease; never used again.
    let holder: [u8; 16] = entropy::array(app.ambient.entropy().as_mut());
    let mut begun = false;
    while !*stop.borrow() {
        let turned = async {
            if !begun {
                export.begin(&app.service).await?;
            }
            export.turn(&app.service, holder).await
        };
        let wait = match turned.await {
            Ok(written) => {
                begun = true;
                if written > 0 { Duration::ZERO } else { LOOK }
            }
            Err(error) => {
                tracing::error!(%error, export = export.name(), "the log could not be exported");
                AFTER_FAILURE
            }
        };
        let _ = tokio::time::timeout(wait, stop.changed()).await;
    }
}
