//! What a strength would mean for one person: which of their ways to sign in satisfy it.
//!
//! Nothing is proven here. The evidence is what each way would bring about if it succeeded, judged by the rule that
//! judges real evidence.

use account::evidence::{Evidence, Proof};
use account::model::Models;
use account::policy::judge::{may_use, satisfies};
use account::policy::{Effective, Needed, Policy};
use account::temporary_pass::Usability;
use account::user::{Login, User};
use primitives::time::Timestamp;
use store::{
    StoreError, Tx, authenticator_codes, passkeys, passwords, recovery_codes, temporary_passes, users,
};

use crate::context::Context;

/// A way to sign in that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// This passkey.
    Passkey {
        /// What its owner calls it.
        name: String,
    },
    /// A pass that works once.
    PassOnce,
    /// A pass that works several times.
    PassManyTimes,
    /// The password and a code of the authenticator app.
    PasswordAndCode,
    /// The password and a recovery code.
    PasswordAndRecoveryCode,
    /// The password alone.
    Password,
}

/// What a strength means for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Who.
    pub user: User,
    /// Their ways to sign in that policy allows, and whether each satisfies it.
    pub ways: Vec<(Way, bool)>,
}

/// What `needed` means under `policy` for whoever signs in as `login`; none if there is nobody of that name.
pub async fn preview(
    cx: &Context,
    now: Timestamp,
    login: &str,
    policy: Policy,
    needed: Needed,
) -> Result<Option<Preview>, StoreError> {
    let Ok(login) = Login::parse(login) else { return Ok(None) };
    let models = cx.settings().models.clone();
    cx.db
        .read(move |tx| {
            let Some(user) = users::by_login(tx, &login)? else { return Ok(None) };
            let found = ways(tx, now, &user, &policy.of(&user), &models)?;
            let judged = found.into_iter().map(|(way, evidence)| {
                let satisfied = satisfies(&policy, &needed, &evidence, &models);
                (way, satisfied)
            });
            Ok(Some(Preview { ways: judged.collect(), user }))
        })
        .await
}

fn ways(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: &User,
    policy: &Effective,
    models: &Models,
) -> Result<Vec<(Way, Evidence)>, StoreError> {
    let mut found = Vec::new();
    for passkey in passkeys::of_user(tx, user.id)? {
        if passkey.is_enabled() && may_use(&policy.passkeys, &passkey, models).is_ok() {
            let evidence = Evidence::from_assertion(&passkey, true, now);
            found.push((Way::Passkey { name: passkey.name }, evidence));
        }
    }
    if let Some(pass) = temporary_passes::newest(tx, user.id)?
        && matches!(pass.usability(now, &policy.passes), Usability::Usable | Usability::NotYetValid { .. })
    {
        let way = if pass.one_time { Way::PassOnce } else { Way::PassManyTimes };
        found.push((way, Evidence::from_pass(&pass, now)));
    }
    if policy.passwords.enabled && passwords::of_user(tx, user.id)?.is_some() {
        let with = |proof: Proof| Evidence::try_from(vec![Proof::Password { at: now }, proof]);
        if policy.codes.enabled
            && authenticator_codes::of_user(tx, user.id)?.is_some()
            && let Ok(evidence) = with(Proof::AuthenticatorCode { at: now })
        {
            found.push((Way::PasswordAndCode, evidence));
        }
        if policy.recovery_codes.enabled
            && recovery_codes::of_user(tx, user.id)?.iter().any(|code| code.used.is_none())
            && let Ok(evidence) = with(Proof::RecoveryCode { at: now })
        {
            found.push((Way::PasswordAndRecoveryCode, evidence));
        }
        found.push((Way::Password, Evidence::from_password(now)));
    }
    Ok(found)
}
