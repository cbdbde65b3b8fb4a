//! Cross-device registration and sign-in from a website's options to its verdict, in virtual time: our client, our
//! tunnel service or Bluetooth's stream, our phone, our authenticator. Every message lost, repeated, reordered, cut,
//! changed or late, on every way by which the two can meet.
//!
//! Whatever happens, both sides end in time and by a name, the person is asked once at most, no passkey counts that the
//! website did not see proven, and the next session works as if nothing had been.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

#[path = "hybrid/channel.rs"]
mod channel;
#[path = "hybrid/desk.rs"]
mod desk;
#[path = "hybrid/world.rs"]
mod world;

use authenticator::client::ClientError;
use authenticator::ctap2::Ctap2;
use channel::To;
use desk::Desk;
use hybrid::initiator::InitiatorRefusal;
use hybrid::responder::ResponderRefusal;
use primitives::time::Span;
use world::{Mischief, Outcome, Way, World, authority};

/// Registers, by that way and through that mischief.
fn register(authority: &mut Ctap2, desk: &mut Desk, way: Way, mischief: Mischief) -> (Outcome, Span) {
    let ceremony = desk.registration();
    let (outcome, elapsed) = World::new(authority, ceremony.request(), way, mischief).run();
    if let Some(reply) = &outcome.reply {
        let verdict = desk.judge(&ceremony, reply);
        assert_eq!(verdict.is_ok(), reply.first() == Some(&0), "{mischief:?}: {verdict:?}");
    }
    (outcome, elapsed)
}

fn sign_in(authority: &mut Ctap2, desk: &mut Desk, way: Way, mischief: Mischief) -> Outcome {
    let ceremony = desk.sign_in();
    let (outcome, _) = World::new(authority, ceremony.request(), way, mischief).run();
    if let Some(reply) = &outcome.reply {
        desk.judge(&ceremony, reply).unwrap();
    }
    outcome
}

/// What holds whatever happened, and that everything works afterwards.
fn holds(way: &Way, mischief: Mischief) -> Outcome {
    let what = format!("{mischief:?} by {way:?}");
    let (mut authority, mut desk) = (authority(), Desk::new(5));
    let (outcome, elapsed) = register(&mut authority, &mut desk, way.clone(), mischief);
    assert!(outcome.client.is_some(), "the client waits for ever: {what}");
    let reached = outcome.contacted || !matches!(way, Way::Contact(_));
    assert_eq!(outcome.phone.is_some(), reached, "the phone waits for ever: {what}");
    assert!(outcome.questions <= 1, "asked twice: {what}");
    assert!(elapsed < Span::from_minutes(12), "{elapsed:?} is too long: {what}");
    assert!(outcome.reply.is_none() || outcome.questions == 1, "a reply that nobody gave: {what}");
    let passkeys = authority.vault().all().len();
    assert!(passkeys <= 1, "{passkeys} passkeys: {what}");
    assert!(desk.registered.is_none() || passkeys == 1, "a passkey that is not there: {what}");
    // The phone may have made one of which the website never heard; the next takes its place.
    let (again, _) = register(&mut authority, &mut desk, Way::Code, Mischief::None);
    assert_eq!((again.client, again.phone), (Some(Ok(())), Some(Ok(()))), "afterwards: {what}");
    let signed = sign_in(&mut authority, &mut desk, Way::Code, Mischief::None);
    assert!(signed.reply.is_some() && desk.registered.is_some(), "afterwards: {what}");
    outcome
}

/// All ways, and how many messages pass in a session by each.
fn ways() -> [(Way, usize); 3] {
    let (mut authority, mut desk) = (authority(), Desk::new(1));
    let (outcome, _) = register(&mut authority, &mut desk, Way::Code, Mischief::None);
    let link = (outcome.link.unwrap(), outcome.kept.unwrap());
    // Two of the handshake, the phone's first, request, link, reply, shutdown; of a contact the payload, and no link.
    [(Way::Code, 7), (Way::Near, 7), (Way::Contact(Box::new(link)), 7)]
}

fn each_message(mischief: impl Fn(usize) -> Mischief) {
    for (way, messages) in ways() {
        for at in 0..messages {
            holds(&way, mischief(at));
        }
    }
}

#[test]
fn a_passkey_is_made_and_signs_in_by_each_way() {
    for (way, messages) in ways() {
        let (mut authority, mut desk) = (authority(), Desk::new(2));
        let (made, elapsed) = register(&mut authority, &mut desk, way.clone(), Mischief::None);
        assert_eq!((made.client, made.phone), (Some(Ok(())), Some(Ok(()))), "{way:?}");
        assert_eq!((made.passed, made.questions), (messages, 1), "{way:?}");
        assert!(desk.registered.is_some());
        assert!(elapsed < Span::from_secs(5), "two of which the person takes");
        let both = made.link.is_some() && made.kept.is_some();
        assert_eq!(both, !matches!(way, Way::Contact(_)), "links come with codes");
        let signed = sign_in(&mut authority, &mut desk, way.clone(), Mischief::None);
        assert_eq!((signed.client, signed.questions), (Some(Ok(())), 1), "{way:?}");
        assert!(signed.reply.is_some());
    }
}

#[test]
fn each_message_lost() {
    each_message(Mischief::Lose);
}

#[test]
fn each_message_repeated() {
    each_message(Mischief::Repeat);
}

#[test]
fn each_message_after_the_next_of_its_direction() {
    each_message(Mischief::Swap);
}

#[test]
fn each_message_cut() {
    for kept in [0, 1, 4, 31, 64, 80] {
        each_message(|at| Mischief::Cut(at, kept));
    }
}

#[test]
fn each_message_changed() {
    for byte in [0, 4, 40, 80] {
        each_message(|at| Mischief::Change(at, byte));
    }
}

#[test]
fn each_side_gone_instead_of_each_message() {
    for who in To::BOTH {
        each_message(|at| Mischief::HangUp(at, who));
    }
}

#[test]
fn the_service_started_anew_instead_of_each_message() {
    each_message(Mischief::Restart);
}

#[test]
fn nobody_hears_the_phone() {
    for (way, _) in ways() {
        let outcome = holds(&way, Mischief::Deaf);
        assert_eq!(outcome.client, Some(Err(InitiatorRefusal::NobodyCame)), "{way:?}");
        assert_eq!(outcome.questions, 0);
    }
}

#[test]
fn bluetooth_that_does_not_connect_leaves_the_tunnel() {
    let outcome = holds(&Way::Near, Mischief::TooFar);
    assert_eq!((outcome.client, outcome.phone), (Some(Ok(())), Some(Ok(()))));
}

#[test]
fn a_slow_network_and_a_slow_person_are_waited_for() {
    for (way, _) in ways() {
        for mischief in [
            Mischief::Delay(Span::from_secs(9)),
            Mischief::Thinks(Span::from_secs(110)),
            Mischief::Thinks(Span::from_minutes(3)),
        ] {
            let outcome = holds(&way, mischief);
            assert_eq!(outcome.client, Some(Ok(())), "{mischief:?} by {way:?}");
        }
    }
}

#[test]
fn who_never_answers_is_not_waited_for_and_the_question_is_withdrawn() {
    for (way, _) in ways() {
        let outcome = holds(&way, Mischief::Thinks(Span::from_hours(1)));
        assert!(outcome.withdrawn, "{way:?}");
        assert!(matches!(
            (&outcome.client, &outcome.phone),
            (Some(Err(_)), Some(Err(ResponderRefusal::PersonTimedOut | ResponderRefusal::Abandoned)))
        ));
    }
}

#[test]
fn a_person_who_says_no_is_heard_and_gives_no_link() {
    for (way, _) in ways() {
        let (mut authority, mut desk) = (authority(), Desk::new(3));
        let ceremony = desk.registration();
        let (outcome, _) = World::new(&mut authority, ceremony.request(), way, Mischief::Refuses).run();
        let reply = outcome.reply.unwrap();
        assert_eq!(reply, [0x27], "CTAP2_ERR_OPERATION_DENIED");
        assert_eq!(desk.judge(&ceremony, &reply), Err(ClientError::NotAllowed));
        assert!(outcome.link.is_none() && outcome.kept.is_none() && authority.vault().all().is_empty());
    }
}

#[test]
fn a_link_that_the_phone_has_forgotten_reaches_nobody() {
    let [_, _, (way, _)] = ways();
    let Way::Contact(mut link) = way else { panic!() };
    // The phone waits under another secret now.
    link.1.waiting = [9; 32];
    let outcome = holds(&Way::Contact(link.clone()), Mischief::None);
    assert_eq!(outcome.client, Some(Err(InitiatorRefusal::TunnelRefused)));
    // It waits, and does not know that link any more; or has another identity.
    let [_, _, (way, _)] = ways();
    let Way::Contact(good) = way else { panic!() };
    let mut other = good.clone();
    other.1.id = [9; 8];
    assert!(!holds(&Way::Contact(other), Mischief::None).contacted);
    let mut stranger = good;
    stranger.1.identity = [9; 32];
    let outcome = holds(&Way::Contact(stranger), Mischief::None);
    assert_eq!((outcome.questions, outcome.reply), (0, None));
}
