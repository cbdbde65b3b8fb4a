//! What people are shown of what happened to their account, and what they can do about an entry that was not them
//! (screens SH-1 to SH-3).

use crate::audit::EventKind;
use crate::evidence::Proof;
use crate::names::named_enum;
use crate::passkey::PasskeyId;
use crate::session::SessionId;
use crate::temporary_pass::PassId;

/// How an entry stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody was let in.
    Success,
    /// Somebody was not let in.
    Failed,
    /// A sign-in was begun rightly and not finished.
    Interrupted,
    /// Something about the account changed.
    Changed,
}

impl Verdict {
    /// Whether it is about signing in.
    pub fn is_sign_in(self) -> bool {
        self != Verdict::Changed
    }
}

/// How an event stands in the person's history; `None` for what says nothing to them.
pub fn verdict(kind: &EventKind) -> Option<Verdict> {
    match kind {
        EventKind::SignedIn { .. } | EventKind::SignedInOtherwise { .. } | EventKind::PassRedeemed { .. } => {
            Some(Verdict::Success)
        }
        EventKind::SignInRefused { .. }
        | EventKind::ConfirmRefused { .. }
        | EventKind::PassRefused { .. }
        | EventKind::PassLocked { .. }
        | EventKind::CodesLocked
        | EventKind::PasswordRefused { .. }
        | EventKind::SecondStepRefused { .. }
        | EventKind::EnrolmentEnded { .. }
        | EventKind::EnrolmentClaimRefused { .. } => Some(Verdict::Failed),
        EventKind::FirstStepPassed => Some(Verdict::Interrupted),
        EventKind::SignedOut { .. }
        | EventKind::SessionRevoked { .. }
        | EventKind::OtherSessionsRevoked { .. }
        | EventKind::PassIssued { .. }
        | EventKind::PassRevoked { .. }
        | EventKind::PasskeyAdded { .. }
        | EventKind::PasskeyRenamed { .. }
        | EventKind::PasskeyRemoved { .. }
        | EventKind::PasskeyDisabled { .. }
        | EventKind::PasskeyEnabled { .. }
        | EventKind::PasskeyModelBroken { .. }
        | EventKind::PasswordSet { .. }
        | EventKind::PasswordTurnedOff { .. }
        | EventKind::PasswordAllowed
        | EventKind::CodesAdded
        | EventKind::CodesRemoved
        | EventKind::RecoveryCodesMade { .. }
        | EventKind::PassRequested { .. }
        | EventKind::PassOrdered { .. }
        | EventKind::AccountSecured { .. }
        | EventKind::UserChanged
        | EventKind::UserDisabled
        | EventKind::UserEnabled
        | EventKind::UserDeleted
        | EventKind::UserRestored
        | EventKind::UserSignedOut { .. }
        | EventKind::RegistrationRequired { .. }
        | EventKind::BreakGlassChanged { .. }
        | EventKind::ConsentGiven { .. }
        | EventKind::ConsentWithdrawn { .. }
        | EventKind::DeviceApproved { .. }
        | EventKind::RoleChanged { .. } => Some(Verdict::Changed),
        // Steps of something that has an entry of its own, and what concerns the deployment.
        EventKind::Confirmed { .. }
        | EventKind::ConfirmedOtherwise { .. }
        | EventKind::PassSpent { .. }
        | EventKind::RefusalsLeftOut
        | EventKind::PasskeyRefused { .. }
        | EventKind::PasskeyTried { .. }
        | EventKind::CounterAnomaly { .. }
        | EventKind::RecoveryCodeUsed { .. }
        | EventKind::InterruptPostponed { .. }
        | EventKind::EnrolmentBegun { .. }
        | EventKind::EnrolmentClaimed { .. }
        | EventKind::EnrolmentNumberRefused { .. }
        | EventKind::EnrolmentApproved { .. }
        | EventKind::EnrolmentDone { .. }
        | EventKind::PassRequestClosed { .. }
        | EventKind::PassOrderMoved { .. }
        | EventKind::PassMailed { .. }
        | EventKind::EntryReported { .. }
        | EventKind::UserAdded { .. }
        | EventKind::LanguageChosen
        | EventKind::ApiKeyMade { .. }
        | EventKind::ApiKeyRevoked { .. }
        | EventKind::FirstAdministrator
        | EventKind::UserErased
        | EventKind::BreakGlassUsed { .. }
        | EventKind::UsersImported { .. }
        | EventKind::GroupAdded { .. }
        | EventKind::PolicyApplied { .. }
        | EventKind::PolicyUndone { .. }
        | EventKind::GroupChanged { .. }
        | EventKind::GroupRemoved { .. }
        | EventKind::GroupJoined { .. }
        | EventKind::GroupLeft { .. }
        | EventKind::RestoreAccepted { .. }
        | EventKind::ClockAccepted { .. }
        | EventKind::KeyRotated { .. }
        | EventKind::BackupMade
        | EventKind::MetadataTaken { .. }
        | EventKind::ModelMended { .. }
        | EventKind::RootAdded { .. }
        | EventKind::RootRemoved { .. }
        | EventKind::AttestationAuthorityMade { .. }
        | EventKind::AttestationAuthorityRemoved { .. }
        | EventKind::DeviceAttested { .. }
        | EventKind::DeviceRevoked { .. }
        | EventKind::HookAdded { .. }
        | EventKind::HookChanged { .. }
        | EventKind::HookRemoved { .. }
        | EventKind::HookDisabled { .. }
        | EventKind::ClientAdded { .. }
        | EventKind::ClientChanged { .. }
        | EventKind::ClientRemoved { .. }
        | EventKind::ClientSecretMade { .. }
        | EventKind::ApplicationEntered { .. }
        | EventKind::GrantRevoked { .. }
        | EventKind::TokenReused { .. }
        | EventKind::ClientRefused { .. }
        | EventKind::DeviceDeclined { .. }
        | EventKind::SigningKeyMade { .. }
        | EventKind::SigningKeyRetired { .. }
        | EventKind::LogoutUndelivered { .. } => None,
    }
}

/// A way to sign in that an event added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// A passkey.
    Passkey(PasskeyId),
    /// A password, for the first time or another one.
    Password,
    /// Authenticator codes.
    AuthenticatorCodes,
    /// Recovery codes.
    RecoveryCodes,
}

/// What an entry means if it was not the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triage {
    /// A password or a pass was wrong: somebody guessed, and did not get in.
    Guessed,
    /// The password was right and the rest was not: somebody knows it.
    PasswordKnown,
    /// A password let somebody in, perhaps with a code beside it; or a recovery code alone.
    InByPassword {
        /// The session, if the event names it.
        session: SessionId,
        /// Whether a password was among the methods.
        password: bool,
        /// Whether a code of an authenticator app was.
        authenticator_code: bool,
        /// Whether a recovery code was.
        recovery_code: bool,
    },
    /// A passkey let somebody in: somebody has the device or its account.
    InByPasskey {
        /// Which one.
        passkey: PasskeyId,
    },
    /// A passkey of the person was refused: somebody may have the device.
    PasskeyRefused {
        /// Which one.
        passkey: PasskeyId,
    },
    /// A pass let somebody in: somebody used it.
    InByPass {
        /// Which one.
        pass: PassId,
        /// The session that it opened.
        session: SessionId,
    },
    /// Somebody added a way in.
    MethodAdded(Added),
    /// Somebody changed something else.
    Changed,
}

impl Triage {
    /// What this event means if it was not the person; `None` where they can do nothing about it, because somebody
    /// else did it, or it only ended something.
    pub fn of(kind: &EventKind) -> Option<Self> {
        match kind {
            EventKind::PasswordRefused { .. }
            | EventKind::PassRefused { .. }
            | EventKind::PassLocked { .. }
            | EventKind::SignInRefused { passkey: None, .. } => Some(Triage::Guessed),
            EventKind::SecondStepRefused { .. } | EventKind::FirstStepPassed | EventKind::CodesLocked => {
                Some(Triage::PasswordKnown)
            }
            EventKind::SignedInOtherwise { session, methods, .. } => {
                let has = |name: &str| methods.iter().any(|method| method == name);
                Some(Triage::InByPassword {
                    session: *session,
                    password: has("password"),
                    authenticator_code: has("authenticator_code"),
                    recovery_code: has("recovery_code"),
                })
            }
            EventKind::SignedIn { passkey, .. } => Some(Triage::InByPasskey { passkey: *passkey }),
            EventKind::SignInRefused { passkey: Some(passkey), .. } => {
                Some(Triage::PasskeyRefused { passkey: *passkey })
            }
            EventKind::PassRedeemed { pass, session, .. } => {
                Some(Triage::InByPass { pass: *pass, session: *session })
            }
            EventKind::PasskeyAdded { passkey, .. } => Some(Triage::MethodAdded(Added::Passkey(*passkey))),
            EventKind::PasswordSet { .. } => Some(Triage::MethodAdded(Added::Password)),
            EventKind::CodesAdded => Some(Triage::MethodAdded(Added::AuthenticatorCodes)),
            EventKind::RecoveryCodesMade { .. } => Some(Triage::MethodAdded(Added::RecoveryCodes)),
            EventKind::ConfirmRefused { .. }
            | EventKind::EnrolmentEnded { .. }
            | EventKind::EnrolmentClaimRefused { .. }
            | EventKind::SessionRevoked { .. }
            | EventKind::OtherSessionsRevoked { .. }
            | EventKind::PasskeyRenamed { .. }
            | EventKind::PasskeyRemoved { .. }
            | EventKind::PasskeyDisabled { .. }
            | EventKind::PasskeyEnabled { .. }
            | EventKind::PasswordTurnedOff { .. }
            | EventKind::CodesRemoved
            | EventKind::PassRequested { .. }
            | EventKind::PassOrdered { .. }
            | EventKind::AccountSecured { .. } => Some(Triage::Changed),
            _ => None,
        }
    }

    /// The stable name of the row, as texts and tests know it.
    pub fn code(self) -> &'static str {
        match self {
            Triage::Guessed => "guessed",
            Triage::PasswordKnown => "password-known",
            Triage::InByPassword { password: true, .. } => "in-by-password",
            Triage::InByPassword { password: false, .. } => "in-by-recovery-code",
            Triage::InByPasskey { .. } => "in-by-passkey",
            Triage::PasskeyRefused { .. } => "passkey-refused",
            Triage::InByPass { .. } => "in-by-pass",
            Triage::MethodAdded(_) => "method-added",
            Triage::Changed => "changed",
        }
    }

    /// The passkey that somebody else may hold.
    pub fn passkey(self) -> Option<PasskeyId> {
        match self {
            Triage::InByPasskey { passkey }
            | Triage::PasskeyRefused { passkey }
            | Triage::MethodAdded(Added::Passkey(passkey)) => Some(passkey),
            _ => None,
        }
    }

    /// Whether the proof was given by a method that somebody else may hold: it must not confirm what is done about it.
    pub fn suspects(self, proof: &Proof) -> bool {
        match (self, proof) {
            (
                Triage::InByPasskey { passkey }
                | Triage::PasskeyRefused { passkey }
                | Triage::MethodAdded(Added::Passkey(passkey)),
                Proof::Passkey { passkey: used, .. },
            ) => passkey == *used,
            (Triage::InByPass { pass, .. }, Proof::TemporaryPass { pass: used, .. }) => pass == *used,
            (Triage::PasswordKnown | Triage::MethodAdded(Added::Password), Proof::Password { .. }) => true,
            (Triage::InByPassword { password, .. }, Proof::Password { .. }) => password,
            (Triage::InByPassword { authenticator_code, .. }, Proof::AuthenticatorCode { .. }) => {
                authenticator_code
            }
            (Triage::InByPassword { recovery_code, .. }, Proof::RecoveryCode { .. }) => recovery_code,
            (Triage::MethodAdded(Added::AuthenticatorCodes), Proof::AuthenticatorCode { .. })
            | (Triage::MethodAdded(Added::RecoveryCodes), Proof::RecoveryCode { .. }) => true,
            _ => false,
        }
    }

    /// What is proposed, in the order in which it is done, and whether it is chosen beforehand. Signing out stands
    /// first: whoever is in must not undo the rest.
    pub fn remedies(self) -> Vec<(Remedy, bool)> {
        match self {
            Triage::Guessed => vec![(Remedy::TurnOffPassword, false)],
            Triage::PasswordKnown => vec![(Remedy::TurnOffPassword, true)],
            Triage::InByPassword { password, authenticator_code, recovery_code, .. } => {
                let mut remedies = vec![(Remedy::SignOutElsewhere, true)];
                remedies.extend(password.then_some((Remedy::TurnOffPassword, true)));
                remedies.extend(authenticator_code.then_some((Remedy::RemoveCodes, true)));
                remedies.extend(recovery_code.then_some((Remedy::RemoveRecoveryCodes, true)));
                remedies
            }
            Triage::InByPasskey { .. } | Triage::MethodAdded(Added::Passkey(_)) => {
                vec![(Remedy::EndItsSessions, true), (Remedy::RemovePasskey, true)]
            }
            Triage::PasskeyRefused { .. } => vec![(Remedy::RemovePasskey, false)],
            Triage::InByPass { .. } => vec![(Remedy::EndItsSessions, true), (Remedy::RevokePass, true)],
            Triage::MethodAdded(Added::Password) => {
                vec![(Remedy::EndItsSessions, true), (Remedy::TurnOffPassword, true)]
            }
            Triage::MethodAdded(Added::AuthenticatorCodes) => {
                vec![(Remedy::EndItsSessions, true), (Remedy::RemoveCodes, true)]
            }
            Triage::MethodAdded(Added::RecoveryCodes) => {
                vec![(Remedy::EndItsSessions, true), (Remedy::RemoveRecoveryCodes, true)]
            }
            Triage::Changed => vec![(Remedy::SignOutElsewhere, true)],
        }
    }
}

named_enum! {
    /// What a person can do about an entry that was not them.
    pub enum Remedy {
        /// Ending every session but this one.
        SignOutElsewhere = "sign-out-elsewhere",
        /// Ending the sessions that the suspicious method opened.
        EndItsSessions = "end-its-sessions",
        /// Removing the passkey.
        RemovePasskey = "remove-passkey",
        /// Turning the password off.
        TurnOffPassword = "turn-off-password",
        /// Removing authenticator codes.
        RemoveCodes = "remove-codes",
        /// Making the recovery codes that are left worthless.
        RemoveRecoveryCodes = "remove-recovery-codes",
        /// Taking the pass back.
        RevokePass = "revoke-pass",
        /// Nothing signs in until a pass of the helpdesk lifts it: where the only method is the suspicious one.
        Freeze = "freeze",
    }
}

impl Remedy {
    /// Whether it needs a confirmation by a method other than the suspicious one: what takes a way in away does, what
    /// only signs out does not. Freezing cannot have one: it is for those who have no other method, and asks for any passkey.
    pub fn needs_confirmation(self) -> bool {
        !matches!(self, Remedy::SignOutElsewhere | Remedy::EndItsSessions | Remedy::Freeze)
    }
}

#[cfg(test)]
mod tests;
