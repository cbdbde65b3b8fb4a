//! Every case gets the verdict, the reason and a step that it must get.

use std::collections::{BTreeMap, BTreeSet};

use webauthn::explain::{self, REASONS, StepState};

use super::{CASES, answers, now};

#[test]
fn every_case_gets_its_reason() {
    let mut wrong = Vec::new();
    for case in CASES.iter() {
        let explained = explain::case(&case.line, now());
        if explained.reason != case.expected || explained.accepted != (case.expected == "ok") {
            wrong.push(format!(
                "{}: {} instead of {}: {}",
                case.name,
                explained.reason,
                case.expected,
                explained.explanation()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn names_are_unique_and_every_reason_has_cases() {
    let all = &*CASES;
    let names: BTreeSet<&str> = all.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), all.len());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for case in all {
        *counts.entry(case.expected).or_default() += 1;
    }
    println!("{} cases: {counts:?}", all.len());
    for reason in REASONS {
        assert!(counts.contains_key(reason.code), "no case for {}", reason.code);
    }
    assert_eq!(counts.len(), REASONS.len());
    assert!(all.len() - counts["ok"] >= 120);
}

/// The same cases as lines, as the command reads them: one answer a line, in order, with the same reasons.
#[test]
fn the_command_says_the_same() {
    let all = &*CASES;
    let input: String = all.iter().map(|case| format!("{}\r\n\n", case.with_expected())).collect();
    let answers = answers(input.as_bytes());
    assert_eq!(answers.len(), all.len());
    for (case, answer) in all.iter().zip(answers) {
        let ok = case.expected == "ok";
        assert_eq!(answer["reason"], case.expected, "{}", case.name);
        assert_eq!(answer["verdict"], if ok { "accept" } else { "reject" }, "{}", case.name);
        if case.name != "frame/id twice" {
            assert_eq!(answer["id"], case.name.as_str());
        }
        let explanation = answer["explanation"].as_str().unwrap();
        assert!(
            explanation.ends_with('.') && !explanation.contains(char::is_control) && explanation.len() < 1500,
            "{explanation}"
        );
        assert_eq!(answer.as_object().unwrap().len(), 5, "{answer}");
    }
}

#[test]
fn steps_are_told_completely_and_agree_with_the_verdict() {
    for case in CASES.iter() {
        let explained = explain::case(&case.line, now());
        let (name, steps) = (&case.name, &explained.steps);
        let Some(kind) = explained.kind else {
            assert!(steps.is_empty(), "{name}");
            continue;
        };
        let last = if kind == explain::Kind::Registration { 29 } else { 25 };
        assert!(steps.iter().map(|step| step.number).eq(1..=last), "{name}");
        let refused: Vec<u8> =
            steps.iter().filter(|step| step.state == StepState::Refused).map(|step| step.number).collect();
        assert_eq!(refused, explained.step.into_iter().collect::<Vec<_>>(), "{name}");
        let unreached = steps.iter().any(|step| step.state == StepState::NotReached);
        assert_eq!(unreached, !explained.accepted, "{name}");
        assert_eq!(explained.remedy.is_empty(), explained.accepted, "{name}");
        let place = explained.place();
        assert_eq!(place.is_some(), explained.step.is_some(), "{name}");
    }
}

/// A rule that was broken first hides those after it: nothing after it may be called held.
#[test]
fn what_was_not_looked_at_is_not_called_held() {
    let find = |name: &str| {
        let case = CASES.iter().find(|case| case.name == name).unwrap();
        let explained = explain::case(&case.line, now());
        let held = explained.steps.iter().filter(|step| step.state == StepState::Held);
        (explained.step, held.map(|step| step.number).collect::<Vec<_>>())
    };
    // crossOrigin is read with the other members, before any of them is compared.
    assert_eq!(find("registration/cross origin/text"), (Some(10), (1..=6).collect()));
    assert_eq!(find("registration/credential id/empty"), (Some(25), (1..=13).collect()));
    let (step, held) = find("authentication/auth data/trailing");
    assert_eq!(step, Some(7));
    assert_eq!(held, [1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13, 14]);
    let (step, held) = find("registration/origin/null");
    assert_eq!((step, held.last()), (Some(9), Some(&8)));
}
