//! CTAP2 at the level of messages (CTAP 2.3 section 6): bytes in, bytes out, and questions to the person between.
//!
//! A transport hands over one request; the machine answers at once, or asks. While a question is open, nothing else is
//! taken up. Nothing here waits: whoever asks the person brings back the answer.

use fido::ctap::Status;

/// What comes of a request or of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The reply: a status byte, and CBOR after it if the status is success.
    Reply(Vec<u8>),
    /// The person is asked; [`Ctap2::answer`](crate::ctap2) goes on.
    Ask(Question),
}

impl Step {
    /// The reply that says nothing but why not.
    pub fn refused(status: Status) -> Self {
        Step::Reply(vec![status.byte()])
    }
}

/// An account as a person picks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user handle.
    pub user_handle: Vec<u8>,
    /// The name to sign in with.
    pub name: String,
    /// The name to read.
    pub display_name: String,
}

/// What the person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether to make a passkey.
    Register {
        /// The site.
        rp_id: String,
        /// What it calls itself, which nothing vouches for.
        rp_name: String,
        /// For which account.
        account: Account,
        /// Whether the passkey takes another one's place.
        replaces: bool,
        /// Whether the person is to be verified, too.
        verify: bool,
    },
    /// Whether to sign in, and with which account where there are several.
    SignIn {
        /// The site.
        rp_id: String,
        /// Newest first; never empty.
        accounts: Vec<Account>,
        /// Whether the person is to be verified, too.
        verify: bool,
    },
    /// A passkey for this site is here already, or none is: the person says that they are there, and learns of it.
    Acknowledge {
        /// The site.
        rp_id: String,
        /// What the client will be told.
        status: Status,
    },
    /// Whether this is the authenticator that they mean (CTAP 2.3 section 6.9).
    Select,
    /// Whether everything is to be deleted (CTAP 2.3 section 6.6).
    Reset,
    /// Whether this client may act for them for some minutes (section 6.5.5.7.3: a token by built-in verification).
    Verify {
        /// The site that it is for, if it says.
        rp_id: Option<String>,
    },
}

/// What the person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Approved {
        /// Whether fingerprint, password or the vault's own PIN knew them.
        verified: bool,
        /// Which of the accounts of the question; 0 where there are none.
        account: usize,
    },
    /// No.
    Denied,
    /// Nothing, for too long.
    TimedOut,
}
