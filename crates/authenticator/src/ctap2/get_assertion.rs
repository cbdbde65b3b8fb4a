//! authenticatorGetAssertion and authenticatorGetNextAssertion, message by message (CTAP 2.3 sections 6.2.2 and 6.3).
//! The steps are those of section 6.2.2.

use fido::authenticator_data::Flags;
use fido::ctap::Status;
use fido::ctap::get_assertion::{Request, Response, User};
use primitives::entropy::Entropy;
use primitives::time::{Span, Timestamp};

use super::{
    Account, Acknowledgement, Answer, Ctap2, MOST_IN_LIST, Question, Step, Transport, Verification, Waiting,
};
use crate::get_assertion::is_acceptable;
use crate::token::Permissions;
use crate::vault::Vault;

/// How long the next assertion may be asked for (section 6.3).
const NEXT_WITHIN: Span = Span::from_secs(30);

/// An assertion that waits for the person.
pub(super) struct Assertion {
    pub(super) request: Request,
    pub(super) transport: Transport,
    pub(super) verification: Verification,
    /// The ids of the credentials that will do, newest first.
    found: Vec<Vec<u8>>,
}

/// What the next assertion needs to know of the first.
pub(super) struct Remembered {
    assertion: Assertion,
    flags: Flags,
    /// How many were given out.
    given: usize,
    last: Timestamp,
}

impl<V: Vault> Ctap2<V> {
    pub(super) fn get_assertion(
        &mut self,
        transport: Transport,
        parameters: &[u8],
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        let request = Request::parse(parameters)?;
        if request.allow.len() > MOST_IN_LIST {
            return Err(Status::LimitExceeded);
        }
        if let Some(step) = self.touch_only(transport, request.auth.as_ref())? {
            return Ok(step);
        }
        let uv = self.assertion_verification(transport, &request)?;
        // Step 6; built-in verification comes with the question.
        let verification = match &request.auth {
            Some(auth) => {
                let purpose = (Permissions::GET_ASSERTION, request.rp_id.as_str());
                self.check_token(auth, &request.client_data_hash, purpose, now)?;
                Verification::ByToken
            }
            None if uv => self.built_in(transport)?,
            None => Verification::None,
        };
        // Step 7.
        let found = self.acceptable(&request, verification);
        let verify = verification == Verification::BuiltIn;
        let shown = verify || transport == Transport::Hybrid;
        if found.is_empty() {
            if !shown {
                return Err(Status::NoCredentials);
            }
            let told = Acknowledgement { status: Status::NoCredentials, verification, transport };
            return Ok(self.acknowledge(&request.rp_id, told));
        }
        // Steps 8 and 9, and the choice of step 12.
        let present =
            !request.user_presence || (verification == Verification::ByToken && self.token_user_present(now));
        let choice = request.allow.is_empty() && found.len() > 1 && (request.user_presence || verify);
        let assertion = Assertion { request, transport, verification, found };
        if present && !verify && !choice {
            return self.assert(assertion, 0, now, entropy);
        }
        let question = self.sign_in_question(&assertion);
        Ok(self.ask(question, Waiting::Assertion(Box::new(assertion))))
    }

    /// Steps 4 and 5: whether built-in verification is to be done.
    fn assertion_verification(&self, transport: Transport, request: &Request) -> Result<bool, Status> {
        let uv = request.user_verification && request.auth.is_none();
        if uv && !self.settings.built_in_verification {
            return Err(Status::InvalidOption);
        }
        if request.resident_key.is_some() {
            return Err(Status::UnsupportedOption);
        }
        // Whoever asks over another device's code is a stranger, and learns nothing that the person does not see.
        if transport == Transport::Hybrid && !request.user_presence {
            return Err(Status::InvalidOption);
        }
        if self.vault.state().always_uv && request.user_presence {
            return self.always_verified(transport, uv, request.auth.is_some());
        }
        Ok(uv)
    }

    fn acceptable(&self, request: &Request, verification: Verification) -> Vec<Vec<u8>> {
        let flags = Flags::default().with_user_verified(verification.is_any());
        let all = self.vault.credentials(&request.rp_id);
        all.filter(|credential| is_acceptable(credential, request, flags)).map(|it| it.id.clone()).collect()
    }

    fn sign_in_question(&self, assertion: &Assertion) -> Question {
        let rp_id = &assertion.request.rp_id;
        let account = |id: &Vec<u8>| self.credential(rp_id, id).map(Account::of).ok();
        Question::SignIn {
            rp_id: rp_id.clone(),
            accounts: assertion.found.iter().filter_map(account).collect(),
            verify: assertion.verification == Verification::BuiltIn,
        }
    }

    pub(super) fn assertion_answered(
        &mut self,
        assertion: Assertion,
        answer: Answer,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        let account = self.approved(assertion.transport, assertion.verification, answer)?;
        self.assert(assertion, account, now, entropy)
    }

    /// Steps 9.3 to the end, by the credential at `index` of those found.
    fn assert(
        &mut self,
        assertion: Assertion,
        index: usize,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        let presence = assertion.request.user_presence;
        if presence {
            self.session.spend_token(now);
        }
        let built_in = assertion.verification == Verification::BuiltIn;
        let flags = Flags::default()
            .with_user_present(presence || built_in)
            .with_user_verified(assertion.verification.is_any());
        let several = assertion.request.allow.is_empty() && assertion.found.len() > 1;
        let mut response = self.signed(&assertion, index, (flags, now), entropy)?;
        if several && (presence || built_in) {
            response.user_selected = true;
        } else if several {
            response.number_of_credentials = u64::try_from(assertion.found.len()).ok();
            self.name_user(&assertion, index, &mut response);
            self.remembered = Some(Remembered { assertion, flags, given: 1, last: now });
        }
        Ok(Step::done(&response.encode()))
    }

    /// Section 6.3.
    pub(super) fn get_next_assertion(
        &mut self,
        transport: Transport,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        let mut next = self.remembered.take().ok_or(Status::NotAllowed)?;
        let late = now < next.last || now.since(next.last) > NEXT_WITHIN;
        if late || transport != next.assertion.transport || next.given >= next.assertion.found.len() {
            return Err(Status::NotAllowed);
        }
        let mut response = self.signed(&next.assertion, next.given, (next.flags, now), entropy)?;
        self.name_user(&next.assertion, next.given, &mut response);
        next.given = next.given.saturating_add(1);
        next.last = now;
        self.remembered = Some(next);
        Ok(Step::done(&response.encode()))
    }

    fn signed(
        &mut self,
        assertion: &Assertion,
        index: usize,
        (flags, now): (Flags, Timestamp),
        entropy: &mut dyn Entropy,
    ) -> Result<Response, Status> {
        let id = assertion.found.get(index).ok_or(Status::OperationDenied)?;
        let outputs = self.assertion_outputs(assertion, id, entropy)?;
        // The use is noted before the signature exists: one that is lost on the way is used up all the same. What a
        // client finds out behind the person's back is no use of theirs.
        let counts = self.settings.signature_counter;
        let counted = if counts || flags.user_present() { self.vault.count_use(id, now)? } else { 0 };
        let count = if counts { counted } else { 0 };
        let credential = self.credential(&assertion.request.rp_id, id)?;
        let hash = &assertion.request.client_data_hash;
        let mut response = self.settings.asserted(credential, hash, flags, count, outputs.signed);
        if assertion.request.extensions.large_blob_key && assertion.transport == Transport::Usb {
            response.large_blob_key = credential.large_blob_key.as_deref().copied();
        }
        response.prf = outputs.prf;
        Ok(response)
    }

    /// Who must choose elsewhere learns the names, if verified.
    fn name_user(&self, assertion: &Assertion, index: usize, response: &mut Response) {
        let Some(id) = assertion.found.get(index).filter(|_| assertion.verification.is_any()) else { return };
        if let (Ok(credential), Some(user)) =
            (self.credential(&assertion.request.rp_id, id), response.user.as_mut())
        {
            *user = User {
                id: credential.user.id.to_vec(),
                names: Some((credential.user.name.clone(), credential.user.display_name.clone())),
            };
        }
    }
}
