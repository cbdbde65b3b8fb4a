use primitives::id::Id;

use super::*;

fn id<T>(byte: u8) -> Id<T> {
    Id::from_bytes([byte; 16])
}

#[test]
fn kinds_are_sorted_by_what_came_of_them() {
    let refused = EventKind::SignInRefused { code: "sign_count".to_owned(), passkey: Some(id(1)) };
    assert_eq!(outcome(&refused), Outcome::Failure);
    assert_eq!((code(&refused), passkey(&refused)), (Some("sign_count"), Some(id(1))));
    let redeemed = EventKind::PassRedeemed { pass: id(1), session: id(2), resumed: false };
    assert_eq!(outcome(&redeemed), Outcome::Success);
    assert_eq!((session(&redeemed), strength(&redeemed)), (Some(id(2)), Some(Strength::Multifactor)));
    assert_eq!(outcome(&EventKind::FirstStepPassed), Outcome::Interrupted);
    assert_eq!(outcome(&EventKind::BackupMade), Outcome::Change);
    assert_eq!(methods(&EventKind::BackupMade), []);
    for name in SUCCESS_KINDS.iter().chain(FAILURE_KINDS) {
        assert!(SIGN_IN_KINDS.contains(name), "{name}");
    }
}

#[test]
fn methods_have_the_names_of_proofs() {
    let methods_of = |names: &[&str]| {
        let methods = names.iter().map(|name| (*name).to_owned()).collect();
        methods_of_kind(&EventKind::SignedInOtherwise {
            session: id(1),
            methods,
            strength: None,
            needed: None,
        })
    };
    assert_eq!(
        methods_of(&["password", "authenticator_code"]),
        [Method::Password, Method::AuthenticatorCode]
    );
    assert_eq!(methods_of(&["carrier_pigeon"]), []);
}

fn methods_of_kind(kind: &EventKind) -> Vec<Method> {
    methods(kind)
}

#[test]
fn every_code_has_a_class_of_trouble() {
    for (code, class) in [
        ("password_wrong", ErrorClass::Wrong),
        ("pass_wrong", ErrorClass::Wrong),
        ("code_wrong", ErrorClass::Wrong),
        ("challenge_expired", ErrorClass::Late),
        ("code_used", ErrorClass::Late),
        ("pass_expired", ErrorClass::Late),
        ("policy_model_blocked", ErrorClass::Policy),
        ("passwords_off", ErrorClass::Policy),
        ("disabled_user", ErrorClass::Off),
        ("too_many_tries", ErrorClass::Throttled),
        ("unknown_credential", ErrorClass::Unknown),
        ("sign_count", ErrorClass::Suspicious),
        ("signature", ErrorClass::Technical),
    ] {
        assert_eq!(error_class(code), class, "{code}");
    }
}
