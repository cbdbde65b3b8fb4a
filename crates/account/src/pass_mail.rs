//! Mails that bring a pass to somebody's private address: name and pass never stand in the same one.
//!
//! One mail says what to do and for which account; the other holds the pass and nothing that says whose it is.

use primitives::id::Id;
use primitives::time::Timestamp;

use crate::names::named_enum;
use crate::temporary_pass::PassId;
use crate::user::UserId;

/// Identifies a [`PassMail`].
pub type PassMailId = Id<PassMail>;

named_enum! {
    /// Which of the two mails.
    pub enum Part {
        /// What to do, and for which account.
        Instructions = "instructions",
        /// The pass.
        Pass = "pass",
    }
}

named_enum! {
    /// How far a mail is.
    pub enum Delivery {
        /// It waits for its turn, or for another try.
        Waiting = "waiting",
        /// It is being handed over.
        Sending = "sending",
        /// The mail server has it.
        Sent = "sent",
        /// Nobody took it, or the pass ended before.
        Failed = "failed",
    }
}

/// One of the two mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassMail {
    /// Its identifier.
    pub id: PassMailId,
    /// For whom.
    pub user: UserId,
    /// Which pass it is about.
    pub pass: PassId,
    /// Which of the two.
    pub part: Part,
    /// Address and value, sealed for this row; gone once it was sent or given up.
    pub sealed: Option<Vec<u8>>,
    /// When it was written.
    pub at: Timestamp,
    /// How far it is.
    pub delivery: Delivery,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try failed, in the mail server's words.
    pub error: Option<String>,
}
