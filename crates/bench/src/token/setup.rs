//! What has to be there before anything is measured: a client, and people who are signed in.

use primitives::digest;
use primitives::encoding::{base64, base64url};
use serde_json::Value;

use crate::failure::Failure;
use crate::http::{Connection, Endpoint};
use crate::person::Person;
use crate::population::{self, Deployment};
use crate::worker;

/// Where codes go; nobody is there.
const REDIRECT_URI: &str = "https://bench.example/callback";
/// What every request proves at its exchange.
const VERIFIER: &str = "a-verifier-that-is-as-long-as-they-have-to-be-0123456789";
/// What is asked for.
const SCOPE: &str = "openid%20profile%20email%20offline_access";

/// The client, and what it sends.
pub(crate) struct Client {
    /// The path and query of its authorization request.
    pub(crate) question: String,
    /// Its secret in a header.
    pub(crate) authorization: String,
    /// What it sends with a code, which comes behind.
    pub(crate) exchange: String,
}

/// Adds a confidential client of the organisation's own, by the command line.
pub(super) fn client(deployment: &Deployment) -> Result<Client, Failure> {
    let words = [
        "client",
        "add",
        "--name",
        "bench",
        "--auth",
        "client_secret_basic",
        "--redirect-uri",
        REDIRECT_URI,
        "--scopes",
        "openid profile email offline_access",
        "--grants",
        "authorization_code,refresh_token,client_credentials",
    ];
    let added = population::command(deployment, &words)?;
    let text = |name: &str| {
        let found = added.get(name).and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| Failure::new(format!("`keyward client add` gave no {name}")))
    };
    // Both are of characters that stand for themselves in a form.
    let (id, secret) = (text("clientId")?, text("clientSecret")?);
    let challenge = base64url(&digest::sha256(VERIFIER.as_bytes()));
    let redirect = "https%3A%2F%2Fbench.example%2Fcallback";
    Ok(Client {
        question: format!(
            "/authorize?client_id={id}&redirect_uri={redirect}&response_type=code&scope={SCOPE}&state=s&nonce=n\
             &code_challenge={challenge}&code_challenge_method=S256"
        ),
        authorization: format!("Basic {}", base64(format!("{id}:{secret}").as_bytes())),
        exchange: format!(
            "grant_type=authorization_code&redirect_uri={redirect}&code_verifier={VERIFIER}&code="
        ),
    })
}

/// Signs everybody in: the `Cookie` header of each.
pub(super) fn sessions(endpoint: &Endpoint, people: Vec<Person>) -> Result<Vec<String>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    runtime.block_on(async {
        let connection = Connection::open(endpoint).await;
        let mut connection = connection.map_err(|error| Failure::new(error.to_string()))?;
        let mut sessions = Vec::with_capacity(people.len());
        for mut person in people {
            let browser = worker::browser_cookie(&mut connection).await.map_err(Failure::new)?;
            let signed_in = worker::sign_in(&mut connection, &browser, endpoint, &mut person).await;
            sessions.push(signed_in.map_err(Failure::new)?.1);
        }
        Ok(sessions)
    })
}
