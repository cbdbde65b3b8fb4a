//! Signing in with a passkey.

use account::audit::EventKind;
use account::passkey::{Passkey, PasskeyStatus};
use account::role::Role;
use account::strength::Strength;
use authenticator::Settings;
use primitives::time::Span;
use service::{Authority, CeremonyError, Context, Settings as UseCases, administer_users, sign_in};
use store::passkeys;
use testkit::deployment::{ORIGIN, RP_ID, Variation};
use testkit::{TestContext, Visitor};
use webauthn::{AuthenticationRefusal, CounterPolicy, RelyingParty};

#[tokio::test]
async fn a_passkey_opens_a_full_phishing_resistant_session() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana@example.com", Role::User).await;
    let before = ana.who().await.session;
    test.advance(Span::from_secs(1));
    let signed_in = ana.sign_in().await.unwrap();
    assert_eq!(signed_in.user.id, user.id);
    assert_ne!(signed_in.session.id, before.id, "a new id at every authentication");
    assert!(!signed_in.session.is_onboarding());
    assert_eq!(signed_in.session.evidence.strength(), Some(Strength::PhishingResistant));
    let passkey = signed_in.passkey.unwrap();
    assert_eq!((passkey.tried, passkey.last_used), (true, Some(test.now())));
    assert_eq!(ana.who().await.session.id, signed_in.session.id);
    let Some(EventKind::SignedIn { passkey: named, .. }) = test.events().await.pop() else {
        panic!("the last event names the sign-in");
    };
    assert_eq!(named, passkey.id);
}

#[tokio::test]
async fn beginning_asks_the_database_nothing() {
    let test = TestContext::sqlite().await;
    let before = test.cx.db.stats();
    let started = sign_in::begin(&test.cx, &mut test.caller("laptop"));
    assert_eq!(test.cx.db.stats(), before);
    assert_eq!(started.options["allowCredentials"], serde_json::json!([]));
    assert_eq!(started.options["userVerification"], "required");
}

#[tokio::test]
async fn finishing_is_one_commit() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let before = test.cx.db.stats();
    ana.sign_in().await.unwrap();
    let after = test.cx.db.stats();
    assert_eq!((after.commits - before.commits, after.jobs - before.jobs), (1, 1));
}

/// An assertion refused at finish, after `change` has changed something about the ceremony.
async fn refused(test: &TestContext, ana: &mut Visitor<'_>, browser: &str) -> CeremonyError {
    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    let finished = sign_in::finish(&test.cx, &mut test.caller(browser), &started.state, &response).await;
    finished.unwrap_err()
}

#[tokio::test]
async fn a_ceremony_works_once_in_its_browser_for_five_minutes() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    assert_eq!(refused(&test, &mut ana, "another browser").await, CeremonyError::Seal);

    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    assert_eq!(ana.finish_sign_in("AAAA", &response).await.unwrap_err(), CeremonyError::Seal);
    ana.finish_sign_in(&started.state, &response).await.unwrap();
    let replayed = ana.finish_sign_in(&started.state, &response).await.unwrap_err();
    assert_eq!((replayed.code(), replayed.cause()), ("challenge_expired", "challenge_used"));

    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    test.advance(Span::from_minutes(5));
    let late = ana.finish_sign_in(&started.state, &response).await.unwrap_err();
    assert_eq!((late.code(), late.cause()), ("challenge_expired", "challenge_expired"));
}

#[tokio::test]
async fn the_seal_of_another_ceremony_is_refused() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let passkey = ana.passkeys().await.remove(0);
    let who = ana.who().await;
    let started =
        service::manage_passkeys::try_begin(&test.cx, &mut ana.caller(), &who, passkey.id).await.unwrap();
    let response = ana.get(&started.options);
    assert_eq!(ana.finish_sign_in(&started.state, &response).await.unwrap_err(), CeremonyError::Seal);
}

#[tokio::test]
async fn without_user_verification_nobody_gets_in() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let started = ana.begin_sign_in();
    let response = ana.get_unverified(&started.options);
    let error = ana.finish_sign_in(&started.state, &response).await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("uv_missing", "user_verified"));
    assert_eq!(test.count_events("sign_in_refused").await, 1);
}

#[tokio::test]
async fn an_unknown_credential_is_a_definite_absence() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana@example.com", Role::User).await;
    let passkey = ana.passkeys().await.remove(0);
    let mut operator = test.operator();
    let remove = administer_users::remove_passkey;
    remove(&test.cx, &mut operator, Authority::Operator, user.id, passkey.id).await.unwrap();
    assert_eq!(ana.sign_in().await.unwrap_err().code(), "unknown_credential");
    assert!(ana.who_is_it().await.is_none(), "the session that it opened has ended too");
}

#[tokio::test]
async fn a_disabled_account_or_passkey_is_told_only_to_who_can_sign() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana@example.com", Role::User).await;
    let passkey: Passkey = ana.passkeys().await.remove(0);
    set_status(&test, &passkey, PasskeyStatus::Disabled).await;
    assert_eq!(ana.sign_in().await.unwrap_err().code(), "disabled_credential");
    let started = ana.begin_sign_in();
    let response = ana.get_unverified(&started.options);
    assert_eq!(ana.finish_sign_in(&started.state, &response).await.unwrap_err().code(), "uv_missing");
    set_status(&test, &passkey, PasskeyStatus::Enabled).await;

    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    assert_eq!(ana.sign_in().await.unwrap_err().code(), "disabled_user");
    administer_users::enable(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    ana.sign_in().await.unwrap();
}

async fn set_status(test: &TestContext, passkey: &Passkey, status: PasskeyStatus) {
    let id = (passkey.user, passkey.id);
    let set = test.cx.db.write(move |tx| -> Result<bool, store::StoreError> {
        let passkey = passkeys::by_id(tx, id.0, id.1)?.unwrap();
        passkeys::set_status(tx, &passkey, status)
    });
    assert!(set.await.unwrap());
}

#[tokio::test]
async fn the_owner_of_another_passkey_cannot_sign_in_as_somebody_else() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let victim = test.add_user("victim@example.com", Role::Administrator).await;
    let started = ana.begin_sign_in();
    let mut response: serde_json::Value = serde_json::from_str(&ana.get(&started.options)).unwrap();
    response["response"]["userHandle"] = primitives::encoding::base64url(&victim.handle).into();
    let error = ana.finish_sign_in(&started.state, &response.to_string()).await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("unknown", "user_handle"));
    response["response"].as_object_mut().unwrap().remove("userHandle");
    let error = ana.finish_sign_in(&started.state, &response.to_string()).await.unwrap_err();
    assert_eq!(error.cause(), "user_handle");
}

#[tokio::test]
async fn nonsense_and_a_wrong_signature_have_their_causes() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let started = ana.begin_sign_in();
    let error = ana.finish_sign_in(&started.state, "{}").await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("unknown", "malformed"));
    let other = ana.begin_sign_in();
    let response = ana.get(&other.options);
    let error = ana.finish_sign_in(&started.state, &response).await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("unknown", "challenge"));
}

/// Somebody whose security key was copied, with the copy one use behind.
async fn copied(test: &TestContext) -> Visitor<'_> {
    let mut ana = Visitor::new(test, "laptop").with(Settings::security_key());
    ana.onboard("ana@example.com", Role::User).await;
    ana.sign_in().await.unwrap();
    let id = ana.passkeys().await.remove(0).credential_id;
    ana.authenticator.vault.get_mut(&id).unwrap().sign_count -= 1;
    ana
}

#[tokio::test]
async fn a_counter_that_stands_still_is_refused() {
    let test = TestContext::sqlite().await;
    let mut ana = copied(&test).await;
    let error = ana.sign_in().await.unwrap_err();
    assert_eq!(error, CeremonyError::Assertion(AuthenticationRefusal::SignCount));
    assert_eq!(test.count_events("counter_anomaly").await, 1);
    assert!(ana.sign_in().await.unwrap().passkey.unwrap().counter_anomaly, "it is flagged for good");
}

#[tokio::test]
async fn or_flagged_as_the_policy_says() {
    let variation = Variation { counters: CounterPolicy::Flag, ..Variation::default() };
    let test = TestContext::sqlite_with(variation).await;
    let mut ana = copied(&test).await;
    assert!(ana.sign_in().await.unwrap().passkey.unwrap().counter_anomaly);
    assert_eq!(test.count_events("counter_anomaly").await, 1);
    assert!(ana.sign_in().await.unwrap().passkey.unwrap().counter_anomaly, "it stays flagged");
    assert_eq!(test.count_events("counter_anomaly").await, 1);
}

#[tokio::test]
async fn a_flood_of_refusals_is_not_a_flood_of_rows() {
    let test = TestContext::sqlite().await;
    for _ in 0..300 {
        let error = sign_in::finish(&test.cx, &mut test.caller("flood"), "AAAA", "{}").await.unwrap_err();
        assert_eq!(error.code(), "challenge_expired");
    }
    assert_eq!(test.count_events("sign_in_refused").await, 120);
    assert_eq!(test.count_events("refusals_left_out").await, 1, "that there were more is told once");
}

/// Another process with the same database and keys.
fn another_node(test: &TestContext, deployment_epoch: i64) -> Context {
    let relying_party = RelyingParty::new(RP_ID, "Test", [ORIGIN]).unwrap();
    let settings = UseCases { deployment_epoch, ..(*test.cx.settings()).clone() };
    Context::new(test.cx.db.clone(), test.cx.keys.clone(), relying_party, settings, 1)
}

#[tokio::test]
async fn a_ceremony_is_finished_on_any_node_and_once_on_all() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    let node = another_node(&test, 1);
    sign_in::finish(&node, &mut ana.caller(), &started.state, &response).await.unwrap();
    let restarted = another_node(&test, 1);
    for cx in [&*test.cx, &node, &restarted] {
        let again = sign_in::finish(cx, &mut ana.caller(), &started.state, &response).await;
        assert_eq!(again.unwrap_err(), CeremonyError::Replayed);
    }
}

#[tokio::test]
async fn no_ceremony_outlives_an_accepted_restore() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    // The restored database may have forgotten that it was finished before.
    let restored = another_node(&test, 2);
    let error = sign_in::finish(&restored, &mut ana.caller(), &started.state, &response).await.unwrap_err();
    assert_eq!(error, CeremonyError::Seal);
}

#[tokio::test]
async fn a_clock_that_was_set_back_revives_no_ceremony() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    let then = test.now();
    test.advance(Span::from_minutes(6));
    for back in [then, then - Span::from_hours(1)] {
        let mut caller = service::Caller { now: back, ..ana.caller() };
        let late = sign_in::finish(&test.cx, &mut caller, &started.state, &response).await.unwrap_err();
        assert_eq!(late, CeremonyError::Expired, "the database remembers how late it is");
    }
}

#[tokio::test]
async fn public_keys_swapped_with_sql_sign_nobody_in() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana@example.com", Role::Administrator).await;
    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;
    let swap = "CREATE TABLE swapped AS SELECT id, user_id, public_key FROM passkeys; \
                UPDATE passkeys SET public_key = (SELECT public_key FROM swapped WHERE swapped.id <> passkeys.id); \
                DROP TABLE swapped";
    test.cx.db.write(move |tx| tx.execute_raw(swap)).await.unwrap();
    for visitor in [&mut ana, &mut eve] {
        let error = visitor.sign_in().await.unwrap_err();
        assert_eq!(error.cause(), "store_forged");
    }
    // Neither does a passkey that changed hands with all its columns.
    let owner = format!("UPDATE passkeys SET user_id = x'{}'", primitives::encoding::hex(user.id.as_bytes()));
    test.cx.db.write(move |tx| tx.execute_raw(&owner)).await.unwrap();
    assert_eq!(eve.sign_in().await.unwrap_err().cause(), "store_forged");
    assert_eq!(test.count_events("signed_in").await, 2, "those of the two who began");
}
