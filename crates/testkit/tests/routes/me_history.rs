//! `/me/history` and `/me/frozen`.

use axum::http::StatusCode;
use primitives::time::Span;
use serde_json::json;
use testkit::{Browser, TestApp};

/// The ids of entries on the page, in its order.
fn entries(body: &str) -> Vec<String> {
    let ids = body.split("id=\"entry-").skip(1);
    ids.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

async fn newest(browser: &mut Browser) -> String {
    entries(&browser.get("/me/history").await.body).remove(0)
}

#[tokio::test]
async fn the_history_is_listed_filtered_and_detailed() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let page = ana.get("/me/history").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Signed in with") && page.body.contains("This session"));
    assert!(page.body.contains("Method added"));
    let sign_ins = ana.get("/me/history?show=sign-ins&days=90").await;
    assert!(!sign_ins.body.contains("Method added"));
    let changes = ana.get("/me/history?show=changes").await;
    assert!(!changes.body.contains("Signed in with"));
    assert_eq!(ana.get("/me/history?show=x&days=x&before=x").await.status, StatusCode::OK);
    let id = newest(&mut ana).await;
    let details = ana.get(&format!("/me/history/{id}")).await;
    assert!(details.body.contains("Reference"), "{}", details.body);
    assert_eq!(ana.get("/me/history/nonsense").await.status, StatusCode::NOT_FOUND);
    let (_, mut eve) = app.member("eve@example.com").await;
    for path in [format!("/me/history/{id}"), format!("/me/history/{id}/not-me")] {
        assert_eq!(eve.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_link_from_a_notice_leads_there_after_the_sign_in_and_does_nothing_by_itself() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let id = newest(&mut ana).await;
    let mut cold = app.browser();
    cold.authenticator = ana.authenticator.clone();
    let path = format!("/me/history/{id}/not-me");
    assert_eq!(cold.get(&path).await.location(), "/signin");
    assert_eq!(cold.sign_in().await.json_ok()["next"], json!(path));
    let page = cold.get(&path).await;
    assert!(page.body.contains("Was it really not you?"));
    assert_eq!(cold.get(&format!("{path}/what")).await.status, StatusCode::OK);
    assert_eq!(app.test.count_events("entry_reported").await, 0, "looking changes nothing");
    let told = cold.get(&format!("/me/history/{id}/told")).await;
    assert_eq!(told.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_has_only_the_suspicious_method_freezes_and_a_pass_lifts_it() {
    let app = TestApp::sqlite().await;
    let (user, mut ana) = app.member("ana@example.com").await;
    app.advance(Span::from_secs(1));
    ana.sign_in().await.json_ok();
    let id = newest(&mut ana).await;
    let path = format!("/me/history/{id}/not-me");
    let page = ana.get(&format!("{path}/what")).await;
    assert!(page.body.contains("name=\"freeze\"") && !page.body.contains("remove-passkey"));
    assert!(!page.body.contains("data-confirm"), "signing out elsewhere needs no confirmation");
    let refused = ana.post(&path, &[("remove-passkey", "on")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    // A stolen cookie alone freezes nobody out: the passkey in question confirms, for want of another.
    let freezing = [("sign-out-elsewhere", "on"), ("freeze", "on")];
    let confirm = ana.post(&path, &freezing).await;
    let wanted = format!("/me/confirm?for=report-entry&target={id}");
    assert!(confirm.location().starts_with(&wanted), "{}", confirm.location());
    ana.confirm("report-entry", Some(&id)).await.json_ok();
    let frozen = ana.post(&path, &freezing).await;
    assert_eq!(frozen.location(), "/signed-out");
    assert!(ana.get("/signed-out").await.body.contains("Your account is frozen"));
    assert_eq!(ana.sign_in().await.refusal(), "disabled_credential");

    let pass = app.test.issue(&user).await;
    let mut back = app.browser();
    back.redeem("ana@example.com", pass.reveal()).await;
    let page = back.get("/me/frozen").await;
    assert_eq!(page.status, StatusCode::OK);
    let passkey = page.body.split("id=\"mine-").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let lifted = back.post("/me/frozen", &[(passkey, "on")]).await;
    assert_eq!(lifted.location(), "/me/security");
    assert!(back.get("/me/security").await.body.contains("One passkey can sign in again."));
    ana.sign_in().await.json_ok();
    assert_eq!(ana.get("/me/frozen").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_takes_a_way_in_away_is_confirmed_with_another_passkey() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let first = ana.authenticator.clone();
    ana.confirm("add-passkey", None).await.json_ok();
    let mut other = ana.clone().with(authenticator::Settings::security_key());
    other.register().await;
    ana.cookies = other.cookies.clone();
    app.advance(Span::from_secs(2));
    let mut thief = app.browser();
    thief.authenticator = other.authenticator.clone();
    thief.sign_in().await.json_ok();
    let id = newest(&mut ana).await;
    let path = format!("/me/history/{id}/not-me");
    let page = ana.get(&format!("{path}/what")).await;
    assert!(page.body.contains("data-confirm=\"report-entry\""), "{}", page.body);
    let chosen = [("end-its-sessions", "on"), ("remove-passkey", "on")];
    let confirm = ana.post(&path, &chosen).await;
    let wanted = format!("/me/confirm?for=report-entry&target={id}");
    assert!(confirm.location().starts_with(&wanted), "{}", confirm.location());
    let waiting = ana.get(confirm.location()).await;
    assert!(waiting.body.contains("name=\"remove-passkey\""), "what was chosen is kept");
    ana.authenticator = first;
    ana.confirm("report-entry", Some(&id)).await.json_ok();
    let told = ana.post(&path, &chosen).await;
    assert_eq!(told.location(), format!("/me/history/{id}/told"));
    let page = ana.get(told.location()).await;
    assert!(page.body.contains("Your IT knows") && page.body.contains("Done"), "{}", page.body);
    assert_eq!(thief.get("/me/security").await.location(), "/signin?ended=over");
    let again = ana.get(&format!("{path}/what")).await;
    assert!(again.body.contains("You reported this"));
}

#[tokio::test]
async fn a_pass_reads_the_history_and_changes_nothing_there() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter("ana@example.com").await;
    let mut ana = app.browser();
    ana.redeem("ana@example.com", pass.reveal()).await;
    let page = ana.get("/me/history").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/not-me"));
    let id = entries(&page.body).remove(0);
    assert_eq!(ana.get(&format!("/me/history/{id}/not-me")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn after_a_sign_in_the_label_of_the_passkey_is_current() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let label = ana.sign_in().await.json_ok()["label"].clone();
    assert_eq!(label["name"], "ana@example.com");
    assert_eq!(label["rpId"], "localhost");
    let begun = ana.post_json("/signin/begin", &json!({ "former": true })).await;
    assert_eq!(begun.status, StatusCode::NOT_FOUND, "there was no move");
}
