//! Packed attestation by certificates that no conforming vendor would issue.

use primitives::cbor::{Key, Value as Cbor};
use primitives::cose::{Algorithm, SigningKey};
use primitives::encoding::base64url;
use primitives::time::Timestamp;
use primitives::x509::{BasicConstraints, Extension, Issue, Name};
use serde_json::json;

use super::super::Case;
use super::super::parts::Registration;

const ROOT: Name<'static> = Name {
    country: "XX",
    organization: "Cases",
    organizational_unit: "Authenticator Attestation",
    common_name: "Root of the cases",
};
const LEAF: Name<'static> = Name { common_name: "Leaf of the cases", ..ROOT };

/// What is changed about the certificate, with the reason that it must get.
type Change = (&'static str, &'static str, fn(&mut Issue<'_>));

const CHANGES: &[Change] = &[
    ("conforming", "ok", |_| ()),
    ("version 1", "attestation_certificate", |issue| issue.version = 1),
    ("version 2", "attestation_certificate", |issue| issue.version = 2),
    ("an authority", "attestation_certificate", |issue| issue.constraints = BasicConstraints::AUTHORITY),
    ("another unit", "attestation_certificate", |issue| issue.subject.organizational_unit = "Sales"),
    ("country of three letters", "attestation_certificate", |issue| issue.subject.country = "XXX"),
    ("no country", "attestation_certificate", |issue| issue.subject.country = ""),
    ("no organisation", "attestation_certificate", |issue| issue.subject.organization = ""),
    ("no common name", "attestation_certificate", |issue| issue.subject.common_name = ""),
    ("no subject", "attestation_certificate", |issue| issue.subject = Name::EMPTY),
    ("another model", "aaguid", |issue| issue.aaguid = Some([1; 16])),
    ("expired", "attestation_untrusted", |issue| issue.not_after = Timestamp::from_secs(1_700_000_000)),
    ("not yet valid", "attestation_untrusted", |issue| {
        issue.not_before = Timestamp::from_secs(2_000_000_000)
    }),
    ("issued by somebody else", "attestation_untrusted", |issue| issue.issuer.common_name = "Nobody"),
    ("critical extension", "attestation_untrusted", |issue| {
        issue.extensions = vec![Extension { oid: vec![0x2a, 3], critical: true, value: vec![5, 0] }];
    }),
];

pub(super) fn changed() -> Vec<Case> {
    CHANGES
        .iter()
        .map(|(name, expected, change)| {
            Case::new(format!("attested/certificate/{name}"), expected, by(*change).json())
        })
        .collect()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Algorithm::Es256, &[seed; 32]).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

fn by(change: fn(&mut Issue<'_>)) -> Registration {
    let (root, leaf) = (key(1), key(2));
    let constraints = BasicConstraints::AUTHORITY;
    let anchor = Issue { constraints, ..Issue::new(ROOT, ROOT, root.public_key()) }.sign(&root);
    let mut issue = Issue { serial: 2, ..Issue::new(ROOT, LEAF, leaf.public_key()) };
    change(&mut issue);
    let certificate = issue.sign(&root);
    let mut ceremony = Registration::plain();
    ceremony.format = "packed".to_owned();
    ceremony.options["trustAnchors"] = json!([base64url(&anchor)]);
    ceremony.options["requireTrustedAttestation"] = true.into();
    let signature = leaf.sign(&ceremony.message());
    ceremony.statement = Cbor::Map(vec![
        (Key::Text("alg"), Cbor::Integer(Algorithm::Es256.id())),
        (Key::Text("sig"), Cbor::Bytes(&signature)),
        (Key::Text("x5c"), Cbor::Array(vec![Cbor::Bytes(&certificate)])),
    ])
    .encode();
    ceremony
}
