//! Floor 2: the relying party's half of WebAuthn Level 3.
//!
//! [`registration`] follows section 7.1 and [`authentication`] section 7.2, step by step. Both halves of a
//! ceremony are pure functions over bytes, time and entropy: `begin` gives options for the client and a state
//! of immutable facts, which the caller seals; `finish` takes them back with the client's answer and gives
//! what is proven, or the one rule that was broken.

pub mod attestation;
pub mod authentication;
mod context;
pub mod explain;
pub mod metadata;
pub mod registration;
pub mod relying_party;

pub use attestation::{
    AnchorKind, Attestation, AttestationKind, AttestationRefusal, TrustAnchor, TrustedPath,
};
pub use authentication::{
    Allow, AuthenticationRefusal, AuthenticationRequest, AuthenticationState, StoredCredential,
    VerifiedAssertion,
};
pub use context::{AuthenticatorRefusal, ContextRefusal, Mediation};
pub use registration::{
    RegisteredCredential, RegistrationChecks, RegistrationRefusal, RegistrationRequest, RegistrationState,
};
pub use relying_party::{CounterPolicy, CrossOrigin, RelyingParty, RelyingPartyRefusal};

/// How long a challenge lives. The client is told a little less, so that it gives up first.
pub const CHALLENGE_LIFETIME: primitives::time::Span = primitives::time::Span::from_minutes(5);

/// What the client is told to wait at most, in milliseconds.
const CLIENT_TIMEOUT: u32 = 290_000;

#[cfg(test)]
mod testing;
