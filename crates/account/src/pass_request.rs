//! Requests for a pass by people who cannot sign in (screen LP-2).

use primitives::id::Id;

/// Identifies a [`PassRequest`].
pub type PassRequestId = Id<PassRequest>;

/// What somebody who could not sign in wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassRequest {
    /// Its identifier.
    pub id: PassRequestId,
}
