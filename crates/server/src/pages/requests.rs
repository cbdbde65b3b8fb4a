//! The helpdesk's inbox, `/admin/requests`, and the pass that is shown once (AT-3).

use account::pass_request::{Outcome, Reason};
use account::role::Role;
use askama::Template;
use primitives::secret::SecretText;
use primitives::time::{Span, Timestamp};

use super::shell::span;
use super::{Ceremony, Shell};
use crate::qr::Markup;
use crate::text::{Html, Style, Text};

fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Lost => "request-reason-lost",
        Reason::NewPhone => "request-reason-new-phone",
        Reason::NoPasskey => "request-reason-no-passkey",
        Reason::Forgotten => "request-reason-forgotten",
        Reason::Never => "request-reason-never",
    }
}

/// A request in the list.
#[derive(Clone, Debug)]
pub struct RequestLine {
    /// Its id, as in the address.
    pub id: String,
    /// The account's name.
    pub name: String,
    /// The account's login.
    pub login: String,
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: Timestamp,
    /// The reference that the person was shown.
    pub reference: String,
    /// Whoever looks may serve it.
    pub servable: bool,
}

impl RequestLine {
    fn why(&self) -> &'static str {
        reason_key(self.reason)
    }
}

/// The inbox.
#[derive(Template)]
#[template(path = "requests/list.html")]
pub struct RequestList {
    /// The frame.
    pub shell: Shell,
    /// Oldest first.
    pub requests: Vec<RequestLine>,
}

impl RequestList {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("requests-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// Why no pass was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueProblem {
    /// How the person was recognised is missing or too long.
    Checked,
    /// It was not confirmed with a passkey.
    Unconfirmed,
    /// The role does not include it.
    Refused,
    /// Policy does not allow it.
    Policy,
    /// Too many slow hashes.
    Busy,
}

/// One request.
#[derive(Template)]
#[template(path = "requests/detail.html")]
pub struct RequestDetail {
    /// The frame.
    pub shell: Shell,
    /// Its line in the list.
    pub line: RequestLine,
    /// The account's id, which the confirmation names.
    pub user: String,
    /// The account's address.
    pub email: Option<String>,
    /// The account's role.
    pub role: Role,
    /// The account may be used.
    pub enabled: bool,
    /// Names of its passkeys.
    pub passkeys: Vec<String>,
    /// The end of a pass that it has.
    pub pass_ends: Option<Timestamp>,
    /// What the form says.
    pub contact: String,
    /// Who can vouch; may be empty.
    pub colleague: String,
    /// From which browser.
    pub browser: String,
    /// From which address.
    pub address: String,
    /// How it ended, once it has.
    pub closed: Option<(Timestamp, Outcome)>,
    /// Lifetimes that policy allows.
    pub lifetimes: Vec<Span>,
    /// The chosen one.
    pub lifetime: Span,
    /// Good for one use.
    pub once: bool,
    /// How the person was recognised, as typed.
    pub checked: String,
    /// Why no pass was issued.
    pub problem: Option<IssueProblem>,
}

impl RequestDetail {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("request-heading").with("name", &self.line.name).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn role_key(&self) -> &'static str {
        match self.role {
            Role::User => "request-role-user",
            Role::Reader => "role-reader",
            Role::AuthenticationAdministrator => "role-authentication-administrator",
            Role::PolicyAdministrator => "role-policy-administrator",
            Role::PrivilegedAuthenticationAdministrator => "role-privileged-authentication-administrator",
            Role::Helpdesk => "request-role-helpdesk",
            Role::Administrator => "request-role-administrator",
        }
    }

    fn unchecked(&self) -> bool {
        self.problem == Some(IssueProblem::Checked)
    }

    fn sentence(&self, problem: &IssueProblem) -> String {
        let key = match problem {
            IssueProblem::Checked => "request-checked-missing",
            IssueProblem::Unconfirmed => "request-confirm-first",
            IssueProblem::Refused => "request-refused",
            IssueProblem::Policy => "request-lifetime-refused",
            IssueProblem::Busy => "request-busy",
        };
        self.shell.say(key).to_string()
    }

    fn closed_key(&self, outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::PassIssued => "request-closed-pass",
            Outcome::Dismissed => "request-closed-dismissed",
        }
    }

    fn is_chosen(&self, lifetime: &Span) -> bool {
        self.lifetime == *lifetime
    }

    fn words(&self, lifetime: &Span) -> String {
        span(self.shell.text, *lifetime)
    }

    fn minutes(&self, lifetime: &Span) -> i64 {
        lifetime.minutes_up()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// AT-3: a pass, once.
#[derive(Template)]
#[template(path = "requests/issued.html")]
pub struct IssuedPass {
    /// The frame.
    pub shell: Shell,
    /// The letter is in the language of whom it is for.
    pub text: Text,
    /// Their name.
    pub name: String,
    /// Their login.
    pub login: String,
    /// The value, in groups.
    pub value: SecretText,
    /// From when it works.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// Good for one use.
    pub one_time: bool,
    /// Where people reach this deployment.
    pub origin: String,
    /// A code of the address for a phone's camera; no secret is in it.
    pub code: Markup,
    /// Who issued it.
    pub issuer: String,
    /// The reference of the request.
    pub serial: String,
}

impl IssuedPass {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("issued-heading").with("name", &self.name).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn shown(&self) -> &str {
        self.value.reveal()
    }

    /// Each character as it is read out.
    fn spelling(&self) -> Vec<String> {
        let characters = self.value.reveal().chars().filter(|character| character.is_ascii_alphanumeric());
        characters.map(|character| spelled(self.shell.text, character)).collect()
    }
}

fn spelled(text: Text, character: char) -> String {
    if character.is_ascii_digit() {
        text.say("spell-digit").with("digit", character).to_string()
    } else {
        text.say(&format!("spell-{character}")).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn every_character_of_a_pass_can_be_read_out() {
        for language in Language::ALL {
            for character in account::temporary_pass::ALPHABET {
                let said = spelled(Text::new(language), char::from(*character));
                assert!(said.contains(char::from(*character)) && !said.contains('⟦'), "{said}");
            }
        }
    }
}
