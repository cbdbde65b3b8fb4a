//! "This wasn't me": what can be done about each kind of entry, with what it is confirmed, and freezing.

use account::action::Action;
use account::audit::{EventId, EventKind};
use account::history::Remedy;
use account::role::Role;
use authenticator::{Authenticator, Settings};
use primitives::time::Span;
use service::CeremonyError;
use service::manage_passkeys::Reason;
use service::read_history::{self, Show};
use service::report_entry::{self, Outcome, ReportError, Reported};
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
    let begun = service::confirm::begin(&test.cx, &mut ana.caller(), &who, Action::ReportEntry(id)).await;
    assert_eq!(begun.unwrap_err(), CeremonyError::NotFound, "there is nothing to confirm with");
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
    assert_eq!(frozen.iter().map(|passkey| passkey.id).collect::<Vec<_>>(), [passkey.id]);
    let lifted = report_entry::lift(&test.cx, &mut ana.caller(), &who, vec![passkey.id]).await;
    assert_eq!(lifted, Ok(1));
    assert_eq!(test.count_events("passkey_enabled").await, 1);
    ana.sign_in().await.unwrap();
    let refused = report_entry::lift(&test.cx, &mut ana.caller(), &ana.who().await, Vec::new()).await;
    assert_eq!(refused.unwrap_err().code(), "onboarding_session", "only whoever came in by a pass");
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
