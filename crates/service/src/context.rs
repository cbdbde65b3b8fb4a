//! What use cases are given: the deployment, and who calls.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use account::api_key::ApiKey;
use account::audit::Actor;
use account::model::{Aaguid, Models};
use account::pass_order::OrderRules;
use account::passkey::Passkey;
use account::policy::{Effective, Policy};
use account::session::{BrowserId, ClientLabel, Session, SessionPolicy};
use account::user::User;
use primitives::cose::Algorithm;
use primitives::entropy::Entropy;
use primitives::keys::KeyRing;
use primitives::secret::Token;
use primitives::slow_hash::Cost;
use primitives::time::Timestamp;
use primitives::x509::Certificate;
use store::Db;
use tokio::sync::Semaphore;
use webauthn::{RelyingParty, TrustAnchor};

use crate::breached::BreachedList;
use crate::client_authentication::ClientKeyCache;
use crate::hashing::HashPool;
use crate::moved::{Former, Move};
use crate::refusals::RefusalGate;
use crate::retention::Retention;
use crate::signing_keys::Rings;

/// A deployment as one process sees it; made once and shared.
pub struct Context {
    /// The store.
    pub db: Db,
    /// The root keys.
    pub keys: Arc<KeyRing>,
    /// For whom passkeys are made.
    pub relying_party: Arc<RelyingParty>,
    /// The relying party before a move, while its passkeys are still taken.
    pub former: Option<Former>,
    /// What was configured, and the policy in force: one snapshot after the other.
    settings: RwLock<Arc<Settings>>,
    /// The configuration's policy, which holds where none was applied.
    configured: Policy,
    /// Where slow hashes are computed.
    pub hashing: HashPool,
    /// Turns of those who look at everybody at once ([`crate::provision::SCANS`]).
    pub scans: Semaphore,
    /// Keeps a flood of refusals from becoming a flood of rows.
    pub refusals: RefusalGate,
    /// Passwords that others know, if there is a list of them.
    pub breached: Option<Arc<BreachedList>>,
    /// The keys that sign tokens; none before [`crate::signing_keys::ensure`].
    pub signing: Rings,
    /// Key sets of clients that publish theirs.
    pub client_keys: ClientKeyCache,
}

impl Context {
    /// Puts a deployment together; `hashes` slow hashes run at once.
    pub fn new(
        db: Db,
        keys: Arc<KeyRing>,
        relying_party: RelyingParty,
        settings: Settings,
        hashes: usize,
    ) -> Self {
        Self {
            db,
            keys,
            relying_party: Arc::new(relying_party),
            former: None,
            configured: settings.policy.clone(),
            settings: RwLock::new(Arc::new(settings)),
            hashing: HashPool::new(hashes),
            scans: Semaphore::new(crate::provision::SCANS),
            refusals: RefusalGate::default(),
            breached: None,
            signing: Rings::default(),
            client_keys: ClientKeyCache::default(),
        }
    }

    /// What holds now. A use case takes it once, at its beginning, so that it judges by one policy throughout.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The policy that holds where none was applied, or all were undone.
    pub fn configured_policy(&self) -> Policy {
        let settings = self.settings();
        if settings.policy_version == 0 { settings.policy.clone() } else { self.configured.clone() }
    }

    /// Lets `change` make the next snapshot of the settings.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut current = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut current));
    }

    /// The same, with a list of passwords that others know.
    pub fn with_breached(self, list: BreachedList) -> Self {
        Self { breached: Some(Arc::new(list)), ..self }
    }

    /// Also takes passkeys of `relying_party`, which was in force before one of the `moves`.
    #[must_use]
    pub fn with_former(mut self, relying_party: RelyingParty, moves: Vec<Move>) -> Self {
        self.former = Some(Former { relying_party: Arc::new(relying_party), moves });
        self
    }
}

/// What was configured, and what was read once at the start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long sessions last.
    pub sessions: SessionPolicy,
    /// The policy in force.
    pub policy: Policy,
    /// Its version; zero is that of the configuration.
    pub policy_version: i64,
    /// Known models of authenticators.
    pub models: Arc<Models>,
    /// Certificates to which attestations may lead, each with the models that it vouches for.
    pub anchors: Arc<Anchors>,
    /// Algorithms that are offered to authenticators, most preferred first.
    pub algorithms: Vec<Algorithm>,
    /// Who may order passes, and what letters hold.
    pub orders: OrderRules,
    /// What a slow hash costs.
    pub cost: Cost,
    /// The deployment's epoch, which rises when a restored database is accepted.
    pub deployment_epoch: i64,
    /// How long people's data stay in the audit log.
    pub retention: Retention,
}

impl Settings {
    /// The defaults, under the deployment's epoch.
    pub fn standard(deployment_epoch: i64) -> Self {
        Self {
            sessions: SessionPolicy::default(),
            policy: Policy::default(),
            policy_version: 0,
            models: Arc::default(),
            anchors: Arc::default(),
            algorithms: crate::register_passkey::algorithms(false),
            orders: OrderRules::default(),
            cost: Cost::STANDARD,
            deployment_epoch,
            retention: Retention::default(),
        }
    }
}

impl Settings {
    /// What holds for that person.
    pub fn of(&self, user: &User) -> Effective {
        self.policy.of(user)
    }
}

/// Trust anchors for attestations.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    /// By model, of its metadata.
    pub of_models: BTreeMap<Aaguid, Vec<TrustAnchor>>,
    /// For whatever model nobody else speaks of, of the organisation's own.
    pub own: Vec<TrustAnchor>,
    /// The organisation's own authority for software authenticators, if it has one ([`crate::attest_devices`]).
    pub authority: Option<Certificate>,
}

impl Anchors {
    /// Those to which an attestation of that model may lead. An own root that names no models vouches for those that
    /// metadata does not know: it cannot make its authenticators pass for somebody else's.
    pub fn of(&self, aaguid: Aaguid) -> Vec<TrustAnchor> {
        self.of_models.get(&aaguid).unwrap_or(&self.own).clone()
    }
}

/// One request.
pub struct Caller {
    /// When it came in.
    pub now: Timestamp,
    /// Where its randomness comes from.
    pub entropy: Box<dyn Entropy>,
    /// The browser's stable cookie.
    pub browser: BrowserId,
    /// What people recognise the browser by.
    pub client: ClientLabel,
    /// The reference that the person sees when something is refused, such as `7F3K-22QX`.
    pub reference: String,
}

/// Somebody who is signed in: what [`crate::manage_sessions::authenticate`] found behind a token.
#[derive(Clone, Debug)]
pub struct Who {
    /// The person.
    pub user: User,
    /// The session.
    pub session: Session,
}

/// By whose authority something is administered.
#[derive(Clone, Copy, Debug)]
pub enum Authority<'a> {
    /// The command line: whoever reads the key file.
    Operator,
    /// Somebody signed in, whose session has confirmed the action.
    Person(&'a Who),
    /// A program, by its API key.
    Key(&'a ApiKey),
}

impl Authority<'_> {
    /// Who the audit log says did it.
    pub fn actor(&self) -> Actor {
        match self {
            Authority::Operator => Actor::Operator,
            Authority::Person(who) => Actor::User(who.user.id),
            Authority::Key(key) => key.person.map_or(Actor::Key(key.id), |(person, _)| Actor::User(person)),
        }
    }

    /// Whether it is a program that acts for nobody.
    pub(crate) fn is_program(&self) -> bool {
        matches!(self, Authority::Key(key) if key.person.is_none())
    }
}

/// A new session and the token that opens it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The bearer token, for the cookie; the store keeps only its keyed digest.
    pub token: Token,
    /// The session.
    pub session: Session,
    /// The person.
    pub user: User,
    /// The passkey that was used; absent after a pass.
    pub passkey: Option<Passkey>,
}
