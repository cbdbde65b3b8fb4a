//! Everybody with what they have to sign in with, a page at a time.

use std::collections::BTreeMap;

use account::passkey::Passkey;
use account::policy::impact::{MustChange, Person, Usable};
use account::temporary_pass::Pass;
use account::user::{User, UserId};
use store::{
    StoreError, Tx, authenticator_codes, passkeys, passwords, recovery_codes, temporary_passes, users,
};

/// People of one page: what one reading of the database holds in memory.
const PAGE: u32 = 1000;

/// Somebody with what they have to sign in with.
pub(super) struct Household {
    pub(super) user: User,
    pub(super) passkeys: Vec<Passkey>,
    pass: Option<Pass>,
    password: Option<MustChange>,
    codes: Option<Usable>,
    recovery_codes: Option<Usable>,
}

impl Household {
    fn new(user: User) -> Self {
        Self { user, passkeys: Vec::new(), pass: None, password: None, codes: None, recovery_codes: None }
    }

    pub(super) fn person(&self) -> Person<'_> {
        Person {
            user: &self.user,
            passkeys: &self.passkeys,
            pass: self.pass.as_ref(),
            password: self.password,
            codes: self.codes,
            recovery_codes: self.recovery_codes,
        }
    }

    /// Whether there is anything to judge: nobody signs in to a disabled or deleted account.
    pub(super) fn counts(&self) -> bool {
        self.user.is_enabled() && self.user.deleted.is_none()
    }
}

/// The accounts behind `after` in the order of their ids; none is the end.
pub(super) fn page(tx: &mut Tx<'_>, after: Option<UserId>) -> Result<Vec<Household>, StoreError> {
    let users = users::page_by_id(tx, after, PAGE)?;
    let Some(last) = users.last().map(|user| user.id) else { return Ok(Vec::new()) };
    let after = after.unwrap_or(UserId::from_bytes([0; 16]));
    let mut homes: BTreeMap<UserId, Household> =
        users.into_iter().map(|user| (user.id, Household::new(user))).collect();
    for passkey in passkeys::of_users(tx, after, last)? {
        if let Some(home) = homes.get_mut(&passkey.user) {
            home.passkeys.push(passkey);
        }
    }
    for pass in temporary_passes::issued_of_users(tx, after, last)? {
        if let Some(home) = homes.get_mut(&pass.user) {
            home.pass = Some(pass);
        }
    }
    for password in passwords::of_users(tx, after, last)? {
        if let (Some(home), true) = (homes.get_mut(&password.user), password.hash.is_some()) {
            home.password = Some(password.must_change);
        }
    }
    for codes in authenticator_codes::of_users(tx, after, last)? {
        if let Some(home) = homes.get_mut(&codes.user) {
            home.codes = Some(!codes.is_locked());
        }
    }
    for (user, left) in recovery_codes::left_of_users(tx, after, last)? {
        if let Some(home) = homes.get_mut(&user) {
            home.recovery_codes = Some(left);
        }
    }
    Ok(homes.into_values().collect())
}

/// One account, for what is decided in a commit.
pub(super) fn one(tx: &mut Tx<'_>, user: User) -> Result<Household, StoreError> {
    let id = user.id;
    let recovery = recovery_codes::of_user(tx, id)?;
    let password = passwords::of_user(tx, id)?.filter(|password| password.hash.is_some());
    Ok(Household {
        passkeys: passkeys::of_user(tx, id)?,
        pass: temporary_passes::newest(tx, id)?,
        password: password.map(|password| password.must_change),
        codes: authenticator_codes::of_user(tx, id)?.map(|codes| !codes.is_locked()),
        recovery_codes: (!recovery.is_empty()).then(|| recovery.iter().any(|code| code.used.is_none())),
        user,
    })
}
