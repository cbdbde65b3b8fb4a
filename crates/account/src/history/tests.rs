use primitives::id::Id;
use primitives::time::Timestamp;

use super::*;
use crate::passkey::Binding;

type Kind = (EventKind, &'static str, Vec<(&'static str, bool)>);

fn kinds() -> Vec<Kind> {
    let (passkey, pass, session) =
        (Id::from_bytes([1; 16]), Id::from_bytes([2; 16]), Id::from_bytes([3; 16]));
    let methods = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let otherwise = |names: &[&str]| EventKind::SignedInOtherwise {
        session,
        methods: methods(names),
        strength: None,
        needed: None,
    };
    let code = String::from("wrong");
    vec![
        (EventKind::PasswordRefused { code: code.clone() }, "guessed", vec![("turn-off-password", false)]),
        (
            EventKind::SecondStepRefused { code: code.clone() },
            "password-known",
            vec![("turn-off-password", true)],
        ),
        (
            otherwise(&["password"]),
            "in-by-password",
            vec![("sign-out-elsewhere", true), ("turn-off-password", true)],
        ),
        (
            otherwise(&["password", "authenticator_code"]),
            "in-by-password",
            vec![("sign-out-elsewhere", true), ("turn-off-password", true), ("remove-codes", true)],
        ),
        (
            otherwise(&["recovery_code"]),
            "in-by-recovery-code",
            vec![("sign-out-elsewhere", true), ("remove-recovery-codes", true)],
        ),
        (
            EventKind::SignedIn { passkey, session, strength: None, needed: None },
            "in-by-passkey",
            vec![("end-its-sessions", true), ("remove-passkey", true)],
        ),
        (
            EventKind::SignInRefused { code: code.clone(), passkey: Some(passkey) },
            "passkey-refused",
            vec![("remove-passkey", false)],
        ),
        (
            EventKind::PassRedeemed { pass, session, resumed: false },
            "in-by-pass",
            vec![("end-its-sessions", true), ("revoke-pass", true)],
        ),
        (
            EventKind::PasskeyAdded { passkey, binding: Binding::PhishingResistant, pass: None },
            "method-added",
            vec![("end-its-sessions", true), ("remove-passkey", true)],
        ),
        (EventKind::PasskeyRemoved { passkey, lost: false }, "changed", vec![("sign-out-elsewhere", true)]),
    ]
}

#[test]
fn every_row_proposes_what_the_table_says() {
    for (kind, code, remedies) in kinds() {
        let triage = Triage::of(&kind).unwrap();
        assert_eq!(triage.code(), code, "{kind:?}");
        let proposed: Vec<(&str, bool)> =
            triage.remedies().iter().map(|(remedy, chosen)| (remedy.as_str(), *chosen)).collect();
        assert_eq!(proposed, remedies, "{kind:?}");
        assert!(verdict(&kind).is_some(), "{kind:?}");
    }
}

#[test]
fn the_method_in_question_is_the_one_that_does_not_confirm() {
    let at = Timestamp::from_secs(1);
    let passkey = |byte: u8| Proof::Passkey {
        passkey: Id::from_bytes([byte; 16]),
        user_verified: true,
        backup_eligible: true,
        hardware: false,
        binding: Binding::TemporaryPass,
        model: None,
        claims: None,
        vouched: None,
        at,
    };
    let suspects = |kind: &EventKind, proof: &Proof| Triage::of(kind).unwrap().suspects(proof);
    let by_passkey = EventKind::SignedIn {
        passkey: Id::from_bytes([1; 16]),
        session: Id::from_bytes([3; 16]),
        strength: None,
        needed: None,
    };
    assert!(suspects(&by_passkey, &passkey(1)));
    assert!(!suspects(&by_passkey, &passkey(2)));
    let known = EventKind::SecondStepRefused { code: String::new() };
    assert!(suspects(&known, &Proof::Password { at }));
    assert!(!suspects(&known, &passkey(1)));
    let guessed = EventKind::PasswordRefused { code: String::new() };
    assert!(!suspects(&guessed, &Proof::Password { at }), "a wrong guess makes no password suspicious");
    assert!(suspects(&EventKind::CodesAdded, &Proof::AuthenticatorCode { at }));
    assert!(!suspects(&EventKind::CodesAdded, &Proof::Password { at }));
}

#[test]
fn only_signing_out_goes_without_a_confirmation() {
    let without: Vec<&str> = Remedy::ALL
        .iter()
        .filter(|remedy| !remedy.needs_confirmation())
        .map(|remedy| remedy.as_str())
        .collect();
    assert_eq!(without, ["sign-out-elsewhere", "end-its-sessions", "freeze"]);
}
