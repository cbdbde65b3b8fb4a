//! The person's recovery codes: making new ones, and how many are left (screen SEC-6).

use std::sync::Arc;

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::recovery_code::{self, COUNT, RecoveryCode};
use account::session::Session;
use primitives::id::Id;
use primitives::secret::SecretText;
use primitives::slow_hash::SetSalt;
use primitives::time::Timestamp;
use store::{StoreError, recovery_codes, sessions};

use crate::context::{Caller, Context, Who};
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::hashing::Busy;
use crate::manage_sessions;

/// Why no recovery codes were made; those from before still work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManageRecoveryCodesError {
    /// Nobody may use recovery codes.
    NotAllowed,
    /// A limited session may not do this.
    Onboarding,
    /// The session has not confirmed this within the last five minutes.
    ConfirmNeeded,
    /// The session ended meanwhile.
    SessionEnded,
    /// Too many slow hashes are waiting.
    Busy,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ManageRecoveryCodesError {
    fn from(error: StoreError) -> Self {
        ManageRecoveryCodesError::Store(error)
    }
}

impl From<Busy> for ManageRecoveryCodesError {
    fn from(_: Busy) -> Self {
        ManageRecoveryCodesError::Busy
    }
}

impl ManageRecoveryCodesError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ManageRecoveryCodesError::NotAllowed => "recovery_codes_off",
            ManageRecoveryCodesError::Onboarding => "onboarding_session",
            ManageRecoveryCodesError::ConfirmNeeded => "confirm_needed",
            ManageRecoveryCodesError::SessionEnded => "session_ended",
            ManageRecoveryCodesError::Busy => "busy",
            ManageRecoveryCodesError::Store(_) => "unknown",
        }
    }
}

/// What is left of a set of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodesLeft {
    /// How many still work.
    pub left: u32,
    /// How many there were.
    pub of: u32,
    /// When they were made.
    pub made: Timestamp,
}

/// What the person has of recovery codes, if any were ever made.
pub async fn status(cx: &Context, who: &Who) -> Result<Option<CodesLeft>, StoreError> {
    let user = who.user.id;
    let codes: Vec<RecoveryCode> = cx.db.read(move |tx| recovery_codes::of_user(tx, user)).await?;
    Ok(left_of(&codes))
}

/// The same of rows.
pub(crate) fn left_of(codes: &[RecoveryCode]) -> Option<CodesLeft> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    codes.first().map(|first| CodesLeft {
        left: count(codes.iter().filter(|code| code.used.is_none()).count()),
        of: count(codes.len()),
        made: first.created,
    })
}

/// Makes ten new codes in place of whatever there was, on a confirmation. They are shown once, here.
pub async fn make(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
) -> Result<Vec<SecretText>, ManageRecoveryCodesError> {
    if who.session.is_limited() {
        return Err(ManageRecoveryCodesError::Onboarding);
    }
    if !cx.settings().of(&who.user).recovery_codes.enabled {
        return Err(ManageRecoveryCodesError::NotAllowed);
    }
    let digest = Action::NewRecoveryCodes.digest(who.session.id);
    // Judged before the hashing, and again in the commit.
    if !who.session.has_confirmed(&digest, caller.now) {
        return Err(ManageRecoveryCodesError::ConfirmNeeded);
    }
    let (values, codes) = hashed(cx, caller, who).await?;
    let (pen, settings) = (Pen::new(caller, Actor::User(who.user.id)), cx.settings());
    let who = who.clone();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, session } = manage_sessions::lock_standing(tx, now, &settings, &who)?
                .ok_or(ManageRecoveryCodesError::SessionEnded)?;
            if !session.has_confirmed(&digest, now) {
                return Err(ManageRecoveryCodesError::ConfirmNeeded);
            }
            sessions::update(tx, &Session { confirmed: None, ..session })?;
            let codes: Vec<RecoveryCode> =
                codes.iter().map(|code| RecoveryCode { created: now, ..code.clone() }).collect();
            recovery_codes::replace(tx, user.id, &codes)?;
            pen.clone().write(tx, now, Some(user.id), EventKind::RecoveryCodesMade { count: COUNT })?;
            Ok(())
        })
        .await
        .map(|()| values)
}

/// Ten values and their rows. Each is hashed in a place of its own, so that nobody's turn is ten long.
async fn hashed(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
) -> Result<(Vec<SecretText>, Vec<RecoveryCode>), ManageRecoveryCodesError> {
    let (mut drawn, now) = (Drawn::from(caller), caller.now);
    let salt = SetSalt::generate(&cx.keys, cx.settings().cost, &mut drawn);
    let set = Id::new(now, &mut drawn);
    let (mut values, mut codes) = (Vec::new(), Vec::new());
    for number in 1..=COUNT {
        let value = recovery_code::generate(&mut drawn);
        let (keys, salting, hashing) = (Arc::clone(&cx.keys), salt.clone(), value.clone());
        // Revealed to be hashed.
        let hash = cx.hashing.admit()?.run(move || salting.hash(&keys, hashing.reveal())).await?;
        codes.push(RecoveryCode {
            id: Id::new(now, &mut drawn),
            user: who.user.id,
            number,
            set,
            salt: salt.to_bytes(),
            hash: hash.ok_or(ManageRecoveryCodesError::Busy)?,
            created: now,
            used: None,
        });
        values.push(value);
    }
    Ok((values, codes))
}
