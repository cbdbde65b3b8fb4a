//! Against a stand-in keyring at the other end of a socket.

use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use zbus::{Guid, connection};

use super::standin::{Collection, Prompt, Service, Shared, State};
use super::*;

const ID: Which = Which { vault: [0xab; 16], name: [0xcd; 16] };
const KEY: [u8; 32] = [7; 32];

/// A keyring in that state, and what keeps it alive.
async fn keyring(state: State) -> (Keyring, Shared, Connection) {
    let shared = Arc::new(Mutex::new(state));
    let (ours, theirs) = UnixStream::pair().unwrap();
    let guid = Guid::generate();
    let service = connection::Builder::unix_stream(theirs)
        .server(guid)
        .p2p()
        .serve_at(PATH, Service(Arc::clone(&shared)))
        .serve_at("/collection", Collection(Arc::clone(&shared)))
        .serve_at("/prompt", Prompt(Arc::clone(&shared)))
        .build();
    let client = connection::Builder::unix_stream(ours).p2p().build();
    let (service, client) = tokio::join!(service, client);
    (Keyring::open(client.unwrap()).await.unwrap(), shared, service.unwrap())
}

#[tokio::test]
async fn a_key_is_kept_and_found_by_its_vault() {
    let (keyring, shared, _service) = keyring(State::default()).await;
    assert_eq!(keyring.find(ID).await.err(), Some(KeyringRefusal::Unknown));
    keyring.keep(ID, &KEY).await.unwrap();
    assert_eq!(*keyring.find(ID).await.unwrap(), KEY);
    assert_eq!(keyring.find(Which { vault: [1; 16], ..ID }).await.err(), Some(KeyringRefusal::Unknown));
    let attributes = shared.lock().unwrap().items[0].0.clone();
    assert_eq!((&*attributes["vault"], &*attributes["key"]), (&*"ab".repeat(16), &*"cd".repeat(16)));
}

#[tokio::test]
async fn a_new_key_takes_no_other_ones_place() {
    let (keyring, _shared, _service) = keyring(State::default()).await;
    let next = Which { name: [1; 16], ..ID };
    keyring.keep(ID, &KEY).await.unwrap();
    keyring.keep(next, &[8; 32]).await.unwrap();
    assert_eq!((*keyring.find(ID).await.unwrap(), *keyring.find(next).await.unwrap()), (KEY, [8; 32]));
}

#[tokio::test]
async fn a_locked_keyring_asks_the_person() {
    let (keyring, shared, _service) = keyring(State { locked: true, ..State::default() }).await;
    keyring.keep(ID, &KEY).await.unwrap();
    shared.lock().unwrap().locked = true;
    assert_eq!(*keyring.find(ID).await.unwrap(), KEY);
}

#[tokio::test]
async fn who_is_not_unlocked_gives_nothing() {
    let state = State { locked: true, dismisses: true, ..State::default() };
    let (keyring, shared, _service) = keyring(state).await;
    assert_eq!(keyring.keep(ID, &KEY).await.err(), Some(KeyringRefusal::Locked));
    let names = ID.names();
    let wanted = attributes(&names).into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    let item = (wanted.collect(), KEY.to_vec());
    shared.lock().unwrap().items.push(item);
    assert_eq!(keyring.find(ID).await.err(), Some(KeyringRefusal::Locked));
}

#[tokio::test]
async fn nonsense_is_told_apart() {
    let (keyring, shared, _service) = keyring(State::default()).await;
    keyring.keep(ID, &KEY).await.unwrap();
    shared.lock().unwrap().items[0].1.pop();
    assert_eq!(keyring.find(ID).await.err(), Some(KeyringRefusal::Nonsense));
    shared.lock().unwrap().collectionless = true;
    assert_eq!(keyring.keep(ID, &KEY).await.err(), Some(KeyringRefusal::Absent));
}

#[test]
fn refusals_have_codes() {
    let all =
        [KeyringRefusal::Absent, KeyringRefusal::Unknown, KeyringRefusal::Locked, KeyringRefusal::Nonsense];
    for refusal in all {
        assert!(refusal.code().starts_with("keyring_") && !refusal.to_string().is_empty());
    }
}
