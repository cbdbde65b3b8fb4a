//! Registrations with attestation: every format by every algorithm that it takes, and one change each.

use authenticator::Settings;
use authenticator::attestation::android_key::SecurityLevel;
use authenticator::attestation::{Attestation, Authority, Format};
use primitives::cbor::{Key, Value as Cbor};
use primitives::cose::Algorithm;
use primitives::encoding::base64url;
use serde_json::json;

use super::Case;
use super::parts::{Registration, put};

mod issued;

pub(super) const SEED: [u8; 32] = [0x41; 32];

/// A change to a registration in some format, with the reason that it must get.
type Change = (&'static str, Format, &'static str, fn(&mut Registration));

const TPM: Format = Format::Tpm;
const ANDROID: Format = Format::AndroidKey(SecurityLevel::TrustedEnvironment);

/// Every certified format, trusted, by every algorithm that it can speak of; and compound ones.
pub fn valid() -> Vec<Case> {
    let mut out = Vec::new();
    for format in Format::ALL {
        for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| format.takes(*algorithm)) {
            let name = format!("attested/valid/{format:?} {algorithm:?}");
            out.push(Case::new(name, "ok", by(&[format], algorithm).json()));
        }
    }
    let compound = by(&[Format::Packed, TPM], Algorithm::Es256);
    out.push(Case::new("attested/valid/compound", "ok", compound.json()));
    let mut untrusted = by(&[Format::Packed], Algorithm::Es256);
    (untrusted.options["trustAnchors"], untrusted.options["requireTrustedAttestation"]) =
        (json!([]), false.into());
    out.push(Case::new("attested/valid/without anchor where none is needed", "ok", untrusted.json()));
    out
}

/// One change each.
pub fn changed() -> Vec<Case> {
    let case = |(name, format, expected, change): &Change| {
        let mut ceremony = by(&[*format], Algorithm::Es256);
        change(&mut ceremony);
        Case::new(format!("attested/{format:?}/{name}"), expected, ceremony.json())
    };
    let mut out: Vec<Case> = [PACKED, OTHERS, TRUST].concat().iter().map(case).collect();
    out.extend(plain());
    out.extend(compound());
    out.extend(models());
    out.extend(issued::changed());
    out
}

/// By an authority that is an anchor, where trust is required.
fn by(formats: &[Format], algorithm: Algorithm) -> Registration {
    let authority = Authority::from_seed(SEED);
    let settings = Settings { algorithms: vec![algorithm], ..Settings::security_key() };
    let mut ceremony = Registration::by(settings.attesting(formats, &authority), algorithm);
    ceremony.options["trustAnchors"] = json!([base64url(authority.root())]);
    ceremony.options["requireTrustedAttestation"] = true.into();
    ceremony
}

const PACKED: &[Change] = &[
    ("without sig", Format::Packed, "attestation_statement", |r| member(r, "sig", None)),
    ("without alg", Format::Packed, "attestation_statement", |r| member(r, "alg", None)),
    ("sig as text", Format::Packed, "attestation_statement", |r| member(r, "sig", Some(Cbor::Text("sig")))),
    ("alg as text", Format::Packed, "attestation_statement", |r| member(r, "alg", Some(Cbor::Text("ES256")))),
    ("alg unknown", Format::Packed, "attestation_statement", |r| {
        member(r, "alg", Some(Cbor::Integer(-65535)))
    }),
    ("foreign member", Format::Packed, "attestation_statement", |r| member(r, "extra", Some(Cbor::Null))),
    ("x5c as bytes", Format::Packed, "attestation_statement", |r| member(r, "x5c", Some(Cbor::Bytes(b"x")))),
    ("x5c empty", Format::Packed, "attestation_statement", |r| member(r, "x5c", Some(Cbor::Array(vec![])))),
    ("x5c of texts", Format::Packed, "attestation_statement", |r| {
        member(r, "x5c", Some(Cbor::Array(vec![Cbor::Text("x")])));
    }),
    ("x5c of nonsense", Format::Packed, "attestation_certificate", |r| {
        member(r, "x5c", Some(Cbor::Array(vec![Cbor::Bytes(b"no certificate")])));
    }),
    ("x5c of nine", Format::Packed, "resource_limit", |r| {
        member(r, "x5c", Some(Cbor::Array(vec![Cbor::Bytes(b"x"); 9])));
    }),
    ("x5c with a huge one", Format::Packed, "resource_limit", |r| {
        member(r, "x5c", Some(Cbor::Array(vec![Cbor::Bytes(&[0x30; 17_000])])));
    }),
    ("sig of nonsense", Format::Packed, "attestation_signature", |r| {
        member(r, "sig", Some(Cbor::Bytes(b"sig")))
    }),
    ("over other client data", Format::Packed, "attestation_signature", |r| {
        r.client_data(|data| data["extra"] = 1.into());
    }),
    ("over another counter", Format::Packed, "attestation_signature", |r| r.sign_count = 7),
    ("over another model", Format::Packed, "attestation_signature", |r| r.aaguid[0] ^= 1),
    ("statement of nothing", Format::Packed, "attestation_statement", |r| r.statement = vec![0xa0]),
    ("statement as list", Format::Packed, "attestation_statement", |r| r.statement = vec![0x80]),
    ("by another name", Format::Packed, "attestation_format", |r| r.format = "Packed".to_owned()),
    ("by an unknown name", Format::Packed, "attestation_format", |r| {
        r.format = "android-safetynet".to_owned()
    }),
    ("by no name", Format::Packed, "attestation_format", |r| r.format = String::new()),
    ("as none", Format::Packed, "attestation_statement", |r| r.format = "none".to_owned()),
];

const OTHERS: &[Change] = &[
    ("ver 1.2", TPM, "attestation_statement", |r| member(r, "ver", Some(Cbor::Text("1.2")))),
    ("certInfo cut", TPM, "attestation_statement", |r| {
        member(r, "certInfo", Some(Cbor::Bytes(b"\xff\x54\x43\x47")))
    }),
    ("pubArea empty", TPM, "attestation_statement", |r| member(r, "pubArea", Some(Cbor::Bytes(b"")))),
    ("without x5c", TPM, "attestation_statement", |r| member(r, "x5c", None)),
    ("sig of nonsense", TPM, "attestation_signature", |r| member(r, "sig", Some(Cbor::Bytes(b"sig")))),
    ("over other client data", TPM, "attestation_statement", |r| {
        r.client_data(|data| data["extra"] = 1.into())
    }),
    ("sig of nonsense", ANDROID, "attestation_signature", |r| member(r, "sig", Some(Cbor::Bytes(b"sig")))),
    ("without x5c", ANDROID, "attestation_statement", |r| member(r, "x5c", None)),
    ("over other client data", ANDROID, "attestation_signature", |r| {
        r.client_data(|data| data["extra"] = 1.into());
    }),
    ("without x5c", Format::Apple, "attestation_statement", |r| member(r, "x5c", None)),
    ("over other client data", Format::Apple, "attestation_statement", |r| {
        r.client_data(|data| data["extra"] = 1.into());
    }),
    ("x5c of nonsense", Format::Apple, "attestation_certificate", |r| {
        member(r, "x5c", Some(Cbor::Array(vec![Cbor::Bytes(b"x")])));
    }),
    ("sig of nonsense", Format::FidoU2f, "attestation_signature", |r| {
        member(r, "sig", Some(Cbor::Bytes(b"sig")));
    }),
    ("without sig", Format::FidoU2f, "attestation_statement", |r| member(r, "sig", None)),
    ("over other client data", Format::FidoU2f, "attestation_signature", |r| {
        r.client_data(|data| data["extra"] = 1.into());
    }),
];

const TRUST: &[Change] = &[
    ("no anchors", Format::Packed, "attestation_untrusted", |r| r.options["trustAnchors"] = json!([])),
    ("a stranger as anchor", Format::Packed, "attestation_untrusted", stranger),
    ("before its time", Format::Packed, "attestation_untrusted", |r| {
        r.rp["now"] = "2019-12-31T00:00:00Z".into()
    }),
    ("after its time", Format::Packed, "attestation_untrusted", |r| {
        r.rp["now"] = "2050-01-02T00:00:00Z".into()
    }),
    ("a stranger as anchor", Format::PackedSingle, "attestation_untrusted", stranger),
    ("a stranger as anchor", TPM, "attestation_untrusted", stranger),
    ("a stranger as anchor", ANDROID, "attestation_untrusted", stranger),
    ("a stranger as anchor", Format::Apple, "attestation_untrusted", stranger),
    ("a stranger as anchor", Format::FidoU2f, "attestation_untrusted", stranger),
];

fn stranger(r: &mut Registration) {
    r.options["trustAnchors"] = json!([base64url(Authority::from_seed([7; 32]).root())]);
}

fn member(r: &mut Registration, name: &'static str, value: Option<Cbor<'static>>) {
    r.statement(|members| put(members, Key::Text(name), value));
}

/// Without attestation, or with that of the credential alone.
fn plain() -> Vec<Case> {
    let own = || {
        let settings = Settings { attestation: Attestation::SelfSigned, ..Settings::security_key() };
        Registration::by(settings, Algorithm::Es256)
    };
    type Plain = (&'static str, &'static str, Registration, fn(&mut Registration));
    let cases: [Plain; 8] = [
        ("none with a member", "attestation_statement", Registration::plain(), |r| {
            member(r, "sig", Some(Cbor::Bytes(b"sig")));
        }),
        ("none as list", "attestation_statement", Registration::plain(), |r| r.statement = vec![0x80]),
        ("none where trust is required", "attestation_untrusted", Registration::plain(), |r| {
            r.options["requireTrustedAttestation"] = true.into();
        }),
        ("self where trust is required", "attestation_untrusted", own(), |r| {
            r.options["requireTrustedAttestation"] = true.into();
        }),
        ("self with another algorithm", "attestation_statement", own(), |r| {
            member(r, "alg", Some(Cbor::Integer(-8)));
        }),
        ("self with a signature of nonsense", "attestation_signature", own(), |r| {
            member(r, "sig", Some(Cbor::Bytes(b"sig")));
        }),
        ("self over other client data", "attestation_signature", own(), |r| {
            r.client_data(|data| data["extra"] = 1.into());
        }),
        ("self over another id", "attestation_signature", own(), |r| {
            r.credential_id[0] ^= 1;
            let id = base64url(&r.credential_id);
            (r.response["id"], r.response["rawId"]) = (id.clone().into(), id.into());
        }),
    ];
    cases
        .into_iter()
        .map(|(name, expected, mut ceremony, change)| {
            change(&mut ceremony);
            Case::new(format!("attested/{name}"), expected, ceremony.json())
        })
        .collect()
}

fn compound() -> Vec<Case> {
    let with = |name: &str, statement: Vec<u8>| {
        let mut ceremony = by(&[Format::Packed, TPM], Algorithm::Es256);
        ceremony.statement = statement;
        Case::new(format!("attested/compound/{name}"), "attestation_statement", ceremony.json())
    };
    let part = |format: &'static str, statement: &[u8]| {
        let mut out = vec![0xa2];
        out.extend([Cbor::Text("fmt").encode(), Cbor::Text(format).encode()].concat());
        out.extend(Cbor::Text("attStmt").encode());
        out.extend(statement);
        out
    };
    let none = part("none", &[0xa0]);
    let mut changed = by(&[Format::Packed, TPM], Algorithm::Es256);
    changed.client_data(|data| data["extra"] = 1.into());
    vec![
        with("of nothing", vec![0x80]),
        with("of one", [vec![0x81], none.clone()].concat()),
        with("as map", vec![0xa0]),
        with("of numbers", vec![0x82, 1, 2]),
        with("in compound", [vec![0x82], none, part("compound", &[0x80])].concat()),
        Case::new("attested/compound/over other client data", "attestation_signature", changed.json()),
    ]
}

/// Models that the certificate does not bear out.
fn models() -> Vec<Case> {
    let authority = Authority::from_seed(SEED);
    let packed = Attestation::Packed(authority.batch([1; 16]));
    let u2f = Attestation::FidoU2f(authority.u2f_batch());
    let tpm = Attestation::Tpm(authority.tpm([1; 16]));
    [("packed", packed), ("tpm", tpm), ("fido-u2f", u2f)]
        .into_iter()
        .map(|(name, attestation)| {
            let settings = Settings { aaguid: [2; 16], attestation, ..Settings::security_key() };
            let ceremony = Registration::by(settings, Algorithm::Es256);
            Case::new(format!("attested/model/{name}"), "aaguid", ceremony.json())
        })
        .collect()
}
