//! Applications: adding, changing, turning off, removing and listing them, and their secrets.
//!
//! What a client says of itself in the terms of the protocols and what the organisation says of it stand and change
//! together ([`Terms`]); whoever confirms a change confirms both, to the letter.

use std::sync::Arc;

use account::action::Action;
use account::application::{Application, Consent, Source};
use account::audit::EventKind;
use account::policy::Needed;
use account::role::Permission;
use oidc::client::{Authentication, Client, ClientId};
use primitives::digest::Digest;
use primitives::secret::{SecretText, Token};
use primitives::time::{Span, Timestamp};
use store::clients::{self, SecretDigest, Stored};
use store::{StoreError, Tx, groups};

use crate::authority::{self, Grant, Issuer, Unauthorised};
use crate::client_authentication::SECRET_PREFIX;
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;

mod logo;
mod terms;

pub use logo::{Logo, logo, set_logo};
pub use terms::{Terms, TermsRefusal, digest_of};

/// Applications on one page at most.
pub const MOST_FOUND: u32 = 200;

/// Applications that may stand at one time.
pub const MOST: i64 = 1000;

/// Secrets that one application may have at one time: the newest, and the one before it for a while.
pub const MOST_SECRETS: usize = 2;

/// For how long an old secret may go on beside a new one.
pub const LONGEST_OVERLAP: Span = Span::from_days(90);

/// Why nothing was done about an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAdminError {
    /// Whoever asks may not administer at all, or has not confirmed it.
    Unauthorised(Unauthorised),
    /// The role of whoever asks does not include it.
    Role,
    /// There is no such application.
    NotFound,
    /// There is one of that identifier.
    Taken,
    /// There is none on such terms.
    Terms(TermsRefusal),
    /// Somebody changed it meanwhile.
    Version,
    /// There are as many as there may be.
    TooMany,
    /// Another application guards one of its origins.
    Guarded,
    /// A program may not: people would be signed in to what nobody has looked at.
    NeedsPerson,
    /// The picture cannot be used.
    Logo(&'static str),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ClientAdminError {
    fn from(error: StoreError) -> Self {
        ClientAdminError::Store(error)
    }
}

impl From<TermsRefusal> for ClientAdminError {
    fn from(refusal: TermsRefusal) -> Self {
        ClientAdminError::Terms(refusal)
    }
}

impl From<Unauthorised> for ClientAdminError {
    fn from(refusal: Unauthorised) -> Self {
        match refusal {
            Unauthorised::Store(error) => ClientAdminError::Store(error),
            other => ClientAdminError::Unauthorised(other),
        }
    }
}

impl ClientAdminError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ClientAdminError::Unauthorised(refusal) => refusal.code(),
            ClientAdminError::Role => "role_too_low",
            ClientAdminError::NotFound => "not_found",
            ClientAdminError::Taken => "client_taken",
            ClientAdminError::Terms(refusal) => refusal.code(),
            ClientAdminError::Version => "version_conflict",
            ClientAdminError::TooMany => "too_many_clients",
            ClientAdminError::Guarded => "guard_taken",
            ClientAdminError::NeedsPerson => "client_needs_person",
            ClientAdminError::Logo(code) => code,
            ClientAdminError::Store(_) => "unknown",
        }
    }
}

/// What is done about applications, as its commit needs it.
#[derive(Clone)]
struct Doing {
    settings: Arc<Settings>,
    grant: Grant,
    pen: Pen,
}

impl Doing {
    fn new(cx: &Context, caller: &mut Caller, authority: Authority<'_>) -> Self {
        Self { settings: cx.settings(), grant: authority.into(), pen: Pen::new(caller, authority.actor()) }
    }

    fn authorise(&self, tx: &mut Tx<'_>, now: Timestamp, action: Action) -> Result<Issuer, ClientAdminError> {
        let issuer = authority::authorise(tx, now, &self.settings, &self.grant, action)?;
        if issuer.may(Permission::EditApplications) { Ok(issuer) } else { Err(ClientAdminError::Role) }
    }

    /// Groups and strengths that the terms name must be there, as the commit finds them.
    fn check(&self, tx: &mut Tx<'_>, application: &Application) -> Result<(), ClientAdminError> {
        let mapped = application.claims.iter().flat_map(|mapping| match &mapping.source {
            Source::Groups(groups) => groups.clone(),
            Source::InGroup { group, .. } => vec![*group],
            _ => Vec::new(),
        });
        for group in application.groups.iter().copied().chain(mapped) {
            if groups::by_id(tx, group)?.is_none() {
                return Err(TermsRefusal::GroupUnknown.into());
            }
        }
        match &application.needed {
            Needed::Custom(name) if !self.settings.policy.strengths.iter().any(|own| own.name == *name) => {
                Err(TermsRefusal::StrengthUnknown.into())
            }
            _ => Ok(()),
        }
    }

    /// A program administers what it added itself, and nothing that people enter without being asked: with a key that
    /// leaked, codes of whoever opens a link would go where the thief says.
    fn is_for_programs(
        &self,
        issuer: Issuer,
        before: Option<&Stored>,
        next: &Application,
    ) -> Result<(), ClientAdminError> {
        let Issuer::Key(_) = issuer else { return Ok(()) };
        let silent = |application: &Application| {
            application.consent == Consent::PreApproved || !application.guards.is_empty()
        };
        let alien = before.is_some_and(|before| before.author != issuer.actor());
        if alien || silent(next) || before.is_some_and(|before| silent(&before.application)) {
            return Err(ClientAdminError::NeedsPerson);
        }
        Ok(())
    }

    fn write(self, tx: &mut Tx<'_>, now: Timestamp, kind: EventKind, name: &str) -> Result<(), StoreError> {
        let mut pen = self.pen;
        pen.write_with_note(tx, now, None, kind, Some(name.to_owned()))
    }
}

/// Whether it proves itself by a secret.
/// An origin has one guard: of two, the one that asks for less would count.
fn guards_nobody_elses(
    tx: &mut Tx<'_>,
    own: &ClientId,
    application: &Application,
) -> Result<(), ClientAdminError> {
    if application.guards.is_empty() {
        return Ok(());
    }
    let mut after: Option<Stored> = None;
    loop {
        let behind = after.as_ref().map(|stored| (stored.application.name.as_str(), stored.id()));
        let page = clients::list(tx, behind, MOST_FOUND)?;
        let taken = |stored: &Stored| {
            stored.id() != own
                && stored.application.guards.iter().any(|guard| application.guards.contains(guard))
        };
        if page.iter().any(taken) {
            return Err(ClientAdminError::Guarded);
        }
        match page.into_iter().last() {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

fn has_secret(client: &Client) -> bool {
    matches!(client.authentication, Authentication::ClientSecretBasic | Authentication::ClientSecretPost)
}

/// Adds an application; with a secret, which nobody sees again, if it proves itself by one.
pub async fn add(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    terms: Terms,
) -> Result<(Stored, Option<SecretText>), ClientAdminError> {
    let terms = terms.judged()?;
    let secret = has_secret(&terms.client).then(|| draw(cx, caller, &terms.client.id));
    let (doing, kept) = (Doing::new(cx, caller, authority), secret.as_ref().map(|(_, digest)| *digest));
    let stored = cx.db.write(move |tx| insert(tx, doing.clone(), terms.clone(), kept)).await?;
    Ok((stored, secret.map(|(text, _)| text)))
}

fn insert(
    tx: &mut Tx<'_>,
    doing: Doing,
    terms: Terms,
    secret: Option<Digest>,
) -> Result<Stored, ClientAdminError> {
    let now = tx.now()?;
    let issuer = doing.authorise(tx, now, Action::AddClient(terms.digest()))?;
    doing.check(tx, &terms.application)?;
    doing.is_for_programs(issuer, None, &terms.application)?;
    guards_nobody_elses(tx, &terms.client.id, &terms.application)?;
    if clients::count(tx)? >= MOST {
        return Err(ClientAdminError::TooMany);
    }
    let digest = |digest| SecretDigest { digest, created: now, ends: None };
    let stored = Stored {
        client: terms.client,
        application: terms.application,
        secrets: secret.map(digest).into_iter().collect(),
        registration: None,
        version: 1,
        enabled: true,
        author: issuer.actor(),
        created: now,
        changed: now,
    };
    if !clients::insert(tx, &stored)? {
        return Err(ClientAdminError::Taken);
    }
    let kind = EventKind::ClientAdded { client: stored.client.id.to_string() };
    doing.write(tx, now, kind, &stored.application.name)?;
    Ok(stored)
}

/// A new secret's text, and what is kept of it.
fn draw(cx: &Context, caller: &mut Caller, client: &ClientId) -> (SecretText, Digest) {
    let secret = Token::generate(caller.entropy.as_mut());
    let text = SecretText::new(format!("{SECRET_PREFIX}{}", secret.encode()));
    (text, clients::secret_digest(&cx.keys, client, &secret))
}

/// What an application shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its terms; the client's identifier says which one.
    pub terms: Terms,
    /// Whether it lets anybody in.
    pub enabled: bool,
    /// The version that was looked at; whatever there is, if absent.
    pub version: Option<i64>,
}

/// Changes an application, turns it off, or on again.
pub async fn change(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    change: Change,
) -> Result<Stored, ClientAdminError> {
    let change = Change { terms: change.terms.judged()?, ..change };
    let doing = Doing::new(cx, caller, authority);
    cx.db.write(move |tx| update(tx, doing.clone(), change.clone())).await
}

fn update(tx: &mut Tx<'_>, doing: Doing, change: Change) -> Result<Stored, ClientAdminError> {
    let now = tx.now()?;
    let issuer = doing.authorise(tx, now, Action::ChangeClient(change.terms.digest_for(change.enabled)))?;
    let before = clients::lock(tx, &change.terms.client.id)?.ok_or(ClientAdminError::NotFound)?;
    if change.version.is_some_and(|version| version != before.version) {
        return Err(ClientAdminError::Version);
    }
    doing.check(tx, &change.terms.application)?;
    doing.is_for_programs(issuer, Some(&before), &change.terms.application)?;
    guards_nobody_elses(tx, &change.terms.client.id, &change.terms.application)?;
    let Terms { client, application } = change.terms;
    // A secret is no key to something that became public.
    let secrets = if has_secret(&client) { before.secrets.clone() } else { Vec::new() };
    // Where it came from is not for whoever changes it to say.
    let application = Application { origin: before.application.origin, ..application };
    let next = Stored { client, application, secrets, enabled: change.enabled, changed: now, ..before };
    let next = store_next(tx, &next)?;
    let kind = EventKind::ClientChanged { client: next.client.id.to_string(), enabled: next.enabled };
    doing.write(tx, now, kind, &next.application.name)?;
    Ok(next)
}

fn store_next(tx: &mut Tx<'_>, next: &Stored) -> Result<Stored, ClientAdminError> {
    if clients::update(tx, next)? {
        Ok(Stored { version: next.version.saturating_add(1), ..next.clone() })
    } else {
        Err(ClientAdminError::Version)
    }
}

/// Makes another secret, which nobody sees again; the earlier ones go on for `keep_old_for`, or end at once.
pub async fn new_secret(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    (client, keep_old_for): (ClientId, Span),
) -> Result<(Stored, SecretText), ClientAdminError> {
    if keep_old_for > LONGEST_OVERLAP {
        return Err(TermsRefusal::Overlap.into());
    }
    let (text, digest) = draw(cx, caller, &client);
    let doing = Doing::new(cx, caller, authority);
    let stored = cx.db.write(move |tx| exchange(tx, doing.clone(), &client, (digest, keep_old_for))).await?;
    Ok((stored, text))
}

fn exchange(
    tx: &mut Tx<'_>,
    doing: Doing,
    client: &ClientId,
    (digest, keep_old_for): (Digest, Span),
) -> Result<Stored, ClientAdminError> {
    let now = tx.now()?;
    let issuer = doing.authorise(tx, now, Action::NewClientSecret(digest_of(client)))?;
    let mut next = clients::lock(tx, client)?.ok_or(ClientAdminError::NotFound)?;
    doing.is_for_programs(issuer, Some(&next), &next.application)?;
    if !has_secret(&next.client) {
        return Err(TermsRefusal::SecretUnused.into());
    }
    let last = now + keep_old_for;
    let old = next.secrets.into_iter().map(|old| {
        let ends = old.ends.map_or(last, |ends| ends.min(last));
        SecretDigest { ends: Some(ends), ..old }
    });
    let kept = old.filter(|old| old.ends.is_some_and(|ends| now < ends));
    let made = SecretDigest { digest, created: now, ends: None };
    next.secrets = std::iter::once(made).chain(kept).take(MOST_SECRETS).collect();
    next.changed = now;
    let next = store_next(tx, &next)?;
    let kind = EventKind::ClientSecretMade { client: next.client.id.to_string() };
    doing.write(tx, now, kind, &next.application.name)?;
    Ok(next)
}

/// Removes an application with everything that came of it: grants, consents, its picture.
pub async fn remove(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    client: ClientId,
) -> Result<Stored, ClientAdminError> {
    let doing = Doing::new(cx, caller, authority);
    cx.db
        .write(move |tx| {
            let (now, doing) = (tx.now()?, doing.clone());
            let issuer = doing.authorise(tx, now, Action::RemoveClient(digest_of(&client)))?;
            let stored = clients::lock(tx, &client)?.ok_or(ClientAdminError::NotFound)?;
            doing.is_for_programs(issuer, Some(&stored), &stored.application)?;
            if !clients::remove(tx, &client)? {
                return Err(ClientAdminError::NotFound);
            }
            let kind = EventKind::ClientRemoved { client: client.to_string() };
            doing.write(tx, now, kind, &stored.application.name)?;
            Ok(stored)
        })
        .await
}

/// That application.
pub async fn show(cx: &Context, client: ClientId) -> Result<Stored, ClientAdminError> {
    cx.db.read(move |tx| clients::by_id(tx, &client)?.ok_or(ClientAdminError::NotFound)).await
}

/// Applications in the order of their names, from behind `after` (a name and an identifier), at most `limit` of them and
/// at most [`MOST_FOUND`].
pub async fn list(
    cx: &Context,
    after: Option<(String, ClientId)>,
    limit: u32,
) -> Result<Vec<Stored>, StoreError> {
    let limit = limit.clamp(1, MOST_FOUND);
    let behind =
        move |tx: &mut Tx<'_>| clients::list(tx, after.as_ref().map(|(name, id)| (name.as_str(), id)), limit);
    cx.db.read(behind).await
}
