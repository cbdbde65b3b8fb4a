//! Floor 2: a software authenticator and the client in front of it.
//!
//! [`Authenticator`] carries out CTAP2's commands over a [`vault::Vault`]; [`client`] plays the browser: it
//! takes the options that a relying party hands out and gives back what `PublicKeyCredential.toJSON()` would.
//! Both are pure: no clock, file, socket or ambient randomness. What the person does is a value, and whoever
//! has a face to ask them with sets it.
//!
//! [`Ctap2`] is the whole authenticator at the level of messages: bytes in, bytes out, and questions to the person
//! between. It is what Keyfob runs, over a vault that lasts.
//!
//! The same code is the test client of our own relying party and what the load generator signs in with. It is
//! honest: it refuses what a browser or a security key would refuse. [`client::Client`] has the few switches
//! with which a test may ask for an answer that an honest one would not give.

pub mod attestation;
pub mod authenticator;
pub mod client;
pub mod client_pin;
pub mod config;
pub mod credential_management;
pub mod ctap2;
pub mod get_assertion;
pub mod large_blobs;
pub mod make_credential;
pub mod person;
pub mod pin_protocol;
pub mod pin_uv;
pub mod platform;
pub mod private_key;
pub mod token;
pub mod vault;

pub use authenticator::{Authenticator, Settings};
pub use ctap2::Ctap2;
pub use person::Person;
pub use private_key::PrivateKey;
pub use vault::{Credential, DeviceState, MemoryVault, PinRecord, Vault, VaultRefusal};
