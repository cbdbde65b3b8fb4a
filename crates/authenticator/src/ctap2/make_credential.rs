//! authenticatorMakeCredential, message by message (CTAP 2.3 section 6.1.2). The steps are that section's.

use fido::authenticator_data::Flags;
use fido::ctap::make_credential::{Request, Response};
use fido::ctap::{PinUvAuth, Status};
use fido::extension::CredentialProtection;
use primitives::cose::Algorithm;
use primitives::entropy::Entropy;
use primitives::time::Timestamp;

use super::{Account, Acknowledgement, Answer, Ctap2, MOST_IN_LIST, Question, Step, Transport, Waiting};
use crate::make_credential::Attesting;
use crate::token::Permissions;
use crate::vault::Vault;

/// A creation that waits for the person.
pub(super) struct Creation {
    request: Request,
    transport: Transport,
    algorithm: Algorithm,
    verification: Verification,
}

/// How the person is verified for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verification {
    /// Not at all.
    None,
    /// By the token that the client proved.
    ByToken,
    /// By the authenticator itself, when it asks them.
    BuiltIn,
}

impl Verification {
    /// Whether it is done, or will be before anything is given out.
    pub(super) fn is_any(self) -> bool {
        self != Verification::None
    }
}

impl<V: Vault> Ctap2<V> {
    pub(super) fn make_credential(
        &mut self,
        transport: Transport,
        parameters: &[u8],
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        let request = Request::parse(parameters)?;
        if request.exclude.len() > MOST_IN_LIST {
            return Err(Status::LimitExceeded);
        }
        if let Some(step) = self.touch_only(transport, request.auth.as_ref())? {
            return Ok(step);
        }
        // Step 3.
        let algorithm = self.settings.algorithm(&request.algorithms).ok_or(Status::UnsupportedAlgorithm)?;
        let uv = self.creation_verification(transport, &request)?;
        // Step 9: there is no enterprise attestation here, and so none that could be enabled.
        if request.enterprise_attestation.is_some() {
            return Err(Status::InvalidParameter);
        }
        // Step 11; built-in verification comes with the question.
        let verification = match &request.auth {
            Some(auth) => {
                let purpose = (Permissions::MAKE_CREDENTIAL, request.rp.id.as_str());
                self.check_token(auth, &request.client_data_hash, purpose, now)?;
                Verification::ByToken
            }
            None if uv => self.built_in(transport)?,
            None => Verification::None,
        };
        let present = verification == Verification::ByToken && self.token_user_present(now);
        // Step 12.
        if self.is_excluded(&request, verification) {
            if present {
                return Err(Status::CredentialExcluded);
            }
            let told = Acknowledgement { status: Status::CredentialExcluded, verification, transport };
            return Ok(self.acknowledge(&request.rp.id, told));
        }
        let creation = Creation { request, transport, algorithm, verification };
        // Who agreed that a program acts for them did not agree that a passkey goes.
        if present && !self.replaces(&creation.request) {
            return self.create(&creation, now, entropy);
        }
        // Steps 13 and 14.
        let question = self.register_question(&creation);
        Ok(self.ask(question, Waiting::Creation(Box::new(creation))))
    }

    /// Steps 1 and 2 here and in section 6.2.2: the step that ends the command, if there is one.
    pub(super) fn touch_only(
        &mut self,
        transport: Transport,
        auth: Option<&PinUvAuth>,
    ) -> Result<Option<Step>, Status> {
        let Some(auth) = auth else { return Ok(None) };
        // There are neither PINs nor tokens over hybrid, and no protocol for them.
        if transport == Transport::Hybrid {
            return Err(Status::InvalidParameter);
        }
        if auth.param.is_empty() {
            let set = self.vault.state().pin.is_some();
            let status = if set { Status::PinInvalid } else { Status::PinNotSet };
            return Ok(Some(self.ask(Question::Select, Waiting::Touch(status))));
        }
        match auth.protocol {
            Some(1 | 2) => Ok(None),
            Some(_) => Err(Status::InvalidParameter),
            None => Err(Status::MissingParameter),
        }
    }

    /// Steps 5 to 8: whether built-in verification is to be done.
    fn creation_verification(&self, transport: Transport, request: &Request) -> Result<bool, Status> {
        // A token takes precedence over the option.
        let mut uv = request.user_verification && request.auth.is_none();
        if uv && !self.settings.built_in_verification {
            return Err(Status::InvalidOption);
        }
        if !request.user_presence {
            return Err(Status::InvalidOption);
        }
        let none = !uv && request.auth.is_none();
        let always = self.vault.state().always_uv;
        if always {
            uv = self.always_verified(transport, uv, request.auth.is_some())?;
        } else if none && request.resident_key && self.is_protected() {
            // makeCredUvNotRqd spares verification only for credentials that have to be named.
            return Err(self.unverified(transport));
        }
        Ok(uv)
    }

    /// Step 6, which is step 5 of section 6.2.2: what `alwaysUv` makes of the option.
    pub(super) fn always_verified(
        &self,
        transport: Transport,
        uv: bool,
        token: bool,
    ) -> Result<bool, Status> {
        if !self.is_protected() {
            let pin = transport == Transport::Usb;
            return Err(if pin { Status::PuatRequired } else { Status::OperationDenied });
        }
        if token || uv {
            return Ok(uv);
        }
        if self.settings.built_in_verification { Ok(true) } else { Err(self.unverified(transport)) }
    }

    /// Whether there is any way to verify the person.
    pub(crate) fn is_protected(&self) -> bool {
        self.settings.built_in_verification || self.vault.state().pin.is_some()
    }

    /// The status where the person must be verified and was not: a client that can ask for the PIN shall.
    pub(super) fn unverified(&self, transport: Transport) -> Status {
        let pin = transport == Transport::Usb && self.vault.state().pin.is_some();
        if pin { Status::PuatRequired } else { Status::OperationDenied }
    }

    /// Step 12: one that only shows itself to who is verified excludes nothing before others.
    fn is_excluded(&self, request: &Request, verification: Verification) -> bool {
        self.vault.credentials(&request.rp.id).any(|credential| {
            let named = request.exclude.iter().any(|other| *other.id == *credential.id);
            let hidden = credential.protection == CredentialProtection::UserVerificationRequired;
            named && (!hidden || verification.is_any())
        })
    }

    /// Tells the client a status once the person has been there.
    pub(super) fn acknowledge(&mut self, rp_id: &str, told: Acknowledgement) -> Step {
        let verify = told.verification == Verification::BuiltIn;
        let question = Question::Acknowledge { rp_id: rp_id.to_owned(), status: told.status, verify };
        self.ask(question, Waiting::Acknowledgement(told))
    }

    /// Whether what is made takes another one's place (section 6.1.2 step 16).
    fn replaces(&self, request: &Request) -> bool {
        let mut there = self.vault.credentials(&request.rp.id);
        request.resident_key && there.any(|it| it.is_of(&request.rp.id, &request.user.id))
    }

    fn register_question(&self, creation: &Creation) -> Question {
        let request = &creation.request;
        Question::Register {
            rp_id: request.rp.id.clone(),
            rp_name: request.rp.name.clone(),
            account: Account {
                user_handle: request.user.id.to_vec(),
                name: request.user.name.clone(),
                display_name: request.user.display_name.clone(),
            },
            replaces: self.replaces(request),
            verify: creation.verification == Verification::BuiltIn,
        }
    }

    pub(super) fn creation_answered(
        &mut self,
        creation: Creation,
        answer: Answer,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        self.approved(creation.transport, creation.verification, answer)?;
        self.create(&creation, now, entropy)
    }

    /// Step 11.2: built-in verification will be asked for, unless it failed too often.
    pub(super) fn built_in(&self, transport: Transport) -> Result<Verification, Status> {
        let blocked = self.session.pin_uv.uv_retries() == 0;
        if blocked { Err(self.unverified(transport)) } else { Ok(Verification::BuiltIn) }
    }

    /// Steps 11.2 and 14, which are steps 6.2 and 9 of section 6.2.2: which account, if the person agrees and is
    /// verified where they have to be.
    pub(super) fn approved(
        &mut self,
        transport: Transport,
        verification: Verification,
        answer: Answer,
    ) -> Result<usize, Status> {
        let verify = verification == Verification::BuiltIn;
        match answer {
            Answer::Approved { verified, account } => {
                if verify && self.session.pin_uv.verified(verified).is_err() {
                    return Err(self.unverified(transport));
                }
                Ok(account)
            }
            Answer::TimedOut if verify => Err(Status::UserActionTimeout),
            Answer::Denied | Answer::TimedOut => Err(Status::OperationDenied),
        }
    }

    /// Steps 14.4 to the end.
    fn create(
        &mut self,
        creation: &Creation,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, Status> {
        self.session.spend_token(now);
        let request = &creation.request;
        let mut credential = self.settings.credential(request, creation.algorithm, now, entropy)?;
        let outputs = self.creation_outputs(creation, &mut credential, entropy)?;
        let flags = Flags::default()
            .with_user_present(true)
            .with_user_verified(creation.verification.is_any())
            .with_backup_eligible(self.settings.backup_eligible)
            .with_backed_up(self.settings.backup_eligible && self.settings.backed_up);
        let private = self.vault.state().attestations.iter().find(|private| private.rp_id == request.rp.id);
        let attesting = match preferred(&request.attestation_formats) {
            Some("none") => Some(Attesting::Nobody),
            _ => private.map(Attesting::Private),
        };
        let made = self.settings.attested(
            &credential,
            &request.client_data_hash,
            flags,
            outputs.signed,
            attesting.as_ref(),
        );
        let large_blob_key = credential.large_blob_key.as_deref().copied();
        self.vault.add(credential)?;
        let object = made.statement.object(&made.authenticator_data);
        Ok(Step::done(&Response { object, large_blob_key, prf: outputs.prf }.encode()))
    }
}

/// Step 19: the first of the wished formats that there is.
fn preferred(formats: &[String]) -> Option<&str> {
    formats.iter().map(String::as_str).find(|format| matches!(*format, "none" | "packed"))
}

impl Creation {
    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    pub(super) fn transport(&self) -> Transport {
        self.transport
    }

    pub(super) fn verified(&self) -> bool {
        self.verification.is_any()
    }
}
