//! Commands with nothing but a question: selection and reset; and touches that end in a refusal.

use fido::ctap::{Command, Status};
use primitives::time::{Span, Timestamp};

use super::{Acknowledgement, Answer, Ctap2, Question, Step, Transport, Verification, Waiting};
use crate::vault::Vault;

/// How long after power came an authenticator without a display may be reset.
const RESET_WITHIN: Span = Span::from_secs(10);

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
            // Whether somebody was there or not: the client learns it, unless whoever was to be there was to be verified.
            Err(_) if answer == Answer::TimedOut && told.verification != Verification::BuiltIn => told.status,
            Err(status) => status,
        }
    }

    /// Section 6.6: who shows nobody what they agree to takes a reset only while it is clear whose wish it is, just after
    /// the power came.
    pub(super) fn reset(&mut self, now: Timestamp) -> Result<Step, Status> {
        let early = self.powered <= now && now.since(self.powered) <= RESET_WITHIN;
        if !self.settings.display && !early {
            return Err(Status::NotAllowed);
        }
        Ok(self.ask(Question::Reset, Waiting::Reset))
    }

    /// The rest of it, once the person has answered.
    pub(super) fn reset_answered(&mut self, answer: Answer) -> Result<Step, Status> {
        match answer {
            Answer::Approved { .. } => {}
            Answer::Denied => return Err(Status::OperationDenied),
            Answer::TimedOut => return Err(Status::UserActionTimeout),
        }
        self.vault.reset()?;
        self.forget();
        Ok(Step::done(&[]))
    }
}
