//! Passwords under a policy that asks for more (assurance A9): strength is decided before a weaker factor is asked for.

use account::policy::{Area, Audience, InterruptPolicy, Needed, PasswordPolicy, Policy};
use account::strength::Strength;
use axum::http::StatusCode;
use primitives::time::Span;
use service::interrupt::{self, Interrupt, InterruptError};
use service::sign_in_password::{self, FirstStep};
use service::{SignedIn, Who, register_passkey, second_step};
use testkit::armed::{Armed, Arms, PASSWORD, with_passwords};
use testkit::deployment::Variation;
use testkit::{TestApp, TestContext};

use crate::world::{ANA, set};

const BOTH: Arms = Arms {
    passkey: None,
    disabled: false,
    password: true,
    must_change: false,
    codes: true,
    locked: false,
    recovery: false,
};

fn strong() -> Needed {
    Needed::BuiltIn(Strength::PhishingResistant)
}

async fn under(policy: Policy) -> TestContext {
    TestContext::sqlite_with(Variation { policy, ..Variation::default() }).await
}

async fn begin(test: &TestContext) -> FirstStep {
    sign_in_password::begin(&test.cx, &mut test.caller("laptop"), ANA, PASSWORD).await.unwrap()
}

async fn sign_in(test: &TestContext, ana: &Armed) -> SignedIn {
    let FirstStep::SecondStep { token, .. } = begin(test).await else { panic!("no second step") };
    let code = ana.code(test.now());
    second_step::finish_code(&test.cx, &mut test.caller("laptop"), &token, &code).await.unwrap()
}

fn who(signed_in: &SignedIn) -> Who {
    Who { user: signed_in.user.clone(), session: signed_in.session.clone() }
}

#[tokio::test]
async fn a_password_that_leads_nowhere_has_no_page() {
    let policy = with_passwords();
    let app = TestApp::sqlite_with(Variation { policy, ..Variation::default() }).await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/signin/password").await.status, StatusCode::OK);
    set(&app.test, |policy| policy.require.portal = strong());
    assert_eq!(browser.get("/signin/password").await.status, StatusCode::OK, "the way to a first passkey");
    set(&app.test, |policy| policy.require.security_info = strong());
    assert_eq!(browser.get("/signin/password").await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/signin/method").await.body.contains("/signin/password"));
    let fields = [("identifier", ANA), ("password", PASSWORD)];
    assert_eq!(browser.post("/signin/password", &fields).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_password_and_a_code_lead_to_a_first_passkey_and_nowhere_else() {
    let test = under(with_passwords()).await;
    let ana = test.arm(ANA, BOTH).await;
    set(&test, |policy| policy.require.portal = strong());
    let signed_in = sign_in(&test, &ana).await;
    let who = who(&signed_in);
    assert!(!test.cx.settings().lets_into(&who, Area::Portal));
    assert_eq!(interrupt::due(&test.cx, test.now(), &who).await.unwrap(), Interrupt::Required);
    let place = account::passkey::Place::ThisComputer;
    register_passkey::begin(&test.cx, &mut test.caller("laptop"), &who, place).await.unwrap();
    // Not where security info asks for more: then only a pass leads there.
    set(&test, |policy| policy.require.security_info = strong());
    let refused =
        register_passkey::begin(&test.cx, &mut test.caller("laptop"), &who, place).await.unwrap_err();
    assert_eq!(refused.code(), "stronger_evidence_needed");
    assert!(matches!(begin(&test).await, FirstStep::NothingSecond));
}

#[tokio::test]
async fn whoever_has_a_passkey_is_not_asked_for_a_code_that_would_not_be_enough() {
    let mut policy = with_passwords();
    policy.passwords.terms.beside_passkeys = true;
    let test = under(policy).await;
    test.arm(ANA, Arms { passkey: Some(account::passkey::Binding::TemporaryPass), ..BOTH }).await;
    assert!(matches!(begin(&test).await, FirstStep::SecondStep { .. }));
    set(&test, |policy| policy.require.portal = strong());
    assert!(matches!(begin(&test).await, FirstStep::UsePasskey));
}

#[tokio::test]
async fn from_its_date_on_a_password_signs_in_nobody_who_has_a_passkey() {
    let mut policy = with_passwords();
    policy.passwords.terms.beside_passkeys = true;
    let test = under(policy).await;
    test.arm(ANA, Arms { passkey: Some(account::passkey::Binding::TemporaryPass), ..BOTH }).await;
    let from = test.now() + Span::from_hours(1);
    set(&test, |policy| policy.passwordless.forced_from = Some(from));
    assert!(matches!(begin(&test).await, FirstStep::SecondStep { .. }));
    test.advance(Span::from_hours(1));
    assert!(matches!(begin(&test).await, FirstStep::UsePasskey));
}

#[tokio::test]
async fn a_password_alone_registers_only_where_security_info_takes_it() {
    let mut policy = with_passwords();
    policy.passwords =
        PasswordPolicy { enabled: true, alone_registers: true, ..PasswordPolicy::default() }.into();
    let test = under(policy).await;
    test.arm(ANA, Arms { codes: false, ..BOTH }).await;
    assert!(matches!(begin(&test).await, FirstStep::Restricted(_)));
    set(&test, |policy| policy.require.security_info = Needed::BuiltIn(Strength::Multifactor));
    assert!(matches!(begin(&test).await, FirstStep::NothingSecond));
}

#[tokio::test]
async fn a_passkey_that_policy_does_not_take_stands_in_nobodys_way() {
    let test = under(with_passwords()).await;
    test.arm(ANA, Arms { passkey: Some(account::passkey::Binding::TemporaryPass), ..BOTH }).await;
    assert!(matches!(begin(&test).await, FirstStep::UsePasskey));
    set(&test, |policy| policy.passkeys.audience = Audience::Nobody);
    assert!(matches!(begin(&test).await, FirstStep::SecondStep { .. }));
}

#[tokio::test]
async fn it_is_postponed_as_often_as_policy_says() {
    let mut policy = with_passwords();
    policy.interrupt = InterruptPolicy { postponements: Some(2), ..InterruptPolicy::default() }.into();
    let test = under(policy).await;
    let ana = test.arm(ANA, BOTH).await;
    let who = who(&sign_in(&test, &ana).await);
    for _ in 0..2 {
        interrupt::postpone(&test.cx, &mut test.caller("laptop"), &who).await.unwrap();
    }
    let refused = interrupt::postpone(&test.cx, &mut test.caller("laptop"), &who).await.unwrap_err();
    assert_eq!(refused, InterruptError::Required);
    assert_eq!(interrupt::due(&test.cx, test.now(), &who).await.unwrap(), Interrupt::Required);
}
