//! Telling applications that somebody signed out (OpenID Connect Back-Channel Logout 1.0).
//!
//! Which ones have to be told stands in the commit that ended the grants. A node takes what is due ([`claim`]), makes the
//! token when it is about to send it ([`prepare`]), sends it, and says what came of it ([`told`], [`not_told`]).

use std::collections::BTreeMap;

use account::audit::{Actor, EventKind};
use oidc::client::ClientId;
use oidc::{jwt, logout};
use primitives::time::Span;
use store::logout_notices::{self as table, Failed, LogoutNotice, LogoutNoticeId};
use store::{StoreError, clients};

use crate::context::{Caller, Context};
use crate::events::Pen;
use crate::signing_keys;

/// For how long one node has a notice to itself. Whoever sends gives up long before.
pub const LEASE: Span = Span::from_secs(30);

/// Notices of one application that are under way at the same time, from one node.
pub const MOST_OF_ONE: u32 = 8;

/// What an application is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// A logout token, to its address.
    Send {
        /// The address that it registered.
        url: String,
        /// The token.
        token: String,
    },
    /// Nothing: it is there no more, or does not want to be told any more.
    Nobody,
    /// There is no key to sign with.
    NoKey,
}

/// Takes the notices that are due for the node that `holder` names, beside what it has `under_way` already.
pub async fn claim(
    cx: &Context,
    holder: [u8; 16],
    under_way: BTreeMap<String, u32>,
) -> Result<Vec<LogoutNotice>, StoreError> {
    if !cx.db.read(table::is_due).await? {
        return Ok(Vec::new());
    }
    cx.db
        .write(move |tx| {
            let room = |client: &str| MOST_OF_ONE.saturating_sub(under_way.get(client).copied().unwrap_or(0));
            table::claim(tx, &holder, LEASE, room)
        })
        .await
}

/// Makes the token of a notice.
pub async fn prepare(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    notice: &LogoutNotice,
) -> Result<Prepared, StoreError> {
    let Ok(id) = ClientId::parse(&notice.client) else { return Ok(Prepared::Nobody) };
    let found = cx.db.read(move |tx| clients::by_id(tx, &id)).await?;
    let Some(client) = found.map(|stored| stored.client) else { return Ok(Prepared::Nobody) };
    let Some(url) = client.backchannel_logout_uri.clone() else { return Ok(Prepared::Nobody) };
    // By the database's clock: ours may be behind what the token is held against.
    let now = cx.db.not_before(caller.now);
    let Some(key) = signing_keys::signer(cx, client.id_token_alg, now) else { return Ok(Prepared::NoKey) };
    let (subject, sid) = (notice.user.to_string(), notice.sid.to_string());
    let ended = logout::Ended { issuer, client: &client.id, subject: &subject, sid: &sid };
    // By the database's clock: ours may be behind what the token is held against.
    let now = cx.db.not_before(caller.now);
    let claims = logout::token(ended, now, caller.entropy.as_mut());
    let token = jwt::sign(key.signer(), logout::TYP, &claims);
    Ok(Prepared::Send { url, token })
}

/// The application knows, or nobody is to be told any more.
pub async fn told(cx: &Context, holder: [u8; 16], id: LogoutNoticeId) -> Result<bool, StoreError> {
    cx.db.write(move |tx| table::done(tx, id, &holder)).await
}

/// The application could not be told. After a day of that the log says so.
pub async fn not_told(
    cx: &Context,
    caller: &mut Caller,
    holder: [u8; 16],
    notice: LogoutNotice,
) -> Result<Failed, StoreError> {
    let pen = Pen::new(caller, Actor::System);
    cx.db
        .write(move |tx| {
            let failed = table::not_told(tx, &notice, &holder)?;
            if failed == Failed::GivenUp {
                let now = tx.now()?;
                let kind = EventKind::LogoutUndelivered { client: notice.client.clone() };
                pen.clone().write(tx, now, Some(notice.user), kind)?;
            }
            Ok(failed)
        })
        .await
}
