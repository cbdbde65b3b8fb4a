//! Somebody who signs in: one of our authenticators with one passkey in it.

use authenticator::make_credential::Made;
use authenticator::{Authenticator, Settings, client};
use fido::ctap::make_credential::Request;
use fido::options::{RelyingPartyEntity, UserEntity};
use primitives::cose::Algorithm;
use primitives::entropy::{Entropy, SystemEntropy};

use crate::failure::Failure;

/// A person with the authenticator of their computer.
pub(crate) struct Person {
    authenticator: Authenticator,
}

impl Person {
    /// Somebody without a passkey.
    pub(crate) fn new() -> Self {
        Self::with(Settings::platform())
    }

    /// The same with an authenticator of that kind.
    pub(crate) fn with(settings: Settings) -> Self {
        Self { authenticator: Authenticator::new(settings) }
    }

    /// Makes a passkey without a ceremony, for a row that set-up writes itself. Its key follows from `entropy`.
    pub(crate) fn make(
        &mut self,
        rp_id: &str,
        handle: &[u8; 32],
        name: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<Made, Failure> {
        let request = Request {
            // Only a statement would be over it, and there is none.
            client_data_hash: [0; 32],
            rp: RelyingPartyEntity { id: rp_id.to_owned(), name: rp_id.to_owned() },
            user: UserEntity {
                id: handle.to_vec().into(),
                name: name.to_owned(),
                display_name: name.to_owned(),
            },
            algorithms: vec![Algorithm::Es256.id()],
            exclude: Vec::new(),
            cred_protect: None,
            resident_key: true,
            user_presence: true,
            user_verification: true,
            ..Request::default()
        };
        let made = self.authenticator.make_credential(&request, entropy);
        made.map_err(|status| Failure::new(format!("the authenticator made no passkey: {status:?}")))
    }

    /// What `navigator.credentials.create()` gives a page at `origin`, as JSON.
    pub(crate) fn register(&mut self, options: &str, origin: &str) -> Result<String, String> {
        let options = serde_json::from_str(options).map_err(|_| "create: unexpected options")?;
        let made = client::create(&mut self.authenticator, origin, &options, &mut SystemEntropy);
        made.map(|response| response.to_string()).map_err(|error| format!("create: {}", error.name()))
    }

    /// What `navigator.credentials.get()` gives a page at `origin`, as JSON.
    pub(crate) fn assert(&mut self, options: &str, origin: &str) -> Result<String, String> {
        client::get_text(&mut self.authenticator, origin, options)
            .map_err(|error| format!("get: {}", error.name()))
    }

    /// What kind of authenticator it is.
    pub(crate) fn settings(&self) -> &Settings {
        &self.authenticator.settings
    }
}
