//! `bench ctap`: what Keyfob's authenticator takes for a passkey and for a signature, message in to message out.
//!
//! Through `Ctap2::handle` as every transport calls it, with a person who agrees at once: what is timed is ours and not
//! theirs. Over a vault in memory that is reading, deciding and arithmetic; over the file that `keyfob` keeps, with thousands
//! of other passkeys in it, noting the use durably comes on top.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use authenticator::ctap2::{Answer, Ctap2, Step};
use authenticator::{MemoryVault, Settings, Vault};
use clap::Args;
use fido::CredentialDescriptor;
use fido::authenticator_data::AuthenticatorData;
use fido::ctap::{Command, get_assertion, make_credential};
use fido::options::{RelyingPartyEntity, UserEntity};
use keyfob::vault_file::{Unlock, VaultFile};
use primitives::cose::Algorithm;
use primitives::entropy::{self, SystemEntropy};
use primitives::time::Timestamp;
use serde::Serialize;

use crate::failure::Failure;
use crate::histogram::{Histogram, Quantiles};
use crate::vault::passkey;

/// What a getAssertion may take, milliseconds.
const AIM: f64 = 5.0;
/// Those that Keyfob makes.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa44];
const SITE: &str = "bench.example.com";
const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Passkeys of each algorithm, each made once and used once.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// Other passkeys in the vault file.
    #[arg(long, default_value_t = 10_000)]
    passkeys: usize,
    /// A folder on the disk to judge; a temporary folder is made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// Exit with 1 if a getAssertion misses its aim.
    #[arg(long)]
    strict: bool,
    /// One line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// A whole run.
#[derive(Debug, Serialize)]
struct Report {
    /// Always `ctap`.
    bench: &'static str,
    /// Version of the programs.
    version: &'static str,
    /// Other passkeys in the vault file.
    passkeys: usize,
    /// What a getAssertion may take, milliseconds.
    aim_millis: f64,
    /// Whether half of them take no longer beyond a bare flush, in each algorithm and vault.
    met: bool,
    /// An append of as many bytes to a bare file there, flushed: what the disk takes by itself.
    flush: Quantiles,
    /// One for each vault and algorithm.
    figures: Vec<Figures>,
}

/// The figures of one algorithm over one vault, in milliseconds.
#[derive(Debug, Serialize)]
struct Figures {
    /// `memory` or `file`.
    vault: &'static str,
    /// The algorithm's name.
    algorithm: String,
    /// authenticatorMakeCredential.
    make_credential: Quantiles,
    /// authenticatorGetAssertion.
    get_assertion: Quantiles,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut figures = Vec::new();
    let mut memory = Ctap2::new(Settings::keyfob(), MemoryVault::default(), NOW);
    measure(&mut memory, "memory", options.rounds, &mut figures)?;
    std::fs::create_dir_all(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&options.dir);
    let folder = folder.map_err(Failure::because("cannot make a folder in --dir"))?;
    let vault = filled(&folder.path().join("vault"), options.passkeys)?;
    let mut file = Ctap2::new(Settings::keyfob(), vault, NOW);
    measure(&mut file, "file", options.rounds, &mut figures)?;

    let flush = flushed(&folder.path().join("bare"), options.rounds)?;
    // The disk's share is the disk's: what is held against the aim is ours.
    let ours = |row: &Figures| row.get_assertion.p50 - if row.vault == "file" { flush.p50 } else { 0.0 };
    let met = figures.iter().all(|row| ours(row) <= AIM);
    let version = env!("CARGO_PKG_VERSION");
    let passkeys = options.passkeys;
    let report = Report { bench: "ctap", version, passkeys, aim_millis: AIM, met, flush, figures };
    if options.json {
        println!("{}", serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?);
    } else {
        print!("{}", report.table());
    }
    if options.strict && !met {
        return Err(Failure::new(format!("a getAssertion takes more than {AIM} ms")));
    }
    Ok(())
}

fn filled(path: &Path, passkeys: usize) -> Result<VaultFile, Failure> {
    let entropy = &mut SystemEntropy;
    let mut vault = VaultFile::create(path, Unlock::Unattended, entropy)
        .map_err(Failure::because("cannot make the vault"))?;
    let others = (0..passkeys).map(|number| passkey(number, entropy)).collect::<Result<_, _>>()?;
    vault.add_all(others).map_err(Failure::because("cannot fill the vault"))?;
    Ok(vault)
}

/// About what the vault appends for one use.
const RECORD: usize = 128;

fn flushed(path: &Path, rounds: usize) -> Result<Quantiles, Failure> {
    let mut file = File::create(path).map_err(Failure::because("cannot make a file in --dir"))?;
    let mut times = Histogram::default();
    for _ in 0..rounds.max(1) {
        let begun = Instant::now();
        file.write_all(&[0; RECORD]).map_err(Failure::because("cannot write in --dir"))?;
        file.sync_data().map_err(Failure::because("cannot flush in --dir"))?;
        times.record(begun.elapsed());
    }
    Ok(times.quantiles())
}

fn measure<V: Vault>(
    key: &mut Ctap2<V>,
    vault: &'static str,
    rounds: usize,
    figures: &mut Vec<Figures>,
) -> Result<(), Failure> {
    for algorithm in ALGORITHMS {
        let (mut made, mut used) = (Histogram::default(), Histogram::default());
        for _ in 0..rounds.max(1) {
            let answer = timed(key, Command::MakeCredential, &creation(algorithm).encode(), &mut made)?;
            let id = id_of(&answer).ok_or_else(|| Failure::new("no credential came of a creation"))?;
            timed(key, Command::GetAssertion, &assertion(id).encode(), &mut used)?;
        }
        figures.push(Figures {
            vault,
            algorithm: format!("{algorithm:?}"),
            make_credential: made.quantiles(),
            get_assertion: used.quantiles(),
        });
    }
    Ok(())
}

/// The answer to a request whose person agrees at once.
fn timed<V: Vault>(
    key: &mut Ctap2<V>,
    command: Command,
    parameters: &[u8],
    times: &mut Histogram,
) -> Result<Vec<u8>, Failure> {
    let request = [&[command.byte()], parameters].concat();
    let entropy = &mut SystemEntropy;
    let begun = Instant::now();
    let mut step = key.handle(&request, NOW, entropy);
    if let Step::Ask(_) = step {
        step = key.answer(Answer::Approved { verified: true, account: 0 }, NOW, entropy);
    }
    times.record(begun.elapsed());
    match step {
        Step::Reply(reply) => match reply.split_first() {
            Some((0, answer)) => Ok(answer.to_vec()),
            status => {
                Err(Failure::new(format!("{command:?} failed: {:#04x?}", status.map(|(byte, _)| byte))))
            }
        },
        Step::Ask(_) => Err(Failure::new(format!("{command:?} asked twice"))),
    }
}

fn id_of(answer: &[u8]) -> Option<Vec<u8>> {
    let response = make_credential::Response::parse(answer).ok()?;
    let data = AuthenticatorData::parse(response.object.authenticator_data).ok()?;
    Some(data.attested_credential?.credential_id.to_vec())
}

fn creation(algorithm: Algorithm) -> make_credential::Request {
    make_credential::Request {
        client_data_hash: [7; 32],
        rp: RelyingPartyEntity { id: SITE.to_owned(), name: "The Bench".to_owned() },
        user: UserEntity {
            id: entropy::array::<32>(&mut SystemEntropy).to_vec().into(),
            name: "person@example.com".to_owned(),
            display_name: "A Person of the Example".to_owned(),
        },
        algorithms: vec![algorithm.id()],
        resident_key: true,
        user_presence: true,
        user_verification: true,
        ..make_credential::Request::default()
    }
}

fn assertion(id: Vec<u8>) -> get_assertion::Request {
    get_assertion::Request {
        rp_id: SITE.to_owned(),
        client_data_hash: [8; 32],
        allow: vec![CredentialDescriptor::new(id, Vec::new())],
        user_presence: true,
        user_verification: true,
        ..get_assertion::Request::default()
    }
}

fn three(it: &Quantiles) -> String {
    format!("{:.2} / {:.2} / {:.2}", it.p50, it.p99, it.max)
}

impl Report {
    fn table(&self) -> String {
        let head = format!(
            "bench ctap {}: {} other passkeys in the file\n\n  {:<8} {:<10} {:>22} {:>30}\n",
            self.version, self.passkeys, "vault", "algorithm", "getAssertion ms", "makeCredential ms"
        );
        let rows = self.figures.iter().map(|row| {
            let (used, made) = (three(&row.get_assertion), three(&row.make_credential));
            format!("  {:<8} {:<10} {used:>22} {made:>30}\n", row.vault, row.algorithm)
        });
        let verdict = if self.met { "met" } else { "missed" };
        let foot = format!(
            "\n  p50 / p99 / worst; half of the getAssertions in at most {AIM} ms beyond the flush: {verdict}\n  \
             the disk by itself, one flushed append: {}\n",
            three(&self.flush)
        );
        [head].into_iter().chain(rows).chain([foot]).collect()
    }
}
