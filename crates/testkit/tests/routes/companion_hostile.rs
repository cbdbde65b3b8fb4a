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
use service::attest_devices::{self, Attested};
use service::read_audit;
use store::audit::Filter;
use store::passkeys;
use testkit::deployment::Variation;
use testkit::device::Device;
use testkit::{TestApp, TestContext};

use super::companion::both;
use super::companion_api::Program;

const ANA: &str = "ana@example.com";
const EVE: &str = "eve@example.com";

pub(crate) fn own(path: &str) -> String {
    format!("/api/enrolment/self/{path}")
}

/// A program with an authenticator of that model.
pub(crate) fn of_model(app: &TestApp, aaguid: [u8; 16]) -> Program<'_> {
    let mut program = Program::new(app);
    program.authenticator = Authenticator::new(Settings { aaguid, ..Settings::platform() });
    program
}

pub(crate) async fn make_authority(app: &TestApp) {
    attest_devices::make(&app.test.cx, &mut app.test.operator()).await.unwrap();
}

pub(crate) async fn sign_in(program: &mut Program<'_>, app: &TestApp, user: &User) {
    let pass = app.test.issue(user).await;
    let sent = json!({ "login": user.login.shown(), "pass": pass.reveal() });
    program.post(&own("sign-in/pass"), sent).await;
}

/// What asks for a certificate in a ceremony that has begun.
pub(crate) fn asking(device: &Device, begun: &Value) -> Value {
    let mut ask = device.asks(&begun["options"]);
    ask["state"] = begun["state"].clone();
    ask
}

/// A passkey attested by the device, in `program`, for somebody who is signed in there; gives its credential id.
pub(crate) async fn add_attested(program: &mut Program<'_>, device: &mut Device) -> String {
    let begun = program.post(&own("begin"), json!({})).await;
    device.keep(&program.post(&own("attestation"), asking(device, &begun)).await);
    let response = device.attest(program.made(&begun["options"]));
    let id = response["id"].as_str().unwrap().to_owned();
    program.post(&own("finish"), json!({ "state": begun["state"], "response": response })).await;
    id
}

pub(crate) async fn is_trusted(app: &TestApp, user: &User) -> Vec<bool> {
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
        assert!(
            [(422, "challenge_expired"), (409, "not_approved")].contains(&(status, code.as_str())),
            "{code}"
        );
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
async fn a_certificate_that_another_account_has_renewed_stays_what_its_owner_calls_it() {
    for app in both(Variation::default()).await {
        make_authority(&app).await;
        let (ana, eve) = (app.user(ANA).await, app.user(EVE).await);
        let mut device = Device::new(9);
        let name_it = async |user: &User, device: &mut Device, name: &str| {
            let mut program = of_model(&app, SOFTWARE.0);
            sign_in(&mut program, &app, user).await;
            let begun = program.post(&own("begin"), json!({})).await;
            let mut ask = asking(device, &begun);
            ask["name"] = json!(name);
            device.keep(&program.post(&own("attestation"), ask).await);
            device.chain.clone()
        };
        let line = async || attest_devices::devices(&app.test.cx, None).await.unwrap().pop().unwrap();
        let first = name_it(&ana, &mut device, "Ana's laptop").await;
        app.advance(Span::from_days(250));
        let second = name_it(&eve, &mut device, "Eve's laptop").await;
        assert_ne!(first, second, "it is due, and one authenticator");
        assert_eq!((line().await.device.name.as_str(), line().await.login.as_str()), ("Ana's laptop", ANA));
        let told = read_audit::list(&app.test.cx, Filter::default(), 1_000).await.unwrap();
        let told = told.into_iter().map(|entry| entry.event);
        let told: Vec<_> = told.filter(|event| event.kind.name() == "device_attested").collect();
        assert!(told.len() == 2 && told.iter().all(|event| event.subject == Some(ana.id)), "{told:?}");
        app.advance(Span::from_days(250));
        name_it(&ana, &mut device, "Ana's desk").await;
        assert_eq!((line().await.device.name.as_str(), line().await.login.as_str()), ("Ana's desk", ANA));
    }
}

#[tokio::test]
async fn an_authority_that_goes_takes_along_what_it_vouched_for_unless_that_shall_stay() {
    for app in both(Variation::default()).await {
        make_authority(&app).await;
        let (ana, eve) = (app.user(ANA).await, app.user(EVE).await);
        for (number, user) in [(10, &ana), (11, &eve)] {
            let mut program = of_model(&app, SOFTWARE.0);
            sign_in(&mut program, &app, user).await;
            add_attested(&mut program, &mut Device::new(number)).await;
            if number == 10 {
                // Ana signs in with hers: that session rests on it.
                app.advance(Span::from_secs(1));
                let begun = program.post(&own("sign-in/passkey/begin"), json!({})).await;
                let response = program.answered(&begun["options"]);
                let sent = json!({ "state": begun["state"], "response": response });
                program.post(&own("sign-in/passkey/finish"), sent).await;
            }
        }
        // One was revoked before: its passkeys are not told of twice.
        let lines = attest_devices::devices(&app.test.cx, Some(eve.id)).await.unwrap();
        attest_devices::revoke(&app.test.cx, &mut app.test.operator(), lines[0].device.id).await.unwrap();

        let gone = attest_devices::remove(&app.test.cx, &mut app.test.operator(), Attested::Distrusted).await;
        let gone = gone.unwrap();
        assert_eq!((gone.passkeys, gone.sessions), (1, 1));
        assert_eq!((is_trusted(&app, &ana).await, is_trusted(&app, &eve).await), (vec![false], vec![false]));
        assert_eq!(app.test.count_events("device_revoked").await, 2);
        assert_eq!(app.test.count_events("attestation_authority_removed").await, 1);
        assert_eq!(attest_devices::devices(&app.test.cx, None).await.unwrap(), []);

        // The other way: what was attested stays so.
        make_authority(&app).await;
        let bob = app.user("bob@example.com").await;
        let mut program = of_model(&app, SOFTWARE.0);
        sign_in(&mut program, &app, &bob).await;
        add_attested(&mut program, &mut Device::new(12)).await;
        let gone = attest_devices::remove(&app.test.cx, &mut app.test.operator(), Attested::Kept).await;
        let gone = gone.unwrap();
        assert_eq!((gone.passkeys, gone.sessions), (0, 0));
        assert_eq!(is_trusted(&app, &bob).await, [true]);
        assert_eq!(app.test.count_events("device_revoked").await, 2);
    }
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
    app.test
        .cx
        .change_settings(|settings| settings.policy.require.portal = Needed::Custom("gone".to_owned()));
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
async fn nothing_changes_while_changes_are_paused() {
    let test = TestContext::sqlite().await;
    let until = test.now() + Span::from_hours(1);
    let app = TestApp::on_site(test, |site| site.read_only_until = Some(until));
    let mut program = Program::new(&app);
    for path in ["/api/enrolment/self/sign-in/pass", "/api/enrolment/self/begin", "/api/authenticator/finish"]
    {
        let (_, told) = program.send("POST", path, "{}".to_owned()).await;
        assert_eq!((&told["ok"], &told["code"]), (&json!(false), &json!("read_only")), "{path}");
    }
    assert_eq!(program.get("/api/enrolment/self").await["need"], "sign-in");
}
