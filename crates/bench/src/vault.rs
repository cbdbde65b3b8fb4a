//! `bench vault`: how long Keyfob's vault takes to open beyond the derivation of its key, and a change to reach the disk.
//!
//! The vault is one that needs no passphrase, so that what is timed is reading, opening and checking its records; the
//! derivation is timed by itself, at the cost that people's vaults have.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use authenticator::private_key::PrivateKey;
use authenticator::vault::{Credential, Vault};
use clap::Args;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use keyfob::vault_file::{Unlock, VaultFile};
use primitives::cose::Algorithm;
use primitives::entropy::{self, SystemEntropy};
use primitives::slow_hash::{self, Cost};
use primitives::time::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// What opening 10,000 passkeys may take, milliseconds.
const AIM: f64 = 300.0;
/// Changes that are timed.
const CHANGES: usize = 50;

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Passkeys in the vault.
    #[arg(long, default_value_t = 10_000)]
    passkeys: usize,
    /// How often it is opened.
    #[arg(long, default_value_t = 21)]
    rounds: usize,
    /// A folder on the disk to judge; a temporary folder is made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// Exit with 1 if opening misses its aim.
    #[arg(long)]
    strict: bool,
    /// One line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// A whole run.
#[derive(Debug, Serialize)]
struct Report {
    /// Always `vault`.
    bench: &'static str,
    /// Version of the programs.
    version: &'static str,
    /// Passkeys in the vault.
    passkeys: usize,
    /// Length of the file, bytes.
    file_bytes: u64,
    /// What opening may take, milliseconds.
    aim_millis: f64,
    /// Whether it takes no longer.
    met: bool,
    /// Opening beyond the key's derivation, milliseconds: median and worst.
    open_millis: [f64; 2],
    /// The key's derivation from a passphrase.
    derivation_millis: f64,
    /// Noting one use: one record, flushed. Median and worst.
    change_millis: [f64; 2],
    /// Writing all of it anew, with a backup.
    rewrite_millis: f64,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    std::fs::create_dir_all(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&options.dir);
    let folder = folder.map_err(Failure::because("cannot make a folder in --dir"))?;
    let report = measure(options, &folder.path().join("vault"))?;
    if options.json {
        println!("{}", serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?);
    } else {
        print!("{}", report.table());
    }
    if options.strict && !report.met {
        return Err(Failure::new(format!(
            "the vault opens in {:.0} ms; at most {AIM} ms were to be reached",
            report.open_millis[0]
        )));
    }
    Ok(())
}

fn measure(options: &Options, path: &std::path::Path) -> Result<Report, Failure> {
    let entropy = &mut SystemEntropy;
    let mut vault = VaultFile::create(path, Unlock::Unattended, entropy)
        .map_err(Failure::because("cannot make the vault"))?;
    let passkeys = (0..options.passkeys).map(|number| passkey(number, entropy)).collect::<Result<_, _>>()?;
    let begun = Instant::now();
    vault.add_all(passkeys).map_err(Failure::because("cannot fill the vault"))?;
    let rewrite = begun.elapsed();
    drop(vault);
    let (mut opened, mut changed) = (Vec::new(), Vec::new());
    // The first opening makes a backup and warms the caches; it does not count.
    for round in 0..=options.rounds.max(1) {
        let begun = Instant::now();
        let vault = open(path)?;
        let elapsed = begun.elapsed();
        if vault.count() != options.passkeys {
            return Err(Failure::new("the vault has lost passkeys"));
        }
        if round > 0 {
            opened.push(elapsed);
        }
    }
    let mut vault = open(path)?;
    let ids: Vec<Vec<u8>> = vault.all().take(CHANGES).map(|passkey| passkey.id.clone()).collect();
    for id in ids {
        let begun = Instant::now();
        vault
            .count_use(&id, Timestamp::from_secs(2))
            .map_err(|_| Failure::new("the vault did not note a use"))?;
        changed.push(begun.elapsed());
    }
    let begun = Instant::now();
    std::hint::black_box(slow_hash::derive_key(Cost::VAULT, &[1; 16], b"correct horse battery staple"));
    let derivation = begun.elapsed();
    let open_millis = median_and_worst(opened);
    let file_bytes = std::fs::metadata(path).map_err(Failure::because("cannot look at the vault"))?.len();
    Ok(Report {
        bench: "vault",
        version: env!("CARGO_PKG_VERSION"),
        passkeys: options.passkeys,
        file_bytes,
        aim_millis: AIM,
        met: open_millis[0] <= AIM,
        open_millis,
        derivation_millis: millis(derivation),
        change_millis: median_and_worst(changed),
        rewrite_millis: millis(rewrite),
    })
}

fn open(path: &std::path::Path) -> Result<VaultFile, Failure> {
    VaultFile::open(path, Unlock::Unattended).map_err(Failure::because("cannot open the vault"))
}

/// A passkey as long as people's are.
pub(crate) fn passkey(number: usize, entropy: &mut SystemEntropy) -> Result<Credential, Failure> {
    let key = PrivateKey::generate(Algorithm::Es256, entropy).map_err(|_| Failure::new("no key was made"))?;
    Ok(Credential {
        id: entropy::array::<32>(entropy).to_vec(),
        rp_id: format!("id{}.example.com", number % 500),
        rp_name: "An organisation of middling size".to_owned(),
        user: UserEntity {
            id: entropy::array::<32>(entropy).to_vec().into(),
            name: format!("person{number}@example.com"),
            display_name: format!("Person {number} of the Example"),
        },
        key,
        sign_count: 0,
        discoverable: true,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationRequired,
        cred_random: Zeroizing::new(entropy::array(entropy)),
        cred_blob: None,
        large_blob_key: None,
        created: Timestamp::from_secs(1),
        last_used: None,
    })
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median_and_worst(mut times: Vec<Duration>) -> [f64; 2] {
    times.sort();
    let at = |index: usize| times.get(index).copied().map_or(0.0, millis);
    [at(times.len() / 2), at(times.len().saturating_sub(1))]
}

impl Report {
    fn table(&self) -> String {
        let [open, slowest] = self.open_millis;
        let [change, slowest_change] = self.change_millis;
        let verdict = if self.met { "met" } else { "missed" };
        format!(
            "bench vault {}: {} passkeys, {} bytes\n\n\
  open, without the key    {open:>8.1} ms   worst {slowest:.1}   at most {AIM} ms: {verdict}\n  \
             the key, Argon2id        {:>8.1} ms\n  \
             one use, flushed         {change:>8.2} ms   worst {slowest_change:.2}\n  \
             all of it anew           {:>8.1} ms\n",
            self.version, self.passkeys, self.file_bytes, self.derivation_millis, self.rewrite_millis
        )
    }
}
