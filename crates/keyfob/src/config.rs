//! Where things are if nobody says otherwise.

use std::path::PathBuf;

use crate::ambient::Environment;

/// The places of one person's Keyfob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The vault: `$XDG_DATA_HOME/keyfob/vault`, or `~/.local/share/keyfob/vault`.
    pub vault: PathBuf,
    /// The folder of the sockets: `$XDG_RUNTIME_DIR/keyfob`. There is none without a session.
    pub sockets: Option<PathBuf>,
}

impl Paths {
    /// The places that follow from the environment; `None` where it names no home.
    pub fn of(environment: &Environment) -> Option<Self> {
        let data = match (&environment.data_home, &environment.home) {
            (Some(data), _) => data.clone(),
            (None, Some(home)) => home.join(".local/share"),
            (None, None) => return None,
        };
        let sockets = environment.runtime_dir.as_ref().map(|folder| folder.join("keyfob"));
        Some(Self { vault: data.join("keyfob/vault"), sockets })
    }

    /// The socket by which the other commands talk to a running `keyfob serve`.
    pub fn control(&self) -> Option<PathBuf> {
        self.sockets.as_ref().map(|folder| folder.join("control"))
    }
}

#[cfg(test)]
mod tests;
