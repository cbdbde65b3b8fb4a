//! What an errand refuses (assurance.md W6, T1, T8; DESIGN 5a.7).

use account::role::Role;
use authenticator::{Authenticator, Settings};
use primitives::time::Span;
use service::enrol_phone::{self, Need, PhoneReport, Stage};
use service::{Authority, CeremonyError, administer_passes, administer_users, register_passkey, sign_out};
use testkit::{TestContext, Visitor};

use super::phone::{
    ANA, begin, begin_create, caller, claim, code, create, decline, finish_create, follow, open, report,
    settled, sign_in, stage, starter, stop, type_number,
};

pub(crate) async fn another_browser_gets_nothing_and_the_computer_is_told(test: TestContext) {
    let desktop = starter(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let ticket = &begun.ticket;
    let mut thief = Visitor::new(&test, "the thief's phone");
    let mut phone = Visitor::new(&test, "phone");
    claim(&test, &thief, ticket).await.unwrap();
    assert!(!follow(&test, &desktop, begun.id).await.unwrap().another_tried);

    assert_eq!(code(open(&test, &phone, ticket).await), "ticket_claimed");
    assert!(!follow(&test, &desktop, begun.id).await.unwrap().another_tried, "looking changes nothing");
    for _ in 0..3 {
        assert_eq!(code(claim(&test, &phone, ticket).await), "ticket_claimed");
    }
    let progress = follow(&test, &desktop, begun.id).await.unwrap();
    assert!(progress.another_tried && progress.stage == Stage::Approve);
    assert_eq!(test.count_events("enrolment_claim_refused").await, 1, "told once, not with every try");
    assert_eq!(code(decline(&test, &phone, ticket).await), "ticket_claimed");
    assert_eq!(code(report(&test, &phone, ticket, PhoneReport::Prompting).await), "ticket_claimed");
    assert_eq!(code(begin_create(&test, &mut phone, ticket).await), "ticket_claimed");

    // Whoever has the ticket still has no number on the computer's screen.
    assert_eq!(code(begin_create(&test, &mut thief, ticket).await), "not_approved");
    stop(&test, &desktop, begun.id).await.unwrap();
    assert_eq!(code(open(&test, &thief, ticket).await), "ticket_stopped");
    assert!(desktop.passkeys().await.is_empty());
}

pub(crate) async fn after_five_minutes_nothing_comes_of_it(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let mut phone = Visitor::new(&test, "phone");
    sign_in(&test, &mut phone, &user).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let ticket = &begun.ticket;
    claim(&test, &phone, ticket).await.unwrap();
    let answer = begin_create(&test, &mut phone, ticket).await.unwrap();
    test.advance(Span::from_secs(299));
    assert_eq!(stage(&test, &desktop, begun.id).await, Stage::Approved);
    test.advance(Span::from_secs(1));
    assert_eq!(stage(&test, &desktop, begun.id).await, Stage::Expired);
    for refused in [
        code(open(&test, &phone, ticket).await),
        code(claim(&test, &phone, ticket).await),
        code(decline(&test, &phone, ticket).await),
        code(report(&test, &phone, ticket, PhoneReport::Alive).await),
        code(begin_create(&test, &mut phone, ticket).await),
        code(stop(&test, &desktop, begun.id).await),
    ] {
        assert_eq!(refused, "ticket_expired");
    }
    // The challenge ends at the same moment; either is a refusal.
    let late = code(finish_create(&test, &phone, ticket, &answer).await);
    assert!(["challenge_expired", "ticket_expired"].contains(&late), "{late}");
    assert_eq!(desktop.passkeys().await.len(), 1);

    // A ceremony that began late outlives the errand, and stores nothing.
    let mut desktop = desktop;
    desktop.sign_in().await.unwrap();
    let begun = begin(&test, &desktop).await.unwrap();
    claim(&test, &phone, &begun.ticket).await.unwrap();
    test.advance(Span::from_minutes(4));
    let answer = begin_create(&test, &mut phone, &begun.ticket).await.unwrap();
    test.advance(Span::from_secs(61));
    assert_eq!(code(finish_create(&test, &phone, &begun.ticket, &answer).await), "ticket_expired");
    assert_eq!(desktop.passkeys().await.len(), 1);
}

pub(crate) async fn stopped_declined_or_replaced_it_is_over(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let mut phone = Visitor::new(&test, "phone");
    sign_in(&test, &mut phone, &user).await;

    let unclaimed = begin(&test, &desktop).await.unwrap();
    decline(&test, &Visitor::new(&test, "whoever saw it"), &unclaimed.ticket).await.unwrap();
    assert_eq!(stage(&test, &desktop, unclaimed.id).await, Stage::Declined);
    assert_eq!(code(claim(&test, &phone, &unclaimed.ticket).await), "declined");

    let declined = begin(&test, &desktop).await.unwrap();
    claim(&test, &phone, &declined.ticket).await.unwrap();
    let answer = begin_create(&test, &mut phone, &declined.ticket).await.unwrap();
    decline(&test, &phone, &declined.ticket).await.unwrap();
    assert_eq!(code(finish_create(&test, &phone, &declined.ticket, &answer).await), "declined");

    let stopped = begin(&test, &desktop).await.unwrap();
    claim(&test, &phone, &stopped.ticket).await.unwrap();
    phone.authenticator = Authenticator::new(Settings::platform());
    let answer = begin_create(&test, &mut phone, &stopped.ticket).await.unwrap();
    stop(&test, &desktop, stopped.id).await.unwrap();
    assert_eq!(code(stop(&test, &desktop, stopped.id).await), "ticket_stopped");
    assert_eq!(code(finish_create(&test, &phone, &stopped.ticket, &answer).await), "ticket_stopped");

    let older = begin(&test, &desktop).await.unwrap();
    let newer = begin(&test, &desktop).await.unwrap();
    assert_eq!(code(claim(&test, &phone, &older.ticket).await), "ticket_stopped");
    assert_eq!(stage(&test, &desktop, older.id).await, Stage::Stopped);
    claim(&test, &phone, &newer.ticket).await.unwrap();
    assert_eq!(test.count_events("enrolment_ended").await, 4);
    assert_eq!(desktop.passkeys().await.len(), 1);
}

pub(crate) async fn it_ends_with_the_computers_session(test: TestContext) {
    // The session of the computer ends.
    let (user, mut desktop) = settled(&test).await;
    let mut phone = Visitor::new(&test, "phone");
    sign_in(&test, &mut phone, &user).await;
    let begun = begin(&test, &desktop).await.unwrap();
    claim(&test, &phone, &begun.ticket).await.unwrap();
    let answer = begin_create(&test, &mut phone, &begun.ticket).await.unwrap();
    sign_out::sign_out(&test.cx, &mut desktop.caller(), &desktop.who().await).await.unwrap();
    assert_eq!(code(open(&test, &phone, &begun.ticket).await), "session_ended");
    assert_eq!(code(claim(&test, &phone, &begun.ticket).await), "session_ended");
    assert_eq!(code(finish_create(&test, &phone, &begun.ticket, &answer).await), "session_ended");
    desktop.sign_in().await.unwrap();
    assert_eq!(stage(&test, &desktop, begun.id).await, Stage::Ended, "seen from the person's next session");

    // The account is disabled.
    let begun = begin(&test, &desktop).await.unwrap();
    claim(&test, &phone, &begun.ticket).await.unwrap();
    let mut operator = test.operator();
    administer_users::disable(&test.cx, &mut operator, Authority::Operator, user.id).await.unwrap();
    assert_eq!(code(open(&test, &phone, &begun.ticket).await), "session_ended");

    // The pass on which the computer's session stands is revoked.
    let other = test.add_user("bea@example.com", Role::User).await;
    let pass = test.issue_once(&other).await;
    let mut desktop = Visitor::new(&test, "another laptop");
    desktop.redeem("bea@example.com", &pass).await.unwrap();
    let begun = begin(&test, &desktop).await.unwrap();
    let mut phone = Visitor::new(&test, "another phone");
    let number = claim(&test, &phone, &begun.ticket).await.unwrap().number.unwrap();
    type_number(&test, &desktop, begun.id, &number).await.unwrap();
    let answer = begin_create(&test, &mut phone, &begun.ticket).await.unwrap();
    administer_passes::revoke(&test.cx, &mut test.operator(), Authority::Operator, other.id).await.unwrap();
    assert_eq!(code(finish_create(&test, &phone, &begun.ticket, &answer).await), "session_ended");
    assert_eq!(test.count_events("enrolment_done").await, 0);
}

pub(crate) async fn one_errand_makes_one_passkey(test: TestContext) {
    let desktop = starter(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let ticket = &begun.ticket;
    let mut phone = Visitor::new(&test, "phone");
    let number = claim(&test, &phone, ticket).await.unwrap().number.unwrap();
    type_number(&test, &desktop, begun.id, &number).await.unwrap();
    let second = begin_create(&test, &mut phone, ticket).await.unwrap();
    phone.authenticator = Authenticator::new(Settings::platform());
    let first = begin_create(&test, &mut phone, ticket).await.unwrap();
    let stored = finish_create(&test, &phone, ticket, &first).await.unwrap();
    let again = finish_create(&test, &phone, ticket, &first).await.unwrap();
    assert_eq!((stored.replayed, again.replayed), (false, true), "a lost reply loses nothing");
    assert_eq!(stored.passkey, again.passkey);
    assert_eq!(code(finish_create(&test, &phone, ticket, &second).await), "ticket_done");
    assert_eq!(code(begin_create(&test, &mut phone, ticket).await), "ticket_done");
    assert_eq!(code(stop(&test, &desktop, begun.id).await), "ticket_done");
    assert_eq!(code(decline(&test, &phone, ticket).await), "ticket_done");
    assert_eq!(code(claim(&test, &Visitor::new(&test, "later"), ticket).await), "ticket_claimed");
    assert_eq!(claim(&test, &phone, ticket).await.unwrap().needs, Need::Nothing);
    assert_eq!(desktop.passkeys().await.len(), 1);
    assert_eq!(test.count_events("enrolment_done").await, 1);
}

pub(crate) async fn the_third_wrong_number_ends_it(test: TestContext) {
    let desktop = starter(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let mut phone = Visitor::new(&test, "phone");
    let number = claim(&test, &phone, &begun.ticket).await.unwrap().number.unwrap();
    let wrong = if number == "47" { "48" } else { "47" };
    for expected in ["number_wrong", "number_wrong", "number_locked"] {
        assert_eq!(code(type_number(&test, &desktop, begun.id, wrong).await), expected);
    }
    assert_eq!(code(type_number(&test, &desktop, begun.id, &number).await), "number_locked");
    assert_eq!(stage(&test, &desktop, begun.id).await, Stage::NumberLocked);
    assert_eq!(code(open(&test, &phone, &begun.ticket).await), "number_locked");
    assert_eq!(code(begin_create(&test, &mut phone, &begun.ticket).await), "number_locked");
    assert_eq!(test.count_events("enrolment_number_refused").await, 3);
    assert_eq!(test.count_events("enrolment_ended").await, 1);
    // A new errand has a number of its own, and the pass is still there for it.
    let begun = begin(&test, &desktop).await.unwrap();
    let number = claim(&test, &phone, &begun.ticket).await.unwrap().number.unwrap();
    type_number(&test, &desktop, begun.id, &number).await.unwrap();
    create(&test, &mut phone, &begun.ticket).await.unwrap();
}

pub(crate) async fn a_number_approves_nobody_who_has_a_passkey_by_now(test: TestContext) {
    let mut desktop = starter(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let mut phone = Visitor::new(&test, "phone");
    let number = claim(&test, &phone, &begun.ticket).await.unwrap().number.unwrap();
    type_number(&test, &desktop, begun.id, &number).await.unwrap();
    let answer = begin_create(&test, &mut phone, &begun.ticket).await.unwrap();
    desktop.register().await.unwrap();
    assert_eq!(code(finish_create(&test, &phone, &begun.ticket, &answer).await), "not_approved");
    assert_eq!(desktop.passkeys().await.len(), 1);

    let user = test.add_user("bea@example.com", Role::User).await;
    let pass = test.issue(&user).await;
    let mut desktop = Visitor::new(&test, "another laptop");
    desktop.redeem("bea@example.com", &pass).await.unwrap();
    let begun = begin(&test, &desktop).await.unwrap();
    let phone = Visitor::new(&test, "another phone");
    let number = claim(&test, &phone, &begun.ticket).await.unwrap().number.unwrap();
    let mut operator = test.operator();
    administer_users::set_role(&test.cx, &mut operator, Authority::Operator, user.id, Role::Helpdesk)
        .await
        .unwrap();
    let refused = code(type_number(&test, &desktop, begun.id, &number).await);
    assert_eq!(refused, "not_approved", "whoever has a role by now signs in on the phone");
}

pub(crate) async fn a_phone_signed_in_as_somebody_else_gets_nothing(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let mut phone = Visitor::new(&test, "phone");
    phone.onboard("lea@example.com", Role::User).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let ticket = &begun.ticket;
    let seen = open(&test, &phone, ticket).await.unwrap();
    assert_eq!((seen.needs, seen.signed_in_as_other), (Need::Claim, true));
    let seen = claim(&test, &phone, ticket).await.unwrap();
    assert_eq!((seen.needs, seen.signed_in_as_other), (Need::SignIn, true));
    let progress = follow(&test, &desktop, begun.id).await.unwrap();
    assert_eq!((progress.stage, progress.other_login.as_deref()), (Stage::OtherAccount, Some("l••@…")));
    assert_eq!(code(begin_create(&test, &mut phone, ticket).await), "other_account");

    // It signs out and in as the right one.
    sign_out::sign_out(&test.cx, &mut phone.caller(), &phone.who().await).await.unwrap();
    phone.token = None;
    assert_eq!(claim(&test, &phone, ticket).await.unwrap().progress.stage, Stage::SigningIn);
    sign_in(&test, &mut phone, &user).await;
    assert_eq!(claim(&test, &phone, ticket).await.unwrap().progress.stage, Stage::Approved);
    phone.authenticator = Authenticator::new(Settings::platform());
    assert_eq!(create(&test, &mut phone, ticket).await.unwrap().user, user.id);
}

pub(crate) async fn a_state_is_worth_nothing_elsewhere(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let mut phone = Visitor::new(&test, "phone");
    sign_in(&test, &mut phone, &user).await;
    let begun = begin(&test, &desktop).await.unwrap();
    claim(&test, &phone, &begun.ticket).await.unwrap();
    let answer = begin_create(&test, &mut phone, &begun.ticket).await.unwrap();
    // Not as a registration of the phone's own, past the errand.
    let who = phone.who().await;
    let name = |_| "Phone".to_owned();
    let past =
        register_passkey::finish(&test.cx, &mut caller(&phone), &who, &answer.0, &answer.1, name).await;
    assert_eq!(past.unwrap_err(), CeremonyError::Seal);
    // Nor for another errand.
    stop(&test, &desktop, begun.id).await.unwrap();
    let other = begin(&test, &desktop).await.unwrap();
    claim(&test, &phone, &other.ticket).await.unwrap();
    assert_eq!(code(finish_create(&test, &phone, &other.ticket, &answer).await), "challenge_expired");
    // Nor what the phone began for itself as what an errand asked for.
    let own = phone.begin_registration().await.unwrap();
    phone.authenticator = Authenticator::new(Settings::platform());
    let response = phone.create(&own);
    let smuggled = finish_create(&test, &phone, &other.ticket, &(own.state, response)).await;
    assert_eq!(code(smuggled), "challenge_expired");
    // Nor without being signed in.
    let (name, ticket, mut asking) = (|_| "Phone".to_owned(), &other.ticket, caller(&phone));
    let alone = enrol_phone::finish_create(&test.cx, &mut asking, ticket, None, &answer.0, &answer.1, name);
    assert_eq!(code(alone.await), "not_approved");
    assert_eq!(desktop.passkeys().await.len(), 1);
    assert_eq!(user.login.shown(), ANA);
}
