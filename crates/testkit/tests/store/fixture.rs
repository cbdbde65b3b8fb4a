//! A fresh database with a few people in it.

use std::sync::Arc;

use account::audit::{Actor, Event, EventKind};
use account::evidence::Evidence;
use account::passkey::{Attachment, AttestationKind, Binding, Passkey, PasskeyStatus, Place};
use account::role::Role;
use account::session::{ClientLabel, Opening, Session, SessionPolicy};
use account::temporary_pass::{Pass, PassState};
use account::user::{Directory, Login, User, UserStatus};
use primitives::entropy::{SystemEntropy, array};
use primitives::id::Id;
use primitives::keys::KeyRing;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};
use store::{Database, Db, StoreError, Tx, audit, passkeys, sessions, temporary_passes, users};
use tempfile::TempDir;

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) struct Fixture {
    pub(crate) db: Db,
    pub(crate) database: Database,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) folder: TempDir,
}

pub(crate) fn new_keys() -> Arc<KeyRing> {
    Arc::new(KeyRing::generate(NOW, &mut SystemEntropy))
}

impl Fixture {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(folder.path().join("keyward.db"));
        Self::open(database, folder).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let url = testkit::postgres::fresh_database()?;
        Some(Self::open(Database::Postgres(url), tempfile::tempdir().unwrap()).await)
    }

    async fn open(database: Database, folder: TempDir) -> Self {
        let keys = new_keys();
        let db = Db::open(&database, Arc::clone(&keys)).await.unwrap();
        db.pin_clock(Some(NOW));
        Self { db, database, keys, folder }
    }

    /// An empty database of the same kind.
    pub(crate) fn another(&self) -> Database {
        match self.database {
            Database::Postgres(_) => Database::Postgres(testkit::postgres::fresh_database().unwrap()),
            Database::Sqlite(_) | Database::SqliteMemory => {
                Database::Sqlite(self.folder.path().join(format!("other-{}.db", id::<User>())))
            }
        }
    }

    /// Commits what `work` does.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.db.write(work).await.unwrap()
    }

    /// Commits what a thief does with SQL.
    pub(crate) async fn sql(&self, sql: &'static str) {
        self.write(move |tx| tx.execute_raw(sql)).await;
    }

    pub(crate) async fn user(&self, login: &str) -> User {
        let user = user(login);
        let stored = user.clone();
        assert!(self.write(move |tx| users::insert(tx, &stored)).await);
        user
    }

    pub(crate) async fn passkey(&self, user: &User) -> Passkey {
        let passkey = passkey(user);
        let stored = passkey.clone();
        assert!(self.write(move |tx| passkeys::insert(tx, &stored)).await);
        passkey
    }

    pub(crate) async fn pass(&self, user: &User) -> Pass {
        let pass = pass(user);
        let stored = pass.clone();
        self.write(move |tx| temporary_passes::insert(tx, &stored)).await;
        pass
    }

    pub(crate) async fn session(&self, user: &User, evidence: Evidence) -> (Session, Token) {
        let (session, token) = (session(user, evidence), Token::generate(&mut SystemEntropy));
        let (stored, its_token) = (session.clone(), token.clone());
        self.write(move |tx| sessions::insert(tx, &stored, &its_token)).await;
        (session, token)
    }

    pub(crate) async fn event(&self, kind: EventKind) -> Event {
        let event = event(kind);
        let stored = event.clone();
        self.write(move |tx| audit::append(tx, &stored)).await;
        event
    }
}

pub(crate) fn id<T>() -> Id<T> {
    Id::new(NOW, &mut SystemEntropy)
}

pub(crate) fn login(text: &str) -> Login {
    Login::parse(text).unwrap()
}

pub(crate) fn user(shown: &str) -> User {
    User {
        id: id(),
        handle: array(&mut SystemEntropy),
        login: login(shown),
        name: "Ada Lovelace".to_owned(),
        email: Some(format!("{shown}@example.com")),
        role: Role::User,
        status: UserStatus::Enabled,
        security_epoch: 1,
        language: Some("de".to_owned()),
        created: NOW,
        groups: Vec::new(),
        break_glass: false,
        disabled_by_program: false,
        deleted_by_program: false,
        role_ended: None,
        deleted: None,
        directory: Directory::default(),
    }
}

pub(crate) fn passkey(user: &User) -> Passkey {
    Passkey {
        id: id(),
        user: user.id,
        credential_id: array::<32>(&mut SystemEntropy).to_vec(),
        public_key: array::<77>(&mut SystemEntropy).to_vec(),
        sign_count: 7,
        aaguid: [3; 16],
        transports: vec!["internal".to_owned(), "hybrid".to_owned()],
        backup_eligible: true,
        backed_up: false,
        attestation: AttestationKind::None,
        attestation_trusted: false,
        attachment: Some(Attachment::Platform),
        place: Place::ThisComputer,
        binding: Binding::TemporaryPass,
        name: "iCloud Keychain".to_owned(),
        status: PasskeyStatus::Enabled,
        created: NOW,
        created_on: "Chrome on Linux".to_owned(),
        last_used: None,
        last_used_on: None,
        tried: false,
        counter_anomaly: false,
        vouched: Some(Role::Helpdesk),
    }
}

pub(crate) fn pass(user: &User) -> Pass {
    Pass {
        id: id(),
        user: user.id,
        hash: "$argon2id$…".to_owned(),
        starts: NOW,
        ends: NOW + Span::from_hours(1),
        one_time: true,
        reason: "new laptop".to_owned(),
        issuer: Actor::Operator,
        created: NOW,
        tries: 0,
        state: PassState::Issued,
    }
}

pub(crate) fn client() -> ClientLabel {
    ClientLabel { browser: "Chrome on Linux".to_owned(), address: "192.0.2.7".to_owned() }
}

pub(crate) fn session(user: &User, evidence: Evidence) -> Session {
    let opening = Opening { id: id(), deployment_epoch: 1, browser: [5; 32], client: client(), now: NOW };
    Session::open(user, evidence, &SessionPolicy::default(), opening)
}

pub(crate) fn event(kind: EventKind) -> Event {
    Event {
        id: id(),
        at: NOW,
        actor: Actor::System,
        subject: None,
        kind,
        client: Some(client()),
        note: Some("a note".to_owned()),
        reference: "7F3K-22QX".to_owned(),
    }
}
