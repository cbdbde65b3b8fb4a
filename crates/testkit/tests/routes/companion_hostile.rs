//! What others try with an authenticator's addresses, and what happens when something is lost: `/api/enrolment/self`,
//! `/api/authenticator` and the organisation's own attestation authority.

use account::attested_device::SOFTWARE;
use account::passkey::PasskeyStatus;
use account::policy::{Needed, Requirements};
use account::role::Role;
use account::user::User;
use authenticator::{Authenticator, Settings};
use primitives::time::Span;
use serde_json::{Value, json};
use service::attest_devices;
use store::attested_devices::{self, Authority};
use store::passkeys;
use testkit::deployment::Variation;
use testkit::device::Device;
use testkit::{TestApp, TestContext};

use super::companion::both;
use super::companion_api::Program;

const ANA: &str = "ana@example.com";
const EVE: &str = "eve@example.com";

fn own(path: &str) -> String {
    format!("/api/enrolment/self/{path}")
}

/// A program with an authenticator of that model.
fn of_model(app: &TestApp, aaguid: [u8; 16]) -> Program<'_> {
    let mut program = Program::new(app);
    program.authenticator = Authenticator::new(Settings { aaguid, ..Settings::platform() });
    program
}

async fn make_authority(app: &TestApp) {
    attest_devices::make(&app.test.cx, &mut app.test.operator()).await.unwrap();
}

async fn sign_in(program: &mut Program<'_>, app: &TestApp, user: &User) {
    let pass = app.test.issue(user).await;
    let sent = json!({ "login": user.login.shown(), "pass": pass.reveal() });
    program.post(&own("sign-in/pass"), sent).await;
}

/// What asks for a certificate in a ceremony that has begun.
fn asking(device: &Device, begun: &Value) -> Value {
    let mut ask = device.asks(&begun["options"]);
    ask["state"] = begun["state"].clone();
    ask
}

/// A passkey attested by the device, in `program`, for somebody who is signed in there; gives its credential id.
async fn add_attested(program: &mut Program<'_>, device: &mut Device) -> String {
    let begun = program.post(&own("begin"), json!({})).await;
    device.keep(&program.post(&own("attestation"), asking(device, &begun)).await);
    let response = device.attest(program.made(&begun["options"]));
    let id = response["id"].as_str().unwrap().to_owned();
    program.post(&own("finish"), json!({ "state": begun["state"], "response": response })).await;
    id
}

async fn is_trusted(app: &TestApp, user: &User) -> Vec<bool> {
    let id = user.id;
    let found = app.test.cx.db.read(move |tx| passkeys::of_user(tx, id)).await.unwrap();
    found.iter().map(|passkey| passkey.attestation_trusted).collect()
}

async fn removal(program: &mut Program<'_>, credential: &str) -> Value {
    let wish = json!({ "credential": credential, "action": "remove" });
    let begun = program.post("/api/authenticator/begin", wish).await;
    json!({ "state": begun["state"], "response": program.answered(&begun["options"]) })
}

const REMOVE: &str = "/api/authenticator/finish";

#[tokio::test]
async fn nobody_is_told_apart_by_guessing_and_guesses_are_counted_with_those_of_the_pages() {
    for app in both(Variation::default()).await {
        app.starter(ANA).await;
        app.user(EVE).await;
        // One that reads as a pass: a slip of the hand costs nobody a try.
        let guess = app.starter("carol@example.com").await.1;
        let guess = guess.reveal();
        for path in ["sign-in/pass", "sign-in/password"] {
            let member = path.rsplit('/').next().unwrap();
            let mut told = Vec::new();
            for login in [ANA, EVE, "nobody@example.com", "ANA@Example.com"] {
                let mut program = Program::new(&app);
                let sent = json!({ "login": login, member: guess });
                let (status, mut answer) = program.send("POST", &own(path), sent.to_string()).await;
                for varies in ["bearer", "reference", "tries_left"] {
                    answer.as_object_mut().unwrap().remove(varies);
                }
                told.push((status, answer));
            }
            assert!(told.windows(2).all(|two| two[0] == two[1]), "{path}: {told:?}");
        }
        let mut codes = Vec::new();
        for _ in 0..11 {
            // Another program each time: it is the name that is counted.
            let sent = json!({ "login": "nobody@example.com", "pass": guess });
            codes.push(Program::new(&app).refused(&own("sign-in/pass"), sent).await);
        }
        assert_eq!(codes.last().unwrap(), &(429, "too_many_tries".to_owned()), "{codes:?}");
        let there = app.browser().redeem("nobody@example.com", guess).await;
        assert_eq!(there.status, 429, "the page counts the same tries");
    }
}

#[tokio::test]
async fn a_certificate_is_for_whoever_may_add_a_passkey_and_for_nobody_else() {
    let app = TestApp::sqlite().await;
    make_authority(&app).await;
    let (ana, eve) = (app.user(ANA).await, app.user(EVE).await);
    let (mut hers, mut his) = (of_model(&app, SOFTWARE.0), of_model(&app, SOFTWARE.0));
    sign_in(&mut hers, &app, &ana).await;
    sign_in(&mut his, &app, &eve).await;
    let begun = hers.post(&own("begin"), json!({})).await;
    let ask = asking(&Device::new(1), &begun);
    for other in [&mut his, &mut Program::new(&app)] {
        let (status, code) = other.refused(&own("attestation"), ask.clone()).await;
        assert!([(422, "challenge_expired"), (409, "not_approved")].contains(&(status, code.as_str())), "{code}");
    }
    hers.post(&own("sign-out"), json!({})).await;
    assert_eq!(hers.refused(&own("attestation"), ask).await, (409, "not_approved".to_owned()));
    assert_eq!(attest_devices::devices(&app.test.cx, None).await.unwrap(), []);

    // Keys are not certified without end.
    let begun = his.post(&own("begin"), json!({})).await;
    for seed in 1..=50 {
        his.post(&own("attestation"), asking(&Device::new(seed), &begun)).await;
    }
    let refused = his.refused(&own("attestation"), asking(&Device::new(51), &begun)).await;
    assert_eq!(refused, (422, "attestation_too_many".to_owned()));
    his.post(&own("attestation"), asking(&Device::new(7), &begun)).await;
}

#[tokio::test]
async fn a_certificate_vouches_for_no_other_model() {
    let app = TestApp::sqlite().await;
    make_authority(&app).await;
    let ana = app.user(ANA).await;
    let mut device = Device::new(2);
    let mut good = of_model(&app, SOFTWARE.0);
    sign_in(&mut good, &app, &ana).await;
    add_attested(&mut good, &mut device).await;
    let tpm = *b"keyfob\x40\x00\x80\x00\x00\x00\x00\x00\x00\x02";
    for other in [tpm, Settings::security_key().aaguid, [9; 16], [0; 16]] {
        let mut program = of_model(&app, other);
        app.advance(Span::from_secs(1));
        sign_in(&mut program, &app, &ana).await;
        let begun = program.post(&own("begin"), json!({})).await;
        let response = device.attest(program.made(&begun["options"]));
        let sent = json!({ "state": begun["state"], "response": response });
        assert_eq!(program.refused(&own("finish"), sent).await, (422, "not_accepted".to_owned()));
    }
    assert_eq!(is_trusted(&app, &ana).await, [true]);
}

#[tokio::test]
async fn a_device_that_two_accounts_share_is_revoked_for_both() {
    for app in both(Variation::default()).await {
        make_authority(&app).await;
        let (ana, boss) = (app.user(ANA).await, app.user("ana.admin@example.com").await);
        let mut device = Device::new(3);
        for user in [&ana, &boss] {
            let mut program = of_model(&app, SOFTWARE.0);
            sign_in(&mut program, &app, user).await;
            add_attested(&mut program, &mut device).await;
        }
        let lines = attest_devices::devices(&app.test.cx, None).await.unwrap();
        assert_eq!(lines.len(), 1, "it is one device");
        let id = lines[0].device.id;
        let revoked = attest_devices::revoke(&app.test.cx, &mut app.test.operator(), id).await.unwrap();
        assert_eq!(revoked.passkeys, 2);
        assert_eq!((is_trusted(&app, &ana).await, is_trusted(&app, &boss).await), (vec![false], vec![false]));
        // Nor does it get a certificate in the name of whoever is left.
        let mut program = of_model(&app, SOFTWARE.0);
        app.advance(Span::from_secs(1));
        sign_in(&mut program, &app, &boss).await;
        let begun = program.post(&own("begin"), json!({})).await;
        let refused = program.refused(&own("attestation"), asking(&device, &begun)).await;
        assert_eq!(refused, (403, "attestation_revoked".to_owned()));
    }
}

#[tokio::test]
async fn an_authority_whose_key_is_lost_certifies_nothing_and_stops_nobody() {
    let app = TestApp::sqlite().await;
    make_authority(&app).await;
    let ana = app.user(ANA).await;
    let mut device = Device::new(4);
    let mut program = of_model(&app, SOFTWARE.0);
    sign_in(&mut program, &app, &ana).await;
    add_attested(&mut program, &mut device).await;
    let lost = app.test.cx.db.write(|tx| {
        let authority = attested_devices::authority(tx)?.unwrap();
        attested_devices::reseal_authority(tx, &Authority { sealed: vec![1; 80], ..authority })
    });
    assert!(lost.await.unwrap());
    let resealed = attest_devices::reseal(&app.test.cx).await;
    assert_eq!(resealed.unwrap_err().code(), "attestation_sealed");

    app.advance(Span::from_secs(1));
    sign_in(&mut program, &app, &ana).await;
    let begun = program.post(&own("begin"), json!({})).await;
    let refused = program.refused(&own("attestation"), asking(&Device::new(5), &begun)).await;
    assert_eq!(refused, (403, "attestation_sealed".to_owned()));
    // The one that has its certificate goes on with it.
    program.authenticator = Authenticator::new(Settings { aaguid: SOFTWARE.0, ..Settings::platform() });
    let response = device.attest(program.made(&begun["options"]));
    program.post(&own("finish"), json!({ "state": begun["state"], "response": response })).await;
    assert_eq!(is_trusted(&app, &ana).await, [true, true]);
    // The operator begins again.
    attest_devices::remove(&app.test.cx, &mut app.test.operator()).await.unwrap();
    make_authority(&app).await;
    assert_eq!(attest_devices::reseal(&app.test.cx).await, Ok(()));
}

#[tokio::test]
async fn who_is_turned_off_or_proves_too_little_removes_nothing() {
    let app = TestApp::sqlite().await;
    let (ana, _desk) = app.member(ANA).await;
    let mut program = Program::new(&app);
    app.advance(Span::from_secs(1));
    sign_in(&mut program, &app, &ana).await;
    let finish = program.create("/api/enrolment/self").await;
    let id = finish["response"]["id"].as_str().unwrap().to_owned();
    program.post(&own("finish"), finish).await;

    let hardware = Needed::Custom("gone".to_owned());
    app.test.cx.change_settings(|settings| settings.policy.require.security_info = hardware);
    let sent = removal(&mut program, &id).await;
    assert_eq!(program.refused(REMOVE, sent).await, (403, "stronger_evidence_needed".to_owned()));
    // Nor is told here what its sign-in would not lead to.
    app.test.cx.change_settings(|settings| settings.policy.require.portal = Needed::Custom("gone".to_owned()));
    let begun = program.post("/api/authenticator/begin", json!({ "credential": id, "action": "list" })).await;
    let sent = json!({ "state": begun["state"], "response": program.answered(&begun["options"]) });
    assert_eq!(program.refused(REMOVE, sent).await, (403, "stronger_evidence_needed".to_owned()));
    app.test.cx.change_settings(|settings| settings.policy.require = Requirements::default());

    let set = |status| {
        let user = ana.id;
        app.test.cx.db.write(move |tx| {
            let all = passkeys::of_user(tx, user)?;
            let newest = all.into_iter().max_by_key(|passkey| passkey.id).unwrap();
            passkeys::set_status(tx, &newest, status)
        })
    };
    set(PasskeyStatus::Disabled).await.unwrap();
    let sent = removal(&mut program, &id).await;
    assert_eq!(program.refused(REMOVE, sent).await, (422, "disabled_credential".to_owned()));
    set(PasskeyStatus::Enabled).await.unwrap();
    let by = service::Authority::Operator;
    service::administer_users::disable(&app.test.cx, &mut app.test.operator(), by, ana.id).await.unwrap();
    let sent = removal(&mut program, &id).await;
    assert_eq!(program.refused(REMOVE, sent).await, (422, "disabled_user".to_owned()));
    assert_eq!(app.test.count_events("passkey_removed").await, 0);
    assert_eq!(app.test.count_events("confirm_refused").await, 4);
}

#[tokio::test]
async fn two_that_remove_themselves_at_once_leave_one() {
    for app in both(Variation::default()).await {
        let user = app.test.add_user(ANA, Role::User).await;
        let mut two = Vec::new();
        for _ in 0..2 {
            app.advance(Span::from_secs(1));
            let mut program = Program::new(&app);
            sign_in(&mut program, &app, &user).await;
            let finish = program.create("/api/enrolment/self").await;
            let id = finish["response"]["id"].as_str().unwrap().to_owned();
            program.post(&own("finish"), finish).await;
            two.push((program, id));
        }
        // The pass is over, so that nothing else signs in.
        app.advance(Span::from_days(1));
        let mut sent = Vec::new();
        for (program, id) in &mut two {
            sent.push(removal(program, id).await.to_string());
        }
        let [(first, _), (second, _)] = two.as_mut_slice() else { panic!("as many as asked for") };
        let (one, other) = tokio::join!(
            first.send("POST", REMOVE, sent[0].clone()),
            second.send("POST", REMOVE, sent[1].clone())
        );
        let mut told = [one.1["code"].clone(), other.1["code"].clone()];
        told.sort_by_key(Value::is_string);
        assert_eq!(told, [Value::Null, json!("last_method")]);
        assert_eq!(is_trusted(&app, &user).await.len(), 1);
    }
}

#[tokio::test]
async fn one_key_asked_for_often_at_once_is_one_device() {
    for app in both(Variation::default()).await {
        make_authority(&app).await;
        let ana = app.user(ANA).await;
        let mut program = Program::new(&app);
        sign_in(&mut program, &app, &ana).await;
        let begun = program.post(&own("begin"), json!({})).await;
        let ask = asking(&Device::new(6), &begun).to_string();
        let mut voices: Vec<Program<'_>> = (0..4)
            .map(|_| Program { bearer: program.bearer.clone(), ..Program::new(&app) })
            .collect();
        let path = own("attestation");
        let [a, b, c, d] = voices.as_mut_slice() else { panic!("as many as asked for") };
        let (a, b, c, d) = tokio::join!(
            a.send("POST", &path, ask.clone()),
            b.send("POST", &path, ask.clone()),
            c.send("POST", &path, ask.clone()),
            d.send("POST", &path, ask.clone())
        );
        for other in [&b, &c, &d] {
            assert_eq!((&other.1["chain"], &other.1["device"]), (&a.1["chain"], &a.1["device"]));
        }
        assert!(a.1["chain"].is_array(), "{}", a.1);
        assert_eq!(app.test.count_events("device_attested").await, 1);
    }
}

#[tokio::test]
async fn another_node_believes_in_the_authority_once_it_has_looked_and_in_a_revocation_at_once() {
    for app in both(Variation::default()).await {
        let other = TestApp::on(app.test.another_node().await);
        make_authority(&app).await;
        let ana = other.user(ANA).await;
        assert!(other.test.cx.settings().anchors.authority.is_none());
        let (here, there) =
            (service::metadata::version(&other.test.cx).await, service::metadata::load(&other.test.cx).await);
        assert_eq!(here.unwrap(), there.unwrap());
        let mut device = Device::new(8);
        let mut program = of_model(&other, SOFTWARE.0);
        sign_in(&mut program, &other, &ana).await;
        let begun = program.post(&own("begin"), json!({})).await;
        device.keep(&program.post(&own("attestation"), asking(&device, &begun)).await);
        let id = attest_devices::devices(&app.test.cx, None).await.unwrap()[0].device.id;
        attest_devices::revoke(&app.test.cx, &mut app.test.operator(), id).await.unwrap();
        let response = device.attest(program.made(&begun["options"]));
        program.post(&own("finish"), json!({ "state": begun["state"], "response": response })).await;
        assert_eq!(is_trusted(&other, &ana).await, [false]);
    }
}

#[tokio::test]
async fn nothing_changes_while_changes_are_paused() {
    let test = TestContext::sqlite().await;
    let until = test.now() + Span::from_hours(1);
    let app = TestApp::on_site(test, |site| site.read_only_until = Some(until));
    let mut program = Program::new(&app);
    for path in ["/api/enrolment/self/sign-in/pass", "/api/enrolment/self/begin", "/api/authenticator/finish"] {
        let (_, told) = program.send("POST", path, "{}".to_owned()).await;
        assert_eq!((&told["ok"], &told["code"]), (&json!(false), &json!("read_only")), "{path}");
    }
    assert_eq!(program.get("/api/enrolment/self").await["need"], "sign-in");
}
