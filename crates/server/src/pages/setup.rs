//! The first run: IN-1 to IN-3.

use askama::Template;

use super::Shell;

/// IN-1, `/setup` before anybody is signed in: the address is for ever, and the pass stands in the terminal.
#[derive(Template)]
#[template(path = "setup/start.html")]
pub struct SetupStart {
    /// The frame.
    pub shell: Shell,
    /// The relying party's id.
    pub relying_party: String,
    /// The address that people use.
    pub origin: String,
    /// The login name that the terminal printed with the pass.
    pub login: String,
}

impl SetupStart {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("setup-start-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// IN-2, `/setup` for the first administrator.
#[derive(Template)]
#[template(path = "setup/person.html")]
pub struct SetupPerson {
    /// The frame.
    pub shell: Shell,
    /// The relying party's id.
    pub relying_party: String,
    /// What the text box "Your name" holds.
    pub name: String,
    /// What the text box "Your email address" holds.
    pub email: String,
    /// What is wrong.
    pub problem: Option<PersonProblem>,
}

/// What is wrong with the first administrator's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonProblem {
    /// No name, or too long a one.
    Name,
    /// No usable address.
    Email,
    /// Another account has the address.
    EmailTaken,
}

impl PersonProblem {
    fn key(self) -> &'static str {
        match self {
            PersonProblem::Name => "setup-name-wrong",
            PersonProblem::Email => "setup-email-wrong",
            PersonProblem::EmailTaken => "setup-email-taken",
        }
    }

    fn about_name(self) -> bool {
        self == PersonProblem::Name
    }
}

impl SetupPerson {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("setup-person-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn name_failed(&self) -> bool {
        self.problem.is_some_and(PersonProblem::about_name)
    }

    fn email_failed(&self) -> bool {
        self.problem.is_some_and(|problem| !problem.about_name())
    }
}

/// IN-3, `/setup` until two passkeys exist.
#[derive(Template)]
#[template(path = "setup/passkeys.html")]
pub struct SetupPasskeys {
    /// The frame.
    pub shell: Shell,
    /// How many passkeys the administrator has.
    pub have: i64,
}

impl SetupPasskeys {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("setup-passkeys-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn first(&self) -> bool {
        self.have >= 1
    }

    fn second(&self) -> bool {
        self.have >= 2
    }
}
