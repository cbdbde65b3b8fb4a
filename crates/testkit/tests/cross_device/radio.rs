//! BlueZ: what is there, what is refused, what stays on the air.

use keyfob::io::bluetooth::{Adapter, Bluetooth, BluetoothRefusal, Facts, Kind};
use testkit::bluez::{Air, Bluez, PrivateBus};

async fn radio() -> (PrivateBus, Bluez, Bluetooth) {
    let bus = PrivateBus::start().await.unwrap();
    let bluez = Bluez::start(&bus).await.unwrap();
    let bluetooth = Bluetooth::on(bus.address());
    (bus, bluez, bluetooth)
}

async fn refused(bluetooth: &Bluetooth, data: &[u8]) -> BluetoothRefusal {
    bluetooth.advertise(Kind::Broadcast, data).await.map(|_| ()).unwrap_err()
}

#[tokio::test]
async fn an_advertisement_is_on_the_air_until_it_ends() {
    let (_bus, mut bluez, bluetooth) = radio().await;
    let advertisement = bluetooth.advertise(Kind::Broadcast, &[7; 20]).await.unwrap();
    assert_eq!(bluez.advertised().await, [7; 20]);
    assert_eq!(bluez.on_air(), 1);
    advertisement.end().await;
    assert_eq!(bluez.on_air(), 0);
}

#[tokio::test]
async fn a_program_that_is_gone_leaves_nothing_on_the_air() {
    let (_bus, mut bluez, bluetooth) = radio().await;
    let advertisement = bluetooth.advertise(Kind::Broadcast, &[7; 20]).await.unwrap();
    bluez.advertised().await;
    drop(advertisement);
    bluez.nothing_on_air().await;
    assert_eq!(bluez.on_air(), 0);
}

#[tokio::test]
async fn two_at_a_time_do_not_meet() {
    let (_bus, mut bluez, bluetooth) = radio().await;
    let one = bluetooth.advertise(Kind::Broadcast, &[1; 20]).await.unwrap();
    let two = bluetooth.advertise(Kind::Broadcast, &[2; 20]).await.unwrap();
    assert_eq!((bluez.advertised().await, bluez.advertised().await), (vec![1; 20], vec![2; 20]));
    one.end().await;
    assert_eq!(bluez.on_air(), 1);
    two.end().await;
    assert_eq!(bluez.on_air(), 0);
}

#[tokio::test]
async fn what_fits_31_bytes_fits() {
    let (_bus, _bluez, bluetooth) = radio().await;
    for (kind, longest) in [(Kind::Broadcast, 27), (Kind::Peripheral, 24)] {
        bluetooth.advertise(kind, &vec![0; longest]).await.unwrap().end().await;
        let longer = bluetooth.advertise(kind, &vec![0; longest + 1]).await.map(|_| ()).unwrap_err();
        assert_eq!(longer, BluetoothRefusal::TooLong, "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_missing_is_told_apart() {
    let nowhere = Bluetooth::on("unix:path=/nonexistent/bus");
    assert_eq!(refused(&nowhere, &[0; 20]).await, BluetoothRefusal::NoBus);
    let bus = PrivateBus::start().await.unwrap();
    let bluetooth = Bluetooth::on(bus.address());
    assert_eq!(refused(&bluetooth, &[0; 20]).await, BluetoothRefusal::NoBluez);
    assert_eq!(bluetooth.facts().await, Err(BluetoothRefusal::NoBluez));
    let bluez = Bluez::start(&bus).await.unwrap();
    bluez.set_powered(false).await.unwrap();
    assert_eq!(refused(&bluetooth, &[0; 20]).await, BluetoothRefusal::Off);
    bluez.set_powered(true).await.unwrap();
    let adapter = Adapter { path: "/org/bluez/hci0".to_owned(), powered: true, advertises: true };
    assert_eq!(bluetooth.facts().await, Ok(Facts { adapters: vec![adapter] }));
}

#[tokio::test]
async fn what_goes_off_the_air_by_itself_is_noticed() {
    let (_bus, bluez, bluetooth) = radio().await;
    let mut advertisement = bluetooth.advertise(Kind::Broadcast, &[7; 20]).await.unwrap();
    let (why, done) = tokio::join!(advertisement.lost(), bluez.set_powered(false));
    done.unwrap();
    assert_eq!(why, BluetoothRefusal::Off);
    bluez.set_powered(true).await.unwrap();
    let mut advertisement = bluetooth.advertise(Kind::Broadcast, &[7; 20]).await.unwrap();
    // What the adapter tells of besides is no end.
    bluez.set_powered(true).await.unwrap();
    let (why, done) = tokio::join!(advertisement.lost(), bluez.unplug());
    done.unwrap();
    assert_eq!(why, BluetoothRefusal::Ended);
    let mut advertisement = bluetooth.advertise(Kind::Broadcast, &[7; 20]).await.unwrap();
    let (why, done) = tokio::join!(advertisement.lost(), bluez.vanish());
    done.unwrap();
    assert_eq!(why, BluetoothRefusal::NoBluez);
    // Taking it off the air where nobody is to take it off ends, too.
    advertisement.end().await;
}

#[tokio::test]
async fn a_bus_that_ends_is_noticed() {
    let (bus, _bluez, bluetooth) = radio().await;
    let mut advertisement = bluetooth.advertise(Kind::Broadcast, &[7; 20]).await.unwrap();
    drop(bus);
    assert_eq!(advertisement.lost().await, BluetoothRefusal::NoBus);
    advertisement.end().await;
}

#[test]
fn of_several_adapters_the_first_that_can_is_taken() {
    let adapter = |path: &str, powered, advertises| Adapter { path: path.to_owned(), powered, advertises };
    let usable = |adapters: &[Adapter]| {
        let facts = Facts { adapters: adapters.to_vec() };
        facts.usable().map(|adapter| adapter.path.clone())
    };
    let (off, old, good) =
        (adapter("hci0", false, true), adapter("hci1", true, false), adapter("hci2", true, true));
    assert_eq!(usable(&[]), Err(BluetoothRefusal::NoAdapter));
    assert_eq!(usable(std::slice::from_ref(&old)), Err(BluetoothRefusal::CannotAdvertise));
    assert_eq!(usable(&[off.clone(), old.clone()]), Err(BluetoothRefusal::Off));
    assert_eq!(usable(&[off, old, good]), Ok("hci2".to_owned()));
}

#[tokio::test]
async fn the_air_may_change_what_is_heard_but_not_what_was_said() {
    let (_bus, mut bluez, bluetooth) = radio().await;
    for air in [Air::Damaged, Air::Longer, Air::Silent] {
        bluez.set_air(air);
        let advertisement = bluetooth.advertise(Kind::Broadcast, &[7; 20]).await.unwrap();
        assert_eq!(bluez.advertised().await, [7; 20], "{air:?}");
        advertisement.end().await;
    }
}

#[test]
fn every_refusal_has_a_code_and_a_sentence_of_its_own() {
    let all = [
        BluetoothRefusal::NoBus,
        BluetoothRefusal::NoBluez,
        BluetoothRefusal::NoAdapter,
        BluetoothRefusal::CannotAdvertise,
        BluetoothRefusal::Off,
        BluetoothRefusal::NotPermitted,
        BluetoothRefusal::TooLong,
        BluetoothRefusal::Ended,
        BluetoothRefusal::Refused,
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|refusal| refusal.code()).collect();
    let sentences: std::collections::BTreeSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!((codes.len(), sentences.len()), (all.len(), all.len()));
}
