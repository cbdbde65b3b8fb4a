//! `keyward passkey`.

use account::passkey::Passkey;
use primitives::time::Timestamp;
use serde_json::Value;
use service::Authority;
use service::administer_users;

use super::users::find;
use super::{Failure, open, print, table};
use crate::aaguid;
use crate::cli::{Common, Passkey as Command};
use crate::node::operator;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::List { email } => {
            let passkeys = administer_users::show(cx, email.shown()).await?.passkeys;
            let lines = Value::Array(passkeys.iter().map(json).collect());
            print(common, &lines, || table(&passkeys.iter().map(row).collect::<Vec<_>>()))
        }
        Command::Remove { email, id } => {
            let user = find(cx, &email).await?;
            let passkey =
                administer_users::remove_passkey(cx, &mut operator(), Authority::Operator, user, id).await?;
            print(common, &json(&passkey), || {
                format!(
                    "The passkey \"{}\" of {email} no longer signs in; sessions that it opened have ended.",
                    passkey.name
                )
            })
        }
    }
}

pub(super) fn json(passkey: &Passkey) -> Value {
    serde_json::json!({
        "id": passkey.id,
        "name": passkey.name,
        "status": passkey.status,
        "provider": aaguid::name(&passkey.aaguid),
        "aaguid": aaguid::spell(&passkey.aaguid),
        "place": passkey.place,
        "attestation": passkey.attestation,
        "attestationTrusted": passkey.attestation_trusted,
        "backupEligible": passkey.backup_eligible,
        "backedUp": passkey.backed_up,
        "binding": passkey.binding,
        "tried": passkey.tried,
        "counterAnomaly": passkey.counter_anomaly,
        "createdAt": passkey.created.to_string(),
        "lastUsedAt": passkey.last_used.map(|at| at.to_string()),
    })
}

pub(super) fn row(passkey: &Passkey) -> Vec<String> {
    vec![
        passkey.id.to_string(),
        passkey.name.clone(),
        passkey.status.to_string(),
        format!("created {}", passkey.created),
        passkey.last_used.map_or("never used".to_owned(), |at: Timestamp| format!("used {at}")),
    ]
}
