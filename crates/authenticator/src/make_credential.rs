//! authenticatorMakeCredential (CTAP 2.2 section 6.1).

use fido::authenticator_data::{AttestedCredential, AuthenticatorData};
use fido::ctap::Status;
use fido::ctap::make_credential::{Request, Response};
use fido::extension::{AuthenticatorExtensions, CredentialProtection};
use primitives::cbor::Value;
use primitives::cose::{Algorithm, SigningKey};
use primitives::digest;
use primitives::entropy::{self, Entropy};

use crate::attestation::Statement;
use crate::authenticator::Authenticator;
use crate::vault::{Credential, Vault};

/// What the command made; the vault has the private half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The credential's id.
    pub credential_id: Vec<u8>,
    /// The algorithm of its key.
    pub algorithm: Algorithm,
    /// Its public key as COSE_Key.
    pub public_key: Vec<u8>,
    /// Authenticator data with the attested credential.
    pub authenticator_data: Vec<u8>,
    /// The statement about them.
    pub statement: Statement,
}

impl Made {
    /// As the CTAP2 message that goes to the client.
    pub fn response(&self) -> Response<'_> {
        Response(self.statement.object(&self.authenticator_data))
    }

    /// As the attestation object that goes to the relying party.
    pub fn attestation_object(&self) -> Vec<u8> {
        self.statement.object(&self.authenticator_data).encode()
    }
}

impl<V: Vault> Authenticator<V> {
    /// Makes a credential and keeps it.
    pub fn make_credential(&mut self, request: &Request, entropy: &mut dyn Entropy) -> Result<Made, Status> {
        // The order is that of CTAP 2.2 section 6.1.2: only a person who consents learns what lives here.
        let algorithm = self.algorithm(&request.algorithms).ok_or(Status::UnsupportedAlgorithm)?;
        let flags = self
            .consent(request.user_presence, request.user_verification)?
            .with_backup_eligible(self.settings.backup_eligible)
            .with_backed_up(self.settings.backup_eligible && self.settings.backed_up);
        let excluded =
            |credential: &Credential| request.exclude.iter().any(|other| *other.id == *credential.id);
        if self.vault.credentials(&request.rp.id).any(excluded) {
            return Err(Status::CredentialExcluded);
        }

        let key = SigningKey::generate(algorithm, entropy).map_err(|_| Status::UnsupportedAlgorithm)?;
        let credential_id = entropy::array::<32>(entropy).to_vec();
        let public_key = key.public_key().encode();
        let extensions = request.cred_protect.map(|level| AuthenticatorExtensions {
            cred_protect: Some(level),
            ..AuthenticatorExtensions::default()
        });
        let authenticator_data = AuthenticatorData {
            rp_id_hash: digest::sha256(request.rp.id.as_bytes()),
            flags,
            sign_count: 0,
            attested_credential: Some(AttestedCredential {
                aaguid: self.settings.aaguid,
                credential_id: &credential_id,
                public_key: &public_key,
                // Only readers look at this form; what is written is the one above.
                public_key_value: Value::Null,
            }),
            extensions,
        }
        .encode();
        let message = [authenticator_data.as_slice(), &request.client_data_hash].concat();
        let statement = Statement::make(&self.settings.attestation, &key, &message);

        self.vault.add(Credential {
            id: credential_id.clone(),
            rp_id: request.rp.id.clone(),
            user: request.user.clone(),
            key,
            sign_count: 0,
            discoverable: request.resident_key,
            backup_eligible: self.settings.backup_eligible,
            protection: request.cred_protect.unwrap_or(CredentialProtection::UserVerificationOptional),
        })?;
        Ok(Made { credential_id, algorithm, public_key, authenticator_data, statement })
    }

    /// The most wanted algorithm that this authenticator does.
    fn algorithm(&self, wanted: &[i64]) -> Option<Algorithm> {
        let done = |algorithm: &Algorithm| self.settings.algorithms.contains(algorithm);
        wanted.iter().filter_map(|id| Algorithm::from_id(*id)).find(done)
    }
}

#[cfg(test)]
pub(crate) mod tests;
