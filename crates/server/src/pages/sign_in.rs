//! Signing in and out: SI-1, SI-2, SI-3, help, signed out.

use askama::Template;
use primitives::time::Timestamp;

use super::{Ceremony, Shell};
use crate::text::Html;

/// SI-1, `/signin`.
#[derive(Template)]
#[template(path = "sign_in/start.html")]
pub struct SignIn {
    /// The frame.
    pub shell: Shell,
    /// What the text box holds.
    pub identifier: String,
    /// What is wrong with it.
    pub problem: Option<IdentifierProblem>,
    /// Accounts that this browser remembers, last used first.
    pub known: Vec<KnownAccount>,
    /// The account that is signed in already, with where it continues to.
    pub continue_as: Option<ContinueAs>,
    /// Two tries with a passkey failed: other ways stand first (experience R42).
    pub other_ways_first: bool,
    /// Why the person is here again, if not of their own will (G-8).
    pub ended: Option<SessionEnd>,
    /// The relying-party ID before a move, whose passkeys are still taken.
    pub former: Option<String>,
}

/// What is wrong with an identifier. Never that nobody has it (experience R44).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifierProblem {
    /// Nothing was typed.
    Empty,
    /// More than 254 characters, or control characters.
    Malformed,
}

impl IdentifierProblem {
    /// Its message.
    pub fn key(self) -> &'static str {
        match self {
            IdentifierProblem::Empty => "identifier-empty",
            IdentifierProblem::Malformed => "identifier-malformed",
        }
    }
}

/// An account that this browser remembers.
#[derive(Clone, Debug)]
pub struct KnownAccount {
    /// Login name, posted as `identifier`.
    pub login: String,
    /// Display name; the login name if none is remembered.
    pub name: String,
}

impl KnownAccount {
    fn initial(&self) -> String {
        self.name.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }
}

/// The account that is signed in already.
#[derive(Clone, Debug)]
pub struct ContinueAs {
    /// Display name.
    pub name: String,
    /// A path of ours.
    pub to: String,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// Nothing happened for too long, or it reached its greatest age.
    TimedOut,
    /// Somebody ended it, from another device or as an administrator; or nothing is known of it any more.
    Over,
    /// The pass that opened it ended.
    PassEnded,
    /// The account was turned off.
    AccountDisabled,
    /// It is not over, and proves less than policy asks for.
    Stronger,
    /// It is not over, and the application that waits wants a new one.
    Again,
}

impl SessionEnd {
    const ALL: [SessionEnd; 6] = [
        SessionEnd::TimedOut,
        SessionEnd::Over,
        SessionEnd::PassEnded,
        SessionEnd::AccountDisabled,
        SessionEnd::Stronger,
        SessionEnd::Again,
    ];

    /// As in the address that a person is led to.
    pub fn code(self) -> &'static str {
        match self {
            SessionEnd::TimedOut => "time",
            SessionEnd::Over => "over",
            SessionEnd::PassEnded => "pass",
            SessionEnd::AccountDisabled => "account",
            SessionEnd::Stronger => "stronger",
            SessionEnd::Again => "again",
        }
    }

    /// The end of an address.
    pub fn parse(code: &str) -> Option<SessionEnd> {
        SessionEnd::ALL.into_iter().find(|end| end.code() == code)
    }

    /// Its message.
    pub fn key(self) -> &'static str {
        match self {
            SessionEnd::TimedOut => "session-end-timed-out",
            SessionEnd::Over => "session-end-over",
            SessionEnd::PassEnded => "session-end-pass-ended",
            SessionEnd::AccountDisabled => "session-end-account-disabled",
            SessionEnd::Stronger => "session-end-stronger",
            SessionEnd::Again => "session-end-again",
        }
    }
}

impl SignIn {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("sign-in-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A way to sign in, as far as it is offered before anybody is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A passkey.
    Passkey,
    /// A temporary access pass.
    TemporaryPass,
    /// A password, with a second step.
    Password,
    /// A recovery code.
    RecoveryCode,
}

/// SI-2, `/signin/method`: the same for every identifier.
#[derive(Template)]
#[template(path = "sign_in/method.html")]
pub struct ChooseMethod {
    /// The frame.
    pub shell: Shell,
    /// Who signs in, if they said so.
    pub identifier: Option<String>,
    /// What this browser used last; stands first.
    pub last_used: Option<Method>,
    /// What the organisation takes beside passkeys and passes; nothing about anybody.
    pub beside: Vec<Method>,
}

impl ChooseMethod {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("method-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }

    fn takes_passwords(&self) -> bool {
        self.beside.contains(&Method::Password)
    }

    fn takes_recovery_codes(&self) -> bool {
        self.beside.contains(&Method::RecoveryCode)
    }

    fn pass_first(&self) -> bool {
        self.last_used == Some(Method::TemporaryPass)
    }
}

/// SI-3, `/signin/tap`.
#[derive(Template)]
#[template(path = "sign_in/tap.html")]
pub struct EnterPass {
    /// The frame.
    pub shell: Shell,
    /// What the text box holds, or who was named before.
    pub identifier: String,
    /// The identifier was given in an earlier step: it is shown with a link to change it, not asked for again
    /// (experience R56).
    pub identifier_known: bool,
    /// Why the last try led nowhere.
    pub problem: Option<PassProblem>,
}

/// Why a pass did not let somebody in. Everything beyond `Wrong` is told only to who typed a value that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassProblem {
    /// No identifier was typed.
    IdentifierMissing,
    /// No pass was typed.
    Missing,
    /// The check character does not fit: a slip, which costs no try.
    Slip,
    /// Not right.
    Wrong {
        /// Tries left, told from the third wrong one on.
        left: Option<i64>,
    },
    /// Right, but it starts later.
    NotYetValid {
        /// When.
        from: Timestamp,
    },
    /// Right, but over.
    Expired {
        /// Since when.
        at: Timestamp,
    },
    /// Right, but good for one use only, which was made.
    Used {
        /// When.
        at: Timestamp,
    },
    /// Right, but withdrawn or replaced by a newer one.
    Revoked,
    /// Ended by ten wrong tries.
    Locked,
    /// The organisation does not take passes, or not from this account.
    NotAllowed,
    /// The account is turned off.
    AccountDisabled,
    /// Too many tries by this person or from here (G-7).
    TooMany {
        /// Minutes until the next try counts.
        minutes: i64,
    },
}

impl PassProblem {
    /// Whether it is about the identifier's text box.
    fn about_identifier(self) -> bool {
        matches!(self, PassProblem::IdentifierMissing)
    }

    /// Whether the person typed something that they can put right.
    fn about_pass(self) -> bool {
        matches!(self, PassProblem::Missing | PassProblem::Slip | PassProblem::Wrong { .. })
    }
}

impl EnterPass {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("tap-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn identifier_failed(&self) -> bool {
        self.problem.is_some_and(PassProblem::about_identifier)
    }

    fn pass_failed(&self) -> bool {
        self.problem.is_some_and(PassProblem::about_pass)
    }

    fn sentence(&self, problem: &PassProblem) -> Html {
        let shell = &self.shell;
        match problem {
            PassProblem::IdentifierMissing => shell.say("identifier-empty").html(),
            PassProblem::Missing => shell.say("tap-missing").html(),
            PassProblem::Slip => shell.say("tap-slip").html(),
            PassProblem::Wrong { left: None } => shell.say("tap-wrong").html(),
            PassProblem::Wrong { left: Some(left) } => {
                shell.say("tap-wrong-left").count("count", left).html()
            }
            PassProblem::NotYetValid { from } => shell.say("tap-not-yet-valid").at("from", from).html(),
            PassProblem::Expired { at } => shell.say("tap-expired").at("at", at).html(),
            PassProblem::Used { at } => shell.say("tap-used").at("at", at).html(),
            PassProblem::Revoked => shell.say("tap-revoked").html(),
            PassProblem::Locked => shell.say("tap-locked").html(),
            PassProblem::NotAllowed => shell.say("tap-not-allowed").html(),
            PassProblem::AccountDisabled => shell.say("tap-account-disabled").html(),
            PassProblem::TooMany { minutes } => shell.say("too-many-tries").count("minutes", minutes).html(),
        }
    }
}

/// `/help`: the same for everybody, and reveals nothing.
#[derive(Template)]
#[template(path = "sign_in/help.html")]
pub struct Help {
    /// The frame.
    pub shell: Shell,
    /// How to reach the people who can help, as the organisation configured it.
    pub contact: Option<String>,
}

impl Help {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("help-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// `/signed-out` (OC-5).
#[derive(Template)]
#[template(path = "sign_in/signed_out.html")]
pub struct SignedOut {
    /// The frame.
    pub shell: Shell,
    /// Names of the applications that were also signed out.
    pub applications: Vec<String>,
    /// Those that are told in a frame (OpenID Connect Front-Channel Logout 1.0), by name and address.
    pub frames: Vec<(String, String)>,
    /// The application that asked for it, with where it wants the person to be led: an address that it registered.
    pub go_on: Option<(String, String)>,
}

impl SignedOut {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("signed-out-heading").to_string()
    }

    /// Whether a script leads on as soon as every frame has loaded.
    fn leads_on(&self) -> bool {
        self.go_on.is_some() && !self.frames.is_empty()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// `/oauth/end-session` (OC-5): whether to sign out, where nothing shows that the application may ask for it.
#[derive(Template)]
#[template(path = "logout/ask.html")]
pub struct AskToSignOut {
    /// The frame.
    pub shell: Shell,
    /// The application that asks, if it says which it is.
    pub application: Option<String>,
    /// What is asked for, sealed.
    pub request: String,
}

impl AskToSignOut {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("logout-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
