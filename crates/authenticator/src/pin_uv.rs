//! What an authenticator knows about PIN and verification until its power goes: its keys for agreement, the token
//! in use, and how often in a row it was told something wrong (CTAP 2.3 sections 6.5.2 to 6.5.4).
//!
//! [`crate::client_pin`] gives the token out; every command that takes one asks here. What must survive the power,
//! the PIN and how many attempts are left, is in [`crate::vault::DeviceState`].

use fido::ctap::{PinUvAuth, Status};
use primitives::agreement::PrivateKey;
use primitives::entropy::Entropy;
use primitives::time::Timestamp;

use crate::pin_protocol::{Protocol, SharedSecret};
use crate::token::{Permissions, Token};

/// So many wrong PINs in a row, and only a power cycle helps: software alone cannot use up all attempts (section 6.5.2.2).
pub const MOST_MISMATCHES: u8 = 3;

/// So many failed verifications in a row, and only the right PIN or a power cycle helps (section 6.5.2.3).
pub const MOST_UV_RETRIES: u8 = 5;

/// The state. The default is that after power came.
#[derive(Default)]
pub struct PinUv {
    one: Option<PrivateKey>,
    two: Option<PrivateKey>,
    token: Option<Token>,
    mismatches: u8,
    uv_failures: u8,
}

/// What a command brings to show that it may: `pinUvAuthProtocol` and `pinUvAuthParam`.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// The protocol, if named.
    pub protocol: Option<u64>,
    /// The tag over the message, if there.
    pub param: Option<&'a [u8]>,
}

impl PinUv {
    /// Takes the power away and gives it back.
    pub fn power_cycle(&mut self) {
        *self = Self::default();
    }

    /// getPublicKey: the point for the platform.
    pub fn public_key(&mut self, protocol: Protocol, entropy: &mut dyn Entropy) -> Vec<u8> {
        self.key(protocol, entropy).public_uncompressed().to_vec()
    }

    /// `decapsulate`: the secret shared with whoever has that point. `hmac-secret` uses it, too.
    pub fn shared_secret(
        &mut self,
        protocol: Protocol,
        point: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<SharedSecret, Status> {
        let key = self.key(protocol, entropy);
        SharedSecret::agree(protocol, key, point).map_err(|_| Status::InvalidParameter)
    }

    fn key(&mut self, protocol: Protocol, entropy: &mut dyn Entropy) -> &PrivateKey {
        self.slot(protocol).get_or_insert_with(|| PrivateKey::generate(entropy))
    }

    fn slot(&mut self, protocol: Protocol) -> &mut Option<PrivateKey> {
        match protocol {
            Protocol::One => &mut self.one,
            Protocol::Two => &mut self.two,
        }
    }

    /// Whether PINs are refused unheard until the power was away.
    pub fn is_locked(&self) -> bool {
        self.mismatches >= MOST_MISMATCHES
    }

    /// A wrong PIN under that protocol: `regenerate`, so that no second guess fits the same secret.
    pub fn mismatched(&mut self, protocol: Protocol) {
        self.mismatches = self.mismatches.saturating_add(1);
        *self.slot(protocol) = None;
    }

    /// The right PIN.
    pub fn matched(&mut self) {
        self.mismatches = 0;
        self.uv_failures = 0;
    }

    /// How many failed verifications are left.
    pub fn uv_retries(&self) -> u8 {
        MOST_UV_RETRIES.saturating_sub(self.uv_failures)
    }

    /// What the built-in verification said; the status is what a platform learns of a failure.
    pub fn verified(&mut self, known: bool) -> Result<(), Status> {
        if known {
            self.uv_failures = 0;
            return Ok(());
        }
        self.uv_failures = self.uv_failures.saturating_add(1);
        Err(if self.uv_retries() == 0 { Status::UvBlocked } else { Status::UvInvalid })
    }

    /// `token` takes the place of every other one; returns its bytes.
    pub(crate) fn begin(&mut self, token: Token) -> &[u8; 32] {
        self.token.insert(token).secret()
    }

    /// resetPinUvAuthToken for both protocols: whatever token there was is good for nothing any more.
    pub fn reset_tokens(&mut self) {
        self.token = None;
    }

    /// The token in use, if its time is not over.
    pub fn token(&mut self, now: Timestamp) -> Option<&mut Token> {
        self.token.take_if(|token| !token.is_in_use(now));
        self.token.as_mut()
    }

    /// Whether the platform proves over `message` that it holds a token with `permission`; the token, if so.
    ///
    /// For commands that want a token in any case: management, configuration, large blobs.
    pub fn authorize(
        &mut self,
        proof: Proof<'_>,
        message: &[u8],
        permission: Permissions,
        now: Timestamp,
    ) -> Result<&mut Token, Status> {
        let param = proof.param.ok_or(Status::PuatRequired)?;
        let number = proof.protocol.ok_or(Status::MissingParameter)?;
        let protocol = Protocol::from_number(number).ok_or(Status::InvalidParameter)?;
        let token = self.token(now).ok_or(Status::PinAuthInvalid)?;
        if token.verify(protocol, message, param) && token.permits(permission) {
            Ok(token)
        } else {
            Err(Status::PinAuthInvalid)
        }
    }

    /// The same for making and using a credential of `rp_id` (sections 6.1.2 step 11 and 6.2.2 step 6); the token is
    /// bound to the site from then on. Whoever asked the person for a touch then calls [`Token::spend`].
    pub fn authorize_site(
        &mut self,
        auth: &PinUvAuth,
        client_data_hash: &[u8; 32],
        (permission, rp_id): (Permissions, &str),
        now: Timestamp,
    ) -> Result<&mut Token, Status> {
        let proof = Proof { protocol: auth.protocol, param: Some(&auth.param) };
        let token = self.authorize(proof, client_data_hash, permission, now)?;
        if !token.is_for(rp_id) || !token.is_user_verified() {
            return Err(Status::PinAuthInvalid);
        }
        token.bind(rp_id);
        Ok(token)
    }
}

#[cfg(test)]
mod tests;
