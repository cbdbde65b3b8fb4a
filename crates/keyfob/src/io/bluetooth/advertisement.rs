//! The object that BlueZ asks what to put on the air.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Notify;
use zbus::{Variant, interface};

use super::{FIDO_SERVICE, Kind};

/// Answers as `org.bluez.LEAdvertisement1`.
pub(super) struct Advertised {
    kind: Kind,
    data: Vec<u8>,
    released: Arc<Notify>,
}

impl Advertised {
    pub(super) fn new(kind: Kind, data: &[u8], released: &Arc<Notify>) -> Self {
        Self { kind, data: data.to_vec(), released: Arc::clone(released) }
    }
}

#[interface(name = "org.bluez.LEAdvertisement1")]
impl Advertised {
    /// BlueZ says that it is off the air.
    fn release(&self) {
        self.released.notify_one();
    }

    #[zbus(property(emits_changed_signal = "const"), name = "Type")]
    fn kind(&self) -> &str {
        match self.kind {
            Kind::Broadcast => "broadcast",
            Kind::Peripheral => "peripheral",
        }
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn service_data(&self) -> HashMap<&str, Variant<'_>> {
        HashMap::from([(FIDO_SERVICE, Variant::from(self.data.as_slice()))])
    }
}
