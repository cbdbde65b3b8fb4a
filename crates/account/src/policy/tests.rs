use super::*;
use crate::group::GroupId;
use crate::samples;

fn group(byte: u8) -> GroupId {
    GroupId::from_bytes([byte; 16])
}

#[test]
fn exclusion_wins() {
    let mut user = samples::user();
    user.groups = vec![group(1), group(2)];
    let on = |audience| {
        let policy = Policy { codes: audience, ..Policy::default() };
        policy.of(&user).codes.enabled
    };
    assert!(on(Audience::everybody()));
    assert!(!on(Audience::Nobody));
    assert!(on(Audience::Groups { of: vec![group(1)], except: vec![] }));
    assert!(!on(Audience::Groups { of: vec![group(1)], except: vec![group(2)] }));
    assert!(!on(Audience::Groups { of: vec![group(3)], except: vec![] }));
    assert!(!on(Audience::Everybody { except: vec![group(2)] }));
}

#[test]
fn what_anybody_has_is_said_where_nobody_is_named() {
    let policy = Policy {
        codes: Audience::Groups { of: vec![group(1)], except: vec![] },
        recovery_codes: Audience::Nobody,
        ..Policy::default()
    };
    let anybody = policy.of_anybody();
    assert!(anybody.codes.enabled && !anybody.recovery_codes.enabled);
}
