//! Signing in with passkeys.

use authenticator::ctap2::Answer;
use fido::CredentialDescriptor;
use fido::ctap::extensions::{AssertionInputs, HmacInput};
use fido::ctap::{Command, get_assertion};
use primitives::cbor::{Key, Value};
use primitives::time::Span;

use super::{Case, UNKNOWN, assert, proof};
use crate::requests::{assertion_of, bent, request, salts};
use crate::world::{HASH, World};

fn silent(world: &World) -> get_assertion::Request {
    get_assertion::Request { user_presence: false, user_verification: false, ..assertion_of(world) }
}

/// The first of two assertions, of which the person saw nothing.
fn listed(world: &mut World) {
    let request = get_assertion::Request { allow: Vec::new(), ..silent(world) };
    assert_eq!(assert(world, &request), 0);
}

fn with_salts(world: &mut World, bytes: &[u8], change: impl FnOnce(&mut HmacInput)) -> u8 {
    let mut input = salts(world, bytes);
    change(&mut input);
    let extensions = AssertionInputs { hmac_secret: Some(input), ..AssertionInputs::default() };
    let request = get_assertion::Request { extensions, ..assertion_of(world) };
    assert(world, &request)
}

pub(crate) const ASSERTION: &[Case] = &[
    ("getAssertion-elsewhere", |world| {
        let rp_id = "example.com".to_owned();
        let request = get_assertion::Request { rp_id, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-rk", |world| {
        let request = get_assertion::Request { resident_key: Some(true), ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-denied", |world| {
        world.answer = Answer::Denied;
        let request = assertion_of(world);
        assert(world, &request)
    }),
    ("getAssertion-timeout", |world| {
        world.answer = Answer::TimedOut;
        let request = assertion_of(world);
        assert(world, &request)
    }),
    ("getAssertion-empty-proof-with-PIN", |world| {
        let request = get_assertion::Request { auth: proof(&[], Some(1)), ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-wrong-proof", |world| {
        world.token(0x02, None);
        let request = get_assertion::Request { auth: proof(&[1; 16], Some(1)), ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-other-permission", |world| {
        let auth = Some(world.token(0x35, None).auth(&HASH));
        let request = get_assertion::Request { auth, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-other-site", |world| {
        let auth = Some(world.token(0x02, Some("example.com")).auth(&HASH));
        let request = get_assertion::Request { auth, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-silent", |world| {
        world.answer = Answer::Denied;
        let request = silent(world);
        assert(world, &request)
    }),
    ("getAssertion-unverified-always-uv", |world| {
        let (command, toggle) = request("config.toggleAlwaysUv", world, None);
        assert_eq!(world.send(command, &toggle), 0);
        world.answer = UNKNOWN;
        let request = get_assertion::Request { user_verification: false, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-denied-list", |world| {
        world.answer = Answer::Denied;
        let request = get_assertion::Request { allow: Vec::new(), ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-account-that-is-none", |world| {
        world.answer = Answer::Approved { verified: true, account: 2 };
        let request = get_assertion::Request { allow: Vec::new(), ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-hash-of-33", |world| {
        let parameters = bent(&assertion_of(world).encode(), 2, Value::Bytes(&[7; 33]));
        world.send(Command::GetAssertion, &parameters)
    }),
    ("getAssertion-other-types-only", |world| {
        let other = Value::Map(vec![
            (Key::Text("id"), Value::Bytes(&[1])),
            (Key::Text("type"), Value::Text("other")),
        ]);
        let parameters = bent(&assertion_of(world).encode(), 3, Value::Array(vec![other]));
        world.send(Command::GetAssertion, &parameters)
    }),
    ("getAssertion-list-too-long", |world| {
        let allow = vec![CredentialDescriptor::new(vec![9; 16], Vec::new()); 33];
        let request = get_assertion::Request { allow, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-list-of-257", |world| {
        let allow = vec![CredentialDescriptor::new(Vec::new(), Vec::new()); 257];
        let request = get_assertion::Request { allow, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-unknown-credential", |world| {
        let allow = vec![CredentialDescriptor::new(vec![9; 16], Vec::new())];
        let request = get_assertion::Request { allow, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-uv-without-verification", |world| {
        let request = assertion_of(world);
        assert(&mut super::unprotected(world), &request)
    }),
    ("getAssertion-empty-proof-without-PIN", |world| {
        let request = get_assertion::Request { auth: proof(&[], Some(1)), ..assertion_of(world) };
        assert(&mut World::new(world.kind), &request)
    }),
    ("getAssertion-unknown-person", |world| {
        world.answer = UNKNOWN;
        let request = assertion_of(world);
        assert(world, &request)
    }),
    ("getAssertion-token-spent", |world| {
        let auth = Some(world.token(0x02, None).auth(&HASH));
        let request = get_assertion::Request { auth, ..assertion_of(world) };
        assert_eq!(assert(world, &request), 0);
        assert(world, &request)
    }),
    ("getAssertion-token-after-power-cycle", |world| {
        let auth = Some(world.token(0x02, None).auth(&HASH));
        world.power_cycle();
        let request = get_assertion::Request { auth, ..assertion_of(world) };
        assert(world, &request)
    }),
    ("getAssertion-salts-with-wrong-proof", |world| {
        with_salts(world, &[5; 32], |input| input.salt_auth = vec![0; 32])
    }),
    ("getAssertion-salts-of-16", |world| with_salts(world, &[5; 16], |_| {})),
    ("getAssertion-salts-of-96", |world| with_salts(world, &[5; 96], |_| {})),
    ("getAssertion-salts-of-protocol-3", |world| {
        with_salts(world, &[5; 32], |input| input.protocol = Some(3))
    }),
    ("getAssertion-salts-silent", |world| {
        let hmac_secret = Some(salts(world, &[5; 32]));
        let extensions = AssertionInputs { hmac_secret, ..AssertionInputs::default() };
        let request = get_assertion::Request { extensions, ..silent(world) };
        assert(world, &request)
    }),
    ("getNextAssertion", |world| {
        listed(world);
        world.send_bytes(&[0x08])
    }),
    ("getNextAssertion-after-the-last", |world| {
        listed(world);
        assert_eq!(world.send_bytes(&[0x08]), 0);
        world.send_bytes(&[0x08])
    }),
    ("getNextAssertion-late", |world| {
        listed(world);
        world.wait(Span::from_secs(31));
        world.send_bytes(&[0x08])
    }),
    ("getNextAssertion-after-another-command", |world| {
        listed(world);
        assert_eq!(world.send_bytes(&[0x04]), 0);
        world.send_bytes(&[0x08])
    }),
    ("getNextAssertion-after-power-cycle", |world| {
        listed(world);
        world.power_cycle();
        world.send_bytes(&[0x08])
    }),
];
