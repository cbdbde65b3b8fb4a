//! What a server does besides answering: chaining audit events and sweeping what time has ended.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use primitives::entropy;
use store::anchor::{Anchor, AnchorFile};
use store::audit::{Head, Sequenced};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::mail::{self, Mailer};

/// How often committed events are numbered and chained; DESIGN 5a.8 promises within a second.
const SEQUENCE: Duration = Duration::from_millis(500);
/// How often rows past their time are removed. Nothing depends on it but the size of the database.
const SWEEP: Duration = Duration::from_secs(60);
/// How often a node asks which policy is in force; all follow within a second.
const FOLLOW_POLICY: Duration = Duration::from_millis(500);
/// After a failure the sequencer waits this long, so that an unreachable database is not hammered.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Starts the tasks; they end when `stop` says so, after chaining what is there.
pub(crate) fn start(
    app: &Arc<App>,
    anchor: AnchorFile,
    mailer: Option<Mailer>,
    stop: &watch::Receiver<bool>,
) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(sequence(Arc::clone(app), anchor, stop.clone())),
        tokio::spawn(sweep(Arc::clone(app), stop.clone())),
        tokio::spawn(crate::counting::run(Arc::clone(app), stop.clone())),
        tokio::spawn(follow_policy(Arc::clone(app), stop.clone())),
        tokio::spawn(follow_signing_keys(Arc::clone(app), stop.clone())),
        tokio::spawn(mail::run(Arc::clone(app), mailer, stop.clone())),
    ]
}

/// Writes what this node has seen of its database beside the key file (DESIGN 5a.9), on a thread that may wait for
/// the disk: two flushes twice a second would hold up requests.
async fn remember(app: &App, file: &AnchorFile, head: Head) -> io::Result<()> {
    let anchor = Anchor { epoch: app.service.settings().deployment_epoch, head: Some(head) };
    let file = file.clone();
    let stored = tokio::task::spawn_blocking(move || file.store(&anchor)).await;
    stored.unwrap_or_else(|error| Err(io::Error::other(error)))
}

async fn sequence(app: Arc<App>, anchor: AnchorFile, mut stop: watch::Receiver<bool>) {
    // Names this process in the lease; never used again.
    let holder: [u8; 16] = entropy::array(app.ambient.entropy().as_mut());
    loop {
        let stopping = *stop.borrow();
        let wait = match service::housekeeping::sequence_once(&app.service, holder).await {
            Ok(Sequenced::Batch { head, more, .. }) => {
                if let Err(error) = remember(&app, &anchor, head).await {
                    tracing::error!(%error, file = %anchor.path().display(), "the newest audit head cannot be kept");
                }
                if more { Duration::ZERO } else { SEQUENCE }
            }
            Ok(Sequenced::Nothing) => SEQUENCE,
            Ok(Sequenced::HeldByOther { .. }) => AFTER_FAILURE,
            Err(error) => {
                tracing::error!(%error, "audit events could not be chained");
                AFTER_FAILURE
            }
        };
        if stopping {
            break;
        }
        let _ = tokio::time::timeout(wait, stop.changed()).await;
    }
    if let Err(error) = service::housekeeping::stop_sequencing(&app.service, holder).await {
        tracing::warn!(%error, "the sequencer's lease was not given back");
    }
}

/// Takes over what other nodes have applied, and what has come due.
async fn follow_policy(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let wait = match service::policy_in_force::refresh(&app.service).await {
            Ok(_) => FOLLOW_POLICY,
            Err(error) => {
                tracing::error!(code = error.code(), ?error, "the policy in force could not be read");
                AFTER_FAILURE
            }
        };
        let _ = tokio::time::timeout(wait, stop.changed()).await;
    }
}

/// Takes over the keys that sign tokens from other nodes, and makes the next ones when their time has come.
async fn follow_signing_keys(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let wait = match service::signing_keys::refresh(&app.service).await {
            Ok(_) => FOLLOW_POLICY,
            Err(error) => {
                tracing::error!(code = error.code(), "the keys that sign tokens could not be read");
                AFTER_FAILURE
            }
        };
        let _ = tokio::time::timeout(wait, stop.changed()).await;
    }
}

async fn sweep(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match service::housekeeping::sweep(&app.service).await {
            // In turns, so that a night's leavings do not hold up the writer in one piece.
            Ok(swept) if swept.more() => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "rows past their time could not be removed"),
        }
        let mut caller = crate::node::operator();
        match service::erase_user::erase_due(&app.service, &mut caller).await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "accounts deleted long enough ago were erased"),
            Err(error) => tracing::error!(%error, "deleted accounts could not be erased"),
        }
        let _ = tokio::time::timeout(SWEEP, stop.changed()).await;
    }
}
