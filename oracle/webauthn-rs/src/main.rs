//! The verdicts of webauthn-rs-core: one case a line from standard input, one verdict a line to standard output.

use std::io::{self, BufRead, Write};
use std::panic;

use serde::Serialize;
use serde_json::Value;

mod case;
mod judge;

use case::Case;

/// One line of output.
#[derive(Serialize)]
struct Line {
    id: Option<Value>,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        serde_json::to_writer(&mut out, &answer(&line?))?;
        writeln!(out)?;
    }
    Ok(())
}

fn answer(line: &str) -> Line {
    let case: Case = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => return reject(name(line), format!("Case: {error}")),
    };
    let id = Some(case.id.clone());
    match panic::catch_unwind(|| judge::judge(&case)) {
        Ok(Ok(())) => Line { id, verdict: "accept", error: None },
        Ok(Err(error)) => reject(id, error),
        Err(_) => reject(id, "panic".to_owned()),
    }
}

fn reject(id: Option<Value>, error: String) -> Line {
    Line { id, verdict: "reject", error: Some(error.chars().take(160).collect()) }
}

/// The id of a line that is no case.
fn name(line: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(line).ok()?;
    value.get("id").cloned()
}
