//! One profile that asks for everything, one passkey that has it all, and one thing changed at a time.

use primitives::cose::{Algorithm, SigningKey};
use primitives::time::Span;

use super::*;
use crate::evidence::Evidence;
use crate::model::{Certification, Model};
use crate::passkey::Binding;
use crate::policy::{Area, Audience, Combination, CustomStrength, Kinds, Needed, Policy};
use crate::samples::{Counting, NOW, pass, passkey, user};
use crate::strength::Strength;
use crate::user::User;

const GOOD: Aaguid = Aaguid([1; 16]);
const PLAIN: Aaguid = Aaguid([2; 16]);
const BROKEN: Aaguid = Aaguid([3; 16]);

fn models() -> Models {
    let good = Model {
        name: "Good".to_owned(),
        certification: Some(Certification::L2),
        biometric: true,
        hardware: true,
        broken: None,
    };
    let plain =
        Model { certification: Some(Certification::L1), biometric: false, hardware: false, ..good.clone() };
    let broken = Model { broken: Some(Broken::UserVerificationBypass), ..good.clone() };
    Models::from_iter([(GOOD, good), (PLAIN, plain), (BROKEN, broken)])
}

fn strict() -> Profile {
    Profile {
        name: "strict".to_owned(),
        audience: Audience::everybody(),
        kinds: Kinds { backed_up: false, device_bound: true },
        attestation: AttestationDemand::Required,
        models: ModelRule {
            allow: vec![],
            block: vec![Aaguid([9; 16])],
            certified: Some(Certification::L2),
            biometric: true,
            hardware: true,
        },
        algorithms: vec![Algorithm::Es256],
    }
}

fn only(profile: Profile) -> PasskeyPolicy {
    PasskeyPolicy { profiles: vec![profile], ..PasskeyPolicy::default() }
}

fn facts() -> Facts {
    Facts { backup_eligible: false, claimed: GOOD, attested: true, algorithm: Algorithm::Es256 }
}

fn judged(change: impl FnOnce(&mut PasskeyPolicy, &mut Facts)) -> Result<(), PasskeyRefusal> {
    let (mut policy, mut facts) = (only(strict()), facts());
    change(&mut policy, &mut facts);
    may_register(&policy, &facts, &models())
}

fn rule(policy: &mut PasskeyPolicy) -> &mut ModelRule {
    &mut policy.profiles[0].models
}

#[test]
fn what_has_everything_is_taken() {
    assert_eq!(judged(|_, _| {}), Ok(()));
}

type Change = fn(&mut PasskeyPolicy, &mut Facts);

#[test]
fn each_term_refuses_by_its_own_name() {
    let table: [(&str, Change); 13] = [
        ("policy_passkeys_off", |policy, _| policy.enabled = false),
        ("policy_passkeys_off", |policy, _| policy.profiles.clear()),
        ("policy_kind_backed_up", |_, facts| facts.backup_eligible = true),
        ("policy_kind_device_bound", |policy, _| {
            policy.profiles[0].kinds = Kinds { backed_up: true, device_bound: false };
        }),
        ("policy_attestation_missing", |_, facts| facts.attested = false),
        ("policy_model_blocked", |policy, _| rule(policy).block = vec![GOOD]),
        ("policy_model_not_allowed", |policy, _| rule(policy).allow = vec![PLAIN]),
        ("policy_model_unknown", |_, facts| facts.claimed = Aaguid([8; 16])),
        ("policy_not_certified", |policy, _| rule(policy).certified = Some(Certification::L3)),
        ("policy_not_biometric", |policy, facts| {
            facts.claimed = PLAIN;
            rule(policy).certified = None;
        }),
        ("policy_not_hardware", |policy, facts| {
            facts.claimed = PLAIN;
            rule(policy).certified = None;
            rule(policy).biometric = false;
        }),
        ("policy_algorithm", |_, facts| facts.algorithm = Algorithm::Rs256),
        ("policy_model_broken", |_, facts| facts.claimed = BROKEN),
    ];
    for (code, change) in table {
        assert_eq!(judged(change).map_err(PasskeyRefusal::code), Err(code));
    }
}

#[test]
fn properties_need_a_proven_model_even_where_attestation_is_only_asked_for() {
    let refused = judged(|policy, facts| {
        policy.profiles[0].attestation = AttestationDemand::Asked;
        facts.attested = false;
    });
    assert_eq!(refused, Err(PasskeyRefusal::AttestationMissing));
}

#[test]
fn a_claim_counts_only_against_it() {
    let mut lax = Profile::anything();
    lax.models.block = vec![GOOD];
    let unproven = Facts { attested: false, ..facts() };
    assert_eq!(may_register(&only(lax.clone()), &unproven, &models()), Err(PasskeyRefusal::ModelBlocked));
    lax.models.block.clear();
    lax.models.allow = vec![GOOD];
    assert_eq!(
        may_register(&only(lax.clone()), &unproven, &models()),
        Err(PasskeyRefusal::AttestationMissing)
    );
    lax.models.allow.clear();
    assert_eq!(may_register(&only(lax.clone()), &unproven, &models()), Ok(()));
    let broken = Facts { claimed: BROKEN, ..unproven };
    let refused = Err(PasskeyRefusal::Broken(Broken::UserVerificationBypass));
    assert_eq!(may_register(&only(lax), &broken, &models()), refused);
}

#[test]
fn one_profile_is_satisfied_wholly_and_two_halves_are_not() {
    let backed_up = Profile {
        kinds: Kinds { backed_up: true, device_bound: false },
        models: ModelRule { allow: vec![PLAIN], ..ModelRule::default() },
        ..Profile::anything()
    };
    let policy = PasskeyPolicy { profiles: vec![strict(), backed_up], ..PasskeyPolicy::default() };
    assert_eq!(may_register(&policy, &facts(), &models()), Ok(()));
    let synced = Facts { backup_eligible: true, ..facts() };
    // The kind is wrong for the one, the model for the other: the other came closer.
    assert_eq!(may_register(&policy, &synced, &models()), Err(PasskeyRefusal::ModelNotAllowed));
    let plain = Facts { claimed: PLAIN, ..synced };
    assert_eq!(may_register(&policy, &plain, &models()), Ok(()));
}

#[test]
fn what_is_stored_is_judged_like_what_is_new() {
    let mut stored = passkey(2);
    stored.aaguid = GOOD.0;
    stored.attestation_trusted = true;
    stored.public_key =
        SigningKey::generate(Algorithm::Es256, &mut Counting(1)).unwrap().public_key().encode();
    let policy = only(strict());
    assert_eq!(may_use(&policy, &stored, &models()), Ok(()));
    let unproven = Passkey { attestation_trusted: false, ..stored.clone() };
    assert_eq!(may_use(&policy, &unproven, &models()), Err(PasskeyRefusal::AttestationMissing));
    let unreadable = Passkey { public_key: vec![], ..stored.clone() };
    assert_eq!(may_use(&policy, &unreadable, &models()), Err(PasskeyRefusal::Algorithm));
    assert_eq!(
        may_use(&PasskeyPolicy::default(), &unreadable, &models()),
        Ok(()),
        "no algorithm is asked for"
    );
}

#[test]
fn policy_says_what_becomes_of_a_stored_passkey_of_a_broken_model() {
    let stored = Passkey { aaguid: BROKEN.0, ..passkey(2) };
    let by = |compromised| {
        let policy = PasskeyPolicy { compromised, ..PasskeyPolicy::default() };
        may_use(&policy, &stored, &models())
    };
    assert_eq!(by(Compromised::Mark), Ok(()));
    assert_eq!(by(Compromised::Weaken), Ok(()));
    assert_eq!(by(Compromised::Refuse), Err(PasskeyRefusal::Broken(Broken::UserVerificationBypass)));
    assert_eq!(reported(&stored, &models()), Some(Broken::UserVerificationBypass));
}

fn with(compromised: Compromised) -> Policy {
    let mut policy = Policy::default();
    policy.passkeys.terms.compromised = compromised;
    policy
}

fn evidence(aaguid: Aaguid, attested: bool) -> Evidence {
    let one = Passkey { aaguid: aaguid.0, attestation_trusted: attested, ..passkey(2) };
    Evidence::from_assertion(&one, true, NOW)
}

fn strongest(policy: &Policy, evidence: &Evidence) -> Option<Strength> {
    let satisfied = |strength: &Strength| satisfies(policy, &Needed::BuiltIn(*strength), evidence, &models());
    // Each implies the ones before it.
    let from_above = Strength::ALL.iter().rev().copied().find(satisfied);
    let from_below = Strength::ALL.iter().copied().take_while(satisfied).last();
    assert_eq!(from_above, from_below);
    from_above
}

#[test]
fn what_a_broken_model_proves_is_as_much_as_policy_leaves_it() {
    for attested in [false, true] {
        let of = |compromised| strongest(&with(compromised), &evidence(BROKEN, attested));
        assert!(of(Compromised::Mark) >= Some(Strength::PhishingResistant));
        assert_eq!(of(Compromised::Weaken), Some(Strength::Multifactor));
        assert_eq!(of(Compromised::Refuse), None);
    }
}

#[test]
fn the_hardware_strength_needs_metadata_that_says_so() {
    let policy = Policy::default();
    assert_eq!(strongest(&policy, &evidence(GOOD, true)), Some(Strength::PhishingResistantHardware));
    let less = Some(Strength::PhishingResistant);
    assert_eq!(strongest(&policy, &evidence(GOOD, false)), less, "only claimed");
    assert_eq!(strongest(&policy, &evidence(PLAIN, true)), less, "a program");
    assert_eq!(strongest(&policy, &evidence(Aaguid([8; 16]), true)), less, "an own root without metadata");
    let mut weak = Passkey { aaguid: GOOD.0, attestation_trusted: true, ..passkey(2) };
    weak.binding = Binding::Password;
    let evidence = Evidence::from_assertion(&weak, true, NOW);
    assert_eq!(strongest(&policy, &evidence), Some(Strength::Passwordless));
}

fn custom(combination: Combination, models: ModelRule) -> Policy {
    let strength = CustomStrength {
        name: "own".to_owned(),
        description: String::new(),
        combinations: vec![combination],
        models,
    };
    Policy { strengths: vec![strength], ..Policy::default() }
}

#[test]
fn combinations_are_what_they_say() {
    let later = NOW + Span::from_minutes(1);
    let many = crate::temporary_pass::Pass { one_time: false, ..pass() };
    let password = Evidence::from_password(NOW);
    let mut weak = passkey(2);
    weak.binding = Binding::Password;
    let all = [
        ("weak passkey", Evidence::from_assertion(&weak, true, NOW)),
        ("passkey", evidence(GOOD, false)),
        ("hardware passkey", evidence(GOOD, true)),
        ("unverified passkey", Evidence::from_assertion(&passkey(2), false, NOW)),
        ("pass", Evidence::from_pass(&pass(), NOW)),
        ("pass of many times", Evidence::from_pass(&many, NOW)),
        ("password", password.clone()),
        ("code", password.clone().and(Evidence::from_authenticator_code(later))),
        ("recovery code", password.and(Evidence::from_recovery_code(later))),
    ];
    let table: [(Combination, &[&str]); 8] = [
        (Combination::AnyPasskey, &["weak passkey", "passkey", "hardware passkey"]),
        (Combination::Passkey, &["passkey", "hardware passkey"]),
        (Combination::HardwarePasskey, &["hardware passkey"]),
        (Combination::PassOnce, &["pass"]),
        (Combination::PassManyTimes, &["pass of many times"]),
        (Combination::PasswordAndCode, &["code"]),
        (Combination::PasswordAndRecoveryCode, &["recovery code"]),
        (Combination::Password, &["password", "code", "recovery code"]),
    ];
    for (combination, expected) in table {
        let policy = custom(combination, ModelRule::default());
        let needed = Needed::Custom("own".to_owned());
        let satisfied: Vec<&str> = all
            .iter()
            .filter(|(_, evidence)| satisfies(&policy, &needed, evidence, &models()))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(satisfied, expected, "{combination}");
        assert!(!satisfies(&policy, &Needed::Custom("gone".to_owned()), &all[2].1, &models()));
    }
}

#[test]
fn a_strength_of_models_wants_them_proven() {
    let own = |models: ModelRule, evidence: &Evidence| {
        let policy = custom(Combination::Passkey, models);
        satisfies(&policy, &Needed::Custom("own".to_owned()), evidence, &self::models())
    };
    let allow = ModelRule { allow: vec![GOOD], ..ModelRule::default() };
    assert!(own(allow.clone(), &evidence(GOOD, true)));
    assert!(!own(allow.clone(), &evidence(GOOD, false)));
    assert!(!own(allow, &evidence(PLAIN, true)));
    let block = ModelRule { block: vec![GOOD], ..ModelRule::default() };
    assert!(!own(block.clone(), &evidence(GOOD, true)) && !own(block.clone(), &evidence(GOOD, false)));
    assert!(own(block, &evidence(PLAIN, false)));
}

#[test]
fn anything_is_satisfied_by_anything() {
    assert!(satisfies(&Policy::default(), &Needed::Anything, &Evidence::from_password(NOW), &models()));
}

#[test]
fn what_cannot_work_in_a_place_is_known_before() {
    let kinds = |backed_up, device_bound| {
        only(Profile { kinds: Kinds { backed_up, device_bound }, ..Profile::anything() })
    };
    let (any, synced, bound) = (kinds(true, true), kinds(true, false), kinds(false, true));
    for place in Place::ALL {
        assert_eq!(may_begin(&any, *place), Ok(()));
        let off = PasskeyPolicy { enabled: false, ..PasskeyPolicy::default() };
        assert_eq!(may_begin(&off, *place), Err(PasskeyRefusal::Off));
    }
    assert_eq!(may_begin(&bound, Place::Phone), Err(PasskeyRefusal::Kind { backed_up: true }));
    assert_eq!(may_begin(&synced, Place::SecurityKey), Err(PasskeyRefusal::Kind { backed_up: false }));
    assert_eq!(may_begin(&synced, Place::Phone), Ok(()));
    assert_eq!(may_begin(&bound, Place::ThisComputer), Ok(()));
}

#[test]
fn attestation_is_asked_for_where_anything_hangs_on_it() {
    assert!(!asks_for_attestation(&PasskeyPolicy::default()));
    assert!(takes_unproven_backed_up(&PasskeyPolicy::default()));
    let mut profile = Profile::anything();
    profile.models.biometric = true;
    assert!(asks_for_attestation(&only(profile.clone())) && !takes_unproven_backed_up(&only(profile)));
    for demand in [AttestationDemand::Asked, AttestationDemand::Required] {
        let policy = only(Profile { attestation: demand, ..Profile::anything() });
        assert!(asks_for_attestation(&policy));
        assert_eq!(takes_unproven_backed_up(&policy), demand == AttestationDemand::Asked);
    }
}

#[test]
fn offered_is_what_a_profile_takes() {
    let offers = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256];
    let of = |named: &[Algorithm]| {
        algorithms(&only(Profile { algorithms: named.to_vec(), ..Profile::anything() }), &offers)
    };
    assert_eq!(of(&[]), offers);
    assert_eq!(of(&[Algorithm::Rs256, Algorithm::Es256]), [Algorithm::Es256, Algorithm::Rs256]);
    assert_eq!(of(&[Algorithm::Es384]), [Algorithm::Es384]);
}

#[test]
fn a_break_glass_account_is_kept_out_by_no_strength_and_no_profile() {
    let mut policy = with(Compromised::Refuse);
    policy.passkeys.audience = Audience::Nobody;
    policy.require.console = Needed::Custom("gone".to_owned());
    let of = |user: &User, evidence: &Evidence| reaches(&policy, user, Area::Console, evidence, &models());
    let (anybody, kept) = (user(), User { break_glass: true, ..user() });
    let broken = evidence(BROKEN, false);
    assert!(of(&kept, &broken) && !of(&anybody, &broken) && !of(&anybody, &evidence(GOOD, true)));
    // But never without having been verified, and never by what a password bound.
    assert!(!of(&kept, &Evidence::from_assertion(&passkey(2), false, NOW)));
    assert!(!of(&kept, &Evidence::from_pass(&pass(), NOW)));
    let stored = Passkey { aaguid: BROKEN.0, ..passkey(2) };
    assert_eq!(may_use(&policy.of(&kept).passkeys, &stored, &models()), Ok(()));
    assert_eq!(may_use(&policy.of(&anybody).passkeys, &stored, &models()), Err(PasskeyRefusal::Off));
}

#[test]
fn the_console_never_asks_for_less_than_a_phishing_resistant_passkey() {
    let mut policy = Policy::default();
    policy.require.console = Needed::Anything;
    let of = |evidence: &Evidence| reaches(&policy, &user(), Area::Console, evidence, &models());
    assert!(of(&evidence(GOOD, false)) && !of(&Evidence::from_pass(&pass(), NOW)));
}

#[test]
fn a_password_is_asked_for_only_where_it_leads_on() {
    let with = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::default();
        policy.passwords.audience = Audience::everybody();
        change(&mut policy);
        password_leads_on(&policy, &models())
    };
    let strong = || Needed::BuiltIn(Strength::PhishingResistant);
    assert!(with(&|_| {}));
    assert!(!with(&|policy| policy.passwords.audience = Audience::Nobody));
    assert!(with(&|policy| policy.require.portal = strong()), "as the way to a first passkey");
    assert!(!with(&|policy| {
        policy.require.portal = strong();
        policy.require.security_info = strong();
    }));
    assert!(!with(&|policy| {
        policy.codes = Audience::Nobody;
        policy.recovery_codes = Audience::Nobody;
    }));
    assert!(with(&|policy| {
        policy.codes = Audience::Nobody;
        policy.recovery_codes = Audience::Nobody;
        policy.passwords.terms.alone_registers = true;
    }));
}
