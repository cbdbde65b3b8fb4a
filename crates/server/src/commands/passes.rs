//! `keyward pass`.

use std::path::Path;

use account::temporary_pass::{IssueRefusal, Pass, Wish, grouped};
use account::user::Login;
use serde_json::{Value, json};
use service::administer_passes::{self, Issued};
use service::administer_users::{self, AdministerError};
use service::{Authority, Context};

use super::letter;
use super::users::find;
use super::{Failure, open, print, table};
use crate::cli::{Common, Pass as Command};
use crate::context::system_now;
use crate::node::operator;

/// Passes read from the store at once.
const PAGE: u32 = 500;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Issue { email, lifetime, once, start, reason, letter } => {
            let wish = Wish { lifetime, starts: start, one_time: once, reason };
            issue(common, cx, &email, wish, letter.as_deref()).await
        }
        Command::List { email } => {
            let passes = match email {
                Some(email) => administer_users::show(cx, email.shown()).await?.pass.into_iter().collect(),
                None => all(cx).await?,
            };
            let lines = Value::Array(passes.iter().map(|pass| json(pass, cx)).collect());
            print(common, &lines, || table(&passes.iter().map(|pass| row(pass, cx)).collect::<Vec<_>>()))
        }
        Command::Revoke { email } => {
            let user = find(cx, &email).await?;
            administer_passes::revoke(cx, &mut operator(), Authority::Operator, user).await?;
            print(common, &json!({ "email": email.shown(), "revoked": true }), || {
                format!("The pass of {email} no longer works.")
            })
        }
    }
}

async fn issue(
    common: &Common,
    cx: &Context,
    email: &Login,
    wish: Wish,
    letter: Option<&Path>,
) -> Result<(), Failure> {
    let user = find(cx, email).await?;
    // Before the pass, which takes the place of an earlier one: a letter that cannot be written costs nothing then.
    let paper = letter.map(letter::open).transpose()?;
    let issued = administer_passes::issue(cx, &mut operator(), Authority::Operator, user, wish).await;
    let Issued { pass, value } = issued.map_err(not_issued)?;
    // The one place where the value is shown; whoever runs this command hands it on.
    let shown = grouped(&value);
    let value = shown.reveal();
    if let Some(paper) = paper {
        let shown = administer_users::show(cx, email.shown()).await?;
        letter::write(common, paper, &shown.user, &pass, value)?;
    }
    let json = json!({
        "id": pass.id,
        "pass": value,
        "startsAt": pass.starts.to_string(),
        "endsAt": pass.ends.to_string(),
        "oneTime": pass.one_time,
    });
    print(common, &json, || {
        let uses = if pass.one_time { ", once" } else { "" };
        format!(
            "{value}\nIt signs {email} in from {} until {}{uses}, and is not shown again.",
            pass.starts, pass.ends
        )
    })
}

fn not_issued(error: AdministerError) -> Failure {
    let why = match error {
        AdministerError::Issue(IssueRefusal::PassesOff) => "passes are turned off",
        AdministerError::Issue(IssueRefusal::LifetimeTooShort) => {
            "the lifetime is shorter than `passes.shortest`"
        }
        AdministerError::Issue(IssueRefusal::LifetimeTooLong) => {
            "the lifetime is longer than `passes.longest`"
        }
        AdministerError::Issue(IssueRefusal::StartTooLate) => "it would start more than 90 days from now",
        AdministerError::Issue(IssueRefusal::EndsInThePast) => "it would have ended already",
        AdministerError::Issue(IssueRefusal::ReasonTooLong) => "the reason has more than 500 characters",
        AdministerError::Issue(IssueRefusal::ReasonControlCharacter) => "the reason holds control characters",
        other => return other.into(),
    };
    Failure::refused(format!("No pass was issued: {why}."))
}

async fn all(cx: &Context) -> Result<Vec<Pass>, Failure> {
    let mut passes: Vec<Pass> = Vec::new();
    loop {
        let page = administer_passes::list(cx, passes.last().map(|pass| pass.id), PAGE).await?;
        if page.is_empty() {
            return Ok(passes);
        }
        passes.extend(page);
    }
}

fn state(pass: &Pass, cx: &Context) -> &'static str {
    let code = pass.usability(system_now(), &cx.settings().policy.of_anybody().passes).code();
    code.strip_prefix("pass_").unwrap_or(code)
}

/// A pass without its value.
pub(super) fn json(pass: &Pass, cx: &Context) -> Value {
    json!({
        "id": pass.id,
        "user": pass.user,
        "state": state(pass, cx),
        "startsAt": pass.starts.to_string(),
        "endsAt": pass.ends.to_string(),
        "oneTime": pass.one_time,
        "issuer": pass.issuer,
        "reason": pass.reason,
    })
}

pub(super) fn row(pass: &Pass, cx: &Context) -> Vec<String> {
    let uses = if pass.one_time { "once" } else { "" };
    vec![
        format!("pass of {}", pass.user),
        state(pass, cx).to_owned(),
        pass.starts.to_string(),
        pass.ends.to_string(),
        uses.to_owned(),
    ]
}
