use super::*;
use crate::frame::FrameRefusal;
use crate::handshake::HandshakeRefusal;
use crate::linking::PhoneLink;
use crate::post_handshake::PostHandshakeRefusal;
use crate::responder::{self, Responder};
use primitives::digest;

struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 += 1;
            *byte = digest::sha256(&self.0.to_be_bytes())[0];
        }
    }
}

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const DOMAIN: u16 = 266;

fn input(client: &mut Initiator, event: Event<'_>) -> Vec<Action> {
    client.input(event, NOW, &mut Counting(1))
}

fn tell(phone: &mut Responder, event: responder::Event<'_>) -> Vec<responder::Action> {
    phone.input(event, NOW, &mut Counting(1_000_000))
}

fn refused(refusal: InitiatorRefusal) -> Vec<Action> {
    vec![Action::Close, Action::Done(Err(refusal))]
}

/// A client with a code, and a phone that scanned it and advertises.
fn scanned() -> (Initiator, Responder, Vec<u8>) {
    let (client, qr) = Initiator::new(Hint::Get, true, NOW, &mut Counting(500));
    let mut phone = Responder::new(qr, vec![0xa0], DOMAIN, NOW).unwrap();
    let actions = tell(&mut phone, responder::Event::Connected { routing_id: [0xa1, 0xb2, 0xc3] });
    let [responder::Action::Advertise(advertisement)] = actions.as_slice() else { panic!("{actions:?}") };
    (client, phone, advertisement.clone())
}

/// Both, with the client's first message on its way.
fn connected() -> (Initiator, Responder, Vec<u8>) {
    let (mut client, phone, advertisement) = scanned();
    let actions = input(&mut client, Event::Advertisement(&advertisement));
    let [Action::Connect { url, payload: None }] = actions.as_slice() else { panic!("{actions:?}") };
    assert!(url.starts_with("wss://cable.wufkweyy3uaxb.com/cable/connect/A1B2C3/"), "{url}");
    let actions = input(&mut client, Event::Connected);
    let [Action::Send(first)] = actions.as_slice() else { panic!("{actions:?}") };
    let first = first.clone();
    (client, phone, first)
}

/// Both, with the phone's two messages on their way.
fn shaken() -> (Initiator, Responder, [Vec<u8>; 2]) {
    let (client, mut phone, first) = connected();
    let actions = tell(&mut phone, responder::Event::Message(&first));
    let [_, responder::Action::Send(second), responder::Action::Send(greeting)] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    let both = [second.clone(), greeting.clone()];
    (client, phone, both)
}

fn met() -> (Initiator, Responder) {
    let (mut client, phone, [second, greeting]) = shaken();
    assert_eq!(input(&mut client, Event::Message(&second)), []);
    let actions = input(&mut client, Event::Message(&greeting));
    assert!(matches!(actions.as_slice(), [Action::Ready(can)] if can.get_info == Some(vec![0xa0])));
    (client, phone)
}

fn sent(actions: &[Action]) -> &[u8] {
    match actions.first() {
        Some(Action::Send(message)) => message,
        _ => panic!("{actions:?}"),
    }
}

#[test]
fn a_client_asks_is_answered_linked_and_done() {
    let (mut client, mut phone) = met();
    phone.offer_link(PhoneLink::generate(&mut Counting(9)), "Keyfob");
    let asked = input(&mut client, Event::Request(vec![2, 7]));
    let commanded = tell(&mut phone, responder::Event::Message(sent(&asked)));
    assert_eq!(commanded, [responder::Action::Command(vec![2, 7])]);
    let replied = tell(&mut phone, responder::Event::Reply(vec![0, 9]));
    let [responder::Action::Keep(kept), responder::Action::Send(update), responder::Action::Send(reply)] =
        replied.as_slice()
    else {
        panic!("{replied:?}")
    };
    let linked = input(&mut client, Event::Message(update));
    assert_eq!(linked, [Action::Linked(kept.link("Keyfob").unwrap())], "both keep the same");
    assert_eq!(input(&mut client, Event::Message(reply)), [Action::Reply(vec![0, 9])]);
    let parting = input(&mut client, Event::Finish);
    assert_eq!(parting[1..], [Action::Close, Action::Done(Ok(()))]);
    let over = tell(&mut phone, responder::Event::Message(sent(&parting)));
    assert_eq!(over, [responder::Action::Close, responder::Action::Done(Ok(()))]);
    assert_eq!(input(&mut client, Event::Closed), []);
}

#[test]
fn a_linked_phone_is_met_without_a_code() {
    for advertised_first in [false, true] {
        let kept = PhoneLink::generate(&mut Counting(9));
        let link = kept.link("Keyfob").unwrap();
        let (mut client, connect) =
            Initiator::contact(link, DOMAIN, Hint::Get, NOW, &mut Counting(77)).unwrap();
        let Action::Connect { url, payload: Some(payload) } = connect else { panic!() };
        assert!(url.starts_with("wss://cable.wufkweyy3uaxb.com/cable/contact/"), "{url}");
        let payload = ClientPayload::read(&payload).unwrap();
        let mut phone = Responder::contacted(&kept, &payload, vec![0xa0], DOMAIN, NOW).unwrap();
        let actions = tell(&mut phone, responder::Event::Connected { routing_id: [0; 3] });
        let [responder::Action::Advertise(advertisement)] = actions.as_slice() else { panic!() };
        let first = if advertised_first {
            assert_eq!(input(&mut client, Event::Advertisement(advertisement)), []);
            input(&mut client, Event::Connected)
        } else {
            assert_eq!(input(&mut client, Event::Connected), []);
            assert_eq!(
                input(&mut client, Event::Message(&[0])),
                [],
                "the relay says that the phone is there"
            );
            input(&mut client, Event::Advertisement(advertisement))
        };
        let actions = tell(&mut phone, responder::Event::Message(sent(&first)));
        let [_, responder::Action::Send(second), responder::Action::Send(greeting)] = actions.as_slice()
        else {
            panic!("{actions:?}")
        };
        input(&mut client, Event::Message(second));
        assert!(matches!(input(&mut client, Event::Message(greeting)).as_slice(), [Action::Ready(_)]));
    }
    let link = PhoneLink::generate(&mut Counting(9)).link("Keyfob").unwrap();
    let nowhere = Initiator::contact(link, 2, Hint::Get, NOW, &mut Counting(7)).err();
    assert_eq!(nowhere, Some(InitiatorRefusal::Domain));
}

#[test]
fn a_link_that_was_not_asked_for_is_not_taken() {
    let (mut client, qr) = Initiator::new(Hint::Get, false, NOW, &mut Counting(500));
    // Somebody between screen and camera says that the client wants one.
    let mut scanned = qr.clone();
    scanned.linking = true;
    let mut phone = Responder::new(scanned, vec![0xa0], DOMAIN, NOW).unwrap();
    phone.offer_link(PhoneLink::generate(&mut Counting(9)), "Keyfob");
    let actions = tell(&mut phone, responder::Event::Connected { routing_id: [1; 3] });
    let [responder::Action::Advertise(advertisement)] = actions.as_slice() else { panic!("{actions:?}") };
    input(&mut client, Event::Advertisement(advertisement));
    let first = input(&mut client, Event::Connected);
    for action in tell(&mut phone, responder::Event::Message(sent(&first))) {
        if let responder::Action::Send(message) = action {
            input(&mut client, Event::Message(&message));
        }
    }
    let asked = input(&mut client, Event::Request(vec![2]));
    tell(&mut phone, responder::Event::Message(sent(&asked)));
    let replied = tell(&mut phone, responder::Event::Reply(vec![0]));
    let [_, responder::Action::Send(update), responder::Action::Send(reply)] = replied.as_slice() else {
        panic!("{replied:?}")
    };
    assert_eq!(input(&mut client, Event::Message(update)), []);
    assert_eq!(input(&mut client, Event::Message(reply)), [Action::Reply(vec![0])]);
}

/// A client and a phone that both can do without a tunnel; the phone advertises.
fn nearby() -> (Initiator, Responder, Vec<u8>) {
    let (client, qr) = Initiator::near(Hint::Get, false, NOW, &mut Counting(500));
    let mut phone = Responder::new(Qr::read(&qr.write()).unwrap(), vec![0xa0], DOMAIN, NOW).unwrap();
    assert_eq!(tell(&mut phone, responder::Event::Listening { psm: 0x85 }), []);
    let actions = tell(&mut phone, responder::Event::Connected { routing_id: [0xa1, 0xb2, 0xc3] });
    let [responder::Action::Advertise(advertisement)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(advertisement.len(), 24);
    (client, phone, advertisement.clone())
}

#[test]
fn a_phone_that_listens_nearby_is_met_without_a_tunnel() {
    let (mut client, mut phone, advertisement) = nearby();
    let actions = input(&mut client, Event::Advertisement(&advertisement));
    assert_eq!(actions, [Action::ConnectNear { psm: 0x85 }]);
    let first = input(&mut client, Event::Connected);
    let actions = tell(&mut phone, responder::Event::Message(sent(&first)));
    let [_, responder::Action::Send(second), responder::Action::Send(greeting)] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    input(&mut client, Event::Message(second));
    assert!(matches!(input(&mut client, Event::Message(greeting)).as_slice(), [Action::Ready(_)]));
    // Once it has come this way, there is no other one to try.
    assert_eq!(input(&mut client, Event::Closed), refused(InitiatorRefusal::TunnelClosed));
}

#[test]
fn where_bluetooth_does_not_connect_the_tunnel_does() {
    for late in [false, true] {
        let (mut client, _, advertisement) = nearby();
        input(&mut client, Event::Advertisement(&advertisement));
        let actions = if late {
            let deadline = client.deadline();
            client.input(Event::Tick, deadline, &mut Counting(0))
        } else {
            input(&mut client, Event::Closed)
        };
        let [Action::Connect { url, payload: None }] = actions.as_slice() else { panic!("{actions:?}") };
        assert!(url.contains("/cable/connect/A1B2C3/"), "{url}");
        assert_eq!(input(&mut client, Event::Closed), refused(InitiatorRefusal::TunnelClosed));
    }
    // Who has no such radio takes the tunnel at once, if it takes the longer advertisement at all.
    let (mut plain, _, _) = scanned();
    let (_, _, advertisement) = nearby();
    let actions = input(&mut plain, Event::Advertisement(&advertisement));
    assert!(matches!(actions.as_slice(), [Action::Connect { .. }]), "{actions:?}");
    let (_, mut phone, _) = scanned();
    let late = tell(&mut phone, responder::Event::Listening { psm: 0x85 });
    let refusal = responder::ResponderRefusal::OutOfOrder;
    assert_eq!(late.last(), Some(&responder::Action::Done(Err(refusal))));
}

#[test]
fn a_tunnel_service_that_refuses_is_told_from_a_link_that_is_gone() {
    let refusing = |status| {
        let (mut client, _, advertisement) = scanned();
        input(&mut client, Event::Advertisement(&advertisement));
        input(&mut client, Event::Refused(status))
    };
    assert_eq!(refusing(404), refused(InitiatorRefusal::TunnelRefused));
    assert_eq!(refusing(410), refused(InitiatorRefusal::TunnelRefused), "there is no link to forget");
    let contact = |status| {
        let link = PhoneLink::generate(&mut Counting(9)).link("Keyfob").unwrap();
        let (mut client, _) = Initiator::contact(link, DOMAIN, Hint::Get, NOW, &mut Counting(7)).unwrap();
        input(&mut client, Event::Refused(status))
    };
    assert_eq!(contact(503), refused(InitiatorRefusal::TunnelRefused));
    assert_eq!(contact(410), refused(InitiatorRefusal::LinkGone));
    assert_eq!(input(&mut met().0, Event::Refused(404)), refused(InitiatorRefusal::OutOfOrder));
    assert_eq!(InitiatorRefusal::LinkGone.code(), "link_gone");
}

#[test]
fn a_handshake_counts_for_its_own_code_advertisement_and_direction() {
    // The client's own words back, as a relay could say them.
    let (mut client, _, first) = connected();
    let proof = InitiatorRefusal::Handshake(HandshakeRefusal::Proof);
    assert_eq!(input(&mut client, Event::Message(&first)), refused(proof));
    // The phone of yesterday, word by word: whoever recorded it has no ephemeral key of today's client.
    let (_, _, [second, greeting]) = shaken();
    let (mut client, qr) = Initiator::new(Hint::Get, true, NOW, &mut Counting(500));
    let plain = Eid { nonce: [0; 10], routing_id: [0xa1, 0xb2, 0xc3], domain: DOMAIN }.plain();
    input(&mut client, Event::Advertisement(&EidKey::of_qr(&qr.secret).seal(plain)));
    input(&mut client, Event::Connected);
    assert_eq!(input(&mut client, Event::Message(&second)), refused(proof));
    drop(greeting);
    // The client of a moment ago, at a phone that scanned the same code once more: another advertisement.
    let (_, qr) = Initiator::new(Hint::Get, true, NOW, &mut Counting(500));
    let mut again = Responder::new(qr, vec![0xa0], DOMAIN, NOW).unwrap();
    again.input(
        responder::Event::Connected { routing_id: [0xa1, 0xb2, 0xc3] },
        NOW,
        &mut Counting(2_000_000),
    );
    let replayed = tell(&mut again, responder::Event::Message(&first));
    let proof = responder::ResponderRefusal::Handshake(HandshakeRefusal::Proof);
    assert_eq!(replayed.last(), Some(&responder::Action::Done(Err(proof))));
}

#[test]
fn what_others_advertise_disturbs_nobody() {
    let (mut client, _, advertisement) = scanned();
    for other in [&[][..], &[0; 20], &advertisement[..19]] {
        assert_eq!(input(&mut client, Event::Advertisement(other)), []);
    }
    assert_eq!(input(&mut client, Event::Advertisement(&advertisement)).len(), 1);
    assert_eq!(input(&mut client, Event::Advertisement(&advertisement)), [], "heard again");
}

#[test]
fn a_service_that_nobody_was_given_is_refused() {
    let (mut client, qr) = Initiator::new(Hint::Get, false, NOW, &mut Counting(500));
    let plain = Eid { nonce: [0; 10], routing_id: [0; 3], domain: 2 }.plain();
    let advertisement = EidKey::of_qr(&qr.secret).seal(plain);
    assert_eq!(input(&mut client, Event::Advertisement(&advertisement)), refused(InitiatorRefusal::Domain));
}

#[test]
fn whatever_goes_wrong_ends_the_connection_by_its_name() {
    for event in [Event::Connected, Event::Message(&[0]), Event::Request(vec![2])] {
        let (mut client, _) = Initiator::new(Hint::Get, false, NOW, &mut Counting(500));
        assert_eq!(input(&mut client, event), refused(InitiatorRefusal::OutOfOrder));
    }
    let (mut client, _, _) = connected();
    assert_eq!(input(&mut client, Event::Closed), refused(InitiatorRefusal::TunnelClosed));
    let (mut client, _, [mut second, _]) = shaken();
    second[80] ^= 1;
    let proof = InitiatorRefusal::Handshake(HandshakeRefusal::Proof);
    assert_eq!(input(&mut client, Event::Message(&second)), refused(proof));
    let (mut client, _, [second, mut greeting]) = shaken();
    input(&mut client, Event::Message(&second));
    greeting[0] ^= 1;
    let forged = InitiatorRefusal::Frame(FrameRefusal::Forged);
    assert_eq!(input(&mut client, Event::Message(&greeting)), refused(forged));
    let (mut client, _) = met();
    input(&mut client, Event::Request(vec![2]));
    assert_eq!(input(&mut client, Event::Request(vec![2])), refused(InitiatorRefusal::OutOfOrder));
}

/// The phone's half after a handshake, to say with it what no phone says.
fn odd_phone(greeting: &[u8]) -> (Initiator, Cipher, Vec<Action>) {
    let (mut client, qr) = Initiator::new(Hint::Get, true, NOW, &mut Counting(500));
    let plain = Eid { nonce: [0; 10], routing_id: [0; 3], domain: DOMAIN }.plain();
    input(&mut client, Event::Advertisement(&EidKey::of_qr(&qr.secret).seal(plain)));
    let first = input(&mut client, Event::Connected);
    let psk = keys::psk(&qr.secret, &plain);
    let ephemeral = PrivateKey::from_scalar([3; 32]).unwrap();
    let (second, mut phone) = handshake::respond_qr(&psk, &qr.client_key, sent(&first), &ephemeral).unwrap();
    input(&mut client, Event::Message(&second));
    let greeting = phone.cipher.seal(greeting).unwrap();
    let actions = input(&mut client, Event::Message(&greeting));
    (client, phone.cipher, actions)
}

#[test]
fn what_no_phone_says_is_refused_by_its_name() {
    let (_, _, actions) = odd_phone(&[0x80]);
    assert_eq!(actions, refused(InitiatorRefusal::Greeting(PostHandshakeRefusal::Cbor)));
    let greeting = PostHandshake { get_info: Some(vec![0xa0]), digital_credentials: false }.write();
    for (text, refusal) in [
        (&[1, 0][..], InitiatorRefusal::Unasked),
        (&[0], InitiatorRefusal::Unasked),
        (&[3, b'{', b'}'], InitiatorRefusal::Unasked),
        (&[4], InitiatorRefusal::Frame(FrameRefusal::Kind)),
        (&[2, 0x80], InitiatorRefusal::Link(crate::linking::LinkRefusal::Form)),
    ] {
        let (mut client, mut cipher, _) = odd_phone(&greeting);
        let message = cipher.seal(text).unwrap();
        assert_eq!(input(&mut client, Event::Message(&message)), refused(refusal), "{text:?}");
        assert!(!refusal.code().is_empty());
    }
    let (mut client, mut cipher, _) = odd_phone(&greeting);
    let padded = cipher.seal(&[2, 0xa1, 0, 0x41, 0]).unwrap();
    assert_eq!(input(&mut client, Event::Message(&padded)), [], "an update may hold only padding");
}

#[test]
fn every_wait_has_an_end_and_a_name() {
    let late = |client: &mut Initiator| {
        let deadline = client.deadline();
        assert_eq!(client.input(Event::Tick, deadline - Span::from_micros(1), &mut Counting(0)), []);
        client.input(Event::Tick, deadline, &mut Counting(0))
    };
    let (mut client, _) = Initiator::new(Hint::Get, false, NOW, &mut Counting(500));
    assert_eq!(late(&mut client), refused(InitiatorRefusal::NobodyCame));
    assert_eq!(late(&mut connected().0), refused(InitiatorRefusal::TunnelTimedOut));
    assert_eq!(late(&mut met().0), refused(InitiatorRefusal::PersonTimedOut));
    let link = PhoneLink::generate(&mut Counting(9)).link("Keyfob").unwrap();
    let (mut client, _) = Initiator::contact(link, DOMAIN, Hint::Get, NOW, &mut Counting(7)).unwrap();
    assert_eq!(late(&mut client), refused(InitiatorRefusal::NobodyCame));
}
