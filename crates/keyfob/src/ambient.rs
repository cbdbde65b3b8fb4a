//! The one door to what is around the program: the clock, the system's randomness, and what the environment says.
//!
//! Everything below takes them as arguments, and a test gives its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::SystemTime;

use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use rustix::process::{Resource, Rlimit};

use crate::vault_file::TpmDevice;

/// The system's clock.
pub fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the one door to the system's clock")]
    let now = SystemTime::now();
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The system's randomness.
pub fn entropy() -> SystemEntropy {
    SystemEntropy
}

/// From now on this process leaves no picture of its memory on a disk when it dies: an open vault would be in it.
pub fn leave_no_core() -> bool {
    rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).is_ok()
}

/// What the environment says, as far as Keyfob looks at it. An empty variable says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`, where a person's vault is.
    pub data_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`, where the sockets of this session are.
    pub runtime_dir: Option<PathBuf>,
    /// `LC_ALL`, `LC_MESSAGES` or `LANG`, whichever speaks first.
    pub language: Option<String>,
    /// `NO_COLOR` says something: nothing is coloured.
    pub no_color: bool,
    /// `PATH`, where programs are looked for.
    pub path: Option<OsString>,
    /// `KEYFOB_LOG`: what is logged, in the words of `tracing`.
    pub log: Option<String>,
    /// `KEYFOB_TPM`: another TPM than the computer's first one, or a simulator's socket.
    pub tpm: Option<PathBuf>,
}

impl Environment {
    /// The environment of this process.
    pub fn read() -> Self {
        Self::of(|name| std::env::var_os(name))
    }

    /// The environment that `variable` tells of.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let said = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| said(name).and_then(|value| value.into_string().ok());
        // The XDG Base Directory Specification: a relative path is to be ignored.
        let folder = |name: &str| said(name).map(PathBuf::from).filter(|path| path.is_absolute());
        Self {
            home: folder("HOME"),
            data_home: folder("XDG_DATA_HOME"),
            config_home: folder("XDG_CONFIG_HOME"),
            runtime_dir: folder("XDG_RUNTIME_DIR"),
            language: text("LC_ALL").or_else(|| text("LC_MESSAGES")).or_else(|| text("LANG")),
            no_color: said("NO_COLOR").is_some(),
            path: said("PATH"),
            log: text("KEYFOB_LOG"),
            tpm: folder("KEYFOB_TPM"),
        }
    }

    /// The TPM that is used where one is.
    pub fn tpm(&self) -> TpmDevice {
        TpmDevice::at(self.tpm.clone())
    }
}

#[cfg(test)]
mod tests;
