//! authenticatorMakeCredential (CTAP 2.3 section 6.1).

use fido::authenticator_data::{AttestedCredential, AuthenticatorData, Flags};
use fido::ctap::Status;
use fido::ctap::make_credential::{Request, Response};
use fido::extension::{AuthenticatorExtensions, CredentialProtection};
use primitives::cbor::Value;
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::entropy::{self, Entropy};
use primitives::time::Timestamp;
use zeroize::Zeroizing;

use crate::attestation::{Private, Statement};
use crate::authenticator::{Authenticator, Settings};
use crate::private_key::PrivateKey;
use crate::vault::{Credential, Vault, kept_name, kept_user};

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
        Response::new(self.statement.object(&self.authenticator_data))
    }

    /// As the attestation object that goes to the relying party.
    pub fn attestation_object(&self) -> Vec<u8> {
        self.statement.object(&self.authenticator_data).encode()
    }
}

impl<V: Vault> Authenticator<V> {
    /// Makes a credential and keeps it.
    pub fn make_credential(&mut self, request: &Request, entropy: &mut dyn Entropy) -> Result<Made, Status> {
        // The order is that of CTAP 2.3 section 6.1.2: only a person who consents learns what lives here.
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

        let extensions = request.cred_protect.map(|level| AuthenticatorExtensions {
            cred_protect: Some(level),
            ..AuthenticatorExtensions::default()
        });
        let credential = self.settings.credential(request, algorithm, self.now, entropy)?;
        let made = self.settings.attested(&credential, &request.client_data_hash, flags, extensions, None);
        self.vault.add(credential)?;
        Ok(made)
    }

    /// The most wanted algorithm that this authenticator does.
    fn algorithm(&self, wanted: &[i64]) -> Option<Algorithm> {
        self.settings.algorithm(wanted)
    }
}

impl Settings {
    /// The first of the wanted algorithms that this authenticator does.
    pub(crate) fn algorithm(&self, wanted: &[i64]) -> Option<Algorithm> {
        let done = |algorithm: &Algorithm| self.algorithms.contains(algorithm);
        wanted.iter().filter_map(|id| Algorithm::from_id(*id)).find(done)
    }

    /// A new credential as the request wants it, not yet kept anywhere. It has all the secrets that extensions may ask
    /// for, whether they did or not, except what says by its presence that they did.
    pub(crate) fn credential(
        &self,
        request: &Request,
        algorithm: Algorithm,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Credential, Status> {
        let key = PrivateKey::generate(algorithm, entropy).map_err(|_| Status::UnsupportedAlgorithm)?;
        Ok(Credential {
            id: entropy::array::<32>(entropy).to_vec(),
            rp_id: request.rp.id.clone(),
            rp_name: kept_name(request.rp.name.clone()),
            user: kept_user(request.user.clone()),
            key,
            sign_count: 0,
            discoverable: request.resident_key,
            backup_eligible: self.backup_eligible,
            protection: request.cred_protect.unwrap_or(CredentialProtection::UserVerificationOptional),
            cred_random: Zeroizing::new(entropy::array(entropy)),
            cred_blob: None,
            large_blob_key: None,
            created: now,
            last_used: None,
        })
    }

    /// What is told of a new credential: data and statement, by `private` if there is one for this relying party.
    pub(crate) fn attested(
        &self,
        credential: &Credential,
        client_data_hash: &[u8; 32],
        flags: Flags,
        extensions: Option<AuthenticatorExtensions>,
        attestation: Option<&Attesting<'_>>,
    ) -> Made {
        let public_key = credential.key.public_key().encode();
        let authenticator_data = AuthenticatorData {
            rp_id_hash: digest::sha256(credential.rp_id.as_bytes()),
            flags,
            sign_count: 0,
            attested_credential: Some(AttestedCredential {
                aaguid: self.aaguid,
                credential_id: &credential.id,
                public_key: &public_key,
                // Only readers look at this form; what is written is the one above.
                public_key_value: Value::Null,
            }),
            extensions,
        }
        .encode();
        let message = [authenticator_data.as_slice(), client_data_hash].concat();
        let statement = match attestation {
            Some(Attesting::Nobody) => Statement::None,
            Some(Attesting::Private(private)) => Statement::private(private, &message),
            None => Statement::make(&self.attestation, credential.key.signing_key(), &message),
        };
        Made {
            credential_id: credential.id.clone(),
            algorithm: credential.key.algorithm(),
            public_key,
            authenticator_data,
            statement,
        }
    }
}

/// Who attests, if not whoever the settings say.
pub(crate) enum Attesting<'a> {
    /// Nobody: the client wants no statement.
    Nobody,
    /// The relying party's own authority.
    Private(&'a Private),
}

#[cfg(test)]
pub(crate) mod tests;
