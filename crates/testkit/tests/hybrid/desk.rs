//! A website: what it asks an authenticator for, and what it makes of the answer.

use authenticator::client::{Client, ClientError, CreationMessage, RequestMessage};
use fido::credential::Base64Url;
use fido::options::UserEntity;
use fido::response::{AuthenticationResponse, RegistrationResponse};
use primitives::time::Timestamp;
use testkit::SeededEntropy;
use webauthn::authentication::{self, AuthenticationRequest};
use webauthn::registration::{self, RegistrationRequest};
use webauthn::{
    AuthenticationState, RegisteredCredential, RegistrationChecks, RegistrationState, RelyingParty,
    StoredCredential,
};

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const ORIGIN: &str = "https://login.example.org";
const USER: &[u8] = b"user 1";

pub(crate) struct Desk {
    relying_party: RelyingParty,
    entropy: SeededEntropy,
    /// The passkey that was registered.
    pub(crate) registered: Option<RegisteredCredential>,
}

/// What is asked of the authenticator, and what its reply is held against.
pub(crate) enum Ceremony {
    Create(Box<CreationMessage>, Box<RegistrationState>),
    Get(Box<RequestMessage>, Box<AuthenticationState>),
}

impl Ceremony {
    pub(crate) fn request(&self) -> Vec<u8> {
        match self {
            Ceremony::Create(message, _) => message.request().to_vec(),
            Ceremony::Get(message, _) => message.request().to_vec(),
        }
    }
}

impl Desk {
    pub(crate) fn new(seed: u64) -> Self {
        let relying_party = RelyingParty::new("example.org", "Example", [ORIGIN]).unwrap();
        Self { relying_party, entropy: SeededEntropy::new(seed), registered: None }
    }

    pub(crate) fn registration(&mut self) -> Ceremony {
        let user =
            UserEntity { id: Base64Url(USER.to_vec()), name: "ada".into(), display_name: "Ada".into() };
        let request = RegistrationRequest::new(user, "test");
        let (options, state) = registration::begin(&self.relying_party, request, NOW, &mut self.entropy);
        let options = serde_json::to_value(options).unwrap();
        let message = Client::new(ORIGIN).creation_message(&options).unwrap();
        Ceremony::Create(Box::new(message), Box::new(state))
    }

    /// Without a name: the passkey says whose it is.
    pub(crate) fn sign_in(&mut self) -> Ceremony {
        let request = AuthenticationRequest::discoverable("test");
        let (options, state) = authentication::begin(&self.relying_party, request, NOW, &mut self.entropy);
        let options = serde_json::to_value(options).unwrap();
        let message = Client::new(ORIGIN).request_message(&options).unwrap();
        Ceremony::Get(Box::new(message), Box::new(state))
    }

    /// Whether the reply proves what was asked for. A reply that says why not is none; any other has to convince.
    pub(crate) fn judge(&mut self, ceremony: &Ceremony, reply: &[u8]) -> Result<(), ClientError> {
        match ceremony {
            Ceremony::Create(message, state) => {
                let made = message.registration(reply, &["hybrid", "internal"])?;
                let response = RegistrationResponse::parse(&made.to_string()).unwrap();
                let checks = RegistrationChecks::default();
                let proven = registration::finish(&self.relying_party, state, &response, checks, NOW);
                self.registered = Some(proven.unwrap());
            }
            Ceremony::Get(message, state) => {
                let signed = message.authentication(reply)?;
                let response = AuthenticationResponse::parse(&signed.to_string()).unwrap();
                let stored = self.registered.as_ref().map(|credential| StoredCredential {
                    credential_id: credential.credential_id.clone(),
                    public_key: credential.public_key.clone(),
                    sign_count: credential.sign_count,
                    backup_eligible: credential.backup_eligible,
                    user_handle: USER.to_vec(),
                });
                let proven =
                    authentication::finish(&self.relying_party, state, &response, stored.as_ref(), NOW);
                assert!(proven.unwrap().user_verified);
            }
        }
        Ok(())
    }
}
