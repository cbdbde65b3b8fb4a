//! Ways to sign in on the phone without a passkey and without a pass, and how the phone stays in touch.

use account::evidence::Evidence;
use account::passkey::Binding;
use account::policy::{PasswordPolicy, Policy};
use account::role::Role;
use account::session::Restriction;
use primitives::time::Span;
use service::enrol_phone::{Need, PhoneReport, Stage};
use service::{Context, Settings, register_passkey};
use testkit::{TestContext, Visitor};

use super::phone::{ANA, begin, claim, code, create, follow, open, open_session, report, settled, stage};

pub(crate) async fn two_factors_just_proven_approve_a_phone_without_a_passkey(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    let (mut desktop, mut phone) = (Visitor::new(&test, "laptop"), Visitor::new(&test, "phone"));
    let both = || Evidence::from_password(test.now()).and(Evidence::from_authenticator_code(test.now()));
    open_session(&test, &mut desktop, &user, both(), None).await;
    open_session(&test, &mut phone, &user, both(), None).await;
    let begun = begin(&test, &desktop).await.unwrap();
    assert_eq!(claim(&test, &phone, &begun.ticket).await.unwrap().progress.stage, Stage::Approved);
    // Five minutes later it has to be proven again.
    test.advance(Span::from_minutes(5));
    let who = phone.who().await;
    assert!(register_passkey::must_confirm(&test.cx.settings(), &who, &[], test.now()));
    assert_eq!(phone.begin_registration().await.unwrap_err().code(), "confirm_needed");
    open_session(&test, &mut desktop, &user, both(), None).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let seen = claim(&test, &phone, &begun.ticket).await.unwrap();
    assert_eq!((seen.needs, seen.progress.stage), (Need::Confirm, Stage::Opened));
    assert_eq!(code(create(&test, &mut phone, &begun.ticket).await), "confirm_needed");
    open_session(&test, &mut phone, &user, both(), None).await;
    assert_eq!(open(&test, &phone, &begun.ticket).await.unwrap().needs, Need::Create);
    let passkey = create(&test, &mut phone, &begun.ticket).await.unwrap();
    assert_eq!(
        (passkey.binding, stage(&test, &desktop, begun.id).await),
        (Binding::Password, Stage::CreatedOk)
    );
    // Whoever has a passkey confirms with it.
    let who = phone.who().await;
    assert!(register_passkey::must_confirm(&test.cx.settings(), &who, &[passkey], test.now()));
    assert_eq!(phone.begin_registration().await.unwrap_err().code(), "confirm_needed");
}

pub(crate) async fn a_password_alone_registers_where_policy_says_so(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    let mut ana = Visitor::new(&test, "laptop");
    let evidence = Evidence::from_password(test.now());
    open_session(&test, &mut ana, &user, evidence, Some(Restriction::PasswordAlone)).await;
    let who = ana.who().await;
    let place = account::passkey::Place::ThisComputer;
    let refused = register_passkey::begin(&test.cx, &mut ana.caller(), &who, place).await.unwrap_err();
    assert_eq!(refused.code(), "confirm_needed", "not where policy says nothing");

    let passwords = PasswordPolicy { enabled: true, alone_registers: true, ..PasswordPolicy::default() };
    let policy = Policy { passwords: passwords.into(), ..Policy::default() };
    let settings = Settings { policy, ..(*test.cx.settings()).clone() };
    let relying_party = (*test.cx.relying_party).clone();
    let lenient = Context::new(test.cx.db.clone(), test.cx.keys.clone(), relying_party, settings, 1);
    let started = register_passkey::begin(&lenient, &mut ana.caller(), &who, place).await.unwrap();
    let response = ana.create(&started);
    let name = |_| "Passkey".to_owned();
    let stored =
        register_passkey::finish(&lenient, &mut ana.caller(), &who, &started.state, &response, name).await;
    assert_eq!(stored.unwrap().passkey.binding, Binding::Password);
    let again = register_passkey::begin(&lenient, &mut ana.caller(), &who, place).await.unwrap_err();
    assert_eq!(again.code(), "onboarding_done");
}

pub(crate) async fn a_recovery_code_registers_one(test: TestContext) {
    let (user, _desktop) = settled(&test).await;
    let mut phone = Visitor::new(&test, "phone");
    let evidence = Evidence::from_recovery_code(test.now());
    open_session(&test, &mut phone, &user, evidence, Some(Restriction::RecoveryCode)).await;
    let passkey = phone.register().await.unwrap();
    assert_eq!(passkey.binding, Binding::RecoveryCode);
    assert_eq!(phone.begin_registration().await.unwrap_err().code(), "onboarding_done");
}

pub(crate) async fn a_heartbeat_is_written_every_twenty_seconds(test: TestContext) {
    let (_, desktop) = settled(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let phone = Visitor::new(&test, "phone");
    claim(&test, &phone, &begun.ticket).await.unwrap();
    let version = async || follow(&test, &desktop, begun.id).await.unwrap().version;
    assert_eq!(version().await, 1);
    test.advance(Span::from_secs(19));
    report(&test, &phone, &begun.ticket, PhoneReport::Alive).await.unwrap();
    assert_eq!(version().await, 1, "too soon to be written");
    test.advance(Span::from_secs(1));
    for _ in 0..3 {
        report(&test, &phone, &begun.ticket, PhoneReport::Alive).await.unwrap();
    }
    assert_eq!(version().await, 2, "once");
    test.advance(Span::from_secs(59));
    assert!(!follow(&test, &desktop, begun.id).await.unwrap().lost_contact);
    test.advance(Span::from_secs(1));
    let progress = follow(&test, &desktop, begun.id).await.unwrap();
    assert!(progress.lost_contact && progress.stage == Stage::SigningIn, "it still can go on");
    report(&test, &phone, &begun.ticket, PhoneReport::Alive).await.unwrap();
    assert!(!follow(&test, &desktop, begun.id).await.unwrap().lost_contact);
}
