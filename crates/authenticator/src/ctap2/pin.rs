//! How messages about PIN, tokens and management come to the files that know about them, and what of theirs lives until
//! the power goes.

use fido::ctap::extensions::HmacInput;
use fido::ctap::{PinUvAuth, Status};
use primitives::entropy::Entropy;
use primitives::time::Timestamp;
use zeroize::Zeroizing;

use super::{Answer, Ctap2, LONGEST_MESSAGE, Question, Step, Waiting};
use crate::client_pin::{ByVerification, ClientPin, FirstPin, Outcome};
use crate::config::Config;
use crate::credential_management::{CredentialManagement, Enumeration};
use crate::large_blobs::{LargeBlobs, Writing};
use crate::pin_protocol::{Protocol, SharedSecret};
use crate::pin_uv::PinUv;
use crate::token::{Permissions, Token};
use crate::vault::Vault;

/// What a power cycle forgets.
#[derive(Default)]
pub(super) struct Session {
    pub(super) pin_uv: PinUv,
    pub(super) enumeration: Enumeration,
    pub(super) writing: Writing,
}

impl Session {
    /// What a use that asked the person takes from the token.
    pub(super) fn spend_token(&mut self, now: Timestamp) {
        if let Some(token) = self.pin_uv.token(now) {
            token.spend();
        }
    }
}

impl<V: Vault> Ctap2<V> {
    pub(super) fn client_pin(
        &mut self,
        parameters: &[u8],
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        match self.pin_command(now, entropy).handle(parameters)? {
            Outcome::Answer(answer) => Ok(Step::done(&answer)),
            Outcome::Verify(waiting) => {
                let (rp_id, permissions) = (waiting.rp_id().map(str::to_owned), waiting.permissions());
                let question = Question::Verify { rp_id, permissions };
                Ok(self.ask(question, Waiting::Token(waiting)))
            }
            Outcome::Agree(pin) => Ok(self.ask(Question::SetPin, Waiting::Pin(pin))),
        }
    }

    pub(super) fn token_answered(
        &mut self,
        waiting: ByVerification,
        answer: Answer,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        let answer = self.pin_command(now, entropy).verified(waiting, answer)?;
        Ok(Step::done(&answer))
    }

    pub(super) fn pin_answered(
        &mut self,
        pin: FirstPin,
        answer: Answer,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        let answer = self.pin_command(now, entropy).agreed(pin, answer)?;
        Ok(Step::done(&answer))
    }

    fn pin_command<'a>(&'a mut self, now: Timestamp, entropy: &'a mut dyn Entropy) -> ClientPin<'a, V> {
        ClientPin {
            pin_uv: &mut self.session.pin_uv,
            built_in: self.settings.built_in_verification,
            vault: &mut self.vault,
            now,
            entropy,
        }
    }

    pub(super) fn credential_management(
        &mut self,
        parameters: &[u8],
        now: Timestamp,
    ) -> Result<Step, Status> {
        let Session { pin_uv, enumeration, .. } = &mut self.session;
        let mut command = CredentialManagement { enumeration, pin_uv, vault: &mut self.vault, now };
        command.handle(parameters).map(|answer| Step::done(&answer))
    }

    pub(super) fn large_blobs(&mut self, parameters: &[u8], now: Timestamp) -> Result<Step, Status> {
        let protected = self.is_protected();
        let Session { pin_uv, writing, .. } = &mut self.session;
        let longest_message = LONGEST_MESSAGE;
        let mut command =
            LargeBlobs { writing, pin_uv, vault: &mut self.vault, protected, longest_message, now };
        command.handle(parameters).map(|answer| Step::done(&answer))
    }

    pub(super) fn config(&mut self, parameters: &[u8], now: Timestamp) -> Result<Step, Status> {
        let protected = self.is_protected();
        let pin_uv = &mut self.session.pin_uv;
        let mut command = Config { pin_uv, vault: &mut self.vault, protected, now };
        command.handle(parameters).map(|()| Step::done(&[]))
    }

    /// Section 6.1.2 step 11.1 and section 6.2.2 step 6.1: the token that `auth` proves, good for this use.
    pub(super) fn check_token(
        &mut self,
        auth: &PinUvAuth,
        client_data_hash: &[u8; 32],
        purpose: (Permissions, &str),
        now: Timestamp,
    ) -> Result<(), Status> {
        self.session.pin_uv.authorize_site(auth, client_data_hash, purpose, now).map(drop)
    }

    /// getUserPresentFlagValue().
    pub(super) fn token_user_present(&mut self, now: Timestamp) -> bool {
        self.session.pin_uv.token(now).is_some_and(|token: &mut Token| token.is_user_present(now))
    }

    /// Section 12.7: the salts of `hmac-secret`, and what encrypts the answer.
    pub(super) fn open_salts(
        &mut self,
        input: &HmacInput,
        entropy: &mut dyn Entropy,
    ) -> Result<(Zeroizing<Vec<u8>>, SharedSecret), Status> {
        let number = input.protocol.unwrap_or(Protocol::One.number());
        let protocol = Protocol::from_number(number).ok_or(Status::InvalidParameter)?;
        let secret = self.session.pin_uv.shared_secret(protocol, &input.key_agreement, entropy)?;
        if !secret.verify(&input.salt_enc, &input.salt_auth) {
            return Err(Status::PinAuthInvalid);
        }
        let salts = secret.decrypt(&input.salt_enc).map_err(|_| Status::InvalidParameter)?;
        if matches!(salts.len(), 32 | 64) { Ok((salts, secret)) } else { Err(Status::InvalidLength) }
    }
}
