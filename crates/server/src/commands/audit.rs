//! `keyward audit`.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::{Value, json};
use service::{Context, read_audit};
use store::anchor::AnchorFile;
use store::audit::{Entry, FaultKind, Filter};

use super::users::find;
use super::{Failure, open, print, table};
use crate::cli::{Audit as Command, Common};

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::List { limit, user } => {
            let subject = match user {
                Some(login) => Some(find(cx, &login).await?),
                None => None,
            };
            let entries = read_audit::list(cx, Filter { subject, ..Filter::default() }, limit).await?;
            let lines = Value::Array(entries.iter().map(json).collect());
            print(common, &lines, || table(&entries.iter().map(row).collect::<Vec<_>>()))
        }
        Command::Verify => verify(common, cx, &node.anchor).await,
        Command::Export { path } => export(common, cx, &path).await,
    }
}

async fn verify(common: &Common, cx: &Context, anchor: &AnchorFile) -> Result<(), Failure> {
    let known = anchor.load().ok().flatten().and_then(|anchor| anchor.head);
    let report = read_audit::verify(cx, known.into_iter().collect()).await?;
    let json = json!({
        "ok": report.fault.is_none(),
        "events": report.events,
        "batches": report.batches,
        "pending": report.pending,
        "fault": report.fault.as_ref().map(|fault| {
            json!({ "code": fault.kind.code(), "seq": fault.seq, "event": fault.event })
        }),
    });
    let fault = report.fault.as_ref().map(|fault| {
        let place = match (fault.seq, fault.event) {
            (Some(seq), _) => format!("at event number {seq}"),
            (None, Some(event)) => format!("at event {event}"),
            (None, None) => "at its end".to_owned(),
        };
        match fault.kind {
            FaultKind::RolledBack => format!(
                "The audit log is in order, but a row is again what it was before the change {place}: {}.",
                fault.kind.code()
            ),
            _ => format!("The audit log is not what was written: {} {place}.", fault.kind.code()),
        }
    });
    print(common, &json, || match &fault {
        None => format!("{} events in {} batches are as they were written.", report.events, report.batches),
        Some(_) => String::new(),
    })?;
    fault.map_or(Ok(()), |sentence| Err(Failure::refused(sentence)))
}

async fn export(common: &Common, cx: &Context, path: &Path) -> Result<(), Failure> {
    let refused =
        |error: std::io::Error| Failure::refused(format!("{} was not written: {error}.", path.display()));
    let to_stdout = path == Path::new("-");
    let mut out: BufWriter<Box<dyn Write>> = BufWriter::new(if to_stdout {
        Box::new(std::io::stdout())
    } else {
        Box::new(create(path).map_err(refused)?)
    });
    let (mut after, mut events) = (0, 0_u64);
    loop {
        let page = read_audit::export(cx, after).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for event in &page {
            line(&mut out, event).map_err(refused)?;
            events = events.saturating_add(1);
        }
    }
    let mut batches = 0;
    loop {
        let page = read_audit::export_batches(cx, batches).await?;
        let Some(last) = page.last() else { break };
        batches = last.batch;
        for batch in &page {
            line(&mut out, batch).map_err(refused)?;
        }
    }
    out.flush().map_err(refused)?;
    if to_stdout {
        return Ok(());
    }
    print(
        common,
        &json!({ "path": path.display().to_string(), "events": events, "batches": batches }),
        || format!("{events} events and {batches} signed heads were written to {}.", path.display()),
    )
}

fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn line(out: &mut impl Write, value: &impl serde::Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn json(entry: &Entry) -> Value {
    let event = &entry.event;
    json!({
        "seq": entry.seq,
        "id": event.id,
        "at": event.at.to_string(),
        "actor": event.actor,
        "subject": event.subject,
        "event": event.kind,
        "client": event.client,
        "note": event.note,
        "reference": event.reference,
    })
}

fn row(entry: &Entry) -> Vec<String> {
    let event = &entry.event;
    let client = event.client.as_ref().map(|client| format!("{} {}", client.browser, client.address));
    vec![
        entry.seq.map_or("-".to_owned(), |seq| seq.to_string()),
        event.at.to_string(),
        event.kind.name().to_owned(),
        event.actor.to_string(),
        event.subject.map_or(String::new(), |subject| subject.to_string()),
        client.unwrap_or_default(),
        event.reference.clone(),
    ]
}
