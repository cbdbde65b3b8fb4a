use super::*;

fn scalar(byte: u8) -> PrivateKey {
    PrivateKey::from_scalar([byte; 32]).unwrap()
}

fn hash() -> [u8; 32] {
    let text = "3c89169f7065ddd0a13fd638beb712af1a3420cb538082ce8cbccf3079419c5d";
    from_hex(text).unwrap().try_into().unwrap()
}

fn link() -> Link {
    Link {
        contact: vec![1; 32],
        id: [2; 8],
        secret: [3; 32],
        identity: scalar(0x44).public_uncompressed(),
        name: "Keyfob at my desk".to_owned(),
    }
}

fn odd(change: impl FnOnce(&mut Link)) -> Vec<u8> {
    let mut link = link();
    change(&mut link);
    link.update(&[0; 32])
}

fn update() -> Vec<u8> {
    link().update(&sign(&scalar(0x44), &scalar(0x11).public_compressed(), &hash()).unwrap())
}

#[test]
fn the_known_signature() {
    let signature = sign(&scalar(0x44), &scalar(0x11).public_compressed(), &hash()).unwrap();
    assert_eq!(hex(&signature), "88d12478f86912d79f48cf63075c1e0a31f20161c40350c142222128065b5102");
    let checked = sign(&scalar(0x11), &scalar(0x44).public_uncompressed(), &hash());
    assert_eq!(checked, Ok(signature));
}

#[test]
fn the_client_takes_the_link_of_this_handshake_and_no_other() {
    assert_eq!(Link::from_update(&update(), &scalar(0x11), &hash()), Ok(Some(link())));
    assert_eq!(Link::from_update(&update(), &scalar(0x11), &[0; 32]), Err(LinkRefusal::Signature));
    assert_eq!(Link::from_update(&update(), &scalar(0x12), &hash()), Err(LinkRefusal::Signature));
    let forged = odd(|link| link.identity = scalar(0x45).public_uncompressed());
    assert_eq!(Link::from_update(&forged, &scalar(0x11), &hash()), Err(LinkRefusal::Signature));
    let nowhere = odd(|link| link.identity = [4; 65]);
    assert_eq!(Link::from_update(&nowhere, &scalar(0x11), &hash()), Err(LinkRefusal::Point));
}

#[test]
fn an_update_without_a_link_is_none_and_nonsense_is_refused() {
    let read = |bytes: &[u8]| Link::from_update(bytes, &scalar(0x11), &hash());
    assert_eq!(read(&[0xa0]), Ok(None));
    assert_eq!(read(&[0xa1, 0, 0x41, 0]), Ok(None));
    for bytes in [&[][..], &[0x80], &[0xa1, 1, 0xa0], &[0xa1, 1, 0xf6]] {
        assert_eq!(read(bytes), Err(LinkRefusal::Form), "{bytes:?}");
    }
    let whole = update();
    for end in 0..whole.len() {
        assert_eq!(read(&whole[..end]), Err(LinkRefusal::Form), "cut at {end}");
    }
    for bytes in [
        odd(|link| link.contact.clear()),
        odd(|link| link.contact = vec![0; LONGEST_CONTACT + 1]),
        odd(|link| link.name = "n".repeat(LONGEST_NAME + 1)),
    ] {
        assert_eq!(read(&bytes), Err(LinkRefusal::Form));
    }
}

#[test]
fn what_a_client_says_to_a_contact_is_read_back() {
    let payload = ClientPayload { link_id: [1; 8], nonce: [2; 16], hint: Hint::Create };
    assert_eq!(ClientPayload::read(&payload.write()), Ok(payload.clone()));
    assert_eq!(ClientPayload::read(&payload.write().to_uppercase()), Ok(payload));
    for text in ["", "zz", "a0", "80", &"00".repeat(300)] {
        assert_eq!(ClientPayload::read(text), Err(LinkRefusal::Form), "{text}");
    }
}

#[test]
fn the_secret_is_not_printed() {
    assert_eq!(format!("{:?}", link()), "Link { name: \"Keyfob at my desk\", .. }");
    assert_eq!(LinkRefusal::Signature.code(), "link_signature");
}

#[test]
fn what_the_phone_remembers_is_what_the_client_was_given() {
    struct Counting(u8);
    impl Entropy for Counting {
        fn fill(&mut self, out: &mut [u8]) {
            self.0 += 1;
            out.fill(self.0);
        }
    }
    let kept = PhoneLink::generate(&mut Counting(0));
    let given = kept.link(&"ä".repeat(300)).unwrap();
    assert_eq!((given.id, given.secret), (kept.id, kept.secret));
    assert_eq!(given.contact, contact(&kept.waiting));
    assert_eq!(given.identity, kept.key().unwrap().public_uncompressed());
    assert!(given.name.len() <= LONGEST_NAME);
    assert!(PhoneLink::read(&kept.write()) == Ok(kept.clone()));
    for bytes in [&[][..], &[0xa0], &[0x80]] {
        assert!(PhoneLink::read(bytes) == Err(LinkRefusal::Form));
    }
    let mut odd = kept.clone();
    odd.identity = [0; 32];
    assert!(odd.key().is_err() && odd.link("x").is_err());
}
