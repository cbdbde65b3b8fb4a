//! `/admin/models`: what is known about models of authenticators, and which roots are trusted.

use account::model::{Broken, Certification};
use askama::Template;
use primitives::time::Timestamp;
use service::metadata::RootRefusal;

use super::Nav;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// What holds of metadata.
#[derive(Clone, Debug)]
pub struct Held {
    /// The blob's number.
    pub number: i64,
    /// When it was taken.
    pub taken: Timestamp,
    /// The day by which there is a newer one.
    pub next_update: Timestamp,
    /// That day is past.
    pub late: bool,
}

/// A model in the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name; empty where nobody knows one.
    pub name: String,
    /// Its AAGUID.
    pub aaguid: String,
    /// Metadata or a root knows it.
    pub known: bool,
    /// Passkeys that say they are of it.
    pub passkeys: i64,
    /// The certification in force.
    pub certification: Option<Certification>,
    /// It checks a finger or a face.
    pub biometric: bool,
    /// Hardware holds its keys.
    pub hardware: bool,
    /// Why its passkeys cannot be relied on.
    pub broken: Option<Broken>,
}

impl Line {
    fn broken_key(&self, broken: &Broken) -> &'static str {
        match broken {
            Broken::Revoked => "models-broken-revoked",
            Broken::AttestationKeyCompromise => "models-broken-attestation",
            Broken::UserVerificationBypass => "models-broken-verification",
            Broken::UserKeyRemoteCompromise => "models-broken-remote",
            Broken::UserKeyPhysicalCompromise => "models-broken-physical",
        }
    }
}

/// A root in the list.
#[derive(Clone, Debug)]
pub struct RootLine {
    /// Its name.
    pub name: String,
    /// SHA-256 of its certificate, in hexadecimal.
    pub sha256: String,
    /// The models that it vouches for; any where empty.
    pub models: Vec<String>,
    /// When its certificate ends.
    pub ends: Option<Timestamp>,
}

/// The page.
#[derive(Template)]
#[template(path = "console/models/list.html")]
pub struct Models {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// What holds, if anything was ever taken.
    pub held: Option<Held>,
    /// There is a place where it is looked for.
    pub looked_for: bool,
    /// Why the last look brought nothing.
    pub last_error: Option<String>,
    /// What could not be read of it.
    pub faults: Vec<String>,
    /// How many things.
    pub unread: i64,
    /// How many models are known.
    pub known: i64,
    /// How many models are shown on all pages together.
    pub found: i64,
    /// Those of this page.
    pub lines: Vec<Line>,
    /// What was searched for.
    pub query: String,
    /// The address of the page before, if there is one.
    pub before: Option<String>,
    /// The address of the page after, if there is one.
    pub after: Option<String>,
    /// Own roots.
    pub roots: Vec<RootLine>,
    /// Whoever looks may change them.
    pub may_edit: bool,
    /// A change was not confirmed with a passkey.
    pub unconfirmed: bool,
}

impl Models {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("console-models").to_string()
    }

    fn failed(&self) -> bool {
        self.unconfirmed
    }

    fn fault_count(&self) -> &i64 {
        &self.unread
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// Why a root is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootProblem {
    /// It cannot be one.
    Refused(RootRefusal),
    /// One of the models is no AAGUID.
    Aaguid,
    /// It is trusted already.
    Known,
    /// There are as many as there may be.
    TooMany,
    /// It was not confirmed with a passkey.
    Unconfirmed,
}

/// What somebody types about a root.
#[derive(Clone, Debug, Default)]
pub struct RootFields {
    /// Its name.
    pub name: String,
    /// Its certificate in PEM.
    pub certificate: String,
    /// AAGUIDs, each on a line.
    pub models: String,
    /// It certifies single authenticators.
    pub single: bool,
    /// Its models hold keys in hardware.
    pub hardware: bool,
    /// Its models check a finger or a face.
    pub biometric: bool,
}

/// What a root is, before it is trusted.
#[derive(Clone, Debug)]
pub struct Review {
    /// What the confirmation names.
    pub terms: String,
    /// SHA-256 of the certificate.
    pub sha256: String,
    /// The subject's common name.
    pub subject: String,
    /// When it ends.
    pub ends: Timestamp,
    /// The models that it vouches for; any where empty.
    pub models: Vec<String>,
}

/// A root to type in, and then to look at and confirm.
#[derive(Template)]
#[template(path = "console/models/root.html")]
pub struct NewRootPage {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// What was typed.
    pub fields: RootFields,
    /// What it is, once it can be one.
    pub review: Option<Review>,
    /// Why it is not taken.
    pub problem: Option<RootProblem>,
}

impl NewRootPage {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = if self.review.is_some() { "models-root-review" } else { "models-root-new" };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, problem: &RootProblem) -> String {
        let key = match problem {
            RootProblem::Refused(RootRefusal::Name) => "models-root-wrong-name",
            RootProblem::Refused(RootRefusal::Certificate) => "models-root-wrong-certificate",
            RootProblem::Refused(RootRefusal::NotValidNow) => "models-root-wrong-validity",
            RootProblem::Refused(RootRefusal::Models) | RootProblem::Aaguid => "models-root-wrong-models",
            RootProblem::Known => "models-root-known",
            RootProblem::TooMany => "models-root-too-many",
            RootProblem::Unconfirmed => "models-confirm-first",
        };
        self.shell.say(key).to_string()
    }

    fn wrong(&self, field: &str) -> bool {
        match self.problem {
            Some(RootProblem::Refused(RootRefusal::Name)) => field == "name",
            Some(RootProblem::Refused(RootRefusal::Models) | RootProblem::Aaguid) => field == "models",
            Some(RootProblem::Refused(_) | RootProblem::Known) => field == "certificate",
            _ => false,
        }
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
