//! What the console's overview shows: how far people are, and how they sign in.
//!
//! None of it is counted while somebody waits. People are counted in small steps in the background ([`Walk`]), sign-ins
//! as they get their numbers in the audit log ([`count_sign_ins`]); both are kept, and the overview reads what is kept.

use std::collections::BTreeMap;

use account::audit::EventKind;
use account::model::Aaguid;
use account::readiness::{self, Steps, Survival};
use account::sign_in_log::{self, Outcome, SIGN_IN_KINDS};
use account::user::UserId;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::audit::log::{self, Counted};
use store::sign_in_hours::{self, Tally};
use store::{StoreError, fleet_counts, marks, pass_requests};

use crate::context::Context;
use crate::read_log::{self, Filter, Line, Sight};
use crate::registration_details;

/// People of one step of a walk: a few milliseconds.
const STEP: u32 = 50;
/// Events that one turn counts.
const EVENTS: u32 = 1000;
/// Models that are kept of a counting, those with most passkeys first.
const MODELS: usize = 20;
/// Refusals that the overview shows.
const REFUSALS: u32 = 8;
/// Days that the overview looks back.
pub const DAYS: i64 = 30;
/// Countings that the overview shows of the time before: one a day.
const TREND: u32 = 90;

/// The mark up to which sign-ins are counted.
const COUNTED: &str = "sign-ins-counted";
/// The mark until which somebody counts people.
const WALKING: &str = "people-counting";

/// How far people are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fleet {
    /// Accounts that are not deleted.
    pub people: u64,
    /// Those of them that are disabled; the rest counts only the others.
    pub disabled: u64,
    /// Who could be invited to sign in.
    pub invited: u64,
    /// Who used what they were given.
    pub opened: u64,
    /// Who has a passkey.
    pub enrolled: u64,
    /// Who has two.
    pub second: u64,
    /// Who has two and no password.
    pub passwordless: u64,
    /// Who has two factors that policy takes.
    pub mfa_capable: u64,
    /// Who has a passkey that policy takes.
    pub passwordless_capable: u64,
    /// How many stand how, by [`Survival`].
    pub survival: BTreeMap<String, u64>,
    /// How many have what registered, by the names of `methodsRegistered`.
    pub methods: BTreeMap<String, u64>,
    /// Passkeys of each model, by AAGUID; the most frequent ones.
    pub models: Vec<(String, u64)>,
    /// By which version of the policy.
    pub policy_version: i64,
    /// How long the counting worked, in milliseconds.
    pub worked_millis: i64,
}

impl Fleet {
    /// Who could lose a device today without having to ask anybody.
    pub fn ready(&self) -> u64 {
        let ready = Survival::ALL.iter().filter(|survival| survival.is_ready());
        ready.filter_map(|survival| self.survival.get(survival.as_str())).sum()
    }

    /// The mean of everybody's score, 0 to 100.
    pub fn score(&self) -> u64 {
        let weighed = Survival::ALL.iter().map(|survival| {
            let count = self.survival.get(survival.as_str()).copied().unwrap_or(0);
            count.saturating_mul(u64::from(survival.score()))
        });
        weighed.sum::<u64>().checked_div(self.invited).unwrap_or(0)
    }
}

/// A counting of all people, under way.
pub struct Walk {
    after: Option<UserId>,
    fleet: Fleet,
    models: BTreeMap<Aaguid, u64>,
    now: Timestamp,
}

impl Walk {
    /// Begins one, as of `now`.
    pub fn new(cx: &Context, now: Timestamp) -> Self {
        let fleet = Fleet { policy_version: cx.settings().policy_version, ..Fleet::default() };
        Self { after: None, fleet, models: BTreeMap::new(), now }
    }

    /// Counts some more; `false` when there is nobody left.
    pub async fn step(&mut self, cx: &Context) -> Result<bool, StoreError> {
        let after = self.after;
        let people = cx.db.read(move |tx| registration_details::read(tx, after, STEP)).await?;
        let Some((last, _)) = people.last() else { return Ok(false) };
        self.after = Some(last.id);
        let settings = cx.settings();
        for (user, registered) in people.iter().filter(|(user, _)| user.deleted.is_none()) {
            add(&mut self.fleet.people);
            if !user.is_enabled() {
                add(&mut self.fleet.disabled);
                continue;
            }
            let found = readiness::assess(registered, &settings.of(user), &settings.models, user, self.now);
            self.count(&Steps::of(registered), &found);
            for passkey in registered.passkeys.iter().filter(|passkey| passkey.is_enabled()) {
                add(self.models.entry(Aaguid(passkey.aaguid)).or_default());
            }
        }
        Ok(true)
    }

    fn count(&mut self, steps: &Steps, found: &readiness::Readiness) {
        let fleet = &mut self.fleet;
        add(&mut fleet.invited);
        for (counts, so) in [
            (&mut fleet.opened, steps.opened),
            (&mut fleet.enrolled, steps.enrolled),
            (&mut fleet.second, steps.second),
            (&mut fleet.passwordless, steps.passwordless),
            (&mut fleet.mfa_capable, found.mfa_capable),
            (&mut fleet.passwordless_capable, found.passwordless_capable),
        ] {
            if so {
                add(counts);
            }
        }
        add(fleet.survival.entry(found.survival.as_str().to_owned()).or_default());
        for method in &found.methods {
            add(fleet.methods.entry((*method).to_owned()).or_default());
        }
    }

    /// What was counted.
    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Keeps what was counted; `worked` is how long that took without the pauses.
    pub async fn keep(mut self, cx: &Context, worked: Span) -> Result<Fleet, StoreError> {
        let mut models: Vec<_> =
            self.models.iter().map(|(model, count)| (model.to_string(), *count)).collect();
        models.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        models.truncate(MODELS);
        self.fleet.models = models;
        self.fleet.worked_millis = worked.micros() / 1000;
        let body =
            serde_json::to_string(&self.fleet).map_err(|error| StoreError::Database(error.to_string()))?;
        cx.db
            .write(move |tx| {
                let taken = tx.now()?;
                fleet_counts::put(tx, taken, &body)
            })
            .await?;
        Ok(self.fleet)
    }
}

fn add(count: &mut u64) {
    *count = count.saturating_add(1);
}

/// Takes the turn to count people, for so long; `false` if another process has it, or counted less than `every` ago.
pub async fn may_walk(cx: &Context, every: Span, lease: Span) -> Result<bool, StoreError> {
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let until = marks::get(tx, WALKING)?;
            if until.is_some_and(|until| until > now.micros()) {
                return Ok(false);
            }
            let newest = fleet_counts::newest(tx)?.map(|(taken, _)| taken);
            if newest.is_some_and(|taken| now.since(taken) < every) {
                return Ok(false);
            }
            marks::advance(tx, WALKING, until, (now + lease).micros())
        })
        .await
}

/// Lets others count again.
pub async fn walked(cx: &Context) -> Result<(), StoreError> {
    cx.db
        .write(|tx| {
            let until = marks::get(tx, WALKING)?;
            marks::advance(tx, WALKING, until, 0).map(|_| ())
        })
        .await
}

/// Counts sign-ins that got their numbers since the last time; `true` if there are more.
pub async fn count_sign_ins(cx: &Context) -> Result<bool, StoreError> {
    let (from, events) = cx
        .db
        .read(|tx| {
            let from = marks::get(tx, COUNTED)?;
            Ok::<_, StoreError>((from, log::to_count(tx, from.unwrap_or(0), EVENTS)?))
        })
        .await?;
    let Some(last) = events.last().map(|event| event.seq) else { return Ok(false) };
    let more = events.len() >= usize::try_from(EVENTS).unwrap_or(usize::MAX);
    let mut hours: BTreeMap<i64, Tally> = BTreeMap::new();
    for event in &events {
        if let Some(what) = tallied(event) {
            add(hours.entry(sign_in_hours::hour_of(event.at)).or_default().entry(what).or_default());
        }
    }
    let counted = cx.db.write(move |tx| {
        // Whoever counted them meanwhile has moved the mark.
        if !marks::advance(tx, COUNTED, from, last)? {
            return Ok::<_, StoreError>(false);
        }
        for (hour, tally) in &hours {
            sign_in_hours::add(tx, *hour, tally)?;
        }
        sign_in_hours::sweep(tx)?;
        Ok(true)
    });
    Ok(counted.await? && more)
}

/// Under which word an event is counted: what came of it, and with what or why.
fn tallied(event: &Counted) -> Option<String> {
    if !SIGN_IN_KINDS.contains(&event.kind.as_str()) {
        return None;
    }
    let kind: EventKind = serde_json::from_str(&event.body).ok()?;
    let outcome = sign_in_log::outcome(&kind);
    Some(match outcome {
        Outcome::Failure => format!("failure/{}", sign_in_log::error_class(sign_in_log::code(&kind)?)),
        _ => {
            let methods = sign_in_log::methods(&kind);
            let names: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
            format!("{outcome}/{}", names.join("+"))
        }
    })
}

/// A span of time with what was counted in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins; in seconds since 1970.
    pub begins: i64,
    /// What was counted.
    pub tally: Tally,
}

impl Bucket {
    /// How many came to that.
    pub fn of(&self, outcome: Outcome) -> u64 {
        let begins = format!("{outcome}/");
        self.tally.iter().filter(|(what, _)| what.starts_with(&begins)).map(|(_, count)| count).sum()
    }
}

/// How finely time is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// By hours.
    Hours,
    /// By days of UTC.
    Days,
}

/// What was counted from `from` until `until`, also where nothing was; at most 400 buckets.
pub async fn sign_ins(
    cx: &Context,
    from: Timestamp,
    until: Timestamp,
    grain: Grain,
) -> Result<Vec<Bucket>, StoreError> {
    let width = match grain {
        Grain::Hours => 1,
        Grain::Days => 24,
    };
    let last = sign_in_hours::hour_of(until);
    let first = sign_in_hours::hour_of(from).max(last.saturating_sub(width * 400));
    let hours = cx.db.read(move |tx| sign_in_hours::between(tx, first, last)).await?;
    let begin = |hour: i64| hour.div_euclid(width) * width;
    let mut buckets: BTreeMap<i64, Bucket> = BTreeMap::new();
    let mut hour = begin(first);
    while hour <= last {
        buckets.insert(hour, Bucket { begins: hour * 3600, tally: Tally::new() });
        hour += width;
    }
    for (hour, tally) in hours {
        if let Some(bucket) = buckets.get_mut(&begin(hour)) {
            for (what, count) in tally {
                let total = bucket.tally.entry(what).or_default();
                *total = total.saturating_add(count);
            }
        }
    }
    Ok(buckets.into_values().collect())
}

/// What the overview shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// The newest counting of people, and when it was taken; `None` before the first one.
    pub fleet: Option<(Timestamp, Fleet)>,
    /// Countings of the days before, oldest first.
    pub trend: Vec<(Timestamp, Fleet)>,
    /// Sign-ins of the last days.
    pub days: Vec<Bucket>,
    /// The newest refusals.
    pub refusals: Vec<Line>,
    /// Requests for a pass that wait.
    pub waiting: u32,
}

/// What the overview shows at `now`, to somebody with that sight.
pub async fn overview(cx: &Context, now: Timestamp, sight: Option<Sight>) -> Result<Overview, StoreError> {
    let (newest, trend, waiting) = cx
        .db
        .read(move |tx| {
            let trend = fleet_counts::since(tx, now - Span::from_days(i64::from(TREND)), TREND)?;
            Ok::<_, StoreError>((fleet_counts::newest(tx)?, trend, pass_requests::count_open(tx)?))
        })
        .await?;
    let refusals = match sight {
        Some(sight) => {
            let filter = Filter { outcome: Some(Outcome::Failure), ..Filter::default() };
            read_log::follow(cx, sight, &filter, REFUSALS).await?
        }
        None => Vec::new(),
    };
    Ok(Overview {
        fleet: newest.and_then(parsed),
        trend: trend.into_iter().filter_map(parsed).collect(),
        days: sign_ins(cx, now - Span::from_days(DAYS - 1), now, Grain::Days).await?,
        refusals,
        waiting,
    })
}

/// A counting of an earlier release may lack a number; what cannot be read is no counting.
fn parsed((taken, body): (Timestamp, String)) -> Option<(Timestamp, Fleet)> {
    Some((taken, serde_json::from_str(&body).ok()?))
}
