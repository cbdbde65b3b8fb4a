//! How requests come: by the browser, pushed ahead, and what is refused on every path (assurance O5, O8).

use oidc::authorization::Refusal;
use oidc::client::{ResponseMode, SigningAlg};
use oidc::dpop::Proof;
use oidc::response::AuthorizationResponse;
use primitives::time::Span;
use service::authorize::{self, BeginError, PushError, Step};
use testkit::{TestContext, on_both_databases};

use crate::world::{self, App, ISSUER, code_of, parameters};

/// What the browser is led to, or what is shown in its place.
fn refused(begun: Result<authorize::Pending, BeginError>) -> (&'static str, Option<AuthorizationResponse>) {
    match begun.unwrap_err() {
        BeginError::Shown(refusal, _) => (refusal.code(), None),
        BeginError::Answered(refusal, answer) => (refusal.code(), Some(answer)),
        BeginError::Store(error) => panic!("{error}"),
    }
}

async fn what_a_client_may_not_is_refused_on_every_path(test: TestContext) {
    let app = world::app_with(&test, "payroll", |stored| {
        stored.client.response_modes = vec![ResponseMode::Query];
    })
    .await;
    let cases = [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", "id_token"), "unsupported_response_type"),
        (("response_type", "code id_token"), "unsupported_response_type"),
        (("response_mode", "fragment"), "invalid_request"),
        (("response_mode", "form_post"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", "S512"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
    ];
    for (other, error) in cases {
        let (code, answer) = refused(app.begin(&test, &[other]).await);
        let answer = answer.unwrap_or_else(|| panic!("{other:?}: {code}"));
        assert_eq!(
            (answer.get("error"), answer.get("code"), answer.mode),
            (Some(error), None, ResponseMode::Query)
        );
        assert_eq!(push(&test, &app, &[other], None).await.unwrap_err().code(), code, "{other:?}");
    }
    for uri in
        ["https://payroll.example/callback/", "https://payroll.example:444/callback", "https://evil.example"]
    {
        let (code, answer) = refused(app.begin(&test, &[("redirect_uri", uri)]).await);
        assert_eq!((code, answer), ("redirect_uri_mismatch", None), "{uri}");
    }
    // A request that waited is measured by what is registered now: back button, restart, another tab.
    let pending = app.begin(&test, &[]).await.unwrap();
    app.change(&test, |stored| stored.client.redirect_uris = vec!["https://new.example".to_owned()]).await;
    let gone = authorize::next(&test.cx, &mut test.caller("laptop"), ISSUER, &pending, None).await;
    assert_eq!(gone.unwrap_err().code(), "redirect_uri_mismatch");
}

async fn push(
    test: &TestContext,
    app: &App,
    other: &[(&str, &str)],
    proof: Option<&Proof>,
) -> Result<authorize::Pushed, PushError> {
    let authenticated = app.authenticated(test).await;
    let asked = parameters(&app.asks(other));
    authorize::push(&test.cx, &mut test.caller("app"), ISSUER, &authenticated, (&asked, proof)).await
}

async fn a_pushed_request_is_one_clients_for_ninety_seconds(test: TestContext) {
    let app = world::app_with(&test, "payroll", |stored| stored.client.pushed_only = true).await;
    let other = world::app(&test, "wiki").await;
    let ana = world::ana(&test).await;
    let (code, _) = refused(app.begin(&test, &[]).await);
    assert_eq!(code, Refusal::PushedOnly.code());
    let before = world::Commits::count(&test);
    let pushed = push(&test, &app, &[("scope", "openid email")], None).await.unwrap();
    assert_eq!((before.since(), pushed.expires_in), (0, Span::from_secs(90)));
    let brought = |client: &str| {
        format!("client_id={client}&request_uri={}", oidc::parameters::encode(&pushed.request_uri))
    };
    let begin = |text: String| {
        let test = &test;
        async move { authorize::begin(&test.cx, test.now(), ISSUER, &text).await }
    };
    let pending = begin(brought("payroll")).await.unwrap();
    let code = code_of(&app.step(&ana, &pending).await);
    assert_eq!(app.exchange(&test, &code).await.unwrap().scopes, world::scopes("openid email"));
    // What stands beside it counts for nothing.
    let pending = begin(format!("{}&scope=openid+groups", brought("payroll"))).await.unwrap();
    assert_eq!(pending.request.scopes, world::scopes("openid email"));
    let stolen = begin(brought(other.id.as_str())).await.unwrap_err();
    assert_eq!(stolen.code(), Refusal::RequestUriInvalid.code());
    test.advance(Span::from_secs(90));
    assert_eq!(begin(brought("payroll")).await.unwrap_err().code(), Refusal::RequestUriInvalid.code());
    let foreign = begin("client_id=payroll&request_uri=https%3A%2F%2Fevil.example%2Fr".to_owned()).await;
    assert_eq!(foreign.unwrap_err().code(), Refusal::RequestUriForeign.code());
}

async fn a_pushed_request_binds_the_code_to_a_key(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let proof = Proof { jkt: "key one".to_owned(), jti: "1".to_owned(), iat: test.now() };
    let pushed = push(&test, &app, &[], Some(&proof)).await.unwrap();
    assert_eq!(push(&test, &app, &[], Some(&proof)).await.unwrap_err().code(), "dpop_used");
    let text = format!("client_id=payroll&request_uri={}", oidc::parameters::encode(&pushed.request_uri));
    let pending = authorize::begin(&test.cx, test.now(), ISSUER, &text).await.unwrap();
    let code = code_of(&app.step(&ana, &pending).await);
    assert_eq!(world::outcome(&app.exchange(&test, &code).await), "dpop_missing");
}

async fn an_answer_is_signed_where_the_client_wants_that(test: TestContext) {
    let app = world::app_with(&test, "payroll", |stored| {
        stored.client.response_alg = Some(SigningAlg::EdDsa);
    })
    .await;
    let ana = world::ana(&test).await;
    let step = app.first_step(&test, &ana, &[("response_mode", "jwt")]).await;
    let Step::Answer(answer) = &step else { panic!("{step:?}") };
    assert_eq!(answer.parameters.len(), 1);
    let said = world::claims(&test, answer.get("response").unwrap(), "JWT");
    assert_eq!(
        (&said["iss"], &said["aud"], &said["state"]),
        (&ISSUER.into(), &"payroll".into(), &"state-1".into())
    );
    app.exchange(&test, said["code"].as_str().unwrap()).await.unwrap();
    // Errors too, from the first one on.
    let (_, answer) = refused(app.begin(&test, &[("response_mode", "jwt"), ("prompt", "sing")]).await);
    let said = world::claims(&test, answer.unwrap().get("response").unwrap(), "JWT");
    assert_eq!((&said["error"], said.get("code")), (&"invalid_request".into(), None));
    // It is no ID token.
    let silent = [("response_mode", "jwt"), ("prompt", "none")];
    let step = app.first_step(&test, &ana, &silent).await;
    let Step::Answer(answer) = &step else { panic!("{step:?}") };
    let as_hint = [("id_token_hint", answer.get("response").unwrap())];
    assert_eq!(app.begin(&test, &as_hint).await.unwrap_err().code(), "id_token_hint");
}

async fn nobody_knows_the_client(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let begin = |text: &'static str| {
        let test = &test;
        async move { refused(authorize::begin(&test.cx, test.now(), ISSUER, text).await).0 }
    };
    assert_eq!(begin("").await, Refusal::ClientIdMissing.code());
    assert_eq!(begin("client_id=nobody").await, "client_unknown");
    assert_eq!(begin("client_id=payroll&client_id=payroll").await, "parameter_duplicate");
    app.change(&test, |stored| stored.enabled = false).await;
    assert_eq!(begin("client_id=payroll").await, "client_unknown");
}

on_both_databases! {
    what_a_client_may_not_is_refused_on_every_path,
    a_pushed_request_is_one_clients_for_ninety_seconds,
    a_pushed_request_binds_the_code_to_a_key,
    an_answer_is_signed_where_the_client_wants_that,
    nobody_knows_the_client,
}
