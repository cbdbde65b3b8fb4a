//! Status codes (CTAP 2.3 section 8.2).

/// The status with which a command fails. Success is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// No such command, or not here.
    InvalidCommand,
    /// A parameter has a value that it may not have.
    InvalidParameter,
    /// The message, or an item in it, has a length that it may not have.
    InvalidLength,
    /// Packets came out of sequence.
    InvalidSeq,
    /// Packets stayed away.
    Timeout,
    /// Something else is going on.
    ChannelBusy,
    /// Another channel holds the lock.
    LockRequired,
    /// No such channel.
    InvalidChannel,
    /// An item of the message has another type than it must have.
    CborUnexpectedType,
    /// The message is not canonical CBOR.
    InvalidCbor,
    /// A parameter that must be there is not.
    MissingParameter,
    /// More than fits: a list, an array, a number.
    LimitExceeded,
    /// No room for another fingerprint.
    FpDatabaseFull,
    /// No room for these large blobs.
    LargeBlobStorageFull,
    /// One of the excluded credentials lives here.
    CredentialExcluded,
    /// Not done yet.
    Processing,
    /// The credential is not one for this authenticator.
    InvalidCredential,
    /// The person has not acted yet.
    UserActionPending,
    /// Another operation is pending.
    OperationPending,
    /// No operation is pending.
    NoOperations,
    /// None of the wished algorithms.
    UnsupportedAlgorithm,
    /// The person said no, or was not verified.
    OperationDenied,
    /// The vault takes no more.
    KeyStoreFull,
    /// An option that this authenticator does not have.
    UnsupportedOption,
    /// An option that may not have this value here.
    InvalidOption,
    /// The platform cancelled.
    KeepaliveCancel,
    /// Nothing here for this relying party.
    NoCredentials,
    /// The person did nothing for too long.
    UserActionTimeout,
    /// Not now, or not in this order.
    NotAllowed,
    /// The PIN is wrong.
    PinInvalid,
    /// The PIN was wrong too often: only a reset helps.
    PinBlocked,
    /// `pinUvAuthParam` does not prove what it must.
    PinAuthInvalid,
    /// The PIN was wrong three times in a row: a power cycle is needed first.
    PinAuthBlocked,
    /// There is no PIN.
    PinNotSet,
    /// A token of PIN or built-in verification is required.
    PuatRequired,
    /// The PIN is shorter than it must be, or another rule is against it.
    PinPolicyViolation,
    /// For later.
    Reserved,
    /// The message is longer than this authenticator reads.
    RequestTooLarge,
    /// The action took too long.
    ActionTimeout,
    /// The person must be there.
    UpRequired,
    /// Built-in verification is blocked.
    UvBlocked,
    /// What was written does not agree with its digest.
    IntegrityFailure,
    /// No such subcommand, or not here.
    InvalidSubcommand,
    /// Built-in verification did not know the person.
    UvInvalid,
    /// The token does not permit this.
    UnauthorizedPermission,
    /// Something else went wrong.
    Other,
}

/// Byte, variant and name of each.
const TABLE: [(u8, Status, &str); 46] = [
    (0x01, Status::InvalidCommand, "CTAP1_ERR_INVALID_COMMAND"),
    (0x02, Status::InvalidParameter, "CTAP1_ERR_INVALID_PARAMETER"),
    (0x03, Status::InvalidLength, "CTAP1_ERR_INVALID_LENGTH"),
    (0x04, Status::InvalidSeq, "CTAP1_ERR_INVALID_SEQ"),
    (0x05, Status::Timeout, "CTAP1_ERR_TIMEOUT"),
    (0x06, Status::ChannelBusy, "CTAP1_ERR_CHANNEL_BUSY"),
    (0x0a, Status::LockRequired, "CTAP1_ERR_LOCK_REQUIRED"),
    (0x0b, Status::InvalidChannel, "CTAP1_ERR_INVALID_CHANNEL"),
    (0x11, Status::CborUnexpectedType, "CTAP2_ERR_CBOR_UNEXPECTED_TYPE"),
    (0x12, Status::InvalidCbor, "CTAP2_ERR_INVALID_CBOR"),
    (0x14, Status::MissingParameter, "CTAP2_ERR_MISSING_PARAMETER"),
    (0x15, Status::LimitExceeded, "CTAP2_ERR_LIMIT_EXCEEDED"),
    (0x17, Status::FpDatabaseFull, "CTAP2_ERR_FP_DATABASE_FULL"),
    (0x18, Status::LargeBlobStorageFull, "CTAP2_ERR_LARGE_BLOB_STORAGE_FULL"),
    (0x19, Status::CredentialExcluded, "CTAP2_ERR_CREDENTIAL_EXCLUDED"),
    (0x21, Status::Processing, "CTAP2_ERR_PROCESSING"),
    (0x22, Status::InvalidCredential, "CTAP2_ERR_INVALID_CREDENTIAL"),
    (0x23, Status::UserActionPending, "CTAP2_ERR_USER_ACTION_PENDING"),
    (0x24, Status::OperationPending, "CTAP2_ERR_OPERATION_PENDING"),
    (0x25, Status::NoOperations, "CTAP2_ERR_NO_OPERATIONS"),
    (0x26, Status::UnsupportedAlgorithm, "CTAP2_ERR_UNSUPPORTED_ALGORITHM"),
    (0x27, Status::OperationDenied, "CTAP2_ERR_OPERATION_DENIED"),
    (0x28, Status::KeyStoreFull, "CTAP2_ERR_KEY_STORE_FULL"),
    (0x2b, Status::UnsupportedOption, "CTAP2_ERR_UNSUPPORTED_OPTION"),
    (0x2c, Status::InvalidOption, "CTAP2_ERR_INVALID_OPTION"),
    (0x2d, Status::KeepaliveCancel, "CTAP2_ERR_KEEPALIVE_CANCEL"),
    (0x2e, Status::NoCredentials, "CTAP2_ERR_NO_CREDENTIALS"),
    (0x2f, Status::UserActionTimeout, "CTAP2_ERR_USER_ACTION_TIMEOUT"),
    (0x30, Status::NotAllowed, "CTAP2_ERR_NOT_ALLOWED"),
    (0x31, Status::PinInvalid, "CTAP2_ERR_PIN_INVALID"),
    (0x32, Status::PinBlocked, "CTAP2_ERR_PIN_BLOCKED"),
    (0x33, Status::PinAuthInvalid, "CTAP2_ERR_PIN_AUTH_INVALID"),
    (0x34, Status::PinAuthBlocked, "CTAP2_ERR_PIN_AUTH_BLOCKED"),
    (0x35, Status::PinNotSet, "CTAP2_ERR_PIN_NOT_SET"),
    (0x36, Status::PuatRequired, "CTAP2_ERR_PUAT_REQUIRED"),
    (0x37, Status::PinPolicyViolation, "CTAP2_ERR_PIN_POLICY_VIOLATION"),
    (0x38, Status::Reserved, "CTAP2_ERR_RESERVED"),
    (0x39, Status::RequestTooLarge, "CTAP2_ERR_REQUEST_TOO_LARGE"),
    (0x3a, Status::ActionTimeout, "CTAP2_ERR_ACTION_TIMEOUT"),
    (0x3b, Status::UpRequired, "CTAP2_ERR_UP_REQUIRED"),
    (0x3c, Status::UvBlocked, "CTAP2_ERR_UV_BLOCKED"),
    (0x3d, Status::IntegrityFailure, "CTAP2_ERR_INTEGRITY_FAILURE"),
    (0x3e, Status::InvalidSubcommand, "CTAP2_ERR_INVALID_SUBCOMMAND"),
    (0x3f, Status::UvInvalid, "CTAP2_ERR_UV_INVALID"),
    (0x40, Status::UnauthorizedPermission, "CTAP2_ERR_UNAUTHORIZED_PERMISSION"),
    (0x7f, Status::Other, "CTAP1_ERR_OTHER"),
];

/// CTAP1_ERR_SUCCESS, which is CTAP2_OK: the byte before the answer of a command that succeeded.
pub const OK: u8 = 0x00;

impl Status {
    /// All of them, by their bytes.
    pub fn all() -> impl Iterator<Item = Status> {
        TABLE.iter().map(|(_, status, _)| *status)
    }

    /// The byte that stands for it.
    pub fn byte(self) -> u8 {
        self.row().0
    }

    /// Its name in the specification.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The status of that byte. Success is none, and neither are bytes that stand for nothing, or for an extension's or
    /// a vendor's own errors.
    pub fn from_byte(byte: u8) -> Option<Self> {
        TABLE.iter().find(|(other, _, _)| *other == byte).map(|(_, status, _)| *status)
    }

    fn row(self) -> (u8, &'static str) {
        let found = TABLE.iter().find(|(_, status, _)| *status == self);
        found
            .map(|(byte, _, name)| (*byte, *name))
            .unwrap_or_else(|| unreachable!("every status is in the table"))
    }
}
