use super::*;
use crate::enrolment::Mode;
use crate::samples::{NOW, id};

fn kind(event: &EventKind) -> Option<NoticeKind> {
    of_event(event, false).map(|told| told.kind)
}

#[test]
fn what_a_person_must_know_is_told() {
    let passkey = id(7);
    assert_eq!(kind(&EventKind::PasskeyRemoved { passkey, lost: false }), Some(NoticeKind::PasskeyRemoved));
    assert_eq!(kind(&EventKind::PasswordSet { first: true }), Some(NoticeKind::PasswordSet));
    assert_eq!(kind(&EventKind::PasswordSet { first: false }), Some(NoticeKind::PasswordChanged));
    assert_eq!(
        of_event(&EventKind::RecoveryCodeUsed { left: 3 }, false),
        Some(Told { kind: NoticeKind::RecoveryCodeUsed, passkey: None, count: Some(3) })
    );
    assert_eq!(
        of_event(&EventKind::PasskeyTried { passkey }, false).and_then(|told| told.passkey),
        Some(passkey)
    );
}

#[test]
fn a_known_browser_is_no_news() {
    let event = EventKind::SignedIn { passkey: id(7), session: id(8), strength: None, needed: None };
    assert_eq!(of_event(&event, false), None);
    assert_eq!(of_event(&event, true).map(|told| told.kind), Some(NoticeKind::NewBrowser));
    assert!(meets_browser(&event));
    assert!(!meets_browser(&EventKind::SignedOut { session: id(8) }));
}

#[test]
fn a_stranger_fills_no_mailbox() {
    let code = || "wrong".to_owned();
    for event in [
        EventKind::PassRefused { code: code(), pass: None },
        EventKind::SignInRefused { code: code(), passkey: None },
        EventKind::PasswordRefused { code: code() },
        EventKind::SecondStepRefused { code: code() },
        EventKind::EnrolmentClaimRefused { enrolment: id(3) },
        EventKind::EnrolmentBegun { enrolment: id(3), mode: Mode::SignIn },
        EventKind::PassRevoked { pass: id(4), replaced: true },
        EventKind::PassRedeemed { pass: id(4), session: id(8), resumed: true },
        EventKind::EnrolmentEnded { enrolment: id(3), code: "expired".to_owned() },
    ] {
        assert_eq!(kind(&event), None, "{}", event.name());
    }
    let declined = EventKind::EnrolmentEnded { enrolment: id(3), code: "declined".to_owned() };
    assert_eq!(kind(&declined), Some(NoticeKind::EnrolmentEnded));
}

#[test]
fn where_is_told_of_ones_own_browsers_only() {
    let client = ClientLabel { browser: "Chrome on Linux".to_owned(), address: "192.0.2.1".to_owned() };
    let event = |actor| Event {
        id: id(2),
        at: NOW,
        actor,
        subject: Some(id(1)),
        kind: EventKind::UserChanged,
        client: Some(client.clone()),
        note: None,
        reference: "TEST".to_owned(),
    };
    for (actor, expected, where_) in [
        (Actor::User(id(1)), By::Oneself, true),
        (Actor::User(id(9)), By::Somebody, false),
        (Actor::Operator, By::Server, false),
        (Actor::System, By::Nobody, true),
    ] {
        let event = event(actor);
        assert_eq!(by(&event, id(1)), expected);
        assert_eq!(client_to_tell(&event, expected).is_some(), where_, "{expected}");
    }
}

#[test]
fn attempts_grow_to_a_day_and_end() {
    let waits: Vec<Span> = (1..=20).map_while(next_attempt).collect();
    assert!(waits.is_sorted());
    assert_eq!(waits.len(), 9, "ten attempts");
    assert_eq!(waits.last(), Some(&Span::from_hours(24)));
    let all: i64 = waits.iter().map(|wait| wait.secs()).sum();
    assert!(all > 2 * 86_400, "a weekend's outage loses nothing");
}
