//! `/api/enrolment/…`: our own authenticator is the phone, without a browser.

use std::sync::atomic::{AtomicU64, Ordering};

use authenticator::client;
use authenticator::{Authenticator, Settings};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service::enrol_phone::Stage;
use testkit::deployment::ORIGIN;
use testkit::entropy::SeededEntropy;
use testkit::{TestApp, deployment::Variation};
use tower::ServiceExt;

use super::companion::{begin, both, sign_in_only, stage, starter, type_number};

/// A seed that no other ceremony of this run has.
fn draw() -> u64 {
    static DRAWS: AtomicU64 = AtomicU64::new(99);
    DRAWS.fetch_add(1, Ordering::Relaxed)
}

/// A program that keeps a bearer text and nothing else.
pub(crate) struct Program<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) bearer: String,
    pub(crate) authenticator: Authenticator,
}

impl<'a> Program<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self { app, bearer: "new".to_owned(), authenticator: Authenticator::new(Settings::platform()) }
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, body: String) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.bearer))
            .header("content-type", "application/json")
            .header("user-agent", "Keyfob/1.0 (Android)")
            .body(Body::from(body))
            .unwrap();
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let json: Value = serde_json::from_slice(&bytes).unwrap();
        if let Some(bearer) = json["bearer"].as_str() {
            self.bearer = bearer.to_owned();
        }
        (status, json)
    }

    pub(crate) async fn get(&mut self, path: &str) -> Value {
        let (status, json) = self.send("GET", path, String::new()).await;
        assert_eq!((status, &json["ok"]), (StatusCode::OK, &json!(true)), "{json}");
        json
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Value {
        let (status, json) = self.send("POST", path, body.to_string()).await;
        assert_eq!((status, &json["ok"]), (StatusCode::OK, &json!(true)), "{path}: {json}");
        json
    }

    pub(crate) async fn refused(&mut self, path: &str, body: Value) -> (u16, String) {
        let (status, json) = self.send("POST", path, body.to_string()).await;
        assert_eq!(json["ok"], json!(false), "{path}: {json}");
        (status.as_u16(), json["code"].as_str().unwrap().to_owned())
    }

    /// What its authenticator makes for those options.
    pub(crate) fn made(&mut self, options: &Value) -> Value {
        let mut entropy = SeededEntropy::new(draw());
        client::create(&mut self.authenticator, ORIGIN, options, &mut entropy).unwrap()
    }

    /// What its authenticator answers to them.
    pub(crate) fn answered(&mut self, options: &Value) -> Value {
        client::get(&mut self.authenticator, ORIGIN, options).unwrap()
    }

    /// Begins, creates, and gives what `finish` takes.
    pub(crate) async fn create(&mut self, path: &str) -> Value {
        let begun = self.post(&format!("{path}/begin"), json!({})).await;
        let response = self.made(&begun["options"]);
        json!({ "state": begun["state"], "response": response, "name": "Keyfob" })
    }
}

#[tokio::test]
async fn a_program_signs_in_by_pass_and_the_computer_follows() {
    for app in both(sign_in_only()).await {
        let (desk, pass) = starter(&app).await;
        let begun = begin(&app, &desk).await;
        let mut phone = Program::new(&app);
        let code = begun.code.as_ref().unwrap().to_string();
        let found = phone.post("/api/enrolment/code", json!({ "code": code })).await;
        let path = format!("/api/enrolment/{}", found["ticket"].as_str().unwrap());

        let shown = phone.get(&path).await;
        assert_eq!((&shown["need"], &shown["account"]), (&json!("claim"), &json!("ana•••@example.com")));
        assert_eq!(shown["login"], Value::Null);
        assert_eq!(shown["computer"]["browser"], "Chrome on Linux");
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Created);

        let claimed = phone.post(&format!("{path}/claim"), json!({})).await;
        assert_eq!((&claimed["need"], &claimed["login"]), (&json!("sign-in"), &Value::Null));
        assert_eq!(stage(&app, &desk, &begun).await, Stage::SigningIn);
        let early = phone.refused(&format!("{path}/begin"), json!({})).await;
        assert_eq!(early, (409, "not_approved".to_owned()));

        let sign_in = format!("{path}/sign-in/pass");
        let slip = phone.refused(&sign_in, json!({ "pass": "K7QX" })).await;
        assert_eq!(slip.0, 422);
        let signed_in = phone.post(&sign_in, json!({ "pass": pass })).await;
        assert_eq!(signed_in["need"], "create");
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Approved);
        let again = phone.post(&sign_in, json!({ "pass": pass })).await;
        assert_eq!(again["need"], "create", "signing in again changes nothing");

        phone.post(&format!("{path}/report"), json!({ "report": "prompting" })).await;
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Creating);
        let finish = phone.create(&path).await;
        let done = phone.post(&format!("{path}/finish"), finish.clone()).await;
        assert_eq!(done["name"], "Keyfob");
        assert_eq!(stage(&app, &desk, &begun).await, Stage::CreatedOk);
        let again = phone.post(&format!("{path}/finish"), finish).await;
        assert_eq!(again["passkey"], done["passkey"], "a lost reply loses no passkey");
        assert_eq!(phone.get(&path).await["need"], "nothing");
    }
}

#[tokio::test]
async fn a_program_shows_the_number_and_the_computer_follows() {
    for app in both(Variation::default()).await {
        let (desk, _) = starter(&app).await;
        let begun = begin(&app, &desk).await;
        let (mut phone, path) = (Program::new(&app), format!("/api/enrolment/{}", begun.ticket));
        let claimed = phone.post(&format!("{path}/claim"), json!({})).await;
        assert_eq!(claimed["need"], "number");
        let number = claimed["number"].as_str().unwrap().to_owned();
        let not_this_way = phone.refused(&format!("{path}/sign-in/pass"), json!({ "pass": "x" })).await;
        assert_eq!(not_this_way, (409, "not_approved".to_owned()));
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Approve);
        assert!(type_number(&app, &desk, &begun, &number).await);
        assert_eq!(phone.get(&path).await["need"], "create");
        let finish = phone.create(&path).await;
        phone.post(&format!("{path}/finish"), finish).await;
        assert_eq!(stage(&app, &desk, &begun).await, Stage::CreatedOk);
    }
}

#[tokio::test]
async fn each_end_has_its_status_and_code() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let path = format!("/api/enrolment/{}", begun.ticket);
    let (mut phone, mut other) = (Program::new(&app), Program::new(&app));
    let claim = format!("{path}/claim");
    assert_eq!(
        phone.refused(&format!("{path}/report"), json!({ "report": "alive" })).await.1,
        "not_approved"
    );
    phone.post(&claim, json!({})).await;
    assert_eq!(other.refused(&claim, json!({})).await, (409, "ticket_claimed".to_owned()));
    let unknown = "/api/enrolment/AAAAAAAAAAAAAAAAAAAAAA/claim";
    assert_eq!(phone.refused(unknown, json!({})).await, (404, "ticket_unknown".to_owned()));
    assert_eq!(phone.refused("/api/enrolment/x/claim", json!({})).await, (404, "not_found".to_owned()));
    let code = phone.refused("/api/enrolment/code", json!({ "code": "222222" })).await;
    assert_eq!(code, (404, "ticket_unknown".to_owned()));
    phone.post(&format!("{path}/decline"), json!({})).await;
    assert_eq!(phone.refused(&claim, json!({})).await, (410, "declined".to_owned()));

    let begun = begin(&app, &desk).await;
    let path = format!("/api/enrolment/{}/claim", begun.ticket);
    let next = super::companion::begin(&app, &desk).await;
    assert_eq!(
        phone.refused(&path, json!({})).await,
        (410, "ticket_stopped".to_owned()),
        "replaced by a newer one"
    );
    app.advance(primitives::time::Span::from_minutes(5));
    let path = format!("/api/enrolment/{}/claim", next.ticket);
    assert_eq!(phone.refused(&path, json!({})).await, (410, "ticket_expired".to_owned()));
}

#[tokio::test]
async fn a_bearer_is_ours_or_nobodys_and_cookies_beside_it_count_for_nothing() {
    let app = TestApp::sqlite().await;
    let (mut desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let path = format!("/api/enrolment/{}", begun.ticket);
    let mut phone = Program::new(&app);
    for nonsense in ["", "kw1.", "kw1.abc", "x", "kw1.AAAA.BBBB"] {
        phone.bearer = nonsense.to_owned();
        let (status, json) = phone.send("GET", &path, String::new()).await;
        assert_eq!((status.as_u16(), &json["code"]), (401, &json!("bearer")), "{nonsense}");
    }
    // A page's script must not get its browser's cookies back as a text.
    let session = desk.session().unwrap().clone();
    desk.headers.insert("authorization", "Bearer new".parse().unwrap());
    let answer = desk.get(&path).await;
    assert!(!answer.body.contains(&session));
    assert!(!answer.body.contains(&desk.cookies["__Host-keyward-browser"]));
}

#[tokio::test]
async fn a_cookie_jar_does_as_well() {
    let app = TestApp::sqlite_with(sign_in_only()).await;
    let (desk, pass) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let (path, mut phone) = (format!("/api/enrolment/{}", begun.ticket), app.browser());
    phone.post_json(&format!("{path}/claim"), &json!({})).await.json_ok();
    let signed_in = phone.post_json(&format!("{path}/sign-in/pass"), &json!({ "pass": pass })).await;
    assert_eq!(signed_in.json_ok()["need"], "create");
    assert_eq!(signed_in.json()["bearer"], Value::Null);
    assert!(phone.session().is_some());
    phone.post_json(&format!("{path}/begin"), &json!({})).await.json_ok();
}

#[tokio::test]
async fn whatever_is_sent_gets_a_stable_code() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let path = format!("/api/enrolment/{}", begun.ticket);
    let mut phone = Program::new(&app);
    phone.post(&format!("{path}/claim"), json!({})).await;
    let deep = "[".repeat(20_000);
    let hostile = [
        "",
        "null",
        "true",
        "0",
        "\"x\"",
        "[]",
        "[[]]",
        "[\"a\",\"b\"]",
        "{",
        "{]",
        "{\"x\":1}",
        "\u{0}",
        &deep,
        "{\"code\":null}",
        "{\"code\":1}",
        "{\"code\":[]}",
        "{\"pass\":{}}",
        "{\"state\":1,\"response\":2}",
        "{\"report\":null}",
        "{\"report\":\"no\"}",
        "{\"report\":\"unsupported\"}",
        "{\"report\":\"alive\",\"reason\":\"too-old\"}",
        "{\"state\":\"\",\"state\":\"\"}",
    ];
    let addresses =
        ["claim", "decline", "begin", "finish", "report", "sign-in/pass", "sign-in/password", "sign-in/code"];
    let more = ["confirm/begin", "confirm/finish", "attestation"];
    let own = [
        "sign-in/pass",
        "sign-in/password",
        "sign-in/code",
        "sign-in/passkey/begin",
        "sign-in/passkey/finish",
    ];
    let own = own.into_iter().chain(["begin", "finish", "report", "decline", "sign-out"]).chain(more);
    let own = own.map(|address| format!("/api/enrolment/self/{address}"));
    let others = ["/api/enrolment/code", "/api/authenticator/begin", "/api/authenticator/finish"];
    for address in addresses
        .into_iter()
        .chain(more)
        .map(|address| format!("{path}/{address}"))
        .chain(own)
        .chain(others.map(str::to_owned))
    {
        for body in hostile {
            let (status, json) = phone.send("POST", &address, body.to_owned()).await;
            let code = json["code"].as_str().unwrap_or_default();
            assert!(matches!(status.as_u16(), 400 | 422), "{address} {status} {json}");
            assert_eq!(code, "bad_request", "{address} {}", body.chars().take(40).collect::<String>());
        }
        let (status, json) = phone.send("POST", &address, "x".repeat(10 << 20)).await;
        assert_eq!((status.as_u16(), &json["code"]), (413, &json!("too_large")), "{address}");
    }
    let finish = [
        json!({ "state": "", "response": null }),
        json!({ "state": "x", "response": [] }),
        json!({ "state": "x".repeat(30_000), "response": {} }),
    ];
    for body in finish {
        let (status, json) = phone.send("POST", &format!("{path}/finish"), body.to_string()).await;
        assert_eq!((status.as_u16(), &json["code"]), (422, &json!("challenge_expired")), "{json}");
    }
    assert_eq!(stage(&app, &desk, &begun).await, Stage::Approve, "nothing of it moved the errand");
}
