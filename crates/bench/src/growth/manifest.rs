//! What a kept population says about itself.

use std::path::Path;

use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

const FILE: &str = "population.json";

/// Written when the last row is there, so that half a population is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// How many people.
    pub(crate) users: u64,
    /// When the last of them was added; ids and keys follow from it.
    pub(crate) born: Timestamp,
}

/// Whether there is one in that folder.
pub(crate) fn is_at(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

impl Manifest {
    /// Reads it.
    pub(crate) fn load(folder: &Path) -> Result<Self, Failure> {
        let failed = "cannot read the population's manifest";
        let text = std::fs::read_to_string(folder.join(FILE)).map_err(Failure::because(failed))?;
        serde_json::from_str(&text).map_err(Failure::because(failed))
    }

    /// Writes it.
    pub(crate) fn save(&self, folder: &Path) -> Result<(), Failure> {
        let failed = "cannot write the population's manifest";
        let text = serde_json::to_string(self).map_err(Failure::because(failed))?;
        std::fs::write(folder.join(FILE), text).map_err(Failure::because(failed))
    }
}
