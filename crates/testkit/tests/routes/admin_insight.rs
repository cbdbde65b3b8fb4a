//! `/admin`, `/admin/log` and `/admin/reports`.

use account::role::Role;
use axum::http::StatusCode;
use primitives::time::Span;
use service::insight::{self, Walk};
use service::{Authority, administer_users};
use testkit::{Browser, TestApp};

/// Somebody of that role, signed in with a passkey.
async fn colleague(app: &TestApp, login: &str, role: Role) -> Browser {
    let user = app.test.add_user(login, role).await;
    let pass = app.test.issue(&user).await;
    let mut browser = app.browser();
    browser.redeem(login, pass.reveal()).await;
    browser.register().await;
    browser.sign_in().await.json_ok();
    browser
}

async fn counted(app: &TestApp) {
    let mut walk = Walk::new(&app.test.cx, app.test.now());
    while walk.step(&app.test.cx).await.unwrap() {}
    walk.keep(&app.test.cx, Span::ZERO).await.unwrap();
    service::housekeeping::sequence_once(&app.test.cx, [7; 16]).await.unwrap();
    insight::count_sign_ins(&app.test.cx).await.unwrap();
}

#[tokio::test]
async fn the_overview_shows_what_was_counted() {
    let app = TestApp::sqlite().await;
    let mut reader = colleague(&app, "rita@example.com", Role::Reader).await;
    let empty = reader.get("/admin").await;
    assert_eq!(empty.status, StatusCode::OK, "{}", empty.body);
    assert!(empty.body.contains("have not been counted yet"));
    app.member("ana@example.com").await;
    app.browser().redeem("ana@example.com", "AAAA-AAAA-AAAA").await;
    counted(&app).await;
    let page = reader.get("/admin").await;
    for words in ["Have a second passkey", "class=\"bar\"", "class=\"chart\"", "It was wrong", "pass_wrong"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("requests for a pass"), "a reader serves none");
}

#[tokio::test]
async fn the_console_is_for_those_with_a_role_and_a_strong_session() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let paths = [
        "/admin",
        "/admin/log",
        "/admin/log.csv",
        "/admin/log/events",
        "/admin/reports",
        "/admin/reports/registration.csv",
    ];
    for path in paths {
        assert_eq!(ana.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_ne!(
            app.browser().get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path} leads to the sign-in"
        );
    }
}

#[tokio::test]
async fn the_log_is_filtered_by_its_address() {
    let app = TestApp::sqlite().await;
    let mut admin = colleague(&app, "adam@example.com", Role::Administrator).await;
    let (ana, _) = app.member("ana@example.com").await;
    app.browser().redeem("ana@example.com", "AAAA-AAAA-AAAA").await;
    let page = admin.get("/admin/log").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("ana@example.com") && page.body.contains("adam@example.com"));
    let refused = admin.get("/admin/log?result=failure&user=ana%40example.com").await;
    assert!(refused.body.contains("pass_wrong") && !refused.body.contains("<td>adam@example.com"));
    let by_id = admin.get(&format!("/admin/log?user={}", ana.id)).await;
    assert!(by_id.body.contains("ana@example.com") && !by_id.body.contains("<td>adam@example.com"));
    let nobody = admin.get("/admin/log?user=nobody%40example.com").await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    for wrong in ["result=x", "from=x", "address=%3Cscript%3E", "passkey=x", "model=x", "method=x", "show=x"]
    {
        let answer = admin.get(&format!("/admin/log?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.body.contains("was not understood") && !answer.body.contains("<script>"), "{wrong}");
    }
    let id =
        refused.body.split("data-id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let entry = admin.get(&format!("/admin/log/{id}")).await;
    assert_eq!(entry.status, StatusCode::OK, "{}", entry.body);
    assert!(entry.body.contains("Step by step") && entry.body.contains("It was wrong"), "{}", entry.body);
    assert_eq!(admin.get("/admin/log/nonsense").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        admin.get("/admin/log/0198f1c2-0000-7000-8000-000000000000").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_csv_runs_no_formula() {
    let app = TestApp::sqlite().await;
    let mut admin = colleague(&app, "adam@example.com", Role::Administrator).await;
    let (ana, mut browser) = app.member("ana@example.com").await;
    let mut caller = app.test.operator();
    let name =
        administer_users::Changes { name: Some("=HYPERLINK(\"evil\")".to_owned()), ..Default::default() };
    administer_users::change(&app.test.cx, &mut caller, Authority::Operator, ana.id, name).await.unwrap();
    browser.sign_in().await.json_ok();
    let file = admin.get("/admin/log.csv?result=success").await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert!(file.header("content-disposition").contains("sign-ins.csv"));
    assert!(
        file.body.starts_with("\"time\",\"user\",") && file.body.contains("\"'=HYPERLINK(\"\"evil\"\")\"")
    );
    assert_eq!(admin.get("/admin/log.csv?result=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let people = admin.get("/admin/reports/registration.csv").await;
    assert!(people.body.contains("isPasswordlessCapable") && people.body.contains("\"'=HYPERLINK"));
    assert_eq!(people.body.lines().count(), 3, "{}", people.body);
}

#[tokio::test]
async fn the_report_says_who_could_lose_a_device() {
    let app = TestApp::sqlite().await;
    let mut reader = colleague(&app, "rita@example.com", Role::Reader).await;
    let (ana, _) = app.member("ana@example.com").await;
    let page = reader.get("/admin/reports").await;
    assert!(
        page.body.contains("ana@example.com") && page.body.contains("Two factors capable"),
        "{}",
        page.body
    );
    let person = reader.get(&format!("/admin/users/{}/readiness", ana.id)).await;
    assert_eq!(person.status, StatusCode::OK, "{}", person.body);
    assert!(person.body.contains("lose a device today?") && person.body.contains("Add a second passkey"));
    assert_eq!(reader.get("/admin/users/x/readiness").await.status, StatusCode::NOT_FOUND);
}
