//! Who calls: secrets, assertions, and what a client may do for itself.

use oidc::client::{Authentication, GrantType, SigningAlg};
use oidc::client_authentication::Presented;
use oidc::jwt::{self, Signer};
use primitives::cose::{Algorithm, SigningKey};
use primitives::jwk;
use primitives::secret::SecretText;
use primitives::time::Span;
use serde_json::{Map, Value, json};
use service::client_authentication::{self, AuthenticatedClient, ClientError};
use service::client_credentials::{self, Ask};
use service::tokens::TokenError;
use store::clients::{self, SecretDigest};
use testkit::{TestContext, on_both_databases};

use crate::world::{self, App, ISSUER, outcome, scopes};

async fn present(test: &TestContext, presented: &Presented) -> Result<AuthenticatedClient, ClientError> {
    let endpoint = format!("{ISSUER}/oauth/token");
    client_authentication::authenticate(&test.cx, &mut test.caller("app"), ISSUER, presented, &[&endpoint])
        .await
}

fn code(result: Result<AuthenticatedClient, ClientError>) -> &'static str {
    result.err().map_or("ok", |error| error.code())
}

async fn a_secret_is_of_one_client_and_sent_as_registered(test: TestContext) {
    let (app, other) = (world::app(&test, "payroll").await, world::app(&test, "wiki").await);
    let secret = |app: &App, method| Presented::Secret {
        id: app.id.clone(),
        secret: SecretText::new(app.secret()),
        method,
    };
    let basic = Authentication::ClientSecretBasic;
    assert_eq!(code(present(&test, &secret(&app, basic)).await), "ok");
    assert_eq!(code(present(&test, &secret(&app, Authentication::ClientSecretPost)).await), "client_method");
    assert_eq!(code(present(&test, &Presented::None(app.id.clone())).await), "client_method");
    for wrong in [other.secret(), String::new(), "kws_".to_owned(), app.secret()[4..].to_owned()] {
        let presented =
            Presented::Secret { id: app.id.clone(), secret: SecretText::new(wrong), method: basic };
        assert_eq!(code(present(&test, &presented).await), "client_secret");
    }
    let nobody = Presented::None(oidc::client::ClientId::parse("nobody").unwrap());
    assert_eq!(code(present(&test, &nobody).await), "client_unknown");
    app.change(&test, |stored| stored.enabled = false).await;
    assert_eq!(code(present(&test, &secret(&app, basic)).await), "client_disabled");
    assert!(test.count_events("client_refused").await >= 7);
}

async fn the_one_before_goes_on_until_it_ends(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let (keys, now) = (std::sync::Arc::clone(&test.cx.keys), test.now());
    app.change(&test, move |stored| {
        let token = primitives::secret::Token::generate(&mut testkit::SeededEntropy::new(5));
        let digest = clients::secret_digest(&keys, &stored.client.id, &token);
        let old = stored.secrets[0];
        stored.secrets = vec![
            SecretDigest { digest, created: now, ends: None },
            SecretDigest { ends: Some(now + Span::from_hours(1)), ..old },
        ];
    })
    .await;
    app.authenticated(&test).await;
    test.advance(Span::from_hours(1));
    assert_eq!(code(app.authenticate(&test).await), "client_secret");
}

struct Signing {
    key: SigningKey,
    kid: &'static str,
}

impl Signing {
    fn assertion(&self, client: &str, aud: &str, jti: &str, test: &TestContext) -> Presented {
        let mut claims = Map::new();
        for (name, value) in [("iss", client), ("sub", client), ("aud", aud), ("jti", jti)] {
            claims.insert(name.to_owned(), value.into());
        }
        claims.insert("exp".to_owned(), (test.now() + Span::from_secs(60)).secs().into());
        let assertion = jwt::sign(Signer { key: &self.key, kid: self.kid }, "JWT", &claims);
        Presented::Assertion { id: oidc::client::ClientId::parse(client).unwrap(), assertion }
    }

    fn set(&self) -> Value {
        json!({ "keys": [jwk::to_jwk(self.key.public_key(), Some(self.kid))] })
    }
}

async fn an_assertion_works_once(test: TestContext) {
    let signing = Signing { key: SigningKey::from_seed(Algorithm::Es256, &[5; 32]).unwrap(), kid: "one" };
    let set = signing.set();
    let app = world::app_with(&test, "payroll", move |stored| {
        stored.client.authentication = Authentication::PrivateKeyJwt;
        stored.client.keys.set = Some(set);
    })
    .await;
    let ana = world::ana(&test).await;
    let exchange = |presented: Presented| {
        let (test, app, ana) = (&test, &app, &ana);
        async move {
            let code = app.code(test, ana, &[]).await;
            let authenticated = present(test, &presented).await.unwrap();
            let with = service::exchange_code::Exchange {
                code: &code,
                redirect_uri: Some(&app.redirect_uri),
                verifier: Some(testkit::application::VERIFIER),
                resources: &[],
                proof: None,
            };
            let mut caller = test.caller("app");
            service::exchange_code::exchange(&test.cx, &mut caller, ISSUER, &authenticated, with).await
        }
    };
    let token = format!("{ISSUER}/oauth/token");
    let first = signing.assertion("payroll", &token, "1", &test);
    exchange(first.clone()).await.unwrap();
    let again = exchange(first.clone()).await.unwrap_err();
    assert_eq!((again.code(), again.error().name()), ("client_assertion_used", "invalid_client"));
    exchange(signing.assertion("payroll", ISSUER, "2", &test)).await.unwrap();
    let elsewhere = present(&test, &signing.assertion("payroll", "https://other.example", "3", &test)).await;
    assert_eq!(elsewhere.unwrap_err().code(), jwt::JwtRefusal::Audience.code());
    let stranger = Signing { key: SigningKey::from_seed(Algorithm::Es256, &[6; 32]).unwrap(), kid: "one" };
    assert!(present(&test, &stranger.assertion("payroll", ISSUER, "4", &test)).await.is_err());
    test.advance(Span::from_secs(70));
    assert_eq!(present(&test, &first).await.unwrap_err().code(), jwt::JwtRefusal::Expired.code());
}

async fn keys_that_stand_elsewhere_are_taken_once_they_were_fetched(test: TestContext) {
    let signing = Signing { key: SigningKey::from_seed(Algorithm::Es256, &[5; 32]).unwrap(), kid: "one" };
    const URI: &str = "https://payroll.example/jwks";
    world::app_with(&test, "payroll", |stored| {
        stored.client.authentication = Authentication::PrivateKeyJwt;
        stored.client.keys.uri = Some(URI.to_owned());
    })
    .await;
    let id = oidc::client::ClientId::parse("payroll").unwrap();
    let elsewhere = client_authentication::keys_elsewhere(&test.cx, &id).await.unwrap();
    assert_eq!(elsewhere.as_deref(), Some(URI));
    let presented = signing.assertion("payroll", ISSUER, "1", &test);
    assert_eq!(code(present(&test, &presented).await), "client_keys_not_fetched");
    let cache = &test.cx.client_keys;
    assert!(cache.is_due(URI, test.now(), false));
    cache.put(URI, Some(signing.set()), test.now());
    assert_eq!(code(present(&test, &presented).await), "ok");
    assert!(!cache.is_due(URI, test.now() + Span::from_secs(29), true));
    assert!(cache.is_due(URI, test.now() + Span::from_secs(30), true));
    assert!(!cache.is_due(URI, test.now() + Span::from_secs(299), false));
    // A failure takes nothing away.
    cache.put(URI, None, test.now());
    assert_eq!(code(present(&test, &presented).await), "ok");
}

async fn a_client_acts_for_itself(test: TestContext) {
    let app = world::app_with(&test, "robot", |stored| {
        stored.client.grants = vec![GrantType::ClientCredentials];
        stored.client.scopes = scopes("openid email reports");
        stored.client.resources = vec!["https://api.example".to_owned()];
    })
    .await;
    let authenticated = app.authenticated(&test).await;
    let issue = |asked: Option<&'static str>, resources: Vec<String>| {
        let (test, authenticated) = (&test, &authenticated);
        async move {
            let asked = asked.map(scopes);
            let ask = Ask { scopes: asked.as_ref(), resources: &resources, proof: None };
            client_credentials::issue(&test.cx, &mut test.caller("app"), ISSUER, authenticated, ask).await
        }
    };
    let before = world::Commits::count(&test);
    let tokens = issue(None, vec!["https://api.example".to_owned()]).await.unwrap();
    assert_eq!(before.since(), 0, "nothing is stored");
    assert_eq!(
        (tokens.scopes.to_string(), &tokens.refresh_token, &tokens.id_token),
        ("reports".to_owned(), &None, &None)
    );
    let claims = world::claims(&test, &tokens.access_token, "at+jwt");
    assert_eq!((&claims["sub"], &claims["aud"]), (&"robot".into(), &"https://api.example".into()));
    assert_eq!(outcome(&issue(Some("email"), Vec::new()).await), "scope_not_granted");
    assert_eq!(outcome(&issue(None, vec!["https://other.example".to_owned()]).await), "resource_not_allowed");
    // There is nobody behind it.
    let tokens = issue(None, Vec::new()).await.unwrap();
    assert_eq!(world::access(&world::userinfo(&test, &tokens).await), "token_scope");
    app.change(&test, |stored| stored.client.grants.clear()).await;
    let authenticated = app.authenticated(&test).await;
    let ask = Ask { scopes: None, resources: &[], proof: None };
    let refused =
        client_credentials::issue(&test.cx, &mut test.caller("app"), ISSUER, &authenticated, ask).await;
    assert_eq!(refused.unwrap_err(), TokenError::Grant);
}

async fn what_a_client_is_told_is_what_it_asked_for(test: TestContext) {
    use account::application::{Mapping, Source};
    let app = world::app_with(&test, "payroll", |stored| {
        stored.client.userinfo_alg = Some(SigningAlg::EdDsa);
        let mapping =
            |claim: &str, source, in_id_token| Mapping { claim: claim.to_owned(), source, in_id_token };
        stored.application.claims = vec![
            mapping("plant", Source::Constant("Bern".to_owned()), true),
            mapping("uid", Source::Login, false),
            mapping("number", Source::ExternalId, true),
        ];
    })
    .await;
    let ana = world::ana(&test).await;
    let claims =
        r#"{"id_token":{"name":null,"passkey_backed_up":null},"userinfo":{"passkey_attested":null}}"#;
    let code = app.code(&test, &ana, &[("claims", claims)]).await;
    let tokens = app.exchange(&test, &code).await.unwrap();
    let id = world::claims(&test, tokens.id_token.as_deref().unwrap(), "JWT");
    assert_eq!((&id["plant"], &id["name"]), (&"Bern".into(), &format!("Name of {}", world::ANA).into()));
    assert!(id.contains_key("passkey_backed_up") && !id.contains_key("uid") && !id.contains_key("number"));
    let read =
        service::read_userinfo::read(&test.cx, test.now(), ISSUER, &tokens.access_token, None).await.unwrap();
    let service::read_userinfo::Userinfo::Signed(signed) = read else { panic!("{read:?}") };
    let info = world::claims(&test, &signed, "JWT");
    assert_eq!((&info["uid"], &info["passkey_attested"]), (&world::ANA.into(), &false.into()));
    assert_eq!((&info["aud"], info.get("name")), (&"payroll".into(), None));
    // For those who ask nowhere else.
    app.change(&test, |stored| stored.application.profile_in_id_token = true).await;
    let tokens = app.enter(&test, &ana, "openid profile").await;
    let id = world::claims(&test, tokens.id_token.as_deref().unwrap(), "JWT");
    assert_eq!(id["preferred_username"], world::ANA);
}

on_both_databases! {
    a_secret_is_of_one_client_and_sent_as_registered,
    the_one_before_goes_on_until_it_ends,
    an_assertion_works_once,
    keys_that_stand_elsewhere_are_taken_once_they_were_fetched,
    a_client_acts_for_itself,
    what_a_client_is_told_is_what_it_asked_for,
}
