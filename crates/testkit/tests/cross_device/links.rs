//! Devices that ask without a code: our own client is given a link over a code, the vault keeps it, and `serve`'s half
//! waits at the real relay.

use std::path::PathBuf;
use std::time::Duration;

use authenticator::Settings;
use authenticator::ctap2::{Answer, Ctap2, Question};
use futures_util::StreamExt;
use hybrid::initiator::InitiatorRefusal;
use hybrid::linking::{Link, PhoneLink};
use keyfob::ambient;
use keyfob::cross_device::{OverHolder, Phone, Progress, answer};
use keyfob::face::describe::describe;
use keyfob::face::{Face, Via};
use keyfob::holder::{Holder, Wish};
use keyfob::io::bluetooth::Bluetooth;
use keyfob::io::relay::{Settings as RelaySettings, bind};
use keyfob::io::tunnel::Reach;
use keyfob::links::Given;
use keyfob::links::waiting::{Service, Waiting, start};
use keyfob::text::Text;
use keyfob::vault_file::{Unlock, VaultFile};
use keyfob::worker::{self, Worker};
use primitives::entropy::SystemEntropy;
use rcgen::generate_simple_self_signed;
use tempfile::TempDir;
use testkit::bluez::{Bluez, PrivateBus};
use testkit::tunnel::Manners;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::client::{Client, Course, NOW};
use super::whole::DOMAIN;

const SITE: &str = "id.example.org";

/// Approves everything, and says what it was asked.
struct Asking {
    asked: mpsc::UnboundedSender<Vec<String>>,
    /// Goes after the vault has gone.
    _gone: oneshot::Sender<()>,
}

impl Face for Asking {
    async fn ask(&mut self, question: &Question, via: &Via) -> Answer {
        self.asked.send(describe(Text::English, question, via).lines).unwrap();
        Answer::Approved { verified: true, account: 0 }
    }
}

struct Stage {
    _bus: PrivateBus,
    bluez: Bluez,
    bluetooth: Bluetooth,
    port: u16,
    relay: JoinHandle<()>,
    folder: TempDir,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

/// A vault that somebody holds.
struct Held {
    worker: Worker<VaultFile>,
    asked: mpsc::UnboundedReceiver<Vec<String>>,
    gone: oneshot::Receiver<()>,
}

impl Held {
    fn holder(&self) -> Holder {
        Holder::Here(self.worker.clone())
    }
}

impl Stage {
    async fn set() -> Self {
        let bus = PrivateBus::start().await.unwrap();
        let bluez = Bluez::start(&bus).await.unwrap();
        let bluetooth = Bluetooth::on(bus.address());
        let folder = tempfile::tempdir().unwrap();
        let made = generate_simple_self_signed(vec!["cable.wufkweyy3uaxb.com".to_owned()]).unwrap();
        let (chain, key) = (folder.path().join("authority.pem"), folder.path().join("key.pem"));
        std::fs::write(&chain, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let (listen, tls) = ("127.0.0.1:0".parse().unwrap(), Some((chain, key)));
        let limits = hybrid::relay::Limits::default();
        let settings = RelaySettings { listen, metrics: None, tls, behind_proxy: false, limits };
        let bound = bind(settings).await.unwrap_or_else(|why| unreachable!("{why}"));
        let port = bound.address().unwrap().port();
        let relay = tokio::spawn(async move { drop(bound.run().await) });
        VaultFile::create(&folder.path().join("vault"), Unlock::Unattended, &mut SystemEntropy).unwrap();
        Self { _bus: bus, bluez, bluetooth, port, relay, folder }
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    fn reach(&self) -> Reach {
        Reach::new(Some(&self.authority())).unwrap().at(Some(format!("127.0.0.1:{}", self.port)))
    }

    fn hold(&self) -> Held {
        let vault = VaultFile::open(&self.folder.path().join("vault"), Unlock::Unattended).unwrap();
        let ctap2 = Ctap2::new(Settings::keyfob(), vault, ambient::now());
        let ((asked_in, asked), (gone_in, gone)) = (mpsc::unbounded_channel(), oneshot::channel());
        let worker = worker::start(ctap2, Asking { asked: asked_in, _gone: gone_in }).unwrap();
        Held { worker, asked, gone }
    }

    fn wait(&self, held: &Held, reach: Reach) -> Waiting {
        let (bluetooth, pause) = (self.bluetooth.clone(), Duration::from_millis(1));
        start(held.worker.clone(), Service { domain: DOMAIN, reach, bluetooth, clock: ambient::now, pause })
    }

    /// A passkey is made over a code, by a device that wants to be remembered.
    async fn scan(&mut self, held: &mut Held, remember: Option<&str>) -> (Course, Vec<Progress>) {
        let (client, qr) = Client::linking(self.port, &self.authority());
        let reach = self.reach();
        let phone = Phone {
            get_info: vec![0xa0],
            domain: DOMAIN,
            reach: &reach,
            bluetooth: &self.bluetooth,
            clock: || NOW,
            near: None,
        };
        let holder = held.holder();
        let remember = remember.map(|name| (name.to_owned(), DOMAIN));
        let authority = OverHolder { holder: &holder, remember };
        let mut progress = Vec::new();
        let mut tell = |told| progress.push(told);
        let creation = creation();
        let requests: [&[u8]; 1] = [&creation];
        let (spent, course) =
            tokio::join!(answer(qr, phone, &authority, &mut tell), client.ask(&mut self.bluez, &requests));
        spent.unwrap();
        assert_eq!(course.replies.len(), 1);
        assert_eq!(course.replies[0][0], 0);
        held.asked.recv().await.unwrap();
        (course, progress)
    }

    fn knowing(&self, link: &Link) -> Client {
        Client::knowing(link.clone(), DOMAIN, self.port, &self.authority())
    }

    /// The device that knows us comes, and asks for a signature.
    async fn contact(&mut self, link: &Link) -> Course {
        self.knowing(link).ask(&mut self.bluez, &[&assertion()]).await
    }
}

fn creation() -> Vec<u8> {
    let mut request = vec![0x01, 0xa5, 0x01, 0x58, 32];
    request.extend([7; 32]);
    request.extend(b"\x02\xa1\x62id\x6eid.example.org\x03\xa2\x62id\x43ana\x64name\x61x");
    request.extend(b"\x04\x81\xa2\x63alg\x26\x64type\x6apublic-key\x07\xa2\x62rk\xf5\x62uv\xf5");
    request
}

fn assertion() -> Vec<u8> {
    let mut request = b"\x02\xa3\x01\x6eid.example.org\x02\x58\x20".to_vec();
    request.extend([8; 32]);
    request.extend(b"\x05\xa1\x62uv\xf5");
    request
}

async fn standing(waiting: &Waiting, count: usize) {
    let mut counts = waiting.standing();
    // The machine may be busy; for ever is too long.
    let stand = tokio::time::timeout(Duration::from_secs(30), counts.wait_for(|standing| *standing == count));
    stand.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_remembered_device_signs_in_without_a_code() {
    let mut stage = Stage::set().await;
    let mut held = stage.hold();
    let (course, progress) = stage.scan(&mut held, Some("office")).await;
    let [link] = course.links.try_into().unwrap();
    assert!(progress.contains(&Progress::Linked(true)), "{progress:?}");
    // The computer is started anew.
    let Held { worker, gone, .. } = held;
    drop(worker);
    let _ = gone.await;
    let mut held = stage.hold();
    let devices = held.holder().devices().await.unwrap();
    assert_eq!((devices.len(), devices[0].name.as_str()), (1, "office"));
    let waiting = stage.wait(&held, stage.reach());
    for _ in 0..2 {
        standing(&waiting, 1).await;
        let course = stage.contact(&link).await;
        assert_eq!(course.outcome, Some(Ok(())));
        assert_eq!(course.replies[0][0], 0);
        assert!(course.get_info.is_some());
        let asked = held.asked.recv().await.unwrap();
        assert!(asked[0].contains(SITE), "{asked:?}");
        assert!(asked[1].contains("without a code") && asked[1].contains("\"office\""), "{asked:?}");
        // It goes with its answer; the phone has seen that once it waits again.
        standing(&waiting, 1).await;
    }
    stage.bluez.nothing_on_air().await;
    assert!(held.holder().devices().await.unwrap()[0].last_used.is_some());
}

#[tokio::test]
async fn a_device_that_is_forgotten_reaches_nobody() {
    let mut stage = Stage::set().await;
    let mut held = stage.hold();
    // It is waited for from the moment on in which it is kept.
    let waiting = stage.wait(&held, stage.reach());
    let (course, _) = stage.scan(&mut held, Some("office")).await;
    let link = course.links[0].clone();
    standing(&waiting, 1).await;
    let id = held.holder().devices().await.unwrap()[0].id.clone();
    held.holder().wish(Wish::Unlink { id }).await.unwrap();
    standing(&waiting, 0).await;
    let course = stage.contact(&link).await;
    let refused = [InitiatorRefusal::TunnelRefused, InitiatorRefusal::TunnelClosed];
    assert!(matches!(course.outcome, Some(Err(why)) if refused.contains(&why)), "{course:?}");
    assert!(held.asked.try_recv().is_err(), "nobody was asked");
    assert_eq!(stage.bluez.on_air(), 0);
}

#[tokio::test]
async fn a_contact_that_is_said_again_puts_nothing_on_the_air() {
    let mut stage = Stage::set().await;
    let mut held = stage.hold();
    let (course, _) = stage.scan(&mut held, Some("office")).await;
    let link = course.links[0].clone();
    let waiting = stage.wait(&held, stage.reach());
    standing(&waiting, 1).await;
    let client = stage.knowing(&link);
    let (url, payload) = client.contact();
    assert_eq!(client.ask(&mut stage.bluez, &[&assertion()]).await.outcome, Some(Ok(())));
    held.asked.recv().await.unwrap();
    // The same words, and another link's; each ends the connection, and the next is waited for.
    let other = PhoneLink::generate(&mut SystemEntropy).link("x").unwrap();
    let mixed = stage.knowing(&other).contact().1;
    for said in [payload, mixed] {
        standing(&waiting, 1).await;
        let (stranger, _) = Client::new(stage.port, &stage.authority());
        let mut socket = stranger.open(&url, Some(&said)).await.unwrap();
        tokio::select! {
            _ = stage.bluez.advertised() => unreachable!("somebody learns that we are near"),
            ended = socket.next() => assert!(!matches!(ended, Some(Ok(message)) if message.is_binary())),
        }
        standing(&waiting, 1).await;
    }
    let course = stage.contact(&link).await;
    assert_eq!(course.outcome, Some(Ok(())), "the device itself is answered as before");
}

#[tokio::test]
async fn who_is_not_to_be_remembered_is_given_nothing() {
    let mut stage = Stage::set().await;
    let mut held = stage.hold();
    let (course, progress) = stage.scan(&mut held, None).await;
    assert!(course.links.is_empty());
    assert!(!progress.iter().any(|told| matches!(told, Progress::Linked(_))), "{progress:?}");
    assert!(held.holder().devices().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_link_that_the_relay_calls_gone_is_forgotten() {
    let stage = Stage::set().await;
    let held = stage.hold();
    let (service, reach, _folder) = super::relay::service().await;
    let link = PhoneLink::generate(&mut SystemEntropy);
    let given = Box::new(Given { name: "office".to_owned(), relay: DOMAIN, link });
    held.holder().wish(Wish::Link { given }).await.unwrap();
    service.set_manners(Manners::Refuses(410));
    let mut news = held.worker.news();
    let _waiting = stage.wait(&held, reach);
    news.changed().await.unwrap();
    assert!(held.holder().devices().await.unwrap().is_empty());
}
