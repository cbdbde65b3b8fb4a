//! Orders of passes move only from where they stand, and nobody else writes them.

use account::audit::Actor;
use account::pass_order::{Asked, Handover, Kind, Order, Standing};
use account::temporary_pass::Terms;
use account::user::User;
use primitives::time::Span;
use store::pass_orders;

use crate::fixture::{self, Fixture, NOW};
use crate::forged::each_is_forged;

async fn stored(f: &Fixture, user: &User) -> Order {
    let terms = Terms {
        starts: NOW,
        ends: NOW + Span::from_hours(8),
        one_time: true,
        reason: "new-starter".to_owned(),
    };
    let asked = Asked {
        user: user.id,
        asked_by: fixture::id(),
        picker: fixture::id(),
        kind: Kind::Ordered,
        terms,
        handover: Handover::InPerson,
    };
    let order = Order::ask(fixture::id(), asked, NOW).unwrap();
    let written = order.clone();
    f.write(move |tx| pass_orders::insert(tx, &written)).await;
    order
}

pub(crate) async fn an_order_is_found_and_moves_only_from_where_it_stands(f: Fixture) {
    let user = f.user("ada").await;
    let order = stored(&f, &user).await;
    let (id, owner, asker, picker) = (order.id, user.id, order.asked_by, order.picker);
    for found in [
        f.write(move |tx| pass_orders::of_user(tx, owner, 9)).await,
        f.write(move |tx| pass_orders::of_person(tx, asker, 9)).await,
        f.write(move |tx| pass_orders::of_person(tx, picker, 9)).await,
        f.write(move |tx| pass_orders::open(tx, NOW, 9)).await,
        f.write(move |tx| pass_orders::list(tx, None, 9)).await,
    ] {
        assert_eq!(found, std::slice::from_ref(&order));
    }
    assert_eq!(f.write(move |tx| pass_orders::count_open_of(tx, asker, NOW)).await, 1);
    assert!(f.write(move |tx| pass_orders::open(tx, NOW + Span::from_hours(8), 9)).await.is_empty());
    let approved = order.clone().approve(Actor::Operator, String::new(), NOW).unwrap();
    let declined = order.clone().decline(Actor::Operator, String::new(), NOW).unwrap();
    let (from, to) = (order.clone(), approved.clone());
    assert!(f.write(move |tx| pass_orders::advance(tx, &from, &to)).await);
    assert!(!f.write(move |tx| pass_orders::advance(tx, &order, &declined)).await, "somebody else was first");
    assert_eq!(f.write(move |tx| pass_orders::lock(tx, id)).await, Some(approved));
    f.db.pin_clock(Some(NOW + Span::from_days(99)));
    assert_eq!(f.write(pass_orders::sweep).await, 1);
}

pub(crate) async fn every_column_of_an_order(f: Fixture) {
    let user = f.user("ada").await;
    let order = stored(&f, &user).await;
    assert_eq!(order.standing(NOW), Standing::Asked);
    let id = order.id;
    each_is_forged(
        &f,
        "pass_orders",
        &[
            "asked_by = id",
            "picker = id",
            "at = at + 1",
            "ends = ends + 1",
            "body = replace(body, 'true', 'false')",
        ],
        move |tx| pass_orders::by_id(tx, id).map(|_| ()),
    )
    .await;
}
