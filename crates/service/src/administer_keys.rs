//! API keys: making, listing and revoking them, and who stands behind a value.
//!
//! A program's key does what its scopes say and nothing that only people do: it neither enrols nor mints (DESIGN 5a.12).
//! A person's key acts for that person for an hour at most, as long as the session stands that opened it, and never does
//! more than the person's role allows.

use account::action::Action;
use account::api_key::{ApiKey, KeyId, Scope, Terms, TermsRefusal};
use account::audit::EventKind;
use account::policy::Area;
use account::role::{Permission, Role};
use account::user::User;
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};
use store::{StoreError, Tx, api_keys, sessions};

use crate::authority::{self, Grant, Issuer, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings};
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::manage_sessions;

/// Keys of programs that may stand at one time.
pub const MOST: i64 = 200;

/// Keys that may act for one person at one time.
pub const MOST_OF_PERSON: i64 = 5;

/// How often that a key was used is recorded.
const TOUCH: Span = Span::from_hours(1);

/// Why nothing was done about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Whoever asks may not administer at all, or has not confirmed it.
    Unauthorised(Unauthorised),
    /// The role of whoever asks does not include it: nobody makes a key that may do more than he.
    Role,
    /// There is no such key, or it had ended.
    NotFound,
    /// There is no key on such terms.
    Terms(TermsRefusal),
    /// There are as many as there may be.
    TooMany,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for KeyError {
    fn from(error: StoreError) -> Self {
        KeyError::Store(error)
    }
}

impl From<Unauthorised> for KeyError {
    fn from(refusal: Unauthorised) -> Self {
        match refusal {
            Unauthorised::Store(error) => KeyError::Store(error),
            other => KeyError::Unauthorised(other),
        }
    }
}

impl KeyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            KeyError::Unauthorised(refusal) => refusal.code(),
            KeyError::Role => "role_too_low",
            KeyError::NotFound => "not_found",
            KeyError::Terms(refusal) => refusal.code(),
            KeyError::TooMany => "too_many_keys",
            KeyError::Store(_) => "unknown",
        }
    }
}

/// A new key with its value, which nobody sees again.
#[derive(Clone, Debug)]
pub struct Made {
    /// The key.
    pub key: ApiKey,
    /// Its value; [`account::api_key::spell`] shows it.
    pub value: Token,
}

/// Makes a key. One that acts for a person, a person opens for himself.
pub async fn make(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    terms: Terms,
) -> Result<Made, KeyError> {
    let value = Token::generate(caller.entropy.as_mut());
    let making = Making {
        settings: cx.settings(),
        pen: Pen::new(caller, authority.actor()),
        grant: authority.into(),
        ids: Drawn::from(caller),
        value: value.clone(),
        terms,
    };
    let key = cx.db.write(move |tx| making.clone().run(tx)).await?;
    Ok(Made { key, value })
}

#[derive(Clone)]
struct Making {
    settings: std::sync::Arc<Settings>,
    grant: Grant,
    pen: Pen,
    ids: Drawn,
    value: Token,
    terms: Terms,
}

impl Making {
    fn run(mut self, tx: &mut Tx<'_>) -> Result<ApiKey, KeyError> {
        let now = tx.now()?;
        let Terms { name, scopes, lifetime, personal } = self.terms.clone();
        let digest = self.terms.digest();
        let action = if personal { Action::OpenKey(digest) } else { Action::MakeKey(digest) };
        let issuer = authority::authorise(tx, now, &self.settings, &self.grant, action)?;
        let allowed = (personal || issuer.may(Permission::EditKeys))
            && scopes.iter().all(|scope| issuer.may(scope.permission()));
        if !allowed {
            return Err(KeyError::Role);
        }
        let mut ends = now + lifetime;
        let person = match (personal, issuer, &self.grant) {
            (false, ..) => None,
            (true, Issuer::Person(user, _), Grant::Person(who)) => {
                ends = ends.min(who.session.ends);
                Some((user, who.session.id))
            }
            // Only a person has a session that such a key could end with.
            (true, ..) => return Err(KeyError::Role),
        };
        let standing = match person {
            Some((user, _)) => api_keys::count_of_person(tx, user, now)? >= MOST_OF_PERSON,
            None => api_keys::count_of_programs(tx, now)? >= MOST,
        };
        if standing {
            return Err(KeyError::TooMany);
        }
        let key = ApiKey {
            id: Id::new(now, &mut self.ids),
            name: name.clone(),
            scopes: scopes.clone(),
            person,
            author: issuer.actor(),
            created: now,
            ends,
            last_used: None,
            revoked: None,
            deployment_epoch: self.settings.deployment_epoch,
        };
        api_keys::insert(tx, &key, &self.value)?;
        let person = person.map(|(user, _)| user);
        let kind = EventKind::ApiKeyMade { key: key.id, scopes, person };
        self.pen.write_with_note(tx, now, person, kind, Some(name))?;
        Ok(key)
    }
}

/// Keys, newest first, from behind `after`.
pub async fn list(cx: &Context, after: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
    cx.db.read(move |tx| api_keys::list(tx, after, limit)).await
}

/// The key of that id.
pub async fn show(cx: &Context, id: KeyId) -> Result<ApiKey, KeyError> {
    cx.db.read(move |tx| api_keys::by_id(tx, id)?.ok_or(KeyError::NotFound)).await
}

/// Takes a key back; what it calls from now on is refused.
pub async fn revoke(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: KeyId,
) -> Result<ApiKey, KeyError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, Action::RevokeKey(id))?;
            let key = api_keys::lock(tx, id)?.ok_or(KeyError::NotFound)?;
            // Everybody takes back what acts for himself.
            let own = key.person.is_some_and(|(person, _)| issuer.is(person));
            if !own && !issuer.may(Permission::EditKeys) {
                return Err(KeyError::Role);
            }
            if !api_keys::revoke(tx, id, now)? {
                return Err(KeyError::NotFound);
            }
            let subject = key.person.map(|(person, _)| person);
            let (kind, name) = (EventKind::ApiKeyRevoked { key: id }, Some(key.name.clone()));
            pen.clone().write_with_note(tx, now, subject, kind, name)?;
            Ok(ApiKey { revoked: Some(now), ..key })
        })
        .await
}

/// Whoever calls with the value of a key.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// The key.
    pub key: ApiKey,
    /// For whom it acts, as that person is now.
    pub person: Option<User>,
}

impl Bearer {
    /// Whether it may do what that scope is for: the key has it, and the person's role still allows it.
    pub fn may(&self, scope: Scope) -> bool {
        let role = self.person.as_ref().map(|person| person.role);
        self.key.has(scope) && role.is_none_or(|role: Role| role.may(scope.permission()))
    }
}

/// Why a value opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyRefused {
    /// It is of no key that stands.
    Stranger,
    /// The key may not do this.
    Scope,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for KeyRefused {
    fn from(error: StoreError) -> Self {
        KeyRefused::Store(error)
    }
}

impl KeyRefused {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            KeyRefused::Stranger => "unauthenticated",
            KeyRefused::Scope => "scope_missing",
            KeyRefused::Store(_) => "unknown",
        }
    }
}

/// Who calls with that value, if its key, its person and the session behind it stand at `now`.
pub async fn bearer(cx: &Context, now: Timestamp, value: &Token) -> Result<Option<Bearer>, StoreError> {
    let (settings, value) = (cx.settings(), value.clone());
    let now = cx.db.not_before(now);
    let found = cx.db.read(move |tx| standing(tx, now, &settings, &value)).await?;
    if let Some(bearer) = found.as_ref().filter(|bearer| wants_touch(&bearer.key, now)) {
        let id = bearer.key.id;
        // A full disk turns nobody away.
        if let Err(error) = cx.db.write(move |tx| touch(tx, id)).await {
            tracing::warn!(%error, "that an API key was used was not recorded");
        }
    }
    Ok(found)
}

/// The key of that value, if it stands and may do what `scope` is for.
pub async fn authenticate(
    cx: &Context,
    now: Timestamp,
    value: &Token,
    scope: Scope,
) -> Result<ApiKey, KeyRefused> {
    let bearer = bearer(cx, now, value).await?.ok_or(KeyRefused::Stranger)?;
    if bearer.may(scope) { Ok(bearer.key) } else { Err(KeyRefused::Scope) }
}

fn wants_touch(key: &ApiKey, now: Timestamp) -> bool {
    key.last_used.is_none_or(|last| now.since(last) >= TOUCH)
}

fn touch(tx: &mut Tx<'_>, id: KeyId) -> Result<(), StoreError> {
    let now = tx.now()?;
    api_keys::touch(tx, id, now)
}

fn standing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    value: &Token,
) -> Result<Option<Bearer>, StoreError> {
    let Some(key) = api_keys::by_value(tx, value)? else { return Ok(None) };
    if !key.stands(settings.deployment_epoch, now) {
        return Ok(None);
    }
    let Some((person, session)) = key.person else { return Ok(Some(Bearer { key, person: None })) };
    let Some(session) = sessions::by_id(tx, person, session)? else { return Ok(None) };
    let who = manage_sessions::standing(tx, now, settings, session)?;
    // What the console asks for, its programs' faces ask for too.
    let strong = who.filter(|who| settings.lets_into(who, Area::Console));
    Ok(strong.map(|who| Bearer { key, person: Some(who.user) }))
}
