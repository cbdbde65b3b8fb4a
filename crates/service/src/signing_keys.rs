//! Keys that sign tokens: made at the first start, sealed at rest, published before they sign and kept after.
//!
//! Every node holds the same snapshot within a second ([`refresh`]). Whoever caches our key set does so for
//! [`CACHED`]; a new key is published for longer than that before it signs, and an old one stays for longer than what it
//! signed.

use std::sync::{Arc, PoisonError, RwLock};

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::role::Permission;
use account::session::{BrowserId, ClientLabel};
use oidc::client::SigningAlg;
use oidc::jwt::{Key, Signer};
use oidc::key_set::{self, PublishedKey};
use primitives::cose::{Algorithm, SigningKey};
use primitives::entropy::{self, Entropy, SystemEntropy};
use primitives::keys::KeyRing;
use primitives::secret::SecretBytes;
use primitives::time::{Span, Timestamp};
use primitives::{jwk, seal};
use store::signing_keys::{self, StoredKey};
use store::{StoreError, Tx, settings};

use crate::authority::{self, Grant, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;

/// How long others may keep our key set: its `Cache-Control`.
pub const CACHED: Span = Span::from_secs(300);

/// How long a key is published before it signs (assurance R14).
pub const AHEAD: Span = Span::from_secs(360);

/// How long a key stays published after it signed last: longer than the longest access token lives.
pub const KEPT: Span = Span::from_hours(2);

/// How long a key signs before another one takes its place by itself.
pub const TURN: Span = Span::from_days(90);

/// What the seal of a private half is for.
const PURPOSE: &str = "keyward signing key";

/// A key with its private half.
pub struct RingKey {
    kid: String,
    alg: SigningAlg,
    key: SigningKey,
    created: Timestamp,
    activates: Timestamp,
    retired: Option<Timestamp>,
    ends: Option<Timestamp>,
}

impl RingKey {
    /// Its name in the key set.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What it signs with.
    pub fn alg(&self) -> SigningAlg {
        self.alg
    }

    /// When it was made.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// From when it signs.
    pub fn activates(&self) -> Timestamp {
        self.activates
    }

    /// From when it signs no more.
    pub fn retired(&self) -> Option<Timestamp> {
        self.retired
    }

    /// When it leaves the key set.
    pub fn ends(&self) -> Option<Timestamp> {
        self.ends
    }

    /// To sign with.
    pub fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, kid: &self.kid }
    }

    /// To verify with.
    pub fn public(&self) -> Key {
        Key { kid: Some(self.kid.clone()), public: self.key.public_key().clone() }
    }
}

/// The keys as one process knows them.
pub struct Ring {
    keys: Vec<Arc<RingKey>>,
    mark: Vec<(String, Option<i64>)>,
    published: Arc<str>,
}

impl Default for Ring {
    fn default() -> Self {
        Self { keys: Vec::new(), mark: Vec::new(), published: Arc::from("{\"keys\":[]}") }
    }
}

impl Ring {
    /// The key that signs with `alg` at `now`: the newest that is active.
    pub fn signer(&self, alg: SigningAlg, now: Timestamp) -> Option<&Arc<RingKey>> {
        let signs = |key: &&Arc<RingKey>| {
            key.alg == alg && key.activates <= now && key.retired.is_none_or(|retired| now < retired)
        };
        self.keys.iter().filter(signs).max_by_key(|key| key.activates)
    }

    /// The keys, oldest first.
    pub fn keys(&self) -> &[Arc<RingKey>] {
        &self.keys
    }

    /// What signatures of ours are verified with.
    pub fn verifying(&self) -> Vec<Key> {
        self.keys.iter().map(|key| key.public()).collect()
    }

    /// The key set as it is published.
    pub fn published(&self) -> Arc<str> {
        Arc::clone(&self.published)
    }
}

/// The ring of a context, one snapshot after the other.
#[derive(Default)]
pub struct Rings(RwLock<Arc<Ring>>);

impl Rings {
    /// What holds now.
    pub fn current(&self) -> Arc<Ring> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, ring: Ring) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }
}

/// Why nothing was done about the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningKeyError {
    /// Whoever asks may not administer at all, or has not confirmed it.
    Unauthorised(Unauthorised),
    /// The role of whoever asks does not include it.
    Role,
    /// A stored key cannot be opened with this deployment's root keys.
    Sealed,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for SigningKeyError {
    fn from(error: StoreError) -> Self {
        SigningKeyError::Store(error)
    }
}

impl From<Unauthorised> for SigningKeyError {
    fn from(refusal: Unauthorised) -> Self {
        match refusal {
            Unauthorised::Store(error) => SigningKeyError::Store(error),
            other => SigningKeyError::Unauthorised(other),
        }
    }
}

impl SigningKeyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SigningKeyError::Unauthorised(refusal) => refusal.code(),
            SigningKeyError::Role => "role_too_low",
            SigningKeyError::Sealed => "signing_key_sealed",
            SigningKeyError::Store(_) => "unknown",
        }
    }
}

/// A key that was just made.
#[derive(Clone)]
struct Fresh {
    kid: String,
    alg: SigningAlg,
    public: Vec<u8>,
    sealed: Vec<u8>,
}

impl Fresh {
    fn stored(&self, now: Timestamp, activates: Timestamp) -> StoredKey {
        StoredKey {
            kid: self.kid.clone(),
            alg: self.alg,
            public: self.public.clone(),
            sealed: self.sealed.clone(),
            created: now,
            activates,
            retired: None,
            ends: None,
        }
    }
}

fn algorithm(alg: SigningAlg) -> Algorithm {
    match alg {
        SigningAlg::Es256 => Algorithm::Es256,
        SigningAlg::EdDsa => Algorithm::EdDsa,
        SigningAlg::Rs256 => Algorithm::Rs256,
    }
}

/// The key of a secret as [`secret_of`] gives it.
fn key_of(alg: SigningAlg, secret: &[u8]) -> Option<SigningKey> {
    match alg {
        SigningAlg::Rs256 => SigningKey::from_rsa_pkcs8(Algorithm::Rs256, secret).ok(),
        _ => SigningKey::from_seed(algorithm(alg), secret.try_into().ok()?).ok(),
    }
}

/// A new secret: a seed, or an RSA key in PKCS #8.
fn secret_of(alg: SigningAlg, entropy: &mut dyn Entropy) -> SecretBytes {
    if alg != SigningAlg::Rs256 {
        return SecretBytes::new(entropy::array::<32>(entropy));
    }
    let key = SigningKey::generate(Algorithm::Rs256, entropy).ok();
    SecretBytes::new(key.and_then(|key| key.to_rsa_pkcs8()).map(|der| der.to_vec()).unwrap_or_default())
}

/// Makes a key; RSA takes a moment. Draws again where the draw is none, which happens once in 2^32 times.
fn make(ring: &KeyRing, alg: SigningAlg, now: Timestamp, entropy: &mut dyn Entropy) -> Fresh {
    loop {
        let secret = secret_of(alg, entropy);
        if let Some(key) = key_of(alg, secret.reveal()) {
            let kid = jwk::thumbprint(key.public_key());
            let public = serde_json::Value::Object(jwk::to_jwk(key.public_key(), Some(&kid)));
            let sealed = seal::seal(ring, PURPOSE, kid.as_bytes(), secret.reveal(), now, entropy);
            return Fresh { kid, alg, public: public.to_string().into_bytes(), sealed };
        }
    }
}

/// The same on a thread that may take its time.
async fn make_all(cx: &Context, algs: Vec<SigningAlg>, now: Timestamp, caller: &mut Caller) -> Vec<Fresh> {
    let (keys, mut drawn) = (Arc::clone(&cx.keys), crate::drawn::Drawn::from(caller));
    let made = tokio::task::spawn_blocking(move || {
        algs.into_iter().map(|alg| make(&keys, alg, now, &mut drawn)).collect()
    });
    made.await.unwrap_or_default()
}

/// Nobody: the program by itself.
fn by_itself(now: Timestamp) -> Caller {
    Caller {
        now,
        entropy: Box::new(SystemEntropy),
        browser: BrowserId::from_bytes([0; 32]),
        client: ClientLabel::default(),
        reference: String::new(),
    }
}

/// Makes a key of each kind that there is none of, seals anew what an old root key sealed, and takes the ring over. Before
/// the server answers anybody.
pub async fn ensure(cx: &Context) -> Result<(), SigningKeyError> {
    ensure_of(cx, &SigningAlg::ALL).await
}

/// The same for some kinds only.
pub async fn ensure_of(cx: &Context, algs: &[SigningAlg]) -> Result<(), SigningKeyError> {
    let stored = cx.db.read(signing_keys::all).await?;
    let missing: Vec<SigningAlg> =
        algs.iter().copied().filter(|alg| !stored.iter().any(|key| key.alg == *alg)).collect();
    if !missing.is_empty() {
        let now = cx.db.now().await?;
        let mut caller = by_itself(now);
        let fresh = make_all(cx, missing, now, &mut caller).await;
        let pen = Pen::new(&mut caller, Actor::System);
        let inserted = cx.db.write(move |tx| {
            let (now, mut pen) = (tx.now()?, pen.clone());
            // Two nodes that start at once make one ring.
            settings::lock_deployment(tx)?;
            let there = signing_keys::all(tx)?;
            for fresh in fresh.iter().filter(|fresh| !there.iter().any(|key| key.alg == fresh.alg)) {
                // Nobody has cached a key set of this deployment yet.
                insert(tx, now, &fresh.stored(now, now), &mut pen)?;
            }
            Ok::<_, StoreError>(())
        });
        inserted.await?;
    }
    reseal(cx, stored).await?;
    load(cx).await
}

fn insert(tx: &mut Tx<'_>, now: Timestamp, key: &StoredKey, pen: &mut Pen) -> Result<(), StoreError> {
    signing_keys::insert(tx, key)?;
    pen.write(tx, now, None, EventKind::SigningKeyMade { kid: key.kid.clone() })
}

/// Seals under the current root key what another one sealed, so that a retired one can be taken away.
async fn reseal(cx: &Context, stored: Vec<StoredKey>) -> Result<(), SigningKeyError> {
    let current = cx.keys.current_id().to_be_bytes();
    // A version, then the root key's id.
    let old: Vec<StoredKey> =
        stored.into_iter().filter(|key| key.sealed.get(1..5) != Some(current.as_slice())).collect();
    if old.is_empty() {
        return Ok(());
    }
    let keys = Arc::clone(&cx.keys);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            for key in signing_keys::all(tx)?.into_iter().filter(|key| old.contains(key)) {
                let secret = open(&keys, &key).ok_or(SigningKeyError::Sealed)?;
                let sealed =
                    seal::seal(&keys, PURPOSE, key.kid.as_bytes(), secret.reveal(), now, &mut SystemEntropy);
                signing_keys::update(tx, &StoredKey { sealed, ..key })?;
            }
            Ok(())
        })
        .await
}

fn open(keys: &KeyRing, key: &StoredKey) -> Option<SecretBytes> {
    seal::open(keys, PURPOSE, key.kid.as_bytes(), &key.sealed).ok().map(SecretBytes::new)
}

/// Takes over what other nodes made or retired, and what time did; makes the next keys when those there are have had
/// their turn. In the background, twice a second.
pub async fn refresh(cx: &Context) -> Result<bool, SigningKeyError> {
    let ring = cx.signing.current();
    let read = |tx: &mut Tx<'_>| Ok::<_, StoreError>((signing_keys::mark(tx)?, tx.now()?));
    let (mark, now) = cx.db.read(read).await?;
    let gone = ring.keys.iter().any(|key| key.ends.is_some_and(|ends| ends <= now));
    if mark != ring.mark || gone && !ring.is_without_ended(now) {
        load(cx).await?;
        return Ok(true);
    }
    if ring.is_due(now) {
        let mut caller = by_itself(now);
        make_next(cx, &mut caller, None, false).await?;
        return Ok(true);
    }
    Ok(false)
}

impl Ring {
    /// Whether some key has signed for long enough and no other one stands ready.
    fn is_due(&self, now: Timestamp) -> bool {
        SigningAlg::ALL.into_iter().any(|alg| {
            let newest = self.keys.iter().filter(|key| key.alg == alg).max_by_key(|key| key.activates);
            newest.is_some_and(|newest| now.since(newest.activates) >= TURN)
        })
    }

    /// Whether what is published leaves out what has ended.
    fn is_without_ended(&self, now: Timestamp) -> bool {
        let ended = |key: &&Arc<RingKey>| key.ends.is_some_and(|ends| ends <= now);
        !self.keys.iter().filter(ended).any(|key| self.published.contains(&key.kid))
    }
}

/// Reads the keys and publishes those that have not ended.
async fn load(cx: &Context) -> Result<(), SigningKeyError> {
    let read = |tx: &mut Tx<'_>| {
        Ok::<_, StoreError>((signing_keys::all(tx)?, signing_keys::mark(tx)?, tx.now()?))
    };
    let (stored, mark, now) = cx.db.read(read).await?;
    let before = cx.signing.current();
    let mut keys = Vec::with_capacity(stored.len());
    for stored in stored {
        keys.push(match before.keys.iter().find(|key| key.kid == stored.kid && key.ends == stored.ends) {
            Some(known) => Arc::clone(known),
            None => Arc::new(parsed(&cx.keys, stored).ok_or(SigningKeyError::Sealed)?),
        });
    }
    let live = keys.iter().filter(|key| key.ends.is_none_or(|ends| now < ends));
    let published: Vec<PublishedKey> = live
        .map(|key| PublishedKey {
            kid: key.kid.clone(),
            alg: key.alg,
            public: key.key.public_key().clone(),
        })
        .collect();
    let published = Arc::from(key_set::render(&published));
    cx.signing.put(Ring { keys, mark, published });
    Ok(())
}

fn parsed(keys: &KeyRing, stored: StoredKey) -> Option<RingKey> {
    let key = key_of(stored.alg, open(keys, &stored)?.reveal())?;
    let StoredKey { kid, alg, created, activates, retired, ends, .. } = stored;
    // The seal names the row; that it is this key, its name says.
    (jwk::thumbprint(key.public_key()) == kid).then_some(RingKey {
        kid,
        alg,
        key,
        created,
        activates,
        retired,
        ends,
    })
}

/// Makes new keys. They sign once everybody has had the time to fetch them; `at_once` they sign now, and the old ones are
/// gone from the key set, as after a theft: what those signed is worth nothing any more.
pub async fn rotate(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    at_once: bool,
) -> Result<(), SigningKeyError> {
    make_next(cx, caller, Some(authority), at_once).await
}

async fn make_next(
    cx: &Context,
    caller: &mut Caller,
    authority: Option<Authority<'_>>,
    at_once: bool,
) -> Result<(), SigningKeyError> {
    let grant = authority.map(Grant::from);
    let actor = authority.map_or(Actor::System, |authority| authority.actor());
    let settings = cx.settings();
    if let Some(grant) = &grant {
        may(cx, &settings, grant).await?;
    }
    let algs = cx.db.read(signing_keys::all).await?.into_iter().map(|key| key.alg);
    let algs: Vec<SigningAlg> = SigningAlg::ALL.into_iter().filter(|alg| algs.clone().any(|other| other == *alg)).collect();
    let fresh = make_all(cx, algs, caller.now, caller).await;
    let pen = Pen::new(caller, actor);
    let done = cx.db.write(move |tx| {
        let (now, mut pen) = (tx.now()?, pen.clone());
        match &grant {
            Some(grant) => {
                let issuer = authority::authorise(tx, now, &settings, grant, Action::RotateSigningKey)?;
                if !issuer.may(Permission::EditApplications) {
                    return Err(SigningKeyError::Role);
                }
            }
            // Another node may have been faster.
            None if !overdue(&signing_keys::all(tx)?, now) => return Ok(()),
            None => {}
        }
        settings::lock_deployment(tx)?;
        let activates = if at_once { now } else { now + AHEAD };
        for old in signing_keys::all(tx)? {
            retire(tx, now, old, (activates, at_once), &mut pen)?;
        }
        for fresh in &fresh {
            insert(tx, now, &fresh.stored(now, activates), &mut pen)?;
        }
        Ok(())
    });
    done.await?;
    load(cx).await
}

/// Asks beforehand who must not make keys, which takes a while; the commit asks again and uses the confirmation up.
async fn may(cx: &Context, settings: &Arc<Settings>, grant: &Grant) -> Result<(), SigningKeyError> {
    let (settings, grant) = (Arc::clone(settings), grant.clone());
    let asked = cx.db.write(move |tx| -> Result<(), Asked> {
        let now = tx.now()?;
        let issuer = authority::authorise(tx, now, &settings, &grant, Action::RotateSigningKey)
            .map_err(|refusal| Asked::Refused(refusal.into()))?;
        // Rolled back, so that nothing is used up.
        Err(if issuer.may(Permission::EditApplications) { Asked::May } else { Asked::Refused(SigningKeyError::Role) })
    });
    match asked.await {
        Ok(()) | Err(Asked::May) => Ok(()),
        Err(Asked::Refused(refusal)) => Err(refusal),
    }
}

enum Asked {
    May,
    Refused(SigningKeyError),
}

impl From<StoreError> for Asked {
    fn from(error: StoreError) -> Self {
        Asked::Refused(error.into())
    }
}

fn overdue(stored: &[StoredKey], now: Timestamp) -> bool {
    SigningAlg::ALL.into_iter().any(|alg| {
        let newest = stored.iter().filter(|key| key.alg == alg).map(|key| key.activates).max();
        newest.is_some_and(|newest| now.since(newest) >= TURN)
    })
}

/// Lets a key sign until `activates`, and keeps it for as long as what it signed.
fn retire(
    tx: &mut Tx<'_>,
    now: Timestamp,
    old: StoredKey,
    (activates, at_once): (Timestamp, bool),
    pen: &mut Pen,
) -> Result<(), StoreError> {
    let ends = if at_once { now } else { activates + KEPT };
    if old.ends.is_some_and(|earlier| earlier <= ends) {
        return Ok(());
    }
    let retired = old.retired.map_or(activates, |retired| retired.min(activates));
    let kid = old.kid.clone();
    signing_keys::update(tx, &StoredKey { retired: Some(retired), ends: Some(ends), ..old })?;
    pen.write(tx, now, None, EventKind::SigningKeyRetired { kid })
}

/// The key set as it is published, as JSON.
pub fn published(cx: &Context) -> Arc<str> {
    cx.signing.current().published()
}

/// The key that signs with `alg` at `now`.
pub fn signer(cx: &Context, alg: SigningAlg, now: Timestamp) -> Option<Arc<RingKey>> {
    cx.signing.current().signer(alg, cx.db.not_before(now)).cloned()
}
