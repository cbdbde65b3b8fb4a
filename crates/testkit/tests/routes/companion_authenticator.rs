//! `/api/authenticator/…`: what a person does to a passkey where it is kept happens on the server, by that very passkey.

use primitives::time::Span;
use serde_json::{Value, json};
use service::attest_devices;
use testkit::TestApp;
use testkit::deployment::Variation;
use testkit::device::Device;

use super::companion::both;
use super::companion_api::Program;

const ANA: &str = "ana@example.com";
const BEGIN: &str = "/api/authenticator/begin";
const FINISH: &str = "/api/authenticator/finish";

/// Somebody with a passkey in that program, and with `more` of them elsewhere; gives its credential id.
async fn keeper(app: &TestApp, more: usize) -> (Program<'_>, String) {
    let (user, desk) = app.member(ANA).await;
    drop(desk);
    for _ in 0..more {
        add(app, &user).await;
    }
    let (program, id) = add(app, &user).await;
    (program, id)
}

/// Another passkey, by another pass.
async fn add<'a>(app: &'a TestApp, user: &account::user::User) -> (Program<'a>, String) {
    // What an earlier pass bound is older than this one's session.
    app.advance(Span::from_secs(1));
    let pass = app.test.issue(user).await;
    let mut program = Program::new(app);
    program.post("/api/enrolment/self/sign-in/pass", json!({ "login": ANA, "pass": pass.reveal() })).await;
    let finish = program.create("/api/enrolment/self").await;
    let id = finish["response"]["id"].as_str().unwrap().to_owned();
    program.post("/api/enrolment/self/finish", finish).await;
    program.post("/api/enrolment/self/sign-out", json!({})).await;
    (program, id)
}

/// Begins, answers, and gives what `finish` takes.
async fn answered(program: &mut Program<'_>, wish: Value) -> Value {
    let begun = program.post(BEGIN, wish).await;
    assert_eq!(begun["options"]["userVerification"], "required");
    let response = program.answered(&begun["options"]);
    json!({ "state": begun["state"], "response": response })
}

#[tokio::test]
async fn a_passkey_lists_renames_and_removes_itself() {
    for app in both(Variation::default()).await {
        let (mut program, id) = keeper(&app, 0).await;
        let sent = answered(&mut program, json!({ "credential": id, "action": "list" })).await;
        let listed = program.post(FINISH, sent.clone()).await;
        assert_eq!(listed["login"], ANA);
        let lines = listed["passkeys"].as_array().unwrap().clone();
        assert_eq!(lines.len(), 2);
        let this: Vec<&Value> = lines.iter().filter(|line| line["this"] == json!(true)).collect();
        assert_eq!(this.iter().map(|line| &line["credential"]).collect::<Vec<_>>(), [&json!(id)]);
        assert_eq!(program.refused(FINISH, sent).await, (422, "challenge_expired".to_owned()), "once");

        let wish = json!({ "credential": id, "action": "rename", "name": " Ana's laptop " });
        let sent = answered(&mut program, wish).await;
        assert_eq!(program.post(FINISH, sent).await["name"], "Ana's laptop");
        assert_eq!(app.test.count_events("passkey_renamed").await, 1);

        let sent = answered(&mut program, json!({ "credential": id, "action": "remove" })).await;
        let removed = program.post(FINISH, sent).await;
        assert_eq!(removed["remaining"].as_array().unwrap().len(), 1);
        assert_eq!(app.test.count_events("passkey_removed").await, 1);
        // The first answer got lost: the second one says that it is gone.
        let sent = answered(&mut program, json!({ "credential": id, "action": "remove" })).await;
        assert_eq!(program.refused(FINISH, sent).await, (422, "unknown_credential".to_owned()));
        let sent = answered(&mut program, json!({ "credential": id, "action": "list" })).await;
        assert_eq!(program.refused(FINISH, sent).await, (422, "unknown_credential".to_owned()));
    }
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays_and_so_does_what_policy_wants() {
    for app in both(Variation::default()).await {
        let (user, pass) = app.starter(ANA).await;
        let mut program = Program::new(&app);
        program
            .post("/api/enrolment/self/sign-in/pass", json!({ "login": ANA, "pass": pass.reveal() }))
            .await;
        let finish = program.create("/api/enrolment/self").await;
        let id = finish["response"]["id"].as_str().unwrap().to_owned();
        program.post("/api/enrolment/self/finish", finish).await;
        let sent = answered(&mut program, json!({ "credential": id, "action": "remove" })).await;
        assert_eq!(program.refused(FINISH, sent).await, (403, "last_method".to_owned()));

        let (mut second, other) = add(&app, &user).await;
        app.test.cx.change_settings(|settings| settings.policy.passkeys.terms.at_least = 2);
        let sent = answered(&mut second, json!({ "credential": other, "action": "remove" })).await;
        assert_eq!(second.refused(FINISH, sent).await, (403, "passkey_required".to_owned()));
        app.test.cx.change_settings(|settings| settings.policy.passkeys.terms.at_least = 1);
        let sent = answered(&mut second, json!({ "credential": other, "action": "remove" })).await;
        second.post(FINISH, sent).await;
        assert_eq!(app.test.count_events("passkey_removed").await, 1);
    }
}

#[tokio::test]
async fn nothing_is_told_before_the_passkey_has_answered() {
    let app = TestApp::sqlite().await;
    let (mut program, id) = keeper(&app, 0).await;
    let known = program.post(BEGIN, json!({ "credential": id, "action": "remove" })).await;
    let mut stranger = Program::new(&app);
    let unknown = stranger.post(BEGIN, json!({ "credential": "AAAA", "action": "remove" })).await;
    let members = |answer: &Value| {
        let options = answer["options"].as_object().unwrap();
        options.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(members(&known), members(&unknown));

    // What was begun for one action, passkey or program is good for no other.
    let response = program.answered(&known["options"]);
    let stolen = json!({ "state": known["state"], "response": response });
    assert_eq!(stranger.refused(FINISH, stolen).await, (422, "challenge_expired".to_owned()));
    let list = program.post(BEGIN, json!({ "credential": id, "action": "list" })).await;
    let mixed = json!({ "state": list["state"], "response": program.answered(&known["options"]) });
    assert_eq!(program.refused(FINISH, mixed).await, (422, "unknown".to_owned()));
    let (mut second, other) = {
        let user = app.test.cx.db.read(|tx| {
            let login = account::user::Login::parse(ANA).unwrap();
            Ok::<_, store::StoreError>(store::users::by_login(tx, &login)?.unwrap())
        });
        add(&app, &user.await.unwrap()).await
    };
    let begun = second.post(BEGIN, json!({ "credential": other, "action": "remove" })).await;
    let mut options = begun["options"].clone();
    options["allowCredentials"][0]["id"] = json!(id);
    let sent = json!({ "state": begun["state"], "response": program.answered(&options) });
    assert_eq!(second.refused(FINISH, sent).await, (422, "other_passkey".to_owned()));
    assert_eq!(app.test.count_events("passkey_removed").await, 0);
    assert!(app.test.count_events("confirm_refused").await >= 2);
}

#[tokio::test]
async fn what_is_no_wish_is_refused() {
    let app = TestApp::sqlite().await;
    let mut program = Program::new(&app);
    for wish in [
        json!({ "credential": "AAAA", "action": "erase" }),
        json!({ "credential": "AAAA", "action": "list", "name": "x" }),
        json!({ "credential": "AAAA", "action": "rename" }),
        json!({ "credential": "", "action": "list" }),
        json!({ "credential": "!", "action": "list" }),
        json!({ "credential": "A".repeat(1368), "action": "list" }),
    ] {
        assert_eq!(program.refused(BEGIN, wish).await, (422, "bad_request".to_owned()));
    }
    for (name, code) in [("", "name_empty"), ("a\nb", "name_control_character")] {
        let wish = json!({ "credential": "AAAA", "action": "rename", "name": name });
        assert_eq!(program.refused(BEGIN, wish).await, (422, code.to_owned()));
    }
}

#[tokio::test]
async fn a_device_has_itself_certified_by_its_passkey() {
    let app = TestApp::sqlite().await;
    let (mut program, id) = keeper(&app, 0).await;
    let mut device = Device::new(9);
    let wish = json!({ "credential": id, "action": "attest" });
    let begun = program.post(BEGIN, wish.clone()).await;
    let response = program.answered(&begun["options"]);
    let mut sent = device.asks(&begun["options"]);
    sent["state"] = begun["state"].clone();
    sent["response"] = response;
    sent["device"] = json!("Ana's laptop");
    assert_eq!(program.refused(FINISH, sent).await, (403, "attestation_off".to_owned()));

    attest_devices::make(&app.test.cx, &mut app.test.operator()).await.unwrap();
    let begun = program.post(BEGIN, wish.clone()).await;
    let response = program.answered(&begun["options"]);
    let bare = json!({ "state": begun["state"], "response": response });
    assert_eq!(program.refused(FINISH, bare).await, (422, "attestation_key".to_owned()));
    let mut sent = Device::new(10).asks(&begun["options"]);
    sent["key"] = device.asks(&begun["options"])["key"].clone();
    sent["state"] = begun["state"].clone();
    sent["response"] = program.answered(&begun["options"]);
    assert_eq!(program.refused(FINISH, sent.clone()).await, (422, "attestation_proof".to_owned()));
    sent["proof"] = device.asks(&begun["options"])["proof"].clone();
    device.keep(&program.post(FINISH, sent).await);
    assert_eq!(device.chain.len(), 1);
    assert_eq!(app.test.count_events("device_attested").await, 1);
}
