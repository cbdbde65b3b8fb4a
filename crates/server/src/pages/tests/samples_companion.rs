//! The companion in its main states.

use primitives::time::Span;

use super::samples::{Sample, now, onboarding, sample, shell, signed_in};
use crate::pages::companion::*;
use crate::text::Text;

fn errand(need: &'static str) -> Errand {
    Errand {
        ticket: "AAAAAAAAAAAAAAAAAAAAAA".into(),
        login: "ana•••@example.com".into(),
        claimed: need != "claim",
        need,
        versions: Versions { android: 14, ios: 17 },
    }
}

pub(super) fn all(text: Text) -> Vec<Sample> {
    let path = "/a/e/AAAAAAAAAAAAAAAAAAAAAA";
    let here = || shell(text, path);
    let mut samples = at_home(text);
    samples.extend([
        sample(
            "ph-1",
            &AddThisPhone {
                shell: here(),
                errand: errand("claim"),
                device: "Edge on Windows".into(),
                address: "192.0.2.7".into(),
                started: now(),
                ends: now() + Span::from_minutes(5),
            },
        ),
        sample("ph-2", &SignInHere { shell: here(), errand: errand("sign-in") }),
        sample("ph-2-confirm", &ConfirmHere { shell: signed_in(text, path), errand: errand("confirm") }),
        sample("ph-3", &ShowNumber { shell: here(), errand: errand("number"), number: "47".into() }),
        sample("ph-5", &CreateHere { shell: onboarding(text, path), errand: errand("create") }),
        sample("ph-7", &Made { shell: here(), errand: errand("nothing"), passkey: Some("0198f1c2".into()) }),
        sample("ph-8", &PhoneDone { shell: signed_in(text, path), name: "Pixel <8>".into() }),
    ]);
    for (name, ended) in endings() {
        let (ticket, login) = (Some("AAAAAAAAAAAAAAAAAAAAAA".into()), Some("ana•••@example.com".into()));
        samples.push(sample(name, &PhoneEnded { shell: here(), ended, ticket, login }));
    }
    samples
}

fn at_home(text: Text) -> Vec<Sample> {
    let start = |problem| Start { shell: shell(text, "/a/"), typed: "4KD-92".into(), problem };
    let made = |name: &str, tried| MadeHere { name: name.into(), created: now() - Span::from_days(3), tried };
    let home = |made: Vec<MadeHere>| Home {
        shell: signed_in(text, "/a/"),
        may_create: made.is_empty(),
        install: !made.is_empty(),
        made,
        others: vec![OtherAccount { name: "Lou".into(), login: "lou".into() }],
        problem: None,
        typed: String::new(),
    };
    let all_states = vec![made("Pixel 8", Some(true)), made("Old", Some(false)), made("Gone", None)];
    vec![
        sample("ph-0", &start(None)),
        sample("ph-0-missing", &start(Some(CodeProblem::Missing))),
        sample("ph-0-wrong", &start(Some(CodeProblem::Wrong))),
        sample("ph-0-too-many", &start(Some(CodeProblem::TooMany))),
        sample("ph-0-home-empty", &home(Vec::new())),
        sample("ph-0-home", &home(all_states)),
        sample("ph-0-home-wrong", &Home { problem: Some(CodeProblem::Wrong), ..home(Vec::new()) }),
        sample("ph-0-offline", &Offline { shell: shell(text, "/a/offline") }),
    ]
}

fn endings() -> [(&'static str, Ended); 12] {
    [
        ("ph-e1", Ended::Expired),
        ("ph-e2", Ended::Claimed),
        ("ph-e3", Ended::Stopped),
        ("ph-e4", Ended::NumberLocked),
        ("ph-e5", Ended::Declined),
        ("ph-e10", Ended::Duplicate),
        ("ph-e11", Ended::Rejected),
        ("ph-e12", Ended::OtherAccount { current: "lou@example.com".into() }),
        ("ph-e12-told", Ended::OtherAccountTold),
        ("ph-off", Ended::Off),
        ("ph-session-ended", Ended::SessionEnded),
        ("ph-used", Ended::Used),
    ]
}
