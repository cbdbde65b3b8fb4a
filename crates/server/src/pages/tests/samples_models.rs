//! `/admin/models`.

use account::model::{Broken, Certification};
use account::role::Role;
use service::metadata::RootRefusal;

use super::samples::{Sample, now, sample, signed_in};
use crate::pages::Flash;
use crate::pages::console::Nav;
use crate::pages::console::models::*;
use crate::text::Text;

const AAGUID: &str = "ee882879-721c-4913-9775-3dfcce97072a";
const SHA256: &str = "4fa3126d8d3a11d1c4855a4f807cbad6cf919d3a5a88b03bea2c6372d93c40c9";

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = lists(text);
    samples.extend(roots(text));
    samples
}

fn line(broken: Option<Broken>, known: bool) -> Line {
    Line {
        name: if known { "YubiKey 5 Series".into() } else { String::new() },
        aaguid: AAGUID.into(),
        known,
        passkeys: 17,
        certification: known.then_some(Certification::L2),
        biometric: known,
        hardware: known,
        broken,
    }
}

fn list(text: Text) -> Models {
    Models {
        shell: signed_in(text, "/admin/models"),
        nav: Nav::new(Role::Administrator, "/admin/models"),
        held: Some(Held { number: 277, taken: now(), next_update: now(), late: true }),
        looked_for: true,
        last_error: Some("it took too long".into()),
        faults: vec!["entry 3 (?): it names no model; left out".into()],
        unread: 1,
        known: 2,
        found: 7,
        lines: [None, Some(Broken::Revoked)].map(|broken| line(broken, true)).into_iter().collect(),
        query: "yubi".into(),
        before: Some("/admin/models?q=&page=0".into()),
        after: Some("/admin/models?q=&page=2".into()),
        roots: vec![RootLine {
            name: "Keyfob".into(),
            sha256: SHA256.into(),
            models: vec![AAGUID.into()],
            ends: Some(now()),
        }],
        may_edit: true,
        unconfirmed: false,
    }
}

fn lists(text: Text) -> Vec<Sample> {
    let broken = Broken::ALL.iter().map(|broken| line(Some(*broken), true)).collect();
    let mut flashed = Vec::new();
    for flash in [
        Flash::MetadataAsked,
        Flash::RootAdded { name: "Keyfob".into() },
        Flash::RootRemoved { name: "Keyfob".into() },
    ] {
        let mut page = list(text);
        page.shell.flash = Some(flash);
        flashed.push(sample("models-flash", &page));
    }
    let nothing = Models {
        held: None,
        looked_for: false,
        last_error: None,
        faults: Vec::new(),
        lines: Vec::new(),
        found: 0,
        before: None,
        after: None,
        roots: Vec::new(),
        ..list(text)
    };
    let unknown = Models { lines: vec![line(None, false)], may_edit: false, ..list(text) };
    let any = vec![RootLine { name: "Any".into(), sha256: SHA256.into(), models: Vec::new(), ends: None }];
    let mut samples = vec![
        sample("models", &list(text)),
        sample("models-broken", &Models { lines: broken, ..list(text) }),
        sample("models-nothing", &nothing),
        sample("models-reader", &unknown),
        sample("models-unconfirmed", &Models { unconfirmed: true, roots: any, ..list(text) }),
    ];
    samples.extend(flashed);
    samples
}

fn roots(text: Text) -> Vec<Sample> {
    let page = |review: Option<Review>, problem: Option<RootProblem>| NewRootPage {
        shell: signed_in(text, "/admin/models/roots/new"),
        nav: Nav::new(Role::Administrator, "/admin/models/roots/new"),
        fields: RootFields {
            name: "Keyfob".into(),
            single: true,
            hardware: true,
            biometric: true,
            ..RootFields::default()
        },
        review,
        problem,
    };
    let review = |models: Vec<String>| Review {
        terms: SHA256.into(),
        sha256: SHA256.into(),
        subject: "Keyfob Root".into(),
        ends: now(),
        models,
    };
    let mut samples = vec![
        sample("models-root", &page(None, None)),
        sample("models-root-review", &page(Some(review(vec![AAGUID.into()])), None)),
        sample("models-root-any", &page(Some(review(Vec::new())), Some(RootProblem::Unconfirmed))),
    ];
    for problem in [
        RootProblem::Refused(RootRefusal::Name),
        RootProblem::Refused(RootRefusal::Certificate),
        RootProblem::Refused(RootRefusal::NotValidNow),
        RootProblem::Refused(RootRefusal::Models),
        RootProblem::Known,
        RootProblem::TooMany,
    ] {
        samples.push(sample("models-root-wrong", &page(None, Some(problem))));
    }
    samples
}
