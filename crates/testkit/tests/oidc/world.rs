//! An application with its person, as the use cases see them.

use std::sync::Arc;

use account::role::Role;
use oidc::client::{ClientId, SigningAlg};
use oidc::client_authentication::Presented;
use oidc::dpop::Proof;
use oidc::parameters::Parameters;
use oidc::scope::Scopes;
use primitives::secret::SecretText;
use primitives::{digest, encoding};
use serde_json::{Map, Value};
use service::Context;
use service::authorize::{self, BeginError, Pending, Step};
use service::client_authentication::{self, AuthenticatedClient, ClientError};
use service::exchange_code::{self, Exchange};
use service::read_userinfo::{self, AccessRefused, Userinfo};
use service::refresh::{self, Refresh};
use service::signing_keys;
use service::tokens::{TokenError, Tokens};
use store::clients::{self, Stored};
use testkit::application::{self, VERIFIER};
use testkit::{TestContext, Visitor};

pub(crate) const ISSUER: &str = "http://localhost:8080";
pub(crate) const ANA: &str = "ana@example.com";

/// An application that knows its secret.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) id: ClientId,
    secret: SecretText,
    pub(crate) redirect_uri: String,
}

/// Keys that sign; no RSA, which takes a moment.
pub(crate) async fn keys(test: &TestContext) {
    signing_keys::ensure_of(&test.cx, &[SigningAlg::Es256, SigningAlg::EdDsa]).await.unwrap();
}

/// An application, changed as a test wants it.
pub(crate) async fn app_with(test: &TestContext, id: &str, change: impl FnOnce(&mut Stored)) -> App {
    keys(test).await;
    let mut stored = application::stored(test, id);
    change(&mut stored);
    let redirect_uri = stored.client.redirect_uris[0].clone();
    let secret = application::insert(test, stored).await;
    App { id: ClientId::parse(id).unwrap(), secret: SecretText::new(secret), redirect_uri }
}

/// An application of the organisation's own, pre-approved, confidential, that may refresh.
pub(crate) async fn app(test: &TestContext, id: &str) -> App {
    app_with(test, id, |_| {}).await
}

/// Somebody with a passkey, signed in.
pub(crate) async fn ana(test: &TestContext) -> Visitor<'_> {
    let mut ana = Visitor::new(test, "laptop");
    ana.onboard(ANA, Role::User).await;
    ana
}

pub(crate) fn scopes(text: &str) -> Scopes {
    Scopes::parse(text).unwrap()
}

impl App {
    pub(crate) fn secret(&self) -> String {
        self.secret.reveal().to_owned()
    }

    /// Its request, with some parameters otherwise; an empty one is left out.
    pub(crate) fn asks(&self, other: &[(&str, &str)]) -> String {
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
        let pairs = all.map(|(name, value)| format!("{name}={}", oidc::parameters::encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    pub(crate) async fn begin(
        &self,
        test: &TestContext,
        other: &[(&str, &str)],
    ) -> Result<Pending, BeginError> {
        authorize::begin(&test.cx, test.now(), ISSUER, &self.asks(other)).await
    }

    /// What happens next for whoever is at that browser.
    pub(crate) async fn step(&self, at: &Visitor<'_>, pending: &Pending) -> Step {
        let who = at.who_is_it().await;
        let next = authorize::next(at.cx(), &mut at.caller(), ISSUER, pending, who.as_ref()).await;
        next.unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// The first step of a request.
    pub(crate) async fn first_step(
        &self,
        test: &TestContext,
        at: &Visitor<'_>,
        other: &[(&str, &str)],
    ) -> Step {
        let pending = self.begin(test, other).await.unwrap_or_else(|error| panic!("{error:?}"));
        self.step(at, &pending).await
    }

    /// A code, where nothing has to be asked.
    pub(crate) async fn code(&self, test: &TestContext, at: &Visitor<'_>, other: &[(&str, &str)]) -> String {
        code_of(&self.first_step(test, at, other).await)
    }

    /// The error that it hears without anybody being asked.
    pub(crate) async fn silently(&self, test: &TestContext, at: &Visitor<'_>) -> String {
        let other = [("prompt", "none")];
        said(&self.first_step(test, at, &other).await, "error").unwrap_or_else(|| "nothing".to_owned())
    }

    pub(crate) async fn authenticated(&self, test: &TestContext) -> AuthenticatedClient {
        self.authenticate(test).await.unwrap_or_else(|error| panic!("{error:?}"))
    }

    pub(crate) async fn authenticate(&self, test: &TestContext) -> Result<AuthenticatedClient, ClientError> {
        let presented = Presented::Secret {
            id: self.id.clone(),
            secret: self.secret.clone(),
            method: oidc::client::Authentication::ClientSecretBasic,
        };
        client_authentication::authenticate(&test.cx, &mut test.caller("app"), ISSUER, &presented, &[]).await
    }

    pub(crate) async fn exchange(&self, test: &TestContext, code: &str) -> Result<Tokens, TokenError> {
        let with = Exchange {
            code,
            redirect_uri: Some(&self.redirect_uri),
            verifier: Some(VERIFIER),
            resources: &[],
            proof: None,
        };
        self.exchange_with(test, with).await
    }

    pub(crate) async fn exchange_with(
        &self,
        test: &TestContext,
        with: Exchange<'_>,
    ) -> Result<Tokens, TokenError> {
        let authenticated = self.authenticated(test).await;
        exchange_code::exchange(&test.cx, &mut test.caller("app"), ISSUER, &authenticated, with).await
    }

    /// Tokens for whoever is at that browser, where nothing has to be asked.
    pub(crate) async fn enter(&self, test: &TestContext, at: &Visitor<'_>, scope: &str) -> Tokens {
        let code = self.code(test, at, &[("scope", scope)]).await;
        self.exchange(test, &code).await.unwrap_or_else(|error| panic!("{error:?}"))
    }

    pub(crate) async fn refresh(&self, test: &TestContext, tokens: &Tokens) -> Result<Tokens, TokenError> {
        let token = tokens.refresh_token.as_deref().unwrap_or_default();
        let with = Refresh { token, scopes: None, resources: &[], proof: None };
        self.refresh_with(test, with).await
    }

    pub(crate) async fn refresh_with(
        &self,
        test: &TestContext,
        with: Refresh<'_>,
    ) -> Result<Tokens, TokenError> {
        let authenticated = self.authenticated(test).await;
        refresh::refresh(&test.cx, &mut test.caller("app"), ISSUER, &authenticated, with).await
    }

    /// Changes its row behind everybody's back.
    pub(crate) async fn change(&self, test: &TestContext, change: impl Fn(&mut Stored) + Send + 'static) {
        let id = self.id.clone();
        let changed = test.cx.db.write(move |tx| {
            let mut stored = clients::by_id(tx, &id)?.unwrap();
            change(&mut stored);
            clients::update(tx, &stored)
        });
        let changed: Result<bool, store::StoreError> = changed.await;
        assert!(changed.unwrap());
    }
}

/// What userinfo says, as JSON.
pub(crate) async fn userinfo(
    test: &TestContext,
    tokens: &Tokens,
) -> Result<Map<String, Value>, AccessRefused> {
    userinfo_with(test, tokens, None).await
}

pub(crate) async fn userinfo_with(
    test: &TestContext,
    tokens: &Tokens,
    proof: Option<&Proof>,
) -> Result<Map<String, Value>, AccessRefused> {
    let said = read_userinfo::read(&test.cx, test.now(), ISSUER, &tokens.access_token, proof).await?;
    match said {
        Userinfo::Json(claims) => Ok(claims),
        Userinfo::Signed(_) => panic!("nobody asked for a signature"),
    }
}

/// A parameter of an answer.
pub(crate) fn said(step: &Step, name: &str) -> Option<String> {
    match step {
        Step::Answer(answer) => answer.get(name).map(str::to_owned),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn code_of(step: &Step) -> String {
    said(step, "code").unwrap_or_else(|| panic!("{:?}: {step:?}", said(step, "error")))
}

/// The claims of a token that this deployment signed.
pub(crate) fn claims(test: &TestContext, token: &str, typ: &str) -> Map<String, Value> {
    let keys = test.cx.signing.current().verifying();
    let typ = oidc::jwt::Typ::Exactly(typ);
    oidc::jwt::open(token, &keys, typ, &["ES256", "EdDSA"]).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

/// The code of an outcome, or `ok`.
pub(crate) fn outcome<T>(result: &Result<T, TokenError>) -> &'static str {
    result.as_ref().err().map_or("ok", TokenError::code)
}

/// The same of access.
pub(crate) fn access<T>(result: &Result<T, AccessRefused>) -> &'static str {
    result.as_ref().err().map_or("ok", AccessRefused::code)
}

/// What commits there were while something happened.
pub(crate) struct Commits<'t>(&'t Arc<Context>, u64);

impl<'t> Commits<'t> {
    pub(crate) fn count(test: &'t TestContext) -> Self {
        Self(&test.cx, test.cx.db.stats().jobs)
    }

    pub(crate) fn since(&self) -> u64 {
        self.0.db.stats().jobs - self.1
    }
}

/// A request's parameters.
pub(crate) fn parameters(text: &str) -> Parameters {
    Parameters::parse(text).unwrap()
}
