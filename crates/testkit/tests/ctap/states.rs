//! States in which a command must refuse.

use std::collections::BTreeMap;

use authenticator::ctap2::{Answer, LONGEST_MESSAGE, Step};
use authenticator::pin_protocol::Protocol;
use authenticator::{MemoryVault, Settings};
use fido::CredentialDescriptor;
use fido::ctap::client_pin::{Request, Subcommand};
use fido::ctap::{Command, PinUvAuth, credential_management as management};
use fido::ctap::{get_assertion, make_credential};
use primitives::entropy::SystemEntropy;
use primitives::time::Span;

use crate::document;
use crate::requests::{assertion_of, creation, creation_of, request, with_proof};
use crate::world::{HASH, PIN, World};

type Case = (&'static str, fn(&mut World) -> u8);

const UNKNOWN: Answer = Answer::Approved { verified: false, account: 0 };

fn create(world: &mut World, request: &make_credential::Request) -> u8 {
    world.send(Command::MakeCredential, &request.encode())
}

fn assert(world: &mut World, request: &get_assertion::Request) -> u8 {
    world.send(Command::GetAssertion, &request.encode())
}

/// A creation with a token for those permissions and that site.
fn create_with(world: &mut World, bits: u64, site: Option<&str>) -> u8 {
    let token = world.token(bits, site);
    let auth = Some(token.auth(&HASH));
    create(world, &make_credential::Request { auth, ..creation_of(b"three") })
}

fn proof(param: &[u8], protocol: Option<u64>) -> Option<PinUvAuth> {
    Some(PinUvAuth { param: param.to_vec(), protocol })
}

fn wrong_pins(world: &mut World, count: usize) -> u8 {
    let mut last = 0;
    for _ in 0..count {
        let session = world.session(Protocol::Two);
        last = world.pin(&session.pin_token("0000", &mut SystemEntropy));
        if last == 0x34 && count > 3 {
            world.key.power_cycle(world.now);
        }
    }
    last
}

const MESSAGES: [Case; 10] = [
    ("message-empty", |world| world.send_bytes(&[])),
    ("message-too-long", |world| world.send_bytes(&vec![0; LONGEST_MESSAGE + 1])),
    ("message-no-cbor", |world| world.send_bytes(&[0x01, 0xff])),
    ("message-without-parameters", |world| world.send_bytes(&[0x06])),
    ("message-trailing-bytes", |world| world.send_bytes(&[0x06, 0xa1, 0x02, 0x01, 0x00])),
    ("message-keys-unsorted", |world| world.send_bytes(&[0x06, 0xa2, 0x02, 0x01, 0x01, 0x02])),
    ("message-key-twice", |world| world.send_bytes(&[0x06, 0xa2, 0x02, 0x01, 0x02, 0x01])),
    ("message-no-map", |world| world.send_bytes(&[0x06, 0x80])),
    ("message-while-asked", |world| {
        let ask = [&[0x01], creation(b"three", None).as_slice()].concat();
        assert!(matches!(world.key.handle(&ask, world.now, &mut SystemEntropy), Step::Ask(_)));
        world.send_bytes(&[0x04])
    }),
    ("message-cancelled", |world| {
        let ask = [&[0x01], creation(b"three", None).as_slice()].concat();
        assert!(matches!(world.key.handle(&ask, world.now, &mut SystemEntropy), Step::Ask(_)));
        let Step::Reply(reply) = world.key.cancel() else { panic!("asked again") };
        reply[0]
    }),
];

const COMMANDS: [Case; 11] = [
    ("command-unknown", |world| world.send_bytes(&[0x05])),
    ("command-vendor", |world| world.send_bytes(&[0x40])),
    ("command-preview-management", |world| world.send_bytes(&[0x41, 0xa1, 0x01, 0x01])),
    ("command-bioEnrollment", |world| world.send_bytes(&[0x09, 0xa0])),
    ("getInfo-with-parameters", |world| world.send_bytes(&[0x04, 0xa0])),
    ("getNextAssertion-without-first", |world| world.send_bytes(&[0x08])),
    ("selection", |world| world.send_bytes(&[0x0b])),
    ("selection-denied", |world| {
        world.answer = Answer::Denied;
        world.send_bytes(&[0x0b])
    }),
    ("selection-timeout", |world| {
        world.answer = Answer::TimedOut;
        world.send_bytes(&[0x0b])
    }),
    ("reset-denied", |world| {
        world.answer = Answer::Denied;
        world.send_bytes(&[0x07])
    }),
    ("reset-timeout", |world| {
        world.answer = Answer::TimedOut;
        world.send_bytes(&[0x07])
    }),
];

const CREATION: [Case; 19] = [
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
        let mut world = World::with(Settings::keyfob(), MemoryVault::bounded(1));
        world.register(b"one");
        create(&mut world, &creation_of(b"two"))
    }),
    ("makeCredential-empty-proof-with-PIN", |world| {
        create(world, &make_credential::Request { auth: proof(&[], Some(2)), ..creation_of(b"three") })
    }),
    ("makeCredential-empty-proof-without-PIN", |_| {
        let auth = proof(&[], Some(2));
        create(&mut World::new(), &make_credential::Request { auth, ..creation_of(b"three") })
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
];

const ASSERTION: [Case; 10] = [
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
        let silent =
            get_assertion::Request { user_presence: false, user_verification: false, ..assertion_of(world) };
        world.answer = Answer::Denied;
        assert(world, &silent)
    }),
    ("getAssertion-unverified-always-uv", |world| {
        let (command, toggle) = request("config.toggleAlwaysUv", world, None);
        assert_eq!(world.send(command, &toggle), 0);
        world.answer = UNKNOWN;
        let request = get_assertion::Request { user_verification: false, ..assertion_of(world) };
        assert(world, &request)
    }),
];

const PIN_CASES: [Case; 15] = [
    ("clientPIN-unknown-subcommand", |world| world.pin(&Request { subcommand: 8, ..Request::default() })),
    ("clientPIN-protocol-3", |world| {
        world.pin(&Request { protocol: Some(3), ..Request::of(Subcommand::GetKeyAgreement) })
    }),
    ("setPIN-again", |world| {
        let request = world.session(Protocol::Two).set_pin(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("setPIN-wrong-proof", |_| {
        let mut world = World::new();
        let request = world.session(Protocol::Two).set_pin(PIN, &mut SystemEntropy);
        world.pin(&Request { auth_param: Some(vec![0; 32]), ..request })
    }),
    ("setPIN-too-short", |_| {
        let mut world = World::new();
        let request = world.session(Protocol::One).set_pin("123", &mut SystemEntropy);
        world.pin(&request)
    }),
    ("setPIN-too-long", |_| {
        let mut world = World::new();
        let request = world.session(Protocol::One).set_pin(&"1".repeat(64), &mut SystemEntropy);
        world.pin(&request)
    }),
    ("changePIN-wrong-PIN", |world| {
        let request = world.session(Protocol::One).change_pin("0000", "5678", &mut SystemEntropy);
        world.pin(&request)
    }),
    ("changePIN-without-PIN", |_| {
        let mut world = World::new();
        let request = world.session(Protocol::One).change_pin(PIN, "5678", &mut SystemEntropy);
        world.pin(&request)
    }),
    ("PIN-wrong-once", |world| wrong_pins(world, 1)),
    ("PIN-wrong-thrice", |world| wrong_pins(world, 3)),
    ("PIN-right-after-thrice", |world| {
        wrong_pins(world, 3);
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("PIN-wrong-eight-times", |world| wrong_pins(world, 8)),
    ("PIN-right-after-eight", |world| {
        wrong_pins(world, 8);
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("UV-denied", |world| {
        world.answer = Answer::Denied;
        let (command, request) = request("clientPIN.getPinUvAuthTokenUsingUvWithPermissions", world, None);
        world.send(command, &request)
    }),
    ("UV-unknown-person", |world| {
        world.answer = UNKNOWN;
        let (command, request) = request("clientPIN.getPinUvAuthTokenUsingUvWithPermissions", world, None);
        world.send(command, &request)
    }),
];

const MANAGEMENT: [Case; 9] = [
    ("credentialManagement-unknown-subcommand", |world| {
        let request = management::Request { subcommand: 8, ..management::Request::default() };
        world.send(Command::CredentialManagement, &request.encode())
    }),
    ("enumerateRPsGetNextRP-without-begin", |world| {
        let request = management::Request::of(management::Subcommand::EnumerateRpsGetNextRp, None);
        world.send(Command::CredentialManagement, &request.encode())
    }),
    ("credentialManagement-other-permission", |world| {
        let request = management::Request::of(management::Subcommand::GetCredsMetadata, None).encode();
        let token = world.token(0x33, None);
        let request = with_proof(Command::CredentialManagement, &request, &token);
        world.send(Command::CredentialManagement, &request)
    }),
    ("getCredsMetadata-token-for-a-site", |world| {
        let request = management::Request::of(management::Subcommand::GetCredsMetadata, None).encode();
        let token = world.token(0x04, Some("example.org"));
        let request = with_proof(Command::CredentialManagement, &request, &token);
        world.send(Command::CredentialManagement, &request)
    }),
    ("enumerateRPsBegin-empty", |_| {
        let mut world = World::new();
        let (command, request) = request("credentialManagement.enumerateRPsBegin", &mut world, None);
        world.send(command, &request)
    }),
    ("deleteCredential-twice", |world| {
        let (command, first) = request("credentialManagement.deleteCredential", world, None);
        assert_eq!(world.send(command, &first), 0);
        world.send(command, &first)
    }),
    ("config-enterprise", |world| world.send(Command::Config, &[0xa1, 0x01, 0x01])),
    ("config-vendor", |world| world.send(Command::Config, &[0xa1, 0x01, 0x18, 0xff])),
    ("largeBlobs-nothing-asked", |world| world.send(Command::LargeBlobs, &[0xa1, 0x03, 0x00])),
];

#[test]
fn each_state_has_the_status_of_the_list() {
    let cases = [&MESSAGES[..], &COMMANDS, &CREATION, &ASSERTION, &PIN_CASES, &MANAGEMENT];
    let cases: BTreeMap<&str, fn(&mut World) -> u8> = cases.into_iter().flatten().copied().collect();
    let rows = document::rows("States");
    let mut wrong = Vec::new();
    for (name, case) in &cases {
        let status = case(&mut World::furnished());
        let row = rows.iter().find(|row| row[0] == *name);
        let listed = row.map(|row| document::byte(&row[2]));
        if listed != Some(status) {
            wrong.push(format!("| `{name}` | | `{status:#04x}` |   listed: {listed:?}"));
        }
    }
    for row in &rows {
        if !cases.contains_key(row[0].as_str()) {
            wrong.push(format!("no case is called {}", row[0]));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
