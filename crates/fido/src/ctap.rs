//! CTAP2 messages (CTAP 2.2 section 6), as far as the authenticator speaks them.

pub mod get_assertion;
pub mod make_credential;
mod read;

pub use read::MessageRefusal;

/// The status with which a command fails (CTAP 2.2 section 8.2). Success is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// CTAP1_ERR_INVALID_LENGTH and CTAP2_ERR_INVALID_CBOR: the message cannot be read.
    InvalidCbor,
    /// CTAP2_ERR_MISSING_PARAMETER.
    MissingParameter,
    /// CTAP2_ERR_CREDENTIAL_EXCLUDED: one of the excluded credentials lives here.
    CredentialExcluded,
    /// CTAP2_ERR_UNSUPPORTED_ALGORITHM: none of the wished ones.
    UnsupportedAlgorithm,
    /// CTAP2_ERR_OPERATION_DENIED: the person said no, or was not verified.
    OperationDenied,
    /// CTAP2_ERR_NO_CREDENTIALS: nothing here for this relying party.
    NoCredentials,
    /// CTAP2_ERR_INVALID_OPTION.
    InvalidOption,
    /// CTAP2_ERR_KEY_STORE_FULL: the vault takes no more.
    KeyStoreFull,
}

impl Status {
    /// The byte that stands for it.
    pub const fn byte(self) -> u8 {
        match self {
            Status::InvalidCbor => 0x12,
            Status::MissingParameter => 0x14,
            Status::CredentialExcluded => 0x19,
            Status::UnsupportedAlgorithm => 0x26,
            Status::OperationDenied => 0x27,
            Status::KeyStoreFull => 0x28,
            Status::InvalidOption => 0x2c,
            Status::NoCredentials => 0x2e,
        }
    }
}

#[cfg(test)]
mod tests;
