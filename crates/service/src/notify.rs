//! Notices: written in the commit of the event that they tell of, listed on the pages, and mailed by whoever claims them.

use account::audit::Event;
use account::notice::{self, Facts, Notice, NoticeId, NoticeKind};
use account::role::{Permission, Role};
use account::user::{User, UserId};
use primitives::digest::Digest;
use primitives::entropy::Entropy;
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};
use store::known_browsers::{self, Meeting};
use store::notices::{self, Claimed};
use store::{StoreError, Tx, pass_requests, passkeys, users};

use crate::context::{Context, Who};
use crate::manage_sessions;

/// For how long one node has a mail to itself. Whoever sends gives up long before.
pub const LEASE: Span = Span::from_minutes(5);

/// For so long after a notice that somebody asked for a pass the next one is none.
const ONCE_IN: Span = Span::from_hours(24);

/// Mails that a node takes upon itself at once: what they take together at worst is less than [`LEASE`].
const AT_ONCE: u32 = 4;

/// How old news may be when mail is turned on.
const GRACE: Span = Span::from_hours(1);

/// Tells the subject of `event`, which happened in `browser`, if it is one that people are told of.
pub(crate) fn of_event(
    tx: &mut Tx<'_>,
    event: &Event,
    browser: &Digest,
    ids: &mut dyn Entropy,
) -> Result<(), StoreError> {
    let Some(user) = event.subject else { return Ok(()) };
    let new_browser = notice::meets_browser(&event.kind)
        && known_browsers::meet(tx, user, browser, event.at)? == Meeting::New;
    let Some(told) = notice::of_event(&event.kind, new_browser) else { return Ok(()) };
    // Strangers ask as often as they like: the person hears of it once a day.
    if told.kind == NoticeKind::PassRequested && notices::was_told(tx, user, told.kind, event.at - ONCE_IN)? {
        return Ok(());
    }
    let Some(account) = users::by_id(tx, user)? else { return Ok(()) };
    let by = notice::by(event, user);
    let name = match told.passkey {
        // What is gone is named by its event.
        Some(_) if told.kind == NoticeKind::PasskeyRemoved => event.note.clone(),
        Some(passkey) => passkeys::by_id(tx, user, passkey)?.map(|passkey| passkey.name),
        None => None,
    };
    let notice = Notice {
        id: Id::new(event.at, ids),
        user,
        event: Some(event.id),
        kind: told.kind,
        facts: Facts {
            by,
            client: notice::client_to_tell(event, by),
            name,
            count: told.count,
            reference: event.reference.clone(),
        },
        at: event.at,
        seen: false,
    };
    notices::insert(tx, &notice, account.email.as_deref())
}

/// Tells the mailbox at `address` that notices to the subject of `event` go elsewhere from now on.
pub(crate) fn of_address_left(
    tx: &mut Tx<'_>,
    event: &Event,
    address: &str,
    ids: &mut dyn Entropy,
) -> Result<(), StoreError> {
    let Some(user) = event.subject else { return Ok(()) };
    let by = notice::by(event, user);
    let facts = Facts {
        by,
        client: notice::client_to_tell(event, by),
        name: None,
        count: None,
        reference: event.reference.clone(),
    };
    let (id, kind) = (Id::new(event.at, ids), NoticeKind::AddressLeft);
    // It waits for a mailbox, so nobody misses it on the pages.
    let notice = Notice { id, user, event: Some(event.id), kind, facts, at: event.at, seen: true };
    notices::insert(tx, &notice, Some(address))
}

/// Tells every administrator that the break-glass account `used` was signed in to.
pub(crate) fn of_break_glass(
    tx: &mut Tx<'_>,
    event: &Event,
    used: &User,
    ids: &mut dyn Entropy,
) -> Result<(), StoreError> {
    for told in users::of_role(tx, Role::Administrator)? {
        let facts = Facts {
            by: notice::by(event, told.id),
            // Where it was used from is what tells whether it was one of them.
            client: event.client.clone(),
            name: Some(used.login.shown().to_owned()),
            count: None,
            reference: event.reference.clone(),
        };
        let (id, kind) = (Id::new(event.at, ids), NoticeKind::BreakGlassUsed);
        let notice =
            Notice { id, user: told.id, event: Some(event.id), kind, facts, at: event.at, seen: false };
        notices::insert(tx, &notice, told.email.as_deref())?;
    }
    Ok(())
}

/// Others that an event is told to, beside its subject.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    /// What they are told.
    pub(crate) kind: NoticeKind,
    /// Who.
    pub(crate) whom: Vec<UserId>,
    /// Whom it is about, by name.
    pub(crate) about: String,
}

impl Telling {
    pub(crate) fn nobody() -> Self {
        Self { kind: NoticeKind::PrivilegedPass, whom: Vec::new(), about: String::new() }
    }
}

/// Tells others of `event`.
pub(crate) fn of_others(
    tx: &mut Tx<'_>,
    event: &Event,
    telling: &Telling,
    ids: &mut dyn Entropy,
) -> Result<(), StoreError> {
    for user in &telling.whom {
        let Some(account) = users::by_id(tx, *user)? else { continue };
        let facts = Facts {
            by: notice::by(event, *user),
            client: None,
            name: Some(telling.about.clone()),
            count: None,
            reference: event.reference.clone(),
        };
        let (id, kind) = (Id::new(event.at, ids), telling.kind);
        let notice =
            Notice { id, user: *user, event: Some(event.id), kind, facts, at: event.at, seen: false };
        notices::insert(tx, &notice, account.email.as_deref())?;
    }
    Ok(())
}

/// People who are told of one event at most, so that no commit grows with the organisation.
const MOST_TOLD: usize = 20;

/// Administrators who may be told, without those.
pub(crate) fn administrators_beside(
    tx: &mut Tx<'_>,
    without: &[Option<UserId>],
) -> Result<Vec<UserId>, StoreError> {
    of_roles_beside(tx, &[Role::Administrator], without)
}

/// People of these roles who may be told, without those.
pub(crate) fn of_roles_beside(
    tx: &mut Tx<'_>,
    roles: &[Role],
    without: &[Option<UserId>],
) -> Result<Vec<UserId>, StoreError> {
    let mut whom = Vec::new();
    for role in roles {
        let people = users::of_role(tx, *role)?.into_iter().filter(User::is_enabled);
        whom.extend(people.map(|user| user.id).filter(|id| !without.contains(&Some(*id))));
    }
    whom.truncate(MOST_TOLD);
    Ok(whom)
}

/// What the frame of every page tells somebody who is signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bell {
    /// Notices that they have not seen.
    pub unseen: i64,
    /// Requests that wait for the helpdesk, for those who serve them.
    pub requests: Option<i64>,
}

/// What waits for `who`. A limited session is told nothing: it may be somebody else who has the pass.
pub(crate) fn bell(tx: &mut Tx<'_>, who: &Who) -> Result<Bell, StoreError> {
    if who.session.is_limited() {
        return Ok(Bell::default());
    }
    let serves = who.user.role.may(Permission::IssuePasses);
    Ok(Bell {
        unseen: notices::unseen(tx, who.user.id)?.into(),
        requests: if serves { Some(pass_requests::count_open(tx)?.into()) } else { None },
    })
}

/// Who is signed in behind `token`, if anybody still is at `now`, and what waits for them.
pub async fn authenticate(
    cx: &Context,
    now: Timestamp,
    token: &Token,
) -> Result<Option<(Who, Bell)>, StoreError> {
    manage_sessions::authenticate_and(cx, now, token, bell).await
}

/// The person's notices, newest first.
pub async fn list(cx: &Context, who: &Who) -> Result<Vec<Notice>, StoreError> {
    let user = who.user.id;
    cx.db.read(move |tx| notices::of_user(tx, user, notice::MOST)).await
}

/// The person has seen what is as old as `newest` or older; later ones stay new. Says how many were.
pub async fn mark_seen(cx: &Context, who: &Who, newest: NoticeId) -> Result<u64, StoreError> {
    let user = who.user.id;
    cx.db.write(move |tx| notices::mark_seen(tx, user, newest)).await
}

/// A mail that this node has taken upon itself.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Who is told.
    pub user: User,
    /// What, and where it goes.
    pub claimed: Claimed,
}

/// Takes mails that are due for the node that `holder` names.
pub async fn claim_mail(cx: &Context, holder: [u8; 16]) -> Result<Vec<Outgoing>, StoreError> {
    if !cx.db.read(notices::is_mail_due).await? {
        return Ok(Vec::new());
    }
    cx.db
        .write(move |tx| {
            let mut outgoing = Vec::new();
            for claimed in notices::claim(tx, &holder, LEASE, AT_ONCE)? {
                if let Some(user) = users::by_id(tx, claimed.notice.user)? {
                    outgoing.push(Outgoing { user, claimed });
                }
            }
            Ok(outgoing)
        })
        .await
}

/// The mail was taken; `false` if it took so long that another node has it.
pub async fn mail_sent(cx: &Context, holder: [u8; 16], mail: &Outgoing) -> Result<bool, StoreError> {
    let id = mail.claimed.notice.id;
    cx.db.write(move |tx| notices::sent(tx, id, &holder)).await
}

/// The mail was not taken: when it is tried again, if it is.
pub async fn mail_not_sent(
    cx: &Context,
    holder: [u8; 16],
    mail: &Outgoing,
    error: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let (claimed, error) = (mail.claimed.clone(), error.to_owned());
    cx.db.write(move |tx| notices::not_sent(tx, &claimed, &holder, &error)).await
}

/// Where mail is not configured: what has waited long enough is for the pages alone.
pub async fn without_mail(cx: &Context) -> Result<u64, StoreError> {
    cx.db.write(|tx| notices::give_up_mail(tx, GRACE)).await
}

/// Notices of an account for tests and tools: what was told to whom.
pub async fn of_user(cx: &Context, user: UserId) -> Result<Vec<Notice>, StoreError> {
    cx.db.read(move |tx| notices::of_user(tx, user, notice::MOST)).await
}
