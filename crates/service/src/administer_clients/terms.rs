//! The terms of an application, what is wrong with them, and what a confirmation of them holds.

use account::application::{Application, ApplicationRefusal};
use oidc::client::{Client, ClientId, ClientRefusal};
use primitives::digest::{self, Digest};

/// On what terms an application stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What the client says of itself.
    pub client: Client,
    /// What the organisation says of it.
    pub application: Application,
}

/// Why there is no application on such terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsRefusal {
    /// What the client says of itself.
    Client(ClientRefusal),
    /// What the organisation says of it.
    Application(ApplicationRefusal),
    /// There is no such group.
    GroupUnknown,
    /// There is no such strength.
    StrengthUnknown,
    /// It proves itself by a secret, and there is none, or it has one and needs none.
    SecretUnused,
    /// An old secret would go on for too long.
    Overlap,
}

impl TermsRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            TermsRefusal::Client(refusal) => refusal.code(),
            TermsRefusal::Application(refusal) => refusal.code(),
            TermsRefusal::GroupUnknown => "client_group_unknown",
            TermsRefusal::StrengthUnknown => "client_strength_unknown",
            TermsRefusal::SecretUnused => "client_secret_unused",
            TermsRefusal::Overlap => "client_secret_overlap",
        }
    }
}

impl Terms {
    /// Judges what was asked for, and brings it into its one spelling.
    pub fn judged(self) -> Result<Self, TermsRefusal> {
        Ok(Self {
            client: self.client.judged().map_err(TermsRefusal::Client)?,
            application: self.application.judged().map_err(TermsRefusal::Application)?,
        })
    }

    /// What a confirmation of exactly these terms for a new application holds.
    pub fn digest(&self) -> Digest {
        digest::sha256_parts(&[b"keyward client v1", &self.spelled()])
    }

    /// What a confirmation of a change of the application to exactly these terms holds.
    pub fn digest_for(&self, enabled: bool) -> Digest {
        digest::sha256_parts(&[b"keyward client change v1", &self.spelled(), &[u8::from(enabled)]])
    }

    /// Fields have their order, so two spellings are the same where the terms are.
    fn spelled(&self) -> Vec<u8> {
        serde_json::to_vec(&(&self.client, &self.application)).unwrap_or_default()
    }
}

/// What a confirmation of something done to that application holds: its removal, a new secret.
pub fn digest_of(client: &ClientId) -> Digest {
    digest::sha256_parts(&[b"keyward client id v1", client.as_str().as_bytes()])
}
