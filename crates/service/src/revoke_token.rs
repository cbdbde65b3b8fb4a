//! A client gives a token back (RFC 7009). Tokens are computed from their grant, so what ends is the grant.

use account::application::GrantId;
use account::audit::{Actor, EventKind};
use oidc::grant::RefreshToken;
use store::{grants, users};

use crate::client_authentication::AuthenticatedClient;
use crate::context::{Caller, Context};
use crate::events::Pen;
use crate::tokens::{self, TokenError};

/// Ends what a token came of, if it is the client's. Giving back what is nobody's, or another's, is no error: there is
/// nothing to learn by it.
pub async fn revoke(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    authenticated: &AuthenticatedClient,
    token: &str,
) -> Result<(), TokenError> {
    let now = cx.db.not_before(caller.now);
    let refresh = RefreshToken::read(&cx.keys, token).map(|refresh| refresh.grant);
    let grant = refresh.or_else(|| tokens::open(cx, token, (issuer, now)).ok()?.grant);
    let grant = grant.map(GrantId::from_bytes);
    if grant.is_none() && !authenticated.is_once() {
        return Ok(());
    }
    let (pen, authenticated) = (Pen::new(caller, Actor::System), authenticated.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            if !authenticated.spend(tx)? {
                return Err(TokenError::AssertionUsed);
            }
            let Some(id) = grant else { return Ok(()) };
            let Some(found) = grants::by_id(tx, id)?.filter(|found| found.client == *authenticated.id())
            else {
                return Ok(());
            };
            users::lock(tx, found.user)?;
            if grants::remove(tx, id)? {
                let client = found.client.to_string();
                let kind = EventKind::GrantRevoked { client, grant: id, code: "given_back".to_owned() };
                pen.clone().write(tx, now, Some(found.user), kind)?;
            }
            Ok(())
        })
        .await
}
