//! `/help/signin`, `/recover`, `/admin/requests`, `/me/secure` and `/me/notices`.

use account::role::Role;
use axum::http::StatusCode;
use testkit::{Answer, Browser, TestApp};

async fn ask(browser: &mut Browser, login: &str) -> Answer {
    let typed = [("identifier", login), ("what", "lost"), ("contact", "room 12"), ("colleague", "")];
    let sent = browser.post("/recover", &typed).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/recover/sent"));
    browser.get("/recover/sent").await
}

/// Without the reference that the person is told, which is that of the request before.
fn without_references(answer: &Answer) -> String {
    let body = answer.without_reference();
    let (before, rest) = body.split_once("class=\"reference\">").unwrap();
    let (_, after) = rest.split_once("</p>").unwrap();
    format!("{before}{after}")
}

#[tokio::test]
async fn known_and_unknown_names_get_the_same_answer() {
    let app = TestApp::sqlite().await;
    app.user("ana@example.com").await;
    let known = ask(&mut app.browser(), "ana@example.com").await;
    for login in ["nobody@example.com", "ANA@example.com"] {
        let other = ask(&mut app.browser(), login).await;
        assert_eq!(without_references(&other), without_references(&known), "{login}");
    }
}

#[tokio::test]
async fn what_is_missing_is_said_and_asking_again_later_shows_no_reference() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    for (fields, words) in [
        ([("identifier", ""), ("what", "lost"), ("contact", "c")], "Enter your email or username."),
        ([("identifier", "ana"), ("what", "x"), ("contact", "c")], "Choose what happened."),
        ([("identifier", "ana"), ("what", "lost"), ("contact", " ")], "Say how we can reach you"),
    ] {
        let answer = browser.post("/recover", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(words), "{words}");
    }
    assert!(browser.get("/recover/sent").await.body.contains("was not sent just now"));
    assert!(browser.get("/help/signin?what=lost").await.body.contains("/recover?what=lost"));
    assert_eq!(browser.get("/help/signin?what=%00").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_inbox_is_the_helpdesks_and_shows_a_pass_once() {
    let app = TestApp::sqlite().await;
    let user = app.user("ana@example.com").await;
    ask(&mut app.browser(), "ana@example.com").await;
    let (_, mut plain) = app.member("plain@example.com").await;
    assert_eq!(plain.get("/admin/requests").await.status, StatusCode::FORBIDDEN);
    let (help, mut desk) = app.member("help@example.com").await;
    let operator = service::Authority::Operator;
    service::administer_users::set_role(
        &app.test.cx,
        &mut app.test.operator(),
        operator,
        help.id,
        Role::Helpdesk,
    )
    .await
    .unwrap();
    let list = desk.get("/admin/requests").await;
    let id = list.body.split("href=\"/admin/requests/").nth(1).unwrap()[..36].to_owned();
    let path = format!("/admin/requests/{id}/pass");
    let shown = desk.get(&format!("/admin/requests/{id}")).await;
    assert!(shown.body.contains("room 12") && shown.body.contains("Nobody has checked this"));
    let fields = [("lifetime", "60"), ("once", "yes"), ("checked", "ID card seen")];
    let unconfirmed = desk.post(&path, &fields).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unconfirmed.body.contains("confirm it with your passkey"));
    assert_eq!(desk.post(&path, &[("checked", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.confirm("issue-pass", Some(&user.id.to_string())).await.json_ok();
    let issued = desk.post(&path, &fields).await;
    assert_eq!(issued.status, StatusCode::OK);
    let pass = issued.body.split("id=\"issued\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(desk.post(&path, &fields).await.location(), "/admin/requests", "asking again shows none");
    let mut ana = app.browser();
    assert_eq!(ana.redeem("ana@example.com", &pass).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_pass_that_was_asked_for_leads_to_securing_the_account() {
    let app = TestApp::sqlite().await;
    let (user, mut phone) = app.member("ana@example.com").await;
    ask(&mut app.browser(), "ana@example.com").await;
    let pass = app.test.issue(&user).await;
    let mut desk = app.browser();
    assert_eq!(desk.redeem("ana@example.com", pass.reveal()).await.location(), "/me/secure");
    let page = desk.get("/me/secure").await;
    let id = page.body.split("name=\"passkey\" value=\"").nth(1).unwrap()[..36].to_owned();
    assert_eq!(desk.post("/me/secure", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nonsense = desk.post("/me/secure", &[("passkey", "x"), ("session", "y,z")]).await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.post("/me/secure", &[("passkey", &id)]).await.location(), "/me/security/add");
    assert!(desk.get("/me/security/add").await.body.contains("1 passkey was turned off."));
    assert_eq!(phone.sign_in().await.refusal(), "disabled_credential");
}

#[tokio::test]
async fn notices_are_counted_until_they_are_seen() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let page = ana.get("/me/notices").await;
    assert!(page.body.contains("new notice"), "the frame counts them");
    let newest = page.body.split("name=\"newest\" value=\"").nth(1).unwrap()[..36].to_owned();
    assert_eq!(ana.get("/me/notices").await.status, StatusCode::OK);
    assert!(ana.get("/me/security").await.body.contains("new notice"), "looking marks nothing");
    assert_eq!(ana.post("/me/notices/seen", &[("newest", &newest)]).await.location(), "/me/notices");
    assert!(!ana.get("/me/security").await.body.contains("new notice"));
    assert_eq!(app.browser().get("/me/notices").await.location(), "/signin");
}
