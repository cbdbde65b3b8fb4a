//! Whether this node may be sent requests: the database commits, and the clocks agree with each other and with themselves.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use primitives::time::{Span, Timestamp};
use store::{Db, StoreError, settings};

/// How long a verdict is good for: probes of any number cost one commit in this time.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// A database that takes longer for one small commit is not one to send people to.
const PATIENCE: Duration = Duration::from_secs(2);
/// A node whose clock is further off would judge expiry wrongly (DESIGN 5a.5).
const SKEW: Span = Span::from_secs(5);

/// The alarm: a database's clock that is so far behind what it said before has been set back.
const BEHIND: Span = Span::from_secs(5);
/// Beyond it a node is not ready: by the rule that time runs at half its speed until the clock has caught up, it would
/// take hours, and everything issued meanwhile bears a wrong time.
const FAR_BEHIND: Span = Span::from_hours(1);

/// The setting that probes write.
const PROBE: &str = "probed_at";

/// Why a node is not ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotReady {
    /// The database does not take a write.
    Database(String),
    /// The database's clock went back by more than an hour: times are wrong until the operator says which are right.
    ClockBehind,
    /// This node's clock and the database's differ by more than five seconds.
    ClockSkew,
}

impl NotReady {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            NotReady::Database(_) => "database",
            NotReady::ClockBehind => "clock_behind",
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
        let asked = tokio::time::timeout(PATIENCE, ask(db, now)).await;
        let verdict = asked.unwrap_or_else(|_| Err(NotReady::Database("it does not answer".to_owned())));
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
    let behind = db.clock_behind();
    if behind > BEHIND {
        let seconds = behind.secs();
        tracing::error!(
            seconds,
            "the clock of the database went back; expiry is judged by the latest time it has shown"
        );
    }
    if behind > FAR_BEHIND {
        return Err(NotReady::ClockBehind);
    }
    // Their clock as it stands: that it went back is no disagreement with ours.
    let theirs = theirs - behind;
    if theirs.since(now) > SKEW || now.since(theirs) > SKEW { Err(NotReady::ClockSkew) } else { Ok(()) }
}
