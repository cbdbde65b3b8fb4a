//! PINs, tokens and lockouts.

use authenticator::ctap2::Answer;
use authenticator::pin_protocol::Protocol;
use authenticator::token::Permissions;
use fido::ctap::client_pin::{Request, Subcommand};
use fido::ctap::get_assertion;
use primitives::entropy::SystemEntropy;

use super::{Case, UNKNOWN, wrong_pins};
use crate::requests::assertion_of;
use crate::world::{HASH, PIN, SITE, World};

fn by_pin(world: &mut World, bits: u64, site: Option<&str>) -> u8 {
    let session = world.session(Protocol::Two);
    let request = session.token_by_pin(PIN, (Permissions::from_bits(bits), site), &mut SystemEntropy);
    world.pin(&request)
}

/// The first PIN of an empty one, and what the person says if they are asked.
fn first_pin(world: &mut World, answer: Answer) -> u8 {
    super::set(world, |state| state.pin = None);
    world.answer = answer;
    let request = world.session(Protocol::Two).set_pin(PIN, &mut SystemEntropy);
    world.pin(&request)
}

fn by_verification(world: &mut World) -> u8 {
    let request = world.session(Protocol::Two).token_by_verification(Permissions::DEFAULT, Some(SITE));
    world.pin(&request)
}

fn unknown_five_times(world: &mut World) -> u8 {
    world.answer = UNKNOWN;
    (0..5).map(|_| by_verification(world)).last().unwrap()
}

pub(crate) const PIN_CASES: &[Case] = &[
    ("clientPIN-unknown-subcommand", |world| world.pin(&Request { subcommand: 8, ..Request::default() })),
    ("clientPIN-protocol-3", |world| {
        world.pin(&Request { protocol: Some(3), ..Request::of(Subcommand::GetKeyAgreement) })
    }),
    ("setPIN-again", |world| {
        let request = world.session(Protocol::Two).set_pin(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("setPIN-wrong-proof", |world| {
        let world = &mut World::new(world.kind);
        let request = world.session(Protocol::Two).set_pin(PIN, &mut SystemEntropy);
        world.pin(&Request { auth_param: Some(vec![0; 32]), ..request })
    }),
    ("setPIN-too-short", |world| {
        let world = &mut World::new(world.kind);
        let request = world.session(Protocol::One).set_pin("123", &mut SystemEntropy);
        world.pin(&request)
    }),
    ("setPIN-too-long", |world| {
        let world = &mut World::new(world.kind);
        let request = world.session(Protocol::One).set_pin(&"1".repeat(64), &mut SystemEntropy);
        world.pin(&request)
    }),
    ("changePIN-wrong-PIN", |world| {
        let request = world.session(Protocol::One).change_pin("0000", "5678", &mut SystemEntropy);
        world.pin(&request)
    }),
    ("changePIN-without-PIN", |world| {
        let world = &mut World::new(world.kind);
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
        by_verification(world)
    }),
    ("UV-unknown-person", |world| {
        world.answer = UNKNOWN;
        by_verification(world)
    }),
    ("getKeyAgreement-of-no-use", |world| {
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        let mut point = request.key_agreement.clone().unwrap();
        point[64] ^= 1;
        world.pin(&Request { key_agreement: Some(point), ..request })
    }),
    ("getUVRetries-without-verification", |world| {
        super::unprotected(world).pin(&Request::of(Subcommand::GetUvRetries))
    }),
    ("setPIN-denied", |world| first_pin(world, Answer::Denied)),
    ("setPIN-timeout", |world| first_pin(world, Answer::TimedOut)),
    ("setPIN-unknown-person", |world| first_pin(world, UNKNOWN)),
    ("setPIN-without-verification", |world| first_pin(&mut super::unprotected(world), Answer::Denied)),
    ("setPIN-of-63", |world| {
        let world = &mut World::new(world.kind);
        let request = world.session(Protocol::Two).set_pin(&"1".repeat(63), &mut SystemEntropy);
        world.pin(&request)
    }),
    ("setPIN-of-128-bytes", |world| {
        let world = &mut World::new(world.kind);
        let session = world.session(Protocol::Two);
        let sealed = session.secret().seal(&[0x31; 128], &mut SystemEntropy);
        let auth_param = Some(session.secret().authenticate(&sealed));
        world.pin(&Request { auth_param, new_pin: Some(sealed), ..session.request(Subcommand::SetPin) })
    }),
    ("changePIN-too-short", |world| {
        let request = world.session(Protocol::Two).change_pin(PIN, "567", &mut SystemEntropy);
        world.pin(&request)
    }),
    ("changePIN-wrong-proof", |world| {
        let request = world.session(Protocol::Two).change_pin(PIN, "5678", &mut SystemEntropy);
        world.pin(&Request { auth_param: Some(vec![0; 32]), ..request })
    }),
    ("changePIN-to-the-same-when-forced", |world| {
        super::set(world, |state| state.force_pin_change = true);
        let request = world.session(Protocol::Two).change_pin(PIN, PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("changePIN-token-of-before", |world| {
        let auth = Some(world.token(0x02, None).auth(&HASH));
        let request = world.session(Protocol::Two).change_pin(PIN, "5678", &mut SystemEntropy);
        assert_eq!(world.pin(&request), 0);
        let request = get_assertion::Request { auth, ..assertion_of(world) };
        super::assert(world, &request)
    }),
    ("PIN-without-PIN", |world| {
        let world = &mut World::new(world.kind);
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("PIN-hash-of-no-whole-block", |world| {
        let request = world.session(Protocol::One).pin_token(PIN, &mut SystemEntropy);
        world.pin(&Request { pin_hash: Some(vec![1; 15]), ..request })
    }),
    ("PIN-right-after-two-wrong", |world| {
        wrong_pins(world, 2);
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("PIN-right-after-thrice-and-power-cycle", |world| {
        wrong_pins(world, 3);
        world.power_cycle();
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("PIN-wrong-seven-times", |world| wrong_pins(world, 7)),
    ("PIN-right-after-eight-and-power-cycle", |world| {
        wrong_pins(world, 8);
        world.power_cycle();
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("PIN-set-after-eight", |world| {
        wrong_pins(world, 8);
        let request = world.session(Protocol::Two).change_pin(PIN, "5678", &mut SystemEntropy);
        world.pin(&request)
    }),
    ("getPinToken-with-permissions", |world| {
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&Request { permissions: Some(2), ..request })
    }),
    ("getPinToken-when-forced", |world| {
        super::set(world, |state| state.force_pin_change = true);
        let request = world.session(Protocol::Two).pin_token(PIN, &mut SystemEntropy);
        world.pin(&request)
    }),
    ("token-by-PIN-when-forced", |world| {
        super::set(world, |state| state.force_pin_change = true);
        by_pin(world, 0x04, None)
    }),
    ("token-without-permissions", |world| by_pin(world, 0, Some(SITE))),
    ("token-without-site", |world| by_pin(world, 0x03, None)),
    ("token-without-site-to-manage", |world| by_pin(world, 0x34, None)),
    ("token-for-bioEnrollment", |world| by_pin(world, 0x08, None)),
    ("token-for-good", |world| by_pin(world, 0x40, None)),
    ("UV-timeout", |world| {
        world.answer = Answer::TimedOut;
        by_verification(world)
    }),
    ("UV-unknown-five-times", |world| unknown_five_times(world)),
    ("UV-known-after-five", |world| {
        unknown_five_times(world);
        world.answer = Answer::Approved { verified: true, account: 0 };
        by_verification(world)
    }),
    ("UV-known-after-five-and-the-PIN", |world| {
        unknown_five_times(world);
        assert_eq!(by_pin(world, 0x04, None), 0);
        world.answer = Answer::Approved { verified: true, account: 0 };
        by_verification(world)
    }),
    ("UV-without-verification", |world| by_verification(&mut super::unprotected(world))),
];
