//! A deployment with a person, a browser and a client, as the suite has them.

use std::collections::BTreeMap;

use account::user::User;
use axum::http::{HeaderMap, Method, StatusCode};
use oidc::client::SigningAlg;
use oidc::jwt::{self, Key, Typ};
use oidc::{key_set, parameters::Parameters};
use serde_json::{Map, Value};
use testkit::app::{Answer, Browser, TestApp};
use testkit::application::RelyingParty;
use testkit::deployment::ORIGIN;

/// The suite's variant `response_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `default`: the query.
    Default,
    /// `form_post`.
    FormPost,
}

/// What the authorization endpoint answers, by its parameters.
pub(crate) type Told = BTreeMap<String, String>;

pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) user: User,
    pub(crate) browser: Browser,
    pub(crate) party: RelyingParty,
    mode: Mode,
    /// How often the person had to use the passkey since the last [`World::forget`].
    pub(crate) ceremonies: u32,
}

/// What the token endpoint answers.
pub(crate) struct Tokens {
    pub(crate) answer: Answer,
    pub(crate) json: Value,
    /// The claims of the ID token, whose signature was checked.
    pub(crate) claims: Map<String, Value>,
    /// Its header.
    pub(crate) header: Value,
}

impl Tokens {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_default()
    }
}

impl World {
    /// Nobody is signed in, but somebody has a passkey at hand.
    pub(crate) async fn new(mode: Mode) -> Self {
        Self::on(TestApp::sqlite().await, mode).await
    }

    pub(crate) async fn on(app: TestApp, mode: Mode) -> Self {
        service::signing_keys::ensure_of(&app.test.cx, &[SigningAlg::Es256]).await.unwrap();
        let (user, mut browser) = app.member("ana@example.com").await;
        browser.cookies.clear();
        let party = RelyingParty::add(&app, "plan").await;
        Self { app, user, browser, party, mode, ceremonies: 0 }
    }

    pub(crate) fn forget(&mut self) {
        self.ceremonies = 0;
    }

    /// The request in an address, in this plan's response mode.
    pub(crate) fn question(&self, other: &[(&str, &str)]) -> String {
        match self.mode {
            Mode::Default => self.party.question(other),
            Mode::FormPost => {
                let named = other.iter().any(|(name, _)| *name == "response_mode");
                let mut other = other.to_vec();
                if !named {
                    other.push(("response_mode", "form_post"));
                }
                self.party.question(&other)
            }
        }
    }

    /// Asks, does what the pages ask for, and gives what the client is told.
    pub(crate) async fn ask(&mut self, other: &[(&str, &str)]) -> Told {
        let question = self.question(other);
        let answer = self.browser.get(&question).await;
        self.follow(answer).await
    }

    /// Goes on as a person would, until the browser leaves for the client.
    pub(crate) async fn follow(&mut self, first: Answer) -> Told {
        let mut answer = first;
        for _ in 0..8 {
            if let Some(told) = self.delivered(&answer) {
                return told;
            }
            answer = match answer.location() {
                "/signin" => {
                    self.ceremonies += 1;
                    let done = self.browser.sign_in().await.json_ok();
                    self.browser.get(done["next"].as_str().unwrap()).await
                }
                "" => {
                    let target = attribute(&answer.body, "data-target=\"")
                        .unwrap_or_else(|| panic!("{}", answer.body));
                    self.ceremonies += 1;
                    self.browser.confirm("step-up", Some(&target)).await.json_ok();
                    self.browser.get("/authorize/continue").await
                }
                to => {
                    let to = to.to_owned();
                    self.browser.get(&to).await
                }
            };
        }
        panic!("the pages lead nowhere: {answer:?}");
    }

    /// What the client is told by this answer, in the mode of this plan.
    fn delivered(&self, answer: &Answer) -> Option<Told> {
        let to = &self.party.redirect_uri;
        match self.mode {
            Mode::Default => {
                let rest = answer.location().strip_prefix(to.as_str())?;
                assert!(rest.starts_with('?'), "not in the query: {rest}");
                Some(answer.told(to))
            }
            Mode::FormPost => {
                assert!(!answer.location().starts_with(to.as_str()), "not by a form: {}", answer.location());
                let form = format!("action=\"{to}\"");
                answer.body.contains(&form).then(|| fields(&answer.body))
            }
        }
    }

    /// A code for these parameters, and what comes of it.
    pub(crate) async fn tokens(&mut self, other: &[(&str, &str)]) -> Tokens {
        let told = self.ask(other).await;
        assert_eq!(told.get("error"), None, "{told:?}");
        let answer = self.party.exchange(&told["code"]).await;
        self.read(answer).await
    }

    /// Reads what the token endpoint answered, and checks the signature of the ID token with the published keys.
    pub(crate) async fn read(&self, answer: Answer) -> Tokens {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let json = answer.json();
        let id_token = json["id_token"].as_str().unwrap().to_owned();
        let claims = jwt::open(&id_token, &self.keys().await, Typ::OrNone("JWT"), &["ES256"]).unwrap();
        let header = id_token.split('.').next().unwrap();
        let header = primitives::encoding::from_base64url(header).unwrap();
        Tokens { answer, json, claims, header: serde_json::from_slice(&header).unwrap() }
    }

    /// What the provider publishes at an address.
    pub(crate) async fn published(&self, path: &str) -> Answer {
        self.party.send(Method::GET, path, HeaderMap::new(), String::new()).await
    }

    pub(crate) async fn discovery(&self) -> Value {
        self.published("/.well-known/openid-configuration").await.json()
    }

    pub(crate) async fn keys(&self) -> Vec<Key> {
        key_set::read(&self.published("/oauth/jwks").await.json()).unwrap()
    }

    /// The claims of userinfo.
    pub(crate) async fn userinfo(&self, tokens: &Tokens) -> Value {
        let answer = self.party.userinfo(tokens.text("access_token")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    pub(crate) fn issuer(&self) -> &'static str {
        ORIGIN
    }
}

/// The attribute's value at its first place.
pub(crate) fn attribute(body: &str, start: &str) -> Option<String> {
    let (_, rest) = body.split_once(start)?;
    rest.split_once('"').map(|(value, _)| value.replace("&#38;", "&").replace("&amp;", "&"))
}

/// The hidden fields of a page's form.
pub(crate) fn fields(body: &str) -> Told {
    let inputs = body.split("<input type=\"hidden\" ").skip(1);
    inputs.filter_map(|input| Some((attribute(input, "name=\"")?, attribute(input, "value=\"")?))).collect()
}

/// The parameters behind an address.
pub(crate) fn query(address: &str) -> Told {
    let text = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let read = Parameters::parse(text).unwrap_or_else(|refusal| panic!("{address}: {}", refusal.code()));
    let names = ["state", "error", "code", "iss", "sid"];
    names.iter().filter_map(|name| Some(((*name).to_owned(), read.get(name)?.to_owned()))).collect()
}
