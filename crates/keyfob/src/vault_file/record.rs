//! What the records of a vault say: CTAP2 canonical CBOR, a map with integer keys; 0 says which kind it is.
//!
//! A key that this program does not know is refused: a rewrite would lose it.

use authenticator::attestation::Private;
use authenticator::private_key::PrivateKey;
use authenticator::vault::{Credential, DeviceState, PinRecord};
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::cbor::{self, Key, Value};
use primitives::cose::Algorithm;
use primitives::time::Timestamp;
use zeroize::Zeroizing;

const KIND_BEGIN: i64 = 1;
const KIND_CREDENTIAL: i64 = 2;
const KIND_REMOVAL: i64 = 3;
const KIND_USE: i64 = 4;
const KIND_USER: i64 = 5;
const KIND_STATE: i64 = 6;
const KIND_ITEM: i64 = 7;

/// What one record says. It is not printed: keys are in it.
pub(super) enum Change {
    /// The first of a file: so many records follow that were written with it.
    Begin(u64),
    /// A credential, and those whose place it takes.
    Add(Box<Credential>, Vec<Vec<u8>>),
    /// One is deleted.
    Remove(Vec<u8>),
    /// One has signed.
    Use {
        /// Its id.
        id: Vec<u8>,
        /// Its counter now.
        count: u32,
        /// When.
        at: Timestamp,
    },
    /// One has other names.
    User {
        /// Its id.
        id: Vec<u8>,
        /// The name to sign in with.
        name: String,
        /// The name to read.
        display_name: String,
    },
    /// Everything beside credentials, at once.
    State(Box<DeviceState>),
    /// Something that the program keeps under a name, or no longer.
    Item(String, Option<Zeroizing<Vec<u8>>>),
}

/// The text of a record.
pub(super) type Text = Zeroizing<Vec<u8>>;

pub(super) fn begin(records: u64) -> Text {
    text(KIND_BEGIN, [(1, Value::Integer(i64::try_from(records).unwrap_or(i64::MAX)))])
}

/// `None` for a key that has no seed: such a one is never made here.
pub(super) fn credential(credential: &Credential, replaces: &[&[u8]]) -> Option<Text> {
    let seed = credential.key.seed()?;
    let fields = [
        (1, Some(Value::Bytes(&credential.id))),
        (2, Some(Value::Text(&credential.rp_id))),
        (3, Some(Value::Text(&credential.rp_name))),
        (4, Some(Value::Bytes(&credential.user.id))),
        (5, Some(Value::Text(&credential.user.name))),
        (6, Some(Value::Text(&credential.user.display_name))),
        (7, Some(Value::Integer(credential.key.algorithm().id()))),
        (8, Some(Value::Integer(credential.sign_count.into()))),
        (9, Some(Value::Bool(credential.discoverable))),
        (10, Some(Value::Bool(credential.backup_eligible))),
        (11, Some(Value::Integer(credential.protection.level()))),
        (12, Some(Value::Integer(credential.created.micros()))),
        (13, credential.last_used.map(|at| Value::Integer(at.micros()))),
        (14, Some(Value::Bytes(seed))),
        (15, Some(Value::Bytes(credential.cred_random.as_slice()))),
        (16, credential.cred_blob.as_deref().map(Value::Bytes)),
        (17, credential.large_blob_key.as_deref().map(|key| Value::Bytes(key.as_slice()))),
        (18, Some(Value::Array(replaces.iter().map(|id| Value::Bytes(id)).collect()))),
    ];
    Some(text(KIND_CREDENTIAL, present(fields)))
}

pub(super) fn removal(id: &[u8]) -> Text {
    text(KIND_REMOVAL, [(1, Value::Bytes(id))])
}

pub(super) fn usage(id: &[u8], count: u32, at: Timestamp) -> Text {
    let fields = [(1, Value::Bytes(id)), (2, Value::Integer(count.into())), (3, Value::Integer(at.micros()))];
    text(KIND_USE, fields)
}

pub(super) fn user(id: &[u8], user: &UserEntity) -> Text {
    let fields = [(1, Value::Bytes(id)), (2, Value::Text(&user.name)), (3, Value::Text(&user.display_name))];
    text(KIND_USER, fields)
}

/// `None` if an attestation key has no seed.
pub(super) fn state(state: &DeviceState) -> Option<Text> {
    let attestations: Option<Vec<_>> = state.attestations.iter().map(attestation).collect();
    let fields = [
        (1, state.pin.as_ref().map(|pin| Value::Bytes(pin.hash.as_slice()))),
        (2, state.pin.as_ref().map(|pin| Value::Integer(pin.length.into()))),
        (3, Some(Value::Integer(state.pin_retries.into()))),
        (4, Some(Value::Bool(state.always_uv))),
        (5, Some(Value::Integer(state.min_pin_length.into()))),
        (6, Some(Value::Array(state.min_pin_rp_ids.iter().map(|id| Value::Text(id)).collect()))),
        (7, Some(Value::Bool(state.force_pin_change))),
        (8, Some(Value::Bytes(&state.large_blobs))),
        (9, Some(Value::Array(attestations?))),
    ];
    Some(text(KIND_STATE, present(fields)))
}

pub(super) fn item(name: &str, value: Option<&[u8]>) -> Text {
    text(KIND_ITEM, present([(1, Some(Value::Text(name))), (2, value.map(Value::Bytes))]))
}

fn present<'a, const N: usize>(
    fields: [(i64, Option<Value<'a>>); N],
) -> impl Iterator<Item = (i64, Value<'a>)> {
    fields.into_iter().filter_map(|(key, value)| Some((key, value?)))
}

fn text<'a>(kind: i64, fields: impl IntoIterator<Item = (i64, Value<'a>)>) -> Text {
    let kind = std::iter::once((0, Value::Integer(kind)));
    let value = Value::Map(kind.chain(fields).map(|(key, value)| (Key::Integer(key), value)).collect());
    // Room for all of it at once: a buffer that moves leaves seeds behind.
    let mut out = Zeroizing::new(Vec::with_capacity(size(&value)));
    value.encode_onto(&mut out);
    out
}

/// Not less than what `value` takes.
fn size(value: &Value<'_>) -> usize {
    const HEAD: usize = 9;
    HEAD + match value {
        Value::Bytes(bytes) => bytes.len(),
        Value::Text(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|(_, value)| HEAD + size(value)).sum(),
        Value::Integer(_) | Value::Bool(_) | Value::Null => 0,
    }
}

/// Reads a record; `None` for one that makes no sense.
pub(super) fn read(text: &[u8]) -> Option<Change> {
    let value = cbor::parse(text, cbor::CTAP2_DEPTH).ok()?;
    let mut fields = Fields::of(&value)?;
    let change = match fields.integer(0)? {
        KIND_BEGIN => Change::Begin(u64::try_from(fields.integer(1)?).ok()?),
        KIND_CREDENTIAL => {
            let credential = read_credential(&mut fields)?;
            let replaces = fields.array(18)?.iter().map(|id| Some(id.as_bytes()?.to_vec()));
            Change::Add(Box::new(credential), replaces.collect::<Option<_>>()?)
        }
        KIND_REMOVAL => Change::Remove(fields.bytes(1)?.to_vec()),
        KIND_USE => Change::Use {
            id: fields.bytes(1)?.to_vec(),
            count: fields.small(2)?,
            at: Timestamp::from_micros(fields.integer(3)?),
        },
        KIND_USER => Change::User {
            id: fields.bytes(1)?.to_vec(),
            name: fields.text(2)?,
            display_name: fields.text(3)?,
        },
        KIND_STATE => Change::State(Box::new(read_state(&mut fields)?)),
        KIND_ITEM => {
            let name = fields.text(1)?;
            Change::Item(name, fields.optional(2, secret_bytes)?)
        }
        _ => return None,
    };
    fields.all_taken().then_some(change)
}

fn read_credential(fields: &mut Fields<'_, '_>) -> Option<Credential> {
    let algorithm = Algorithm::from_id(fields.integer(7)?)?;
    Some(Credential {
        id: fields.bytes(1)?.to_vec(),
        rp_id: fields.text(2)?,
        rp_name: fields.text(3)?,
        user: UserEntity {
            id: fields.bytes(4)?.to_vec().into(),
            name: fields.text(5)?,
            display_name: fields.text(6)?,
        },
        key: PrivateKey::from_seed(algorithm, secret(fields.maybe(14)?)?).ok()?,
        sign_count: fields.small(8)?,
        discoverable: fields.bool(9)?,
        backup_eligible: fields.bool(10)?,
        protection: CredentialProtection::from_level(fields.integer(11)?)?,
        cred_random: secret(fields.maybe(15)?)?,
        cred_blob: fields.optional(16, |blob| Some(blob.as_bytes()?.to_vec()))?,
        large_blob_key: fields.optional(17, secret)?,
        created: Timestamp::from_micros(fields.integer(12)?),
        last_used: fields.optional(13, |at| at.as_integer().map(Timestamp::from_micros))?,
    })
}

fn read_state(fields: &mut Fields<'_, '_>) -> Option<DeviceState> {
    let pin = match (fields.optional(1, secret)?, fields.optional(2, Value::as_integer)?) {
        (Some(hash), Some(length)) => Some(PinRecord { hash, length: u8::try_from(length).ok()? }),
        (None, None) => None,
        _ => return None,
    };
    Some(DeviceState {
        pin,
        pin_retries: fields.small(3)?,
        always_uv: fields.bool(4)?,
        min_pin_length: fields.small(5)?,
        min_pin_rp_ids: fields
            .array(6)?
            .iter()
            .map(|id| Some(id.as_text()?.to_owned()))
            .collect::<Option<_>>()?,
        force_pin_change: fields.bool(7)?,
        large_blobs: fields.bytes(8)?.to_vec(),
        attestations: fields.array(9)?.iter().map(read_attestation).collect::<Option<_>>()?,
    })
}

fn attestation(private: &Private) -> Option<Value<'_>> {
    let fields = [
        (1, Value::Array(private.chain.iter().map(|der| Value::Bytes(der)).collect())),
        (2, Value::Integer(private.key.algorithm().id())),
        (3, Value::Bytes(private.key.seed()?)),
        (4, Value::Text(&private.rp_id)),
    ];
    Some(Value::Map(fields.into_iter().map(|(key, value)| (Key::Integer(key), value)).collect()))
}

fn read_attestation(value: &Value<'_>) -> Option<Private> {
    let mut fields = Fields::of(value)?;
    let chain = fields.array(1)?.iter().map(|der| Some(der.as_bytes()?.to_vec()));
    let chain = chain.collect::<Option<_>>()?;
    let algorithm = Algorithm::from_id(fields.integer(2)?)?;
    let key = PrivateKey::from_seed(algorithm, secret(fields.maybe(3)?)?).ok()?;
    let rp_id = fields.text(4)?;
    fields.all_taken().then_some(Private { rp_id, chain, key })
}

fn secret<const N: usize>(value: &Value<'_>) -> Option<Zeroizing<[u8; N]>> {
    let mut out = Zeroizing::new([0; N]);
    let bytes = value.as_bytes().filter(|bytes| bytes.len() == N)?;
    out.copy_from_slice(bytes);
    Some(out)
}

fn secret_bytes(value: &Value<'_>) -> Option<Zeroizing<Vec<u8>>> {
    value.as_bytes().map(|bytes| Zeroizing::new(bytes.to_vec()))
}

/// The entries of a map, counted as they are taken.
struct Fields<'v, 'b> {
    entries: &'v [(Key<'b>, Value<'b>)],
    taken: usize,
}

impl<'v, 'b> Fields<'v, 'b> {
    fn of(value: &'v Value<'b>) -> Option<Self> {
        value.as_map().map(|entries| Self { entries, taken: 0 })
    }

    fn maybe(&mut self, key: i64) -> Option<&'v Value<'b>> {
        let (_, value) = self.entries.iter().find(|(found, _)| *found == Key::Integer(key))?;
        self.taken = self.taken.saturating_add(1);
        Some(value)
    }

    /// What may be absent; the outer `None` is for what is there and makes no sense.
    fn optional<T>(&mut self, key: i64, read: impl Fn(&'v Value<'b>) -> Option<T>) -> Option<Option<T>> {
        match self.maybe(key) {
            Some(value) => read(value).map(Some),
            None => Some(None),
        }
    }

    fn integer(&mut self, key: i64) -> Option<i64> {
        self.maybe(key)?.as_integer()
    }

    fn small<T: TryFrom<i64>>(&mut self, key: i64) -> Option<T> {
        T::try_from(self.integer(key)?).ok()
    }

    fn bool(&mut self, key: i64) -> Option<bool> {
        self.maybe(key)?.as_bool()
    }

    fn bytes(&mut self, key: i64) -> Option<&'b [u8]> {
        self.maybe(key)?.as_bytes()
    }

    fn text(&mut self, key: i64) -> Option<String> {
        self.maybe(key)?.as_text().map(str::to_owned)
    }

    fn array(&mut self, key: i64) -> Option<&'v [Value<'b>]> {
        self.maybe(key)?.as_array()
    }

    fn all_taken(&self) -> bool {
        self.taken == self.entries.len()
    }
}

#[cfg(test)]
mod tests;
