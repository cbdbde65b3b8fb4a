//! Erasing what is known of a person, in whatever table it stands, while the audit chain stays valid.

use account::user::User;

use crate::db::Tx;
use crate::error::StoreError;
use crate::{SWEEP, attested_devices, audit, guesses, users};

/// Statements that take away what belongs to the account of id `$1`, those first that refer to others.
const OF_USER: &[&str] = &[
    "DELETE FROM notices WHERE user_id = $1",
    "DELETE FROM known_browsers WHERE user_id = $1",
    "DELETE FROM reported_entries WHERE user_id = $1",
    "DELETE FROM enrolments WHERE user_id = $1",
    "DELETE FROM partial_sign_ins WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM authenticator_codes WHERE user_id = $1",
    "DELETE FROM passwords WHERE user_id = $1",
    "DELETE FROM interrupts WHERE user_id = $1",
    "DELETE FROM api_keys WHERE person = $1",
    "DELETE FROM policy_drafts WHERE user_id = $1",
    "DELETE FROM pass_orders WHERE user_id = $1",
    "DELETE FROM pass_mails WHERE user_id = $1",
    "DELETE FROM grants WHERE user_id = $1",
    "DELETE FROM consents WHERE user_id = $1",
    "DELETE FROM logout_notices WHERE user_id = $1",
    "DELETE FROM sessions WHERE user_id = $1",
    "DELETE FROM temporary_passes WHERE user_id = $1",
    "DELETE FROM attested_passkeys WHERE user_id = $1",
    "DELETE FROM attested_devices WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM memberships WHERE user_id = $1",
    // What a refused ceremony shows is found by the reference of its event.
    "DELETE FROM refused_ceremonies WHERE reference IN \
     (SELECT reference FROM audit_events WHERE subject = $1 AND seq IS NOT NULL)",
    "DELETE FROM refused_ceremonies WHERE reference IN \
     (SELECT reference FROM audit_events WHERE subject = $1 AND seq IS NULL)",
];

/// Removes an account with all that belongs to it, and the clear text of its events. What names it by id stays: the id
/// alone says nothing about anybody. The caller holds its row, and has let those go whose manager it was.
pub fn erase(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    attested_devices::hand_over(tx, user.id)?;
    for sql in OF_USER {
        tx.execute(sql, &[(&user.id).into()])?;
    }
    tx.execute(
        "DELETE FROM pass_requests WHERE user_id = $1 OR login_key = $2",
        &[(&user.id).into(), user.login.key().into()],
    )?;
    guesses::clear(tx, user.login.key())?;
    audit::erase(tx, user.id)?;
    tx.execute("DELETE FROM users WHERE id = $1", &[(&user.id).into()])?;
    Ok(())
}

/// Lets some of those go whose manager the account was; whether there may be more.
pub fn release_managed(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    let limit = u32::try_from(SWEEP).unwrap_or(u32::MAX);
    let managed = users::managed_by(tx, user.id, limit)?;
    for person in &managed {
        let Some(mut person) = users::lock(tx, person.id)? else { continue };
        person.directory.manager = None;
        users::update(tx, &person)?;
    }
    Ok(u32::try_from(managed.len()).is_ok_and(|found| found >= limit))
}
