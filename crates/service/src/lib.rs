//! Floor 4: use cases, the only place that combines a rule with a transaction.
//!
//! Each thing that a person or a client can do is one file here, with one function a step. A use case reads
//! what it needs, verifies outside the writer what is slow to verify, and decides inside: the closure given
//! to [`store::Db::write`] reads again everything that the decision rests on, and whatever it changes is one
//! durable commit together with the audit event that says so.

pub mod administer_groups;
pub mod administer_keys;
pub mod administer_passes;
pub mod administer_policy;
pub mod administer_users;
pub mod answer_requests;
pub mod breached;
pub mod bulk_passes;
pub mod ceremony;
pub mod choose_language;
pub mod confirm;
pub mod confirm_with_password;
pub mod context;
pub mod deliver_passes;
pub mod demonstration;
pub mod enrol_phone;
pub mod erase_user;
pub mod export_log;
pub mod first_run;
pub mod go_passwordless;
pub mod hashing;
pub mod hooks;
pub mod housekeeping;
pub mod idempotency;
pub mod import_users;
pub mod insight;
pub mod interrupt;
pub mod manage_codes;
pub mod manage_passkeys;
pub mod manage_password;
pub mod manage_recovery_codes;
pub mod manage_sessions;
pub mod metadata;
pub mod moved;
pub mod name_people;
pub mod notify;
pub mod order_pass;
pub mod policy_in_force;
pub mod preview_strength;
pub mod provision;
pub mod provision_passkey;
pub mod read_audit;
pub mod read_history;
pub mod read_log;
pub mod read_refused;
pub mod recover_with_code;
pub mod redeem_pass;
pub mod register_passkey;
pub mod registration_details;
pub mod report_entry;
pub mod request_pass;
pub mod retention;
pub mod second_step;
pub mod secure_account;
pub mod sign_in;
pub mod sign_in_password;
pub mod sign_out;

mod alarm;
mod assertion;
mod authority;
mod drawn;
mod events;
mod judged;
mod recorded_case;
mod refusals;
mod rolled_back;
mod second_factor;

pub use authority::Unauthorised;
pub use ceremony::{CeremonyError, Started};
pub use context::{Authority, Caller, Context, Settings, SignedIn, Who};
pub use hashing::{Busy, HashPool};
