//! Passkeys from and for other programs: the FIDO Credential Exchange Format 1.0 (CXF), encrypted with a passphrase.
//!
//! CXF says what a passkey is as JSON and leaves its protection to the way; [`sealed`] is ours (docs/keyfob/exchange.md).
//! What CXF has no member for (whether a site was told that the passkey stays where it is, its protection, its dates)
//! stands in an extension of the item, as section 2.1.5 of CXF allows: who does not know it leaves it out.

pub mod read;
pub mod sealed;
pub mod write;

use std::fmt;

/// The name of our extension of an item.
const EXTENSION: &str = "keyfob";
/// The longest file that is looked at.
pub const LONGEST: usize = 64 * 1024 * 1024;

/// Why nothing was exported or imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeRefusal {
    /// The file is longer than 64 MiB.
    TooLong,
    /// Neither an export of Keyfob's nor CXF.
    NotAnExport,
    /// A newer Keyfob sealed it, or it is of another major version of CXF.
    Newer,
    /// The passphrase is wrong, or the file is damaged.
    WrongKey,
    /// It is sealed, and no passphrase was given.
    Sealed,
    /// A passphrase has at least eight characters.
    Passphrase,
}

impl ExchangeRefusal {
    /// The stable name of the reason.
    pub fn code(self) -> &'static str {
        match self {
            ExchangeRefusal::TooLong => "export_too_long",
            ExchangeRefusal::NotAnExport => "not_an_export",
            ExchangeRefusal::Newer => "export_newer",
            ExchangeRefusal::WrongKey => "export_wrong_key",
            ExchangeRefusal::Sealed => "export_sealed",
            ExchangeRefusal::Passphrase => "passphrase_too_short",
        }
    }
}

impl fmt::Display for ExchangeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ExchangeRefusal::TooLong => "the file is longer than 64 MiB",
            ExchangeRefusal::NotAnExport => {
                "the file is neither an export of Keyfob's nor one in the FIDO Credential Exchange Format"
            }
            ExchangeRefusal::Newer => "the file is of a newer version than this Keyfob knows",
            ExchangeRefusal::WrongKey => {
                "the file does not open: the passphrase is wrong, or the file is damaged"
            }
            ExchangeRefusal::Sealed => "the file is encrypted, and there is no passphrase to open it with",
            ExchangeRefusal::Passphrase => "a passphrase needs eight characters or more",
        })
    }
}

impl std::error::Error for ExchangeRefusal {}

#[cfg(test)]
mod tests;
