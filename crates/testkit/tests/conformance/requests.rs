//! What a request may say.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use oidc::jwt::{self, Signer};
use oidc::request_object;
use primitives::cose::{Algorithm, SigningKey};
use primitives::encoding::base64url;
use primitives::jwk;
use serde_json::{Map, Value, json};
use testkit::SeededEntropy;

use crate::world::{Mode, World};

/// A request with this changes nothing about the answer.
async fn changes_nothing(mode: Mode, other: &[(&str, &str)]) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(other).await;
    assert_eq!(tokens.claims["sub"], world.user.id.to_string());
}

pub(crate) async fn oidcc_display_page(mode: Mode) {
    changes_nothing(mode, &[("display", "page")]).await;
}

pub(crate) async fn oidcc_display_popup(mode: Mode) {
    changes_nothing(mode, &[("display", "popup")]).await;
}

pub(crate) async fn oidcc_ensure_request_with_unknown_parameter_succeeds(mode: Mode) {
    changes_nothing(mode, &[("extra", "foobar")]).await;
}

pub(crate) async fn oidcc_login_hint(mode: Mode) {
    let mut world = World::new(mode).await;
    let question = world.question(&[("login_hint", "ana@example.com")]);
    let answer = world.browser.get(&question).await;
    let page = world.browser.get(answer.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("value=\"ana@example.com\""), "the name is filled in: {}", page.body);
    assert!(world.follow(answer).await.contains_key("code"));
}

pub(crate) async fn oidcc_ui_locales(mode: Mode) {
    let mut world = World::new(mode).await;
    let question = world.question(&[("ui_locales", "se de")]);
    let answer = world.browser.get(&question).await;
    let page = world.browser.get(answer.location()).await;
    assert!(page.body.contains("<html lang=\"de\""), "the first language that there is");
    assert!(world.follow(answer).await.contains_key("code"));
}

pub(crate) async fn oidcc_claims_locales(mode: Mode) {
    changes_nothing(mode, &[("claims_locales", "se")]).await;
}

pub(crate) async fn oidcc_ensure_registered_redirect_uri(mode: Mode) {
    let mut world = World::new(mode).await;
    let elsewhere = "https://plan.example/callback2";
    let question = world.question(&[("redirect_uri", elsewhere)]);
    let answer = world.browser.get(&question).await;
    // A page says so; nobody is led there, not even by a form.
    assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""));
    assert!(!answer.body.contains(elsewhere));
}

pub(crate) async fn oidcc_ensure_post_request_succeeds(mode: Mode) {
    let mut world = World::new(mode).await;
    let question = world.question(&[]);
    let body = question.split_once('?').unwrap().1.to_owned();
    // A form of another site: the browser sends no cookies of ours and says where it comes from.
    let mut headers = HeaderMap::new();
    headers.insert(header::ORIGIN, HeaderValue::from_static("https://plan.example"));
    headers.insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
    let answer = world.party.send(Method::POST, "/authorize", headers, body).await;
    assert_eq!((answer.status, answer.set_cookies().len()), (StatusCode::SEE_OTHER, 0));
    assert!(world.follow(answer).await.contains_key("code"));
}

pub(crate) async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(mode: Mode) {
    let mut world = World::new(mode).await;
    assert_eq!(world.discovery().await["request_uri_parameter_supported"], false);
    let told = world.ask(&[("request_uri", "https://plan.example/request.jwt")]).await;
    assert_eq!((told["error"].as_str(), told["state"].as_str()), ("request_uri_not_supported", "state-1"));
}

fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims))
}

pub(crate) async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(mode: Mode) {
    let mut world = World::new(mode).await;
    let offered = world.discovery().await["request_object_signing_alg_values_supported"].clone();
    assert!(!offered.as_array().unwrap().contains(&json!("none")));
    let request = unsigned(&json!({ "nonce": "of-the-object", "state": "of-the-object" }));
    let told = world.ask(&[("request", &request)]).await;
    assert!(
        ["invalid_request_object", "request_not_supported"].contains(&told["error"].as_str()),
        "{told:?}"
    );
    assert_eq!(told.get("code"), None);
}

/// The suite's own object is not signed, which is refused here; a signed one has to be what counts.
pub(crate) async fn oidcc_ensure_request_object_with_redirect_uri(mode: Mode) {
    let mut world = World::new(mode).await;
    let key = SigningKey::generate(Algorithm::Es256, &mut SeededEntropy::new(8)).unwrap();
    let mut public = jwk::to_jwk(key.public_key(), Some("plan-1"));
    public.insert("alg".to_owned(), "ES256".into());
    let set = json!({ "keys": [public] });
    world.party.change(&world.app, move |stored| stored.client.keys.set = Some(set.clone())).await;

    let now = world.app.test.now().secs();
    let asked = world.party.asked(&[("nonce", "of-the-object")]);
    let asked = oidc::parameters::Parameters::parse(&asked).unwrap();
    let names = [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    ];
    let mut claims: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), asked.get(name).unwrap().into())).collect();
    let mode_name = if mode == Mode::FormPost { "form_post" } else { "query" };
    claims.insert("response_mode".to_owned(), mode_name.into());
    claims.insert("iss".to_owned(), world.party.id.as_str().into());
    claims.insert("aud".to_owned(), world.issuer().into());
    claims.insert("exp".to_owned(), (now + 60).into());
    claims.insert("iat".to_owned(), now.into());
    let signer = Signer { key: &key, kid: "plan-1" };
    let request = jwt::sign(signer, request_object::TYP, &claims);
    // Outside stands another address, which is not registered: the object's counts.
    let tokens = world.tokens(&[("request", &request), ("redirect_uri", "https://plan.example/other")]).await;
    assert_eq!(tokens.claims["nonce"], "of-the-object");
}

pub(crate) async fn oidcc_ensure_request_with_valid_pkce_succeeds(mode: Mode) {
    let mut world = World::new(mode).await;
    let told = world.ask(&[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", told["code"].as_str()),
        ("redirect_uri", world.party.redirect_uri.as_str()),
    ];
    // The verifier decides.
    for wrong in [None, Some("a-verifier-that-nobody-made-a-challenge-of-here")] {
        let mut fields = fields.to_vec();
        fields.extend(wrong.map(|verifier| ("code_verifier", verifier)));
        let answer = world.party.post("/oauth/token", &fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    }
    assert!(world.tokens(&[]).await.json["access_token"].is_string());
}
