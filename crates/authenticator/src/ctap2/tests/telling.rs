//! authenticatorGetInfo (CTAP 2.3 section 6.4).

use fido::ctap::get_info::Response;

use super::*;
use crate::{DeviceState, Settings};

fn told(phone: &mut Phone) -> Response {
    let cbor = phone.outcome(&bare(Command::GetInfo)).unwrap();
    assert_eq!(cbor, phone.ctap2.info_for(phone.transport));
    Response::parse(&cbor).unwrap()
}

#[test]
fn over_usb_it_tells_everything() {
    let mut phone = Phone::new();
    let info = told(&mut phone);
    assert_eq!(phone.ctap2.info(), phone.ctap2.info_for(Transport::Usb));
    assert_eq!(info.versions, ["FIDO_2_0", "FIDO_2_1"], "and no U2F");
    assert_eq!(
        info.extensions,
        ["credBlob", "credProtect", "hmac-secret", "hmac-secret-mc", "largeBlobKey", "minPinLength"]
    );
    assert_eq!(info.aaguid, *b"\x6b\x65\x79\x66\x6f\x62\x40\x00\x80\x00\x00\x00\x00\x00\x00\x01");
    let yes = [
        "rk",
        "up",
        "uv",
        "credMgmt",
        "authnrCfg",
        "largeBlobs",
        "pinUvAuthToken",
        "setMinPINLength",
        "makeCredUvNotRqd",
    ];
    for name in yes {
        assert_eq!(info.option(name), Some(true), "{name}");
    }
    for name in ["clientPin", "alwaysUv"] {
        assert_eq!(info.option(name), Some(false), "{name}");
    }
    for name in ["plat", "ep", "bioEnroll", "noMcGaPermissionsWithClientPin"] {
        assert_eq!(info.option(name), None, "{name}");
    }
    assert_eq!(info.max_msg_size, Some(7609));
    assert_eq!(info.pin_uv_auth_protocols, [2, 1]);
    assert_eq!(info.transports, ["hybrid", "internal", "usb"]);
    assert_eq!(info.algorithms, [-7, -8, -48]);
    assert_eq!((info.min_pin_length, info.force_pin_change), (Some(4), Some(false)));
    assert_eq!(info.max_cred_blob_length, Some(32));
    assert_eq!(info.attestation_formats, ["packed", "none"]);
}

#[test]
fn over_hybrid_it_tells_what_goes_over_hybrid() {
    let info = told(&mut Phone::over(Transport::Hybrid));
    assert_eq!(info.options, [("rk".to_owned(), true), ("uv".to_owned(), true)]);
    assert_eq!(info.extensions, ["credProtect", "prf"]);
    assert_eq!(info.transports, ["hybrid", "internal"]);
    assert!(info.pin_uv_auth_protocols.is_empty());
    assert_eq!((info.min_pin_length, info.max_serialized_large_blob_array), (None, None));
}

#[test]
fn it_tells_its_state() {
    let mut phone = Phone::without_verification();
    phone.set_pin("1234");
    let state = phone.ctap2.vault().state().clone();
    let state = DeviceState { always_uv: true, force_pin_change: true, min_pin_length: 6, ..state };
    phone.ctap2.vault_mut().set_state(state).unwrap();
    let info = told(&mut phone);
    assert_eq!((info.option("clientPin"), info.option("alwaysUv")), (Some(true), Some(true)));
    assert_eq!((info.option("makeCredUvNotRqd"), info.option("uv")), (Some(false), None));
    assert_eq!((info.force_pin_change, info.min_pin_length), (Some(true), Some(6)));

    let attestation = crate::attestation::Attestation::None;
    let info = told(&mut Phone::of(Settings { attestation, ..Settings::keyfob() }));
    assert_eq!(info.attestation_formats, ["none"]);
}
