use super::*;
use primitives::encoding::{from_hex, hex};

fn key(text: &str) -> [u8; 32] {
    from_hex(text).unwrap().try_into().unwrap()
}

/// The connection of the vectors: client and phone.
fn both() -> (Cipher, Cipher) {
    let to_phone = key("d0c5b6ad55663e07b4d7503f675507ea02f5e71ed2d13fd223d5cf8572e80ad3");
    let to_client = key("fd7c6458436e7df64d7f7c187b38d30e5357f1e6f8311fce3c0a15aef8db769d");
    (Cipher::new(&to_phone, &to_client), Cipher::new(&to_client, &to_phone))
}

#[test]
fn the_known_frame() {
    let (mut client, mut phone) = both();
    let sealed = client.seal(&Frame::Shutdown.write()).unwrap();
    assert_eq!(
        hex(&sealed),
        "4217316fe152919bd40817cee9a4e5414e1497678799d65b9a0b87c8a94c19b6b2934b93ea4a9682188a4b669755e911"
    );
    assert_eq!(Frame::read(&phone.open(&sealed).unwrap()), Ok(Frame::Shutdown));
}

#[test]
fn every_length_comes_back_and_grows_to_the_grain() {
    let (mut client, mut phone) = both();
    for length in (0..100).chain([LONGEST - 17 - 31]) {
        let text = vec![7; length];
        let sealed = client.seal(&text).unwrap();
        assert_eq!((sealed.len() - 16) % GRAIN, 0);
        assert_eq!(*phone.open(&sealed).unwrap(), text);
        assert_eq!(*client.open(&phone.seal(&text).unwrap()).unwrap(), text);
    }
    assert_eq!(client.seal(&vec![7; LONGEST]), Err(FrameRefusal::TooLong));
}

#[test]
fn messages_lost_repeated_or_reordered_are_noticed() {
    let (mut client, mut phone) = both();
    let first = client.seal(b"first").unwrap();
    let second = client.seal(b"second").unwrap();
    assert_eq!(phone.open(&second).unwrap_err(), FrameRefusal::Forged);
    let (_, mut phone) = both();
    phone.open(&first).unwrap();
    assert_eq!(phone.open(&first).unwrap_err(), FrameRefusal::Forged);
    let (_, mut phone) = both();
    phone.open(&first).unwrap();
    assert_eq!(*phone.open(&second).unwrap(), b"second");
}

#[test]
fn each_flipped_bit_and_each_cut_is_refused() {
    let (mut client, _) = both();
    let sealed = client.seal(b"text").unwrap();
    for at in 0..sealed.len() {
        let mut broken = sealed.clone();
        broken[at] ^= 1;
        assert_eq!(both().1.open(&broken).unwrap_err(), FrameRefusal::Forged, "{at}");
        assert_eq!(both().1.open(&sealed[..at]).unwrap_err(), FrameRefusal::Forged, "cut at {at}");
    }
    assert_eq!(both().1.open(&vec![0; LONGEST + 1]).unwrap_err(), FrameRefusal::TooLong);
}

#[test]
fn any_padding_within_the_text_is_taken() {
    for zeros in 0..=255_u8 {
        let mut padded = b"text".to_vec();
        padded.resize(4 + usize::from(zeros), 0);
        padded.push(zeros);
        assert_eq!(unpad(&padded), Ok(4));
    }
    assert_eq!(unpad(&[]), Err(FrameRefusal::Padding));
    assert_eq!(unpad(&[0, 0, 3]), Err(FrameRefusal::Padding));
}

#[test]
fn what_is_no_frame_is_refused_by_its_name() {
    assert_eq!(Frame::read(&[]), Err(FrameRefusal::Empty));
    for kind in 4..=255 {
        assert_eq!(Frame::read(&[kind]), Err(FrameRefusal::Kind));
    }
    assert_eq!(Frame::read(&[0, 1, 2]), Ok(Frame::Shutdown));
    for frame in [Frame::Ctap(vec![4]), Frame::Update(vec![0xa0]), Frame::Json(b"{}".to_vec())] {
        assert_eq!(Frame::read(&frame.write()), Ok(frame.clone()));
    }
    assert_eq!(format!("{:?}", Frame::Ctap(vec![1, 2])), "Ctap(2 bytes)");
}

#[test]
fn a_key_serves_only_so_often() {
    let (mut client, mut phone) = both();
    client.sending.count = MOST_MESSAGES - 1;
    phone.receiving.count = MOST_MESSAGES - 1;
    let last = client.seal(b"last").unwrap();
    assert_eq!(client.seal(b"beyond"), Err(FrameRefusal::Exhausted));
    assert!(phone.open(&last).is_ok());
    assert_eq!(phone.open(&last).unwrap_err(), FrameRefusal::Exhausted);
    assert_eq!(FrameRefusal::Exhausted.code(), "frame_exhausted");
}
