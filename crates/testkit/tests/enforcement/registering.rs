//! For each knob of the policy a registration that violates only that knob, through the routes that scripts use
//! (assurance W4). The codes are what tells the scripts to take the half-made passkey out of the browser again.

use account::model::{Aaguid, Broken, Certification, Model};
use account::policy::{AttestationDemand, Audience, Kinds, Profile};
use authenticator::Settings;
use axum::http::StatusCode;
use primitives::cose::Algorithm;
use serde_json::{Value, json};
use testkit::{Browser, TestApp, TestContext};

use crate::world::{ANA, GOOD, good_key, good_model, know, only, passkeys, set, strict, trust};

async fn onboarding(app: &TestApp, key: Settings) -> Browser {
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser().with(key);
    ana.redeem(ANA, pass.reveal()).await;
    ana
}

async fn begin(browser: &mut Browser, place: &str) -> Value {
    browser.post_json("/me/security/add/begin", &json!({ "place": place })).await.json()
}

async fn finish(browser: &mut Browser, begun: &Value) -> Value {
    let response = browser.create(&begun["options"]);
    let finish = json!({ "state": begun["state"], "response": response });
    let answer = browser.post_json("/me/security/add/finish", &finish).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn a_key_that_has_all_that_is_asked_for_is_taken() {
    let app = TestApp::sqlite().await;
    trust(&app.test);
    only(&app.test, strict());
    let mut ana = onboarding(&app, good_key()).await;
    let begun = begin(&mut ana, "security-key").await;
    assert_eq!(begun["options"]["attestation"], "direct");
    assert_eq!(begun["options"]["pubKeyCredParams"], json!([{ "type": "public-key", "alg": -7 }]));
    assert_eq!(finish(&mut ana, &begun).await["ok"], true);
    ana.sign_in().await.json_ok();
}

#[tokio::test]
async fn attestation_is_not_asked_for_where_nothing_hangs_on_it() {
    let app = TestApp::sqlite().await;
    let mut ana = onboarding(&app, good_key()).await;
    assert_eq!(begin(&mut ana, "security-key").await["options"]["attestation"], "none");
}

type Knob = fn(&TestContext);

fn change(test: &TestContext, change: impl FnOnce(&mut Profile)) {
    passkeys(test, |passkeys| change(&mut passkeys.profiles[0]));
}

#[tokio::test]
async fn each_knob_alone_refuses_what_violates_it() {
    let knobs: [(&str, Knob); 12] = [
        ("policy_passkeys_off", |test| set(test, |policy| policy.passkeys.audience = Audience::Nobody)),
        ("policy_passkeys_off", |test| change(test, |one| one.audience = Audience::Nobody)),
        ("policy_kind_device_bound", |test| {
            change(test, |one| one.kinds = Kinds { backed_up: true, device_bound: false });
        }),
        ("policy_model_blocked", |test| change(test, |one| one.models.block = vec![GOOD])),
        ("policy_model_not_allowed", |test| change(test, |one| one.models.allow = vec![Aaguid([1; 16])])),
        ("policy_not_certified", |test| change(test, |one| one.models.certified = Some(Certification::L3))),
        ("policy_not_biometric", |test| know(test, Model { biometric: false, ..good_model() })),
        ("policy_not_hardware", |test| know(test, Model { hardware: false, ..good_model() })),
        ("policy_model_unknown", |test| {
            test.cx.change_settings(|settings| settings.models = Default::default())
        }),
        ("policy_algorithm", |test| change(test, |one| one.algorithms = vec![Algorithm::EdDsa])),
        ("policy_model_broken", |test| {
            know(test, Model { broken: Some(Broken::Revoked), ..good_model() });
        }),
        ("policy_attestation_missing", |test| {
            test.cx.change_settings(|settings| settings.anchors = Default::default());
        }),
    ];
    for (code, knob) in knobs {
        let app = TestApp::sqlite().await;
        trust(&app.test);
        only(&app.test, strict());
        let mut ana = onboarding(&app, good_key()).await;
        let begun = begin(&mut ana, "security-key").await;
        // Turned after the page was shown: what the page knew decides nothing.
        knob(&app.test);
        let answer = finish(&mut ana, &begun).await;
        assert_eq!((&answer["ok"], &answer["code"]), (&json!(false), &json!(code)), "{answer}");
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains("No passkey was added."), "{code}: {message}");
        assert_eq!(app.test.count_events("passkey_refused").await, 1, "{code}");
        assert_eq!(app.test.count_events("passkey_added").await, 0, "{code}");
    }
}

#[tokio::test]
async fn a_passkey_that_would_be_backed_up_is_refused_where_it_must_stay_on_its_device() {
    let app = TestApp::sqlite().await;
    only(&app.test, Profile { kinds: Kinds { backed_up: false, device_bound: true }, ..Profile::anything() });
    let mut ana = onboarding(&app, Settings::synced()).await;
    let begun = begin(&mut ana, "this-computer").await;
    assert_eq!(finish(&mut ana, &begun).await["code"], "policy_kind_backed_up");
}

#[tokio::test]
async fn a_key_without_attestation_is_refused_where_it_is_required_and_taken_where_it_is_asked_for() {
    for (demand, taken) in [(AttestationDemand::Required, false), (AttestationDemand::Asked, true)] {
        let app = TestApp::sqlite().await;
        trust(&app.test);
        only(&app.test, Profile { attestation: demand, ..Profile::anything() });
        let mut ana = onboarding(&app, Settings { aaguid: GOOD.0, ..Settings::security_key() }).await;
        let begun = begin(&mut ana, "security-key").await;
        assert_eq!(begun["options"]["attestation"], "direct");
        let answer = finish(&mut ana, &begun).await;
        assert_eq!(answer["ok"], taken, "{answer}");
        if !taken {
            assert_eq!(answer["code"], "policy_attestation_missing");
        }
    }
}

#[tokio::test]
async fn who_proves_a_model_by_another_authority_has_proven_nothing() {
    let app = TestApp::sqlite().await;
    trust(&app.test);
    only(&app.test, strict());
    let stranger = authenticator::attestation::Authority::from_seed([8; 32]);
    let key = Settings { aaguid: GOOD.0, ..Settings::security_key() }.attested_by(&stranger);
    let mut ana = onboarding(&app, key).await;
    let begun = begin(&mut ana, "security-key").await;
    assert_eq!(finish(&mut ana, &begun).await["code"], "policy_attestation_missing");
}

#[tokio::test]
async fn what_cannot_work_is_said_before_anything_is_made() {
    let app = TestApp::sqlite().await;
    let mut ana = onboarding(&app, Settings::platform()).await;
    let kinds =
        |backed_up, device_bound| Profile { kinds: Kinds { backed_up, device_bound }, ..Profile::anything() };
    only(&app.test, kinds(false, true));
    assert_eq!(begin(&mut ana, "phone-browser").await["code"], "policy_kind_backed_up");
    assert_eq!(begin(&mut ana, "this-computer").await["ok"], true);
    only(&app.test, kinds(true, false));
    assert_eq!(begin(&mut ana, "security-key").await["code"], "policy_kind_device_bound");
    set(&app.test, |policy| policy.passkeys.audience = Audience::Nobody);
    assert_eq!(begin(&mut ana, "this-computer").await["code"], "policy_passkeys_off");
}

#[tokio::test]
async fn the_wizard_offers_nothing_that_policy_would_refuse() {
    let app = TestApp::sqlite().await;
    only(&app.test, Profile { kinds: Kinds { backed_up: false, device_bound: true }, ..Profile::anything() });
    let mut ana = onboarding(&app, Settings::platform()).await;
    let page = ana.get("/me/security/add").await.body;
    let off = |place: &str| {
        let id = format!("id=\"place-{place}\"");
        let from = page.find(&id).unwrap_or_else(|| panic!("no {place}"));
        page[from..].split('>').next().unwrap().contains("disabled")
    };
    assert!(off("authenticator") && !off("security-key") && !off("this-computer"));
}

#[tokio::test]
async fn what_only_members_may_have_others_may_not() {
    let app = TestApp::sqlite().await;
    let group = primitives::id::Id::from_bytes([5; 16]);
    let mut members = Profile::anything();
    members.audience = Audience::Groups { of: vec![group], except: Vec::new() };
    only(&app.test, members);
    let mut ana = onboarding(&app, Settings::platform()).await;
    assert_eq!(begin(&mut ana, "this-computer").await["code"], "policy_passkeys_off");
}
