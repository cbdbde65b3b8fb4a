//! The helpdesk's inbox: requests for a pass, and what becomes of them.
//!
//! What the form said identifies nobody. Whoever serves a request looks at the account's own data, and serves neither
//! itself nor anybody of a higher role: [`crate::administer_passes`] decides.

use account::action::Action;
use account::audit::EventKind;
use account::pass_request::{Closed, Outcome, PassRequest, PassRequestId};
use account::passkey::Passkey;
use account::role::Permission;
use account::temporary_pass::{Pass, Wish};
use account::user::User;
use primitives::time::Timestamp;
use store::{StoreError, Tx, pass_requests, passkeys, temporary_passes, users};

use crate::administer_passes::{Issued, Prepared};
use crate::administer_users::AdministerError;
use crate::authority::{self, Grant, Issuer, Unauthorised};
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Requests that a list shows.
const SHOWN: u32 = 200;

/// A request with the account that it names.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The request.
    pub request: PassRequest,
    /// The account.
    pub user: User,
    /// Whether whoever looks may serve it.
    pub servable: bool,
}

/// A request with all that helps to decide about it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The request and its account.
    pub waiting: Waiting,
    /// The account's passkeys.
    pub passkeys: Vec<Passkey>,
    /// Its newest pass.
    pub pass: Option<Pass>,
}

/// Open requests, oldest first.
pub async fn list(cx: &Context, authority: Authority<'_>) -> Result<Vec<Waiting>, AdministerError> {
    let viewer = viewer(authority)?;
    cx.db
        .read(move |tx| {
            let mut waiting = Vec::new();
            for request in pass_requests::open(tx, SHOWN)? {
                waiting.extend(with_user(tx, viewer, request)?);
            }
            Ok(waiting)
        })
        .await
}

/// One of them, closed or not.
pub async fn show(
    cx: &Context,
    authority: Authority<'_>,
    id: PassRequestId,
) -> Result<Detail, AdministerError> {
    let viewer = viewer(authority)?;
    cx.db
        .read(move |tx| {
            let request = pass_requests::by_id(tx, id)?.ok_or(AdministerError::NotFound)?;
            let waiting = with_user(tx, viewer, request)?.ok_or(AdministerError::NotFound)?;
            let passkeys = passkeys::of_user(tx, waiting.user.id)?;
            let pass = temporary_passes::newest(tx, waiting.user.id)?;
            Ok(Detail { waiting, passkeys, pass })
        })
        .await
}

/// The request of that reference.
pub async fn by_reference(cx: &Context, reference: &str) -> Result<PassRequest, AdministerError> {
    let reference = reference.trim().to_uppercase();
    cx.db.read(move |tx| pass_requests::by_reference(tx, &reference)?.ok_or(AdministerError::NotFound)).await
}

/// Who looks: the helpdesk and up, fully signed in.
fn viewer(authority: Authority<'_>) -> Result<Issuer, AdministerError> {
    match authority {
        Authority::Operator => Ok(Issuer::Operator),
        Authority::Person(who) if who.session.is_limited() => Err(Unauthorised::TooWeak.into()),
        Authority::Key(_) => Err(Unauthorised::Scope.into()),
        Authority::Person(who) if !who.user.role.may(Permission::IssuePasses) => Err(AdministerError::Role),
        Authority::Person(who) => Ok(Issuer::Person(who.user.id, who.user.role)),
    }
}

fn with_user(tx: &mut Tx<'_>, viewer: Issuer, request: PassRequest) -> Result<Option<Waiting>, StoreError> {
    let Some(id) = request.user else { return Ok(None) };
    let Some(user) = users::by_id(tx, id)? else { return Ok(None) };
    let servable = may_serve(viewer, &user).is_ok() && user.is_enabled();
    Ok(Some(Waiting { request, user, servable }))
}

fn may_serve(issuer: Issuer, target: &User) -> Result<(), AdministerError> {
    if issuer.is(target.id) {
        return Err(AdministerError::Oneself);
    }
    let allowed = issuer.may_to(Permission::IssuePasses, target.role);
    if allowed { Ok(()) } else { Err(AdministerError::Role) }
}

/// Issues a pass for the account that a request names, and closes the request in the same commit. A person has
/// confirmed [`Action::IssuePass`] for that very account.
pub async fn issue(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: PassRequestId,
    wish: Wish,
) -> Result<Issued, AdministerError> {
    let prepared = Prepared::new(cx, caller, authority).await?;
    let value = prepared.value.clone();
    let (pen, by) = (Pen::new(caller, authority.actor()), authority.actor().to_string());
    let pass = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            let request = still_open(tx, id)?;
            let user = request.user.ok_or(AdministerError::NotFound)?;
            let pass = prepared.clone().issue(tx, user, wish.clone())?;
            close(tx, now, &request, Outcome::PassIssued, &by, &mut pen.clone())?;
            Ok::<_, AdministerError>(pass)
        })
        .await?;
    Ok(Issued { pass, value })
}

/// Closes a request without a pass. A person has confirmed [`Action::DismissRequest`]: a cookie alone shall not empty the
/// inbox.
pub async fn dismiss(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: PassRequestId,
) -> Result<(), AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let (settings, by) = (cx.settings(), authority.actor().to_string());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let action = Action::DismissRequest(id);
            let issuer = authority::authorise(tx, now, &settings, &grant, action)?;
            let request = still_open(tx, id)?;
            let user = request.user.ok_or(AdministerError::NotFound)?;
            let target = users::lock(tx, user)?.ok_or(AdministerError::NotFound)?;
            may_serve(issuer, &target)?;
            close(tx, now, &request, Outcome::Dismissed, &by, &mut pen.clone())
        })
        .await
}

fn still_open(tx: &mut Tx<'_>, id: PassRequestId) -> Result<PassRequest, AdministerError> {
    pass_requests::by_id(tx, id)?.filter(|request| request.closed.is_none()).ok_or(AdministerError::NotFound)
}

fn close(
    tx: &mut Tx<'_>,
    now: Timestamp,
    request: &PassRequest,
    outcome: Outcome,
    by: &str,
    pen: &mut Pen,
) -> Result<(), AdministerError> {
    let closed = Closed { at: now, outcome, by: by.to_owned() };
    if !pass_requests::close(tx, request.id, &closed)? {
        return Err(AdministerError::NotFound);
    }
    let kind = EventKind::PassRequestClosed { request: request.id, outcome: outcome.as_str().to_owned() };
    pen.write(tx, now, request.user, kind)?;
    Ok(())
}

/// What a person confirms before [`issue`].
pub fn action(waiting: &Waiting) -> Action {
    Action::IssuePass(waiting.user.id)
}
