//! People who have everything by which one signs in, and the names of nobody.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Arc;

use account::audit::Actor;
use account::password::Password;
use account::recovery_code::{self, RecoveryCode};
use account::temporary_pass::{Pass, PassState};
use account::user::User;
use primitives::entropy::SystemEntropy;
use primitives::id::Id;
use primitives::slow_hash::{self, Cost, SetSalt};
use primitives::time::{Span, Timestamp};
use store::{Db, StoreError, passwords, recovery_codes, temporary_passes, users};

use super::names::Names;
use crate::failure::Failure;
use crate::host::Host;
use crate::population::{self, Deployment};

/// Rows in one commit.
const BATCH: usize = 200;

/// Turns on what is off by default: passwords.
pub(super) fn allow_everything(host: &Host) -> Result<(), Failure> {
    let file = OpenOptions::new().append(true).open(host.config());
    let mut file = file.map_err(Failure::because("cannot write the server's configuration"))?;
    file.write_all(b"[passwords]\nenabled = true\n")
        .map_err(Failure::because("cannot write the server's configuration"))
}

/// What all of them share: hashes of values that nobody knows.
#[derive(Clone)]
struct Secrets {
    hash: String,
    salt: Vec<u8>,
    code: [u8; 32],
}

/// Chooses `pairs` pairs of names and adds people for the known ones, each with a password, a pass and recovery codes.
pub(super) fn add(deployment: &Deployment, pairs: usize) -> Result<Names, Failure> {
    let config = population::load(deployment)?;
    let keys = store::key_file::load(&config.key_file).map_err(Failure::because("cannot read the keys"))?;
    let names = Names::choose(&keys, pairs)?;
    let known: Vec<&String> = names.known.iter().chain([&names.locked.0]).collect();
    let (keys, now) = (Arc::new(keys), server::context::system_now());
    let salt = SetSalt::generate(&keys, Cost::STANDARD, &mut SystemEntropy);
    let nobody_knows = recovery_code::generate(&mut SystemEntropy);
    let secrets = Secrets {
        hash: slow_hash::hash(&keys, Cost::STANDARD, nobody_knows.reveal(), &mut SystemEntropy),
        code: salt.hash(&keys, nobody_knows.reveal()).ok_or_else(|| Failure::new("no key to hash with"))?,
        salt: salt.to_bytes(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    runtime.block_on(async {
        let db = Db::open(&config.database, keys).await;
        let db = db.map_err(Failure::because("cannot open the database"))?;
        for batch in known.chunks(BATCH) {
            let mut people = Vec::new();
            for name in batch {
                people.push(population::user(name, "Somebody".to_owned(), now, &mut SystemEntropy)?);
            }
            let secrets = secrets.clone();
            let added = db.write(move |tx| {
                for user in &people {
                    insert(tx, user, &secrets, now)?;
                }
                Ok::<_, StoreError>(())
            });
            added.await.map_err(Failure::because("cannot add people"))?;
        }
        Ok::<_, Failure>(())
    })?;
    Ok(names)
}

fn insert(tx: &mut store::Tx<'_>, user: &User, secrets: &Secrets, now: Timestamp) -> Result<(), StoreError> {
    users::insert(tx, user)?;
    let hash = Some(secrets.hash.clone());
    passwords::put(tx, &Password { user: user.id, hash, since: now, must_change: false })?;
    temporary_passes::insert(
        tx,
        &Pass {
            id: Id::new(now, &mut SystemEntropy),
            user: user.id,
            hash: secrets.hash.clone(),
            starts: now,
            ends: now + Span::from_hours(8),
            one_time: false,
            reason: "bench".to_owned(),
            issuer: Actor::Operator,
            created: now,
            tries: 0,
            state: PassState::Issued,
        },
    )?;
    let set = Id::new(now, &mut SystemEntropy);
    let codes: Vec<RecoveryCode> = (1..=recovery_code::COUNT)
        .map(|number| RecoveryCode {
            id: Id::new(now, &mut SystemEntropy),
            user: user.id,
            number,
            set,
            salt: secrets.salt.clone(),
            hash: secrets.code,
            created: now,
            used: None,
        })
        .collect();
    recovery_codes::replace(tx, user.id, &codes)
}
