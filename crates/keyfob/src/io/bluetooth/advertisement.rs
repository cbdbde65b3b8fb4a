//! The object that BlueZ asks what to put on the air.

use std::collections::HashMap;

use zbus::{Variant, interface};

use super::{FIDO_SERVICE, Kind};

/// Answers as `org.bluez.LEAdvertisement1`.
pub(super) struct Advertised {
    kind: Kind,
    data: Vec<u8>,
}

impl Advertised {
    pub(super) fn new(kind: Kind, data: &[u8]) -> Self {
        Self { kind, data: data.to_vec() }
    }
}

#[interface(name = "org.bluez.LEAdvertisement1")]
impl Advertised {
    /// BlueZ says that it is off the air.
    fn release(&self) {}

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
