//! `keyward upgrade`.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::Database;
use store::anchor::AnchorFile;
use store::upgrade::{self, Plan, Progress, UpgradeError, Upgraded, Verified};

use super::{Failure, print};
use crate::cli::{Common, Upgrade as Arguments};
use crate::config::Config;
use crate::key_file::KeyFile;
use crate::node::NodeError;

/// How often long work says how far it has come.
const EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(common: &Common, arguments: Arguments) -> Result<(), Failure> {
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    if let Database::Sqlite(path) = &config.database
        && !path.exists()
    {
        return Err(NodeError::NoDatabase(path.display().to_string()).into());
    }
    let key_file = KeyFile::open(&config.key_file).map_err(NodeError::from)?;
    if arguments.check {
        return check(common, &config, key_file, &arguments).await;
    }
    key_file.lock_alone().map_err(NodeError::from)?;
    let (ring, _lock) = key_file.into_parts();
    let keys = Arc::new(ring);
    let upgraded = upgrade::upgrade(&config.database, Arc::clone(&keys), !arguments.no_copy);
    let Some(Upgraded { plan, copy }) = upgraded.await.map_err(Failure::refused)? else {
        let plan = upgrade::plan(&config.database, keys).await.map_err(Failure::refused)?;
        return nothing_to_do(common, &plan);
    };
    let copy = copy.map(|path| path.display().to_string());
    print(common, &with(described(&plan), json!({ "upgraded": true, "copy": copy })), || {
        let kept = match &copy {
            Some(path) => format!(" {path} is the database as it was: remove it when all is well."),
            None => String::new(),
        };
        format!("The database was upgraded from schema {} to {}.{kept}", plan.found, plan.needed)
    })
}

fn nothing_to_do(common: &Common, plan: &Plan) -> Result<(), Failure> {
    print(common, &with(described(plan), json!({ "ok": true, "upgraded": false })), || match plan.found {
        0 => "The database is empty: the server makes what it needs at its first start.".to_owned(),
        found => format!("Nothing to do: the database has schema {found}, which this program needs."),
    })
}

async fn check(
    common: &Common,
    config: &Config,
    key_file: KeyFile,
    arguments: &Arguments,
) -> Result<(), Failure> {
    // Read before the copy is made, so that the copy leads there.
    let known = AnchorFile::beside(&config.key_file).load().ok().flatten().and_then(|anchor| anchor.head);
    let (ring, _lock) = key_file.into_parts();
    let keys = Arc::new(ring);
    let plan = upgrade::plan(&config.database, Arc::clone(&keys)).await.map_err(Failure::refused)?;
    if plan.found == 0 || plan.missing.is_empty() {
        return nothing_to_do(common, &plan);
    }
    let (began, told) = (Instant::now(), teller());
    let known = known.into_iter().collect();
    let tried = upgrade::check(&config.database, keys, known, arguments.folder.as_deref(), told).await;
    let seconds = began.elapsed().as_secs_f64();
    let outcome = match &tried {
        Ok(verified) => json!({ "ok": true, "checked": counts(verified) }),
        Err(error) => json!({ "ok": false, "error": error.to_string() }),
    };
    let outcome = with(outcome, json!({ "upgraded": false, "seconds": seconds }));
    print(common, &with(described(&plan), outcome), || match &tried {
        Ok(verified) => succeeded(&plan, verified, seconds),
        Err(_) => String::new(),
    })?;
    tried.map(|_| ()).map_err(|error: UpgradeError| {
        Failure::refused(format!(
            "The upgrade from schema {} to {} would fail. {error}",
            plan.found, plan.needed
        ))
    })
}

fn described(plan: &Plan) -> Value {
    let missing = plan.missing.iter().map(|(number, name)| json!({ "number": number, "name": name }));
    json!({ "schema": plan.found, "needed": plan.needed, "migrations": missing.collect::<Vec<_>>() })
}

fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut object, more) {
        fields.extend(more);
    }
    object
}

fn counts(verified: &Verified) -> Value {
    let mut counts: serde_json::Map<String, Value> =
        verified.rows.iter().map(|(table, count)| ((*table).to_owned(), json!(count))).collect();
    counts.insert("events".to_owned(), json!(verified.events));
    counts.insert("batches".to_owned(), json!(verified.batches));
    counts.insert("pending".to_owned(), json!(verified.pending));
    Value::Object(counts)
}

fn succeeded(plan: &Plan, verified: &Verified, seconds: f64) -> String {
    let names: Vec<String> = plan.missing.iter().map(|(number, name)| format!("{number} ({name})")).collect();
    let rows: Vec<String> = verified.rows.iter().map(|(table, count)| format!("{count} {table}")).collect();
    format!(
        "The upgrade from schema {} to {} would succeed: migrations {} ran on a copy in {seconds:.1} s, in which {} and \
         {} audit events are as they were written. Nothing was changed.",
        plan.found,
        plan.needed,
        names.join(", "),
        rows.join(", "),
        verified.events.saturating_add(verified.pending),
    )
}

/// Says on standard error how far it has come, if it takes long.
fn teller() -> upgrade::Told {
    let last = Mutex::new(Instant::now());
    Arc::new(move |progress| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() < EVERY {
            return;
        }
        *last = Instant::now();
        let sentence = match progress {
            Progress::Copying(done, whole) => format!("{done} of {whole} pages are copied …"),
            Progress::CopyingTable(table) => format!("Copying {table} …"),
            Progress::Migrating => "Running the migrations …".to_owned(),
            Progress::Checking(table, count) => format!("{count} {table} are checked …"),
            Progress::CheckingAudit => "Checking the audit chain …".to_owned(),
        };
        let _ = writeln!(std::io::stderr(), "{sentence}");
    })
}
