//! The tables `clients` and `client_logos`. Secrets stand as keyed digests; what a client said of itself and what the
//! organisation says of it are one document.

use account::application::Application;
use account::audit::Actor;
use oidc::client::{Client, ClientId};
use primitives::digest::Digest;
use primitives::encoding;
use primitives::keys::{KeyRing, Purpose};
use primitives::secret::Token;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;
use crate::{consents, grants};

const TABLE: &str = "clients";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, document, secrets, version, enabled, author, created, changed, mac FROM clients ",
            $rest
        )
    };
}

/// A client as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it registered.
    pub client: Client,
    /// What the organisation says of it.
    pub application: Application,
    /// Its secrets, newest first; at most two are good for anything.
    pub secrets: Vec<SecretDigest>,
    /// The keyed digest of its registration access token (RFC 7592), if it registered itself.
    pub registration: Option<Digest>,
    /// Rises with every change.
    pub version: i64,
    /// Whether it may be used.
    pub enabled: bool,
    /// Who added it.
    pub author: Actor,
    /// When it was added.
    pub created: Timestamp,
    /// When it was last changed.
    pub changed: Timestamp,
}

impl Stored {
    /// Its identifier.
    pub fn id(&self) -> &ClientId {
        &self.client.id
    }

    /// Whether that is one of its secrets, good at `now`. Takes the same time whichever it is.
    pub fn has_secret(&self, keys: &KeyRing, secret: &Token, now: Timestamp) -> bool {
        let digests = keys.lookups(Purpose::TokenLookup, &secret_text(&self.client.id, secret));
        let good = self.secrets.iter().filter(|secret| secret.ends.is_none_or(|ends| now < ends));
        good.flat_map(|secret| {
            digests.iter().map(|digest| encoding::constant_time_eq(digest, &secret.digest))
        })
        .fold(false, |any, same| any | same)
    }

    /// Whether that is its registration access token.
    pub fn has_registration_token(&self, keys: &KeyRing, token: &Token) -> bool {
        let digests = keys.lookups(Purpose::TokenLookup, &registration_text(&self.client.id, token));
        self.registration.is_some_and(|registration| {
            digests.iter().any(|digest| encoding::constant_time_eq(digest, &registration))
        })
    }
}

/// A secret of a client, by its keyed digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretDigest {
    /// [`secret_digest`] of it.
    #[serde(with = "hex")]
    pub digest: Digest,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends, if a newer one has taken its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

mod hex {
    use primitives::digest::Digest;
    use primitives::encoding;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encoding::hex(digest))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = encoding::from_hex(&text).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| D::Error::custom("not 32 octets"))
    }
}

/// By what a secret is known; led by its kind and its client, so that it opens nothing else.
fn secret_text(client: &ClientId, secret: &Token) -> Vec<u8> {
    [b"client secret ".as_slice(), client.as_str().as_bytes(), b" ", secret.as_bytes()].concat()
}

fn registration_text(client: &ClientId, token: &Token) -> Vec<u8> {
    [b"client registration ".as_slice(), client.as_str().as_bytes(), b" ", token.as_bytes()].concat()
}

/// The keyed digest of a new secret of that client.
pub fn secret_digest(keys: &KeyRing, client: &ClientId, secret: &Token) -> Digest {
    keys.lookup(Purpose::TokenLookup, &secret_text(client, secret))
}

/// The keyed digest of a new registration access token of that client.
pub fn registration_digest(keys: &KeyRing, client: &ClientId, token: &Token) -> Digest {
    keys.lookup(Purpose::TokenLookup, &registration_text(client, token))
}

#[derive(Serialize, Deserialize)]
struct Document {
    client: Client,
    application: Application,
}

#[derive(Serialize, Deserialize)]
struct Secrets {
    secrets: Vec<SecretDigest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registration: Option<SecretDigest>,
}

/// The columns that are texts.
struct Texts {
    document: String,
    secrets: String,
    author: String,
}

fn texts(stored: &Stored) -> Result<Texts, StoreError> {
    let fail = |error: serde_json::Error| StoreError::Database(error.to_string());
    let document = Document { client: stored.client.clone(), application: stored.application.clone() };
    let registration =
        stored.registration.map(|digest| SecretDigest { digest, created: stored.created, ends: None });
    let secrets = Secrets { secrets: stored.secrets.clone(), registration };
    Ok(Texts {
        document: serde_json::to_string(&document).map_err(fail)?,
        secrets: serde_json::to_string(&secrets).map_err(fail)?,
        author: stored.author.to_string(),
    })
}

/// Covers every column.
fn mac(stored: &Stored, texts: &Texts) -> RowMac {
    RowMac::new(TABLE)
        .with(stored.client.id.as_str())
        .with(&stored.application.name)
        .with(&texts.document)
        .with(&texts.secrets)
        .with(stored.version)
        .with(stored.enabled)
        .with(&texts.author)
        .with(stored.created)
        .with(stored.changed)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Stored, StoreError> {
    let mut columns = row.columns(TABLE);
    let (id, name) = (columns.text()?, columns.text()?);
    let (document, secrets) = (columns.text()?, columns.text()?);
    let forged = || crate::row_mac::forged(TABLE, &id);
    // The texts are what the MAC covers; a thief's texts are reported as forged, not as unreadable.
    let told: Document = serde_json::from_str(&document).map_err(|_| forged())?;
    let kept: Secrets = serde_json::from_str(&secrets).map_err(|_| forged())?;
    let (version, enabled) = (columns.integer()?, columns.truth()?);
    let author = columns.text()?;
    let stored = Stored {
        client: told.client,
        application: told.application,
        secrets: kept.secrets,
        registration: kept.registration.map(|registration| registration.digest),
        version,
        enabled,
        author: author.parse().map_err(|_| forged())?,
        created: columns.time()?,
        changed: columns.time()?,
    };
    let texts = Texts { document, secrets, author };
    mac(&stored, &texts).check(tx.keys(), &columns.bytes()?, &id)?;
    // What the row was found by is what the MAC covers.
    if stored.client.id.as_str() == id && stored.application.name == name {
        Ok(stored)
    } else {
        Err(forged())
    }
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<Stored>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// The client of that identifier.
pub fn by_id(tx: &mut Tx<'_>, id: &ClientId) -> Result<Option<Stored>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[id.as_str().into()])
}

/// The same, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: &ClientId) -> Result<Option<Stored>, StoreError> {
    find(tx, select!("WHERE id = $1 FOR UPDATE"), &[id.as_str().into()])
}

/// Adds a client; `false` if there is one of that identifier.
pub fn insert(tx: &mut Tx<'_>, stored: &Stored) -> Result<bool, StoreError> {
    let texts = texts(stored)?;
    let mac = mac(stored, &texts).make(tx.keys());
    let changed = tx.execute(
        "INSERT INTO clients (id, name, document, secrets, version, enabled, author, created, changed, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        &[
            stored.client.id.as_str().into(),
            (&stored.application.name).into(),
            (&texts.document).into(),
            (&texts.secrets).into(),
            stored.version.into(),
            stored.enabled.into(),
            (&texts.author).into(),
            stored.created.into(),
            stored.changed.into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Writes a client back under the version after the one that it has; `false` if it is gone or somebody else was first.
pub fn update(tx: &mut Tx<'_>, stored: &Stored) -> Result<bool, StoreError> {
    let next = Stored { version: stored.version.saturating_add(1), ..stored.clone() };
    let texts = texts(&next)?;
    let mac = mac(&next, &texts).make(tx.keys());
    // Who added it and when never changes.
    let changed = tx.execute(
        "UPDATE clients SET name = $3, document = $4, secrets = $5, version = $6, enabled = $7, changed = $8, mac = $9 \
         WHERE id = $1 AND version = $2",
        &[
            next.client.id.as_str().into(),
            stored.version.into(),
            (&next.application.name).into(),
            (&texts.document).into(),
            (&texts.secrets).into(),
            next.version.into(),
            next.enabled.into(),
            next.changed.into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Removes a client with its picture, and all that people granted it; `false` if it was gone.
pub fn remove(tx: &mut Tx<'_>, id: &ClientId) -> Result<bool, StoreError> {
    if tx.execute("DELETE FROM clients WHERE id = $1", &[id.as_str().into()])? == 0 {
        return Ok(false);
    }
    tx.execute("DELETE FROM client_logos WHERE client_id = $1", &[id.as_str().into()])?;
    tx.execute("DELETE FROM device_codes WHERE client_id = $1", &[id.as_str().into()])?;
    grants::remove_of_client(tx, id)?;
    consents::remove_of_client(tx, id)?;
    Ok(true)
}

/// Clients in the order of their names, from behind `after`, at most `limit`.
pub fn list(
    tx: &mut Tx<'_>,
    after: Option<(&str, &ClientId)>,
    limit: u32,
) -> Result<Vec<Stored>, StoreError> {
    let (name, id) = after.map_or(("", ""), |(name, id)| (name, id.as_str()));
    let rows = tx.query(
        select!("WHERE name > $1 OR name = $1 AND id > $2 ORDER BY name, id LIMIT $3"),
        &[name.into(), id.into(), limit.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// How many clients there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let row = tx.query_one("SELECT COUNT(*) FROM clients", &[])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).integer())
}

/// The picture of a client, as PNG, with the digest that its address holds.
pub fn logo(tx: &mut Tx<'_>, id: &ClientId) -> Result<Option<(Vec<u8>, Digest)>, StoreError> {
    let row =
        tx.query_one("SELECT png, digest FROM client_logos WHERE client_id = $1", &[id.as_str().into()])?;
    row.map(|row| {
        let mut columns = row.columns("client_logos");
        Ok((columns.bytes()?, columns.array()?))
    })
    .transpose()
}

/// The digest of a client's picture, if it has one.
pub fn logo_digest(tx: &mut Tx<'_>, id: &ClientId) -> Result<Option<Digest>, StoreError> {
    let row = tx.query_one("SELECT digest FROM client_logos WHERE client_id = $1", &[id.as_str().into()])?;
    row.map(|row| row.columns("client_logos").array()).transpose()
}

/// Gives a client another picture, or none.
pub fn set_logo(tx: &mut Tx<'_>, id: &ClientId, logo: Option<(&[u8], &Digest)>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM client_logos WHERE client_id = $1", &[id.as_str().into()])?;
    if let Some((png, digest)) = logo {
        tx.execute(
            "INSERT INTO client_logos (client_id, png, digest) VALUES ($1, $2, $3)",
            &[id.as_str().into(), png.into(), digest.into()],
        )?;
    }
    Ok(())
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let after = std::str::from_utf8(after).unwrap_or_default();
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter()
        .map(|row| read(tx, row).map(|stored| stored.client.id.as_str().as_bytes().to_vec()))
        .collect()
}
