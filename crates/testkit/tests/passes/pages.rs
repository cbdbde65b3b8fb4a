//! `/admin/users/{id}/pass`, `/admin/passes`, `/admin/orders` and `/me/orders`.

use account::role::Role;
use axum::http::StatusCode;
use service::{Authority, administer_users};
use store::users;
use testkit::{Browser, TestApp};

async fn worker(app: &TestApp, login: &str, role: Role) -> Browser {
    let (user, browser) = app.member(login).await;
    let operator = Authority::Operator;
    administer_users::set_role(&app.test.cx, &mut app.test.operator(), operator, user.id, role)
        .await
        .unwrap();
    browser
}

const TYPED: [(&str, &str); 6] = [
    ("why", "new-starter"),
    ("check", "id-card"),
    ("amount", "60"),
    ("unit", "minutes"),
    ("from", "now"),
    ("how", "show"),
];

#[tokio::test]
async fn a_pass_is_issued_on_the_page_and_shown_once() {
    let app = TestApp::sqlite().await;
    let ana = app.user("ana@example.com").await;
    let path = format!("/admin/users/{}/pass", ana.id);
    let (_, mut plain) = app.member("plain@example.com").await;
    assert_eq!(plain.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(plain.get("/admin/passes").await.status, StatusCode::FORBIDDEN);
    let mut desk = worker(&app, "help@example.com", Role::Helpdesk).await;
    assert_eq!(desk.get(&path).await.status, StatusCode::OK);
    assert_eq!(
        desk.get("/admin/users/00000000-0000-0000-0000-000000000000/pass").await.status,
        StatusCode::NOT_FOUND
    );
    for (change, words) in [
        (("why", ""), "choose a reason"),
        (("check", ""), "say how you checked"),
        (("unit", "days"), "policy does not allow"),
        (("how", "mail"), "this server sends none"),
        (("from", "later"), "enter date and time"),
    ] {
        let mut fields = TYPED.to_vec();
        for field in &mut fields {
            if field.0 == change.0 {
                *field = change;
            }
        }
        let answer = desk.post(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{change:?}");
        assert!(answer.body.contains(words), "{words}");
    }
    let unconfirmed = desk.post(&path, &TYPED).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unconfirmed.body.contains("confirm it with your passkey"));
    desk.confirm("issue-pass", Some(&ana.id.to_string())).await.json_ok();
    let shown = desk.post(&path, &TYPED).await;
    assert_eq!(shown.status, StatusCode::OK);
    let pass =
        shown.body.split("id=\"issued\" data-secret>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(!desk.post(&path, &TYPED).await.body.contains(&pass), "sent again, it shows nothing");
    assert!(desk.get(&path).await.body.contains("New starter · Identity card"));
    assert!(desk.get("/admin/passes").await.body.contains("ana@example.com"));
    let mut ana = app.browser();
    assert_eq!(ana.redeem("ana@example.com", &pass).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_order_goes_from_the_manager_to_the_desk_and_back() {
    let app = TestApp::sqlite().await;
    let (manager, mut boss) = app.member("boss@example.com").await;
    let mut desk = worker(&app, "help@example.com", Role::Helpdesk).await;
    let mut ana = app.user("ana@example.com").await;
    ana.directory.manager = Some(manager.id);
    let stored = ana.clone();
    assert!(app.test.cx.db.write(move |tx| users::update(tx, &stored)).await.unwrap());
    assert!(boss.get("/me/orders").await.body.contains("Order a pass for"));
    assert!(desk.get("/me/orders").await.body.contains("nobody&#39;s manager"));
    let (id, ends) =
        (ana.id.to_string(), (app.test.now() + primitives::time::Span::from_hours(9)).to_string());
    assert_eq!(boss.get(&format!("/me/orders/new?person={id}")).await.status, StatusCode::OK);
    let other = boss.get("/me/orders/new?person=help@example.com").await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let typed =
        [("person", id.as_str()), ("why", "new-starter"), ("ends", &ends[..16]), ("how", "in-person")];
    assert_eq!(boss.post("/me/orders", &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    boss.confirm("order-pass", Some(&id)).await.json_ok();
    let placed = boss.post("/me/orders", &typed).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.body);
    let path = placed.location().to_owned();
    let order = path.rsplit('/').next().unwrap().to_owned();
    assert!(desk.get("/admin/orders").await.body.contains(&order));
    desk.confirm("approve-order", Some(&order)).await.json_ok();
    let approved = desk.post(&format!("/admin/orders/{order}/approve"), &[("note", "seen")]).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER);
    assert!(boss.get(&path).await.body.contains("Pick the pass up"));
    boss.confirm("pick-up-pass", Some(&order)).await.json_ok();
    let shown = boss.post(&format!("{path}/pick-up"), &[]).await;
    assert_eq!(shown.status, StatusCode::OK);
    let pass =
        shown.body.split("id=\"issued\" data-secret>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    boss.confirm("pick-up-pass", Some(&order)).await.json_ok();
    let again = boss.post(&format!("{path}/pick-up"), &[]).await;
    assert!(again.body.contains("picked up already") && !again.body.contains(&pass));
    assert_eq!(app.browser().redeem("ana@example.com", &pass).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_list_is_looked_at_and_gives_letters_and_serials() {
    let app = TestApp::sqlite().await;
    app.user("ana@example.com").await;
    let mut desk = worker(&app, "help@example.com", Role::Helpdesk).await;
    let typed =
        [("list", "ana@example.com\nnobody"), ("amount", "8"), ("unit", "hours"), ("check", "manager")];
    let looked = desk.post("/admin/passes/bulk", &typed).await;
    assert!(looked.body.contains("Nobody has this name."));
    let digest = looked.body.split("data-target=\"").nth(1).unwrap()[..64].to_owned();
    let unconfirmed = desk.post("/admin/passes/bulk/create", &typed).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.confirm("issue-passes", Some(&digest)).await.json_ok();
    let letters = desk.post("/admin/passes/bulk/create", &typed).await;
    assert_eq!(letters.status, StatusCode::OK);
    assert_eq!(letters.body.matches("class=\"letter\"").count(), 1);
    let ids =
        letters.body.split("name=\"ids\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let csv = desk.post("/admin/passes/serials", &[("ids", &ids)]).await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.body.contains("ana@example.com") && csv.body.lines().count() == 2);
    let empty = desk.post("/admin/passes/bulk", &[("list", " "), ("amount", "8"), ("unit", "hours")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}
