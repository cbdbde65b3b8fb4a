use fido::ctap::make_credential::Response;
use primitives::cbor::Value;
use primitives::cose::{Algorithm, PublicKey};
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use primitives::x509::{Certificate, oid, validate_path};

use super::{Attestation, Authority};
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
    let object = Response::parse(&message).unwrap().0;
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
    assert_eq!(validate_path(&chain, &[root], NOW), Ok(()));
    let other = Certificate::parse(Authority::from_seed([2; 32]).root()).unwrap();
    assert!(validate_path(&chain, &[other], NOW).is_err());
}

#[test]
fn self_attestation_is_the_credential_s_own_signature() {
    let settings = Settings { attestation: Attestation::SelfSigned, ..Settings::platform() };
    let made = Authenticator::new(settings).make_credential(&request(b"user"), &mut SystemEntropy).unwrap();
    let message = made.response().encode();
    let object = Response::parse(&message).unwrap().0;
    assert_eq!((object.format, object.statement.get("x5c")), ("packed", None));
    let signed = [object.authenticator_data, &[7; 32]].concat();
    let signature = object.statement.get("sig").and_then(Value::as_bytes).unwrap();
    let key = PublicKey::parse(&made.public_key).unwrap();
    assert_eq!(key.verify(&signed, signature), Ok(()));
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
    assert_eq!(format!("{authority:?} {batch:?}"), "Authority Batch(1 certificates)");
}
