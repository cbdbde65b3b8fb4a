//! Opens the vault for a command that works on the file itself, and asks for new passphrases.

use std::path::Path;

use primitives::secret::SecretText;

use super::init::place;
use super::{Failure, person};
use crate::ambient::Environment;
use crate::cli::Common;
use crate::face::desktop;
use crate::face::terminal::Terminal;
use crate::face::verify::{Outcome, Verifier};
use crate::text::Text;
use crate::vault_file::{LockKind, Unlock, VaultError, VaultFile};

/// Opens the vault; `refusal` begins the sentence if it does not, such as "Nothing was exported".
pub(super) async fn open(common: &Common, refusal: &str) -> Result<VaultFile, Failure> {
    let path = place(common)?;
    let not_open = |error: VaultError| match error {
        VaultError::InUse => Failure::refused(format!(
            "{refusal}: another Keyfob has the vault open. Stop `keyfob serve` for a moment."
        )),
        error => Failure::refused(format!("{refusal}: {error}.")),
    };
    let kind = VaultFile::lock_of(&path).map_err(not_open)?;
    if matches!(kind, LockKind::Keyring | LockKind::Tpm) && desktop::verify().await == Outcome::Wrong {
        // Nothing is typed to open these: whoever sits at the desktop is to be its owner. Where neither polkit nor a
        // reader of fingers is there to say so, nobody can be asked, and the owner must not be locked in.
        return Err(Failure::refused(format!("{refusal}: the desktop does not know you.")));
    }
    let unlock = match kind {
        LockKind::Unattended => Unlock::Unattended,
        LockKind::Keyring => Unlock::Keyring,
        LockKind::Tpm => Unlock::Tpm(Environment::read().tpm()),
        LockKind::Passphrase => {
            let shown = path.display().to_string();
            let prompt = text().with("passphrase-ask", &[("vault", &shown)]);
            Unlock::Passphrase(secret(common.passphrase_file.as_deref(), &prompt, refusal).await?)
        }
    };
    let opened = tokio::task::spawn_blocking(move || VaultFile::open(&path, unlock)).await;
    opened.map_err(Failure::refused)?.map_err(not_open)
}

/// A passphrase from a file, or from the terminal.
pub(super) async fn secret(file: Option<&Path>, prompt: &str, refusal: &str) -> Result<SecretText, Failure> {
    match file {
        Some(file) => person::secret(file),
        None => {
            let typed = terminal(refusal)?.ask_secret(prompt).await;
            typed.ok_or_else(|| Failure::refused(format!("{refusal}.")))
        }
    }
}

/// A new passphrase: from a file, or typed twice. `prompt` names the text that asks for it.
pub(super) async fn new_secret(
    file: Option<&Path>,
    prompt: &str,
    refusal: &str,
) -> Result<SecretText, Failure> {
    if let Some(file) = file {
        return person::secret(file);
    }
    let (text, mut terminal) = (text(), terminal(refusal)?);
    let given_up = || Failure::refused(format!("{refusal}."));
    let once = terminal.ask_secret(&text.say(prompt)).await.ok_or_else(given_up)?;
    let again = terminal.ask_secret(&text.say("passphrase-again")).await.ok_or_else(given_up)?;
    if once != again {
        return Err(Failure::refused(format!("{refusal}: the two passphrases differ.")));
    }
    Ok(once)
}

fn terminal(refusal: &str) -> Result<Terminal, Failure> {
    Terminal::open(text(), Verifier::Nobody).map_err(|_| {
        Failure::usage(format!(
            "{refusal}: there is no terminal to ask for a passphrase on; name a file that has it."
        ))
    })
}

/// The person's language.
pub(super) fn text() -> Text {
    Text::of(Environment::read().language.as_deref())
}
