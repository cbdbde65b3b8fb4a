use authenticator::Settings;
use authenticator::attestation::{Format, tpm as maker};
use primitives::cose::SigningKey;
use primitives::x509::{BasicConstraints, Issue, Name};

use super::super::testing::{anchor, attester, certificate, made, patched, refused};
use super::*;
use crate::RegistrationRequest;
use crate::testing::{self, Registration};

/// What a statement is made of; a test changes one thing.
struct Parts {
    version: &'static str,
    attester: SigningKey,
    public_area: Vec<u8>,
    name: Vec<u8>,
    extra_data: Vec<u8>,
    certificate: Vec<u8>,
    /// Changes certInfo before it is signed.
    cert_info: fn(&mut Vec<u8>),
}

/// The certificate of the attester's key, with one thing changed.
fn aik(key: &PublicKey, change: impl FnOnce(&mut Issue<'_>)) -> Vec<u8> {
    certificate(key, |issue| {
        issue.subject = Name::EMPTY;
        issue.extensions = maker::certificate_extensions(maker::MANUFACTURER);
        change(issue);
    })
}

/// `ceremony` with a statement by our attester, one thing about it changed.
fn stated(mut ceremony: Registration, change: impl FnOnce(&mut Parts)) -> Registration {
    let public_area = maker::public_area(&PublicKey::parse(&ceremony.public_key).unwrap()).unwrap();
    let mut parts = Parts {
        version: "2.0",
        name: maker::name(&public_area),
        public_area,
        extra_data: digest::sha256(&ceremony.message()).to_vec(),
        certificate: aik(attester().public_key(), |_| ()),
        attester: attester(),
        cert_info: |_| (),
    };
    change(&mut parts);
    let mut cert_info = maker::cert_info(&parts.name, &parts.extra_data);
    (parts.cert_info)(&mut cert_info);
    let signature = parts.attester.sign(&cert_info);
    ceremony.statement(vec![
        ("ver", Value::Text(parts.version)),
        ("alg", Value::Integer(parts.attester.algorithm().id())),
        ("x5c", Value::Array(vec![Value::Bytes(&parts.certificate)])),
        ("sig", Value::Bytes(&signature)),
        ("certInfo", Value::Bytes(&cert_info)),
        ("pubArea", Value::Bytes(&parts.public_area)),
    ]);
    ceremony.anchors = vec![anchor()];
    ceremony
}

fn with(change: impl FnOnce(&mut Parts)) -> Registration {
    stated(made(&[Format::Tpm]), change)
}

/// With a changed public area, whose name is what certInfo says.
fn with_area(change: impl FnOnce(&mut Vec<u8>)) -> Registration {
    with(|parts| {
        change(&mut parts.public_area);
        parts.name = maker::name(&parts.public_area);
    })
}

fn with_certificate(change: impl FnOnce(&mut Issue<'_>)) -> Registration {
    with(|parts| parts.certificate = aik(attester().public_key(), change))
}

#[track_caller]
fn accepted(ceremony: &Registration) {
    let attestation = ceremony.finish().unwrap().attestation;
    assert_eq!((attestation.kind, attestation.trusted), (AttestationKind::AttCa, true));
}

/// A ceremony whose credential is for that algorithm.
fn credential(algorithm: Algorithm) -> Registration {
    let settings = Settings { algorithms: vec![algorithm], ..Settings::security_key() };
    let settings = settings.attesting(&[Format::Tpm], &testing::authority());
    let request = RegistrationRequest {
        algorithms: vec![algorithm],
        attestation: fido::options::AttestationConveyance::Direct,
        ..RegistrationRequest::new(testing::user(), "test")
    };
    Registration::asking(request, settings)
}

#[test]
fn statements_by_the_rules_are_accepted() {
    accepted(&with(|_| ()));
    for algorithm in [Algorithm::Es384, Algorithm::Es512, Algorithm::Rs256, Algorithm::Ps256] {
        accepted(&stated(credential(algorithm), |_| ()));
    }
}

#[test]
fn extra_data_use_the_hash_of_alg() {
    let by = |algorithm, extra_data: Option<Hash>| {
        let ceremony = made(&[Format::Tpm]);
        let message = ceremony.message();
        stated(ceremony, |parts| {
            parts.attester = SigningKey::from_seed(algorithm, &[6; 32]).unwrap();
            parts.certificate = aik(parts.attester.public_key(), |_| ());
            if let Some(hash) = extra_data {
                parts.extra_data = hash(&message);
            }
        })
    };
    accepted(&by(Algorithm::Es384, Some(|data| digest::sha384(data).to_vec())));
    accepted(&by(Algorithm::Es512, Some(|data| digest::sha512(data).to_vec())));
    refused(&by(Algorithm::Es384, None), StatementRefusal::ExtraData, "attestation_statement");
    // These have no hash that could be employed apart.
    for algorithm in [Algorithm::EdDsa, Algorithm::MlDsa44] {
        refused(&by(algorithm, None), StatementRefusal::AlgorithmUnknown, "attestation_statement");
    }
}

#[test]
fn the_version_is_two() {
    refused(&with(|parts| parts.version = "1.2"), StatementRefusal::TpmVersion, "attestation_statement");
}

#[test]
fn names_by_sha_1_are_refused() {
    let sha1 = with_area(|area| area[3] = 0x04);
    refused(&sha1, StatementRefusal::NameAlgorithm, "attestation_statement");
}

#[test]
fn the_public_area_holds_the_credential_s_key() {
    let other = |seed: u8, algorithm| {
        maker::public_area(SigningKey::from_seed(algorithm, &[seed; 32]).unwrap().public_key()).unwrap()
    };
    let refusal = StatementRefusal::PublicAreaKey;
    for area in [other(8, Algorithm::Es256), other(8, Algorithm::Es384)] {
        refused(&with_area(|own| *own = area), refusal, "attestation_statement");
    }
    // The same coordinates on a curve that is called otherwise.
    refused(&with_area(|area| area[15] = 4), refusal, "attestation_statement");
    let mut ceremony = stated(credential(Algorithm::Rs256), |_| ());
    accepted(&ceremony);
    ceremony.public_key = made(&[Format::Tpm]).public_key;
    ceremony.state.algorithms.push(-7);
    refused(&ceremony, refusal, "attestation_statement");
    let exponent = stated(credential(Algorithm::Rs256), |parts| {
        parts.public_area[19] = 3;
        parts.name = maker::name(&parts.public_area);
    });
    refused(&exponent, refusal, "attestation_statement");
}

#[test]
fn the_default_exponent_may_be_written_out() {
    accepted(&stated(credential(Algorithm::Rs256), |parts| {
        parts.public_area[16..20].copy_from_slice(&65_537_u32.to_be_bytes());
        parts.name = maker::name(&parts.public_area);
    }));
}

#[test]
fn coordinates_may_be_padded() {
    accepted(&with_area(|area| {
        area.insert(20, 0);
        area[19] += 1;
    }));
    assert_eq!(padded(&[1, 2], 4), Some(vec![0, 0, 1, 2]));
    assert_eq!(padded(&[0, 0, 1, 2], 2), Some(vec![1, 2]));
    assert_eq!(padded(&[1, 2, 3], 2), None);
    assert_eq!(padded(&[], 2), Some(vec![0, 0]));
}

#[test]
fn public_areas_that_cannot_be_read() {
    let refusal = StatementRefusal::PublicArea;
    refused(&with_area(|area| area.push(0)), refusal, "attestation_statement");
    refused(&with_area(|area| area[1] = 8), refusal, "attestation_statement");
    // The object's policy, symmetric algorithm, scheme, curve and key derivation.
    for (at, value) in [(8, 0xff), (11, 0x06), (13, 0x1a), (15, 0x09), (17, 0x20)] {
        refused(&with_area(|area| area[at] = value), refusal, "attestation_statement");
    }
}

#[test]
fn cert_info_says_that_a_tpm_certified() {
    let code = "attestation_statement";
    refused(&with(|parts| parts.cert_info = |info| info[0] = 0xfe), StatementRefusal::Magic, code);
    refused(&with(|parts| parts.cert_info = |info| info[5] = 0x18), StatementRefusal::AttestType, code);
    refused(&with(|parts| parts.cert_info = |info| info.push(0)), StatementRefusal::CertInfo, code);
    refused(&with(|parts| parts.cert_info = |info| info.truncate(170)), StatementRefusal::CertInfo, code);
    refused(&with(|parts| parts.cert_info = Vec::clear), StatementRefusal::CertInfo, code);
    // Whatever the clock, its `safe` and the firmware are, they are ignored.
    accepted(&with(|parts| parts.cert_info = |info| info[76..101].fill(0x33)));
}

#[test]
fn cert_info_is_about_this_ceremony_and_key() {
    let mut ceremony = with(|_| ());
    ceremony.sign_count += 1;
    refused(&ceremony, StatementRefusal::ExtraData, "attestation_statement");
    let mut ceremony = with(|_| ());
    ceremony.client_data(|data| data["extra"] = serde_json::json!(1));
    refused(&ceremony, StatementRefusal::ExtraData, "attestation_statement");
    let refusal = StatementRefusal::AttestedName;
    refused(&with(|parts| parts.name[10] ^= 1), refusal, "attestation_statement");
    // The right hash under the name of another algorithm.
    refused(&with(|parts| parts.name[1] = 0x0c), refusal, "attestation_statement");
    // A changed attribute of the object, so another name.
    refused(&with(|parts| parts.public_area[4] ^= 1), refusal, "attestation_statement");
}

#[test]
fn names_may_use_longer_hashes() {
    accepted(&with_area(|area| area[3] = 0x0c));
    accepted(&with_area(|area| area[3] = 0x0d));
    refused(&with_area(|area| area[3] = 0x12), StatementRefusal::NameAlgorithm, "attestation_statement");
}

#[test]
fn the_signature_is_the_attestation_key_s() {
    let other = SigningKey::from_seed(Algorithm::Es256, &[7; 32]).unwrap();
    let ceremony = with(|parts| parts.attester = other);
    refused(&ceremony, AttestationRefusal::Signature, "attestation_signature");
    let ceremony = with(|parts| {
        parts.certificate =
            aik(SigningKey::from_seed(Algorithm::Es384, &[7; 32]).unwrap().public_key(), |_| ());
    });
    refused(&ceremony, AttestationCertificateRefusal::Key, "attestation_certificate");
}

#[test]
fn certificates_that_break_the_rules() {
    use AttestationCertificateRefusal as Refusal;
    let code = "attestation_certificate";
    let subject = with_certificate(|issue| issue.subject = super::super::testing::VENDOR);
    refused(&subject, Refusal::SubjectNotEmpty, code);
    let authority = with_certificate(|issue| issue.constraints = BasicConstraints::AUTHORITY);
    refused(&authority, Refusal::BasicConstraints, code);
    let no_purpose = with_certificate(|issue| drop(issue.extensions.pop()));
    refused(&no_purpose, Refusal::ExtendedKeyUsage, code);
    let other_purpose =
        with_certificate(|issue| issue.extensions[1] = maker::purposes(&[&[0x67, 0x81, 5, 8, 1]]));
    refused(&other_purpose, Refusal::ExtendedKeyUsage, code);
    let no_name = with_certificate(|issue| drop(issue.extensions.remove(0)));
    refused(&no_name, Refusal::AlternativeName, code);
    let version_two = with(|parts| {
        let der = std::mem::take(&mut parts.certificate);
        parts.certificate = patched(der, &[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1]);
    });
    refused(&version_two, Refusal::Version, code);
    for extension in 0..2 {
        let unreadable = with_certificate(|issue| issue.extensions[extension].value.push(0));
        let refusal = primitives::x509::CertificateRefusal::Extension;
        refused(&unreadable, Refusal::Unreadable(refusal), code);
    }
    let other_model = with_certificate(|issue| issue.aaguid = Some([1; 16]));
    refused(&other_model, AttestationRefusal::Aaguid, "aaguid");
}

#[test]
fn alternative_names_in_every_arrangement() {
    let [manufacturer, model, version] = [("id:49465800", 1), ("SLB9670", 2), ("id:0013", 3)]
        .map(|(value, number)| maker::attribute(number, value));
    let all = [manufacturer.clone(), model.clone(), version.clone()];
    let with_sets = |sets: &[&[u8]], critical| {
        let mut name = maker::alternative_name(sets);
        name.critical = critical;
        with_certificate(|issue| issue.extensions[0] = name)
    };
    accepted(&with_sets(&[&all.concat()], true));
    accepted(&with_sets(&[&all.concat()], false));
    accepted(&with_sets(&[&manufacturer, &model, &version], true));
    accepted(&with_sets(&[&version, &model, &manufacturer], false));
    let refusal = AttestationCertificateRefusal::AlternativeName;
    for sets in [
        vec![manufacturer.as_slice(), &model],
        vec![&manufacturer, &version],
        vec![&model, &version],
        vec![&manufacturer, &manufacturer, &model, &version],
        vec![&manufacturer, &model, &version, &version],
    ] {
        refused(&with_sets(&sets, true), refusal, "attestation_certificate");
    }
    let nameless = [manufacturer, maker::attribute(2, ""), version].concat();
    refused(&with_sets(&[&nameless], true), refusal, "attestation_certificate");
}

#[test]
fn manufacturers_are_registered() {
    let by = |id: &str| with_certificate(|issue| issue.extensions = maker::certificate_extensions(id));
    for id in ["id:414D4400", "id:49424d00", "id:53544D20", "id:57454300", "id:4E534700"] {
        accepted(&by(id));
    }
    let refusal = AttestationCertificateRefusal::Manufacturer;
    // The first two could be identifiers, and are in no registry.
    let none = [
        "id:41424344",
        "id:FFFFF1D1",
        "414D4400",
        "id:414D44",
        "id:414D440000",
        "id:0414D4400",
        "id:+0000000",
        "AMD",
    ];
    for id in none {
        refused(&by(id), refusal, "attestation_certificate");
    }
}

#[test]
fn a_manufacturer_that_is_nobody_needs_the_anchor() {
    for id in ["id:00000000", "id:FFFFF1D0"] {
        let mut ceremony = with_certificate(|issue| issue.extensions = maker::certificate_extensions(id));
        accepted(&ceremony);
        ceremony.anchors.clear();
        refused(&ceremony, AttestationCertificateRefusal::Manufacturer, "attestation_certificate");
    }
}

#[test]
fn statements_with_wrong_members() {
    let mut ceremony = made(&[Format::Tpm]);
    let encoded = ceremony.statement.clone();
    let members = ["ver", "alg", "x5c", "sig", "certInfo", "pubArea"];
    let valid = primitives::cbor::parse(&encoded, 4).unwrap();
    let member = |name| (name, valid.get(name).unwrap().clone());
    for wrong in members {
        let missing = members.into_iter().filter(|name| *name != wrong).map(member);
        ceremony.statement(missing.clone().collect());
        refused(&ceremony, StatementRefusal::MemberMissing, "attestation_statement");
        ceremony.statement(missing.chain([(wrong, Value::Null)]).collect());
        refused(&ceremony, StatementRefusal::MemberType, "attestation_statement");
    }
    ceremony.statement(members.into_iter().map(member).chain([("ecdaaKeyId", Value::Null)]).collect());
    refused(&ceremony, StatementRefusal::ForeignMember, "attestation_statement");
}
