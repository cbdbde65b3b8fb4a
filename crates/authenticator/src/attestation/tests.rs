use fido::ctap::make_credential::Response;
use primitives::cbor::Value;
use primitives::cose::{Algorithm, PublicKey};
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use primitives::x509::{Certificate, oid, validate_path};

use super::{Attestation, Authority, Format, Statement};
use crate::make_credential::tests::request;
use crate::{Authenticator, Settings};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

#[test]
fn packed_by_a_batch_verifies_and_leads_to_the_root() {
    let authority = Authority::from_seed([1; 32]);
    let settings = Settings::security_key().attested_by(&authority);
    let mut authenticator = Authenticator::new(settings);
    let made = authenticator.make_credential(&request(b"user"), &mut SystemEntropy).unwrap();
    let message = made.response().encode();
    let object = Response::parse(&message).unwrap().object;
    assert_eq!(object.format, "packed");
    let statement = &object.statement;
    assert_eq!(statement.get("alg"), Some(&Value::Integer(-7)));

    let chain = statement.get("x5c").and_then(Value::as_array).unwrap();
    let chain: Vec<Certificate> =
        chain.iter().map(|item| Certificate::parse(item.as_bytes().unwrap()).unwrap()).collect();
    let leaf = &chain[0];
    let signed = [object.authenticator_data, &[7; 32]].concat();
    let signature = statement.get("sig").and_then(Value::as_bytes).unwrap();
    assert_eq!(leaf.public_key(Algorithm::Es256).unwrap().verify(&signed, signature), Ok(()));
    assert_eq!(leaf.aaguid(), Ok(Some(authenticator.settings.aaguid)));
    assert_eq!(leaf.version(), 3);
    assert_eq!(leaf.basic_constraints().map(|constraints| constraints.ca), Some(false));
    let unit: Vec<_> = leaf.subject(oid::ORGANIZATIONAL_UNIT).collect();
    assert_eq!(unit, ["Authenticator Attestation"]);

    let root = Certificate::parse(authority.root()).unwrap();
    assert!(validate_path(&chain, &[root], NOW).is_ok());
    let other = Certificate::parse(Authority::from_seed([2; 32]).root()).unwrap();
    assert!(validate_path(&chain, &[other], NOW).is_err());
}

#[test]
fn self_attestation_is_the_credential_s_own_signature() {
    let settings = Settings { attestation: Attestation::SelfSigned, ..Settings::platform() };
    let made = Authenticator::new(settings).make_credential(&request(b"user"), &mut SystemEntropy).unwrap();
    let message = made.response().encode();
    let object = Response::parse(&message).unwrap().object;
    assert_eq!((object.format, object.statement.get("x5c")), ("packed", None));
    let signed = [object.authenticator_data, &[7; 32]].concat();
    let signature = object.statement.get("sig").and_then(Value::as_bytes).unwrap();
    let key = PublicKey::parse(&made.public_key).unwrap();
    assert_eq!(key.verify(&signed, signature), Ok(()));
}

#[test]
fn every_format_leads_to_the_root() {
    let authority = Authority::from_seed([1; 32]);
    let root = [Certificate::parse(authority.root()).unwrap()];
    for format in Format::ALL {
        for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa, Algorithm::Rs256] {
            let settings = Settings { algorithms: vec![algorithm], ..Settings::security_key() };
            let settings = settings.attesting(&[format], &authority);
            assert_eq!(settings.algorithms.is_empty(), !format.takes(algorithm), "{format:?} {algorithm:?}");
            if settings.algorithms.is_empty() {
                continue;
            }
            let mut request = request(b"user");
            request.algorithms = vec![algorithm.id()];
            let made = Authenticator::new(settings).make_credential(&request, &mut SystemEntropy).unwrap();
            let object = made.statement.object(&made.authenticator_data);
            let chain = object.statement.get("x5c").and_then(Value::as_array).unwrap();
            let chain: Vec<Certificate> =
                chain.iter().map(|item| Certificate::parse(item.as_bytes().unwrap()).unwrap()).collect();
            assert!(validate_path(&chain, &root, NOW).is_ok(), "{format:?} {algorithm:?}");
        }
    }
}

#[test]
fn several_formats_are_compound() {
    let authority = Authority::from_seed([1; 32]);
    let settings = Settings::security_key().attesting(&[Format::Tpm, Format::FidoU2f], &authority);
    assert_eq!((settings.aaguid, settings.algorithms.as_slice()), ([0; 16], &[Algorithm::Es256][..]));
    let made = Authenticator::new(settings).make_credential(&request(b"user"), &mut SystemEntropy).unwrap();
    let Statement::Compound(parts) = &made.statement else { panic!("{:?}", made.statement) };
    assert_eq!(parts.iter().map(Statement::format).collect::<Vec<_>>(), ["tpm", "fido-u2f"]);
    assert_eq!(Settings::platform().attesting(&[], &authority).algorithms, Settings::platform().algorithms);
}

#[test]
fn a_format_that_cannot_speak_of_the_key_is_left_out() {
    let authority = Authority::from_seed([1; 32]);
    for format in [Format::Tpm, Format::FidoU2f] {
        let attestation = Attestation::by(&authority, format, [5; 16]);
        let settings = Settings { attestation, algorithms: vec![Algorithm::EdDsa], ..Settings::platform() };
        let mut request = request(b"user");
        request.algorithms = vec![Algorithm::EdDsa.id()];
        let made = Authenticator::new(settings).make_credential(&request, &mut SystemEntropy).unwrap();
        assert_eq!(made.statement, Statement::None, "{format:?}");
    }
}

#[test]
fn a_seed_is_an_authority_for_good() {
    let key = |der: &[u8]| Certificate::parse(der).unwrap().public_key(Algorithm::Es256).unwrap();
    let (one, again) = (Authority::from_seed([1; 32]), Authority::from_seed([1; 32]));
    assert_eq!(key(one.root()), key(again.root()));
    let (batch, same) = (one.batch([5; 16]), again.batch([5; 16]));
    assert_eq!(key(&batch.chain()[0]), key(&same.chain()[0]));
    assert_ne!(key(&batch.chain()[0]), key(&one.batch([6; 16]).chain()[0]), "each model has its key");
    assert_ne!(key(one.root()), key(Authority::from_seed([2; 32]).root()));
}

#[test]
fn no_secret_shows_in_debug() {
    let authority = Authority::from_seed([0xa5; 32]);
    let batch = authority.batch([5; 16]);
    let issuer = authority.issuer();
    assert_eq!(format!("{authority:?} {batch:?} {issuer:?}"), "Authority Batch(1 certificates) Issuer");
}
