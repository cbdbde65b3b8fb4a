use super::*;
use primitives::cbor::CborRefusal;
use primitives::encoding::hex;

fn full() -> Request {
    Request {
        protocol: Some(2),
        subcommand: Subcommand::GetTokenUsingPin.number(),
        key_agreement: Some([&[4][..], &[1; 32], &[2; 32]].concat()),
        auth_param: Some(vec![3; 32]),
        new_pin: Some(vec![4; 80]),
        pin_hash: Some(vec![5; 32]),
        permissions: Some(7),
        rp_id: Some("example.org".to_owned()),
    }
}

#[test]
fn a_request_reads_back_with_all_its_members_and_with_none() {
    assert_eq!(Request::parse(&full().encode()), Ok(full()));
    for subcommand in Subcommand::ALL {
        let bare = Request::of(subcommand);
        assert_eq!(Request::parse(&bare.encode()), Ok(bare));
        assert_eq!(Subcommand::from_number(subcommand.number()), Some(subcommand));
    }
    assert_eq!(hex(&Request::of(Subcommand::GetPinRetries).encode()), "a10201");
    assert_eq!(Subcommand::from_number(8), None);
}

#[test]
fn an_answer_reads_back_and_an_empty_one_is_no_bytes() {
    let answer = Response {
        key_agreement: full().key_agreement,
        token: Some(vec![9; 48]),
        pin_retries: Some(8),
        power_cycle: Some(true),
        uv_retries: Some(3),
    };
    assert_eq!(Response::parse(&answer.encode()), Ok(answer));
    assert_eq!(Response::default().encode(), Vec::<u8>::new());
    assert_eq!(Response::parse(&[]), Ok(Response::default()));
    let retries = Response { pin_retries: Some(8), power_cycle: Some(false), ..Response::default() };
    assert_eq!(hex(&retries.encode()), "a2030804f4");
}

#[test]
fn members_of_the_wrong_type_are_refused() {
    for key in [1, 2, 3, 4, 5, 6, 9, 10] {
        let subcommand = (2, Some(Value::Integer(1)));
        let odd = members::map(
            [subcommand, (key, Some(Value::Null))]
                .into_iter()
                .filter(|(other, value)| *other != key || *value == Some(Value::Null)),
        );
        assert_eq!(Request::parse(&odd.encode()), Err(MessageRefusal::MemberType), "{key}");
    }
    let negative = members::map([(2, Some(Value::Integer(-1)))]).encode();
    assert_eq!(Request::parse(&negative), Err(MessageRefusal::MemberType));
    assert_eq!(Request::parse(&[0xa0]), Err(MessageRefusal::MemberMissing));
    assert_eq!(Request::parse(&[]), Err(MessageRefusal::Cbor(CborRefusal::Truncated)));
    assert_eq!(Request::parse(&[0x80]), Err(MessageRefusal::MemberType), "no map");
}

#[test]
fn a_key_of_another_kind_has_no_point() {
    let key = |kty: i64, alg: i64, crv: i64, x: &'static [u8]| {
        agreement_point(&Value::Map(vec![
            (Key::Integer(1), Value::Integer(kty)),
            (Key::Integer(3), Value::Integer(alg)),
            (Key::Integer(-1), Value::Integer(crv)),
            (Key::Integer(-2), Value::Bytes(x)),
            (Key::Integer(-3), Value::Bytes(&[2; 32])),
        ]))
    };
    assert_eq!(key(2, -25, 1, &[1; 32]).len(), 65);
    for odd in [
        key(1, -25, 1, &[1; 32]),
        key(2, -7, 1, &[1; 32]),
        key(2, -25, 2, &[1; 32]),
        key(2, -25, 1, &[1; 31]),
        key(2, -25, 1, &[1; 33]),
        agreement_point(&Value::Null),
    ] {
        assert!(odd.is_empty());
    }
    assert!(agreement_point(&agreement_key(&[4, 1])).is_empty());
}
