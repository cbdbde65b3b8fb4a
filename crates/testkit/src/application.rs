//! An application of somebody else's: a client of the provider, as tests of routes use it.

use std::collections::BTreeMap;

use account::application::{Application, Consent, Lifetimes, Provenance};
use account::audit::Actor;
use account::policy::Needed;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt;
use oidc::client::{Authentication, Client, ClientId, ClientKeys, GrantType, ResponseMode, SigningAlg};
use oidc::parameters::{Parameters, encode};
use oidc::scope::Scopes;
use primitives::secret::Token;
use primitives::{digest, encoding};
use store::clients::{self, SecretDigest, Stored};

use crate::app::{Answer, TestApp};
use crate::deployment::TestContext;

/// What every request of these applications proves at the end.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// An application.
#[derive(Clone)]
pub struct RelyingParty {
    /// `client_id`.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// The one address that it registered, unless it was changed.
    pub redirect_uri: String,
    router: Router,
}

/// What an application registers unless a test wants it otherwise: a confidential client of the organisation's own that
/// asks for consent once, with every scope and mode.
pub fn client(id: &str) -> (Client, Application) {
    let client_id = ClientId::parse(id).unwrap_or_else(|error| panic!("{id}: {error}"));
    let client = Client {
        id: client_id,
        authentication: Authentication::ClientSecretBasic,
        redirect_uris: vec![format!("https://{id}.example/callback")],
        post_logout_redirect_uris: vec![format!("https://{id}.example/bye")],
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        response_modes: ResponseMode::ALL.to_vec(),
        scopes: Scopes::parse("openid profile email groups offline_access")
            .unwrap_or_else(|error| panic!("{error}")),
        id_token_alg: SigningAlg::Es256,
        userinfo_alg: None,
        response_alg: None,
        pushed_only: false,
        signed_only: false,
        dpop_bound: false,
        keys: ClientKeys::default(),
        resources: Vec::new(),
        default_max_age: None,
        default_acr_values: Vec::new(),
        backchannel_logout_uri: None,
        frontchannel_logout_uri: None,
        frontchannel_session_required: false,
    };
    let application = Application {
        name: format!("Application {id}"),
        home: Some(format!("https://{id}.example/")),
        origin: Provenance::Organisation,
        template: None,
        groups: Vec::new(),
        needed: Needed::Anything,
        prefers: false,
        consent: Consent::PreApproved,
        lifetimes: Lifetimes::default(),
        claims: Vec::new(),
        profile_in_id_token: false,
        guards: Vec::new(),
    };
    (client, application)
}

/// Puts an application into the store, past every rule about who may; gives its secret.
pub async fn insert(test: &TestContext, stored: Stored) -> String {
    let secret = encoding::base64url(&digest::sha256(stored.client.id.as_str().as_bytes()));
    let secret = Token::parse(&secret).unwrap_or_else(|| panic!("32 octets are a token"));
    let mut stored = stored;
    let created = test.now();
    let digest = clients::secret_digest(&test.cx.keys, &stored.client.id, &secret);
    if stored.client.authentication != Authentication::None {
        stored.secrets = vec![SecretDigest { digest, created, ends: None }];
    }
    let inserted = test.cx.db.write(move |tx| clients::insert(tx, &stored)).await;
    assert!(inserted.unwrap_or_else(|error| panic!("{error}")), "there is a client of that name");
    format!("kws_{}", secret.encode())
}

/// What [`insert`] takes, as it stands in the store.
pub fn stored(test: &TestContext, id: &str) -> Stored {
    let (client, application) = client(id);
    Stored {
        client,
        application,
        secrets: Vec::new(),
        registration: None,
        version: 1,
        enabled: true,
        author: Actor::Operator,
        created: test.now(),
        changed: test.now(),
    }
}

impl RelyingParty {
    /// An application called `id`, pre-approved, with every scope and mode.
    pub async fn add(app: &TestApp, id: &str) -> Self {
        Self::add_with(app, id, |_| {}).await
    }

    /// The same, but different.
    pub async fn add_with(app: &TestApp, id: &str, change: impl FnOnce(&mut Stored)) -> Self {
        let mut stored = stored(&app.test, id);
        change(&mut stored);
        let redirect_uri = stored.client.redirect_uris.first().cloned().unwrap_or_default();
        let secret = insert(&app.test, stored).await;
        Self { id: id.to_owned(), secret, redirect_uri, router: app.router.clone() }
    }

    /// What an application registers is changed behind everybody's back.
    pub async fn change(&self, app: &TestApp, change: impl Fn(&mut Stored) + Send + 'static) {
        let id = ClientId::parse(&self.id).unwrap_or_else(|error| panic!("{error}"));
        let changed = app.test.cx.db.write(move |tx| {
            let Some(mut stored) = clients::by_id(tx, &id)? else { return Ok(false) };
            change(&mut stored);
            clients::update(tx, &stored)
        });
        let changed: Result<bool, store::StoreError> = changed.await;
        assert!(changed.unwrap_or_else(|error| panic!("{error}")), "the client is gone");
    }

    /// Its request in an address. What is named in `other` takes the place of what it sends else; an empty text leaves
    /// it out.
    pub fn question(&self, other: &[(&str, &str)]) -> String {
        format!("/authorize?{}", self.asked(other))
    }

    /// The same as a form's body.
    pub fn asked(&self, other: &[(&str, &str)]) -> String {
        let challenge = encoding::base64url(&digest::sha256(VERIFIER.as_bytes()));
        let usual = [
            ("client_id", self.id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "state-1"),
            ("nonce", "nonce-1"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.iter().filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
        let all = kept.chain(other.iter().filter(|(_, value)| !value.is_empty()));
        all.map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
    }

    /// Sends a request as programs do: without cookies, and without what browsers say of themselves.
    pub async fn send(&self, method: Method, path: &str, headers: HeaderMap, body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !body.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let mut request = request.body(Body::from(body)).unwrap_or_else(|error| panic!("{path}: {error}"));
        request.headers_mut().extend(headers);
        answer_of(&self.router, request).await
    }

    /// Sends a form with its secret (`client_secret_basic`).
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, self.basic(), form(fields)).await
    }

    /// Sends a form as nobody in particular.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, HeaderMap::new(), form(fields)).await
    }

    /// Its secret in a header.
    pub fn basic(&self) -> HeaderMap {
        let pair = format!("{}:{}", encode(&self.id), encode(&self.secret));
        let value = format!("Basic {}", encoding::base64(pair.as_bytes()));
        [(header::AUTHORIZATION, value.parse().unwrap_or_else(|error| panic!("{error}")))]
            .into_iter()
            .collect()
    }

    /// An access token in a header.
    pub fn bearer(token: &str) -> HeaderMap {
        let value = format!("Bearer {token}");
        [(header::AUTHORIZATION, value.parse().unwrap_or_else(|error| panic!("{error}")))]
            .into_iter()
            .collect()
    }

    /// Exchanges a code.
    pub async fn exchange(&self, code: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ];
        self.post("/oauth/token", &fields).await
    }

    /// Uses a refresh token.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// Reads userinfo.
    pub async fn userinfo(&self, token: &str) -> Answer {
        self.send(Method::GET, "/oauth/userinfo", Self::bearer(token), String::new()).await
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

async fn answer_of(router: &Router, request: Request<Body>) -> Answer {
    use tower::ServiceExt as _;
    let response = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap_or_else(|error| panic!("{error}")).to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    Answer { status: parts.status, headers: parts.headers, body }
}

impl Answer {
    /// What an application is told by the address that this leads to, if it leads to `redirect_uri`.
    pub fn told(&self, redirect_uri: &str) -> BTreeMap<String, String> {
        let location = self.location();
        let rest = location.strip_prefix(redirect_uri);
        let rest = rest.unwrap_or_else(|| panic!("{} leads to {location:?}: {}", self.status, self.body));
        let told = Parameters::parse(rest.trim_start_matches(['?', '#', '&']));
        let told = told.unwrap_or_else(|refusal| panic!("{location}: {}", refusal.code()));
        let known = ["code", "state", "iss", "error", "error_description", "response", "session_state"];
        let pair = |name: &&str| Some(((*name).to_owned(), told.get(name)?.to_owned()));
        known.iter().filter_map(pair).collect()
    }
}
