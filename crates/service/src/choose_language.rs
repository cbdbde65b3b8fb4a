//! A person chooses the language in which we speak and write to them.

use account::audit::{Actor, EventKind};
use store::{StoreError, users};

use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions::lock_standing;

/// Why no language was chosen; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChooseLanguageError {
    /// The session that asks has ended.
    SessionEnded,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ChooseLanguageError {
    fn from(error: StoreError) -> Self {
        ChooseLanguageError::Store(error)
    }
}

impl ChooseLanguageError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ChooseLanguageError::SessionEnded => "session_ended",
            ChooseLanguageError::Store(_) => "unknown",
        }
    }
}

/// Keeps the language, a BCP 47 tag that the caller ships, with the account; `None` leaves it to each browser. Whether
/// anything changed.
pub async fn choose_language(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    language: Option<&'static str>,
) -> Result<bool, ChooseLanguageError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let who = lock_standing(tx, now, &settings, &who)?.ok_or(ChooseLanguageError::SessionEnded)?;
            let mut user = who.user;
            if user.language.as_deref() == language {
                return Ok(false);
            }
            user.language = language.map(str::to_owned);
            if !users::update(tx, &user)? {
                return Err(ChooseLanguageError::SessionEnded);
            }
            pen.clone().write(tx, now, Some(user.id), EventKind::LanguageChosen)?;
            Ok(true)
        })
        .await
}
