//! Extensions (CTAP 2.3 section 12): what they give, and what of it is signed.

use fido::ctap::Status;
use fido::ctap::extensions::{HmacInput, PrfResults, Salts};
use fido::extension::{AuthenticatorExtensions, CredBlob, HmacSecret};
use primitives::digest;
use primitives::entropy::{self, Entropy};
use primitives::secret::SecretBytes;
use zeroize::Zeroizing;

use super::get_assertion::Assertion;
use super::make_credential::Creation;
use super::{Ctap2, LONGEST_CRED_BLOB, Transport};
use crate::vault::{Credential, Vault};

/// What extensions give.
pub(super) struct Outputs {
    /// Inside authenticator data; `None` if there is nothing.
    pub(super) signed: Option<AuthenticatorExtensions>,
    /// Outside of them.
    pub(super) prf: Option<PrfResults>,
}

impl<V: Vault> Ctap2<V> {
    /// What extensions give at creation; what they keep goes into the credential.
    pub(super) fn creation_outputs(
        &mut self,
        creation: &Creation,
        credential: &mut Credential,
        entropy: &mut dyn Entropy,
    ) -> Result<Outputs, Status> {
        let request = creation.request();
        let inputs = &request.extensions;
        let mut signed = AuthenticatorExtensions {
            cred_protect: request.cred_protect,
            ..AuthenticatorExtensions::default()
        };
        if creation.transport() == Transport::Hybrid {
            let prf = inputs.prf.as_ref().map(|prf| PrfResults {
                enabled: Some(true),
                secrets: prf.eval.map(|salts| prf_secrets(credential, creation.verified(), salts)),
            });
            return Ok(Outputs { signed: something(signed), prf });
        }
        // Section 12.3.
        if inputs.large_blob_key {
            if !request.resident_key {
                return Err(Status::InvalidOption);
            }
            credential.large_blob_key = Some(Zeroizing::new(entropy::array(entropy)));
        }
        // Section 12.2.
        if let Some(blob) = &inputs.cred_blob {
            let fits = blob.len() <= LONGEST_CRED_BLOB;
            credential.cred_blob = fits.then(|| blob.clone());
            signed.cred_blob = Some(CredBlob::Stored(fits));
        }
        // Section 12.5.
        let state = self.vault.state();
        if inputs.min_pin_length && state.min_pin_rp_ids.contains(&request.rp.id) {
            signed.min_pin_length = Some(state.min_pin_length.into());
        }
        // Sections 12.7 and 12.8.
        if inputs.hmac_secret {
            signed.hmac_secret = Some(HmacSecret::Enabled(true));
            if let Some(input) = &inputs.hmac_secret_mc {
                let sealed = self.hmac_secret(input, credential, creation.verified(), entropy)?;
                signed.hmac_secret_mc = Some(SecretBytes::new(sealed));
            }
        }
        Ok(Outputs { signed: something(signed), prf: None })
    }

    /// What extensions give at an assertion by that credential.
    pub(super) fn assertion_outputs(
        &mut self,
        assertion: &Assertion,
        id: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Outputs, Status> {
        let inputs = &assertion.request.extensions;
        let verified = assertion.verification.is_any();
        let mut signed = AuthenticatorExtensions::default();
        if assertion.transport == Transport::Hybrid {
            let salts = inputs.prf.as_ref().and_then(|prf| prf.salts(id));
            let credential = self.credential(&assertion.request.rp_id, id)?;
            let secrets = salts.map(|salts| prf_secrets(credential, verified, salts));
            let prf = secrets.map(|secrets| PrfResults { enabled: None, secrets: Some(secrets) });
            return Ok(Outputs { signed: None, prf });
        }
        if inputs.cred_blob {
            let credential = self.credential(&assertion.request.rp_id, id)?;
            let blob = credential.cred_blob.clone().unwrap_or_default();
            signed.cred_blob = Some(CredBlob::Blob(SecretBytes::new(blob)));
        }
        if let Some(input) = &inputs.hmac_secret {
            if !assertion.request.user_presence {
                return Err(Status::UnsupportedOption);
            }
            let (salts, key) = self.open_salts(input, entropy)?;
            let credential = self.credential(&assertion.request.rp_id, id)?;
            let secrets = derive(credential, verified, &salts);
            let sealed = key.seal(&secrets, entropy);
            signed.hmac_secret = Some(HmacSecret::Encrypted(SecretBytes::new(sealed)));
        }
        Ok(Outputs { signed: something(signed), prf: None })
    }

    fn hmac_secret(
        &mut self,
        input: &HmacInput,
        credential: &Credential,
        verified: bool,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, Status> {
        let (salts, key) = self.open_salts(input, entropy)?;
        Ok(key.seal(&derive(credential, verified, &salts), entropy))
    }

    pub(super) fn credential(&self, rp_id: &str, id: &[u8]) -> Result<&Credential, Status> {
        self.vault.credentials(rp_id).find(|credential| credential.id == id).ok_or(Status::NoCredentials)
    }
}

fn something(signed: AuthenticatorExtensions) -> Option<AuthenticatorExtensions> {
    (signed != AuthenticatorExtensions::default()).then_some(signed)
}

/// One secret for each salt of 32 bytes: HMAC-SHA-256 under the half of CredRandom that is for who was verified, or for
/// who was not.
fn derive(credential: &Credential, verified: bool, salts: &[u8]) -> Zeroizing<Vec<u8>> {
    let (with, without) = credential.cred_random.split_at(32);
    let random = if verified { with } else { without };
    let mut secrets = Zeroizing::new(Vec::with_capacity(salts.len()));
    for salt in salts.chunks(32) {
        secrets.extend_from_slice(&digest::hmac_sha256(random, salt));
    }
    secrets
}

fn prf_secrets(credential: &Credential, verified: bool, salts: Salts) -> SecretBytes {
    let second = salts.second.as_ref().map_or(&[][..], |salt| salt.as_slice());
    SecretBytes::new(derive(credential, verified, &[&salts.first, second].concat()).to_vec())
}
