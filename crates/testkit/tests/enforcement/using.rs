//! Stored passkeys are judged again by whatever they are used for.

use account::action::Action;
use account::model::{Broken, Model};
use account::policy::{Area, AttestationDemand, Audience, Compromised, Kinds, Profile};
use account::role::Role;
use authenticator::Settings;
use service::CeremonyError;
use testkit::{TestApp, TestContext, Visitor};

use crate::world::{ANA, good_key, good_model, know, only, passkeys, set, strict, trust};

async fn with_key(test: &TestContext, key: Settings) -> Visitor<'_> {
    let mut ana = Visitor::new(test, "laptop").with(key);
    ana.onboard(ANA, Role::User).await;
    ana
}

fn code<T>(result: Result<T, CeremonyError>) -> Option<&'static str> {
    result.err().map(|error| error.code())
}

#[tokio::test]
async fn what_policy_does_not_take_any_more_signs_nobody_in_and_confirms_nothing() {
    let test = TestContext::sqlite().await;
    let mut ana = with_key(&test, Settings::platform()).await;
    let backed_up = Profile { kinds: Kinds { backed_up: true, device_bound: false }, ..Profile::anything() };
    let confirming = {
        let who = ana.who().await;
        service::confirm::begin(&test.cx, &mut ana.caller(), &who, Action::AddPasskey).await.unwrap()
    };
    only(&test, backed_up);
    assert_eq!(code(ana.sign_in().await), Some("policy_kind_device_bound"));
    let who = ana.who().await;
    // What had begun before ends so too, and it is not asked for any more.
    let response = ana.get(&confirming.options);
    let late =
        service::confirm::finish(&test.cx, &mut ana.caller(), &who, &confirming.state, &response).await;
    assert_eq!(code(late), Some("policy_kind_device_bound"));
    assert_eq!(code(ana.confirm(Action::AddPasskey).await), Some("not_found"));
    let passkey = ana.passkeys().await.remove(0).id;
    assert_eq!(code(ana.try_passkey(passkey).await), Some("policy_kind_device_bound"));
    only(&test, Profile::anything());
    ana.sign_in().await.unwrap();
}

#[tokio::test]
async fn an_excluded_group_is_out_at_its_next_sign_in() {
    let test = TestContext::sqlite().await;
    let mut ana = with_key(&test, Settings::platform()).await;
    set(&test, |policy| policy.passkeys.audience = Audience::Nobody);
    assert_eq!(code(ana.sign_in().await), Some("policy_passkeys_off"));
}

#[tokio::test]
async fn attestation_that_is_required_later_is_required_of_what_is_stored() {
    let test = TestContext::sqlite().await;
    let mut ana = with_key(&test, Settings::security_key()).await;
    only(&test, Profile { attestation: AttestationDemand::Required, ..Profile::anything() });
    assert_eq!(code(ana.sign_in().await), Some("policy_attestation_missing"));
    assert_eq!(test.count_events("sign_in_refused").await, 1);
}

#[tokio::test]
async fn a_model_that_was_reported_broken_is_as_good_as_policy_says() {
    for (compromised, signs_in, console) in [
        (Compromised::Mark, true, true),
        (Compromised::Weaken, true, false),
        (Compromised::Refuse, false, false),
    ] {
        let test = TestContext::sqlite().await;
        trust(&test);
        only(&test, strict());
        let mut ana = with_key(&test, good_key()).await;
        passkeys(&test, |passkeys| passkeys.compromised = compromised);
        let settings = test.cx.settings();
        assert!(settings.lets_into(&ana.who().await, Area::Console));
        know(&test, Model { broken: Some(Broken::UserVerificationBypass), ..good_model() });
        let settings = test.cx.settings();
        // The session from before is judged by what is known now.
        assert_eq!(settings.lets_into(&ana.who().await, Area::Console), console, "{compromised}");
        let signed_in = ana.sign_in().await;
        assert_eq!(signed_in.is_ok(), signs_in, "{compromised}");
        assert_eq!(code(signed_in), (!signs_in).then_some("policy_model_broken"));
        assert_eq!(settings.lets_into(&ana.who().await, Area::Console), console, "{compromised}");
    }
}

#[tokio::test]
async fn security_info_says_what_became_of_a_passkey() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let page = ana.get("/me/security").await.body;
    assert!(!page.contains("no longer allows"), "{page}");
    only(&app.test, Profile { kinds: Kinds { backed_up: true, device_bound: false }, ..Profile::anything() });
    let page = ana.get("/me/security").await.body;
    assert!(page.contains("no longer allows this passkey"), "{page}");
    assert!(page.contains("quiet-danger"), "it can still be removed");
    assert_eq!(ana.sign_in().await.refusal(), "policy_kind_device_bound");
}

#[tokio::test]
async fn nobody_removes_a_passkey_that_everybody_must_have() {
    let test = TestContext::sqlite().await;
    let mut ana = with_key(&test, Settings::platform()).await;
    ana.sign_in().await.unwrap();
    ana.add_another(Settings::security_key()).await;
    passkeys(&test, |passkeys| passkeys.at_least = 2);
    let one = ana.passkeys().await.remove(0).id;
    ana.sign_in().await.unwrap();
    ana.confirm(Action::RemovePasskey(one)).await.unwrap();
    let refused = ana.remove(one, service::manage_passkeys::Reason::Unused).await.unwrap_err();
    assert_eq!(refused.code(), "passkey_required");
    passkeys(&test, |passkeys| passkeys.at_least = 1);
    ana.remove(one, service::manage_passkeys::Reason::Unused).await.unwrap();
}
