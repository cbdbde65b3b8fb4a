//! `/api/v1/clients`.

use account::api_key::{self, Scope};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use service::administer_keys;
use testkit::{Answer, RelyingParty, TestApp};

use super::*;

async fn key(app: &TestApp, scope: Scope) -> String {
    let terms = api_key::Terms::new("Terraform", vec![scope], Span::from_days(1), false).unwrap();
    let made =
        administer_keys::make(&app.test.cx, &mut app.test.operator(), Authority::Operator, terms).await;
    api_key::spell(&made.unwrap().value)
}

async fn send(
    program: &RelyingParty,
    (method, path): (Method, &str),
    headers: &[(&'static str, &str)],
    body: Option<Value>,
) -> Answer {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    let mut headers: HeaderMap = headers.iter().map(pair).collect();
    headers.insert(HeaderName::from_static("content-type"), HeaderValue::from_static("application/json"));
    program.send(method, path, headers, body.map(|body| body.to_string()).unwrap_or_default()).await
}

#[tokio::test]
async fn a_program_adds_changes_and_removes_an_application() {
    let app = TestApp::sqlite().await;
    let program = RelyingParty::add(&app, "bystander").await;
    let writes = format!("Bearer {}", key(&app, Scope::ApplicationsWrite).await);
    let reads = format!("Bearer {}", key(&app, Scope::ApplicationsRead).await);
    let list = "/api/v1/clients";
    let new =
        json!({ "name": "Wiki", "redirectUris": ["https://wiki.example/callback"], "clientId": "wiki" });
    let refused = send(&program, (Method::POST, list), &[("authorization", &reads)], Some(new.clone())).await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::FORBIDDEN, &"scope_missing".into()));
    let made = send(&program, (Method::POST, list), &[("authorization", &writes)], Some(new.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.header("location"), "/api/v1/clients/wiki");
    assert!(made.json()["clientSecret"].as_str().unwrap().starts_with("kws_"));
    assert_eq!(made.json()["client"]["consent"], "remembered");
    let again = send(&program, (Method::POST, list), &[("authorization", &writes)], Some(new)).await;
    assert_eq!((again.status, &again.json()["code"]), (StatusCode::CONFLICT, &"client_taken".into()));
    for silent in [json!({ "consent": "pre-approved" }), json!({ "guards": ["https://wiki.example"] })] {
        let mut new = json!({ "name": "Silent", "redirectUris": ["https://silent.example/callback"] });
        new.as_object_mut().unwrap().extend(silent.as_object().unwrap().clone());
        let refused = send(&program, (Method::POST, list), &[("authorization", &writes)], Some(new)).await;
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (StatusCode::FORBIDDEN, &"client_needs_person".into())
        );
    }
    // What a person or another program added is not this one's, whatever its scope.
    let other = "/api/v1/clients/bystander";
    let words = json!({ "name": "Mine now" });
    let refused = send(&program, (Method::PATCH, other), &[("authorization", &writes)], Some(words)).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::FORBIDDEN, &"client_needs_person".into())
    );
    let refused = send(&program, (Method::DELETE, other), &[("authorization", &writes)], None).await;
    assert_eq!(refused.json()["code"], "client_needs_person");

    let at = "/api/v1/clients/wiki";
    let shown = send(&program, (Method::GET, at), &[("authorization", &reads)], None).await;
    assert_eq!(shown.json()["idTokenAlg"], "ES256");
    assert!(!shown.body.contains("kws_"));
    let tag = shown.header("etag").to_owned();
    let same =
        send(&program, (Method::GET, at), &[("authorization", &reads), ("if-none-match", &tag)], None).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    let headers = [("authorization", writes.as_str()), ("if-match", tag.as_str())];
    let wanted = json!({ "claims": ["team = constant(blue)"], "accessSeconds": 600, "url": null });
    let changed = send(&program, (Method::PATCH, at), &headers, Some(wanted.clone())).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(changed.json()["claims"], json!(["team = constant(blue)"]));
    let stale = send(&program, (Method::PATCH, at), &headers, Some(wanted)).await;
    assert_eq!(
        (stale.status, &stale.json()["code"]),
        (StatusCode::PRECONDITION_FAILED, &"version_conflict".into())
    );
    for (wanted, code) in [
        (json!({ "claims": ["sub = login"] }), "client_claim_reserved"),
        (json!({ "redirectUris": ["javascript:alert(1)"] }), "client_redirect_uris"),
        (json!({ "groups": ["01890000-0000-7000-8000-000000000000"] }), "client_group_unknown"),
        (json!({ "accessSeconds": 3601 }), "client_lifetimes"),
    ] {
        let refused = send(&program, (Method::PATCH, at), &[("authorization", &writes)], Some(wanted)).await;
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &code.into())
        );
    }
    let path = "/api/v1/clients/wiki/secrets";
    let keep = Some(json!({ "keepOldMinutes": 5 }));
    let rotated = send(&program, (Method::POST, path), &[("authorization", &writes)], keep).await;
    assert_eq!((rotated.status, &rotated.json()["client"]["secrets"]), (StatusCode::CREATED, &2.into()));
    let removed = send(&program, (Method::DELETE, at), &[("authorization", &writes)], None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let gone = send(&program, (Method::GET, at), &[("authorization", &reads)], None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
