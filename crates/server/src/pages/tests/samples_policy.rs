//! The screens about policy and strengths.

use std::sync::Arc;

use account::group::GroupId;
use account::policy::document::{Change, DocumentRefusal};
use account::policy::impact::{Reason, Summary, Verdict};
use account::policy::{Area, Audience, Combination, CustomStrength, Policy, Profile};
use account::role::Role;
use account::user::UserId;
use primitives::time::Span;
use service::administer_policy::{Affected, Block, Impact, Replay};

use super::samples::{Sample, now, sample, signed_in};
use crate::pages::Shell;
use crate::pages::console::Nav;
use crate::pages::console::policy::*;
use crate::pages::console::policy_history::*;
use crate::pages::console::policy_impact::*;
use crate::pages::console::strengths::*;
use crate::policy_form::{self, Around, Fields, Groups, Part, ProfileForm, StrengthForm, Wrong};
use crate::text::Text;

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = lists(text);
    samples.extend(edits(text));
    samples.extend(texts(text));
    samples.extend(impacts(text));
    samples.extend(merges(text));
    samples.extend(versions(text));
    samples.extend(strengths(text));
    samples
}

fn frame(text: Text, path: &str) -> (Shell, Nav) {
    (signed_in(text, path), Nav::new(Role::PolicyAdministrator, path))
}

fn groups() -> Groups {
    let group = |byte: u8, name: &str| (GroupId::from_bytes([byte; 16]), name.to_owned());
    Groups::new(vec![group(1, "Sales"), group(2, "Board")])
}

fn policy() -> Policy {
    let (sales, board) = (GroupId::from_bytes([1; 16]), GroupId::from_bytes([2; 16]));
    let mut policy = Policy {
        codes: Audience::Groups { of: vec![sales], except: vec![board] },
        recovery_codes: Audience::Groups { of: vec![sales], except: vec![] },
        strengths: vec![CustomStrength {
            name: "vault".into(),
            description: "Keys of the vault".into(),
            combinations: Combination::ALL.to_vec(),
            models: Default::default(),
        }],
        ..Policy::default()
    };
    policy.passwords.audience = Audience::Everybody { except: vec![board] };
    policy.passwordless.forced_from = Some(now());
    policy
}

fn deed() -> Deed {
    Deed { by: "M. Keller".into(), at: now() }
}

fn lists(text: Text) -> Vec<Sample> {
    let row = |part: Part| {
        let (state, terms) = summary(text, part, &policy(), &groups());
        let changed = (part == Part::Codes).then(deed);
        let drafted = part == Part::Codes;
        MethodRow { code: part.code(), path: part.path(), state, terms, changed, drafted }
    };
    let list = |number: i64, unconfirmed: bool| {
        let (shell, nav) = frame(text, "/admin/policy");
        PolicyList {
            number,
            applied: (number > 0).then(deed),
            undo: (number > 0).then(now),
            pending: vec![Pending { number: 4, effective: now() }],
            draft: (number > 0).then(now),
            rows: Part::ALL.into_iter().map(row).collect(),
            may_edit: true,
            unconfirmed,
            shell,
            nav,
        }
    };
    vec![
        sample("po-1", &list(3, false)),
        sample("po-1-configuration", &list(0, false)),
        sample("po-1-undo-unconfirmed", &list(3, true)),
    ]
}

fn edit(text: Text, part: Part, fields: &Fields, wrong: &[Wrong]) -> PolicyEdit {
    let (policy, groups) = (policy(), groups());
    let (shell, nav) = frame(text, &part.path());
    let profile =
        ProfileLine { place: 0, name: "default".into(), state: text.say("policy-state-on").to_string() };
    PolicyEdit {
        title: text.say(&format!("policy-part-{}", part.code())).to_string(),
        lead: text.say(&format!("policy-about-{}", part.code())).to_string(),
        action: part.path(),
        controls: policy_form::controls(
            part,
            &Around { text, groups: &groups, policy: &policy },
            fields,
            wrong,
        ),
        profiles: (part == Part::Passkeys).then(|| vec![profile]),
        remove: None,
        models: Vec::new(),
        refusal: None,
        back: "/admin/policy",
        may_edit: true,
        shell,
        nav,
    }
}

fn edits(text: Text) -> Vec<Sample> {
    let mut samples = Vec::new();
    let (policy, groups) = (policy(), groups());
    for part in Part::ALL.into_iter().filter(|part| *part != Part::Strengths) {
        let fields = policy_form::fill(part, &policy, &groups);
        samples.push(sample("po-2", &edit(text, part, &fields, &[])));
        // A form with nothing in it: everything that must be there is missed.
        let empty = Fields::from(vec![("on".to_owned(), "groups".to_owned())]);
        if let Err(wrong) = policy_form::read(part, &policy, &groups, &empty) {
            samples.push(sample("po-2-wrong", &edit(text, part, &empty, &wrong)));
        }
    }
    let form = ProfileForm::new(Some(0), &Default::default());
    let around = Around { text, groups: &groups, policy: &policy };
    let sent = |pairs: &[(&str, &str)]| -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    };
    let nonsense =
        sent(&[("of", "Nobody & Co"), ("allow", "no model"), ("biometric", "yes"), ("on", "everybody")]);
    let wrong = form.read(&policy, &groups, &nonsense).unwrap_err();
    for (fields, wrong) in [(form.fill(&Profile::anything(), &groups), Vec::new()), (nonsense, wrong)] {
        let page = PolicyEdit {
            title: text.say("policy-profile-heading").with("name", "default").to_string(),
            lead: text.say("policy-profile-lead").to_string(),
            controls: form.controls(&around, &fields, &wrong),
            models: vec!["YubiKey 5".into()],
            remove: Some("/admin/policy/passkeys/profiles/0/remove".into()),
            back: "/admin/policy/passkeys",
            ..edit(text, Part::Codes, &fields, &[])
        };
        samples.push(sample("po-2-profile", &page));
    }
    let fields = policy_form::fill(Part::Codes, &policy, &groups);
    let refusal = refused(text, &DocumentRefusal::ConsoleTooWeak);
    let page = PolicyEdit { refusal: Some(refusal), ..edit(text, Part::Codes, &fields, &[]) };
    samples.push(sample("po-2-refused", &page));
    samples.push(sample(
        "po-2-reader",
        &PolicyEdit { may_edit: false, ..edit(text, Part::Codes, &fields, &[]) },
    ));
    samples
}

fn texts(text: Text) -> Vec<Sample> {
    let document = "[passwords]\nfor = \"evrybody\"\n";
    let key = || "passwords.for".to_owned();
    let page = |refused: Option<Refused>| {
        let (shell, nav) = frame(text, "/admin/policy/text");
        PolicyText { document: document.into(), refused, may_edit: true, shell, nav }
    };
    let refusals = [
        DocumentRefusal::TooLong,
        DocumentRefusal::Syntax { line: 2, message: "expected a value".into() },
        DocumentRefusal::UnknownKey(key()),
        DocumentRefusal::Missing(key()),
        DocumentRefusal::Type(key()),
        DocumentRefusal::Value(key()),
        DocumentRefusal::Range(key()),
        DocumentRefusal::TooMany(key()),
        DocumentRefusal::UnknownGroup { key: key(), name: "Sales".into() },
        DocumentRefusal::UnknownStrength { key: key(), name: "vault".into() },
        DocumentRefusal::NameTaken { key: key(), name: "vault".into() },
        DocumentRefusal::ConsoleTooWeak,
    ];
    let mut samples = vec![sample("po-text", &page(None))];
    for refusal in refusals {
        let refused = Refused::new(text, document, &refusal);
        if matches!(refusal, DocumentRefusal::Value(_) | DocumentRefusal::Syntax { .. }) {
            assert_eq!(refused.line.as_ref().map(|(line, _)| *line), Some(2), "{refusal:?}");
        }
        samples.push(sample("po-text-refused", &page(Some(refused))));
    }
    samples
}

fn impact(locked_out: u64) -> Impact {
    let person = |number: u128, verdict: Verdict, reason: Reason| Affected {
        user: UserId::from_bytes(number.to_be_bytes()),
        login: "ana.meier@example.com".into(),
        name: "Ana <Meier>".into(),
        verdict,
        reason,
    };
    let all = Reason::ALL.iter().zip(1..).map(|(reason, number)| person(number, Verdict::LockedOut, *reason));
    Impact {
        as_of: now(),
        base: 3,
        summary: Summary { keeps: 412, must_register: 37, locked_out, never: 2, break_glass: 1 },
        people: all.collect(),
        actor: Some(Verdict::Keeps),
        replay: Replay { sign_ins: 8214, asked_again: 96, refused: 3, more: false },
        blocked: Vec::new(),
        changes: vec![Change { key: "codes.for".into(), from: "everybody".into(), to: String::new() }],
    }
}

fn page(text: Text, stage: ImpactStage) -> ImpactPage {
    let (shell, nav) = frame(text, "/admin/policy/impact");
    ImpactPage {
        address: "/admin/policy/impact".into(),
        stage,
        digest: Some("00ff".into()),
        conflict: false,
        stale: false,
        reader: "M. Keller".into(),
        typed: ApplyTyped::default(),
        problem: None,
        confirming: None,
        show: None,
        page: 1,
        earliest: "2026-11-23".into(),
        shell,
        nav,
    }
}

fn impacts(text: Text) -> Vec<Sample> {
    let done = |impact: Impact| page(text, ImpactStage::Done(Arc::new(impact)));
    let fields = vec![("step", "confirmed".to_owned())];
    let confirming = |effective| Confirming { target: "00".into(), fields: fields.clone(), effective };
    let mut samples = vec![
        sample("po-3-computing", &page(text, ImpactStage::Running(120, 500))),
        sample("po-3-failed", &page(text, ImpactStage::Failed(text.say("impact-failed-hint").to_string()))),
        sample(
            "po-3-nobody",
            &done(Impact {
                summary: Summary { keeps: 450, ..Summary::default() },
                people: Vec::new(),
                changes: Vec::new(),
                replay: Replay { more: true, ..Replay::default() },
                ..impact(0)
            }),
        ),
        sample("po-3-locked-out", &done(impact(6))),
        sample("po-3-list", &ImpactPage { show: Some(Verdict::LockedOut), ..done(impact(6)) }),
        sample("po-3-stale", &ImpactPage { stale: true, ..done(impact(1)) }),
        sample("po-3-conflict", &ImpactPage { conflict: true, ..done(impact(0)) }),
        sample("po-3-looked-at", &ImpactPage { digest: None, ..done(impact(0)) }),
        sample("po-3-confirming", &ImpactPage { confirming: Some(confirming(None)), ..done(impact(6)) }),
        sample(
            "po-3-confirming-later",
            &ImpactPage {
                confirming: Some(confirming(Some(now() + Span::from_days(14)))),
                ..done(impact(0))
            },
        ),
    ];
    for verdict in Verdict::ALL {
        let listed = ImpactPage { show: Some(*verdict), ..done(impact(6)) };
        samples.push(sample("po-3-verdict", &listed));
        samples.push(sample("po-3-actor", &done(Impact { actor: Some(*verdict), ..impact(1) })));
    }
    for block in [Block::Actor, Block::AllAdministrators, Block::BreakGlass, Block::NoBreakGlass] {
        samples.push(sample("po-3-blocked", &done(Impact { blocked: vec![block], ..impact(6) })));
    }
    use ApplyProblem::*;
    for problem in [Word, Stale, Unconfirmed, Blocked, Comment, Date] {
        let typed = ApplyTyped { word: "LOCK OUT 5".into(), later: true, ..ApplyTyped::default() };
        samples.push(sample("po-3-wrong", &ImpactPage { problem: Some(problem), typed, ..done(impact(6)) }));
    }
    let (shell, nav) = frame(text, "/admin/policy/impact/passes");
    let logins = vec!["ana".into(), "ben".into()];
    samples.push(sample("po-3-passes", &PassesPage { logins, shell, nav }));
    samples
}

fn merges(text: Text) -> Vec<Sample> {
    let change = || vec![Change { key: "codes.for".into(), from: String::new(), to: "nobody".into() }];
    let contested: Vec<Contested> = Part::ALL
        .into_iter()
        .map(|part| Contested { code: part.code(), theirs: change(), yours: change() })
        .collect();
    let merge = |contested: Vec<Contested>, alone: Vec<Change>| {
        let (shell, nav) = frame(text, "/admin/policy/merge");
        let (theirs, yours) = (alone.clone(), alone);
        MergePage { newest: 4, author: "L. Roth".into(), at: now(), theirs, yours, contested, shell, nav }
    };
    vec![
        sample("po-3-merge", &merge(contested, change())),
        sample("po-3-merge-alone", &merge(vec![], vec![])),
    ]
}

fn versions(text: Text) -> Vec<Sample> {
    let line = |number: i64, standing: Standing| VersionLine {
        number,
        author: "M. Keller".into(),
        comment: "Ticket <4711>".into(),
        made: now(),
        effective: now(),
        standing,
        impact: Summary { keeps: 450, must_register: 3, locked_out: 1, never: 2, break_glass: 1 },
    };
    let history = |versions: Vec<VersionLine>| {
        let (shell, nav) = frame(text, "/admin/policy/history");
        PolicyHistory { more: versions.first().map(|line| line.number), versions, shell, nav }
    };
    let all = vec![
        line(4, Standing::Pending),
        line(3, Standing::InForce),
        line(2, Standing::Undone),
        line(1, Standing::Past),
    ];
    let version = |line: VersionLine, unconfirmed: bool| {
        let (shell, nav) = frame(text, "/admin/policy/history/3");
        let changes = vec![Change { key: "codes.for".into(), from: "everybody".into(), to: "nobody".into() }];
        let (undo, since) = ((line.number > 0).then(now), changes.clone());
        let document = "# <policy>".into();
        PolicyVersion { line, changes, since, document, undo, may_edit: true, unconfirmed, shell, nav }
    };
    vec![
        sample("po-4", &history(all)),
        sample("po-4-empty", &history(Vec::new())),
        sample("po-4-version", &version(line(3, Standing::InForce), false)),
        sample("po-4-undo-unconfirmed", &version(line(3, Standing::InForce), true)),
        sample("po-4-configuration", &version(line(0, Standing::Past), false)),
    ]
}

fn strengths(text: Text) -> Vec<Sample> {
    let (policy, groups) = (policy(), groups());
    let line = |own: bool, used: Vec<Area>| StrengthLine {
        name: "vault".into(),
        label: "vault".into(),
        description: text.say("strength-about-multifactor").to_string(),
        acr: (!own).then_some("phr"),
        own,
        combinations: vec![text.say("combination-passkey").to_string()],
        used,
    };
    let (shell, nav) = frame(text, "/admin/strengths");
    let strengths = vec![line(false, Area::ALL.to_vec()), line(true, vec![])];
    let list = StrengthList { strengths, draft: true, may_edit: true, shell, nav };
    let form = StrengthForm::new(Some("vault".into()), &Default::default());
    let around = Around { text, groups: &groups, policy: &policy };
    let edit = |person: Person, used: Vec<Area>, fields: &Fields, wrong: &[Wrong]| {
        let (shell, nav) = frame(text, "/admin/strengths/vault");
        StrengthEdit {
            name: Some("vault".into()),
            action: "/admin/strengths/vault".into(),
            controls: form.controls(&around, fields, wrong),
            models: vec!["YubiKey 5".into()],
            used,
            login: "ana".into(),
            person,
            refusal: None,
            may_edit: true,
            shell,
            nav,
        }
    };
    let fields = form.fill(policy.strengths.first());
    let ways = vec![(way(text, &service::preview_strength::Way::Passkey { name: "Pixel".into() }), true)];
    let found = Person::Found(Previewed { name: "Ana".into(), ways });
    let nothing = Person::Found(Previewed { name: "Ben".into(), ways: Vec::new() });
    let empty = Fields::default();
    let wrong = form.read(&policy, &empty).unwrap_err();
    vec![
        sample("as-1", &list),
        sample("as-2", &edit(found, Area::ALL.to_vec(), &fields, &[])),
        sample("as-2-no-way", &edit(nothing, vec![], &fields, &[])),
        sample("as-2-unknown", &edit(Person::Unknown, vec![], &fields, &[])),
        sample("as-2-wrong", &edit(Person::None, vec![], &empty, &wrong)),
        sample("as-2-new", &StrengthEdit { name: None, ..edit(Person::None, vec![], &empty, &[]) }),
    ]
}
