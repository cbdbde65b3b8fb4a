//! What an issuer states: why there shall be a pass, and how the person was recognised.

use crate::names::named_enum;
use crate::user::is_control;

/// Longest words of one's own in characters; with what stands before them they fit the reason of a pass.
pub const LONGEST_NOTE: usize = 400;

named_enum! {
    /// Why there shall be a pass.
    pub enum Why {
        /// It is the person's first day.
        NewStarter = "new-starter",
        /// The phone is lost.
        LostPhone = "lost-phone",
        /// There is a new phone.
        NewPhone = "new-phone",
        /// Something else, in words.
        Other = "other",
    }
}

named_enum! {
    /// How the person was recognised.
    pub enum Check {
        /// By an identity card.
        IdCard = "id-card",
        /// They are known and stood there.
        InPerson = "in-person",
        /// They are known and were seen in a call.
        VideoCall = "video-call",
        /// They were called at a number that the organisation had.
        CallBack = "call-back",
        /// Their manager vouched.
        Manager = "manager",
    }
}

/// The reason of a pass as it was stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Why.
    pub why: Why,
    /// How the person was recognised; nobody looked where a manager orders.
    pub check: Option<Check>,
    /// Words of one's own; may be empty.
    pub note: String,
}

impl Stated {
    /// Reads what was chosen and typed.
    pub fn parse(why: &str, check: Option<&str>, note: &str) -> Result<Self, StatedRefusal> {
        let why = Why::parse(why).ok_or(StatedRefusal::WhyMissing)?;
        let check = check.map(|check| Check::parse(check).ok_or(StatedRefusal::CheckMissing)).transpose()?;
        let note = note.trim();
        if note.len() > LONGEST_NOTE.saturating_mul(4) || note.chars().count() > LONGEST_NOTE {
            return Err(StatedRefusal::NoteTooLong);
        }
        if note.chars().any(is_control) {
            return Err(StatedRefusal::NoteForm);
        }
        if why == Why::Other && note.is_empty() {
            return Err(StatedRefusal::NoteMissing);
        }
        Ok(Self { why, check, note: note.to_owned() })
    }

    /// As a pass keeps it: the same in every language, so that pages can say it in the reader's.
    pub fn text(&self) -> String {
        let mut parts = vec![self.why.as_str()];
        parts.extend(self.check.map(Check::as_str));
        let words = parts.join(", ");
        if self.note.is_empty() { words } else { format!("{words}: {}", self.note) }
    }

    /// From the reason of a pass; `None` where it was written in another way.
    pub fn of(reason: &str) -> Option<Self> {
        let (words, note) = reason.split_once(": ").unwrap_or((reason, ""));
        let (why, check) = match words.split_once(", ") {
            Some((why, check)) => (why, Some(Check::parse(check)?)),
            None => (words, None),
        };
        Some(Self { why: Why::parse(why)?, check, note: note.to_owned() })
    }
}

/// Why that is no reason for a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedRefusal {
    /// No reason was chosen.
    WhyMissing,
    /// Nothing says how the person was recognised.
    CheckMissing,
    /// Another reason than those offered, without words.
    NoteMissing,
    /// The words have more than 400 characters.
    NoteTooLong,
    /// The words hold a control or direction character.
    NoteForm,
}

impl StatedRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            StatedRefusal::WhyMissing => "reason_missing",
            StatedRefusal::CheckMissing => "identity_check_missing",
            StatedRefusal::NoteMissing => "note_missing",
            StatedRefusal::NoteTooLong => "note_too_long",
            StatedRefusal::NoteForm => "note_control_character",
        }
    }
}
