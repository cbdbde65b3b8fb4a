//! A node: one process with its keys, its database and what it remembers of it.

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use account::session::BrowserId;
use account::session::{ClientLabel, SessionPolicy};
use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use primitives::slow_hash::Cost;
use primitives::time::Span;
use service::administer_policy::PolicyError;
use service::breached::BreachedList;
use service::moved::{self, ClaimError};
use service::{Caller, Settings, policy_in_force, register_passkey};
use store::anchor::{self, AnchorFile};
use store::upgrade::{self, UpgradeError, Upgraded};
use store::{Database, Db, OpenError, StoreError, settings};
use webauthn::RelyingParty;

use crate::config::{Config, Origin};
use crate::context::{Reference, system_now};
use crate::key_file::{KeyFile, KeysError};

/// A clock that is behind by less catches up by itself before anybody notices.
const MISTAKEN: Span = Span::from_secs(5);

/// An open deployment.
pub(crate) struct Node {
    /// The use cases' deployment.
    pub service: service::Context,
    /// What the node remembers of its database.
    pub anchor: AnchorFile,
    /// Holds the lock of a running server as long as it is kept.
    pub key_file: File,
}

/// For what a node opens its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// To serve: makes what is missing, and says that a server runs.
    Serve {
        /// The operator accepts a database older than what the node has seen of it.
        accept_restored: bool,
        /// The operator vouches for a clock that is behind what the database has seen.
        accept_clock: bool,
    },
    /// To administer: the database must exist.
    Administer,
}

impl Node {
    /// Opens keys and database of `config` for the relying party at `origin`.
    pub(crate) async fn open(config: &Config, origin: &Origin, purpose: Use) -> Result<Self, NodeError> {
        let key_file = match purpose {
            Use::Serve { .. } => {
                KeyFile::open_or_make(&config.key_file, &config.database, system_now(), &mut SystemEntropy)?
            }
            Use::Administer => {
                if let Database::Sqlite(path) = &config.database
                    && !path.exists()
                {
                    return Err(NodeError::NoDatabase(path.display().to_string()));
                }
                KeyFile::open(&config.key_file)?
            }
        };
        if matches!(purpose, Use::Serve { .. }) {
            key_file.lock_shared()?;
        }
        let (ring, key_file) = key_file.into_parts();
        let keys = Arc::new(ring);
        let db = match purpose {
            Use::Serve { .. } => open_upgraded(&config.database, &keys).await?,
            Use::Administer => upgrade::open_current(&config.database, Arc::clone(&keys)).await?,
        };
        let anchor = AnchorFile::beside(&config.key_file);
        if let Use::Serve { accept_restored, accept_clock } = purpose {
            accept(&db, &anchor, accept_restored).await?;
            if accept_clock {
                vouch_for_clock(&db, &anchor).await?;
            }
            claim_rp_id(&db, config, origin).await?;
        }
        let epoch = db.read(settings::deployment).await?.epoch;
        let relying_party = relying_party(config, origin)?;
        // Half the cores at most for those who type passes: a flood of guesses leaves the rest to passkeys.
        let hashes = std::thread::available_parallelism().map_or(1, usize::from).div_euclid(2);
        let service =
            service::Context::new(db, keys, relying_party, use_case_settings(config, epoch), hashes);
        let service = match &config.breached {
            None => service,
            Some(path) => service.with_breached(breached(path)?),
        };
        let service = match &config.former_rp_id {
            Some(former) => {
                let moves = service.db.read(moved::moves).await?;
                service.with_former(former_party(config, origin, former)?, moves)
            }
            None => service,
        };
        policy_in_force::refresh(&service).await.map_err(|error| match error {
            PolicyError::Store(error) => NodeError::Store(error),
            other => NodeError::Policy(other.code()),
        })?;
        Ok(Self { service, anchor, key_file })
    }
}

/// The database, brought up to date if an earlier release made it.
async fn open_upgraded(database: &Database, keys: &Arc<KeyRing>) -> Result<Db, NodeError> {
    if let Some(Upgraded { plan, copy }) = upgrade::upgrade(database, Arc::clone(keys), true).await? {
        let copy = copy.map(|path| path.display().to_string());
        tracing::info!(from = plan.found, to = plan.needed, copy, "the database was upgraded");
    }
    Ok(Db::open(database, Arc::clone(keys)).await?)
}

/// A database that is behind what the node has seen does not start until the operator accepts it; accepting
/// ends what it had granted (DESIGN 5a.9).
async fn accept(db: &Db, file: &AnchorFile, accept_restored: bool) -> Result<(), NodeError> {
    match anchor::check(db, file).await {
        Err(OpenError::Behind(_)) if accept_restored => {
            let seen = file.load().ok().flatten().map_or(0, |anchor| anchor.epoch);
            let mut caller = operator();
            service::housekeeping::accept_restored(db, &mut caller, seen).await?;
            let anchor = db.read(anchor::current).await?;
            file.store(&anchor).map_err(|error| NodeError::Anchor(file.path().display().to_string(), error))
        }
        other => Ok(other?),
    }
}

/// A clock that is behind counts again, once the operator says so; one that is not needs no vouching.
async fn vouch_for_clock(db: &Db, file: &AnchorFile) -> Result<(), NodeError> {
    db.now().await?;
    if db.clock_behind() < MISTAKEN {
        tracing::info!("the clock is not behind: there is nothing to accept");
        return Ok(());
    }
    service::housekeeping::accept_clock(db, &mut operator()).await?;
    let anchor = db.read(anchor::current).await?;
    file.store(&anchor).map_err(|error| NodeError::Anchor(file.path().display().to_string(), error))
}

/// Remembers the relying-party ID at the first start, and refuses another one later unless it is a move.
async fn claim_rp_id(db: &Db, config: &Config, origin: &Origin) -> Result<(), NodeError> {
    let (configured, former) = (config.rp_id_for(origin), config.former_rp_id.clone());
    let rp_id = configured.clone();
    match db.write(move |tx| moved::claim(tx, &rp_id, former.as_deref())).await {
        Ok(true) => {
            tracing::info!(
                to = configured,
                former = config.former_rp_id,
                "moved to another relying-party ID"
            );
            Ok(())
        }
        Ok(false) => Ok(()),
        Err(ClaimError::Other { stored }) => Err(NodeError::OtherRpId { stored, configured }),
        Err(ClaimError::Store(error)) => Err(error.into()),
    }
}

/// The relying party before a move: its own host name, and every origin that the one in force has. Pages of those that
/// lie outside it use it as related origins, which `/.well-known/webauthn` at its host name must list.
fn former_party(config: &Config, origin: &Origin, rp_id: &str) -> Result<RelyingParty, NodeError> {
    let at_home = format!("https://{rp_id}");
    let all = std::iter::once(origin).chain(&config.related_origins);
    let (within, outside): (Vec<&Origin>, Vec<&Origin>) = all.partition(|origin| origin.allows_rp_id(rp_id));
    let within = std::iter::once(at_home.as_str()).chain(within.into_iter().map(Origin::as_str));
    let outside = outside.into_iter().map(Origin::as_str);
    RelyingParty::new(rp_id, &config.organisation.name, within)
        .and_then(|party| party.with_related_origins(outside))
        .map_err(|refusal| NodeError::RelyingParty(refusal.to_string()))
}

fn relying_party(config: &Config, origin: &Origin) -> Result<RelyingParty, NodeError> {
    let rp_id = config.rp_id_for(origin);
    let related = config.related_origins.iter().map(Origin::as_str);
    RelyingParty::new(rp_id, &config.organisation.name, [origin.as_str()])
        .and_then(|party| party.with_related_origins(related))
        .map_err(|refusal| NodeError::RelyingParty(refusal.to_string()))
}

/// The list of passwords that others know.
fn breached(path: &Path) -> Result<BreachedList, NodeError> {
    BreachedList::open(path).map_err(|error| NodeError::Breached(path.display().to_string(), error))
}

/// What use cases need to know of the configuration.
fn use_case_settings(config: &Config, deployment_epoch: i64) -> Settings {
    Settings {
        sessions: SessionPolicy { idle: config.sessions.idle, absolute: config.sessions.absolute },
        policy: config.policy.clone(),
        policy_version: 0,
        models: Arc::default(),
        anchors: Arc::default(),
        algorithms: register_passkey::algorithms(config.passkeys.post_quantum),
        orders: config.orders.clone(),
        cost: Cost::STANDARD,
        deployment_epoch,
        retention: config.retention,
    }
}

/// The operator, on the command line: no browser, no address.
pub(crate) fn operator() -> Caller {
    Caller {
        now: system_now(),
        entropy: Box::new(SystemEntropy),
        browser: BrowserId::from_bytes([0; 32]),
        client: ClientLabel::default(),
        reference: Reference::generate(&mut SystemEntropy).as_str().to_owned(),
    }
}

/// Why a node cannot work with its database; each sentence says what to do.
#[derive(Debug)]
pub enum NodeError {
    /// The keys.
    Keys(KeysError),
    /// The database.
    Open(OpenError),
    /// The database of an earlier release cannot be upgraded.
    Upgrade(UpgradeError),
    /// There is no such database to administer.
    NoDatabase(String),
    /// The passkeys there are were made for another relying party.
    OtherRpId {
        /// The one they were made for.
        stored: String,
        /// The one that is configured.
        configured: String,
    },
    /// The configured origins are none.
    RelyingParty(String),
    /// What was accepted cannot be remembered.
    Anchor(String, std::io::Error),
    /// The list of passwords that others know cannot be opened.
    Breached(String, std::io::Error),
    /// The policy in force cannot be read.
    Policy(&'static str),
    /// The store failed.
    Store(StoreError),
}

impl From<KeysError> for NodeError {
    fn from(error: KeysError) -> Self {
        Self::Keys(error)
    }
}

impl From<OpenError> for NodeError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<UpgradeError> for NodeError {
    fn from(error: UpgradeError) -> Self {
        Self::Upgrade(error)
    }
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(error) => error.fmt(f),
            Self::Open(error) => error.fmt(f),
            Self::Upgrade(error) => error.fmt(f),
            Self::NoDatabase(path) => {
                write!(f, "There is no database {path}: start the server once, or correct --database.")
            }
            Self::OtherRpId { stored, configured } => write!(
                f,
                "The passkeys of this database are bound to {stored} and would be useless at {configured}: set \
                 `rp_id` (or `origin`) back to {stored}, or move with `former_rp_id` (docs/operator/move.md)."
            ),
            Self::RelyingParty(refusal) => write!(f, "The configured origins cannot be used: {refusal}."),
            Self::Anchor(path, error) => {
                write!(f, "{path} cannot be written ({error}): check the folder of the key file.")
            }
            Self::Breached(path, error) => write!(
                f,
                "The list of known passwords {path} cannot be opened ({error}): correct `passwords.breached`."
            ),
            Self::Policy(code) => write!(
                f,
                "The policy in force cannot be read ({code}): start the release of keyward that wrote it."
            ),
            Self::Store(error) => write!(f, "The database failed: {error}."),
        }
    }
}

impl std::error::Error for NodeError {}
