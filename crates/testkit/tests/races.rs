//! Races: 32 at once, one winner, and losers who are told why, on SQLite and on PostgreSQL.
//!
//! `KEYWARD_RACE_ROUNDS` says how many rounds each race has; `./check --long` runs 1,000.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the races are plain functions that the tests call"
)]

use std::sync::Arc;

use account::action::Action;
use account::passkey::Passkey;
use account::role::Role;
use account::temporary_pass::PassState;
use authenticator::Settings;
use service::first_run;
use service::manage_passkeys::{self, Reason};
use service::{Authority, administer_passes, administer_users, manage_sessions, redeem_pass, sign_in};
use store::{StoreError, passkeys, sessions, settings, users};
use testkit::race::{RACERS, assert_one_winner, race, rounds};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

async fn sessions_of(test: &TestContext, user: account::user::UserId) -> usize {
    test.cx.db.read(move |tx| sessions::of_user(tx, user)).await.unwrap().len()
}

async fn one_pass(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    for round in 0..rounds(&test) {
        let pass = test.issue_once(&user).await;
        let outcomes = race((0..RACERS).map(|racer| {
            let (cx, mut caller) = (Arc::clone(&test.cx), test.caller(&format!("{round}/{racer}")));
            let pass = pass.clone();
            async move {
                let redeemed = redeem_pass::redeem(&cx, &mut caller, ANA, pass.reveal()).await;
                redeemed.map_err(|error| error.code())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["pass_used", "too_many_tries"]);
        let winner = outcomes.into_iter().find_map(Result::ok).unwrap();
        let stored = administer_passes::current(&test.cx, user.id).await.unwrap().unwrap();
        assert_eq!(stored.state, PassState::Reserved { session: winner.session.id, at: test.now() });
        let who = manage_sessions::authenticate(&test.cx, test.now(), &winner.token).await.unwrap();
        assert_eq!(who.unwrap().session.id, winner.session.id);
        assert_eq!(sessions_of(&test, user.id).await, 1);
    }
}

async fn one_ceremony(test: TestContext) {
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    for _ in 0..rounds(&test) {
        let started = ana.begin_sign_in();
        let response = ana.get(&started.options);
        let outcomes = race((0..RACERS).map(|_| {
            let (cx, mut caller) = (Arc::clone(&test.cx), ana.caller());
            let (state, response) = (started.state.clone(), response.clone());
            async move {
                let finished = sign_in::finish(&cx, &mut caller, &state, &response).await;
                finished.map_err(|error| error.cause())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["challenge_used"]);
        // The winner's takes the place of the session that this browser had before.
        assert_eq!(sessions_of(&test, user.id).await, 1);
    }
}

async fn one_first_administrator(test: TestContext) {
    for _ in 0..rounds(&test) {
        let outcomes = race((0..RACERS).map(|_| {
            let (cx, mut caller) = (Arc::clone(&test.cx), test.operator());
            async move { first_run::bootstrap(&cx, &mut caller).await.map_err(|error| error.code()) }
        }))
        .await;
        let made: Vec<_> = outcomes.iter().filter_map(|made| made.as_ref().unwrap().as_ref()).collect();
        assert_eq!(made.len(), 1);
        let first = made[0].user.id;
        let administrators = test.cx.db.read(|tx| users::of_role(tx, Role::Administrator)).await.unwrap();
        assert_eq!(administrators.iter().map(|user| user.id).collect::<Vec<_>>(), [first]);
        // A new deployment for the next round.
        let emptied = test.cx.db.write(|tx| -> Result<(), StoreError> {
            tx.execute_raw("DELETE FROM notices; DELETE FROM temporary_passes; DELETE FROM users")?;
            settings::put(tx, "deployment", r#"{"epoch":1,"first_administrator":null}"#)
        });
        emptied.await.unwrap();
    }
}

/// What one racer does in [`sign_in_against_disable`].
enum Racer {
    SignIn { state: String, response: String },
    Disable,
}

async fn sign_in_against_disable(test: TestContext) {
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await.id;
    for round in 0..rounds(&test) {
        let mut racers: Vec<Racer> = Vec::new();
        for _ in 1..RACERS {
            let started = ana.begin_sign_in();
            let response = ana.get(&started.options);
            racers.push(Racer::SignIn { state: started.state, response });
        }
        racers.insert(round % RACERS, Racer::Disable);
        let outcomes = race(racers.into_iter().map(|racer| {
            let (cx, mut caller) = (Arc::clone(&test.cx), ana.caller());
            async move {
                match racer {
                    Racer::SignIn { state, response } => {
                        let finished = sign_in::finish(&cx, &mut caller, &state, &response).await;
                        finished.map(|_| ()).map_err(|error| error.code())
                    }
                    Racer::Disable => {
                        let operator = Authority::Operator;
                        administer_users::disable(&cx, &mut caller, operator, user).await.unwrap();
                        Ok(())
                    }
                }
            }
        }))
        .await;
        let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        assert!(refused.clone().all(|code| *code == "disabled_user"), "{:?}", refused.collect::<Vec<_>>());
        assert_eq!(sessions_of(&test, user).await, 0, "no session outlives the disabling");
        administer_users::enable(&test.cx, &mut test.operator(), Authority::Operator, user).await.unwrap();
    }
}

async fn two_removals_of_the_last_two(test: TestContext) {
    let mut first = Visitor::new(&test, "first browser");
    let user = first.onboard(ANA, Role::User).await.id;
    let mut second = Visitor::new(&test, "second browser");
    let (_, before) = first.add_another(Settings::security_key()).await;
    second.authenticator = std::mem::replace(&mut first.authenticator, before);
    for _ in 0..rounds(&test) {
        let mut racers = Vec::new();
        for visitor in [&mut first, &mut second] {
            let passkey = visitor.sign_in().await.unwrap().passkey.unwrap();
            visitor.confirm(Action::RemovePasskey(passkey.id)).await.unwrap();
            for _ in 0..RACERS / 2 {
                racers.push((visitor.who().await, visitor.caller(), passkey.id));
            }
        }
        let outcomes = race(racers.into_iter().map(|(who, mut caller, id)| {
            let cx = Arc::clone(&test.cx);
            async move {
                let removed = manage_passkeys::remove(&cx, &mut caller, &who, id, Reason::Unused).await;
                removed.map_err(|error| error.code())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["last_method", "not_found"]);
        let heard = outcomes.iter().filter(|outcome| outcome.as_ref().err() == Some(&"last_method")).count();
        assert_eq!(heard, RACERS / 2, "who came for the other one would have removed the last");
        let removed: Passkey = outcomes.into_iter().find_map(Result::ok).unwrap().passkey;
        let left = test.cx.db.read(move |tx| passkeys::of_user(tx, user)).await.unwrap();
        assert_eq!(left.len(), 1);
        // Two again for the next round.
        assert!(test.cx.db.write(move |tx| passkeys::insert(tx, &removed)).await.unwrap());
    }
}

testkit::on_both_databases! {
    one_pass,
    one_ceremony,
    one_first_administrator,
    sign_in_against_disable,
    two_removals_of_the_last_two,
}
