//! `/a/…`: the phone's pages.

use account::policy::{PhonePolicy, Policy};
use axum::http::StatusCode;
use primitives::secret::Token;
use primitives::time::Span;
use serde_json::json;
use service::enrol_phone::{self, Begun, Mode, Stage};
use service::{Who, manage_sessions};
use testkit::app::Browser;
use testkit::deployment::Variation;
use testkit::{TestApp, TestContext};

pub(crate) const ANA: &str = "ana.meier@example.com";

/// Without the number, so that a phone signs in itself whoever begins.
pub(crate) fn sign_in_only() -> Variation {
    let phones = PhonePolicy { number: false, ..PhonePolicy::default() };
    Variation { policy: Policy { phones, ..Policy::default() }, ..Variation::default() }
}

/// On SQLite, and on PostgreSQL where there is one.
pub(crate) async fn both(variation: Variation) -> Vec<TestApp> {
    let mut apps = vec![TestApp::sqlite_with(variation.clone()).await];
    apps.extend(TestContext::postgres_with(variation).await.map(TestApp::on));
    apps
}

/// Who is signed in at a computer.
pub(crate) async fn who(app: &TestApp, desk: &Browser) -> Who {
    let token = Token::parse(desk.session().unwrap()).unwrap();
    manage_sessions::authenticate(&app.test.cx, app.test.now(), &token).await.unwrap().unwrap()
}

/// The wizard shows its code.
pub(crate) async fn begin(app: &TestApp, desk: &Browser) -> Begun {
    let who = who(app, desk).await;
    enrol_phone::begin(&app.test.cx, &mut app.test.caller("desk"), &who).await.unwrap()
}

/// What the wizard shows now.
pub(crate) async fn stage(app: &TestApp, desk: &Browser, begun: &Begun) -> Stage {
    let who = who(app, desk).await;
    enrol_phone::follow(&app.test.cx, app.test.now(), &who, begun.id).await.unwrap().stage
}

/// The number is typed on the computer.
pub(crate) async fn type_number(app: &TestApp, desk: &Browser, begun: &Begun, number: &str) -> bool {
    let who = who(app, desk).await;
    let mut caller = app.test.caller("desk");
    enrol_phone::type_number(&app.test.cx, &mut caller, &who, begun.id, number).await.is_ok()
}

/// Somebody at a computer in their first sign-in by pass, with the pass.
pub(crate) async fn starter(app: &TestApp) -> (Browser, String) {
    let (_, pass) = app.starter(ANA).await;
    let mut desk = app.browser();
    desk.redeem(ANA, pass.reveal()).await;
    (desk, pass.reveal().to_owned())
}

fn path(begun: &Begun) -> String {
    format!("/a/e/{}", begun.ticket)
}

/// PH-5 to PH-7, as the script does it.
async fn create(phone: &mut Browser, path: &str) {
    let begun = phone.post_json(&format!("{path}/begin"), &json!({})).await.json_ok();
    let response = phone.create(&begun["options"]);
    let finish = json!({ "state": begun["state"], "response": response });
    let done = phone.post_json(&format!("{path}/finish"), &finish).await.json_ok();
    assert_eq!(done["next"], path);
}

/// The number on PH-3.
fn number(page: &str) -> String {
    page.split_once("id=\"number\">").unwrap().1.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_phone_that_signs_in_itself_creates_the_passkey() {
    for app in both(sign_in_only()).await {
        let (desk, pass) = starter(&app).await;
        let begun = begin(&app, &desk).await;
        assert_eq!(begun.mode, Mode::SignIn);
        let (path, mut phone) = (path(&begun), app.browser());

        let first = phone.get(&path).await;
        assert_eq!(first.status, StatusCode::OK);
        assert!(
            first.body.contains("ana•••@example.com") && !first.body.contains(ANA),
            "masked before anybody has it"
        );
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Created, "looking changes nothing");

        let claimed = phone.post(&format!("{path}/claim"), &[]).await;
        assert_eq!(claimed.location(), "/signin/method");
        assert_eq!(stage(&app, &desk, &begun).await, Stage::SigningIn);
        // Whoever photographed the code gets this far and learns no name by it.
        for page in ["/signin", "/signin/method", "/signin/tap", "/signin/recovery", "/recover"] {
            let page = phone.get(page).await;
            assert!(page.status == StatusCode::OK && !page.body.contains(ANA), "{}", page.body);
        }
        let known = phone.get("/signin/tap").await.body;
        assert!(known.contains("ana•••@example.com"), "the account is known");
        let wrong = phone.post("/signin/tap", &[("pass", "K7QX-MM4P-29TD")]).await;
        assert!(wrong.body.contains("ana•••@example.com") && !wrong.body.contains(ANA), "{}", wrong.body);
        assert_eq!(phone.post("/signin/tap", &[("pass", &pass)]).await.location(), path);
        phone.post_json(&format!("{path}/report"), &json!({ "report": "alive" })).await.json_ok();
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Approved, "the computer hears of it at once");

        assert!(phone.get(&path).await.body.contains("Create your passkey"));
        create(&mut phone, &path).await;
        assert_eq!(stage(&app, &desk, &begun).await, Stage::CreatedOk);
        let made = phone.get(&path).await.body;
        assert!(made.contains("Your passkey is saved"));
        let id = made.split_once("data-passkey-id=\"").unwrap().1.split('"').next().unwrap().to_owned();
        phone.try_passkey(&id).await.json_ok();
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Tried);
        assert!(phone.get(&path).await.body.contains("Your phone is ready"));
        let home = phone.get("/a/").await.body;
        assert!(home.contains("Tried") && home.contains("Sign-in history"), "{home}");
        assert!(home.contains("id=\"install\""), "offered after the passkey works");
    }
}

#[tokio::test]
async fn a_number_typed_on_the_computer_is_the_right_of_the_phone() {
    for app in both(Variation::default()).await {
        let (desk, _) = starter(&app).await;
        let begun = begin(&app, &desk).await;
        assert_eq!((begun.mode, begun.code.is_none()), (Mode::Number, true));
        let (path, mut phone) = (path(&begun), app.browser());
        assert_eq!(phone.post(&format!("{path}/claim"), &[]).await.location(), path);
        let page = phone.get(&path).await.body;
        assert!(page.contains("disabled aria-describedby=\"number-first\""), "the button waits");
        let begin = phone.post_json(&format!("{path}/begin"), &json!({})).await;
        assert_eq!(begin.refusal(), "not_approved");
        let shown = phone.get(&format!("{path}/stage")).await.json_ok();
        assert_eq!((&shown["need"], &shown["stage"]), (&json!("number"), &json!("approve")));

        let right = number(&page);
        let wrong = if right == "10" { "11" } else { "10" };
        assert!(!type_number(&app, &desk, &begun, wrong).await);
        assert!(type_number(&app, &desk, &begun, &right).await);
        assert_eq!(phone.get(&format!("{path}/stage")).await.json_ok()["need"], "create");
        create(&mut phone, &path).await;
        assert_eq!(stage(&app, &desk, &begun).await, Stage::CreatedOk);
        let made = phone.get(&path).await.body;
        assert!(
            !made.contains("data-passkey-id"),
            "nobody is signed in on this phone: it tries by signing in"
        );
        phone.sign_in().await.json_ok();
        assert_eq!(stage(&app, &desk, &begun).await, Stage::Tried);
    }
}

#[tokio::test]
async fn three_wrong_numbers_end_it_for_both() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let (path, mut phone) = (path(&begun), app.browser());
    phone.post(&format!("{path}/claim"), &[]).await;
    let right = number(&phone.get(&path).await.body);
    let wrong = if right == "10" { "11" } else { "10" };
    for _ in 0..3 {
        assert!(!type_number(&app, &desk, &begun, wrong).await);
    }
    let page = phone.get(&path).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("For safety we stopped"));
    assert_eq!(phone.get(&format!("{path}/stage")).await.refusal(), "number_locked");
}

#[tokio::test]
async fn the_first_browser_keeps_it_and_the_computer_hears_of_a_second() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let (path, mut phone, mut thief) = (path(&begun), app.browser(), app.browser());
    let claim = format!("{path}/claim");
    phone.post(&claim, &[]).await;
    assert_eq!(phone.post(&claim, &[]).await.location(), path, "for the one that has it, again is harmless");
    let page = thief.get(&path).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("already opened on another device") && page.body.contains("id=\"elsewhere\""));
    let who = who(&app, &desk).await;
    let follow = || enrol_phone::follow(&app.test.cx, app.test.now(), &who, begun.id);
    assert!(!follow().await.unwrap().another_tried, "looking changes nothing");
    thief.post_json(&format!("{path}/report"), &json!({ "report": "claimed" })).await.json_ok();
    assert!(follow().await.unwrap().another_tried);
    for (address, body) in [("begin", json!({})), ("report", json!({ "report": "cancelled" }))] {
        assert_eq!(thief.post_json(&format!("{path}/{address}"), &body).await.refusal(), "ticket_claimed");
    }
    assert_eq!(thief.post(&format!("{path}/decline"), &[]).await.status, StatusCode::GONE);
    assert_eq!(stage(&app, &desk, &begun).await, Stage::Approve);
}

#[tokio::test]
async fn that_it_was_opened_elsewhere_never_takes_it_up() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let mut phone = app.browser();
    phone.post_json(&format!("{}/report", path(&begun)), &json!({ "report": "claimed" })).await.json_ok();
    assert_eq!(stage(&app, &desk, &begun).await, Stage::Created);
}

#[tokio::test]
async fn looking_any_number_of_times_changes_nothing() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let path = path(&begun);
    for _ in 0..20 {
        app.browser().get(&path).await;
        for action in ["claim", "decline", "switch", "begin", "finish", "report"] {
            let answer = app.browser().get(&format!("{path}/{action}")).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{action}");
        }
    }
    assert_eq!(stage(&app, &desk, &begun).await, Stage::Created);
}

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let (path, mut phone) = (path(&begun), app.browser());
    phone.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    phone.headers.insert("origin", "https://evil.example".parse().unwrap());
    for action in ["claim", "decline", "switch"] {
        assert_eq!(phone.post(&format!("{path}/{action}"), &[]).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(stage(&app, &desk, &begun).await, Stage::Created);
}

#[tokio::test]
async fn saying_no_stops_it() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let (path, mut phone) = (path(&begun), app.browser());
    assert_eq!(phone.post(&format!("{path}/decline"), &[]).await.location(), path);
    assert_eq!(stage(&app, &desk, &begun).await, Stage::Declined);
    let page = phone.get(&path).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("We stopped it"));
    assert_eq!(phone.post(&format!("{path}/claim"), &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_code_ends_after_five_minutes_and_when_the_computer_stops() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let (path, mut phone) = (path(&begun), app.browser());
    let me = who(&app, &desk).await;
    enrol_phone::stop(&app.test.cx, &mut app.test.caller("desk"), &me, begun.id).await.unwrap();
    assert!(phone.get(&path).await.body.contains("Your computer stopped this"));
    let begun = begin(&app, &desk).await;
    app.advance(Span::from_minutes(5));
    for path in [path_of(&begun), "/a/e/AAAAAAAAAAAAAAAAAAAAAA".to_owned(), "/a/e/x".to_owned()] {
        let page = phone.get(&path).await;
        assert_eq!(page.status, StatusCode::GONE, "{path}");
        assert!(page.body.contains("This code has ended"), "{path}");
    }
    assert_eq!(phone.get("/a/e/x/stage").await.status, StatusCode::NOT_FOUND);
}

fn path_of(begun: &Begun) -> String {
    path(begun)
}

#[tokio::test]
async fn somebody_else_on_the_phone_is_asked_to_leave_first() {
    let app = TestApp::sqlite_with(sign_in_only()).await;
    let (desk, _) = starter(&app).await;
    let (_, mut phone) = app.member("lou@example.com").await;
    let begun = begin(&app, &desk).await;
    let path = path(&begun);
    assert_eq!(phone.post(&format!("{path}/claim"), &[]).await.location(), path);
    assert_eq!(stage(&app, &desk, &begun).await, Stage::OtherAccount);
    let page = phone.get(&path).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.body.contains("lou@example.com") && page.body.contains("ana•••@example.com"));
    let begin = phone.post_json(&format!("{path}/begin"), &json!({})).await;
    assert_eq!(begin.refusal(), "other_account");
    assert_eq!(phone.post(&format!("{path}/switch"), &[]).await.location(), "/signin/method");
    assert_eq!(phone.session(), None);
    assert!(phone.get("/signin/tap").await.body.contains("ana•••@example.com"));
}

#[tokio::test]
async fn who_is_signed_in_on_the_phone_touches_a_passkey_first() {
    let app = TestApp::sqlite().await;
    let (_, mut phone) = app.member(ANA).await;
    let desk = phone.clone();
    let begun = begin(&app, &desk).await;
    let path = path(&begun);
    phone.cookies.remove("__Host-keyward-session");
    phone.cookies.remove("__Host-keyward-browser");
    phone.get("/signin").await;
    phone.sign_in().await.json_ok();
    assert_eq!(phone.post(&format!("{path}/claim"), &[]).await.location(), path);
    assert!(phone.get(&path).await.body.contains("data-confirm=\"add-passkey\""));
    let refused = phone.post_json(&format!("{path}/begin"), &json!({})).await;
    assert_eq!(refused.refusal(), "confirm_needed");
    phone.confirm("add-passkey", None).await.json_ok();
    assert_eq!(phone.post(&format!("{path}/claim"), &[]).await.location(), path);
    assert_eq!(stage(&app, &desk, &begun).await, Stage::Approved);
    let mut phone = phone.with(authenticator::Settings::platform());
    create(&mut phone, &path).await;
}

#[tokio::test]
async fn a_code_that_is_typed_finds_the_errand() {
    let app = TestApp::sqlite_with(sign_in_only()).await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let mut phone = app.browser();
    assert_eq!(phone.get("/a").await.location(), "/a/");
    let page = phone.get("/a/").await;
    assert!(page.body.contains("Code from your computer"));
    assert!(!page.body.contains("id=\"install\""), "not before a passkey works");
    let code = begun.code.as_ref().unwrap().to_string().to_lowercase().replace('-', " ");
    assert_eq!(phone.post("/a/code", &[("code", &code)]).await.location(), path(&begun));
    for (typed, said) in [("", "Enter the code"), ("ABC", "not right"), ("222222", "not right")] {
        let answer = phone.post("/a/code", &[("code", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(said), "{typed}");
    }
    for _ in 0..9 {
        phone.post("/a/code", &[("code", "222222")]).await;
    }
    let answer = phone.post("/a/code", &[("code", "222222")]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn only_the_companion_may_have_a_manifest_and_a_worker() {
    let app = TestApp::sqlite().await;
    let mut phone = app.browser();
    let policy = phone.get("/a/").await.header("content-security-policy").to_owned();
    assert!(policy.contains("manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'"));
    assert!(policy.ends_with("trusted-types keyward-sw") && !policy.contains('\\') && !policy.contains("  "));
    for page in ["/signin", "/help", "/a/e/x/claim"] {
        let policy = phone.get(page).await.header("content-security-policy").to_owned();
        assert!(policy.ends_with("trusted-types 'none'") && !policy.contains("worker-src"), "{page}");
    }
}

#[tokio::test]
async fn the_manifest_and_the_worker_say_nothing_about_anybody() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let manifest = ana.get("/a/manifest.webmanifest").await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    let manifest = manifest.json();
    for member in ["id", "start_url", "scope"] {
        assert_eq!(manifest[member], "/a/");
    }
    assert_eq!(manifest["name"], "Authenticator – Keyward");
    for icon in manifest["icons"].as_array().unwrap() {
        let picture = ana.get(icon["src"].as_str().unwrap()).await;
        assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, "image/png"));
    }
    let worker = ana.get("/a/sw.js").await;
    assert!(worker.body.starts_with("globalThis.keywardBuild = {"));
    assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
    let offline = ana.get("/a/offline").await;
    assert!(offline.body.contains("You are offline") && !offline.body.contains(ANA));
    for answer in [&worker, &offline] {
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn what_was_removed_from_the_account_is_told_on_the_phone() {
    let app = TestApp::sqlite().await;
    let (desk, _) = starter(&app).await;
    let begun = begin(&app, &desk).await;
    let (path, mut phone) = (path(&begun), app.browser());
    phone.post(&format!("{path}/claim"), &[]).await;
    let number = number(&phone.get(&path).await.body);
    type_number(&app, &desk, &begun, &number).await;
    create(&mut phone, &path).await;
    phone.sign_in().await.json_ok();
    assert!(phone.get("/a/").await.body.contains("Tried"));
    // A stranger's cookie is nobody's list.
    let mut stranger = app.member("lou@example.com").await.1;
    let made = phone.cookies["__Host-keyward-made"].clone();
    stranger.cookies.insert("__Host-keyward-made".to_owned(), made);
    assert!(stranger.get("/a/").await.body.contains("None that we know of"));
}
