//! Races for one order: two approvers, an approval against a refusal, and picking it up twice.

use std::sync::Arc;

use account::action::Action;
use account::pass_order::{Handover, Order, OrderId};
use account::role::Role;
use account::temporary_pass::Stated;
use account::user::User;
use primitives::time::Span;
use service::order_pass::{self, Wanted};
use service::{Authority, Who};
use store::{pass_orders, temporary_passes, users};
use testkit::race::{assert_one_winner, race, rounds};
use testkit::{TestContext, Visitor};

/// A manager, somebody who reports to them, and so many helpdesks.
struct Scene<'t> {
    boss: Visitor<'t>,
    desks: Vec<Visitor<'t>>,
    ana: User,
}

async fn scene(test: &TestContext, desks: usize) -> Scene<'_> {
    let mut boss = Visitor::new(test, "boss");
    let manager = boss.onboard("boss@example.com", Role::User).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    let mut reporting = ana.clone();
    reporting.directory.manager = Some(manager.id);
    assert!(test.cx.db.write(move |tx| users::update(tx, &reporting)).await.unwrap());
    let mut helpers = Vec::new();
    for number in 0..desks {
        let mut desk = Visitor::new(test, &format!("desk {number}"));
        desk.onboard(&format!("help{number}@example.com"), Role::Helpdesk).await;
        helpers.push(desk);
    }
    Scene { boss, desks: helpers, ana }
}

async fn order(test: &TestContext, scene: &mut Scene<'_>) -> Order {
    let wanted = Wanted {
        user: scene.ana.id,
        starts: None,
        ends: test.now() + Span::from_hours(8),
        one_time: false,
        stated: Stated::parse("new-starter", None, "").unwrap(),
        handover: Handover::InPerson,
    };
    scene.boss.confirm(Action::OrderPass(scene.ana.id)).await.unwrap();
    let who = scene.boss.who().await;
    order_pass::order(&test.cx, &mut scene.boss.caller(), &who, wanted).await.unwrap()
}

async fn state(test: &TestContext, id: OrderId) -> String {
    let order = test.cx.db.read(move |tx| pass_orders::by_id(tx, id)).await.unwrap().unwrap();
    order.state.name().to_owned()
}

async fn several_approve_and_decline(test: TestContext) {
    let mut scene = scene(&test, 6).await;
    for _ in 0..rounds(&test).min(10) {
        let placed = order(&test, &mut scene).await;
        let mut racers: Vec<(bool, Who, service::Caller)> = Vec::new();
        for (index, desk) in scene.desks.iter_mut().enumerate() {
            let yes = index % 2 == 0;
            let action = if yes { Action::ApproveOrder(placed.id) } else { Action::DeclineOrder(placed.id) };
            desk.confirm(action).await.unwrap();
            racers.push((yes, desk.who().await, desk.caller()));
        }
        let outcomes = race(racers.into_iter().map(|(yes, who, mut caller)| {
            let (cx, id) = (Arc::clone(&test.cx), placed.id);
            async move {
                let authority = Authority::Person(&who);
                let answered = if yes {
                    order_pass::approve(&cx, &mut caller, authority, id, "").await
                } else {
                    order_pass::decline(&cx, &mut caller, authority, id, "").await
                };
                answered.map(|order| order.state.name().to_owned()).map_err(|error| error.code())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["order_answered"]);
        let winner = outcomes.into_iter().find_map(Result::ok).unwrap();
        assert_eq!(state(&test, placed.id).await, winner, "what the winner was told is what stands");
    }
}

async fn picking_up_twice(test: TestContext) {
    let mut scene = scene(&test, 1).await;
    for _ in 0..rounds(&test).min(10) {
        let placed = order(&test, &mut scene).await;
        let desk = scene.desks.first_mut().unwrap();
        desk.confirm(Action::ApproveOrder(placed.id)).await.unwrap();
        let who = desk.who().await;
        order_pass::approve(&test.cx, &mut desk.caller(), Authority::Person(&who), placed.id, "")
            .await
            .unwrap();
        let before = count(&test, &scene.ana).await;
        // Two browsers of the same manager, and two requests of each.
        scene.boss.confirm(Action::PickUpPass(placed.id)).await.unwrap();
        let who = scene.boss.who().await;
        let racers: Vec<_> = (0..8).map(|_| (who.clone(), scene.boss.caller())).collect();
        let outcomes = race(racers.into_iter().map(|(who, mut caller)| {
            let (cx, id) = (Arc::clone(&test.cx), placed.id);
            async move {
                let picked = order_pass::pick_up(&cx, &mut caller, &who, id).await;
                picked.map(|_| ()).map_err(|error| error.code())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["confirm_needed", "order_picked_up", "busy"]);
        assert_eq!(count(&test, &scene.ana).await, before + 1, "one pass was made");
    }
}

async fn count(test: &TestContext, user: &User) -> usize {
    let user = user.id;
    test.cx.db.read(move |tx| temporary_passes::of_user(tx, user)).await.unwrap().len()
}

async fn a_withdrawal_against_picking_up(test: TestContext) {
    let mut scene = scene(&test, 1).await;
    for _ in 0..rounds(&test).min(10) {
        let placed = order(&test, &mut scene).await;
        let desk = scene.desks.first_mut().unwrap();
        desk.confirm(Action::ApproveOrder(placed.id)).await.unwrap();
        let who = desk.who().await;
        order_pass::approve(&test.cx, &mut desk.caller(), Authority::Person(&who), placed.id, "")
            .await
            .unwrap();
        scene.boss.confirm(Action::PickUpPass(placed.id)).await.unwrap();
        let who = scene.boss.who().await;
        let racers: Vec<_> = [true, false].map(|picks| (picks, who.clone(), scene.boss.caller())).into();
        let outcomes = race(racers.into_iter().map(|(picks, who, mut caller)| {
            let (cx, id) = (Arc::clone(&test.cx), placed.id);
            async move {
                let done = if picks {
                    order_pass::pick_up(&cx, &mut caller, &who, id).await.map(|_| ())
                } else {
                    order_pass::withdraw(&cx, &mut caller, &who, id).await.map(|_| ())
                };
                done.map_err(|error| error.code())
            }
        }))
        .await;
        assert_one_winner(&outcomes, &["order_answered"]);
    }
}

testkit::on_both_databases! {
    several_approve_and_decline,
    picking_up_twice,
    a_withdrawal_against_picking_up,
}
