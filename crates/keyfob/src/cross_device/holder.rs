//! Whoever holds the vault, asked by a device whose code was scanned.

use hybrid::linking::PhoneLink;
use primitives::encoding::{base64url, from_base64url};
use serde_json::Value;

use super::Authority;
use crate::ambient;
use crate::holder::{Holder, Wish};
use crate::links::Given;

/// CTAP1_ERR_OTHER: whoever holds the vault has gone.
const OTHER: u8 = 0x7f;

/// Whoever holds the vault.
#[derive(Debug)]
pub struct OverHolder<'a> {
    /// It.
    pub holder: &'a Holder,
    /// What the person calls the other device, if it is to be remembered, and the number of the relay's domain at which
    /// it is waited for.
    pub remember: Option<(String, u16)>,
}

impl Authority for OverHolder<'_> {
    async fn handle(&self, request: Vec<u8>) -> Vec<u8> {
        let wish = Wish::OtherDevice { request: base64url(&request) };
        let reply = self.holder.wish(wish).await.ok();
        let reply = reply.as_ref().and_then(Value::as_str).and_then(from_base64url);
        reply.filter(|reply| !reply.is_empty()).unwrap_or_else(|| vec![OTHER])
    }

    fn link(&self) -> Option<PhoneLink> {
        self.remember.as_ref().map(|_| PhoneLink::generate(&mut ambient::entropy()))
    }

    async fn keep(&self, link: PhoneLink) -> bool {
        let Some((name, relay)) = self.remember.clone() else { return false };
        let given = Box::new(Given { name, relay, link });
        self.holder.wish(Wish::Link { given }).await.is_ok()
    }
}
