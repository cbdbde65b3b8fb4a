//! `keyfob serve`.

use std::io::Write;
use std::path::{Path, PathBuf};

use authenticator::ctap2::{Answer, Ctap2, Question};
use authenticator::{Settings, Vault};
use clap::Args;
use serde_json::json;
use tokio::net::UnixListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use super::tunnel_service::Relay;
use super::{Failure, init, own, unlock};
use crate::ambient::{self, Environment};
use crate::cli::Common;
use crate::config::Paths;
use crate::control::{self, Attendants};
use crate::face::desktop::Desktop;
use crate::face::served::Served;
use crate::face::terminal::Terminal;
use crate::face::verify::{PassphraseCheck, Verifier};
use crate::face::{Face, Unattended, Via};
use crate::io::bluetooth::Bluetooth;
use crate::io::hid::socket::Socket;
use crate::io::hid::uhid::{self, Device};
use crate::links::waiting;
use crate::text::Text;
use crate::vault_file::{LockKind, VaultFile};
use crate::worker::{self, Worker};

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Answer on this Unix socket instead of being a device: packets of 64 bytes, as over /dev/hidraw
    #[arg(long, value_name = "SOCK")]
    pub socket: Option<PathBuf>,
    /// The kernel's driver of virtual devices
    #[arg(long, value_name = "PATH", default_value = uhid::PATH, conflicts_with = "socket")]
    pub uhid: PathBuf,
    #[command(flatten)]
    relay: Relay,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    super::now(serve(common, arguments))
}

async fn serve(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let environment = Environment::read();
    log(environment.log.as_deref())?;
    // Taken hold of before anybody is told that it serves: whoever reads that may stop it at once.
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::refused)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::refused)?;
    let relay = arguments.relay.chosen("Nothing is served")?;
    let path = init::place(common)?;
    let vault = own::open(common, "Nothing is served").await?;
    let attended = vault.lock() != LockKind::Unattended;
    let text = Text::of(environment.language.as_deref());
    let control = Control::open(&environment, &path)?;
    let face = face(&vault, text, control.as_ref()).await?;
    let worker = worker::start(Ctap2::new(Settings::keyfob(), vault, ambient::now()), face)
        .map_err(|error| Failure::refused(format!("Nothing is served: {error}.")))?;
    let port = Port::open(arguments)?;
    let _waiting = relay.map(|(domain, reach)| {
        let bluetooth = Bluetooth::of_this_computer();
        let service =
            waiting::Service { domain, reach, bluetooth, clock: ambient::now, pause: waiting::PAUSE };
        waiting::start(worker.clone(), service)
    });
    let _control = control.map(|control| control.serve(&worker));
    // Where it was started from somebody may sit who can be asked.
    let _attending = if attended { unlock::attend_to(&environment, &path, text).await } else { None };
    super::print(common, &port.json(), || port.text())?;
    tokio::select! {
        served = port.serve(&worker) => served,
        () = worker.gone() => Err(Failure::refused("Nothing is served any more: a fault of Keyfob's own ended it.")),
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

/// How the other commands reach this one, and where the person may attend.
struct Control {
    listener: UnixListener,
    place: PathBuf,
    attendants: Attendants,
}

/// The control socket while it is served; its file goes with it.
struct Controlled(JoinHandle<()>, PathBuf);

impl Drop for Controlled {
    fn drop(&mut self) {
        self.0.abort();
        // It may have been removed by hand.
        let _ = std::fs::remove_file(&self.1);
    }
}

impl Control {
    /// There is none outside a session.
    fn open(environment: &Environment, vault: &Path) -> Result<Option<Self>, Failure> {
        let Some(place) = Paths::of(environment).and_then(|paths| control::place(&paths, vault)) else {
            return Ok(None);
        };
        let listener = control::listen(&place).map_err(|error| {
            Failure::refused(format!("Nothing is served: {} cannot be made: {error}.", place.display()))
        })?;
        Ok(Some(Self { listener, place, attendants: Attendants::default() }))
    }

    fn serve(self, worker: &Worker<VaultFile>) -> Controlled {
        Controlled(tokio::spawn(control::serve(self.listener, worker.clone(), self.attendants)), self.place)
    }
}

/// By which way programs reach the key.
enum Port {
    Socket { socket: Socket, path: PathBuf },
    Device { device: Box<Device>, path: PathBuf },
}

impl Port {
    fn open(arguments: &Arguments) -> Result<Self, Failure> {
        if let Some(path) = arguments.socket.clone() {
            let socket = Socket::bind(&path).map_err(|error| {
                Failure::refused(format!(
                    "Nothing is served: the socket {} cannot be made: {error}.",
                    path.display()
                ))
            })?;
            return Ok(Self::Socket { socket, path });
        }
        let path = arguments.uhid.clone();
        let device = Device::open(&path).map_err(|error| {
            Failure::refused(format!(
                "Nothing is served: {} cannot be opened: {error}. `keyfob doctor` says what is missing; programs that \
                 know Keyfob can also reach it with --socket.",
                path.display()
            ))
        })?;
        Ok(Self::Device { device: Box::new(device), path })
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Socket { path, .. } => json!({ "socket": path }),
            Self::Device { path, .. } => json!({ "device": path }),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Socket { path, .. } => format!("A security key, on {}.", path.display()),
            Self::Device { .. } => "This computer has a security key: Keyfob.".to_owned(),
        }
    }

    async fn serve<V: Vault + Send + 'static>(self, worker: &Worker<V>) -> Result<(), Failure> {
        let served = match self {
            Self::Socket { socket, .. } => socket.serve(worker).await,
            Self::Device { device, .. } => device.serve(worker).await,
        };
        served.map_err(|error| Failure::refused(format!("The security key has gone: {error}.")))
    }
}

/// Who asks the person.
enum Asker {
    Unattended,
    Served(Box<Served>),
    /// Outside a session there is this terminal, or nobody.
    Terminal(Box<Terminal>),
}

impl Face for Asker {
    async fn ask(&mut self, question: &Question, via: &Via) -> Answer {
        match self {
            Self::Unattended => Unattended.ask(question, via).await,
            Self::Served(served) => served.ask(question, via).await,
            Self::Terminal(terminal) => terminal.ask(question, via).await,
        }
    }

    fn withdraw(&mut self) {
        match self {
            Self::Unattended => {}
            Self::Served(served) => served.withdraw(),
            Self::Terminal(terminal) => terminal.withdraw(),
        }
    }
}

async fn face(vault: &VaultFile, text: Text, control: Option<&Control>) -> Result<Asker, Failure> {
    let verifier = match vault.lock() {
        LockKind::Unattended => {
            // Whoever started it by mistake is to see it, whatever is logged.
            let _ = writeln!(
                std::io::stderr(),
                "This vault approves by itself: every program that reaches it signs in, and nobody is asked. It is for tests alone."
            );
            return Ok(Asker::Unattended);
        }
        LockKind::Passphrase => Verifier::Passphrase(PassphraseCheck::of(vault.path().to_owned())),
        LockKind::Keyring | LockKind::Tpm => Verifier::Desktop,
    };
    if let Some(control) = control {
        let desktop = Desktop::connect().await;
        return Ok(Asker::Served(Box::new(Served::new(text, control.attendants.clone(), verifier, desktop))));
    }
    let terminal = Terminal::open(text, verifier).map_err(|_| {
        Failure::refused(
            "Nothing is served: there is neither a session nor a terminal, so nobody could be asked.",
        )
    })?;
    Ok(Asker::Terminal(Box::new(terminal)))
}

/// What happens goes to standard error; requests and secrets are not among it.
fn log(filter: Option<&str>) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_new(filter.unwrap_or("warn,keyfob=info"))
        .map_err(|error| Failure::usage(format!("Nothing is served: KEYFOB_LOG cannot be used: {error}.")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init()
        .map_err(|error| Failure::refused(format!("Nothing is served: logging could not start: {error}.")))
}
