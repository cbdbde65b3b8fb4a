//! Signing in by password and a second step, by recovery code, and confirming with both.

use account::action::Action;
use account::audit::EventKind;
use account::passkey::Binding;
use account::policy::{Audience, Policy};
use account::session::{Restriction, SessionKind};
use account::strength::Strength;
use account::temporary_pass::grouped;
use primitives::secret::Token;
use primitives::time::Span;
use service::confirm::{self, ConfirmWithPasswordError};
use service::recover_with_code::{self, RecoverError};
use service::second_step::{self, StepError};
use service::sign_in_password::{self, FirstStep, PasswordError, SecondMethod};
use service::{Authority, SignedIn, administer_users, interrupt, manage_password};
use testkit::armed::{Arms, PASSWORD, with_passwords};
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";
const BOTH: Arms = Arms {
    passkey: None,
    disabled: false,
    password: true,
    must_change: false,
    codes: true,
    locked: false,
    recovery: true,
};

async fn under(policy: Policy) -> TestContext {
    TestContext::sqlite_with(Variation { policy, ..Variation::default() }).await
}

async fn test() -> TestContext {
    under(with_passwords()).await
}

async fn begin(test: &TestContext, login: &str, password: &str) -> Result<FirstStep, PasswordError> {
    sign_in_password::begin(&test.cx, &mut test.caller("laptop"), login, password).await
}

/// The token of a sign-in that waits for its second step.
async fn waiting(test: &TestContext) -> Token {
    match begin(test, ANA, PASSWORD).await.unwrap() {
        FirstStep::SecondStep { token, .. } => token,
        other => panic!("{other:?}"),
    }
}

async fn code(test: &TestContext, token: &Token, code: &str) -> Result<SignedIn, StepError> {
    second_step::finish_code(&test.cx, &mut test.caller("laptop"), token, code).await
}

async fn recovery(test: &TestContext, token: &Token, code: &str) -> Result<SignedIn, StepError> {
    second_step::finish_recovery_code(&test.cx, &mut test.caller("laptop"), token, code).await
}

fn wrong(right: &str) -> &'static str {
    if right == "000000" { "000001" } else { "000000" }
}

#[tokio::test]
async fn a_password_and_a_code_open_a_full_session_of_two_factors() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let Ok(FirstStep::SecondStep { token, methods, user }) =
        begin(&test, " ANA@example.com ", PASSWORD).await
    else {
        panic!("no second step")
    };
    assert_eq!(methods, [SecondMethod::AuthenticatorCode, SecondMethod::RecoveryCode]);
    assert_eq!(user.id, ana.user.id);
    let signed_in = code(&test, &token, &ana.code(test.now())).await.unwrap();
    assert_eq!(signed_in.session.kind, SessionKind::Full);
    assert_eq!(signed_in.session.evidence.strength(), Some(Strength::Multifactor));
    assert_eq!(signed_in.session.evidence.amr(), ["mfa", "otp", "pwd"]);
    let again = code(&test, &token, &ana.code(test.now() + Span::from_secs(30))).await.unwrap_err();
    assert_eq!(again, StepError::Expired, "it is finished once");
    let kinds = test.events().await;
    assert!(kinds.contains(&EventKind::FirstStepPassed));
    assert!(matches!(
        kinds.last(),
        Some(EventKind::SignedInOtherwise { .. } | EventKind::SecondStepRefused { .. })
    ));
}

#[tokio::test]
async fn a_recovery_code_is_a_second_step_once() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let token = waiting(&test).await;
    let shown = grouped(&ana.recovery[0]).reveal().to_lowercase();
    let signed_in = recovery(&test, &token, &shown).await.unwrap();
    assert_eq!(signed_in.session.evidence.strength(), Some(Strength::Multifactor));
    assert!(test.events().await.contains(&EventKind::RecoveryCodeUsed { left: 9 }));
    let token = waiting(&test).await;
    assert_eq!(recovery(&test, &token, &shown).await.unwrap_err(), StepError::Replayed);
    assert_eq!(recovery(&test, &token, "").await.unwrap_err().code(), "pass_empty");
    recovery(&test, &token, ana.recovery[1].reveal()).await.unwrap();
}

#[tokio::test]
async fn a_code_works_once_and_in_its_browser() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let token = waiting(&test).await;
    let typed = ana.code(test.now());
    let elsewhere = second_step::finish_code(&test.cx, &mut test.caller("phone"), &token, &typed).await;
    assert_eq!(elsewhere.unwrap_err(), StepError::Expired);
    code(&test, &token, &typed).await.unwrap();
    let token = waiting(&test).await;
    let replayed = code(&test, &token, &typed).await.unwrap_err();
    assert_eq!((replayed.code(), &replayed), ("code_used", &StepError::Replayed));
    assert_eq!(code(&test, &token, "12a456").await.unwrap_err().code(), "pass_character");
    assert_eq!(code(&test, &token, "12345").await.unwrap_err().code(), "pass_length");
    test.advance(Span::from_minutes(10));
    let late = code(&test, &token, &ana.code(test.now())).await.unwrap_err();
    assert_eq!(late.code(), "sign_in_expired");
}

#[tokio::test]
async fn an_unknown_name_costs_and_looks_the_same() {
    let test = test().await;
    test.arm(ANA, BOTH).await;
    test.arm("without@example.com", Arms::default()).await;
    let off = test.arm("off@example.com", BOTH).await;
    service::go_passwordless::turn_off_by_operator(&test.cx, &mut test.operator(), off.user.id)
        .await
        .unwrap();
    let disabled = test.arm("disabled@example.com", BOTH).await;
    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, disabled.user.id)
        .await
        .unwrap();
    let names = [ANA, "without@example.com", "off@example.com", "disabled@example.com", "nobody@example.com"];
    let mut heard = Vec::new();
    for name in names {
        let before = test.cx.hashing.ran();
        let mut answers = Vec::new();
        for _ in 0..12 {
            answers.push(begin(&test, name, "wrong password").await.unwrap_err());
        }
        heard.push((answers, test.cx.hashing.ran() - before));
    }
    assert!(heard.iter().all(|answers| *answers == heard[0]), "{heard:?}");
    assert_eq!(heard[0].0[0], PasswordError::Wrong { tries_left: 9 });
    assert_eq!(heard[0].0[11].code(), "too_many_tries");
    assert_eq!(heard[0].1, 10, "one slow hash for each try, and none beyond them");
}

#[tokio::test]
async fn an_unknown_name_has_no_recovery_codes_either() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    test.arm("without@example.com", Arms::default()).await;
    let stranger = testkit::SeededEntropy::new(77);
    let mut stranger = stranger;
    let mut heard = Vec::new();
    for name in [ANA, "without@example.com", "nobody@example.com"] {
        let before = test.cx.hashing.ran();
        let mut answers = Vec::new();
        for _ in 0..12 {
            let value = account::recovery_code::generate(&mut stranger);
            let mut caller = test.caller("laptop");
            let redeemed = recover_with_code::redeem(&test.cx, &mut caller, name, value.reveal()).await;
            answers.push(redeemed.unwrap_err());
        }
        heard.push((answers, test.cx.hashing.ran() - before));
    }
    assert!(heard.iter().all(|answers| *answers == heard[0]), "{heard:?}");
    assert_eq!(heard[0].0[0], RecoverError::Wrong { tries_left: 9 });
    assert_eq!(heard[0].1, 10);
    let mut caller = test.caller("laptop");
    let late = recover_with_code::redeem(&test.cx, &mut caller, ANA, ana.recovery[0].reveal()).await;
    assert_eq!(late.unwrap_err().code(), "too_many_tries", "even the right one has to wait");
}

#[tokio::test]
async fn a_right_password_gives_no_tries_back() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let mut left = Vec::new();
    for _ in 0..5 {
        let token = waiting(&test).await;
        let right = ana.code(test.now());
        match code(&test, &token, wrong(&right)).await.unwrap_err() {
            StepError::Wrong { tries_left } => left.push(tries_left),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(left, [8, 6, 4, 2, 0], "password and code share the bucket of the name");
    assert_eq!(begin(&test, ANA, PASSWORD).await.unwrap_err().code(), "too_many_tries");
    test.advance(Span::from_minutes(15));
    let token = waiting(&test).await;
    code(&test, &token, &ana.code(test.now())).await.unwrap();
    assert!(matches!(begin(&test, ANA, "x").await, Err(PasswordError::Wrong { tries_left: 9 })));
}

#[tokio::test]
async fn a_hundred_wrong_codes_in_a_row_end_the_app() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    for _ in 0..12 {
        let token = waiting(&test).await;
        for _ in 0..9 {
            let refused = code(&test, &token, wrong(&ana.code(test.now()))).await;
            assert!(refused.is_err());
        }
        test.advance(Span::from_minutes(15));
    }
    let Ok(FirstStep::SecondStep { methods, token, .. }) = begin(&test, ANA, PASSWORD).await else {
        panic!("no second step")
    };
    assert_eq!(methods, [SecondMethod::RecoveryCode]);
    let right = code(&test, &token, &ana.code(test.now())).await.unwrap_err();
    assert_eq!(right.code(), "code_wrong", "not even the right one");
}

#[tokio::test]
async fn whoever_has_a_passkey_uses_it() {
    let test = test().await;
    test.arm(ANA, Arms { passkey: Some(Binding::TemporaryPass), ..BOTH }).await;
    assert!(matches!(begin(&test, ANA, PASSWORD).await.unwrap(), FirstStep::UsePasskey));
    assert!(
        begin(&test, ANA, "wrong password").await.is_err(),
        "and is told so after the right password only"
    );
    let mut policy = with_passwords();
    policy.passwords.terms.beside_passkeys = true;
    let test = under(policy).await;
    let ana = test.arm(ANA, Arms { passkey: Some(Binding::TemporaryPass), ..BOTH }).await;
    let token = waiting(&test).await;
    code(&test, &token, &ana.code(test.now())).await.unwrap();
}

#[tokio::test]
async fn a_password_alone_registers_a_passkey_where_policy_says_so() {
    let alone = Arms { codes: false, recovery: false, ..BOTH };
    let test1 = test().await;
    test1.arm(ANA, alone).await;
    assert!(matches!(begin(&test1, ANA, PASSWORD).await.unwrap(), FirstStep::NothingSecond));

    let mut policy = with_passwords();
    policy.passwords.terms.alone_registers = true;
    let test = under(policy).await;
    test.arm(ANA, alone).await;
    let FirstStep::Restricted(signed_in) = begin(&test, ANA, PASSWORD).await.unwrap() else {
        panic!("not in")
    };
    assert_eq!(signed_in.session.restriction(), Some(Restriction::PasswordAlone));
    assert_eq!(signed_in.session.evidence.strength(), None);
    let mut ana = Visitor::new(&test, "laptop");
    ana.token = Some(signed_in.token);
    let refused = ana.confirm(Action::ChangePassword).await.unwrap_err();
    assert_eq!(refused.code(), "onboarding_session");
    let passkey = ana.register().await.unwrap();
    assert_eq!(passkey.binding, Binding::Password);
    assert_eq!(ana.register().await.unwrap_err().code(), "onboarding_done");
    let full = ana.try_passkey(passkey.id).await.unwrap().signed_in.unwrap();
    assert_eq!(full.session.evidence.strength(), Some(Strength::Passwordless));
    assert!(matches!(begin(&test, ANA, PASSWORD).await.unwrap(), FirstStep::UsePasskey));
}

#[tokio::test]
async fn a_recovery_code_alone_opens_what_secures_the_account() {
    let test = test().await;
    let ana = test.arm(ANA, Arms { passkey: Some(Binding::TemporaryPass), ..BOTH }).await;
    let mut visitor = Visitor::new(&test, "laptop");
    let redeemed =
        recover_with_code::redeem(&test.cx, &mut visitor.caller(), ANA, ana.recovery[3].reveal()).await;
    let signed_in = redeemed.unwrap();
    assert_eq!(signed_in.session.restriction(), Some(Restriction::RecoveryCode));
    visitor.token = Some(signed_in.token);
    let passkey = visitor.register().await.unwrap();
    assert_eq!(passkey.binding, Binding::RecoveryCode);
    let used =
        recover_with_code::redeem(&test.cx, &mut visitor.caller(), ANA, ana.recovery[3].reveal()).await;
    assert_eq!(used.unwrap_err(), RecoverError::Used);
    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, ana.user.id)
        .await
        .unwrap();
    let late =
        recover_with_code::redeem(&test.cx, &mut visitor.caller(), ANA, ana.recovery[4].reveal()).await;
    assert_eq!(late.unwrap_err(), RecoverError::DisabledUser);

    let mut policy = with_passwords();
    policy.recovery_codes = Audience::Nobody;
    let test = under(policy).await;
    let ana = test.arm(ANA, BOTH).await;
    let mut caller = test.caller("laptop");
    let off = recover_with_code::redeem(&test.cx, &mut caller, ANA, ana.recovery[0].reveal()).await;
    assert_eq!(off.unwrap_err().code(), "recovery_codes_off");
}

#[tokio::test]
async fn what_is_wrong_with_a_password_is_told_to_who_has_it() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    assert_eq!(begin(&test, "", PASSWORD).await.unwrap_err().code(), "login_empty");
    assert_eq!(begin(&test, ANA, "").await.unwrap_err().code(), "password_empty");
    let long = "x".repeat(10_000_000);
    assert_eq!(begin(&test, ANA, &long).await.unwrap_err().code(), "password_too_long");
    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, ana.user.id)
        .await
        .unwrap();
    assert_eq!(begin(&test, ANA, "wrong password").await.unwrap_err().code(), "password_wrong");
    assert_eq!(begin(&test, ANA, PASSWORD).await.unwrap_err(), PasswordError::DisabledUser);

    let mut policy = with_passwords();
    policy.passwords.audience = Audience::Nobody;
    let test = under(policy).await;
    test.arm(ANA, BOTH).await;
    assert_eq!(begin(&test, ANA, "wrong password").await.unwrap_err().code(), "password_wrong");
    assert_eq!(begin(&test, ANA, PASSWORD).await.unwrap_err().code(), "passwords_off");
    let places: Vec<_> = std::iter::from_fn(|| test.cx.hashing.admit().ok()).collect();
    assert_eq!(begin(&test, ANA, PASSWORD).await.unwrap_err().code(), "busy");
    drop(places);
}

#[tokio::test]
async fn a_waiting_sign_in_falls_with_what_it_stands_on() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let token = waiting(&test).await;
    test.advance(Span::from_secs(1));
    let operator = &mut test.operator();
    manage_password::set_by_operator(&test.cx, operator, ana.user.id, "a new one entirely", false)
        .await
        .unwrap();
    let refused = code(&test, &token, &ana.code(test.now())).await.unwrap_err();
    assert_eq!(refused, StepError::Expired, "the password is another");

    let Ok(FirstStep::SecondStep { token, .. }) = begin(&test, ANA, "a new one entirely").await else {
        panic!("no second step")
    };
    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, ana.user.id)
        .await
        .unwrap();
    let refused = code(&test, &token, &ana.code(test.now())).await.unwrap_err();
    assert_eq!(refused, StepError::Expired, "the account is disabled");
    administer_users::enable(&test.cx, &mut test.operator(), Authority::Operator, ana.user.id).await.unwrap();
    let refused = code(&test, &token, &ana.code(test.now())).await.unwrap_err();
    assert_eq!(refused, StepError::Expired, "and stays ended");
}

#[tokio::test]
async fn an_accepted_restore_voids_codes_and_waiting_sign_ins() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let token = waiting(&test).await;
    service::housekeeping::accept_restored(&test.cx.db, &mut test.operator(), 1).await.unwrap();
    let refused = code(&test, &token, &ana.code(test.now())).await.unwrap_err();
    assert_eq!(refused, StepError::Expired);
    let mut caller = test.caller("laptop");
    let redeemed = recover_with_code::redeem(&test.cx, &mut caller, ANA, ana.recovery[0].reveal()).await;
    assert_eq!(redeemed.unwrap_err().code(), "code_wrong");
}

#[tokio::test]
async fn password_and_code_confirm_where_there_is_no_passkey() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let token = waiting(&test).await;
    let mut visitor = Visitor::new(&test, "laptop");
    visitor.token = Some(code(&test, &token, &ana.code(test.now())).await.unwrap().token);
    test.advance(Span::from_minutes(6));
    let action = Action::AddPasskey;
    let who = visitor.who().await;
    assert_eq!(visitor.register().await.unwrap_err().code(), "confirm_needed", "two factors age");
    for (password, typed, expected) in [
        ("wrong password", ana.code(test.now()), "confirm_wrong"),
        (PASSWORD, wrong(&ana.code(test.now())).to_owned(), "confirm_wrong"),
        (PASSWORD, String::new(), "pass_empty"),
    ] {
        let mut caller = visitor.caller();
        let refused =
            confirm::finish_with_password(&test.cx, &mut caller, &who, action, password, &typed).await;
        assert_eq!(refused.unwrap_err().code(), expected);
    }
    let typed = ana.code(test.now());
    let mut caller = visitor.caller();
    let confirmed =
        confirm::finish_with_password(&test.cx, &mut caller, &who, action, PASSWORD, &typed).await;
    visitor.token = Some(confirmed.unwrap().signed_in.token);
    assert_eq!(test.count_events("confirmed_otherwise").await, 1);
    assert_eq!(visitor.register().await.unwrap().binding, Binding::Password);
    let who = visitor.who().await;
    let mut caller = visitor.caller();
    let refused = confirm::finish_with_password(&test.cx, &mut caller, &who, action, PASSWORD, &typed).await;
    assert_eq!(refused.unwrap_err(), ConfirmWithPasswordError::UsePasskey);
}

#[tokio::test]
async fn a_weak_confirmation_is_judged_alone() {
    let test = test().await;
    let mut ana = Visitor::new(&test, "laptop");
    let admin = ana.onboard(ANA, account::role::Role::Administrator).await;
    let other = test.add_user("bea@example.com", account::role::Role::User).await;
    // A second passkey, bound by a password: as if an attacker had added one to a phished account.
    let weak =
        test.arm("weak@example.com", Arms { passkey: Some(Binding::Password), ..Arms::default() }).await;
    let moved = account::passkey::Passkey { user: admin.id, ..weak.passkey.clone().unwrap() };
    let (owner, id) = (weak.user.id, moved.id);
    let stored = test.cx.db.write(move |tx| -> Result<bool, store::StoreError> {
        store::passkeys::remove(tx, owner, id)?;
        store::passkeys::insert(tx, &moved)
    });
    assert!(stored.await.unwrap());
    test.advance(Span::from_secs(1));
    ana.sign_in().await.unwrap();
    test.advance(Span::from_secs(1));
    let who = ana.who().await;
    assert!(Strength::PhishingResistant.satisfied_by(&who.session.evidence));
    // The weak passkey answers with the handle of the account that it was made for, so the row is what is judged here.
    let action = Action::DisableUser(other.id);
    let mut session = who.session.clone();
    session.evidence = session.evidence.and(account::evidence::Evidence::from_assertion(
        &account::passkey::Passkey { user: admin.id, ..weak.passkey.unwrap() },
        true,
        test.now(),
    ));
    session.confirmed =
        Some(account::session::Confirmation { digest: action.digest(session.id), at: test.now() });
    let (token, stored) = (ana.token.clone().unwrap(), session.clone());
    let replaced = test.cx.db.write(move |tx| -> Result<(), store::StoreError> {
        store::sessions::remove(tx, stored.user, stored.id)?;
        store::sessions::insert(tx, &stored, &token)
    });
    replaced.await.unwrap();
    let who = ana.who().await;
    let refused =
        administer_users::disable(&test.cx, &mut ana.caller(), Authority::Person(&who), other.id).await;
    assert_eq!(refused.unwrap_err().code(), "stronger_evidence_needed");
    let (mut caller, authority) = (ana.caller(), Authority::Person(&who));
    let refused = service::go_passwordless::allow_again(&test.cx, &mut caller, authority, other.id).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed");
}

#[tokio::test]
async fn who_signs_in_without_a_passkey_is_asked_to_add_one() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let token = waiting(&test).await;
    let mut visitor = Visitor::new(&test, "laptop");
    visitor.token = Some(code(&test, &token, &ana.code(test.now())).await.unwrap().token);
    let who = visitor.who().await;
    let due = interrupt::due(&test.cx, test.now(), &who).await.unwrap();
    assert_eq!(due, interrupt::Interrupt::CanPostpone { days_left: 14 });
    assert_eq!(interrupt::postpone(&test.cx, &mut visitor.caller(), &who).await, Ok(14));
    test.advance(Span::from_days(13));
    let due = interrupt::due(&test.cx, test.now(), &who).await.unwrap();
    assert_eq!(due, interrupt::Interrupt::CanPostpone { days_left: 1 });
    test.advance(Span::from_days(1));
    assert_eq!(interrupt::due(&test.cx, test.now(), &who).await.unwrap(), interrupt::Interrupt::Required);
    let refused = interrupt::postpone(&test.cx, &mut visitor.caller(), &who).await.unwrap_err();
    assert_eq!(refused.code(), "session_ended", "that session is long over");
    let token = waiting(&test).await;
    visitor.token = Some(code(&test, &token, &ana.code(test.now())).await.unwrap().token);
    let who = visitor.who().await;
    let refused = interrupt::postpone(&test.cx, &mut visitor.caller(), &who).await.unwrap_err();
    assert_eq!(refused.code(), "interrupt_required");
    visitor.register().await.unwrap();
    assert_eq!(interrupt::due(&test.cx, test.now(), &who).await.unwrap(), interrupt::Interrupt::None);
    let refused = interrupt::postpone(&test.cx, &mut visitor.caller(), &who).await.unwrap_err();
    assert_eq!(refused.code(), "interrupt_not_due");
}

#[tokio::test]
async fn the_first_passkey_ends_what_the_password_opened_elsewhere() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let (mut laptop, mut thief) = (Visitor::new(&test, "laptop"), Visitor::new(&test, "thief"));
    let token = waiting(&test).await;
    laptop.token = Some(code(&test, &token, &ana.code(test.now())).await.unwrap().token);
    test.advance(Span::from_secs(30));
    let mut caller = thief.caller();
    let Ok(FirstStep::SecondStep { token, .. }) =
        sign_in_password::begin(&test.cx, &mut caller, ANA, PASSWORD).await
    else {
        panic!("no second step")
    };
    let typed = ana.code(test.now());
    thief.token =
        Some(second_step::finish_code(&test.cx, &mut thief.caller(), &token, &typed).await.unwrap().token);
    laptop.register().await.unwrap();
    assert!(laptop.who_is_it().await.is_some());
    assert!(thief.who_is_it().await.is_none());
}

#[tokio::test]
async fn a_silent_passkey_needs_a_fresh_session_of_password_and_code() {
    let test = test().await;
    let ana = test.arm(ANA, BOTH).await;
    let token = waiting(&test).await;
    let mut visitor = Visitor::new(&test, "laptop");
    visitor.token = Some(code(&test, &token, &ana.code(test.now())).await.unwrap().token);
    let who = visitor.who().await;
    let begun = service::register_passkey::begin_conditional(&test.cx, &mut visitor.caller(), &who).await;
    let started = begun.unwrap();
    let response = visitor.create(&started);
    let name = |_: [u8; 16]| "Passkey".to_owned();
    let (mut caller, state) = (visitor.caller(), &started.state);
    let finished =
        service::register_passkey::finish_conditional(&test.cx, &mut caller, &who, state, &response, name)
            .await;
    assert_eq!(finished.unwrap().passkey.binding, Binding::ConditionalCreate);
    test.advance(Span::from_minutes(5));
    let late = service::register_passkey::begin_conditional(&test.cx, &mut visitor.caller(), &who).await;
    assert_eq!(late.unwrap_err().code(), "confirm_needed");
    visitor.sign_in().await.unwrap();
    let who = visitor.who().await;
    let refused = service::register_passkey::begin_conditional(&test.cx, &mut visitor.caller(), &who).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed", "a passkey's session has no need of it");
}
