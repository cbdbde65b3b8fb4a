//! A keyring that stands in for the desktop's: the Secret Service API as far as Keyfob uses it.
//!
//! The unit's tests have it at the other end of a socket, the program's on a bus of their own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::object_server::SignalEmitter;
use zbus::{ObjectPath, OwnedObjectPath, OwnedVariant, Variant, interface};

/// A secret as it crosses the bus: session, parameters, value, type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// What the stand-in has and does.
#[derive(Clone, Default)]
pub(crate) struct State {
    pub(crate) items: Vec<(HashMap<String, String>, Vec<u8>)>,
    pub(crate) locked: bool,
    pub(crate) dismisses: bool,
    pub(crate) collectionless: bool,
}

pub(crate) type Shared = Arc<Mutex<State>>;

pub(crate) struct Service(pub(crate) Shared);

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

pub(crate) struct Collection(pub(crate) Shared);

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    fn create_item(
        &self,
        mut properties: HashMap<String, OwnedVariant>,
        secret: Secret,
        replace: bool,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        let attributes = properties.remove("org.freedesktop.Secret.Item.Attributes").unwrap();
        let mut state = self.0.lock().unwrap();
        assert!(!state.locked);
        let attributes: HashMap<String, String> = attributes.try_into().unwrap();
        if replace {
            state.items.retain(|(other, _)| *other != attributes);
        }
        state.items.push((attributes, secret.2));
        (path(&format!("/item/{}", state.items.len() - 1)), path("/"))
    }
}

pub(crate) struct Prompt(pub(crate) Shared);

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
