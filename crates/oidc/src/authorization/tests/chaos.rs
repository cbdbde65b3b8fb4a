//! Whatever comes, nothing panics, and nothing leads to where nobody registered.

use proptest::prelude::*;

use super::*;
use crate::parameters::{Parameters, encode};
use crate::redirect;

const NAMES: [&str; 24] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "claims",
    "login_hint",
    "id_token_hint",
    "ui_locales",
    "resource",
    "dpop_jkt",
    "display",
    "request",
    "request_uri",
    "registration",
    "",
    "unknown",
];

fn value() -> impl Strategy<Value = String> {
    let own = valid().into_iter().map(|(_, value)| value);
    let known: Vec<String> = own
        .chain(HOSTILE.into_iter().filter(|uri| !uri.contains('\0')).map(str::to_owned))
        .chain(ResponseMode::ALL.map(|mode| mode.name().to_owned()))
        .chain(["none login", "0", "{\"id_token\":{\"acr\":null}}", "{\"a\":", "a.b.c"].map(str::to_owned))
        .collect();
    prop_oneof![3 => proptest::sample::select(known), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Ok(parameters) = Parameters::parse(&text) {
            prop_assert_eq!(Parameters::parse(&parameters.encode()), Ok(parameters.clone()));
            let _ = read(&parameters, &client(), PLAIN);
        }
    }

    #[test]
    fn answers_go_to_registered_places_only(
        changes in proptest::collection::vec((proptest::sample::select(&NAMES[..]), value()), 0..6),
    ) {
        let mut pairs = valid();
        for (name, value) in changes {
            pairs.retain(|(other, _)| other != name || name == "resource");
            pairs.push((name.to_owned(), value));
        }
        let encoded: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let Ok(parameters) = Parameters::parse(&encoded.join("&")) else { return Ok(()) };
        let client = client();
        let to = match read(&parameters, &client, PLAIN) {
            Ok(request) => {
                let kept = serde_json::to_string(&request).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Request>(&kept).unwrap(), &request);
                request.redirect_uri
            }
            Err(Refused::Shown(_)) => return Ok(()),
            Err(Refused::Answered(_, answer)) => {
                prop_assert_eq!(answer.get("iss"), Some(ISSUER));
                if let Some(location) = answer.location() {
                    prop_assert!(location.starts_with(&answer.redirect_uri));
                    prop_assert!(location.bytes().all(|byte| byte.is_ascii_graphic()));
                }
                answer.redirect_uri
            }
        };
        prop_assert!(client.redirect_uris.iter().any(|registered| redirect::matches(registered, &to)), "{}", to);
    }

    #[test]
    fn any_uri_is_told_apart_or_refused(text in "(https?|app\\.x|javascript)?:?/{0,3}[a-z0-9@:%.\\[\\]\\\\*#?/-]{0,24}") {
        if redirect::parse_registered(&text).is_ok() {
            prop_assert!(redirect::matches(&text, &text));
            prop_assert!(!redirect::origin_for_csp(&text).contains([' ', ';', ',', '\'']));
        }
        let _ = redirect::matches("http://127.0.0.1/cb", &text);
    }

    #[test]
    fn any_claims_are_read_or_refused(text in any::<String>()) {
        let _ = ClaimsRequest::parse(&text);
    }
}
