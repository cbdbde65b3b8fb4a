//! authenticatorGetAssertion (CTAP 2.3 section 6.2).

use fido::authenticator_data::{AuthenticatorData, Flags};
use fido::ctap::Status;
use fido::ctap::get_assertion::{Request, Response, User};
use fido::extension::{AuthenticatorExtensions, CredentialProtection};
use primitives::digest;

use crate::authenticator::{Authenticator, Settings};
use crate::vault::{Credential, Vault};

impl<V: Vault> Authenticator<V> {
    /// Signs with the credential that the person picks among those that will do.
    pub fn get_assertion(&mut self, request: &Request) -> Result<Response, Status> {
        let flags = self.consent(request.user_presence, request.user_verification)?;
        let chosen = self.choose(request, flags)?;
        let credential_id = chosen.id.clone();
        // The counter moves before the signature exists: one that is lost on the way is used up all the same.
        let sign_count = if self.settings.signature_counter {
            self.vault.count_use(&credential_id, self.now)?
        } else {
            0
        };

        let credential = self
            .vault
            .credentials(&request.rp_id)
            .find(|credential| credential.id == credential_id)
            .ok_or(Status::NoCredentials)?;
        Ok(self.settings.asserted(credential, &request.client_data_hash, flags, sign_count, None))
    }

    fn choose(&self, request: &Request, flags: Flags) -> Result<&Credential, Status> {
        let mut candidates = self
            .vault
            .credentials(&request.rp_id)
            .filter(|credential| is_acceptable(credential, request, flags))
            .peekable();
        let newest = *candidates.peek().ok_or(Status::NoCredentials)?;
        match &self.person.account {
            None => Ok(newest),
            // Who looks for an account that is not in the list picks none of the others.
            Some(account) => {
                candidates.find(|credential| *credential.user.id == **account).ok_or(Status::OperationDenied)
            }
        }
    }
}

impl Settings {
    /// What the credential says, signed.
    pub(crate) fn asserted(
        &self,
        credential: &Credential,
        client_data_hash: &[u8; 32],
        flags: Flags,
        sign_count: u32,
        extensions: Option<AuthenticatorExtensions>,
    ) -> Response {
        let authenticator_data = AuthenticatorData {
            rp_id_hash: digest::sha256(credential.rp_id.as_bytes()),
            flags: flags
                .with_backup_eligible(credential.backup_eligible)
                .with_backed_up(credential.backup_eligible && self.backed_up),
            sign_count,
            attested_credential: None,
            extensions,
        }
        .encode();
        let message = [authenticator_data.as_slice(), client_data_hash].concat();
        let signature = credential.key.sign(&message);
        let user = credential.discoverable.then(|| User { id: credential.user.id.to_vec(), names: None });
        let credential_id = credential.id.clone();
        Response { credential_id, authenticator_data, signature, user, ..Response::default() }
    }
}

/// Whether the request may see and use the credential (CTAP 2.3 section 12.1 for `credProtect`).
pub(crate) fn is_acceptable(credential: &Credential, request: &Request, flags: Flags) -> bool {
    let named = request.allow.iter().any(|descriptor| *descriptor.id == *credential.id);
    let found = if request.allow.is_empty() { credential.discoverable } else { named };
    let shown = match credential.protection {
        CredentialProtection::UserVerificationOptional => true,
        CredentialProtection::UserVerificationOptionalWithCredentialIdList => named || flags.user_verified(),
        CredentialProtection::UserVerificationRequired => flags.user_verified(),
    };
    found && shown
}

#[cfg(test)]
mod tests;
