//! `keyward order`.

use serde_json::{Value, json};
use service::Authority;
use service::order_pass::{self, Shown};

use super::{Failure, open, print, table};
use crate::cli::{Common, OrderCommand as Command};
use crate::context::system_now;
use crate::node::operator;

/// Orders that a list holds at most.
const MOST: u32 = 200;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::List { all } => {
            let found = if all {
                order_pass::list(cx, Authority::Operator, None, MOST).await
            } else {
                order_pass::open(cx, Authority::Operator).await
            };
            let orders = found.map_err(|error| refused(&error))?;
            let lines = Value::Array(orders.iter().map(json).collect());
            print(common, &lines, || table(&orders.iter().map(row).collect::<Vec<_>>()))
        }
        Command::Approve { id, note } => {
            let answered = order_pass::approve(cx, &mut operator(), Authority::Operator, id, &note).await;
            let order = answered.map_err(|error| refused(&error))?;
            print(common, &json!({ "id": order.id, "state": order.state.name() }), || {
                "The order is approved; whoever picks it up was told.".to_owned()
            })
        }
        Command::Decline { id, note } => {
            let answered = order_pass::decline(cx, &mut operator(), Authority::Operator, id, &note).await;
            let order = answered.map_err(|error| refused(&error))?;
            print(common, &json!({ "id": order.id, "state": order.state.name() }), || {
                "The order is declined; whoever asked was told.".to_owned()
            })
        }
    }
}

fn refused(error: &order_pass::OrderError) -> Failure {
    Failure::refused(format!("Nothing was changed ({}).", error.code()))
}

fn json(shown: &Shown) -> Value {
    let Shown { order, user, asked_by, picker, .. } = shown;
    json!({
        "id": order.id,
        "user": user.id,
        "email": user.login.shown(),
        "name": user.name,
        "kind": order.kind,
        "state": order.standing(system_now()),
        "askedBy": asked_by,
        "pickedUpBy": picker,
        "startsAt": order.terms.starts.to_string(),
        "endsAt": order.terms.ends.to_string(),
        "oneTime": order.terms.one_time,
        "reason": order.terms.reason,
        "handover": order.handover,
        "at": order.at.to_string(),
        "expiresAt": order.ends.to_string(),
    })
}

fn row(shown: &Shown) -> Vec<String> {
    vec![
        shown.order.id.to_string(),
        shown.user.login.shown().to_owned(),
        shown.order.standing(system_now()).to_string(),
        format!("{} to {}", shown.order.terms.starts, shown.order.terms.ends),
        format!("asked by {}", shown.asked_by),
    ]
}
