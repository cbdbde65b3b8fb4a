//! What can be said to `keyward hook`.

use account::hook::{HookId, KINDS};
use clap::Subcommand;

use crate::outbound::Target;

/// Receivers of audit events.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Send events to a receiver from now on; prints {"id","url","secret"}, and the secret is not shown again
    Add {
        /// Its https address
        #[arg(value_parser = target)]
        url: Target,
        /// Kinds of events, separated by commas; all if not given
        #[arg(long, value_delimiter = ',', value_parser = kind)]
        kinds: Vec<&'static str>,
        /// Send browsers, addresses and notes too
        #[arg(long)]
        personal: bool,
    },
    /// List receivers, newest first, never their secrets
    List,
    /// Send a message that says that messages arrive, and say what became of it
    Test {
        /// The receiver's id
        #[arg(value_parser = super::id::<account::hook::Hook>)]
        id: HookId,
    },
    /// Turn a receiver on again: it goes on where it stood
    Enable {
        /// The receiver's id
        #[arg(value_parser = super::id::<account::hook::Hook>)]
        id: HookId,
    },
    /// Turn a receiver off
    Disable {
        /// The receiver's id
        #[arg(value_parser = super::id::<account::hook::Hook>)]
        id: HookId,
    },
    /// Send nothing more to a receiver
    Remove {
        /// The receiver's id
        #[arg(value_parser = super::id::<account::hook::Hook>)]
        id: HookId,
    },
}

fn target(text: &str) -> Result<Target, String> {
    text.parse().map_err(|error: crate::outbound::NotATarget| error.to_string())
}

fn kind(text: &str) -> Result<&'static str, String> {
    let known = KINDS.iter().copied().find(|known| *known == text);
    known.ok_or_else(|| format!("a kind of event is one of {}", KINDS.join(", ")))
}
