use primitives::cose::{Algorithm, SigningKey};
use proptest::prelude::*;

use super::*;
use crate::group::GroupId;
use crate::passkey::{Binding, PasskeyStatus};
use crate::policy::{
    AttestationDemand, Audience, Combination, CustomStrength, Needed, PasswordPolicy, Profile,
};
use crate::role::Role;
use crate::samples::{self, Counting, NOW};
use crate::strength::Strength;

fn passkey() -> Passkey {
    let key = SigningKey::generate(Algorithm::Es256, &mut Counting(1)).unwrap();
    Passkey { public_key: key.public_key().encode(), ..samples::passkey(1) }
}

fn user() -> User {
    samples::user()
}

/// What somebody has; every test changes one thing.
#[derive(Clone, Debug)]
struct Has {
    user: User,
    passkeys: Vec<Passkey>,
    pass: Option<Pass>,
    password: Option<MustChange>,
    codes: Option<Usable>,
    recovery_codes: Option<Usable>,
}

impl Has {
    fn nothing() -> Self {
        Self { user: user(), passkeys: vec![], pass: None, password: None, codes: None, recovery_codes: None }
    }

    fn passkey() -> Self {
        Self { passkeys: vec![passkey()], ..Self::nothing() }
    }

    fn password_and_code() -> Self {
        Self { password: Some(false), codes: Some(true), ..Self::nothing() }
    }

    fn person(&self) -> Person<'_> {
        Person {
            user: &self.user,
            passkeys: &self.passkeys,
            pass: self.pass.as_ref(),
            password: self.password,
            codes: self.codes,
            recovery_codes: self.recovery_codes,
        }
    }
}

fn passwords() -> Policy {
    let terms = PasswordPolicy { enabled: true, ..PasswordPolicy::default() };
    Policy { passwords: terms.into(), ..Policy::default() }
}

fn become_of(old: &Policy, new: &Policy, has: &Has) -> (Verdict, Reason) {
    let models = Models::default();
    let law = |policy| Law { policy, models: &models, now: NOW };
    let Judgement { verdict, reason } = judge(law(old), law(new), &has.person());
    (verdict, reason)
}

fn under(change: impl FnOnce(&mut Policy), has: &Has) -> (Verdict, Reason) {
    let (old, mut new) = (passwords(), passwords());
    change(&mut new);
    become_of(&old, &new, has)
}

fn profile(policy: &mut Policy) -> &mut Profile {
    &mut policy.passkeys.terms.profiles[0]
}

#[test]
fn who_keeps_a_way_in_keeps_it() {
    let keeps = (Verdict::Keeps, Reason::WayIn);
    for has in [Has::passkey(), Has::password_and_code()] {
        assert_eq!(under(|_| {}, &has), keeps);
    }
    // One method goes, the other stays.
    let both = Has { passkeys: vec![passkey()], ..Has::password_and_code() };
    assert_eq!(under(|policy| profile(policy).kinds.device_bound = false, &both), keeps);
    assert_eq!(under(|policy| policy.passwords.audience = Audience::Nobody, &both), keeps);
}

#[test]
fn each_way_of_losing_a_passkey_is_named() {
    let locked = |reason| (Verdict::LockedOut, reason);
    let has = Has::passkey();
    assert_eq!(under(|policy| profile(policy).kinds.device_bound = false, &has), locked(Reason::Kind));
    let attested = |policy: &mut Policy| profile(policy).attestation = AttestationDemand::Required;
    assert_eq!(under(attested, &has), locked(Reason::Attestation));
    let blocked = |policy: &mut Policy| profile(policy).models.block = vec![crate::model::Aaguid::UNKNOWN];
    assert_eq!(under(blocked, &has), locked(Reason::Model));
    let other = |policy: &mut Policy| profile(policy).algorithms = vec![Algorithm::Rs256];
    assert_eq!(under(other, &has), locked(Reason::Algorithm));
    assert_eq!(
        under(|policy| policy.passkeys.audience = Audience::Nobody, &has),
        locked(Reason::PasskeysOff)
    );
    let excluded = GroupId::from_bytes([1; 16]);
    let mut member = Has::passkey();
    member.user.groups = vec![excluded];
    let except =
        |policy: &mut Policy| policy.passkeys.audience = Audience::Everybody { except: vec![excluded] };
    assert_eq!(under(except, &member), locked(Reason::PasskeysOff));
    assert_eq!(under(except, &has).0, Verdict::Keeps);
    let off = |policy: &mut Policy| policy.passwords.audience = Audience::Nobody;
    assert_eq!(under(off, &Has::password_and_code()), locked(Reason::PasswordsOff));
}

#[test]
fn a_way_to_add_a_passkey_is_not_a_lock_out() {
    let synced_only = |policy: &mut Policy| profile(policy).kinds.device_bound = false;
    let pass = Has { pass: Some(samples::pass()), ..Has::passkey() };
    assert_eq!(under(synced_only, &pass), (Verdict::MustRegister, Reason::Kind));
    let recovery = Has { recovery_codes: Some(true), ..Has::passkey() };
    assert_eq!(under(synced_only, &recovery), (Verdict::MustRegister, Reason::Kind));
    let stronger = |policy: &mut Policy| policy.require.portal = Needed::BuiltIn(Strength::PhishingResistant);
    assert_eq!(under(stronger, &Has::password_and_code()), (Verdict::MustRegister, Reason::TooWeak));
    // What cannot reach security info cannot add one there.
    let walled = |policy: &mut Policy| {
        stronger(policy);
        policy.require.security_info = Needed::BuiltIn(Strength::PhishingResistant);
    };
    assert_eq!(under(walled, &Has::password_and_code()), (Verdict::LockedOut, Reason::TooWeak));
    let pass = Has { pass: Some(samples::pass()), ..Has::password_and_code() };
    assert_eq!(under(walled, &pass).0, Verdict::MustRegister);
}

#[test]
fn who_has_no_way_in_today_loses_none() {
    let never = |reason| (Verdict::NeverSignedIn, reason);
    assert_eq!(under(|_| {}, &Has::nothing()), never(Reason::NothingRegistered));
    let pass = Has { pass: Some(samples::pass()), ..Has::nothing() };
    assert_eq!(under(|_| {}, &pass), never(Reason::HasPass));
    let mut disabled = Has::passkey();
    disabled.passkeys[0].status = PasskeyStatus::Disabled;
    assert_eq!(under(|_| {}, &disabled), never(Reason::NoWayToday));
    // Passes were the one way to begin.
    let no_passes = |policy: &mut Policy| policy.passes.audience = Audience::Nobody;
    assert_eq!(under(no_passes, &Has::nothing()), (Verdict::LockedOut, Reason::PassesOff));
    assert_eq!(under(no_passes, &pass), (Verdict::LockedOut, Reason::PassesOff));
}

#[test]
fn a_role_needs_what_the_console_asks_for() {
    let mut has = Has::passkey();
    has.passkeys[0].binding = Binding::Password;
    assert_eq!(under(|_| {}, &has).0, Verdict::Keeps);
    has.user.role = Role::Reader;
    assert_eq!(under(|_| {}, &has), (Verdict::MustRegister, Reason::TooWeak));
}

#[test]
fn each_method_has_its_worth() {
    let models = Models::default();
    let mut policy = passwords();
    policy.strengths = vec![CustomStrength {
        name: "own".to_owned(),
        description: String::new(),
        combinations: vec![Combination::Passkey],
        models: Default::default(),
    }];
    policy.require.portal = Needed::Custom("own".to_owned());
    let weak = Passkey { binding: Binding::Password, id: samples::id(2), ..passkey() };
    let has = Has { passkeys: vec![passkey(), weak], ..Has::nothing() };
    let ways = Ways::of(Law { policy: &policy, models: &models, now: NOW }, &has.person());
    let worth: Vec<Worth> = ways.passkeys.iter().map(|(_, worth)| *worth).collect();
    assert_eq!((ways.access, worth), (Access::Full, vec![Worth::Enough, Worth::TooWeak]));
    assert!(!ways.are_whole());
    let has = Has::password_and_code();
    let ways = Ways::of(Law { policy: &policy, models: &models, now: NOW }, &has.person());
    assert_eq!((ways.access, ways.password), (Access::Register, Some(Worth::TooWeak)));
}

prop_compose! {
    fn anybody()(
        passkeys in 0_usize..3,
        pass in any::<bool>(),
        password in prop::option::of(any::<bool>()),
        codes in prop::option::of(any::<bool>()),
        recovery_codes in prop::option::of(any::<bool>()),
        backed_up in any::<bool>(),
        admin in any::<bool>(),
    ) -> Has {
        let mut user = user();
        user.role = if admin { Role::Administrator } else { Role::User };
        let made = Passkey { backup_eligible: backed_up, ..passkey() };
        let pass = pass.then(samples::pass);
        Has { user, passkeys: vec![made; passkeys], pass, password, codes, recovery_codes }
    }
}

prop_compose! {
    fn any_policy()(flags in any::<[bool; 9]>()) -> Policy {
        let mut policy = Policy::default();
        let [passkeys, passes, passwords, codes, recovery, backed_up, alone, beside, strong] = flags;
        policy.passkeys.audience = Audience::all(passkeys);
        policy.passes.audience = Audience::all(passes);
        policy.passwords.audience = Audience::all(passwords);
        policy.codes = Audience::all(codes);
        policy.recovery_codes = Audience::all(recovery);
        profile(&mut policy).kinds.backed_up = backed_up;
        policy.passwords.terms.alone_registers = alone;
        policy.passwords.terms.beside_passkeys = beside;
        if strong {
            policy.require.portal = Needed::BuiltIn(Strength::PhishingResistant);
        }
        policy
    }
}

proptest! {
    #[test]
    fn what_changes_nothing_locks_nobody_out(policy in any_policy(), has in anybody()) {
        prop_assert_ne!(become_of(&policy, &policy, &has).0, Verdict::LockedOut);
    }

    #[test]
    fn a_lock_out_is_always_a_loss(old in any_policy(), new in any_policy(), has in anybody()) {
        let models = Models::default();
        let law = |policy| Law { policy, models: &models, now: NOW };
        let (before, after) = (Ways::of(law(&old), &has.person()), Ways::of(law(&new), &has.person()));
        let (verdict, _) = become_of(&old, &new, &has);
        prop_assert_eq!(verdict == Verdict::Keeps, after.access == Access::Full);
        if verdict == Verdict::LockedOut {
            prop_assert!(after.access < before.access && after.access < Access::Register);
        }
        if before.access >= Access::Register && after.access < Access::Register {
            prop_assert_eq!(verdict, Verdict::LockedOut);
        }
    }
}
