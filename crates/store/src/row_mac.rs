//! MACs over the authority columns of rows (DESIGN 5a.1).
//!
//! Whoever can write the database but not read the key file can neither make such a row, nor change it, nor move a
//! part of it to another row: the MAC covers the table's name and every column that decides something, the row's id
//! among them. An older version of a row put back whole is not seen here; it shows against the audit heads.

use std::fmt::Display;

use primitives::keys::{KeyRing, MAC_LENGTH, Purpose};

use crate::db::Param;
use crate::error::StoreError;

/// Rises when the meaning of the covered columns changes.
const VERSION: u8 = 1;

/// Collects the covered columns in order.
pub(crate) struct RowMac {
    table: &'static str,
    columns: Vec<u8>,
}

impl RowMac {
    pub(crate) fn new(table: &'static str) -> Self {
        Self { table, columns: vec![VERSION] }
    }

    /// Covers one more column. Type and length go in with the value, so no two rows have the same text.
    pub(crate) fn with<'a>(mut self, value: impl Into<Param<'a>>) -> Self {
        match value.into() {
            Param::Null => self.part(0, &[]),
            Param::Integer(value) => self.part(1, &value.to_be_bytes()),
            Param::Text(value) => self.part(2, value.as_bytes()),
            Param::Bytes(value) => self.part(3, value),
        }
        self
    }

    fn part(&mut self, tag: u8, value: &[u8]) {
        self.columns.push(tag);
        self.columns.extend_from_slice(&u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.columns.extend_from_slice(value);
    }

    /// The MAC to store.
    pub(crate) fn make(&self, keys: &KeyRing) -> [u8; MAC_LENGTH] {
        keys.mac(Purpose::RowMac, &[self.table.as_bytes(), &self.columns])
    }

    /// Checks the stored MAC of the row that `id` names.
    pub(crate) fn check(&self, keys: &KeyRing, mac: &[u8], id: impl Display) -> Result<(), StoreError> {
        keys.verify_mac(Purpose::RowMac, &[self.table.as_bytes(), &self.columns], mac)
            .map_err(|_| forged(self.table, id))
    }
}

/// Raises the integrity alarm and gives its error.
pub(crate) fn forged(table: &'static str, id: impl Display) -> StoreError {
    let id = id.to_string();
    tracing::error!(table, id, "integrity alarm: a row was not written by this deployment");
    StoreError::Forged { table, id }
}
