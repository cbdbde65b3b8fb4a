use super::*;
use primitives::encoding::hex;

const SECRET: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn eid() -> Eid {
    let nonce = [0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19];
    Eid { nonce, routing_id: [0xa1, 0xb2, 0xc3], domain: 0 }
}

fn sealed() -> [u8; LENGTH] {
    EidKey::of_qr(&SECRET).seal(eid().plain())
}

#[test]
fn the_known_advertisement_is_made_and_read() {
    assert_eq!(hex(&eid().plain()), "0010111213141516171819a1b2c30000");
    assert_eq!(hex(&sealed()), "9daa3ca17e48fb1f0fe9bd959668bed141237200");
    let opened = EidKey::of_qr(&SECRET).open(&sealed()).unwrap();
    assert_eq!(Eid::from_plain(&opened.plain, 2), Ok(eid()));
    assert_eq!(opened.psm, None);
}

#[test]
fn each_flipped_bit_and_each_cut_is_refused() {
    let key = EidKey::of_qr(&SECRET);
    for at in 0..LENGTH {
        let mut broken = sealed();
        broken[at] ^= 1;
        assert_eq!(key.open(&broken), Err(AdvertisementRefusal::NotOurs), "{at}");
        assert_eq!(key.open(&sealed()[..at]), Err(AdvertisementRefusal::Length), "cut at {at}");
    }
    assert_eq!(key.open(&[0; LONGEST + 1]), Err(AdvertisementRefusal::Length));
    assert_eq!(EidKey::of_qr(&[9; 16]).open(&sealed()), Err(AdvertisementRefusal::NotOurs));
}

#[test]
fn a_reserved_byte_is_refused() {
    let mut plain = eid().plain();
    plain[0] = 1;
    let key = EidKey::of_qr(&SECRET);
    assert_eq!(key.open(&key.seal(plain)), Err(AdvertisementRefusal::Reserved));
}

#[test]
fn a_service_that_the_client_cannot_know_is_refused() {
    for (domain, assigned, taken) in [
        (0, 2, true),
        (1, 2, true),
        (1, 1, false),
        (2, 2, false),
        (2, 9, false),
        (255, 300, false),
        (256, 0, true),
    ] {
        let plain = Eid { domain, ..eid() }.plain();
        let read = Eid::from_plain(&plain, assigned);
        assert_eq!(read.is_ok(), taken, "{domain} of {assigned}");
        assert!(taken || read == Err(AdvertisementRefusal::Domain));
    }
}

#[test]
fn a_suffix_tells_of_the_other_channel_and_never_disturbs() {
    let key = EidKey::of_qr(&SECRET);
    let long = with_psm(sealed(), 0x80);
    assert_eq!(hex(&long[LENGTH..]), "a1011880");
    assert_eq!(key.open(&long).unwrap().psm, Some(0x80));
    for suffix in
        [&[0xa1, 1, 5][..], &[0xa1, 1], &[0xff], &[0xa0], &[0xa1, 0, 0x18, 0x80], &[0xa1, 1, 0x19, 1, 0]]
    {
        let odd = [&sealed()[..], suffix].concat();
        let opened = key.open(&odd).unwrap();
        assert_eq!((opened.plain, opened.psm), (eid().plain(), None), "{suffix:?}");
    }
}

#[test]
fn a_contact_is_answered_by_random_behind_a_zero() {
    struct Ones;
    impl Entropy for Ones {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(0xff);
        }
    }
    let plain = contact_plain(&mut Ones);
    assert_eq!((plain[0], &plain[1..]), (0, &[0xff; 15][..]));
    let key = EidKey::of_link(&[7; 32], &[8; 16]);
    assert_eq!(key.open(&key.seal(plain)).unwrap().plain, plain);
    assert_eq!(
        EidKey::of_link(&[7; 32], &[9; 16]).open(&key.seal(plain)),
        Err(AdvertisementRefusal::NotOurs)
    );
    assert_eq!(AdvertisementRefusal::NotOurs.code(), "advertisement_not_ours");
}
