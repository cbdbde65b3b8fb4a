//! `/api/v1` and `/graph/v1.0`: who is let in, what keys may do, and how it is said.

use account::api_key::{self, Scope, Terms};
use account::role::Role;
use account::user::User;
use axum::body::Body;
use axum::http::{Method, Request, header};
use primitives::time::Span;
use serde_json::{Value, json};
use service::{Authority, administer_keys};
use testkit::app::{Answer, Browser, TestApp};

/// Sends a request of a program.
pub(crate) async fn call(browser: &mut Browser, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    browser.send(request.body(body).unwrap()).await
}

/// A program with a key of these scopes.
pub(crate) async fn program(app: &TestApp, scopes: &[Scope]) -> Browser {
    let terms = Terms::new("script", scopes.to_vec(), Span::from_days(1), false).unwrap();
    let cx = &app.test.cx;
    let made = administer_keys::make(cx, &mut app.test.operator(), Authority::Operator, terms).await.unwrap();
    with_key(app, &api_key::spell(&made.value))
}

pub(crate) fn with_key(app: &TestApp, value: &str) -> Browser {
    let mut browser = app.browser();
    browser.headers.insert(header::AUTHORIZATION, format!("Bearer {value}").parse().unwrap());
    browser
}

/// Somebody of that role, signed in with a passkey.
pub(crate) async fn somebody(app: &TestApp, login: &str, role: Role) -> (User, Browser) {
    let user = app.test.add_user(login, role).await;
    let pass = app.test.issue(&user).await;
    let mut browser = app.browser();
    browser.redeem(login, pass.reveal()).await;
    browser.register().await;
    browser.sign_in().await.json_ok();
    (user, browser)
}

/// A key that acts for whoever is signed in there.
pub(crate) async fn own_key(app: &TestApp, browser: &mut Browser, scopes: &[Scope]) -> Browser {
    let terms = Terms::new("mine", scopes.to_vec(), Span::from_hours(1), true).unwrap();
    let target = primitives::encoding::hex(&terms.digest());
    browser.confirm("open-key", Some(&target)).await.json_ok();
    let body = json!({ "name": "mine", "scopes": scopes, "lifetimeMinutes": 60, "personal": true });
    let made = call(browser, "POST", "/api/v1/keys", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    with_key(app, made.json()["value"].as_str().unwrap())
}

async fn operations(app: &TestApp) -> Vec<(String, String)> {
    let described = app.browser().get("/api/v1/openapi.json").await;
    assert_eq!(described.status, 200);
    let described = described.json();
    assert_eq!(described["openapi"], "3.1.0");
    let paths = described["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
    });
    each.collect()
}

#[tokio::test]
async fn every_operation_refuses_a_stranger_before_it_looks_at_anything() {
    let app = TestApp::sqlite().await;
    let user = app.user("ana@example.com").await;
    let mut operations = operations(&app).await;
    assert!(operations.len() > 25, "{}", operations.len());
    assert!(operations.iter().all(|(_, path)| path.starts_with("/api/v1/")));
    for path in [
        "/graph/v1.0/users/{id}/authentication/fido2Methods",
        "/graph/v1.0/users/{id}/authentication/fido2Methods/creationOptions",
        "/graph/v1.0/me/authentication/temporaryAccessPassMethods",
        "/graph/v1.0/policies/authenticationMethodsPolicy",
        "/graph/v1.0/nothing",
        "/api/v1/nothing",
    ] {
        operations.push(("GET".to_owned(), path.to_owned()));
        operations.push(("POST".to_owned(), path.to_owned()));
    }
    let wrong = format!("Bearer kwk_{}", "A".repeat(43));
    for (method, path) in operations {
        for id in [user.id.to_string(), "nonsense".to_owned()] {
            let path = path.replace("{id}", &id).replace("{passkey}", &id);
            for credentials in [None, Some("Bearer"), Some("Basic eDp5"), Some(wrong.as_str())] {
                for (kind, body) in
                    [("application/json", "{}"), ("text/plain", "{"), ("", &*"x".repeat(100_000))]
                {
                    let mut request = Request::builder().method(&*method).uri(&path);
                    if let Some(credentials) = credentials {
                        request = request.header(header::AUTHORIZATION, credentials);
                    }
                    if !kind.is_empty() {
                        request = request.header(header::CONTENT_TYPE, kind);
                    }
                    let sent = if method == "GET" { Body::empty() } else { Body::from(body.to_owned()) };
                    let answer = app.browser().send(request.body(sent).unwrap()).await;
                    assert_eq!(answer.status, 401, "{method} {path} {credentials:?} {kind}: {}", answer.body);
                    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"Keyward\"");
                    assert_eq!(answer.set_cookies(), Vec::<&str>::new());
                    let json = answer.json();
                    let code = if path.starts_with("/graph") {
                        &json["error"]["innerError"]["code"]
                    } else {
                        &json["code"]
                    };
                    assert_eq!(code, "unauthenticated");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_no_more() {
    let app = TestApp::sqlite().await;
    let user = app.user("ana@example.com").await;
    let one = format!("/api/v1/users/{}", user.id);
    let mut reader = program(&app, &[Scope::UsersRead]).await;
    let listed = call(&mut reader, "GET", "/api/v1/users", None).await;
    assert_eq!(listed.status, 200);
    assert_eq!(listed.json()["items"][0]["login"], "ana@example.com");
    let refused = |answer: Answer| {
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["code"], "scope_missing");
        assert_eq!(answer.json()["type"], "urn:keyward:problem:scope_missing");
    };
    let name = json!({ "name": "Ana Meier" });
    refused(call(&mut reader, "PATCH", &one, Some(&name)).await);
    refused(call(&mut reader, "DELETE", &one, None).await);
    let mut writer = program(&app, &[Scope::UsersWrite]).await;
    refused(call(&mut writer, "GET", &one, None).await);
    let changed = call(&mut writer, "PATCH", &one, Some(&name)).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["name"]), (200, &json!("Ana Meier")));
    // What no program does by itself, whatever its scopes.
    let every: Vec<Scope> = Scope::ALL.iter().copied().filter(|scope| !scope.needs_person()).collect();
    let mut all = program(&app, &every).await;
    let pass = json!({ "reason": "new" });
    let key = json!({ "name": "x", "scopes": ["users.read"], "lifetimeMinutes": 5 });
    for (method, path, body) in [
        ("POST", format!("{one}/pass"), Some(&pass)),
        ("DELETE", format!("{one}/pass"), None),
        ("GET", format!("{one}/passkeys/options"), None),
        ("POST", format!("{one}/passkeys"), Some(&json!({ "credential": {} }))),
        ("PUT", format!("{one}/role"), Some(&json!({ "role": "administrator" }))),
        ("POST", "/api/v1/keys".to_owned(), Some(&key)),
        ("GET", "/api/v1/keys".to_owned(), None),
    ] {
        let answer = call(&mut all, method, &path, body).await;
        if path.ends_with("/passkeys") {
            // The answer of a security key is read first; that one proves nothing.
            assert!(answer.status == 403 || answer.status == 422, "{}", answer.body);
        } else {
            refused(answer);
        }
    }
    // Nor by the pages: a key is no session.
    for path in ["/me/security", "/me/confirm?for=add-passkey", "/admin/requests"] {
        assert!(all.get(path).await.location().starts_with("/signin"), "{path}");
    }
}

#[tokio::test]
async fn no_key_reaches_whoever_has_a_role() {
    let app = TestApp::sqlite().await;
    let helpdesk = app.test.add_user("help@example.com", Role::Helpdesk).await;
    let one = format!("/api/v1/users/{}", helpdesk.id);
    let mut all = program(&app, &[Scope::UsersRead, Scope::UsersWrite, Scope::MethodsRemove]).await;
    for (method, path) in [
        ("PATCH", one.clone()),
        ("DELETE", one.clone()),
        ("POST", format!("{one}/disable")),
        ("POST", format!("{one}/sign-out")),
        ("POST", format!("{one}/require-registration")),
    ] {
        let body = (method == "PATCH").then(|| json!({ "name": "x" }));
        let answer = call(&mut all, method, &path, body.as_ref()).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (403, &json!("role_too_low")), "{path}");
    }
    let new = json!({ "login": "eve@example.com", "name": "Eve", "role": "administrator" });
    let answer = call(&mut all, "POST", "/api/v1/users", Some(&new)).await;
    assert_eq!(answer.json()["code"], "role_too_low");
}

#[tokio::test]
async fn a_key_ends_by_hand_by_time_and_with_the_session_of_its_person() {
    let app = TestApp::sqlite().await;
    let mut reader = program(&app, &[Scope::UsersRead]).await;
    let me = call(&mut reader, "GET", "/api/v1/me", None).await.json();
    assert_eq!(me["scopes"], json!(["users.read"]));
    let id = me["key"].as_str().unwrap().parse().unwrap();
    administer_keys::revoke(&app.test.cx, &mut app.test.operator(), Authority::Operator, id).await.unwrap();
    assert_eq!(call(&mut reader, "GET", "/api/v1/me", None).await.status, 401);

    let mut late = program(&app, &[Scope::UsersRead]).await;
    let (user, mut helpdesk) = somebody(&app, "help@example.com", Role::Helpdesk).await;
    let mut own = own_key(&app, &mut helpdesk, &[Scope::PassesIssue, Scope::UsersRead]).await;
    let me = call(&mut own, "GET", "/api/v1/me", None).await.json();
    assert_eq!((&me["user"], &me["role"]), (&json!(user.id), &json!("helpdesk")));
    helpdesk.post("/signout", &[]).await;
    assert_eq!(call(&mut own, "GET", "/api/v1/me", None).await.status, 401);

    app.advance(Span::from_days(2));
    assert_eq!(call(&mut late, "GET", "/api/v1/me", None).await.status, 401);
}

#[tokio::test]
async fn a_persons_key_is_opened_after_confirming_and_issues_passes() {
    let app = TestApp::sqlite().await;
    let ana = app.user("ana@example.com").await;
    let (user, mut helpdesk) = somebody(&app, "help@example.com", Role::Helpdesk).await;
    let body = json!({ "name": "mine", "scopes": ["passes.issue"], "lifetimeMinutes": 60, "personal": true });
    let unconfirmed = call(&mut helpdesk, "POST", "/api/v1/keys", Some(&body)).await;
    assert_eq!((unconfirmed.status.as_u16(), &unconfirmed.json()["code"]), (403, &json!("confirm_needed")));
    let mut own = own_key(&app, &mut helpdesk, &[Scope::PassesIssue]).await;
    let path = format!("/api/v1/users/{}/pass", ana.id);
    let wanted = json!({ "reason": "new starter", "oneTime": true });
    let issued = call(&mut own, "POST", &path, Some(&wanted)).await;
    assert_eq!(issued.status, 201, "{}", issued.body);
    let value = issued.json()["value"].as_str().unwrap().to_owned();
    assert_eq!(issued.json()["pass"]["issuer"], format!("user:{}", user.id));
    let himself = format!("/api/v1/users/{}/pass", user.id);
    let refused = call(&mut own, "POST", &himself, Some(&wanted)).await;
    assert_eq!(refused.json()["code"], "not_for_oneself");
    let mut browser = app.browser();
    assert_eq!(browser.redeem("ana@example.com", &value).await.status, 303);
    // It cannot do more than the person.
    let beyond =
        json!({ "name": "mine", "scopes": ["users.write"], "lifetimeMinutes": 60, "personal": true });
    let terms = Terms::new("mine", vec![Scope::UsersWrite], Span::from_hours(1), true).unwrap();
    let target = primitives::encoding::hex(&terms.digest());
    helpdesk.confirm("open-key", Some(&target)).await.json_ok();
    let refused = call(&mut helpdesk, "POST", "/api/v1/keys", Some(&beyond)).await;
    assert_eq!(refused.json()["code"], "role_too_low");
}

#[tokio::test]
async fn what_makes_no_sense_is_a_problem() {
    let app = TestApp::sqlite().await;
    let mut all = program(&app, &[Scope::UsersRead, Scope::UsersWrite]).await;
    let expect = |answer: &Answer, status: u16, code: &str| {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let json = answer.json();
        assert_eq!((&json["code"], &json["status"]), (&json!(code), &json!(status)));
        assert_eq!(json["reference"], answer.header("x-request-id"));
    };
    for path in ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/users/x", "/api/v1/users/x/y/z"] {
        expect(&call(&mut all, "GET", path, None).await, 404, "not_found");
    }
    let missing = format!("/api/v1/users/{}", app.user("ana@example.com").await.id).replace("-7", "-6");
    expect(&call(&mut all, "GET", &missing, None).await, 404, "not_found");
    let method = call(&mut all, "PUT", "/api/v1/users", None).await;
    expect(&method, 405, "method_not_allowed");
    assert!(method.header("allow").contains("POST"), "{}", method.header("allow"));
    for query in ["limit=0", "limit=201", "limit=99999"] {
        expect(&call(&mut all, "GET", &format!("/api/v1/users?{query}"), None).await, 400, "limit");
    }
    for query in ["limit=-1", "limit=x", "unknown=1", "limit=1&limit=2", "role=x", "limit=4294967296"] {
        expect(&call(&mut all, "GET", &format!("/api/v1/users?{query}"), None).await, 400, "bad_request");
    }
    expect(&call(&mut all, "GET", "/api/v1/users?cursor=!", None).await, 422, "cursor");
    for body in [
        "",
        "null",
        "[]",
        "{",
        "{\"login\":1}",
        "{\"login\":\"a\"}",
        "{\"login\":\"a\",\"name\":\"b\",\"x\":1}",
    ] {
        expect(&all.post_text("/api/v1/users", body.to_owned()).await, 400, "bad_request");
    }
    expect(&all.post("/api/v1/users", &[("login", "a")]).await, 415, "media_type");
    expect(&all.post_text("/api/v1/users", "x".repeat(100_000)).await, 413, "too_large");
    let blank = json!({ "login": "a@example.com", "name": " " });
    expect(&call(&mut all, "POST", "/api/v1/users", Some(&blank)).await, 422, "name_empty");
    let taken = json!({ "login": "ANA@example.com", "name": "Ana" });
    expect(&call(&mut all, "POST", "/api/v1/users", Some(&taken)).await, 409, "login_taken");
    // Pages stay pages.
    assert!(all.get("/nothing").await.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn a_list_comes_in_pages_and_nobody_twice() {
    let app = TestApp::sqlite().await;
    for number in 0..7 {
        app.user(&format!("user{number}@example.com")).await;
    }
    let mut reader = program(&app, &[Scope::UsersRead]).await;
    let mut logins = Vec::new();
    let mut path = "/api/v1/users?limit=3".to_owned();
    loop {
        let page = call(&mut reader, "GET", &path, None).await.json();
        for item in page["items"].as_array().unwrap() {
            logins.push(item["login"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/users?limit=3&cursor={next}");
    }
    let expected: Vec<String> = (0..7).map(|number| format!("user{number}@example.com")).collect();
    assert_eq!(logins, expected);
}

#[tokio::test]
async fn nothing_is_changed_that_has_changed_since() {
    let app = TestApp::sqlite().await;
    let user = app.user("ana@example.com").await;
    let one = format!("/api/v1/users/{}", user.id);
    let mut all = program(&app, &[Scope::UsersRead, Scope::UsersWrite]).await;
    let tag = call(&mut all, "GET", &one, None).await.header("etag").to_owned();
    assert!(tag.starts_with('"'));
    all.headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
    assert_eq!(call(&mut all, "GET", &one, None).await.status, 304);
    all.headers.remove(header::IF_NONE_MATCH);
    all.headers.insert(header::IF_MATCH, tag.parse().unwrap());
    let changed = call(&mut all, "PATCH", &one, Some(&json!({ "name": "One" }))).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
    for (method, path, body) in [
        ("PATCH", one.clone(), Some(json!({ "name": "Two" }))),
        ("POST", format!("{one}/disable"), None),
        ("DELETE", one.clone(), None),
    ] {
        let late = call(&mut all, method, &path, body.as_ref()).await;
        assert_eq!((late.status.as_u16(), &late.json()["code"]), (412, &json!("version_conflict")), "{path}");
    }
    all.headers.insert(header::IF_MATCH, "*".parse().unwrap());
    assert_eq!(call(&mut all, "PATCH", &one, Some(&json!({ "name": "Two" }))).await.status, 200);
}

#[tokio::test]
async fn a_request_sent_again_does_nothing_again() {
    let app = TestApp::sqlite().await;
    let mut all = program(&app, &[Scope::UsersRead, Scope::UsersWrite]).await;
    let mut other = program(&app, &[Scope::UsersRead, Scope::UsersWrite]).await;
    for program in [&mut all, &mut other] {
        program.headers.insert("idempotency-key", "one".parse().unwrap());
    }
    let new = json!({ "login": "ana@example.com", "name": "Ana" });
    let blank = json!({ "login": "ana@example.com", "name": "" });
    // What is refused takes no key.
    assert_eq!(call(&mut all, "POST", "/api/v1/users", Some(&blank)).await.status, 422);
    let first = call(&mut all, "POST", "/api/v1/users", Some(&new)).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = call(&mut all, "POST", "/api/v1/users", Some(&new)).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("idempotency-replayed"), "true");
    let different = json!({ "login": "eve@example.com", "name": "Eve" });
    let reused = call(&mut all, "POST", "/api/v1/users", Some(&different)).await;
    assert_eq!((reused.status.as_u16(), &reused.json()["code"]), (422, &json!("idempotency_key_reused")));
    // Another program's key of the same text is another one.
    assert_eq!(call(&mut other, "POST", "/api/v1/users", Some(&new)).await.json()["code"], "login_taken");
    for wrong in ["", &"x".repeat(201)] {
        all.headers.insert("idempotency-key", wrong.parse().unwrap());
        assert_eq!(
            call(&mut all, "POST", "/api/v1/users", Some(&new)).await.json()["code"],
            "idempotency_key"
        );
    }
}

#[tokio::test]
async fn a_page_of_ours_reads_with_the_session_and_others_change_nothing() {
    let app = TestApp::sqlite().await;
    let ana = app.user("ana@example.com").await;
    let one = format!("/api/v1/users/{}", ana.id);
    let (_, mut admin) = somebody(&app, "admin@example.com", Role::Administrator).await;
    assert_eq!(call(&mut admin, "GET", &one, None).await.status, 200);
    let name = json!({ "name": "Ana Meier" });
    let unconfirmed = call(&mut admin, "PATCH", &one, Some(&name)).await;
    assert_eq!(unconfirmed.json()["code"], "confirm_needed");
    admin.confirm("change-user", Some(&ana.id.to_string())).await.json_ok();
    for (site, origin) in
        [("cross-site", None), ("same-site", None), ("same-origin", Some("https://evil.example"))]
    {
        let mut request = Request::builder().method(Method::PATCH).uri(&one).header("sec-fetch-site", site);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let answer = admin.send(request.body(Body::from(name.to_string())).unwrap()).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (403, &json!("origin")), "{site}");
    }
    assert_eq!(call(&mut admin, "PATCH", &one, Some(&name)).await.status, 200);
    // Whoever has no role has no API, and a pass opens none.
    let (_, mut plain) = somebody(&app, "plain@example.com", Role::User).await;
    assert_eq!(call(&mut plain, "GET", &one, None).await.json()["code"], "role_too_low");
    let (_, pass) = app.starter("new@example.com").await;
    let mut onboarding = app.browser();
    onboarding.redeem("new@example.com", pass.reveal()).await;
    assert_eq!(call(&mut onboarding, "GET", &one, None).await.json()["code"], "pass_not_enough");
}
