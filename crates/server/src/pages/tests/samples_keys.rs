//! `/admin/keys`.

use account::api_key::TermsRefusal;
use account::role::Role;
use account::user::NameRefusal;

use super::samples::{Sample, now, sample, signed_in};
use crate::pages::console::Nav;
use crate::pages::console::keys::*;
use crate::text::Text;

const PATH: &str = "/admin/keys";

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = vec![
        sample("keys", &list(text, true, false)),
        sample("keys-none", &list(text, false, false)),
        sample("keys-unconfirmed", &list(text, true, true)),
        sample("keys-new", &form(text, false, None)),
        sample("keys-review", &form(text, true, None)),
        sample("keys-made", &made(text)),
    ];
    for (name, problem) in [
        ("keys-name", KeyProblem::Terms(TermsRefusal::Name(NameRefusal::Empty))),
        ("keys-scopes", KeyProblem::Terms(TermsRefusal::NoScope)),
        ("keys-person", KeyProblem::Terms(TermsRefusal::NeedsPerson)),
        ("keys-days", KeyProblem::Terms(TermsRefusal::Lifetime)),
        ("keys-role", KeyProblem::Role),
        ("keys-too-many", KeyProblem::TooMany),
    ] {
        samples.push(sample(name, &form(text, false, Some(problem))));
    }
    samples.push(sample("keys-new-unconfirmed", &form(text, true, Some(KeyProblem::Unconfirmed))));
    samples
}

fn list(text: Text, filled: bool, unconfirmed: bool) -> Keys {
    let line = |number: usize| KeyLine {
        id: format!("0199a0b2-0000-7000-8000-00000000000{number}"),
        name: format!("HR import {number}"),
        scopes: vec!["users.read", "users.write"],
        personal: number == 1,
        ends: now(),
        used: (number != 2).then(now),
        stands: number < 2,
        revoked: number == 2,
    };
    Keys {
        shell: signed_in(text, PATH),
        nav: Nav::new(Role::Administrator, PATH),
        lines: if filled { (0..4).map(line).collect() } else { Vec::new() },
        after: filled.then(|| "/admin/keys?after=0199a0b2-0000-7000-8000-000000000000".into()),
        unconfirmed,
    }
}

fn form(text: Text, reviewed: bool, problem: Option<KeyProblem>) -> NewKey {
    let scopes = ["users.read", "users.write"];
    NewKey {
        shell: signed_in(text, "/admin/keys/new"),
        nav: Nav::new(Role::Administrator, "/admin/keys/new"),
        fields: KeyFields {
            name: "HR import".into(),
            scopes: scopes
                .iter()
                .map(|scope| ScopeChoice { scope, chosen: *scope == "users.read" })
                .collect(),
            days: "90".into(),
            personal: reviewed,
        },
        review: reviewed.then(|| KeyReview {
            action: "make-key",
            terms: "07".repeat(32),
            scopes: vec!["users.read"],
            ends: now(),
        }),
        problem,
    }
}

fn made(text: Text) -> MadeKey {
    MadeKey {
        shell: signed_in(text, "/admin/keys/new"),
        nav: Nav::new(Role::Administrator, "/admin/keys/new"),
        name: "HR import".into(),
        value: format!("kwk_{}", "A".repeat(43)),
        ends: now(),
    }
}
