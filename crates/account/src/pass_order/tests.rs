use super::*;
use crate::samples::{NOW, id};

const ANA: u8 = 1;
const MANAGER: u8 = 2;
const HELP: u8 = 3;

fn asked(kind: Kind) -> Asked {
    let terms = Terms {
        starts: NOW + Span::from_hours(24),
        ends: NOW + Span::from_hours(32),
        one_time: true,
        reason: "new-starter".to_owned(),
    };
    Asked {
        user: id(ANA),
        asked_by: id(MANAGER),
        picker: id(MANAGER),
        kind,
        terms,
        handover: Handover::InPerson,
    }
}

fn order(kind: Kind) -> Order {
    Order::ask(id(9), asked(kind), NOW).unwrap()
}

fn help() -> Actor {
    Actor::User(id(HELP))
}

#[test]
fn an_order_goes_its_way() {
    let order = order(Kind::Ordered);
    assert_eq!(order.standing(NOW), Standing::Asked);
    assert_eq!(order.ends, order.terms.ends, "as long as the pass would");
    assert_eq!(order.may_pick_up(id(MANAGER), NOW), Err(OrderRefusal::NotApproved));
    let order = order.approve(help(), String::new(), NOW).unwrap();
    assert_eq!(order.standing(NOW), Standing::Approved);
    assert_eq!(order.may_pick_up(id(MANAGER), NOW), Ok(help()));
    assert_eq!(order.may_pick_up(id(HELP), NOW), Err(OrderRefusal::NotYours));
    let order = order.pick_up(id(MANAGER), id(7), NOW).unwrap();
    assert_eq!(order.standing(NOW), Standing::PickedUp);
    assert_eq!(order.may_pick_up(id(MANAGER), NOW), Err(OrderRefusal::PickedUp));
    assert_eq!(order.clone().withdraw(id(MANAGER), NOW), Err(OrderRefusal::Answered));
    assert_eq!(order.standing(NOW + Span::from_days(9)), Standing::PickedUp, "what happened stays so");
}

#[test]
fn nobody_answers_his_own_or_about_himself() {
    let own = Actor::User(id(MANAGER));
    assert_eq!(order(Kind::Ordered).approve(own, String::new(), NOW), Err(OrderRefusal::Own));
    assert_eq!(order(Kind::SecondPerson).decline(own, String::new(), NOW), Err(OrderRefusal::Own));
    let ana = Actor::User(id(ANA));
    assert_eq!(order(Kind::Ordered).approve(ana, String::new(), NOW), Err(OrderRefusal::Oneself));
    for (asked_by, picker) in [(ANA, MANAGER), (MANAGER, ANA)] {
        let asked = Asked { asked_by: id(asked_by), picker: id(picker), ..asked(Kind::Ordered) };
        assert_eq!(Order::ask(id(9), asked, NOW), Err(OrderRefusal::Oneself));
    }
    assert_eq!(order(Kind::Ordered).withdraw(id(HELP), NOW), Err(OrderRefusal::NotYours));
}

#[test]
fn one_answer_is_the_last() {
    let declined = order(Kind::Ordered).decline(help(), "not known here".to_owned(), NOW).unwrap();
    assert_eq!(declined.clone().approve(help(), String::new(), NOW), Err(OrderRefusal::Answered));
    assert_eq!(declined.may_pick_up(id(MANAGER), NOW), Err(OrderRefusal::Answered));
    let approved = order(Kind::Ordered).approve(help(), String::new(), NOW).unwrap();
    assert_eq!(approved.clone().decline(help(), String::new(), NOW), Err(OrderRefusal::Answered));
    let withdrawn = approved.withdraw(id(MANAGER), NOW).unwrap();
    assert_eq!(withdrawn.may_pick_up(id(MANAGER), NOW), Err(OrderRefusal::Answered));
}

#[test]
fn time_ends_it_to_the_microsecond() {
    let second = order(Kind::SecondPerson);
    let end = NOW + APPROVAL;
    assert_eq!(second.ends, end);
    assert_eq!(second.clone().approve(help(), String::new(), end), Err(OrderRefusal::Expired));
    let just = Timestamp::from_micros(end.micros() - 1);
    let approved = second.approve(help(), String::new(), just).unwrap();
    assert!(approved.is_open(just));
    assert_eq!(approved.may_pick_up(id(MANAGER), end), Err(OrderRefusal::Expired));
    assert_eq!(approved.standing(end), Standing::Expired);
    assert_eq!(approved.withdraw(id(MANAGER), end), Err(OrderRefusal::Expired));
}

#[test]
fn what_was_issued_for_the_manager_only_waits_for_him() {
    let asked = Asked { asked_by: id(HELP), ..asked(Kind::ForManager) };
    let order = Order::ask(id(9), asked, NOW).unwrap();
    assert_eq!(order.may_pick_up(id(MANAGER), NOW), Ok(help()));
    assert_eq!(order.may_pick_up(id(HELP), NOW), Err(OrderRefusal::NotYours));
}

#[test]
fn a_note_is_bounded() {
    assert_eq!(parse_note("  seen  ").as_deref(), Ok("seen"));
    assert_eq!(parse_note(&"x".repeat(401)), Err(OrderRefusal::Note));
    assert_eq!(parse_note("a\u{202e}b"), Err(OrderRefusal::Note));
}

#[test]
fn codes_stand() {
    use OrderRefusal as R;
    let codes = [
        (R::Oneself, "not_for_oneself"),
        (R::Own, "order_own"),
        (R::NotYours, "order_not_yours"),
        (R::Expired, "order_expired"),
        (R::Answered, "order_answered"),
        (R::NotApproved, "order_not_approved"),
        (R::PickedUp, "order_picked_up"),
        (R::Note, "order_note"),
    ];
    for (refusal, code) in codes {
        assert_eq!(refusal.code(), code);
    }
}
