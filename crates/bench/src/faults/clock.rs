//! `clock`: the clock of the real program jumps, ahead and back, by a minute, an hour and ten years, while people have
//! sessions, passes and open ceremonies. libfaketime does it; PostgreSQL keeps the real time.
//!
//! On SQLite the program's clock is the database's too. Whatever it has shown once counts as having been: nothing that
//! expired comes back. On PostgreSQL only the node is wrong, and says that it should not be asked.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::stand::Stand;
use super::town::Town;
use super::{Outcome, Setting};
use crate::database::Database;
use crate::failure::Failure;

const HOUR: i64 = 3600;
const TEN_YEARS: i64 = 315_576_000;
/// Where Debian keeps the library, by architecture, and other places.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

/// A program whose clock can be set.
pub(crate) struct Warped {
    /// Starts the program under the library.
    pub(crate) binary: PathBuf,
    offset: PathBuf,
}

impl Warped {
    fn new(folder: &Path, binary: &Path) -> Result<Self, Failure> {
        let library = LIBRARIES.iter().find(|path| Path::new(path).exists());
        let library =
            library.ok_or_else(|| Failure::new("libfaketime is not installed (package faketime)"))?;
        let (script, offset) = (folder.join("warped"), folder.join("offset"));
        let text = format!(
            "#!/bin/sh\nLD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE={} FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
             exec {} \"$@\"\n",
            offset.display(),
            binary.display()
        );
        let made = fs::write(&script, text);
        let made = made.and_then(|()| fs::set_permissions(&script, fs::Permissions::from_mode(0o755)));
        made.map_err(Failure::because("cannot write a script"))?;
        let warped = Self { binary: script, offset };
        warped.jump(0)?;
        Ok(warped)
    }

    /// From here on the clock is off by so many seconds.
    pub(crate) fn jump(&self, seconds: i64) -> Result<(), Failure> {
        let next = self.offset.with_extension("next");
        let written =
            fs::write(&next, format!("{seconds:+}\n")).and_then(|()| fs::rename(&next, &self.offset));
        written.map_err(Failure::because("cannot set the clock"))
    }
}

/// The scenario.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes = Vec::new();
    for seconds in [60, HOUR, TEN_YEARS, -60, -HOUR, -TEN_YEARS] {
        for database in Stand::databases(setting)? {
            outcomes.push(on(setting, database, seconds)?);
        }
    }
    Ok(outcomes)
}

fn on(setting: &Setting, database: Database, seconds: i64) -> Result<Outcome, Failure> {
    let folder = setting.folder()?;
    let warped = Warped::new(folder.path(), &setting.binary)?;
    let setting = Setting { binary: warped.binary.clone(), ..setting.clone() };
    // More than sign in: whoever signs in again in the same browser loses the session before.
    let (stand, people) = Stand::new(&setting, database, 24, "")?;
    let sqlite = stand.database.name() == "sqlite";
    let mut town = Town::new(stand, people)?;
    let mut checks = Checks::default();
    match (sqlite, seconds.abs() == 60) {
        (_, true) => small(&mut town, &warped, seconds, &mut checks)?,
        (true, _) if seconds > 0 => ahead_and_back(&mut town, &warped, seconds, &mut checks)?,
        (true, _) => back_and_ahead(&mut town, &warped, seconds, &mut checks)?,
        (false, _) => node_only(&mut town, &warped, seconds, &mut checks)?,
    }
    if let Some(why) = town.audit()? {
        checks.problems.push(format!("keyward audit verify: {why}"));
    }
    if town.sign_in_again_with_used_response()? {
        checks.problems.push("a used sign-in was accepted again".to_owned());
    }
    Ok(checks.outcome(town.stand.database.name(), seconds))
}

/// What was asked, and what should have been different.
#[derive(Default)]
struct Checks {
    asked: u32,
    problems: Vec<String>,
    notes: Vec<String>,
}

impl Checks {
    fn expect<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: &T, expected: &T) {
        self.asked += 1;
        if found != expected {
            self.problems.push(format!("{what}: {found:?}, expected {expected:?}"));
        }
    }

    fn outcome(self, database: &str, seconds: i64) -> Outcome {
        let Checks { asked, problems, notes } = self;
        let length = match seconds.abs() {
            60 => "60 s".to_owned(),
            HOUR => "1 h".to_owned(),
            _ => "10 years".to_owned(),
        };
        let direction = if seconds > 0 { "ahead" } else { "back" };
        let summary = format!(
            "{length} {direction} and the other way: {asked} questions answered, {} wrong{}: {}",
            problems.len(),
            notes.iter().map(|note| format!("; {note}")).collect::<String>(),
            if problems.is_empty() { "kept" } else { "BROKEN" }
        );
        let figures = BTreeMap::from([("questions", f64::from(asked))]);
        let database = format!("{database}, {length} {direction}");
        Outcome { scenario: "clock", database, summary, problems, figures }
    }
}

/// Within what clocks may differ nobody notices anything.
fn small(town: &mut Town, warped: &Warped, seconds: i64, checks: &mut Checks) -> Result<(), Failure> {
    let session = town.sign_in()?;
    let begun = town.begin()?;
    for offset in [seconds, -seconds, 0] {
        warped.jump(offset)?;
        checks.expect("the session", &town.is_live(&session)?, &true);
        let another = town.sign_in()?;
        checks.expect("a new session", &town.is_live(&another)?, &true);
    }
    checks.expect("an open ceremony", &town.finish(&begun)?, &true);
    Ok(())
}

/// SQLite: what expired in between stays expired, and what was issued in between ends when the operator vouches.
fn ahead_and_back(
    town: &mut Town,
    warped: &Warped,
    seconds: i64,
    checks: &mut Checks,
) -> Result<(), Failure> {
    let (early, begun, pass) = (town.sign_in()?, town.begin()?, town.issue("early", "10m")?);
    let stays = seconds == HOUR;
    warped.jump(seconds)?;
    let late = town.sign_in()?;
    let late_pass = town.issue("late", "60m")?;
    checks.expect("the earlier session", &town.is_live(&early)?, &stays);
    checks.expect("an old ceremony", &town.finish(&begun)?, &false);
    checks.expect("an expired pass", &town.redeem("early", &pass)?, &422);
    town.lock_out("guessed")?;
    town.let_floor_be_stored()?;

    warped.jump(0)?;
    for restarted in [false, true] {
        if restarted {
            town.stand.host.stop()?;
            town.stand.host.start()?;
        }
        let when = if restarted { "after the jump back and a restart" } else { "after the jump back" };
        checks.expect(&format!("an old ceremony {when}"), &town.finish(&begun)?, &false);
        checks.expect(&format!("an expired pass {when}"), &town.redeem("early", &pass)?, &422);
        checks.expect(&format!("the earlier session {when}"), &town.is_live(&early)?, &stays);
        let now = town.sign_in()?;
        checks.expect(&format!("a new session {when}"), &town.is_live(&now)?, &true);
        let ready = town.ready()?;
        let behind = town.behind()?;
        checks.expect(&format!("the alarm {when} (behind {behind} s)"), &(behind + 120 > seconds), &true);
        let far = seconds > HOUR;
        checks.expect(&format!("readiness {when}: {}", ready.1), &(ready.0 == 503), &far);
        if far {
            checks.expect("its reason", &ready.1.contains("clock_behind"), &true);
        }
    }
    checks.expect("the alarm in the log", &town.logged("went back"), &true);
    checks.expect("the lockout, still", &town.redeem("guessed", "AAAA-AAAA-AAAA")?, &429);

    town.stand.host.stop()?;
    let guard = control(town, ("early", &pass))?;
    checks.expect("control: without the floor the expired pass", &guard, &303);
    checks.notes.push(
        "control failed as it must: with the floor taken away the expired pass opened a session".to_owned(),
    );
    town.stand.host.stop()?;
    vouch(town, (&late, &late_pass), &begun, checks)
}

/// The operator says that the clock is right: what was granted by the wrong one is void.
fn vouch(
    town: &mut Town,
    (late, late_pass): (&str, &str),
    begun: &super::town::Begun,
    checks: &mut Checks,
) -> Result<(), Failure> {
    town.restore_floor()?;
    town.start_with(&["--accept-clock"])?;
    checks.expect("a session from the future", &town.is_live(late)?, &false);
    checks.expect("a pass from the future", &town.redeem("late", late_pass)?, &422);
    checks.expect("an old ceremony after all", &town.finish(begun)?, &false);
    checks.expect("a lockout from the future", &town.redeem("guessed", "AAAA-AAAA-AAAA")?, &422);
    let now = town.sign_in()?;
    checks.expect("a session of now", &town.is_live(&now)?, &true);
    checks.expect("readiness", &town.ready()?.0, &200);
    checks.expect("the clock is right", &(town.behind()? < 5), &true);
    Ok(())
}

/// SQLite: a clock that goes back loses nobody's session, and nothing begins to live again when it comes back.
fn back_and_ahead(
    town: &mut Town,
    warped: &Warped,
    seconds: i64,
    checks: &mut Checks,
) -> Result<(), Failure> {
    let (session, pass) = (town.sign_in()?, town.issue("early", "60m")?);
    town.let_floor_be_stored()?;
    warped.jump(seconds)?;
    for restarted in [false, true] {
        if restarted {
            town.stand.host.stop()?;
            town.stand.host.start()?;
        }
        checks.expect("the session while the clock is behind", &town.is_live(&session)?, &true);
        let another = town.sign_in()?;
        checks.expect("a new session while the clock is behind", &town.is_live(&another)?, &true);
        let ready = town.ready()?;
        let behind = town.behind()?;
        checks.expect(&format!("the alarm (behind {behind} s)"), &(behind + 120 > -seconds), &true);
        checks.expect(&format!("readiness {}", ready.1), &(ready.0 == 503), &(seconds < -HOUR));
    }
    checks.expect("the alarm in the log", &town.logged("went back"), &true);
    warped.jump(0)?;
    checks.expect("the session when the clock is right", &town.is_live(&session)?, &true);
    checks.expect("readiness when the clock is right", &town.ready_again()?, &200);
    checks.expect("a pass that is not over", &town.redeem("early", &pass)?, &303);
    Ok(())
}

/// PostgreSQL with the right time and a node with another: it says so, and what it does is judged by the database.
fn node_only(town: &mut Town, warped: &Warped, seconds: i64, checks: &mut Checks) -> Result<(), Failure> {
    let (session, pass) = (town.sign_in()?, town.issue("early", "60m")?);
    warped.jump(seconds)?;
    let ready = town.ready()?;
    checks.expect("readiness", &(ready.0, ready.1.contains("clock_skew")), &(503, true));
    checks.expect("the alarm in the log", &town.logged("not ready"), &true);
    // A node that is ahead ends sessions early, never late; one that is behind is held to the database's time.
    let live = town.is_live(&session)?;
    checks.expect("the session at a node that is off", &live, &(seconds < 2 * HOUR));
    let begun = town.begin()?;
    checks.expect("a ceremony of a node that is off", &town.finish(&begun)?, &(seconds < 0));
    warped.jump(0)?;
    checks.expect("a ceremony from the future, later", &(seconds > 0 && town.finish(&begun)?), &false);
    checks.expect("the session when the clock is right", &town.is_live(&session)?, &true);
    checks.expect("readiness when the clock is right", &town.ready_again()?, &200);
    checks.expect("a pass that is not over", &town.redeem("early", &pass)?, &303);
    Ok(())
}

/// The guard's row taken away: what it held back is accepted.
fn control(town: &mut Town, (name, pass): (&str, &str)) -> Result<u16, Failure> {
    town.take_floor_away()?;
    town.stand.host.start()?;
    std::thread::sleep(Duration::from_millis(10));
    town.redeem(name, pass)
}
