//! A deployment for tests: a fresh database, cheap hashes, a clock that stands.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use account::audit::EventKind;
use account::policy::Policy;
use account::role::Role;
use account::session::{BrowserId, ClientLabel};
use account::temporary_pass::{PassPolicy, Wish};
use account::user::User;
use primitives::digest;
use primitives::keys::KeyRing;
use primitives::secret::SecretText;
use primitives::slow_hash::Cost;
use primitives::time::{Span, Timestamp};
use service::administer_users::NewUser;
use service::breached::BreachedList;
use service::{
    Authority, Caller, Context, Settings, administer_passes, administer_users, read_audit, register_passkey,
};
use store::audit::Filter;
use store::{Database, Db};
use tempfile::TempDir;
use webauthn::{CounterPolicy, RelyingParty};

use crate::clock::FixedClock;
use crate::entropy::SeededEntropy;
use crate::postgres;

/// The one origin that ceremonies come from.
pub const ORIGIN: &str = "http://localhost:8080";

/// The RP ID.
pub const RP_ID: &str = "localhost";

/// A deployment of its own, gone when dropped.
pub struct TestContext {
    /// What use cases are given.
    pub cx: Arc<Context>,
    /// What time it is, for callers and for the database.
    pub clock: FixedClock,
    draws: Arc<AtomicU64>,
    database: Database,
    variation: Variation,
    _folder: Option<TempDir>,
}

/// What differs from the usual deployment.
#[derive(Clone, Debug, Default)]
pub struct Variation {
    /// What passes there may be.
    pub passes: PassPolicy,
    /// What a counter that stands still means.
    pub counters: CounterPolicy,
    /// Whether ML-DSA is offered.
    pub post_quantum: bool,
    /// Origins outside the RP ID that may use it.
    pub related_origins: &'static [&'static str],
    /// A file of passwords that others know.
    pub breached: Option<PathBuf>,
    /// What else people may sign in with, and how passkeys come to phones.
    pub policy: Policy,
    /// The origin that ceremonies come from instead of [`ORIGIN`], for who listens on a port.
    pub origin: Option<String>,
}

impl TestContext {
    /// On a fresh SQLite file.
    pub async fn sqlite() -> Self {
        Self::sqlite_with(Variation::default()).await
    }

    /// The same, but different.
    pub async fn sqlite_with(variation: Variation) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        let database = Database::Sqlite(folder.path().join("keyward.db"));
        Self::on(database, variation, Some(folder)).await
    }

    /// On a fresh PostgreSQL database; `None` where PostgreSQL is not installed, with the reason printed.
    pub async fn postgres() -> Option<Self> {
        Self::postgres_with(Variation::default()).await
    }

    /// The same, but different.
    pub async fn postgres_with(variation: Variation) -> Option<Self> {
        let url = postgres::fresh_database()?;
        Some(Self::on(Database::Postgres(url), variation, None).await)
    }

    async fn on(database: Database, variation: Variation, folder: Option<TempDir>) -> Self {
        let clock = FixedClock::default();
        let keys = Arc::new(KeyRing::generate(clock.now(), &mut SeededEntropy::new(0)));
        let draws = Arc::new(AtomicU64::new(1));
        Self { _folder: folder, ..Self::node(database, variation, keys, (clock, draws)).await }
    }

    /// Another node on the same database, with the same keys and the same clock; not to be used after this one is
    /// dropped. Moving the clock ahead here tells the other node's database with its own [`TestContext::advance`].
    pub async fn another_node(&self) -> Self {
        let shared = (self.clock.clone(), Arc::clone(&self.draws));
        Self::node(self.database.clone(), self.variation.clone(), Arc::clone(&self.cx.keys), shared).await
    }

    async fn node(
        database: Database,
        variation: Variation,
        keys: Arc<KeyRing>,
        (clock, draws): (FixedClock, Arc<AtomicU64>),
    ) -> Self {
        let db = Db::open(&database, Arc::clone(&keys)).await.unwrap_or_else(|error| panic!("{error}"));
        db.pin_clock(Some(clock.now()));
        let origin = variation.origin.as_deref().unwrap_or(ORIGIN);
        let relying_party = RelyingParty::new(RP_ID, "Test", [origin])
            .and_then(|party| party.with_related_origins(variation.related_origins.iter().copied()))
            .unwrap_or_else(|error| panic!("{error}"))
            .with_counters(variation.counters);
        let settings = Settings {
            policy: Policy { passes: variation.passes.clone().into(), ..variation.policy.clone() },
            cost: Cost::CHEAP_FOR_TESTS,
            algorithms: register_passkey::algorithms(variation.post_quantum),
            ..Settings::standard(1)
        };
        let cx = Context::new(db, keys, relying_party, settings, 32);
        let cx = Arc::new(match &variation.breached {
            None => cx,
            Some(path) => {
                cx.with_breached(BreachedList::open(path).unwrap_or_else(|error| panic!("{error}")))
            }
        });
        Self { cx, clock, draws, database, variation, _folder: None }
    }

    /// The origin that ceremonies come from.
    pub fn origin(&self) -> &str {
        self.variation.origin.as_deref().unwrap_or(ORIGIN)
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock ahead, for callers and for the database.
    pub fn advance(&self, span: Span) {
        self.clock.advance(span);
        self.cx.db.pin_clock(Some(self.clock.now()));
    }

    /// A request from the browser of that name, now.
    pub fn caller(&self, browser: &str) -> Caller {
        let draw = self.draws.fetch_add(1, Ordering::SeqCst);
        Caller {
            now: self.now(),
            entropy: Box::new(SeededEntropy::new(draw)),
            browser: BrowserId::from_bytes(digest::sha256(browser.as_bytes())),
            client: ClientLabel { browser: "Chrome on Linux".to_owned(), address: "192.0.2.1".to_owned() },
            reference: format!("TEST-{draw}"),
        }
    }

    /// A request from the command line, now.
    pub fn operator(&self) -> Caller {
        Caller { client: ClientLabel::default(), ..self.caller("operator") }
    }

    /// The kinds of all audit events, oldest first.
    pub async fn events(&self) -> Vec<EventKind> {
        let listed = read_audit::list(&self.cx, Filter::default(), 10_000).await;
        let mut entries = listed.unwrap_or_else(|error| panic!("{error}"));
        entries.sort_by_key(|entry| (entry.event.at, entry.event.id));
        entries.into_iter().map(|entry| entry.event.kind).collect()
    }

    /// How many audit events of that kind there are.
    pub async fn count_events(&self, name: &str) -> usize {
        self.events().await.iter().filter(|kind| kind.name() == name).count()
    }

    /// Adds an account of the role `role`, called `login`.
    pub async fn add_user(&self, login: &str, role: Role) -> User {
        let new =
            NewUser { login: login.to_owned(), name: format!("Name of {login}"), role, ..NewUser::default() };
        let added = administer_users::add(&self.cx, &mut self.operator(), Authority::Operator, new).await;
        added.unwrap_or_else(|error| panic!("{login}: {error:?}"))
    }

    /// Issues a multi-use pass of an hour.
    pub async fn issue(&self, user: &User) -> SecretText {
        self.issue_with(user, Wish::default()).await
    }

    /// Issues a one-time pass of an hour.
    pub async fn issue_once(&self, user: &User) -> SecretText {
        self.issue_with(user, Wish { one_time: true, ..Wish::default() }).await
    }

    /// Issues a pass as wished.
    pub async fn issue_with(&self, user: &User, wish: Wish) -> SecretText {
        let issued =
            administer_passes::issue(&self.cx, &mut self.operator(), Authority::Operator, user.id, wish)
                .await;
        issued.unwrap_or_else(|error| panic!("{error:?}")).value
    }
}
