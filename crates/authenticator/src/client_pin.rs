//! authenticatorClientPIN (CTAP 2.3 section 6.5.5).

use fido::ctap::Status;
use fido::ctap::client_pin::{Request, Response, Subcommand};
use primitives::entropy::Entropy;
use primitives::time::Timestamp;
use primitives::{digest, encoding};
use zeroize::Zeroizing;

use crate::ctap2::Answer;
use crate::pin_protocol::{Protocol, SharedSecret};
use crate::pin_uv::PinUv;
use crate::token::{Permissions, Token};
use crate::vault::{MOST_PIN_RETRIES, PinRecord, Vault};

/// Length of a PIN as it travels, filled up with zeros; a PIN itself is shorter by one at least.
const PADDED: usize = 64;

/// What this authenticator has no command for: fingerprints are the desktop's, and lists are read with a fresh token.
const NEVER: Permissions = Permissions::BIO_ENROLLMENT.and(Permissions::PERSISTENT_READ);

/// What comes of a request.
pub enum Outcome {
    /// The answer, without the status byte.
    Answer(Vec<u8>),
    /// The person is to be verified; [`ClientPin::verified`] goes on.
    Verify(ByVerification),
    /// The person is to be verified and to agree to a PIN; [`ClientPin::agreed`] goes on.
    Agree(FirstPin),
}

/// A first PIN that waits for the person.
///
/// Section 6.5.5.5 lets any client set it. Where the authenticator knows the person by itself, a PIN opens what that
/// protects so far, and a program that nobody asked about could bring its own.
pub struct FirstPin(PinRecord);

/// A token that waits for the person (section 6.5.5.7.3).
pub struct ByVerification {
    secret: SharedSecret,
    permissions: Permissions,
    rp_id: Option<String>,
}

impl ByVerification {
    /// The site that it is for, if it says.
    pub fn rp_id(&self) -> Option<&str> {
        self.rp_id.as_deref()
    }

    /// What it is to be good for.
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }
}

/// The command at work: on which state, at which time.
pub struct ClientPin<'a, V: Vault> {
    /// What is known until the power goes.
    pub pin_uv: &'a mut PinUv,
    /// Whether the authenticator can verify the person by itself.
    pub built_in: bool,
    /// Where the PIN lives.
    pub vault: &'a mut V,
    /// The time of the request.
    pub now: Timestamp,
    /// Where keys, tokens and initialization vectors come from.
    pub entropy: &'a mut dyn Entropy,
}

impl<V: Vault> ClientPin<'_, V> {
    /// Carries out the request in `message`, which is without the command byte.
    pub fn handle(&mut self, message: &[u8]) -> Result<Outcome, Status> {
        let request = Request::parse(message)?;
        let subcommand = Subcommand::from_number(request.subcommand).ok_or(Status::InvalidSubcommand)?;
        let by_itself = matches!(subcommand, Subcommand::GetUvRetries | Subcommand::GetTokenUsingUv);
        if by_itself && !self.built_in {
            return Err(Status::InvalidSubcommand);
        }
        let answer = match subcommand {
            Subcommand::GetPinRetries => Response {
                pin_retries: Some(u64::from(self.vault.state().pin_retries)),
                power_cycle: Some(self.pin_uv.is_locked()),
                ..Response::default()
            },
            Subcommand::GetUvRetries => {
                Response { uv_retries: Some(u64::from(self.pin_uv.uv_retries())), ..Response::default() }
            }
            Subcommand::GetKeyAgreement => {
                let protocol = protocol(&request)?;
                let point = self.pin_uv.public_key(protocol, self.entropy);
                Response { key_agreement: Some(point), ..Response::default() }
            }
            Subcommand::SetPin => match self.first_pin(&request)? {
                pin if self.built_in => return Ok(Outcome::Agree(pin)),
                pin => self.set_pin(pin)?,
            },
            Subcommand::ChangePin => self.change_pin(&request)?,
            Subcommand::GetPinToken => self.pin_token(&request)?,
            Subcommand::GetTokenUsingPin => self.token_by_pin(&request)?,
            Subcommand::GetTokenUsingUv => return self.token_by_verification(&request).map(Outcome::Verify),
        };
        Ok(Outcome::Answer(answer.encode()))
    }

    /// Section 6.5.5.5.
    fn first_pin(&mut self, request: &Request) -> Result<FirstPin, Status> {
        let point = required(&request.key_agreement)?;
        let (param, sealed) = (required(&request.auth_param)?, required(&request.new_pin)?);
        let protocol = protocol(request)?;
        if self.vault.state().pin.is_some() {
            return Err(Status::PinAuthInvalid);
        }
        let secret = self.pin_uv.shared_secret(protocol, point, self.entropy)?;
        if !secret.verify(sealed, param) {
            return Err(Status::PinAuthInvalid);
        }
        let record = self.new_pin(&secret, sealed)?;
        if self.built_in && self.pin_uv.uv_retries() == 0 {
            return Err(Status::UvBlocked);
        }
        Ok(FirstPin(record))
    }

    fn set_pin(&mut self, FirstPin(record): FirstPin) -> Result<Response, Status> {
        self.keep(record)?;
        Ok(Response::default())
    }

    /// Keeps the first PIN, once the person has answered.
    pub fn agreed(&mut self, pin: FirstPin, answer: Answer) -> Result<Vec<u8>, Status> {
        self.person(answer)?;
        Ok(self.set_pin(pin)?.encode())
    }

    /// Section 6.5.5.6.
    fn change_pin(&mut self, request: &Request) -> Result<Response, Status> {
        let point = required(&request.key_agreement)?;
        let (param, sealed) = (required(&request.auth_param)?, required(&request.new_pin)?);
        let hash = required(&request.pin_hash)?;
        let protocol = protocol(request)?;
        self.may_try()?;
        let secret = self.pin_uv.shared_secret(protocol, point, self.entropy)?;
        if !secret.verify(&[sealed, hash].concat(), param) {
            return Err(Status::PinAuthInvalid);
        }
        self.check_pin(&secret, hash)?;
        let record = self.new_pin(&secret, sealed)?;
        let state = self.vault.state();
        let same = state.pin.as_ref().is_some_and(|old| old.hash == record.hash);
        if state.force_pin_change && same {
            return Err(Status::PinPolicyViolation);
        }
        self.keep(record)?;
        self.pin_uv.reset_tokens();
        Ok(Response::default())
    }

    /// Section 6.5.5.7.1.
    fn pin_token(&mut self, request: &Request) -> Result<Response, Status> {
        let (point, hash) = (required(&request.key_agreement)?, required(&request.pin_hash)?);
        let protocol = protocol(request)?;
        if request.permissions.is_some() || request.rp_id.is_some() {
            return Err(Status::InvalidParameter);
        }
        self.may_try()?;
        let secret = self.pin_uv.shared_secret(protocol, point, self.entropy)?;
        self.check_pin(&secret, hash)?;
        if self.vault.state().force_pin_change {
            return Err(Status::PinInvalid);
        }
        Ok(self.give(&secret, (Permissions::DEFAULT, None), false))
    }

    /// Section 6.5.5.7.2.
    fn token_by_pin(&mut self, request: &Request) -> Result<Response, Status> {
        let (point, hash) = (required(&request.key_agreement)?, required(&request.pin_hash)?);
        let bits = request.permissions.ok_or(Status::MissingParameter)?;
        let protocol = protocol(request)?;
        let permissions = permissions(bits, request.rp_id.as_deref())?;
        self.may_try()?;
        let secret = self.pin_uv.shared_secret(protocol, point, self.entropy)?;
        self.check_pin(&secret, hash)?;
        if self.vault.state().force_pin_change {
            return Err(Status::PinPolicyViolation);
        }
        Ok(self.give(&secret, (permissions, request.rp_id.clone()), false))
    }

    /// Section 6.5.5.7.3, until the person is asked.
    fn token_by_verification(&mut self, request: &Request) -> Result<ByVerification, Status> {
        let point = required(&request.key_agreement)?;
        let bits = request.permissions.ok_or(Status::MissingParameter)?;
        let protocol = protocol(request)?;
        let permissions = permissions(bits, request.rp_id.as_deref())?;
        if self.pin_uv.uv_retries() == 0 {
            return Err(Status::UvBlocked);
        }
        let secret = self.pin_uv.shared_secret(protocol, point, self.entropy)?;
        Ok(ByVerification { secret, permissions, rp_id: request.rp_id.clone() })
    }

    /// The rest of it, once the person has answered.
    pub fn verified(&mut self, waiting: ByVerification, answer: Answer) -> Result<Vec<u8>, Status> {
        self.person(answer)?;
        let ByVerification { secret, permissions, rp_id } = waiting;
        // Who was verified by a finger or a prompt was there.
        Ok(self.give(&secret, (permissions, rp_id), true).encode())
    }

    /// Whether the person agreed and was known.
    fn person(&mut self, answer: Answer) -> Result<(), Status> {
        match answer {
            Answer::Approved { verified, .. } => self.pin_uv.verified(verified),
            Answer::Denied => Err(Status::OperationDenied),
            Answer::TimedOut => Err(Status::UserActionTimeout),
        }
    }

    /// Whether a PIN is looked at at all.
    fn may_try(&self) -> Result<(), Status> {
        let state = self.vault.state();
        if state.pin.is_none() {
            return Err(Status::PinNotSet);
        }
        if state.pin_retries == 0 {
            return Err(Status::PinBlocked);
        }
        if self.pin_uv.is_locked() { Err(Status::PinAuthBlocked) } else { Ok(()) }
    }

    /// Compares the digest of a PIN with the one that is kept. The attempt is used up, and that is written down,
    /// before anybody can know how it ends.
    fn check_pin(&mut self, secret: &SharedSecret, sealed: &[u8]) -> Result<(), Status> {
        self.set_retries(self.vault.state().pin_retries.saturating_sub(1))?;
        let told = secret.decrypt(sealed).ok();
        let kept = self.vault.state().pin.as_ref().map(|pin| pin.hash.clone());
        let same =
            told.zip(kept).is_some_and(|(told, kept)| encoding::constant_time_eq(&told, kept.as_slice()));
        if same {
            self.pin_uv.matched();
            return self.set_retries(MOST_PIN_RETRIES);
        }
        self.pin_uv.mismatched(secret.protocol());
        Err(match self.vault.state().pin_retries {
            0 => Status::PinBlocked,
            _ if self.pin_uv.is_locked() => Status::PinAuthBlocked,
            _ => Status::PinInvalid,
        })
    }

    fn set_retries(&mut self, retries: u8) -> Result<(), Status> {
        let mut state = self.vault.state().clone();
        state.pin_retries = retries;
        Ok(self.vault.set_state(state)?)
    }

    /// What to remember of the PIN in `sealed`, if it is one that may be.
    fn new_pin(&self, secret: &SharedSecret, sealed: &[u8]) -> Result<PinRecord, Status> {
        let padded = secret.decrypt(sealed).map_err(|_| Status::PinAuthInvalid)?;
        if padded.len() != PADDED {
            return Err(Status::InvalidParameter);
        }
        let filling = padded.iter().rev().take_while(|byte| **byte == 0).count();
        let pin = padded.get(..PADDED.saturating_sub(filling)).unwrap_or_default();
        if filling == 0 {
            // The longest PIN leaves room for one zero.
            return Err(Status::PinPolicyViolation);
        }
        let text = std::str::from_utf8(pin).map_err(|_| Status::PinPolicyViolation)?;
        let length = u8::try_from(text.chars().count()).map_err(|_| Status::PinPolicyViolation)?;
        if length < self.vault.state().min_pin_length {
            return Err(Status::PinPolicyViolation);
        }
        Ok(PinRecord { hash: pin_hash(pin), length })
    }

    fn keep(&mut self, record: PinRecord) -> Result<(), Status> {
        let mut state = self.vault.state().clone();
        state.pin = Some(record);
        state.pin_retries = MOST_PIN_RETRIES;
        state.force_pin_change = false;
        self.vault.set_state(state)?;
        Ok(())
    }

    /// A fresh token for whoever shares the secret; every other one is gone.
    fn give(
        &mut self,
        secret: &SharedSecret,
        good_for: (Permissions, Option<String>),
        user_present: bool,
    ) -> Response {
        let token = Token::begin(secret.protocol(), good_for, user_present, self.now, self.entropy);
        let bytes = self.pin_uv.begin(token);
        let token = Some(secret.seal(bytes, self.entropy));
        Response { token, ..Response::default() }
    }
}

/// LEFT(SHA-256(pin), 16).
pub fn pin_hash(pin: &[u8]) -> Zeroizing<[u8; 16]> {
    let whole = Zeroizing::new(digest::sha256(pin));
    let mut left = Zeroizing::new([0; 16]);
    for (to, from) in left.iter_mut().zip(whole.iter()) {
        *to = *from;
    }
    left
}

fn required(member: &Option<Vec<u8>>) -> Result<&[u8], Status> {
    member.as_deref().ok_or(Status::MissingParameter)
}

fn protocol(request: &Request) -> Result<Protocol, Status> {
    let number = request.protocol.ok_or(Status::MissingParameter)?;
    Protocol::from_number(number).ok_or(Status::InvalidParameter)
}

/// The permissions that a message asks for. Those that are not defined are ignored; who wants to make or use passkeys
/// must say for which site.
fn permissions(bits: u64, rp_id: Option<&str>) -> Result<Permissions, Status> {
    if bits == 0 {
        return Err(Status::InvalidParameter);
    }
    let permissions = Permissions::from_bits(bits);
    if permissions.among(NEVER) != Permissions::default() {
        return Err(Status::UnauthorizedPermission);
    }
    if rp_id.is_none() && permissions.among(Permissions::DEFAULT) != Permissions::default() {
        return Err(Status::MissingParameter);
    }
    Ok(permissions)
}

#[cfg(test)]
mod tests;
