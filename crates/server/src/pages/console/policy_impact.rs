//! PO-3: what a change would do, and applying it; and two changes of the same version.

use std::sync::Arc;

use account::policy::Policy;
use account::policy::document::Change;
use account::policy::impact::{Reason, Verdict};
use account::role::Permission;
use askama::Template;
use primitives::time::Timestamp;
use service::administer_policy::{Affected, Block, Impact};

use super::Nav;
use crate::pages::{Ceremony, Shell};
use crate::policy_form::Part;
use crate::text::{Html, Text};

/// People on one page of a list.
pub const SHOWN: usize = 100;

/// Why nothing was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyProblem {
    /// What was typed is not the words.
    Word,
    /// It is another number of people by now.
    Stale,
    /// It was not confirmed with a passkey.
    Unconfirmed,
    /// It is refused whatever is typed.
    Blocked,
    /// The comment is too long.
    Comment,
    /// The date is none, has passed, or is too far away.
    Date,
}

impl ApplyProblem {
    fn key(self) -> &'static str {
        match self {
            ApplyProblem::Word => "impact-wrong-word",
            ApplyProblem::Stale => "impact-wrong-stale",
            ApplyProblem::Unconfirmed => "impact-wrong-unconfirmed",
            ApplyProblem::Blocked => "impact-wrong-blocked",
            ApplyProblem::Comment => "impact-wrong-comment",
            ApplyProblem::Date => "impact-wrong-date",
        }
    }
}

/// What was typed on the form that applies.
#[derive(Clone, Debug, Default)]
pub struct ApplyTyped {
    /// The words.
    pub word: String,
    /// The comment.
    pub comment: String,
    /// Whether it shall wait for a date.
    pub later: bool,
    /// The date.
    pub date: String,
}

/// A form that waits for the passkey.
#[derive(Clone, Debug)]
pub struct Confirming {
    /// What the confirmation is bound to.
    pub target: String,
    /// What was typed and looked at.
    pub fields: Vec<(&'static str, String)>,
    /// From when it is to be in force, if not at once.
    pub effective: Option<Timestamp>,
}

/// How far the computation is.
#[derive(Clone, Debug)]
pub enum ImpactStage {
    /// People judged, and people there are.
    Running(u64, u64),
    /// It failed, by this code.
    Failed(String),
    /// It is done.
    Done(Arc<Impact>),
}

/// PO-3.
#[derive(Template)]
#[template(path = "console/policy/impact.html")]
pub struct ImpactPage {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// The page's own address.
    pub address: String,
    /// How far it is.
    pub stage: ImpactStage,
    /// The document's digest, which the confirmation names; none where it is only looked at.
    pub digest: Option<String>,
    /// Whether somebody else applied a version since the draft was begun.
    pub conflict: bool,
    /// Whether it was computed some time ago.
    pub stale: bool,
    /// The reader's name.
    pub reader: String,
    /// What was typed.
    pub typed: ApplyTyped,
    /// Why nothing was applied.
    pub problem: Option<ApplyProblem>,
    /// What waits for the passkey.
    pub confirming: Option<Confirming>,
    /// Whose list is shown.
    pub show: Option<Verdict>,
    /// Which page of it, from 1.
    pub page: usize,
    /// Tomorrow, the earliest date for later.
    pub earliest: String,
}

impl ImpactPage {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = match self.stage {
            ImpactStage::Running(..) => "impact-computing",
            ImpactStage::Failed(_) => "impact-failed",
            ImpactStage::Done(_) => "impact-heading",
        };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some() || matches!(self.stage, ImpactStage::Failed(_))
    }

    fn count(&self, key: &'static str, number: &u64) -> Html {
        self.shell.say(key).count("count", &i64::try_from(*number).unwrap_or(i64::MAX)).html()
    }

    fn progress(&self, done: &u64, total: &u64) -> String {
        let number = |number: &u64| i64::try_from(*number).unwrap_or(i64::MAX);
        self.shell
            .say("impact-progress")
            .count("done", &number(done))
            .count("total", &number(total))
            .to_string()
    }

    fn replayed(&self, impact: &Impact) -> String {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let replay = &impact.replay;
        let key = if replay.more { "impact-replay-more" } else { "impact-replay" };
        let said = self.shell.say(key).count("count", &number(replay.sign_ins));
        said.count("again", &number(replay.asked_again)).count("refused", &number(replay.refused)).to_string()
    }

    fn actor_key(&self, verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Keeps => "impact-you-keep",
            Verdict::MustRegister => "impact-you-register",
            Verdict::LockedOut | Verdict::NeverSignedIn => "impact-you-locked",
        }
    }

    fn block_key(&self, block: &Block) -> String {
        format!("impact-block-{}", block.code().replace('_', "-"))
    }

    /// What must be typed, where anybody would be locked out.
    fn word(&self, impact: &Impact) -> Option<String> {
        (impact.summary.locked_out > 0).then(|| word(impact.summary.locked_out))
    }

    /// Passes are issued before the draft is applied, by whoever may.
    fn may_issue(&self, impact: &Impact) -> bool {
        impact.summary.locked_out > 0 && self.digest.is_some() && self.nav.may(Permission::IssuePasses)
    }

    fn nobody(&self, impact: &Impact) -> bool {
        impact.summary.must_register == 0 && impact.summary.locked_out == 0
    }

    /// The verdicts that have lists, their names and how many.
    fn lists(&self, impact: &Impact) -> Vec<(Verdict, &'static str, u64)> {
        let summary = &impact.summary;
        vec![
            (Verdict::MustRegister, "impact-must-register", summary.must_register),
            (Verdict::LockedOut, "impact-locked-out", summary.locked_out),
            (Verdict::NeverSignedIn, "impact-never", summary.never),
        ]
    }

    fn list_key(&self, verdict: &Verdict) -> String {
        format!("impact-list-{verdict}")
    }

    fn shown<'i>(&self, impact: &'i Impact) -> Vec<&'i Affected> {
        let from = self.page.saturating_sub(1).saturating_mul(SHOWN);
        impact
            .people
            .iter()
            .filter(|person| Some(person.verdict) == self.show)
            .skip(from)
            .take(SHOWN)
            .collect()
    }

    fn why(&self, reason: &Reason) -> String {
        self.shell.say(&format!("impact-reason-{reason}")).to_string()
    }

    /// Addresses of the neighbouring pages of the list.
    fn neighbours(&self, impact: &Impact) -> Vec<(&'static str, String)> {
        let Some(show) = self.show else { return Vec::new() };
        let all = impact.people.iter().filter(|person| person.verdict == show).count();
        let address = |page: usize| format!("{}?show={show}&page={page}#list", self.address);
        let back = (self.page > 1).then(|| ("impact-earlier", address(self.page.saturating_sub(1))));
        let more = self.page.saturating_mul(SHOWN) < all;
        let next = more.then(|| ("impact-later", address(self.page.saturating_add(1))));
        back.into_iter().chain(next).collect()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// What is typed to lock so many people out: the same in every language, as it is in the manual.
pub fn word(people: u64) -> String {
    ["LOCK", "OUT", &people.to_string()].join(" ")
}

/// People who would be locked out, for whom passes are issued at once.
#[derive(Template)]
#[template(path = "console/policy/passes.html")]
pub struct PassesPage {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// As what they sign in.
    pub logins: Vec<String>,
}

impl PassesPage {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let people = i64::try_from(self.logins.len()).unwrap_or(i64::MAX);
        self.shell.say("impact-passes").count("count", &people).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn list(&self) -> String {
        self.logins.join("\n")
    }
}

/// A part that two people changed.
#[derive(Clone, Debug)]
pub struct Contested {
    /// Its code.
    pub code: &'static str,
    /// What the version in force changed.
    pub theirs: Vec<Change>,
    /// What the draft changed.
    pub yours: Vec<Change>,
}

impl Contested {
    /// The name of one of its tables, which no other has.
    fn label(&self, shell: &Shell, key: &str) -> String {
        format!("{}: {}", shell.say(&self.key()), shell.say(key))
    }

    fn key(&self) -> String {
        format!("policy-part-{}", self.code)
    }
}

/// Two changes of the same version: what each changed, part by part, and whose is taken.
#[derive(Template)]
#[template(path = "console/policy/merge.html")]
pub struct MergePage {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// The number of the version that is newer.
    pub newest: i64,
    /// Who applied it, and when.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// What only it changed.
    pub theirs: Vec<Change>,
    /// What only the draft changed.
    pub yours: Vec<Change>,
    /// What both changed.
    pub contested: Vec<Contested>,
}

impl MergePage {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("merge-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// One part of `from` put into `base`, for comparing that part alone.
pub(crate) fn only(part: Part, base: &Policy, from: &Policy) -> Policy {
    let mut policy = base.clone();
    part.take(from, &mut policy);
    policy
}

/// The sentence of a reason, for the file.
pub(crate) fn reason(text: Text, reason: Reason) -> String {
    text.say(&format!("impact-reason-{reason}")).to_string()
}
