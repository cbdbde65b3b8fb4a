//! Certificates that authenticators really have, or that strict readers choke on: each is taken or refused by
//! a rule, and none is a panic.

use super::*;

/// A certificate that ends a chain, by key 4, with parts that no authority would write.
fn requested(change: impl FnOnce(&mut Requested)) -> Vec<u8> {
    let subject = key(6);
    let issue = Issue::new(name("4"), name("6"), subject.public_key());
    let mut requested = issue.requested();
    change(&mut requested);
    requested.sign(&key(4))
}

fn outcome(der: &[u8]) -> Result<(), String> {
    let certificate = Certificate::parse(der).map_err(|refusal| format!("{refusal:?}"))?;
    validate(&[certificate], &[authority(4, 4)], NOW).map_err(|refusal| format!("{refusal:?}"))
}

#[track_caller]
fn taken(change: impl FnOnce(&mut Requested)) {
    assert_eq!(outcome(&requested(change)), Ok(()));
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Requested), refusal: &str) {
    assert_eq!(outcome(&requested(change)), Err(refusal.to_owned()));
}

#[test]
fn serial_numbers_of_any_size_and_sign() {
    taken(|_| ());
    taken(|parts| parts.serial = write(der::INTEGER, &[&[0x80]]));
    taken(|parts| parts.serial = write(der::INTEGER, &[&[0]]));
    taken(|parts| parts.serial = write(der::INTEGER, &[&[0x7f; 21]]));
    refused(|parts| parts.serial = write(der::OCTET_STRING, &[&[1]]), "Der");
}

#[test]
fn an_empty_issuer_names_an_empty_subject() {
    let empty = write(der::SEQUENCE, &[]);
    refused(|parts| parts.issuer = empty.clone(), "NoAnchor");
    let leaf = Certificate::parse(&requested(|parts| parts.issuer = empty.clone())).unwrap();
    let anchor = issue(4, 4, |issue| (issue.issuer, issue.subject) = (Name::EMPTY, Name::EMPTY));
    let anchor = Certificate::parse(&anchor).unwrap();
    assert!(anchor.has_empty_subject());
    assert_eq!(validate(&[leaf], &[anchor], NOW), Ok(()));
}

fn subject(tag: u8, text: &[u8]) -> Vec<u8> {
    let pair = write(der::SEQUENCE, &[&write(der::OID, &[oid::COMMON_NAME]), &write(tag, &[text])]);
    write(der::SEQUENCE, &[&write(der::SET, &[&pair])])
}

#[test]
fn strings_of_any_type() {
    let value = |tag, text: &[u8]| {
        let der = requested(|parts| parts.subject = subject(tag, text));
        let certificate = Certificate::parse(&der).unwrap();
        assert_eq!(outcome(&der), Ok(()));
        certificate.subject(oid::COMMON_NAME).next().map(str::to_owned)
    };
    assert_eq!(value(der::UTF8_STRING, "é".as_bytes()), Some("é".into()));
    assert_eq!(value(der::PRINTABLE_STRING, b"a"), Some("a".into()));
    assert_eq!(value(der::IA5_STRING, b"a@b"), Some("a@b".into()));
    // TeletexString, UniversalString and BMPString are no text here; nor is what is not UTF-8.
    assert_eq!(value(0x1c, b"\0\0\0a"), None);
    assert_eq!(value(0x1e, b"\0a"), None);
    assert_eq!(value(der::UTF8_STRING, &[0xff, 0xfe]), None);
    assert_eq!(value(0x0a, &[1]), None);
    let _ = value(0x14, b"a");
    let _ = value(der::PRINTABLE_STRING, b"*@_");
}

#[test]
fn names_that_are_none() {
    for name in [&[0x30, 1, 0x31][..], &[0x31, 0], &[0x30, 2, 0x31, 0], &[0x30, 4, 0x31, 2, 0x30, 0]] {
        let der = requested(|parts| parts.subject = name.to_vec());
        assert_ne!(
            Certificate::parse(&der).map(|certificate| certificate.has_empty_subject()).ok(),
            Some(true)
        );
    }
}

fn validity(from: (u8, &[u8]), to: (u8, &[u8])) -> Vec<u8> {
    write(der::SEQUENCE, &[&write(from.0, &[from.1]), &write(to.0, &[to.1])])
}

#[test]
fn times_in_either_form() {
    let (utc, generalized) = (der::UTC_TIME, der::GENERALIZED_TIME);
    let between = |from, to| move |parts: &mut Requested| parts.validity = validity(from, to);
    taken(between((generalized, b"20200101000000Z"), (generalized, b"20400101000000Z")));
    taken(between((utc, b"700101000000Z"), (generalized, b"99991231235959Z")));
    taken(between((utc, b"500101000000Z"), (utc, b"491231235959Z")));
    refused(between((generalized, b"99991231235959Z"), (utc, b"200101000000Z")), "NotValidNow");
    refused(between((generalized, b"00000101000000Z"), (generalized, b"00010101000000Z")), "NotValidNow");
    for nonsense in [&b""[..], b"Z", b"20201301000000Z", b"20200230000000Z", b"2020"] {
        let der = requested(between((generalized, nonsense), (generalized, b"99991231235959Z")));
        assert!(Certificate::parse(&der).is_err(), "{nonsense:?}");
    }
    // Without seconds or with an offset: no DER, and whatever the reader makes of it is no panic.
    for odd in [&b"209901010000Z"[..], b"2001010000Z", b"200101000000+0100", b"200101000000"] {
        let _ = outcome(&requested(between((utc, odd), (generalized, b"99991231235959Z"))));
    }
}

#[test]
fn versions() {
    let unversioned = issue(6, 4, |issue| issue.version = 1);
    let certificate = Certificate::parse(&unversioned).unwrap();
    assert_eq!((certificate.version(), certificate.basic_constraints()), (1, None));
    assert_eq!(outcome(&unversioned), Ok(()));
    // A root of version 1 cannot say that it is an authority; as an anchor it need not, in a chain it must.
    let root = Certificate::parse(&issue(4, 4, |issue| issue.version = 1)).unwrap();
    assert_eq!(validate(&[leaf(6, 4)], std::slice::from_ref(&root), NOW), Ok(()));
    assert_eq!(validate(&[leaf(6, 4), root], &[authority(8, 8)], NOW), Err(PathRefusal::NotAnAuthority));
    // One of version 3 could, so its silence counts even as an anchor.
    let subject = key(4);
    let mut silent = Issue::new(name("4"), name("4"), subject.public_key()).requested();
    silent.extensions = Vec::new();
    let root = Certificate::parse(&silent.sign(&key(4))).unwrap();
    assert_eq!((root.version(), root.basic_constraints()), (3, None));
    assert_eq!(validate(&[leaf(6, 4)], &[root], NOW), Err(PathRefusal::NotAnAuthority));
    for version in [1, 3, 200] {
        let odd = requested(|parts| parts.version = write(0xa0, &[&write(der::INTEGER, &[&[version]])]));
        let _ = outcome(&odd);
    }
}

#[test]
fn parameters_after_the_signature_algorithm() {
    taken(|parts| parts.algorithm_parameters = Some(write(der::NULL, &[])));
}

#[test]
fn no_extensions_and_empty_ones() {
    taken(|parts| parts.extensions = Vec::new());
    let _ = outcome(&requested(|parts| parts.extensions = write(0xa3, &[&write(der::SEQUENCE, &[])])));
    refused(|parts| parts.extensions = write(0xa3, &[&[]]), "Der");
}

#[test]
fn unknown_extensions() {
    let with = |critical| {
        issue(6, 4, |issue| {
            issue.constraints = BasicConstraints::END;
            issue.extensions = vec![Extension { oid: vec![0x2a, 3], critical, value: vec![0xff] }];
        })
    };
    assert_eq!(outcome(&with(false)), Ok(()));
    assert_eq!(outcome(&with(true)), Err("CriticalExtension".into()));
}

#[test]
fn extensions_are_bounded() {
    let with = |count: u8| {
        issue(6, 4, |issue| {
            issue.constraints = BasicConstraints::END;
            let extension =
                |number| Extension { oid: vec![0x2a, number], critical: false, value: Vec::new() };
            issue.extensions = (0..count).map(extension).collect();
        })
    };
    assert_eq!(outcome(&with(62)), Ok(()));
    assert_eq!(outcome(&with(63)), Err("TooMany".into()));
}

#[test]
fn what_known_extensions_hold_is_read_or_refused() {
    for (oid, values) in [
        (oid::BASIC_CONSTRAINTS, [&[][..], &[0x30, 0x80], &[0x02, 1, 1]]),
        (oid::KEY_USAGE, [&[][..], &[0x03, 0x80], &[0x04, 1, 1]]),
    ] {
        for value in values {
            let extension = super::super::issue::extension(oid, true, value);
            let der = requested(|parts| {
                parts.extensions = write(0xa3, &[&write(der::SEQUENCE, &[&extension])]);
            });
            assert!(Certificate::parse(&der).is_err(), "{oid:?} {value:?}");
        }
    }
}

#[test]
fn rsa_keys_have_2048_to_4096_bits() {
    let own = |der: &[u8]| {
        let certificate = Certificate::parse(der).unwrap();
        certificate.is_issued_by(&certificate)
    };
    assert_eq!(own(include_bytes!("rsa_4096.der")), Ok(()));
    assert_eq!(own(include_bytes!("rsa_6144.der")), Err(BadSignature));
    assert_eq!(own(include_bytes!("rsa_1024.der")), Err(BadSignature));
    let large = Certificate::parse(include_bytes!("rsa_6144.der")).unwrap();
    assert_eq!(large.public_key(Algorithm::Rs256), Err(KeyRefusal::RsaModulusSize));
}

#[test]
fn sha1_signs_nothing() {
    let certificate = Certificate::parse(include_bytes!("sha1.der")).unwrap();
    assert_eq!(certificate.is_issued_by(&certificate), Err(BadSignature));
}

#[test]
fn keys_that_are_none() {
    let info = |algorithm: &[u8], bits: &[u8]| {
        let bits = write(der::BIT_STRING, &[bits]);
        write(der::SEQUENCE, &[&write(der::SEQUENCE, &[algorithm]), &bits])
    };
    let (unknown, rsa) = (write(der::OID, &[&[0x2a, 3]]), write(der::OID, &[oid::RSA_ENCRYPTION]));
    for key in
        [info(&unknown, &[0, 1, 2]), info(&rsa, &[0]), info(&rsa, &[0, 0x30, 0]), info(&rsa, &[0; 900])]
    {
        let certificate = Certificate::parse(&requested(|parts| parts.public_key = key)).unwrap();
        for algorithm in Algorithm::ALL {
            assert!(certificate.public_key(algorithm).is_err(), "{algorithm:?}");
        }
        assert!(leaf(6, 6).is_issued_by(&certificate).is_err());
    }
}

#[test]
fn indefinite_lengths_are_no_der() {
    let der = requested(|_| ());
    let indefinite = [&[0x30, 0x80], &der[4..], &[0, 0]].concat();
    assert!(Certificate::parse(&indefinite).is_err());
}
