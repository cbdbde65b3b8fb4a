use primitives::cose::Algorithm;
use primitives::time::{Span, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::group::GroupId;
use crate::model::{Aaguid, Certification};
use crate::policy::{
    AttestationDemand, Audience, Combination, Compromised, CustomStrength, For, Kinds, ModelRule, Needed,
    Policy, Profile,
};
use crate::strength::Strength;

fn group(byte: u8) -> GroupId {
    GroupId::from_bytes([byte; 16])
}

fn names() -> Names {
    [(group(1), "Sales".to_owned()), (group(2), "Ä \"quoted\" \\ group".to_owned())].into_iter().collect()
}

fn refused(text: &str) -> DocumentRefusal {
    parse(text, &names()).unwrap_err()
}

#[test]
fn nothing_is_the_default() {
    assert_eq!(parse("", &names()), Ok(Policy::default()));
    assert_eq!(parse(&render(&Policy::default(), &names()), &names()), Ok(Policy::default()));
}

#[test]
fn a_document_reads_as_it_is_meant() {
    let text = "\
        [passkeys]\nfor = [\"SALES\"]\nexcept = [\"Ä \\\"quoted\\\" \\\\ group\"]\n\
        [[passkeys.profile]]\nname = \"vault\"\nkinds = [\"device-bound\"]\nattestation = \"required\"\n\
        allow = [\"ee882879-721c-4913-9775-3dfcce97072a\"]\ncertified = \"L2\"\nalgorithms = [\"ES256\"]\n\
        [passwords]\nfor = \"everybody\"\n\
        [interrupt]\nfrom = 2026-12-01T08:00:00Z\npostponements = 3\n\
        [[strength]]\nname = \"keys-of-the-vault\"\ncombinations = [\"hardware-passkey\"]\n\
        [require]\nconsole = \"keys-of-the-vault\"\n";
    let policy = parse(text, &names()).unwrap();
    assert_eq!(policy.passkeys.audience, Audience::Groups { of: vec![group(1)], except: vec![group(2)] });
    let [profile] = policy.passkeys.terms.profiles.as_slice() else { panic!("{policy:?}") };
    assert_eq!(profile.name, "vault");
    assert!(!profile.kinds.backed_up && profile.kinds.device_bound);
    assert_eq!(profile.attestation, AttestationDemand::Required);
    assert_eq!(profile.models.certified, Some(Certification::L2));
    assert_eq!(profile.algorithms, [Algorithm::Es256]);
    assert!(policy.passwords.terms.enabled);
    assert_eq!(policy.interrupt.terms.from, Timestamp::parse_rfc3339("2026-12-01T08:00:00Z").ok());
    assert_eq!(policy.interrupt.terms.postponements, Some(3));
    assert_eq!(policy.require.console, Needed::Custom("keys-of-the-vault".to_owned()));
}

#[test]
fn each_refusal_has_its_code_and_names_the_key() {
    let strength = "[[strength]]\nname = \"a\"\n";
    for (text, code, key) in [
        ("x".repeat(LONGEST_DOCUMENT + 1).as_str(), "document_too_long", None),
        ("[passkeys]\nfor = \n", "document_syntax", None),
        ("[passkey]\nfor = \"everybody\"", "document_unknown_key", Some("passkey")),
        ("[passkeys]\nfro = \"everybody\"", "document_unknown_key", Some("passkeys.fro")),
        (
            "[[passkeys.profile]]\nname = \"a\"\nkind = []",
            "document_unknown_key",
            Some("passkeys.profile[0].kind"),
        ),
        ("[[passkeys.profile]]\nkinds = []", "document_missing_key", Some("passkeys.profile[0].name")),
        ("[passes]\nlength = \"12\"", "document_type", Some("passes.length")),
        ("passes = 1", "document_type", Some("passes")),
        ("[codes]\nfor = \"some\"", "document_value", Some("codes.for")),
        ("[codes]\nfor = \"nobody\"\nexcept = [\"Sales\"]", "document_value", Some("codes.except")),
        (
            "[[passkeys.profile]]\nname = \"a\"\nkinds = []",
            "document_value",
            Some("passkeys.profile[0].kinds"),
        ),
        ("[passes]\nlength = 7", "document_range", Some("passes.length")),
        ("[passes]\nlongest = \"31d\"", "document_range", Some("passes.longest")),
        ("[passes]\nlifetime = \"31d\"", "document_range", Some("passes.lifetime")),
        ("[passes]\nlongest = \"30m\"", "document_range", Some("passes.lifetime")),
        ("[codes]\nfor = [\"Nobody knows\"]", "document_unknown_group", Some("codes.for")),
        ("[require]\nportal = \"vault\"", "document_unknown_strength", Some("require.portal")),
        (
            "[[passkeys.profile]]\nname = \"a\"\n[[passkeys.profile]]\nname = \"a\"",
            "document_name_taken",
            Some("passkeys.profile[1].name"),
        ),
        (
            "[[strength]]\nname = \"multifactor\"\ncombinations = [\"passkey\"]",
            "document_name_taken",
            Some("strength[0].name"),
        ),
        (strength, "document_missing_key", Some("strength[0].combinations")),
        (&format!("{strength}combinations = []"), "document_value", Some("strength[0].combinations")),
        ("[require]\nconsole = \"multifactor\"", "document_console_too_weak", Some("require.console")),
        (
            &format!("{strength}combinations = [\"pass-once\", \"passkey\"]\n[require]\nconsole = \"a\""),
            "document_console_too_weak",
            Some("require.console"),
        ),
    ] {
        let refusal = refused(text);
        assert_eq!((refusal.code(), refusal.key()), (code, key), "{text:.80}");
    }
    let many: Vec<String> =
        (0..1001_u16).map(|n| format!("\"{}\"", Aaguid([n.to_be_bytes()[1]; 16]))).collect();
    let text = format!("[[passkeys.profile]]\nname = \"a\"\nallow = [{}]", many.join(","));
    assert_eq!(refused(&text).code(), "document_too_many");
    assert!(matches!(refused("[codes]\n\nfor ="), DocumentRefusal::Syntax { line: 3, .. }));
}

#[test]
fn a_comparison_names_what_changed() {
    let old = Policy::default();
    let mut new = old.clone();
    new.passwords.audience = Audience::everybody();
    new.passwords.terms.enabled = true;
    new.passkeys.terms.profiles[0].kinds.backed_up = false;
    new.interrupt.terms.postponements = Some(2);
    let change = |key: &str, from: &str, to: &str| Change {
        key: key.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let there = [
        change("passkeys.profile.default.kinds", "[\"backed-up\", \"device-bound\"]", "[\"device-bound\"]"),
        change("passwords.for", "\"nobody\"", "\"everybody\""),
        change("interrupt.postponements", "", "2"),
    ];
    assert_eq!(compare(&old, &new, &names()), there);
    assert_eq!(compare(&new, &old, &names()).len(), 3);
    assert_eq!(compare(&old, &old, &names()), []);
}

fn audience() -> impl Strategy<Value = Audience> {
    let groups = || prop::collection::vec((1_u8..4).prop_map(group), 0..3);
    prop_oneof![
        Just(Audience::Nobody),
        groups().prop_map(|except| Audience::Everybody { except }),
        (groups(), groups()).prop_map(|(of, except)| Audience::Groups { of, except }),
    ]
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn models() -> impl Strategy<Value = ModelRule> {
    let list = || prop::collection::vec(any::<[u8; 16]>().prop_map(Aaguid), 0..3);
    (list(), list(), prop::option::of(one_of(Certification::ALL)), any::<bool>(), any::<bool>()).prop_map(
        |(allow, block, certified, biometric, hardware)| ModelRule {
            allow,
            block,
            certified,
            biometric,
            hardware,
        },
    )
}

fn profiles() -> impl Strategy<Value = Vec<Profile>> {
    let kinds = prop_oneof![Just((true, false)), Just((false, true)), Just((true, true))];
    let algorithms = prop::collection::vec(prop::sample::select(&Algorithm::ALL[..]), 0..4);
    let profile = (audience(), kinds, one_of(AttestationDemand::ALL), models(), algorithms).prop_map(
        |(audience, (backed_up, device_bound), attestation, models, algorithms)| Profile {
            name: String::new(),
            audience,
            kinds: Kinds { backed_up, device_bound },
            attestation,
            models,
            algorithms,
        },
    );
    prop::collection::vec(profile, 1..4).prop_map(|mut profiles| {
        for (at, profile) in profiles.iter_mut().enumerate() {
            profile.name = format!("Profil \"{at}\" \\ é");
        }
        profiles
    })
}

prop_compose! {
    fn policy()(
        audiences in prop::collection::vec(audience(), 6),
        profiles in profiles(),
        compromised in one_of(Compromised::ALL),
        models in models(),
        combinations in prop::collection::vec(one_of(Combination::ALL), 1..4),
        flags in any::<[bool; 8]>(),
        seconds in prop::option::of(0_i64..4_000_000_000),
        minutes in 10_i64..43_200,
        portal in prop::option::of(one_of(Strength::ALL)),
        description in "[ -~é]{0,40}",
    ) -> Policy {
        let mut policy = Policy::default();
        let [a, b, c, d, e, f] = <[Audience; 6]>::try_from(audiences).unwrap();
        let on = |audience: &Audience| !audience.is_nobody();
        policy.passkeys = For { terms: policy.passkeys.terms.clone(), audience: a };
        policy.passkeys.terms.enabled = on(&policy.passkeys.audience);
        policy.passkeys.terms.profiles = profiles;
        policy.passkeys.terms.compromised = compromised;
        policy.passkeys.terms.at_least = if flags[4] { 2 } else { 1 };
        policy.passes.terms.enabled = on(&b);
        policy.passes.audience = b;
        policy.passes.terms.default = Span::from_minutes(minutes);
        policy.passes.terms.one_time_only = flags[0];
        policy.second_approver = flags[1];
        policy.passwords.terms.enabled = on(&c);
        policy.passwords.audience = c;
        policy.passwords.terms.beside_passkeys = flags[2];
        policy.codes = d;
        policy.recovery_codes = e;
        policy.phones.link = flags[3];
        policy.interrupt.terms.enabled = on(&f);
        policy.interrupt.audience = f;
        policy.interrupt.terms.from = seconds.map(Timestamp::from_secs);
        policy.passwordless.forced_from = seconds.map(Timestamp::from_secs);
        policy.strengths = vec![CustomStrength { name: "own".to_owned(), description: description.trim().to_owned(), combinations, models }];
        policy.require.portal = portal.map_or(Needed::Custom("own".to_owned()), Needed::BuiltIn);
        policy
    }
}

proptest! {
    #[test]
    fn what_was_written_reads_back(policy in policy()) {
        let text = render(&policy, &names());
        prop_assert_eq!(parse(&text, &names()), Ok(policy.clone()), "{}", text);
        // Stored documents speak of groups by their ids and need no names.
        prop_assert_eq!(parse(&render(&policy, &Names::default()), &Names::default()), Ok(policy));
    }

    #[test]
    fn a_comparison_is_empty_only_between_equals(one in policy(), other in policy()) {
        prop_assert_eq!(compare(&one, &other, &names()).is_empty(), one == other);
    }

    #[test]
    fn no_text_makes_the_reader_fall_over(text in "\\PC{0,200}") {
        let _ = parse(&text, &names());
    }
}
