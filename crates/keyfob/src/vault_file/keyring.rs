//! The desktop's keyring: the Secret Service API of freedesktop.org (draft 0.2) over the session's bus.
//!
//! One item in the default collection holds one key, found by the vault's id and the key's name. A vault that gets another
//! key has two there for a while: were the old one's place taken, a process that dies before the file is written anew would
//! leave a file that nothing opens. The key crosses the session's bus in a plain session (section 6.1): whoever may read
//! that bus may ask the keyring, too.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use futures_util::StreamExt;
use primitives::encoding;
use zbus::{Connection, ObjectPath, OwnedObjectPath, OwnedVariant, Proxy, Variant};
use zeroize::Zeroizing;

const SERVICE: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
/// How long a keyring may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a person may take to unlock it.
const PROMPT_PATIENCE: Duration = Duration::from_secs(120);

/// Why the keyring did not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringRefusal {
    /// There is no session bus, or nothing on it keeps secrets.
    Absent,
    /// It has no key for this vault.
    Unknown,
    /// It is locked, and the person did not unlock it.
    Locked,
    /// It answered something that makes no sense.
    Nonsense,
}

impl KeyringRefusal {
    /// The stable name of the reason.
    pub fn code(self) -> &'static str {
        match self {
            KeyringRefusal::Absent => "keyring_absent",
            KeyringRefusal::Unknown => "keyring_unknown",
            KeyringRefusal::Locked => "keyring_locked",
            KeyringRefusal::Nonsense => "keyring_nonsense",
        }
    }
}

impl fmt::Display for KeyringRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyringRefusal::Absent => "there is no keyring in this session",
            KeyringRefusal::Unknown => "the desktop's keyring has no key for this vault",
            KeyringRefusal::Locked => "the desktop's keyring is locked",
            KeyringRefusal::Nonsense => "the desktop's keyring gave an answer that makes no sense",
        })
    }
}

type Key = Zeroizing<[u8; 32]>;

/// Which key of which vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Which {
    /// The vault's id.
    pub(super) vault: [u8; 16],
    /// The key's name.
    pub(super) name: [u8; 16],
}

/// Keeps a key.
pub(super) fn keep(which: Which, key: &[u8; 32]) -> Result<(), KeyringRefusal> {
    let key = Zeroizing::new(*key);
    apart(async move { Keyring::open(session().await?).await?.keep(which, &key).await })
}

/// Finds a key.
pub(super) fn find(which: Which) -> Result<Key, KeyringRefusal> {
    apart(async move { Keyring::open(session().await?).await?.find(which).await })
}

async fn session() -> Result<Connection, KeyringRefusal> {
    Connection::session().await.map_err(|_| KeyringRefusal::Absent)
}

/// On a thread of its own: whoever opens a vault waits for it, inside another runtime or in none.
fn apart<T: Send + 'static>(
    work: impl Future<Output = Result<T, KeyringRefusal>> + Send + 'static,
) -> Result<T, KeyringRefusal> {
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|_| KeyringRefusal::Absent)?.block_on(work)
    });
    thread.join().unwrap_or(Err(KeyringRefusal::Nonsense))
}

/// A secret as it crosses the bus: session, parameters, value, type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

struct Keyring {
    connection: Connection,
    session: OwnedObjectPath,
}

impl Keyring {
    async fn open(connection: Connection) -> Result<Self, KeyringRefusal> {
        let opened = call(&connection, PATH, "Service", "OpenSession", &("plain", Variant::from(""))).await;
        // Whoever does not know the first call is no keyring.
        let (_, session): (OwnedVariant, OwnedObjectPath) = opened.map_err(|_| KeyringRefusal::Absent)?;
        Ok(Self { connection, session })
    }

    async fn find(&self, which: Which) -> Result<Key, KeyringRefusal> {
        let names = which.names();
        let (mut open, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            call(&self.connection, PATH, "Service", "SearchItems", &attributes(&names)).await?;
        if open.is_empty() {
            if locked.is_empty() {
                return Err(KeyringRefusal::Unknown);
            }
            self.unlock(&locked).await?;
            open = locked;
        }
        let items = open.get(..1).unwrap_or_default();
        let mut secrets: HashMap<OwnedObjectPath, Secret> =
            call(&self.connection, PATH, "Service", "GetSecrets", &(items, &self.session)).await?;
        let secret = items.first().and_then(|item| secrets.remove(item)).ok_or(KeyringRefusal::Nonsense)?;
        let value = Zeroizing::new(secret.2);
        let mut key = Zeroizing::new([0; 32]);
        if value.len() != key.len() {
            return Err(KeyringRefusal::Nonsense);
        }
        key.copy_from_slice(&value);
        Ok(key)
    }

    async fn keep(&self, which: Which, key: &[u8; 32]) -> Result<(), KeyringRefusal> {
        let collection =
            match call::<_, OwnedObjectPath>(&self.connection, PATH, "Service", "ReadAlias", &"default")
                .await?
            {
                none if none.as_str() == "/" => return Err(KeyringRefusal::Absent),
                collection => collection,
            };
        self.unlock(std::slice::from_ref(&collection)).await?;
        let names = which.names();
        let properties: HashMap<&str, Variant<'_>> = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Variant::from("Keyfob: key of a vault")),
            ("org.freedesktop.Secret.Item.Attributes", Variant::from(attributes(&names))),
        ]);
        let nothing: &[u8] = &[];
        let secret = (&self.session, nothing, key.as_slice(), "application/octet-stream");
        let arguments = (properties, secret, true);
        let (item, prompt): (OwnedObjectPath, OwnedObjectPath) =
            call(&self.connection, collection.as_str(), "Collection", "CreateItem", &arguments).await?;
        if item.as_str() == "/" { self.prompt(&prompt).await } else { Ok(()) }
    }

    async fn unlock(&self, objects: &[OwnedObjectPath]) -> Result<(), KeyringRefusal> {
        let (unlocked, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            call(&self.connection, PATH, "Service", "Unlock", &(objects,)).await?;
        if unlocked.len() == objects.len() { Ok(()) } else { self.prompt(&prompt).await }
    }

    /// The keyring asks the person.
    async fn prompt(&self, prompt: &ObjectPath<'_>) -> Result<(), KeyringRefusal> {
        if prompt.as_str() == "/" {
            return Err(KeyringRefusal::Locked);
        }
        let proxy = proxy(&self.connection, prompt.as_str(), "Prompt").await?;
        let nonsense = |_| KeyringRefusal::Nonsense;
        let mut completed = proxy.receive_signal("Completed").await.map_err(nonsense)?;
        proxy.call_method("Prompt", &"").await.map_err(nonsense)?;
        let signal = tokio::time::timeout(PROMPT_PATIENCE, completed.next()).await;
        let message = signal.map_err(|_| KeyringRefusal::Locked)?.ok_or(KeyringRefusal::Nonsense)?;
        let (dismissed, _): (bool, OwnedVariant) = message.body().deserialize().map_err(nonsense)?;
        if dismissed { Err(KeyringRefusal::Locked) } else { Ok(()) }
    }
}

impl Which {
    /// Vault and key in hexadecimal.
    fn names(self) -> [String; 2] {
        [encoding::hex(&self.vault), encoding::hex(&self.name)]
    }
}

fn attributes([vault, name]: &[String; 2]) -> HashMap<&str, &str> {
    HashMap::from([("application", "keyfob"), ("vault", vault.as_str()), ("key", name.as_str())])
}

async fn proxy<'p>(
    connection: &Connection,
    path: &'p str,
    interface: &str,
) -> Result<Proxy<'p>, KeyringRefusal> {
    let interface = format!("org.freedesktop.Secret.{interface}");
    Proxy::new(connection, SERVICE, path, interface).await.map_err(|_| KeyringRefusal::Absent)
}

async fn call<A, R>(
    connection: &Connection,
    path: &str,
    interface: &str,
    method: &str,
    arguments: &A,
) -> Result<R, KeyringRefusal>
where
    A: serde::Serialize + zbus::DynamicType,
    R: for<'d> zbus::wire::DynamicDeserialize<'d>,
{
    let proxy = proxy(connection, path, interface).await?;
    let reply = tokio::time::timeout(PATIENCE, proxy.call_method(method, arguments)).await;
    let reply = reply.map_err(|_| KeyringRefusal::Absent)?.map_err(|_| KeyringRefusal::Nonsense)?;
    reply.body().deserialize().map_err(|_| KeyringRefusal::Nonsense)
}

#[cfg(test)]
mod standin;
#[cfg(test)]
mod tests;
