//! Keys that sign tokens: made at the first start, sealed at rest, published before they sign and kept after.
//!
//! Every node holds the same snapshot within a second ([`refresh`]). Whoever caches our key set does so for
//! [`CACHED`]; a new key is published for longer than that before it signs, and an old one stays for longer than what it
//! signed.

use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::session::{BrowserId, ClientLabel};
use oidc::client::SigningAlg;
use oidc::key_set::{self, PublishedKey};
use primitives::cose::{Algorithm, SigningKey};
use primitives::entropy::{self, Entropy, SystemEntropy};
use primitives::keys::KeyRing;
use primitives::secret::SecretBytes;
use primitives::time::{Span, Timestamp};
use primitives::{jwk, seal};
use store::signing_keys::{self, StoredKey};
use store::{StoreError, Tx, settings};

use crate::authority::Unauthorised;
use crate::context::{Caller, Context};
use crate::events::Pen;

mod ring;
mod turn;

pub use ring::{Ring, RingKey, Rings};
pub use turn::rotate;

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
        turn::make_next(cx, &mut caller, None, false).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Reads the keys and publishes those that have not ended.
async fn load(cx: &Context) -> Result<(), SigningKeyError> {
    let read =
        |tx: &mut Tx<'_>| Ok::<_, StoreError>((signing_keys::all(tx)?, signing_keys::mark(tx)?, tx.now()?));
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
        .map(|key| PublishedKey { kid: key.kid.clone(), alg: key.alg, public: key.key.public_key().clone() })
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

/// The key set as it is published, as JSON.
pub fn published(cx: &Context) -> Arc<str> {
    cx.signing.current().published()
}

/// The key that signs with `alg` at `now`.
pub fn signer(cx: &Context, alg: SigningAlg, now: Timestamp) -> Option<Arc<RingKey>> {
    cx.signing.current().signer(alg, cx.db.not_before(now)).cloned()
}
