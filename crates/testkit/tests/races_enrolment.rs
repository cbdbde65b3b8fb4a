//! Races about one enrolment ticket: 32 at once, one winner, and losers who are told why, on SQLite and on PostgreSQL.
//!
//! `KEYWARD_RACE_ROUNDS` says how many rounds each race has; `./check --long` runs 1,000.

#![expect(clippy::unwrap_used, reason = "the races are plain functions that the tests call")]

use std::sync::Arc;

use account::role::Role;
use authenticator::{Authenticator, Settings};
use primitives::time::Span;
use service::enrol_phone::{self, Begun, EnrolError, Stage};
use service::{Authority, Started, administer_passes};
use store::{StoreError, passkeys, temporary_passes};
use testkit::race::{RACERS, race, rounds};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

/// How many of the outcomes have that code; `done` for those that were no refusal.
fn count<T>(outcomes: &[Result<T, EnrolError>], code: &str) -> usize {
    outcomes.iter().filter(|outcome| outcome.as_ref().err().map_or("done", EnrolError::code) == code).count()
}

/// Somebody new at the computer, and their errand in a round of its own.
async fn begun<'t>(test: &'t TestContext, round: usize) -> (Visitor<'t>, Begun) {
    let login = format!("{round}.{ANA}");
    let user = test.add_user(&login, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut desktop = Visitor::new(test, &format!("laptop {round}"));
    desktop.redeem(&login, &pass).await.unwrap();
    let begun = enrol_phone::begin(&test.cx, &mut desktop.caller(), &desktop.who().await).await.unwrap();
    (desktop, begun)
}

/// A phone that has the errand and whose number was typed.
async fn approved<'t>(test: &'t TestContext, desktop: &Visitor<'t>, begun: &Begun) -> Visitor<'t> {
    let phone = Visitor::new(test, "phone");
    let seen = enrol_phone::claim(&test.cx, &mut phone.caller(), &begun.ticket, None).await.unwrap();
    let (who, number) = (desktop.who().await, seen.number.unwrap());
    enrol_phone::type_number(&test.cx, &mut desktop.caller(), &who, begun.id, &number).await.unwrap();
    phone
}

async fn started(test: &TestContext, phone: &Visitor<'_>, begun: &Begun) -> Started {
    enrol_phone::begin_create(&test.cx, &mut phone.caller(), &begun.ticket, None).await.unwrap()
}

async fn thirty_two_claims(test: TestContext) {
    for round in 0..rounds(&test) {
        let (desktop, begun) = begun(&test, round).await;
        let outcomes = race((0..RACERS).map(|racer| {
            let (cx, mut caller) = (Arc::clone(&test.cx), test.caller(&format!("phone {racer}")));
            let ticket = begun.ticket.clone();
            async move { enrol_phone::claim(&cx, &mut caller, &ticket, None).await }
        }))
        .await;
        assert_eq!((count(&outcomes, "done"), count(&outcomes, "ticket_claimed")), (1, RACERS - 1));
        let who = desktop.who().await;
        let progress = enrol_phone::follow(&test.cx, test.now(), &who, begun.id).await.unwrap();
        assert!(progress.another_tried && progress.stage == Stage::Approve);
        assert_eq!(progress.version, 2, "one claim, and once that others tried");
    }
}

async fn thirty_two_finishes(test: TestContext) {
    for round in 0..rounds(&test) {
        let (desktop, begun) = begun(&test, round).await;
        let mut phone = approved(&test, &desktop, &begun).await;
        let mut answers = Vec::new();
        for _ in 0..RACERS {
            phone.authenticator = Authenticator::new(Settings::platform());
            let started = started(&test, &phone, &begun).await;
            let response = phone.create(&started);
            answers.push((started.state, response));
        }
        let outcomes = race(answers.into_iter().map(|(state, response)| {
            let (cx, mut caller, ticket) = (Arc::clone(&test.cx), phone.caller(), begun.ticket.clone());
            async move {
                let name = |_| "Phone".to_owned();
                enrol_phone::finish_create(&cx, &mut caller, &ticket, None, &state, &response, name).await
            }
        }))
        .await;
        assert_eq!((count(&outcomes, "done"), count(&outcomes, "ticket_done")), (1, RACERS - 1));
        let stored = outcomes.into_iter().find_map(Result::ok).unwrap().passkey;
        let user = stored.user;
        let all = test.cx.db.read(move |tx| passkeys::of_user(tx, user)).await.unwrap();
        assert_eq!(all, [stored], "one errand, one passkey");
    }
}

/// What one racer does in [`claim_against_stop`] and [`finish_against_stop`].
enum Racer {
    Phone(usize),
    Desktop,
}

fn with_the_desktop_at(round: usize) -> Vec<Racer> {
    let mut racers: Vec<Racer> = (1..RACERS).map(Racer::Phone).collect();
    racers.insert(round % RACERS, Racer::Desktop);
    racers
}

async fn claim_against_stop(test: TestContext) {
    for round in 0..rounds(&test) {
        let (desktop, begun) = begun(&test, round).await;
        let who = desktop.who().await;
        let outcomes = race(with_the_desktop_at(round).into_iter().map(|racer| {
            let (cx, ticket, who, id) = (Arc::clone(&test.cx), begun.ticket.clone(), who.clone(), begun.id);
            let mut caller = match racer {
                Racer::Phone(number) => test.caller(&format!("phone {number}")),
                Racer::Desktop => desktop.caller(),
            };
            async move {
                match racer {
                    Racer::Phone(_) => {
                        enrol_phone::claim(&cx, &mut caller, &ticket, None).await.map(|_| true)
                    }
                    Racer::Desktop => enrol_phone::stop(&cx, &mut caller, &who, id).await.map(|()| false),
                }
            }
        }))
        .await;
        let claims = outcomes.iter().filter(|outcome| matches!(outcome, Ok(true))).count();
        let stops = outcomes.iter().filter(|outcome| matches!(outcome, Ok(false))).count();
        assert_eq!(stops, 1, "stopping always works");
        assert!(claims <= 1, "{claims}");
        let refused = count(&outcomes, "ticket_claimed") + count(&outcomes, "ticket_stopped");
        assert_eq!(refused, RACERS - 1 - claims);
        let progress = enrol_phone::follow(&test.cx, test.now(), &who, begun.id).await.unwrap();
        assert_eq!(progress.stage, Stage::Stopped);
    }
}

/// Either the passkey was stored and stopping came too late, or it was stopped and nothing was stored.
async fn finish_against_stop(test: TestContext) {
    for round in 0..rounds(&test) {
        let (desktop, begun) = begun(&test, round).await;
        let mut phone = approved(&test, &desktop, &begun).await;
        let started = started(&test, &phone, &begun).await;
        let response = phone.create(&started);
        let who = desktop.who().await;
        let outcomes = race(with_the_desktop_at(round).into_iter().map(|racer| {
            let (cx, ticket, who, id) = (Arc::clone(&test.cx), begun.ticket.clone(), who.clone(), begun.id);
            let (state, response) = (started.state.clone(), response.clone());
            let mut caller = match racer {
                Racer::Phone(_) => phone.caller(),
                Racer::Desktop => desktop.caller(),
            };
            async move {
                let name = |_| "Phone".to_owned();
                match racer {
                    Racer::Phone(_) => {
                        let (state, response) = (state.as_str(), response.as_str());
                        enrol_phone::finish_create(&cx, &mut caller, &ticket, None, state, response, name)
                            .await
                            .map(|registered| Some(registered.passkey))
                    }
                    Racer::Desktop => enrol_phone::stop(&cx, &mut caller, &who, id).await.map(|()| None),
                }
            }
        }))
        .await;
        let user = who.user.id;
        let stored = test.cx.db.read(move |tx| passkeys::of_user(tx, user)).await.unwrap();
        let stopped = outcomes.iter().any(|outcome| matches!(outcome, Ok(None)));
        if stopped {
            assert_eq!((stored.len(), count(&outcomes, "ticket_stopped")), (0, RACERS - 1));
        } else {
            assert_eq!((stored.len(), count(&outcomes, "ticket_done")), (1, 1));
            let replies = outcomes.into_iter().flatten().flatten();
            assert!(replies.into_iter().all(|passkey| Some(&passkey) == stored.first()), "the same answer");
        }
    }
}

/// However many tabs type at once, a number has three tries.
async fn number_guesses(test: TestContext) {
    for round in 0..rounds(&test) {
        let (desktop, begun) = begun(&test, round).await;
        let phone = Visitor::new(&test, "phone");
        let seen = enrol_phone::claim(&test.cx, &mut phone.caller(), &begun.ticket, None).await.unwrap();
        let number: u8 = seen.number.unwrap().parse().unwrap();
        let who = desktop.who().await;
        let wrong = (10..=99).filter(|guess| *guess != number).take(RACERS);
        let outcomes = race(wrong.map(|guess| {
            let (cx, mut caller, who, id) = (Arc::clone(&test.cx), desktop.caller(), who.clone(), begun.id);
            async move { enrol_phone::type_number(&cx, &mut caller, &who, id, &guess.to_string()).await }
        }))
        .await;
        let lefts: Vec<u32> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Err(EnrolError::NumberWrong { left }) => Some(*left),
                _ => None,
            })
            .collect();
        assert_eq!((lefts.len(), lefts.iter().sum::<u32>()), (2, 3), "two left, then one: {lefts:?}");
        assert_eq!((count(&outcomes, "done"), count(&outcomes, "number_locked")), (0, RACERS - 2));
        let told = enrol_phone::type_number(&test.cx, &mut desktop.caller(), &who, begun.id, "10").await;
        assert_eq!(told.unwrap_err().code(), "number_locked");
    }
}

/// A pass that is revoked while the phone stores its passkey: either the passkey is there and the pass is spent, or
/// neither.
async fn finish_against_revoke(test: TestContext) {
    for round in 0..rounds(&test) {
        let (desktop, begun) = begun(&test, round).await;
        let mut phone = approved(&test, &desktop, &begun).await;
        let started = started(&test, &phone, &begun).await;
        let response = phone.create(&started);
        let user = desktop.who().await.user.id;
        let outcomes = race([true, false].map(|finishes| {
            let (cx, mut caller, ticket) = (Arc::clone(&test.cx), phone.caller(), begun.ticket.clone());
            let (state, response, mut operator) = (started.state.clone(), response.clone(), test.operator());
            async move {
                if finishes {
                    let name = |_| "Phone".to_owned();
                    enrol_phone::finish_create(&cx, &mut caller, &ticket, None, &state, &response, name)
                        .await
                        .map(|_| ())
                        .map_err(|error| error.code())
                } else {
                    administer_passes::revoke(&cx, &mut operator, Authority::Operator, user)
                        .await
                        .map_err(|error| error.code())
                }
            }
        }))
        .await;
        let read = test.cx.db.read(move |tx| -> Result<_, StoreError> {
            Ok((passkeys::of_user(tx, user)?.len(), temporary_passes::newest(tx, user)?))
        });
        let (stored, pass) = read.await.unwrap();
        let first = outcomes.first().unwrap();
        assert_eq!(stored, usize::from(first.is_ok()), "{outcomes:?} {pass:?}");
        if let Err(code) = first {
            assert_eq!(*code, "session_ended", "{outcomes:?}");
        }
        test.advance(Span::from_secs(1));
    }
}

testkit::on_both_databases! {
    thirty_two_claims,
    thirty_two_finishes,
    claim_against_stop,
    finish_against_stop,
    number_guesses,
    finish_against_revoke,
}
