//! Credential public keys that must not be taken.

use primitives::cbor::{Key, Value as Cbor};
use serde_json::json;

use super::parts::put;
use super::registration::Change;

pub(super) const CHANGES: &[Change] = &[
    ("algorithm/not offered", "algorithm", |r| r.options["pubKeyCredParams"] = json!([-8, -257])),
    ("algorithm/none offered", "algorithm", |r| r.options["pubKeyCredParams"] = json!([])),
    ("algorithm/ES256K offered", "algorithm", |r| {
        r.options["pubKeyCredParams"] = json!([-47]);
        r.key(|key| put(key, Key::Integer(3), Some(Cbor::Integer(-47))));
    }),
    ("algorithm/RS1 offered", "algorithm", |r| {
        r.options["pubKeyCredParams"] = json!([-65535]);
        r.key(|key| put(key, Key::Integer(3), Some(Cbor::Integer(-65535))));
    }),
    ("key/not a map", "credential_public_key", |r| r.public_key = vec![0x01]),
    ("key/empty map", "credential_public_key", |r| r.public_key = vec![0xa0]),
    ("key/without algorithm", "credential_public_key", |r| r.key(|key| put(key, Key::Integer(3), None))),
    ("key/without type", "credential_public_key", |r| r.key(|key| put(key, Key::Integer(1), None))),
    ("key/type OKP", "credential_public_key", |r| {
        r.key(|key| put(key, Key::Integer(1), Some(Cbor::Integer(1))))
    }),
    ("key/curve P-384", "credential_public_key", |r| {
        r.key(|key| put(key, Key::Integer(-1), Some(Cbor::Integer(2))));
    }),
    ("key/without y", "credential_public_key", |r| r.key(|key| put(key, Key::Integer(-3), None))),
    ("key/compressed", "credential_public_key", |r| {
        r.key(|key| put(key, Key::Integer(-3), Some(Cbor::Bool(true))));
    }),
    ("key/short x", "credential_public_key", |r| {
        r.key(|key| put(key, Key::Integer(-2), Some(Cbor::Bytes(&[1; 31]))));
    }),
    ("key/not on the curve", "credential_public_key", |r| {
        r.key(|key| put(key, Key::Integer(-2), Some(Cbor::Bytes(&[1; 32]))));
    }),
    ("key/private member", "credential_public_key", |r| {
        r.key(|key| put(key, Key::Integer(-4), Some(Cbor::Bytes(&[1; 32]))));
    }),
    ("key/x as text", "credential_public_key", |r| {
        r.key(|key| put(key, Key::Integer(-2), Some(Cbor::Text("x"))));
    }),
    ("key/Ed25519 of small order", "credential_public_key", |r| {
        r.options["pubKeyCredParams"] = json!([-8]);
        r.public_key = okp(&[0; 32]);
    }),
    ("key/Ed25519 not on the curve", "credential_public_key", |r| {
        r.options["pubKeyCredParams"] = json!([-8]);
        let mut point = [0; 32];
        point[0] = 2;
        r.public_key = okp(&point);
    }),
    ("key/RSA of 1024 bits", "credential_public_key", |r| {
        r.options["pubKeyCredParams"] = json!([-257]);
        r.public_key = rsa(&[0xff; 128], &[1, 0, 1]);
    }),
    ("key/RSA of 8192 bits", "credential_public_key", |r| {
        r.options["pubKeyCredParams"] = json!([-257]);
        r.public_key = rsa(&[0xff; 1024], &[1, 0, 1]);
    }),
    ("key/RSA with exponent 1", "credential_public_key", |r| {
        r.options["pubKeyCredParams"] = json!([-257]);
        r.public_key = rsa(&[0xff; 256], &[1]);
    }),
    ("key/RSA with even modulus", "credential_public_key", |r| {
        r.options["pubKeyCredParams"] = json!([-257]);
        let mut n = [0xff; 256];
        n[255] = 0xfe;
        r.public_key = rsa(&n, &[1, 0, 1]);
    }),
    ("key/unsorted", "credential_public_key", |r| {
        // The first two members of the key change places.
        let (kty, alg) = (r.public_key[1..3].to_vec(), r.public_key[3..5].to_vec());
        r.public_key.splice(1..5, [alg, kty].concat());
    }),
    ("key/duplicate", "credential_public_key", |r| {
        r.public_key[3] = 1;
    }),
    ("key/deep", "resource_limit", |r| r.public_key = vec![0x81; 20]),
];

fn okp(point: &[u8]) -> Vec<u8> {
    let integer = |label, value| (Key::Integer(label), Cbor::Integer(value));
    Cbor::Map(vec![integer(1, 1), integer(3, -8), integer(-1, 6), (Key::Integer(-2), Cbor::Bytes(point))])
        .encode()
}

fn rsa(n: &[u8], e: &[u8]) -> Vec<u8> {
    let integer = |label, value| (Key::Integer(label), Cbor::Integer(value));
    let bytes = |label, value| (Key::Integer(label), Cbor::Bytes(value));
    Cbor::Map(vec![integer(1, 3), integer(3, -257), bytes(-1, n), bytes(-2, e)]).encode()
}
