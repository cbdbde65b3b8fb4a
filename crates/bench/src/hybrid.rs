//! `bench hybrid`: what a registration over the hybrid transport costs of our own time, from the text of the code to the
//! parting, with no network and no radio between.
//!
//! Client, phone, tunnel table and authenticator run in turns in this process, over a vault file that notes the passkey
//! durably, and the person agrees at once. What TLS to the relay and BlueZ take is measured where they are: by
//! `keyfob scan --json`, which `e2e/hybrid` holds against the same aim.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use authenticator::ctap2::{Answer, Ctap2, Step, Transport};
use authenticator::{Settings, Vault};
use clap::Args;
use fido::ctap::{Command, make_credential};
use fido::options::{RelyingPartyEntity, UserEntity};
use hybrid::initiator::{self, Initiator};
use hybrid::qr::{Hint, Qr};
use hybrid::relay::{Admitted, Limits, Path, Relay, Source};
use hybrid::responder::{self, Responder};
use keyfob::vault_file::{Unlock, VaultFile};
use primitives::cose::Algorithm;
use primitives::entropy::{self, SystemEntropy};
use primitives::time::Timestamp;
use serde::Serialize;

use crate::failure::Failure;
use crate::histogram::{Histogram, Quantiles};

/// What a registration may take of our own time, milliseconds.
const AIM: f64 = 500.0;
const DOMAIN: u16 = 266;
const HOST: &str = "wss://cable.wufkweyy3uaxb.com";
const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Registrations.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// A folder on the disk to judge; a temporary folder is made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// Exit with 1 if it misses its aim.
    #[arg(long)]
    strict: bool,
    /// One line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// A whole run.
#[derive(Debug, Serialize)]
struct Report {
    /// Always `hybrid`.
    bench: &'static str,
    /// Version of the programs.
    version: &'static str,
    /// What a registration may take, milliseconds.
    aim_millis: f64,
    /// Whether 99 in 100 take no longer.
    met: bool,
    /// Both sides, the table between, and the authenticator, milliseconds.
    whole: Quantiles,
    /// The phone's side alone, its authenticator included.
    phone: Quantiles,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    std::fs::create_dir_all(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&options.dir);
    let folder = folder.map_err(Failure::because("cannot make a folder in --dir"))?;
    let vault = VaultFile::create(&folder.path().join("vault"), Unlock::Unattended, &mut SystemEntropy)
        .map_err(Failure::because("cannot make the vault"))?;
    let mut authority = Ctap2::new(Settings::keyfob(), vault, NOW);
    let (mut whole, mut phone) = (Histogram::default(), Histogram::default());
    for _ in 0..options.rounds.max(1) {
        let begun = Instant::now();
        let on_phone = register(&mut authority)?;
        whole.record(begun.elapsed());
        phone.record(on_phone);
    }
    if authority.vault().all().count() != options.rounds.max(1) {
        return Err(Failure::new("registrations were lost"));
    }
    let (whole, phone) = (whole.quantiles(), phone.quantiles());
    let met = whole.p99 <= AIM;
    let version = env!("CARGO_PKG_VERSION");
    let report = Report { bench: "hybrid", version, aim_millis: AIM, met, whole, phone };
    if options.json {
        println!("{}", serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?);
    } else {
        print!("{}", report.table());
    }
    if options.strict && !met {
        return Err(Failure::new(format!("a registration takes more than {AIM} ms of our own")));
    }
    Ok(())
}

/// Both sides, in turns.
struct Session<'a, V: Vault> {
    authority: &'a mut Ctap2<V>,
    relay: Relay,
    phone: Responder,
    to_client: VecDeque<Vec<u8>>,
    advertised: Option<Vec<u8>>,
    on_phone: Duration,
}

/// One registration; returns what of it was the phone's.
fn register<V: Vault>(authority: &mut Ctap2<V>) -> Result<Duration, Failure> {
    let (mut client, shown) = Initiator::new(Hint::Create, false, NOW, &mut SystemEntropy);
    let scanned = Instant::now();
    let qr = Qr::read(&shown.write()).map_err(|_| Failure::new("the code cannot be read"))?;
    let info = authority.info_for(Transport::Hybrid);
    let phone = Responder::new(qr, info, DOMAIN, NOW).map_err(|_| Failure::new("the code is refused"))?;
    let on_phone = scanned.elapsed();
    let relay = Relay::new(Limits::default());
    let mut session =
        Session { authority, relay, phone, to_client: VecDeque::new(), advertised: None, on_phone };
    let routing_id = session.open(&session.phone.tunnel_url())?.ok_or_else(lost)?;
    session.tell(responder::Event::Connected { routing_id });
    let heard = session.advertised.take().ok_or_else(lost)?;
    let mut actions: VecDeque<_> =
        client.input(initiator::Event::Advertisement(&heard), NOW, &mut SystemEntropy).into();
    let mut made = false;
    loop {
        let more = match actions.pop_front() {
            Some(initiator::Action::Connect { url, .. }) => {
                session.open(&url)?;
                client.input(initiator::Event::Connected, NOW, &mut SystemEntropy)
            }
            Some(initiator::Action::Send(message)) => {
                session.tell(responder::Event::Message(&message));
                Vec::new()
            }
            Some(initiator::Action::Ready(_)) => {
                client.input(initiator::Event::Request(creation()), NOW, &mut SystemEntropy)
            }
            Some(initiator::Action::Reply(reply)) => {
                made = reply.first() == Some(&0);
                client.input(initiator::Event::Finish, NOW, &mut SystemEntropy)
            }
            Some(initiator::Action::Done(Ok(()))) if made => return Ok(session.on_phone),
            Some(initiator::Action::Done(_)) => return Err(lost()),
            Some(_) => Vec::new(),
            None => {
                let message = session.to_client.pop_front().ok_or_else(lost)?;
                client.input(initiator::Event::Message(&message), NOW, &mut SystemEntropy)
            }
        };
        actions.extend(more);
    }
}

fn lost() -> Failure {
    Failure::new("a registration came to nothing")
}

impl<V: Vault> Session<'_, V> {
    fn open(&mut self, url: &str) -> Result<Option<[u8; 3]>, Failure> {
        let path = Path::parse(url.strip_prefix(HOST).unwrap_or(url));
        let path = path.map_err(|_| Failure::new("an address that the table does not know"))?;
        match self.relay.open(&path, Source(1), NOW, &mut SystemEntropy) {
            Ok(Admitted::Phone { routing_id, .. }) => Ok(routing_id),
            Ok(Admitted::Client { .. }) => Ok(None),
            Err(_) => Err(lost()),
        }
    }

    fn tell(&mut self, event: responder::Event<'_>) {
        let begun = Instant::now();
        let mut actions: VecDeque<_> = self.phone.input(event, NOW, &mut SystemEntropy).into();
        while let Some(action) = actions.pop_front() {
            match action {
                responder::Action::Advertise(data) => self.advertised = Some(data),
                responder::Action::Send(message) => self.to_client.push_back(message),
                responder::Action::Command(request) => {
                    let reply = self.answer(&request);
                    let said = responder::Event::Reply(reply);
                    actions.extend(self.phone.input(said, NOW, &mut SystemEntropy));
                }
                _ => {}
            }
        }
        self.on_phone = self.on_phone.saturating_add(begun.elapsed());
    }

    /// The reply to a request whose person agrees at once.
    fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let entropy = &mut SystemEntropy;
        let mut step = self.authority.handle_over(Transport::Hybrid, request, NOW, entropy);
        if let Step::Ask(_) = step {
            step = self.authority.answer(Answer::Approved { verified: true, account: 0 }, NOW, entropy);
        }
        match step {
            Step::Reply(reply) => reply,
            Step::Ask(_) => Vec::new(),
        }
    }
}

/// Of a user of its own, so that no passkey takes another one's place.
fn creation() -> Vec<u8> {
    let parameters = make_credential::Request {
        client_data_hash: [7; 32],
        rp: RelyingPartyEntity { id: "bench.example.com".to_owned(), name: "The Bench".to_owned() },
        user: UserEntity {
            id: entropy::array::<32>(&mut SystemEntropy).to_vec().into(),
            name: "person@example.com".to_owned(),
            display_name: "A Person of the Example".to_owned(),
        },
        algorithms: vec![Algorithm::Es256.id()],
        resident_key: true,
        user_presence: true,
        user_verification: true,
        ..make_credential::Request::default()
    }
    .encode();
    [&[Command::MakeCredential.byte()], parameters.as_slice()].concat()
}

impl Report {
    fn table(&self) -> String {
        let row = |name: &str, it: &Quantiles| {
            format!("  {name:<34} {:>8.2} {:>8.2} {:>8.2}\n", it.p50, it.p99, it.max)
        };
        let verdict = if self.met { "met" } else { "missed" };
        [
            format!(
                "bench hybrid {}: one registration, ms\n\n  {:<34} {:>8} {:>8} {:>8}\n",
                self.version, "", "p50", "p99", "worst"
            ),
            row("client, phone, table, authenticator", &self.whole),
            row("phone and authenticator alone", &self.phone),
            format!("\n  at most {AIM} ms for 99 in 100: {verdict}\n"),
        ]
        .concat()
    }
}
