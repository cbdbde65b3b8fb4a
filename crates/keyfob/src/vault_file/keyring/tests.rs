//! Against a stand-in keyring at the other end of a socket.

use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use zbus::object_server::SignalEmitter;
use zbus::{Guid, connection, interface};

use super::*;

const ID: [u8; 16] = [0xab; 16];
const KEY: [u8; 32] = [7; 32];

/// What the stand-in has and does.
#[derive(Clone, Default)]
struct State {
    items: Vec<(HashMap<String, String>, Vec<u8>)>,
    locked: bool,
    dismisses: bool,
    collectionless: bool,
}

type Shared = Arc<Mutex<State>>;

struct Service(Shared);

fn path(text: &str) -> OwnedObjectPath {
    ObjectPath::try_from(text.to_owned()).unwrap().into()
}

#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn open_session(&self, algorithm: &str, _input: OwnedVariant) -> (OwnedVariant, OwnedObjectPath) {
        assert_eq!(algorithm, "plain");
        (Variant::from("").try_into().unwrap(), path("/session"))
    }

    fn search_items(&self, wanted: HashMap<String, String>) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        let state = self.0.lock().unwrap();
        let found = (0..).zip(&state.items).filter(|(_, item)| item.0 == wanted);
        let found: Vec<_> = found.map(|(at, _): (usize, _)| path(&format!("/item/{at}"))).collect();
        if state.locked { (Vec::new(), found) } else { (found, Vec::new()) }
    }

    fn unlock(&self, objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        match self.0.lock().unwrap().locked {
            true => (Vec::new(), path("/prompt")),
            false => (objects, path("/")),
        }
    }

    fn read_alias(&self, _name: &str) -> OwnedObjectPath {
        path(if self.0.lock().unwrap().collectionless { "/" } else { "/collection" })
    }

    fn get_secrets(
        &self,
        items: Vec<OwnedObjectPath>,
        session: OwnedObjectPath,
    ) -> HashMap<OwnedObjectPath, Secret> {
        let state = self.0.lock().unwrap();
        assert!(!state.locked);
        let value = |item: &OwnedObjectPath| {
            let at: usize = item.as_str().strip_prefix("/item/").unwrap().parse().unwrap();
            state.items[at].1.clone()
        };
        items
            .iter()
            .map(|item| (item.clone(), (session.clone(), vec![], value(item), String::new())))
            .collect()
    }
}

struct Collection(Shared);

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    fn create_item(
        &self,
        mut properties: HashMap<String, OwnedVariant>,
        secret: Secret,
        _replace: bool,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        let attributes = properties.remove("org.freedesktop.Secret.Item.Attributes").unwrap();
        let mut state = self.0.lock().unwrap();
        assert!(!state.locked);
        state.items.push((attributes.try_into().unwrap(), secret.2));
        (path(&format!("/item/{}", state.items.len() - 1)), path("/"))
    }
}

struct Prompt(Shared);

#[interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(&self, _window: &str, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        let dismisses = {
            let mut state = self.0.lock().unwrap();
            state.locked = state.dismisses;
            state.dismisses
        };
        Self::completed(&emitter, dismisses, Variant::from("")).await.unwrap();
    }

    #[zbus(signal)]
    async fn completed(emitter: &SignalEmitter<'_>, dismissed: bool, result: Variant<'_>)
    -> zbus::Result<()>;
}

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
    assert_eq!(keyring.find(&ID).await.err(), Some(KeyringRefusal::Unknown));
    keyring.keep(&ID, &KEY).await.unwrap();
    assert_eq!(*keyring.find(&ID).await.unwrap(), KEY);
    assert_eq!(keyring.find(&[1; 16]).await.err(), Some(KeyringRefusal::Unknown));
    let attributes = shared.lock().unwrap().items[0].0.clone();
    assert_eq!(attributes["vault"], "ab".repeat(16));
}

#[tokio::test]
async fn a_locked_keyring_asks_the_person() {
    let (keyring, shared, _service) = keyring(State { locked: true, ..State::default() }).await;
    keyring.keep(&ID, &KEY).await.unwrap();
    shared.lock().unwrap().locked = true;
    assert_eq!(*keyring.find(&ID).await.unwrap(), KEY);
}

#[tokio::test]
async fn who_is_not_unlocked_gives_nothing() {
    let state = State { locked: true, dismisses: true, ..State::default() };
    let (keyring, shared, _service) = keyring(state).await;
    assert_eq!(keyring.keep(&ID, &KEY).await.err(), Some(KeyringRefusal::Locked));
    let name = encoding::hex(&ID);
    let wanted = attributes(&name).into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    let item = (wanted.collect(), KEY.to_vec());
    shared.lock().unwrap().items.push(item);
    assert_eq!(keyring.find(&ID).await.err(), Some(KeyringRefusal::Locked));
}

#[tokio::test]
async fn nonsense_is_told_apart() {
    let (keyring, shared, _service) = keyring(State::default()).await;
    keyring.keep(&ID, &KEY).await.unwrap();
    shared.lock().unwrap().items[0].1.pop();
    assert_eq!(keyring.find(&ID).await.err(), Some(KeyringRefusal::Nonsense));
    shared.lock().unwrap().collectionless = true;
    assert_eq!(keyring.keep(&ID, &KEY).await.err(), Some(KeyringRefusal::Absent));
}

#[test]
fn refusals_have_codes() {
    let all =
        [KeyringRefusal::Absent, KeyringRefusal::Unknown, KeyringRefusal::Locked, KeyringRefusal::Nonsense];
    for refusal in all {
        assert!(refusal.code().starts_with("keyring_") && !refusal.to_string().is_empty());
    }
}
