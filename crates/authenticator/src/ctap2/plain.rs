//! Commands with nothing but a question: selection and reset; and touches that end in a refusal.

use fido::ctap::{Command, Status};

use super::{Acknowledgement, Answer, Ctap2, Step, Transport};
use crate::vault::Vault;

impl Transport {
    /// Whether the command may come this way.
    pub(super) fn carries(self, command: Command) -> bool {
        match self {
            Transport::Usb => true,
            Transport::Hybrid => matches!(
                command,
                Command::MakeCredential
                    | Command::GetAssertion
                    | Command::GetNextAssertion
                    | Command::GetInfo
                    | Command::Selection
            ),
        }
    }
}

/// Section 6.9.
pub(super) fn selected(answer: Answer) -> Step {
    match answer {
        Answer::Approved { .. } => Step::done(&[]),
        Answer::Denied => Step::refused(Status::OperationDenied),
        Answer::TimedOut => Step::refused(Status::UserActionTimeout),
    }
}

/// Section 6.1.2 step 1 and section 6.2.2 step 1: whoever touches the authenticator learns `status`.
pub(super) fn touched(status: Status, answer: Answer) -> Status {
    match answer {
        Answer::Approved { .. } => status,
        Answer::Denied | Answer::TimedOut => Status::OperationDenied,
    }
}

impl<V: Vault> Ctap2<V> {
    /// Section 6.1.2 step 12.1, and step 7 of section 6.2.2 after the person was verified.
    pub(super) fn acknowledged(&mut self, told: &Acknowledgement, answer: Answer) -> Status {
        match self.approved(told.transport, told.verification, answer) {
            Ok(_) => told.status,
            // Whether somebody was there or not: the client learns it.
            Err(_) if answer == Answer::TimedOut && !told.verification.is_any() => told.status,
            Err(status) => status,
        }
    }

    /// Section 6.6.
    pub(super) fn reset_answered(&mut self, answer: Answer) -> Result<Step, Status> {
        match answer {
            Answer::Approved { .. } => {}
            Answer::Denied => return Err(Status::OperationDenied),
            Answer::TimedOut => return Err(Status::UserActionTimeout),
        }
        self.vault.reset()?;
        self.power_cycle();
        Ok(Step::done(&[]))
    }
}
