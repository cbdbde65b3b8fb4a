//! Where a sign-in continues to: one of our own pages, by name and id and never by URL.

use std::fmt;

use account::audit::EventId;
use account::passkey::PasskeyId;
use primitives::encoding;
use serde::{Deserialize, Serialize};
use service::enrol_phone::Ticket;

/// A page that may wait behind the sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", content = "id", rename_all = "kebab-case")]
pub enum Destination {
    /// Security info.
    Security,
    /// The wizard.
    Add,
    /// The list of sessions.
    Sessions,
    /// What the person was told.
    Notices,
    /// Making a lost device useless.
    Secure,
    /// The helpdesk's inbox.
    Requests,
    /// The sign-in history.
    History,
    /// An entry of it, reached from a notice.
    HistoryEntry(EventId),
    /// What to do about it.
    NotMe(EventId),
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
    /// The companion.
    Companion,
    /// A page of the console, by its path: words, ids and slashes.
    Console(String),
    /// An errand that a phone has taken up.
    Enrol(ErrandTicket),
    /// The application whose request waits in a cookie of its own.
    Application,
    /// Typing the code of a device.
    Device,
}

/// The ticket of an errand, as it travels in the sealed cookie. It grants nothing.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrandTicket([u8; 16]);

impl ErrandTicket {
    /// The same as in addresses.
    pub fn of(ticket: &Ticket) -> Option<Self> {
        let bytes = encoding::from_base64url(&ticket.to_string())?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for ErrandTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::base64url(&self.0))
    }
}

impl fmt::Debug for ErrandTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrandTicket(…)")
    }
}

impl Destination {
    /// The page at `path`, if it may wait behind the sign-in.
    pub fn of(path: &str) -> Option<Self> {
        let path = path.split('?').next().unwrap_or_default();
        match path {
            "/me/security" => return Some(Self::Security),
            "/me/security/add" => return Some(Self::Add),
            "/me/sessions" => return Some(Self::Sessions),
            "/me/notices" => return Some(Self::Notices),
            "/me/secure" => return Some(Self::Secure),
            "/admin/requests" => return Some(Self::Requests),
            "/me/history" => return Some(Self::History),
            "/setup" => return Some(Self::Setup),
            "/a/" => return Some(Self::Companion),
            "/authorize/continue" => return Some(Self::Application),
            "/device" => return Some(Self::Device),
            _ => {}
        }
        if is_of_console(path) {
            return Some(Self::Console(path.to_owned()));
        }
        if let Some(ticket) = path.strip_prefix("/a/e/") {
            return ticket.parse().ok().and_then(|ticket| ErrandTicket::of(&ticket)).map(Self::Enrol);
        }
        if let Some(id) = path.strip_prefix("/me/security/add/").and_then(|rest| rest.strip_suffix("/try")) {
            return id.parse().ok().map(Self::Try);
        }
        if let Some(rest) = path.strip_prefix("/me/history/") {
            return match rest.strip_suffix("/not-me") {
                Some(id) => id.parse().ok().map(Self::NotMe),
                None => rest.parse().ok().map(Self::HistoryEntry),
            };
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
            Self::Notices => "/me/notices".to_owned(),
            Self::Secure => "/me/secure".to_owned(),
            Self::Requests => "/admin/requests".to_owned(),
            Self::Console(path) => path.clone(),
            Self::History => "/me/history".to_owned(),
            Self::HistoryEntry(id) => format!("/me/history/{id}"),
            Self::NotMe(id) => format!("/me/history/{id}/not-me"),
            Self::Setup => "/setup".to_owned(),
            Self::Passkey(id) => format!("/me/security/passkeys/{id}"),
            Self::Rename(id) => format!("/me/security/passkeys/{id}/rename"),
            Self::Remove(id) => format!("/me/security/passkeys/{id}/remove"),
            Self::Try(id) => format!("/me/security/add/{id}/try"),
            Self::Companion => "/a/".to_owned(),
            Self::Enrol(ticket) => format!("/a/e/{ticket}"),
            Self::Application => "/authorize/continue".to_owned(),
            Self::Device => "/device".to_owned(),
        }
    }
}

/// Whether `path` is one of the console's. A path of such parts names no other host and no query.
fn is_of_console(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/admin") else { return false };
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    path.len() <= 120
        && (rest.is_empty() || rest.strip_prefix('/').is_some_and(|rest| rest.split('/').all(part)))
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
            "/me/notices".to_owned(),
            "/me/secure".to_owned(),
            "/admin/requests".to_owned(),
            "/admin".to_owned(),
            format!("/admin/users/{id}"),
            "/me/history".to_owned(),
            format!("/me/history/{id}"),
            format!("/me/history/{id}/not-me"),
            "/setup".to_owned(),
            format!("/me/security/passkeys/{id}"),
            format!("/me/security/passkeys/{id}/rename"),
            format!("/me/security/passkeys/{id}/remove"),
            format!("/me/security/add/{id}/try"),
            "/a/".to_owned(),
            "/a/e/AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            "/authorize/continue".to_owned(),
            "/device".to_owned(),
        ] {
            assert_eq!(Destination::of(&path).unwrap().path(), path);
        }
        for alien in [
            "//evil.example",
            "https://evil.example/me/security",
            "/me/security/passkeys/../../x",
            "/me/security/passkeys/",
            "/signout",
            "/a/e/",
            "/a/e/AAAAAAAAAAAAAAAAAAAAAA/claim",
            "",
            "/me/security/",
            "/admin//evil.example",
            "/administrator",
            "/admin/../me",
            "/authorize",
            "/authorize?client_id=x",
        ] {
            assert_eq!(Destination::of(alien), None, "{alien}");
        }
    }
}
