//! A deployment with many people, its processes on processors of their own, for scenarios that measure.

use std::process::Command;
use std::time::Duration;

use super::Setting;
use super::storm::{self, Browser, Force, Weather};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::real;
use crate::host::Host;
use crate::person::Person;
use crate::population::{self, Deployment};
use crate::process;

/// How long a capacity is measured, after as long a warm-up.
const MEASURE: Duration = Duration::from_secs(4);

/// A running deployment.
pub(crate) struct Stand {
    /// The server.
    pub(crate) host: Host,
    /// Its database.
    pub(crate) database: Database,
    /// Keeps the files.
    folder: tempfile::TempDir,
}

/// What a process has used, to be compared with a later reading.
pub(crate) struct Meter {
    cpu: Duration,
    read: std::time::Instant,
}

impl Stand {
    /// Starts a fresh server on `database` with so many people.
    ///
    /// `extra` is added to its configuration.
    pub(crate) fn new(
        setting: &Setting,
        database: Database,
        people: usize,
        extra: &str,
    ) -> Result<(Self, Vec<Person>), Failure> {
        let folder = setting.folder()?;
        let database = match database {
            Database::Sqlite { .. } => Database::sqlite(folder.path()),
            postgres => postgres,
        };
        let mut host = Host::prepare(&setting.binary, folder.path(), database.url())?;
        let configured = std::fs::read_to_string(host.config()).map(|text| text + extra);
        let written = configured.and_then(|text| std::fs::write(host.config(), text));
        written.map_err(Failure::because("cannot write the server's configuration"))?;
        host.start()?;
        let deployment = Deployment {
            config: host.config(),
            binary: host.binary.clone(),
            endpoint: host.endpoint.clone(),
        };
        host.stop()?;
        let people = population::insert(&deployment, people)?;
        database.settle()?;
        host.start()?;
        let stand = Self { host, database, folder };
        Ok((stand, people))
    }

    /// The databases that the setting asks for, each made when its turn comes.
    pub(crate) fn databases(setting: &Setting) -> Result<Vec<Database>, Failure> {
        let sqlite = setting.database.sqlite().then(|| Database::Sqlite { path: String::new() });
        let postgres = setting.database.postgres().then(|| Database::postgres(&setting.dir)).transpose()?;
        Ok(sqlite.into_iter().chain(postgres).collect())
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The process of the server.
    pub(crate) fn pid(&self) -> Result<u32, Failure> {
        self.host.pid().ok_or_else(|| Failure::new("the server has ended"))
    }

    /// Gives the server and its database the first half of the processors and this program the second, so that load and
    /// answers do not take time from each other. On one processor everything stays as it is.
    pub(crate) fn part_processors(&self) -> Result<usize, Failure> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if cores < 2 {
            return Ok(cores);
        }
        let half = cores / 2;
        let (first, second) = (format!("0-{}", half - 1), format!("{half}-{}", cores - 1));
        let mut theirs = vec![self.pid()?];
        if let Some(parent) = self.database.process() {
            theirs.push(parent);
            theirs.extend(process::children(parent));
        }
        for pid in theirs {
            pin(pid, &first)?;
        }
        pin(std::process::id(), &second)?;
        Ok(half)
    }

    /// Lets this program run everywhere again.
    pub(crate) fn join_processors() -> Result<(), Failure> {
        let cores =
            std::fs::read_to_string("/sys/devices/system/cpu/online").unwrap_or_else(|_| "0".to_owned());
        pin(std::process::id(), cores.trim())
    }

    /// Browsers that share the people.
    pub(crate) fn browsers(&self, people: Vec<Person>, count: usize) -> Vec<Browser> {
        let mut hands: Vec<Vec<Person>> = (0..count.max(1)).map(|_| Vec::new()).collect();
        for (index, person) in people.into_iter().enumerate() {
            if let Some(hand) = hands.get_mut(index % count.max(1)) {
                hand.push(person);
            }
        }
        hands.into_iter().map(|hand| Browser::new(self.host.endpoint.clone(), hand)).collect()
    }

    /// Complete sign-ins a second that the closed loop reaches.
    pub(crate) fn capacity(&self, browsers: Vec<Browser>) -> Result<(f64, Weather, Vec<Browser>), Failure> {
        let (warm, browsers) = storm::blow(browsers, Force::Closed, MEASURE / 2, 1)?;
        let (weather, browsers) = storm::blow(browsers, Force::Closed, MEASURE, 2)?;
        let failed = [warm.failed(), weather.failed()].concat();
        if !failed.is_empty() {
            return Err(self.host.explain(Failure::new(format!("some sign-ins failed: {failed}"))));
        }
        Ok((real(weather.signed.count()) / MEASURE.as_secs_f64(), weather, browsers))
    }

    /// Begins to measure what the server uses.
    pub(crate) fn meter(&self) -> Result<Meter, Failure> {
        Ok(Meter { cpu: process::cpu(self.pid()?)?, read: std::time::Instant::now() })
    }

    /// Processors that the server has kept busy since then.
    pub(crate) fn used_since(&self, meter: &Meter) -> Result<f64, Failure> {
        let used = process::cpu(self.pid()?)?.saturating_sub(meter.cpu);
        Ok(used.as_secs_f64() / meter.read.elapsed().as_secs_f64())
    }
}

fn pin(pid: u32, cores: &str) -> Result<(), Failure> {
    let pinned = Command::new("taskset").args(["-a", "-p", "-c", cores, &pid.to_string()]).output();
    match pinned {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(Failure::new("cannot give processes processors of their own (taskset, of util-linux)")),
    }
}
