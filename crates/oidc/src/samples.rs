//! What the tests of several modules begin with.

use crate::client::{Authentication, Client, ClientId, ClientKeys, GrantType, ResponseMode, SigningAlg};
use crate::parameters::{Parameters, encode};
use crate::scope::Scopes;

/// Who is asked.
pub(crate) const ISSUER: &str = "https://id.example.com";
/// The one redirect URI of [`client`] that is an address of the web.
pub(crate) const REDIRECT: &str = "https://app.example.com/callback";
/// The challenge of RFC 7636, appendix B.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Its verifier.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Redirect URIs that look like [`REDIRECT`] to somebody, and are not it.
pub(crate) const HOSTILE: [&str; 72] = [
    // Another host.
    "https://evil.example/callback",
    "https://app.example.com.evil.example/callback",
    "https://evil-app.example.com/callback",
    "https://evilapp.example.com/callback",
    "https://evil.app.example.com/callback",
    "https://app.example.co/callback",
    "https://app-example.com/callback",
    "https://app.example.com./callback",
    "https://.app.example.com/callback",
    "https://app..example.com/callback",
    "https://appexample.com/callback",
    "https://аpp.example.com/callback",
    "https://xn--pp-6kc.example.com/callback",
    "https://app%2eexample.com/callback",
    "https://app.example.com%00.evil.example/callback",
    "https://app.example.com\0.evil.example/callback",
    "https://[::1]/callback",
    "https://[app.example.com]/callback",
    "https://2130706433/callback",
    "https://0x7f.1/callback",
    "https://127.1/callback",
    "https:///callback",
    "https://",
    // A name or password in front.
    "https://app.example.com@evil.example/callback",
    "https://evil.example@app.example.com/callback",
    "https://user:password@app.example.com/callback",
    "https://app.example.com:443@evil.example/callback",
    "https://app.example.com%40evil.example/callback",
    // Slashes that some turn round.
    "https://evil.example\\app.example.com/callback",
    "https://app.example.com\\@evil.example/callback",
    "https:\\\\app.example.com\\callback",
    "https:/app.example.com/callback",
    "https:app.example.com/callback",
    "//app.example.com/callback",
    "/callback",
    "callback",
    "https://app.example.com%2fcallback",
    // Another path.
    "https://app.example.com",
    "https://app.example.com/",
    "https://app.example.com/callback/",
    "https://app.example.com/callback/evil",
    "https://app.example.com//callback",
    "https://app.example.com/./callback",
    "https://app.example.com/x/../callback",
    "https://app.example.com/callback/../evil",
    "https://app.example.com/callback/..%2fevil",
    "https://app.example.com/callback/%2e%2e/evil",
    "https://app.example.com/callback%2f",
    "https://app.example.com/callback;evil",
    "https://app.example.com/c%61llback",
    "https://app.example.com/Callback",
    "https://app.example.com/callback%00",
    "https://app.example.com/callback%0d%0aSet-Cookie:a=b",
    "https://app.example.com/callback\r\nSet-Cookie: a=b",
    "https://app.example.com/callback ",
    " https://app.example.com/callback",
    "https://app.example.com/*",
    "https://*.example.com/callback",
    // A query or a fragment more.
    "https://app.example.com/callback?evil=1",
    "https://app.example.com/callback?",
    "https://app.example.com/callback#",
    "https://app.example.com/callback#@evil.example",
    // Another port, scheme or case.
    "https://app.example.com:8443/callback",
    "https://app.example.com:443/callback",
    "https://app.example.com:/callback",
    "http://app.example.com/callback",
    "HTTPS://app.example.com/callback",
    "https://APP.example.com/callback",
    // No address at all.
    "javascript:alert(1)//https://app.example.com/callback",
    "data:text/html,https://app.example.com/callback",
    "blob:https://app.example.com/callback",
    "urn:ietf:wg:oauth:2.0:oob",
];

/// A client that may do everything.
pub(crate) fn client() -> Client {
    Client {
        id: ClientId::parse("payroll").unwrap(),
        authentication: Authentication::PrivateKeyJwt,
        redirect_uris: vec![
            REDIRECT.to_owned(),
            "http://127.0.0.1/native".to_owned(),
            "http://[::1]:9000/native".to_owned(),
            "http://localhost:8000/native".to_owned(),
            "com.example.payroll:/callback".to_owned(),
        ],
        post_logout_redirect_uris: vec![],
        grants: GrantType::ALL.to_vec(),
        response_modes: ResponseMode::ALL.to_vec(),
        scopes: Scopes::parse("openid profile email groups offline_access").unwrap(),
        id_token_alg: SigningAlg::Es256,
        userinfo_alg: None,
        response_alg: Some(SigningAlg::Es256),
        pushed_only: false,
        signed_only: false,
        dpop_bound: false,
        keys: ClientKeys::default(),
        resources: vec!["https://api.example.com/".to_owned(), "urn:example:files".to_owned()],
        default_max_age: None,
        default_acr_values: vec![],
        backchannel_logout_uri: None,
        frontchannel_logout_uri: None,
        frontchannel_session_required: false,
    }
}

/// The parameters of a request that holds.
pub(crate) fn valid() -> Vec<(String, String)> {
    [
        ("client_id", "payroll"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "af0ifjsldkj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// The parameters of a request that holds, but for these; an empty value leaves one out.
pub(crate) fn with(changes: &[(&str, &str)]) -> Parameters {
    let mut pairs = valid();
    for (name, value) in changes {
        pairs.retain(|(other, _)| other != name);
        if !value.is_empty() {
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    parameters(&pairs)
}

/// Parameters as a browser sends them; what no query can say (a NUL) is left as it is refused.
pub(crate) fn parameters(pairs: &[(String, String)]) -> Parameters {
    let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
    let encoded: Vec<String> = pairs.iter().map(pair).collect();
    Parameters::parse(&encoded.join("&")).unwrap()
}
