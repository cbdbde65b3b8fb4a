//! `keyward explain`.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, IsTerminal, Read, Write};

use serde_json::{Value, json};
use service::read_refused;
use store::refused_ceremonies::RefusedCeremony;
use webauthn::explain::{self, Explained, StepState};

use super::{Failure, now, open, print, table};
use crate::cli::{Common, Explain};
use crate::context::system_now;

/// Most refused ceremonies that `--list` shows; the store keeps hardly more.
const LISTED: u32 = 1000;

pub(super) fn run(common: &Common, arguments: &Explain) -> Result<(), Failure> {
    if arguments.list {
        return now(list(common));
    }
    let input = arguments.input.as_deref().unwrap_or("-");
    if arguments.ndjson {
        // The lock is held to the end: nothing else writes, and each answer goes out at once.
        return explain::answer_lines(BufReader::new(source(input)?), io::stdout().lock(), system_now())
            .map_err(|error| Failure::refused(format!("The cases were not all answered: {error}.")));
    }
    let explained = match reference(input) {
        Some(reference) => explain::case(&now(recorded(common, &reference))?, system_now()),
        None => one(source(input)?).map_err(|error| unreadable(input, &error))?,
    };
    let text = if common.json { explained.full_json() } else { report(&explained) };
    match writeln!(io::stdout(), "{text}") {
        // Who closes the pipe has read enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            return Err(Failure::refused(format!("The output was not taken: {error}.")));
        }
        _ => {}
    }
    if explained.accepted { Ok(()) } else { Err(Failure::refused(verdict(&explained))) }
}

/// A reference such as `7F3K-22QX`, however it was typed. A file of such a name can be given as `./7F3K-22QX`.
fn reference(input: &str) -> Option<String> {
    let (left, right) = input.split_once('-')?;
    let four = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (four(left) && four(right)).then(|| input.to_ascii_uppercase())
}

/// The case that was recorded under a reference.
async fn recorded(common: &Common, reference: &str) -> Result<String, Failure> {
    let node = open(common).await?;
    let found = read_refused::find(&node.service, reference.to_owned()).await?;
    found.map(|refused| refused.case_json).ok_or_else(|| {
        Failure::usage(format!(
            "No refused ceremony is kept under {reference}: only those that a rule of WebAuthn refused are, for a week."
        ))
    })
}

fn source(input: &str) -> Result<Box<dyn Read>, Failure> {
    if input != "-" {
        let file = File::open(input).map_err(|error| unreadable(input, &error))?;
        return Ok(Box::new(file));
    }
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let _ = writeln!(io::stderr(), "Paste the case, then end with Enter and Ctrl-D.");
    }
    Ok(Box::new(stdin.lock()))
}

fn unreadable(input: &str, error: &io::Error) -> Failure {
    Failure::usage(format!("{input} was not read: {error}."))
}

/// Explains what is all of `source`, which may span lines.
fn one(source: impl Read) -> io::Result<Explained> {
    // One more than may be looked at, so that what is too long is seen to be.
    let most = u64::try_from(explain::LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    source.take(most).read_to_end(&mut bytes)?;
    Ok(explain::case_in(&bytes, system_now()))
}

async fn list(common: &Common) -> Result<(), Failure> {
    let node = open(common).await?;
    let refused = read_refused::list(&node.service, LISTED).await?;
    let lines = Value::Array(refused.iter().map(listed).collect());
    print(common, &lines, || {
        if refused.is_empty() {
            return "No refused ceremony is kept.".to_owned();
        }
        table(&refused.iter().map(row).collect::<Vec<_>>())
    })
}

fn listed(refused: &RefusedCeremony) -> Value {
    json!({
        "reference": refused.reference,
        "at": refused.at.to_string(),
        "kind": refused.kind.name(),
        "reason": refused.reason,
    })
}

fn row(refused: &RefusedCeremony) -> Vec<String> {
    let RefusedCeremony { reference, at, kind, reason, .. } = refused;
    vec![reference.clone(), at.to_string(), kind.name().to_owned(), reason.clone()]
}

/// What people read.
fn report(explained: &Explained) -> String {
    let mut out = String::new();
    if let Some(kind) = explained.kind {
        out.push_str(&format!("WebAuthn Level 3, section {}: {}\n\n", kind.section(), kind.word()));
    }
    for step in &explained.steps {
        let mark = match step.state {
            StepState::Held => "ok",
            StepState::Refused => "REFUSED",
            StepState::NotReached => "not reached",
            StepState::NotApplicable => "-",
        };
        out.push_str(&format!("{:>3}  {mark:<11}  {}\n", step.number, step.title));
        if let Some(detail) = &step.detail {
            out.push_str(&format!("{:18}{detail}\n", ""));
        }
    }
    if !explained.steps.is_empty() {
        out.push('\n');
    }
    out.push_str(&format!("{}\n{}", verdict(explained), explained.finding));
    if !explained.remedy.is_empty() {
        out.push_str(&format!("\nWhat to do: {}", explained.remedy));
    }
    out
}

fn verdict(explained: &Explained) -> String {
    match explained.place() {
        _ if explained.accepted => "Accepted.".to_owned(),
        Some(place) => format!("Refused: {} (step {place}).", explained.reason),
        None => format!("Refused: {}.", explained.reason),
    }
}

#[cfg(test)]
mod tests;
