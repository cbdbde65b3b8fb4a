use account::audit::EventKind;
use account::history::{Remedy, verdict};
use primitives::id::Id;

use super::{reason_key, title_key};
use crate::text::{Language, Text};

fn kinds() -> Vec<EventKind> {
    let (passkey, session, pass) =
        (Id::from_bytes([1; 16]), Id::from_bytes([2; 16]), Id::from_bytes([3; 16]));
    let code = || "anything".to_owned();
    vec![
        EventKind::SignedIn { passkey, session, strength: None, needed: None },
        EventKind::SignedInOtherwise {
            session,
            methods: vec!["password".to_owned()],
            strength: None,
            needed: None,
        },
        EventKind::PassRedeemed { pass, session, resumed: false },
        EventKind::SignInRefused { code: code(), passkey: None },
        EventKind::ConfirmRefused { action: code(), code: code() },
        EventKind::PassRefused { code: "pass_wrong".to_owned(), pass: None },
        EventKind::PassLocked { pass },
        EventKind::PasswordRefused { code: code() },
        EventKind::SecondStepRefused { code: code() },
        EventKind::FirstStepPassed,
        EventKind::SignedOut { session },
        EventKind::SessionRevoked { session },
        EventKind::OtherSessionsRevoked { count: 2 },
        EventKind::PasskeyRemoved { passkey, lost: true },
        EventKind::PasskeyDisabled { passkey, lost: true },
        EventKind::PasskeyEnabled { passkey },
        EventKind::PasswordSet { first: true },
        EventKind::PasswordTurnedOff { sessions: 1 },
        EventKind::PasswordAllowed,
        EventKind::CodesAdded,
        EventKind::CodesRemoved,
        EventKind::CodesLocked,
        EventKind::RecoveryCodesMade { count: 10 },
        EventKind::RecoveryCodesMade { count: 0 },
        EventKind::AccountSecured { sessions: 1, passkeys: 1 },
        EventKind::UserChanged,
        EventKind::UserDeleted,
        EventKind::UserRestored,
        EventKind::UserSignedOut { sessions: 1 },
        EventKind::RegistrationRequired { sessions: 1, passkeys: 1 },
        EventKind::BreakGlassChanged { on: true },
        EventKind::BreakGlassChanged { on: false },
        EventKind::UserDisabled,
        EventKind::UserEnabled,
    ]
}

#[test]
fn every_entry_and_remedy_has_its_words() {
    for language in [Language::English, Language::German] {
        let text = Text::new(language);
        for kind in kinds() {
            assert!(verdict(&kind).is_some(), "{kind:?}");
            assert!(text.has(title_key(&kind)), "{kind:?}");
            assert!(reason_key(&kind).is_none_or(|key| text.has(key)), "{kind:?}");
        }
        for remedy in Remedy::ALL {
            assert!(text.has(&format!("remedy-{remedy}")), "{remedy}");
        }
        for row in [
            "guessed",
            "password-known",
            "in-by-password",
            "in-by-recovery-code",
            "in-by-passkey",
            "passkey-refused",
            "in-by-pass",
            "method-added",
            "changed",
        ] {
            assert!(text.has(&format!("not-me-{row}")), "{row}");
        }
        for outcome in ["done", "already-done", "last-method"] {
            assert!(text.has(&format!("outcome-{outcome}")), "{outcome}");
        }
    }
}
