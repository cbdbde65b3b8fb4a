//! Registrations without attestation: valid ones of every kind, and one change each.

use authenticator::Settings;
use authenticator::attestation::Attestation;
use primitives::cbor::{Key, Value as Cbor};
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::encoding::base64url;
use serde_json::{Value, json};

use super::Case;
use super::keys;
use super::parts::{Registration, flag};

/// A change to a valid registration, with the reason that it must get.
pub(super) type Change = (&'static str, &'static str, fn(&mut Registration));

/// Every algorithm, every kind of authenticator, and what a policy may loosen.
pub fn valid() -> Vec<Case> {
    let ok = |name: String, ceremony: Registration| Case::new(name, "ok", ceremony.json());
    let mut out: Vec<Case> = Algorithm::ALL
        .into_iter()
        .map(|algorithm| {
            let settings = Settings { attestation: Attestation::SelfSigned, ..Settings::security_key() };
            ok(format!("registration/valid/self {algorithm:?}"), Registration::by(settings, algorithm))
        })
        .collect();
    for (name, settings) in [
        ("platform", Settings::platform()),
        ("synced", Settings::synced()),
        ("security key", Settings::security_key()),
    ] {
        let ceremony = Registration::by(settings, Algorithm::Es256);
        out.push(ok(format!("registration/valid/none {name}"), ceremony));
    }
    out.extend(changes(LOOSENED));
    out
}

/// One change each.
pub fn changed() -> Vec<Case> {
    let mut out = [CLIENT_DATA, FLAGS, DATA, keys::CHANGES, ANSWER].map(changes).concat();
    out.extend(origins());
    out.extend(objects());
    out
}

fn changes(changes: &[Change]) -> Vec<Case> {
    let case = |(name, expected, change): &Change| {
        let mut ceremony = Registration::plain();
        change(&mut ceremony);
        Case::new(format!("registration/{name}"), expected, ceremony.json())
    };
    changes.iter().map(case).collect()
}

/// What is accepted although it is not the plainest case.
const LOOSENED: &[Change] = &[
    ("valid/not verified but only preferred", "ok", |r| {
        r.options["userVerification"] = "preferred".into();
        r.flags &= !flag::UV;
    }),
    ("valid/conditional without presence", "ok", |r| {
        r.options["mediation"] = "conditional".into();
        r.flags &= !flag::UP;
    }),
    ("valid/in a frame that is allowed", "ok", |r| {
        (r.rp["allowCrossOrigin"], r.rp["topOrigins"]) = (true.into(), json!(["https://portal.example"]));
        r.client_data(|data| {
            (data["crossOrigin"], data["topOrigin"]) = (true.into(), "https://portal.example".into());
        });
    }),
    ("valid/related origin", "ok", |r| {
        r.rp["origins"] = json!(["https://id.example.org", "https://example.net"]);
        r.client_data(|data| data["origin"] = "https://example.net".into());
    }),
    ("valid/only related origins", "ok", |r| {
        r.rp["origins"] = json!(["https://example.net", "https://id.example.com"]);
        r.client_data(|data| data["origin"] = "https://id.example.com".into());
    }),
    ("valid/app", "ok", |r| {
        let app = format!("android:apk-key-hash:{}", base64url(&[7; 32]));
        r.rp["origins"] = json!([app]);
        r.client_data(|data| data["origin"] = app.into());
    }),
    ("valid/id of 1023 bytes", "ok", |r| with_id(r, vec![7; 1023])),
    ("valid/unknown members", "ok", |r| {
        r.client_data(|data| data["extraData"] = json!({ "a": [1, 2, null] }));
        (r.response["unknown"], r.options["unknown"]) = (1.into(), json!([{}]));
        r.response["clientExtensionResults"] = json!({ "example.unknown": { "a": 1 } });
    }),
    ("valid/byte order mark", "ok", |r| {
        r.client_data = [b"\xef\xbb\xbf".as_slice(), &r.client_data].concat();
    }),
    ("valid/absent fields are safe", "ok", |r| {
        r.rp = json!({ "rpId": "example.org", "origins": ["https://id.example.org"] });
        r.options = json!({ "challenge": r.options["challenge"] });
    }),
];

const CLIENT_DATA: &[Change] = &[
    ("client data/empty", "client_data_json", |r| r.client_data.clear()),
    ("client data/not UTF-8", "client_data_json", |r| r.client_data[3] = 0xff),
    ("client data/cut", "client_data_json", |r| {
        r.client_data.pop();
    }),
    ("client data/trailing", "client_data_json", |r| r.client_data.extend(b"{}")),
    ("client data/list", "client_data_json", |r| r.client_data = b"[]".to_vec()),
    ("client data/duplicate origin", "client_data_json", |r| {
        let text =
            String::from_utf8_lossy(&r.client_data).replacen('{', "{\"origin\":\"https://a.example\",", 1);
        r.client_data = text.into_bytes();
    }),
    ("client data/without type", "client_data_json", |r| without(r, "type")),
    ("client data/without challenge", "client_data_json", |r| without(r, "challenge")),
    ("client data/without origin", "client_data_json", |r| without(r, "origin")),
    ("client data/long", "resource_limit", |r| {
        r.client_data(|data| data["padding"] = "x".repeat(9000).into());
    }),
    ("client data/deep", "resource_limit", |r| {
        let deep = format!("{}{}", "[".repeat(20), "]".repeat(20));
        r.client_data(|data| data["deep"] = serde_json::from_str(&deep).unwrap_or_default());
    }),
    ("client data/many", "resource_limit", |r| {
        r.client_data(|data| data["many"] = vec![0; 500].into());
    }),
    ("type/get", "client_data_type", |r| r.client_data(|data| data["type"] = "webauthn.get".into())),
    ("type/case", "client_data_type", |r| r.client_data(|data| data["type"] = "WebAuthn.create".into())),
    ("type/payment", "client_data_type", |r| r.client_data(|data| data["type"] = "payment.create".into())),
    ("type/empty", "client_data_type", |r| r.client_data(|data| data["type"] = "".into())),
    ("challenge/other", "challenge", |r| {
        r.client_data(|data| data["challenge"] = base64url(&[1; 32]).into())
    }),
    ("challenge/empty", "challenge", |r| r.client_data(|data| data["challenge"] = "".into())),
    ("challenge/padded", "challenge", |r| {
        r.client_data(|data| {
            data["challenge"] = format!("{}=", data["challenge"].as_str().unwrap_or_default()).into()
        });
    }),
    ("challenge/prefix", "challenge", |r| r.client_data(|data| data["challenge"] = "Wlpa".into())),
    ("challenge/given out another", "challenge", |r| r.options["challenge"] = base64url(&[9; 32]).into()),
    ("cross origin/refused", "cross_origin", |r| r.client_data(|data| data["crossOrigin"] = true.into())),
    ("cross origin/text", "cross_origin", |r| r.client_data(|data| data["crossOrigin"] = "false".into())),
    ("cross origin/number", "cross_origin", |r| r.client_data(|data| data["crossOrigin"] = 0.into())),
    ("cross origin/null", "cross_origin", |r| r.client_data(|data| data["crossOrigin"] = Value::Null)),
    ("top origin/other", "top_origin", |r| {
        (r.rp["allowCrossOrigin"], r.rp["topOrigins"]) = (true.into(), json!(["https://portal.example"]));
        r.client_data(|data| {
            (data["crossOrigin"], data["topOrigin"]) =
                (true.into(), "https://portal.example.evil.com".into());
        });
    }),
    ("top origin/none allowed", "top_origin", |r| {
        r.rp["allowCrossOrigin"] = true.into();
        r.client_data(|data| {
            (data["crossOrigin"], data["topOrigin"]) = (true.into(), "https://portal.example".into());
        });
    }),
    ("top origin/without frame", "top_origin", |r| {
        r.client_data(|data| data["topOrigin"] = "https://id.example.org".into());
    }),
    ("top origin/number", "top_origin", |r| r.client_data(|data| data["topOrigin"] = 1.into())),
];

const FLAGS: &[Change] = &[
    ("rp id/other", "rp_id_hash", |r| r.rp_id_hash = digest::sha256(b"example.net")),
    ("rp id/host", "rp_id_hash", |r| r.rp_id_hash = digest::sha256(b"id.example.org")),
    ("rp id/origin", "rp_id_hash", |r| r.rp_id_hash = digest::sha256(b"https://example.org")),
    ("rp id/configured another", "rp_id_hash", |r| r.rp["rpId"] = "example.net".into()),
    ("rp id/zero", "rp_id_hash", |r| r.rp_id_hash = [0; 32]),
    ("rp id/bit", "rp_id_hash", |r| r.rp_id_hash[31] ^= 1),
    ("presence/absent", "user_present", |r| r.flags &= !flag::UP),
    ("presence/only verified", "user_present", |r| {
        r.options["userVerification"] = "preferred".into();
        r.flags &= !flag::UP;
    }),
    ("verification/absent", "user_verified", |r| r.flags &= !flag::UV),
    ("verification/absent by default", "user_verified", |r| {
        r.options["userVerification"] = Value::Null;
        r.flags &= !flag::UV;
    }),
    ("verification/conditional", "user_verified", |r| {
        r.options["mediation"] = "conditional".into();
        r.flags &= !(flag::UP | flag::UV);
    }),
    ("backup/backed up, not eligible", "backup_flags", |r| {
        r.flags = (r.flags | flag::BS) & !flag::BE;
    }),
];

const DATA: &[Change] = &[
    ("auth data/without credential", "auth_data", |r| r.flags &= !flag::AT),
    ("auth data/trailing", "auth_data", |r| r.after_key.push(0)),
    ("auth data/extensions announced", "auth_data", |r| r.flags |= flag::ED),
    ("auth data/extensions not announced", "auth_data", |r| r.after_key = vec![0xa0]),
    ("auth data/id longer than the data", "auth_data", |r| r.credential_id_length = Some(1000)),
    ("credential id/empty", "credential_id", |r| r.credential_id_length = Some(0)),
    ("credential id/1024", "credential_id", |r| {
        r.credential_id = vec![7; 1024];
    }),
    ("credential id/65535", "credential_id", |r| r.credential_id_length = Some(u16::MAX)),
    ("credential id/response empty", "credential_id", |r| {
        (r.response["id"], r.response["rawId"]) = ("".into(), "".into());
    }),
    ("credential id/response 1024", "credential_id", |r| {
        let id = base64url(&[7; 1024]);
        (r.response["id"], r.response["rawId"]) = (id.clone().into(), id.into());
    }),
    ("credential id/other", "credential_id_mismatch", |r| r.credential_id[0] ^= 1),
    ("credential id/id is not rawId", "credential_id_mismatch", |r| {
        r.response["id"] = base64url(&[1; 32]).into();
    }),
    ("extension/list", "extension", |r| {
        (r.flags, r.after_key) = (r.flags | flag::ED, vec![0x80]);
    }),
    ("extension/credProtect of level 9", "extension", |r| {
        r.flags |= flag::ED;
        r.after_key = Cbor::Map(vec![(Key::Text("credProtect"), Cbor::Integer(9))]).encode();
    }),
    ("extension/credProtect as text", "extension", |r| {
        r.flags |= flag::ED;
        r.after_key = Cbor::Map(vec![(Key::Text("credProtect"), Cbor::Text("3"))]).encode();
    }),
    ("extension/credProps as text", "extension", |r| {
        r.response["clientExtensionResults"] = json!({ "credProps": "yes" });
    }),
    ("extension/credProps.rk as number", "extension", |r| {
        r.response["clientExtensionResults"] = json!({ "credProps": { "rk": 1 } });
    }),
    ("extension/results as list", "extension", |r| r.response["clientExtensionResults"] = json!([])),
    ("already registered/the only one", "already_registered", |r| {
        r.options["alreadyRegisteredCredentialIds"] = json!([base64url(&r.credential_id)]);
    }),
    ("already registered/among others", "already_registered", |r| {
        let others = [base64url(&[1; 16]), base64url(&r.credential_id), base64url(&[2; 16])];
        r.options["alreadyRegisteredCredentialIds"] = json!(others);
    }),
];

const ANSWER: &[Change] = &[
    ("answer/null", "malformed", |r| r.response = json!({ "response": {} })),
    ("answer/of another type", "malformed", |r| r.response["type"] = "password".into()),
    ("answer/without type", "malformed", |r| drop(r.response.as_object_mut().map(|all| all.remove("type")))),
    ("answer/without rawId", "malformed", |r| {
        drop(r.response.as_object_mut().map(|all| all.remove("rawId")))
    }),
    ("answer/id as number", "malformed", |r| r.response["id"] = 7.into()),
    ("answer/id padded", "malformed", |r| {
        let id = format!("{}=", r.response["id"].as_str().unwrap_or_default());
        (r.response["id"], r.response["rawId"]) = (id.clone().into(), id.into());
    }),
    ("answer/transports as text", "malformed", |r| r.response["response"]["transports"] = "usb".into()),
    ("answer/attachment as number", "malformed", |r| r.response["authenticatorAttachment"] = 1.into()),
    ("answer/many transports", "resource_limit", |r| {
        r.response["response"]["transports"] = vec!["usb"; 100].into();
    }),
    ("answer/deep", "resource_limit", |r| {
        let deep = format!("{}{}", "[".repeat(60), "]".repeat(60));
        r.response["deep"] = serde_json::from_str(&deep).unwrap_or_default();
    }),
    ("answer/many members", "resource_limit", |r| {
        for number in 0..200 {
            r.response[format!("member {number}")] = 1.into();
        }
    }),
    ("answer/long", "resource_limit", |r| r.response["padding"] = "x".repeat(200_000).into()),
];

fn with_id(r: &mut Registration, id: Vec<u8>) {
    let text = base64url(&id);
    (r.response["id"], r.response["rawId"]) = (text.clone().into(), text.into());
    r.credential_id = id;
}

fn without(r: &mut Registration, name: &str) {
    r.client_data(|data| drop(data.as_object_mut().map(|members| members.remove(name))));
}

/// Origins that look like the expected one and are not.
pub const HOSTILE_ORIGINS: [&str; 22] = [
    "http://id.example.org",
    "https://example.org",
    "https://evil-example.org",
    "https://id.example.org.evil.com",
    "https://id.example.org:443",
    "https://id.example.org:8443",
    "https://id.example.org/",
    "https://id.example.org/path",
    "https://id.example.org?q",
    "https://user@id.example.org",
    "https://id.example.org@evil.com",
    "https://ID.example.org",
    "HTTPS://id.example.org",
    "https://id.example.org.",
    " https://id.example.org",
    "https://id.ехample.org",
    "https://sub.id.example.org",
    "https://www.id.example.org",
    "null",
    "",
    "android:apk-key-hash:2cFfnKr5Nt5T3nFyXbxHXVxZmrhWXw8r1yCvdGqqNQI",
    "https://id.example.org\u{202e}",
];

fn origins() -> Vec<Case> {
    let case = |origin: &str| {
        let mut ceremony = Registration::plain();
        ceremony.client_data(|data| data["origin"] = origin.into());
        Case::new(format!("registration/origin/{origin}"), "origin", ceremony.json())
    };
    HOSTILE_ORIGINS.into_iter().map(case).collect()
}

/// Attestation objects that are none.
fn objects() -> Vec<Case> {
    let plain = Registration::plain();
    let object = plain.attestation_object();
    let with = |at: usize, byte: u8| {
        let mut object = object.clone();
        object[at] = byte;
        object
    };
    let cases: [(&str, &str, Vec<u8>); 12] = [
        ("empty", "attestation_object", Vec::new()),
        ("cut", "attestation_object", object[..object.len() - 1].to_vec()),
        ("trailing", "attestation_object", [object.as_slice(), &[0]].concat()),
        ("list", "attestation_object", vec![0x80]),
        ("without members", "attestation_object", vec![0xa0]),
        ("indefinite", "attestation_object", with(0, 0xbf)),
        ("announces four members", "attestation_object", with(0, 0xa4)),
        ("tag", "attestation_object", [&[0xc0], object.as_slice()].concat()),
        ("not UTF-8", "attestation_object", with(2, 0xff)),
        ("statement is a text", "attestation_object", replace(&object, b"gattStmt\xa0", b"gattStmt\x60")),
        ("announces a million entries", "resource_limit", vec![0xba, 0x00, 0x10, 0x00, 0x00]),
        ("deep", "resource_limit", vec![0x81; 100]),
    ];
    let mut out: Vec<Case> = cases
        .into_iter()
        .map(|(name, expected, object)| {
            Case::new(format!("registration/attestation object/{name}"), expected, plain.json_with(&object))
        })
        .collect();
    let long = [object.as_slice(), &vec![0; 66_000]].concat();
    out.push(Case::new("registration/attestation object/long", "resource_limit", plain.json_with(&long)));
    out
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from);
    let at = at.unwrap_or_else(|| panic!("nothing to replace"));
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}
