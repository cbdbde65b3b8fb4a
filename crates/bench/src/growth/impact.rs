//! What a change of policy does to everybody, answered before it is made: how long an administrator waits for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use service::{Context, administer_policy};

use crate::failure::Failure;
use crate::histogram::millis;

/// The people at whom the promise is made, and how long it may take for them.
const PEOPLE: u64 = 100_000;
const AT_MOST: Duration = Duration::from_secs(5);

/// Everybody's passkeys would be refused: the dearest answer, because everybody is judged by both policies.
const DOCUMENT: &str = "[[passkeys.profile]]\nname = \"attested\"\nattestation = \"required\"\n";

/// Milliseconds until it is answered.
pub(crate) fn measure(service: &Context, users: u64) -> Result<f64, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    let begun = Instant::now();
    let silent: administer_policy::Progress = Arc::new(|_, _| {});
    let impact = runtime.block_on(administer_policy::check(service, DOCUMENT, None, silent));
    let taken = millis(begun.elapsed());
    let impact = impact.map_err(|error| Failure::new(format!("no forecast: {error:?}")))?;
    // A run on populations that were kept has people of earlier runs as well.
    if impact.summary.locked_out < users {
        return Err(Failure::new(format!("the forecast missed people: {:?}", impact.summary)));
    }
    Ok(taken)
}

/// Whether so long is good for so many.
pub(crate) fn holds(users: u64, taken: f64) -> bool {
    users > PEOPLE || taken <= millis(AT_MOST)
}
