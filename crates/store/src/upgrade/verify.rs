//! Reads every row that carries a MAC, and the whole audit chain.

use super::{Progress, Told, UpgradeError};
use crate::audit::{self, Head};
use crate::db::Tx;
use crate::error::StoreError;
use crate::{
    api_keys, attested_devices, authenticator_codes, clients, consents, enrolments, grants, groups, hooks,
    metadata, partial_sign_ins, pass_orders, passkeys, passwords, policies, recovery_codes, sessions,
    settings, signing_keys, temporary_passes, users,
};

/// What was found to be as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Tables and how many of their rows.
    pub rows: Vec<(&'static str, u64)>,
    /// Numbered audit events.
    pub events: i64,
    /// Signed heads of the audit chain.
    pub batches: i64,
    /// Audit events that wait for their number.
    pub pending: i64,
}

/// Checks a page of a table behind an id, and gives the ids.
type CheckPage = fn(&mut Tx<'_>, &[u8]) -> Result<Vec<Vec<u8>>, StoreError>;

const TABLES: &[(&str, CheckPage)] = &[
    ("users", users::check_page),
    ("groups", groups::check_page),
    ("passkeys", passkeys::check_page),
    ("temporary_passes", temporary_passes::check_page),
    ("sessions", sessions::check_page),
    ("enrolments", enrolments::check_page),
    ("passwords", passwords::check_page),
    ("authenticator_codes", authenticator_codes::check_page),
    ("recovery_codes", recovery_codes::check_page),
    ("partial_sign_ins", partial_sign_ins::check_page),
    ("api_keys", api_keys::check_page),
    ("policies", policies::check_page),
    ("pass_orders", pass_orders::check_page),
    ("metadata_sources", metadata::check_sources),
    ("metadata_entries", metadata::check_page),
    ("attestation_authorities", attested_devices::check_authorities),
    ("attested_devices", attested_devices::check_page),
    ("hooks", hooks::check_page),
    ("clients", clients::check_page),
    ("grants", grants::check_page),
    ("consents", consents::check_page),
    ("signing_keys", signing_keys::check_page),
    ("device_codes", crate::device_codes::check_page),
];

pub(super) fn everything(tx: &mut Tx<'_>, known: &[Head], told: &Told) -> Result<Verified, UpgradeError> {
    let mut rows = vec![("settings", settings::check_all(tx)?)];
    for (table, page) in TABLES {
        let (mut after, mut count) = (Vec::new(), 0_u64);
        loop {
            let ids = page(tx, &after)?;
            count = count.saturating_add(u64::try_from(ids.len()).unwrap_or(u64::MAX));
            match ids.into_iter().last() {
                Some(last) => after = last,
                None => break,
            }
            told(Progress::Checking(table, count));
        }
        rows.push((table, count));
    }
    told(Progress::CheckingAudit);
    let report = audit::verify_at_rest(tx, known)?;
    match report.fault {
        Some(fault) => Err(UpgradeError::Audit(fault)),
        None => {
            Ok(Verified { rows, events: report.events, batches: report.batches, pending: report.pending })
        }
    }
}
