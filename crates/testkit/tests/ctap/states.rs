//! States in which a command must refuse, and their neighbours in which it must not.

use std::collections::BTreeMap;

use authenticator::ctap2::Answer;
use authenticator::pin_protocol::Protocol;
use authenticator::{Settings, Vault};
use fido::ctap::{Command, PinUvAuth, get_assertion, make_credential};
use primitives::entropy::SystemEntropy;

use crate::document;
use crate::requests::creation_of;
use crate::vaults::Kind;
use crate::world::{HASH, World};

mod assertions;
mod creations;
mod management;
mod messages;
mod pins;

/// A name of the list, and how to come to the status.
pub(crate) type Case = (&'static str, fn(&mut World) -> u8);

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

/// A new one that cannot verify anybody by itself, and has no PIN.
fn unprotected(world: &World) -> World {
    World::with(world.kind, Settings { built_in_verification: false, ..Settings::keyfob() })
}

/// Sets the state as `change` wants it.
fn set(world: &mut World, change: impl FnOnce(&mut authenticator::DeviceState)) {
    let mut state = world.key.vault().state().clone();
    change(&mut state);
    world.key.vault_mut().set_state(state).unwrap();
}

/// Wrong PINs; whoever is blocked by the third in a row takes the power away and goes on, if there are more than three.
fn wrong_pins(world: &mut World, count: usize) -> u8 {
    let mut last = 0;
    for _ in 0..count {
        let session = world.session(Protocol::Two);
        last = world.pin(&session.pin_token("0000", &mut SystemEntropy));
        if last == 0x34 && count > 3 {
            world.power_cycle();
        }
    }
    last
}

fn cases() -> BTreeMap<&'static str, fn(&mut World) -> u8> {
    let all = [
        messages::MESSAGES,
        messages::COMMANDS,
        creations::CREATION,
        assertions::ASSERTION,
        pins::PIN_CASES,
        management::MANAGEMENT,
    ];
    let all = all.into_iter().flatten();
    let by_name: BTreeMap<_, _> = all.clone().copied().collect();
    assert_eq!(by_name.len(), all.count(), "a name stands for one case");
    by_name
}

#[test]
fn each_state_has_the_status_of_the_list() {
    let rows = document::rows("States");
    let mut wrong = Vec::new();
    for ((name, case), kind) in cases().into_iter().flat_map(|case| Kind::ALL.map(|kind| (case, kind))) {
        let status = case(&mut World::furnished(kind));
        let row = rows.iter().find(|row| row[0] == name);
        let listed = row.map(|row| document::byte(&row[2]));
        if listed != Some(status) {
            wrong.push(format!("| `{name}` | | `{status:#04x}` |   {kind:?}, listed: {listed:02x?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn each_row_of_the_list_is_a_case_once() {
    let cases = cases();
    let rows = document::rows("States");
    let unknown: Vec<_> = rows.iter().filter(|row| !cases.contains_key(row[0].as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(rows.len(), cases.len());
}
