//! LP-1, `/help/signin`, and LP-2, `/recover`: the same for everybody.

use account::pass_request::Reason;
use askama::Template;

use super::Shell;

/// The key of what happened, as a person says it.
pub fn cause_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Lost => "lost-cause-lost",
        Reason::NewPhone => "lost-cause-new-phone",
        Reason::NoPasskey => "lost-cause-no-passkey",
        Reason::Forgotten => "lost-cause-forgotten",
        Reason::Never => "lost-cause-never",
    }
}

/// What to try, in this order.
fn ways(reason: Reason) -> &'static [&'static str] {
    match reason {
        Reason::Lost => &[
            "lost-way-other-passkey",
            "lost-way-recovery-code",
            "lost-way-computer",
            "lost-way-ask",
            "lost-thief",
        ],
        Reason::NewPhone => &[
            "lost-way-same-account",
            "lost-way-iphone",
            "lost-way-android",
            "lost-way-other-passkey",
            "lost-way-computer",
            "lost-way-recovery-code",
            "lost-way-ask",
        ],
        Reason::NoPasskey => &[
            "lost-way-bluetooth",
            "lost-way-lock",
            "lost-way-window",
            "lost-way-same-account",
            "lost-way-other-passkey",
            "lost-way-ask",
        ],
        Reason::Forgotten => {
            &["lost-way-passkey-instead", "lost-way-recovery-code", "lost-way-computer", "lost-way-ask"]
        }
        Reason::Never => &["lost-way-first"],
    }
}

/// One of the answers to "What happened?".
pub struct Cause {
    /// As the form sends it.
    pub code: &'static str,
    /// Its words.
    pub key: &'static str,
    /// It is chosen.
    pub chosen: bool,
}

fn causes(chosen: Option<Reason>) -> Vec<Cause> {
    let cause = |reason: &Reason| Cause {
        code: reason.as_str(),
        key: cause_key(*reason),
        chosen: chosen == Some(*reason),
    };
    Reason::ALL.iter().map(cause).collect()
}

/// LP-1.
#[derive(Template)]
#[template(path = "lost/start.html")]
pub struct CannotSignIn {
    /// The frame.
    pub shell: Shell,
    /// What happened, once it was chosen.
    pub reason: Option<Reason>,
    /// How to reach the people who can help.
    pub contact: Option<String>,
}

impl CannotSignIn {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("lost-start-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn causes(&self) -> Vec<Cause> {
        causes(self.reason)
    }

    fn ways(&self) -> &'static [&'static str] {
        self.reason.map_or(&[], ways)
    }
}

/// What is wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskProblem {
    /// No name.
    Identifier,
    /// No way to reach the person.
    Contact,
    /// Too much about the colleague.
    Colleague,
    /// Nothing chosen.
    Reason,
    /// Too many from this address (G-7).
    TooMany {
        /// Minutes until the next one is taken.
        minutes: i64,
    },
}

/// LP-2.
#[derive(Template)]
#[template(path = "lost/ask.html")]
pub struct AskForPass {
    /// The frame.
    pub shell: Shell,
    /// What was typed as name.
    pub identifier: String,
    /// How to reach the person, as typed.
    pub reach: String,
    /// Who can vouch, as typed.
    pub colleague: String,
    /// What happened.
    pub reason: Option<Reason>,
    /// Requests are taken here.
    pub taken: bool,
    /// What is wrong with it.
    pub problem: Option<AskProblem>,
    /// How to reach the people who can help.
    pub contact: Option<String>,
}

impl AskForPass {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("recover-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn is(&self, problem: AskProblem) -> bool {
        self.problem == Some(problem)
    }

    fn causes(&self) -> Vec<Cause> {
        causes(self.reason)
    }

    fn sentence(&self, problem: &AskProblem) -> String {
        let shell = &self.shell;
        match problem {
            AskProblem::Identifier => shell.say("identifier-empty").to_string(),
            AskProblem::Contact => shell.say("recover-contact-missing").to_string(),
            AskProblem::Colleague => shell.say("recover-colleague-long").to_string(),
            AskProblem::Reason => shell.say("recover-reason-missing").to_string(),
            AskProblem::TooMany { minutes } => {
                shell.say("too-many-tries").count("minutes", minutes).to_string()
            }
        }
    }
}

/// LP-2 after the request was taken; the same whether the account exists or not.
#[derive(Template)]
#[template(path = "lost/asked.html")]
pub struct Asked {
    /// The frame.
    pub shell: Shell,
    /// The reference of the request; nothing when the page is opened again later.
    pub reference: Option<String>,
    /// How to reach the people who can help.
    pub contact: Option<String>,
}

impl Asked {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        match self.reference {
            Some(_) => self.shell.say("recover-sent-heading").to_string(),
            None => self.shell.say("recover-heading").to_string(),
        }
    }

    fn failed(&self) -> bool {
        false
    }
}
