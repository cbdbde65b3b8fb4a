//! By which relay other devices find this one: the same for all commands that need one.

use std::path::PathBuf;

use clap::Args;
use hybrid::tunnel_domain;

use super::Failure;
use crate::io::tunnel::Reach;

/// By which relay other devices find this one.
#[derive(Debug, Args)]
pub struct Relay {
    /// Number of the relay's domain (docs/operator/relay.md)
    #[arg(long, value_name = "NUMBER", env = "KEYFOB_RELAY_DOMAIN")]
    relay_domain: Option<u16>,
    /// Connect to this host and port instead of to the name that the number stands for
    #[arg(long, value_name = "HOST:PORT", env = "KEYFOB_RELAY_ADDRESS")]
    relay_address: Option<String>,
    /// The certificate authorities to trust for it, in PEM, instead of this computer's
    #[arg(long, value_name = "FILE", env = "KEYFOB_RELAY_CA")]
    relay_ca: Option<PathBuf>,
}

impl Relay {
    /// The number of its domain, and how it is reached; `None` where nobody says which. `refusal` begins the sentence if
    /// what is said makes no sense.
    pub(super) fn chosen(&self, refusal: &str) -> Result<Option<(u16, Reach)>, Failure> {
        let Some(domain) = self.relay_domain else { return Ok(None) };
        if tunnel_domain::name(domain).is_err() {
            return Err(Failure::usage(format!("{refusal}: nobody was given the relay domain {domain}.")));
        }
        let reach = Reach::new(self.relay_ca.as_deref());
        let reach = reach.map_err(|why| Failure::usage(format!("{refusal}: {why}")))?;
        Ok(Some((domain, reach.at(self.relay_address.clone()))))
    }
}
