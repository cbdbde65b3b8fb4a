//! Whether this node may be sent requests: the database commits, and the clocks agree.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use primitives::time::{Span, Timestamp};
use store::{Db, StoreError, settings};

/// How long a verdict is good for: probes of any number cost one commit in this time.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// A node whose clock is further off would judge expiry wrongly (DESIGN 5a.5).
const SKEW: Span = Span::from_secs(5);

/// The setting that probes write.
const PROBE: &str = "probed_at";

/// Why a node is not ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotReady {
    /// The database does not take a write.
    Database(String),
    /// This node's clock and the database's differ by more than five seconds.
    ClockSkew,
}

impl NotReady {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            NotReady::Database(_) => "database",
            NotReady::ClockSkew => "clock_skew",
        }
    }
}

type Verdict = Result<(), NotReady>;

/// The latest verdict.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, Verdict)>>);

impl Readiness {
    /// Whether `db` commits and its clock agrees with `now`.
    pub(crate) async fn check(&self, db: &Db, now: Timestamp) -> Verdict {
        if let Some((at, verdict)) = self.latest()
            && at.elapsed() < GOOD_FOR
        {
            return verdict;
        }
        let verdict = ask(db, now).await;
        if let Err(why) = &verdict {
            tracing::error!(code = why.code(), ?why, "not ready");
        }
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some((Instant::now(), verdict.clone()));
        verdict
    }

    fn latest(&self) -> Option<(Instant, Verdict)> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

async fn ask(db: &Db, now: Timestamp) -> Verdict {
    let theirs = db
        .write(|tx| {
            // A row that changes, because an empty transaction commits on a full disk too.
            let theirs = tx.now()?;
            settings::put(tx, PROBE, &theirs.micros().to_string())?;
            Ok(theirs)
        })
        .await
        .map_err(|error: StoreError| NotReady::Database(error.to_string()))?;
    if theirs.since(now) > SKEW || now.since(theirs) > SKEW { Err(NotReady::ClockSkew) } else { Ok(()) }
}
