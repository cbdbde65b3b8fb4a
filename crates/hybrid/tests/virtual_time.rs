//! Client, tunnel service and phone in one world with a clock of its own: every message lost, repeated, reordered, cut,
//! changed or late, and every wait to its end.
//!
//! Whatever the world does, three things hold: nobody waits for ever, no reply is one that the phone did not give to
//! that very request, and whoever did not see the code or hear the advertisement gets nowhere.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod world;

use hybrid::initiator::InitiatorRefusal;
use hybrid::responder::ResponderRefusal;
use primitives::time::Span;
use world::{Mischief, Outcome, To, World};

/// Messages that pass in a sign-in: two of the handshake, the phone's first, request, link, reply, shutdown.
const MESSAGES: usize = 7;

#[test]
fn a_sign_in_goes_through() {
    let mut world = World::new(1, Mischief::None);
    world.run();
    let Outcome { client, phone, replies, linked, .. } = world.outcome();
    assert_eq!((client, phone), (Some(Ok(())), Some(Ok(()))));
    assert_eq!(replies, [vec![0, 0xca, 0xfe]]);
    assert!(linked);
    assert_eq!(world.passed(), MESSAGES);
    assert!(world.elapsed() < Span::from_secs(1));
    assert_eq!(world.tunnels(), 0, "the service has forgotten it");
}

#[test]
fn each_message_lost_ends_both_sides_in_time() {
    for at in 0..MESSAGES {
        let mut world = World::new(2, Mischief::Lose(at));
        world.run();
        check(&world, &format!("lost {at}"));
    }
}

#[test]
fn each_message_repeated_ends_at_once_or_does_no_harm() {
    for at in 0..MESSAGES {
        let mut world = World::new(3, Mischief::Repeat(at));
        world.run();
        check(&world, &format!("repeated {at}"));
        assert!(world.elapsed() < Span::from_minutes(4), "{at}");
    }
}

#[test]
fn each_pair_of_messages_reordered_ends_both_sides() {
    for at in 0..MESSAGES {
        let mut world = World::new(4, Mischief::Swap(at));
        world.run();
        check(&world, &format!("swapped {at}"));
    }
}

#[test]
fn each_message_cut_anywhere_ends_both_sides() {
    for at in 0..MESSAGES {
        for kept in [0, 1, 15, 16, 17, 31, 47, 64, 65, 80] {
            let mut world = World::new(5, Mischief::Cut(at, kept));
            world.run();
            check(&world, &format!("cut {at} to {kept}"));
        }
    }
}

#[test]
fn each_byte_changed_ends_both_sides() {
    for at in 0..MESSAGES {
        for byte in [0, 1, 33, 64, 65, 80] {
            let mut world = World::new(6, Mischief::Change(at, byte));
            world.run();
            check(&world, &format!("changed {byte} of {at}"));
        }
    }
}

#[test]
fn a_connection_cut_before_any_message_ends_both_sides_at_once() {
    for at in 0..MESSAGES {
        for to in [To::Client, To::Phone] {
            let mut world = World::new(7, Mischief::HangUp(at, to));
            world.run();
            check(&world, &format!("hung up on {to:?} before {at}"));
        }
    }
}

#[test]
fn an_advertisement_that_nobody_hears_ends_both_sides_in_time() {
    let mut world = World::new(8, Mischief::Deaf);
    world.run();
    let Outcome { client, phone, .. } = world.outcome();
    assert_eq!(client, Some(Err(InitiatorRefusal::NobodyCame)));
    assert_eq!(phone, Some(Err(ResponderRefusal::NobodyCame)));
    assert!(world.elapsed() <= Span::from_minutes(3));
}

#[test]
fn a_client_that_guesses_the_advertisement_fails_the_handshake() {
    let mut world = World::new(9, Mischief::ForgedAdvertisement);
    world.run();
    let Outcome { phone, replies, commands, .. } = world.outcome();
    assert!(matches!(phone, Some(Err(ResponderRefusal::Handshake(_)))), "{phone:?}");
    assert_eq!((replies.len(), commands), (0, 0));
}

#[test]
fn a_slow_person_is_waited_for_and_an_absent_one_is_not() {
    let mut world = World::new(10, Mischief::Person(Span::from_minutes(2)));
    world.run();
    assert_eq!(world.outcome().client, Some(Ok(())));
    let mut world = World::new(10, Mischief::Person(Span::from_hours(1)));
    world.run();
    let Outcome { client, phone, withdrawn, .. } = world.outcome();
    assert!(client.is_some_and(|client| client.is_err()) && phone.is_some_and(|phone| phone.is_err()));
    assert!(withdrawn, "the question is taken back");
    assert!(world.elapsed() < Span::from_minutes(10));
}

#[test]
fn a_slow_network_is_waited_for() {
    for seconds in [1, 5, 9] {
        let mut world = World::new(11, Mischief::Delay(Span::from_secs(seconds)));
        world.run();
        assert_eq!(world.outcome().client, Some(Ok(())), "{seconds} s a message");
    }
}

#[test]
fn chance_does_nothing_worse() {
    for seed in 0..400 {
        let mut world = World::new(seed, Mischief::Chance);
        world.run();
        check(&world, &format!("seed {seed}"));
    }
}

/// What holds whatever happened.
fn check(world: &World, what: &str) {
    let Outcome { client, phone, replies, commands, .. } = world.outcome();
    assert!(client.is_some(), "the client waits for ever: {what}");
    assert!(phone.is_some(), "the phone waits for ever: {what}");
    assert!(commands <= 1, "asked twice: {what}");
    assert!(replies.len() <= commands, "a reply to nothing: {what}");
    assert!(replies.iter().all(|reply| *reply == [0, 0xca, 0xfe]), "a reply that nobody gave: {what}");
    assert!(world.elapsed() < Span::from_minutes(12), "too long: {what}");
    assert_eq!(world.tunnels(), 0, "the service remembers: {what}");
}
