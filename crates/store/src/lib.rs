//! Floor 3: what must survive a restart, one file per table, SQL written once for SQLite and PostgreSQL.
//!
//! [`Db`] and [`Tx`] are the door; the modules of the tables are free functions on a [`Tx`] that take and give the
//! types of `account`. Rows that give authority carry a MAC and are checked where they enter (DESIGN 5a.1), so what
//! these functions return was written by this deployment. State moves by guarded statements: zero rows means that
//! somebody else was first, and the function says so.
//!
//! To add a table: a migration, a module with its `select!`, its `mac` and its `read`, its name in
//! [`backup`]'s list, and its tests in testkit's store suite, which runs on both databases.

pub mod anchor;
pub mod api_keys;
pub mod attested_devices;
pub mod audit;
pub mod authenticator_codes;
pub mod backup;
pub mod clients;
pub mod code_guesses;
pub mod consents;
pub mod db;
pub mod device_codes;
pub mod device_guesses;
pub mod enrolments;
pub mod erasure;
mod error;
pub mod exports;
pub mod fleet_counts;
pub mod grants;
pub mod groups;
pub mod guesses;
pub mod hooks;
pub mod idempotent_answers;
pub mod interrupts;
pub mod key_file;
pub mod known_browsers;
pub mod logout_notices;
pub mod marks;
pub mod metadata;
mod migrate;
pub mod notices;
pub mod partial_sign_ins;
pub mod pass_mails;
pub mod pass_orders;
pub mod pass_requests;
pub mod passkeys;
pub mod passwords;
pub mod policies;
pub mod policy_drafts;
pub mod provisioned;
pub mod recovery_codes;
pub mod refused_ceremonies;
pub mod reported_entries;
mod row_mac;
pub mod sessions;
pub mod settings;
pub mod sign_in_hours;
pub mod signing_keys;
pub mod spent;
pub mod temporary_passes;
pub mod upgrade;
pub mod users;

pub use db::{Database, Db, Stats, Tx};
pub use error::{OpenError, StoreError};

/// Rows that one turn of a sweep removes at most, so that it holds nobody up.
pub const SWEEP: i64 = 1000;
