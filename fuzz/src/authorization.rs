//! An authorization request as a browser may bring it, a line, and as a client may sign it, the rest.

use std::sync::LazyLock;

use oidc::authorization::{self, Arrival, Refused, Request};
use oidc::claims_request::ClaimsRequest;
use oidc::client::Client;
use oidc::jwt::Key;
use oidc::parameters::Parameters;
use oidc::response::{AuthorizationResponse, Recipient};
use oidc::{pushed, redirect, request_object};
use primitives::cose::{Algorithm, SigningKey};
use primitives::jws;

use crate::ceremony::now;

const ISSUER: &str = "https://id.example";

/// A client that may do everything, as rows hold it.
const CLIENT: &str = r#"{"id":"app","authentication":"none","grants":["authorization_code","refresh_token"],
    "redirect_uris":["https://app.example/callback?a=b","http://127.0.0.1/native","app.example:/callback"],
    "response_modes":["query","fragment","form_post","query.jwt"],"scopes":"email offline_access openid",
    "id_token_alg":"ES256","resources":["urn:example:files"]}"#;

static CLIENTS: LazyLock<Option<(Client, SigningKey, [Key; 1])>> = LazyLock::new(|| {
    let client = serde_json::from_str(CLIENT).ok()?;
    let key = SigningKey::from_seed(Algorithm::Es256, &[7; 32]).ok()?;
    let keys = [Key { kid: None, public: key.public_key().clone() }];
    Some((client, key, keys))
});

/// What is read can be kept; what is answered goes to a registered place and says what was meant.
pub fn authorization(data: &[u8]) {
    let Some((client, key, keys)) = CLIENTS.as_ref() else { unreachable!("the client can be read") };
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (line, payload) = data.split_at(end);
    let Ok(text) = std::str::from_utf8(line) else { return };
    let _ = (ClaimsRequest::parse(text), pushed::sealed_of(text), redirect::origin_for_csp(text));
    if redirect::parse_registered(text).is_ok() {
        assert!(redirect::matches(text, text), "it is itself");
    }
    if let Ok(parameters) = Parameters::parse(text) {
        assert_eq!(
            Parameters::parse(&parameters.encode()).as_ref(),
            Ok(&parameters),
            "written and read again"
        );
        asked(&parameters, client, false);
    }
    let payload = payload.get(1..).unwrap_or_default();
    let signed = jws::sign(key, br#"{"alg":"ES256"}"#, payload);
    if let Ok(parameters) = request_object::verify(client, keys, &signed, ISSUER, now()) {
        assert_eq!(parameters.get("client_id"), Some("app"));
        asked(&parameters, client, true);
    }
}

fn asked(parameters: &Parameters, client: &Client, signed: bool) {
    let arrival = Arrival { issuer: ISSUER, pushed: false, signed };
    match authorization::read(parameters, client, arrival) {
        Ok(request) => {
            let kept = serde_json::to_string(&request).unwrap_or_default();
            assert_eq!(serde_json::from_str::<Request>(&kept).ok().as_ref(), Some(&request), "kept");
            assert!(client.response_modes.contains(&request.mode) && client.scopes.includes(&request.scopes));
            let to = request.recipient(ISSUER);
            goes_home(AuthorizationResponse::code(to, "code".to_owned()), to, client);
        }
        Err(Refused::Answered(_, answer)) => {
            let (redirect_uri, state) = (answer.redirect_uri.clone(), answer.get("state").map(str::to_owned));
            let to = Recipient {
                redirect_uri: &redirect_uri,
                mode: answer.mode,
                state: state.as_deref(),
                issuer: ISSUER,
            };
            goes_home(answer.clone(), to, client);
        }
        Err(Refused::Shown(_)) => {}
    }
}

fn goes_home(answer: AuthorizationResponse, to: Recipient<'_>, client: &Client) {
    let home = |uri: &String| redirect::matches(uri, to.redirect_uri);
    assert!(client.redirect_uris.iter().any(home), "{}", to.redirect_uri);
    let Some(location) = answer.location() else { return };
    let said = location.strip_prefix(to.redirect_uri).and_then(|rest| rest.get(1..)).unwrap_or_default();
    let said = Parameters::parse(said).unwrap_or_default();
    assert_eq!((said.get("state"), said.get("iss")), (to.state, Some(ISSUER)), "{location}");
}
