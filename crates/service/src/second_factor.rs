//! What stands beside a password: which second steps an account has, and how one is counted, judged and used up.

use account::audit::EventKind;
use account::authenticator_code::{self, AuthenticatorCodes, CodeVerdict};
use account::evidence::Evidence;
use account::lockout::{self, Verdict};
use account::recovery_code::{self, RecoveryCode};
use account::session::{Restriction, Session};
use account::sign_in_step::{Methods, Next, SecondMethod};
use account::temporary_pass::Slip;
use account::user::{Login, User, UserId};
use primitives::encoding;
use primitives::keys::KeyRing;
use primitives::seal;
use primitives::secret::{SecretBytes, SecretText};
use primitives::slow_hash::{self, SetSalt};
use primitives::time::Timestamp;
use store::{
    StoreError, Tx, authenticator_codes, guesses, interrupts, passkeys, passwords, recovery_codes, sessions,
};

use crate::alarm;
use crate::assertion::NewSession;
use crate::context::{Context, Settings, SignedIn};
use crate::events::Pen;
use crate::hashing::{Admission, Busy};

/// What the sealed secret of an authenticator app is sealed for.
const SEAL: &str = "keyward authenticator secret";

/// One guess at a name.
pub(crate) enum Guess {
    /// It may be checked; so many are left after it.
    Counted { left: u32 },
    /// It is not checked.
    Refused { until: Timestamp },
}

/// Counts a guess at the name, known or not: password, code, recovery code and pass share one bucket.
pub(crate) fn count_guess(tx: &mut Tx<'_>, now: Timestamp, login: &Login) -> Result<Guess, StoreError> {
    match lockout::count(guesses::load(tx, login.key())?, now) {
        Verdict::Refused { until } => Ok(Guess::Refused { until }),
        Verdict::Counted(bucket) => {
            guesses::store(tx, login.key(), bucket)?;
            Ok(Guess::Counted { left: lockout::GUESSES.saturating_sub(bucket.count) })
        }
    }
}

/// What an account has beside its password.
pub(crate) fn methods_of(tx: &mut Tx<'_>, settings: &Settings, user: &User) -> Result<Methods, StoreError> {
    let mut passkeys = passkeys::of_user(tx, user.id)?;
    // One that policy does not take signs nobody in, and so stands in nobody's way.
    passkeys.retain(|passkey| settings.takes(user, passkey).is_ok());
    let (app, set) = (authenticator_codes::of_user(tx, user.id)?, recovery_codes::of_user(tx, user.id)?);
    let had_second = app.is_some() || !set.is_empty();
    let codes = app.is_some_and(|codes| !codes.is_locked());
    let recovery = set.iter().any(|code| code.used.is_none());
    Ok(Methods { had_second, ..Methods::of(&settings.of(user), &passkeys, codes, recovery) })
}

/// Whether a password and a second step would sign the account in, if it had no passkey.
pub(crate) fn would_sign_in_by_password(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    user: &User,
) -> Result<bool, StoreError> {
    let Some(password) = passwords::of_user(tx, user.id)?.filter(|password| password.hash.is_some()) else {
        return Ok(false);
    };
    let without = Methods { passkey: false, ..methods_of(tx, settings, user)? };
    let next = settings.after_password(user, without, password.must_change, now);
    Ok(next == Next::SecondStep)
}

/// Seals the secret of an authenticator app to its owner.
pub(crate) fn seal_secret(
    cx: &Context,
    caller: &mut crate::context::Caller,
    user: UserId,
    secret: &SecretBytes,
) -> Vec<u8> {
    // Revealed to be sealed.
    seal::seal(&cx.keys, SEAL, user.as_bytes(), secret.reveal(), caller.now, caller.entropy.as_mut())
}

fn open_secret(keys: &KeyRing, codes: &AuthenticatorCodes) -> Option<SecretBytes> {
    seal::open(keys, SEAL, codes.user.as_bytes(), &codes.sealed).ok().map(SecretBytes::new)
}

/// What was typed as a second step.
pub(crate) enum Typed {
    /// Six digits.
    Code(String),
    /// The value of a recovery code.
    Recovery(SecretText),
}

impl Typed {
    /// Reads either kind: six digits are a code of an app, anything else should be a recovery code.
    pub(crate) fn parse(text: &str) -> Result<Self, Slip> {
        match authenticator_code::normalise(text) {
            Some(code) => Ok(Typed::Code(code)),
            None => recovery_code::normalise(text).map(Typed::Recovery),
        }
    }
}

/// What a second step is compared with, read in the commit that counted the try.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) codes: Option<AuthenticatorCodes>,
    pub(crate) recovery: Vec<RecoveryCode>,
}

impl Known {
    /// Nothing: for a name that is nobody's.
    pub(crate) fn nothing() -> Self {
        Self { codes: None, recovery: Vec::new() }
    }

    /// Reads the recovery codes.
    pub(crate) fn recovery(tx: &mut Tx<'_>, user: UserId) -> Result<Self, StoreError> {
        Ok(Self { codes: None, recovery: recovery_codes::of_user(tx, user)? })
    }

    /// Reads the authenticator app and counts a try on it: only for who has proven the password. The last try that is
    /// counted locks it, which is told.
    pub(crate) fn app(
        tx: &mut Tx<'_>,
        now: Timestamp,
        user: UserId,
        pen: &mut Pen,
    ) -> Result<Self, StoreError> {
        let Some(codes) = authenticator_codes::of_user(tx, user)?.filter(|codes| !codes.is_locked()) else {
            return Ok(Self::nothing());
        };
        let counted = AuthenticatorCodes { failures: codes.failures.saturating_add(1), ..codes.clone() };
        if !authenticator_codes::advance(tx, &codes, &counted)? {
            return Err(StoreError::Contention);
        }
        if counted.is_locked() {
            pen.write(tx, now, Some(user), EventKind::CodesLocked)?;
        }
        Ok(Self { codes: Some(counted), recovery: Vec::new() })
    }
}

/// A second step that was right, and is not used up yet.
#[derive(Clone)]
pub(crate) enum Checked {
    Code { user: UserId, created: Timestamp, step: i64 },
    Recovery(RecoveryCode),
}

/// What a typed second step is worth.
pub(crate) enum Judged {
    Right(Checked),
    Replayed,
    Wrong,
}

/// Judges six digits. No slow hash: what is compared is not stored as one.
pub(crate) fn judge_code(cx: &Context, now: Timestamp, known: &Known, typed: &str) -> Judged {
    let Some(codes) = &known.codes else { return Judged::Wrong };
    let Some(secret) = open_secret(&cx.keys, codes) else { return Judged::Wrong };
    match authenticator_code::verify(&secret, typed, now, codes.last_step) {
        CodeVerdict::Right { step } => {
            Judged::Right(Checked::Code { user: codes.user, created: codes.created, step })
        }
        CodeVerdict::Replayed => Judged::Replayed,
        CodeVerdict::Wrong => Judged::Wrong,
    }
}

/// Judges a recovery code: one slow hash, whether there is a set to compare with or not.
pub(crate) async fn judge_recovery(
    cx: &Context,
    place: Admission,
    known: Known,
    value: SecretText,
) -> Result<Judged, Busy> {
    let (keys, cost) = (std::sync::Arc::clone(&cx.keys), cx.settings().cost);
    place
        .run(move || {
            let salt = known.recovery.first().and_then(|code| SetSalt::from_bytes(&code.salt));
            let Some(hash) = salt.and_then(|salt| salt.hash(&keys, value.reveal())) else {
                slow_hash::verify_nothing(&keys, cost, value.reveal());
                return Judged::Wrong;
            };
            // All of them, so that time does not tell which it was.
            let matching =
                known.recovery.into_iter().filter(|code| encoding::constant_time_eq(&code.hash, &hash));
            match matching.reduce(|_, later| later) {
                Some(code) if code.used.is_none() => Judged::Right(Checked::Recovery(code)),
                Some(_) => Judged::Replayed,
                None => Judged::Wrong,
            }
        })
        .await
}

impl Checked {
    /// Which second step it is.
    pub(crate) fn method(&self) -> SecondMethod {
        match self {
            Checked::Code { .. } => SecondMethod::AuthenticatorCode,
            Checked::Recovery(_) => SecondMethod::RecoveryCode,
        }
    }

    /// Uses it up and gives what it proves; `None` if somebody else was first.
    pub(crate) fn use_up(
        &self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        pen: &mut Pen,
    ) -> Result<Option<Evidence>, StoreError> {
        match self {
            Checked::Code { user, created, step } => {
                let stored = authenticator_codes::of_user(tx, *user)?
                    .filter(|codes| codes.created == *created && codes.last_step < *step);
                let Some(codes) = stored else { return Ok(None) };
                let used = AuthenticatorCodes {
                    last_step: *step,
                    last_used: Some(now),
                    failures: 0,
                    ..codes.clone()
                };
                let first = authenticator_codes::advance(tx, &codes, &used)?;
                Ok(first.then(|| Evidence::from_authenticator_code(now)))
            }
            Checked::Recovery(code) => {
                if !recovery_codes::take(tx, code, now)? {
                    return Ok(None);
                }
                let codes = recovery_codes::of_user(tx, code.user)?;
                let left = codes.iter().filter(|code| code.used.is_none()).count();
                let left = u32::try_from(left).unwrap_or(u32::MAX);
                pen.write(tx, now, Some(code.user), EventKind::RecoveryCodeUsed { left })?;
                Ok(Some(Evidence::from_recovery_code(now)))
            }
        }
    }
}

/// Opens a session on something else than a passkey or a pass, in place of what the browser had.
pub(crate) fn open_session(
    tx: &mut Tx<'_>,
    now: Timestamp,
    new: &NewSession,
    (user, evidence, restriction): (User, Evidence, Option<Restriction>),
    pen: &mut Pen,
) -> Result<SignedIn, StoreError> {
    let session = match restriction {
        Some(restriction) => Session::open_restricted(&user, evidence, restriction, new.opening(now)),
        None => Session::open(&user, evidence, &new.settings.sessions, new.opening(now)),
    };
    let session = new.in_browser(tx, &user, session, now)?;
    sessions::insert(tx, &session, &new.token)?;
    let methods = session.evidence.proofs().iter().map(|proof| proof.method().to_owned()).collect();
    let strength = session.evidence.strength();
    let needed = new.settings.needed(&user);
    let kind = EventKind::SignedInOtherwise { session: session.id, methods, strength, needed };
    pen.write(tx, now, Some(user.id), kind)?;
    alarm::raise(tx, now, &user, session.id, pen)?;
    if !new.settings.has_usable(&user, &passkeys::of_user(tx, user.id)?)
        && crate::interrupt::is_on(&new.settings.of(&user), now)
    {
        interrupts::ask(tx, user.id, now)?;
    }
    Ok(SignedIn { token: new.token.clone(), session, user, passkey: None })
}
