//! `/me/security/add/phone/…`: a passkey on the phone, as the computer sees it.

use account::policy::{PhonePolicy, Policy};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use primitives::time::Span;
use serde_json::{Value, json};
use service::Caller;
use service::enrol_phone::{self, Ticket};
use testkit::TestApp;
use testkit::app::Browser;
use testkit::deployment::Variation;
use tower::ServiceExt;

const ANA: &str = "ana@example.com";

fn phones(phones: PhonePolicy) -> Variation {
    Variation { policy: Policy { phones, ..Policy::default() }, ..Variation::default() }
}

/// Somebody who has confirmed that a passkey is to be added.
async fn confirmed(app: &TestApp) -> Browser {
    let (_, mut ana) = app.member(ANA).await;
    ana.confirm("add-passkey", None).await.json_ok();
    ana
}

/// Begins an errand; gives the path of its page.
async fn begin(ana: &mut Browser) -> String {
    let begun = ana.post("/me/security/add", &[("place", "phone-link"), ("phone", "android")]).await;
    let (path, query) = begun.location().split_once('?').unwrap();
    assert_eq!((begun.status, query), (StatusCode::SEE_OTHER, "phone=android"));
    assert!(path.starts_with("/me/security/add/phone/"), "{path}");
    path.to_owned()
}

/// Begins an errand on a pass; gives the browser and the path of its page.
async fn begin_on_a_pass(app: &TestApp) -> (Browser, String) {
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    let path = begin(&mut ana).await;
    (ana, path)
}

/// The ticket in the link that the page shows.
fn ticket(page: &str) -> Ticket {
    let (_, rest) = page.split_once("/a/e/").unwrap_or_else(|| panic!("no link: {page}"));
    rest.split('"').next().unwrap().parse().unwrap()
}

fn phone(app: &TestApp) -> Caller {
    let mut caller = app.test.caller("phone");
    caller.client.browser = "Chrome on Android".to_owned();
    caller.client.address = "192.0.2.77".to_owned();
    caller
}

async fn stage(ana: &mut Browser, path: &str) -> Value {
    ana.get(&format!("{path}/stage")).await.json_ok()
}

#[tokio::test]
async fn the_way_to_the_code_asks_what_it_must_and_no_more() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let first = ana.get("/me/security/add").await.body;
    assert!(
        first.contains("id=\"place-authenticator\" aria-describedby=\"hint-authenticator\" checked"),
        "{first}"
    );
    let chosen = ana.post("/me/security/add", &[("place", "authenticator")]).await;
    assert_eq!(chosen.location(), "/me/security/add/phone/check");
    let check = ana.get(chosen.location()).await.body;
    assert!(check.contains("Android 14 or later") && check.contains("iOS 17 or later"), "{check}");
    assert!(ana.get("/me/security/add/phone/which").await.body.contains("iPhone or iPad"));
    let none = ana.post("/me/security/add/phone/which", &[("phone", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let here = ana.post("/me/security/add/phone/which", &[("phone", "here")]).await;
    assert_eq!(here.location(), "/me/security/add/this-computer/create");
    let ios = ana.post("/me/security/add/phone/which", &[("phone", "ios")]).await;
    assert_eq!(ios.location(), "/me/security/add/phone/how?phone=ios");
    let how = ana.get(ios.location()).await.body;
    assert!(how.contains("No Bluetooth") && how.contains("value=\"ios\""), "{how}");
    let page = ana.get("/me/security/add/phone-browser/create?phone=ios").await.body;
    assert!(
        page.contains("Show the browser&#39;s code") || page.contains("Show the browser's code"),
        "{page}"
    );
}

#[tokio::test]
async fn the_versions_are_the_policys_and_one_way_left_is_not_asked_for() {
    let only_link = PhonePolicy { hybrid: false, android: 15, ios: 18, ..PhonePolicy::default() };
    let app = TestApp::sqlite_with(phones(only_link)).await;
    let mut ana = confirmed(&app).await;
    let check = ana.get("/me/security/add/phone/check").await.body;
    assert!(check.contains("Android 15 or later") && check.contains("iOS 18 or later"), "{check}");
    assert!(!check.contains("Bluetooth"), "{check}");
    let chosen = ana.post("/me/security/add/phone/which", &[("phone", "android")]).await;
    assert!(ana.get(chosen.location()).await.body.contains("Create the passkey on your phone"));
    let hybrid = ana.post("/me/security/add", &[("place", "phone-browser")]).await;
    assert_eq!(hybrid.status, StatusCode::CONFLICT);

    let only_browser = PhonePolicy { link: false, ..PhonePolicy::default() };
    let app = TestApp::sqlite_with(phones(only_browser)).await;
    let mut ana = confirmed(&app).await;
    let chosen = ana.post("/me/security/add/phone/which", &[("phone", "android")]).await;
    assert_eq!(chosen.location(), "/me/security/add/phone-browser/create?phone=android");
    let link = ana.post("/me/security/add", &[("place", "phone-link")]).await;
    assert_eq!(link.status, StatusCode::CONFLICT);
    assert!(link.body.contains("not available any more"), "{}", link.body);
}

#[tokio::test]
async fn without_phones_the_choice_says_why() {
    let none = PhonePolicy { link: false, hybrid: false, number: false, ..PhonePolicy::default() };
    let app = TestApp::sqlite_with(phones(none)).await;
    let mut ana = confirmed(&app).await;
    let page = ana.get("/me/security/add").await.body;
    assert!(page.contains("Turned off by your organisation"), "{page}");
    assert!(page.contains("aria-describedby=\"hint-authenticator\" disabled"), "{page}");
    let sent = ana.post("/me/security/add", &[("place", "authenticator")]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    assert_eq!(ana.get("/me/security/add/phone/check").await.location(), "/me/security/add");
}

#[tokio::test]
async fn a_phone_that_shows_the_wizard_is_the_place() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let agent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36";
    ana.headers.insert("user-agent", agent.parse().unwrap());
    let page = ana.get("/me/security/add").await.body;
    assert!(page.contains("Passkey on this phone"), "{page}");
    assert!(!page.contains("place-authenticator"), "{page}");
    assert!(
        ana.get("/me/security/add/this-computer/create")
            .await
            .body
            .contains("Create a passkey on this phone")
    );
}

#[tokio::test]
async fn a_reload_shows_the_same_code_and_a_taken_one_shows_none() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let path = begin(&mut ana).await;
    let first = ana.get(&path).await.body;
    assert_eq!(ticket(&first), ticket(&ana.get(&path).await.body));
    assert!(first.contains("<svg class=\"qr\"") && first.contains("http-equiv=\"refresh\""), "{first}");
    let told = stage(&mut ana, &path).await;
    assert_eq!(
        (&told["stage"], &told["view"], &told["level"]),
        (&json!("created"), &json!("code"), &json!(1))
    );

    let ticket = ticket(&first);
    enrol_phone::claim(&app.test.cx, &mut phone(&app), &ticket, None).await.unwrap();
    let told = stage(&mut ana, &path).await;
    assert_eq!((&told["stage"], &told["view"]), (&json!("signing-in"), &json!("phone")));
    assert_eq!(told["device"], "Chrome on Android at the address 192.0.2.77 opened the code.");
    let page = ana.get(&path).await.body;
    assert!(!page.contains("<svg class=\"qr\"") && page.contains("192.0.2.77"), "{page}");
    let other = enrol_phone::claim(&app.test.cx, &mut app.test.caller("thief"), &ticket, None).await;
    assert_eq!(other.unwrap_err().code(), "ticket_claimed");
    assert_eq!(stage(&mut ana, &path).await["anotherTried"], true);
    assert!(ana.get(&path).await.body.contains("Another device tried"));
}

#[tokio::test]
async fn a_code_that_has_ended_is_replaced() {
    let app = TestApp::sqlite().await;
    let (mut ana, path) = begin_on_a_pass(&app).await;
    let old = ticket(&ana.get(&path).await.body);
    app.advance(Span::from_minutes(5));
    let ended = ana.get(&path).await.body;
    assert!(ended.contains("This code has ended") && ended.contains("Get a new code"), "{ended}");
    assert!(!ended.contains("http-equiv=\"refresh\""), "nothing more is to come");
    let told = stage(&mut ana, &path).await;
    assert_eq!((&told["stage"], &told["last"]), (&json!("expired"), &json!(true)));
    let again = ana.post(&format!("{path}/again"), &[("phone", "ios")]).await;
    assert!(again.location().ends_with("?phone=ios&new=true"), "{}", again.location());
    let page = ana.get(again.location()).await.body;
    assert!(page.contains("Here is a new code") && ticket(&page) != old, "{page}");
    assert!(page.contains("iPhone or iPad"), "{page}");
}

#[tokio::test]
async fn a_new_code_of_an_old_session_waits_for_its_person() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let path = begin(&mut ana).await;
    app.advance(Span::from_minutes(6));
    let again = ana.post(&format!("{path}/again"), &[]).await;
    assert_eq!(again.location(), "/me/confirm?for=add-passkey&place=phone-link");
    assert_eq!(ana.get(again.location()).await.status, StatusCode::OK);
    ana.confirm("add-passkey", None).await.json_ok();
    begin(&mut ana).await;
}

#[tokio::test]
async fn stopping_leads_back_and_can_be_repeated() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let path = begin(&mut ana).await;
    let ticket = ticket(&ana.get(&path).await.body);
    for _ in 0..2 {
        let stopped = ana.post(&format!("{path}/stop"), &[("phone", "android")]).await;
        assert_eq!(stopped.location(), "/me/security/add/phone/how?phone=android");
    }
    assert_eq!(stage(&mut ana, &path).await["stage"], "stopped");
    assert!(ana.get(&path).await.body.contains("Start again"));
    let late = enrol_phone::claim(&app.test.cx, &mut phone(&app), &ticket, None).await;
    assert_eq!(late.unwrap_err().code(), "ticket_stopped");
}

#[tokio::test]
async fn the_number_is_typed_here_and_three_wrong_ones_end_it() {
    let app = TestApp::sqlite().await;
    let (mut ana, path) = begin_on_a_pass(&app).await;
    let ticket = ticket(&ana.get(&path).await.body);
    let claimed = enrol_phone::claim(&app.test.cx, &mut phone(&app), &ticket, None).await.unwrap();
    let right: u32 = claimed.number.unwrap().parse().unwrap();
    assert_eq!(stage(&mut ana, &path).await["view"], "number");
    let number = format!("{path}/number");
    let empty = ana.post(&number, &[("number", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        empty.body.contains("aria-invalid=\"true\"") && empty.body.contains("<title>Error: "),
        "{}",
        empty.body
    );
    let wrong = if right == 99 { 10 } else { right + 1 }.to_string();
    for left in ["2 tries left", "1 try left"] {
        let answer = ana.post(&number, &[("number", &wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(left), "{}", answer.body);
    }
    let last = ana.post(&number, &[("number", &wrong)]).await;
    assert_eq!(last.location(), path);
    assert_eq!(stage(&mut ana, &path).await["stage"], "number-locked");
    assert!(ana.get(&path).await.body.contains("For safety we stopped"));

    let again = ana.post(&format!("{path}/again"), &[]).await.location().to_owned();
    let path = again.split('?').next().unwrap();
    let ticket = self::ticket(&ana.get(path).await.body);
    let claimed = enrol_phone::claim(&app.test.cx, &mut phone(&app), &ticket, None).await.unwrap();
    let right = claimed.number.unwrap();
    assert_eq!(
        ana.post(&format!("{path}/number"), &[("number", &format!(" {right} "))]).await.location(),
        path
    );
    assert_eq!(stage(&mut ana, path).await["stage"], "approved");
}

#[tokio::test]
async fn an_errand_is_its_sessions() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let path = begin(&mut ana).await;
    let (_, mut eve) = app.member("eve@example.com").await;
    let mut elsewhere = app.browser();
    elsewhere.authenticator = ana.authenticator.clone();
    elsewhere.sign_in().await.json_ok();
    for other in [&mut eve, &mut elsewhere] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&format!("{path}/stop"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            other.post(&format!("{path}/number"), &[("number", "47")]).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(other.post(&format!("{path}/again"), &[]).await.status, StatusCode::NOT_FOUND);
    }
    let mut nobody = app.browser();
    assert_eq!(nobody.get(&path).await.status, StatusCode::SEE_OTHER);
    for scripted in ["stage", "events"] {
        assert_eq!(
            nobody.get(&format!("{path}/{scripted}")).await.json()["code"],
            "session_ended",
            "{scripted}"
        );
    }
    assert_eq!(stage(&mut ana, &path).await["stage"], "created");
    // The session that began it ends: the person's other session sees what became of it, and cannot act on it.
    ana.post("/signout", &[]).await;
    assert_eq!(stage(&mut elsewhere, &path).await["stage"], "ended");
    assert_eq!(elsewhere.post(&format!("{path}/stop"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn events_tell_what_happens_and_end_with_the_errand() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let path = begin(&mut ana).await;
    let ticket = ticket(&ana.get(&path).await.body);
    let mut watching = ana.clone();
    let events = tokio::spawn(async move { watching.get(&format!("{path}/events")).await });
    enrol_phone::claim(&app.test.cx, &mut phone(&app), &ticket, None).await.unwrap();
    enrol_phone::decline(&app.test.cx, &mut phone(&app), &ticket).await.unwrap();
    let answer = events.await.unwrap();
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.header("cache-control"), "no-store");
    let last = answer.body.trim_end().rsplit("data: ").next().unwrap();
    let told: Value = serde_json::from_str(last).unwrap();
    assert_eq!((&told["stage"], &told["last"]), (&json!("declined"), &json!(true)));
    assert_eq!(told["text"], "The phone declined. Nothing was created.");
}

#[tokio::test]
async fn those_who_wait_for_events_hold_no_place_of_a_request() {
    let app = TestApp::on_site(testkit::TestContext::sqlite().await, |site| site.bounds.requests = 1);
    let mut ana = confirmed(&app).await;
    let path = begin(&mut ana).await;
    let cookies: Vec<String> = ana.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut open = Vec::new();
    // As many as one session may hold, and more than the requests that there is place for.
    for _ in 0..4 {
        let request = Request::get(format!("{path}/events")).header("cookie", cookies.join("; "));
        let answer = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        open.push(answer);
    }
    assert_eq!(stage(&mut ana, &path).await["stage"], "created");
    assert_eq!(app.browser().get("/signin").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_browser_may_talk_to_the_phone_and_is_asked_so() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    let chosen = ana.post("/me/security/add", &[("place", "phone-browser"), ("phone", "ios")]).await;
    assert_eq!(chosen.location(), "/me/security/add/phone-browser/create?phone=ios");
    let begun = ana.post_json("/me/security/add/begin", &json!({ "place": "phone-browser" })).await.json_ok();
    assert_eq!(begun["options"]["hints"], json!(["hybrid"]));
    assert_eq!(begun["options"]["authenticatorSelection"]["authenticatorAttachment"], "cross-platform");
    for place in ["authenticator", "phone-link"] {
        let begun = ana.post_json("/me/security/add/begin", &json!({ "place": place })).await;
        assert_eq!(begun.status, StatusCode::NOT_FOUND, "{place}");
        let page = ana.get(&format!("/me/security/add/{place}/create")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{place}");
    }
}

#[tokio::test]
async fn security_info_offers_to_go_on() {
    let app = TestApp::sqlite().await;
    let mut ana = confirmed(&app).await;
    assert!(!ana.get("/me/security").await.body.contains("You were adding a passkey on your phone"));
    let path = begin(&mut ana).await;
    let page = ana.get(&path).await;
    let remembered = page.set_cookies().into_iter().find(|cookie| cookie.contains("wizard")).unwrap();
    assert!(remembered.contains("Max-Age=900"), "{remembered}");
    let info = ana.get("/me/security").await.body;
    assert!(info.contains(&format!("href=\"{path}\"")), "{info}");
    ana.post(&format!("{path}/stop"), &[]).await;
    assert!(!ana.get("/me/security").await.body.contains("You were adding a passkey on your phone"));
    ana.cookies.insert("__Host-keyward-wizard".to_owned(), "../../../evil".to_owned());
    assert!(!ana.get("/me/security").await.body.contains("evil"));
}
