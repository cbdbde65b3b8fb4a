//! How errands begin, how they are found, and what bounds them.

use account::enrolment::Mode;
use account::policy::{PhonePolicy, Policy};
use account::role::Role;
use account::session::ClientLabel;
use primitives::time::Span;
use service::enrol_phone::{self, EnrolError, Stage};
use service::{Caller, Context, Settings, housekeeping};
use store::{enrolments, settings};
use testkit::{TestContext, Visitor};

use super::phone::{ANA, begin, claim, code, follow, settled, stage, starter, stop};

/// The same deployment after its configuration was changed.
fn with_phones(test: &TestContext, phones: PhonePolicy) -> Context {
    let policy = Policy { phones, ..Policy::default() };
    let settings = Settings { policy, ..(*test.cx.settings()).clone() };
    let relying_party = (*test.cx.relying_party).clone();
    Context::new(test.cx.db.clone(), test.cx.keys.clone(), relying_party, settings, 1)
}

pub(crate) async fn the_mode_follows_policy_role_and_passkeys(test: TestContext) {
    let desktop = starter(&test).await;
    let who = desktop.who().await;
    assert_eq!(begin(&test, &desktop).await.unwrap().mode, Mode::Number);
    let usual = PhonePolicy::default();
    let link = with_phones(&test, PhonePolicy { number: false, ..usual.clone() });
    let begun = enrol_phone::begin(&link, &mut desktop.caller(), &who).await.unwrap();
    assert_eq!(begun.mode, Mode::SignIn);
    let none = with_phones(&test, PhonePolicy { number: false, link: false, ..usual.clone() });
    assert_eq!(code(enrol_phone::begin(&none, &mut desktop.caller(), &who).await), "phones_off");

    let admin = test.add_user("admin@example.com", Role::Administrator).await;
    let pass = test.issue(&admin).await;
    let mut of_admin = Visitor::new(&test, "the administrator's laptop");
    of_admin.redeem("admin@example.com", &pass).await.unwrap();
    assert_eq!(begin(&test, &of_admin).await.unwrap().mode, Mode::SignIn, "a role signs in on the phone");

    let user = test.add_user("bea@example.com", Role::User).await;
    Visitor::new(&test, "old phone").onboard("carl@example.com", Role::User).await;
    let pass = test.issue(&user).await;
    let mut bea = Visitor::new(&test, "another laptop");
    bea.redeem("bea@example.com", &pass).await.unwrap();
    bea.register().await.unwrap();
    assert_eq!(code(begin(&test, &bea).await), "onboarding_done");
}

pub(crate) async fn a_reload_shows_the_same_code_while_nobody_has_it(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let who = desktop.who().await;
    let again = enrol_phone::show_again(&test.cx, &mut desktop.caller(), &who, begun.id).await.unwrap();
    assert_eq!((&again.ticket, &again.code, again.ends), (&begun.ticket, &begun.code, begun.ends));
    let mut phone = Visitor::new(&test, "phone");
    super::phone::sign_in(&test, &mut phone, &user).await;
    let other = phone.who().await;
    let shown = enrol_phone::show_again(&test.cx, &mut phone.caller(), &other, begun.id).await;
    assert_eq!(code(shown), "ticket_unknown", "another session of the same person");
    claim(&test, &phone, &begun.ticket).await.unwrap();
    let shown = enrol_phone::show_again(&test.cx, &mut desktop.caller(), &who, begun.id).await;
    assert_eq!(code(shown), "ticket_claimed");
    stop(&test, &desktop, begun.id).await.unwrap();
    let shown = enrol_phone::show_again(&test.cx, &mut desktop.caller(), &who, begun.id).await;
    assert_eq!(code(shown), "ticket_stopped");
}

pub(crate) async fn only_the_session_that_began_it_follows_it(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let mut another = Visitor::new(&test, "another computer");
    super::phone::sign_in(&test, &mut another, &user).await;
    let mut stranger = Visitor::new(&test, "a stranger's computer");
    stranger.onboard("eve@example.com", Role::User).await;
    for visitor in [&another, &stranger] {
        assert_eq!(code(follow(&test, visitor, begun.id).await), "ticket_unknown");
        assert_eq!(code(stop(&test, visitor, begun.id).await), "ticket_unknown");
        let typed = super::phone::type_number(&test, visitor, begun.id, "47").await;
        assert_eq!(code(typed), "ticket_unknown");
    }
    stop(&test, &desktop, begun.id).await.unwrap();
    assert_eq!(stage(&test, &another, begun.id).await, Stage::Stopped, "what became of it, they all may see");
    assert_eq!(code(follow(&test, &stranger, begun.id).await), "ticket_unknown");
}

pub(crate) async fn the_computer_has_to_be_fresh(test: TestContext) {
    let (_, mut desktop) = settled(&test).await;
    test.advance(Span::from_minutes(5));
    assert_eq!(code(begin(&test, &desktop).await), "confirm_needed");
    desktop.confirm(account::action::Action::AddPasskey).await.unwrap();
    begin(&test, &desktop).await.unwrap();
}

fn at(test: &TestContext, address: &str) -> Caller {
    let client = ClientLabel { browser: String::new(), address: address.to_owned() };
    Caller { client, ..test.caller("somebody") }
}

pub(crate) async fn a_code_is_typed_and_guessing_is_bounded(test: TestContext) {
    let (_, desktop) = settled(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let typed = begun.code.unwrap().to_string();
    let find = async |address: &str, code: &str| {
        enrol_phone::find_by_code(&test.cx, &mut at(&test, address), code).await
    };
    for spelling in [typed.clone(), typed.to_lowercase().replace('-', " ")] {
        assert_eq!(find("192.0.2.1", &spelling).await.unwrap(), begun.ticket);
    }
    assert_eq!(code(find("192.0.2.1", "no code").await), "ticket_unknown", "which costs no try");
    let wrong = if typed == "AAA-AAA" { "BBB-BBB" } else { "AAA-AAA" };
    for _ in 0..10 {
        assert_eq!(code(find("192.0.2.1", wrong).await), "ticket_unknown");
        if code(find("192.0.2.1", &typed).await) != "done" {
            break;
        }
    }
    let refused = find("192.0.2.1", &typed).await.unwrap_err();
    let until = test.now() + Span::from_minutes(15);
    assert_eq!(refused, EnrolError::TooManyTries { until }, "right codes in between gave no tries back");
    assert_eq!(find("192.0.2.2", &typed).await.unwrap(), begun.ticket, "others are not kept from theirs");
    for host in 0..10 {
        assert_eq!(code(find(&format!("2001:db8::{host}"), wrong).await), "ticket_unknown");
    }
    assert_eq!(code(find("2001:db8::ff", &typed).await), "too_many_tries", "a network counts as one");
    test.advance(Span::from_minutes(15));
    assert_eq!(code(find("192.0.2.1", &typed).await), "ticket_unknown", "its time is over");
}

pub(crate) async fn everybodys_guesses_are_bounded_together(test: TestContext) {
    let (_, desktop) = settled(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let typed = begun.code.unwrap().to_string();
    let wrong = if typed == "AAA-AAA" { "BBB-BBB" } else { "AAA-AAA" };
    for host in 0..300 {
        let mut caller = at(&test, &format!("198.51.{}.{}", host / 10, host % 10));
        let found = enrol_phone::find_by_code(&test.cx, &mut caller, wrong).await;
        assert_eq!(code(found), "ticket_unknown");
    }
    let mut caller = at(&test, "203.0.113.1");
    assert_eq!(code(enrol_phone::find_by_code(&test.cx, &mut caller, &typed).await), "too_many_tries");
    // The camera is not kept from anything.
    claim(&test, &Visitor::new(&test, "phone"), &begun.ticket).await.unwrap();
}

pub(crate) async fn somebody_who_begins_without_end_is_stopped(test: TestContext) {
    let desktop = starter(&test).await;
    for _ in 0..60 {
        begin(&test, &desktop).await.unwrap();
    }
    assert_eq!(code(begin(&test, &desktop).await), "too_many_tries");
}

pub(crate) async fn a_restored_database_knows_no_errands(test: TestContext) {
    let desktop = starter(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    test.cx.db.write(|tx| settings::begin_epoch(tx, 1)).await.unwrap();
    let phone = Visitor::new(&test, "phone");
    assert_eq!(code(claim(&test, &phone, &begun.ticket).await), "ticket_unknown");
}

pub(crate) async fn errands_are_swept_an_hour_after_their_end(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    assert_eq!(user.login.shown(), ANA);
    test.advance(Span::from_minutes(65));
    assert_eq!(housekeeping::sweep(&test.cx).await.unwrap().enrolments, 0);
    test.advance(Span::from_secs(1));
    assert_eq!(housekeeping::sweep(&test.cx).await.unwrap().enrolments, 1);
    let gone = test.cx.db.read(move |tx| enrolments::by_id(tx, begun.id)).await.unwrap();
    assert_eq!(gone, None);
}
