//! Authentications: valid ones of every kind, and one change each.

use authenticator::Settings;
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::encoding::base64url;
use serde_json::{Value, json};

use super::Case;
use super::parts::{Authentication, Registration, bytes, flag};
use super::registration::HOSTILE_ORIGINS;

/// A change to a valid authentication, with the reason that it must get.
type Change = (&'static str, &'static str, fn(&mut Authentication));

/// Every algorithm, every kind of authenticator, and what a policy may loosen.
pub fn valid() -> Vec<Case> {
    let ok = |name: String, ceremony: Authentication| Case::new(name, "ok", ceremony.json());
    let mut out: Vec<Case> = Algorithm::ALL
        .into_iter()
        .map(|algorithm| {
            let ceremony = Authentication::by(Settings::security_key(), algorithm);
            ok(format!("authentication/valid/{algorithm:?}"), ceremony)
        })
        .collect();
    for (name, settings) in [("platform", Settings::platform()), ("synced", Settings::synced())] {
        let ceremony = Authentication::by(settings, Algorithm::Es256);
        out.push(ok(format!("authentication/valid/by {name}"), ceremony));
    }
    out.extend(changes(LOOSENED));
    out
}

/// One change each.
pub fn changed() -> Vec<Case> {
    let mut out = [IDENTITY, CONTEXT, DATA, RECORD, ANSWER].map(changes).concat();
    for origin in HOSTILE_ORIGINS {
        let mut ceremony = Authentication::plain();
        ceremony.client_data(|data| data["origin"] = origin.into());
        out.push(Case::new(format!("authentication/origin/{origin}"), "origin", ceremony.json()));
    }
    out
}

fn changes(changes: &[Change]) -> Vec<Case> {
    let case = |(name, expected, change): &Change| {
        let mut ceremony = Authentication::plain();
        change(&mut ceremony);
        Case::new(format!("authentication/{name}"), expected, ceremony.json())
    };
    changes.iter().map(case).collect()
}

fn id(ceremony: &Authentication) -> Value {
    ceremony.stored["credentialId"].clone()
}

const LOOSENED: &[Change] = &[
    ("valid/discoverable", "ok", |a| a.options["allowCredentials"] = json!([])),
    ("valid/listed", "ok", |a| a.options["allowCredentials"] = json!([base64url(&[1; 16]), id(a)])),
    ("valid/identified without user handle", "ok", |a| a.response["response"]["userHandle"] = Value::Null),
    ("valid/listed without user handle", "ok", |a| {
        a.options["allowCredentials"] = json!([id(a)]);
        a.response["response"]["userHandle"] = Value::Null;
    }),
    ("valid/identified, and no user handle anywhere", "ok", |a| {
        (a.stored["userHandle"], a.response["response"]["userHandle"]) = (Value::Null, Value::Null);
    }),
    ("valid/not verified but only discouraged", "ok", |a| {
        a.options["userVerification"] = "discouraged".into();
        a.flags &= !flag::UV;
    }),
    ("valid/counter jumps", "ok", |a| (a.stored["signCount"], a.sign_count) = (5.into(), u32::MAX)),
    ("valid/no counter", "ok", |a| a.sign_count = 0),
    ("valid/backed up by now", "ok", |a| {
        a.stored["backupEligible"] = true.into();
        a.flags |= flag::BE | flag::BS;
    }),
    ("valid/conditional", "ok", |a| a.options["mediation"] = "conditional".into()),
    ("valid/in a frame that is allowed", "ok", |a| {
        a.rp["allowCrossOrigin"] = true.into();
        a.client_data(|data| data["crossOrigin"] = true.into());
    }),
    ("valid/related origin", "ok", |a| {
        a.rp["origins"] = json!(["https://id.example.org", "https://example.net"]);
        a.client_data(|data| data["origin"] = "https://example.net".into());
    }),
    ("valid/unknown extension", "ok", |a| {
        (a.flags, a.after_count) = (a.flags | flag::ED, vec![0xa1, 0x61, b'x', 0xf5]);
    }),
];

const IDENTITY: &[Change] = &[
    ("allowed/not in the list", "credential_not_allowed", |a| {
        a.options["allowCredentials"] = json!([base64url(&[1; 16]), base64url(&[2; 16])]);
    }),
    ("allowed/prefix in the list", "credential_not_allowed", |a| {
        a.options["allowCredentials"] = json!([base64url(&bytes(&id(a))[..16])]);
    }),
    ("stored/none", "unknown_credential", |a| a.stored = Value::Null),
    ("stored/of another credential", "unknown_credential", |a| {
        a.stored["credentialId"] = base64url(&[1; 32]).into();
    }),
    ("stored/longer id", "unknown_credential", |a| {
        let longer = [bytes(&id(a)), vec![0]].concat();
        a.stored["credentialId"] = base64url(&longer).into();
    }),
    ("user handle/other", "user_handle", |a| {
        a.response["response"]["userHandle"] = base64url(b"somebody else").into();
    }),
    ("user handle/other, discoverable", "user_handle", |a| {
        a.options["allowCredentials"] = json!([]);
        a.response["response"]["userHandle"] = base64url(b"somebody else").into();
    }),
    ("user handle/other, listed", "user_handle", |a| {
        a.options["allowCredentials"] = json!([id(a)]);
        a.response["response"]["userHandle"] = base64url(b"somebody else").into();
    }),
    ("user handle/missing, discoverable", "user_handle", |a| {
        a.options["allowCredentials"] = json!([]);
        a.response["response"]["userHandle"] = Value::Null;
    }),
    ("user handle/missing, options say nothing", "user_handle", |a| {
        a.options = json!({ "challenge": a.options["challenge"] });
        a.response["response"]["userHandle"] = Value::Null;
    }),
    ("user handle/empty", "user_handle", |a| a.response["response"]["userHandle"] = "".into()),
    ("user handle/empty, and none stored", "user_handle", |a| {
        a.options["allowCredentials"] = json!([]);
        (a.stored["userHandle"], a.response["response"]["userHandle"]) = (Value::Null, "".into());
    }),
    ("user handle/prefix", "user_handle", |a| {
        a.response["response"]["userHandle"] = base64url(b"a user").into()
    }),
];

const CONTEXT: &[Change] = &[
    ("client data/empty", "client_data_json", |a| a.client_data.clear()),
    ("client data/not UTF-8", "client_data_json", |a| a.client_data[5] = 0xc0),
    ("client data/duplicate type", "client_data_json", |a| {
        let text = String::from_utf8_lossy(&a.client_data).replacen('{', "{\"type\":\"webauthn.get\",", 1);
        a.client_data = text.into_bytes();
    }),
    ("client data/long", "resource_limit", |a| {
        a.client_data(|data| data["padding"] = "x".repeat(9000).into());
    }),
    ("type/create", "client_data_type", |a| a.client_data(|data| data["type"] = "webauthn.create".into())),
    ("type/payment", "client_data_type", |a| a.client_data(|data| data["type"] = "payment.get".into())),
    ("type/U2F", "client_data_type", |a| {
        a.client_data(|data| data["type"] = "navigator.id.getAssertion".into());
    }),
    ("challenge/other", "challenge", |a| {
        a.client_data(|data| data["challenge"] = base64url(&[1; 32]).into())
    }),
    ("challenge/of the registration", "challenge", |a| {
        a.client_data(|data| data["challenge"] = base64url(&[0x5a; 32]).into());
    }),
    ("challenge/standard alphabet", "challenge", |a| {
        a.options["challenge"] = base64url(&[0xff; 32]).into();
        a.client_data(|data| data["challenge"] = format!("{}8=", "/".repeat(42)).into());
    }),
    ("cross origin/refused", "cross_origin", |a| a.client_data(|data| data["crossOrigin"] = true.into())),
    ("cross origin/list", "cross_origin", |a| a.client_data(|data| data["crossOrigin"] = json!([]))),
    ("top origin/other", "top_origin", |a| {
        (a.rp["allowCrossOrigin"], a.rp["topOrigins"]) = (true.into(), json!(["https://portal.example"]));
        a.client_data(|data| {
            (data["crossOrigin"], data["topOrigin"]) = (true.into(), "http://portal.example".into());
        });
    }),
    ("top origin/null", "top_origin", |a| a.client_data(|data| data["topOrigin"] = Value::Null)),
];

const DATA: &[Change] = &[
    ("rp id/other", "rp_id_hash", |a| a.rp_id_hash = digest::sha256(b"example.com")),
    ("rp id/upper case", "rp_id_hash", |a| a.rp_id_hash = digest::sha256(b"EXAMPLE.ORG")),
    ("presence/absent", "user_present", |a| a.flags &= !flag::UP),
    ("presence/absent, conditional", "user_present", |a| {
        a.options["mediation"] = "conditional".into();
        a.flags &= !flag::UP;
    }),
    ("verification/absent", "user_verified", |a| a.flags &= !flag::UV),
    ("backup/backed up, not eligible", "backup_flags", |a| a.flags |= flag::BS),
    ("backup/became eligible", "backup_flags", |a| a.flags |= flag::BE),
    ("backup/is no longer eligible", "backup_flags", |a| a.stored["backupEligible"] = true.into()),
    ("auth data/empty", "auth_data", |a| {
        a.response["response"]["authenticatorData"] = "".into();
        a.flags |= flag::ED;
    }),
    ("auth data/trailing", "auth_data", |a| a.after_count.push(0)),
    ("auth data/extensions announced", "auth_data", |a| a.flags |= flag::ED),
    ("auth data/credential announced", "auth_data", |a| a.flags |= flag::AT),
    ("auth data/with a credential", "auth_data", |a| {
        let made = Registration::plain();
        a.flags |= flag::AT;
        a.after_count = made.authenticator_data()[37..].to_vec();
    }),
    ("auth data/extensions not canonical", "auth_data", |a| {
        (a.flags, a.after_count) = (a.flags | flag::ED, vec![0xbf, 0xff]);
    }),
    ("extension/list", "extension", |a| (a.flags, a.after_count) = (a.flags | flag::ED, vec![0x80])),
    ("extension/numbered", "extension", |a| {
        (a.flags, a.after_count) = (a.flags | flag::ED, vec![0xa1, 1, 1])
    }),
    ("extension/deep", "resource_limit", |a| {
        (a.flags, a.after_count) = (a.flags | flag::ED, vec![0x81; 64]);
    }),
    ("auth data/long", "resource_limit", |a| a.after_count = vec![0; 20_000]),
];

const RECORD: &[Change] = &[
    ("signature/empty", "signature", |a| a.signature = Some(Vec::new())),
    ("signature/zero", "signature", |a| a.signature = Some(vec![0; 70])),
    ("signature/over something else", "signature", |a| a.signature = Some(a.sign(b"something else"))),
    ("signature/without the client data's hash", "signature", |a| {
        a.signature = Some(a.sign(&a.authenticator_data()));
    }),
    ("signature/trailing", "signature", |a| {
        let message = [a.authenticator_data(), digest::sha256(&a.client_data).to_vec()].concat();
        a.signature = Some([a.sign(&message), vec![0]].concat());
    }),
    ("signature/raw", "signature", |a| a.signature = Some(vec![1; 64])),
    ("signature/by another key", "signature", |a| {
        let other = Registration::by(Settings::security_key(), Algorithm::EdDsa);
        a.stored["publicKey"] = base64url(&other.public_key).into();
    }),
    ("signature/long", "resource_limit", |a| a.signature = Some(vec![1; 20_000])),
    ("counter/same", "sign_count", |a| a.stored["signCount"] = a.sign_count.into()),
    ("counter/less", "sign_count", |a| a.stored["signCount"] = (a.sign_count + 1).into()),
    ("counter/back to zero", "sign_count", |a| (a.stored["signCount"], a.sign_count) = (9.into(), 0)),
    ("counter/wrapped", "sign_count", |a| (a.stored["signCount"], a.sign_count) = (u32::MAX.into(), 1)),
    ("stored/key is empty", "credential_public_key", |a| a.stored["publicKey"] = "".into()),
    ("stored/key is no map", "credential_public_key", |a| a.stored["publicKey"] = base64url(&[1]).into()),
    ("stored/key is cut", "credential_public_key", |a| {
        let key = bytes(&a.stored["publicKey"]);
        a.stored["publicKey"] = base64url(&key[..key.len() - 1]).into();
    }),
    ("stored/key has something after it", "credential_public_key", |a| {
        let key = [bytes(&a.stored["publicKey"]), vec![0]].concat();
        a.stored["publicKey"] = base64url(&key).into();
    }),
];

const ANSWER: &[Change] = &[
    ("answer/empty", "malformed", |a| a.response = json!({ "response": {} })),
    ("answer/of another type", "malformed", |a| a.response["type"] = "federated".into()),
    ("answer/user handle as number", "malformed", |a| a.response["response"]["userHandle"] = 1.into()),
    ("answer/user handle padded", "malformed", |a| a.response["response"]["userHandle"] = "YQ==".into()),
    ("answer/long user handle", "resource_limit", |a| {
        a.response["response"]["userHandle"] = base64url(&[1; 2000]).into();
    }),
    ("answer/id is not rawId", "credential_id_mismatch", |a| {
        a.response["rawId"] = base64url(&[1; 32]).into()
    }),
    ("answer/empty id", "credential_id", |a| {
        (a.response["id"], a.response["rawId"]) = ("".into(), "".into());
    }),
    ("answer/extension results as text", "extension", |a| a.response["clientExtensionResults"] = "".into()),
    ("answer/many members", "resource_limit", |a| {
        for number in 0..200 {
            a.response[format!("member {number}")] = 1.into();
        }
    }),
];
