//! Looks up in a database what the history speaks of.

use std::collections::{BTreeMap, BTreeSet};

use account::temporary_pass::PassState;
use account::user::{Login, User};
use primitives::encoding;
use primitives::secret::Token;
use store::{StoreError, Tx, passkeys, sessions, temporary_passes, users};

use super::history::{ABSENT, Key, PRESENT, Value};

/// The value of each key, in one snapshot. Every row is read with its MAC checked.
pub(crate) fn look(tx: &mut Tx<'_>, keys: &BTreeSet<Key>) -> Result<BTreeMap<Key, Value>, StoreError> {
    keys.iter().map(|key| Ok((key.clone(), value(tx, key)?))).collect()
}

fn value(tx: &mut Tx<'_>, key: &Key) -> Result<Value, StoreError> {
    let found = match key {
        Key::Session(token) => match Token::parse(token) {
            Some(token) => sessions::by_token(tx, &token)?.map(|_| PRESENT.to_owned()),
            None => None,
        },
        Key::Passkey(credential) => passkey(tx, credential)?.map(|_| PRESENT.to_owned()),
        Key::Name(credential) => passkey(tx, credential)?.map(|passkey| passkey.name),
        Key::Pass(id) => match id.parse() {
            Ok(id) => temporary_passes::by_id(tx, id)?.map(|pass| state(pass.state).to_owned()),
            Err(_) => None,
        },
        Key::Role(login) => user(tx, login)?.map(|user| user.role.as_str().to_owned()),
        Key::Account(login) => {
            user(tx, login)?.map(|user| if user.is_enabled() { "enabled" } else { "disabled" }.to_owned())
        }
    };
    Ok(found.unwrap_or_else(|| ABSENT.to_owned()))
}

fn passkey(tx: &mut Tx<'_>, credential: &str) -> Result<Option<account::passkey::Passkey>, StoreError> {
    match encoding::from_base64url(credential) {
        Some(id) => passkeys::by_credential_id(tx, &id),
        None => Ok(None),
    }
}

fn user(tx: &mut Tx<'_>, login: &str) -> Result<Option<User>, StoreError> {
    match Login::parse(login) {
        Ok(login) => users::by_login(tx, &login),
        Err(_) => Ok(None),
    }
}

/// The word that the history uses.
pub(crate) fn state(state: PassState) -> &'static str {
    match state {
        PassState::Issued => "issued",
        PassState::Reserved { .. } => "reserved",
        PassState::Spent { .. } => "spent",
        PassState::Revoked { .. } => "revoked",
        PassState::Locked { .. } => "locked",
    }
}
