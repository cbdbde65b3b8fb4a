//! Devices with certificates of the organisation's own: found by their keys, revoked, and gone with their owner.

use account::attested_device::{Device, LIFETIME};
use account::passkey::Passkey;
use account::user::UserId;
use store::attested_devices::{self, Authority};
use store::{erasure, passkeys, users};

use crate::fixture::{self, Fixture, NOW};
use crate::forged::each_is_forged;

fn device(user: UserId, key: u8) -> Device {
    Device {
        id: fixture::id(),
        user,
        name: "Ana's laptop".to_owned(),
        key: vec![key; 77],
        certificate: vec![2; 500],
        created: NOW,
        issued: NOW,
        ends: NOW + LIFETIME,
        revoked: None,
    }
}

async fn stored(f: &Fixture, user: UserId, key: u8) -> Device {
    let device = device(user, key);
    let written = device.clone();
    assert!(f.write(move |tx| attested_devices::insert(tx, &written)).await);
    device
}

pub(crate) async fn a_device_is_found_by_its_key_and_lives_its_life(f: Fixture) {
    let ada = f.user("ada").await;
    let (one, other) = (stored(&f, ada.id, 1).await, stored(&f, ada.id, 2).await);
    let again = device(ada.id, 1);
    assert!(!f.write(move |tx| attested_devices::insert(tx, &again)).await, "a key is certified once");
    assert_eq!(f.write(|tx| attested_devices::lock_by_key(tx, &[1; 77])).await.as_ref(), Some(&one));
    assert_eq!(f.write(|tx| attested_devices::lock_by_key(tx, &[3; 77])).await, None);

    let revoked = Device { revoked: Some(NOW), name: "Lost".to_owned(), ..one.clone() };
    let written = revoked.clone();
    assert!(f.write(move |tx| attested_devices::update(tx, &written)).await);
    let id = one.id;
    assert_eq!(f.write(move |tx| attested_devices::by_id(tx, id)).await.as_ref(), Some(&revoked));
    assert_eq!(f.write(move |tx| attested_devices::lock(tx, id)).await.as_ref(), Some(&revoked));
    let mut all = f.write(move |tx| attested_devices::of_user(tx, ada.id)).await;
    let mut expected = vec![revoked, other.clone()];
    expected.sort_by_key(|device| device.id);
    assert_eq!(all, expected);
    let first = all.remove(0);
    let next = f.write(move |tx| attested_devices::page(tx, Some(first.id), 10)).await;
    assert_eq!(next, all);
    assert_eq!(f.write(|tx| attested_devices::page(tx, None, 1)).await.len(), 1);
    assert_eq!(f.write(attested_devices::remove_all).await, 2);
    assert!(!f.write(move |tx| attested_devices::update(tx, &other)).await, "it is gone");
}

pub(crate) async fn a_device_goes_with_its_owner_and_its_passkeys_lose_what_it_said(f: Fixture) {
    let (ada, eve) = (f.user("ada").await, f.user("eve").await);
    let (hers, his) = (stored(&f, ada.id, 1).await, stored(&f, eve.id, 2).await);
    let passkey = Passkey { attestation_trusted: true, ..fixture::passkey(&ada) };
    let written = passkey.clone();
    assert!(f.write(move |tx| passkeys::insert(tx, &written)).await);
    let (id, device) = (passkey.id, hers.id);
    f.write(move |tx| attested_devices::note_passkey(tx, device, ada.id, id)).await;
    f.write(move |tx| attested_devices::note_passkey(tx, device, ada.id, id)).await;
    assert_eq!(f.write(move |tx| attested_devices::passkeys_of(tx, device)).await, [(id, ada.id)]);
    assert!(f.write(move |tx| passkeys::distrust(tx, &passkey)).await);
    let now = f.write(move |tx| passkeys::by_id(tx, ada.id, id)).await.unwrap();
    assert!(!now.attestation_trusted);
    assert!(!f.write(move |tx| passkeys::distrust(tx, &now)).await, "once");

    let user = f.write(move |tx| users::by_id(tx, ada.id)).await.unwrap();
    f.write(move |tx| erasure::erase(tx, &user)).await;
    assert_eq!(f.write(|tx| attested_devices::page(tx, None, 10)).await, [his]);
    assert_eq!(f.write(move |tx| attested_devices::passkeys_of(tx, device)).await, []);
}

pub(crate) async fn a_device_that_several_accounts_share_goes_on_with_those_that_remain(f: Fixture) {
    let (ada, eve) = (f.user("ada").await, f.user("eve").await);
    let (shared, own) = (stored(&f, ada.id, 1).await, stored(&f, ada.id, 2).await);
    let (hers, his) = (fixture::passkey(&ada), fixture::passkey(&eve));
    for passkey in [hers, his.clone()] {
        let (id, owner, written) = (shared.id, passkey.user, passkey.clone());
        assert!(f.write(move |tx| passkeys::insert(tx, &written)).await);
        f.write(move |tx| attested_devices::note_passkey(tx, id, owner, passkey.id)).await;
    }
    let user = f.write(move |tx| users::by_id(tx, ada.id)).await.unwrap();
    f.write(move |tx| erasure::erase(tx, &user)).await;
    let left = Device { user: eve.id, name: String::new(), ..shared.clone() };
    assert_eq!(f.write(|tx| attested_devices::page(tx, None, 10)).await, [left], "{} is gone", own.id);
    let linked = f.write(move |tx| attested_devices::passkeys_of(tx, shared.id)).await;
    assert_eq!(linked, [(his.id, eve.id)], "it can still be revoked for whoever is there");
}

pub(crate) async fn every_authority_column_of_an_attested_device(f: Fixture) {
    let ada = f.user("ada").await;
    stored(&f, ada.id, 1).await;
    let columns = [
        "id = user_id",
        "user_id = id",
        "public = certificate",
        "certificate = public",
        "created = 1",
        "issued = 1",
        "ends = 1",
        "revoked = 1",
    ];
    each_is_forged(&f, "attested_devices", &columns, |tx| attested_devices::page(tx, None, 10)).await;
    // A row that was moved to another key's digest is none of that key's.
    let other = primitives::digest::sha256(&[9; 77]);
    f.write(move |tx| tx.execute("UPDATE attested_devices SET digest = $1", &[(&other).into()])).await;
    assert_eq!(f.write(|tx| attested_devices::lock_by_key(tx, &[9; 77])).await, None);
}

pub(crate) async fn every_column_of_an_attestation_authority(f: Fixture) {
    let authority =
        Authority { id: fixture::id(), certificate: vec![1; 400], sealed: vec![2; 80], created: NOW };
    assert_eq!(f.write(attested_devices::authority).await, None);
    let written = authority.clone();
    f.write(move |tx| attested_devices::insert_authority(tx, &written)).await;
    assert_eq!(f.write(attested_devices::authority).await.as_ref(), Some(&authority));
    let columns =
        ["id = SUBSTR(sealed, 1, 16)", "certificate = sealed", "sealed = certificate", "created = 1"];
    each_is_forged(&f, "attestation_authorities", &columns, attested_devices::authority).await;
    let anew = Authority { sealed: vec![3; 80], ..authority.clone() };
    let written = anew.clone();
    assert!(f.write(move |tx| attested_devices::reseal_authority(tx, &written)).await);
    assert_eq!(f.write(attested_devices::authority).await, Some(anew));
    let id = authority.id;
    assert!(f.write(move |tx| attested_devices::remove_authority(tx, id)).await);
    assert!(!f.write(move |tx| attested_devices::remove_authority(tx, id)).await);
}
