//! Whom no change of policy may lock out: whoever makes it, all administrators, the break-glass accounts.

use account::policy::impact::{Access, Law, Ways};
use account::role::Role;
use account::user::{User, UserId};
use store::{StoreError, Tx, users};

use super::Block;
use super::population::{self, Household};

/// How far the best of some accounts gets, before and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Best {
    there: bool,
    before: Access,
    after: Access,
}

impl Best {
    const NOBODY: Self = Self { there: false, before: Access::None, after: Access::None };

    fn meet(&mut self, before: Access, after: Access) {
        self.there = true;
        self.before = self.before.max(before);
        self.after = self.after.max(after);
    }

    fn falls(self) -> bool {
        self.after < self.before
    }
}

/// What becomes of those whom no change may lock out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guards {
    actor: Option<(Access, Access)>,
    administrators: Best,
    break_glass: Best,
}

impl Guards {
    pub(super) fn new() -> Self {
        Self { actor: None, administrators: Best::NOBODY, break_glass: Best::NOBODY }
    }

    /// Takes somebody in who gets so far before and after.
    pub(super) fn meet(&mut self, user: &User, actor: Option<UserId>, before: Access, after: Access) {
        if actor == Some(user.id) {
            self.actor = Some((before, after));
        }
        if user.role == Role::Administrator {
            self.administrators.meet(before, after);
        }
        if user.break_glass {
            self.break_glass.meet(before, after);
        }
    }

    /// The same people read again in this transaction, whose caller holds the row on which changes of administrators meet.
    pub(super) fn read(
        tx: &mut Tx<'_>,
        old: Law<'_>,
        new: Law<'_>,
        actor: Option<UserId>,
    ) -> Result<Self, StoreError> {
        let mut people = users::of_role(tx, Role::Administrator)?;
        people.extend(users::break_glass(tx)?);
        if let Some(actor) = actor {
            people.extend(users::by_id(tx, actor)?);
        }
        people.sort_by_key(|user| user.id);
        people.dedup_by_key(|user| user.id);
        let mut guards = Self::new();
        for user in people {
            let home: Household = population::one(tx, user)?;
            if home.counts() {
                let person = home.person();
                let (before, after) = (Ways::of(old, &person).access, Ways::of(new, &person).access);
                guards.meet(&home.user, actor, before, after);
            }
        }
        Ok(guards)
    }

    /// What keeps the change from being made, and warnings; `harm` is whether it takes a way in from anybody.
    pub(super) fn blocks(self, harm: bool) -> Vec<Block> {
        let actor = self.actor.is_some_and(|(before, after)| after < Access::Register && after < before);
        let glass = self.break_glass;
        let broken = glass.there && glass.after < Access::Full && (harm || glass.falls());
        [
            (actor, Block::Actor),
            (self.administrators.falls(), Block::AllAdministrators),
            (broken, Block::BreakGlass),
            (!glass.there && harm, Block::NoBreakGlass),
        ]
        .into_iter()
        .filter_map(|(is, block)| is.then_some(block))
        .collect()
    }
}
