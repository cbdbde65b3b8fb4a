//! Where a sign-in continues to: one of our own pages, by name and id and never by URL.

use account::passkey::PasskeyId;
use serde::{Deserialize, Serialize};

/// A page that may wait behind the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", content = "id", rename_all = "kebab-case")]
pub enum Destination {
    /// Security info.
    Security,
    /// The wizard.
    Add,
    /// The list of sessions.
    Sessions,
    /// The first run.
    Setup,
    /// Details of a passkey.
    Passkey(PasskeyId),
    /// Its name.
    Rename(PasskeyId),
    /// Its removal.
    Remove(PasskeyId),
    /// Its first try.
    Try(PasskeyId),
}

impl Destination {
    /// The page at `path`, if it may wait behind the sign-in.
    pub fn of(path: &str) -> Option<Self> {
        let path = path.split('?').next().unwrap_or_default();
        match path {
            "/me/security" => return Some(Self::Security),
            "/me/security/add" => return Some(Self::Add),
            "/me/sessions" => return Some(Self::Sessions),
            "/setup" => return Some(Self::Setup),
            _ => {}
        }
        if let Some(id) = path.strip_prefix("/me/security/add/").and_then(|rest| rest.strip_suffix("/try")) {
            return id.parse().ok().map(Self::Try);
        }
        let (id, rest) = {
            let rest = path.strip_prefix("/me/security/passkeys/")?;
            rest.split_once('/').map_or((rest, ""), |(id, rest)| (id, rest))
        };
        let id = id.parse().ok()?;
        match rest {
            "" => Some(Self::Passkey(id)),
            "rename" => Some(Self::Rename(id)),
            "remove" => Some(Self::Remove(id)),
            _ => None,
        }
    }

    /// Its address.
    pub fn path(&self) -> String {
        match self {
            Self::Security => "/me/security".to_owned(),
            Self::Add => "/me/security/add".to_owned(),
            Self::Sessions => "/me/sessions".to_owned(),
            Self::Setup => "/setup".to_owned(),
            Self::Passkey(id) => format!("/me/security/passkeys/{id}"),
            Self::Rename(id) => format!("/me/security/passkeys/{id}/rename"),
            Self::Remove(id) => format!("/me/security/passkeys/{id}/remove"),
            Self::Try(id) => format!("/me/security/add/{id}/try"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_leads_back_to_itself_and_no_url_is_one() {
        let id = "0193a1b2-0000-7000-8000-000000000001";
        for path in [
            "/me/security".to_owned(),
            "/me/security/add".to_owned(),
            "/me/sessions".to_owned(),
            "/setup".to_owned(),
            format!("/me/security/passkeys/{id}"),
            format!("/me/security/passkeys/{id}/rename"),
            format!("/me/security/passkeys/{id}/remove"),
            format!("/me/security/add/{id}/try"),
        ] {
            assert_eq!(Destination::of(&path).unwrap().path(), path);
        }
        for alien in [
            "//evil.example",
            "https://evil.example/me/security",
            "/me/security/passkeys/../../x",
            "/me/security/passkeys/",
            "/signout",
            "",
            "/me/security/",
        ] {
            assert_eq!(Destination::of(alien), None, "{alien}");
        }
    }
}
