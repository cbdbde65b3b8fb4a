use super::*;
use crate::policy::Policy;
use crate::samples::{NOW, pass, passkey, user};

fn assessed(registered: &Registered, policy: &Policy) -> Readiness {
    let user = user();
    assess(registered, &policy.of(&user), &Models::default(), &user, NOW)
}

fn tried(number: u8) -> Passkey {
    Passkey { tried: true, ..passkey(number) }
}

fn synced(number: u8, aaguid: u8) -> Passkey {
    Passkey { backup_eligible: true, backed_up: true, aaguid: [aaguid; 16], ..tried(number) }
}

fn with(passkeys: Vec<Passkey>) -> Registered {
    Registered { passkeys, ..Registered::default() }
}

fn passwords_on() -> Policy {
    let mut policy = Policy::default();
    policy.passwords.audience = crate::policy::Audience::everybody();
    policy
}

#[test]
fn what_is_left_after_a_loss() {
    let policy = Policy::default();
    let disabled = Passkey { status: crate::passkey::PasskeyStatus::Disabled, ..tried(2) };
    for (registered, survival) in [
        (with(vec![]), Survival::NoWayIn),
        (Registered { pass: Some(pass()), ..with(vec![]) }, Survival::Nothing),
        (with(vec![tried(1)]), Survival::Nothing),
        (with(vec![tried(1), disabled]), Survival::Nothing),
        (with(vec![synced(1, 7)]), Survival::Restorable),
        (with(vec![synced(1, 7), synced(2, 7)]), Survival::Restorable),
        (with(vec![tried(1), passkey(2)]), Survival::UntriedPasskey),
        (with(vec![tried(1), tried(2)]), Survival::AnotherPasskey),
        (with(vec![synced(1, 7), synced(2, 8)]), Survival::AnotherPasskey),
    ] {
        assert_eq!(assessed(&registered, &policy).survival, survival, "{registered:?}");
    }
}

#[test]
fn a_password_is_a_way_where_policy_takes_it() {
    let both = Registered { password: true, codes: true, ..with(vec![tried(1)]) };
    assert_eq!(assessed(&both, &Policy::default()).survival, Survival::Nothing);
    let mut policy = passwords_on();
    assert_eq!(assessed(&both, &policy).survival, Survival::Nothing, "not beside a passkey");
    policy.passwords.terms.beside_passkeys = true;
    assert_eq!(assessed(&both, &policy).survival, Survival::WeakerWay);
    let alone = Registered { password: true, recovery_codes: 1, ..with(vec![]) };
    let found = assessed(&alone, &policy);
    assert_eq!(found.survival, Survival::WeakerWay);
    assert!(found.mfa_capable && !found.passwordless_capable);
    assert_eq!(found.advice, [Advice::AddPasskey, Advice::RenewRecoveryCodes]);
}

#[test]
fn registered_is_not_capable() {
    let mut policy = Policy::default();
    policy.passkeys.audience = crate::policy::Audience::Nobody;
    let found = assessed(&with(vec![tried(1), tried(2)]), &policy);
    assert!(found.mfa_registered && !found.mfa_capable && !found.passwordless_capable);
    assert_eq!((found.enrolled, found.usable), (2, 0));
    assert_eq!(found.advice, [Advice::ReplacePasskey, Advice::AddPasskey]);
    assert_eq!(found.survival, Survival::NoWayIn);
}

#[test]
fn who_is_disabled_has_no_way_in() {
    let mut user = user();
    user.status = crate::user::UserStatus::Disabled;
    let policy = Policy::default();
    let found = assess(&with(vec![tried(1), tried(2)]), &policy.of(&user), &Models::default(), &user, NOW);
    assert_eq!(found.survival, Survival::NoWayIn);
}

#[test]
fn the_funnel_only_narrows() {
    let opened = Registered { seen: true, ..with(vec![]) };
    let steps = |registered: &Registered| {
        let Steps { opened, enrolled, second, passwordless } = Steps::of(registered);
        [opened, enrolled, second, passwordless]
    };
    assert_eq!(steps(&with(vec![])), [false; 4]);
    assert_eq!(steps(&opened), [true, false, false, false]);
    assert_eq!(steps(&with(vec![tried(1)])), [true, true, false, false]);
    assert_eq!(steps(&with(vec![tried(1), passkey(2)])), [true; 4]);
    let password = Registered { password: true, ..with(vec![tried(1), passkey(2)]) };
    assert_eq!(steps(&password), [true, true, true, false]);
}

#[test]
fn methods_are_named_as_in_the_report_of_others() {
    let computer = Passkey { attachment: Some(Attachment::Platform), ..tried(1) };
    let phone = Passkey { place: Place::Phone, ..tried(2) };
    let all = Registered {
        password: true,
        codes: true,
        recovery_codes: 5,
        pass: Some(pass()),
        ..with(vec![computer, phone, synced(3, 7), synced(4, 7)])
    };
    assert_eq!(
        assessed(&all, &Policy::default()).methods,
        [
            "passKeyDeviceBoundAuthenticator",
            "passKeyDeviceBoundComputer",
            "passKeySynced",
            "password",
            "recoveryCodes",
            "softwareOneTimePasscode",
            "temporaryAccessPass"
        ]
    );
    assert!(Survival::ALL.windows(2).all(|pair| pair[0].score() < pair[1].score()));
}
