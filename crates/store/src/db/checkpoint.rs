//! Checkpoints beside the writer: copying the log into the database file holds up no commit.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Shared;
use super::sqlite::{Role, connect};

/// How often the log is copied while there is something in it.
const EVERY: Duration = Duration::from_secs(1);

/// The thread that checkpoints; dropping this ends it.
pub(super) struct Checkpointer {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts it on the database at `path`.
    pub(super) fn start(path: &Path, shared: Arc<Shared>) -> Result<Self, std::io::Error> {
        let (stop, stopped) = mpsc::channel();
        let path = path.to_owned();
        let thread = std::thread::Builder::new()
            .name("sqlite-checkpoint".to_owned())
            .spawn(move || run(&path, &stopped, &shared))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(path: &Path, stopped: &mpsc::Receiver<()>, shared: &Shared) {
    // Opened when there is something to do: a quiet server holds no third connection.
    let mut connection = None;
    let mut seen = 0;
    while stopped.recv_timeout(EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
        let commits = shared.counters.commits.load(Ordering::Relaxed);
        if commits == seen {
            continue;
        }
        seen = commits;
        if connection.is_none() {
            connection = connect(Some(path), Role::Writer).ok();
        }
        // What fails here fails louder on the writer, whose own checkpoints go on.
        if let Some(connection) = &connection {
            let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
}
