//! The first administrator.

use account::role::Role;
use authenticator::Settings;
use primitives::time::Span;
use service::first_run::{self, FIRST_LOGIN, SetUp};
use testkit::{TestContext, Visitor};

#[tokio::test]
async fn the_first_administrator_arises_once_and_sets_up() {
    let test = TestContext::sqlite().await;
    let first = first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().unwrap();
    assert_eq!(first.user.role, Role::Administrator);
    assert!(first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().is_none());

    let mut admin = Visitor::new(&test, "laptop");
    admin.redeem(FIRST_LOGIN, &first.value).await.unwrap();
    let status = async |admin: &Visitor<'_>| first_run::status(&test.cx, &admin.who().await).await.unwrap();
    assert_eq!(status(&admin).await, SetUp::NeedsDetails);
    let complete = first_run::complete;
    let who = admin.who().await;
    let user = complete(&test.cx, &mut admin.caller(), &who, "Ana", "ana@example.com").await.unwrap();
    assert_eq!((user.login.shown(), user.email.as_deref()), ("ana@example.com", Some("ana@example.com")));
    let again = complete(&test.cx, &mut admin.caller(), &who, "Eve", "eve@example.com").await;
    assert_eq!(again.unwrap_err().code(), "not_found");
    assert_eq!(status(&admin).await, SetUp::NeedsPasskeys { have: 0 });
    let passkey = admin.register().await.unwrap();
    admin.try_passkey(passkey.id).await.unwrap();
    assert_eq!(status(&admin).await, SetUp::NeedsPasskeys { have: 1 });
    admin.add_another(Settings::security_key()).await;
    assert_eq!(status(&admin).await, SetUp::Done);
}

#[tokio::test]
async fn an_unused_pass_is_replaced_at_a_later_start_and_the_account_is_the_same() {
    let test = TestContext::sqlite().await;
    let first = first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().unwrap();
    assert!(first.ends <= test.now() + Span::from_hours(24));
    test.advance(Span::from_hours(25));
    let second = first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().unwrap();
    assert_eq!(second.user.id, first.user.id);
    assert_eq!(test.count_events("first_administrator").await, 1);

    let mut admin = Visitor::new(&test, "laptop");
    admin.redeem(FIRST_LOGIN, &second.value).await.unwrap();
    assert!(
        first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().is_none(),
        "somebody is at it"
    );
    test.advance(Span::from_minutes(10));
    let third = first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().unwrap();
    admin.redeem(FIRST_LOGIN, &third.value).await.unwrap();
    let who = admin.who().await;
    let details = async |email| first_run::complete(&test.cx, &mut admin.caller(), &who, "Ana", email).await;
    assert_eq!(details("nobody").await.unwrap_err().code(), "email_form");
    service::sign_out::sign_out(&test.cx, &mut admin.caller(), &who).await.unwrap();
    assert!(
        first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().is_some(),
        "spent on nothing"
    );
}

#[tokio::test]
async fn where_there_is_an_administrator_none_arises() {
    let test = TestContext::sqlite().await;
    test.add_user("admin@example.com", Role::Administrator).await;
    assert!(first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().is_none());
    assert_eq!(test.count_events("first_administrator").await, 0);
}

#[tokio::test]
async fn set_up_is_nobody_elses_business() {
    let test = TestContext::sqlite().await;
    first_run::bootstrap(&test.cx, &mut test.operator()).await.unwrap().unwrap();
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let who = ana.who().await;
    assert_eq!(first_run::status(&test.cx, &who).await.unwrap(), SetUp::NotYours);
    let refused = first_run::complete(&test.cx, &mut ana.caller(), &who, "Ana", "a@example.com").await;
    assert_eq!(refused.unwrap_err().code(), "not_found");
}
