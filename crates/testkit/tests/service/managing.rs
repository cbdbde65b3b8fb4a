//! Renaming, removing and trying passkeys; the own pass.

use account::action::Action;
use account::methods::RemoveVerdict;
use account::role::Role;
use authenticator::Settings;
use primitives::time::Span;
use service::manage_passkeys::{self, ManagePasskeysError, Reason};
use service::{CeremonyError, sign_in};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

async fn with_two(test: &TestContext) -> (Visitor<'_>, account::passkey::Passkey, account::passkey::Passkey) {
    let mut ana = Visitor::new(test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let (second, before) = ana.add_another(Settings::security_key()).await;
    ana.authenticator = before;
    let first = ana.passkeys().await.remove(0);
    (ana, first, second)
}

#[tokio::test]
async fn a_passkey_is_renamed_by_its_owner_only() {
    let test = TestContext::sqlite().await;
    let (ana, first, _) = with_two(&test).await;
    let rename = manage_passkeys::rename;
    let who = ana.who().await;
    let renamed = rename(&test.cx, &mut ana.caller(), &who, first.id, "  My laptop ").await.unwrap();
    assert_eq!(renamed.name, "My laptop");
    let error = rename(&test.cx, &mut ana.caller(), &who, first.id, "").await.unwrap_err();
    assert_eq!(error.code(), "name_empty");
    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;
    let error = rename(&test.cx, &mut eve.caller(), &eve.who().await, first.id, "Mine").await.unwrap_err();
    assert_eq!(error, ManagePasskeysError::NotFound);
    assert_eq!(test.count_events("passkey_renamed").await, 1);
}

#[tokio::test]
async fn removing_needs_a_confirmation_of_that_removal() {
    let test = TestContext::sqlite().await;
    let (mut ana, first, second) = with_two(&test).await;
    assert_eq!(ana.remove(second.id, Reason::Unused).await.unwrap_err().code(), "confirm_needed");
    ana.confirm(Action::RemovePasskey(first.id)).await.unwrap();
    assert_eq!(ana.remove(second.id, Reason::Unused).await.unwrap_err(), ManagePasskeysError::ConfirmNeeded);
    ana.confirm(Action::RemovePasskey(second.id)).await.unwrap();
    test.advance(Span::from_minutes(5));
    assert_eq!(ana.remove(second.id, Reason::Unused).await.unwrap_err(), ManagePasskeysError::ConfirmNeeded);
    ana.confirm(Action::RemovePasskey(second.id)).await.unwrap();
    let removed = ana.remove(second.id, Reason::Unused).await.unwrap();
    assert_eq!(removed.passkey.id, second.id);
    assert_eq!(removed.remaining.iter().map(|passkey| passkey.id).collect::<Vec<_>>(), [first.id]);
    let error = ana.remove(second.id, Reason::Unused).await.unwrap_err();
    assert_eq!(error, ManagePasskeysError::NotFound);
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let only = ana.passkeys().await.remove(0);
    let verdict = manage_passkeys::remove_verdict(&test.cx, &ana.who().await, only.id).await.unwrap();
    assert_eq!(verdict, RemoveVerdict::LastMethod);
    ana.confirm(Action::RemovePasskey(only.id)).await.unwrap();
    assert_eq!(ana.remove(only.id, Reason::Lost).await.unwrap_err().code(), "last_method");
    assert_eq!(ana.passkeys().await.len(), 1);
}

#[tokio::test]
async fn the_sessions_of_a_removed_passkey_end_but_not_the_one_that_asks() {
    let test = TestContext::sqlite().await;
    let (mut ana, first, second) = with_two(&test).await;
    let mut elsewhere = Visitor::new(&test, "elsewhere");
    std::mem::swap(&mut elsewhere.authenticator, &mut ana.authenticator);
    elsewhere.sign_in().await.unwrap();
    std::mem::swap(&mut elsewhere.authenticator, &mut ana.authenticator);
    ana.confirm(Action::RemovePasskey(first.id)).await.unwrap();
    let removed = ana.remove(first.id, Reason::Unused).await.unwrap();
    assert_eq!((removed.sessions_ended, removed.signed_out), (1, false));
    assert!(ana.who_is_it().await.is_some(), "you stay signed in here");
    assert!(elsewhere.who_is_it().await.is_none());
    assert_eq!(ana.sign_in().await.unwrap_err(), CeremonyError::UnknownCredential);
    assert_eq!(ana.passkeys().await[0].id, second.id);
}

#[tokio::test]
async fn a_lost_passkey_takes_its_own_session_along() {
    let test = TestContext::sqlite().await;
    let (mut ana, first, _) = with_two(&test).await;
    ana.confirm(Action::RemovePasskey(first.id)).await.unwrap();
    let removed = ana.remove(first.id, Reason::Lost).await.unwrap();
    assert!(removed.signed_out);
    assert!(ana.who_is_it().await.is_none());
}

#[tokio::test]
async fn an_onboarding_session_removes_nothing_and_names_only_what_it_registered() {
    let test = TestContext::sqlite().await;
    let (ana, first, _) = with_two(&test).await;
    let user = ana.who().await.user;
    test.advance(Span::from_minutes(1));
    let pass = test.issue_once(&user).await;
    let mut again = Visitor::new(&test, "new laptop");
    again.redeem(ANA, &pass).await.unwrap();
    assert_eq!(again.remove(first.id, Reason::Lost).await.unwrap_err().code(), "onboarding_session");
    let who = again.who().await;
    let rename = manage_passkeys::rename;
    let error = rename(&test.cx, &mut again.caller(), &who, first.id, "Mine").await.unwrap_err();
    assert_eq!(error, ManagePasskeysError::Onboarding);
    let new = again.register().await.unwrap();
    rename(&test.cx, &mut again.caller(), &who, new.id, "New laptop").await.unwrap();
}

#[tokio::test]
async fn a_try_from_an_onboarding_session_is_a_sign_in() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.redeem(ANA, &pass).await.unwrap();
    let onboarding = ana.token.clone();
    let passkey = ana.register().await.unwrap();
    let tried = ana.try_passkey(passkey.id).await.unwrap();
    assert!(tried.passkey.tried);
    let full = tried.signed_in.unwrap();
    assert!(!full.session.is_onboarding());
    assert_eq!(full.session.ends, test.now() + Span::from_hours(12));
    ana.token = onboarding;
    assert!(ana.who_is_it().await.is_none(), "the session of the pass has ended");
    ana.token = Some(full.token);
    assert!(ana.who_is_it().await.is_some());
    let kinds: Vec<&str> = test.events().await.iter().map(|kind| kind.name()).collect();
    let expected =
        ["user_added", "pass_issued", "pass_redeemed", "passkey_added", "passkey_tried", "signed_in"];
    assert_eq!(kinds.len(), expected.len());
    assert!(expected.iter().all(|name| kinds.contains(name)), "{kinds:?}");
}

#[tokio::test]
async fn a_try_from_a_full_session_changes_no_session() {
    let test = TestContext::sqlite().await;
    let (mut ana, first, _) = with_two(&test).await;
    let before = ana.who().await.session.id;
    assert!(ana.try_passkey(first.id).await.unwrap().signed_in.is_none());
    assert_eq!(ana.who().await.session.id, before);
}

#[tokio::test]
async fn trying_with_another_passkey_counts_as_not_tried() {
    let test = TestContext::sqlite().await;
    let (mut ana, first, second) = with_two(&test).await;
    let who = ana.who().await;
    let begun = manage_passkeys::try_begin(&test.cx, &mut ana.caller(), &who, second.id).await.unwrap();
    let mut options = begun.options.clone();
    options["allowCredentials"] = serde_json::json!([]);
    let response = ana.get(&options);
    let finish = manage_passkeys::try_finish;
    let error = finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await.unwrap_err();
    assert_eq!(error, CeremonyError::OtherPasskey(first.id));
    assert_eq!(error.code(), "other_passkey");
    assert!(!ana.passkeys().await[1].tried);

    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;
    let response = eve.get(&options);
    let error = finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await.unwrap_err();
    assert_eq!(error.code(), "wrong_account");
    let begun = sign_in::begin(&test.cx, &mut ana.caller());
    let error = finish(&test.cx, &mut ana.caller(), &who, &begun.state, &response).await.unwrap_err();
    assert_eq!(error, CeremonyError::Seal);
}

#[tokio::test]
async fn the_own_pass_is_shown_and_deleted() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.redeem(ANA, &pass).await.unwrap();
    let who = ana.who().await;
    let token = ana.token.clone().unwrap();
    let (_, methods) = manage_passkeys::methods(&test.cx, test.now(), &token).await.unwrap().unwrap();
    assert_eq!(methods.pass.unwrap().1.code(), "pass_usable");
    manage_passkeys::delete_pass(&test.cx, &mut ana.caller(), &who).await.unwrap();
    assert!(ana.who_is_it().await.is_none());
    assert!(manage_passkeys::methods(&test.cx, test.now(), &token).await.unwrap().is_none());
    assert_eq!(ana.redeem(ANA, &pass).await.unwrap_err().code(), "pass_revoked");
}
