//! The console's pages about applications, and what people see of them: nothing that was typed is markup.

use axum::http::StatusCode;
use testkit::{Browser, RelyingParty, TestApp};

use super::*;

const HOSTILE: &str = "<script>alert(1)</script>\"'&{{7*7}}";

async fn desk() -> (TestApp, Browser) {
    let app = TestApp::sqlite().await;
    signing_keys::ensure_of(&app.test.cx, &[SigningAlg::Es256]).await.unwrap();
    let (user, mut ana) = app.member("ana@example.com").await;
    let (cx, mut operator) = (&app.test.cx, app.test.operator());
    let role = Role::Administrator;
    service::administer_users::set_role(cx, &mut operator, Authority::Operator, user.id, role).await.unwrap();
    ana.sign_in().await;
    (app, ana)
}

fn hidden(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    page.split_once(&marker).unwrap().1.split('"').next().unwrap().to_owned()
}

fn target(page: &str, action: &str) -> String {
    let marker = format!("data-confirm=\"{action}\" data-target=\"");
    page.split_once(&marker).unwrap().1.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_application_is_added_on_the_terms_that_were_confirmed() {
    let (_app, mut ana) = desk().await;
    let fields =
        [("template", "grafana"), ("then", "check"), ("name", "Grafana"), ("home", "https://g.example/")];
    let review = ana.post("/admin/apps/new", &fields).await;
    assert_eq!(review.status, StatusCode::OK, "{}", review.body);
    let id = hidden(&review.body, "id");
    let mut fields = vec![
        ("template", "grafana"),
        ("then", "add"),
        ("name", "Grafana"),
        ("home", "https://g.example/"),
        ("redirects", ""),
        ("id", id.as_str()),
    ];
    let unconfirmed = ana.post("/admin/apps/new", &fields).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    ana.confirm("add-client", Some(&target(&review.body, "add-client"))).await;
    fields[3] = ("home", "https://evil.example/");
    let other = ana.post("/admin/apps/new", &fields).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    fields[3] = ("home", "https://g.example/");
    let made = ana.post("/admin/apps/new", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert!(
        made.body.contains("client_secret = kws_") && made.body.contains("root_url = https://g.example\n")
    );
    let page = ana.get(&format!("/admin/apps/client/{id}")).await;
    assert!(page.body.contains("client_secret = kws_…"));
}

#[tokio::test]
async fn hostile_texts_are_texts() {
    let (app, mut ana) = desk().await;
    let party = RelyingParty::add_with(&app, "payroll", |stored| {
        stored.application.name = HOSTILE.to_owned();
        stored.application.home = Some("https://payroll.example/".to_owned());
    });
    party.await;
    for path in [
        "/admin/apps",
        "/admin/apps/client/payroll",
        "/admin/apps/client/payroll/client",
        "/admin/apps/client/payroll/access",
        "/admin/apps/client/payroll/tokens",
        "/admin/apps/client/payroll/secrets",
        "/admin/apps/client/payroll/picture",
        "/admin/apps/client/payroll/try",
        "/admin/apps/keys",
        "/me/apps",
    ] {
        let page = ana.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
    let tried = ana.post("/admin/apps/client/payroll/try", &[]).await;
    assert!(tried.body.contains("auth_time"), "{}", tried.body);
    for fields in [[("then", "check"), ("name", "a\u{202e}b")], [("then", "check"), ("name", "<img src=x>")]]
    {
        let page = ana.post("/admin/apps/client/payroll/client", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!page.body.contains("<img src=x>"));
    }
    let nothing = ana.get("/admin/apps/client/nobody").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

/// As large as the guide says: in base64 and escaped it is longer than other forms may be.
#[tokio::test]
async fn a_large_picture_is_looked_at() {
    let (app, mut ana) = desk().await;
    RelyingParty::add(&app, "payroll").await;
    let path = "/admin/apps/client/payroll/picture";
    let file = |length: usize| primitives::encoding::base64(&vec![0xfb; length]);
    for (length, said) in [(256 * 1024, "This is no PNG"), (256 * 1024 + 1, "longer than 256 KiB")] {
        let page = ana.post(path, &[("png", &file(length))]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
}
