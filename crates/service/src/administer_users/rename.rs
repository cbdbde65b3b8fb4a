//! Changing an account's login, name, e-mail address, language, and what the directory says.
//!
//! The WebAuthn user handle is random and stays, so passkeys go on working; their labels follow by
//! signalCurrentUserDetails when the person next signs in or sees Security info.

use account::action::Action;
use account::audit::EventKind;
use account::user::{self, Directory, Login, User, UserId};
use store::{StoreError, Tx, guesses, users};

use super::{AdministerError, changeable, checked_directory};
use crate::authority::Grant;
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Longest language tag that is stored (RFC 5646 section 4.4.1 asks for 35 at least).
const LONGEST_TAG: usize = 64;

/// What changes; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What the person will type. An e-mail address that was the login goes along, unless another one is given.
    pub login: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// Where notices go; `Some(None)` for nowhere.
    pub email: Option<Option<String>>,
    /// The language in which they are written to, as a BCP 47 tag; `Some(None)` leaves it to each browser.
    pub language: Option<Option<String>>,
    /// All that the directory says.
    pub directory: Option<Directory>,
    /// What [`User::version`] gave when the account was shown; refused if it has changed since.
    pub expected: Option<String>,
}

/// Changes read from text.
#[derive(Clone)]
struct Parsed {
    login: Option<Login>,
    name: Option<String>,
    email: Option<Option<String>>,
    language: Option<Option<String>>,
    directory: Option<Directory>,
    expected: Option<String>,
}

impl Parsed {
    fn read(changes: Changes) -> Result<Self, AdministerError> {
        let Changes { login, name, email, language, directory, expected } = changes;
        let directory = directory.map(Directory::checked).transpose();
        let email = email.map(|email| email.map(|email| user::parse_email(&email)).transpose()).transpose();
        let language = language.map(|tag| tag.map(parse_tag).transpose()).transpose()?;
        Ok(Self {
            login: login.map(|login| Login::parse(&login)).transpose().map_err(AdministerError::Login)?,
            name: name.map(|name| user::parse_name(&name)).transpose().map_err(AdministerError::Name)?,
            email: email.map_err(AdministerError::Email)?,
            language,
            directory: directory.map_err(AdministerError::Directory)?,
            expected,
        })
    }

    fn apply(&self, target: &User) -> User {
        let mut changed = target.clone();
        if let Some(login) = &self.login {
            let follows = target.email.as_deref() == Some(target.login.shown());
            if let (true, Ok(email)) = (follows, user::parse_email(login.shown())) {
                changed.email = Some(email);
            }
            changed.login = login.clone();
        }
        if let Some(name) = &self.name {
            changed.name.clone_from(name);
        }
        if let Some(email) = &self.email {
            changed.email.clone_from(email);
        }
        if let Some(language) = &self.language {
            changed.language.clone_from(language);
        }
        if let Some(directory) = &self.directory {
            changed.directory.clone_from(directory);
        }
        changed
    }
}

/// Letters, digits and hyphens; whether it is shipped is the server's to say.
pub(super) fn parse_tag(tag: String) -> Result<String, AdministerError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if tag.is_empty() || tag.len() > LONGEST_TAG || !tag.bytes().all(allowed) {
        return Err(AdministerError::Language);
    }
    Ok(tag)
}

/// Changes an account; its old login is free for others. What had been guessed at it counts for the new one too: a new
/// name is no new chance.
pub async fn change(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    changes: Changes,
) -> Result<User, AdministerError> {
    let parsed = Parsed::read(changes)?;
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let target = changeable(tx, now, &settings, &grant, (user, Action::ChangeUser(user)))?;
            if parsed.expected.as_ref().is_some_and(|expected| *expected != target.version()) {
                return Err(AdministerError::Conflict);
            }
            let changed = parsed.apply(&target);
            if changed == target {
                return Ok(target);
            }
            checked_directory(tx, changed.id, &changed.directory)?;
            match users::update(tx, &changed) {
                Ok(true) => {}
                // Somebody else took the login between the look and the change.
                Ok(false) | Err(StoreError::Conflict(_)) => return Err(AdministerError::LoginTaken),
                Err(error) => return Err(error.into()),
            }
            if changed.login.key() != target.login.key() {
                follow(tx, target.login.key(), changed.login.key())?;
            }
            let left = target.email.as_deref().filter(|email| changed.email.as_deref() != Some(email));
            let mut pen = pen.clone();
            match left {
                // Whoever changes it may be a thief with an administrator's session: the mailbox before learns of it.
                Some(left) => pen.write_leaving(tx, now, user, EventKind::UserChanged, left)?,
                None => pen.write(tx, now, Some(user), EventKind::UserChanged)?,
            }
            Ok(changed)
        })
        .await
}

/// The guesses at the old name are guesses at the new one, unless more were made at that.
fn follow(tx: &mut Tx<'_>, old: &str, new: &str) -> Result<(), StoreError> {
    let Some(bucket) = guesses::load(tx, old)? else { return Ok(()) };
    let there = guesses::load(tx, new)?;
    if there.is_none_or(|there| there.count < bucket.count) {
        guesses::store(tx, new, bucket)?;
    }
    Ok(())
}
