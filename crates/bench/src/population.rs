//! Puts people with passkeys into a deployment: straight into its database, or as people do it.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use account::passkey::{Attachment, AttestationKind, Binding, Passkey, PasskeyStatus, Place};
use account::role::Role;
use account::user::{Directory, Login, User, UserId, UserStatus};
use authenticator::make_credential::Made;
use primitives::entropy::{self, Entropy, SystemEntropy};
use primitives::id::Id;
use primitives::time::Timestamp;
use server::config::{Config, Overlay};
use store::{Db, StoreError};

use crate::failure::Failure;
use crate::host;
use crate::http::Endpoint;
use crate::person::Person;
use crate::registration;

/// Rows in one commit.
const BATCH: usize = 500;

/// A server, running or not, and its files.
pub(crate) struct Deployment {
    /// Its configuration file.
    pub(crate) config: PathBuf,
    /// The program, for its commands.
    pub(crate) binary: PathBuf,
    /// Where its pages are.
    pub(crate) endpoint: Endpoint,
}

/// Adds people and passkeys, the rows that a registration over HTTP leaves, without the ceremonies.
pub(crate) fn insert(deployment: &Deployment, count: usize) -> Result<Vec<Person>, Failure> {
    let config = load(deployment)?;
    let origin = config.origin_at(config.listen);
    let rp_id = config.rp_id_for(&origin);
    let now = server::context::system_now();
    let mut people = Vec::with_capacity(count);
    let mut rows = Vec::with_capacity(count);
    for number in 0..count {
        let mut person = Person::new();
        rows.push(row(&mut person, &rp_id, number, now)?);
        people.push(person);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    runtime.block_on(write(&config, rows))?;
    Ok(people)
}

async fn write(config: &Config, rows: Vec<(User, Passkey)>) -> Result<(), Failure> {
    let keys = store::key_file::load(&config.key_file).map_err(Failure::because("cannot read the keys"))?;
    let db = Db::open(&config.database, Arc::new(keys)).await;
    let db = db.map_err(Failure::because("cannot open the database"))?;
    for batch in rows.chunks(BATCH) {
        let batch = batch.to_vec();
        let added = db.write(move |tx| {
            let mut added = true;
            for (user, passkey) in &batch {
                added &= store::users::insert(tx, user)? && store::passkeys::insert(tx, passkey)?;
            }
            Ok::<_, StoreError>(added)
        });
        if !added.await.map_err(Failure::because("cannot add people"))? {
            return Err(Failure::new("cannot add people: the database has them already"));
        }
    }
    Ok(())
}

fn row(person: &mut Person, rp_id: &str, number: usize, now: Timestamp) -> Result<(User, Passkey), Failure> {
    let entropy = &mut SystemEntropy;
    let user = user(&email(number, now), format!("Person {number}"), now, entropy)?;
    let made = person.make(rp_id, &user.handle, user.login.shown(), entropy)?;
    let passkey = passkey(person, made, user.id, now, entropy);
    Ok((user, passkey))
}

/// The account of somebody with that address, as `keyward user add` makes it.
pub(crate) fn user(
    email: &str,
    name: String,
    created: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<User, Failure> {
    Ok(User {
        id: Id::new(created, entropy),
        handle: entropy::array(entropy),
        login: Login::parse(email).map_err(|refusal| Failure::new(refusal.code()))?,
        name,
        email: Some(email.to_owned()),
        role: Role::User,
        status: UserStatus::Enabled,
        security_epoch: 0,
        language: None,
        created,
        groups: Vec::new(),
        break_glass: false,
        disabled_by_program: false,
        deleted_by_program: false,
        role_ended: None,
        deleted: None,
        directory: Directory::default(),
    })
}

/// The row of a passkey that a person's authenticator made, as a registration with a pass leaves it.
pub(crate) fn passkey(
    person: &Person,
    made: Made,
    owner: UserId,
    created: Timestamp,
    entropy: &mut dyn Entropy,
) -> Passkey {
    let settings = person.settings();
    Passkey {
        id: Id::new(created, entropy),
        user: owner,
        credential_id: made.credential_id,
        public_key: made.public_key,
        sign_count: 0,
        aaguid: settings.aaguid,
        transports: settings.transports.clone(),
        backup_eligible: settings.backup_eligible,
        backed_up: settings.backup_eligible && settings.backed_up,
        attestation: AttestationKind::None,
        attestation_trusted: false,
        attachment: Some(match settings.attachment {
            fido::credential::Attachment::Platform => Attachment::Platform,
            fido::credential::Attachment::CrossPlatform => Attachment::CrossPlatform,
        }),
        place: Place::ThisComputer,
        binding: Binding::TemporaryPass,
        name: "Passkey on this computer".to_owned(),
        status: PasskeyStatus::Enabled,
        created,
        created_on: "Chrome on Linux".to_owned(),
        last_used: None,
        last_used_on: None,
        tried: true,
        counter_anomaly: false,
        vouched: None,
    }
}

/// Adds people on the command line, and registers their passkeys over HTTP with passes of their own.
pub(crate) fn register_over_http(deployment: &Deployment, count: usize) -> Result<Vec<Person>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    let now = server::context::system_now();
    let mut people = Vec::with_capacity(count);
    for number in 0..count {
        let email = email(number, now);
        command(deployment, &["user", "add", &email, "--name", &format!("Person {number}")])?;
        let issued = command(deployment, &["pass", "issue", &email, "--once", "--reason", "bench"])?;
        let pass = issued.get("pass").and_then(serde_json::Value::as_str);
        let pass = pass.ok_or_else(|| Failure::new("`keyward pass issue` gave no pass"))?;
        let mut person = Person::new();
        let registered = registration::register(&deployment.endpoint, &mut person, &email, pass);
        runtime.block_on(registered).map_err(Failure::because("a registration failed"))?;
        people.push(person);
    }
    Ok(people)
}

/// Where the deployment serves its metrics.
pub(crate) fn metrics_of(deployment: &Deployment) -> Result<Option<Endpoint>, Failure> {
    let listen = load(deployment)?.metrics_listen;
    listen.map(|address| host::endpoint_of(&format!("http://{address}"))).transpose()
}

/// Its configuration, as the server reads it.
pub(crate) fn load(deployment: &Deployment) -> Result<Config, Failure> {
    Config::load(Some(&deployment.config), &Overlay::default())
        .map_err(Failure::because("cannot read the server's configuration"))
}

/// Unlike those of earlier runs on the same database.
fn email(number: usize, now: Timestamp) -> String {
    format!("person-{}-{number}@example.com", now.micros())
}

/// Runs a command of `keyward` and reads the JSON that it prints.
pub(crate) fn command(deployment: &Deployment, arguments: &[&str]) -> Result<serde_json::Value, Failure> {
    let output = Command::new(&deployment.binary)
        .args(arguments)
        .arg("--config")
        .arg(&deployment.config)
        .arg("--json")
        .stdin(Stdio::null())
        .output()
        .map_err(Failure::because("cannot run keyward"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("`keyward {}` failed: {}", arguments.join(" "), words.trim())));
    }
    serde_json::from_slice(&output.stdout).map_err(Failure::because("keyward printed no JSON"))
}
