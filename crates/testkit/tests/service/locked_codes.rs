//! What whoever knows a password, a used pass or has a session can do to the tries of a name and of an app.

use account::action::Action;
use account::authenticator_code::MOST_FAILURES;
use account::passkey::Binding;
use account::policy::Policy;
use primitives::time::Span;
use service::confirm;
use service::sign_in_password::{self, FirstStep, PasswordError};
use service::{enrol_phone, redeem_pass, register_passkey, second_step};
use store::authenticator_codes;
use testkit::armed::{Armed, Arms, PASSWORD, with_passwords};
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";
const APP: Arms = Arms {
    passkey: None,
    disabled: false,
    password: true,
    must_change: false,
    codes: true,
    locked: false,
    recovery: false,
};

async fn under(policy: Policy) -> TestContext {
    TestContext::sqlite_with(Variation { policy, ..Variation::default() }).await
}

async fn begin(test: &TestContext, password: &str) -> Result<FirstStep, PasswordError> {
    sign_in_password::begin(&test.cx, &mut test.caller("laptop"), ANA, password).await
}

fn wrong(right: &str) -> &'static str {
    if right == "000000" { "000001" } else { "000000" }
}

async fn failures(test: &TestContext, ana: &Armed) -> u32 {
    let user = ana.user.id;
    let codes = test.cx.db.read(move |tx| authenticator_codes::of_user(tx, user)).await.unwrap();
    codes.unwrap().failures
}

/// A full session of the password and a code.
async fn in_by_code<'t>(test: &'t TestContext, ana: &Armed) -> Visitor<'t> {
    let FirstStep::SecondStep { token, .. } = begin(test, PASSWORD).await.unwrap() else {
        panic!("no second step")
    };
    let typed = ana.code(test.now());
    let mut caller = test.caller("laptop");
    let opened = second_step::finish_code(&test.cx, &mut caller, &token, &typed).await.unwrap();
    let mut visitor = Visitor::new(test, "laptop");
    visitor.token = Some(opened.token);
    visitor
}

#[tokio::test]
async fn locked_codes_leave_no_password_alone_and_are_told_once() {
    let mut policy = with_passwords();
    policy.passwords.terms.alone_registers = true;
    let test = under(policy).await;
    let ana = test.arm(ANA, APP).await;
    let mut counted = 0;
    while counted < MOST_FAILURES {
        test.advance(Span::from_minutes(15));
        let FirstStep::SecondStep { token, .. } = begin(&test, PASSWORD).await.unwrap() else {
            panic!("no second step")
        };
        for _ in 0..9 {
            let typed = wrong(&ana.code(test.now()));
            let mut caller = test.caller("laptop");
            second_step::finish_code(&test.cx, &mut caller, &token, typed).await.unwrap_err();
        }
        counted += 9;
    }
    assert_eq!(failures(&test, &ana).await, MOST_FAILURES);
    test.advance(Span::from_minutes(15));
    assert!(matches!(begin(&test, PASSWORD).await.unwrap(), FirstStep::NothingSecond));
    assert_eq!(test.count_events("codes_locked").await, 1);
    let user = ana.user.id;
    let told = test.cx.db.read(move |tx| store::notices::of_user(tx, user, 100)).await.unwrap();
    let locked = told.iter().filter(|notice| format!("{notice:?}").contains("CodesLocked"));
    assert_eq!(locked.count(), 1);
}

#[tokio::test]
async fn a_session_without_the_password_counts_nothing_on_the_app() {
    let test = under(with_passwords()).await;
    let ana = test.arm(ANA, APP).await;
    let thief = in_by_code(&test, &ana).await;
    let who = thief.who().await;
    let typed = wrong(&ana.code(test.now()));
    for (password, expected) in [("wrong password", 0), ("another wrong one", 0), (PASSWORD, 1)] {
        let (mut caller, action) = (thief.caller(), Action::AddPasskey);
        let refused =
            confirm::finish_with_password(&test.cx, &mut caller, &who, action, password, typed).await;
        assert_eq!(refused.unwrap_err().code(), "confirm_wrong");
        assert_eq!(failures(&test, &ana).await, expected);
    }
}

#[tokio::test]
async fn a_used_pass_gives_no_tries_at_the_password_back() {
    let test = under(with_passwords()).await;
    let ana = test.arm(ANA, APP).await;
    let pass = test.issue_once(&ana.user).await;
    let mut visitor = Visitor::new(&test, "laptop");
    visitor.redeem(ANA, &pass).await.unwrap();
    visitor.register().await.unwrap();
    for _ in 0..8 {
        assert_eq!(begin(&test, "wrong password").await.unwrap_err().code(), "password_wrong");
    }
    let mut caller = test.caller("elsewhere");
    let used = redeem_pass::redeem(&test.cx, &mut caller, ANA, pass.reveal()).await.unwrap_err();
    assert_eq!(used.code(), "pass_used");
    assert_eq!(test.count_events("pass_refused").await, 1);
    assert_eq!(begin(&test, "wrong password").await.unwrap_err().code(), "password_wrong");
    assert_eq!(begin(&test, PASSWORD).await.unwrap_err().code(), "too_many_tries");
}

#[tokio::test]
async fn nothing_is_created_silently_beside_a_passkey() {
    let mut policy = with_passwords();
    policy.passwords.terms.beside_passkeys = true;
    let test = under(policy).await;
    let ana = test.arm(ANA, Arms { passkey: Some(Binding::TemporaryPass), ..APP }).await;
    let thief = in_by_code(&test, &ana).await;
    let who = thief.who().await;
    let begun = register_passkey::begin_conditional(&test.cx, &mut thief.caller(), &who).await;
    assert_eq!(begun.unwrap_err().code(), "confirm_needed");
}

#[tokio::test]
async fn an_address_is_no_name() {
    let test = under(with_passwords()).await;
    let mut caller = test.caller("laptop");
    for _ in 0..10 {
        let name = "enrolment code from 203.0.113.7";
        sign_in_password::begin(&test.cx, &mut caller, name, "wrong password").await.unwrap_err();
    }
    let mut caller = test.caller("phone");
    caller.client.address = "203.0.113.7".to_owned();
    let found = enrol_phone::find_by_code(&test.cx, &mut caller, "AAA-AAA").await;
    assert_eq!(found.unwrap_err().code(), "ticket_unknown");
}
