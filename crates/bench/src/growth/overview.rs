//! The console's overview: how long an administrator waits for it, and what counting everybody for it costs in the
//! background.

use std::time::{Duration, Instant};

use primitives::time::Span;
use service::Context;
use service::insight::{self, Walk};
use service::read_log::Sight;

use crate::failure::Failure;
use crate::histogram::millis;
use crate::sign_in::median;

/// How often it is looked at; the median is told.
const TIMES: usize = 9;
/// How long it may take, however many people there are.
const AT_MOST: Duration = Duration::from_millis(100);

/// What the overview costs, milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overview {
    /// Reading what it shows, median.
    pub(crate) shown: f64,
    /// Counting all people, in one go.
    pub(crate) counted: f64,
}

/// Counts everybody as the server does in the background, but without its pauses, and looks at the overview.
pub(crate) fn measure(service: &Context, users: u64) -> Result<Overview, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    let failed = "cannot count people";
    runtime.block_on(async {
        let begun = Instant::now();
        let mut walk = Walk::new(service, server::context::system_now());
        while walk.step(service).await.map_err(Failure::because(failed))? {}
        let counted = begun.elapsed();
        let worked = Span::from_micros(i64::try_from(counted.as_micros()).unwrap_or(i64::MAX));
        let fleet = walk.keep(service, worked).await.map_err(Failure::because(failed))?;
        if fleet.people < users {
            return Err(Failure::new(format!("the counting missed people: {} of {users}", fleet.people)));
        }
        let mut taken = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begun = Instant::now();
            let sight = Some(Sight::Everything);
            let seen = insight::overview(service, server::context::system_now(), sight).await;
            seen.map_err(Failure::because("cannot read the overview"))?;
            taken.push(millis(begun.elapsed()));
        }
        let shown = median(&taken);
        if shown > millis(AT_MOST) {
            return Err(Failure::new(format!("the overview took {shown:.0} ms at {users} people")));
        }
        Ok(Overview { shown, counted: millis(counted) })
    })
}
