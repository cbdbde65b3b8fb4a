//! Passkeys that there are already, when their model is reported broken: each once, with its event and its notice.
//!
//! What policy makes of such passkeys needs nothing of this: it judges each use by the models in the settings. Here their
//! owners are told, in pages, so that a model that a hundred thousand people carry holds nobody up.

use account::audit::{Actor, EventKind};
use account::model::{Aaguid, Broken};
use account::passkey::PasskeyId;
use serde::{Deserialize, Serialize};
use store::metadata::{self, Entry};
use store::{StoreError, Tx, passkeys};

use crate::context::{Caller, Context};
use crate::events::Pen;

/// Under which name it is kept how far the owners of each model were told.
const JUDGED: &str = "judged";

/// Passkeys of one commit.
const PAGE: u32 = 200;

/// How far the owners of a model's passkeys were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Judged {
    model: Aaguid,
    status: Broken,
    /// Passkeys up to this one.
    after: Option<PasskeyId>,
    done: bool,
}

impl Judged {
    fn name(model: Aaguid) -> String {
        format!("{JUDGED}:{model}")
    }
}

/// Tells the owners of passkeys whose model this node's settings call broken, unless they were told; how many.
///
/// What was told up to a crash is not told again: each page moves on in the commit of its events.
pub async fn rejudge(cx: &Context, caller: &mut Caller) -> Result<u64, StoreError> {
    let known: Vec<Judged> = cx
        .db
        .read(|tx| {
            metadata::loose_entries(tx, JUDGED)?.iter().map(|entry| super::read(&entry.body)).collect()
        })
        .await?;
    let settings = cx.settings();
    let broken: Vec<(Aaguid, Broken)> = settings
        .models
        .iter()
        .filter_map(|(aaguid, model)| model.broken.map(|status| (*aaguid, status)))
        .collect();
    let mut told: u64 = 0;
    for (model, status) in &broken {
        let done = |judged: &Judged| judged.model == *model && judged.status == *status && judged.done;
        if known.iter().any(done) {
            continue;
        }
        let (model, status) = (*model, *status);
        loop {
            let pen = Pen::new(caller, Actor::System);
            let page = cx.db.write(move |tx| page(tx, model, status, &mut pen.clone())).await?;
            told = told.saturating_add(page.told);
            if page.done {
                break;
            }
        }
    }
    for judged in known {
        if !broken.iter().any(|(model, _)| *model == judged.model) {
            let pen = Pen::new(caller, Actor::System);
            cx.db.write(move |tx| mended(tx, judged.model, &mut pen.clone())).await?;
        }
    }
    Ok(told)
}

struct Page {
    told: u64,
    done: bool,
}

fn page(tx: &mut Tx<'_>, model: Aaguid, status: Broken, pen: &mut Pen) -> Result<Page, StoreError> {
    let now = tx.now()?;
    let name = Judged::name(model);
    let new = Judged { model, status, after: None, done: false };
    let judged = match metadata::lock_entry(tx, &name)? {
        None => new,
        // Another report of the same model is told again, to everybody.
        Some(entry) => {
            Some(super::read::<Judged>(&entry.body)?).filter(|old| old.status == status).unwrap_or(new)
        }
    };
    if judged.done {
        return Ok(Page { told: 0, done: true });
    }
    let found = passkeys::by_model(tx, model, judged.after, PAGE)?;
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let mut judged = Judged { done: count < PAGE, ..judged };
    for passkey in found {
        let kind = EventKind::PasskeyModelBroken { passkey: passkey.id, model, status };
        pen.write(tx, now, Some(passkey.user), kind)?;
        judged.after = Some(passkey.id);
    }
    let body = serde_json::to_string(&judged).map_err(|error| StoreError::Database(error.to_string()))?;
    metadata::put_loose(tx, JUDGED, &Entry { name, body })?;
    Ok(Page { told: u64::from(count), done: judged.done })
}

fn mended(tx: &mut Tx<'_>, model: Aaguid, pen: &mut Pen) -> Result<(), StoreError> {
    let now = tx.now()?;
    if metadata::remove_loose(tx, &Judged::name(model))? {
        pen.write(tx, now, None, EventKind::ModelMended { model })?;
    }
    Ok(())
}
