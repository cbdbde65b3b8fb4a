//! Holds the verdicts of the oracles against Keyward's, and every difference against the reasons that are known.
//!
//! `compare ours` answers cases with Keyward's own verdicts; `compare table` makes the table of differences.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

mod case;
mod comparison;
mod ours;
mod reasons;
mod report;
mod wildcard;

const USAGE: &str = "usage: compare ours <CASES >VERDICTS
       compare table REASONS CASES OURS REPORT NAME=VERDICTS…";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["ours"] => answer().map_err(|error| error.to_string()),
        ["table", reasons, cases, ours, report, oracles @ ..] if !oracles.is_empty() => {
            table(reasons, cases, ours, report, oracles)
        }
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", ours::answer(&line?))?;
    }
    Ok(())
}

fn table(reasons: &str, cases: &str, ours: &str, report: &str, oracles: &[&str]) -> Result<(), String> {
    let reasons = reasons::parse(&read(reasons)?)?;
    let cases = case::cases(&read(cases)?)?;
    let ours = case::verdicts(&read(ours)?)?;
    let mut theirs = Vec::new();
    for word in oracles {
        let (name, file) = word.split_once('=').ok_or(USAGE)?;
        theirs.push((name.to_owned(), case::verdicts(&read(file)?)?));
    }
    let comparison = comparison::compare(&cases, &ours, &theirs, &reasons)?;
    write(report, &report::every_case(&comparison))?;
    print!("{}", report::groups(&comparison));
    comparison.outcome()
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

fn write(path: &str, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{path}: {error}"))
}
