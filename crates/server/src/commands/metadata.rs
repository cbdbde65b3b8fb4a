//! `keyward metadata`.

use account::audit::Actor;
use account::model::Model;
use primitives::encoding;
use serde_json::{Value, json};
use service::metadata::{self, ModelLine, NewRoot, Overview, Root, RootsError, Taken};
use service::{Authority, Context};
use store::metadata::Source;

use super::{Failure, open, print, table};
use crate::cli::{AddRoot, Common, Metadata as Command, Roots};
use crate::config::Config;
use crate::metadata::{Looked, Watch, delivery_of};
use crate::node::operator;
use crate::outbound::Outbound;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Show { all } => show(common, cx, all).await,
        Command::Load { file } => {
            let watch = watch(common)?;
            let delivery = delivery_of(&file)
                .map_err(|error| Failure::refused(format!("{} cannot be read: {error}.", file.display())))?;
            let taken = metadata::take(cx, &mut operator(), Actor::Operator, delivery, watch.terms()).await;
            let taken = taken.map_err(|error| {
                Failure::refused(format!("Nothing was changed ({}): {error}.", error.code()))
            })?;
            tell(common, &taken)
        }
        Command::Refresh => refresh(common, cx).await,
        Command::Roots(command) => roots(common, cx, command).await,
    }
}

fn watch(common: &Common) -> Result<Watch, Failure> {
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let outbound = Outbound::new(&config.outbound).map_err(Failure::usage)?;
    Watch::new(&config.metadata, outbound).map_err(Failure::usage)
}

async fn refresh(common: &Common, cx: &Context) -> Result<(), Failure> {
    let watch = watch(common)?;
    if !watch.has_source() {
        return Err(Failure::refused(
            "Nothing was looked for: there is no `metadata.source` in the configuration.",
        ));
    }
    match watch.look(cx, &mut operator(), Actor::Operator).await {
        Ok(Some(Looked::Taken(taken))) => tell(common, &taken),
        Ok(_) => print(common, &json!({ "changed": false }), || "There is nothing newer.".to_owned()),
        Err(error) => Err(Failure::refused(format!(
            "No newer metadata ({}): {error}. What was taken before holds.",
            error.code()
        ))),
    }
}

fn tell(common: &Common, taken: &Taken) -> Result<(), Failure> {
    let faults: Vec<Value> = taken
        .faults
        .iter()
        .map(|fault| {
            let entry = fault.key.as_ref().map(ToString::to_string);
            json!({ "position": fault.position, "entry": entry, "lost": fault.lost, "cause": fault.cause })
        })
        .collect();
    let line = json!({
        "number": taken.number,
        "nextUpdate": taken.next_update.to_string(),
        "entries": taken.entries,
        "changed": taken.changed,
        "told": taken.told,
        "faults": faults,
    });
    print(common, &line, || {
        let news = if taken.changed { "holds now" } else { "held already" };
        let mut text = format!(
            "Metadata number {} {news}: {} entries, the next one is due by {}. Passkeys whose owners were told that \
             their model is broken: {}.",
            taken.number, taken.entries, taken.next_update, taken.told
        );
        for fault in &taken.faults {
            let lost = if fault.lost { "left out" } else { "taken without it" };
            text.push_str(&format!("\n  entry {}: {} ({lost})", fault.position, fault.cause));
        }
        text
    })
}

async fn show(common: &Common, cx: &Context, all: bool) -> Result<(), Failure> {
    let mut overview = metadata::overview(cx).await?;
    let known = overview.known();
    overview.models.retain(|line| all || line.passkeys > 0);
    let line = json!({
        "number": overview.fido.as_ref().map(|source| source.number).filter(|number| *number >= 0),
        "nextUpdate": held(&overview).map(|source| source.next_update.to_string()),
        "fetched": held(&overview).map(|source| source.fetched.to_string()),
        "lastError": overview.fido.as_ref().and_then(|source| source.last_error.clone()),
        "known": known,
        "faults": overview.faults,
        "models": overview.models.iter().map(model).collect::<Vec<_>>(),
        "roots": overview.roots.iter().map(root).collect::<Vec<_>>(),
    });
    print(common, &line, || {
        let mut text = match held(&overview) {
            Some(source) => format!(
                "Metadata number {} of {}, the next one due by {}: {known} models known.",
                source.number, source.fetched, source.next_update
            ),
            None => "No metadata was taken yet.".to_owned(),
        };
        if let Some(error) = overview.fido.as_ref().and_then(|source| source.last_error.as_ref()) {
            text.push_str(&format!("\nThe last look brought nothing: {error}."));
        }
        let rows: Vec<Vec<String>> = overview.models.iter().map(row).collect();
        if rows.is_empty() { text } else { format!("{text}\n{}", table(&rows)) }
    })
}

fn held(overview: &Overview) -> Option<&Source> {
    overview.fido.as_ref().filter(|source| source.number >= 0)
}

fn model(line: &ModelLine) -> Value {
    json!({
        "aaguid": line.aaguid,
        "name": line.model.as_ref().map(|model| &model.name),
        "certification": line.model.as_ref().and_then(|model| model.certification),
        "biometric": line.model.as_ref().map(|model| model.biometric),
        "hardware": line.model.as_ref().map(|model| model.hardware),
        "broken": line.model.as_ref().and_then(|model| model.broken),
        "passkeys": line.passkeys,
    })
}

fn row(line: &ModelLine) -> Vec<String> {
    let known = |text: fn(&Model) -> String| line.model.as_ref().map(text).unwrap_or_default();
    vec![
        line.aaguid.to_string(),
        line.passkeys.to_string(),
        line.model.as_ref().map_or("not known", |model| model.name.as_str()).to_owned(),
        known(|model| model.certification.map(|level| level.to_string()).unwrap_or_default()),
        known(|model| model.broken.map(|broken| broken.to_string()).unwrap_or_default()),
    ]
}

async fn roots(common: &Common, cx: &Context, command: Roots) -> Result<(), Failure> {
    match command {
        Roots::List => {
            let roots = metadata::roots(cx).await?;
            let lines = Value::Array(roots.iter().map(root).collect());
            print(common, &lines, || table(&roots.iter().map(root_row).collect::<Vec<_>>()))
        }
        Roots::Add(arguments) => {
            let new = new_root(arguments)?;
            let added = metadata::add_root(cx, &mut operator(), Authority::Operator, new).await;
            let added = added.map_err(refused)?;
            print(common, &root(&added), || {
                format!("Attestations may lead to \"{}\" from now on.", added.name)
            })
        }
        Roots::Remove { sha256 } => {
            let removed = metadata::remove_root(cx, &mut operator(), Authority::Operator, sha256).await;
            let removed = removed.map_err(refused)?;
            print(common, &root(&removed), || format!("\"{}\" is trusted no longer.", removed.name))
        }
    }
}

fn new_root(arguments: AddRoot) -> Result<NewRoot, Failure> {
    let AddRoot { file, name, models, single, hardware, biometric } = arguments;
    let certificate = std::fs::read_to_string(&file)
        .map_err(|error| Failure::refused(format!("{} cannot be read: {error}.", file.display())))?;
    Ok(NewRoot { name, certificate, models, single, hardware, biometric })
}

fn refused(error: RootsError) -> Failure {
    Failure::refused(match &error {
        RootsError::Store(error) => format!("The database failed: {error}."),
        RootsError::NotFound => "Nothing was changed: there is no such root.".to_owned(),
        other => format!("Nothing was changed ({}).", other.code()),
    })
}

fn root(root: &Root) -> Value {
    json!({
        "name": root.name,
        "sha256": encoding::hex(&root.digest()),
        "models": root.models,
        "single": root.single,
        "hardware": root.hardware,
        "biometric": root.biometric,
        "addedAt": root.added.to_string(),
        "endsAt": root.ends().map(|at| at.to_string()),
    })
}

fn root_row(root: &Root) -> Vec<String> {
    let models: Vec<String> = root.models.iter().map(ToString::to_string).collect();
    let models = if models.is_empty() { "any model".to_owned() } else { models.join(" ") };
    vec![encoding::hex(&root.digest()), root.name.clone(), models]
}
