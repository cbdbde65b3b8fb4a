//! `/admin/policy` and `/admin/strengths`.

use account::role::Role;
use account::user::User;
use axum::http::StatusCode;
use primitives::time::Span;
use testkit::{Answer, Browser, TestApp};

async fn of_role(app: &TestApp, login: &str, role: Role) -> (User, Browser) {
    let (user, browser) = app.member(login).await;
    let operator = service::Authority::Operator;
    let cx = &app.test.cx;
    service::administer_users::set_role(cx, &mut app.test.operator(), operator, user.id, role).await.unwrap();
    (user, browser)
}

fn attribute(answer: &Answer, name: &str) -> String {
    let marker = format!("{name}=\"");
    answer.body.split_once(&marker).unwrap().1.split('"').next().unwrap().to_owned()
}

/// PO-3, once it is computed; its own page says that it looks again.
async fn impact(browser: &mut Browser) -> Answer {
    let mut page = browser.get("/admin/policy/impact").await;
    while page.body.contains("Computing the impact") {
        tokio::task::yield_now().await;
        page = browser.get("/admin/policy/impact").await;
    }
    page
}

/// What the hidden fields of the form that applies hold, and what is typed.
async fn apply(browser: &mut Browser, page: &Answer, word: &str, date: &str) -> Answer {
    let (digest, people) =
        (attribute(page, "name=\"digest\" value"), attribute(page, "name=\"people\" value"));
    let when = if date.is_empty() { "now" } else { "later" };
    let fields =
        [("digest", digest.as_str()), ("people", &people), ("when", when), ("date", date), ("word", word)];
    let asked = browser.post("/admin/policy/apply", &fields).await;
    if asked.status != StatusCode::OK {
        return asked;
    }
    let unconfirmed: Vec<(&str, &str)> = fields.into_iter().chain([("step", "confirmed")]).collect();
    let refused = browser.post("/admin/policy/apply", &unconfirmed).await;
    assert!(refused.body.contains("Nothing was applied: confirm it with your passkey."));
    let target = attribute(&asked, "data-target");
    browser.confirm("apply-policy", Some(&target)).await.json_ok();
    browser.post("/admin/policy/apply", &unconfirmed).await
}

#[tokio::test]
async fn who_sees_policy_and_who_changes_it() {
    let app = TestApp::sqlite().await;
    let (_, mut help) = of_role(&app, "help@example.com", Role::Helpdesk).await;
    let (_, mut reader) = of_role(&app, "reader@example.com", Role::Reader).await;
    for path in ["/admin/policy", "/admin/policy/passkeys", "/admin/policy/text", "/admin/strengths"] {
        assert_eq!(help.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(reader.get(path).await.status, StatusCode::OK, "{path}");
    }
    let form = reader.get("/admin/policy/codes").await;
    assert!(form.body.contains("<fieldset class=\"frozen\" disabled>") && !form.body.contains("Save draft"));
    for path in [
        "/admin/policy/codes",
        "/admin/policy/text",
        "/admin/policy/passkeys/profiles/0",
        "/admin/policy/passkeys/profiles/0/remove",
        "/admin/policy/discard",
        "/admin/policy/apply",
        "/admin/policy/merge",
        "/admin/policy/history/0/restore",
        "/admin/policy/history/1/undo",
        "/admin/strengths/new",
    ] {
        assert_eq!(reader.post(path, &[("on", "nobody")]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/admin/policy/nonsense", "/admin/policy/passkeys/profiles/9", "/admin/strengths/none"] {
        assert_eq!(reader.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_draft_is_checked_applied_undone_and_restored() {
    let app = TestApp::sqlite().await;
    let (_, mut admin) = of_role(&app, "admin@example.com", Role::Administrator).await;
    assert!(admin.get("/admin/policy").await.body.contains("what the configuration file says"));
    assert_eq!(admin.get("/admin/policy/impact").await.location(), "/admin/policy");

    let saved = admin.post("/admin/policy/codes", &[("on", "nobody"), ("then", "check")]).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/admin/policy/impact"));
    let page = impact(&mut admin).await;
    assert!(page.body.contains("Nobody is affected") && page.body.contains("1 keeps signing in as today"));
    assert!(admin.get("/admin/policy/impact/stage").await.json_ok()["over"].as_bool().unwrap());
    assert!(admin.get("/admin/policy").await.body.contains("changed in your draft"));

    let applied = apply(&mut admin, &page, "", "").await;
    assert_eq!((applied.status, applied.location()), (StatusCode::SEE_OTHER, "/admin/policy"));
    let list = admin.get("/admin/policy").await;
    assert!(list.body.contains("The policy is applied.") && list.body.contains("Undo version 1"));
    assert!(!list.body.contains("You have a draft"));
    assert!(admin.get("/admin/policy/history").await.body.contains("/admin/policy/history/1"));

    let unconfirmed = admin.post("/admin/policy/history/1/undo", &[]).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    admin.confirm("undo-policy", Some("1")).await.json_ok();
    assert_eq!(admin.post("/admin/policy/history/1/undo", &[]).await.location(), "/admin/policy");
    let restored = admin.post("/admin/policy/history/1/restore", &[]).await;
    assert_eq!(restored.location(), "/admin/policy/impact");
    assert!(impact(&mut admin).await.body.contains("codes"));
}

#[tokio::test]
async fn whoever_would_be_locked_out_is_named_and_counted_in_words() {
    let app = TestApp::sqlite().await;
    let (_, mut admin) = of_role(&app, "admin@example.com", Role::Administrator).await;
    let settings = authenticator::Settings::synced();
    let aaguid = account::model::Aaguid(settings.aaguid).to_string();
    let (_, pass) = app.starter("=cmd@example.com").await;
    let mut key = app.browser().with(settings);
    key.redeem("=cmd@example.com", pass.reveal()).await;
    key.register().await;
    key.sign_in().await.json_ok();
    app.advance(Span::from_hours(2));
    admin.sign_in().await.json_ok();

    let profile = [
        ("name", "default"),
        ("on", "everybody"),
        ("backed-up", "yes"),
        ("device-bound", "yes"),
        ("attestation", "not-asked"),
        ("block", aaguid.as_str()),
    ];
    let saved = admin.post("/admin/policy/passkeys/profiles/0", &profile).await;
    assert_eq!(saved.location(), "/admin/policy/passkeys", "{}", saved.body);
    let page = impact(&mut admin).await;
    assert!(page.body.contains("1 WOULD BE LOCKED OUT") && page.body.contains("LOCK OUT 1"));
    let listed = admin.get("/admin/policy/impact?show=locked-out").await;
    assert!(listed.body.contains("model is not allowed any more."));
    let file = admin.get("/admin/policy/impact.csv").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.body.contains("\"'=cmd@example.com\""),
        "no spreadsheet takes it for a formula: {}",
        file.body
    );
    assert!(admin.get("/admin/policy/impact/passes").await.body.contains("=cmd@example.com"));

    for wrong in ["", "LOCK OUT", "LOCK OUT 2"] {
        let refused = apply(&mut admin, &page, wrong, "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.body.contains("the words are not the ones below"));
    }
    for wrong in ["2001-01-01", "tomorrow"] {
        let refused = apply(&mut admin, &page, "LOCK OUT 1", wrong).await;
        assert!(refused.body.contains("choose a date from tomorrow on"), "{wrong}");
    }
    let applied = apply(&mut admin, &page, " lock  out 1 ", "").await;
    assert_eq!(applied.location(), "/admin/policy", "{}", applied.body);
}

#[tokio::test]
async fn text_is_refused_with_its_line_and_a_draft_that_changed_is_looked_at_again() {
    let app = TestApp::sqlite().await;
    let (_, mut admin) = of_role(&app, "admin@example.com", Role::Administrator).await;
    let refused = admin.post("/admin/policy/text", &[("document", "[passwords]\r\nfor = 7\r\n")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("At line 2:") && refused.body.contains("for = 7"));
    admin.post("/admin/policy/codes", &[("on", "nobody")]).await;
    let page = impact(&mut admin).await;
    admin.post("/admin/policy/recovery-codes", &[("on", "nobody")]).await;
    let late = apply(&mut admin, &page, "", "").await;
    assert_eq!(late.location(), "/admin/policy/impact");
    assert!(impact(&mut admin).await.body.contains("has changed since you looked at it"));
}

#[tokio::test]
async fn two_administrators_meet_and_compare() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = of_role(&app, "ana@example.com", Role::Administrator).await;
    let (_, mut ben) = of_role(&app, "ben@example.com", Role::PolicyAdministrator).await;
    ana.post("/admin/policy/codes", &[("on", "nobody")]).await;
    ben.post("/admin/policy/recovery-codes", &[("on", "nobody")]).await;
    let page = impact(&mut ben).await;
    assert_eq!(apply(&mut ben, &page, "", "").await.location(), "/admin/policy");
    assert!(impact(&mut ana).await.body.contains("Somebody else has applied a version"));
    let compared = ana.get("/admin/policy/merge").await;
    assert!(compared.body.contains("Changed by you alone") && compared.body.contains("recovery"));
    let merged = ana.post("/admin/policy/merge", &[("newest", "1")]).await;
    assert_eq!(merged.location(), "/admin/policy/impact");
    let page = impact(&mut ana).await;
    assert_eq!(apply(&mut ana, &page, "", "").await.location(), "/admin/policy");
    let settings = app.test.cx.settings();
    assert!(settings.policy.codes.is_nobody() && settings.policy.recovery_codes.is_nobody());
}

#[tokio::test]
async fn a_strength_is_previewed_without_being_saved() {
    let app = TestApp::sqlite().await;
    let (_, mut admin) = of_role(&app, "admin@example.com", Role::Administrator).await;
    let preview = |combination: &'static str, person: &'static str| {
        [("name", ""), ("combination", combination), ("person", person), ("then", "preview")]
    };
    let enough = admin.post("/admin/strengths/new", &preview("passkey", "admin@example.com")).await;
    assert!(enough.body.contains("class=\"yes\""), "{}", enough.body);
    let short = admin.post("/admin/strengths/new", &preview("password", "admin@example.com")).await;
    assert!(short.body.contains("class=\"no\"") && !short.body.contains("class=\"yes\""));
    let nobody = admin.post("/admin/strengths/new", &preview("passkey", "nobody")).await;
    assert!(nobody.body.contains("Nobody signs in as that."));
    assert!(!admin.get("/admin/policy").await.body.contains("You have a draft"));

    let saved = admin.post("/admin/strengths/new", &[("name", "vault"), ("combination", "passkey")]).await;
    assert_eq!(saved.location(), "/admin/strengths");
    admin.post("/admin/policy/requirements", &[("applications", "vault")]).await;
    admin.post("/admin/strengths/vault/remove", &[]).await;
    assert!(admin.get("/admin/strengths/vault").await.body.contains("It is in use, and cannot be removed."));
    admin.post("/admin/policy/requirements", &[("applications", "passwordless")]).await;
    assert_eq!(admin.post("/admin/strengths/vault/remove", &[]).await.location(), "/admin/strengths");
    assert_eq!(admin.get("/admin/strengths/vault").await.status, StatusCode::NOT_FOUND);
}
