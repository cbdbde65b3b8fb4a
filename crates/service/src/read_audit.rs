//! Reading the audit log: listing, verifying and exporting.

use store::StoreError;
use store::audit::{self, AuditReport, Entry, ExportedBatch, ExportedEvent, Filter, Head};

use crate::context::Context;
use crate::rolled_back;

/// Events and batches that one page of an export holds at most.
pub const PAGE: u32 = 1000;

/// The newest events that the filter lets through, newest first.
pub async fn list(cx: &Context, filter: Filter, limit: u32) -> Result<Vec<Entry>, StoreError> {
    cx.db.read(move |tx| audit::list(tx, &filter, limit)).await
}

/// Checks the whole log, that it still leads to the heads seen earlier, and that no row grants more than it says.
pub async fn verify(cx: &Context, known: Vec<Head>) -> Result<AuditReport, StoreError> {
    cx.db
        .read(move |tx| {
            let mut report = audit::verify(tx, &known)?;
            if report.fault.is_none() {
                report.fault = rolled_back::find(tx)?;
            }
            Ok(report)
        })
        .await
}

/// A page of numbered events behind the number `after`.
pub async fn export(cx: &Context, after: i64) -> Result<Vec<ExportedEvent>, StoreError> {
    cx.db.read(move |tx| audit::export(tx, after, PAGE)).await
}

/// A page of signed batches behind the batch `after`.
pub async fn export_batches(cx: &Context, after: i64) -> Result<Vec<ExportedBatch>, StoreError> {
    cx.db.read(move |tx| audit::batches(tx, after, PAGE)).await
}
