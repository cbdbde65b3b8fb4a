//! Reading the ceremonies that a rule of WebAuthn refused, for `keyward explain`.

use store::StoreError;
use store::refused_ceremonies::{self, RefusedCeremony};

use crate::context::Context;

/// The refused ceremony that a person was given `reference` for, if it is still kept.
pub async fn find(cx: &Context, reference: String) -> Result<Option<RefusedCeremony>, StoreError> {
    cx.db.read(move |tx| refused_ceremonies::by_reference(tx, &reference)).await
}

/// The newest, at most `limit`, newest first.
pub async fn list(cx: &Context, limit: u32) -> Result<Vec<RefusedCeremony>, StoreError> {
    cx.db.read(move |tx| refused_ceremonies::newest(tx, limit)).await
}
