//! What is known, and of which use it is: for the console and the command line.

use std::collections::BTreeMap;

use account::model::{Aaguid, Model};
use primitives::time::Timestamp;
use store::metadata::{self, Source};
use store::{StoreError, passkeys};

use super::take::FAULTS;
use super::{FIDO, Root, assemble, entries, roots};
use crate::attest_devices;
use crate::context::Context;

/// Different models of passkeys that are counted at most.
const MOST_MODELS: u32 = 10_000;

/// A model that is known or in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelLine {
    /// Its AAGUID.
    pub aaguid: Aaguid,
    /// What is known of it.
    pub model: Option<Model>,
    /// Passkeys that say they are of it.
    pub passkeys: i64,
}

/// What is known about models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The database's time.
    pub now: Timestamp,
    /// What holds of FIDO's metadata, if anything was ever taken or looked for.
    pub fido: Option<Source>,
    /// What could not be read of it.
    pub faults: Vec<String>,
    /// Models that are known or in use: those in use first, most used first; then by name.
    pub models: Vec<ModelLine>,
    /// Own roots, by name.
    pub roots: Vec<Root>,
}

impl Overview {
    /// How many of the models are known.
    pub fn known(&self) -> usize {
        self.models.iter().filter(|line| line.model.is_some()).count()
    }
}

/// What the store holds now.
pub async fn overview(cx: &Context) -> Result<Overview, StoreError> {
    cx.db
        .read(|tx| {
            let now = tx.now()?;
            let sources = metadata::sources(tx)?;
            let roots = roots::all(tx, &sources)?;
            let authority = attest_devices::anchor(tx)?;
            let (models, _) = assemble(&entries(tx, &sources)?, &roots, authority, now);
            let in_use: BTreeMap<Aaguid, i64> =
                passkeys::count_by_model(tx, MOST_MODELS)?.into_iter().collect();
            let mut lines: Vec<ModelLine> = models
                .iter()
                .map(|(aaguid, model)| ModelLine {
                    aaguid: *aaguid,
                    model: Some(model.clone()),
                    passkeys: in_use.get(aaguid).copied().unwrap_or(0),
                })
                .collect();
            for (aaguid, passkeys) in in_use {
                if models.get(aaguid).is_none() {
                    lines.push(ModelLine { aaguid, model: None, passkeys });
                }
            }
            let name = |line: &ModelLine| line.model.as_ref().map(|model| model.name.clone());
            lines.sort_by_cached_key(|line| {
                (std::cmp::Reverse(line.passkeys), name(line).is_none(), name(line), line.aaguid)
            });
            let faults = metadata::loose_entries(tx, FAULTS)?;
            let faults = faults.first().map_or(Ok(Vec::new()), |entry| super::read(&entry.body))?;
            let fido = sources.into_iter().find(|source| source.name == FIDO);
            Ok(Overview { now, fido, faults, models: lines, roots })
        })
        .await
}
