//! Enrolment tickets: the errand by which a computer's wizard hands the creation of a passkey to a phone.

use primitives::id::Id;

use crate::names::named_enum;

/// Identifies an [`Enrolment`] on the computer and in events. What the phone is shown is the ticket, not this.
pub type EnrolmentId = Id<Enrolment>;

/// One errand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Its identifier.
    pub id: EnrolmentId,
}

named_enum! {
    /// What gives the phone the right to create a passkey.
    pub enum Mode {
        /// It signs in itself (B1).
        SignIn = "sign-in",
        /// The number that it shows was typed on the computer (B2).
        Number = "number",
    }
}
