//! How Keyfob knows its person: by the vault's passphrase, or by the desktop's own authentication or a finger.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use primitives::secret::SecretText;

use super::desktop;
use crate::vault_file::{Unlock, VaultError, VaultFile};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is the person.
    Verified,
    /// It was not right; they may try again.
    Wrong,
    /// It cannot be found out.
    Unable,
}

/// Finds out whether a passphrase opens a vault, which takes as long as opening it: that is what slows down guessing.
#[derive(Clone)]
pub struct PassphraseCheck(Arc<dyn Fn(SecretText) -> Outcome + Send + Sync>);

impl PassphraseCheck {
    /// With what decides.
    pub fn new(decide: impl Fn(SecretText) -> Outcome + Send + Sync + 'static) -> Self {
        Self(Arc::new(decide))
    }

    /// For the vault at `path`, whoever has it open.
    pub fn of(path: PathBuf) -> Self {
        Self::new(move |passphrase| match VaultFile::opens(&path, &Unlock::Passphrase(passphrase)) {
            Ok(()) => Outcome::Verified,
            Err(VaultError::WrongKey | VaultError::Passphrase) => Outcome::Wrong,
            Err(_) => Outcome::Unable,
        })
    }

    /// Finds out, on a thread for waiting.
    pub async fn check(&self, passphrase: SecretText) -> Outcome {
        let decide = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || decide(passphrase)).await.unwrap_or(Outcome::Unable)
    }
}

impl fmt::Debug for PassphraseCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassphraseCheck")
    }
}

/// A way to know the person.
#[derive(Clone, Debug)]
pub enum Verifier {
    /// There is none: what must be verified is refused.
    Nobody,
    /// They typed the passphrase a moment ago, to this very command; later on it is asked for.
    JustNow(PassphraseCheck),
    /// The vault's passphrase, asked for where the question is asked.
    Passphrase(PassphraseCheck),
    /// The desktop's own authentication, or a finger.
    Desktop,
}

impl Verifier {
    /// The message that says what happens, where this way needs more than typing.
    pub fn notice(&self) -> Option<&'static str> {
        matches!(self, Self::Desktop).then_some("verify-desktop")
    }

    /// Finds out, without anything typed here.
    pub async fn verify(&self, _reason: &str) -> Outcome {
        match self {
            Self::JustNow(_) => Outcome::Verified,
            Self::Desktop => desktop::verify().await,
            Self::Nobody | Self::Passphrase(_) => Outcome::Unable,
        }
    }
}
