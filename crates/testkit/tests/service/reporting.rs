//! "This wasn't me": what can be done about each kind of entry, with what it is confirmed, and freezing.

use account::action::Action;
use account::audit::{EventId, EventKind};
use account::history::Remedy;
use account::passkey::Binding;
use account::role::Role;
use authenticator::{Authenticator, Settings};
use primitives::time::Span;
use report_entry::Mine;
use service::CeremonyError;
use service::manage_passkeys::Reason;
use service::read_history::{self, Show};
use service::report_entry::{self, Outcome, ReportError, Reported};
use service::sign_in_password::{self, FirstStep, PasswordError};
use service::{housekeeping, recover_with_code};
use testkit::armed::{Arms, PASSWORD, with_passwords};
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

/// Ana with two passkeys, signed in with the first; the second was used last elsewhere.
async fn with_two(test: &TestContext) -> (Visitor<'_>, account::passkey::Passkey, Authenticator) {
    let mut ana = Visitor::new(test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let (second, first) = ana.add_another(Settings::security_key()).await;
    let other = std::mem::replace(&mut ana.authenticator, first);
    (ana, second, other)
}

async fn newest(ana: &Visitor<'_>, test: &TestContext, of: impl Fn(&EventKind) -> bool) -> EventId {
    let who = ana.who().await;
    let page = read_history::list(&test.cx, test.now(), &who, Show::All, 90, None).await.unwrap();
    page.entries.into_iter().find(|entry| of(&entry.event.kind)).unwrap().event.id
}

async fn report(
    ana: &Visitor<'_>,
    test: &TestContext,
    id: EventId,
    chosen: &[Remedy],
) -> Result<Reported, ReportError> {
    report_entry::report(&test.cx, &mut ana.caller(), &ana.who().await, id, chosen.to_vec()).await
}

async fn offered(ana: &Visitor<'_>, test: &TestContext, id: EventId) -> (Vec<Remedy>, bool) {
    let offer = report_entry::offer(&test.cx, test.now(), &ana.who().await, id).await.unwrap();
    (offer.remedies.into_iter().map(|(remedy, _)| remedy).collect(), offer.only_suspicious)
}

#[tokio::test]
async fn a_sign_in_with_a_passkey_is_undone_with_another_one() {
    let test = TestContext::sqlite().await;
    let (mut ana, second, other) = with_two(&test).await;
    let mut thief = Visitor::new(&test, "thief");
    thief.authenticator = other;
    test.advance(Span::from_secs(1));
    thief.sign_in().await.unwrap();
    let of_second =
        |kind: &EventKind| matches!(kind, EventKind::SignedIn { passkey, .. } if *passkey == second.id);
    let id = newest(&ana, &test, of_second).await;
    let remedies = [Remedy::EndItsSessions, Remedy::RemovePasskey];
    assert_eq!(offered(&ana, &test, id).await, (remedies.to_vec(), false));
    assert_eq!(report(&ana, &test, id, &remedies).await.unwrap_err().code(), "confirm_needed");
    let not_offered = report(&ana, &test, id, &[Remedy::TurnOffPassword]).await.unwrap_err();
    assert_eq!(not_offered.code(), "not_offered");
    ana.confirm(Action::ReportEntry(id)).await.unwrap();
    let reported = report(&ana, &test, id, &remedies).await.unwrap();
    assert_eq!(
        reported.outcomes,
        [(Remedy::EndItsSessions, Outcome::Done), (Remedy::RemovePasskey, Outcome::Done)]
    );
    assert!(!reported.frozen && !reported.reference.is_empty());
    assert!(thief.who_is_it().await.is_none());
    assert_eq!(ana.passkeys().await.len(), 1);
    for kind in ["entry_reported", "other_sessions_revoked", "passkey_removed"] {
        assert_eq!(test.count_events(kind).await, 1, "{kind}");
    }
    assert_eq!(report(&ana, &test, id, &[]).await.unwrap_err().code(), "already_reported");
    let who = ana.who().await;
    let entry = read_history::entry(&test.cx, test.now(), &who, id).await.unwrap().unwrap();
    assert_eq!(entry.reported.unwrap().reference, reported.reference);
}

#[tokio::test]
async fn the_suspicious_passkey_is_not_asked_for_and_does_not_confirm() {
    let test = TestContext::sqlite().await;
    let (mut ana, second, other) = with_two(&test).await;
    let added =
        |kind: &EventKind| matches!(kind, EventKind::PasskeyAdded { passkey, .. } if *passkey == second.id);
    let id = newest(&ana, &test, added).await;
    let first = std::mem::replace(&mut ana.authenticator, other);
    let who = ana.who().await;
    let started =
        service::confirm::begin(&test.cx, &mut ana.caller(), &who, Action::ReportEntry(id)).await.unwrap();
    let allowed = started.options["allowCredentials"].as_array().unwrap();
    assert_eq!(allowed.len(), 1, "{allowed:?}");
    // A client that asks for it all the same.
    let mut options = started.options.clone();
    options["allowCredentials"] = serde_json::json!([]);
    let response = ana.get(&options);
    let refused =
        service::confirm::finish(&test.cx, &mut ana.caller(), &who, &started.state, &response).await;
    assert!(matches!(refused, Err(CeremonyError::OtherPasskey(id)) if id == second.id), "{refused:?}");
    // The confirmation of another report, with the passkey in question, is none of this one.
    let sign_in = newest(&ana, &test, |kind| matches!(kind, EventKind::PassRedeemed { .. })).await;
    ana.confirm(Action::ReportEntry(sign_in)).await.unwrap();
    let refused = report(&ana, &test, id, &[Remedy::RemovePasskey]).await.unwrap_err();
    assert_eq!(refused, ReportError::ConfirmNeeded);
    ana.authenticator = first;
    // A confirmation is what was proven at its moment.
    test.advance(Span::from_secs(1));
    ana.confirm(Action::ReportEntry(id)).await.unwrap();
    report(&ana, &test, id, &[Remedy::RemovePasskey]).await.unwrap();
}

#[tokio::test]
async fn the_only_method_signs_out_and_freezes_and_a_pass_lifts_it() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    let passkey = ana.passkeys().await.remove(0);
    let mut elsewhere = Visitor::new(&test, "elsewhere");
    std::mem::swap(&mut elsewhere.authenticator, &mut ana.authenticator);
    test.advance(Span::from_secs(1));
    elsewhere.sign_in().await.unwrap();
    std::mem::swap(&mut elsewhere.authenticator, &mut ana.authenticator);
    let id = newest(&ana, &test, |kind| matches!(kind, EventKind::SignedIn { .. })).await;
    let remedies = [Remedy::SignOutElsewhere, Remedy::Freeze];
    assert_eq!(offered(&ana, &test, id).await, (remedies.to_vec(), true));
    let who = ana.who().await;
    let unconfirmed = report(&ana, &test, id, &remedies).await.unwrap_err();
    assert_eq!(unconfirmed, ReportError::ConfirmNeeded, "a cookie alone freezes nobody out");
    assert!(ana.who_is_it().await.is_some() && who.user.is_enabled());
    ana.confirm(Action::ReportEntry(id)).await.unwrap();
    let reported = report(&ana, &test, id, &remedies).await.unwrap();
    assert!(reported.frozen);
    assert!(ana.who_is_it().await.is_none() && elsewhere.who_is_it().await.is_none());
    assert_eq!(ana.sign_in().await.unwrap_err(), CeremonyError::DisabledCredential);
    let account = service::administer_users::show(&test.cx, ANA).await.unwrap();
    assert!(account.user.is_enabled(), "the account itself stays");

    let pass = test.issue(&user).await;
    ana.redeem(ANA, &pass).await.unwrap();
    let who = ana.who().await;
    let frozen = report_entry::frozen(&test.cx, &who).await.unwrap();
    assert_eq!(frozen.passkeys.iter().map(|passkey| passkey.id).collect::<Vec<_>>(), [passkey.id]);
    assert!(!frozen.password, "there was none");
    let mine = Mine { passkeys: vec![passkey.id], password: true };
    let lifted = report_entry::lift(&test.cx, &mut ana.caller(), &who, mine).await.unwrap();
    assert_eq!((lifted.passkeys.len(), lifted.password), (1, false));
    assert_eq!(test.count_events("passkey_enabled").await, 1);
    ana.sign_in().await.unwrap();
    let refused = report_entry::lift(&test.cx, &mut ana.caller(), &ana.who().await, Mine::default()).await;
    assert_eq!(refused.unwrap_err().code(), "onboarding_session", "only whoever came in by a pass");
}

async fn type_password(test: &TestContext) -> Result<FirstStep, PasswordError> {
    sign_in_password::begin(&test.cx, &mut test.caller("desk"), ANA, PASSWORD).await
}

#[tokio::test]
async fn frozen_nothing_signs_in_and_only_a_later_pass_gives_back_what_there_was() {
    let test = TestContext::sqlite_with(Variation { policy: with_passwords(), ..Variation::default() }).await;
    let passkey = Some(Binding::TemporaryPass);
    let arms = Arms { passkey, password: true, codes: true, recovery: true, ..Arms::default() };
    let armed = test.arm(ANA, arms).await;
    let old = test.issue(&armed.user).await;
    let mut by_old = Visitor::new(&test, "by the old pass");
    by_old.redeem(ANA, &old).await.unwrap();
    let mut ana = Visitor::new(&test, "laptop");
    ana.authenticator = armed.authenticator;
    test.advance(Span::from_secs(1));
    ana.sign_in().await.unwrap();
    let id = newest(&ana, &test, |kind| matches!(kind, EventKind::SignedIn { .. })).await;
    test.advance(Span::from_secs(1));
    ana.confirm(Action::ReportEntry(id)).await.unwrap();
    assert!(report(&ana, &test, id, &[Remedy::Freeze]).await.unwrap().frozen);

    assert!(by_old.who_is_it().await.is_none());
    assert_eq!(by_old.redeem(ANA, &old).await.unwrap_err().code(), "pass_revoked");
    let code = armed.recovery[0].reveal();
    let recovered = recover_with_code::redeem(&test.cx, &mut test.caller("thief"), ANA, code).await;
    assert_eq!(recovered.unwrap_err().code(), "code_wrong");
    assert!(type_password(&test).await.is_err());
    assert_eq!(test.count_events("pass_revoked").await, 1);

    let new = test.issue(&armed.user).await;
    let mut by_new = Visitor::new(&test, "by the new pass");
    by_new.redeem(ANA, &new).await.unwrap();
    let who = by_new.who().await;
    let frozen = report_entry::frozen(&test.cx, &who).await.unwrap();
    assert_eq!((frozen.passkeys.len(), frozen.password), (1, true));
    let mine = Mine { passkeys: vec![frozen.passkeys[0].id], password: true };
    let lifted = report_entry::lift(&test.cx, &mut by_new.caller(), &who, mine).await.unwrap();
    assert_eq!(lifted.passkeys[0].id, frozen.passkeys[0].id);
    assert!(lifted.password);
    assert!(report_entry::frozen(&test.cx, &who).await.unwrap().is_empty());
    assert!(matches!(type_password(&test).await, Ok(FirstStep::UsePasskey)), "the old password is right");
    ana.sign_in().await.unwrap();
}

#[tokio::test]
async fn the_only_administrator_is_not_frozen() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::Administrator).await;
    test.advance(Span::from_secs(1));
    ana.sign_in().await.unwrap();
    let id = newest(&ana, &test, |kind| matches!(kind, EventKind::SignedIn { .. })).await;
    // Whoever has no passkey administers nothing.
    test.add_user("new@example.com", Role::Administrator).await;
    assert_eq!(offered(&ana, &test, id).await, (vec![Remedy::SignOutElsewhere], true));
    ana.confirm(Action::ReportEntry(id)).await.unwrap();
    let refused = report(&ana, &test, id, &[Remedy::Freeze]).await.unwrap_err();
    assert_eq!(refused.code(), "not_offered");
    let mut other = Visitor::new(&test, "other");
    other.onboard("other@example.com", Role::Administrator).await;
    assert!(report(&ana, &test, id, &[Remedy::Freeze]).await.unwrap().frozen);
}

#[tokio::test]
async fn reports_are_forgotten_after_400_days() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let id = newest(&ana, &test, |kind| matches!(kind, EventKind::SignedIn { .. })).await;
    report(&ana, &test, id, &[]).await.unwrap();
    test.advance(Span::from_days(399));
    assert_eq!(housekeeping::sweep(&test.cx).await.unwrap().reported_entries, 0);
    test.advance(Span::from_days(2));
    assert_eq!(housekeeping::sweep(&test.cx).await.unwrap().reported_entries, 1);
}

#[tokio::test]
async fn what_cannot_be_done_is_told_and_keeps_nothing_else_from_being_done() {
    let test = TestContext::sqlite().await;
    let (mut ana, second, other) = with_two(&test).await;
    let mut thief = Visitor::new(&test, "thief");
    thief.authenticator = other;
    test.advance(Span::from_secs(1));
    thief.sign_in().await.unwrap();
    let of_second =
        |kind: &EventKind| matches!(kind, EventKind::SignedIn { passkey, .. } if *passkey == second.id);
    let id = newest(&ana, &test, of_second).await;
    ana.confirm(Action::ReportEntry(id)).await.unwrap();
    // Meanwhile the passkey that confirmed is disabled: the other one became the last.
    let user = ana.who().await.user.id;
    test.cx
        .db
        .write(move |tx| {
            for passkey in store::passkeys::of_user(tx, user)? {
                if passkey.id != second.id {
                    store::passkeys::set_status(tx, &passkey, account::passkey::PasskeyStatus::Disabled)?;
                }
            }
            Ok::<_, store::StoreError>(())
        })
        .await
        .unwrap();
    let chosen = [Remedy::SignOutElsewhere];
    assert_eq!(report(&ana, &test, id, &[Remedy::RemovePasskey]).await.unwrap_err().code(), "not_offered");
    let reported = report(&ana, &test, id, &chosen).await.unwrap();
    assert_eq!(reported.outcomes, [(Remedy::SignOutElsewhere, Outcome::Done)]);
    assert!(thief.who_is_it().await.is_none());
    assert_eq!(ana.passkeys().await.len(), 2, "never below one method");
}

#[tokio::test]
async fn a_used_pass_is_revoked_and_its_session_ends() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut thief = Visitor::new(&test, "thief");
    test.advance(Span::from_secs(1));
    thief.redeem(ANA, &pass).await.unwrap();
    let id = newest(&ana, &test, |kind| matches!(kind, EventKind::PassRedeemed { .. })).await;
    let remedies = [Remedy::EndItsSessions, Remedy::RevokePass];
    assert_eq!(offered(&ana, &test, id).await, (remedies.to_vec(), false));
    ana.confirm(Action::ReportEntry(id)).await.unwrap();
    let reported = report(&ana, &test, id, &remedies).await.unwrap();
    assert!(reported.outcomes.iter().all(|(_, outcome)| *outcome == Outcome::Done));
    assert!(thief.who_is_it().await.is_none());
    assert_eq!(thief.redeem(ANA, &pass).await.unwrap_err().code(), "pass_revoked");
}

#[tokio::test]
async fn nobody_reports_what_is_old_anothers_or_from_less_than_a_full_session() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    ana.remove(ana.passkeys().await[0].id, Reason::Lost).await.unwrap_err();
    let id = newest(&ana, &test, |kind| matches!(kind, EventKind::SignedIn { .. })).await;
    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;
    assert_eq!(report(&eve, &test, id, &[]).await.unwrap_err().code(), "not_found");
    let pass = test.issue(&user).await;
    let mut starter = Visitor::new(&test, "starter");
    starter.redeem(ANA, &pass).await.unwrap();
    assert_eq!(report(&starter, &test, id, &[]).await.unwrap_err().code(), "onboarding_session");
    let stale = ana.who().await;
    test.advance(Span::from_days(91));
    let ended = report_entry::report(&test.cx, &mut ana.caller(), &stale, id, Vec::new()).await;
    assert_eq!(ended.unwrap_err().code(), "session_ended");
    ana.sign_in().await.unwrap();
    assert_eq!(report(&ana, &test, id, &[]).await.unwrap_err().code(), "entry_too_old");
}

#[test]
fn every_refusal_has_its_code() {
    assert_eq!(ReportError::SuspiciousMethod.code(), "suspicious_method");
    assert_eq!(ReportError::Store(store::StoreError::Contention).code(), "unknown");
    let outcomes = [Outcome::Done, Outcome::AlreadyDone, Outcome::LastMethod].map(Outcome::code);
    assert_eq!(outcomes, ["done", "already-done", "last-method"]);
}
