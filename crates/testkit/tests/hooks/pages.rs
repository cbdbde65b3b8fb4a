//! `/admin/hooks`.

use account::role::Role;
use axum::http::StatusCode;
use testkit::https::{HttpsServer, Scripted};
use testkit::{Browser, TestApp, TestContext};

use super::world::{allowing, deliver, events, happen, one, outbound};

async fn colleague(app: &TestApp, login: &str, role: Role) -> Browser {
    let user = app.test.add_user(login, role).await;
    let pass = app.test.issue(&user).await;
    let mut browser = app.browser();
    browser.redeem(login, pass.reveal()).await;
    browser.register().await;
    browser.sign_in().await.json_ok();
    browser
}

fn between<'b>(body: &'b str, before: &str, after: &str) -> &'b str {
    let (_, rest) = body.split_once(before).unwrap_or_else(|| panic!("{before}: {body}"));
    rest.split(after).next().unwrap()
}

/// The form after the heading of an action, with what its confirmation names.
fn target<'b>(body: &'b str, action: &str) -> &'b str {
    between(body, &format!("data-confirm=\"{action}\" data-target=\""), "\"")
}

#[tokio::test]
async fn a_receiver_from_the_first_form_to_its_end() {
    let server = HttpsServer::start(Scripted::ok("")).await;
    let config = allowing(&server);
    let app = TestApp::on_site(TestContext::sqlite().await, |site| site.outbound = config);
    let mut admin = colleague(&app, "admin@example.com", Role::Administrator).await;
    let empty = admin.get("/admin/hooks").await;
    assert!(empty.body.contains("There are no receivers"), "{}", empty.body);

    let url = server.url("/in");
    let query = format!("/admin/hooks/new?check=yes&url={url}&kinds=user_added+signed_in");
    let review = admin.get(&query).await;
    assert_eq!(review.status, StatusCode::OK, "{}", review.body);
    let terms = target(&review.body, "add-hook").to_owned();
    let fields = [("url", url.as_str()), ("kinds", "user_added signed_in")];
    let unconfirmed = admin.post("/admin/hooks/new", &fields).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unconfirmed.body.contains("confirm it with your passkey"));
    admin.confirm("add-hook", Some(&terms)).await.json_ok();
    let added = admin.post("/admin/hooks/new", &fields).await;
    let secret = between(&added.body, "id=\"issued\">", "<").to_owned();
    assert!(secret.starts_with("whsec_"), "{}", added.body);
    assert!(!admin.get("/admin/hooks").await.body.contains(&secret), "shown once");

    let hook = one(&app.test).await;
    let at = format!("/admin/hooks/{}", hook.id);
    let tested = admin.post(&format!("{at}/test"), &[]).await;
    assert_eq!((tested.status, tested.location()), (StatusCode::SEE_OTHER, "/admin/hooks"));
    assert!(admin.get("/admin/hooks").await.body.contains("took the test message"));
    assert_eq!(events(&server.take()[0], &secret).len(), 0, "signed with the same secret");
    server.script(Scripted { status: 500, ..Scripted::ok("") });
    admin.post(&format!("{at}/test"), &[]).await;
    assert!(admin.get("/admin/hooks").await.body.contains("did not take the test message (refused 500)"));

    happen(&app.test, &["ana"]).await;
    deliver(&app.test, &outbound(&server), 1).await;
    let list = admin.get("/admin/hooks").await;
    assert!(list.body.contains("takes nothing since") && list.body.contains("refused 500"), "{}", list.body);
    let turned = target(&list.body, "change-hook").to_owned();
    let without = admin.post(&format!("{at}/switch"), &[]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    admin.confirm("change-hook", Some(&turned)).await.json_ok();
    assert_eq!(admin.post(&format!("{at}/switch"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(admin.get("/admin/hooks").await.body.contains("turned off"));

    let other = server.url("/other");
    let review = admin.get(&format!("{at}?check=yes&url={other}&personal=yes")).await;
    let terms = target(&review.body, "change-hook").to_owned();
    admin.confirm("change-hook", Some(&terms)).await.json_ok();
    let changed = admin.post(&at, &[("url", &other), ("kinds", ""), ("personal", "yes")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    let hook = one(&app.test).await;
    assert_eq!((hook.terms.url.as_str(), hook.terms.personal, hook.enabled), (other.as_str(), true, false));

    admin.confirm("remove-hook", Some(&hook.id.to_string())).await.json_ok();
    admin.post(&format!("{at}/remove"), &[]).await;
    assert!(admin.get("/admin/hooks").await.body.contains("There are no receivers"));
    assert_eq!(admin.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_receiver_is_said_at_its_field() {
    let app = TestApp::sqlite().await;
    let mut admin = colleague(&app, "admin@example.com", Role::Administrator).await;
    for (query, words) in [
        ("url=http://siem.example/", "Write an https address"),
        ("url=https://u:p@siem.example/", "Write an https address"),
        ("url=https://siem.example/&kinds=nonsense", "no such kind of event"),
    ] {
        let page = admin.get(&format!("/admin/hooks/new?check=yes&{query}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(page.body.contains(words) && page.body.contains("aria-invalid"), "{query}: {}", page.body);
    }
}

#[tokio::test]
async fn others_do_not_see_it() {
    let app = TestApp::sqlite().await;
    let mut reader = colleague(&app, "rita@example.com", Role::Reader).await;
    for path in ["/admin/hooks", "/admin/hooks/new"] {
        assert_eq!(reader.get(path).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(reader.post("/admin/hooks/new", &[]).await.status, StatusCode::FORBIDDEN);
}
