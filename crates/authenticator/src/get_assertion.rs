//! authenticatorGetAssertion (CTAP 2.2 section 6.2).

use fido::authenticator_data::{AuthenticatorData, Flags};
use fido::ctap::Status;
use fido::ctap::get_assertion::{Request, Response};
use fido::extension::CredentialProtection;
use primitives::digest;

use crate::authenticator::Authenticator;
use crate::vault::{Credential, Vault};

impl<V: Vault> Authenticator<V> {
    /// Signs with the credential that the person picks among those that will do.
    pub fn get_assertion(&mut self, request: &Request) -> Result<Response, Status> {
        let flags = self.consent(request.user_presence, request.user_verification)?;
        let chosen = self.choose(request, flags)?;
        let credential_id = chosen.id.clone();
        // The counter moves before the signature exists: one that is lost on the way is used up all the same.
        let sign_count =
            if self.settings.signature_counter { self.vault.count_use(&credential_id)? } else { 0 };

        let credential = self
            .vault
            .credentials(&request.rp_id)
            .find(|credential| credential.id == credential_id)
            .ok_or(Status::NoCredentials)?;
        let authenticator_data = AuthenticatorData {
            rp_id_hash: digest::sha256(request.rp_id.as_bytes()),
            flags: flags
                .with_backup_eligible(credential.backup_eligible)
                .with_backed_up(credential.backup_eligible && self.settings.backed_up),
            sign_count,
            attested_credential: None,
            extensions: None,
        }
        .encode();
        let message = [authenticator_data.as_slice(), &request.client_data_hash].concat();
        let signature = credential.key.sign(&message);
        let user_handle = credential.discoverable.then(|| credential.user.id.to_vec());
        Ok(Response { credential_id, authenticator_data, signature, user_handle })
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

/// Whether the request may see and use the credential (CTAP 2.2 section 12.1 for `credProtect`).
fn is_acceptable(credential: &Credential, request: &Request, flags: Flags) -> bool {
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
