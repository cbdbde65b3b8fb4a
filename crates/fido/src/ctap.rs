//! CTAP2 messages (CTAP 2.3 section 6), as far as the authenticator speaks them.

pub mod client_pin;
mod command;
pub mod config;
pub mod credential_management;
pub mod extensions;
pub mod get_assertion;
pub mod get_info;
pub mod large_blobs;
pub mod make_credential;
mod members;
pub mod proven;
mod read;
pub mod status;

pub use command::Command;
pub use read::MessageRefusal;
pub use status::Status;

/// `pinUvAuthParam` with its protocol, as the commands carry them that take a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PinUvAuth {
    /// `pinUvAuthParam`: proof of a token over the request; empty asks for a touch and nothing else.
    pub param: Vec<u8>,
    /// `pinUvAuthProtocol`.
    pub protocol: Option<u64>,
}

#[cfg(test)]
mod tests;
