//! Without a relay: the data goes over Bluetooth alone. The channel is a pipe here, since no radio is.

use std::io;

use hybrid::initiator::{Action, Event, Initiator};
use hybrid::qr::{Hint, Qr};
use hybrid::stream::{self, Reader};
use keyfob::cross_device::{CrossDeviceRefusal, Phone, Progress, answer};
use keyfob::io::bluetooth::Bluetooth;
use keyfob::io::near::{Coming, Near, Stream};
use primitives::entropy::SystemEntropy;
use testkit::bluez::{Bluez, PrivateBus};
use testkit::tunnel::Manners;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::{Mutex, oneshot};

use super::client::{Client, NOW};
use super::relay;
use super::whole::{DOMAIN, Echo};

const PSM: u16 = 0x93;

/// Listens at one end of a pipe.
struct Listening(Mutex<Option<oneshot::Receiver<DuplexStream>>>);

impl Near for Listening {
    fn psm(&self) -> u16 {
        PSM
    }

    fn accept(&self) -> Coming<'_> {
        Box::pin(async {
            let mut waiting = self.0.lock().await;
            match waiting.as_mut() {
                Some(coming) => {
                    let stream: Box<dyn Stream> = Box::new(coming.await.map_err(io::Error::other)?);
                    Ok(stream)
                }
                None => std::future::pending().await,
            }
        })
    }
}

/// A client that is near: hears one advertisement, connects, asks once.
async fn ask(
    mut client: Initiator,
    bluez: &mut Bluez,
    connect: oneshot::Sender<DuplexStream>,
) -> Vec<Vec<u8>> {
    let heard = bluez.advertised().await;
    assert_eq!(heard[20..], [0xa1, 0x01, 0x18, 0x93], "the channel's number follows");
    let (mut here, there) = tokio::io::duplex(64);
    let (mut connect, mut there) = (Some(connect), Some(there));
    let (mut reader, mut bytes, mut replies) = (Reader::default(), [0; 32], Vec::new());
    let mut actions = client.input(Event::Advertisement(&heard), NOW, &mut SystemEntropy);
    loop {
        let mut next = Vec::new();
        for action in actions {
            match action {
                Action::ConnectNear { psm } => {
                    assert_eq!(psm, PSM);
                    connect.take().unwrap().send(there.take().unwrap()).unwrap();
                    next.extend(client.input(Event::Connected, NOW, &mut SystemEntropy));
                }
                Action::Send(message) => here.write_all(&stream::write(&message).unwrap()).await.unwrap(),
                Action::Ready(_) => {
                    next.extend(client.input(Event::Request(vec![1, 7]), NOW, &mut SystemEntropy));
                }
                Action::Reply(reply) => {
                    replies.push(reply);
                    next.extend(client.input(Event::Finish, NOW, &mut SystemEntropy));
                }
                Action::Done(outcome) => {
                    outcome.unwrap();
                    return replies;
                }
                Action::Close | Action::Linked(_) => {}
                Action::Connect { .. } => unreachable!("the channel is nearer than the tunnel"),
            }
        }
        if next.is_empty() {
            let length = here.read(&mut bytes).await.unwrap();
            for message in reader.push(&bytes[..length]).unwrap() {
                next.extend(client.input(Event::Message(&message), NOW, &mut SystemEntropy));
            }
        }
        actions = next;
    }
}

#[tokio::test]
async fn a_near_device_needs_no_relay() {
    for manners in [Manners::Good, Manners::RefusesPhones(503)] {
        let bus = PrivateBus::start().await.unwrap();
        let mut bluez = Bluez::start(&bus).await.unwrap();
        let bluetooth = Bluetooth::on(bus.address());
        let (service, reach, _folder) = relay::service().await;
        service.set_manners(manners);
        let (connect, coming) = oneshot::channel();
        let near = Listening(Mutex::new(Some(coming)));
        let (client, qr): (Initiator, Qr) = Initiator::near(Hint::Create, false, NOW, &mut SystemEntropy);
        let (get_info, near): (_, Option<&dyn Near>) = (vec![0xa0], Some(&near));
        let phone =
            Phone { get_info, domain: DOMAIN, reach: &reach, bluetooth: &bluetooth, clock: || NOW, near };
        let (echo, mut progress) = (Echo::default(), Vec::new());
        let mut tell = |told| progress.push(told);
        let (spent, replies) =
            tokio::join!(answer(qr, phone, &echo, &mut tell), ask(client, &mut bluez, connect));
        assert_eq!(spent.map(drop), Ok(()), "{manners:?}");
        assert_eq!(replies, [vec![0, 1, 7]]);
        assert_eq!(progress, [Progress::Advertising, Progress::Connected, Progress::Answered(0)]);
    }
}

#[tokio::test]
async fn a_stranger_who_connects_learns_nothing_and_ends_it() {
    let bus = PrivateBus::start().await.unwrap();
    let _bluez = Bluez::start(&bus).await.unwrap();
    let bluetooth = Bluetooth::on(bus.address());
    let (_service, reach, _folder) = relay::service().await;
    for nonsense in [&[0xff; 8][..], &[0, 0, 0, 1, 0], &[0, 0, 0, 9]] {
        let (connect, coming) = oneshot::channel();
        let near = Listening(Mutex::new(Some(coming)));
        let (_, qr) = Initiator::near(Hint::Get, false, NOW, &mut SystemEntropy);
        let near: Option<&dyn Near> = Some(&near);
        let phone = Phone {
            get_info: vec![0xa0],
            domain: DOMAIN,
            reach: &reach,
            bluetooth: &bluetooth,
            clock: || NOW,
            near,
        };
        let (echo, mut tell) = (Echo::default(), |_| {});
        let stranger = async {
            let (mut here, there) = tokio::io::duplex(64);
            connect.send(there).unwrap();
            here.write_all(nonsense).await.unwrap();
            here.shutdown().await.unwrap();
            let mut heard = Vec::new();
            here.read_to_end(&mut heard).await.unwrap();
            heard
        };
        let (outcome, heard) = tokio::join!(answer(qr, phone, &echo, &mut tell), stranger);
        let refused = outcome.unwrap_err();
        assert!(
            matches!(refused, CrossDeviceRefusal::Near | CrossDeviceRefusal::Transport(_)),
            "{refused:?}"
        );
        assert!(heard.is_empty(), "{heard:?}");
    }
}

#[tokio::test]
async fn a_client_that_knows_only_tunnels_gets_twenty_bytes() {
    let bus = PrivateBus::start().await.unwrap();
    let mut bluez = Bluez::start(&bus).await.unwrap();
    let bluetooth = Bluetooth::on(bus.address());
    let (service, reach, folder) = relay::service().await;
    let (client, qr) = Client::new(service.port(), &folder.path().join("authority.pem"));
    let near = Listening(Mutex::new(None));
    let near: Option<&dyn Near> = Some(&near);
    let phone = Phone {
        get_info: vec![0xa0],
        domain: DOMAIN,
        reach: &reach,
        bluetooth: &bluetooth,
        clock: || NOW,
        near,
    };
    let (echo, mut tell) = (Echo::default(), |_| {});
    let (spent, course) = tokio::join!(answer(qr, phone, &echo, &mut tell), client.ask(&mut bluez, &[&[4]]));
    assert_eq!((spent.map(drop), course.replies), (Ok(()), vec![vec![0, 4]]));
}
