//! Registering a passkey.

use account::action::Action;
use account::passkey::{AttestationKind, Binding};
use account::role::Role;
use account::temporary_pass::PassState;
use authenticator::Settings;
use primitives::time::Span;
use service::{Authority, CeremonyError, administer_passes, administer_users};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

async fn onboarding(test: &TestContext) -> Visitor<'_> {
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut ana = Visitor::new(test, "laptop");
    ana.redeem(ANA, &pass).await.unwrap();
    ana
}

#[tokio::test]
async fn a_one_time_pass_is_spent_by_the_commit_that_stores_the_passkey() {
    let test = TestContext::sqlite().await;
    let mut ana = onboarding(&test).await;
    let started = ana.begin_registration().await.unwrap();
    let response = ana.create(&started);
    let before = test.cx.db.stats();
    let passkey = ana.finish_registration(&started.state, &response).await.unwrap().passkey;
    assert_eq!(test.cx.db.stats().commits - before.commits, 1);
    assert_eq!(passkey.binding, Binding::TemporaryPass);
    assert_eq!((passkey.attestation, passkey.attestation_trusted), (AttestationKind::None, false));
    assert_eq!((passkey.tried, passkey.last_used), (false, None));
    let pass = administer_passes::current(&test.cx, passkey.user).await.unwrap().unwrap();
    assert_eq!(pass.state, PassState::Spent { at: test.now() });
    assert!(ana.who().await.session.is_onboarding(), "it lives on to name and try");
}

#[tokio::test]
async fn options_name_the_person_and_exclude_what_there_is() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    let first = ana.passkeys().await.remove(0);
    ana.confirm(Action::AddPasskey).await.unwrap();
    let options = ana.begin_registration().await.unwrap().options;
    assert_eq!(options["user"]["id"], primitives::encoding::base64url(&user.handle));
    assert_eq!(options["user"]["name"], ANA);
    assert_eq!(options["excludeCredentials"][0]["id"], primitives::encoding::base64url(&first.credential_id));
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["authenticatorAttachment"], "platform");
}

#[tokio::test]
async fn a_failed_ceremony_can_be_tried_again_on_the_same_pass() {
    let test = TestContext::sqlite().await;
    let mut ana = onboarding(&test).await;
    let started = ana.begin_registration().await.unwrap();
    let error = ana.finish_registration(&started.state, "{}").await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("unknown", "malformed"));
    assert_eq!(test.count_events("passkey_refused").await, 1);
    ana.register().await.unwrap();
}

#[tokio::test]
async fn an_onboarding_session_registers_one_passkey() {
    let test = TestContext::sqlite().await;
    let mut ana = onboarding(&test).await;
    ana.register().await.unwrap();
    assert_eq!(ana.begin_registration().await.unwrap_err(), CeremonyError::OnboardingDone);

    let user = test.add_user("multi@example.com", Role::User).await;
    let pass = test.issue(&user).await;
    let mut multi = Visitor::new(&test, "phone");
    multi.redeem("multi@example.com", &pass).await.unwrap();
    let first = multi.begin_registration().await.unwrap();
    multi.register().await.unwrap();
    assert_eq!(multi.begin_registration().await.unwrap_err(), CeremonyError::OnboardingDone);
    multi.authenticator = authenticator::Authenticator::new(Settings::platform());
    let response = multi.create(&first);
    let error = multi.finish_registration(&first.state, &response).await.unwrap_err();
    assert_eq!(error, CeremonyError::OnboardingDone, "what was begun before does not get in either");
}

#[tokio::test]
async fn a_lost_reply_gets_the_same_answer() {
    let test = TestContext::sqlite().await;
    let mut ana = onboarding(&test).await;
    let started = ana.begin_registration().await.unwrap();
    let response = ana.create(&started);
    let first = ana.finish_registration(&started.state, &response).await.unwrap();
    let again = ana.finish_registration(&started.state, &response).await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(first.passkey, again.passkey);
    test.advance(Span::from_minutes(6));
    let late = ana.finish_registration(&started.state, &response).await.unwrap();
    assert!(late.replayed, "also after the challenge has expired");
    assert_eq!(test.count_events("passkey_added").await, 1);

    ana.authenticator = authenticator::Authenticator::new(Settings::platform());
    let other = ana.create(&started);
    let error = ana.finish_registration(&started.state, &other).await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("challenge_expired", "challenge_used"));
}

#[tokio::test]
async fn an_old_page_is_told_so() {
    let test = TestContext::sqlite().await;
    let mut ana = onboarding(&test).await;
    let started = ana.begin_registration().await.unwrap();
    let response = ana.create(&started);
    test.advance(Span::from_minutes(5));
    let error = ana.finish_registration(&started.state, &response).await.unwrap_err();
    assert_eq!(error.code(), "challenge_expired");
}

#[tokio::test]
async fn a_full_session_confirms_before_and_once() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    assert_eq!(ana.begin_registration().await.unwrap_err().code(), "confirm_needed");
    let passkey = ana.passkeys().await.remove(0);
    ana.confirm(Action::RemovePasskey(passkey.id)).await.unwrap();
    assert_eq!(ana.begin_registration().await.unwrap_err(), CeremonyError::ConfirmNeeded, "another action");

    let (second, _) = ana.add_another(Settings::security_key()).await;
    assert_eq!(second.binding, Binding::PhishingResistant);
    assert_eq!(second.name, "Passkey 2", "the suggested name was taken");
    assert_eq!(ana.begin_registration().await.unwrap_err(), CeremonyError::ConfirmNeeded, "it was used up");
}

#[tokio::test]
async fn a_confirmation_covers_the_time_the_person_takes() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    ana.confirm(Action::AddPasskey).await.unwrap();
    test.advance(Span::from_minutes(4));
    ana.authenticator = authenticator::Authenticator::new(Settings::platform());
    let started = ana.begin_registration().await.unwrap();
    test.advance(Span::from_minutes(4));
    let response = ana.create(&started);
    ana.finish_registration(&started.state, &response).await.unwrap();
}

#[tokio::test]
async fn twenty_passkeys_are_enough() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    for _ in 1..20 {
        ana.add_another(Settings::platform()).await;
    }
    ana.confirm(Action::AddPasskey).await.unwrap();
    assert_eq!(ana.begin_registration().await.unwrap_err().code(), "too_many_passkeys");
}

#[tokio::test]
async fn a_credential_that_somebody_has_is_a_duplicate() {
    let test = TestContext::sqlite().await;
    let mut ana = onboarding(&test).await;
    let started = ana.begin_registration().await.unwrap();
    let response = ana.create(&started);
    ana.finish_registration(&started.state, &response).await.unwrap();

    // The same attested credential on another person's challenge: the attestation of `none` binds nothing.
    let user = test.add_user("eve@example.com", Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut eve = Visitor::new(&test, "eve");
    eve.redeem("eve@example.com", &pass).await.unwrap();
    let begun = eve.begin_registration().await.unwrap();
    let mut hers: serde_json::Value = serde_json::from_str(&eve.create(&begun)).unwrap();
    let stolen: serde_json::Value = serde_json::from_str(&response).unwrap();
    for member in ["id", "rawId"] {
        hers[member] = stolen[member].clone();
    }
    hers["response"]["attestationObject"] = stolen["response"]["attestationObject"].clone();
    let error = eve.finish_registration(&begun.state, &hers.to_string()).await.unwrap_err();
    assert_eq!(error, CeremonyError::Duplicate);
    assert!(eve.passkeys().await.is_empty());
    eve.register().await.unwrap();
}

#[tokio::test]
async fn what_ends_the_session_ends_the_registration() {
    let test = TestContext::sqlite().await;
    let mut ana = onboarding(&test).await;
    let who = ana.who().await;
    let started = ana.begin_registration().await.unwrap();
    let response = ana.create(&started);
    let name = |_: [u8; 16]| "Passkey".to_owned();
    administer_passes::revoke(&test.cx, &mut test.operator(), Authority::Operator, who.user.id)
        .await
        .unwrap();
    let finish = service::register_passkey::finish;
    let error = finish(&test.cx, &mut ana.caller(), &who, &started.state, &response, name).await.unwrap_err();
    assert_eq!(error, CeremonyError::SessionEnded);

    let pass = test.issue_once(&who.user).await;
    ana.redeem(ANA, &pass).await.unwrap();
    let who = ana.who().await;
    let started = ana.begin_registration().await.unwrap();
    let response = ana.create(&started);
    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, who.user.id)
        .await
        .unwrap();
    let error = finish(&test.cx, &mut ana.caller(), &who, &started.state, &response, name).await.unwrap_err();
    assert_eq!(error, CeremonyError::SessionEnded);
}
