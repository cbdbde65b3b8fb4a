//! What is known about models of authenticators: FIDO metadata, and the organisation's own roots.
//!
//! Both lie in the store, and every node has what follows from them in its [`crate::Settings`]: models by AAGUID, and
//! the certificates to which attestations may lead. Nothing here is asked for at a sign-in, so an outage of whoever
//! gives metadata delays news and nothing else: what was taken last holds.

mod judged;
mod overview;
mod roots;
mod take;

pub use judged::rejudge;
pub use overview::{ModelLine, Overview, overview};
pub use roots::{NewRoot, Root, RootRefusal, RootsError, add_root, remove_root, roots};
pub use take::{Delivery, TakeError, Taken, Terms, ask_for_look, claim_look, is_look_due, looked, take};

use std::collections::BTreeMap;
use std::sync::Arc;

use account::model::{self, Aaguid, Model, Models};
use primitives::digest::{self, Digest};
use primitives::time::Timestamp;
use serde::de::DeserializeOwned;
use store::metadata::{self, Source};
use store::{StoreError, Tx};
use webauthn::TrustAnchor;
use webauthn::metadata::{Entry, Key};

use crate::attest_devices;
use crate::context::{Anchors, Context};

/// The FIDO Alliance's metadata, or that of whoever is configured in its place.
pub const FIDO: &str = "fido";

/// The organisation's own authority, in a [`Version`].
const AUTHORITY: &str = "authority";

/// The organisation's own roots.
pub const OWN: &str = "own";

/// What the store held when it was last looked at; another value means that there is something to load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version(Vec<(String, i64, Digest)>);

impl Version {
    fn of(sources: &[Source], authority: Option<&TrustAnchor>) -> Self {
        let mut parts: Vec<_> =
            sources.iter().map(|source| (source.name.clone(), source.number, source.digest)).collect();
        let own = authority.map(|anchor| digest::sha256(anchor.certificate.der()));
        parts.extend(own.map(|digest| (AUTHORITY.to_owned(), 0, digest)));
        Self(parts)
    }
}

/// What the store holds now.
pub async fn version(cx: &Context) -> Result<Version, StoreError> {
    cx.db
        .read(|tx| {
            let authority = attest_devices::anchor(tx)?;
            Ok(Version::of(&metadata::sources(tx)?, authority.as_ref()))
        })
        .await
}

/// Puts what the store holds into this node's settings, judged by the database's clock.
pub async fn load(cx: &Context) -> Result<Version, StoreError> {
    let (version, models, anchors) = cx
        .db
        .read(|tx| {
            let now = tx.now()?;
            let sources = metadata::sources(tx)?;
            let authority = attest_devices::anchor(tx)?;
            let version = Version::of(&sources, authority.as_ref());
            let (models, anchors) =
                assemble(&entries(tx, &sources)?, &roots::all(tx, &sources)?, authority, now);
            Ok::<_, StoreError>((version, models, anchors))
        })
        .await?;
    let (models, anchors) = (Arc::new(models), Arc::new(anchors));
    cx.change_settings(move |settings| {
        settings.models = models;
        settings.anchors = anchors;
    });
    Ok(version)
}

/// The entries of the FIDO source.
fn entries(tx: &mut Tx<'_>, sources: &[Source]) -> Result<Vec<Entry>, StoreError> {
    parsed(tx, sources, FIDO)
}

/// What the entries of a source are about.
fn parsed<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    sources: &[Source],
    name: &str,
) -> Result<Vec<T>, StoreError> {
    let Some(source) = sources.iter().find(|source| source.name == name) else { return Ok(Vec::new()) };
    metadata::entries(tx, source)?.iter().map(|entry| read(&entry.body)).collect()
}

/// What this deployment wrote itself.
fn read<T: DeserializeOwned>(body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Database(format!("metadata: {error}")))
}

/// What follows from entries and roots at `now`.
fn assemble(
    entries: &[Entry],
    roots: &[Root],
    authority: Option<TrustAnchor>,
    now: Timestamp,
) -> (Models, Anchors) {
    let mut models: BTreeMap<Aaguid, Model> = BTreeMap::new();
    let mut anchors = Anchors::default();
    for entry in entries {
        // Passkeys name their model by its AAGUID; what is known by other names made none.
        let Key::Aaguid(aaguid) = entry.key else { continue };
        if aaguid == Aaguid::UNKNOWN.0 {
            continue;
        }
        models.insert(Aaguid(aaguid), model_of(entry, now));
        anchors.of_models.insert(Aaguid(aaguid), entry.trust_anchors());
    }
    for root in roots {
        let Some(anchor) = root.anchor() else { continue };
        if root.models.is_empty() {
            anchors.own.push(anchor);
            continue;
        }
        for aaguid in &root.models {
            // A root of which the organisation does not say so makes no hardware of what lies under it (DESIGN 5a.13).
            let more = |known: &Model| known.hardware && !root.hardware || known.biometric && !root.biometric;
            if models.get(aaguid).is_some_and(more) {
                continue;
            }
            anchors.of_models.entry(*aaguid).or_default().push(TrustAnchor::clone(&anchor));
            models.entry(*aaguid).or_insert_with(|| root.model());
        }
    }
    if let Some(anchor) = authority {
        let (aaguid, model) = attest_devices::model();
        anchors.authority = Some(anchor.certificate.clone());
        // A root that calls this model hardware speaks of other keys than the authority does: not of these.
        if !models.get(&aaguid).is_some_and(|known| known.hardware || known.biometric) {
            anchors.of_models.entry(aaguid).or_default().insert(0, anchor);
            models.entry(aaguid).or_insert(model);
        }
    }
    (models.into_iter().collect(), anchors)
}

fn model_of(entry: &Entry, now: Timestamp) -> Model {
    let reports = entry.reports.iter().map(|report| (report.status.as_str(), report.effective));
    let (certification, broken) = model::standing(reports, now);
    Model {
        name: entry.name.clone(),
        certification,
        biometric: entry.biometric,
        hardware: entry.hardware,
        broken,
    }
}
