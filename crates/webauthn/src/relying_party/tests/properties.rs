//! What holds of every RP ID, every origin and every related origin.

use fido::client_data::CollectedClientData;
use proptest::prelude::*;

use super::*;
use crate::context::{self, Ceremony, ContextRefusal};

/// A domain of two to four labels.
fn domain() -> impl Strategy<Value = String> {
    let labels = proptest::collection::vec("[a-z][a-z0-9]{0,8}", 1..4);
    labels.prop_map(|labels| format!("{}.example", labels.join(".")))
}

type Edit = fn(&str, &str) -> String;

/// What attackers put around, into or instead of an origin.
const EDITS: [Edit; 23] = [
    |origin, text| format!("{origin}{text}"),
    |origin, text| format!("{origin}.{text}"),
    |origin, text| format!("{text}{origin}"),
    |origin, text| format!("{origin}:{text}"),
    |origin, text| format!("{origin}/{text}"),
    |origin, text| format!("{origin}#{text}"),
    |origin, text| format!("{origin}?{text}"),
    |origin, text| format!("{origin}@{text}"),
    |origin, text| origin.replace("https://", &format!("https://{text}@")),
    |origin, text| origin.replace("https://", &format!("https://{text}.")),
    |origin, text| origin.replace("https://", &format!("https://{text}-")),
    |origin, text| origin.replace("https:", &format!("{text}:")),
    |origin, _| origin.to_uppercase(),
    |origin, _| origin.replace("https", "http"),
    |origin, _| origin.replace('e', "\u{435}"),
    |origin, _| origin.replace('.', "\u{3002}"),
    |origin, _| format!("{origin}."),
    |origin, _| format!("{origin}\0"),
    |origin, _| format!(" {origin}"),
    |_, _| "null".to_owned(),
    |origin, _| format!("[\"{origin}\"]"),
    |origin, _| origin.chars().rev().collect(),
    |origin, _| origin.chars().skip(1).collect(),
];

fn check(relying_party: &RelyingParty, origin: &str) -> Result<(), ContextRefusal> {
    let client_data = CollectedClientData {
        kind: "webauthn.get".to_owned(),
        challenge: encoding::base64url(&[1; 32]),
        origin: origin.to_owned(),
        cross_origin: false,
        top_origin: None,
    };
    context::check_client_data(relying_party, Ceremony::Get, &[1; 32], &client_data)
}

/// Lower case, ASCII, no empty label.
fn is_plain(host: &str) -> bool {
    let allowed = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    host.bytes().all(allowed) && host.split('.').all(|label| !label.is_empty())
}

proptest! {
    #[test]
    fn an_origin_lies_below_the_rp_id_only_behind_a_dot(id in domain(), before in "[a-z0-9.-]{0,12}") {
        let host = format!("{before}{id}");
        let within = before.is_empty() || before.ends_with('.');
        match new(&id, &format!("https://{host}")) {
            Ok(_) => prop_assert!(within, "{host}"),
            Err(RelyingPartyRefusal::OriginOutsideId) => prop_assert!(!within, "{host}"),
            Err(refusal) => prop_assert_eq!(refusal, RelyingPartyRefusal::OriginForm),
        }
        // What follows the RP ID never helps.
        let after = format!("https://{id}.{before}x");
        prop_assert!(new(&id, &after).is_err(), "{after}");
    }

    #[test]
    fn only_the_expected_origins_pass(
        id in domain(),
        text in "[a-z0-9.@:/#?-]{1,10}",
        edit in proptest::sample::select(&EDITS),
    ) {
        let own = format!("https://{id}");
        let related = "https://other.test".to_owned();
        let party = new(&id, &own).unwrap().with_related_origins([related.as_str()]).unwrap();
        for origin in [&own, &related] {
            prop_assert_eq!(check(&party, origin), Ok(()));
            let hostile = edit(origin, &text);
            prop_assert_ne!(&hostile, origin);
            prop_assert_eq!(check(&party, &hostile), Err(ContextRefusal::Origin), "{}", hostile);
        }
    }

    #[test]
    fn no_text_but_an_expected_origin_passes(id in domain(), origin in ".{0,60}") {
        let party = new(&id, &format!("https://{id}")).unwrap();
        prop_assume!(origin != party.origins()[0]);
        prop_assert_eq!(check(&party, &origin), Err(ContextRefusal::Origin));
    }

    #[test]
    fn what_is_taken_is_as_browsers_write_it(text in "\\PC{0,20}|[a-zA-Z0-9._:/@-]{0,20}") {
        let origin = format!("https://{text}");
        if new(&text, &origin).is_ok() {
            // IPv4 addresses end in a number; the brackets of IPv6 are not plain.
            let last = text.rsplit('.').next().unwrap_or_default();
            let address = last.bytes().all(|byte| byte.is_ascii_digit());
            prop_assert!(is_plain(&text) && !address, "{text}");
        }
        if check_related_origins([origin.as_str()]).is_ok() {
            let host = text.split_once(':').map_or(text.as_str(), |(host, _)| host);
            prop_assert!(is_plain(host), "{origin}");
        }
    }

    #[test]
    fn the_rp_ids_hash_is_its_own(id in domain(), other in domain()) {
        prop_assume!(id != other);
        let hash = |id: &str| *new(id, &format!("https://{id}")).unwrap().id_hash();
        prop_assert_ne!(hash(&id), hash(&other));
    }
}
