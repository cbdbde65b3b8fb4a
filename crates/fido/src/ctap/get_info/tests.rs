use super::*;

fn full() -> Response {
    let texts = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    Response {
        versions: texts(&["FIDO_2_0", "FIDO_2_1"]),
        extensions: texts(&["credProtect", "hmac-secret"]),
        aaguid: [7; 16],
        options: vec![("rk".to_owned(), true), ("uv".to_owned(), false), ("alwaysUv".to_owned(), true)],
        max_msg_size: Some(7609),
        pin_uv_auth_protocols: vec![2, 1],
        max_credential_count_in_list: Some(32),
        max_credential_id_length: Some(128),
        transports: texts(&["usb"]),
        algorithms: vec![-7, -48],
        max_serialized_large_blob_array: Some(4096),
        force_pin_change: Some(false),
        min_pin_length: Some(4),
        max_cred_blob_length: Some(32),
        max_rp_ids_for_set_min_pin_length: Some(8),
        remaining_discoverable_credentials: Some(100),
        attestation_formats: texts(&["packed", "none"]),
        transports_for_reset: texts(&["usb"]),
    }
}

#[test]
fn the_answer_survives_encoding_with_everything_and_with_next_to_nothing() {
    let few = Response { versions: vec!["FIDO_2_0".to_owned()], ..Response::default() };
    for response in [full(), few] {
        let read = Response::parse(&response.encode()).unwrap();
        // Options come back in canonical order: shorter names first.
        let sorted = |mut response: Response| {
            response.options.sort();
            response
        };
        assert_eq!(sorted(read), sorted(response));
    }
    let read = Response::parse(&full().encode()).unwrap();
    assert_eq!((read.option("rk"), read.option("uv"), read.option("up")), (Some(true), Some(false), None));
}

#[test]
fn what_is_no_answer() {
    assert_eq!(Response::parse(&[0xa0]), Err(MessageRefusal::MemberMissing));
    assert_eq!(Response::parse(&[0x80]), Err(MessageRefusal::MemberType));
    let encoded = full().encode();
    for length in 0..encoded.len() {
        assert!(Response::parse(&encoded[..length]).is_err(), "cut at {length}");
    }
}
