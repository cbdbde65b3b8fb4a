//! `/admin/hooks`.

use account::hook::{KINDS, TermsRefusal};
use account::role::Role;

use super::samples::{Sample, now, sample, signed_in};
use crate::pages::Flash;
use crate::pages::console::Nav;
use crate::pages::console::hooks::*;
use crate::text::Text;

const PATH: &str = "/admin/hooks";

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = vec![
        sample("hooks", &list(text, true, false)),
        sample("hooks-none", &list(text, false, false)),
        sample("hooks-unconfirmed", &list(text, true, true)),
        sample("hooks-new", &form(text, (true, false), None)),
        sample("hooks-review", &form(text, (true, true), None)),
        sample("hooks-change", &form(text, (false, false), None)),
        sample("hooks-review-change", &form(text, (false, true), None)),
        sample("hooks-added", &added(text)),
    ];
    for (name, problem) in [
        ("hooks-url", HookProblem::Terms(TermsRefusal::Url)),
        ("hooks-kinds", HookProblem::Terms(TermsRefusal::Kind)),
        ("hooks-too-many", HookProblem::TooMany),
    ] {
        samples.push(sample(name, &form(text, (true, false), Some(problem))));
    }
    samples.push(sample("hooks-form-unconfirmed", &form(text, (true, true), Some(HookProblem::Unconfirmed))));
    for (name, flash) in [
        ("hooks-changed", Flash::HookChanged { host: "siem.example".into() }),
        ("hooks-removed", Flash::HookRemoved { host: "siem.example".into() }),
        (
            "hooks-tested",
            Flash::HookTested { host: "siem.example".into(), status: "delivered 204".into(), taken: true },
        ),
        (
            "hooks-test-failed",
            Flash::HookTested { host: "siem.example".into(), status: "outbound_tls".into(), taken: false },
        ),
    ] {
        let mut page = list(text, true, false);
        page.shell.flash = Some(flash);
        samples.push(sample(name, &page));
    }
    samples
}

fn list(text: Text, filled: bool, unconfirmed: bool) -> Hooks {
    let line = |number: usize| HookLine {
        id: format!("0199a0b2-0000-7000-8000-00000000000{number}"),
        url: format!("https://siem{number}.example/in"),
        host: format!("siem{number}.example"),
        kinds: if number == 1 { vec!["signed_in", "user_added"] } else { Vec::new() },
        personal: number == 1,
        enabled: number != 2,
        failing: (number == 1).then(now),
        again: (number == 1).then(now),
        last: (number != 0).then(|| ("refused 500".into(), now())),
        switch: "07".repeat(32),
    };
    Hooks {
        shell: signed_in(text, PATH),
        nav: Nav::new(Role::Administrator, PATH),
        lines: if filled { (0..4).map(line).collect() } else { Vec::new() },
        unconfirmed,
    }
}

fn form(text: Text, (new, reviewed): (bool, bool), problem: Option<HookProblem>) -> EditHook {
    let fields = HookFields {
        url: "https://siem.example/in".into(),
        kinds: "signed_in user_added".into(),
        personal: reviewed && new,
    };
    EditHook {
        shell: signed_in(text, "/admin/hooks/new"),
        nav: Nav::new(Role::Administrator, "/admin/hooks/new"),
        address: "/admin/hooks/new".into(),
        new,
        fields,
        known: KINDS,
        review: reviewed.then(|| HookReview {
            action: "add-hook",
            terms: "07".repeat(32),
            kinds: if new { vec!["signed_in"] } else { Vec::new() },
        }),
        problem,
    }
}

fn added(text: Text) -> AddedHook {
    AddedHook {
        shell: signed_in(text, "/admin/hooks/new"),
        nav: Nav::new(Role::Administrator, "/admin/hooks/new"),
        url: "https://siem.example/in".into(),
        secret: format!("whsec_{}=", "A".repeat(43)),
    }
}
