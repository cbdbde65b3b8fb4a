//! Passes at work: refused where they are of no use, approved by a second person, ordered, picked up once, mailed, in bulk.

use account::action::Action;
use account::audit::Actor;
use account::group::Group;
use account::notice::NoticeKind;
use account::pass_mail::{Delivery, Part};
use account::pass_order::{Handover, Kind, Order, Standing};
use account::policy::{Audience, Policy};
use account::role::Role;
use account::temporary_pass::{Stated, Usability, Wish};
use account::user::{Directory, User};
use primitives::entropy::SystemEntropy;
use primitives::id::Id;
use primitives::time::Span;
use service::administer_passes::{self, Give, Granted, Issued};
use service::order_pass::{self, OrderError, Wanted};
use service::{Authority, administer_users, bulk_passes, deliver_passes, notify};
use store::{groups, users};
use testkit::{TestContext, Visitor};

fn wish() -> Wish {
    Wish { reason: "new-starter, id-card".to_owned(), ..Wish::default() }
}

fn second_approver(test: &TestContext) {
    test.cx.change_settings(|settings| settings.policy.second_approver = true);
}

/// Changes an account as a directory would.
async fn change(test: &TestContext, user: &User, change: impl Fn(&mut User) + Send + 'static) {
    let mut user = user.clone();
    change(&mut user);
    assert!(test.cx.db.write(move |tx| users::update(tx, &user)).await.unwrap());
}

async fn reports_to(test: &TestContext, user: &User, manager: &User) {
    let manager = manager.id;
    change(test, user, move |user| {
        user.directory = Directory {
            manager: Some(manager),
            private_email: Some("ana@private.example".to_owned()),
            ..Directory::default()
        };
    })
    .await;
}

async fn give(
    test: &TestContext,
    issuer: &mut Visitor<'_>,
    target: &User,
    how: Give,
) -> Result<Granted, OrderError> {
    issuer.confirm(Action::IssuePass(target.id)).await.unwrap();
    let who = issuer.who().await;
    let authority = Authority::Person(&who);
    administer_passes::give(&test.cx, &mut issuer.caller(), authority, target.id, (wish(), how)).await
}

fn wanted(test: &TestContext, user: &User) -> Wanted {
    Wanted {
        user: user.id,
        starts: None,
        ends: test.now() + Span::from_hours(24),
        one_time: true,
        stated: Stated::parse("new-starter", None, "").unwrap(),
        handover: Handover::InPerson,
    }
}

async fn order(test: &TestContext, orderer: &mut Visitor<'_>, wanted: Wanted) -> Result<Order, OrderError> {
    orderer.confirm(Action::OrderPass(wanted.user)).await.unwrap();
    let who = orderer.who().await;
    order_pass::order(&test.cx, &mut orderer.caller(), &who, wanted).await
}

async fn approve(test: &TestContext, desk: &mut Visitor<'_>, order: &Order) -> Result<Order, OrderError> {
    desk.confirm(Action::ApproveOrder(order.id)).await.unwrap();
    let who = desk.who().await;
    order_pass::approve(&test.cx, &mut desk.caller(), Authority::Person(&who), order.id, "seen").await
}

async fn pick_up(test: &TestContext, picker: &mut Visitor<'_>, order: &Order) -> Result<Granted, OrderError> {
    picker.confirm(Action::PickUpPass(order.id)).await.unwrap();
    let who = picker.who().await;
    let picked = order_pass::pick_up(&test.cx, &mut picker.caller(), &who, order.id).await;
    picked.map(|(_, granted)| granted)
}

fn issued(granted: Granted) -> Issued {
    let Granted::Issued(issued) = granted else { panic!("{granted:?}") };
    *issued
}

async fn told(test: &TestContext, user: &User) -> Vec<NoticeKind> {
    notify::of_user(&test.cx, user.id).await.unwrap().iter().map(|notice| notice.kind).collect()
}

#[tokio::test]
async fn nobody_gets_a_pass_that_would_be_of_no_use() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("user@example.com", Role::User).await;
    let issue = async || {
        let operator = Authority::Operator;
        let issued =
            administer_passes::issue(&test.cx, &mut test.operator(), operator, user.id, wish()).await;
        issued.map(|_| ()).map_err(|error| error.code())
    };
    let group = Id::new(test.now(), &mut SystemEntropy);
    let nobody = || Audience::Groups { of: vec![group], except: Vec::new() };
    test.cx.change_settings(|settings| settings.policy.passes.audience = nobody());
    assert_eq!(issue().await, Err("pass_out_of_audience"));
    test.cx.change_settings(|settings| settings.policy.passes.audience = Audience::Nobody);
    assert_eq!(issue().await, Err("passes_off"));
    test.cx.change_settings(|settings| {
        settings.policy = Policy::default();
        settings.policy.passkeys.audience = nobody();
    });
    assert_eq!(issue().await, Err("pass_without_passkeys"));
    test.cx.change_settings(|settings| settings.policy = Policy::default());
    assert_eq!(issue().await, Ok(()));
    change(&test, &user, |user| user.deleted = Some(user.created)).await;
    assert_eq!(issue().await, Err("deleted_user"));
}

#[tokio::test]
async fn a_pass_for_somebody_with_a_role_waits_for_a_second_person() {
    let test = TestContext::sqlite().await;
    second_approver(&test);
    let target = test.add_user("desk@example.com", Role::Helpdesk).await;
    let (mut first, mut second) = (Visitor::new(&test, "first"), Visitor::new(&test, "second"));
    let issuer = first.onboard("one@example.com", Role::Administrator).await;
    let approver = second.onboard("two@example.com", Role::Administrator).await;

    first.confirm(Action::IssuePass(target.id)).await.unwrap();
    let who = first.who().await;
    let authority = Authority::Person(&who);
    let plain = administer_passes::issue(&test.cx, &mut first.caller(), authority, target.id, wish()).await;
    assert_eq!(plain.unwrap_err().code(), "needs_approval");
    assert!(administer_passes::current(&test.cx, target.id).await.unwrap().is_none());

    let Granted::Ordered(order) = give(&test, &mut first, &target, Give::Show).await.unwrap() else {
        panic!("a pass for somebody with a role was issued by one person");
    };
    assert_eq!(order.kind, Kind::SecondPerson);
    assert!(told(&test, &approver).await.contains(&NoticeKind::ApprovalWanted));
    assert!(told(&test, &target).await.contains(&NoticeKind::PassOrdered));
    assert_eq!(approve(&test, &mut first, &order).await.unwrap_err().code(), "order_own");
    assert_eq!(pick_up(&test, &mut first, &order).await.unwrap_err().code(), "order_not_approved");
    approve(&test, &mut second, &order).await.unwrap();
    assert_eq!(approve(&test, &mut second, &order).await.unwrap_err().code(), "order_answered");
    assert_eq!(pick_up(&test, &mut second, &order).await.unwrap_err().code(), "order_not_yours");
    let of_privileged = async || {
        let told = told(&test, &issuer).await;
        told.iter().filter(|kind| **kind == NoticeKind::PrivilegedPass).count()
    };
    let before = of_privileged().await;
    let made = issued(pick_up(&test, &mut first, &order).await.unwrap());
    assert_eq!(made.pass.issuer, Actor::User(approver.id), "whoever approved stands for it");
    assert_eq!(pick_up(&test, &mut first, &order).await.unwrap_err().code(), "order_picked_up");
    assert!(told(&test, &approver).await.contains(&NoticeKind::PrivilegedPass));
    assert_eq!(of_privileged().await, before, "who picks it up knows");
    let mut desk = Visitor::new(&test, "desk");
    desk.redeem("desk@example.com", &made.value).await.unwrap();
}

#[tokio::test]
async fn an_approval_is_wanted_for_an_hour_and_by_those_who_may() {
    let test = TestContext::sqlite().await;
    second_approver(&test);
    let target = test.add_user("root@example.com", Role::Administrator).await;
    let (mut first, mut desk) = (Visitor::new(&test, "first"), Visitor::new(&test, "desk"));
    first.onboard("one@example.com", Role::Administrator).await;
    desk.onboard("help@example.com", Role::Helpdesk).await;
    let Granted::Ordered(order) = give(&test, &mut first, &target, Give::Show).await.unwrap() else {
        panic!("no order");
    };
    assert_eq!(approve(&test, &mut desk, &order).await.unwrap_err().code(), "role_too_low");
    assert_eq!(give(&test, &mut first, &target, Give::Manager).await.unwrap_err().code(), "order_for_role");
    test.advance(Span::from_hours(1));
    let mut second = Visitor::new(&test, "second");
    second.onboard("two@example.com", Role::Administrator).await;
    assert_eq!(approve(&test, &mut second, &order).await.unwrap_err().code(), "order_expired");
}

#[tokio::test]
async fn a_manager_orders_the_helpdesk_approves_and_the_pass_is_seen_once() {
    let test = TestContext::sqlite().await;
    let (mut boss, mut desk) = (Visitor::new(&test, "boss"), Visitor::new(&test, "desk"));
    let manager = boss.onboard("boss@example.com", Role::User).await;
    desk.onboard("help@example.com", Role::Helpdesk).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    let stranger = test.add_user("other@example.com", Role::User).await;
    assert!(!order_pass::orderer(&test.cx, &boss.who().await).await.unwrap().may());
    reports_to(&test, &ana, &manager).await;
    let orderer = order_pass::orderer(&test.cx, &boss.who().await).await.unwrap();
    assert_eq!(orderer.reports.iter().map(|user| user.id).collect::<Vec<_>>(), [ana.id]);

    let refused = order(&test, &mut boss, wanted(&test, &stranger)).await;
    assert_eq!(refused.unwrap_err().code(), "order_not_allowed");
    let himself = order(&test, &mut boss, wanted(&test, &manager)).await;
    assert_eq!(himself.unwrap_err().code(), "not_for_oneself");
    let short = Wanted { ends: test.now() + Span::from_minutes(5), ..wanted(&test, &ana) };
    assert_eq!(order(&test, &mut boss, short).await.unwrap_err().code(), "lifetime_too_short");

    let placed = order(&test, &mut boss, wanted(&test, &ana)).await.unwrap();
    assert!(told(&test, &ana).await.contains(&NoticeKind::PassOrdered));
    assert_eq!(pick_up(&test, &mut boss, &placed).await.unwrap_err().code(), "order_not_approved");
    let waiting = order_pass::open(&test.cx, Authority::Person(&desk.who().await)).await.unwrap();
    assert!(waiting.len() == 1 && waiting[0].answerable);
    approve(&test, &mut desk, &placed).await.unwrap();
    assert!(told(&test, &manager).await.contains(&NoticeKind::OrderApproved));
    let made = issued(pick_up(&test, &mut boss, &placed).await.unwrap());
    assert_eq!(made.pass.ends, placed.terms.ends);
    assert_eq!(pick_up(&test, &mut boss, &placed).await.unwrap_err().code(), "order_picked_up");
    assert!(told(&test, &ana).await.contains(&NoticeKind::PassIssued));
    let mine = order_pass::mine(&test.cx, &boss.who().await).await.unwrap();
    assert_eq!(mine[0].order.standing(test.now()), Standing::PickedUp);
    Visitor::new(&test, "ana").redeem("ana@example.com", &made.value).await.unwrap();
}

#[tokio::test]
async fn what_an_order_rests_on_must_hold_until_it_is_picked_up() {
    let test = TestContext::sqlite().await;
    let (mut boss, mut desk) = (Visitor::new(&test, "boss"), Visitor::new(&test, "desk"));
    let manager = boss.onboard("boss@example.com", Role::User).await;
    let help = desk.onboard("help@example.com", Role::Helpdesk).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    reports_to(&test, &ana, &manager).await;
    let placed = order(&test, &mut boss, wanted(&test, &ana)).await.unwrap();
    approve(&test, &mut desk, &placed).await.unwrap();

    change(&test, &ana, |user| user.directory.manager = None).await;
    assert_eq!(pick_up(&test, &mut boss, &placed).await.unwrap_err().code(), "order_not_allowed");
    reports_to(&test, &ana, &manager).await;
    let operator = Authority::Operator;
    administer_users::set_role(&test.cx, &mut test.operator(), operator, ana.id, Role::Reader).await.unwrap();
    assert_eq!(pick_up(&test, &mut boss, &placed).await.unwrap_err().code(), "approval_void");
    administer_users::set_role(&test.cx, &mut test.operator(), operator, ana.id, Role::User).await.unwrap();
    administer_users::disable(&test.cx, &mut test.operator(), operator, help.id).await.unwrap();
    assert_eq!(pick_up(&test, &mut boss, &placed).await.unwrap_err().code(), "approval_void");
    administer_users::enable(&test.cx, &mut test.operator(), operator, help.id).await.unwrap();
    test.cx.change_settings(|settings| settings.policy.passes.audience = Audience::Nobody);
    assert_eq!(pick_up(&test, &mut boss, &placed).await.unwrap_err().code(), "passes_off");
    test.cx.change_settings(|settings| settings.policy.passes.audience = Audience::everybody());
    test.advance(Span::from_hours(24));
    boss.sign_in().await.unwrap();
    assert_eq!(pick_up(&test, &mut boss, &placed).await.unwrap_err().code(), "order_expired");
    assert!(administer_passes::current(&test.cx, ana.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_contact_orders_for_everybody_without_a_role() {
    let test = TestContext::sqlite().await;
    let mut contact = Visitor::new(&test, "contact");
    let me = contact.onboard("it@example.com", Role::User).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    let admin = test.add_user("admin@example.com", Role::Administrator).await;
    let now = test.now();
    let group = Group {
        id: Id::new(now, &mut SystemEntropy),
        name: "IT contacts".to_owned(),
        description: String::new(),
        external_id: None,
        created: now,
        changed: now,
    };
    let id = group.id;
    assert!(test.cx.db.write(move |tx| groups::insert(tx, &group)).await.unwrap());
    test.cx.change_settings(|settings| settings.orders.contacts = Some("it CONTACTS".to_owned()));
    assert_eq!(
        order(&test, &mut contact, wanted(&test, &ana)).await.unwrap_err().code(),
        "order_not_allowed"
    );
    change(&test, &me, move |user| user.groups = vec![id]).await;
    let placed = order(&test, &mut contact, wanted(&test, &ana)).await.unwrap();
    assert_eq!(order(&test, &mut contact, wanted(&test, &admin)).await.unwrap_err().code(), "order_for_role");
    let who = contact.who().await;
    order_pass::withdraw(&test.cx, &mut contact.caller(), &who, placed.id).await.unwrap();
    let again = order_pass::withdraw(&test.cx, &mut contact.caller(), &who, placed.id).await;
    assert_eq!(again.unwrap_err().code(), "order_answered");
    for named in ["ana@example.com", &ana.id.to_string()] {
        assert_eq!(order_pass::find(&test.cx, &who, named).await.unwrap().id, ana.id);
    }
    assert_eq!(order_pass::find(&test.cx, &who, "nobody").await.unwrap_err().code(), "order_not_allowed");
}

#[tokio::test]
async fn a_mailed_pass_goes_out_in_two_mails_that_never_hold_name_and_value() {
    let test = TestContext::sqlite().await;
    let mut desk = Visitor::new(&test, "desk");
    let help = desk.onboard("help@example.com", Role::Helpdesk).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    assert_eq!(give(&test, &mut desk, &ana, Give::Mail).await.unwrap_err().code(), "private_address_missing");
    assert_eq!(give(&test, &mut desk, &ana, Give::Manager).await.unwrap_err().code(), "manager_missing");
    reports_to(&test, &ana, &help).await;
    let Granted::Mailed(pass) = give(&test, &mut desk, &ana, Give::Mail).await.unwrap() else {
        panic!("shown")
    };
    let holder = [1; 16];
    let out = deliver_passes::claim(&test.cx, holder).await.unwrap();
    assert_eq!(out.len(), 2);
    assert!(out.iter().all(|mail| mail.to == "ana@private.example" && mail.pass.id == pass.id));
    let value = |part| out.iter().find(|mail| mail.mail.part == part).unwrap().value.clone();
    assert!(value(Part::Instructions).is_none());
    assert!(deliver_passes::claim(&test.cx, [2; 16]).await.unwrap().is_empty(), "one node has them");
    assert!(deliver_passes::sent(&test.cx, &mut test.operator(), holder, &out[0]).await.unwrap());
    let given_up = deliver_passes::not_sent(&test.cx, &mut test.operator(), holder, (&out[1], "no")).await;
    assert!(!given_up.unwrap(), "it is tried again");
    test.advance(Span::from_minutes(2));
    let again = deliver_passes::claim(&test.cx, holder).await.unwrap();
    assert_eq!(again.len(), 1);
    assert!(deliver_passes::sent(&test.cx, &mut test.operator(), holder, &again[0]).await.unwrap());
    let mails = deliver_passes::of_pass(&test.cx, pass.id).await.unwrap();
    assert!(mails.iter().all(|mail| mail.delivery == Delivery::Sent && mail.sealed.is_none()));
    assert_eq!(test.count_events("pass_mailed").await, 1);
    let value = value(Part::Pass).unwrap();
    Visitor::new(&test, "ana").redeem("ana@example.com", &value).await.unwrap();
}

#[tokio::test]
async fn a_pass_that_was_replaced_is_mailed_no_more() {
    let test = TestContext::sqlite().await;
    let mut desk = Visitor::new(&test, "desk");
    let help = desk.onboard("help@example.com", Role::Helpdesk).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    reports_to(&test, &ana, &help).await;
    let Granted::Mailed(pass) = give(&test, &mut desk, &ana, Give::Mail).await.unwrap() else {
        panic!("shown")
    };
    give(&test, &mut desk, &ana, Give::Show).await.unwrap();
    assert!(deliver_passes::claim(&test.cx, [1; 16]).await.unwrap().is_empty());
    let mails = deliver_passes::of_pass(&test.cx, pass.id).await.unwrap();
    assert!(mails.iter().all(|mail| mail.delivery == Delivery::Failed && mail.sealed.is_none()));
}

#[tokio::test]
async fn what_a_manager_picks_up_is_his_alone() {
    let test = TestContext::sqlite().await;
    let (mut desk, mut boss) = (Visitor::new(&test, "desk"), Visitor::new(&test, "boss"));
    desk.onboard("help@example.com", Role::Helpdesk).await;
    let manager = boss.onboard("boss@example.com", Role::User).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    reports_to(&test, &ana, &manager).await;
    let Granted::Ordered(order) = give(&test, &mut desk, &ana, Give::Manager).await.unwrap() else {
        panic!("shown");
    };
    assert!(told(&test, &manager).await.contains(&NoticeKind::OrderApproved));
    assert_eq!(pick_up(&test, &mut desk, &order).await.unwrap_err().code(), "order_not_yours");
    issued(pick_up(&test, &mut boss, &order).await.unwrap());
}

#[tokio::test]
async fn a_list_is_issued_in_one_commit_and_says_who_is_left_out() {
    let test = TestContext::sqlite().await;
    let mut desk = Visitor::new(&test, "desk");
    desk.onboard("help@example.com", Role::Helpdesk).await;
    for login in ["ana@example.com", "ben@example.com"] {
        test.add_user(login, Role::User).await;
    }
    test.add_user("admin@example.com", Role::Administrator).await;
    let text = "login\nana@example.com\nnobody\nANA@example.com\nadmin@example.com\nhelp@example.com\nben@example.com";
    let lines = bulk_passes::parse(text, bulk_passes::MOST).unwrap();
    let digest = bulk_passes::digest(&lines, &wish());
    let who = desk.who().await;
    let unconfirmed =
        bulk_passes::issue(&test.cx, &mut desk.caller(), Authority::Person(&who), lines.clone(), wish())
            .await;
    assert_eq!(unconfirmed.unwrap_err().code(), "confirm_needed");
    desk.confirm(Action::IssuePasses(digest)).await.unwrap();
    let who = desk.who().await;
    let other = bulk_passes::parse("ben@example.com", bulk_passes::MOST).unwrap();
    let swapped =
        bulk_passes::issue(&test.cx, &mut desk.caller(), Authority::Person(&who), other, wish()).await;
    assert_eq!(swapped.unwrap_err().code(), "confirm_needed", "another list was confirmed");
    let outcomes = bulk_passes::issue(&test.cx, &mut desk.caller(), Authority::Person(&who), lines, wish())
        .await
        .unwrap();
    let codes: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.looked.problem.as_ref().map(|problem| problem.code()))
        .collect();
    let left_out = [
        None,
        Some("user_unknown"),
        Some("duplicate"),
        Some("privileged_skipped"),
        Some("not_for_oneself"),
        None,
    ];
    assert_eq!(codes, left_out);
    let made: Vec<&Issued> = outcomes.iter().filter_map(|outcome| outcome.issued.as_ref()).collect();
    assert_eq!(made.len(), 2);
    assert_ne!(made[0].pass.serial(), made[1].pass.serial());
    Visitor::new(&test, "ben").redeem("ben@example.com", &made[1].value).await.unwrap();
    let listed =
        administer_passes::listed(&test.cx, Authority::Person(&who), None, (true, 50)).await.unwrap();
    assert_eq!(listed.len(), 2);
    let policy = &test.cx.settings().policy.passes.terms;
    assert!(listed.iter().all(|listed| listed.pass.usability(test.now(), policy) == Usability::Usable));
}
