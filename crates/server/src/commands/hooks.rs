//! `keyward hook`.

use account::hook::{Hook, HookId, Terms};
use serde_json::{Value, json};
use service::hooks::{self as use_case, Added, Change, HookError};
use service::{Authority, Context};

use super::{Failure, open, print, table};
use crate::cli::{Common, Hook as Command};
use crate::config::Config;
use crate::hooks;
use crate::node::operator;
use crate::outbound::Outbound;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Add { url, kinds, personal } => {
            let terms = Terms::new(&url.to_string(), kinds, personal);
            let terms = terms.map_err(|refusal| refused(HookError::Terms(refusal)))?;
            let added = use_case::add(cx, &mut operator(), Authority::Operator, terms).await;
            let Added { hook, secret } = added.map_err(refused)?;
            // The one place where the secret is shown; whoever runs this command hands it on.
            let secret = secret.reveal();
            let line = json!({ "id": hook.id, "url": hook.terms.url, "secret": secret });
            print(common, &line, || {
                format!("{secret}\nIt signs what {} is sent, and is not shown again.", hook.terms.host())
            })
        }
        Command::List => {
            let found = use_case::list(cx).await?;
            let lines = Value::Array(found.iter().map(json_of).collect());
            print(common, &lines, || table(&found.iter().map(row).collect::<Vec<_>>()))
        }
        Command::Test { id } => test(common, cx, id).await,
        Command::Enable { id } => switch(common, cx, id, true).await,
        Command::Disable { id } => switch(common, cx, id, false).await,
        Command::Remove { id } => {
            let removed = use_case::remove(cx, &mut operator(), Authority::Operator, id).await;
            let hook = removed.map_err(refused)?;
            print(common, &json_of(&hook), || format!("{} is sent nothing more.", hook.terms.host()))
        }
    }
}

async fn test(common: &Common, cx: &Context, id: HookId) -> Result<(), Failure> {
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let outbound = Outbound::new(&config.outbound).map_err(Failure::usage)?;
    let (hook, outcome) = hooks::test(cx, &mut operator(), &outbound, id).await.map_err(refused)?;
    let (host, status) = (hook.terms.host(), outcome.status());
    if !outcome.is_taken() {
        return Err(Failure::refused(format!("{host} did not take the message ({status}).")));
    }
    print(common, &json!({ "id": id, "status": status }), || format!("{host} took the message ({status})."))
}

async fn switch(common: &Common, cx: &Context, id: HookId, enabled: bool) -> Result<(), Failure> {
    let hook = use_case::show(cx, id).await.map_err(refused)?;
    let change = Change { terms: hook.terms, enabled };
    let changed = use_case::change(cx, &mut operator(), Authority::Operator, id, change).await;
    let hook = changed.map_err(refused)?;
    print(common, &json_of(&hook), || format!("{} is {}.", hook.terms.host(), state(&hook)))
}

fn state(hook: &Hook) -> &'static str {
    match (hook.enabled, hook.delivery.failing_since) {
        (false, _) => "off",
        (true, Some(_)) => "failing",
        (true, None) => "on",
    }
}

fn json_of(hook: &Hook) -> Value {
    let delivery = &hook.delivery;
    json!({
        "id": hook.id,
        "url": hook.terms.url,
        "kinds": hook.terms.kinds,
        "personal": hook.terms.personal,
        "state": state(hook),
        "author": hook.author,
        "createdAt": hook.created.to_string(),
        "nextEvent": delivery.next_seq,
        "failingSince": delivery.failing_since.map(|at| at.to_string()),
        "lastStatus": delivery.last_status,
        "lastAt": delivery.last_at.map(|at| at.to_string()),
    })
}

fn row(hook: &Hook) -> Vec<String> {
    vec![
        hook.id.to_string(),
        hook.terms.url.clone(),
        state(hook).to_owned(),
        hook.delivery.last_status.clone().unwrap_or_default(),
        hook.delivery.last_at.map(|at| at.to_string()).unwrap_or_default(),
    ]
}

fn refused(error: HookError) -> Failure {
    Failure::refused(match error {
        HookError::TooMany => "No receiver was added: there are 32; remove one first.".to_owned(),
        HookError::NotFound => "Nothing was changed: there is no such receiver.".to_owned(),
        HookError::Store(error) => format!("The database failed: {error}."),
        other => format!("Nothing was changed ({}).", other.code()),
    })
}
