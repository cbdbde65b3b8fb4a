//! Counts in the background what the console's overview shows, and erases what was kept long enough.
//!
//! People are counted in steps of some milliseconds with a pause after each, on a thread of their own, so that nobody who
//! signs in waits for it; the larger the organisation, the more seldom.

use std::sync::Arc;
use std::time::{Duration, Instant};

use primitives::time::Span;
use service::insight::{self, Walk};
use store::StoreError;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::app::App;

/// How often sign-ins are counted.
const SIGN_INS: Duration = Duration::from_secs(2);
/// How often people are counted at most.
const OFTEN: Span = Span::from_minutes(1);
/// Pause after a step, in lengths of the step: a tenth of a processor is what it takes.
const PAUSE: u32 = 9;
/// Pause after a counting, in lengths of its work.
const REST: i64 = 20;
/// For how long a counting is this process's. One that takes longer is done twice at worst.
const LEASE: Span = Span::from_minutes(30);
/// How often what was kept long enough is looked for.
const RETENTION: Duration = Duration::from_secs(60);

/// Reads of SQLite run on the thread that asks, and these are longer than requests should wait for.
pub(crate) async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    let here = Handle::current();
    let work = tokio::task::spawn_blocking(move || {
        here.block_on(async {
            tokio::join!(
                sign_ins(Arc::clone(&app), stop.clone()),
                people(Arc::clone(&app), stop.clone()),
                retention(app, stop)
            );
        });
    });
    if let Err(error) = work.await {
        tracing::error!(%error, "counting in the background has ended");
    }
}

async fn sign_ins(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match insight::count_sign_ins(&app.service).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "sign-ins could not be counted"),
        }
        let _ = tokio::time::timeout(SIGN_INS, stop.changed()).await;
    }
}

async fn people(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut every = OFTEN;
    while !*stop.borrow() {
        match count_people(&app, every, &mut stop).await {
            Ok(Some(worked)) => {
                every = OFTEN.max(Span::from_micros(worked.micros().saturating_mul(REST)));
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "people could not be counted"),
        }
        let _ = tokio::time::timeout(SIGN_INS, stop.changed()).await;
    }
}

/// Counts everybody, if it is time; how long that worked.
async fn count_people(
    app: &App,
    every: Span,
    stop: &mut watch::Receiver<bool>,
) -> Result<Option<Span>, StoreError> {
    let cx = &app.service;
    if !insight::may_walk(cx, every, LEASE).await? {
        return Ok(None);
    }
    let mut walk = Walk::new(cx, cx.db.not_before(app.ambient.now()));
    let mut worked = Duration::ZERO;
    loop {
        let begun = Instant::now();
        let more = walk.step(cx).await?;
        let step = begun.elapsed();
        worked = worked.saturating_add(step);
        if !more {
            break;
        }
        if *stop.borrow() {
            insight::walked(cx).await?;
            return Ok(None);
        }
        let _ = tokio::time::timeout(step.saturating_mul(PAUSE), stop.changed()).await;
    }
    let worked = Span::from_micros(i64::try_from(worked.as_micros()).unwrap_or(i64::MAX));
    walk.keep(cx, worked).await?;
    insight::walked(cx).await?;
    Ok(Some(worked))
}

async fn retention(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match service::retention::sweep(&app.service).await {
            Ok(erased) if erased.more => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "what was kept long enough could not be erased"),
        }
        let _ = tokio::time::timeout(RETENTION, stop.changed()).await;
    }
}
