//! Authentications.

use super::*;

/// By a key whose signatures are always of one length.
fn settings() -> Settings {
    Settings { algorithms: vec![Algorithm::EdDsa], ..Settings::security_key() }
}

fn discoverable() -> Authentication {
    Authentication::by(AuthenticationRequest::discoverable("test"), settings())
}

fn of_user() -> Authentication {
    let request = AuthenticationRequest::of_user(testing::user().id.0, Vec::new(), "test");
    Authentication::by(request, settings())
}

pub(super) fn all(said: &mut Said) {
    said.add_in_full("discoverable", &authentication(&discoverable()));
    let mut ceremony = of_user();
    ceremony.user_handle = None;
    said.add_in_full("of a user", &authentication(&ceremony));
    let mut ceremony = discoverable();
    ceremony.state.allow =
        Allow::Listed(vec![Base64Url(vec![1; 16]), Base64Url(ceremony.response_id.clone())]);
    ceremony.state.user_verification = fido::options::UserVerification::Discouraged;
    ceremony.flags &= !UV;
    said.add_in_full("listed, not verified", &authentication(&ceremony));
    ceremony.state.allow = Allow::Listed(vec![Base64Url(vec![1; 16])]);
    said.add("not listed", &authentication(&ceremony));
    let synced = Settings { algorithms: vec![Algorithm::EdDsa], ..Settings::synced() };
    let synced = Authentication::by(AuthenticationRequest::discoverable("test"), synced);
    said.add_in_full("synced, without counter", &authentication(&synced));
    for (name, change) in CHANGES {
        let mut ceremony = discoverable();
        change(&mut ceremony);
        said.add(name, &authentication(&ceremony));
    }
    let mut ceremony = of_user();
    ceremony.user_handle = Some(vec![8; 32]);
    said.add("somebody else than was identified", &authentication(&ceremony));
    raw_signatures(said);
    let mut case = authentication(&discoverable());
    case["stored"].as_object_mut().unwrap().remove("userHandle");
    said.add("a record of nobody", &case);
    case["response"]["response"]["signature"] = 1.into();
    said.add("a signature that is a number", &case);
    let mut case = authentication(&of_user());
    case["options"].as_object_mut().unwrap().remove("allowCredentials");
    case["response"]["response"].as_object_mut().unwrap().remove("userHandle");
    said.add("without a list nobody was identified", &case);
}

/// Changes to a discoverable sign-in.
const CHANGES: [Change<Authentication>; 28] = [
    ("no record", |c| c.stored = None),
    ("the record of another", |c| c.stored().credential_id = vec![1; 16]),
    ("the handle of another", |c| c.user_handle = Some(vec![8; 32])),
    ("no user handle", |c| c.user_handle = None),
    ("client data cut short", |c| c.client_data.truncate(10)),
    ("client data in other than UTF-8", |c| c.client_data.push(0xff)),
    ("a text as crossOrigin", |c| c.client_data(|data| data["crossOrigin"] = "false".into())),
    ("a number as topOrigin", |c| c.client_data(|data| data["topOrigin"] = 1.into())),
    ("client data with a number as type", |c| c.client_data(|data| data["type"] = 1.into())),
    ("a registration's type", |c| c.client_data(|data| data["type"] = "webauthn.create".into())),
    ("a challenge of another sign-in", |c| c.client_data(|data| data["challenge"] = "AAAA".into())),
    ("a page of another", |c| c.client_data(|data| data["origin"] = "https://evil.example".into())),
    ("something after the counter", |c| c.after_count = vec![0]),
    ("outputs that are none", |c| (c.flags, c.after_count) = (c.flags | ED, vec![1])),
    ("a credential in an assertion", |c| {
        c.after_count = Registration::new(Settings::platform()).authenticator_data()[37..].to_vec();
        c.flags |= AT;
    }),
    ("a page's RP ID", |c| c.rp_id_hash = digest::sha256(b"id.example.org")),
    ("no known RP ID", |c| c.rp_id_hash = [0xab; 32]),
    ("no presence", |c| c.flags &= !UP),
    ("no verification", |c| c.flags &= !UV),
    ("a backup of what may not be", |c| c.flags |= BS),
    ("now eligible", |c| c.flags |= BE),
    ("no longer eligible", |c| c.stored().backup_eligible = true),
    ("a damaged record", |c| c.stored().public_key = vec![0xa0]),
    ("a record of Ed448", |c| c.stored().public_key = testing::bytes("owEBAzg0IAc")),
    ("no signature", |c| c.signature = Some(vec![0; 64])),
    ("a lower counter", |c| c.stored().sign_count = 5),
    ("no counter any more", |c| (c.stored().sign_count, c.sign_count) = (5, 0)),
    ("no counter", |c| c.sign_count = 0),
];

/// Lengths of a raw ECDSA signature, with the keys that make those and with another.
fn raw_signatures(said: &mut Said) {
    for (algorithm, length) in [
        (Algorithm::Es256, 64),
        (Algorithm::Es256, 96),
        (Algorithm::Esp256, 64),
        (Algorithm::Es384, 96),
        (Algorithm::Esp384, 96),
        (Algorithm::Es512, 132),
        (Algorithm::Esp512, 132),
    ] {
        let settings = Settings { algorithms: vec![algorithm], ..Settings::security_key() };
        let mut ceremony = Authentication::by(AuthenticationRequest::discoverable("test"), settings);
        ceremony.signature = Some(vec![1; length]);
        said.add(&format!("{algorithm:?} with {length} bytes"), &authentication(&ceremony));
    }
}
