//! Messages that are none, and commands with nothing but a question.

use authenticator::Settings;
use authenticator::ctap2::{Answer, LONGEST_MESSAGE, Step};
use primitives::entropy::SystemEntropy;
use primitives::time::Span;

use super::Case;
use crate::requests::creation;
use crate::world::World;

pub(crate) const MESSAGES: &[Case] = &[
    ("message-empty", |world| world.send_bytes(&[])),
    ("message-too-long", |world| world.send_bytes(&vec![0; LONGEST_MESSAGE + 1])),
    ("message-no-cbor", |world| world.send_bytes(&[0x01, 0xff])),
    ("message-without-parameters", |world| world.send_bytes(&[0x06])),
    ("message-trailing-bytes", |world| world.send_bytes(&[0x06, 0xa1, 0x02, 0x01, 0x00])),
    ("message-keys-unsorted", |world| world.send_bytes(&[0x06, 0xa2, 0x02, 0x01, 0x01, 0x02])),
    ("message-key-twice", |world| world.send_bytes(&[0x06, 0xa2, 0x02, 0x01, 0x02, 0x01])),
    ("message-not-shortest", |world| world.send_bytes(&[0x06, 0xa1, 0x18, 0x02, 0x01])),
    ("message-indefinite", |world| world.send_bytes(&[0x06, 0xbf, 0x02, 0x01, 0xff])),
    ("message-tag", |world| world.send_bytes(&[0x06, 0xc1, 0xa1, 0x02, 0x01])),
    ("message-float", |world| world.send_bytes(&[0x06, 0xa1, 0x02, 0xf9, 0x3c, 0x00])),
    ("message-number-of-65-bits", |world| {
        world.send_bytes(&[&[0x06, 0xa1, 0x02, 0x1b], [0xff; 8].as_slice()].concat())
    }),
    ("message-no-UTF-8", |world| world.send_bytes(&[0x02, 0xa1, 0x01, 0x62, 0xc3, 0x28])),
    ("message-too-deep", |world| {
        world.send_bytes(&[0x06, 0xa2, 0x02, 0x01, 0x18, 0x20, 0x81, 0x81, 0x81, 0x81, 0x00])
    }),
    ("message-unknown-member", |world| world.send_bytes(&[0x06, 0xa2, 0x02, 0x01, 0x18, 0x20, 0xf6])),
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

pub(crate) const COMMANDS: &[Case] = &[
    ("command-unknown", |world| world.send_bytes(&[0x05])),
    ("command-vendor", |world| world.send_bytes(&[0x40])),
    ("command-preview-management", |world| world.send_bytes(&[0x41, 0xa1, 0x01, 0x01])),
    ("command-bioEnrollment", |world| world.send_bytes(&[0x09, 0xa0])),
    ("getInfo-with-parameters", |world| world.send_bytes(&[0x04, 0xa0])),
    ("getNextAssertion-without-first", |world| world.send_bytes(&[0x08])),
    ("command-U2F", |world| world.send_bytes(&[0x03, 0xa0])),
    ("getInfo", |world| world.send_bytes(&[0x04])),
    ("selection", |world| world.send_bytes(&[0x0b])),
    ("selection-denied", |world| {
        world.answer = Answer::Denied;
        world.send_bytes(&[0x0b])
    }),
    ("selection-timeout", |world| {
        world.answer = Answer::TimedOut;
        world.send_bytes(&[0x0b])
    }),
    ("reset", |world| world.send_bytes(&[0x07])),
    ("reset-any-time-with-display", |world| {
        world.wait(Span::from_secs(3600));
        world.send_bytes(&[0x07])
    }),
    ("reset-early-without-display", |world| {
        let mut world = World::with(world.kind, Settings::security_key());
        world.wait(Span::from_secs(10));
        world.send_bytes(&[0x07])
    }),
    ("reset-late-without-display", |world| {
        let mut world = World::with(world.kind, Settings::security_key());
        world.wait(Span::from_secs(11));
        world.send_bytes(&[0x07])
    }),
    ("reset-without-display-after-power-cycle", |world| {
        let mut world = World::with(world.kind, Settings::security_key());
        world.wait(Span::from_secs(11));
        world.power_cycle();
        world.send_bytes(&[0x07])
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
