//! What provisioning must not lose, undo or be able to hold up.

use std::fmt::Write as _;

use account::api_key::ApiKey;
use account::group::GroupId;
use account::policy::Audience;
use account::user::{User, UserId};
use service::administer_users::{self, AdministerError};
use service::{administer_groups, import_users, provision};

use super::*;

impl Hr {
    /// A system, and its key as the use cases know it.
    async fn with_key_of(app: &TestApp, scopes: &[Scope]) -> (Self, ApiKey) {
        let terms = Terms::new("hr", scopes.to_vec(), Span::from_days(1), false).unwrap();
        let mut operator = app.test.operator();
        let made =
            administer_keys::make(&app.test.cx, &mut operator, Authority::Operator, terms).await.unwrap();
        (Self { router: app.router.clone(), key: Some(api_key::spell(&made.value)) }, made.key)
    }

    async fn active(&self, path: &str, active: bool) -> Answer {
        self.patched(path, json!([{ "op": "replace", "path": "active", "value": active }])).await
    }
}

async fn user(app: &TestApp, id: &Value) -> User {
    let id: UserId = id.as_str().unwrap().parse().unwrap();
    app.test.cx.db.read(move |tx| store::users::by_id(tx, id)).await.unwrap().unwrap()
}

/// People from a file, all in one group; more than one page of them is read in turns.
async fn crowd(app: &TestApp, group: &str, count: usize) {
    let mut file = "login,name,groups\n".to_owned();
    for number in 0..count {
        writeln!(file, "crowd{number}@example.com,Crowd {number},{group}").unwrap();
    }
    let mut operator = app.test.operator();
    let by = Authority::Operator;
    let done = import_users::apply(&app.test.cx, &mut operator, by, file.as_bytes()).await.unwrap();
    assert_eq!(usize::try_from(done.added).unwrap(), count);
}

pub(super) async fn a_large_group_loses_nobody(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let group = hr.created("/Groups", json!({ "schemas": [GROUP], "displayName": "Staff" })).await;
    crowd(&app, "Staff", 1_100).await;
    let ana = hr.created("/Users", person("ana@example.com")).await;
    let path = format!("/Groups/{}", group["id"].as_str().unwrap());
    let joins = json!([{ "op": "add", "path": "members", "value": [{ "value": ana["id"] }] }]);
    let changed = hr.patched(&path, joins).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(changed.body["members"].as_array().unwrap().len(), 1_101);
    let id: GroupId = group["id"].as_str().unwrap().parse().unwrap();
    let count = app.test.cx.db.read(move |tx| store::groups::count_members(tx, id)).await.unwrap();
    assert_eq!(count, 1_101);
    // Where nobody asks for them they are not read, and there is no version that would say who is in it.
    let without = hr.get(&format!("{path}?excludedAttributes=members")).await.body;
    assert!(without.get("members").is_none() && without["meta"].get("version").is_none(), "{without}");
}

pub(super) async fn changes_of_one_group_at_once_all_hold(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(hr.created("/Users", person(&format!("p{number}@example.com"))).await["id"].clone());
    }
    let group = hr.created("/Groups", json!({ "schemas": [GROUP], "displayName": "Staff" })).await;
    let path = format!("/Groups/{}", group["id"].as_str().unwrap());
    let joins = |id: &Value| json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]);
    let named = json!([{ "op": "replace", "path": "externalId", "value": "G-1" }]);
    let (first, second, third) = tokio::join!(
        hr.patched(&path, joins(&ids[0])),
        hr.patched(&path, joins(&ids[1])),
        hr.patched(&path, named)
    );
    for answer in [&first, &second, &third] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let shown = hr.get(&path).await;
    assert_eq!(shown.body["members"].as_array().unwrap().len(), 2);
    assert_eq!((&shown.body["externalId"], &shown.body["displayName"]), (&json!("G-1"), &json!("Staff")));

    // Whoever names a version means no other, be it that only somebody joined.
    let version = shown.headers[header::ETAG].to_str().unwrap().to_owned();
    let put = json!({ "schemas": [GROUP], "displayName": "Staff", "members": [{ "value": ids[2] }] });
    assert_eq!(hr.patched(&path, joins(&ids[3])).await.status, StatusCode::OK);
    let with = [("content-type", "application/scim+json"), ("if-match", version.as_str())];
    let stale = hr.send(Method::PUT, &path, &with, Body::from(put.to_string())).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(hr.get(&path).await.body["members"].as_array().unwrap().len(), 3);
}

pub(super) async fn moves_are_refused_on_a_group_that_changed(app: TestApp) {
    let ana = app.test.add_user("ana@example.com", Role::User).await;
    let new = administer_groups::NewGroup { name: "Staff".to_owned(), ..Default::default() };
    let (cx, by) = (&app.test.cx, Authority::Operator);
    let group = administer_groups::add(cx, &mut app.test.operator(), by, new).await.unwrap();
    let moves = async |expected| {
        let moves = administer_groups::Moves { add: vec![ana.id], expected, ..Default::default() };
        let mut operator = app.test.operator();
        administer_groups::move_members(cx, &mut operator, by, group.id, moves).await
    };
    let moved = moves(Some(group.changed)).await.unwrap();
    assert!(moved.changed > group.changed);
    assert_eq!(moves(Some(group.changed)).await.unwrap_err(), AdministerError::Conflict);
    assert_eq!(moves(Some(moved.changed)).await.unwrap(), moved, "nobody moved");
}

pub(super) async fn too_many_searches_at_once_are_refused(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    hr.created("/Users", person("ana@example.com")).await;
    let scan = "/Users?filter=title%20pr";
    assert_eq!(hr.get(scan).await.status, StatusCode::OK);
    let all = app.test.cx.scans.acquire_many(u32::try_from(provision::SCANS).unwrap()).await.unwrap();
    for path in [scan, "/Groups"] {
        let busy = hr.get(path).await;
        assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(busy.headers[header::RETRY_AFTER], "5");
        assert!(busy.body["detail"].as_str().unwrap().contains("(busy)"), "{}", busy.body);
    }
    // What is found by an index waits for nobody.
    for path in [
        "/Users?filter=userName%20eq%20%22ana@example.com%22",
        "/Users",
        "/Groups?excludedAttributes=members",
    ] {
        assert_eq!(hr.get(path).await.status, StatusCode::OK, "{path}");
    }
    drop(all);
    assert_eq!(hr.get(scan).await.status, StatusCode::OK);
}

pub(super) async fn who_begins_inactive_is_never_active(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let new = json!({ "schemas": [USER], "userName": "ana@example.com", "active": false });
    let ana = hr.created("/Users", new).await;
    assert_eq!(ana["active"], false);
    assert!(!user(&app, &ana["id"]).await.is_enabled());
    assert_eq!(app.test.count_events("user_disabled").await, 0, "there was nothing to disable any more");
    let path = format!("/Users/{}", ana["id"].as_str().unwrap());
    assert_eq!(hr.active(&path, true).await.body["active"], true, "who began so by a program goes on by one");
}

pub(super) async fn what_a_person_locked_no_program_opens(app: TestApp) {
    let (hr, key) = Hr::with_key_of(&app, &[Scope::Scim, Scope::UsersWrite]).await;
    let (cx, operator, by) = (&app.test.cx, || app.test.operator(), Authority::Operator);
    let ana = hr.created("/Users", person("ana@example.com")).await;
    let path = format!("/Users/{}", ana["id"].as_str().unwrap());
    let id = user(&app, &ana["id"]).await.id;
    for active in [false, true, false] {
        assert_eq!(hr.active(&path, active).await.body["active"], active, "its own lock it opens");
    }
    // A person locks what a program had disabled already: now it is a person's.
    administer_users::disable(cx, &mut operator(), by, id).await.unwrap();
    assert_eq!(hr.active(&path, false).await.status, StatusCode::OK);
    let put = json!({ "schemas": [USER], "userName": "ana@example.com", "title": "CEO", "active": true });
    for refused in [hr.active(&path, true).await, hr.json(Method::PUT, &path, put).await] {
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.body["detail"].as_str().unwrap().contains("held_by_person"), "{}", refused.body);
    }
    let now = user(&app, &ana["id"]).await;
    assert!(!now.is_enabled() && now.directory.title.is_none(), "nothing was half done");
    let refused = administer_users::enable(cx, &mut operator(), Authority::Key(&key), id).await;
    assert_eq!(refused.unwrap_err().code(), "held_by_person");
    administer_users::enable(cx, &mut operator(), by, id).await.unwrap();
    assert_eq!(hr.active(&path, false).await.body["active"], false);

    // So it is with deleting.
    let program = Authority::Key(&key);
    administer_users::delete(cx, &mut operator(), program, id).await.unwrap();
    administer_users::restore(cx, &mut operator(), program, id).await.unwrap();
    administer_users::delete(cx, &mut operator(), by, id).await.unwrap();
    let refused = administer_users::restore(cx, &mut operator(), program, id).await;
    assert_eq!(refused.unwrap_err().code(), "held_by_person");
    let back = administer_users::restore(cx, &mut operator(), by, id).await.unwrap();
    assert!(back.disabled_by_program, "it is what it was");
}

pub(super) async fn who_is_excluded_stays_so_for_programs(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let ana = hr.created("/Users", person("ana@example.com")).await;
    let members = json!([{ "value": ana["id"] }]);
    let group = hr
        .created("/Groups", json!({ "schemas": [GROUP], "displayName": "No passwords", "members": members }));
    let group = group.await;
    let id: GroupId = group["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/Groups/{id}");
    app.test.cx.change_settings(|settings| {
        settings.policy.passwords.audience = Audience::Everybody { except: vec![id] };
    });
    let leaves = json!([{ "op": "remove", "path": "members" }]);
    let refused = hr.patched(&path, leaves).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    assert!(refused.body["detail"].as_str().unwrap().contains("group_in_policy"));
    let ana = user(&app, &ana["id"]).await;
    assert_eq!(ana.groups, [id]);
    let (cx, by) = (&app.test.cx, Authority::Operator);
    administer_groups::set_members(cx, &mut app.test.operator(), by, id, vec![], vec![ana.id]).await.unwrap();
}

pub(super) async fn many_moves_end_with_the_key(app: TestApp) {
    let (hr, key) = Hr::with_key_of(&app, &[Scope::GroupsWrite, Scope::Scim]).await;
    hr.created("/Groups", json!({ "schemas": [GROUP], "displayName": "Staff" })).await;
    let other = hr.created("/Groups", json!({ "schemas": [GROUP], "displayName": "Other" })).await;
    crowd(&app, "Staff", 1_100).await;
    let everybody = app.test.cx.db.read(|tx| store::users::page_by_id(tx, None, 2_000)).await.unwrap();
    let add: Vec<UserId> = everybody.iter().map(|user| user.id).collect();
    let other: GroupId = other["id"].as_str().unwrap().parse().unwrap();
    let moves = administer_groups::Moves { add, ..Default::default() };
    let (cx, mut program, mut operator) = (&app.test.cx, app.test.operator(), app.test.operator());
    // Three commits; the key is taken back behind the first, or before it.
    let (moved, revoked) = tokio::join!(
        administer_groups::move_members(cx, &mut program, Authority::Key(&key), other, moves),
        administer_keys::revoke(cx, &mut operator, Authority::Operator, key.id)
    );
    revoked.unwrap();
    assert_eq!(moved.unwrap_err().code(), "scope_missing");
    let count = app.test.cx.db.read(move |tx| store::groups::count_members(tx, other)).await.unwrap();
    assert!(count < 1_100, "{count}");
}
