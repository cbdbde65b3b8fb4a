//! Requests for a pass by people who cannot sign in (screen LP-2).

use primitives::id::Id;
use primitives::time::{Span, Timestamp};

use crate::names::named_enum;
use crate::session::ClientLabel;
use crate::user::{Login, LoginRefusal, NameRefusal, UserId, bounded_text};

/// Identifies a [`PassRequest`].
pub type PassRequestId = Id<PassRequest>;

/// Open requests for one name that there are at most: the first and the latest ones, so that nobody's own is kept out by
/// a stranger who asked before or asks again and again.
pub const MOST_OF_ONE: usize = 4;

/// How long a request stays.
pub const KEPT: Span = Span::from_days(30);

/// Requests that there are at most.
pub const MOST: i64 = 500;

/// Longest contact or colleague in characters.
pub const LONGEST: usize = 120;

/// What somebody who could not sign in wrote. Whoever wrote it proved nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassRequest {
    /// Its identifier.
    pub id: PassRequestId,
    /// Whose account was named; absent where the name is nobody's.
    pub user: Option<UserId>,
    /// The key of the name that was typed.
    pub login_key: String,
    /// The reference that the person was shown.
    pub reference: String,
    /// How the person says that they can be reached. Never a number to call back.
    pub contact: String,
    /// Who, as they say, can vouch for them; may be empty.
    pub colleague: String,
    /// Why.
    pub reason: Reason,
    /// From where it came.
    pub client: ClientLabel,
    /// When.
    pub at: Timestamp,
    /// How it ended, once it has.
    pub closed: Option<Closed>,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// How.
    pub outcome: Outcome,
    /// Who closed it, as [`crate::audit::Actor`] prints.
    pub by: String,
}

named_enum! {
    /// Why somebody cannot sign in.
    pub enum Reason {
        /// The phone is lost or was stolen.
        Lost = "lost",
        /// There is a new phone.
        NewPhone = "new-phone",
        /// The passkey does not show up.
        NoPasskey = "no-passkey",
        /// The password is forgotten.
        Forgotten = "forgotten",
        /// They never had access.
        Never = "never",
    }
}

named_enum! {
    /// What became of a request.
    pub enum Outcome {
        /// A pass was issued for it.
        PassIssued = "pass-issued",
        /// It was dismissed: the person could not be recognised, or needs none.
        Dismissed = "dismissed",
    }
}

/// A request as it was typed, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The name.
    pub login: Login,
    /// How to reach them.
    pub contact: String,
    /// Who can vouch for them; may be empty.
    pub colleague: String,
    /// Why.
    pub reason: Reason,
}

impl Asked {
    /// Reads what was typed.
    pub fn parse(login: &str, contact: &str, colleague: &str, reason: Reason) -> Result<Self, AskRefusal> {
        let login = Login::parse(login).map_err(AskRefusal::Login)?;
        let contact = bounded_text(contact, LONGEST).map_err(AskRefusal::Contact)?;
        let colleague = match colleague.trim() {
            "" => String::new(),
            named => bounded_text(named, LONGEST).map_err(AskRefusal::Colleague)?,
        };
        Ok(Self { login, contact, colleague, reason })
    }
}

/// Why a request is not taken; says nothing about the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskRefusal {
    /// The text is no login.
    Login(LoginRefusal),
    /// The text is no contact.
    Contact(NameRefusal),
    /// The text is no colleague.
    Colleague(NameRefusal),
}

impl AskRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            AskRefusal::Login(refusal) => refusal.code(),
            AskRefusal::Contact(NameRefusal::Empty) => "contact_empty",
            AskRefusal::Contact(_) => "contact_form",
            AskRefusal::Colleague(_) => "colleague_form",
        }
    }
}

#[cfg(test)]
mod tests;
