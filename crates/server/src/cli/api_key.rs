//! What can be said to `keyward api-key`.

use account::api_key::{KeyId, Scope};
use clap::Subcommand;
use primitives::time::Span;

/// Keys by which programs call the API.
#[derive(Debug, Subcommand)]
pub enum ApiKey {
    /// Make a key for a program; prints {"id","value","endsAt"}, and the value is not shown again
    Make {
        /// What it is for
        name: String,
        /// What it may do; several are separated by commas
        #[arg(long, required = true, value_delimiter = ',', value_parser = scope)]
        scopes: Vec<Scope>,
        /// How long it lives, such as 12h or 90d; at most 730d
        #[arg(long, default_value = "90d", value_parser = super::span)]
        lifetime: Span,
    },
    /// List keys, newest first, never their values
    List,
    /// Take a key back
    Revoke {
        /// The key's id
        #[arg(value_parser = super::id::<account::api_key::ApiKey>)]
        id: KeyId,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        format!("a scope is one of {}", known.join(", "))
    })
}
