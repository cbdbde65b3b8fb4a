//! The whole application in this process: browsers with cookie jars and authenticators, over the real router.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use account::role::Role;
use account::user::User;
use authenticator::client::{self, Client};
use authenticator::{Authenticator, Settings};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use fido::options::UserVerification;
use http_body_util::BodyExt;
use primitives::secret::SecretText;
use primitives::time::Span;
use serde_json::{Value, json};
use server::app::{App, Site, router};
use server::config::Origin;
use server::context::Ambient;
use tower::ServiceExt;

use crate::deployment::{ORIGIN, TestContext, Variation};
use crate::entropy::SeededEntropy;

/// Seeds of requests, apart from those that [`TestContext`] draws.
const FIRST_SEED: u64 = 1 << 32;

/// No two browsers of a test run make the same keys, not even in front of different deployments.
static BROWSERS: AtomicU64 = AtomicU64::new(1);

/// A deployment with its pages.
pub struct TestApp {
    /// The deployment behind them.
    pub test: TestContext,
    /// The service that a listener would serve.
    pub router: Router,
}

impl TestApp {
    /// On a fresh SQLite file.
    pub async fn sqlite() -> Self {
        Self::on(TestContext::sqlite().await)
    }

    /// The same, but different.
    pub async fn sqlite_with(variation: Variation) -> Self {
        Self::on(TestContext::sqlite_with(variation).await)
    }

    /// On a fresh PostgreSQL database; `None` where there is none, with the reason printed.
    pub async fn postgres() -> Option<Self> {
        TestContext::postgres().await.map(Self::on)
    }

    /// The pages of `test`.
    pub fn on(test: TestContext) -> Self {
        Self::on_site(test, |_| {})
    }

    /// The pages of `test`, with something about the site changed.
    pub fn on_site(test: TestContext, change: impl FnOnce(&mut Site)) -> Self {
        let origin = Origin::parse(test.origin()).unwrap_or_else(|error| panic!("{error}"));
        let mut site = Site::at(origin);
        change(&mut site);
        let (clock, seeds) = (test.clock.clone(), AtomicU64::new(FIRST_SEED));
        let ambient = Ambient::new(
            move || clock.now(),
            move || Box::new(SeededEntropy::new(seeds.fetch_add(1, Ordering::SeqCst))),
        );
        let router = router(App::new(Arc::clone(&test.cx), site, ambient));
        Self { test, router }
    }

    /// A browser without cookies, with a platform authenticator.
    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            headers: HeaderMap::new(),
            authenticator: Arc::new(Mutex::new(Authenticator::new(Settings::platform()))),
            number: BROWSERS.fetch_add(1, Ordering::SeqCst),
            draws: Cell::new(0),
        }
    }

    /// Adds somebody.
    pub async fn user(&self, login: &str) -> User {
        self.test.add_user(login, Role::User).await
    }

    /// Adds somebody with a pass of an hour.
    pub async fn starter(&self, login: &str) -> (User, SecretText) {
        let user = self.user(login).await;
        let pass = self.test.issue(&user).await;
        (user, pass)
    }

    /// Adds somebody with a passkey, signed in.
    pub async fn member(&self, login: &str) -> (User, Browser) {
        let (user, pass) = self.starter(login).await;
        let mut browser = self.browser();
        browser.redeem(login, pass.reveal()).await;
        browser.register().await;
        browser.sign_in().await.json_ok();
        (user, browser)
    }

    /// Moves the clock ahead.
    pub fn advance(&self, span: Span) {
        self.test.advance(span);
    }
}

/// A browser with its cookies and an authenticator.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// The cookies that it holds.
    pub cookies: BTreeMap<String, String>,
    /// What it sends besides what browsers send.
    pub headers: HeaderMap,
    /// The authenticator at hand; a clone of the browser reaches for the same one.
    pub authenticator: Arc<Mutex<Authenticator>>,
    number: u64,
    draws: Cell<u64>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header's text; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The cookies that it sets, as they stand.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The body as JSON that says that a step succeeded.
    pub fn json_ok(&self) -> Value {
        let json = self.json();
        assert_eq!((self.status, &json["ok"]), (StatusCode::OK, &Value::Bool(true)), "{json}");
        json
    }

    /// The code of a refusal; ceremonies are refused with 200.
    pub fn refusal(&self) -> String {
        let json = self.json();
        assert_eq!((self.status, &json["ok"]), (StatusCode::OK, &Value::Bool(false)), "{json}");
        json["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The body without what differs between any two answers: the request's reference.
    pub fn without_reference(&self) -> String {
        self.body.replace(self.header("x-request-id"), "REFERENCE")
    }
}

impl Browser {
    /// With another kind of authenticator.
    pub fn with(mut self, settings: Settings) -> Self {
        self.authenticator = Arc::new(Mutex::new(Authenticator::new(settings)));
        self
    }

    /// Sends a request as it is, with the cookies, and keeps those that come back.
    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        if !cookies.is_empty() {
            headers
                .insert(header::COOKIE, cookies.join("; ").parse().unwrap_or_else(|error| panic!("{error}")));
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap_or_else(|error| panic!("{error}")).to_bytes();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        self.keep_cookies(&answer);
        answer
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if attributes.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn request(method: Method, path: &str, content_type: Option<&str>, body: Body) -> Request<Body> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(
                header::USER_AGENT,
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
            )
            .header("sec-fetch-site", "same-origin");
        if method == Method::POST {
            request = request.header(header::ORIGIN, ORIGIN);
        }
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        request.body(body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Self::request(Method::GET, path, None, Body::empty())).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let form = Some("application/x-www-form-urlencoded");
        self.send(Self::request(Method::POST, path, form, Body::from(body.join("&")))).await
    }

    /// Sends JSON, as a page's script does.
    pub async fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        self.post_text(path, body.to_string()).await
    }

    /// Sends what a script would only send by mistake.
    pub async fn post_text(&mut self, path: &str, body: String) -> Answer {
        self.send(Self::request(Method::POST, path, Some("application/json"), Body::from(body))).await
    }

    /// Enters a pass.
    pub async fn redeem(&mut self, login: &str, pass: &str) -> Answer {
        self.post("/signin/tap", &[("identifier", login), ("pass", pass)]).await
    }

    /// The session cookie.
    pub fn session(&self) -> Option<&String> {
        self.cookies.get("__Host-keyward-session")
    }

    fn authenticator(&self) -> MutexGuard<'_, Authenticator> {
        self.authenticator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self) -> &'static str {
        match self.authenticator().settings.attachment {
            fido::credential::Attachment::Platform => "this-computer",
            fido::credential::Attachment::CrossPlatform => "security-key",
        }
    }

    /// What the browser answers to creation options.
    pub fn create(&mut self, options: &Value) -> Value {
        let draw = self.draws.get() + 1;
        self.draws.set(draw);
        let mut entropy = SeededEntropy::new((self.number << 40) | draw);
        let created = client::create(&mut self.authenticator(), ORIGIN, options, &mut entropy);
        created.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What the browser answers to request options.
    pub fn assert(&mut self, options: &Value) -> Value {
        let got = client::get(&mut self.authenticator(), ORIGIN, options);
        got.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What a dishonest client answers, whose authenticator keeps to no `credProtect` and did not verify the person.
    pub fn assert_unverified(&mut self, options: &Value) -> Value {
        self.authenticator().vault.forget_protection();
        let client = Client { user_verification: Some(UserVerification::Discouraged), ..Client::new(ORIGIN) };
        client.get(&mut self.authenticator(), options).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Registers a passkey where the session may; gives its id.
    pub async fn register(&mut self) -> String {
        let begun =
            self.post_json("/me/security/add/begin", &json!({ "place": self.place() })).await.json_ok();
        let response = self.create(&begun["options"]);
        let finish = json!({ "state": begun["state"], "response": response });
        let done = self.post_json("/me/security/add/finish", &finish).await.json_ok();
        let next = done["next"].as_str().unwrap_or_default().to_owned();
        next.split('/').nth(4).unwrap_or_else(|| panic!("{next}")).to_owned()
    }

    /// Signs in with the passkey at hand.
    pub async fn sign_in(&mut self) -> Answer {
        let begun = self.post_json("/signin/begin", &json!({})).await.json_ok();
        let response = self.assert(&begun["options"]);
        self.post_json("/signin/finish", &json!({ "state": begun["state"], "response": response })).await
    }

    /// Confirms an action with the passkey at hand.
    pub async fn confirm(&mut self, action: &str, target: Option<&str>) -> Answer {
        let begin = json!({ "action": action, "target": target });
        let begun = self.post_json("/me/confirm/begin", &begin).await.json_ok();
        let response = self.assert(&begun["options"]);
        self.post_json("/me/confirm/finish", &json!({ "state": begun["state"], "response": response })).await
    }

    /// Tries a passkey.
    pub async fn try_passkey(&mut self, id: &str) -> Answer {
        let begun = self.post_json("/me/security/try/begin", &json!({ "passkey": id })).await.json_ok();
        let response = self.assert(&begun["options"]);
        self.post_json("/me/security/try/finish", &json!({ "state": begun["state"], "response": response }))
            .await
    }
}

/// A value in a form's body.
fn encode(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    })
}
