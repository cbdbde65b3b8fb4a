//! What the commands want of a vault, whoever holds it: this process's worker, or a running `keyfob serve` behind its
//! control socket. The same wishes are carried out by the same code in both.

mod passkeys;

use authenticator::Vault;
use authenticator::attestation::Private;
use authenticator::private_key::PrivateKey;
use fido::ctap::{Command, status};
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::encoding::{base64url, from_base64url};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::ambient;
use crate::control;
use crate::errand::unfinished::Unfinished;
use crate::face::Via;
use crate::keeper::{Certificate, Keeper, KeeperError};
use crate::links::{self, Device, Given};
use crate::server::Origin;
use crate::vault_file::VaultFile;
use crate::worker::Worker;

pub use passkeys::{About, Passkey};

/// What is signed before a certificate is asked for (docs/operator/enrolment.md).
const ATTESTATION: &[u8] = b"keyward attestation v1\0";

/// Something that a command wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wish {
    /// Which vault is held.
    Vault,
    /// The passkeys, oldest first.
    List,
    /// One CTAP2 request of a command, for the server that it talks to.
    Command {
        /// The server's origin.
        origin: String,
        /// Command byte and CBOR, base64url.
        request: String,
    },
    /// One CTAP2 request of another device, whose code the person has scanned.
    OtherDevice {
        /// Command byte and CBOR, base64url.
        request: String,
    },
    /// Another device may ask without a code from now on.
    Link {
        /// What it is given.
        given: Box<Given>,
    },
    /// The devices that may.
    Links,
    /// One of them may not any more.
    Unlink {
        /// Its link's id, base64url.
        id: String,
    },
    /// A passkey is deleted, without asking.
    Forget {
        /// Its id, base64url.
        id: String,
    },
    /// What is known about a passkey beside itself.
    Know {
        /// Its id, base64url.
        id: String,
        /// What is known.
        about: About,
    },
    /// What an errand is about to do is kept.
    Note {
        /// It.
        unfinished: Box<Unfinished>,
    },
    /// An errand has ended.
    Settle {
        /// Its name.
        name: String,
    },
    /// The errands that have not ended.
    Unfinished,
    /// The passkeys that an errand has made and that nobody is known to have.
    Orphans {
        /// For which site.
        rp_id: String,
        /// The user handle, base64url.
        user: String,
        /// Not before, in seconds of the epoch.
        since: i64,
    },
    /// A key for the certificate of a server, and the proof that we have it.
    CertificateKey {
        /// The server's RP ID.
        rp_id: String,
        /// The challenge of the ceremony, base64url.
        challenge: String,
    },
    /// The certificate came.
    Certified {
        /// The server's RP ID.
        rp_id: String,
        /// DER in base64url, leaf first.
        chain: Vec<String>,
    },
}

/// Who holds the vault.
#[derive(Clone, Debug)]
pub enum Holder {
    /// This process.
    Here(Worker<VaultFile>),
    /// A running `keyfob serve`.
    There(control::Client),
}

impl Holder {
    /// Has a wish carried out.
    pub async fn wish(&self, wish: Wish) -> Result<Value, KeeperError> {
        match self {
            Self::Here(worker) => carry_out(worker, wish).await,
            Self::There(client) => client.wish(&wish).await,
        }
    }

    /// The passkeys, oldest first.
    pub async fn passkeys(&self) -> Result<Vec<Passkey>, KeeperError> {
        let listed = self.wish(Wish::List).await?;
        serde_json::from_value(listed).map_err(|_| KeeperError::Gone)
    }

    /// The devices that may ask without a code, oldest first.
    pub async fn devices(&self) -> Result<Vec<Device>, KeeperError> {
        let listed = self.wish(Wish::Links).await?;
        serde_json::from_value(listed).map_err(|_| KeeperError::Gone)
    }
}

impl Keeper for Holder {
    async fn command(&mut self, origin: &Origin, request: Vec<u8>) -> Result<Vec<u8>, KeeperError> {
        let wish = Wish::Command { origin: origin.to_string(), request: base64url(&request) };
        let reply = self.wish(wish).await?;
        reply.as_str().and_then(from_base64url).ok_or(KeeperError::Gone)
    }

    async fn forget(&mut self, id: &str) -> Result<(), KeeperError> {
        self.wish(Wish::Forget { id: id.to_owned() }).await.map(|_| ())
    }

    async fn know(&mut self, id: &str, about: About) -> Result<(), KeeperError> {
        self.wish(Wish::Know { id: id.to_owned(), about }).await.map(|_| ())
    }

    async fn note(&mut self, unfinished: &Unfinished) -> Result<(), KeeperError> {
        self.wish(Wish::Note { unfinished: Box::new(unfinished.clone()) }).await.map(|_| ())
    }

    async fn settle(&mut self, name: &str) -> Result<(), KeeperError> {
        self.wish(Wish::Settle { name: name.to_owned() }).await.map(|_| ())
    }

    async fn unfinished(&mut self) -> Result<Vec<Unfinished>, KeeperError> {
        serde_json::from_value(self.wish(Wish::Unfinished).await?).map_err(|_| KeeperError::Gone)
    }

    async fn orphans(&mut self, unfinished: &Unfinished) -> Result<Vec<String>, KeeperError> {
        let Unfinished { rp_id, user, since, .. } = unfinished.clone();
        serde_json::from_value(self.wish(Wish::Orphans { rp_id, user, since }).await?)
            .map_err(|_| KeeperError::Gone)
    }

    async fn certificate_key(&mut self, rp_id: &str, challenge: &str) -> Result<Certificate, KeeperError> {
        let wish = Wish::CertificateKey { rp_id: rp_id.to_owned(), challenge: challenge.to_owned() };
        serde_json::from_value(self.wish(wish).await?).map_err(|_| KeeperError::Gone)
    }

    async fn certified(&mut self, rp_id: &str, chain: Vec<String>) -> Result<(), KeeperError> {
        self.wish(Wish::Certified { rp_id: rp_id.to_owned(), chain }).await.map(|_| ())
    }
}

/// Carries a wish out at the worker.
pub async fn carry_out(worker: &Worker<VaultFile>, wish: Wish) -> Result<Value, KeeperError> {
    let done = match wish {
        Wish::Command { origin, request } => {
            let request = from_base64url(&request).ok_or(KeeperError::Unknown)?;
            let makes = request.first() == Some(&Command::MakeCredential.byte());
            let reply = worker.handle(Via::Server { origin }, request).done().await;
            if makes && reply.first() == Some(&status::OK) {
                let made = reply.clone();
                worker
                    .with_vault(move |vault| passkeys::made_by_an_errand(vault, &made))
                    .await
                    .ok_or(KeeperError::Gone)??;
            }
            return Ok(Value::String(base64url(&reply)));
        }
        Wish::OtherDevice { request } => {
            let request = from_base64url(&request).ok_or(KeeperError::Unknown)?;
            let reply = worker.handle(Via::OtherDevice, request).done().await;
            return Ok(Value::String(base64url(&reply)));
        }
        Wish::Link { given } => {
            change_links(worker, move |vault| links::keep(vault, *given, ambient::now())).await
        }
        Wish::Unlink { id } => change_links(worker, move |vault| links::forget(vault, &id)).await,
        Wish::Links => worker.with_vault(|vault| devices(vault)).await,
        Wish::Vault => worker.with_vault(|vault| Ok(Value::from(vault.path().display().to_string()))).await,
        Wish::List => worker.with_vault(|vault| passkeys::all(vault)).await,
        Wish::Forget { id } => worker.with_vault(move |vault| passkeys::forget(vault, &id)).await,
        Wish::Know { id, about } => worker.with_vault(move |vault| passkeys::know(vault, &id, &about)).await,
        Wish::Note { unfinished } => worker.with_vault(move |vault| passkeys::note(vault, &unfinished)).await,
        Wish::Settle { name } => worker.with_vault(move |vault| passkeys::settle(vault, &name)).await,
        Wish::Unfinished => worker.with_vault(|vault| passkeys::unfinished(vault)).await,
        Wish::Orphans { rp_id, user, since } => {
            worker.with_vault(move |vault| passkeys::orphans(vault, &rp_id, &user, since)).await
        }
        Wish::CertificateKey { rp_id, challenge } => {
            worker.with_vault(move |vault| certificate_key(vault, &rp_id, &challenge)).await
        }
        Wish::Certified { rp_id, chain } => {
            worker.with_vault(move |vault| certified(vault, rp_id, &chain)).await
        }
    };
    done.ok_or(KeeperError::Gone)?
}

fn devices(vault: &VaultFile) -> Result<Value, KeeperError> {
    serde_json::to_value(links::devices(vault, ambient::now())).map_err(|_| KeeperError::Gone)
}

/// Whoever waits for the devices hears of it.
async fn change_links(
    worker: &Worker<VaultFile>,
    change: impl FnOnce(&mut VaultFile) -> Result<(), KeeperError> + Send + 'static,
) -> Option<Result<Value, KeeperError>> {
    let done = worker.with_vault(change).await;
    worker.tell();
    done.map(|done| done.map(|()| Value::Null))
}

/// Where the key of a certificate waits until there is one.
fn waiting(rp_id: &str) -> String {
    format!("attestation/{}", base64url(&digest::sha256(rp_id.as_bytes())))
}

/// The key that is certified already, or waits for it, or a new one.
fn certificate_key(vault: &mut VaultFile, rp_id: &str, challenge: &str) -> Result<Value, KeeperError> {
    let challenge = from_base64url(challenge).ok_or(KeeperError::Unknown)?;
    let known = vault.state().attestations.iter().find(|private| private.rp_id == rp_id);
    let key = match known.map(|private| private.key.clone()).or_else(|| waiting_key(vault, rp_id)) {
        Some(key) => key,
        None => {
            let key = PrivateKey::generate(Algorithm::Es256, &mut ambient::entropy())
                .map_err(|_| KeeperError::Vault("no key could be made".to_owned()))?;
            let seed = key.seed().ok_or_else(|| KeeperError::Vault("the key has no seed".to_owned()))?;
            vault.set_item(&waiting(rp_id), Some(seed.as_slice()))?;
            key
        }
    };
    let public = key.public_key().encode();
    let message = [ATTESTATION, challenge.as_slice(), &digest::sha256(&public)].concat();
    let certificate = Certificate { key: base64url(&public), proof: base64url(&key.sign(&message)) };
    Ok(serde_json::to_value(certificate).unwrap_or_default())
}

fn waiting_key(vault: &VaultFile, rp_id: &str) -> Option<PrivateKey> {
    let seed: [u8; 32] = vault.item(&waiting(rp_id))?.try_into().ok()?;
    PrivateKey::from_seed(Algorithm::Es256, Zeroizing::new(seed)).ok()
}

fn certified(vault: &mut VaultFile, rp_id: String, chain: &[String]) -> Result<Value, KeeperError> {
    let chain: Option<Vec<Vec<u8>>> = chain.iter().map(|der| from_base64url(der)).collect();
    let chain = chain.filter(|chain| !chain.is_empty()).ok_or(KeeperError::Unknown)?;
    let mut state = vault.state().clone();
    let known = state.attestations.iter().position(|private| private.rp_id == rp_id);
    let key = match known {
        Some(at) => state.attestations.remove(at).key,
        None => waiting_key(vault, &rp_id).ok_or(KeeperError::Unknown)?,
    };
    let waits = waiting(&rp_id);
    state.attestations.push(Private { rp_id, chain, key });
    vault.set_state(state)?;
    vault.set_item(&waits, None)?;
    Ok(Value::Null)
}

#[cfg(test)]
mod tests;
