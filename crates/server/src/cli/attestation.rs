//! `keyward attestation`.

use account::attested_device::DeviceId;
use account::user::Login;
use clap::Subcommand;

use super::login;

/// The organisation's own attestation authority.
#[derive(Debug, Subcommand)]
pub enum Attestation {
    /// Make the authority: what it certifies is trusted from then on, without any paid certification
    Make,
    /// Show the authority, or that there is none
    Show,
    /// Print its root certificate, in PEM
    Export,
    /// List the devices that it certified
    List {
        /// Only those of this person
        #[arg(long, value_name = "LOGIN", value_parser = login)]
        email: Option<Login>,
    },
    /// Revoke a device: the passkeys that it attested are attested no longer
    Revoke {
        /// Its id, as `list` shows it
        id: DeviceId,
    },
    /// Remove the authority with all that it certified: the passkeys that its devices attested are attested no longer
    Remove {
        /// Let those passkeys keep what was attested of them; they cannot be revoked by their device any more
        #[arg(long)]
        keep_trust: bool,
    },
}
