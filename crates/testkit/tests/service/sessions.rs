//! Sessions: how they end, and how a person ends them.

use account::role::Role;
use primitives::time::Span;
use service::{Context, Settings, manage_sessions, sign_out};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

/// The same person at a second browser, with the same authenticator.
async fn at_second_browser<'t>(test: &'t TestContext, ana: &mut Visitor<'t>) -> Visitor<'t> {
    at_browser(test, ana, "second").await
}

async fn at_browser<'t>(test: &'t TestContext, ana: &mut Visitor<'t>, browser: &'static str) -> Visitor<'t> {
    let mut second = Visitor::new(test, browser);
    std::mem::swap(&mut second.authenticator, &mut ana.authenticator);
    second.sign_in().await.unwrap();
    std::mem::swap(&mut second.authenticator, &mut ana.authenticator);
    second
}

#[tokio::test]
async fn a_session_ends_unused_and_it_ends_anyway() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    for _ in 0..6 {
        test.advance(Span::from_minutes(119));
        assert!(ana.who_is_it().await.is_some(), "use keeps it");
    }
    test.advance(Span::from_minutes(6));
    assert!(ana.who_is_it().await.is_none(), "twelve hours are over");
    ana.sign_in().await.unwrap();
    test.advance(Span::from_hours(2));
    assert!(ana.who_is_it().await.is_none(), "two hours unused");
}

#[tokio::test]
async fn a_browser_has_one_session_of_a_person() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let second = at_second_browser(&test, &mut ana).await;
    let overwritten = ana.token.clone();
    ana.sign_in().await.unwrap();
    assert_eq!(manage_sessions::list(&test.cx, test.now(), &ana.who().await).await.unwrap().len(), 2);
    assert!(second.who_is_it().await.is_some(), "another browser's session stays");
    ana.token = overwritten;
    assert!(ana.who_is_it().await.is_none(), "the cookie that was overwritten opens nothing");
}

#[tokio::test]
async fn being_seen_is_written_once_a_minute() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let before = test.cx.db.stats().jobs;
    for _ in 0..12 {
        test.advance(Span::from_secs(10));
        ana.who().await;
    }
    assert_eq!(test.cx.db.stats().jobs - before, 2);
}

#[tokio::test]
async fn a_token_of_nobody_is_nobody() {
    let test = TestContext::sqlite().await;
    let mut visitor = Visitor::new(&test, "laptop");
    visitor.token = Some(primitives::secret::Token::generate(&mut testkit::SeededEntropy::new(9)));
    assert!(visitor.who_is_it().await.is_none());
}

#[tokio::test]
async fn signing_out_ends_the_session_once() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let who = ana.who().await;
    for _ in 0..2 {
        sign_out::sign_out(&test.cx, &mut ana.caller(), &who).await.unwrap();
        assert!(ana.who_is_it().await.is_none());
    }
    assert_eq!(test.count_events("signed_out").await, 1);
}

#[tokio::test]
async fn a_person_lists_and_ends_own_sessions_only() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let second = at_second_browser(&test, &mut ana).await;
    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;

    let listed = manage_sessions::list(&test.cx, test.now(), &ana.who().await).await.unwrap();
    assert_eq!(listed.len(), 2);
    let target = second.who().await.session.id;
    let error =
        manage_sessions::revoke(&test.cx, &mut eve.caller(), &eve.who().await, target).await.unwrap_err();
    assert_eq!(error.code(), "not_found");
    assert!(second.who_is_it().await.is_some());
    manage_sessions::revoke(&test.cx, &mut ana.caller(), &ana.who().await, target).await.unwrap();
    assert!(second.who_is_it().await.is_none());
    let error =
        manage_sessions::revoke(&test.cx, &mut ana.caller(), &ana.who().await, target).await.unwrap_err();
    assert_eq!(error.code(), "not_found");
}

#[tokio::test]
async fn all_others_end_at_once() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let second = at_second_browser(&test, &mut ana).await;
    let third = at_browser(&test, &mut ana, "third").await;
    let ended = manage_sessions::revoke_others(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    assert_eq!(ended, 2);
    assert!(ana.who_is_it().await.is_some());
    assert!(second.who_is_it().await.is_none() && third.who_is_it().await.is_none());
}

#[tokio::test]
async fn an_onboarding_session_ends_no_other() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut onboarding = Visitor::new(&test, "another");
    onboarding.redeem(ANA, &pass).await.unwrap();
    let who = onboarding.who().await;
    let target = ana.who().await.session.id;
    let error = manage_sessions::revoke(&test.cx, &mut onboarding.caller(), &who, target).await.unwrap_err();
    assert_eq!(error.code(), "onboarding_session");
    let error = manage_sessions::revoke_others(&test.cx, &mut onboarding.caller(), &who).await.unwrap_err();
    assert_eq!(error.code(), "onboarding_session");
}

#[tokio::test]
async fn a_later_epoch_of_the_deployment_ends_every_session() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let restored = Context::new(
        test.cx.db.clone(),
        test.cx.keys.clone(),
        (*test.cx.relying_party).clone(),
        Settings { deployment_epoch: 2, ..(*test.cx.settings()).clone() },
        1,
    );
    let token = ana.token.clone().unwrap();
    let found = manage_sessions::authenticate(&restored, test.now(), &token).await.unwrap();
    assert!(found.is_none());
}

#[tokio::test]
async fn a_clock_that_is_wrong_revives_no_session_and_keeps_none_alive() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let token = ana.token.clone().unwrap();
    let ahead = test.now() + Span::from_minutes(90);
    assert!(manage_sessions::authenticate(&test.cx, ahead, &token).await.unwrap().is_some());
    assert_eq!(ana.who().await.session.last_seen, test.now(), "it was not seen in the future");
    test.advance(Span::from_hours(3));
    let back = test.now() - Span::from_hours(2);
    let revived = manage_sessions::authenticate(&test.cx, back, &token).await.unwrap();
    assert!(revived.is_none(), "it ended an hour ago, whatever this node's clock says");
}

#[tokio::test]
async fn a_database_that_takes_no_writes_signs_nobody_out() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let full = "CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    test.cx.db.write(move |tx| tx.execute_raw(full)).await.unwrap();
    test.advance(Span::from_minutes(2));
    assert!(ana.who_is_it().await.is_some());
    test.advance(Span::from_minutes(118));
    assert!(ana.who_is_it().await.is_none(), "nor does it keep anybody signed in");
}
