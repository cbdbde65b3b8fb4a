//! Opens the vault, or finds the running `keyfob serve` that holds it.

use std::io::Write;
use std::path::{Path, PathBuf};

use authenticator::Settings;
use authenticator::ctap2::{Answer, Ctap2, Question};
use tokio::task::JoinHandle;

use super::init::place;
use super::{Failure, person};
use crate::ambient::{self, Environment};
use crate::cli::Common;
use crate::config::Paths;
use crate::control::{self, Attendants, Client, Coming, Said};
use crate::errand::unfinished::resume;
use crate::face::served::Served;
use crate::face::terminal::Terminal;
use crate::face::verify::{PassphraseCheck, Verifier};
use crate::face::{Face, Unattended, Via};
use crate::holder::Holder;
use crate::screen::run::Behind;
use crate::text::Text;
use crate::vault_file::{LockKind, Unlock, VaultError, VaultFile};
use crate::worker;

/// How often a passphrase may be mistyped.
const TRIES: u32 = 3;

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

/// Opens it; `refusal` begins the sentence if it does not open, such as "No passkey was created". What an errand has left
/// behind that broke off is brought to an end first, as far as that is possible now.
pub(crate) async fn open(common: &Common, refusal: &str) -> Result<Open, Failure> {
    let found = Found::find(common, refusal).await?;
    let text = found.text;
    let terminal = || Terminal::open(text, Verifier::Nobody).ok();
    let mut open = match &found.client {
        Some(client) => {
            let _attending = terminal().map(|terminal| attend(client.clone(), terminal));
            Open { text, holder: Holder::There(client.clone()), terminal: terminal(), _attending }
        }
        None => {
            let (vault, verifier) = found.unlock(common.passphrase_file.as_deref(), refusal).await?;
            let face = match found.kind {
                LockKind::Unattended => Asker::Unattended,
                _ => Terminal::open(text, verifier).map_or(Asker::Nobody, Asker::Terminal),
            };
            let ctap2 = Ctap2::new(Settings::keyfob(), vault, ambient::now());
            let worker = worker::start(ctap2, face).map_err(Failure::refused)?;
            Open { text, holder: Holder::Here(worker), terminal: terminal(), _attending: None }
        }
    };
    for line in finish(text, &mut open.holder).await {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    Ok(open)
}

/// What the face works with: the vault, whoever holds it, and a place among those who are asked.
pub(crate) async fn behind(common: &Common) -> Result<Behind, Failure> {
    const REFUSAL: &str = "Nothing was shown";
    let found = Found::find(common, REFUSAL).await?;
    let text = found.text;
    let failed = |error: std::io::Error| Failure::refused(format!("{REFUSAL}: {error}."));
    let (mut holder, attendance) = match &found.client {
        Some(client) => (Holder::There(client.clone()), client.attend().await.map_err(failed)?),
        None => {
            let (vault, verifier) = found.unlock(common.passphrase_file.as_deref(), REFUSAL).await?;
            // Who sits in front of a face may leave it open: each time it matters they type it again.
            let verifier = match verifier {
                Verifier::JustNow(check) => Verifier::Passphrase(check),
                other => other,
            };
            let attendants = Attendants::default();
            let attendance = attendants.here().map_err(failed)?;
            let face = match found.kind {
                LockKind::Unattended => FaceAsker::Unattended,
                _ => FaceAsker::Served(Box::new(Served::new(text, attendants, verifier, None))),
            };
            let ctap2 = Ctap2::new(Settings::keyfob(), vault, ambient::now());
            (Holder::Here(worker::start(ctap2, face).map_err(Failure::refused)?), attendance)
        }
    };
    let lines = finish(text, &mut holder).await;
    let (hearing, answering) = attendance.split();
    let colour = !found.environment.no_color;
    Ok(Behind { text, colour, holder, hearing, answering, notice: lines.join("\n") })
}

/// Brings to an end what has broken off; says how.
async fn finish(text: Text, holder: &mut Holder) -> Vec<String> {
    let alone = matches!(holder, Holder::Here(_));
    match resume(holder, text.tag(), ambient::now().secs(), alone).await {
        Ok(resumed) => resumed.iter().map(|resumed| resumed.said(text)).collect(),
        // It stays where it is; the next command tries again.
        Err(_) => Vec::new(),
    }
}

/// A vault before it is opened.
struct Found {
    environment: Environment,
    text: Text,
    path: PathBuf,
    kind: LockKind,
    client: Option<Client>,
}

impl Found {
    async fn find(common: &Common, refusal: &str) -> Result<Self, Failure> {
        let environment = Environment::read();
        let text = Text::of(environment.language.as_deref());
        let path = place(common)?;
        let kind =
            VaultFile::lock_of(&path).map_err(|error| Failure::refused(format!("{refusal}: {error}.")))?;
        let socket = Paths::of(&environment).and_then(|paths| control::place(&paths, &path));
        let client = match socket {
            Some(socket) => Client::find(&socket, &path).await,
            None => None,
        };
        Ok(Self { environment, text, path, kind, client })
    }

    /// Opens it here; who mistypes a passphrase may try again.
    async fn unlock(&self, file: Option<&Path>, refusal: &str) -> Result<(VaultFile, Verifier), Failure> {
        let not_open = |error: VaultError| Failure::refused(format!("{refusal}: {error}."));
        let typed = self.kind == LockKind::Passphrase && file.is_none();
        let mut tries = if typed { TRIES } else { 1 };
        loop {
            let (unlock, verifier) = self.secret(file, refusal).await?;
            let path = self.path.clone();
            let opened = tokio::task::spawn_blocking(move || VaultFile::open(&path, unlock)).await;
            tries = tries.saturating_sub(1);
            match opened.map_err(Failure::refused)? {
                Ok(vault) => return Ok((vault, verifier)),
                Err(VaultError::WrongKey | VaultError::Passphrase) if tries > 0 => {
                    if let Ok(mut terminal) = Terminal::open(self.text, Verifier::Nobody) {
                        terminal.line(&self.text.say("verify-wrong"));
                    }
                }
                Err(error) => return Err(not_open(error)),
            }
        }
    }

    /// What opens it, and by what its person is known from then on.
    async fn secret(&self, file: Option<&Path>, refusal: &str) -> Result<(Unlock, Verifier), Failure> {
        Ok(match self.kind {
            LockKind::Unattended => (Unlock::Unattended, Verifier::Nobody),
            LockKind::Keyring => (Unlock::Keyring, Verifier::Desktop),
            LockKind::Tpm => (Unlock::Tpm(self.environment.tpm()), Verifier::Desktop),
            LockKind::Passphrase => match file {
                // A file proves nobody's presence: whoever is asked types it.
                Some(file) => {
                    let check = PassphraseCheck::of(self.path.clone());
                    (Unlock::Passphrase(person::secret(file)?), Verifier::Passphrase(check))
                }
                None => {
                    let shown = self.path.display().to_string();
                    let prompt = self.text.with("passphrase-ask", &[("vault", &shown)]);
                    let mut terminal = Terminal::open(self.text, Verifier::Nobody).map_err(|_| {
                        Failure::refused(format!(
                            "{refusal}: there is no terminal to ask for the passphrase on; use --passphrase-file."
                        ))
                    })?;
                    let typed = terminal.ask_secret(&prompt).await;
                    let typed = typed.ok_or_else(|| Failure::refused(format!("{refusal}.")))?;
                    let check = PassphraseCheck::of(self.path.clone());
                    (Unlock::Passphrase(typed), Verifier::JustNow(check))
                }
            },
        })
    }
}

/// Who asks the person at the face.
enum FaceAsker {
    Unattended,
    Served(Box<Served>),
}

impl Face for FaceAsker {
    async fn ask(&mut self, question: &Question, via: &Via) -> Answer {
        match self {
            Self::Unattended => Unattended.ask(question, via).await,
            Self::Served(served) => served.ask(question, via).await,
        }
    }
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
