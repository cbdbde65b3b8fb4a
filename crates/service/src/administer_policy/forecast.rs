//! What a change would do to everybody: people are streamed in pages, judged one by one, and counted.

use std::collections::HashMap;
use std::sync::Arc;

use account::model::Models;
use account::passkey::PasskeyId;
use account::policy::Policy;
use account::policy::impact::{self, Access, Law, Summary, Verdict, Ways, Worth};
use account::user::UserId;
use primitives::time::Timestamp;
use store::{StoreError, Tx, users};

use super::guards::Guards;
use super::population::{self, Household};
use super::{Affected, MOST_AFFECTED, Progress};
use crate::context::Context;

/// Two policies and what they are judged with.
pub(crate) struct Laws {
    pub(super) old: Policy,
    pub(super) new: Policy,
    pub(super) models: Arc<Models>,
    pub(super) now: Timestamp,
}

impl Laws {
    /// The other way round.
    pub(crate) fn swapped(self) -> Self {
        Self { old: self.new, new: self.old, ..self }
    }

    pub(super) fn before(&self) -> Law<'_> {
        Law { policy: &self.old, models: &self.models, now: self.now }
    }

    pub(super) fn after(&self) -> Law<'_> {
        Law { policy: &self.new, models: &self.models, now: self.now }
    }
}

/// What was found.
pub(super) struct Forecast {
    pub(super) summary: Summary,
    pub(super) people: Vec<Affected>,
    pub(super) actor: Option<Verdict>,
    pub(super) guards: Guards,
    /// Whether anybody gets less far than before.
    pub(super) harm: bool,
    /// Passkeys that are worth less than before.
    pub(super) passkeys: HashMap<PasskeyId, Worth>,
    /// People whose password with its second step is worth less than before.
    pub(super) passwords: HashMap<UserId, Worth>,
}

impl Forecast {
    fn new() -> Self {
        Self {
            summary: Summary::default(),
            people: Vec::new(),
            actor: None,
            guards: Guards::new(),
            harm: false,
            passkeys: HashMap::new(),
            passwords: HashMap::new(),
        }
    }

    fn meet(&mut self, laws: &Laws, home: &Household, actor: Option<UserId>) {
        let (user, person) = (&home.user, home.person());
        let after = Ways::of(laws.after(), &person);
        // Nobody who keeps everything needs to be asked what they had.
        let before = if after.are_whole() { after.clone() } else { Ways::of(laws.before(), &person) };
        let judgement = impact::judge_ways(before.access, &after, &person);
        self.summary.count(judgement.verdict);
        self.harm |= after.access < before.access;
        if user.break_glass && after.access == Access::Full {
            self.summary.break_glass = self.summary.break_glass.saturating_add(1);
        }
        if actor == Some(user.id) {
            self.actor = Some(judgement.verdict);
        }
        self.guards.meet(user, actor, before.access, after.access);
        self.remember(user.id, &before, &after);
        if judgement.verdict != Verdict::Keeps {
            self.people.push(Affected {
                user: user.id,
                login: user.login.shown().to_owned(),
                name: user.name.clone(),
                verdict: judgement.verdict,
                reason: judgement.reason,
            });
        }
    }

    /// Notes which methods are worth less, for the replay.
    fn remember(&mut self, user: UserId, before: &Ways, after: &Ways) {
        for ((id, after), (_, before)) in after.passkeys.iter().zip(&before.passkeys) {
            if after < before {
                self.passkeys.insert(*id, *after);
            }
        }
        if let Some(after) = after.password.filter(|after| before.password > Some(*after)) {
            self.passwords.insert(user, after);
        }
    }

    /// Keeps the list bounded, and those in it who are locked out rather than those who only must register.
    fn bound(&mut self) {
        if self.people.len() > MOST_AFFECTED {
            self.people.sort_by_key(|one| rank(one.verdict));
            self.people.truncate(MOST_AFFECTED);
        }
    }
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::LockedOut => 0,
        Verdict::MustRegister => 1,
        Verdict::NeverSignedIn => 2,
        Verdict::Keeps => 3,
    }
}

/// Judges everybody.
pub(super) async fn everybody(
    cx: &Context,
    laws: &Arc<Laws>,
    actor: Option<UserId>,
    progress: &Progress,
) -> Result<Forecast, StoreError> {
    let total = u64::try_from(cx.db.read(users::count).await?).unwrap_or(0);
    let (mut forecast, mut after, mut done) = (Forecast::new(), None, 0_u64);
    loop {
        let homes = cx.db.read(move |tx: &mut Tx<'_>| population::page(tx, after)).await?;
        let Some(last) = homes.last() else { break };
        after = Some(last.user.id);
        done = done.saturating_add(u64::try_from(homes.len()).unwrap_or(0));
        for home in homes.iter().filter(|home| home.counts()) {
            forecast.meet(laws, home, actor);
        }
        forecast.bound();
        progress(done, total.max(done));
        // Whoever else waits for this thread goes first.
        tokio::task::yield_now().await;
    }
    forecast.people.sort_by(|a, b| (rank(a.verdict), &a.login).cmp(&(rank(b.verdict), &b.login)));
    Ok(forecast)
}
