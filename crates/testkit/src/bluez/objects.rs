//! The objects that BlueZ shows: adapter, advertising manager, agents, and a device for each advertisement.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use zbus::fdo::{self, DBusProxy, PropertiesProxy};
use zbus::message::Header;
use zbus::names::InterfaceName;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, ObjectPath, OwnedObjectPath, OwnedVariant, Variant, interface};

use super::{ADAPTER, Air, FIDO_SERVICE, Shared, lock};

/// How often a scanner is told of the same advertisement again.
const REPEAT: Duration = Duration::from_millis(300);

/// What a legacy advertisement holds (Bluetooth Core 5.4, volume 6 part B 2.3.1.1).
const LEGACY: usize = 31;

/// Why BlueZ refuses.
#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.bluez.Error")]
pub(super) enum Refusal {
    /// Anything that the bus itself says.
    #[zbus(error)]
    ZBus(zbus::Error),
    /// The adapter is off, or the program is not there.
    Failed(String),
    /// It does not fit.
    InvalidLength(String),
    /// It is on the air already.
    AlreadyExists(String),
    /// It is not on the air.
    DoesNotExist(String),
}

pub(super) struct Adapter {
    shared: Shared,
    discovering: bool,
}

impl Adapter {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared, discovering: false }
    }
}

#[interface(name = "org.bluez.Adapter1")]
impl Adapter {
    async fn start_discovery(
        &mut self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<()> {
        self.discovering = true;
        Ok(self.discovering_changed(&emitter).await?)
    }

    async fn stop_discovery(
        &mut self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<()> {
        self.discovering = false;
        Ok(self.discovering_changed(&emitter).await?)
    }

    fn set_discovery_filter(&self, _filter: HashMap<String, OwnedVariant>) {}

    fn remove_device(&self, _device: OwnedObjectPath) {}

    #[zbus(property)]
    fn address(&self) -> &str {
        "02:00:00:00:00:01"
    }

    #[zbus(property)]
    fn address_type(&self) -> &str {
        "public"
    }

    #[zbus(property)]
    fn name(&self) -> &str {
        "testkit"
    }

    #[zbus(property)]
    fn alias(&self) -> &str {
        "testkit"
    }

    #[zbus(property)]
    fn class(&self) -> u32 {
        0
    }

    #[zbus(property)]
    fn powered(&self) -> bool {
        lock(&self.shared).powered
    }

    #[zbus(property)]
    fn set_powered(&self, powered: bool) {
        lock(&self.shared).powered = powered;
    }

    #[zbus(property)]
    fn discoverable(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn pairable(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn discovering(&self) -> bool {
        self.discovering
    }

    #[zbus(property, name = "UUIDs")]
    fn uuids(&self) -> Vec<String> {
        Vec::new()
    }
}

pub(super) struct Agents;

#[interface(name = "org.bluez.AgentManager1")]
impl Agents {
    fn register_agent(&self, _agent: OwnedObjectPath, _capability: String) {}

    fn request_default_agent(&self, _agent: OwnedObjectPath) {}

    fn unregister_agent(&self, _agent: OwnedObjectPath) {}
}

pub(super) struct AdvertisingManager {
    shared: Shared,
}

impl AdvertisingManager {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared }
    }

    /// What BlueZ fetches from the program: the kind, and the service data.
    async fn fetch(
        connection: &Connection,
        program: &str,
        path: &ObjectPath<'_>,
    ) -> Result<(String, Vec<u8>), Refusal> {
        let properties = PropertiesProxy::builder(connection).destination(program).path(path).build().await?;
        let name = InterfaceName::try_from("org.bluez.LEAdvertisement1")?;
        let all = properties.get_all(name).await.map_err(|error| Refusal::Failed(error.to_string()))?;
        let text =
            |name: &str| all.get(name).and_then(|value| String::try_from(value.try_clone().ok()?).ok());
        let kind = text("Type").ok_or_else(|| Refusal::Failed("no Type".to_owned()))?;
        let data = all.get("ServiceData").and_then(|value| value.try_clone().ok());
        let data: HashMap<String, OwnedVariant> = match data {
            Some(data) => data.try_into()?,
            None => HashMap::new(),
        };
        let fido = data.get(FIDO_SERVICE).and_then(|value| value.try_clone().ok());
        let fido = fido.ok_or_else(|| Refusal::Failed("no service data".to_owned()))?;
        Ok((kind, Vec::<u8>::try_from(fido)?))
    }
}

#[interface(name = "org.bluez.LEAdvertisingManager1")]
impl AdvertisingManager {
    async fn register_advertisement(
        &self,
        path: OwnedObjectPath,
        _options: HashMap<String, OwnedVariant>,
        #[zbus(connection)] connection: &Connection,
        #[zbus(header)] header: Header<'_>,
    ) -> Result<(), Refusal> {
        let program = header.sender().map(ToString::to_string).unwrap_or_default();
        if !lock(&self.shared).powered {
            return Err(Refusal::Failed("Failed to register advertisement".to_owned()));
        }
        let (kind, data) = Self::fetch(connection, &program, &path).await?;
        // Length, type and UUID come before the data; a connectable one says its flags, too.
        let flags = if kind == "peripheral" { 3 } else { 0 };
        if data.len() + 4 + flags > LEGACY {
            return Err(Refusal::InvalidLength("Advertising data too long".to_owned()));
        }
        let device = {
            let mut shared = lock(&self.shared);
            let key = (program, path.to_string());
            if shared.advertised.contains_key(&key) {
                return Err(Refusal::AlreadyExists("Already exists".to_owned()));
            }
            shared.devices = shared.devices.wrapping_add(1);
            let device = format!("{ADAPTER}/dev_C0_FF_EE_00_00_{:02X}", shared.devices);
            shared.advertised.insert(key, device.clone());
            shared.count();
            let _ = shared.heard.send(data.clone());
            device
        };
        tokio::spawn(on_the_air(connection.clone(), Arc::clone(&self.shared), device, data));
        Ok(())
    }

    async fn unregister_advertisement(
        &self,
        path: OwnedObjectPath,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refusal> {
        let program = header.sender().map(ToString::to_string).unwrap_or_default();
        let device = {
            let mut shared = lock(&self.shared);
            let device = shared.advertised.remove(&(program, path.to_string()));
            shared.count();
            device
        };
        let device = device.ok_or_else(|| Refusal::DoesNotExist("Does not exist".to_owned()))?;
        connection.object_server().remove::<Device, _>(device.as_str()).await?;
        Ok(())
    }

    #[zbus(property)]
    fn active_instances(&self) -> u8 {
        u8::try_from(lock(&self.shared).advertised.len()).unwrap_or(u8::MAX)
    }

    #[zbus(property)]
    fn supported_instances(&self) -> u8 {
        5
    }
}

struct Device {
    address: String,
    data: Vec<u8>,
}

#[interface(name = "org.bluez.Device1")]
impl Device {
    #[zbus(property)]
    fn address(&self) -> &str {
        &self.address
    }

    #[zbus(property)]
    fn address_type(&self) -> &str {
        "random"
    }

    #[zbus(property)]
    fn alias(&self) -> &str {
        &self.address
    }

    #[zbus(property)]
    fn paired(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn trusted(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn blocked(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn connected(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn legacy_pairing(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn services_resolved(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn adapter(&self) -> ObjectPath<'_> {
        ObjectPath::from_static_str_unchecked(ADAPTER)
    }

    #[zbus(property, name = "RSSI")]
    fn rssi(&self) -> i16 {
        -40
    }

    #[zbus(property, name = "UUIDs")]
    fn uuids(&self) -> Vec<String> {
        vec![FIDO_SERVICE.to_owned()]
    }

    #[zbus(property)]
    fn service_data(&self) -> HashMap<String, Variant<'_>> {
        HashMap::from([(FIDO_SERVICE.to_owned(), Variant::from(self.data.clone()))])
    }
}

/// Shows the advertisement to everyone who scans, until it ends.
async fn on_the_air(connection: Connection, shared: Shared, device: String, data: Vec<u8>) {
    let Some(data) = through_the_air(lock(&shared).air, data) else { return };
    let address = device.rsplit("dev_").next().unwrap_or_default().replace('_', ":");
    let server = connection.object_server();
    if server.at(device.as_str(), Device { address, data }).await.is_err() {
        return;
    }
    let mut again = tokio::time::interval(REPEAT);
    loop {
        again.tick().await;
        let Ok(shown) = server.interface::<_, Device>(device.as_str()).await else { return };
        let _ = shown.get().await.service_data_changed(shown.signal_emitter()).await;
        let _ = lock(&shared).shown.send(());
    }
}

fn through_the_air(air: Air, mut data: Vec<u8>) -> Option<Vec<u8>> {
    match air {
        Air::Clear => {}
        Air::Damaged => {
            if let Some(last) = data.last_mut() {
                *last ^= 1;
            }
        }
        Air::Longer => data.extend_from_slice(&[0xa1, 0x01, 0x18, 0x80]),
        Air::Silent => return None,
    }
    Some(data)
}

/// Takes the advertisements of programs off the air that have left the bus.
pub(super) async fn end_with_their_programs(connection: Connection, shared: Shared) {
    let Ok(bus) = DBusProxy::new(&connection).await else { return };
    let Ok(mut changes) = bus.receive_name_owner_changed().await else { return };
    while let Some(change) = changes.next().await {
        let Ok(change) = change.args() else { continue };
        if change.new_owner().is_some() {
            continue;
        }
        let gone = change.name().to_string();
        let devices: Vec<String> = {
            let mut shared = lock(&shared);
            let ended = shared.advertised.extract_if(|(program, _), _| *program == gone);
            let devices = ended.map(|(_, device)| device).collect();
            shared.count();
            devices
        };
        forget(&connection, devices).await;
    }
}

/// Scanners see these no more.
pub(super) async fn forget(connection: &Connection, devices: Vec<String>) {
    for device in devices {
        let _ = connection.object_server().remove::<Device, _>(device.as_str()).await;
    }
}
