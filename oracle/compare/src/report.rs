//! What is printed: the differences in groups, and in a file case by case.

use std::fmt::Write;

use crate::comparison::{Comparison, Oracle};
use crate::reasons::Kind;

/// One table row a group, then the counts and the summary line.
pub(crate) fn groups(comparison: &Comparison) -> String {
    let mut out = String::from("| oracle | kind | cases | why |\n|---|---|---|---|\n");
    for oracle in &comparison.oracles {
        for (at, reason) in comparison.reasons.iter().enumerate() {
            let cases = oracle.differences.iter().filter(|each| each.reason == Some(at)).count();
            if cases > 0 {
                let (name, kind, why) = (&oracle.name, reason.kind.name(), &reason.why);
                line(&mut out, &format!("| {name} | {kind} | {cases} | {why} |"));
            }
        }
    }
    line(&mut out, "");
    for oracle in &comparison.oracles {
        line(&mut out, &count(oracle, comparison));
    }
    let wrong = comparison.wrong.len();
    line(&mut out, &format!("- Keyward: {wrong} verdicts that are not the expected ones\n"));
    let (explained, unexplained) = comparison.explained();
    let cases = comparison.cases;
    line(&mut out, &format!("{cases} cases, {explained} differences explained, {unexplained} unexplained"));
    out
}

fn count(oracle: &Oracle, comparison: &Comparison) -> String {
    let (name, accepted, refused) = (&oracle.name, oracle.accepted(), oracle.refused());
    let kinds = [Kind::Unchecked, Kind::Lenient, Kind::Caller, Kind::More];
    let of_kinds: Vec<String> = kinds
        .into_iter()
        .map(|kind| (oracle.of_kind(kind, &comparison.reasons), kind.name()))
        .filter(|(cases, _)| *cases > 0)
        .map(|(cases, kind)| format!("{cases} {kind}"))
        .collect();
    let of_kinds = if of_kinds.is_empty() { String::new() } else { format!(" ({})", of_kinds.join(", ")) };
    let hostile = comparison.hostile;
    let honest = comparison.cases.saturating_sub(hostile);
    format!(
        "- {name}: accepts {accepted} of {hostile} hostile cases{of_kinds}, refuses {refused} of {honest} honest ones"
    )
}

/// Every difference: the case, our verdict, theirs, and why.
pub(crate) fn every_case(comparison: &Comparison) -> String {
    let mut out =
        String::from("| oracle | case | Keyward | oracle says | kind | why |\n|---|---|---|---|---|---|\n");
    for oracle in &comparison.oracles {
        for each in &oracle.differences {
            let reason = each.reason.and_then(|at| comparison.reasons.get(at));
            let (kind, why) =
                reason.map_or(("", "UNEXPLAINED"), |reason| (reason.kind.name(), reason.why.as_str()));
            let theirs = each.theirs.replace('|', "/");
            line(
                &mut out,
                &format!("| {} | {} | {} | {theirs} | {kind} | {why} |", oracle.name, each.case, each.ours),
            );
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    let written = writeln!(out, "{text}");
    debug_assert!(written.is_ok(), "a String takes whatever is written");
}
