use super::*;
use crate::cose::SigningKey;
use crate::der::{self, write};

mod accessors;
mod mutated;
mod odd;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const BEFORE: Timestamp = Timestamp::from_secs(1_700_000_000);
const AFTER: Timestamp = Timestamp::from_secs(4_000_000_000);

fn name(common_name: &str) -> Name<'_> {
    Name { country: "DE", organization: "Example", organizational_unit: "Unit", common_name }
}

fn key(seed: u8) -> SigningKey {
    let algorithm = if seed.is_multiple_of(2) { Algorithm::Es256 } else { Algorithm::EdDsa };
    SigningKey::from_seed(algorithm, &[seed; 32]).unwrap()
}

/// A certificate for key `subject` by key `issuer`, both named by their seeds; `change` changes one thing.
fn issue(subject: u8, issuer: u8, change: impl FnOnce(&mut Issue<'_>)) -> Vec<u8> {
    let (subject_name, issuer_name) = (subject.to_string(), issuer.to_string());
    let subject_key = key(subject);
    let mut issue = Issue {
        not_before: BEFORE,
        not_after: AFTER,
        constraints: BasicConstraints::AUTHORITY,
        ..Issue::new(name(&issuer_name), name(&subject_name), subject_key.public_key())
    };
    change(&mut issue);
    issue.sign(&key(issuer))
}

fn authority(subject: u8, issuer: u8) -> Certificate {
    Certificate::parse(&issue(subject, issuer, |_| ())).unwrap()
}

fn validate(chain: &[Certificate], anchors: &[Certificate], now: Timestamp) -> Result<(), PathRefusal> {
    validate_path(chain, anchors, now).map(|_| ())
}

fn leaf(subject: u8, issuer: u8) -> Certificate {
    Certificate::parse(&issue(subject, issuer, |issue| issue.constraints = BasicConstraints::END)).unwrap()
}

#[test]
fn what_is_issued_is_read() {
    let der = issue(2, 4, |issue| {
        issue.aaguid = Some([9; 16]);
        issue.constraints = BasicConstraints { ca: true, path_length: Some(3) };
        issue.serial = u64::MAX;
    });
    let certificate = Certificate::parse(&der).unwrap();
    assert_eq!(certificate.der(), der);
    assert_eq!(certificate.version(), 3);
    assert_eq!(certificate.basic_constraints(), Some(BasicConstraints { ca: true, path_length: Some(3) }));
    assert_eq!(certificate.aaguid(), Ok(Some([9; 16])));
    assert_eq!(certificate.subject(oid::COUNTRY).collect::<Vec<_>>(), ["DE"]);
    assert_eq!(certificate.subject(oid::COMMON_NAME).collect::<Vec<_>>(), ["2"]);
    assert_eq!(certificate.public_key(Algorithm::Es256).as_ref(), Ok(key(2).public_key()));
    assert_eq!(certificate.public_key(Algorithm::Es384), Err(KeyRefusal::KeyType));
    assert_eq!(certificate.public_key(Algorithm::Rs256), Err(KeyRefusal::KeyType));
    assert_eq!(leaf(3, 4).public_key(Algorithm::EdDsa).as_ref(), Ok(key(3).public_key()));
    assert_eq!(format!("{certificate:?}"), "Certificate(\"2\")");
}

#[test]
fn validity_includes_both_ends() {
    let certificate = leaf(2, 4);
    let second = crate::time::Span::from_secs(1);
    assert!(certificate.is_valid_at(BEFORE) && certificate.is_valid_at(AFTER));
    assert!(!certificate.is_valid_at(BEFORE - second) && !certificate.is_valid_at(AFTER + second));
}

#[test]
fn certificates_that_cannot_be_read() {
    let der = issue(2, 4, |_| ());
    let refused = |der: &[u8]| Certificate::parse(der).err();
    assert_eq!(refused(&[]), Some(CertificateRefusal::Der));
    assert_eq!(refused(&[der.as_slice(), &[0]].concat()), Some(CertificateRefusal::TrailingBytes));
    assert_eq!(refused(&vec![0; LONGEST + 1]), Some(CertificateRefusal::TooLong));
    for length in 0..der.len() {
        assert!(refused(&der[..length]).is_some(), "cut at {length}");
    }
}

#[test]
fn the_algorithm_beside_the_signature_is_the_signed_one() {
    let mut der = issue(2, 4, |_| ());
    let at = der.windows(oid::ECDSA_SHA256.len()).rposition(|window| window == oid::ECDSA_SHA256).unwrap();
    der[at + oid::ECDSA_SHA256.len() - 1] = 3;
    assert_eq!(Certificate::parse(&der).err(), Some(CertificateRefusal::SignatureAlgorithm));
}

#[test]
fn an_extension_occurs_once() {
    let mut der = issue(2, 4, |_| ());
    let at = der.windows(3).position(|window| window == oid::KEY_USAGE).unwrap();
    der[at..at + 3].copy_from_slice(oid::BASIC_CONSTRAINTS);
    assert_eq!(Certificate::parse(&der).err(), Some(CertificateRefusal::DuplicateExtension));
}

#[test]
fn chains_that_lead_to_an_anchor() {
    let (root, middle, end) = (authority(4, 4), authority(5, 4), leaf(6, 5));
    let roots = [authority(8, 8), root.clone()];
    let chain = [end.clone(), middle.clone()];
    assert_eq!(validate(&chain, &roots, NOW), Ok(()));
    assert_eq!(validate(&[end.clone(), middle.clone(), root], &roots, NOW), Ok(()));
    assert_eq!(validate(std::slice::from_ref(&end), &[middle], NOW), Ok(()), "an intermediate as anchor");
    assert_eq!(validate(&chain, std::slice::from_ref(&end), NOW), Ok(()), "the leaf as anchor");
}

#[test]
fn nothing_is_trusted_for_being_there() {
    let (root, middle, end) = (authority(4, 4), authority(5, 4), leaf(6, 5));
    let stranger = [authority(8, 8)];
    let no_anchor = Err(PathRefusal::NoAnchor);
    assert_eq!(validate(&[end, middle, root], &stranger, NOW), no_anchor);
    let alone = [leaf(6, 6)];
    assert_eq!(validate(&alone, &stranger, NOW), no_anchor, "signed by itself");
    assert_eq!(validate(&[], &stranger, NOW), no_anchor);
    // A root of the same name with another key.
    let impostor = Certificate::parse(&issue(10, 10, |issue| {
        (issue.issuer, issue.subject) = (name("4"), name("4"));
    }));
    assert_eq!(validate(&[leaf(6, 4)], &[impostor.unwrap()], NOW), no_anchor);
}

#[test]
fn chains_that_break() {
    let root = [authority(4, 4)];
    let chain = [leaf(6, 5), authority(7, 4)];
    assert_eq!(validate(&chain, &root, NOW), Err(PathRefusal::Signature));
    let chain = vec![leaf(6, 4); 9];
    assert_eq!(validate(&chain, &root, NOW), Err(PathRefusal::ChainTooLong));
    let chain = [leaf(6, 5), leaf(5, 4)];
    assert_eq!(validate(&chain, &root, NOW), Err(PathRefusal::NotAnAuthority));
    assert_eq!(validate(&[leaf(6, 5)], &[leaf(5, 4)], NOW), Err(PathRefusal::NotAnAuthority));
}

#[test]
fn every_certificate_is_valid_now() {
    let root = [authority(4, 4)];
    let expired = |subject, issuer, constraints| {
        Certificate::parse(&issue(subject, issuer, |issue| {
            issue.not_after = Timestamp::from_secs(1_750_000_000);
            issue.constraints = constraints;
        }))
        .unwrap()
    };
    let not_valid = Err(PathRefusal::NotValidNow);
    assert_eq!(validate(&[expired(6, 4, BasicConstraints::END)], &root, NOW), not_valid);
    let middle = expired(5, 4, BasicConstraints::AUTHORITY);
    assert_eq!(validate(&[leaf(6, 5), middle], &root, NOW), not_valid);
    let anchor = expired(4, 4, BasicConstraints::AUTHORITY);
    assert_eq!(validate(&[leaf(6, 4)], &[anchor], NOW), not_valid);
    let early = Timestamp::from_secs(1_600_000_000);
    assert_eq!(validate(&[leaf(6, 4)], &root, early), not_valid);
}

#[test]
fn path_length_counts_intermediates() {
    let root = |length| {
        let limited = BasicConstraints { ca: true, path_length: Some(length) };
        [Certificate::parse(&issue(4, 4, |issue| issue.constraints = limited)).unwrap()]
    };
    let chain = [leaf(6, 5), authority(5, 4)];
    assert_eq!(validate(&chain, &root(1), NOW), Ok(()));
    assert_eq!(validate(&chain, &root(0), NOW), Err(PathRefusal::PathLength));
    assert_eq!(validate(&[leaf(6, 4)], &root(0), NOW), Ok(()));
}

#[test]
fn critical_extensions_must_be_understood_and_keys_allowed_to_sign() {
    let mut der = issue(6, 4, |issue| issue.constraints = BasicConstraints::END);
    let at = der.windows(3).position(|window| window == oid::KEY_USAGE).unwrap();
    der[at + 2] = 0x7f;
    let unknown = Certificate::parse(&der).unwrap();
    assert_eq!(validate(&[unknown], &[], NOW), Err(PathRefusal::CriticalExtension));
    // An anchor that is an authority by its constraints, but whose key may only sign data.
    let mut der = issue(4, 4, |_| ());
    let at = der.windows(4).position(|window| window == [0x03, 0x02, 0x02, 0x04]).unwrap();
    der[at..at + 4].copy_from_slice(&[0x03, 0x02, 0x07, 0x80]);
    let anchor = Certificate::parse(&der).unwrap();
    assert_eq!(validate(&[leaf(6, 4)], &[anchor], NOW), Err(PathRefusal::KeyUsage));
}

#[test]
fn anchors_of_one_name_are_all_tried() {
    let named = |seed: u8, not_after| {
        Certificate::parse(&issue(seed, seed, |issue| {
            (issue.issuer, issue.subject) = (name("4"), name("4"));
            issue.not_after = not_after;
        }))
        .unwrap()
    };
    let expired = Timestamp::from_secs(1_750_000_000);
    let chain = [leaf(6, 4)];
    assert_eq!(validate(&chain, &[named(10, AFTER), named(4, AFTER)], NOW), Ok(()), "another key");
    assert_eq!(validate(&chain, &[named(4, expired), named(4, AFTER)], NOW), Ok(()), "an older one");
    assert_eq!(validate(&chain, &[named(4, expired)], NOW), Err(PathRefusal::NotValidNow));
    // The chain may go on to another anchor than the one that does not do.
    let longer = [leaf(6, 5), authority(5, 4)];
    let anchors =
        [Certificate::parse(&issue(5, 5, |issue| issue.not_after = expired)).unwrap(), authority(4, 4)];
    assert_eq!(validate(&longer, &anchors, NOW), Ok(()));
    assert_eq!(validate(&longer, &anchors[..1], NOW), Err(PathRefusal::NotValidNow));
}

#[test]
fn a_name_has_a_bounded_number_of_keys() {
    let named = |seed: u8, serial| {
        Certificate::parse(&issue(seed, seed, |issue| {
            (issue.issuer, issue.subject, issue.serial) = (name("4"), name("4"), serial);
        }))
        .unwrap()
    };
    let others = |most: u8| (0..most).map(|other| named(10 + 2 * other, 1));
    let with_the_right_one = |most| others(most).chain([authority(4, 4)]).collect::<Vec<_>>();
    let chain = [leaf(6, 4)];
    assert_eq!(validate(&chain, &with_the_right_one(3), NOW), Ok(()));
    assert_eq!(validate(&chain, &with_the_right_one(4), NOW), Err(PathRefusal::TooManyKeys));
    // Keys of other names are not tried at all.
    let strangers = (0..5).map(|other| authority(10 + 2 * other, 10 + 2 * other));
    let among_strangers: Vec<_> = strangers.chain([authority(4, 4)]).collect();
    assert_eq!(validate(&chain, &among_strangers, NOW), Ok(()));
    // A root that was issued anew keeps its key, which is tried once.
    let anew: Vec<_> = (1..=20).map(|serial| named(10, serial)).chain([authority(4, 4)]).collect();
    assert_eq!(validate(&chain, &anew, NOW), Ok(()));
}

#[test]
fn critical_policies_restrict_nothing() {
    let der = issue(6, 4, |issue| {
        issue.constraints = BasicConstraints::END;
        let any =
            write(der::SEQUENCE, &[&write(der::SEQUENCE, &[&write(der::OID, &[&[0x55, 0x1d, 0x20, 0]])])]);
        let oid = oid::CERTIFICATE_POLICIES.to_vec();
        issue.extensions = vec![Extension { oid, critical: true, value: any }];
    });
    assert_eq!(validate(&[Certificate::parse(&der).unwrap()], &[authority(4, 4)], NOW), Ok(()));
}

#[test]
fn the_anchor_that_was_reached_is_told() {
    let anchors = [authority(8, 8), authority(4, 4)];
    assert_eq!(validate_path(&[leaf(6, 4)], &anchors, NOW).unwrap().der(), anchors[1].der());
}

#[test]
fn issuers_in_a_circle_end() {
    let circle = [authority(4, 5), authority(5, 4)];
    let chain: Vec<Certificate> =
        std::iter::once(leaf(6, 4)).chain(circle.into_iter().cycle().take(7)).collect();
    assert_eq!(validate(&chain, &[authority(8, 8)], NOW), Err(PathRefusal::NoAnchor));
    let longer = [chain.as_slice(), &[authority(5, 4)]].concat();
    assert_eq!(validate(&longer, &[authority(8, 8)], NOW), Err(PathRefusal::ChainTooLong));
}

#[test]
fn the_leaf_s_key_may_sign_data() {
    let authority_as_leaf = [authority(6, 4)];
    assert_eq!(validate(&authority_as_leaf, &[authority(4, 4)], NOW), Err(PathRefusal::KeyUsage));
}
