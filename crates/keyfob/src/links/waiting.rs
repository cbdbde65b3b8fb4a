//! Waits at the relay for the devices that may ask without a code, and answers them.
//!
//! How a phone waits is no part of the specification; `docs/operator/relay.md` says how ours does. Each link has a
//! connection of its own. One that breaks comes back later and later, so that a relay that has trouble does not have
//! more of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hybrid::linking::{ClientPayload, PhoneLink};
use hybrid::{relay, tunnel_domain};
use primitives::encoding::base64url;
use primitives::entropy;
use primitives::time::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::ContactRefusal;
use crate::ambient;
use crate::cross_device::{Authority, Contact, Phone, answer_contact};
use crate::face::Via;
use crate::io::bluetooth::Bluetooth;
use crate::io::tunnel::{Reach, Tunnel, TunnelRefusal};
use crate::vault_file::VaultFile;
use crate::worker::Worker;

/// How long nobody waits after a connection that was of use; doubled after each that was not.
pub const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);
/// A connection that stood so long was of use: the relay ends each at its hour.
const STEADY: Duration = Duration::from_secs(60);
/// The status by which a relay says that it will never know this link again.
const GONE: u16 = 410;
/// authenticatorGetInfo (CTAP 2.3 section 6.4).
const GET_INFO: u8 = 0x04;

/// Where is waited.
pub struct Service {
    /// The number of the relay's domain.
    pub domain: u16,
    /// How it is reached.
    pub reach: Reach,
    /// The radio.
    pub bluetooth: Bluetooth,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// How long nobody waits after a connection that was of use: [`PAUSE`].
    pub pause: Duration,
}

/// Somebody waits, until this is dropped.
#[derive(Debug)]
pub struct Waiting {
    standing: watch::Receiver<usize>,
    _task: Task,
}

impl Waiting {
    /// How many connections stand at the relay now.
    pub fn standing(&self) -> watch::Receiver<usize> {
        self.standing.clone()
    }
}

/// Ends when it is dropped.
#[derive(Debug)]
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Begins to wait for the devices that the worker's vault knows, now and from now on.
pub fn start(worker: Worker<VaultFile>, service: Service) -> Waiting {
    let (counts, standing) = watch::channel(0);
    let seat = Seat { worker, service: Arc::new(service), counts };
    Waiting { standing, _task: Task(tokio::spawn(seat.keep())) }
}

/// One that stands, as long as this is kept.
struct Standing<'a>(&'a watch::Sender<usize>);

impl<'a> Standing<'a> {
    fn new(counts: &'a watch::Sender<usize>) -> Self {
        counts.send_modify(|count| *count = count.saturating_add(1));
        Self(counts)
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[derive(Clone)]
struct Seat {
    worker: Worker<VaultFile>,
    service: Arc<Service>,
    counts: watch::Sender<usize>,
}

/// How waiting once came to its end.
enum Ended {
    /// A device came and went with its answer.
    Answered,
    /// The connection did not come about, or ended; by that name.
    Broke(String),
    /// The relay will never know this link again.
    Gone,
}

impl Seat {
    /// One task for each link; whenever links come or go it is looked which.
    async fn keep(self) {
        let mut news = self.worker.news();
        let mut tasks: HashMap<[u8; 8], Task> = HashMap::new();
        loop {
            let (domain, now) = (self.service.domain, (self.service.clock)());
            let links = self.worker.with_vault(move |vault| super::waited_for(vault, domain, now)).await;
            let Some(links) = links else { return };
            tasks.retain(|id, _| links.iter().any(|link| link.id == *id));
            for link in links {
                let seat = self.clone();
                tasks.entry(link.id).or_insert_with(|| Task(tokio::spawn(seat.wait_for(link))));
            }
            if news.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits for one device until its link is forgotten or its year is over.
    async fn wait_for(self, link: PhoneLink) {
        let first = self.service.pause;
        let mut pause = first;
        while self.still(link.id).await {
            let began = Instant::now();
            match self.once(&link).await {
                Ended::Answered => pause = first,
                Ended::Broke(why) => {
                    tracing::debug!(why, "waiting for a linked device broke off");
                    if began.elapsed() >= STEADY {
                        pause = first;
                    }
                }
                Ended::Gone => {
                    tracing::info!("the relay says that a link is gone: it is forgotten");
                    let id = base64url(&link.id);
                    // Where the vault does not do it, it is the person's to do.
                    let _ = self.worker.with_vault(move |vault| super::forget(vault, &id)).await;
                    self.worker.tell();
                    return;
                }
            }
            sleep(pause + share_of(pause)).await;
            pause = pause.saturating_mul(2).min(LONGEST);
        }
    }

    async fn still(&self, id: [u8; 8]) -> bool {
        let (domain, now) = (self.service.domain, (self.service.clock)());
        let known = move |vault: &mut VaultFile| {
            super::waited_for(vault, domain, now).iter().any(|link| link.id == id)
        };
        self.worker.with_vault(known).await.unwrap_or(false)
    }

    async fn once(&self, link: &PhoneLink) -> Ended {
        let Ok(name) = tunnel_domain::name(self.service.domain) else {
            return Ended::Broke("tunnel_domain".to_owned());
        };
        let mut tunnel = match Tunnel::wait(&relay::wait_url(&name, &link.waiting), &self.service.reach).await
        {
            Ok(tunnel) => tunnel,
            Err(TunnelRefusal::Refused(GONE)) => return Ended::Gone,
            Err(refusal) => return Ended::Broke(refusal.code().to_owned()),
        };
        let standing = Standing::new(&self.counts);
        let contact = tunnel.contact().await;
        drop(standing);
        let payload = match contact {
            Ok(Some(payload)) => payload,
            Ok(None) => return Ended::Broke("relay_closed".to_owned()),
            Err(refusal) => return Ended::Broke(refusal.code().to_owned()),
        };
        let payload = match ClientPayload::from_cbor(&payload) {
            Ok(payload) => payload,
            Err(refusal) => return away(tunnel, refusal.code()).await,
        };
        match self.note(link.id, payload.clone()).await {
            Ok(device) => self.answer(device, Contact { link, payload: &payload, tunnel }).await,
            Err(refusal) => away(tunnel, refusal.code()).await,
        }
    }

    async fn note(&self, link: [u8; 8], payload: ClientPayload) -> Result<String, ContactRefusal> {
        let now = (self.service.clock)();
        let noted = self.worker.with_vault(move |vault| super::contacted(vault, &link, &payload, now)).await;
        noted.unwrap_or(Err(ContactRefusal::Unknown))
    }

    async fn answer(&self, device: String, contact: Contact<'_>) -> Ended {
        let Service { domain, reach, bluetooth, clock, .. } = &*self.service;
        let authority = Linked { worker: &self.worker, via: Via::LinkedDevice { name: device } };
        let get_info = match authority.handle(vec![GET_INFO]).await.split_first() {
            Some((0, info)) => info.to_vec(),
            _ => return away(contact.tunnel, "keeper_gone").await,
        };
        let phone = Phone { get_info, domain: *domain, reach, bluetooth, clock: *clock, near: None };
        match answer_contact(contact, phone, &authority, &mut |_| {}).await {
            Ok(_) => {
                tracing::info!("a linked device has its answer");
                Ended::Answered
            }
            Err(refusal) => {
                tracing::info!(why = refusal.code(), "a linked device got no answer");
                Ended::Broke(refusal.code().to_owned())
            }
        }
    }
}

async fn away(tunnel: Tunnel, why: &str) -> Ended {
    tracing::info!(why, "a contact is not answered");
    tunnel.close().await;
    Ended::Broke(why.to_owned())
}

/// Up to half of it: many devices whose relay was away for a moment do not come back at the same one.
fn share_of(pause: Duration) -> Duration {
    let [share] = entropy::array(&mut ambient::entropy());
    (pause / 512).saturating_mul(u32::from(u8::from_be_bytes([share])))
}

/// The worker, asked by a device that it knows.
struct Linked<'a> {
    worker: &'a Worker<VaultFile>,
    via: Via,
}

impl Authority for Linked<'_> {
    async fn handle(&self, request: Vec<u8>) -> Vec<u8> {
        self.worker.handle(self.via.clone(), request).done().await
    }
}
