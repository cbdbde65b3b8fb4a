//! Bluetooth, as far as a phone needs it: advertising, through BlueZ over the system's D-Bus.
//!
//! The seam is small: [`Bluetooth::advertise`] puts bytes on the air, and dropping the [`Advertisement`] takes them
//! off. Who has no BlueZ has no other way here; [`Bluetooth::facts`] says what is missing.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use zbus::connection::Builder;
use zbus::fdo::{DBusProxy, ObjectManagerProxy};
use zbus::names::BusName;
use zbus::{Connection, ObjectPath, OwnedObjectPath, OwnedVariant, Variant};

mod advertisement;
mod watch;

use advertisement::Advertised;
use watch::Watch;

/// The 16-bit service 0xFFF9 of FIDO (CTAP 2.3 section 11.5.1.2) in full.
const FIDO_SERVICE: &str = "0000fff9-0000-1000-8000-00805f9b34fb";
const BLUEZ: &str = "org.bluez";
const ADVERTISING: &str = "org.bluez.LEAdvertisingManager1";
/// How long BlueZ may take for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Where the advertisement is on its own connection.
const PATH: &str = "/org/keyfob/advertisement";

/// The system's bus, and BlueZ on it.
#[derive(Clone, Debug)]
pub struct Bluetooth {
    bus: Option<String>,
}

/// Whether a device may connect: needed only for the data channel over Bluetooth alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nobody connects; the data goes through a tunnel.
    Broadcast,
    /// Whoever hears it may connect.
    Peripheral,
}

/// An adapter, as BlueZ tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Its object, such as `/org/bluez/hci0`.
    pub path: String,
    /// Whether it is on.
    pub powered: bool,
    /// Whether it can advertise.
    pub advertises: bool,
}

/// What `keyfob doctor` tells of Bluetooth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// All adapters.
    pub adapters: Vec<Adapter>,
}

impl Facts {
    /// The first adapter by which something can be advertised now.
    pub fn usable(&self) -> Result<&Adapter, BluetoothRefusal> {
        let usable = |adapter: &&Adapter| adapter.powered && adapter.advertises;
        self.adapters.iter().find(usable).ok_or_else(|| match self.adapters.as_slice() {
            [] => BluetoothRefusal::NoAdapter,
            all if all.iter().all(|adapter| !adapter.advertises) => BluetoothRefusal::CannotAdvertise,
            _ => BluetoothRefusal::Off,
        })
    }
}

impl Default for Bluetooth {
    fn default() -> Self {
        Self::of_this_computer()
    }
}

impl Bluetooth {
    /// BlueZ on the system's bus.
    pub fn of_this_computer() -> Self {
        Self { bus: None }
    }

    /// BlueZ on the bus with that address.
    pub fn on(bus: &str) -> Self {
        Self { bus: Some(bus.to_owned()) }
    }

    fn builder(&self) -> Builder<'_> {
        let builder = match &self.bus {
            Some(address) => Builder::address(address.as_str()),
            None => Builder::system(),
        };
        builder.method_timeout(PATIENCE)
    }

    /// What is there.
    pub async fn facts(&self) -> Result<Facts, BluetoothRefusal> {
        facts(&self.builder().build().await.map_err(|_| BluetoothRefusal::NoBus)?).await
    }

    /// Puts the FIDO service's data on the air, until what is returned is dropped.
    pub async fn advertise(&self, kind: Kind, data: &[u8]) -> Result<Advertisement, BluetoothRefusal> {
        let released = Arc::default();
        // A connection of its own: BlueZ takes an advertisement off the air when its program's connection is gone,
        // so that not even a kill leaves one behind. The object is there from the connection's first moment on: one
        // that is added to a connection may miss the question that BlueZ asks at once.
        let object = Advertised::new(kind, data, &released);
        let connection = self.builder().serve_at(PATH, object).build().await;
        let connection = connection.map_err(|_| BluetoothRefusal::NoBus)?;
        let facts = facts(&connection).await?;
        let adapter = facts.usable()?.path.clone();
        let watch = Watch::new(&connection, &adapter, released).await?;
        let path = ObjectPath::try_from(PATH).map_err(|_| BluetoothRefusal::NoBus)?;
        let options: HashMap<&str, Variant<'_>> = HashMap::new();
        let body = (path, options);
        connection
            .call_method(Some(BLUEZ), adapter.as_str(), Some(ADVERTISING), "RegisterAdvertisement", &body)
            .await
            .map_err(|error| BluetoothRefusal::of(&error))?;
        Ok(Advertisement { connection, adapter, watch })
    }
}

async fn facts(connection: &Connection) -> Result<Facts, BluetoothRefusal> {
    let bus = DBusProxy::new(connection).await.map_err(|_| BluetoothRefusal::NoBus)?;
    let name = BusName::try_from(BLUEZ).map_err(|_| BluetoothRefusal::NoBluez)?;
    if !bus.name_has_owner(name).await.map_err(|_| BluetoothRefusal::NoBus)? {
        return Err(BluetoothRefusal::NoBluez);
    }
    let manager = ObjectManagerProxy::builder(connection).destination(BLUEZ).path("/").build().await;
    let objects = manager.map_err(|_| BluetoothRefusal::NoBluez)?.get_managed_objects().await;
    let objects = objects.map_err(|_| BluetoothRefusal::NoBluez)?;
    let mut adapters: Vec<Adapter> = objects
        .iter()
        .filter_map(|(path, interfaces)| {
            let has = |name: &str| interfaces.iter().find(|(interface, _)| interface.as_str() == name);
            let (_, properties) = has("org.bluez.Adapter1")?;
            let powered = properties.get("Powered").is_some_and(is_true);
            Some(Adapter { path: text(path), powered, advertises: has(ADVERTISING).is_some() })
        })
        .collect();
    adapters.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Facts { adapters })
}

fn text(path: &OwnedObjectPath) -> String {
    path.as_str().to_owned()
}

fn is_true(value: &OwnedVariant) -> bool {
    bool::try_from(value).unwrap_or(false)
}

/// What is on the air until this is dropped.
pub struct Advertisement {
    connection: Connection,
    adapter: String,
    watch: Watch,
}

impl Advertisement {
    /// Waits until it is off the air without our doing, and says why: nobody hears us any more.
    pub async fn lost(&mut self) -> BluetoothRefusal {
        self.watch.lost().await
    }

    /// Takes it off the air and returns when that is done.
    pub async fn end(self) {
        let Ok(path) = ObjectPath::try_from(PATH) else { return };
        let (to, body) = (self.adapter.as_str(), (path,));
        let end = "UnregisterAdvertisement";
        let call = self.connection.call_method(Some(BLUEZ), to, Some(ADVERTISING), end, &body);
        let _ = call.await;
    }
}

/// Why nothing is on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BluetoothRefusal {
    /// There is no system bus.
    NoBus,
    /// BlueZ does not run.
    NoBluez,
    /// There is no adapter.
    NoAdapter,
    /// No adapter can advertise.
    CannotAdvertise,
    /// The adapter is off.
    Off,
    /// This person may not use Bluetooth.
    NotPermitted,
    /// The data does not fit.
    TooLong,
    /// It was on the air, and BlueZ has taken it off.
    Ended,
    /// BlueZ refused for another reason.
    Refused,
}

impl BluetoothRefusal {
    fn of(error: &zbus::Error) -> Self {
        let zbus::Error::MethodError(name, ..) = error else { return Self::Refused };
        match name.as_str() {
            "org.bluez.Error.InvalidLength" => Self::TooLong,
            "org.bluez.Error.NotPermitted"
            | "org.bluez.Error.NotAuthorized"
            | "org.freedesktop.DBus.Error.AccessDenied" => Self::NotPermitted,
            _ => Self::Refused,
        }
    }

    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoBus => "bluetooth_no_bus",
            Self::NoBluez => "bluetooth_no_bluez",
            Self::NoAdapter => "bluetooth_no_adapter",
            Self::CannotAdvertise => "bluetooth_cannot_advertise",
            Self::Off => "bluetooth_off",
            Self::NotPermitted => "bluetooth_not_permitted",
            Self::TooLong => "bluetooth_too_long",
            Self::Ended => "bluetooth_ended",
            Self::Refused => "bluetooth_refused",
        }
    }
}

impl fmt::Display for BluetoothRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoBus => "The system's D-Bus cannot be reached.",
            Self::NoBluez => "Bluetooth's service does not run: install bluez and start it.",
            Self::NoAdapter => "This computer has no Bluetooth adapter.",
            Self::CannotAdvertise => "This computer's Bluetooth adapter cannot advertise.",
            Self::Off => "Bluetooth is off: turn it on.",
            Self::NotPermitted => {
                "You may not use Bluetooth here: ask for membership in the group bluetooth."
            }
            Self::TooLong => "Bluetooth's service found the advertisement too long.",
            Self::Ended => "Bluetooth's service stopped advertising: was the adapter taken out?",
            Self::Refused => "Bluetooth's service refused to advertise.",
        })
    }
}
