//! Opens the vault, or finds the running `keyfob serve` that holds it.

use std::path::Path;

use authenticator::Settings;
use authenticator::ctap2::{Answer, Ctap2, Question};
use tokio::task::JoinHandle;

use super::init::place;
use super::{Failure, person};
use crate::ambient::{self, Environment};
use crate::cli::Common;
use crate::config::Paths;
use crate::control::{self, Client, Coming, Said};
use crate::face::terminal::Terminal;
use crate::face::verify::{PassphraseCheck, Verifier};
use crate::face::{Face, Unattended, Via};
use crate::holder::Holder;
use crate::text::Text;
use crate::vault_file::{LockKind, Unlock, VaultError, VaultFile};
use crate::worker;

/// What a command works with.
pub(crate) struct Open {
    /// The person's language.
    pub(crate) text: Text,
    /// Who holds the vault.
    pub(crate) holder: Holder,
    /// Where the person is asked, if anywhere.
    pub(crate) terminal: Option<Terminal>,
    /// Shows here what `serve` asks, for as long as the command runs.
    _attending: Option<Attending>,
}

/// Ends with the command.
pub(super) struct Attending(JoinHandle<()>);

impl Drop for Attending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Opens it; `refusal` begins the sentence if it does not open, such as "No passkey was created".
pub(crate) async fn open(common: &Common, refusal: &str) -> Result<Open, Failure> {
    let environment = Environment::read();
    let text = Text::of(environment.language.as_deref());
    let path = place(common)?;
    let not_open = |error: VaultError| Failure::refused(format!("{refusal}: {error}."));
    let kind = VaultFile::lock_of(&path).map_err(not_open)?;
    let terminal = || Terminal::open(text, Verifier::Nobody).ok();
    let socket = Paths::of(&environment).and_then(|paths| control::place(&paths, &path));
    if let Some(socket) = socket
        && let Some(client) = Client::find(&socket, &path).await
    {
        let _attending = terminal().map(|terminal| attend(client.clone(), terminal));
        return Ok(Open { text, holder: Holder::There(client), terminal: terminal(), _attending });
    }
    let (unlock, verifier) = match kind {
        LockKind::Unattended => (Unlock::Unattended, Verifier::Nobody),
        LockKind::Keyring => (Unlock::Keyring, Verifier::Desktop),
        LockKind::Tpm => (Unlock::Tpm(environment.tpm()), Verifier::Desktop),
        LockKind::Passphrase => {
            let check = Verifier::Passphrase(PassphraseCheck::of(path.clone()));
            match &common.passphrase_file {
                // A file proves nobody's presence: whoever is asked types it.
                Some(file) => (Unlock::Passphrase(person::secret(file)?), check),
                None => {
                    let shown = path.display().to_string();
                    let prompt = text.with("passphrase-ask", &[("vault", &shown)]);
                    let Some(mut terminal) = terminal() else {
                        return Err(Failure::refused(format!(
                            "{refusal}: there is no terminal to ask for the passphrase on; use --passphrase-file."
                        )));
                    };
                    let typed = terminal.ask_secret(&prompt).await;
                    let typed = typed.ok_or_else(|| Failure::refused(format!("{refusal}.")))?;
                    (Unlock::Passphrase(typed), Verifier::JustNow)
                }
            }
        }
    };
    let opened = tokio::task::spawn_blocking(move || VaultFile::open(&path, unlock)).await;
    let vault = opened.map_err(Failure::refused)?.map_err(not_open)?;
    let face = match kind {
        LockKind::Unattended => Asker::Unattended,
        _ => Terminal::open(text, verifier).map_or(Asker::Nobody, Asker::Terminal),
    };
    let ctap2 = Ctap2::new(Settings::keyfob(), vault, ambient::now());
    let worker = worker::start(ctap2, face).map_err(Failure::refused)?;
    Ok(Open { text, holder: Holder::Here(worker), terminal: terminal(), _attending: None })
}

/// Who asks the person of a single command.
enum Asker {
    Unattended,
    Terminal(Terminal),
    Nobody,
}

impl Face for Asker {
    async fn ask(&mut self, question: &Question, via: &Via) -> Answer {
        match self {
            Self::Unattended => Unattended.ask(question, via).await,
            Self::Terminal(terminal) => terminal.ask(question, via).await,
            Self::Nobody => Answer::Denied,
        }
    }

    fn withdraw(&mut self) {
        if let Self::Terminal(terminal) = self {
            terminal.withdraw();
        }
    }
}

/// Shows on this terminal, if there is one, what the `serve` that holds that vault asks.
pub(super) async fn attend_to(environment: &Environment, vault: &Path, text: Text) -> Option<Attending> {
    let socket = control::place(&Paths::of(environment)?, vault)?;
    let client = Client::find(&socket, vault).await?;
    Some(attend(client, Terminal::open(text, Verifier::Nobody).ok()?))
}

/// Shows on this terminal what `serve` asks.
fn attend(client: Client, mut terminal: Terminal) -> Attending {
    Attending(tokio::spawn(async move {
        let Ok(mut attendance) = client.attend().await else { return };
        while let Ok(Some(coming)) = attendance.next().await {
            match coming {
                Coming::Question(number, shown) => {
                    let said: Said = terminal.answer(&shown).await;
                    if attendance.answer(number, said).await.is_err() {
                        return;
                    }
                }
                Coming::Withdrawn(_) => terminal.withdraw(),
            }
        }
    }))
}
