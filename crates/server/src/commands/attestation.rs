//! `keyward attestation`.

use primitives::encoding;
use serde_json::{Value, json};
use service::attest_devices::{self, AttestError, Attested, AuthorityCertificate, DeviceLine};

use super::users::find;
use super::{Failure, open, print, table};
use crate::cli::{Attestation as Command, Common};
use crate::node::operator;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Make => {
            let made = attest_devices::make(cx, &mut operator()).await.map_err(refused)?;
            print(common, &authority(&made), || {
                format!(
                    "Devices are certified from now on, and trusted by root {}. What that is worth: docs/operator/attestation.md.",
                    encoding::hex(&made.digest())
                )
            })
        }
        Command::Show => match attest_devices::authority(cx).await.map_err(refused)? {
            Some(found) => print(common, &authority(&found), || {
                format!("Root {}, valid until {}.", encoding::hex(&found.digest()), found.ends())
            }),
            None => print(common, &Value::Null, || "There is no attestation authority.".to_owned()),
        },
        Command::Export => {
            let found = attest_devices::authority(cx).await.map_err(refused)?;
            let found = found.ok_or_else(|| refused(AttestError::Off))?;
            print(common, &json!({ "certificate": found.pem() }), || found.pem().trim_end().to_owned())
        }
        Command::List { email } => {
            let of = match &email {
                Some(email) => Some(find(cx, email).await?),
                None => None,
            };
            let found = attest_devices::devices(cx, of).await.map_err(refused)?;
            let lines = Value::Array(found.iter().map(line).collect());
            print(common, &lines, || table(&found.iter().map(row).collect::<Vec<_>>()))
        }
        Command::Revoke { id } => {
            let revoked = attest_devices::revoke(cx, &mut operator(), id).await.map_err(refused)?;
            let line = json!({ "id": id, "passkeys": revoked.passkeys, "sessions": revoked.sessions });
            print(common, &line, || {
                format!(
                    "The device attests nothing any more. Passkeys that lost their attestation: {}; sessions that ended: {}.",
                    revoked.passkeys, revoked.sessions
                )
            })
        }
        Command::Remove { keep_trust } => {
            let attested = if keep_trust { Attested::Kept } else { Attested::Distrusted };
            let gone = attest_devices::remove(cx, &mut operator(), attested).await.map_err(refused)?;
            let line = json!({
                "sha256": encoding::hex(&gone.certificate.digest()),
                "endsAt": gone.certificate.ends().to_string(),
                "passkeys": gone.passkeys,
                "sessions": gone.sessions,
            });
            print(common, &line, || {
                let over = "There is no attestation authority any more; nothing new is trusted by it.";
                if keep_trust {
                    return format!("{over} Passkeys keep what was attested of them.");
                }
                format!(
                    "{over} Passkeys that lost their attestation: {}; sessions that ended: {}.",
                    gone.passkeys, gone.sessions
                )
            })
        }
    }
}

fn refused(error: AttestError) -> Failure {
    Failure::refused(match &error {
        AttestError::Store(error) => format!("The database failed: {error}."),
        AttestError::Off => "Nothing was changed: there is no attestation authority.".to_owned(),
        AttestError::Exists => "Nothing was changed: there is an attestation authority.".to_owned(),
        AttestError::NotFound => "Nothing was changed: there is no such device.".to_owned(),
        AttestError::Revoked => "Nothing was changed: it is revoked.".to_owned(),
        other => format!("Nothing was changed ({}).", other.code()),
    })
}

fn authority(found: &AuthorityCertificate) -> Value {
    json!({ "sha256": encoding::hex(&found.digest()), "endsAt": found.ends().to_string() })
}

fn line(line: &DeviceLine) -> Value {
    let device = &line.device;
    json!({
        "id": device.id,
        "login": line.login,
        "name": device.name,
        "createdAt": device.created.to_string(),
        "endsAt": device.ends.to_string(),
        "revokedAt": device.revoked.map(|at| at.to_string()),
    })
}

fn row(line: &DeviceLine) -> Vec<String> {
    let device = &line.device;
    let state = match device.revoked {
        Some(at) => format!("revoked {at}"),
        None => format!("until {}", device.ends),
    };
    vec![device.id.to_string(), line.login.clone(), device.name.clone(), state]
}
