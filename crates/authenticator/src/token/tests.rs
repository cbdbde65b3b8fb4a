use super::*;
use primitives::entropy::SystemEntropy;

const BEGAN: Timestamp = Timestamp::from_secs(1_800_000_000);

fn token(protocol: Protocol, permissions: Permissions, rp_id: Option<&str>) -> Token {
    Token::begin(protocol, (permissions, rp_id.map(str::to_owned)), true, BEGAN, &mut SystemEntropy)
}

fn prove(token: &mut Token, protocol: Protocol) -> bool {
    let tag = protocol.authenticate(token.secret(), b"message");
    token.verify(protocol, b"message", &tag)
}

#[test]
fn unused_it_lasts_half_a_minute_and_used_ten_minutes() {
    let mut token = token(Protocol::Two, Permissions::DEFAULT, None);
    let millisecond = Span::from_millis(1);
    assert!(token.is_in_use(BEGAN) && token.is_in_use(BEGAN + INITIAL_USAGE_LIMIT));
    assert!(!token.is_in_use(BEGAN + INITIAL_USAGE_LIMIT + millisecond));
    assert!(prove(&mut token, Protocol::Two));
    assert!(token.is_in_use(BEGAN + MAX_USAGE_PERIOD));
    assert!(!token.is_in_use(BEGAN + MAX_USAGE_PERIOD + millisecond));
    assert!(!token.is_in_use(Timestamp::from_secs(1_799_999_999)), "a clock that went back");
}

#[test]
fn presence_lasts_less_than_twenty_seconds() {
    let token = token(Protocol::Two, Permissions::DEFAULT, None);
    assert!(token.is_user_present(BEGAN + USER_PRESENT_LIMIT));
    assert!(!token.is_user_present(BEGAN + USER_PRESENT_LIMIT + Span::from_millis(1)));
}

#[test]
fn a_failed_proof_is_no_use_and_neither_is_one_under_the_other_protocol() {
    for (protocol, other) in [(Protocol::One, Protocol::Two), (Protocol::Two, Protocol::One)] {
        let mut token = token(protocol, Permissions::DEFAULT, None);
        assert!(!prove(&mut token, other));
        assert!(!token.verify(protocol, b"message", &[0; 32]));
        assert!(!token.is_in_use(BEGAN + INITIAL_USAGE_LIMIT + Span::from_millis(1)));
        assert!(prove(&mut token, protocol));
    }
}

#[test]
fn the_first_site_binds_it() {
    let mut any = token(Protocol::Two, Permissions::DEFAULT, None);
    assert!(any.is_for("example.org") && any.is_for("example.com"));
    any.bind("example.org");
    any.bind("example.com");
    assert!(any.is_for("example.org") && !any.is_for("example.com"));
    assert_eq!(any.rp_id(), Some("example.org"));
    assert!(!token(Protocol::Two, Permissions::DEFAULT, Some("a")).is_for("b"));
}

#[test]
fn what_is_spent_may_only_write_large_blobs() {
    let all = Permissions::from_bits(u64::MAX);
    let mut token = token(Protocol::Two, all, None);
    token.spend();
    assert!(token.permits(Permissions::LARGE_BLOB_WRITE));
    for bit in [0x01, 0x02, 0x04, 0x08, 0x20, 0x40] {
        assert!(!token.permits(Permissions::from_bits(bit)), "{bit:#x}");
    }
    assert!(!token.is_user_present(BEGAN) && !token.is_user_verified());
}

#[test]
fn undefined_permissions_are_ignored() {
    assert_eq!(Permissions::from_bits(0x80), Permissions::default());
    assert_eq!(Permissions::from_bits(0xffff_ff03), Permissions::from_bits(0x7f & 0x03));
    assert_eq!(Permissions::DEFAULT, Permissions::MAKE_CREDENTIAL.and(Permissions::GET_ASSERTION));
    assert_eq!(Permissions::DEFAULT.bits(), 3);
}
