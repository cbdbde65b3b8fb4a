use super::*;
use crate::{case, reasons};

const CASES: &str = r#"{"id":"a/good","expected":"ok","kind":"registration"}
{"expected":"origin","id":"a/bad","kind":"registration"}
{"expected":"malformed","id":"frame/no ceremony"}
no JSON
{"expected":"challenge","id":7}"#;

const OURS: &str = r#"{"id":"a/good","verdict":"accept","reason":"ok","step":null,"explanation":""}
{"id":"a/bad","verdict":"reject","reason":"origin","step":"7.1.9","explanation":""}
{"id":null,"verdict":"reject","reason":"malformed","step":null,"explanation":""}
{"id":7,"verdict":"reject","reason":"challenge","step":"7.1.8","explanation":""}"#;

const THEIRS: &str = r#"{"id":"a/good","verdict":"reject","error":"NotSupported: today"}
{"id":"a/bad","verdict":"accept"}
{"id":7,"verdict":"reject","error":"Challenge"}"#;

const REASONS: &str = r#"
[[difference]]
oracle = "other"
kind = "unsupported"
why = "cannot do it"
ours = ["ok"]
theirs = ["NotSupported*"]

[[difference]]
oracle = "other"
kind = "unchecked"
why = "any origin will do"
ours = ["origin"]
cases = ["a/*"]
"#;

fn compared(ours: &str, theirs: &str, reasons: &str) -> Comparison {
    let oracles = [("other".to_owned(), case::verdicts(theirs).unwrap())];
    let cases = case::cases(CASES).unwrap();
    compare(&cases, &case::verdicts(ours).unwrap(), &oracles, &reasons::parse(reasons).unwrap()).unwrap()
}

fn problem(ours: &str, theirs: &str, reasons: &str) -> String {
    compared(ours, theirs, reasons).outcome().unwrap_err()
}

#[test]
fn every_difference_has_its_reason() {
    let comparison = compared(OURS, THEIRS, REASONS);
    assert_eq!(comparison.outcome(), Ok(()));
    assert_eq!((comparison.cases, comparison.hostile), (3, 2), "broken cases are not compared");
    assert_eq!(comparison.explained(), (2, 0));
    let oracle = &comparison.oracles[0];
    assert_eq!((oracle.accepted(), oracle.refused()), (1, 1));
    assert_eq!(oracle.of_kind(Kind::Unchecked, &comparison.reasons), 1);
}

#[test]
fn a_difference_without_a_reason_is_a_failure() {
    let reasons = REASONS.replace("NotSupported*", "Something else*");
    assert!(problem(OURS, THEIRS, &reasons).contains("unexplained: other in a/good: ours ok"));
    let reasons = REASONS.replace("a/*", "b/*");
    assert!(problem(OURS, THEIRS, &reasons).contains("unexplained: other in a/bad: ours origin, theirs ok"));
}

#[test]
fn a_reason_of_another_kind_explains_nothing() {
    let reasons = REASONS.replace("unchecked", "stricter");
    assert!(problem(OURS, THEIRS, &reasons).contains("unexplained: other in a/bad"));
}

#[test]
fn a_reason_that_no_case_has_is_a_failure() {
    let theirs =
        THEIRS.replace(r#""a/bad","verdict":"accept""#, r#""a/bad","verdict":"reject","error":"Origin""#);
    assert_eq!(problem(OURS, &theirs, REASONS), "a reason that no case has: other: any origin will do");
}

#[test]
fn a_verdict_of_ours_that_is_not_the_expected_one_is_a_failure() {
    let ours = OURS.replace("\"challenge\"", "\"origin\"");
    assert_eq!(problem(&ours, THEIRS, REASONS), "ours: 7: origin instead of challenge");
}

#[test]
fn a_verdict_that_is_missing_is_a_failure() {
    let cases = case::cases(CASES).unwrap();
    let (ours, none) = (case::verdicts(OURS).unwrap(), Verdicts::new());
    assert_eq!(
        compare(&cases, &ours, &[("other".to_owned(), none)], &[]).err().as_deref(),
        Some("other has no verdict on a/good")
    );
}
