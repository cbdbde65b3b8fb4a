//! Which passkey a command means, and the server that it belongs to.

use std::path::PathBuf;

use super::Failure;
use crate::holder::{About, Passkey};
use crate::server::{Origin, Server};
use crate::text::Text;

/// The passkey whose id begins with `wanted`, or the only one for that site or of that account.
pub(super) fn one<'a>(passkeys: &'a [Passkey], wanted: &str, refusal: &str) -> Result<&'a Passkey, Failure> {
    let exact: Vec<&Passkey> = passkeys.iter().filter(|passkey| passkey.id == wanted).collect();
    let begun = |passkey: &&Passkey| wanted.len() >= 4 && passkey.id.starts_with(wanted);
    let named = |passkey: &&Passkey| {
        passkey.site == wanted
            || passkey.account == wanted
            || passkey.about.name.as_deref() == Some(wanted)
            || format!("{}@{}", passkey.account, passkey.site) == wanted
    };
    let found = if exact.is_empty() {
        passkeys.iter().filter(|passkey| begun(passkey) || named(passkey)).collect()
    } else {
        exact
    };
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::refused(format!("{refusal}: the vault has no passkey that is called {wanted}."))),
        several => Err(Failure::refused(format!(
            "{refusal}: {} passkeys are called {wanted}; say the id that `keyfob list` shows.",
            several.len()
        ))),
    }
}

/// The server that a passkey was created for, if that is known; `ca` instead of the file that was used then.
pub(super) fn server(
    about: &About,
    ca: Option<&PathBuf>,
    text: Text,
    refusal: &str,
) -> Result<Option<Server>, Failure> {
    let Some(origin) = &about.server else { return Ok(None) };
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{refusal}: {error}."));
    let origin = Origin::parse(origin).map_err(|error| failed(&error))?;
    let ca = ca.or(about.ca.as_ref());
    Server::new(origin, ca.map(PathBuf::as_path), text.tag()).map(Some).map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passkey(id: &str, site: &str, account: &str) -> Passkey {
        Passkey {
            id: id.to_owned(),
            site: site.to_owned(),
            account: account.to_owned(),
            user: format!("handle of {account}"),
            display_name: String::new(),
            created: String::new(),
            last_used: None,
            about: About::default(),
        }
    }

    #[test]
    fn one_is_meant_or_none() {
        let all = [
            passkey("AAAA1111", "example.org", "ana"),
            passkey("AAAA2222", "example.org", "bob"),
            passkey("BBBB3333", "example.com", "ana"),
        ];
        let id = |wanted: &str| one(&all, wanted, "Nothing").map(|passkey| passkey.id.clone()).ok();
        assert_eq!(id("AAAA2").as_deref(), Some("AAAA2222"));
        assert_eq!(id("example.com").as_deref(), Some("BBBB3333"));
        assert_eq!(id("bob").as_deref(), Some("AAAA2222"));
        assert_eq!(id("ana@example.org").as_deref(), Some("AAAA1111"));
        for ambiguous in ["AAAA", "AAA", "ana", "example.org", "nobody", ""] {
            assert_eq!(id(ambiguous), None, "{ambiguous}");
        }
    }
}
