//! What comes from outside over the hybrid transport: the text of a code, an advertisement, messages and paths.

use ::hybrid::advertisement::{Eid, EidKey, with_psm};
use ::hybrid::frame::{Cipher, Frame};
use ::hybrid::initiator::{self, Initiator};
use ::hybrid::linking::{ClientPayload, Link, PhoneLink};
use ::hybrid::post_handshake::PostHandshake;
use ::hybrid::qr::{Hint, Qr};
use ::hybrid::relay::Path;
use ::hybrid::responder::{self, Responder};
use ::hybrid::stream;
use primitives::agreement::PrivateKey;
use primitives::entropy::Entropy;
use primitives::time::{Span, Timestamp};

const SECRET: [u8; 16] = [7; 16];
const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// A code that is read is written to a code that reads the same; so are the bytes in it.
pub fn hybrid_qr(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(qr) = Qr::read(text)
    {
        assert!(Qr::read(&qr.write()).as_ref() == Ok(&qr), "a code changes as it is written");
    }
    if let Ok(qr) = Qr::from_cbor(data) {
        assert!(Qr::from_cbor(&qr.to_cbor()).as_ref() == Ok(&qr), "a code changes as it is encoded");
        // Whatever time it says: one that counts now is remembered at least until it does not any more.
        if qr.age(NOW).is_ok() {
            let expires = qr.expires(NOW);
            assert!(
                qr.time.is_none() || qr.age(expires + Span::from_secs(1)).is_err(),
                "forgotten too early"
            );
        }
        let _ = Responder::new(qr, Vec::new(), 266, NOW);
    }
}

/// What comes where the other side's message is awaited: no side takes what the other did not make, and each ends.
fn at_both_sides(data: &[u8]) {
    let entropy = &mut Same;
    let (mut client, qr) = Initiator::near(Hint::Get, true, NOW, entropy);
    let Ok(mut phone) = Responder::new(qr, Vec::new(), 266, NOW) else { return };
    let actions = phone.input(responder::Event::Connected { routing_id: [0; 3] }, NOW, entropy);
    if let Some(responder::Action::Advertise(advertisement)) = actions.first() {
        client.input(initiator::Event::Advertisement(advertisement), NOW, entropy);
        client.input(initiator::Event::Connected, NOW, entropy);
    }
    client.input(initiator::Event::Message(data), NOW, entropy);
    phone.input(responder::Event::Message(data), NOW, entropy);
    assert!(client.is_over() && phone.is_over(), "a handshake with nobody");
}

/// Bytes that are always the same: a scalar of P-256, and numbers.
struct Same;

impl Entropy for Same {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(0x17);
    }
}

/// Nobody makes an advertisement without the key; whatever plaintext has one is read or refused.
pub fn hybrid_advertisement(data: &[u8]) {
    let key = EidKey::of_qr(&SECRET);
    if let Some((plain, suffix)) = data.split_first_chunk::<16>() {
        let mut advertisement = key.seal(*plain).to_vec();
        let bare = key.open(&advertisement);
        assert!(bare.is_ok() == plain.starts_with(&[0]), "the reserved byte alone decides");
        advertisement.extend(suffix.iter().take(32));
        if let (Ok(bare), Ok(longer)) = (bare, key.open(&advertisement)) {
            assert!(bare.plain == longer.plain, "what is appended changes what stands before");
        }
        if let Ok(eid) = Eid::from_plain(plain, 2) {
            let mut written = eid.plain();
            if let (Some(to), Some(from)) = (written.first_mut(), plain.first()) {
                *to = *from;
            }
            assert!(written == *plain, "an advertisement changes as it is written");
        }
    }
    if let Ok(opened) = key.open(data) {
        assert!(data.starts_with(&key.seal(opened.plain)), "opened without having been sealed");
    }
}

/// Messages, whole and in a stream, and what the tunnel service is asked: read to what writes the same.
pub fn hybrid_frame(data: &[u8]) {
    if let Ok(frame) = Frame::read(data) {
        assert!(Frame::read(&frame.write()).as_ref() == Ok(&frame), "a frame changes as it is written");
        let (mut ours, mut theirs) = (Cipher::new(&[1; 32], &[2; 32]), Cipher::new(&[2; 32], &[1; 32]));
        if let Ok(sealed) = ours.seal(data) {
            assert!(theirs.open(&sealed).is_ok_and(|opened| *opened == data), "a message changes on its way");
        }
    }
    let forged = Cipher::new(&[1; 32], &[2; 32]).open(data);
    assert!(forged.is_err(), "a message that nobody sealed");
    if let Ok(can) = PostHandshake::read(data) {
        let again = PostHandshake::read(&can.write());
        // Who has neither CTAP nor credentials says so by an empty list, and CTAP needs its information.
        assert!(again.is_ok_and(|again| again.digital_credentials == can.digital_credentials));
    }
    if let Ok(payload) = ClientPayload::from_cbor(data) {
        assert!(ClientPayload::read(&payload.write()) == Ok(payload), "a contact changes as it is written");
    }
    if let Ok(kept) = PhoneLink::read(data) {
        assert!(PhoneLink::read(&kept.write()) == Ok(kept), "a link changes as it is kept");
    }
    if let Ok(key) = PrivateKey::from_scalar([3; 32]) {
        let _ = Link::from_update(data, &key, &[4; 32]);
    }
    let _ = std::str::from_utf8(data).map(Path::parse);
    at_both_sides(data);
    whole_and_in_pieces(data);
}

/// However a stream is cut, the same messages come out.
fn whole_and_in_pieces(data: &[u8]) {
    let mut whole = stream::Reader::default();
    let Ok(messages) = whole.push(data) else { return };
    let mut pieces = stream::Reader::default();
    let read: Option<Vec<Vec<u8>>> = data
        .chunks(3)
        .map(|piece| pieces.push(piece).ok())
        .collect::<Option<Vec<_>>>()
        .map(|all| all.concat());
    assert!(read == Some(messages), "a stream says something else in pieces");
    assert!(whole.end() == pieces.end(), "a stream ends elsewhere in pieces");
}

/// Valid ones to begin with, by target.
pub fn seeds_of_hybrid() -> Vec<(&'static str, Vec<u8>)> {
    let mut client_key = [9; 33];
    if let Some(form) = client_key.first_mut() {
        *form = 2;
    }
    let qr = Qr {
        client_key,
        secret: SECRET,
        domains: 2,
        time: Some(1_800_000_000),
        linking: true,
        hint: Hint::Create,
        channels: vec![0, 1],
    };
    let eid = Eid { nonce: [1; 10], routing_id: [2; 3], domain: 266 };
    let sealed = EidKey::of_qr(&SECRET).seal(eid.plain());
    let can = PostHandshake { get_info: Some(vec![0xa0]), digital_credentials: true };
    vec![
        ("hybrid_qr", qr.write().into_bytes()),
        ("hybrid_qr", qr.to_cbor()),
        ("hybrid_advertisement", eid.plain().to_vec()),
        ("hybrid_advertisement", with_psm(sealed, 0x80)),
        ("hybrid_frame", Frame::Ctap(vec![2, 0xa0]).write().to_vec()),
        ("hybrid_frame", can.write()),
        ("hybrid_frame", [0, 0, 0, 2, 1, 4, 0, 0, 0, 0].to_vec()),
        ("hybrid_frame", b"/cable/connect/a1b2c3/00112233445566778899aabbccddeeff".to_vec()),
    ]
}
