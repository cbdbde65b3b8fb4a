//! SCIM 2.0 through the real router: what Entra ID and HR systems send, and what they must not reach.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use account::api_key::{self, Scope, Terms};
use account::role::Role;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use primitives::time::Span;
use serde_json::{Value, json};
use service::{Authority, administer_keys};
use testkit::TestApp;
use tower::ServiceExt;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

#[path = "provisioning/guards.rs"]
mod guards;

use guards::{
    a_large_group_loses_nobody, changes_of_one_group_at_once_all_hold, many_moves_end_with_the_key,
    moves_are_refused_on_a_group_that_changed, too_many_searches_at_once_are_refused,
    what_a_person_locked_no_program_opens, who_begins_inactive_is_never_active,
    who_is_excluded_stays_so_for_programs,
};

/// A provisioning system.
struct Hr {
    router: Router,
    key: Option<String>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Hr {
    async fn of(app: &TestApp, scopes: &[Scope]) -> Self {
        let terms = Terms::new("hr", scopes.to_vec(), Span::from_days(1), false).unwrap();
        let mut operator = app.test.operator();
        let made =
            administer_keys::make(&app.test.cx, &mut operator, Authority::Operator, terms).await.unwrap();
        Self { router: app.router.clone(), key: Some(api_key::spell(&made.value)) }
    }

    fn stranger(app: &TestApp) -> Self {
        Self { router: app.router.clone(), key: None }
    }

    async fn send(&self, method: Method, path: &str, with: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/scim/v2{path}"));
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        for (name, value) in with {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        let with = [("content-type", "application/scim+json")];
        self.send(method, path, &with, Body::from(body.to_string())).await
    }

    async fn created(&self, path: &str, body: Value) -> Value {
        let answer = self.json(Method::POST, path, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        assert_eq!(answer.headers[header::LOCATION], answer.body["meta"]["location"].as_str().unwrap());
        answer.body
    }

    async fn patched(&self, path: &str, operations: Value) -> Answer {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
        self.json(Method::PATCH, path, json!({ "schemas": schemas, "Operations": operations })).await
    }
}

fn person(login: &str) -> Value {
    json!({ "schemas": [USER], "userName": login })
}

async fn the_life_of_a_person(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let boss = hr.created("/Users", person("boss@example.com")).await;
    let ana = hr
        .created(
            "/Users",
            json!({
                "schemas": [USER, ENTERPRISE],
                "externalId": "E-1", "userName": "ana@example.com",
                "name": { "givenName": "Ana", "familyName": "Meier", "formatted": "Ana Meier" },
                "title": "Nurse", "preferredLanguage": "de", "active": true,
                "emails": [{ "value": "ana@example.com", "type": "work", "primary": true },
                           { "value": "ana@home.example", "type": "home" }],
                ENTERPRISE: { "department": "Ward 3", "manager": { "value": boss["id"] } },
            }),
        )
        .await;
    let path = format!("/Users/{}", ana["id"].as_str().unwrap());
    assert!(ana.get("displayName").is_none(), "it follows from its parts");
    assert_eq!(ana[ENTERPRISE]["manager"]["value"], boss["id"]);
    let known = app
        .test
        .cx
        .db
        .read(|tx| store::users::by_login(tx, &account::user::Login::parse("ANA@example.com").unwrap()));
    let known = known.await.unwrap().unwrap();
    assert_eq!(known.directory.private_email.as_deref(), Some("ana@home.example"));
    assert_eq!((known.language.as_deref(), known.role, &*known.name), (Some("de"), Role::User, "Ana Meier"));

    for filter in [
        "userName%20eq%20%22Ana@Example.com%22",
        "externalId%20eq%20%22E-1%22",
        "emails%5Btype%20eq%20%22home%22%5D%20and%20active%20eq%20true",
    ] {
        let found = hr.get(&format!("/Users?filter={filter}")).await;
        assert_eq!((&found.body["totalResults"], &found.body["Resources"][0]["id"]), (&json!(1), &ana["id"]));
    }
    let changed = hr
        .patched(
            &path,
            json!([
                { "op": "Replace", "path": "active", "value": "False" },
                { "op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Ward 4" },
                { "op": "Remove", "path": "title" },
            ]),
        )
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!((&changed.body["active"], changed.body.get("title")), (&json!(false), None));
    assert_eq!(changed.body[ENTERPRISE]["department"], "Ward 4");

    let replaced = hr.json(Method::PUT, &path, person("ana.meier@example.com")).await;
    assert_eq!(replaced.status, StatusCode::OK, "{}", replaced.body);
    assert_eq!(replaced.body["active"], false, "what is not said stays");
    assert!(replaced.body.get(ENTERPRISE).is_none() && replaced.body.get("emails").is_none());

    let only = hr.get(&format!("{path}?attributes=userName")).await.body;
    assert_eq!(only.as_object().unwrap().len(), 3, "{only}");
    assert_eq!(hr.send(Method::DELETE, &path, &[], Body::empty()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(hr.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(hr.get("/Users").await.body["totalResults"], 1);
    let again = hr.json(Method::POST, "/Users", person("ana.meier@example.com")).await;
    assert_eq!((again.status, &again.body["scimType"]), (StatusCode::CONFLICT, &json!("uniqueness")));
}

async fn groups_and_who_is_in_them(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(hr.created("/Users", person(&format!("p{number}@example.com"))).await["id"].clone());
    }
    let member = |number: usize| json!({ "value": ids[number] });
    let staff = hr
        .created(
            "/Groups",
            json!({ "schemas": [GROUP], "displayName": "Staff", "members": [member(0), member(1)] }),
        )
        .await;
    let path = format!("/Groups/{}", staff["id"].as_str().unwrap());
    let members = async || -> Vec<Value> {
        let shown = hr.get(&path).await.body;
        let members = shown["members"].as_array().cloned().unwrap_or_default();
        members.iter().map(|member| member["value"].clone()).collect()
    };
    let moved = hr
        .patched(
            &path,
            json!([
                { "op": "Add", "path": "members", "value": [member(2), member(3)] },
                { "op": "Remove", "path": "members", "value": [member(0)] },
                { "op": "remove", "path": format!("members[value eq {}]", ids[1]) },
                { "op": "replace", "value": { "displayName": "Everybody" } },
            ]),
        )
        .await;
    assert_eq!((moved.status, &moved.body["displayName"]), (StatusCode::OK, &json!("Everybody")));
    assert_eq!(members().await, [ids[2].clone(), ids[3].clone()]);
    let of_person = hr.get(&format!("/Users/{}", ids[2].as_str().unwrap())).await.body;
    assert_eq!(of_person["groups"][0]["display"], "Everybody");
    let found = hr
        .get(&format!(
            "/Groups?filter=members%20eq%20%22{}%22&excludedAttributes=members",
            ids[3].as_str().unwrap()
        ))
        .await
        .body;
    assert_eq!((&found["totalResults"], found["Resources"][0].get("members")), (&json!(1), None));
    let taken =
        hr.json(Method::POST, "/Groups", json!({ "schemas": [GROUP], "displayName": "EVERYBODY" })).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert_eq!(hr.send(Method::DELETE, &path, &[], Body::empty()).await.status, StatusCode::NO_CONTENT);
    let of_person = hr.get(&format!("/Users/{}", ids[2].as_str().unwrap())).await.body;
    assert!(of_person.get("groups").is_none());
}

async fn what_it_must_not_reach(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let admin = app.test.add_user("admin@example.com", Role::Reader).await;
    let path = format!("/Users/{}", admin.id);
    let shown = hr.get(&path).await;
    assert_eq!(shown.status, StatusCode::OK);
    let group = hr.created("/Groups", json!({ "schemas": [GROUP], "displayName": "G" })).await;
    let group = format!("/Groups/{}", group["id"].as_str().unwrap());
    let attempts = [
        hr.patched(
            &path,
            json!([{ "op": "replace", "path": "emails", "value": [{ "value": "evil@example.com" }] }]),
        )
        .await,
        hr.patched(&path, json!([{ "op": "replace", "path": "active", "value": false }])).await,
        hr.json(Method::PUT, &path, person("evil@example.com")).await,
        hr.send(Method::DELETE, &path, &[], Body::empty()).await,
        hr.patched(&group, json!([{ "op": "add", "path": "members", "value": [{ "value": admin.id }] }]))
            .await,
    ];
    for attempt in attempts {
        assert_eq!(attempt.status, StatusCode::FORBIDDEN, "{}", attempt.body);
        assert!(attempt.body["detail"].as_str().unwrap().contains("role_too_low"), "{}", attempt.body);
    }
    assert_eq!(hr.get(&path).await.body, shown.body);
    // Nothing in a message gives a role, or a passkey.
    let sly =
        json!({ "schemas": [USER], "userName": "sly@example.com", "roles": [{ "value": "administrator" }] });
    let sly = hr.created("/Users", sly).await;
    let sly = sly["id"].as_str().unwrap().parse().unwrap();
    let sly = app.test.cx.db.read(move |tx| store::users::by_id(tx, sly)).await.unwrap().unwrap();
    assert_eq!(sly.role, Role::User);
}

async fn strangers_and_nonsense(app: TestApp) {
    let stranger = Hr::stranger(&app);
    let narrow = Hr::of(&app, &[Scope::UsersRead]).await;
    let mut forged = Hr::stranger(&app);
    forged.key = Some(format!("kwk_{}", "A".repeat(43)));
    for (method, path) in [
        (Method::GET, "/Users"),
        (Method::GET, "/Users/nonsense"),
        (Method::POST, "/Users"),
        (Method::PATCH, "/Groups/nonsense"),
        (Method::DELETE, "/Nothing"),
        (Method::GET, "/ServiceProviderConfig"),
        (Method::PUT, "/Users"),
    ] {
        for nobody in [&stranger, &forged] {
            // Before media type, body or id are looked at.
            let answer = nobody.send(method.clone(), path, &[], Body::from("{{{")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        }
        let answer = narrow.send(method.clone(), path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
    }
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let sent = async |kind: &str, body: &str| {
        hr.send(Method::POST, "/Users", &[("content-type", kind)], Body::from(body.to_owned())).await.status
    };
    assert_eq!(sent("text/plain", "{}").await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(sent("application/json", "{").await, StatusCode::BAD_REQUEST);
    assert_eq!(sent("application/scim+json; charset=utf-8", "[]").await, StatusCode::BAD_REQUEST);
    for (path, status) in [
        ("/Users?filter=shoe%20eq%201", StatusCode::BAD_REQUEST),
        ("/Users?count=many", StatusCode::BAD_REQUEST),
        ("/Users?startIndex=-5&count=-1", StatusCode::OK),
        ("/Users/..%2f", StatusCode::NOT_FOUND),
        ("/Nothing", StatusCode::NOT_FOUND),
        ("/Schemas/urn:nothing", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(hr.get(path).await.status, status, "{path}");
    }
    let put = hr.send(Method::PUT, "/Users", &[], Body::empty()).await;
    assert_eq!(put.status, StatusCode::METHOD_NOT_ALLOWED);
    for body in [
        json!({ "schemas": [USER], "userName": "x".repeat(300) }),
        json!({ "schemas": [USER], "userName": "a\u{202e}b" }),
        json!({ "schemas": [USER], "userName": "a", "emails": [{ "value": "no address" }] }),
        json!({ "schemas": [USER], "userName": "a", ENTERPRISE: { "manager": "nobody" } }),
        json!({ "schemas": [USER], "userName": "a", "preferredLanguage": "<b>" }),
    ] {
        let answer = hr.json(Method::POST, "/Users", body.clone()).await;
        assert_eq!(
            (answer.status, &answer.body["scimType"]),
            (StatusCode::BAD_REQUEST, &json!("invalidValue")),
            "{body}"
        );
    }
    assert_eq!(hr.get("/Users").await.body["totalResults"], 0, "nothing was half made");
}

async fn versions_are_kept_apart(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    let ana = hr.created("/Users", person("ana@example.com")).await;
    let (path, version) =
        (format!("/Users/{}", ana["id"].as_str().unwrap()), ana["meta"]["version"].as_str().unwrap());
    let unchanged = hr.send(Method::GET, &path, &[("if-none-match", version)], Body::empty()).await;
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    let title = json!({ "Operations": [{ "op": "add", "path": "title", "value": "CEO" }] }).to_string();
    let with = [("content-type", "application/json"), ("if-match", version)];
    let first = hr.send(Method::PATCH, &path, &with, Body::from(title.clone())).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let second = hr.send(Method::PATCH, &path, &with, Body::from(title)).await;
    assert_eq!(second.status, StatusCode::PRECONDITION_FAILED);
    let gone = hr.send(Method::DELETE, &path, &[("if-match", version)], Body::empty()).await;
    assert_eq!(gone.status, StatusCode::PRECONDITION_FAILED);
}

async fn pages_cover_everybody_once(app: TestApp) {
    let hr = Hr::of(&app, &[Scope::Scim]).await;
    for number in 0..7 {
        hr.created("/Users", person(&format!("p{number}"))).await;
    }
    for suffix in ["", "&filter=userName%20pr"] {
        let mut seen = Vec::new();
        for start in [1, 4, 7] {
            let page = hr.get(&format!("/Users?startIndex={start}&count=3{suffix}")).await.body;
            assert_eq!(page["totalResults"], 7);
            seen.extend(
                page["Resources"].as_array().unwrap().iter().map(|user| user["userName"].to_string()),
            );
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 7);
    }
    assert_eq!(hr.get("/Users?count=0").await.body["Resources"], json!([]));
    hr.created("/Groups", json!({ "schemas": [GROUP], "displayName": "G" })).await;
    let found = async |body: Value| hr.json(Method::POST, "/.search", body).await.body;
    let last = found(json!({ "startIndex": 7, "count": 5 })).await;
    assert_eq!((&last["totalResults"], last["Resources"].as_array().unwrap().len()), (&json!(8), 2));
    assert_eq!(last["Resources"][1]["displayName"], "G");
    assert_eq!(found(json!({ "filter": "userName eq \"p3\"" })).await["totalResults"], 1);
    assert_eq!(found(json!({ "filter": "shoe pr" })).await["scimType"], "invalidFilter");
}

/// Each test on both databases.
macro_rules! on_both {
    ($($name:ident),+) => {
        mod sqlite {
            $(#[tokio::test] async fn $name() { super::$name(super::TestApp::sqlite().await).await; })+
        }
        mod postgres {
            $(#[tokio::test] async fn $name() {
                if let Some(app) = super::TestApp::postgres().await { super::$name(app).await; }
            })+
        }
    };
}
on_both!(
    the_life_of_a_person,
    groups_and_who_is_in_them,
    what_it_must_not_reach,
    strangers_and_nonsense,
    versions_are_kept_apart,
    pages_cover_everybody_once,
    a_large_group_loses_nobody,
    changes_of_one_group_at_once_all_hold,
    moves_are_refused_on_a_group_that_changed,
    too_many_searches_at_once_are_refused,
    who_begins_inactive_is_never_active,
    what_a_person_locked_no_program_opens,
    who_is_excluded_stays_so_for_programs,
    many_moves_end_with_the_key
);
