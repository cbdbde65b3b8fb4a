//! `keyward request`.

use serde_json::{Value, json};
use service::administer_users::AdministerError;
use service::answer_requests::{self, Waiting};
use service::{Authority, Context};

use super::{Failure, open, print, table};
use crate::cli::{Common, Request as Command};
use crate::node::operator;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::List => {
            let waiting = answer_requests::list(cx, Authority::Operator).await?;
            let lines = Value::Array(waiting.iter().map(json).collect());
            print(common, &lines, || table(&waiting.iter().map(row).collect::<Vec<_>>()))
        }
        Command::Close { reference } => close(common, cx, &reference).await,
    }
}

async fn close(common: &Common, cx: &Context, reference: &str) -> Result<(), Failure> {
    let none = || Failure::refused("Nothing was changed: there is no open request with this reference.");
    let found = answer_requests::by_reference(cx, reference).await;
    let request = found.map_err(|error| match error {
        AdministerError::NotFound => none(),
        other => other.into(),
    })?;
    let closed = answer_requests::dismiss(cx, &mut operator(), Authority::Operator, request.id).await;
    closed.map_err(|error| match error {
        AdministerError::NotFound => none(),
        other => other.into(),
    })?;
    print(common, &json!({ "id": request.id, "reference": request.reference, "closed": true }), || {
        format!("The request {} is closed. Nothing about the account was changed.", request.reference)
    })
}

fn json(waiting: &Waiting) -> Value {
    let Waiting { request, user, .. } = waiting;
    json!({
        "id": request.id,
        "reference": request.reference,
        "user": user.id,
        "email": user.login.shown(),
        "name": user.name,
        "reason": request.reason,
        "contact": request.contact,
        "colleague": request.colleague,
        "at": request.at.to_string(),
    })
}

fn row(waiting: &Waiting) -> Vec<String> {
    let Waiting { request, user, .. } = waiting;
    vec![
        request.reference.clone(),
        user.login.shown().to_owned(),
        request.reason.as_str().to_owned(),
        request.at.to_string(),
        request.contact.clone(),
    ]
}
