//! Why a policy is not applied.

use account::policy::document::DocumentRefusal;
use store::StoreError;

use crate::authority::Unauthorised;

/// Why nothing was applied, undone or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyError {
    /// The text is no policy.
    Document(DocumentRefusal),
    /// Somebody else was first: the newest version is this one.
    Conflict {
        /// Its number.
        newest: i64,
    },
    /// So many people would be locked out, and whoever asks has not said so.
    LocksOut(u64),
    /// It is refused whatever is typed.
    Blocked(Block),
    /// The comment is longer than 500 characters or holds control characters.
    Comment,
    /// It shall take effect in the past, or more than a year from now.
    Effective,
    /// There is no such version or draft.
    NotFound,
    /// It was in force for more than 24 hours, or was undone already.
    TooLate,
    /// Whoever asks may not administer at all, or has not confirmed it.
    Unauthorised(Unauthorised),
    /// The role of whoever asks does not include this.
    Role,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for PolicyError {
    fn from(error: StoreError) -> Self {
        PolicyError::Store(error)
    }
}

impl From<DocumentRefusal> for PolicyError {
    fn from(refusal: DocumentRefusal) -> Self {
        PolicyError::Document(refusal)
    }
}

impl From<Unauthorised> for PolicyError {
    fn from(refusal: Unauthorised) -> Self {
        match refusal {
            Unauthorised::Store(error) => PolicyError::Store(error),
            other => PolicyError::Unauthorised(other),
        }
    }
}

impl PolicyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PolicyError::Document(refusal) => refusal.code(),
            PolicyError::Conflict { .. } => "policy_conflict",
            PolicyError::LocksOut(_) => "policy_locks_out",
            PolicyError::Blocked(block) => block.code(),
            PolicyError::Comment => "policy_comment",
            PolicyError::Effective => "policy_effective",
            PolicyError::NotFound => "not_found",
            PolicyError::TooLate => "policy_too_late",
            PolicyError::Unauthorised(refusal) => refusal.code(),
            PolicyError::Role => "role_too_low",
            PolicyError::Store(_) => "unknown",
        }
    }
}

/// What no typed word gets past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Whoever asks would be locked out.
    Actor,
    /// No administrator would keep a way in.
    AllAdministrators,
    /// No break-glass account would keep a way in.
    BreakGlass,
    /// There is no break-glass account; a warning, as long as there has never been one.
    NoBreakGlass,
}

impl Block {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Block::Actor => "blocked_actor",
            Block::AllAdministrators => "blocked_administrators",
            Block::BreakGlass => "blocked_break_glass",
            Block::NoBreakGlass => "no_break_glass",
        }
    }

    /// Whether it keeps the policy from being applied, or only warns.
    pub fn stops(self) -> bool {
        self != Block::NoBreakGlass
    }
}
