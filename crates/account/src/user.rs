//! People who sign in.

use std::fmt;

use primitives::digest;
use primitives::encoding;
use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::group::GroupId;
use crate::names::named_enum;
use crate::role::Role;

/// Identifies a [`User`].
pub type UserId = Id<User>;

/// An account of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its identifier; never shown to authenticators.
    pub id: UserId,
    /// The WebAuthn user handle (Level 3 section 5.4.3): random, so that it says nothing about the person.
    pub handle: [u8; 32],
    /// What the person types to say who they are.
    pub login: Login,
    /// The name that pages and passkey dialogs show.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// What the account may do to others.
    pub role: Role,
    /// Whether the account may be used at all.
    pub status: UserStatus,
    /// Rises whenever everything that was granted before must end; sessions remember the one they began in.
    pub security_epoch: i64,
    /// The language chosen by the person, as a BCP 47 tag.
    pub language: Option<String>,
    /// When the account was added.
    pub created: Timestamp,
    /// The groups that it is in, sorted; the one truth about it.
    pub groups: Vec<GroupId>,
    /// Whether it is one of the accounts that stay usable whatever policy says (DESIGN 5a.12).
    pub break_glass: bool,
    /// When it was deleted, if so; it can be brought back for [`KEPT_DELETED`].
    pub deleted: Option<Timestamp>,
    /// What the organisation's directory says.
    pub directory: Directory,
    /// Whether a program disabled it, as far as it is disabled; what a person disabled no program enables.
    pub disabled_by_program: bool,
    /// Whether a program deleted it, as far as it is deleted; what a person deleted no program brings back.
    pub deleted_by_program: bool,
    /// When it last ceased to have a role, if it ever had one.
    pub role_ended: Option<Timestamp>,
}

/// How long somebody who had a role counts as if it still were so where a second person is asked for.
pub const ROLE_LINGERS: Span = Span::from_days(1);

/// How long a deleted account can be brought back.
pub const KEPT_DELETED: Span = Span::from_days(30);

/// What the organisation's directory says about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Directory {
    /// What the system that provisions the account calls it (SCIM `externalId`).
    #[serde(skip)]
    pub external_id: Option<String>,
    /// Who may order a pass for this person.
    #[serde(skip)]
    pub manager: Option<UserId>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// What the person does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where in the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// A private address, for what must reach the person before the first sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_email: Option<String>,
}

/// Longest text of a directory in characters.
pub const LONGEST_DIRECTORY_TEXT: usize = 120;

/// Longest name that a provisioning system gives in characters.
pub const LONGEST_EXTERNAL_ID: usize = 256;

impl Directory {
    /// The same with every text trimmed and what is empty left out, if each is what it may be.
    pub fn checked(self) -> Result<Self, DirectoryRefusal> {
        let text = |text: Option<String>, longest: usize| match text {
            Some(text) if !text.trim().is_empty() => {
                bounded_text(&text, longest).map(Some).map_err(DirectoryRefusal::Text)
            }
            _ => Ok(None),
        };
        let private_email = self.private_email.filter(|email| !email.trim().is_empty());
        let private_email = private_email.map(|email| parse_email(&email)).transpose();
        Ok(Self {
            external_id: text(self.external_id, LONGEST_EXTERNAL_ID)?,
            manager: self.manager,
            given_name: text(self.given_name, LONGEST_DIRECTORY_TEXT)?,
            family_name: text(self.family_name, LONGEST_DIRECTORY_TEXT)?,
            title: text(self.title, LONGEST_DIRECTORY_TEXT)?,
            department: text(self.department, LONGEST_DIRECTORY_TEXT)?,
            private_email: private_email.map_err(|EmailRefusal| DirectoryRefusal::PrivateEmail)?,
        })
    }
}

/// Why a field of a directory is not what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryRefusal {
    /// A text.
    Text(NameRefusal),
    /// The private address.
    PrivateEmail,
}

impl DirectoryRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            DirectoryRefusal::Text(NameRefusal::Empty) => "directory_text_empty",
            DirectoryRefusal::Text(NameRefusal::TooLong) => "directory_text_too_long",
            DirectoryRefusal::Text(NameRefusal::ControlCharacter) => "directory_text_control_character",
            DirectoryRefusal::PrivateEmail => "private_email_form",
        }
    }
}

impl User {
    /// Whether the account may be used.
    pub fn is_enabled(&self) -> bool {
        self.status == UserStatus::Enabled && self.deleted.is_none()
    }

    /// Whether it has a role, or had one within the last [`ROLE_LINGERS`].
    pub fn is_or_was_privileged(&self, now: Timestamp) -> bool {
        self.role.is_privileged() || self.role_ended.is_some_and(|ended| now < ended + ROLE_LINGERS)
    }

    /// When what is known of it is erased, if it was deleted.
    pub fn erased_from(&self) -> Option<Timestamp> {
        self.deleted.map(|deleted| deleted + KEPT_DELETED)
    }

    /// A short text that changes whenever anything changes that somebody may edit: what was shown and what is changed
    /// are the same as long as it is.
    pub fn version(&self) -> String {
        let Directory { external_id, manager, .. } = &self.directory;
        let groups: Vec<u8> = self.groups.iter().flat_map(|group| *group.as_bytes()).collect();
        let told = serde_json::to_vec(&self.directory).unwrap_or_default();
        let deleted = self.deleted.map_or_else(String::new, |deleted| deleted.micros().to_string());
        let digest = digest::sha256_parts(&[
            b"keyward user version v1",
            self.login.shown().as_bytes(),
            self.name.as_bytes(),
            self.email.as_deref().unwrap_or("").as_bytes(),
            self.role.as_str().as_bytes(),
            self.status.as_str().as_bytes(),
            self.language.as_deref().unwrap_or("").as_bytes(),
            &groups,
            &[u8::from(self.break_glass)],
            deleted.as_bytes(),
            external_id.as_deref().unwrap_or("").as_bytes(),
            manager.as_ref().map_or(&[], |manager| manager.as_bytes().as_slice()),
            &told,
        ]);
        encoding::hex(digest.first_chunk::<8>().unwrap_or(&[0; 8]))
    }
}

named_enum! {
    /// Whether an account may be used.
    pub enum UserStatus {
        /// It may.
        Enabled = "enabled",
        /// Nobody signs in to it, and nothing it was granted works.
        Disabled = "disabled",
    }
}

/// What a person types to say who they are: an e-mail address or a user name.
///
/// Two spellings with the same key are the same account, so there is one bucket of tries for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    shown: String,
    key: String,
}

/// Longest login in characters, after trimming.
pub const LONGEST_LOGIN: usize = 254;

impl Login {
    /// Reads what was typed: 1 to 254 characters without control characters, after trimming.
    pub fn parse(text: &str) -> Result<Self, LoginRefusal> {
        let shown = text.trim();
        if shown.is_empty() {
            return Err(LoginRefusal::Empty);
        }
        // Bytes first: nobody makes us normalise a megabyte.
        if shown.len() > LONGEST_LOGIN * 4 || shown.chars().count() > LONGEST_LOGIN {
            return Err(LoginRefusal::TooLong);
        }
        if shown.chars().any(is_control) {
            return Err(LoginRefusal::ControlCharacter);
        }
        let key = login_key(shown);
        if key.is_empty() {
            return Err(LoginRefusal::Empty);
        }
        Ok(Self { shown: shown.to_owned(), key })
    }

    /// From a row: the spelling that was chosen when the account was added.
    pub fn from_stored(shown: String) -> Self {
        let key = login_key(&shown);
        Self { shown, key }
    }

    /// The spelling to show.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The key under which the account is found, the same for every spelling.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// NFKC, lower case, NFKC again (lower-casing may decompose), trimmed.
fn login_key(shown: &str) -> String {
    // ASCII is its own NFKC, and a key is computed wherever an account is read.
    if shown.is_ascii() {
        return shown.to_ascii_lowercase().trim().to_owned();
    }
    let folded: String = shown.nfkc().flat_map(char::to_lowercase).collect();
    folded.nfkc().collect::<String>().trim().to_owned()
}

/// Control characters, and those that turn the direction of the text around them: a name that holds them
/// can pose as another.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Why a text is no login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginRefusal {
    /// Nothing was typed.
    Empty,
    /// More than 254 characters.
    TooLong,
    /// It holds a control or direction character.
    ControlCharacter,
}

impl LoginRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            LoginRefusal::Empty => "login_empty",
            LoginRefusal::TooLong => "login_too_long",
            LoginRefusal::ControlCharacter => "login_control_character",
        }
    }
}

/// Reads an e-mail address as far as a server that only sends to it must: something, one `@`, something, without
/// white space and control characters, 254 characters at most (RFC 5321 section 4.5.3.1).
pub fn parse_email(text: &str) -> Result<String, EmailRefusal> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(EmailRefusal)?;
    let odd = |character: char| is_control(character) || character.is_whitespace();
    if local.is_empty() || domain.is_empty() || text.len() > LONGEST_LOGIN || text.chars().any(odd) {
        return Err(EmailRefusal);
    }
    if local.contains('@') { Err(EmailRefusal) } else { Ok(text.to_owned()) }
}

/// A text that is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmailRefusal;

impl EmailRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        "email_form"
    }
}

/// Longest name of a person in characters.
pub const LONGEST_NAME: usize = 120;

/// Reads the name of a person: 1 to 120 characters without control characters, trimmed.
pub fn parse_name(text: &str) -> Result<String, NameRefusal> {
    bounded_text(text, LONGEST_NAME)
}

/// Reads a text that pages show: 1 to `longest` characters without control characters, trimmed.
pub fn bounded_text(text: &str, longest: usize) -> Result<String, NameRefusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NameRefusal::Empty);
    }
    if text.len() > longest.saturating_mul(4) || text.chars().count() > longest {
        return Err(NameRefusal::TooLong);
    }
    if text.chars().any(is_control) {
        return Err(NameRefusal::ControlCharacter);
    }
    Ok(text.nfc().collect())
}

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRefusal {
    /// Nothing was typed.
    Empty,
    /// Longer than the field allows.
    TooLong,
    /// It holds a control or direction character.
    ControlCharacter,
}

impl NameRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            NameRefusal::Empty => "name_empty",
            NameRefusal::TooLong => "name_too_long",
            NameRefusal::ControlCharacter => "name_control_character",
        }
    }
}

#[cfg(test)]
mod tests;
