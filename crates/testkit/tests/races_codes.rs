//! Races for what works once: a code of an app, a recovery code, a sign-in that waits for its second step. 32 at once,
//! one winner, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the races are plain functions that the tests call")]

use std::sync::Arc;

use primitives::secret::Token;
use primitives::time::Span;
use service::sign_in_password::{self, FirstStep};
use service::{recover_with_code, second_step};
use store::guesses;
use testkit::TestContext;
use testkit::armed::{Arms, PASSWORD, with_passwords};
use testkit::deployment::Variation;
use testkit::race::{RACERS, assert_one_winner, race};

const ROUNDS: usize = 5;
const ANA: &str = "ana@example.com";
const ARMS: Arms = Arms {
    passkey: None,
    disabled: false,
    password: true,
    must_change: false,
    codes: true,
    locked: false,
    recovery: true,
};

/// A sign-in of that browser that waits for its second step. Its guess does not count, so that all can wait.
async fn waiting(test: &TestContext, browser: &str) -> Token {
    let begun = sign_in_password::begin(&test.cx, &mut test.caller(browser), ANA, PASSWORD).await.unwrap();
    forget_guesses(test).await;
    match begun {
        FirstStep::SecondStep { token, .. } => token,
        other => panic!("{other:?}"),
    }
}

async fn forget_guesses(test: &TestContext) {
    test.cx.db.write(|tx| guesses::clear(tx, ANA)).await.unwrap();
}

/// One code of the app, by sign-ins in as many browsers.
async fn one_code(test: TestContext) {
    let ana = test.arm(ANA, ARMS).await;
    for round in 0..ROUNDS {
        test.advance(Span::from_secs(60));
        let mut racers = Vec::new();
        for racer in 0..RACERS {
            let browser = format!("{round}/{racer}");
            let token = waiting(&test, &browser).await;
            let (cx, mut caller, code) = (Arc::clone(&test.cx), test.caller(&browser), ana.code(test.now()));
            racers.push(async move {
                let finished = second_step::finish_code(&cx, &mut caller, &token, &code).await;
                finished.map_err(|error| error.code())
            });
        }
        assert_one_winner(&race(racers).await, &["code_used", "too_many_tries"]);
        forget_guesses(&test).await;
    }
}

/// One recovery code, alone.
async fn one_recovery_code(test: TestContext) {
    let ana = test.arm(ANA, ARMS).await;
    for (round, code) in ana.recovery.iter().take(ROUNDS).enumerate() {
        let outcomes = race((0..RACERS).map(|racer| {
            let (cx, mut caller) = (Arc::clone(&test.cx), test.caller(&format!("{round}/{racer}")));
            let code = code.clone();
            async move {
                let redeemed = recover_with_code::redeem(&cx, &mut caller, ANA, code.reveal()).await;
                redeemed.map_err(|error| error.code())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["code_used", "too_many_tries"]);
        forget_guesses(&test).await;
    }
}

/// One sign-in that waits, by a code and by recovery codes at once.
async fn one_waiting_sign_in(test: TestContext) {
    let ana = test.arm(ANA, ARMS).await;
    for round in 0..ROUNDS {
        test.advance(Span::from_secs(60));
        let token = waiting(&test, "laptop").await;
        let recovery = ana.recovery.get(round).unwrap();
        let outcomes = race((0..RACERS).map(|racer| {
            let (cx, mut caller, token) = (Arc::clone(&test.cx), test.caller("laptop"), token.clone());
            let (code, recovery) = (ana.code(test.now()), recovery.clone());
            async move {
                let finished = if racer % 2 == 0 {
                    second_step::finish_code(&cx, &mut caller, &token, &code).await
                } else {
                    second_step::finish_recovery_code(&cx, &mut caller, &token, recovery.reveal()).await
                };
                finished.map_err(|error| error.code())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["sign_in_expired", "code_used", "too_many_tries"]);
        forget_guesses(&test).await;
    }
}

fn usual() -> Variation {
    Variation { policy: with_passwords(), ..Variation::default() }
}

testkit::on_both_databases! { with super::usual(); one_code, one_recovery_code, one_waiting_sign_in }
