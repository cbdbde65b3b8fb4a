//! What a hostile review tried through the programs' faces.

use account::api_key::Scope;
use account::policy::Needed;
use account::role::Role;
use account::strength::Strength;
use authenticator::Settings;
use serde_json::json;
use service::{Authority, administer_users};
use testkit::app::TestApp;

use crate::api::{call, own_key, program, somebody};

/// A passkey for somebody with a role is worth more than a pass: where a pass needs a second person, it is no way around.
#[tokio::test]
async fn no_passkey_is_provisioned_where_a_pass_needs_a_second_person() {
    let app = TestApp::sqlite().await;
    app.test.cx.change_settings(|settings| settings.policy.second_approver = true);
    let help = app.test.add_user("help@example.com", Role::Helpdesk).await;
    let ana = app.user("ana@example.com").await;
    let role = Role::PrivilegedAuthenticationAdministrator;
    let (_, mut admin) = somebody(&app, "admin@example.com", role).await;
    let mut own = own_key(&app, &mut admin, &[Scope::PasskeysProvision]).await;
    for (user, expected) in [(help.id, (409, json!("needs_approval"))), (ana.id, (201, json!(null)))] {
        let path = format!("/api/v1/users/{user}/passkeys");
        let options = call(&mut own, "GET", &format!("{path}/options"), None).await.json();
        let mut key = app.browser().with(Settings::security_key());
        let body = json!({ "credential": key.create(&options["publicKey"]) });
        let answer = call(&mut own, "POST", &path, Some(&body)).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].clone()), expected, "{}", answer.body);
    }
}

/// What the console asks for, its programs' faces ask for too, also of whoever only reads.
#[tokio::test]
async fn nobody_reads_by_the_api_who_proved_too_little_for_the_console() {
    let app = TestApp::sqlite().await;
    let (_, mut admin) = somebody(&app, "admin@example.com", Role::Administrator).await;
    let mut own = own_key(&app, &mut admin, &[Scope::UsersRead]).await;
    let mut script = program(&app, &[Scope::UsersRead]).await;
    assert_eq!(call(&mut own, "GET", "/api/v1/users", None).await.status, 200);
    assert_eq!(call(&mut admin, "GET", "/api/v1/users", None).await.status, 200);
    app.test.cx.change_settings(|settings| {
        settings.policy.require.console = Needed::BuiltIn(Strength::PhishingResistantHardware);
    });
    assert_eq!(admin.get("/admin/users").await.status, 403);
    let refused = call(&mut admin, "GET", "/api/v1/users", None).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!("stronger_evidence_needed")));
    assert_eq!(call(&mut own, "GET", "/api/v1/users", None).await.status, 401);
    assert_eq!(call(&mut script, "GET", "/api/v1/users", None).await.status, 200, "nobody stands behind it");
}

/// Giving a role is confirmed for itself, however it is given: a key that writes accounts adds none that has one.
#[tokio::test]
async fn a_persons_key_adds_nobody_with_a_role() {
    let app = TestApp::sqlite().await;
    let (_, mut admin) = somebody(&app, "admin@example.com", Role::Administrator).await;
    let mut own = own_key(&app, &mut admin, &[Scope::UsersWrite]).await;
    for (role, expected) in [("administrator", 403), ("reader", 403), ("user", 201)] {
        let login = format!("{role}@example.com");
        let body = json!({ "login": login, "name": "New", "role": role });
        let answer = call(&mut own, "POST", "/api/v1/users", Some(&body)).await;
        assert_eq!(answer.status.as_u16(), expected, "{}", answer.body);
        if expected == 403 {
            assert_eq!(answer.json()["code"], "role_too_low");
        }
    }
}

/// The log shortens the addresses of people whom the reader may not help; a person's own page says no more.
#[tokio::test]
async fn a_persons_page_shows_no_more_of_them_than_the_log_does() {
    let app = TestApp::sqlite().await;
    let (admin, mut page) = somebody(&app, "admin@example.com", Role::Administrator).await;
    let (_, mut reader) = somebody(&app, "reader@example.com", Role::Reader).await;
    let whole = page.get(&format!("/admin/users/{}/activity", admin.id)).await;
    let line = |body: &str| {
        body.lines().filter(|line| line.contains("127.0.0.")).map(str::to_owned).collect::<Vec<_>>()
    };
    let seen = line(&whole.body);
    assert!(seen.iter().any(|line| line.contains("127.0.0.1")), "{seen:?}");
    for tab in ["activity", "sessions"] {
        let shown = reader.get(&format!("/admin/users/{}/{tab}", admin.id)).await;
        assert_eq!(shown.status, 200);
        assert!(!shown.body.contains("127.0.0.1"), "{tab}: {:?}", line(&shown.body));
    }
}

/// Putting people into groups is a scope of its own: policy speaks of groups.
#[tokio::test]
async fn a_key_that_writes_accounts_puts_nobody_into_a_group() {
    let app = TestApp::sqlite().await;
    let mut groups = program(&app, &[Scope::GroupsWrite]).await;
    let group = call(&mut groups, "POST", "/api/v1/groups", Some(&json!({ "name": "Contacts" }))).await;
    assert_eq!(group.status, 201, "{}", group.body);
    let group = group.json()["id"].clone();
    let body = json!({ "login": "eve@example.com", "name": "Eve", "groups": [group] });
    let mut writer = program(&app, &[Scope::UsersWrite]).await;
    let refused = call(&mut writer, "POST", "/api/v1/users", Some(&body)).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!("scope_missing")));
    let mut both = program(&app, &[Scope::UsersWrite, Scope::GroupsWrite]).await;
    assert_eq!(call(&mut both, "POST", "/api/v1/users", Some(&body)).await.status, 201);
}

/// Slow hashes are what signing in by pass and password waits for: whoever may issue nothing makes none.
#[tokio::test]
async fn whoever_may_issue_nothing_costs_no_slow_hash() {
    let app = TestApp::sqlite().await;
    let (user, mut page) = somebody(&app, "user@example.com", Role::User).await;
    let path = format!("/api/v1/users/{}/pass", user.id);
    let answer = call(&mut page, "POST", &path, Some(&json!({ "reason": "mine" }))).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (403, &json!("role_too_low")));
}

/// Who is a contact orders passes for everybody: no program makes somebody one, under whatever name or detour.
#[tokio::test]
async fn no_program_makes_anybody_a_contact() {
    let app = TestApp::sqlite().await;
    let eve = app.user("eve@example.com").await;
    let mut hr = program(&app, &[Scope::UsersWrite, Scope::GroupsWrite]).await;
    let made = |name: &str| json!({ "name": name });
    let contacts = call(&mut hr, "POST", "/api/v1/groups", Some(&made("IT contacts"))).await.json();
    let other = call(&mut hr, "POST", "/api/v1/groups", Some(&made("Other"))).await.json();
    app.test.cx.change_settings(|settings| settings.orders.contacts = Some("it Contacts".to_owned()));
    let path = |group: &serde_json::Value| format!("/api/v1/groups/{}", group["id"].as_str().unwrap());
    let join = json!({ "add": [eve.id], "remove": [] });
    let new = json!({ "login": "new@example.com", "name": "New", "groups": [contacts["id"]] });
    for (method, path, body) in [
        ("PATCH", format!("{}/members", path(&contacts)), Some(&join)),
        ("PATCH", path(&contacts), Some(&made("Former"))),
        ("PATCH", path(&other), Some(&made("IT CONTACTS "))),
        ("DELETE", path(&contacts), None),
        ("POST", "/api/v1/users".to_owned(), Some(&new)),
    ] {
        let answer = call(&mut hr, method, &path, body).await;
        let code = answer.json()["code"].clone();
        assert_eq!((answer.status.as_u16(), &code), (409, &json!("group_in_policy")), "{method} {path}");
    }
    let joined = call(&mut hr, "PATCH", &format!("{}/members", path(&other)), Some(&join)).await;
    assert!(joined.status.is_success(), "{}", joined.body);
}

/// While changes are paused, provisioning systems wait too.
#[tokio::test]
async fn nobody_is_provisioned_while_changes_are_paused() {
    let test = testkit::TestContext::sqlite().await;
    let until = test.now() + primitives::time::Span::from_hours(2);
    let app = TestApp::on_site(test, |site| site.read_only_until = Some(until));
    let mut hr = program(&app, &[Scope::Scim]).await;
    let schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    let body = json!({ "schemas": schemas, "userName": "eve@example.com" });
    assert_eq!(call(&mut hr, "POST", "/scim/v2/Users", Some(&body)).await.status, 503);
    assert_eq!(call(&mut hr, "GET", "/scim/v2/Users", None).await.status, 200);
    app.advance(primitives::time::Span::from_hours(2));
    assert_eq!(call(&mut hr, "POST", "/scim/v2/Users", Some(&body)).await.status, 201);
}

/// What is shown once is not kept for whoever sends the request again.
#[tokio::test]
async fn a_request_sent_again_shows_no_pass_again() {
    let app = TestApp::sqlite().await;
    let ana = app.user("ana@example.com").await;
    let (_, mut desk) = somebody(&app, "desk@example.com", Role::Helpdesk).await;
    let mut own = own_key(&app, &mut desk, &[Scope::PassesIssue, Scope::UsersRead]).await;
    for (key, path, body) in [
        ("one", format!("/api/v1/users/{}/pass", ana.id), json!({ "reason": "new starter" })),
        ("two", format!("/graph/v1.0/users/{}/authentication/temporaryAccessPassMethods", ana.id), json!({})),
    ] {
        own.headers.insert("idempotency-key", key.parse().unwrap());
        let first = call(&mut own, "POST", &path, Some(&body)).await;
        assert_eq!(first.status, 201, "{}", first.body);
        let again = call(&mut own, "POST", &path, Some(&body)).await;
        assert_eq!(
            (again.status.as_u16(), again.json()["code"].clone()),
            (409, json!("shown_once")),
            "{path}"
        );
    }
}

/// Whoever registers a passkey for somebody may keep it: it opens the console for no role that theirs does not include.
#[tokio::test]
async fn a_provisioned_passkey_remembers_the_role_of_whoever_made_it() {
    let app = TestApp::sqlite().await;
    let ana = app.user("ana@example.com").await;
    let role = Role::AuthenticationAdministrator;
    let (_, mut admin) = somebody(&app, "admin@example.com", role).await;
    let mut own = own_key(&app, &mut admin, &[Scope::PasskeysProvision]).await;
    let path = format!("/api/v1/users/{}/passkeys", ana.id);
    let options = call(&mut own, "GET", &format!("{path}/options"), None).await.json();
    let mut key = app.browser().with(Settings::security_key());
    let body = json!({ "name": "Planted", "credential": key.create(&options["publicKey"]) });
    assert_eq!(call(&mut own, "POST", &path, Some(&body)).await.status, 201);
    let (cx, by) = (&app.test.cx, Authority::Operator);
    administer_users::set_role(cx, &mut app.test.operator(), by, ana.id, Role::Administrator).await.unwrap();
    let shown = administer_users::show_by_id(cx, ana.id).await.unwrap();
    assert_eq!(shown.passkeys[0].vouched, Some(role));
    assert!(!shown.passkeys[0].vouches_for(Role::Administrator));
    // Whoever gave the role is told, on the page and in the log.
    let (_, mut boss) = somebody(&app, "boss@example.com", Role::Administrator).await;
    let page = boss.get(&format!("/admin/users/{}", ana.id)).await;
    assert!(page.body.contains("do not open the console") && page.body.contains("Planted"), "{}", page.body);
    let events = app.test.cx.db.read(|tx| store::audit::list(tx, &Default::default(), 200)).await.unwrap();
    let notes: Vec<_> = events.iter().filter_map(|entry| entry.event.note.as_deref()).collect();
    assert!(notes.contains(&"passkeys_not_vouched: Planted"), "{notes:?}");
}
