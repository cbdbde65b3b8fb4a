//! The steps of sections 7.1 and 7.2 in own words, each with what became of it.

use fido::options::UserVerification;

use super::Kind;
use super::case::Asked;
use super::judge::View;
use super::topics::{self, Topic};
use crate::{Allow, AuthenticationRefusal, Mediation, RegistrationRefusal};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the section.
    pub number: u8,
    /// What it is about.
    pub title: &'static str,
    /// What became of it.
    pub state: StepState,
    /// What was found, where there is something to tell.
    pub detail: Option<String>,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Its rule held.
    Held,
    /// Its rule was broken, which ended the ceremony.
    Refused,
    /// Another rule was broken before.
    NotReached,
    /// It demands nothing of this ceremony.
    NotApplicable,
}

impl StepState {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            StepState::Held => "held",
            StepState::Refused => "refused",
            StepState::NotReached => "not reached",
            StepState::NotApplicable => "not applicable",
        }
    }
}

/// Where a ceremony ended.
#[derive(Clone, Copy)]
pub(super) enum Ending {
    Accepted,
    /// At the step of that number, and at that point of the order in which the rules are checked.
    Refused {
        step: u8,
        at: u16,
    },
}

impl Ending {
    pub(super) fn step(self) -> Option<u8> {
        match self {
            Ending::Accepted => None,
            Ending::Refused { step, .. } => Some(step),
        }
    }

    fn refused(step: u8, at: Option<u16>) -> Self {
        Ending::Refused { step, at: at.unwrap_or(u16::from(step).saturating_mul(10)) }
    }
}

/// The credential id's length is seen when the authenticator data are read, after step 13.
const CREDENTIAL_ID_READ: u16 = 135;
/// The types of all client data are seen when they are parsed, after step 6 of 7.1 or 9 of 7.2.
const CREATION_DATA_READ: u16 = 65;
const ASSERTION_DATA_READ: u16 = 95;
/// Authenticator data of an assertion are read after the client data have been judged.
const AUTHENTICATOR_DATA_READ: u16 = 145;

pub(super) fn registration_ending(refusal: &RegistrationRefusal) -> Ending {
    let step = refusal.step();
    let at = match refusal {
        RegistrationRefusal::ClientData(_) if step > 6 => Some(CREATION_DATA_READ),
        RegistrationRefusal::AuthenticatorData(_) if step == 25 => Some(CREDENTIAL_ID_READ),
        _ => None,
    };
    Ending::refused(step, at)
}

pub(super) fn authentication_ending(refusal: &AuthenticationRefusal) -> Ending {
    let step = refusal.step();
    let at = match refusal {
        AuthenticationRefusal::ClientData(_) if step > 9 => Some(ASSERTION_DATA_READ),
        _ if step == 7 => Some(AUTHENTICATOR_DATA_READ),
        _ => None,
    };
    Ending::refused(step, at)
}

/// When the rule of a step is checked.
fn checked_at(kind: Kind, step: u8) -> u16 {
    match (kind, step) {
        (Kind::Registration, 25) => CREDENTIAL_ID_READ,
        (Kind::Authentication, 7) => AUTHENTICATOR_DATA_READ,
        _ => u16::from(step).saturating_mul(10),
    }
}

fn table(kind: Kind) -> &'static [(&'static str, Topic)] {
    match kind {
        Kind::Registration => &REGISTRATION,
        Kind::Authentication => &AUTHENTICATION,
    }
}

/// All steps of a ceremony that was not judged.
pub(super) fn unreached(kind: Kind) -> Vec<Step> {
    let step = |(number, title, _)| Step { number, title, state: StepState::NotReached, detail: None };
    numbered(kind).map(step).collect()
}

/// All steps of a ceremony that was judged.
pub(super) fn steps(kind: Kind, ending: Ending, view: &View<'_>, finding: &str) -> Vec<Step> {
    numbered(kind)
        .map(|(number, title, topic)| {
            let state = state(kind, ending, number, is_applicable(kind, number, view.asked));
            let detail = match state {
                StepState::Refused => Some(finding.to_owned()),
                StepState::NotReached => None,
                StepState::Held | StepState::NotApplicable => topics::detail(topic, view),
            };
            Step { number, title, state, detail }
        })
        .collect()
}

fn numbered(kind: Kind) -> impl Iterator<Item = (u8, &'static str, Topic)> {
    (1..).zip(table(kind)).map(|(number, (title, topic))| (number, *title, *topic))
}

fn state(kind: Kind, ending: Ending, number: u8, applicable: bool) -> StepState {
    match ending {
        Ending::Refused { step, .. } if step == number => StepState::Refused,
        Ending::Refused { at, .. } if checked_at(kind, number) > at => StepState::NotReached,
        _ if applicable => StepState::Held,
        _ => StepState::NotApplicable,
    }
}

/// Whether a step demands something of this ceremony here.
fn is_applicable(kind: Kind, number: u8, asked: &Asked) -> bool {
    match (kind, number, asked) {
        // User presence, except for conditional creation.
        (Kind::Registration, 15, Asked::Registration { state, .. }) => {
            state.mediation != Mediation::Conditional
        }
        (Kind::Registration, 16, Asked::Registration { state, .. }) => {
            state.user_verification == UserVerification::Required
        }
        // No policy here depends on backup eligibility and state; explaining stores nothing.
        (Kind::Registration, 18 | 19 | 27 | 29, _) | (Kind::Authentication, 24 | 25, _) => false,
        (Kind::Registration, 24, Asked::Registration { require_trusted, .. }) => *require_trusted,
        (Kind::Authentication, 5, Asked::Authentication { state, .. }) => {
            matches!(state.allow, Allow::Listed(_))
        }
        (Kind::Authentication, 17, Asked::Authentication { state, .. }) => {
            state.user_verification == UserVerification::Required
        }
        _ => true,
    }
}

/// Section 7.1.
const REGISTRATION: [(&str, Topic); 29] = [
    ("The relying party asked for a credential", Topic::Asked),
    ("The browser made one", Topic::Nothing),
    ("The answer is that of a registration", Topic::CredentialId),
    ("The client's extension outputs can be read", Topic::Nothing),
    ("The client data are UTF-8", Topic::ClientDataLength),
    ("The client data are JSON with the members they must have", Topic::Nothing),
    ("The client data are those of a registration", Topic::Type),
    ("The challenge is the one given out", Topic::Challenge),
    ("The origin is one of the relying party's", Topic::Origin),
    ("A frame inside another site's page only if that is allowed", Topic::CrossOrigin),
    ("The page around the frame is an expected one", Topic::TopOrigin),
    ("The client data were hashed", Topic::Nothing),
    ("The attestation object and the authenticator data can be read", Topic::Format),
    ("It was made for this RP ID", Topic::RpId),
    ("The person was there", Topic::Flags),
    ("The person was verified", Topic::Flags),
    ("Nothing is backed up that may not be", Topic::Flags),
    ("The credential may be backed up, as policy wants it", Topic::NoPolicy),
    ("The credential is backed up, as policy wants it", Topic::NoPolicy),
    ("The key is of an algorithm that was offered, and sound", Topic::KeyAlgorithm),
    ("The attestation format is known", Topic::Format),
    ("The attestation statement holds", Topic::Certificates),
    ("Trust anchors for the attestation were found", Topic::Anchors),
    ("The attestation leads to a trust anchor", Topic::Trust),
    ("The credential id has at most 1023 bytes", Topic::CredentialIdLength),
    ("The credential is not registered yet", Topic::Registered),
    ("The credential record is made", Topic::NotStored),
    ("The extension outputs are taken in", Topic::Nothing),
    ("The credential record is stored", Topic::NotStored),
];

/// Section 7.2.
const AUTHENTICATION: [(&str, Topic); 25] = [
    ("The relying party asked for a signature", Topic::Asked),
    ("The browser had one made", Topic::Nothing),
    ("The answer is that of an authentication", Topic::CredentialId),
    ("The client's extension outputs can be read", Topic::Nothing),
    ("The credential is one of those asked for", Topic::Allowed),
    ("The credential is registered and belongs to this person", Topic::Owner),
    ("The authenticator data can be read", Topic::Lengths),
    ("The client data are UTF-8", Topic::ClientDataLength),
    ("The client data are JSON with the members they must have", Topic::Nothing),
    ("The client data are those of an authentication", Topic::Type),
    ("The challenge is the one given out", Topic::Challenge),
    ("The origin is one of the relying party's", Topic::Origin),
    ("A frame inside another site's page only if that is allowed", Topic::CrossOrigin),
    ("The page around the frame is an expected one", Topic::TopOrigin),
    ("It was made for this RP ID", Topic::RpId),
    ("The person was there", Topic::Flags),
    ("The person was verified", Topic::Flags),
    ("Nothing is backed up that may not be", Topic::Flags),
    ("Backup eligibility is as it was at registration", Topic::Eligibility),
    ("The client data were hashed", Topic::Nothing),
    ("The signature is the registered key's", Topic::StoredKey),
    ("The signature counter went on", Topic::Counter),
    ("The extension outputs are taken in", Topic::Nothing),
    ("The credential record is brought up to date", Topic::NotStored),
    ("The person is signed in", Topic::NotStored),
];
