//! authenticatorCredentialManagement (CTAP 2.3 section 6.8).

use std::collections::{BTreeSet, VecDeque};

use fido::CredentialDescriptor;
use fido::ctap::Status;
use fido::ctap::credential_management::{Parameters, Request, Response, Subcommand};
use primitives::digest;
use primitives::time::{Span, Timestamp};

use crate::pin_uv::{PinUv, Proof};
use crate::token::{Permissions, Token};
use crate::vault::{Credential, Vault, kept_user};

/// How long an enumeration waits for the next question (section 6, on commands with state).
const PATIENCE: Span = Span::from_secs(30);

/// Where an enumeration stands. Any command but its next one ends it, and so does the power.
#[derive(Debug, Default)]
pub struct Enumeration {
    left: Left,
    asked: Option<Timestamp>,
}

#[derive(Debug, Default)]
enum Left {
    #[default]
    Nothing,
    /// Ids of relying parties.
    Rps(VecDeque<String>),
    /// Ids of credentials.
    Credentials(VecDeque<Vec<u8>>),
}

impl Enumeration {
    /// Another command came.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    fn begin(&mut self, left: Left, now: Timestamp) {
        *self = Self { left, asked: Some(now) };
    }

    fn is_fresh(&mut self, now: Timestamp) -> bool {
        let fresh = self.asked.is_some_and(|asked| asked <= now && now.since(asked) <= PATIENCE);
        self.asked = Some(now);
        fresh
    }

    fn next_rp(&mut self, now: Timestamp) -> Option<String> {
        let fresh = self.is_fresh(now);
        match &mut self.left {
            Left::Rps(left) if fresh => left.pop_front(),
            _ => None,
        }
    }

    fn next_credential(&mut self, now: Timestamp) -> Option<Vec<u8>> {
        let fresh = self.is_fresh(now);
        match &mut self.left {
            Left::Credentials(left) if fresh => left.pop_front(),
            _ => None,
        }
    }
}

/// The command at work: on which state, at which time.
pub struct CredentialManagement<'a, V: Vault> {
    /// The enumeration under way.
    pub enumeration: &'a mut Enumeration,
    /// Who may.
    pub pin_uv: &'a mut PinUv,
    /// What is managed.
    pub vault: &'a mut V,
    /// The time of the request.
    pub now: Timestamp,
}

impl<V: Vault> CredentialManagement<'_, V> {
    /// Carries out the request in `message`, which is without the command byte; the answer is without the status.
    pub fn handle(&mut self, message: &[u8]) -> Result<Vec<u8>, Status> {
        let parsed = Request::parse(message);
        let known = parsed.map_err(Status::from).and_then(|request| {
            let subcommand = Subcommand::from_number(request.subcommand).ok_or(Status::InvalidSubcommand)?;
            Ok((request, subcommand))
        });
        let (request, subcommand) = known.inspect_err(|_| self.enumeration.forget())?;
        let goes_on = matches!(
            subcommand,
            Subcommand::EnumerateRpsGetNextRp | Subcommand::EnumerateCredentialsGetNextCredential
        );
        if !goes_on {
            self.enumeration.forget();
        }
        let answer = match subcommand {
            Subcommand::GetCredsMetadata => self.metadata(&request)?,
            Subcommand::EnumerateRpsBegin => self.first_rp(&request)?,
            Subcommand::EnumerateRpsGetNextRp => {
                let rp_id = self.enumeration.next_rp(self.now).ok_or(Status::NotAllowed)?;
                self.rp(&rp_id)
            }
            Subcommand::EnumerateCredentialsBegin => self.first_credential(&request)?,
            Subcommand::EnumerateCredentialsGetNextCredential => {
                let id = self.enumeration.next_credential(self.now).ok_or(Status::NotAllowed)?;
                self.credential(&id).map(described).ok_or(Status::NotAllowed)?
            }
            Subcommand::DeleteCredential => self.delete(&request)?,
            Subcommand::UpdateUserInformation => self.update(&request)?,
        };
        Ok(answer.encode())
    }

    /// Section 6.8.2.
    fn metadata(&mut self, request: &Request) -> Result<Response, Status> {
        self.authorize_for_all(request)?;
        let existing = self.discoverable().count();
        // More than anybody counts to is told as that.
        let remaining = self.vault.room().min(usize::from(u16::MAX));
        Ok(Response {
            existing: Some(as_u64(existing)),
            remaining: Some(as_u64(remaining)),
            ..Response::default()
        })
    }

    /// Section 6.8.3.
    fn first_rp(&mut self, request: &Request) -> Result<Response, Status> {
        self.authorize_for_all(request)?;
        let mut seen = BTreeSet::new();
        let ids = self.discoverable().map(|credential| credential.rp_id.as_str());
        let mut left: VecDeque<String> = ids.filter(|id| seen.insert(*id)).map(str::to_owned).collect();
        let total = as_u64(left.len());
        let first = left.pop_front().ok_or(Status::NoCredentials)?;
        self.enumeration.begin(Left::Rps(left), self.now);
        Ok(Response { total_rps: Some(total), ..self.rp(&first) })
    }

    /// Section 6.8.4.
    fn first_credential(&mut self, request: &Request) -> Result<Response, Status> {
        let parameters = request.parameters.as_ref().ok_or(Status::MissingParameter)?;
        let hash = parameters.rp_id_hash.ok_or(Status::MissingParameter)?;
        let token = self.authorize(request)?;
        if token.rp_id().is_some_and(|own| digest::sha256(own.as_bytes()) != hash) {
            return Err(Status::PinAuthInvalid);
        }
        let rp_id = self.rp_id_of(&hash).ok_or(Status::NoCredentials)?;
        let all = self.vault.credentials(&rp_id).filter(|credential| credential.discoverable);
        let mut left: VecDeque<Vec<u8>> = all.map(|credential| credential.id.clone()).collect();
        let total = as_u64(left.len());
        let first = left.pop_front().and_then(|id| self.credential(&id).map(described));
        let first = first.ok_or(Status::NoCredentials)?;
        self.enumeration.begin(Left::Credentials(left), self.now);
        Ok(Response { total_credentials: Some(total), ..first })
    }

    /// Section 6.8.5.
    fn delete(&mut self, request: &Request) -> Result<Response, Status> {
        let (id, _) = self.named(request)?;
        self.vault.remove(&id)?;
        Ok(Response::default())
    }

    /// Section 6.8.6.
    fn update(&mut self, request: &Request) -> Result<Response, Status> {
        let user = parameters(request).user.ok_or(Status::MissingParameter)?;
        let (id, handle) = self.named(request)?;
        if handle != *user.id {
            return Err(Status::InvalidParameter);
        }
        self.vault.change_user(&id, kept_user(user))?;
        Ok(Response::default())
    }

    /// The id of the credential that the request names, and its user handle, if the platform may change it.
    fn named(&mut self, request: &Request) -> Result<(Vec<u8>, Vec<u8>), Status> {
        let wanted = parameters(request).credential.ok_or(Status::MissingParameter)?;
        let found = self.credential(&wanted.id);
        let found = found.map(|found| (found.id.clone(), found.user.id.to_vec(), found.rp_id.clone()));
        let token = self.authorize(request)?;
        let (id, handle, rp_id) = found.ok_or(Status::NoCredentials)?;
        if token.is_for(&rp_id) { Ok((id, handle)) } else { Err(Status::PinAuthInvalid) }
    }

    fn authorize(&mut self, request: &Request) -> Result<&mut Token, Status> {
        let number = u8::try_from(request.subcommand).map_err(|_| Status::InvalidSubcommand)?;
        let message = [&[number], request.parameters_as_sent.as_slice()].concat();
        let proof = Proof { protocol: request.protocol, param: request.auth_param.as_deref() };
        self.pin_uv.authorize(proof, &message, Permissions::CREDENTIAL_MANAGEMENT, self.now)
    }

    /// The same for what tells of all sites: a token that is good for one of them does not do.
    fn authorize_for_all(&mut self, request: &Request) -> Result<(), Status> {
        let token = self.authorize(&Request { parameters_as_sent: Vec::new(), ..request.clone() })?;
        if token.rp_id().is_some() { Err(Status::PinAuthInvalid) } else { Ok(()) }
    }

    fn discoverable(&self) -> impl Iterator<Item = &Credential> {
        self.vault.all().filter(|credential| credential.discoverable)
    }

    fn credential(&self, id: &[u8]) -> Option<&Credential> {
        self.discoverable().find(|credential| credential.id == id)
    }

    fn rp_id_of(&self, hash: &[u8; 32]) -> Option<String> {
        let mut seen = BTreeSet::new();
        let ids = self.discoverable().map(|credential| credential.rp_id.as_str());
        ids.filter(|id| seen.insert(*id)).find(|id| digest::sha256(id.as_bytes()) == *hash).map(str::to_owned)
    }

    fn rp(&self, rp_id: &str) -> Response {
        let newest = self.vault.credentials(rp_id).find(|credential| credential.discoverable);
        let name = newest.map(|credential| credential.rp_name.clone()).unwrap_or_default();
        Response {
            rp: Some((rp_id.to_owned(), name)),
            rp_id_hash: Some(digest::sha256(rp_id.as_bytes())),
            ..Response::default()
        }
    }
}

fn parameters(request: &Request) -> Parameters {
    request.parameters.clone().unwrap_or_default()
}

fn described(credential: &Credential) -> Response {
    Response {
        user: Some(credential.user.clone()),
        credential: Some(CredentialDescriptor::new(credential.id.clone(), Vec::new())),
        public_key: Some(credential.key.public_key().encode()),
        cred_protect: Some(credential.protection),
        large_blob_key: credential.large_blob_key.as_deref().copied(),
        ..Response::default()
    }
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
