//! What clients asked for and what they were told: the only witness that a fault does not touch.
//!
//! A call is invoked and then ends: acknowledged, refused, or unknown (no answer, or one that says the server failed).
//! From the calls follows what each thing may be now; whatever else the database holds is a broken promise. No two calls
//! under way at the same time change the same thing, because every person belongs to one client.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something that calls change, and that can be looked up in the database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A session, by the text of its token.
    Session(String),
    /// A passkey, by its credential id in base64url.
    Passkey(String),
    /// The name of a passkey that is there, by its credential id in base64url.
    Name(String),
    /// A pass, by its id.
    Pass(String),
    /// The role of an account, by its login.
    Role(String),
    /// Whether an account is there and enabled, by its login.
    Account(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A token opens a session: reports name it by its beginning.
            Key::Session(token) => write!(f, "session {}…", token.get(..6).unwrap_or_default()),
            Key::Passkey(id) => write!(f, "passkey {id}"),
            Key::Name(id) => write!(f, "name of passkey {id}"),
            Key::Pass(id) => write!(f, "pass {id}"),
            Key::Role(login) => write!(f, "role of {login}"),
            Key::Account(login) => write!(f, "account {login}"),
        }
    }
}

/// What a [`Key`] stands for at a moment: [`ABSENT`], [`PRESENT`], or a word of its own such as a role.
pub(crate) type Value = String;
/// It does not exist, or no longer.
pub(crate) const ABSENT: &str = "absent";
/// It exists.
pub(crate) const PRESENT: &str = "present";

/// One thing that a call changes.
pub(crate) type Effect = (Key, Value);

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The server said that it is done: it must stay done.
    Acknowledged,
    /// The server said that it is not done: it must not be done.
    Refused,
    /// Nobody knows: done wholly or not at all.
    Unknown,
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The audit event that it causes, such as `signed_in`; what the call is called in reports.
    pub(crate) event: &'static str,
    /// What it changes, all at once.
    pub(crate) effects: Vec<Effect>,
    /// How it ended; unknown until then.
    pub(crate) end: End,
    /// When it was invoked, in microseconds since 1970.
    pub(crate) invoked: i64,
    /// When its answer was there.
    pub(crate) ended: i64,
}

/// Every call since the last time that everything was settled, and what was settled then.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    settled: BTreeMap<Key, Value>,
    calls: Vec<Call>,
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// A thing is what no sequence of the calls makes it.
    Impossible {
        /// The thing.
        key: Key,
        /// What it may be.
        possible: Vec<Value>,
        /// What it is.
        found: Value,
        /// Whether a call that was acknowledged says so: then something acknowledged was lost.
        acknowledged: bool,
    },
    /// A call without an answer was done in part.
    Half {
        /// What it would have been.
        event: &'static str,
        /// What of it was done.
        done: Vec<Key>,
        /// What was not.
        undone: Vec<Key>,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Impossible { key, possible, found, acknowledged } => {
                let word = if *acknowledged { "acknowledged and lost" } else { "impossible" };
                write!(f, "{word}: {key} is {found}, may be {}", possible.join(" or "))
            }
            Broken::Half { event, done, undone } => {
                let list = |keys: &[Key]| keys.iter().map(Key::to_string).collect::<Vec<_>>().join(", ");
                write!(f, "half done: {event}: done {}; not done {}", list(done), list(undone))
            }
        }
    }
}

/// What a thing may be, and whether an acknowledgement stands behind it.
#[derive(Clone, Debug, Default)]
struct Possible {
    values: Vec<Value>,
    acknowledged: bool,
}

impl History {
    /// Notes that a thing is so, without a call: what set-up has made.
    pub(crate) fn given(&mut self, key: Key, value: &str) {
        self.settled.insert(key, value.to_owned());
    }

    /// A call begins. The number is for [`History::end`].
    pub(crate) fn invoke(&mut self, event: &'static str, effects: Vec<Effect>) -> usize {
        let invoked = server::context::system_now().micros();
        self.calls.push(Call { event, effects, end: End::Unknown, invoked, ended: i64::MAX });
        self.calls.len() - 1
    }

    /// The call ended; `learned` are effects that only the answer could name.
    pub(crate) fn end(&mut self, call: usize, end: End, learned: Vec<Effect>) {
        if let Some(call) = self.calls.get_mut(call) {
            call.end = end;
            call.ended = server::context::system_now().micros();
            call.effects.extend(learned);
        }
    }

    /// The calls since everything was last settled.
    pub(crate) fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// How many of them ended so.
    pub(crate) fn count(&self, end: End) -> usize {
        self.calls.iter().filter(|call| call.end == end).count()
    }

    /// The history as it stood at a moment: what was answered later was unknown, what was invoked later must not be.
    pub(crate) fn as_of(&self, moment: i64) -> Self {
        let mut history = self.clone();
        for call in &mut history.calls {
            if call.invoked >= moment {
                call.end = End::Refused;
            } else if call.ended >= moment {
                call.end = End::Unknown;
            }
        }
        history
    }

    /// What to look up: everything that calls touched, and with `all` everything ever known.
    pub(crate) fn keys(&self, all: bool) -> BTreeSet<Key> {
        let touched = self.calls.iter().flat_map(|call| call.effects.iter().map(|(key, _)| key.clone()));
        let settled = self.settled.keys().filter(|_| all).cloned();
        touched.chain(settled).collect()
    }

    fn possible(&self) -> BTreeMap<Key, Possible> {
        let mut possible: BTreeMap<Key, Possible> = BTreeMap::new();
        for (key, value) in &self.settled {
            possible.insert(key.clone(), Possible { values: vec![value.clone()], acknowledged: true });
        }
        for call in &self.calls {
            for (key, to) in &call.effects {
                let entry = possible
                    .entry(key.clone())
                    .or_insert_with(|| Possible { values: vec![ABSENT.to_owned()], acknowledged: false });
                match call.end {
                    End::Acknowledged => {
                        *entry = Possible { values: vec![to.clone()], acknowledged: true };
                    }
                    End::Unknown if !entry.values.contains(to) => entry.values.push(to.clone()),
                    End::Unknown | End::Refused => {}
                }
            }
        }
        possible
    }

    /// Holds what the database holds against the calls. Keys that were not looked up are not judged.
    pub(crate) fn check(&self, found: &BTreeMap<Key, Value>) -> Vec<Broken> {
        let mut broken = Vec::new();
        for (key, Possible { values, acknowledged }) in self.possible() {
            // The first name is the server's choice.
            if matches!(key, Key::Name(_)) && !acknowledged {
                continue;
            }
            let Some(found) = found.get(&key).filter(|found| !values.contains(found)) else { continue };
            broken.push(Broken::Impossible { key, possible: values, found: found.clone(), acknowledged });
        }
        for (index, call) in self.calls.iter().enumerate() {
            broken.extend((call.end == End::Unknown).then(|| self.half(index, call, found)).flatten());
        }
        broken
    }

    /// Whether an unknown call was done in part. Judged only where nothing later touched the same things.
    fn half(&self, index: usize, call: &Call, found: &BTreeMap<Key, Value>) -> Option<Broken> {
        let before = self.calls.get(..index)?;
        let after = self.calls.get(index + 1..)?;
        let (mut done, mut undone) = (Vec::new(), Vec::new());
        for (key, to) in &call.effects {
            let touches = |call: &&Call| call.effects.iter().any(|(other, _)| other == key);
            let was = before.iter().rev().find(touches);
            // What an earlier unknown call left in doubt, or a later one changed, proves nothing here.
            if after.iter().any(|call| call.end != End::Refused && touches(&call))
                || was.is_some_and(|call| call.end == End::Unknown)
            {
                continue;
            }
            let same = self.before(key, index).as_ref() == Some(to);
            match found.get(key) {
                Some(value) if !same && value == to => done.push(key.clone()),
                Some(_) if !same => undone.push(key.clone()),
                _ => {}
            }
        }
        (!done.is_empty() && !undone.is_empty()).then_some(Broken::Half { event: call.event, done, undone })
    }

    fn before(&self, key: &Key, index: usize) -> Option<Value> {
        let calls = self.calls.get(..index)?.iter().rev().filter(|call| call.end == End::Acknowledged);
        let by_call = calls.flat_map(|call| &call.effects).find(|(other, _)| other == key);
        by_call.map(|(_, to)| to).or_else(|| self.settled.get(key)).cloned()
    }

    /// Takes what was found as what is so from now on, and forgets the calls: they were judged.
    pub(crate) fn settle(&mut self, found: BTreeMap<Key, Value>) {
        self.settled.extend(found);
        self.calls.clear();
    }

    /// What is known to be so, or was when everything was last settled.
    pub(crate) fn settled(&self, key: &Key) -> Option<&str> {
        self.settled.get(key).map(String::as_str)
    }
}

#[cfg(test)]
mod tests;
