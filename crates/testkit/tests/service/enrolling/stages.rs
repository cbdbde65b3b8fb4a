//! The whole table of stages (experience.md 5.4), in one process and across two.

use account::enrolment::Mode;
use account::passkey::{Binding, Place};
use account::temporary_pass::PassState;
use primitives::time::Span;
use service::administer_passes;
use service::enrol_phone::{Need, PhoneReport, Stage, UnsupportedReason};
use testkit::{TestContext, Visitor};

use super::phone::{
    begin, begin_create, claim, code, create, finish_create, follow, open, report, settled, sign_in, stage,
    starter, type_number,
};

/// The names of the events about the errand, sorted: the clock stands, so they have no order of their own.
async fn told(test: &TestContext) -> Vec<&'static str> {
    let events = test.events().await;
    let mut names: Vec<_> = events.iter().map(|kind| kind.name()).collect();
    names.retain(|name| name.starts_with("enrolment_"));
    names.sort_unstable();
    names
}

pub(crate) async fn a_phone_that_signs_in_goes_through_every_stage(test: TestContext) {
    sign_in_and_create(&test, &test).await;
}

/// The computer's requests go to one node, the phone's to another; what each changes the other one shows at once.
pub(crate) async fn two_nodes_share_one_errand(test: TestContext) {
    let other = test.another_node().await;
    sign_in_and_create(&test, &other).await;
    number_and_create(&other, &test).await;
}

async fn sign_in_and_create(here: &TestContext, there: &TestContext) {
    let (user, desktop) = settled(here).await;
    there.advance(Span::ZERO);
    let begun = begin(here, &desktop).await.unwrap();
    let (id, ticket) = (begun.id, &begun.ticket);
    assert_eq!((begun.mode, begun.ends), (Mode::SignIn, here.now() + Span::from_minutes(5)));
    assert_eq!(begun.code.as_ref().unwrap().to_string().len(), 7);
    assert_eq!(stage(here, &desktop, id).await, Stage::Created);

    let mut phone = Visitor::new(there, "phone");
    let seen = open(there, &phone, ticket).await.unwrap();
    assert_eq!((seen.needs, seen.login_masked.as_str()), (Need::Claim, "an•••@example.com"));
    assert_eq!(seen.progress.desktop.browser, "Chrome on Linux");
    assert_eq!(stage(here, &desktop, id).await, Stage::Created, "looking changes nothing");

    let seen = claim(there, &phone, ticket).await.unwrap();
    assert_eq!((seen.needs, seen.user, seen.number), (Need::SignIn, user.id, None));
    let progress = follow(here, &desktop, id).await.unwrap();
    assert_eq!((progress.stage, progress.version), (Stage::SigningIn, 1));
    assert_eq!(progress.phone.unwrap().browser, "Chrome on Android");

    assert_eq!(code(begin_create(there, &mut phone, ticket).await), "not_approved");
    sign_in(there, &mut phone, &user).await;
    assert_eq!(open(there, &phone, ticket).await.unwrap().needs, Need::Create);
    assert_eq!(stage(here, &desktop, id).await, Stage::SigningIn, "the computer has not been told yet");
    report(there, &phone, ticket, PhoneReport::Alive).await.unwrap();
    assert_eq!(stage(here, &desktop, id).await, Stage::Approved);

    let answer = begin_create(there, &mut phone, ticket).await.unwrap();
    report(there, &phone, ticket, PhoneReport::Prompting).await.unwrap();
    assert_eq!(stage(here, &desktop, id).await, Stage::Creating);
    let passkey = finish_create(there, &phone, ticket, &answer).await.unwrap().passkey;
    assert_eq!((passkey.user, passkey.place), (user.id, Place::Phone));
    assert_eq!(passkey.created_on, "Chrome on Android");
    let progress = follow(here, &desktop, id).await.unwrap();
    assert_eq!((progress.stage, progress.passkey), (Stage::CreatedOk, Some(passkey.id)));
    assert_eq!(open(there, &phone, ticket).await.unwrap().needs, Need::Nothing);

    phone.try_passkey(passkey.id).await.unwrap();
    assert_eq!(stage(here, &desktop, id).await, Stage::Tried);
    here.advance(Span::from_minutes(10));
    there.advance(Span::ZERO);
    assert_eq!(stage(here, &desktop, id).await, Stage::Tried, "what was done stays done");
    assert_eq!(
        told(here).await,
        ["enrolment_approved", "enrolment_begun", "enrolment_claimed", "enrolment_done"]
    );
}

pub(crate) async fn a_phone_whose_number_is_typed_goes_through_every_stage(test: TestContext) {
    let desktop = starter(&test).await;
    with_number(&test, &test, &desktop).await;
    assert_eq!(
        told(&test).await,
        [
            "enrolment_approved",
            "enrolment_begun",
            "enrolment_claimed",
            "enrolment_done",
            "enrolment_number_refused"
        ]
    );
}

async fn number_and_create(here: &TestContext, there: &TestContext) {
    let user = here.add_user("bea@example.com", account::role::Role::User).await;
    let pass = here.issue_once(&user).await;
    let mut desktop = Visitor::new(here, "another laptop");
    desktop.redeem("bea@example.com", &pass).await.unwrap();
    with_number(here, there, &desktop).await;
}

async fn with_number(here: &TestContext, there: &TestContext, desktop: &Visitor<'_>) {
    let begun = begin(here, desktop).await.unwrap();
    let (id, ticket) = (begun.id, &begun.ticket);
    assert_eq!((begun.mode, begun.code), (Mode::Number, None), "a code typed by hand is not for this mode");
    assert_eq!(code(type_number(here, desktop, id, "47").await), "not_approved", "nobody shows a number yet");

    let mut phone = Visitor::new(there, "new phone");
    let seen = claim(there, &phone, ticket).await.unwrap();
    let number = seen.number.unwrap();
    assert_eq!((seen.needs, number.len()), (Need::Number, 2));
    let progress = follow(here, desktop, id).await.unwrap();
    assert_eq!((progress.stage, progress.tries_left), (Stage::Approve, 3));
    assert_eq!(code(begin_create(there, &mut phone, ticket).await), "not_approved");

    let wrong = if number == "47" { "48" } else { "47" };
    assert_eq!(code(type_number(here, desktop, id, wrong).await), "number_wrong");
    assert_eq!(follow(here, desktop, id).await.unwrap().tries_left, 2);
    assert_eq!(code(type_number(here, desktop, id, "4 7 1").await), "number_wrong");
    assert_eq!(follow(here, desktop, id).await.unwrap().tries_left, 2, "a slip costs no try");
    assert_eq!(open(there, &phone, ticket).await.unwrap().number.as_ref(), Some(&number), "the number stays");
    assert_eq!(type_number(here, desktop, id, &number).await.unwrap().stage, Stage::Approved);
    assert_eq!(open(there, &phone, ticket).await.unwrap().needs, Need::Create);

    let passkey = create(there, &mut phone, ticket).await.unwrap();
    assert_eq!(passkey.binding, Binding::TemporaryPass, "bound by what the computer had shown");
    assert_eq!(stage(here, desktop, id).await, Stage::CreatedOk);
    let pass = administer_passes::current(&here.cx, passkey.user).await.unwrap().unwrap();
    assert_eq!(pass.state, PassState::Spent { at: here.now() });
    let signed_in = phone.sign_in().await.unwrap();
    assert_eq!(signed_in.user.id, passkey.user);
    assert_eq!(stage(here, desktop, id).await, Stage::Tried);
}

pub(crate) async fn what_goes_wrong_on_the_phone_is_shown_and_can_be_tried_again(test: TestContext) {
    let (user, desktop) = settled(&test).await;
    let begun = begin(&test, &desktop).await.unwrap();
    let (id, ticket) = (begun.id, &begun.ticket);
    let mut phone = Visitor::new(&test, "phone");
    assert_eq!(code(report(&test, &phone, ticket, PhoneReport::Alive).await), "not_approved");
    sign_in(&test, &mut phone, &user).await;
    assert_eq!(claim(&test, &phone, ticket).await.unwrap().progress.stage, Stage::Approved);
    let reports = [
        (PhoneReport::Cancelled, Stage::PhoneCancelled, None),
        (PhoneReport::Duplicate, Stage::Duplicate, None),
        (
            PhoneReport::Unsupported(UnsupportedReason::InAppBrowser),
            Stage::PhoneUnsupported,
            Some("in-app-browser"),
        ),
    ];
    for (what, expected, reason) in reports {
        report(&test, &phone, ticket, PhoneReport::Prompting).await.unwrap();
        report(&test, &phone, ticket, what).await.unwrap();
        let progress = follow(&test, &desktop, id).await.unwrap();
        assert_eq!((progress.stage, progress.reason.as_deref()), (expected, reason));
    }
    let (state, _) = begin_create(&test, &mut phone, ticket).await.unwrap();
    assert_eq!(code(finish_create(&test, &phone, ticket, &(state, "{}".to_owned())).await), "unknown");
    let progress = follow(&test, &desktop, id).await.unwrap();
    assert_eq!((progress.stage, progress.reason.as_deref()), (Stage::Rejected, Some("unknown")));
    create(&test, &mut phone, ticket).await.unwrap();
    assert_eq!(stage(&test, &desktop, id).await, Stage::CreatedOk);
}
