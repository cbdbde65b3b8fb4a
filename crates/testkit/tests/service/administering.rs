//! Accounts, roles and passes, by the operator and by people.

use account::action::Action;
use account::audit::Actor;
use account::role::Role;
use account::temporary_pass::{PassState, Wish};
use account::user::User;
use primitives::time::Span;
use service::administer_users::{AdministerError, NewUser};
use service::{Authority, Unauthorised, administer_passes, administer_users};
use testkit::{TestContext, Visitor};

fn wish() -> Wish {
    Wish { reason: "lost the phone".to_owned(), ..Wish::default() }
}

/// Issues a pass by authority of whoever is signed in there, after confirming it.
async fn issue_as(
    test: &TestContext,
    issuer: &mut Visitor<'_>,
    target: &User,
    wish: Wish,
) -> Result<administer_passes::Issued, AdministerError> {
    issuer.confirm(Action::IssuePass(target.id)).await.unwrap();
    let who = issuer.who().await;
    let authority = Authority::Person(&who);
    administer_passes::issue(&test.cx, &mut issuer.caller(), authority, target.id, wish).await
}

#[tokio::test]
async fn nobody_issues_for_himself_or_upwards() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("user@example.com", Role::User).await;
    let administrator = test.add_user("admin@example.com", Role::Administrator).await;
    let mut helpdesk = Visitor::new(&test, "helpdesk");
    let himself = helpdesk.onboard("help@example.com", Role::Helpdesk).await;
    let issued = issue_as(&test, &mut helpdesk, &user, wish()).await.unwrap();
    assert_eq!(issued.pass.issuer, Actor::User(himself.id));
    assert_eq!(issued.pass.reason, "lost the phone");
    let refused = |result: Result<administer_passes::Issued, AdministerError>| result.unwrap_err().code();
    assert_eq!(refused(issue_as(&test, &mut helpdesk, &administrator, wish()).await), "role_too_low");
    assert_eq!(refused(issue_as(&test, &mut helpdesk, &himself, wish()).await), "not_for_oneself");
    assert_eq!(refused(issue_as(&test, &mut helpdesk, &user, Wish::default()).await), "reason_missing");

    let mut plain = Visitor::new(&test, "plain");
    plain.onboard("plain@example.com", Role::User).await;
    assert_eq!(refused(issue_as(&test, &mut plain, &user, wish()).await), "role_too_low");
}

#[tokio::test]
async fn a_person_confirms_that_very_pass_each_time() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("user@example.com", Role::User).await;
    let other = test.add_user("other@example.com", Role::User).await;
    let mut helpdesk = Visitor::new(&test, "helpdesk");
    helpdesk.onboard("help@example.com", Role::Helpdesk).await;
    issue_as(&test, &mut helpdesk, &user, wish()).await.unwrap();
    let who = helpdesk.who().await;
    let issue = administer_passes::issue;
    let again = issue(&test.cx, &mut helpdesk.caller(), Authority::Person(&who), user.id, wish()).await;
    assert_eq!(again.unwrap_err(), AdministerError::Unauthorised(Unauthorised::ConfirmNeeded));
    helpdesk.confirm(Action::IssuePass(other.id)).await.unwrap();
    let who = helpdesk.who().await;
    let wrong = issue(&test.cx, &mut helpdesk.caller(), Authority::Person(&who), user.id, wish()).await;
    assert_eq!(wrong.unwrap_err().code(), "confirm_needed");
    service::sign_out::sign_out(&test.cx, &mut helpdesk.caller(), &who).await.unwrap();
    let gone = issue(&test.cx, &mut helpdesk.caller(), Authority::Person(&who), other.id, wish()).await;
    assert_eq!(gone.unwrap_err().code(), "session_ended");
}

#[tokio::test]
async fn an_onboarding_session_administers_nothing() {
    let test = TestContext::sqlite().await;
    let administrator = test.add_user("admin@example.com", Role::Administrator).await;
    let user = test.add_user("user@example.com", Role::User).await;
    let pass = test.issue(&administrator).await;
    let mut admin = Visitor::new(&test, "admin");
    admin.redeem("admin@example.com", &pass).await.unwrap();
    let who = admin.who().await;
    let authority = Authority::Person(&who);
    let issued = administer_passes::issue(&test.cx, &mut admin.caller(), authority, user.id, wish()).await;
    assert_eq!(issued.unwrap_err().code(), "stronger_evidence_needed");
}

#[tokio::test]
async fn a_new_pass_takes_the_place_of_the_old() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("user@example.com", Role::User).await;
    for _ in 0..20 {
        let before = administer_passes::current(&test.cx, user.id).await.unwrap();
        test.issue(&user).await;
        let after = administer_passes::current(&test.cx, user.id).await.unwrap().unwrap();
        assert!(before.is_none_or(|before| before.id < after.id), "also within one millisecond");
    }
    let all = administer_passes::list(&test.cx, None, 100).await.unwrap();
    assert_eq!(all.len(), 20);
    assert!(all[1..].iter().all(|pass| pass.state == PassState::Revoked { at: test.now() }));
    let revoke = administer_passes::revoke;
    revoke(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    let again = revoke(&test.cx, &mut test.operator(), Authority::Operator, user.id).await;
    assert_eq!(again.unwrap_err(), AdministerError::NotFound);
}

#[tokio::test]
async fn the_operator_is_bound_by_policy_and_disabled_accounts() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("user@example.com", Role::User).await;
    let issue = administer_passes::issue;
    let short = Wish { lifetime: Some(Span::from_minutes(9)), ..Wish::default() };
    let refused = issue(&test.cx, &mut test.operator(), Authority::Operator, user.id, short).await;
    assert_eq!(refused.unwrap_err().code(), "lifetime_too_short");
    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    let refused = issue(&test.cx, &mut test.operator(), Authority::Operator, user.id, wish()).await;
    assert_eq!(refused.unwrap_err().code(), "disabled_user");
}

#[tokio::test]
async fn a_login_is_one_account_whatever_its_spelling() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("Ana@Example.com", Role::User).await;
    assert_eq!(user.email.as_deref(), Some("Ana@Example.com"));
    let new =
        NewUser { login: "ＡＮＡ@example.com".to_owned(), name: "Ana".to_owned(), ..NewUser::default() };
    let add = administer_users::add;
    let taken = add(&test.cx, &mut test.operator(), Authority::Operator, new).await.unwrap_err();
    assert_eq!(taken.code(), "login_taken");
    let shown = administer_users::show(&test.cx, " ana@example.COM ").await.unwrap();
    assert_eq!(shown.user, user);
    let missing = administer_users::show(&test.cx, "nobody").await.unwrap_err();
    assert_eq!(missing, AdministerError::NotFound);
}

#[tokio::test]
async fn disabling_ends_everything_that_was_granted() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana@example.com", Role::User).await;
    let pass = test.issue(&user).await;
    let disabled = administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, user.id)
        .await
        .unwrap();
    assert_eq!(disabled.security_epoch, user.security_epoch + 1);
    assert!(ana.who_is_it().await.is_none());
    administer_users::enable(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    assert!(ana.who_is_it().await.is_none(), "what ended stays ended");
    assert_eq!(ana.redeem("ana@example.com", &pass).await.unwrap_err().code(), "pass_revoked");
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let test = TestContext::sqlite().await;
    let first = test.add_user("first@example.com", Role::Administrator).await;
    let second = test.add_user("second@example.com", Role::Administrator).await;
    let set_role = administer_users::set_role;
    set_role(&test.cx, &mut test.operator(), Authority::Operator, second.id, Role::User).await.unwrap();
    let refused = set_role(&test.cx, &mut test.operator(), Authority::Operator, first.id, Role::User).await;
    assert_eq!(refused.unwrap_err().code(), "last_administrator");
    let refused =
        administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, first.id).await;
    assert_eq!(refused.unwrap_err(), AdministerError::LastAdministrator);
}

#[tokio::test]
async fn only_administrators_change_roles_and_never_their_own() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("user@example.com", Role::User).await;
    let mut helpdesk = Visitor::new(&test, "helpdesk");
    helpdesk.onboard("help@example.com", Role::Helpdesk).await;
    let mut administrator = Visitor::new(&test, "admin");
    let himself = administrator.onboard("admin@example.com", Role::Administrator).await;
    for (by_helpdesk, target, expected) in [
        (true, &user, Err("role_too_low")),
        (false, &himself, Err("not_for_oneself")),
        (false, &user, Ok(Role::Helpdesk)),
    ] {
        let visitor = if by_helpdesk { &mut helpdesk } else { &mut administrator };
        visitor.confirm(Action::SetRole(target.id, Role::Helpdesk)).await.unwrap();
        let (who, mut caller) = (visitor.who().await, visitor.caller());
        let authority = Authority::Person(&who);
        let changed =
            administer_users::set_role(&test.cx, &mut caller, authority, target.id, Role::Helpdesk).await;
        assert_eq!(changed.map(|user| user.role).map_err(|error| error.code()), expected);
    }
}

#[tokio::test]
async fn who_rises_leaves_the_pass_behind() {
    let test = TestContext::sqlite().await;
    let mut helpdesk = Visitor::new(&test, "helpdesk");
    helpdesk.onboard("help@example.com", Role::Helpdesk).await;
    let user = test.add_user("user@example.com", Role::User).await;
    let issued = issue_as(&test, &mut helpdesk, &user, wish()).await.unwrap();
    let mut early = Visitor::new(&test, "early");
    early.redeem("user@example.com", &issued.value).await.unwrap();
    let set_role = administer_users::set_role;
    set_role(&test.cx, &mut test.operator(), Authority::Operator, user.id, Role::Administrator)
        .await
        .unwrap();
    assert!(early.who_is_it().await.is_none(), "the session that it opened ends");
    let late = Visitor::new(&test, "late").redeem("user@example.com", &issued.value).await.unwrap_err();
    assert_eq!(late.code(), "pass_revoked");

    // The operator issues for whatever role: that pass rises along.
    let other = test.add_user("other@example.com", Role::User).await;
    let pass = test.issue(&other).await;
    set_role(&test.cx, &mut test.operator(), Authority::Operator, other.id, Role::Helpdesk).await.unwrap();
    Visitor::new(&test, "other").redeem("other@example.com", &pass).await.unwrap();
}

#[tokio::test]
async fn what_was_confirmed_is_not_swapped_for_something_else() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("user@example.com", Role::User).await;
    test.issue(&user).await;
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::Administrator).await;
    let needed = |error: AdministerError| assert_eq!(error.code(), "confirm_needed");
    for confirmed in [
        Action::DisableUser(user.id),
        Action::SetRole(user.id, Role::Helpdesk),
        Action::RevokePass(user.id),
        Action::AddPasskey,
    ] {
        admin.confirm(confirmed).await.unwrap();
        let who = admin.who().await;
        let by = Authority::Person(&who);
        let mut caller = admin.caller();
        let rise = administer_users::set_role(&test.cx, &mut caller, by, user.id, Role::Administrator).await;
        needed(rise.unwrap_err());
        needed(administer_users::enable(&test.cx, &mut caller, by, user.id).await.unwrap_err());
        needed(administer_passes::issue(&test.cx, &mut caller, by, user.id, wish()).await.unwrap_err());
    }
    admin.confirm(Action::DisableUser(user.id)).await.unwrap();
    let who = admin.who().await;
    let by = Authority::Person(&who);
    administer_users::disable(&test.cx, &mut admin.caller(), by, user.id).await.unwrap();
    needed(administer_users::disable(&test.cx, &mut admin.caller(), by, user.id).await.unwrap_err());
}
