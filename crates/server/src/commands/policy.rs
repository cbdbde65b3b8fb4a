//! `keyward policy`.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::sync::Arc;

use account::policy::document::{self, LONGEST_DOCUMENT};
use serde_json::{Value, json};
use service::administer_policy::{
    self, Affected, Application, Change, Impact, PolicyError, Progress, Summary, Verdict, Version,
};
use service::{Authority, Context};

use super::{Failure, open, print, table};
use crate::cli::{Common, Policy as Command, PolicyTerms};
use crate::node::operator;

/// Fewer people are judged before anybody could read how far it is.
const WORTH_TELLING: u64 = 5_000;
/// People that are named to people; --json names all that there are.
const NAMED: usize = 50;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Show { version } => show(common, cx, version).await,
        Command::Check { file } => check(common, cx, &read(&file)?).await,
        Command::Apply { file, terms } => apply(common, cx, read(&file)?, terms).await,
        Command::Diff { one, other } => diff(common, cx, &one, other.as_deref()).await,
        Command::History { limit, before } => {
            let versions = administer_policy::history(cx, before, limit).await?;
            let lines = Value::Array(versions.iter().map(json_of).collect());
            print(common, &lines, || table(&versions.iter().map(row).collect::<Vec<_>>()))
        }
        Command::Restore { version, terms } => {
            let document = administer_policy::version(cx, version).await?.document;
            apply(common, cx, document, terms).await
        }
        Command::Undo { version } => {
            let now = administer_policy::undo(cx, &mut operator(), Authority::Operator, version).await?;
            print(common, &json!({ "undone": version, "inForce": now.number }), || {
                format!("Version {version} is undone; version {} is in force.", now.number)
            })
        }
    }
}

async fn show(common: &Common, cx: &Context, version: Option<i64>) -> Result<(), Failure> {
    let version = match version {
        Some(number) => administer_policy::version(cx, number).await?,
        None => administer_policy::in_force(cx).await?,
    };
    print(common, &with_document(&version), || version.document.trim_end().to_owned())
}

async fn check(common: &Common, cx: &Context, document: &str) -> Result<(), Failure> {
    let impact = administer_policy::check(cx, document, None, progress()).await?;
    print(common, &json_of_impact(&impact), || words(&impact))?;
    let locked_out = impact.summary.locked_out;
    match impact.blocked.iter().find(|block| block.stops()) {
        Some(block) => Err(Failure::refused(format!("It could not be applied ({}).", block.code()))),
        None if locked_out > 0 => {
            Err(Failure::refused(format!("It would lock out {locked_out} of those who can sign in today.")))
        }
        None => Ok(()),
    }
}

async fn apply(common: &Common, cx: &Context, document: String, terms: PolicyTerms) -> Result<(), Failure> {
    let base = match terms.base {
        Some(base) => base,
        None => newest(cx).await?,
    };
    let application = Application {
        document,
        base,
        comment: terms.comment,
        effective: terms.effective,
        locks_out: terms.lock_out,
    };
    let applied = administer_policy::apply(cx, &mut operator(), Authority::Operator, application).await?;
    print(common, &json_of(&applied), || {
        format!("Version {} holds from {}.", applied.number, applied.effective)
    })
}

/// The number of the newest version, in force or not.
async fn newest(cx: &Context) -> Result<i64, PolicyError> {
    let newest = administer_policy::history(cx, None, 1).await?;
    Ok(newest.first().map_or(0, |version| version.number))
}

async fn diff(common: &Common, cx: &Context, one: &str, other: Option<&str>) -> Result<(), Failure> {
    let names = administer_policy::names(cx).await?;
    let in_force = administer_policy::in_force(cx).await?;
    let (old, new) = match other {
        Some(other) => (text_of(cx, one).await?, text_of(cx, other).await?),
        None => (in_force.document, text_of(cx, one).await?),
    };
    let parse = |text: &str| document::parse(text, &names).map_err(PolicyError::Document);
    let changes = document::compare(&parse(&old)?, &parse(&new)?, &names);
    let lines = Value::Array(changes.iter().map(json_of_change).collect());
    print(common, &lines, || changes.iter().map(line_of_change).collect::<Vec<_>>().join("\n"))
}

/// The document of a version's number, or else of a file.
async fn text_of(cx: &Context, which: &str) -> Result<String, Failure> {
    match which.parse::<i64>() {
        Ok(number) => Ok(administer_policy::version(cx, number).await?.document),
        Err(_) => read(Path::new(which)),
    }
}

/// Reads a document, no more than there may be of one and a byte.
fn read(file: &Path) -> Result<String, Failure> {
    let failed = |error| Failure::refused(format!("{} cannot be read: {error}.", file.display()));
    let most = u64::try_from(LONGEST_DOCUMENT).unwrap_or(u64::MAX).saturating_add(1);
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().take(most).read_to_string(&mut text).map_err(failed)?;
    } else {
        let file = std::fs::File::open(file).map_err(failed)?;
        file.take(most).read_to_string(&mut text).map_err(failed)?;
    }
    Ok(text)
}

/// Says on standard error how far it is: over one line on a terminal, else now and again.
fn progress() -> Progress {
    let terminal = std::io::stderr().is_terminal();
    Arc::new(move |done, total| {
        if total < WORTH_TELLING {
            return;
        }
        let mut stderr = std::io::stderr();
        // That nobody reads it changes nothing.
        let _ = match (terminal, done >= total) {
            (true, false) => write!(stderr, "\r{done} of {total} people"),
            (true, true) => writeln!(stderr, "\r{done} of {total} people"),
            (false, last) if last || done.rem_euclid(WORTH_TELLING) == 0 => {
                writeln!(stderr, "{done} of {total} people")
            }
            (false, _) => Ok(()),
        };
    })
}

fn json_of(version: &Version) -> Value {
    json!({
        "version": version.number,
        "author": version.author,
        "comment": version.comment,
        "made": version.made.to_string(),
        "effective": version.effective.to_string(),
        "undone": version.undone.map(|at| at.to_string()),
        "impact": json_of_summary(&version.impact),
    })
}

fn with_document(version: &Version) -> Value {
    let mut json = json_of(version);
    if let Some(object) = json.as_object_mut() {
        object.insert("document".to_owned(), Value::String(version.document.clone()));
    }
    json
}

fn json_of_summary(summary: &Summary) -> Value {
    json!({
        "keeps": summary.keeps,
        "mustRegister": summary.must_register,
        "lockedOut": summary.locked_out,
        "neverSignedIn": summary.never,
        "breakGlass": summary.break_glass,
    })
}

fn json_of_change(change: &Change) -> Value {
    json!({ "key": change.key, "from": change.from, "to": change.to })
}

fn json_of_person(one: &Affected) -> Value {
    json!({
        "id": one.user,
        "email": one.login,
        "name": one.name,
        "verdict": one.verdict,
        "reason": one.reason,
    })
}

fn json_of_impact(impact: &Impact) -> Value {
    json!({
        "asOf": impact.as_of.to_string(),
        "base": impact.base,
        "summary": json_of_summary(&impact.summary),
        "people": impact.people.iter().map(json_of_person).collect::<Vec<_>>(),
        "replay": {
            "signIns": impact.replay.sign_ins,
            "askedAgain": impact.replay.asked_again,
            "refused": impact.replay.refused,
            "more": impact.replay.more,
        },
        "blocked": impact.blocked.iter().filter(|block| block.stops()).map(|block| block.code()).collect::<Vec<_>>(),
        "warnings": impact.blocked.iter().filter(|block| !block.stops()).map(|block| block.code()).collect::<Vec<_>>(),
        "changes": impact.changes.iter().map(json_of_change).collect::<Vec<_>>(),
    })
}

fn row(version: &Version) -> Vec<String> {
    let state = match version.undone {
        Some(at) => format!("undone {at}"),
        None => format!("from {}", version.effective),
    };
    let author = version.author.to_string();
    vec![version.number.to_string(), version.made.to_string(), state, author, version.comment.clone()]
}

fn line_of_change(change: &Change) -> String {
    let shown = |value: &str| if value.is_empty() { "nothing".to_owned() } else { value.to_owned() };
    format!("{}: {} → {}", change.key, shown(&change.from), shown(&change.to))
}

fn words(impact: &Impact) -> String {
    let Summary { keeps, must_register, locked_out, never, break_glass } = impact.summary;
    let replay = impact.replay;
    let mut lines: Vec<String> = impact.changes.iter().map(line_of_change).collect();
    lines.extend([
        format!("{keeps} keep signing in"),
        format!("{must_register} must add a passkey at the next sign-in, and have a way to do it"),
        format!("{locked_out} WOULD BE LOCKED OUT"),
        format!("{never} have no way in today either"),
        format!("{break_glass} break-glass accounts keep a way in"),
        format!(
            "Of {}{} sign-ins in the last 30 days {} would have been refused, {} asked for something stronger",
            if replay.more { "the newest " } else { "" },
            replay.sign_ins,
            replay.refused,
            replay.asked_again
        ),
    ]);
    let locked: Vec<&Affected> =
        impact.people.iter().filter(|one| one.verdict == Verdict::LockedOut).collect();
    lines.extend(
        locked
            .iter()
            .take(NAMED)
            .map(|one| format!("locked out: {} ({}), {}", one.login, one.name, one.reason)),
    );
    if locked.len() > NAMED {
        lines.push(format!("and {} more, see --json", locked.len().saturating_sub(NAMED)));
    }
    let blocks = impact.blocked.iter().map(|block| {
        let kind = if block.stops() { "refused" } else { "warning" };
        format!("{kind}: {}", block.code())
    });
    lines.extend(blocks);
    lines.join("\n")
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Self::refused(match &error {
            PolicyError::Document(refusal) => format!("It is no policy: {refusal}."),
            PolicyError::Conflict { newest } => {
                format!("Nothing was changed: version {newest} is newer than the one that this began from.")
            }
            PolicyError::LocksOut(people) => format!(
                "Nothing was changed: it would lock out {people}; see `keyward policy check`, or give --lock-out {people}."
            ),
            PolicyError::Blocked(block) => {
                format!("Nothing was changed: it would lock out those whom nothing may ({}).", block.code())
            }
            PolicyError::NotFound => "Nothing was changed: there is no such version.".to_owned(),
            PolicyError::TooLate => {
                "Nothing was changed: a version can be undone once, within 24 hours; restore an earlier one."
                    .to_owned()
            }
            PolicyError::Store(error) => format!("The database failed: {error}."),
            other => format!("Nothing was changed ({}).", other.code()),
        })
    }
}
