use super::*;

struct Counter(u8);
impl Entropy for Counter {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

fn ring() -> KeyRing {
    KeyRing::generate(Timestamp::from_secs(1), &mut Counter(0))
}

#[test]
fn a_mac_holds_for_its_purpose_and_its_parts_only() {
    let ring = ring();
    let mac = ring.mac(Purpose::RowMac, &[b"ab", b"c"]);
    assert_eq!(ring.verify_mac(Purpose::RowMac, &[b"ab", b"c"], &mac), Ok(()));
    assert_eq!(ring.verify_mac(Purpose::RowMac, &[b"a", b"bc"], &mac), Err(BadMac));
    assert_eq!(ring.verify_mac(Purpose::AuditEvent, &[b"ab", b"c"], &mac), Err(BadMac));
    assert_eq!(ring.verify_mac(Purpose::RowMac, &[b"ab", b"c"], &mac[..35]), Err(BadMac));
    assert_eq!(ring.verify_mac(Purpose::RowMac, &[b"ab", b"c"], b""), Err(BadMac));
}

#[test]
fn a_short_mac_is_the_beginning_of_the_whole_one_and_holds_for_its_purpose_only() {
    let mut ring = ring();
    let mac = ring.short_mac(Purpose::AccessToken, &[b"ab", b"c"]);
    assert_eq!(mac[..], ring.mac(Purpose::AccessToken, &[b"ab", b"c"])[..SHORT_MAC_LENGTH]);
    assert_eq!(ring.verify_short_mac(Purpose::AccessToken, &[b"ab", b"c"], &mac), Ok(()));
    assert_eq!(ring.verify_short_mac(Purpose::AccessToken, &[b"a", b"bc"], &mac), Err(BadMac));
    assert_eq!(ring.verify_short_mac(Purpose::RefreshToken, &[b"ab", b"c"], &mac), Err(BadMac));
    for cut in 0..SHORT_MAC_LENGTH {
        assert_eq!(ring.verify_short_mac(Purpose::AccessToken, &[b"ab", b"c"], &mac[..cut]), Err(BadMac));
    }
    ring.rotate(Timestamp::from_secs(2), &mut Counter(100));
    assert_eq!(
        ring.verify_short_mac(Purpose::AccessToken, &[b"ab", b"c"], &mac),
        Ok(()),
        "a retired key checks"
    );
}

#[test]
fn a_retired_key_still_checks_what_it_made() {
    let mut ring = ring();
    let old = ring.mac(Purpose::RowMac, &[b"row"]);
    ring.rotate(Timestamp::from_secs(2), &mut Counter(100));
    assert_eq!(ring.current_id(), 2);
    assert_eq!(ring.verify_mac(Purpose::RowMac, &[b"row"], &old), Ok(()));
    assert_ne!(ring.mac(Purpose::RowMac, &[b"row"]), old);
    assert_eq!(ring.lookups(Purpose::TokenLookup, b"t").len(), 2);
}

#[test]
fn the_key_file_round_trips_and_refuses_nonsense() {
    let mut ring = ring();
    ring.rotate(Timestamp::from_secs(2), &mut Counter(100));
    let again = KeyRing::parse(&ring.encode()).unwrap();
    assert_eq!(again.mac(Purpose::Pepper, &[b"x"]), ring.mac(Purpose::Pepper, &[b"x"]));
    assert_eq!(KeyRing::parse("").unwrap_err(), KeyFileRefusal::NotOneCurrent);
    assert_eq!(KeyRing::parse("1 current 5 short").unwrap_err(), KeyFileRefusal::Line);
    let twice = ring.encode().replace("1 retired", "2 retired");
    assert_eq!(KeyRing::parse(&twice).unwrap_err(), KeyFileRefusal::DuplicateId);
}

#[test]
fn debug_shows_no_secret() {
    assert_eq!(format!("{:?}", ring()), "KeyRing(current 1)");
}
