//! Confirming an action with a passkey.

use account::action::Action;
use account::role::Role;
use authenticator::Settings;
use authenticator::client::Client;
use fido::options::UserVerification;
use primitives::time::Span;
use service::{CeremonyError, confirm, manage_passkeys};
use testkit::deployment::ORIGIN;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

#[tokio::test]
async fn a_confirmation_gives_the_session_a_new_id_and_not_a_longer_life() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let (before, token) = (ana.who().await.session, ana.token.clone());
    test.advance(Span::from_minutes(6));
    assert!(!ana.who().await.session.is_fresh(test.now()));
    ana.confirm(Action::AddPasskey).await.unwrap();
    let after = ana.who().await.session;
    assert_ne!(after.id, before.id);
    assert!(after.is_fresh(test.now()));
    assert_eq!((after.ends, after.created), (before.ends, before.created));
    assert!(after.has_confirmed(&Action::AddPasskey.digest(after.id), test.now()));
    ana.token = token;
    assert!(ana.who_is_it().await.is_none(), "the old token is worth nothing");
}

#[tokio::test]
async fn only_the_persons_own_passkeys_are_asked_for() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let (second, _) = ana.add_another(Settings::security_key()).await;
    let who = ana.who().await;
    let begun = confirm::begin(&test.cx, &mut ana.caller(), &who, Action::AddPasskey).await.unwrap();
    assert_eq!(begun.options["allowCredentials"].as_array().unwrap().len(), 2);
    assert_eq!(begun.options["userVerification"], "required");

    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;
    let mut options = begun.options.clone();
    options["allowCredentials"] = serde_json::json!([]);
    let response = eve.get(&options);
    let error =
        confirm::finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await.unwrap_err();
    assert_eq!(error.code(), "wrong_account");
    assert_eq!(test.count_events("confirm_refused").await, 1);
    let unverified = ana.get_unverified(&begun.options);
    let error =
        confirm::finish(&test.cx, &mut ana.caller(), &who, &begun.state, &unverified).await.unwrap_err();
    assert_eq!(error.code(), "uv_missing");
    ana.confirm(Action::RemovePasskey(second.id)).await.unwrap();
}

#[tokio::test]
async fn it_belongs_to_one_session_and_works_once() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let who = ana.who().await;
    let begun = confirm::begin(&test.cx, &mut ana.caller(), &who, Action::AddPasskey).await.unwrap();
    let response = ana.get(&begun.options);
    confirm::finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await.unwrap();
    let error =
        confirm::finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await.unwrap_err();
    assert_eq!(error, CeremonyError::Replayed);

    ana.sign_in().await.unwrap();
    let other = ana.who().await;
    let error =
        confirm::finish(&test.cx, &mut ana.caller(), &other, &begun.state, &response).await.unwrap_err();
    assert_eq!(error, CeremonyError::Seal, "sealed to another session");
}

#[tokio::test]
async fn an_onboarding_session_confirms_nothing_but_that_a_second_passkey_is_added() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.redeem(ANA, &pass).await.unwrap();
    let removal = Action::RemovePasskey(primitives::id::Id::from_bytes([7; 16]));
    assert_eq!(ana.confirm(removal).await.unwrap_err(), CeremonyError::Onboarding);
    assert_eq!(
        ana.confirm(Action::AddPasskey).await.unwrap_err(),
        CeremonyError::NotFound,
        "nothing to touch"
    );
}

#[tokio::test]
async fn confirming_from_an_onboarding_session_is_a_sign_in_and_is_told_as_one() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    ana.redeem(ANA, &pass).await.unwrap();
    let (onboarding, token) = (ana.who().await.session, ana.token.clone());
    assert!(onboarding.is_onboarding());
    ana.confirm(Action::AddPasskey).await.unwrap();
    let full = ana.who().await.session;
    assert!(!full.is_onboarding() && full.evidence.proofs().len() == 1, "the pass is no part of it");
    let told = test.events().await.into_iter().any(
        |event| matches!(event, account::audit::EventKind::SignedIn { session, .. } if session == full.id),
    );
    assert!(told, "each sign-in names the passkey used");
    ana.token = token;
    assert!(ana.who_is_it().await.is_none(), "the session of the pass has ended");
}

#[tokio::test]
async fn without_user_verification_nothing_is_confirmed_tried_or_registered() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let who = ana.who().await;
    let begun = confirm::begin(&test.cx, &mut ana.caller(), &who, Action::AddPasskey).await.unwrap();
    let response = ana.get_unverified(&begun.options);
    let error =
        confirm::finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("uv_missing", "user_verified"));

    let passkey = ana.passkeys().await.remove(0).id;
    let begun = manage_passkeys::try_begin(&test.cx, &mut ana.caller(), &who, passkey).await.unwrap();
    let response = ana.get_unverified(&begun.options);
    let tried = manage_passkeys::try_finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await;
    assert_eq!(tried.unwrap_err().cause(), "user_verified");

    ana.confirm(Action::AddPasskey).await.unwrap();
    ana.authenticator = authenticator::Authenticator::new(Settings::security_key());
    let begun = ana.begin_registration().await.unwrap();
    let dishonest = Client { user_verification: Some(UserVerification::Discouraged), ..Client::new(ORIGIN) };
    let mut entropy = ana.caller().entropy;
    let made = dishonest.create(&mut ana.authenticator, &begun.options, entropy.as_mut()).unwrap();
    let error = ana.finish_registration(&begun.state, &made.to_string()).await.unwrap_err();
    assert_eq!((error.code(), error.cause()), ("uv_missing", "user_verified"));
    assert_eq!(ana.passkeys().await.len(), 1);
}
