use account::group::GroupId;
use account::policy::{Audience, Combination, CustomStrength, Needed, Policy, Profile};
use account::strength::Strength;
use primitives::time::{Span, Timestamp};

use super::*;

fn group(byte: u8) -> GroupId {
    GroupId::from_bytes([byte; 16])
}

fn groups() -> Groups {
    Groups::new(vec![(group(1), "Sales".to_owned()), (group(2), "Board".to_owned())])
}

fn sent(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
}

fn policy() -> Policy {
    let mut policy = Policy { second_approver: true, ..Policy::default() };
    policy.passwords.audience = Audience::Groups { of: vec![group(1)], except: vec![group(2)] };
    policy.passwords.terms.enabled = true;
    policy.interrupt.terms.from = Timestamp::parse_rfc3339("2026-12-06T00:00:00Z").ok();
    policy.interrupt.terms.postponements = Some(3);
    policy.passwordless.forced_from = policy.interrupt.terms.from;
    policy.strengths = vec![CustomStrength {
        name: "vault".to_owned(),
        description: String::new(),
        combinations: vec![Combination::Passkey],
        models: Default::default(),
    }];
    policy.require.applications = Needed::Custom("vault".to_owned());
    policy
}

#[test]
fn a_form_that_is_sent_as_it_was_shown_changes_nothing() {
    let policy = policy();
    for part in Part::ALL {
        let fields = fill(part, &policy, &groups());
        assert_eq!(read(part, &policy, &groups(), &fields), Ok(policy.clone()), "{part:?}");
    }
    let profile = ProfileForm::new(Some(0), &Default::default());
    let fields = profile.fill(&Profile::anything(), &groups());
    assert_eq!(profile.read(&policy, &groups(), &fields), Ok(policy.clone()));
    let strength = StrengthForm::new(Some("vault".to_owned()), &Default::default());
    let fields = strength.fill(policy.strengths.first());
    assert_eq!(strength.read(&policy, &fields), Ok(policy));
}

#[test]
fn what_is_typed_becomes_policy() {
    let fields = sent(&[
        ("on", "everybody"),
        ("except", "board"),
        ("shortest", "30"),
        ("default", "60"),
        ("longest", "1440"),
        ("length", "16"),
        ("one-time-only", "yes"),
    ]);
    let next = read(Part::Passes, &policy(), &groups(), &fields).unwrap();
    assert_eq!(next.passes.audience, Audience::Everybody { except: vec![group(2)] });
    assert_eq!(next.passes.terms.longest, Span::from_days(1));
    assert!(next.passes.terms.one_time_only && !next.second_approver);
}

#[test]
fn everything_that_is_wrong_is_told_at_its_field() {
    let fields =
        sent(&[("on", "groups"), ("of", "Nobody"), ("shortest", "9"), ("default", "x"), ("length", "49")]);
    let wrong = read(Part::Passes, &policy(), &groups(), &fields).unwrap_err();
    let told: Vec<(&str, &str)> = wrong.iter().map(|wrong| (wrong.field, wrong.key)).collect();
    assert_eq!(
        told,
        [
            ("of", "policy-wrong-group"),
            ("of", "policy-wrong-no-group"),
            ("shortest", "policy-wrong-number"),
            ("default", "policy-wrong-number"),
            ("longest", "policy-wrong-number"),
            ("length", "policy-wrong-number"),
        ]
    );
    let order =
        [("on", "nobody"), ("shortest", "60"), ("default", "30"), ("longest", "20"), ("length", "12")];
    let wrong = read(Part::Passes, &policy(), &groups(), &sent(&order)).unwrap_err();
    assert_eq!(wrong.first().map(|wrong| wrong.key), Some("policy-wrong-order"));
    let date = sent(&[("passkeys", "2"), ("forced-from", "2026-13-01")]);
    let wrong = read(Part::Passwordless, &policy(), &groups(), &date).unwrap_err();
    assert_eq!(wrong.first().map(|wrong| wrong.key), Some("policy-wrong-date"));
}

#[test]
fn a_model_is_named_by_aaguid_or_by_name() {
    let form = ProfileForm::new(None, &Default::default());
    let yubikey = "cb69481e-8ff7-4039-93ec-0a2729a154a8";
    let name = known_models(&Default::default()).get(&yubikey.parse().unwrap()).cloned().unwrap();
    let fields = sent(&[
        ("name", "keys"),
        ("on", "everybody"),
        ("device-bound", "yes"),
        ("attestation", "required"),
        ("block", &format!("{yubikey} whatever stands here")),
        ("allow-add", &name.to_uppercase()),
    ]);
    let next = form.read(&policy(), &groups(), &fields).unwrap();
    let profile = next.passkeys.terms.profiles.last().unwrap();
    assert_eq!(profile.models.block, [yubikey.parse().unwrap()]);
    assert!(profile.models.allow.contains(&yubikey.parse().unwrap()));

    let unknown = sent(&[("name", "keys"), ("device-bound", "yes"), ("allow-add", "No such model")]);
    let wrong = form.read(&policy(), &groups(), &unknown).unwrap_err();
    assert_eq!(
        wrong.first().map(|wrong| (wrong.field, wrong.key)),
        Some(("allow-add", "policy-wrong-model"))
    );
}

#[test]
fn a_profile_that_nothing_could_satisfy_is_refused() {
    let form = ProfileForm::new(None, &Default::default());
    let refused = |pairs: &[(&str, &str)], key: &str| {
        let wrong = form.read(&policy(), &groups(), &sent(pairs)).unwrap_err();
        assert!(wrong.iter().any(|wrong| wrong.key == key), "{pairs:?}: {wrong:?}");
    };
    refused(&[("name", "keys")], "policy-wrong-kinds");
    refused(&[("device-bound", "yes")], "policy-wrong-name");
    refused(&[("name", "default"), ("device-bound", "yes")], "policy-wrong-name-taken");
    refused(&[("name", "keys"), ("device-bound", "yes"), ("hardware", "yes")], "policy-wrong-attestation");
}

#[test]
fn a_strength_is_named_satisfiable_and_renamed_where_it_is_asked_for() {
    let form = StrengthForm::new(Some("vault".to_owned()), &Default::default());
    let refused = |pairs: &[(&str, &str)], key: &str| {
        let wrong = form.read(&policy(), &sent(pairs)).unwrap_err();
        assert!(wrong.iter().any(|wrong| wrong.key == key), "{pairs:?}: {wrong:?}");
    };
    refused(&[("name", "vault")], "strength-wrong-empty");
    refused(&[("name", "Two words"), ("combination", "passkey")], "strength-wrong-name");
    refused(&[("name", "passwordless"), ("combination", "passkey")], "strength-wrong-taken");
    refused(&[("name", "new"), ("combination", "passkey")], "strength-wrong-taken");
    let mut no_passes = policy();
    no_passes.passes.audience = Audience::Nobody;
    let wrong = form.read(&no_passes, &sent(&[("name", "vault"), ("combination", "pass-once")])).unwrap_err();
    assert_eq!(wrong.first().map(|wrong| wrong.key), Some("strength-wrong-impossible"));

    let renamed = form.read(&policy(), &sent(&[("name", "safe"), ("combination", "passkey")])).unwrap();
    assert_eq!(renamed.require.applications, Needed::Custom("safe".to_owned()));
    assert_eq!(renamed.strengths.len(), 1);
}

#[test]
fn requirements_take_built_in_and_own_strengths_and_nothing_else() {
    let fields = sent(&[("portal", "vault"), ("applications", "passwordless"), ("security-info", "no such")]);
    let next = read(Part::Requirements, &policy(), &groups(), &fields).unwrap();
    assert_eq!(next.require.portal, Needed::Custom("vault".to_owned()));
    assert_eq!(next.require.applications, Needed::BuiltIn(Strength::Passwordless));
    assert_eq!(next.require.security_info, policy().require.security_info);
}

#[test]
fn two_changes_become_one_and_what_both_changed_is_chosen() {
    let base = policy();
    let (mut theirs, mut yours) = (base.clone(), base.clone());
    theirs.codes = Audience::Nobody;
    theirs.phones.android = 15;
    yours.codes = Audience::Groups { of: vec![group(1)], except: vec![] };
    yours.phones.android = 15;
    yours.passwordless.passkeys = 3;
    let merge = Merge { base: &base, theirs: &theirs, yours: &yours };
    assert_eq!(merge.contested(), [Part::Codes], "the same change twice is no quarrel");
    let merged = merge.merged(|_| Choice::Theirs);
    assert_eq!(
        (merged.codes, merged.phones.android, merged.passwordless.passkeys),
        (Audience::Nobody, 15, 3)
    );
    assert_eq!(merge.merged(|_| Choice::Yours).codes, yours.codes);
}
