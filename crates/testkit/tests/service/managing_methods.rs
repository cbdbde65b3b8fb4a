//! The own password, authenticator app and recovery codes, and going passwordless.

use account::action::Action;
use account::authenticator_code;
use account::passkey::Binding;
use account::policy::Audience;
use account::role::Role;
use account::strength::Strength;
use authenticator::Settings;
use primitives::digest;
use primitives::encoding;
use primitives::secret::SecretBytes;
use primitives::time::Span;
use service::go_passwordless::{self, GoPasswordlessError, What};
use service::manage_codes::{self, ManageCodesError};
use service::manage_password::{self, ManagePasswordError, PasswordStatus};
use service::manage_recovery_codes;
use service::second_step::{self, StepError};
use service::sign_in_password::{self, FirstStep};
use service::{Authority, administer_users};
use testkit::armed::{Arms, PASSWORD, with_passwords};
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";
const NEW: &str = "entirely another one";

async fn test() -> TestContext {
    TestContext::sqlite_with(Variation { policy: with_passwords(), ..Variation::default() }).await
}

/// What an app reads from the shown secret.
fn secret_of(shown: &str) -> SecretBytes {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = shown
        .bytes()
        .map(|byte| format!("{:05b}", DIGITS.iter().position(|digit| *digit == byte).unwrap()))
        .collect();
    let bytes: Vec<u8> = (0..bits.len() / 8)
        .map(|place| u8::from_str_radix(&bits[place * 8..place * 8 + 8], 2).unwrap())
        .collect();
    SecretBytes::new(bytes)
}

/// Somebody with one passkey, signed in by it.
async fn signed_in(test: &TestContext) -> Visitor<'_> {
    let mut ana = Visitor::new(test, "laptop");
    ana.onboard(ANA, Role::User).await;
    ana
}

async fn set(ana: &Visitor<'_>, test: &TestContext, new: &str) -> Result<(), ManagePasswordError> {
    manage_password::set(&test.cx, &mut ana.caller(), &ana.who().await, new).await
}

#[tokio::test]
async fn a_password_is_set_and_changed_on_a_confirmation() {
    let test = test().await;
    let mut ana = signed_in(&test).await;
    let who = ana.who().await;
    assert_eq!(manage_password::status(&test.cx, &who).await, Ok(PasswordStatus::Never));
    assert_eq!(set(&ana, &test, PASSWORD).await.unwrap_err().code(), "confirm_needed");
    ana.confirm(Action::ChangePassword).await.unwrap();
    for (new, code) in
        [("short", "too_short"), (&"x".repeat(300), "too_long"), ("ana@example.com!", "contains_login")]
    {
        assert_eq!(set(&ana, &test, new).await.unwrap_err().code(), code);
    }
    set(&ana, &test, PASSWORD).await.unwrap();
    assert_eq!(set(&ana, &test, NEW).await.unwrap_err().code(), "confirm_needed", "it is used up");
    let since = test.now();
    let who = ana.who().await;
    assert_eq!(manage_password::status(&test.cx, &who).await, Ok(PasswordStatus::On { since }));

    ana.confirm(Action::ChangePassword).await.unwrap();
    assert_eq!(set(&ana, &test, PASSWORD).await.unwrap_err().code(), "same");
    let who = ana.who().await;
    let wrong = manage_password::change(&test.cx, &mut ana.caller(), &who, "not the old one", NEW).await;
    assert_eq!(wrong.unwrap_err(), ManagePasswordError::Wrong { tries_left: 9 });
    manage_password::change(&test.cx, &mut ana.caller(), &who, PASSWORD, NEW).await.unwrap();
    assert_eq!(test.count_events("password_set").await, 2);
}

#[tokio::test]
async fn what_others_know_is_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("known");
    let digest = encoding::hex_upper(&digest::sha1(PASSWORD.as_bytes()));
    std::fs::write(&path, format!("0000000000000000000000000000000000000000:3\n{digest}:17\n")).unwrap();
    let variation = Variation { policy: with_passwords(), breached: Some(path), ..Variation::default() };
    let test = TestContext::sqlite_with(variation).await;
    let mut ana = signed_in(&test).await;
    ana.confirm(Action::ChangePassword).await.unwrap();
    assert_eq!(set(&ana, &test, PASSWORD).await.unwrap_err().code(), "breached");
    set(&ana, &test, NEW).await.unwrap();
}

#[tokio::test]
async fn a_password_that_must_change_opens_nothing_before() {
    let test = test().await;
    let ana = test.arm(ANA, Arms { codes: true, ..Arms::default() }).await;
    let operator = &mut test.operator();
    manage_password::set_by_operator(&test.cx, operator, ana.user.id, PASSWORD, true).await.unwrap();
    let mut caller = test.caller("laptop");
    let first = sign_in_password::begin(&test.cx, &mut caller, ANA, PASSWORD).await.unwrap();
    // One factor does not replace it: the second step comes first.
    let FirstStep::SecondStep { token, .. } = first else { panic!("{first:?}") };
    let skipped = manage_password::change_expired(&test.cx, &mut caller, &token, NEW).await;
    assert_eq!(skipped.unwrap_err().code(), "session_ended");
    let typed = ana.code(test.now());
    let mut caller = test.caller("laptop");
    let right = second_step::finish_code(&test.cx, &mut caller, &token, &typed).await.unwrap_err();
    assert_eq!((right.code(), &right), ("must_change", &StepError::MustChange));
    test.advance(Span::from_secs(31));
    let typed = ana.code(test.now());
    let again = second_step::finish_code(&test.cx, &mut caller, &token, &typed).await.unwrap_err();
    assert_eq!(again.code(), "sign_in_expired", "the second step is taken once");
    let same = manage_password::change_expired(&test.cx, &mut caller, &token, PASSWORD).await;
    assert_eq!(same.unwrap_err().code(), "same");
    let elsewhere = manage_password::change_expired(&test.cx, &mut test.caller("phone"), &token, NEW).await;
    assert_eq!(elsewhere.unwrap_err().code(), "session_ended");
    let next = manage_password::change_expired(&test.cx, &mut caller, &token, NEW).await.unwrap();
    let FirstStep::SignedIn(signed_in) = next else { panic!("{next:?}") };
    assert_eq!(signed_in.session.evidence.strength(), Some(Strength::Multifactor));
    let finished = manage_password::change_expired(&test.cx, &mut caller, &token, PASSWORD).await;
    assert_eq!(finished.unwrap_err().code(), "session_ended", "it is changed once");
}

#[tokio::test]
async fn a_password_without_a_second_step_is_changed_at_once() {
    let test = test().await;
    let ana = test.arm(ANA, Arms { password: true, must_change: true, ..Arms::default() }).await;
    assert!(ana.passkey.is_none());
    let mut caller = test.caller("laptop");
    let first = sign_in_password::begin(&test.cx, &mut caller, ANA, PASSWORD).await.unwrap();
    let FirstStep::MustChange { token } = first else { panic!("{first:?}") };
    let next = manage_password::change_expired(&test.cx, &mut caller, &token, NEW).await.unwrap();
    assert!(matches!(next, FirstStep::NothingSecond));
}

#[tokio::test]
async fn nothing_is_hashed_for_a_new_password_before_the_confirmation() {
    let test = test().await;
    let mut ana = Visitor::new(&test, "laptop");
    let armed = test.arm(ANA, Arms { password: true, codes: true, ..Arms::default() }).await;
    let mut caller = test.caller("laptop");
    let first = sign_in_password::begin(&test.cx, &mut caller, ANA, PASSWORD).await.unwrap();
    let FirstStep::SecondStep { token, .. } = first else { panic!("{first:?}") };
    let typed = armed.code(test.now());
    ana.token = Some(second_step::finish_code(&test.cx, &mut caller, &token, &typed).await.unwrap().token);
    let ran = test.cx.hashing.ran();
    assert_eq!(set(&ana, &test, PASSWORD).await.unwrap_err().code(), "confirm_needed");
    assert_eq!(test.cx.hashing.ran(), ran);
}

#[tokio::test]
async fn an_app_is_set_up_with_its_first_code() {
    let test = test().await;
    let mut ana = signed_in(&test).await;
    let who = ana.who().await;
    let refused = manage_codes::begin(&test.cx, &mut ana.caller(), &who).await.unwrap_err();
    assert_eq!(refused, ManageCodesError::ConfirmNeeded);
    ana.confirm(Action::AddCodes).await.unwrap();
    let who = ana.who().await;
    let begun = manage_codes::begin(&test.cx, &mut ana.caller(), &who).await.unwrap();
    assert!(begun.uri.reveal().starts_with("otpauth://totp/Test:ana%40example.com?secret="));
    let secret = secret_of(begun.secret_base32.reveal());
    let (state, typed) = (begun.state, authenticator_code::code(&secret, test.now()));
    let wrong = if typed == "000000" { "000001" } else { "000000" };
    let refused = manage_codes::finish(&test.cx, &mut ana.caller(), &who, &state, wrong).await;
    assert_eq!(refused.unwrap_err().code(), "code_wrong");
    let again = manage_codes::shown_again(&test.cx, &ana.caller(), &who, &state).unwrap();
    assert_eq!(again.secret_base32, begun.secret_base32);
    let mut stranger = test.caller("another browser");
    let refused = manage_codes::finish(&test.cx, &mut stranger, &who, &state, &typed).await;
    assert_eq!(refused.unwrap_err().code(), "set_up_expired");
    manage_codes::finish(&test.cx, &mut ana.caller(), &who, &state, &typed).await.unwrap();
    let refused = manage_codes::finish(&test.cx, &mut ana.caller(), &who, &state, &typed).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed", "the confirmation is used up");
    assert!(manage_codes::status(&test.cx, &who).await.unwrap().is_some_and(|codes| !codes.locked));

    let refused = manage_codes::remove(&test.cx, &mut ana.caller(), &who).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed");
    ana.confirm(Action::RemoveCodes).await.unwrap();
    manage_codes::remove(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    ana.confirm(Action::RemoveCodes).await.unwrap();
    let refused = manage_codes::remove(&test.cx, &mut ana.caller(), &ana.who().await).await;
    assert_eq!(refused.unwrap_err().code(), "not_found");
    assert_eq!((test.count_events("codes_added").await, test.count_events("codes_removed").await), (1, 1));
}

#[tokio::test]
async fn the_last_second_step_stays() {
    let test = test().await;
    let armed = test.arm(ANA, Arms { password: true, codes: true, ..Arms::default() }).await;
    let mut ana = Visitor::new(&test, "laptop");
    let first = sign_in_password::begin(&test.cx, &mut ana.caller(), ANA, PASSWORD).await.unwrap();
    let FirstStep::SecondStep { token, .. } = first else { panic!("{first:?}") };
    let typed = armed.code(test.now());
    let opened = second_step::finish_code(&test.cx, &mut ana.caller(), &token, &typed).await.unwrap();
    test.advance(Span::from_secs(30));
    let (who, typed) = (service::Who { user: opened.user, session: opened.session }, armed.code(test.now()));
    let action = Action::RemoveCodes;
    let mut caller = ana.caller();
    let confirmed =
        service::confirm::finish_with_password(&test.cx, &mut caller, &who, action, PASSWORD, &typed).await;
    ana.token = Some(confirmed.unwrap().signed_in.token);
    let refused = manage_codes::remove(&test.cx, &mut ana.caller(), &ana.who().await).await;
    assert_eq!(refused.unwrap_err(), ManageCodesError::LastMethod);
}

#[tokio::test]
async fn recovery_codes_are_shown_once_and_replace_each_other() {
    let test = test().await;
    let mut ana = signed_in(&test).await;
    let who = ana.who().await;
    let refused = manage_recovery_codes::make(&test.cx, &mut ana.caller(), &who).await.unwrap_err();
    assert_eq!(refused.code(), "confirm_needed");
    ana.confirm(Action::NewRecoveryCodes).await.unwrap();
    let who = ana.who().await;
    let first = manage_recovery_codes::make(&test.cx, &mut ana.caller(), &who).await.unwrap();
    let distinct: std::collections::HashSet<&str> = first.iter().map(|code| code.reveal()).collect();
    assert_eq!(distinct.len(), 10);
    let status = manage_recovery_codes::status(&test.cx, &who).await.unwrap().unwrap();
    assert_eq!((status.left, status.of, status.made), (10, 10, test.now()));
    ana.confirm(Action::NewRecoveryCodes).await.unwrap();
    let second = manage_recovery_codes::make(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    let redeem = async |code: &str| {
        let mut caller = test.caller("phone");
        service::recover_with_code::redeem(&test.cx, &mut caller, ANA, code).await
    };
    assert_eq!(redeem(first[0].reveal()).await.unwrap_err().code(), "code_wrong");
    redeem(second[0].reveal()).await.unwrap();
    let status = manage_recovery_codes::status(&test.cx, &ana.who().await).await.unwrap().unwrap();
    assert_eq!((status.left, status.of), (9, 10));
}

#[tokio::test]
async fn limited_sessions_change_no_method() {
    let test = test().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.redeem(ANA, &pass).await.unwrap();
    let who = ana.who().await;
    let caller = &mut ana.caller();
    assert_eq!(set(&ana, &test, PASSWORD).await.unwrap_err().code(), "onboarding_session");
    let changed = manage_password::change(&test.cx, caller, &who, PASSWORD, NEW).await;
    assert_eq!(changed.unwrap_err().code(), "onboarding_session");
    let begun = manage_codes::begin(&test.cx, caller, &who).await;
    assert_eq!(begun.unwrap_err().code(), "onboarding_session");
    let removed = manage_codes::remove(&test.cx, caller, &who).await;
    assert_eq!(removed.unwrap_err().code(), "onboarding_session");
    let made = manage_recovery_codes::make(&test.cx, caller, &who).await;
    assert_eq!(made.unwrap_err().code(), "onboarding_session");
    let off = go_passwordless::turn_off(&test.cx, caller, &who).await;
    assert_eq!(off.unwrap_err(), GoPasswordlessError::NotEligible);
}

#[tokio::test]
async fn policy_turns_methods_off() {
    let mut policy = with_passwords();
    policy.passwords.audience = Audience::Nobody;
    policy.codes = Audience::Nobody;
    policy.recovery_codes = Audience::Nobody;
    let test = TestContext::sqlite_with(Variation { policy, ..Variation::default() }).await;
    let ana = signed_in(&test).await;
    let who = ana.who().await;
    assert_eq!(manage_password::status(&test.cx, &who).await, Ok(PasswordStatus::NotAllowed));
    assert_eq!(set(&ana, &test, PASSWORD).await.unwrap_err().code(), "passwords_off");
    let begun = manage_codes::begin(&test.cx, &mut ana.caller(), &who).await;
    assert_eq!(begun.unwrap_err().code(), "codes_off");
    let made = manage_recovery_codes::make(&test.cx, &mut ana.caller(), &who).await;
    assert_eq!(made.unwrap_err().code(), "recovery_codes_off");
}

#[tokio::test]
async fn a_password_is_turned_off_for_good_with_a_passkey() {
    let test = test().await;
    let mut ana = signed_in(&test).await;
    ana.confirm(Action::ChangePassword).await.unwrap();
    set(&ana, &test, PASSWORD).await.unwrap();
    let unmet = |eligibility: go_passwordless::Eligibility| -> Vec<What> {
        eligibility.items.iter().filter(|item| !item.met).map(|item| item.what).collect()
    };
    let eligibility = go_passwordless::eligibility(&test.cx, &ana.who().await).await.unwrap();
    assert_eq!(unmet(eligibility), [What::EnoughPasskeys]);
    ana.add_another(Settings::security_key()).await;
    let eligibility = go_passwordless::eligibility(&test.cx, &ana.who().await).await.unwrap();
    assert!(eligibility.ready);
    let refused = go_passwordless::turn_off(&test.cx, &mut ana.caller(), &ana.who().await).await;
    assert_eq!(refused.unwrap_err(), GoPasswordlessError::ConfirmNeeded);
    test.advance(Span::from_secs(1));
    ana.confirm(Action::TurnOffPassword).await.unwrap();
    let off = go_passwordless::turn_off(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    assert_eq!(off.sessions, 0);
    let who = ana.who().await;
    let since = test.now();
    assert_eq!(manage_password::status(&test.cx, &who).await, Ok(PasswordStatus::Off { since }));
    ana.confirm(Action::ChangePassword).await.unwrap();
    assert_eq!(set(&ana, &test, NEW).await.unwrap_err(), ManagePasswordError::TurnedOff);
    let wrong = sign_in_password::begin(&test.cx, &mut ana.caller(), ANA, PASSWORD).await.unwrap_err();
    assert_eq!(wrong.code(), "password_wrong");

    let allow = async || {
        go_passwordless::allow_again(&test.cx, &mut test.operator(), Authority::Operator, who.user.id).await
    };
    allow().await.unwrap();
    assert_eq!(allow().await.unwrap_err().code(), "not_found");
    set(&ana, &test, NEW).await.unwrap();
    let shown = administer_users::show(&test.cx, ANA).await.unwrap();
    assert!(matches!(shown.password, PasswordStatus::On { .. }));
}

#[tokio::test]
async fn only_a_passkey_turns_a_password_off() {
    let mut policy = with_passwords();
    policy.passwords.terms.beside_passkeys = true;
    let test = TestContext::sqlite_with(Variation { policy, ..Variation::default() }).await;
    let arms = Arms { password: true, codes: true, recovery: true, ..Arms::default() };
    let armed = test.arm(ANA, Arms { passkey: Some(Binding::TemporaryPass), ..arms }).await;
    let mut ana = Visitor::new(&test, "laptop");
    let first = sign_in_password::begin(&test.cx, &mut ana.caller(), ANA, PASSWORD).await.unwrap();
    let FirstStep::SecondStep { token, .. } = first else { panic!("{first:?}") };
    let typed = armed.code(test.now());
    let opened = second_step::finish_code(&test.cx, &mut ana.caller(), &token, &typed).await.unwrap();
    ana.token = Some(opened.token);
    let who = ana.who().await;
    let action = Action::TurnOffPassword;
    let (mut caller, code) = (ana.caller(), armed.recovery[0].reveal());
    let refused =
        service::confirm::finish_with_password(&test.cx, &mut caller, &who, action, PASSWORD, code).await;
    assert_eq!(refused.unwrap_err().code(), "use_passkey");
    // Even if a confirmation by password stood in the session.
    let mut session = who.session.clone();
    let at = session.authenticated_at;
    session.confirmed = Some(account::session::Confirmation { digest: action.digest(session.id), at });
    let stored = session.clone();
    test.cx.db.write(move |tx| store::sessions::update(tx, &stored)).await.unwrap();
    let eligible = go_passwordless::eligibility(&test.cx, &who).await.unwrap().ready;
    let refused = go_passwordless::turn_off(&test.cx, &mut ana.caller(), &who).await.unwrap_err();
    assert_eq!(refused.code(), if eligible { "passkey_needed" } else { "not_eligible" });
    let operator = &mut test.operator();
    let off = go_passwordless::turn_off_by_operator(&test.cx, operator, armed.user.id).await.unwrap();
    assert_eq!(off.sessions, 1, "the session rested on the password");
    assert!(ana.who_is_it().await.is_none());
}
