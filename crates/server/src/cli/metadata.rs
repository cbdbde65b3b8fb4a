//! `keyward metadata`.

use std::path::PathBuf;

use account::model::Aaguid;
use clap::{Args, Subcommand};
use primitives::digest::Digest;
use primitives::encoding;

/// What is known about models of authenticators.
#[derive(Debug, Subcommand)]
pub enum Metadata {
    /// Show what holds, which models are in use, and the own roots
    Show {
        /// Also models that no passkey is of
        #[arg(long)]
        all: bool,
    },
    /// Take a blob of FIDO metadata from a file; what it reports broken is acted on at once
    Load {
        /// The signed blob as the FIDO Alliance publishes it
        file: PathBuf,
    },
    /// Look for a newer blob where the configuration says
    Refresh,
    /// The organisation's own roots
    #[command(subcommand)]
    Roots(Roots),
}

/// Own roots.
#[derive(Debug, Subcommand)]
pub enum Roots {
    /// List them
    List,
    /// Trust a root: attestations may lead to it from now on
    Add(AddRoot),
    /// Trust it no longer
    Remove {
        /// SHA-256 of its certificate, in hexadecimal
        #[arg(value_parser = digest)]
        sha256: Digest,
    },
}

/// Trusting a root.
#[derive(Debug, Args)]
pub struct AddRoot {
    /// The certificate, in PEM
    pub file: PathBuf,
    /// What people shall call it
    #[arg(long)]
    pub name: String,
    /// A model that it vouches for; again for each. For any model if there is none
    #[arg(long = "model", value_name = "AAGUID", value_parser = aaguid)]
    pub models: Vec<Aaguid>,
    /// It certifies single authenticators rather than batches
    #[arg(long)]
    pub single: bool,
    /// Its models hold keys in hardware
    #[arg(long, requires = "models")]
    pub hardware: bool,
    /// Its models check a finger or a face
    #[arg(long, requires = "models")]
    pub biometric: bool,
}

fn aaguid(text: &str) -> Result<Aaguid, String> {
    text.parse().map_err(|error: account::model::NotAnAaguid| error.to_string())
}

fn digest(text: &str) -> Result<Digest, String> {
    let bytes = encoding::from_hex(&text.replace(':', "")).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| "64 hexadecimal digits".to_owned())
}
