//! Making passkeys.

use authenticator::ctap2::Answer;
use fido::CredentialDescriptor;
use fido::ctap::extensions::CreationInputs;
use fido::ctap::{Command, make_credential};
use primitives::cbor::{Key, Value};
use primitives::time::Span;

use super::{Case, create, create_with, proof};
use crate::requests::{bent, creation_of};
use crate::world::{HASH, World};

pub(crate) const CREATION: &[Case] = &[
    ("makeCredential-no-algorithm", |world| {
        create(world, &make_credential::Request { algorithms: vec![-257], ..creation_of(b"three") })
    }),
    ("makeCredential-excluded", |world| {
        let exclude = vec![CredentialDescriptor::new(world.ids[0].clone(), Vec::new())];
        create(world, &make_credential::Request { exclude, ..creation_of(b"three") })
    }),
    ("makeCredential-list-too-long", |world| {
        let exclude = vec![CredentialDescriptor::new(vec![9; 16], Vec::new()); 33];
        create(world, &make_credential::Request { exclude, ..creation_of(b"three") })
    }),
    ("makeCredential-up-false", |world| {
        create(world, &make_credential::Request { user_presence: false, ..creation_of(b"three") })
    }),
    ("makeCredential-unverified-rk", |world| {
        create(world, &make_credential::Request { user_verification: false, ..creation_of(b"three") })
    }),
    ("makeCredential-enterprise", |world| {
        create(world, &make_credential::Request { enterprise_attestation: Some(1), ..creation_of(b"three") })
    }),
    ("makeCredential-denied", |world| {
        world.answer = Answer::Denied;
        create(world, &creation_of(b"three"))
    }),
    ("makeCredential-timeout", |world| {
        world.answer = Answer::TimedOut;
        create(world, &creation_of(b"three"))
    }),
    ("makeCredential-full", |_| {
        let mut world = World::small();
        world.register(b"one");
        create(&mut world, &creation_of(b"two"))
    }),
    ("makeCredential-empty-proof-with-PIN", |world| {
        create(world, &make_credential::Request { auth: proof(&[], Some(2)), ..creation_of(b"three") })
    }),
    ("makeCredential-empty-proof-without-PIN", |world| {
        let auth = proof(&[], Some(2));
        create(&mut World::new(world.kind), &make_credential::Request { auth, ..creation_of(b"three") })
    }),
    ("makeCredential-protocol-3", |world| {
        create(world, &make_credential::Request { auth: proof(&[1; 32], Some(3)), ..creation_of(b"three") })
    }),
    ("makeCredential-wrong-proof", |world| {
        world.token(0x01, None);
        create(world, &make_credential::Request { auth: proof(&[1; 32], Some(2)), ..creation_of(b"three") })
    }),
    ("makeCredential-no-token", |world| {
        create(world, &make_credential::Request { auth: proof(&[1; 32], Some(2)), ..creation_of(b"three") })
    }),
    ("makeCredential-other-permission", |world| create_with(world, 0x36, None)),
    ("makeCredential-other-site", |world| create_with(world, 0x01, Some("example.com"))),
    ("makeCredential-same-site", |world| create_with(world, 0x01, Some("example.org"))),
    ("makeCredential-token-spent", |world| {
        let auth = Some(world.token(0x03, None).auth(&HASH));
        let request = make_credential::Request { auth, ..creation_of(b"three") };
        assert_eq!(create(world, &request), 0);
        create(world, &request)
    }),
    ("makeCredential-token-late", |world| {
        let auth = Some(world.token(0x01, None).auth(&HASH));
        world.wait(Span::from_secs(31));
        create(world, &make_credential::Request { auth, ..creation_of(b"three") })
    }),
    ("makeCredential-hash-of-31", |world| {
        let parameters = bent(&creation_of(b"three").encode(), 1, Value::Bytes(&[7; 31]));
        world.send(Command::MakeCredential, &parameters)
    }),
    ("makeCredential-user-handle-empty", |world| create(world, &creation_of(b""))),
    ("makeCredential-user-handle-of-65", |world| create(world, &creation_of(&[1; 65]))),
    ("makeCredential-other-types-only", |world| {
        let other = Value::Map(vec![
            (Key::Text("alg"), Value::Integer(-7)),
            (Key::Text("type"), Value::Text("other")),
        ]);
        let parameters = bent(&creation_of(b"three").encode(), 4, Value::Array(vec![other]));
        world.send(Command::MakeCredential, &parameters)
    }),
    ("makeCredential-second-algorithm", |world| {
        create(world, &make_credential::Request { algorithms: vec![-257, -8], ..creation_of(b"three") })
    }),
    ("makeCredential-ML-DSA-44", |world| {
        create(world, &make_credential::Request { algorithms: vec![-48], ..creation_of(b"three") })
    }),
    ("makeCredential-excluded-elsewhere", |world| {
        let exclude = vec![CredentialDescriptor::new(world.ids[0].clone(), Vec::new())];
        let mut request = make_credential::Request { exclude, ..creation_of(b"three") };
        request.rp.id = "example.com".to_owned();
        create(world, &request)
    }),
    ("makeCredential-excluded-denied", |world| {
        let exclude = vec![CredentialDescriptor::new(world.ids[0].clone(), Vec::new())];
        world.answer = Answer::Denied;
        create(world, &make_credential::Request { exclude, ..creation_of(b"three") })
    }),
    ("makeCredential-excluded-nobody-there", |world| {
        let exclude = vec![CredentialDescriptor::new(world.ids[0].clone(), Vec::new())];
        let (user_verification, resident_key) = (false, false);
        world.answer = Answer::TimedOut;
        let request = creation_of(b"three");
        create(world, &make_credential::Request { exclude, user_verification, resident_key, ..request })
    }),
    ("makeCredential-list-of-257", |world| {
        let exclude = vec![CredentialDescriptor::new(Vec::new(), Vec::new()); 257];
        create(world, &make_credential::Request { exclude, ..creation_of(b"three") })
    }),
    ("makeCredential-uv-without-verification", |world| {
        create(&mut super::unprotected(world), &creation_of(b"three"))
    }),
    ("makeCredential-unprotected-rk", |world| {
        let request = make_credential::Request { user_verification: false, ..creation_of(b"three") };
        create(&mut super::unprotected(world), &request)
    }),
    ("makeCredential-always-uv-unprotected", |world| {
        let mut world = super::unprotected(world);
        super::set(&mut world, |state| state.always_uv = true);
        let request = make_credential::Request { user_verification: false, ..creation_of(b"three") };
        create(&mut world, &request)
    }),
    ("makeCredential-unknown-person", |world| {
        world.answer = super::UNKNOWN;
        create(world, &creation_of(b"three"))
    }),
    ("makeCredential-unknown-person-without-PIN", |world| {
        let mut world = World::new(world.kind);
        world.answer = super::UNKNOWN;
        create(&mut world, &creation_of(b"three"))
    }),
    ("makeCredential-proof-of-other-hash", |world| {
        let auth = Some(world.token(0x01, None).auth(&[8; 32]));
        create(world, &make_credential::Request { auth, ..creation_of(b"three") })
    }),
    ("makeCredential-credProtect-4", |world| {
        let level = Value::Map(vec![(Key::Text("credProtect"), Value::Integer(4))]);
        let parameters = bent(&creation_of(b"three").encode(), 6, level);
        world.send(Command::MakeCredential, &parameters)
    }),
    ("makeCredential-unknown-extension", |world| {
        let unknown = Value::Map(vec![(Key::Text("nobody.knows"), Value::Null)]);
        let parameters = bent(&creation_of(b"three").encode(), 6, unknown);
        world.send(Command::MakeCredential, &parameters)
    }),
    ("makeCredential-largeBlobKey-false", |world| {
        let no = Value::Map(vec![(Key::Text("largeBlobKey"), Value::Bool(false))]);
        let parameters = bent(&creation_of(b"three").encode(), 6, no);
        world.send(Command::MakeCredential, &parameters)
    }),
    ("makeCredential-largeBlobKey-not-discoverable", |world| {
        let extensions = CreationInputs { large_blob_key: true, ..CreationInputs::default() };
        create(world, &make_credential::Request { extensions, resident_key: false, ..creation_of(b"three") })
    }),
    ("makeCredential-credBlob-of-33", |world| {
        let extensions = CreationInputs { cred_blob: Some(vec![1; 33]), ..CreationInputs::default() };
        create(world, &make_credential::Request { extensions, ..creation_of(b"three") })
    }),
];
