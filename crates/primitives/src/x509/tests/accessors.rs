//! What formats ask of a certificate, and keys of every kind in it.

use super::*;

fn end(subject: &SigningKey, change: impl FnOnce(&mut Issue<'_>)) -> Certificate {
    let mut issue = Issue::new(name("4"), name("6"), subject.public_key());
    change(&mut issue);
    Certificate::parse(&issue.sign(&key(4))).unwrap()
}

fn extension(oid: &[u8], value: Vec<u8>) -> Vec<Extension> {
    vec![Extension { oid: oid.to_vec(), critical: false, value }]
}

#[test]
fn keys_of_every_algorithm() {
    for algorithm in Algorithm::ALL {
        let subject = SigningKey::generate(algorithm, &mut crate::entropy::SystemEntropy).unwrap();
        let certificate = end(&subject, |_| ());
        assert_eq!(certificate.public_key(algorithm).as_ref(), Ok(subject.public_key()), "{algorithm:?}");
        let foreign = if algorithm == Algorithm::EdDsa { Algorithm::Es256 } else { Algorithm::EdDsa };
        if algorithm != Algorithm::Ed25519 {
            assert_eq!(certificate.public_key(foreign), Err(KeyRefusal::KeyType), "{algorithm:?}");
        }
    }
}

#[test]
fn authorities_sign_with_every_algorithm_but_pss() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| *algorithm != Algorithm::Ps256) {
        let key = SigningKey::generate(algorithm, &mut crate::entropy::SystemEntropy).unwrap();
        let constraints = BasicConstraints::AUTHORITY;
        let der = Issue { constraints, ..Issue::new(name("a"), name("a"), key.public_key()) }.sign(&key);
        let root = Certificate::parse(&der).unwrap();
        assert_eq!(root.is_issued_by(&root), Ok(()), "{algorithm:?}");
    }
}

#[test]
fn purposes() {
    assert_eq!(end(&key(6), |_| ()).extended_key_usages(), Ok(vec![]));
    let (one, other) = (write(der::OID, &[&[0x2a, 3]]), write(der::OID, &[&[0x2a, 4]]));
    let with =
        |value: Vec<u8>| end(&key(6), |issue| issue.extensions = extension(oid::EXTENDED_KEY_USAGE, value));
    let certificate = with(write(der::SEQUENCE, &[&one, &other]));
    assert_eq!(certificate.extended_key_usages(), Ok(vec![&[0x2a, 3][..], &[0x2a, 4]]));
    for value in
        [vec![], one.clone(), write(der::SEQUENCE, &[&[6]]), write(der::SEQUENCE, &[&one.repeat(65)])]
    {
        assert_eq!(with(value).extended_key_usages(), Err(CertificateRefusal::Extension));
    }
}

#[test]
fn directory_attributes() {
    assert_eq!(end(&key(6), |_| ()).directory_attributes(), Ok(vec![]));
    let with = |value: Vec<u8>| {
        end(&key(6), |issue| issue.extensions = extension(oid::SUBJECT_ALTERNATIVE_NAME, value))
    };
    let attribute = |oid: u8, tag: u8, text: &[u8]| {
        write(der::SEQUENCE, &[&write(der::OID, &[&[0x2a, oid]]), &write(tag, &[text])])
    };
    let (a, b) = (attribute(1, der::UTF8_STRING, b"a"), attribute(2, der::PRINTABLE_STRING, b"b"));
    let directory = |sets: &[&[u8]]| write(0xa4, &[&write(der::SEQUENCE, sets)]);
    let expected = Ok(vec![(&[0x2a, 1][..], "a"), (&[0x2a, 2][..], "b")]);
    let dns = write(0x82, &[b"example.org"]);
    let one = directory(&[&write(der::SET, &[&a, &b])]);
    assert_eq!(with(write(der::SEQUENCE, &[&dns, &one])).directory_attributes(), expected);
    let two = directory(&[&write(der::SET, &[&a]), &write(der::SET, &[&b])]);
    assert_eq!(with(write(der::SEQUENCE, &[&two, &dns])).directory_attributes(), expected);
    let apart = [directory(&[&write(der::SET, &[&a])]), directory(&[&write(der::SET, &[&b])])].concat();
    assert_eq!(with(write(der::SEQUENCE, &[&apart])).directory_attributes(), expected);
    let old = directory(&[&write(der::SET, &[&attribute(1, 0x14, b"a")])]);
    assert_eq!(with(write(der::SEQUENCE, &[&old])).directory_attributes(), Ok(vec![]), "no text here");
    let broken = directory(&[&write(der::SET, &[&attribute(1, der::UTF8_STRING, &[0xff])])]);
    let many = directory(&[&write(der::SET, &[&a.repeat(65)])]);
    let untagged = write(der::SEQUENCE, &[&write(0xa4, &[&write(der::SET, &[&a])])]);
    for value in [vec![], write(der::SEQUENCE, &[&broken]), write(der::SEQUENCE, &[&many]), untagged] {
        assert_eq!(with(value).directory_attributes(), Err(CertificateRefusal::Extension));
    }
}
