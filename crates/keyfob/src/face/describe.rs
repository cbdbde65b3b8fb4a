//! A question in words: the site first, then the account, then what happens and who asks.

use authenticator::ctap2::{Account, Question};
use authenticator::token::Permissions;
use fido::ctap::Status;

use super::Via;
use crate::server::plain;
use crate::text::Text;

/// Longest name that is shown; sites choose theirs.
const LONGEST: usize = 100;

/// A question as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What it says.
    pub lines: Vec<String>,
    /// The accounts to pick from; empty or one where there is nothing to pick.
    pub accounts: Vec<String>,
    /// Whether the person is to be verified.
    pub verify: bool,
}

/// Puts a question into words. Nothing of a site's can steer the terminal or fill it.
pub fn describe(text: Text, question: &Question, via: &Via) -> Described {
    let site = |rp_id: &str| plain(rp_id, 253);
    let mut accounts = Vec::new();
    let mut lines = Vec::new();
    match question {
        Question::Register { rp_id, rp_name, account, replaces, .. } => {
            let (site, name, account) = (site(rp_id), plain(rp_name, LONGEST), named(account));
            let arguments = [("site", site.as_str()), ("name", name.as_str()), ("account", account.as_str())];
            let id =
                if name.is_empty() || name == site { "approve-register" } else { "approve-register-named" };
            lines.push(text.with(id, &arguments));
            if *replaces {
                lines.push(text.say("approve-replaces"));
            }
        }
        Question::SignIn { rp_id, accounts: all, .. } => {
            accounts = all.iter().map(named).collect();
            let site = site(rp_id);
            lines.push(match accounts.as_slice() {
                [one] => text.with("approve-sign-in", &[("site", &site), ("account", one)]),
                _ => text.with("approve-sign-in-many", &[("site", &site)]),
            });
        }
        Question::Acknowledge { rp_id, status, .. } => {
            let id = if *status == Status::CredentialExcluded { "approve-known" } else { "approve-none" };
            lines.push(text.with(id, &[("site", &site(rp_id))]));
        }
        Question::Select => lines.push(text.say("approve-select")),
        Question::Reset => lines.push(text.say("approve-reset")),
        Question::SetPin => lines.push(text.say("approve-set-pin")),
        Question::Verify { rp_id: Some(rp_id), .. } => {
            lines.push(text.with("approve-verify-site", &[("site", &site(rp_id))]));
        }
        Question::Verify { rp_id: None, .. } => lines.push(text.say("approve-verify")),
    }
    if let Question::Verify { permissions, .. } = question {
        let wider = [
            (Permissions::MAKE_CREDENTIAL, "approve-may-create"),
            (Permissions::CREDENTIAL_MANAGEMENT, "approve-may-manage"),
            (Permissions::AUTHENTICATOR_CONFIG, "approve-may-configure"),
        ];
        let asked = wider.into_iter().filter(|(permission, _)| permissions.include(*permission));
        lines.extend(asked.map(|(_, id)| text.say(id)));
    }
    lines.push(match via {
        Via::SecurityKey => text.say("approve-via-key"),
        Via::OtherDevice => text.say("approve-via-device"),
        Via::LinkedDevice { name } => text.with("approve-via-linked", &[("device", &plain(name, LONGEST))]),
        Via::Server { origin } => text.with("approve-via-server", &[("server", &plain(origin, 300))]),
    });
    let verify = match question {
        Question::Register { verify, .. }
        | Question::SignIn { verify, .. }
        | Question::Acknowledge { verify, .. } => *verify,
        Question::Verify { .. } | Question::SetPin => true,
        Question::Select | Question::Reset => false,
    };
    Described { lines, accounts, verify }
}

fn named(account: &Account) -> String {
    let (name, display) = (plain(&account.name, LONGEST), plain(&account.display_name, LONGEST));
    match (name.is_empty(), display.is_empty() || display == name) {
        (true, true) => "?".to_owned(),
        (true, false) => display,
        (false, true) => name,
        (false, false) => format!("{name} ({display})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str, display: &str) -> Account {
        Account { user_handle: vec![1], name: name.to_owned(), display_name: display.to_owned() }
    }

    #[test]
    fn a_registration_names_site_account_and_who_asks() {
        let question = Question::Register {
            rp_id: "example.org".to_owned(),
            rp_name: "Example".to_owned(),
            account: account("ana@example.org", "Ana"),
            replaces: true,
            verify: true,
        };
        let described = describe(Text::English, &question, &Via::OtherDevice);
        assert_eq!(
            described.lines,
            [
                "example.org (it calls itself \"Example\") wants to create a passkey for ana@example.org (Ana).",
                "It takes the place of the passkey that you have there.",
                "ANOTHER DEVICE asks for this, over the code that you scanned.",
            ]
        );
        assert!(described.verify);
    }

    #[test]
    fn a_device_that_comes_without_a_code_is_named() {
        let question = Question::SignIn {
            rp_id: "example.org".to_owned(),
            accounts: vec![account("ana", "")],
            verify: true,
        };
        let via = Via::LinkedDevice { name: "office".to_owned() };
        assert_eq!(
            describe(Text::English, &question, &via).lines,
            [
                "Sign in to example.org as ana?",
                "ANOTHER DEVICE asks for this, without a code: the one that you call \"office\"."
            ]
        );
    }

    #[test]
    fn names_of_a_site_steer_no_terminal() {
        let question = Question::SignIn {
            rp_id: "example.org\u{1b}[2J".to_owned(),
            accounts: vec![account("\u{1b}]0;x\u{7}ana", &"x".repeat(9999)), account("", "")],
            verify: false,
        };
        let described = describe(Text::German, &question, &Via::SecurityKey);
        let all = [described.lines.clone(), described.accounts.clone()].concat().join("");
        assert!(!all.contains(|character: char| character.is_control()), "{all:?}");
        assert!(all.len() < 600, "{}", all.len());
        assert_eq!(described.accounts[1], "?");
        assert!(!described.verify);
    }

    #[test]
    fn whoever_wants_more_than_to_sign_in_says_so() {
        let verify = |permissions| Question::Verify { rp_id: None, permissions };
        let all = Permissions::CREDENTIAL_MANAGEMENT.and(Permissions::AUTHENTICATOR_CONFIG);
        for (permissions, words) in [
            (Permissions::LARGE_BLOB_WRITE, &[][..]),
            (Permissions::CREDENTIAL_MANAGEMENT, &["delete"]),
            (Permissions::AUTHENTICATOR_CONFIG, &["settings"]),
            (all, &["delete", "settings"]),
        ] {
            let lines = describe(Text::English, &verify(permissions), &Via::SecurityKey).lines;
            assert_eq!(lines.len(), 2 + words.len(), "{lines:?}");
            assert!(words.iter().zip(&lines[1..]).all(|(word, line)| line.contains(word)), "{lines:?}");
        }
    }

    #[test]
    fn whoever_may_act_for_minutes_is_verified() {
        let verify = |permissions| Question::Verify { rp_id: None, permissions };
        let described = describe(Text::English, &verify(Permissions::DEFAULT), &Via::SecurityKey);
        assert!(described.verify);
        assert_eq!(described.lines.len(), 3, "what it may do, for how long, and who asks");
        let reset = describe(Text::English, &Question::Reset, &Via::SecurityKey);
        assert!(reset.lines[0].contains("EVERY"));
    }
}
