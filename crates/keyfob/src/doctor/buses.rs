//! What answers on the system's bus and on the session's.

use std::path::Path;
use std::time::Duration;

use zbus::fdo::{DBusProxy, PropertiesProxy};
use zbus::names::{BusName, InterfaceName};
use zbus::{Connection, Proxy, Variant};

use super::{Around, Finding, State};
use crate::io::bluetooth::BluetoothRefusal;
use crate::vault_file::{LockKind, VaultFile};

/// How long somebody on a bus may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether somebody has that name, or would be started for it.
async fn there(bus: Option<&Connection>, name: &'static str) -> bool {
    let Some(bus) = bus else { return false };
    let look = async {
        let proxy = DBusProxy::new(bus).await.ok()?;
        if proxy.name_has_owner(BusName::try_from(name).ok()?).await.ok()? {
            return Some(true);
        }
        let startable = proxy.list_activatable_names().await.ok()?;
        Some(startable.iter().any(|startable| startable.as_str() == name))
    };
    tokio::time::timeout(PATIENCE, look).await.ok().flatten().unwrap_or_default()
}

pub(super) async fn bluetooth(around: &Around, fix: bool) -> Finding {
    let found = |state, code| Finding::new("bluetooth", state, code);
    let facts = match around.bluetooth.facts().await {
        Ok(facts) => facts,
        Err(refusal) => return found(State::Optional, missing(refusal)),
    };
    match facts.usable() {
        Ok(_) => found(State::Good, "doctor-bluetooth-good"),
        Err(BluetoothRefusal::Off) => {
            let off = facts.adapters.iter().find(|adapter| adapter.advertises);
            let adapter = off.map(|adapter| adapter.path.as_str());
            if fix && let (Some(system), Some(adapter)) = (&around.system, adapter) {
                let turned = turn_on(system, adapter).await.is_ok();
                if turned && around.bluetooth.facts().await.is_ok_and(|facts| facts.usable().is_ok()) {
                    return found(State::Mended, "doctor-bluetooth-on");
                }
            }
            found(State::Optional, "doctor-bluetooth-off")
        }
        Err(refusal) => found(State::Optional, missing(refusal)),
    }
}

async fn turn_on(system: &Connection, adapter: &str) -> zbus::Result<()> {
    let proxy = PropertiesProxy::builder(system).destination("org.bluez").path(adapter).build().await?;
    let interface = InterfaceName::try_from("org.bluez.Adapter1")?;
    Ok(proxy.set(interface, "Powered", &Variant::Bool(true)).await?)
}

const fn missing(refusal: BluetoothRefusal) -> &'static str {
    match refusal {
        BluetoothRefusal::NoAdapter => "doctor-bluetooth-adapter",
        BluetoothRefusal::CannotAdvertise => "doctor-bluetooth-advertise",
        BluetoothRefusal::NotPermitted => "doctor-bluetooth-permission",
        _ => "doctor-bluetooth-missing",
    }
}

pub(super) async fn keyring(around: &Around) -> Finding {
    let found = |state, code| Finding::new("keyring", state, code);
    let needed = VaultFile::lock_of(&around.vault) == Ok(LockKind::Keyring);
    match (there(around.session.as_ref(), "org.freedesktop.secrets").await, needed) {
        (true, _) => found(State::Good, "doctor-keyring-good"),
        (false, true) => found(State::Bad, "doctor-keyring-needed"),
        (false, false) => found(State::Optional, "doctor-keyring-missing"),
    }
}

pub(super) async fn notices(around: &Around) -> Finding {
    match there(around.session.as_ref(), "org.freedesktop.Notifications").await {
        true => Finding::new("notices", State::Good, "doctor-notices-good"),
        false => Finding::new("notices", State::Optional, "doctor-notices-missing"),
    }
}

pub(super) async fn polkit(around: &Around) -> Finding {
    let found = |state, code| Finding::new("polkit", state, code);
    if !there(around.system.as_ref(), "org.freedesktop.PolicyKit1").await {
        return found(State::Optional, "doctor-polkit-missing");
    }
    let policy = Path::new("usr/share/polkit-1/actions/org.keyfob.policy");
    match around.root.join(policy).is_file() {
        true => found(State::Good, "doctor-polkit-good"),
        false => found(State::Optional, "doctor-polkit-policy"),
    }
}

pub(super) async fn fingers(around: &Around) -> Finding {
    let found = |state, code| Finding::new("fingerprint", state, code);
    const SERVICE: &str = "net.reactivated.Fprint";
    let Some(system) = &around.system else { return found(State::Optional, "doctor-finger-missing") };
    if !there(Some(system), SERVICE).await {
        return found(State::Optional, "doctor-finger-missing");
    }
    let fingers = async {
        let manager =
            Proxy::new(system, SERVICE, "/net/reactivated/Fprint/Manager", "net.reactivated.Fprint.Manager")
                .await?;
        let path: zbus::OwnedObjectPath = manager.call("GetDefaultDevice", &()).await?;
        let device = Proxy::new(system, SERVICE, path, "net.reactivated.Fprint.Device").await?;
        let fingers: Vec<String> = device.call("ListEnrolledFingers", &("",)).await?;
        Ok::<_, zbus::Error>(fingers.len())
    };
    match tokio::time::timeout(PATIENCE, fingers).await {
        Ok(Ok(count)) if count > 0 => found(State::Good, "doctor-finger-good"),
        Ok(Ok(_)) => found(State::Optional, "doctor-finger-none"),
        _ => found(State::Optional, "doctor-finger-reader"),
    }
}

/// Whether somebody sets the clock; how far off it is, a server's answer tells.
pub(super) async fn clock(around: &Around) -> Finding {
    let found = |state, code| Finding::new("clock", state, code);
    // Before this program was written: the clock was never set.
    if around.now.secs() < 1_760_000_000 {
        return found(State::Bad, "doctor-clock-never");
    }
    const SERVICE: &str = "org.freedesktop.timedate1";
    if !there(around.system.as_ref(), SERVICE).await {
        return found(State::Optional, "doctor-clock-unknown");
    }
    let Some(system) = &around.system else { return found(State::Optional, "doctor-clock-unknown") };
    let set = async {
        let proxy = Proxy::new(system, SERVICE, "/org/freedesktop/timedate1", SERVICE).await.ok()?;
        proxy.get_property::<bool>("NTPSynchronized").await.ok()
    };
    match tokio::time::timeout(PATIENCE, set).await.ok().flatten() {
        Some(true) => found(State::Good, "doctor-clock-good"),
        Some(false) => found(State::Optional, "doctor-clock-unset"),
        None => found(State::Optional, "doctor-clock-unknown"),
    }
}
