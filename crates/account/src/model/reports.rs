//! What the status reports about a model come to (FIDO MDS 3.1 section 3.1.4).

use primitives::time::Timestamp;

use super::{Broken, Certification};

/// Where a model stands at `now` by its `reports`, each a status and the time from which it holds: the certification in
/// force, and why its passkeys cannot be relied on, if so.
///
/// What was once reported broken stays so: an update helps only the authenticators that got it, and from a passkey
/// nobody can tell whether its own did. A status that is not known says nothing.
pub fn standing<'a>(
    reports: impl IntoIterator<Item = (&'a str, Option<Timestamp>)>,
    now: Timestamp,
) -> (Option<Certification>, Option<Broken>) {
    let mut in_force: Vec<(&str, Timestamp)> = reports
        .into_iter()
        .map(|(status, since)| (status, since.unwrap_or(Timestamp::EPOCH)))
        .filter(|(_, since)| *since <= now)
        .collect();
    // Stable: of two reports of one day the later in the list is the later one.
    in_force.sort_by_key(|(_, since)| *since);
    let (mut certification, mut broken) = (None, None);
    for (status, _) in in_force {
        if let Some(level) = certified(status) {
            certification = certification.max(Some(level));
        } else if matches!(status, "NOT_FIDO_CERTIFIED" | "REVOKED") {
            certification = None;
        }
        if let Some(reason) = Broken::parse(status) {
            // The first of the enumeration is what is told: a revocation is the last word.
            broken = Some(broken.map_or(reason, |before: Broken| before.min(reason)));
        }
    }
    (certification, broken)
}

fn certified(status: &str) -> Option<Certification> {
    match status {
        // The name before there were levels.
        "FIDO_CERTIFIED" | "FIDO_CERTIFIED_L1" => Some(Certification::L1),
        "FIDO_CERTIFIED_L1plus" => Some(Certification::L1Plus),
        "FIDO_CERTIFIED_L2" => Some(Certification::L2),
        "FIDO_CERTIFIED_L2plus" => Some(Certification::L2Plus),
        "FIDO_CERTIFIED_L3" => Some(Certification::L3),
        "FIDO_CERTIFIED_L3plus" => Some(Certification::L3Plus),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
