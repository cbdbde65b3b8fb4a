//! What takes an advertisement off the air without our doing: BlueZ that ends, an adapter that is turned off or taken
//! out. Nobody comes after that, so that there is nothing to wait for.

use std::sync::Arc;

use futures_util::StreamExt;
use tokio::sync::Notify;
use zbus::Connection;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream, PropertiesChangedStream, PropertiesProxy};

use super::{BLUEZ, BluetoothRefusal};

/// Listens from before the advertisement is on the air.
pub(super) struct Watch {
    released: Arc<Notify>,
    owner: NameOwnerChangedStream,
    adapter: PropertiesChangedStream,
}

impl Watch {
    /// `released` is told by the object that BlueZ releases.
    pub(super) async fn new(
        connection: &Connection,
        adapter: &str,
        released: Arc<Notify>,
    ) -> Result<Self, BluetoothRefusal> {
        Self::listen(connection, adapter, released).await.map_err(|_| BluetoothRefusal::NoBus)
    }

    async fn listen(connection: &Connection, adapter: &str, released: Arc<Notify>) -> zbus::Result<Self> {
        let bus = DBusProxy::new(connection).await?;
        let owner = bus.receive_name_owner_changed_with_args(&[(0, BLUEZ)]).await?;
        let properties =
            PropertiesProxy::builder(connection).destination(BLUEZ).path(adapter.to_owned()).build().await?;
        let adapter = properties.receive_properties_changed().await?;
        Ok(Self { released, owner, adapter })
    }

    /// A stream of signals that ends means that the bus itself is gone.
    pub(super) async fn lost(&mut self) -> BluetoothRefusal {
        loop {
            tokio::select! {
                () = self.released.notified() => return BluetoothRefusal::Ended,
                change = self.owner.next() => {
                    let Some(change) = change else { return BluetoothRefusal::NoBus };
                    if change.args().is_ok_and(|change| change.new_owner().is_none()) {
                        return BluetoothRefusal::NoBluez;
                    }
                }
                change = self.adapter.next() => {
                    let Some(change) = change else { return BluetoothRefusal::NoBus };
                    let off = change.args().is_ok_and(|change| {
                        let powered = change.changed_properties().get("Powered");
                        powered.is_some_and(|powered| bool::try_from(powered) == Ok(false))
                    });
                    if off {
                        return BluetoothRefusal::Off;
                    }
                }
            }
        }
    }
}
