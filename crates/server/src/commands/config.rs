//! `keyward config check`.

use serde_json::json;
use store::Database;

use super::{Failure, print};
use crate::cli::{Common, ConfigCommand};
use crate::config::{Config, Origin, sources};

pub(super) fn run(common: &Common, command: &ConfigCommand) -> Result<(), Failure> {
    let ConfigCommand::Check = command;
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    config.check()?;
    let origin = config.origin_at(config.listen);
    let database = match &config.database {
        Database::Sqlite(path) => path.display().to_string(),
        // The connection string may hold a password.
        Database::Postgres(_) => "PostgreSQL".to_owned(),
        Database::SqliteMemory => "memory".to_owned(),
    };
    let related: Vec<&str> = config.related_origins.iter().map(Origin::as_str).collect();
    let json = json!({
        "ok": true,
        "sources": sources(common.config.as_deref()),
        "origin": origin.as_str(),
        "rpId": config.rp_id_for(&origin),
        "relatedOrigins": related,
        "postQuantum": config.passkeys.post_quantum,
        "listen": config.listen.to_string(),
        "metricsListen": config.metrics_listen.map(|address| address.to_string()),
        "database": database,
        "keyFile": config.key_file.display().to_string(),
        "tls": config.tls.is_some(),
        "organisation": config.organisation.name,
    });
    print(common, &json, || {
        format!(
            "The configuration can be used: {origin} (RP ID {}), listening on {}, database {database}.",
            config.rp_id_for(&origin),
            config.listen
        )
    })
}
