use super::*;
use primitives::encoding::hex;

fn user() -> UserEntity {
    UserEntity { id: b"user 1".as_slice().into(), name: "ada".to_owned(), display_name: String::new() }
}

fn descriptor() -> CredentialDescriptor {
    CredentialDescriptor::new(vec![7; 32], Vec::new())
}

#[test]
fn a_request_reads_back() {
    for subcommand in Subcommand::ALL {
        let bare = Request::of(subcommand, None);
        assert_eq!(Request::parse(&bare.encode()), Ok(bare));
        assert_eq!(Subcommand::from_number(u64::from(subcommand.number())), Some(subcommand));
    }
    let parameters =
        Parameters { rp_id_hash: Some([3; 32]), credential: Some(descriptor()), user: Some(user()) };
    let mut full = Request::of(Subcommand::UpdateUserInformation, Some(parameters));
    full.protocol = Some(1);
    full.auth_param = Some(vec![1; 16]);
    assert_eq!(Request::parse(&full.encode()), Ok(full));
    assert_eq!(Subcommand::from_number(8), None);
    assert_eq!(Subcommand::from_number(0x101), None);
}

#[test]
fn what_the_proof_covers_is_what_was_sent() {
    // A member that this program does not know, 9, under the parameters.
    let sent = [&[0xa2, 1, 1, 2][..], &[0xa1, 9, 0xf5]].concat();
    let request = Request::parse(&sent).unwrap();
    assert_eq!(hex(&request.parameters_as_sent), "a109f5");
    assert_eq!(request.parameters, Some(Parameters::default()));
}

#[test]
fn an_answer_reads_back() {
    let answer = Response {
        existing: Some(3),
        remaining: Some(25),
        rp: Some(("example.org".to_owned(), "Example".to_owned())),
        rp_id_hash: Some([4; 32]),
        total_rps: Some(2),
        user: Some(user()),
        credential: Some(descriptor()),
        public_key: Some(vec![0xa1, 1, 2]),
        total_credentials: Some(1),
        cred_protect: Some(CredentialProtection::UserVerificationRequired),
        large_blob_key: Some([5; 32]),
    };
    assert_eq!(Response::parse(&answer.encode()), Ok(answer));
    assert_eq!(Response::parse(&[]), Ok(Response::default()));
    assert_eq!(Response::default().encode(), Vec::<u8>::new());
}

#[test]
fn members_of_the_wrong_type_are_refused() {
    let refusal = |bytes: Vec<u8>| Request::parse(&bytes).err();
    for key in [1, 2, 3, 4] {
        let mut members = vec![(Key::Integer(key), Value::Null)];
        if key != 1 {
            members.push((Key::Integer(1), Value::Integer(1)));
        }
        assert_eq!(refusal(Value::Map(members).encode()), Some(MessageRefusal::MemberType), "{key}");
    }
    for key in [1, 2, 3] {
        let parameters = Value::Map(vec![(Key::Integer(key), Value::Text("x"))]);
        let odd = Value::Map(vec![(Key::Integer(1), Value::Integer(4)), (Key::Integer(2), parameters)]);
        assert!(refusal(odd.encode()).is_some(), "{key}");
    }
    let short = Value::Map(vec![(Key::Integer(1), Value::Bytes(&[1; 31]))]);
    let odd = Value::Map(vec![(Key::Integer(1), Value::Integer(4)), (Key::Integer(2), short)]);
    assert_eq!(refusal(odd.encode()), Some(MessageRefusal::MemberLength));
    assert_eq!(refusal(vec![0xa0]), Some(MessageRefusal::MemberMissing));
}
