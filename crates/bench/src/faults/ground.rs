//! What a scenario stands on: a database, one or two servers on it, browsers with people, and the operator's commands.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use account::audit::Actor;
use account::temporary_pass::{Pass, PassState, generate};
use primitives::encoding::base64url;
use primitives::entropy::SystemEntropy;
use primitives::id::Id;
use primitives::slow_hash::{self, Cost};
use primitives::time::{Span, Timestamp};
use store::{Db, StoreError, passkeys, temporary_passes, users};
use tempfile::TempDir;

use super::Setting;
use super::client::{Client, Held, Newcomer, Shared, Somebody, lock};
use super::history::{Key, PRESENT};
use super::random::Random;
use crate::database::Database;
use crate::failure::Failure;
use crate::host::Host;
use crate::http::Endpoint;
use crate::person::Person;
use crate::population;

/// A deployment and everybody who uses it.
pub(crate) struct Ground {
    /// The servers; the first one's configuration is the deployment's.
    pub(crate) hosts: Vec<Host>,
    /// The database.
    pub(crate) database: Database,
    /// The browsers.
    pub(crate) clients: Vec<Client>,
    /// What everybody was told.
    pub(crate) record: Shared,
    /// Runs what asks the database.
    pub(crate) runtime: tokio::runtime::Runtime,
    /// Accounts made so far.
    made: u32,
    /// Dropped last: the files.
    pub(crate) folder: TempDir,
}

impl Ground {
    /// A fresh deployment with `nodes` servers, all of them running.
    pub(crate) fn new(
        setting: &Setting,
        database: Database,
        folder: TempDir,
        nodes: usize,
    ) -> Result<Self, Failure> {
        let mut hosts: Vec<Host> = Vec::new();
        for number in 0..nodes {
            let dir = folder.path().join(format!("node{number}"));
            fs::create_dir(&dir).map_err(Failure::because("cannot make a node's folder"))?;
            let mut host = Host::prepare(&setting.binary, &dir, database.url())?;
            if let Some(first) = hosts.first() {
                join(&mut host, first)?;
            }
            host.start()?;
            hosts.push(host);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
        let record = Shared::default();
        Ok(Self { hosts, database, clients: Vec::new(), record, runtime, made: 0, folder })
    }

    /// Adds browsers, dealt out to the servers.
    pub(crate) fn add_clients(&mut self, count: usize, random: &mut Random) {
        for number in 0..count {
            let Some(host) = self.hosts.get(number % self.hosts.len().max(1)) else { return };
            let endpoint = host.endpoint.clone();
            self.clients.push(Client::new(endpoint, random.branch(), Arc::clone(&self.record)));
        }
    }

    /// The configuration of the deployment.
    pub(crate) fn config(&self) -> Option<PathBuf> {
        self.hosts.first().map(Host::config)
    }

    /// The key file of the deployment.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder.path().join("node0/keyward.key")
    }

    /// Opens the deployment's database beside the servers, as its commands do.
    pub(crate) fn open(&self) -> Result<Db, Failure> {
        self.open_at(self.database.url())
    }

    /// The same of a database elsewhere.
    pub(crate) fn open_at(&self, url: &str) -> Result<Db, Failure> {
        let keys = store::key_file::load(&self.key_file());
        let keys = Arc::new(keys.map_err(Failure::because("cannot read the keys"))?);
        let db = self.runtime.block_on(Db::open(&store::Database::parse(url), keys));
        db.map_err(Failure::because("cannot open the database"))
    }

    /// A command of `keyward` on this deployment, ready to run.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command =
            Command::new(self.hosts.first().map(|host| host.binary.clone()).unwrap_or_default());
        command.args(arguments).args(["--json", "--config"]).arg(self.config().unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end; what it printed, or what it said of why not.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Result<String, String>, Failure> {
        let output = self.command(arguments).output().map_err(Failure::because("cannot run keyward"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) })
    }

    /// Gives each browser what it lacks of so many people and newcomers, straight into the database. Their passes are
    /// hashed cheaply: what is tested here is not the hash.
    pub(crate) fn populate(&mut self, db: &Db, people: usize, newcomers: usize) -> Result<(), Failure> {
        let now = server::context::system_now();
        let rp_id = "localhost";
        let mut rows = Vec::new();
        for client in &mut self.clients {
            for _ in client.people.len()..people {
                self.made += 1;
                let (person, user, passkey) = somebody(self.made, rp_id, now)?;
                let credential = base64url(&passkey.credential_id);
                let held = Held {
                    authenticator: person,
                    credential: credential.clone(),
                    id: Some(passkey.id.to_string()),
                };
                let login = user.login.shown().to_owned();
                client.people.push(Somebody {
                    login,
                    keys: vec![held],
                    session: None,
                    full: false,
                    doubtful: false,
                });
                let mut record = lock(&self.record);
                record.history.given(Key::Passkey(credential.clone()), PRESENT);
                record.history.given(Key::Name(credential), &passkey.name);
                rows.push((user, Some(passkey), None));
            }
            for _ in client.newcomers.len()..newcomers {
                self.made += 1;
                let user =
                    population::user(&email(self.made, now), "Newcomer".to_owned(), now, &mut SystemEntropy)?;
                let (pass, value) = pass_for(db, &user, now);
                lock(&self.record).history.given(Key::Pass(pass.id.to_string()), "issued");
                client.newcomers.push(Newcomer {
                    login: user.login.shown().to_owned(),
                    pass: value,
                    pass_id: pass.id.to_string(),
                    session: None,
                    doubtful: false,
                });
                rows.push((user, None, Some(pass)));
            }
        }
        let stored = self.runtime.block_on(db.write(move |tx| {
            for (user, passkey, pass) in &rows {
                users::insert(tx, user)?;
                if let Some(passkey) = passkey {
                    passkeys::insert(tx, passkey)?;
                }
                if let Some(pass) = pass {
                    temporary_passes::insert(tx, pass)?;
                }
            }
            Ok::<_, StoreError>(())
        }));
        stored.map_err(Failure::because("cannot add people"))
    }

    /// After everything was looked up: what people hold follows from what is settled, and nobody is in doubt.
    pub(crate) fn reconcile(&mut self) {
        let record = lock(&self.record);
        let is = |key: Key, value: &str| record.history.settled(&key) == Some(value);
        for client in &mut self.clients {
            for person in &mut client.people {
                person.keys.retain(|held| is(Key::Passkey(held.credential.clone()), PRESENT));
                person.session =
                    person.session.take().filter(|token| is(Key::Session(token.clone()), PRESENT));
                person.doubtful = false;
            }
            client.people.retain(|person| !person.keys.is_empty());
            let onboarded: BTreeSet<&String> = client.people.iter().map(|person| &person.login).collect();
            client.newcomers.retain(|newcomer| !onboarded.contains(&newcomer.login));
            for newcomer in &mut client.newcomers {
                newcomer.session =
                    newcomer.session.take().filter(|token| is(Key::Session(token.clone()), PRESENT));
                newcomer.doubtful = false;
            }
        }
    }
}

/// Makes the second server one of the first one's deployment: the same origin and key file, an address of its own.
fn join(host: &mut Host, first: &Host) -> Result<(), Failure> {
    let text = fs::read_to_string(host.config()).map_err(Failure::because("cannot read a configuration"))?;
    let own = host.dir.join("keyward.key").display().to_string();
    let shared = first.dir.join("keyward.key").display().to_string();
    let text = text.replace(&own, &shared);
    let text = text.replace(&host.endpoint.origin(), &first.endpoint.origin());
    fs::write(host.config(), text).map_err(Failure::because("cannot write a configuration"))?;
    host.endpoint = Endpoint { address: host.endpoint.address, authority: first.endpoint.authority.clone() };
    Ok(())
}

fn email(number: u32, now: Timestamp) -> String {
    format!("person-{}-{number}@example.com", now.micros())
}

fn somebody(
    number: u32,
    rp_id: &str,
    now: Timestamp,
) -> Result<(Person, account::user::User, account::passkey::Passkey), Failure> {
    let entropy = &mut SystemEntropy;
    let mut person = Person::new();
    let user = population::user(&email(number, now), format!("Person {number}"), now, entropy)?;
    let made = person.make(rp_id, &user.handle, user.login.shown(), entropy)?;
    let passkey = population::passkey(&person, made, user.id, now, entropy);
    Ok((person, user, passkey))
}

fn pass_for(db: &Db, user: &account::user::User, now: Timestamp) -> (Pass, String) {
    let value = generate(12, &mut SystemEntropy);
    let pass = Pass {
        id: Id::new(now, &mut SystemEntropy),
        user: user.id,
        hash: slow_hash::hash(db.keys(), Cost::CHEAP_FOR_TESTS, value.reveal(), &mut SystemEntropy),
        starts: now,
        ends: now + Span::from_hours(8),
        one_time: true,
        reason: "faults".to_owned(),
        issuer: Actor::Operator,
        created: now,
        tries: 0,
        state: PassState::Issued,
    };
    (pass, value.reveal().to_owned())
}
