//! authenticatorGetInfo (CTAP 2.3 section 6.4).

use fido::ctap::get_info::Response;

use super::{Ctap2, LONGEST_CRED_BLOB, LONGEST_ID_IN_LIST, LONGEST_MESSAGE, MOST_IN_LIST, Transport};
use crate::attestation::Attestation;
use crate::vault::Vault;
use crate::{config, large_blobs};

impl<V: Vault> Ctap2<V> {
    /// What it says about itself over that transport, in CBOR without a status byte.
    pub fn info_for(&self, transport: Transport) -> Vec<u8> {
        match transport {
            Transport::Usb => self.usb_info().encode(),
            Transport::Hybrid => self.common_info().encode(),
        }
    }

    /// What is true over every transport, and all that is said over hybrid.
    fn common_info(&self) -> Response {
        let algorithms = self.settings.algorithms.iter().map(|algorithm| algorithm.id());
        let elsewhere = |transport: &&String| transport.as_str() != "usb";
        Response {
            versions: texts(&["FIDO_2_0", "FIDO_2_1"]),
            extensions: texts(&["credProtect", "prf"]),
            aaguid: self.settings.aaguid,
            options: options(&[("rk", true), ("uv", self.settings.built_in_verification)]),
            max_msg_size: number(LONGEST_MESSAGE),
            max_credential_count_in_list: number(MOST_IN_LIST),
            max_credential_id_length: number(LONGEST_ID_IN_LIST),
            transports: self.settings.transports.iter().filter(elsewhere).cloned().collect(),
            algorithms: algorithms.collect(),
            ..Response::default()
        }
    }

    fn usb_info(&self) -> Response {
        let state = self.vault.state();
        let mut known = options(&[
            ("alwaysUv", state.always_uv),
            ("authnrCfg", true),
            ("clientPin", state.pin.is_some()),
            ("credMgmt", true),
            ("largeBlobs", true),
            ("makeCredUvNotRqd", !state.always_uv),
            ("pinUvAuthToken", true),
            ("rk", true),
            ("setMinPINLength", true),
            ("up", true),
        ]);
        if self.settings.built_in_verification {
            known.extend(options(&[("uv", true), ("uvAcfg", true)]));
        }
        Response {
            extensions: texts(&[
                "credBlob",
                "credProtect",
                "hmac-secret",
                "hmac-secret-mc",
                "largeBlobKey",
                "minPinLength",
            ]),
            options: known,
            pin_uv_auth_protocols: vec![2, 1],
            transports: self.settings.transports.clone(),
            max_serialized_large_blob_array: number(large_blobs::CAPACITY),
            force_pin_change: Some(state.force_pin_change),
            min_pin_length: Some(state.min_pin_length.into()),
            max_cred_blob_length: number(LONGEST_CRED_BLOB),
            max_rp_ids_for_set_min_pin_length: number(config::MOST_RP_IDS),
            remaining_discoverable_credentials: number(self.vault.room().min(MOST_ROOM)),
            attestation_formats: self.attestation_formats(),
            transports_for_reset: texts(&["usb"]),
            ..self.common_info()
        }
    }

    fn attestation_formats(&self) -> Vec<String> {
        match self.settings.attestation {
            Attestation::None => texts(&["none"]),
            _ => texts(&["packed", "none"]),
        }
    }
}

/// As good as any number of credentials, and small in CBOR.
const MOST_ROOM: usize = 10_000;

fn texts(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

fn options(items: &[(&str, bool)]) -> Vec<(String, bool)> {
    items.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

fn number(value: usize) -> Option<u64> {
    u64::try_from(value).ok()
}
