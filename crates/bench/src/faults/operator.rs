//! The operator, who works on the command line beside the servers: issues and revokes passes, gives roles, turns
//! accounts off and on. Each command is a process of its own that may be killed like a server.

use std::io::Read;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::client::{Shared, lock};
use super::history::{Effect, End, Key};
use super::random::Random;

/// How often a running command is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// Somebody whom the operator administers.
#[derive(Clone, Debug)]
pub(crate) struct Administered {
    login: String,
    /// The id of the newest pass.
    pass: Option<String>,
    role: &'static str,
    enabled: bool,
    doubtful: bool,
}

/// The operator.
pub(crate) struct Operator {
    record: Shared,
    random: Random,
    people: Vec<Administered>,
    added: u32,
    /// Sets this operator's people apart from those of others.
    name: String,
}

/// One command.
struct Plan {
    event: &'static str,
    arguments: Vec<String>,
    effects: Vec<Effect>,
}

impl Operator {
    /// An operator without people; the first command adds somebody.
    pub(crate) fn new(record: Shared, random: Random, name: &str) -> Self {
        Self { record, random, people: Vec::new(), added: 0, name: name.to_owned() }
    }

    /// Runs commands, made by `command`, until `over`. The one that runs then is killed.
    pub(crate) fn work(&mut self, over: &AtomicBool, command: &(dyn Fn(&[String]) -> Command + Sync)) {
        while !over.load(Ordering::Relaxed) {
            let able: Vec<usize> = (0..self.people.len())
                .filter(|index| self.people.get(*index).is_some_and(|person| !person.doubtful))
                .collect();
            if able.len() < 3 {
                self.add(over, command);
                continue;
            }
            let Some(index) = able.get(self.random.index(able.len())).copied() else { return };
            let mut person = self.people.swap_remove(index);
            self.administer(&mut person, over, command);
            self.people.push(person);
        }
    }

    fn add(&mut self, over: &AtomicBool, command: &(dyn Fn(&[String]) -> Command + Sync)) {
        self.added += 1;
        let login = format!("{}-{}@example.com", self.name, self.added);
        let effects = vec![
            (Key::Account(login.clone()), "enabled".to_owned()),
            (Key::Role(login.clone()), "user".to_owned()),
        ];
        let arguments = ["user", "add", &login, "--name", "Administered"].map(str::to_owned).to_vec();
        let end = self.perform(Plan { event: "user_added", arguments, effects }, over, command);
        let doubtful = end.is_err();
        self.people.push(Administered { login, pass: None, role: "user", enabled: true, doubtful });
    }

    fn administer(
        &mut self,
        person: &mut Administered,
        over: &AtomicBool,
        command: &(dyn Fn(&[String]) -> Command + Sync),
    ) {
        let login = person.login.clone();
        let (role, enabled) = (if person.role == "user" { "helpdesk" } else { "user" }, !person.enabled);
        let choice = self.random.below(6);
        let (event, words, effects): (&str, Vec<&str>, Vec<Effect>) = match choice {
            0..=2 if person.enabled => {
                let old = person.pass.iter().map(|id| (Key::Pass(id.clone()), "revoked".to_owned()));
                ("pass_issued", vec!["pass", "issue", &login, "--once", "--reason", "faults"], old.collect())
            }
            3 if person.pass.is_some() => {
                let old = person.pass.iter().map(|id| (Key::Pass(id.clone()), "revoked".to_owned()));
                ("pass_revoked", vec!["pass", "revoke", &login], old.collect())
            }
            4 => {
                // Disabling also takes back what was granted.
                let old = person.pass.iter().filter(|_| person.enabled);
                let mut effects: Vec<Effect> =
                    old.map(|id| (Key::Pass(id.clone()), "revoked".to_owned())).collect();
                let (event, word, state) = if enabled {
                    ("user_enabled", "enable", "enabled")
                } else {
                    ("user_disabled", "disable", "disabled")
                };
                effects.push((Key::Account(login.clone()), state.to_owned()));
                (event, vec!["user", word, &login], effects)
            }
            _ => {
                let effects = vec![(Key::Role(login.clone()), role.to_owned())];
                ("role_changed", vec!["role", "set", &login, role], effects)
            }
        };
        let arguments = words.into_iter().map(str::to_owned).collect();
        match self.perform(Plan { event, arguments, effects }, over, command) {
            Ok(id) => match event {
                "pass_issued" => person.pass = id,
                "pass_revoked" => person.pass = None,
                "role_changed" => person.role = role,
                _ => {
                    person.enabled = enabled;
                    person.pass = None;
                }
            },
            Err(()) => person.doubtful = true,
        }
    }

    /// Runs a command and notes how it ended; `Ok` with the id that it printed.
    fn perform(
        &self,
        plan: Plan,
        over: &AtomicBool,
        command: &(dyn Fn(&[String]) -> Command + Sync),
    ) -> Result<Option<String>, ()> {
        let call = lock(&self.record).history.invoke(plan.event, plan.effects);
        let child = command(&plan.arguments).spawn().map_err(|_| ())?;
        let (status, out, err) = finish(child, over);
        let mut record = lock(&self.record);
        match status {
            Some(0) => {
                let id = printed_id(&out);
                let issued = id.clone().filter(|_| plan.event == "pass_issued");
                let learned = issued.map(|id| (Key::Pass(id), "issued".to_owned())).into_iter().collect();
                record.history.end(call, End::Acknowledged, learned);
                Ok(id)
            }
            Some(code) if err.contains("The database failed") || err.contains("cannot be opened") => {
                record.failures.push(format!("{}: exit {code}: {err}", plan.event));
                Err(())
            }
            Some(code) => {
                record.history.end(call, End::Refused, Vec::new());
                record.refusals.push(format!("{}: exit {code}: {err}", plan.event));
                Err(())
            }
            None => Err(()),
        }
    }

    /// Forgets whom nobody knows enough of; what was settled about them is kept and checked.
    pub(crate) fn reconcile(&mut self) {
        self.people.retain(|person| !person.doubtful);
    }
}

/// Waits for a command, or kills it when it is over: its exit code if it came to that, and what it printed.
fn finish(mut child: Child, over: &AtomicBool) -> (Option<i32>, String, String) {
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.code(),
            Ok(None) if !over.load(Ordering::Relaxed) => std::thread::sleep(LOOK),
            _ => {
                // Nothing can be done about an error here, and the process is ours alone.
                let _ = child.kill();
                break child.wait().ok().and_then(|status| status.code());
            }
        }
    };
    let (mut out, mut err) = (String::new(), String::new());
    if let Some(mut pipe) = child.stdout.take() {
        let _ = pipe.read_to_string(&mut out);
    }
    if let Some(mut pipe) = child.stderr.take() {
        let _ = pipe.read_to_string(&mut err);
    }
    (status, out, err.trim().to_owned())
}

fn printed_id(out: &str) -> Option<String> {
    let said: serde_json::Value = serde_json::from_str(out).ok()?;
    said.get("id")?.as_str().map(str::to_owned)
}
