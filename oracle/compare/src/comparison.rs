//! Which verdicts differ, and why.

use crate::case::{Case, Judgement, Verdict, Verdicts};
use crate::reasons::{Kind, Reason};

/// A case in which an oracle says otherwise.
pub(crate) struct Difference {
    pub(crate) case: String,
    /// Our code.
    pub(crate) ours: String,
    /// The oracle's error, or `ok`.
    pub(crate) theirs: String,
    /// Which reason, by its place in the table.
    pub(crate) reason: Option<usize>,
}

/// One oracle beside us.
pub(crate) struct Oracle {
    pub(crate) name: String,
    pub(crate) differences: Vec<Difference>,
}

/// Everything that came out.
pub(crate) struct Comparison {
    pub(crate) reasons: Vec<Reason>,
    pub(crate) oracles: Vec<Oracle>,
    pub(crate) cases: usize,
    /// Cases that must be refused.
    pub(crate) hostile: usize,
    /// Our own verdicts that are not what the case's maker says.
    pub(crate) wrong: Vec<String>,
}

impl Oracle {
    /// Hostile cases that it accepts.
    pub(crate) fn accepted(&self) -> usize {
        self.differences.iter().filter(|difference| difference.theirs == "ok").count()
    }

    /// Differences whose reason is of that kind.
    pub(crate) fn of_kind(&self, kind: Kind, reasons: &[Reason]) -> usize {
        let is = |difference: &&Difference| {
            difference.reason.and_then(|at| reasons.get(at)).is_some_and(|reason| reason.kind == kind)
        };
        self.differences.iter().filter(is).count()
    }

    /// Honest cases that it refuses.
    pub(crate) fn refused(&self) -> usize {
        self.differences.iter().filter(|difference| difference.theirs != "ok").count()
    }
}

impl Comparison {
    fn differences(&self) -> impl Iterator<Item = (&Oracle, &Difference)> {
        self.oracles.iter().flat_map(|oracle| oracle.differences.iter().map(move |each| (oracle, each)))
    }

    /// Differences with a reason, and without.
    pub(crate) fn explained(&self) -> (usize, usize) {
        let all = self.differences().count();
        let explained = self.differences().filter(|(_, difference)| difference.reason.is_some()).count();
        (explained, all.saturating_sub(explained))
    }

    /// Nothing unexplained, no reason without a case, no verdict of ours that is not the expected one.
    pub(crate) fn outcome(&self) -> Result<(), String> {
        let mut problems = self.wrong.clone();
        for (oracle, difference) in self.differences().filter(|(_, each)| each.reason.is_none()) {
            problems.push(format!(
                "unexplained: {} in {}: ours {}, theirs {}",
                oracle.name, difference.case, difference.ours, difference.theirs
            ));
        }
        for (at, reason) in self.reasons.iter().enumerate() {
            if !self.differences().any(|(_, difference)| difference.reason == Some(at)) {
                problems.push(format!("a reason that no case has: {}: {}", reason.oracle, reason.why));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }
}

/// Compares every oracle's verdict on every case with ours; the first reason that fits counts.
pub(crate) fn compare(
    cases: &[Case],
    ours: &Verdicts,
    oracles: &[(String, Verdicts)],
    reasons: &[Reason],
) -> Result<Comparison, String> {
    let mut wrong = Vec::new();
    for case in cases {
        let verdict = of(case, ours, "Keyward")?;
        if verdict.why() != case.expected || (verdict.verdict == Judgement::Reject) != case.is_hostile() {
            let expected = &case.expected;
            wrong.push(format!("ours: {}: {} instead of {expected}", case.name(), verdict.why()));
        }
    }
    let mut compared = Vec::new();
    for (name, verdicts) in oracles {
        let mut differences = Vec::new();
        for case in cases {
            let (mine, theirs) = (of(case, ours, "Keyward")?, of(case, verdicts, name)?);
            if mine.verdict != theirs.verdict {
                differences.push(difference(name, case, mine, theirs, reasons));
            }
        }
        compared.push(Oracle { name: name.clone(), differences });
    }
    let hostile = cases.iter().filter(|case| case.is_hostile()).count();
    Ok(Comparison { reasons: reasons.to_vec(), oracles: compared, cases: cases.len(), hostile, wrong })
}

fn difference(oracle: &str, case: &Case, ours: &Verdict, theirs: &Verdict, reasons: &[Reason]) -> Difference {
    let explains = |reason: &Reason| reason.explains(oracle, &case.name(), ours.why(), theirs.why());
    Difference {
        case: case.name(),
        ours: ours.why().to_owned(),
        theirs: theirs.why().to_owned(),
        reason: reasons.iter().position(explains),
    }
}

fn of<'a>(case: &Case, verdicts: &'a Verdicts, name: &str) -> Result<&'a Verdict, String> {
    verdicts.get(&case.name()).ok_or_else(|| format!("{name} has no verdict on {}", case.name()))
}

#[cfg(test)]
mod tests;
