//! What only a demonstration and tests do: an account as it comes from elsewhere, with codes of an authenticator app.

use account::audit::{Actor, EventKind};
use account::authenticator_code::{self, AuthenticatorCodes};
use account::user::User;
use primitives::secret::SecretBytes;
use store::{StoreError, authenticator_codes, users};

use crate::context::{Caller, Context};
use crate::events::Pen;
use crate::second_factor;

/// Gives `user` an authenticator app, as if they had set it up, and tells its secret.
pub async fn add_codes(cx: &Context, caller: &mut Caller, user: &User) -> Result<SecretBytes, StoreError> {
    let secret = authenticator_code::generate(caller.entropy.as_mut());
    let sealed = second_factor::seal_secret(cx, caller, user.id, &secret);
    let (pen, user) = (Pen::new(caller, Actor::Operator), user.id);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            users::lock(tx, user)?;
            let codes = AuthenticatorCodes {
                user,
                sealed: sealed.clone(),
                created: now,
                last_step: 0,
                last_used: None,
                failures: 0,
            };
            authenticator_codes::put(tx, &codes)?;
            pen.clone().write(tx, now, Some(user), EventKind::CodesAdded)?;
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(secret)
}
