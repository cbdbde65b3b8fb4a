use super::*;
use crate::parameters::Parameters;
use crate::samples::{ISSUER, REDIRECT};

/// States that mean something to whoever does not escape them.
const HOSTILE_STATES: [&str; 12] = [
    "a&code=evil",
    "a#code=evil",
    "a?code=evil",
    "a=b;c",
    "a+b c%20d",
    "%26code%3Devil",
    "\"><script>alert(1)</script>",
    "'onfocus='alert(1)",
    "</form><form action=\"https://evil.example\">",
    "https://evil.example/",
    "ü\u{1f511}\u{202e}",
    "{\"a\":[1,2]}",
];

fn answer(mode: ResponseMode, redirect_uri: &str, state: Option<&str>) -> AuthorizationResponse {
    AuthorizationResponse::code(Recipient { redirect_uri, mode, state, issuer: ISSUER }, "c+/=".to_owned())
}

fn said(text: &str) -> Vec<(String, String)> {
    let parameters = Parameters::parse(text).unwrap();
    let names = ["code", "state", "iss", "error", "error_description", "response"];
    let value = |name: &str| Some((name.to_owned(), parameters.get(name)?.to_owned()));
    names.iter().filter_map(|name| value(name)).collect()
}

#[test]
fn whatever_the_state_the_answer_says_what_it_should() {
    for state in HOSTILE_STATES {
        let expected = [("code", "c+/="), ("state", state), ("iss", ISSUER)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let location = answer(ResponseMode::Query, REDIRECT, Some(state)).location().unwrap();
        let (before, query) = location.split_once('?').unwrap();
        assert_eq!((before, said(query).as_slice()), (REDIRECT, expected.as_slice()), "{state}");
        let location = answer(ResponseMode::Fragment, REDIRECT, Some(state)).location().unwrap();
        let (before, fragment) = location.split_once('#').unwrap();
        assert_eq!((before, said(fragment).as_slice()), (REDIRECT, expected.as_slice()), "{state}");
        assert!(
            location.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\".contains(&byte)),
            "{location}"
        );
        let form = answer(ResponseMode::FormPost, REDIRECT, Some(state));
        assert_eq!(form.location(), None);
        let (action, fields) = form.form().unwrap();
        assert_eq!(action, REDIRECT);
        assert_eq!(
            fields,
            [("code", "c+/=".to_owned()), ("state", state.to_owned()), ("iss", ISSUER.to_owned())]
        );
    }
}

#[test]
fn a_registered_query_is_kept() {
    for (redirect_uri, mode, expected) in [
        ("https://a.example/cb?x=1", ResponseMode::Query, "https://a.example/cb?x=1&code=c%2B%2F%3D&iss="),
        ("https://a.example/cb?", ResponseMode::Query, "https://a.example/cb?code=c%2B%2F%3D&iss="),
        ("https://a.example/cb?x=1&", ResponseMode::Query, "https://a.example/cb?x=1&code=c%2B%2F%3D&iss="),
        ("https://a.example/cb?x=1", ResponseMode::Fragment, "https://a.example/cb?x=1#code=c%2B%2F%3D&iss="),
        ("https://a.example", ResponseMode::Query, "https://a.example?code=c%2B%2F%3D&iss="),
        ("com.example.app:/cb", ResponseMode::Query, "com.example.app:/cb?code=c%2B%2F%3D&iss="),
    ] {
        let location = answer(mode, redirect_uri, None).location().unwrap();
        assert_eq!(location, format!("{expected}https%3A%2F%2Fid.example.com"), "{redirect_uri}");
    }
}

#[test]
fn errors_have_name_sentence_state_and_issuer() {
    let to =
        Recipient { redirect_uri: REDIRECT, mode: ResponseMode::Query, state: Some("s"), issuer: ISSUER };
    let error = AuthorizationResponse::error(to, OAuthError::LoginRequired, "Nobody is signed in");
    assert_eq!(error.get("error"), Some("login_required"));
    assert_eq!(error.get("error_description"), Some("Nobody is signed in"));
    assert_eq!((error.get("state"), error.get("iss"), error.get("code")), (Some("s"), Some(ISSUER), None));
}

#[test]
fn a_signed_answer_leaves_only_signed() {
    let client = ClientId::parse("payroll").unwrap();
    let now = Timestamp::from_secs(1_800_000_000);
    for (mode, start) in [
        (ResponseMode::QueryJwt, Some("https://app.example.com/callback?response=a.b.c")),
        (ResponseMode::FragmentJwt, Some("https://app.example.com/callback#response=a.b.c")),
        (ResponseMode::FormPostJwt, None),
    ] {
        let plain = answer(mode, REDIRECT, Some("s"));
        assert!(!plain.is_ready() && plain.location().is_none() && plain.form().is_none(), "{mode:?}");
        let claims = plain.to_sign(&client, now).unwrap();
        let expected = serde_json::json!({
            "code": "c+/=", "state": "s", "iss": ISSUER, "aud": "payroll", "exp": 1_800_000_300,
        });
        assert_eq!(Value::Object(claims), expected);
        let signed = plain.signed("a.b.c".to_owned());
        assert!(signed.is_ready() && signed.to_sign(&client, now).is_none());
        assert_eq!(signed.location().as_deref(), start, "{mode:?}");
        let fields = signed.form().map(|(_, fields)| fields.to_vec());
        let expected = start.is_none().then(|| vec![("response", "a.b.c".to_owned())]);
        assert_eq!(fields, expected);
    }
    assert!(answer(ResponseMode::Query, REDIRECT, None).to_sign(&client, now).is_none());
}

#[test]
fn modes_have_their_names() {
    for mode in ResponseMode::ALL {
        assert_eq!(ResponseMode::parse(mode.name()), Some(mode));
        assert_eq!(serde_json::to_string(&mode).unwrap(), format!("\"{}\"", mode.name()));
        assert_eq!(mode.is_signed(), mode.name().ends_with(".jwt"));
    }
    assert_eq!(ResponseMode::parse("jwt"), Some(ResponseMode::QueryJwt));
    for unknown in ["", "Query", "web_message", "form_post ", "query.JWT"] {
        assert_eq!(ResponseMode::parse(unknown), None, "{unknown}");
    }
}

#[test]
fn debugging_shows_no_code() {
    let shown = format!("{:?}", answer(ResponseMode::Query, REDIRECT, Some("hidden")));
    assert!(shown.contains("code") && !shown.contains("c+/=") && !shown.contains("hidden"), "{shown}");
}
