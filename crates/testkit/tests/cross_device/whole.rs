//! A whole session: scanned code, tunnel, advertisement, handshake, requests, end.

use std::sync::Mutex;

use hybrid::responder::ResponderRefusal;
use keyfob::cross_device::{Authority, CrossDeviceRefusal, Phone, Progress, Spent, answer};
use keyfob::io::bluetooth::{Bluetooth, BluetoothRefusal};
use keyfob::io::tunnel::{Reach, TunnelRefusal};
use tempfile::TempDir;
use testkit::bluez::{Bluez, PrivateBus};
use testkit::tunnel::{Manners, TunnelService};

use super::client::{Client, Course, NOW};
use super::relay;

/// The number of `cable.wufkweyy3uaxb.com`.
pub(crate) const DOMAIN: u16 = 266;

/// Says back what it was asked, and keeps it.
#[derive(Default)]
pub(crate) struct Echo(pub(crate) Mutex<Vec<Vec<u8>>>);

impl Authority for Echo {
    async fn handle(&self, request: Vec<u8>) -> Vec<u8> {
        self.0.lock().unwrap().push(request.clone());
        [vec![0], request].concat()
    }
}

struct Stage {
    _bus: PrivateBus,
    bluez: Bluez,
    bluetooth: Bluetooth,
    service: TunnelService,
    reach: Reach,
    folder: TempDir,
}

impl Stage {
    async fn set() -> Self {
        let bus = PrivateBus::start().await.unwrap();
        let bluez = Bluez::start(&bus).await.unwrap();
        let bluetooth = Bluetooth::on(bus.address());
        let (service, reach, folder) = relay::service().await;
        Self { _bus: bus, bluez, bluetooth, service, reach, folder }
    }

    /// Both ends at once.
    async fn play(
        &mut self,
        authority: &impl Authority,
        requests: &[&[u8]],
    ) -> (Result<Spent, CrossDeviceRefusal>, Course, Vec<Progress>) {
        let (client, qr) = Client::new(self.service.port(), &self.folder.path().join("authority.pem"));
        let phone = Phone {
            get_info: vec![0xa0],
            domain: DOMAIN,
            reach: &self.reach,
            bluetooth: &self.bluetooth,
            clock: || NOW,
            near: None,
        };
        let mut progress = Vec::new();
        let mut tell = |told| progress.push(told);
        let (spent, course) =
            tokio::join!(answer(qr, phone, authority, &mut tell), client.ask(&mut self.bluez, requests));
        (spent, course, progress)
    }
}

#[tokio::test]
async fn requests_come_and_replies_go() {
    let mut stage = Stage::set().await;
    let echo = Echo::default();
    let (spent, course, progress) = stage.play(&echo, &[&[4], &[1, 2, 3]]).await;
    assert_eq!(course.outcome, Some(Ok(())));
    assert_eq!(course.get_info, Some(vec![0xa0]));
    assert_eq!(course.replies, [vec![0, 4], vec![0, 1, 2, 3]]);
    assert_eq!(*echo.0.lock().unwrap(), [vec![4], vec![1, 2, 3]]);
    let twice = [Progress::Connected, Progress::Answered(0)];
    assert_eq!(progress, [&[Progress::Advertising][..], &twice, &twice].concat());
    assert!(spent.unwrap().total() > std::time::Duration::ZERO);
    stage.bluez.nothing_on_air().await;
}

#[tokio::test]
async fn a_tunnel_that_changes_a_bit_ends_it_at_both_ends() {
    let mut stage = Stage::set().await;
    for manners in [Manners::FlipsHandshake, Manners::FlipsFrame] {
        stage.service.set_manners(manners);
        let echo = Echo::default();
        let (spent, course, _) = stage.play(&echo, &[&[4]]).await;
        assert!(matches!(course.outcome, Some(Err(_))), "{manners:?}");
        assert_eq!(spent, Err(CrossDeviceRefusal::Transport(ResponderRefusal::Abandoned)), "{manners:?}");
        assert!(echo.0.lock().unwrap().is_empty(), "{manners:?}");
    }
    stage.bluez.nothing_on_air().await;
}

#[tokio::test]
async fn who_goes_while_the_person_is_asked_withdraws_the_question() {
    /// Never says anything, and notes that nobody waits any more.
    struct Silent(Mutex<bool>);
    struct Dropped<'a>(&'a Mutex<bool>);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            *self.0.lock().unwrap() = true;
        }
    }
    impl Authority for Silent {
        fn handle(&self, _request: Vec<u8>) -> impl Future<Output = Vec<u8>> + Send {
            // Noted even where the tunnel is closed before anybody is asked.
            let noted = Dropped(&self.0);
            async move {
                let _noted = noted;
                std::future::pending().await
            }
        }
    }
    let mut stage = Stage::set().await;
    stage.service.set_manners(Manners::EndsAfter(4));
    let silent = Silent(Mutex::new(false));
    let (spent, _, progress) = stage.play(&silent, &[&[1]]).await;
    assert_eq!(spent, Err(CrossDeviceRefusal::Transport(ResponderRefusal::Abandoned)));
    assert_eq!(progress, [Progress::Advertising, Progress::Connected]);
    assert!(*silent.0.lock().unwrap());
}

async fn alone(stage: &Stage, domain: u16) -> CrossDeviceRefusal {
    let (_, qr) = Client::new(stage.service.port(), &stage.folder.path().join("authority.pem"));
    let (reach, bluetooth) = (&stage.reach, &stage.bluetooth);
    let phone = Phone { get_info: Vec::new(), domain, reach, bluetooth, clock: || NOW, near: None };
    answer(qr, phone, &Echo::default(), &mut |_| {}).await.unwrap_err()
}

#[tokio::test]
async fn without_bluetooth_relay_or_domain_nothing_happens() {
    let stage = Stage::set().await;
    let domain = CrossDeviceRefusal::Transport(ResponderRefusal::Domain);
    assert_eq!((alone(&stage, 2).await, alone(&stage, 255).await), (domain, domain));
    stage.service.set_manners(Manners::RefusesPhones(503));
    assert_eq!(alone(&stage, DOMAIN).await, CrossDeviceRefusal::Relay(TunnelRefusal::Refused(503)));
    stage.service.set_manners(Manners::Good);
    stage.bluez.set_powered(false).await.unwrap();
    assert_eq!(alone(&stage, DOMAIN).await, CrossDeviceRefusal::Bluetooth(BluetoothRefusal::Off));
}

#[tokio::test]
async fn a_radio_that_ends_while_nobody_came_yet_ends_it() {
    for (how, expected) in [
        ("off", BluetoothRefusal::Off),
        ("unplug", BluetoothRefusal::Ended),
        ("vanish", BluetoothRefusal::NoBluez),
    ] {
        let mut stage = Stage::set().await;
        let (_, qr) = Client::new(stage.service.port(), &stage.folder.path().join("authority.pem"));
        let (reach, bluetooth) = (&stage.reach, &stage.bluetooth);
        let phone =
            Phone { get_info: Vec::new(), domain: DOMAIN, reach, bluetooth, clock: || NOW, near: None };
        let (echo, mut tell) = (Echo::default(), |_| {});
        let accident = async {
            stage.bluez.advertised().await;
            match how {
                "off" => stage.bluez.set_powered(false).await.unwrap(),
                "unplug" => stage.bluez.unplug().await.unwrap(),
                _ => stage.bluez.vanish().await.unwrap(),
            }
        };
        let (outcome, ()) = tokio::join!(answer(qr, phone, &echo, &mut tell), accident);
        assert_eq!(outcome, Err(CrossDeviceRefusal::Bluetooth(expected)), "{how}");
    }
}

#[tokio::test]
async fn an_advertisement_of_another_code_says_nothing_to_a_client() {
    let mut stage = Stage::set().await;
    let heard = {
        let (_, qr) = Client::new(stage.service.port(), &stage.folder.path().join("authority.pem"));
        let (reach, bluetooth) = (&stage.reach, &stage.bluetooth);
        let phone =
            Phone { get_info: Vec::new(), domain: DOMAIN, reach, bluetooth, clock: || NOW, near: None };
        let (echo, mut tell) = (Echo::default(), |_| {});
        tokio::select! {
            _ = answer(qr, phone, &echo, &mut tell) => unreachable!("nobody comes"),
            heard = stage.bluez.advertised() => heard,
        }
    };
    // The same screen a moment later, and somebody who sends again what was in the air before.
    let (other, _) = Client::new(stage.service.port(), &stage.folder.path().join("authority.pem"));
    assert_eq!(other.hears(&heard), 0);
}

#[tokio::test]
async fn a_client_that_would_remember_the_phone_gets_nothing_to_remember() {
    let mut stage = Stage::set().await;
    let (client, qr) = Client::linking(stage.service.port(), &stage.folder.path().join("authority.pem"));
    assert!(qr.linking);
    let (reach, bluetooth) = (&stage.reach, &stage.bluetooth);
    let phone = Phone { get_info: vec![0xa0], domain: DOMAIN, reach, bluetooth, clock: || NOW, near: None };
    let (echo, mut tell) = (Echo::default(), |_| {});
    let (spent, course) =
        tokio::join!(answer(qr, phone, &echo, &mut tell), client.ask(&mut stage.bluez, &[&[1]]));
    assert_eq!((spent.map(drop), course.outcome), (Ok(()), Some(Ok(()))));
    assert_eq!((course.replies.len(), course.links.len()), (1, 0));
}

#[tokio::test]
async fn a_code_that_is_not_of_now_is_not_answered() {
    let stage = Stage::set().await;
    let (_, qr) = Client::new(stage.service.port(), &stage.folder.path().join("authority.pem"));
    let (reach, bluetooth) = (&stage.reach, &stage.bluetooth);
    let later = || NOW + primitives::time::Span::from_minutes(3);
    let phone = Phone { get_info: Vec::new(), domain: DOMAIN, reach, bluetooth, clock: later, near: None };
    let refused = answer(qr, phone, &Echo::default(), &mut |_| {}).await.unwrap_err();
    assert_eq!(refused.code(), "qr_too_old");
    assert_eq!(stage.bluez.on_air(), 0);
}
