//! What a server does besides answering: chaining audit events and sweeping what time has ended.

use std::sync::Arc;
use std::time::Duration;

use store::anchor::AnchorFile;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;

/// How often committed events are numbered and chained; DESIGN 5a.8 promises within a second.
const SEQUENCE: Duration = Duration::from_millis(200);
/// How often rows past their time are removed. Nothing depends on it but the size of the database.
const SWEEP: Duration = Duration::from_secs(60);
/// After a failure the sequencer waits this long, so that an unreachable database is not hammered.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Starts both tasks; they end when `stop` says so, after chaining what is there.
pub fn start(app: &Arc<App>, anchor: AnchorFile, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(sequence(Arc::clone(app), anchor, stop.clone())),
        tokio::spawn(sweep(Arc::clone(app), stop.clone())),
    ]
}

async fn sequence(app: Arc<App>, anchor: AnchorFile, mut stop: watch::Receiver<bool>) {
    loop {
        let stopping = *stop.borrow();
        let wait = match service::housekeeping::sequence_once(&app.service).await {
            Ok(_) => SEQUENCE,
            Err(error) => {
                tracing::error!(%error, "audit events could not be chained");
                AFTER_FAILURE
            }
        };
        if stopping {
            return;
        }
        let _ = tokio::time::timeout(wait, stop.changed()).await;
    }
}

async fn sweep(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = service::housekeeping::sweep(&app.service).await {
            tracing::error!(%error, "rows past their time could not be removed");
        }
        let _ = tokio::time::timeout(SWEEP, stop.changed()).await;
    }
}
