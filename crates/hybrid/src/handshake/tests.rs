use super::*;
use primitives::encoding::{from_hex, hex};

const PSK: &str = "c835a629cee43d8bf66afa4c5f206fa9cb5b52e50a402b6bbe85e82ceac667f7";
const FIRST: &str = "04d65a93977caa3d1b081852ff57a79e465f1660577304baead505dd3a48589cf350185e895372df6221ea3a1375\
                     57e473fddb6755f05bd507c3c533fce9c912855b5c3aaaf659d2a5f334c953c81d5676";
const SECOND: &str = "0451a7580833898ea1b183cbd7350a4099078c6ef1c1e18e970cd7683035f25e7d0110522712b0b5a7cff0816854\
                      86984a94e6831edac46e7360fa9d834a7a81a117b35145919f936431a2a00fd1529b02";
const HASH: &str = "3c89169f7065ddd0a13fd638beb712af1a3420cb538082ce8cbccf3079419c5d";

fn psk() -> [u8; 32] {
    from_hex(PSK).unwrap().try_into().unwrap()
}

fn scalar(byte: u8) -> PrivateKey {
    PrivateKey::from_scalar([byte; 32]).unwrap()
}

fn refused<T>(outcome: Result<T, HandshakeRefusal>) -> Option<HandshakeRefusal> {
    outcome.err()
}

#[test]
fn the_known_handshake_of_a_code() {
    let client_key = scalar(0x11);
    let (initiator, first) = Initiator::qr(&psk(), &client_key, scalar(0x22)).unwrap();
    assert_eq!(hex(&first), FIRST);
    let public = client_key.public_compressed();
    let (second, mut phone) = respond_qr(&psk(), &public, &first, &scalar(0x33)).unwrap();
    assert_eq!(hex(&second), SECOND);
    let mut client = initiator.finish(Some(&client_key), &second).unwrap();
    assert_eq!(hex(&client.hash), HASH);
    assert_eq!(client.hash, phone.hash);
    let sealed = client.cipher.seal(&[0]).unwrap();
    assert_eq!(
        hex(&sealed),
        "4217316fe152919bd40817cee9a4e5414e1497678799d65b9a0b87c8a94c19b6b2934b93ea4a9682188a4b669755e911"
    );
    assert_eq!(*phone.cipher.open(&sealed).unwrap(), [0]);
    let back = phone.cipher.seal(b"back").unwrap();
    assert_eq!(*client.cipher.open(&back).unwrap(), b"back");
}

#[test]
fn the_known_handshake_of_a_contact() {
    let identity = scalar(0x44);
    let (initiator, first) =
        Initiator::contact(&psk(), &identity.public_uncompressed(), scalar(0x22)).unwrap();
    assert_eq!(hex(&first[65..]), "55b2626e31e10511a68dd7f7f12bb38d");
    let (second, phone) = respond_contact(&psk(), &identity, &first, &scalar(0x33)).unwrap();
    assert_eq!(hex(&second[65..]), "7bab775883185d2f1cba2b5ea4df29b6");
    let client = initiator.finish(None, &second).unwrap();
    assert_eq!(hex(&client.hash), "1f6057f8e5de301613b2b111bcd6831eb4c62ec42b8cbd1f75f0ae32c93fb93b");
    assert_eq!(client.hash, phone.hash);
}

#[test]
fn whoever_did_not_hear_the_advertisement_fails_at_the_first_message() {
    let client_key = scalar(0x11);
    let mut other = psk();
    other[31] ^= 1;
    let (_, first) = Initiator::qr(&other, &client_key, scalar(0x22)).unwrap();
    let answer = respond_qr(&psk(), &client_key.public_compressed(), &first, &scalar(0x33));
    assert_eq!(refused(answer), Some(HandshakeRefusal::Proof));
    let (_, first) = Initiator::contact(&other, &scalar(0x44).public_uncompressed(), scalar(0x22)).unwrap();
    assert_eq!(
        refused(respond_contact(&psk(), &scalar(0x44), &first, &scalar(0x33))),
        Some(HandshakeRefusal::Proof)
    );
}

#[test]
fn whoever_took_a_picture_of_the_code_but_lacks_its_key_fails_at_the_second() {
    let (thief, first) = Initiator::qr(&psk(), &scalar(0x12), scalar(0x22)).unwrap();
    let public = scalar(0x11).public_compressed();
    assert_eq!(refused(respond_qr(&psk(), &public, &first, &scalar(0x33))), Some(HandshakeRefusal::Proof));
    // Claiming the right key in the digest does not help: the second message needs its private half.
    drop(thief);
    let (honest, first) = Initiator::qr(&psk(), &scalar(0x11), scalar(0x22)).unwrap();
    let (second, _) = respond_qr(&psk(), &public, &first, &scalar(0x33)).unwrap();
    assert_eq!(refused(honest.finish(Some(&scalar(0x12)), &second)), Some(HandshakeRefusal::Proof));
}

#[test]
fn whoever_is_not_the_linked_phone_fails() {
    let (client, first) =
        Initiator::contact(&psk(), &scalar(0x44).public_uncompressed(), scalar(0x22)).unwrap();
    let stranger = respond_contact(&psk(), &scalar(0x45), &first, &scalar(0x33));
    assert_eq!(refused(stranger), Some(HandshakeRefusal::Proof));
    let forged = [&scalar(0x33).public_uncompressed()[..], &[0; 16]].concat();
    assert_eq!(refused(client.finish(None, &forged)), Some(HandshakeRefusal::Proof));
}

#[test]
fn every_change_of_a_message_is_refused() {
    let public = scalar(0x11).public_compressed();
    let first = from_hex(FIRST).unwrap();
    let second = from_hex(SECOND).unwrap();
    for at in 0..MESSAGE {
        let change = |message: &[u8]| {
            let mut changed = message.to_vec();
            changed[at] ^= 1;
            changed
        };
        let expected = |refusal| {
            // A changed point is, but for luck, none; its first byte says of which form it is.
            if at < 65 { refusal != HandshakeRefusal::Length } else { refusal == HandshakeRefusal::Proof }
        };
        let phone = refused(respond_qr(&psk(), &public, &change(&first), &scalar(0x33)));
        assert!(phone.is_some_and(expected), "first, {at}");
        let (client, _) = Initiator::qr(&psk(), &scalar(0x11), scalar(0x22)).unwrap();
        assert!(refused(client.finish(Some(&scalar(0x11)), &change(&second))).is_some_and(expected), "{at}");
    }
}

#[test]
fn other_lengths_and_points_are_refused_by_their_names() {
    let public = scalar(0x11).public_compressed();
    let first = from_hex(FIRST).unwrap();
    for length in (0..MESSAGE).chain([MESSAGE + 1]) {
        let mut message = first.clone();
        message.resize(length, 0);
        let answer = respond_qr(&psk(), &public, &message, &scalar(0x33));
        assert_eq!(refused(answer), Some(HandshakeRefusal::Length), "{length}");
    }
    let nowhere = [&[4; 65][..], &first[65..]].concat();
    let contact = respond_contact(&psk(), &scalar(0x44), &nowhere, &scalar(0x33));
    assert_eq!(refused(contact), Some(HandshakeRefusal::Point));
    let answer = respond_qr(&psk(), &[2; 33], &first, &scalar(0x33));
    assert!(answer.is_err());
    let outside = respond_qr(&psk(), &[5; 33], &first, &scalar(0x33));
    assert_eq!(refused(outside), Some(HandshakeRefusal::Point));
    assert!(refused(Initiator::contact(&psk(), &[4; 65], scalar(0x22))) == Some(HandshakeRefusal::Point));
    assert_eq!(HandshakeRefusal::Proof.code(), "handshake_proof");
}
