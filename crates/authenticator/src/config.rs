//! authenticatorConfig (CTAP 2.3 section 6.11).
//!
//! Where the person can be verified, every subcommand wants a token.

use fido::ctap::Status;
use fido::ctap::config::{Parameters, Request, Subcommand};
use primitives::time::Timestamp;

use crate::pin_uv::{PinUv, Proof};
use crate::token::Permissions;
use crate::vault::{DeviceState, Vault};

/// Most relying parties that are told how long PINs must be: getInfo's `maxRPIDsForSetMinPINLength`.
pub const MOST_RP_IDS: usize = 8;

/// The longest PIN there can be, in code points of one byte.
const LONGEST_PIN: u64 = 63;

/// The command at work: on which state, at which time.
pub struct Config<'a, V: Vault> {
    /// Who may.
    pub pin_uv: &'a mut PinUv,
    /// Where the settings live.
    pub vault: &'a mut V,
    /// Whether there is any way to verify the person.
    pub protected: bool,
    /// The time of the request.
    pub now: Timestamp,
}

impl<V: Vault> Config<'_, V> {
    /// Carries out the request in `message`, which is without the command byte. There is no answer but the status.
    pub fn handle(&mut self, message: &[u8]) -> Result<(), Status> {
        let request = Request::parse(message)?;
        let subcommand = match Subcommand::from_number(request.subcommand) {
            // An attestation that names the device is what `keyfob` gets from its own server, by enrolment, and no
            // other site gets one.
            None | Some(Subcommand::EnableEnterpriseAttestation) => return Err(Status::InvalidParameter),
            Some(subcommand) => subcommand,
        };
        // Who cannot be verified may still take back that they always must be.
        let always = self.vault.state().always_uv && subcommand != Subcommand::ToggleAlwaysUv;
        if self.protected || always {
            self.authorize(&request, subcommand)?;
        }
        match subcommand {
            Subcommand::SetMinPinLength => {
                self.set_min_pin_length(request.parameters.ok_or(Status::MissingParameter)?)
            }
            _ => {
                let state = self.vault.state().clone();
                let always_uv = !state.always_uv;
                Ok(self.vault.set_state(DeviceState { always_uv, ..state })?)
            }
        }
    }

    fn authorize(&mut self, request: &Request, subcommand: Subcommand) -> Result<(), Status> {
        let head = [&[0xff; 32][..], &[0x0d, subcommand.number()]].concat();
        let message = [head.as_slice(), &request.parameters_as_sent].concat();
        let proof = Proof { protocol: request.protocol, param: request.auth_param.as_deref() };
        self.pin_uv.authorize(proof, &message, Permissions::AUTHENTICATOR_CONFIG, self.now).map(drop)
    }

    /// Section 6.11.4. Nothing is changed unless everything may be.
    fn set_min_pin_length(&mut self, asked: Parameters) -> Result<(), Status> {
        let mut state = self.vault.state().clone();
        let length = asked.new_min_pin_length.unwrap_or_else(|| u64::from(state.min_pin_length));
        if length < u64::from(state.min_pin_length) || length > LONGEST_PIN {
            return Err(Status::PinPolicyViolation);
        }
        // There is no such policy here, and whoever asks for one shall not believe that there is.
        if asked.pin_complexity_policy == Some(true) {
            return Err(Status::InvalidParameter);
        }
        let force = asked.force_change_pin == Some(true);
        if force && state.pin.is_none() {
            return Err(Status::PinNotSet);
        }
        if let Some(rp_ids) = asked.min_pin_length_rp_ids {
            if rp_ids.len() > MOST_RP_IDS {
                return Err(Status::KeyStoreFull);
            }
            state.min_pin_rp_ids = rp_ids;
        }
        state.min_pin_length = u8::try_from(length).map_err(|_| Status::PinPolicyViolation)?;
        let too_short = state.pin.as_ref().is_some_and(|pin| pin.length < state.min_pin_length);
        state.force_pin_change |= force || too_short;
        let must_change = state.force_pin_change;
        self.vault.set_state(state)?;
        if must_change {
            self.pin_uv.reset_tokens();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
