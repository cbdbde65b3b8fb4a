//! `/api/enrolment/self/…`: an authenticator adds a passkey with no computer beside it, attested by the organisation.

use account::attested_device::SOFTWARE;
use account::passkey::AttestationKind;
use account::policy::{AttestationDemand, Audience, Kinds, ModelRule, Profile};
use account::strength::Strength;
use authenticator::{Authenticator, Settings};
use primitives::time::Span;
use serde_json::{Value, json};
use service::attest_devices::{self, Attested};
use store::passkeys;
use testkit::TestApp;
use testkit::deployment::Variation;
use testkit::device::Device;

use super::companion::both;
use super::companion_api::Program;

const ANA: &str = "ana@example.com";
const SELF: &str = "/api/enrolment/self";

fn own(path: &str) -> String {
    format!("{SELF}/{path}")
}

/// Keyfob, as the client of its own server.
fn keyfob() -> Authenticator {
    Authenticator::new(Settings { aaguid: SOFTWARE.0, ..Settings::platform() })
}

/// Somebody with a pass, at a program that has signed in by it.
async fn signed_in(app: &TestApp) -> Program<'_> {
    let (_, pass) = app.starter(ANA).await;
    let mut program = Program::new(app);
    program.authenticator = keyfob();
    program.post(&own("sign-in/pass"), json!({ "login": ANA, "pass": pass.reveal() })).await;
    program
}

fn demand_attestation(app: &TestApp) {
    let profile = Profile {
        name: "attested".to_owned(),
        audience: Audience::everybody(),
        kinds: Kinds { backed_up: true, device_bound: true },
        attestation: AttestationDemand::Required,
        models: ModelRule { allow: vec![SOFTWARE], ..ModelRule::default() },
        algorithms: Vec::new(),
    };
    app.test.cx.change_settings(|settings| settings.policy.passkeys.terms.profiles = vec![profile]);
}

async fn make_authority(app: &TestApp) {
    attest_devices::make(&app.test.cx, &mut app.test.operator()).await.unwrap();
}

/// Begins, has the device certified, and gives what `finish` takes with its statement.
async fn attested(program: &mut Program<'_>, device: &mut Device) -> Value {
    let begun = program.post(&own("begin"), json!({})).await;
    let mut ask = device.asks(&begun["options"]);
    ask["state"] = begun["state"].clone();
    ask["name"] = json!("Ana's laptop");
    let answer = program.post(&own("attestation"), ask.clone()).await;
    device.keep(&answer);
    let again = program.post(&own("attestation"), ask).await;
    assert_eq!((&again["chain"], &again["device"]), (&answer["chain"], &answer["device"]));
    finish(program, &begun, device)
}

fn finish(program: &mut Program<'_>, begun: &Value, device: &Device) -> Value {
    let response = program.made(&begun["options"]);
    json!({ "state": begun["state"], "response": device.attest(response) })
}

async fn the_passkey(app: &TestApp) -> account::passkey::Passkey {
    let user = app.test.cx.db.read(|tx| {
        let login = account::user::Login::parse(ANA).unwrap();
        Ok::<_, store::StoreError>(store::users::by_login(tx, &login)?.unwrap())
    });
    let user = user.await.unwrap().id;
    app.test.cx.db.read(move |tx| passkeys::of_user(tx, user)).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn a_program_signs_in_and_adds_a_passkey_by_itself() {
    for app in both(Variation::default()).await {
        let (_, pass) = app.starter(ANA).await;
        let mut program = Program::new(&app);
        let shown = program.get(SELF).await;
        assert_eq!((&shown["mode"], &shown["need"]), (&json!("self"), &json!("sign-in")));
        assert_eq!((&shown["account"], &shown["login"]), (&json!(""), &Value::Null));
        for early in ["begin", "confirm/begin"] {
            assert_eq!(program.refused(&own(early), json!({})).await, (409, "not_approved".to_owned()));
        }
        let wrong = json!({ "login": "bob@example.com", "pass": pass.reveal() });
        assert_eq!(program.refused(&own("sign-in/pass"), wrong).await, (422, "pass_wrong".to_owned()));
        let sign_in = json!({ "login": ANA, "pass": pass.reveal() });
        let errand = program.post(&own("sign-in/pass"), sign_in).await;
        assert_eq!((&errand["need"], &errand["login"]), (&json!("create"), &json!(ANA)));
        program.post(&own("report"), json!({ "report": "prompting" })).await;
        let finish = program.create(SELF).await;
        let done = program.post(&own("finish"), finish.clone()).await;
        assert_eq!(done["name"], "Keyfob");
        assert_eq!(program.post(&own("finish"), finish).await["passkey"], done["passkey"]);
        let over = program.get(SELF).await;
        assert_eq!((&over["need"], &over["reason"]), (&json!("nothing"), &json!("onboarding_done")));
        program.post(&own("sign-out"), json!({})).await;
        assert_eq!(program.get(SELF).await["need"], "sign-in");
        assert_eq!(app.test.count_events("passkey_added").await, 1);
        assert_eq!(app.test.count_events("signed_out").await, 1);
    }
}

#[tokio::test]
async fn a_passkey_elsewhere_signs_in_and_confirms() {
    for app in both(Variation::default()).await {
        let mut program = signed_in(&app).await;
        let finish = program.create(SELF).await;
        program.post(&own("finish"), finish).await;
        program.post(&own("sign-out"), json!({})).await;

        let begun = program.post(&own("sign-in/passkey/begin"), json!({})).await;
        let response = program.answered(&begun["options"]);
        let sent = json!({ "state": begun["state"], "response": response });
        let errand = program.post(&own("sign-in/passkey/finish"), sent.clone()).await;
        assert_eq!((&errand["need"], &errand["stage"]), (&json!("confirm"), &json!("opened")));
        let replayed = program.refused(&own("sign-in/passkey/finish"), sent).await;
        assert_eq!(replayed, (422, "challenge_expired".to_owned()));
        let early = program.refused(&own("begin"), json!({})).await;
        assert_eq!(early, (403, "confirm_needed".to_owned()));

        let begun = program.post(&own("confirm/begin"), json!({})).await;
        let response = program.answered(&begun["options"]);
        let sent = json!({ "state": begun["state"], "response": response });
        assert_eq!(program.post(&own("confirm/finish"), sent).await["need"], "create");
        program.authenticator = keyfob();
        let finish = program.create(SELF).await;
        let done = program.post(&own("finish"), finish).await;
        assert_eq!(done["name"], "Keyfob 2", "the model has a name of its own");
        assert_eq!(program.get(SELF).await["need"], "confirm", "one confirmation is for one passkey");
    }
}

#[tokio::test]
async fn a_phone_that_has_to_confirm_does_so_by_its_errand() {
    let app = TestApp::sqlite().await;
    let (_, desk) = app.member(ANA).await;
    let begun = super::companion::begin(&app, &desk).await;
    let (mut phone, path) = (Program::new(&app), format!("/api/enrolment/{}", begun.ticket));
    phone.post(&format!("{path}/claim"), json!({})).await;
    let early = phone.refused(&format!("{path}/confirm/begin"), json!({})).await;
    assert_eq!(early, (409, "not_approved".to_owned()));
    let started = phone.post(&own("sign-in/passkey/begin"), json!({})).await;
    let assert = |options: &Value| desk.clone().assert(options);
    let sent = json!({ "state": started["state"], "response": assert(&started["options"]) });
    phone.post(&own("sign-in/passkey/finish"), sent).await;
    assert_eq!(phone.post(&format!("{path}/claim"), json!({})).await["need"], "confirm");
    let started = phone.post(&format!("{path}/confirm/begin"), json!({})).await;
    let sent = json!({ "state": started["state"], "response": assert(&started["options"]) });
    assert_eq!(phone.post(&format!("{path}/confirm/finish"), sent).await["need"], "create");
    let finish = phone.create(&path).await;
    phone.post(&format!("{path}/finish"), finish).await;
}

#[tokio::test]
async fn what_the_organisation_certified_passes_where_attestation_is_enforced() {
    for app in both(Variation::default()).await {
        demand_attestation(&app);
        let mut program = signed_in(&app).await;
        let begun = program.post(&own("begin"), json!({})).await;
        assert_eq!(begun["options"]["attestation"], "direct");
        let mut device = Device::new(3);
        let mut ask = device.asks(&begun["options"]);
        ask["state"] = begun["state"].clone();
        let off = program.refused(&own("attestation"), ask).await;
        assert_eq!(off, (403, "attestation_off".to_owned()));
        let unproven = program.create(SELF).await;
        let refused = program.refused(&own("finish"), unproven).await;
        assert_eq!(refused, (422, "policy_attestation_missing".to_owned()));

        make_authority(&app).await;
        let finish = attested(&mut program, &mut device).await;
        program.post(&own("finish"), finish).await;
        let passkey = the_passkey(&app).await;
        assert!(passkey.attestation_trusted && passkey.attestation == AttestationKind::AttCa);
        assert_eq!(app.test.cx.settings().models.get(SOFTWARE).unwrap().name, "Keyfob");
        let now = app.test.now();
        let evidence = account::evidence::Evidence::from_assertion(&passkey, true, now);
        assert_eq!(
            evidence.strength(),
            Some(Strength::PhishingResistant),
            "a key in software is no hardware"
        );
        assert!(!evidence.amr().contains(&"hwk"));
        assert_eq!(app.test.count_events("device_attested").await, 1);

        // It signs in, until its device is revoked.
        let begun = program.post(&own("sign-in/passkey/begin"), json!({})).await;
        let response = program.answered(&begun["options"]);
        let sent = json!({ "state": begun["state"], "response": response });
        program.post(&own("sign-in/passkey/finish"), sent).await;
        let line = attest_devices::devices(&app.test.cx, None).await.unwrap().pop().unwrap();
        assert_eq!((line.login.as_str(), line.device.name.as_str()), (ANA, "Ana's laptop"));
        let revoked = attest_devices::revoke(&app.test.cx, &mut app.test.operator(), line.device.id).await;
        let revoked = revoked.unwrap();
        assert_eq!((revoked.passkeys, revoked.sessions), (1, 1));
        let again = attest_devices::revoke(&app.test.cx, &mut app.test.operator(), line.device.id).await;
        assert_eq!(again.unwrap_err().code(), "attestation_revoked");
        assert!(!the_passkey(&app).await.attestation_trusted);
        assert_eq!(program.get(SELF).await["need"], "sign-in", "its session ended");
        let begun = program.post(&own("sign-in/passkey/begin"), json!({})).await;
        let response = program.answered(&begun["options"]);
        let sent = json!({ "state": begun["state"], "response": response });
        let refused = program.refused(&own("sign-in/passkey/finish"), sent).await;
        assert_eq!(refused, (422, "policy_attestation_missing".to_owned()));
    }
}

#[tokio::test]
async fn a_revoked_device_gets_no_certificate_and_its_old_one_is_worth_nothing() {
    for app in both(Variation::default()).await {
        make_authority(&app).await;
        let mut program = signed_in(&app).await;
        let mut device = Device::new(4);
        let kept = attested(&mut program, &mut device).await;
        let line = attest_devices::devices(&app.test.cx, None).await.unwrap().pop().unwrap();
        attest_devices::revoke(&app.test.cx, &mut app.test.operator(), line.device.id).await.unwrap();
        let begun = program.post(&own("begin"), json!({})).await;
        let mut ask = device.asks(&begun["options"]);
        ask["state"] = begun["state"].clone();
        let refused = program.refused(&own("attestation"), ask).await;
        assert_eq!(refused, (403, "attestation_revoked".to_owned()));
        // Nothing asks for an attestation here, so it is taken: as one that nobody vouches for.
        program.post(&own("finish"), kept).await;
        assert!(!the_passkey(&app).await.attestation_trusted);
    }
}

#[tokio::test]
async fn only_a_proven_key_is_certified() {
    let app = TestApp::sqlite().await;
    make_authority(&app).await;
    let mut program = signed_in(&app).await;
    let device = Device::new(5);
    let begun = program.post(&own("begin"), json!({})).await;
    let other = program.post(&own("begin"), json!({})).await;
    let good = {
        let mut ask = device.asks(&begun["options"]);
        ask["state"] = begun["state"].clone();
        ask
    };
    let with = |member: &str, value: Value| {
        let mut ask = good.clone();
        ask[member] = value;
        ask
    };
    let ed25519 =
        primitives::cose::SigningKey::from_seed(primitives::cose::Algorithm::EdDsa, &[5; 32]).unwrap();
    let ed25519 = primitives::encoding::base64url(&ed25519.public_key().encode());
    for (ask, code) in [
        (with("key", json!("")), "attestation_key"),
        (with("key", json!("!")), "attestation_key"),
        (with("key", json!(ed25519)), "attestation_key"),
        (with("key", json!("A".repeat(40_000))), "attestation_key"),
        (with("proof", json!("")), "attestation_proof"),
        (with("proof", json!("A".repeat(90))), "attestation_proof"),
        (with("proof", Device::new(6).asks(&begun["options"])["proof"].clone()), "attestation_proof"),
        (with("proof", device.asks(&other["options"])["proof"].clone()), "attestation_proof"),
        (with("name", json!("x".repeat(61))), "attestation_name"),
        (with("state", json!("x")), "challenge_expired"),
    ] {
        assert_eq!(program.refused(&own("attestation"), ask).await, (422, code.to_owned()));
    }
    app.advance(Span::from_minutes(5));
    assert_eq!(
        program.refused(&own("attestation"), good).await,
        (422, "challenge_expired".to_owned()),
        "a proof is worth what its challenge is"
    );
    assert_eq!(app.test.count_events("device_attested").await, 0);
}

#[tokio::test]
async fn a_certificate_is_renewed_before_it_ends_and_another_authority_knows_none_of_the_old() {
    let app = TestApp::sqlite().await;
    make_authority(&app).await;
    let mut device = Device::new(7);
    let mut program = signed_in(&app).await;
    attested(&mut program, &mut device).await;
    let first = device.chain.clone();

    app.advance(Span::from_days(250));
    let user = app.test.cx.db.read(|tx| {
        let login = account::user::Login::parse(ANA).unwrap();
        Ok::<_, store::StoreError>(store::users::by_login(tx, &login)?.unwrap())
    });
    let user = user.await.unwrap();
    let pass = app.test.issue(&user).await;
    program.post(&own("sign-in/pass"), json!({ "login": ANA, "pass": pass.reveal() })).await;
    let finish = attested(&mut program, &mut device).await;
    assert_ne!(device.chain, first);
    program.post(&own("finish"), finish).await;
    assert!(the_passkey(&app).await.attestation_trusted);
    assert_eq!(attest_devices::devices(&app.test.cx, Some(user.id)).await.unwrap().len(), 1);

    let taken = attest_devices::make(&app.test.cx, &mut app.test.operator()).await;
    assert_eq!(taken.unwrap_err().code(), "attestation_exists");
    attest_devices::remove(&app.test.cx, &mut app.test.operator(), Attested::Kept).await.unwrap();
    assert!(app.test.cx.settings().anchors.of(SOFTWARE).is_empty());
    let gone = attest_devices::remove(&app.test.cx, &mut app.test.operator(), Attested::Kept).await;
    assert_eq!(gone.unwrap_err().code(), "attestation_off");
    assert!(the_passkey(&app).await.attestation_trusted, "what was proven stays");
    make_authority(&app).await;
    assert_eq!(attest_devices::devices(&app.test.cx, None).await.unwrap(), []);
}

#[tokio::test]
async fn an_authenticator_finds_out_what_it_needs() {
    let app = TestApp::sqlite().await;
    let before = app.browser().get("/.well-known/keyfob").await.json();
    assert_eq!((&before["attestation"], &before["relay"]), (&Value::Null, &Value::Null));
    let relay = TestApp::on_site(testkit::TestContext::sqlite().await, |site| site.relay = true);
    let with = relay.browser().get("/.well-known/keyfob").await.json();
    let host = with["relay"].as_str().unwrap();
    assert!(with["origin"].as_str().unwrap().ends_with(&format!("://{host}")), "{host}");
    make_authority(&app).await;
    let answer = app.browser().get("/.well-known/keyfob").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let known = answer.json();
    assert_eq!((&known["api"], &known["rp_id"]), (&json!(1), &json!("localhost")));
    assert_eq!(known["enrolment"], json!(format!("{}/api/enrolment", known["origin"].as_str().unwrap())));
    let root = known["attestation"]["root"].as_str().unwrap();
    let authority = attest_devices::authority(&app.test.cx).await.unwrap().unwrap();
    assert_eq!(root, authority.pem());
    assert!(root.lines().all(|line| line.len() <= 64));
}
