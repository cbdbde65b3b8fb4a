//! The other end of clientPIN (CTAP 2.3 section 6.5): what a browser or a tool sends to get a token, and what it
//! does with one. Tests and the load generator speak to the machine with it; nothing here decides anything.

use fido::ctap::client_pin::{Request, Response, Subcommand};
use fido::ctap::{PinUvAuth, config, credential_management, large_blobs};
use primitives::agreement::PrivateKey;
use primitives::digest;
use primitives::entropy::Entropy;
use zeroize::Zeroizing;

use crate::client_pin::pin_hash;
use crate::pin_protocol::{Protocol, SharedSecret};
use crate::token::Permissions;

/// What asks for the authenticator's key.
pub fn key_agreement(protocol: Protocol) -> Request {
    Request { protocol: Some(protocol.number()), ..Request::of(Subcommand::GetKeyAgreement) }
}

/// A secret shared with an authenticator.
pub struct Session {
    point: Vec<u8>,
    secret: SharedSecret,
}

impl Session {
    /// From the answer to [`key_agreement`]; nothing if there is no key in it.
    pub fn begin(protocol: Protocol, answer: &[u8], entropy: &mut dyn Entropy) -> Option<Self> {
        let theirs = Response::parse(answer).ok()?.key_agreement?;
        let ours = PrivateKey::generate(entropy);
        let secret = SharedSecret::agree(protocol, &ours, &theirs).ok()?;
        Some(Self { point: ours.public_uncompressed().to_vec(), secret })
    }

    /// The platform's point.
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    /// The secret, for `hmac-secret` and for tests that say something unusual.
    pub fn secret(&self) -> &SharedSecret {
        &self.secret
    }

    /// One of a subcommand, with protocol and key.
    pub fn request(&self, subcommand: Subcommand) -> Request {
        Request {
            protocol: Some(self.secret.protocol().number()),
            key_agreement: Some(self.point.clone()),
            ..Request::of(subcommand)
        }
    }

    /// Sets the first PIN.
    pub fn set_pin(&self, pin: &str, entropy: &mut dyn Entropy) -> Request {
        let sealed = self.sealed_pin(pin, entropy);
        Request {
            auth_param: Some(self.secret.authenticate(&sealed)),
            new_pin: Some(sealed),
            ..self.request(Subcommand::SetPin)
        }
    }

    /// Sets another one.
    pub fn change_pin(&self, old: &str, new: &str, entropy: &mut dyn Entropy) -> Request {
        let (sealed, hash) = (self.sealed_pin(new, entropy), self.sealed_hash(old, entropy));
        Request {
            auth_param: Some(self.secret.authenticate(&[sealed.as_slice(), &hash].concat())),
            new_pin: Some(sealed),
            pin_hash: Some(hash),
            ..self.request(Subcommand::ChangePin)
        }
    }

    /// Asks for a token as CTAP 2.0 did.
    pub fn pin_token(&self, pin: &str, entropy: &mut dyn Entropy) -> Request {
        Request { pin_hash: Some(self.sealed_hash(pin, entropy)), ..self.request(Subcommand::GetPinToken) }
    }

    /// Asks for a token by PIN.
    pub fn token_by_pin(
        &self,
        pin: &str,
        (permissions, rp_id): (Permissions, Option<&str>),
        entropy: &mut dyn Entropy,
    ) -> Request {
        Request {
            pin_hash: Some(self.sealed_hash(pin, entropy)),
            permissions: Some(permissions.bits()),
            rp_id: rp_id.map(str::to_owned),
            ..self.request(Subcommand::GetTokenUsingPin)
        }
    }

    /// Asks for a token by built-in verification.
    pub fn token_by_verification(&self, permissions: Permissions, rp_id: Option<&str>) -> Request {
        Request {
            permissions: Some(permissions.bits()),
            rp_id: rp_id.map(str::to_owned),
            ..self.request(Subcommand::GetTokenUsingUv)
        }
    }

    /// The token in the answer, if there is one.
    pub fn token(&self, answer: &[u8]) -> Option<HeldToken> {
        let sealed = Response::parse(answer).ok()?.token?;
        let secret = self.secret.decrypt(&sealed).ok()?;
        let secret = Zeroizing::new(secret.as_slice().try_into().ok()?);
        Some(HeldToken { protocol: self.secret.protocol(), secret })
    }

    fn sealed_pin(&self, pin: &str, entropy: &mut dyn Entropy) -> Vec<u8> {
        let mut padded = Zeroizing::new(pin.as_bytes().to_vec());
        padded.resize(pin.len().next_multiple_of(64).max(64), 0);
        self.secret.seal(&padded, entropy)
    }

    fn sealed_hash(&self, pin: &str, entropy: &mut dyn Entropy) -> Vec<u8> {
        self.secret.seal(pin_hash(pin.as_bytes()).as_slice(), entropy)
    }
}

/// A token in the platform's hands.
#[derive(Clone)]
pub struct HeldToken {
    protocol: Protocol,
    secret: Zeroizing<[u8; 32]>,
}

impl HeldToken {
    /// The tag over a message.
    pub fn prove(&self, message: &[u8]) -> Vec<u8> {
        self.protocol.authenticate(&self.secret, message)
    }

    /// What goes with a request to make or use a credential.
    pub fn auth(&self, client_data_hash: &[u8; 32]) -> PinUvAuth {
        PinUvAuth { param: self.prove(client_data_hash), protocol: Some(self.protocol.number()) }
    }

    /// The request with its proof.
    pub fn manage(&self, request: credential_management::Request) -> credential_management::Request {
        let number = u8::try_from(request.subcommand).unwrap_or(0);
        let message = [&[number], request.parameters_as_sent.as_slice()].concat();
        credential_management::Request {
            protocol: Some(self.protocol.number()),
            auth_param: Some(self.prove(&message)),
            ..request
        }
    }

    /// The request with its proof.
    pub fn configure(&self, request: config::Request) -> config::Request {
        let number = u8::try_from(request.subcommand).unwrap_or(0);
        let head = [&[0xff; 32][..], &[0x0d, number]].concat();
        let message = [head.as_slice(), &request.parameters_as_sent].concat();
        config::Request {
            protocol: Some(self.protocol.number()),
            auth_param: Some(self.prove(&message)),
            ..request
        }
    }

    /// The piece of an array with its proof.
    pub fn write(&self, piece: &[u8], offset: u32, length: Option<u64>) -> large_blobs::Request {
        let head = [&[0xff; 32][..], &[0x0c, 0x00], &offset.to_le_bytes()].concat();
        let message = [head.as_slice(), &digest::sha256(piece)].concat();
        large_blobs::Request {
            set: Some(piece.to_vec()),
            offset: Some(u64::from(offset)),
            length,
            protocol: Some(self.protocol.number()),
            auth_param: Some(self.prove(&message)),
            ..large_blobs::Request::default()
        }
    }
}

/// An array of large blobs as it is kept: what is in it, and half a digest of that.
pub fn large_blob_array(content: &[u8]) -> Vec<u8> {
    let whole = digest::sha256(content);
    [content, whole.get(..16).unwrap_or_default()].concat()
}

#[cfg(test)]
pub(crate) mod tests;
