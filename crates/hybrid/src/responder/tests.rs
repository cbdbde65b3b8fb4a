use super::*;
use crate::handshake::{HandshakeRefusal, Initiator};
use crate::linking::Link;
use crate::qr::{Hint, StaleQr, WEB_SOCKET};
use primitives::digest;

/// Bytes of a counter's digests.
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

fn client_key() -> PrivateKey {
    PrivateKey::from_scalar([0x11; 32]).unwrap()
}

fn qr() -> Qr {
    Qr {
        client_key: client_key().public_compressed(),
        secret: [5; 16],
        domains: 2,
        time: Some(1_800_000_000),
        linking: true,
        hint: Hint::Get,
        channels: vec![WEB_SOCKET],
    }
}

fn responder() -> Responder {
    Responder::new(qr(), vec![0xa0], 266, NOW).unwrap()
}

fn input(responder: &mut Responder, event: Event<'_>) -> Vec<Action> {
    responder.input(event, NOW, &mut Counting(7))
}

fn done(refusal: ResponderRefusal) -> Action {
    Action::Done(Err(refusal))
}

/// A phone whose client has come, and what the client holds.
fn met() -> (Responder, Cipher, [u8; 32]) {
    let mut phone = responder();
    let actions = input(&mut phone, Event::Connected { routing_id: [1, 2, 3] });
    let [Action::Advertise(advertisement)] = actions.as_slice() else { panic!("{actions:?}") };
    let plain = EidKey::of_qr(&qr().secret).open(advertisement).unwrap().plain;
    let eid = Eid::from_plain(&plain, 2).unwrap();
    assert_eq!((eid.routing_id, eid.domain), ([1, 2, 3], 266));
    let psk = keys::psk(&qr().secret, &plain);
    let key = client_key();
    let (client, first) = Initiator::qr(&psk, &key, PrivateKey::from_scalar([0x22; 32]).unwrap()).unwrap();
    let actions = input(&mut phone, Event::Message(&first));
    let [Action::Quiet, Action::Send(second), Action::Send(greeting)] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    let mut established = client.finish(Some(&key), second).unwrap();
    let greeting = established.cipher.open(greeting).unwrap();
    assert_eq!(PostHandshake::read(&greeting).unwrap().get_info, Some(vec![0xa0]));
    (phone, established.cipher, established.hash)
}

fn say(phone: &mut Responder, cipher: &mut Cipher, frame: &Frame) -> Vec<Action> {
    let sealed = cipher.seal(&frame.write()).unwrap();
    input(phone, Event::Message(&sealed))
}

#[test]
fn a_code_is_answered_from_the_tunnel_to_the_parting() {
    assert_eq!(
        responder().tunnel_url(),
        format!(
            "wss://cable.wufkweyy3uaxb.com/cable/new/{}",
            primitives::encoding::hex(&keys::tunnel_id(&[5; 16]))
        )
    );
    let (mut phone, mut cipher, _) = met();
    assert_eq!(say(&mut phone, &mut cipher, &Frame::Ctap(vec![2, 9])), [Action::Command(vec![2, 9])]);
    let replied = input(&mut phone, Event::Reply(vec![0, 8]));
    let [Action::Send(reply)] = replied.as_slice() else { panic!("{replied:?}") };
    assert_eq!(Frame::read(&cipher.open(reply).unwrap()), Ok(Frame::Ctap(vec![0, 8])));
    assert_eq!(say(&mut phone, &mut cipher, &Frame::Update(vec![0xa0])), []);
    let parting = say(&mut phone, &mut cipher, &Frame::Shutdown);
    assert_eq!(parting, [Action::Close, Action::Done(Ok(()))]);
    assert!(phone.is_over());
    assert_eq!(input(&mut phone, Event::Closed), []);
}

#[test]
fn a_client_that_closes_or_falls_silent_after_the_answer_is_done() {
    for event in [Event::Closed, Event::Tick] {
        let (mut phone, mut cipher, _) = met();
        say(&mut phone, &mut cipher, &Frame::Ctap(vec![2]));
        input(&mut phone, Event::Reply(vec![0x27]));
        let late = phone.deadline();
        let actions = phone.input(event, late, &mut Counting(0));
        assert_eq!(actions, [Action::Close, Action::Done(Ok(()))]);
    }
}

#[test]
fn a_link_goes_before_a_reply_that_succeeds_if_the_client_wants_one() {
    for (status, wants, given) in [(0, true, true), (0x27, true, false), (0, false, false)] {
        let (mut phone, mut cipher, hash) = met();
        if let Origin::Code(qr) = &mut phone.origin {
            qr.linking = wants;
        }
        let kept = PhoneLink::generate(&mut Counting(99));
        phone.offer_link(kept.clone(), "Keyfob");
        say(&mut phone, &mut cipher, &Frame::Ctap(vec![1]));
        let actions = input(&mut phone, Event::Reply(vec![status]));
        assert_eq!(actions.len(), 1 + 2 * usize::from(given));
        if let [Action::Keep(offered), Action::Send(update), _] = actions.as_slice() {
            assert!(*offered == kept, "it is kept before it is given");
            let Ok(Frame::Update(update)) = Frame::read(&cipher.open(update).unwrap()) else { panic!() };
            let link = Link::from_update(&update, &client_key(), &hash);
            assert_eq!(link, Ok(Some(kept.link("Keyfob").unwrap())));
        }
    }
}

#[test]
fn codes_that_cannot_be_answered_are_refused_before_anything_is_sent() {
    let refused = |change: &dyn Fn(&mut Qr), domain| {
        let mut qr = qr();
        change(&mut qr);
        Responder::new(qr, Vec::new(), domain, NOW).err()
    };
    assert_eq!(refused(&|_| (), 266), None);
    assert_eq!(refused(&|qr| qr.time = Some(1), 266), Some(ResponderRefusal::Stale(StaleQr::TooOld)));
    assert_eq!(refused(&|_| (), 2), Some(ResponderRefusal::Domain));
    assert_eq!(refused(&|qr| qr.domains = 300, 255), Some(ResponderRefusal::Domain));
    assert_eq!(refused(&|qr| qr.domains = 1, 1), Some(ResponderRefusal::Domain));
    assert_eq!(refused(&|_| (), 1), None);
    assert_eq!(refused(&|qr| qr.client_key = [5; 33], 266), Some(ResponderRefusal::ClientKey));
}

#[test]
fn whatever_goes_wrong_ends_the_connection_by_its_name() {
    let closing = |refusal| vec![Action::Close, done(refusal)];
    assert_eq!(input(&mut responder(), Event::Closed), closing(ResponderRefusal::TunnelClosed));
    assert_eq!(input(&mut responder(), Event::Message(&[1])), closing(ResponderRefusal::OutOfOrder));
    assert_eq!(input(&mut responder(), Event::Reply(vec![0])), closing(ResponderRefusal::OutOfOrder));

    let mut phone = responder();
    input(&mut phone, Event::Connected { routing_id: [0; 3] });
    let wrong = input(&mut phone, Event::Message(&[4; 81]));
    let refusal = ResponderRefusal::Handshake(HandshakeRefusal::Proof);
    assert_eq!(wrong, [Action::Quiet, Action::Close, done(refusal)]);

    let (mut phone, _, _) = met();
    assert_eq!(
        input(&mut phone, Event::Connected { routing_id: [0; 3] }),
        closing(ResponderRefusal::OutOfOrder)
    );
    let (mut phone, _, _) = met();
    let forged = ResponderRefusal::Frame(crate::frame::FrameRefusal::Forged);
    assert_eq!(input(&mut phone, Event::Message(&[0; 48])), closing(forged));
    let (mut phone, _, _) = met();
    assert_eq!(input(&mut phone, Event::Closed), closing(ResponderRefusal::Abandoned));
    for (frame, refusal) in [
        (Frame::Shutdown, ResponderRefusal::Abandoned),
        (Frame::Json(b"{}".to_vec()), ResponderRefusal::DigitalCredentials),
    ] {
        let (mut phone, mut cipher, _) = met();
        assert_eq!(say(&mut phone, &mut cipher, &frame), closing(refusal));
    }
}

#[test]
fn a_question_that_is_moot_is_withdrawn() {
    let (mut phone, mut cipher, _) = met();
    say(&mut phone, &mut cipher, &Frame::Ctap(vec![2]));
    let actions = say(&mut phone, &mut cipher, &Frame::Ctap(vec![2]));
    assert_eq!(actions, [Action::Withdraw, Action::Close, done(ResponderRefusal::Busy)]);
    let (mut phone, mut cipher, _) = met();
    say(&mut phone, &mut cipher, &Frame::Ctap(vec![2]));
    let actions = input(&mut phone, Event::Closed);
    assert_eq!(actions, [Action::Withdraw, Action::Close, done(ResponderRefusal::Abandoned)]);
}

fn nearby(channels: Vec<u64>, psm: u16) -> Responder {
    let mut qr = qr();
    qr.channels = channels;
    let mut phone = Responder::new(qr, vec![0xa0], 266, NOW).unwrap();
    assert_eq!(input(&mut phone, Event::Listening { psm }), []);
    phone
}

fn advertised(actions: &[Action]) -> Vec<u8> {
    match actions {
        [Action::Advertise(data)] => data.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_other_channel_is_advertised_to_those_alone_who_have_it() {
    for (channels, psm, length) in [
        (vec![0, 1], 0x80, 24),
        (vec![1], 0xff, 24),
        (vec![0], 0x80, 20),
        (vec![0, 7], 0x80, 20),
        // Not a number that a program is given.
        (vec![0, 1], 0x7f, 20),
        (vec![0, 1], 0x100, 20),
    ] {
        let mut phone = nearby(channels.clone(), psm);
        let data = advertised(&input(&mut phone, Event::Connected { routing_id: [1, 2, 3] }));
        assert_eq!(data.len(), length, "{channels:?} {psm:x}");
        let opened = EidKey::of_qr(&qr().secret).open(&data).unwrap();
        assert_eq!(opened.psm, (length == 24).then_some(psm));
    }
}

#[test]
fn without_a_tunnel_a_phone_is_found_nearby_or_not_at_all() {
    let closing = |refusal| vec![Action::Close, done(refusal)];
    let mut alone = nearby(vec![0], 0x80);
    assert_eq!(input(&mut alone, Event::Closed), closing(ResponderRefusal::TunnelClosed));
    // The tunnel did not open, or not in time.
    for late in [false, true] {
        let mut phone = nearby(vec![0, 1], 0x80);
        let at = phone.deadline();
        let actions = if late {
            phone.input(Event::Tick, at, &mut Counting(7))
        } else {
            input(&mut phone, Event::Closed)
        };
        assert_eq!(advertised(&actions).len(), 24);
        let psk =
            keys::psk(&qr().secret, &EidKey::of_qr(&qr().secret).open(&advertised(&actions)).unwrap().plain);
        let ephemeral = PrivateKey::from_scalar([0x22; 32]).unwrap();
        let (_, first) = Initiator::qr(&psk, &client_key(), ephemeral).unwrap();
        let met = input(&mut phone, Event::Message(&first));
        assert!(matches!(met.as_slice(), [Action::Quiet, Action::Send(_), Action::Send(_)]), "{met:?}");
        assert_eq!(input(&mut phone, Event::Closed), closing(ResponderRefusal::Abandoned));
    }
    // The tunnel goes while it waits: somebody may come nearby still, and if nobody does it ends.
    let mut phone = nearby(vec![0, 1], 0x80);
    input(&mut phone, Event::Connected { routing_id: [1; 3] });
    assert_eq!(input(&mut phone, Event::Closed), []);
    let deadline = phone.deadline();
    let ended = phone.input(Event::Tick, deadline, &mut Counting(7));
    assert_eq!(ended, [Action::Quiet, Action::Close, done(ResponderRefusal::NobodyCame)]);
}

#[test]
fn a_connection_has_so_many_requests() {
    let (mut phone, mut cipher, _) = met();
    for _ in 0..MOST_REQUESTS {
        assert_eq!(say(&mut phone, &mut cipher, &Frame::Ctap(vec![2])), [Action::Command(vec![2])]);
        input(&mut phone, Event::Reply(vec![0x2e]));
    }
    let actions = say(&mut phone, &mut cipher, &Frame::Ctap(vec![2]));
    assert_eq!(actions, [Action::Close, done(ResponderRefusal::TooManyRequests)]);
}

#[test]
fn every_wait_has_an_end_and_a_name() {
    let late = |phone: &mut Responder| {
        let deadline = phone.deadline();
        assert_eq!(phone.input(Event::Tick, deadline - Span::from_micros(1), &mut Counting(0)), []);
        phone.input(Event::Tick, deadline, &mut Counting(0)).pop()
    };
    let mut phone = responder();
    assert_eq!(late(&mut phone), Some(done(ResponderRefusal::TunnelTimedOut)));
    let mut phone = responder();
    input(&mut phone, Event::Connected { routing_id: [0; 3] });
    assert_eq!(late(&mut phone), Some(done(ResponderRefusal::NobodyCame)));
    let (mut phone, mut cipher, _) = met();
    assert_eq!(phone.deadline(), NOW + REQUEST);
    say(&mut phone, &mut cipher, &Frame::Ctap(vec![2]));
    assert_eq!(late(&mut phone), Some(done(ResponderRefusal::PersonTimedOut)));
    assert_eq!(late(&mut met().0), Some(done(ResponderRefusal::Idle)));
}

#[test]
fn a_link_that_this_phone_did_not_give_is_refused() {
    let link = PhoneLink::generate(&mut Counting(3));
    let payload = ClientPayload { link_id: link.id, nonce: [1; 16], hint: Hint::Get };
    let taken = Responder::contacted(&link, &payload, Vec::new(), 266, NOW).unwrap();
    assert!(taken.tunnel_url().starts_with("wss://cable.wufkweyy3uaxb.com/cable/wait/"));
    let other = ClientPayload { link_id: [0; 8], ..payload.clone() };
    let refused = Responder::contacted(&link, &other, Vec::new(), 266, NOW).err();
    assert_eq!(refused, Some(ResponderRefusal::UnknownLink));
    let nowhere = Responder::contacted(&link, &payload, Vec::new(), 3, NOW).err();
    assert_eq!(nowhere, Some(ResponderRefusal::Domain));
    assert_eq!(ResponderRefusal::UnknownLink.code(), "link_unknown");
}

#[test]
fn messages_are_not_printed() {
    let actions = [Action::Send(vec![0xab; 3]), Action::Command(vec![1, 0xab])];
    assert_eq!(format!("{actions:?}"), "[Send(3 bytes), Command(Some(1))]");
}
