use super::*;
use primitives::encoding::{from_hex, hex};

/// The code of the vectors in the project's reference, made by a prototype that met real browsers.
fn known() -> Qr {
    let key = "020217e617f0b6443928278f96999e69a23a4f2c152bdf6d6cdf66e5b80282d4ed";
    Qr {
        client_key: from_hex(key).unwrap().try_into().unwrap(),
        secret: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        domains: 2,
        time: Some(0x6553_f100),
        linking: false,
        hint: Hint::Get,
        channels: vec![WEB_SOCKET],
    }
}

const CBOR: &str = "a6005821020217e617f0b6443928278f96999e69a23a4f2c152bdf6d6cdf66e5b80282d4ed01\
                    50000102030405060708090a0b0c0d0e0f0202031a6553f10004f405626761";

#[test]
fn digits_are_seven_bytes_in_seventeen() {
    assert_eq!(digits::encode(b"hello world"), "335311851610699281684828783");
    assert_eq!(digits::decode("335311851610699281684828783"), Ok(b"hello world".to_vec()));
    for length in 0..30 {
        let bytes: Vec<u8> = (0..length).map(|at| 255 - at).collect();
        assert_eq!(digits::decode(&digits::encode(&bytes)), Ok(bytes));
    }
}

#[test]
fn each_kind_of_wrong_digits_is_refused_by_its_name() {
    for length in [1, 2, 4, 6, 7, 9, 11, 12, 14, 16] {
        assert_eq!(digits::decode(&"0".repeat(length)), Err(DigitRefusal::Length), "{length}");
    }
    for text in ["12a", "12 ", "١٢٣", "-12", "+12"] {
        assert_eq!(digits::decode(text), Err(DigitRefusal::NotDigits), "{text}");
    }
    for (text, most) in [("256", "255"), ("65536", "65535"), ("72057594037927936", "72057594037927935")] {
        assert_eq!(digits::decode(text), Err(DigitRefusal::Overflow), "{text}");
        assert!(digits::decode(most).is_ok(), "{most}");
    }
    assert_eq!(digits::decode("99999999999999999"), Err(DigitRefusal::Overflow));
}

#[test]
fn the_known_code_is_read_and_written() {
    let text = "FIDO:/0647613263695069411321966358173670457150761296566153092614859327468236594740118347628005640\
                50807352788025421010491811870057950297627316200265340480783106107096654083076";
    assert_eq!(hex(&known().to_cbor()), CBOR);
    assert_eq!(known().write(), text);
    assert_eq!(Qr::read(text), Ok(known()));
    assert_eq!(Qr::read(&text.to_lowercase()), Ok(known()));
    assert_eq!(Qr::read(&format!(" {text}\n")), Ok(known()));
}

#[test]
fn channels_are_written_where_they_are_not_the_tunnel_alone() {
    let mut both = known();
    both.channels = vec![WEB_SOCKET, L2CAP];
    both.time = None;
    assert_eq!(Qr::read(&both.write()), Ok(both.clone()));
    assert!(both.offers(L2CAP));
    assert!(!known().offers(L2CAP));
}

type Entries = Vec<(Key<'static>, Value<'static>)>;

fn with(change: impl FnOnce(&mut Entries)) -> Result<Qr, QrRefusal> {
    let bytes: &'static [u8] = known().to_cbor().leak();
    let Ok(Value::Map(mut entries)) = cbor::parse(bytes, 4) else { unreachable!() };
    change(&mut entries);
    Qr::from_cbor(&Value::Map(entries).encode())
}

fn set(entries: &mut Entries, key: i64, value: Value<'static>) {
    entries.retain(|(existing, _)| *existing != Key::Integer(key));
    entries.push((Key::Integer(key), value));
}

#[test]
fn each_key_of_a_wrong_type_is_refused_by_its_name() {
    let refusals = [
        QrRefusal::ClientKey,
        QrRefusal::Secret,
        QrRefusal::Domains,
        QrRefusal::Time,
        QrRefusal::Linking,
        QrRefusal::Hint,
    ];
    for (key, refusal) in (0..).zip(refusals) {
        assert_eq!(with(|map| set(map, key, Value::Null)), Err(refusal), "{key}");
        let missing = with(|map| map.retain(|(existing, _)| *existing != Key::Integer(key)));
        assert_eq!(missing.is_err(), key < 2, "{key}");
    }
    assert_eq!(with(|map| set(map, 0, Value::Bytes(&[2; 32]))), Err(QrRefusal::ClientKey));
    assert_eq!(with(|map| set(map, 0, Value::Bytes(&[4; 33]))), Err(QrRefusal::ClientKey));
    assert_eq!(with(|map| set(map, 1, Value::Bytes(&[0; 17]))), Err(QrRefusal::Secret));
    assert_eq!(with(|map| set(map, 2, Value::Integer(-1))), Err(QrRefusal::Domains));
    assert_eq!(with(|map| set(map, 3, Value::Integer(-1))), Err(QrRefusal::Time));
}

#[test]
fn what_stood_under_key_6_before_means_the_tunnel() {
    for value in [Value::Bool(true), Value::Bool(false), Value::Text("x"), Value::Array(Vec::new())] {
        assert_eq!(with(|map| set(map, 6, value)).unwrap().channels, [WEB_SOCKET]);
    }
    let odd = Value::Array(vec![Value::Text("x"), Value::Integer(-1), Value::Integer(1)]);
    assert_eq!(with(|map| set(map, 6, odd)).unwrap().channels, [L2CAP]);
}

#[test]
fn unknown_keys_and_hints_are_let_pass() {
    let hinted = with(|map| {
        set(map, 5, Value::Text("zz"));
        set(map, 40, Value::Integer(1));
        map.push((Key::Text("more"), Value::Null));
    });
    assert_eq!(hinted, Ok(known()));
    assert_eq!(with(|map| set(map, 5, Value::Text("mc"))).unwrap().hint, Hint::Create);
    for hint in [Hint::Get, Hint::Create, Hint::PresentDigital, Hint::IssueDigital] {
        assert_eq!(Hint::from_text(hint.text()), hint);
    }
}

#[test]
fn nonsense_is_refused_by_its_name() {
    assert_eq!(Qr::read(&format!("FIDO:/{}", "0".repeat(7_090))), Err(QrRefusal::TooLong));
    for text in ["", "FIDO", "FIDO:", "https://example.org/", "WIFI:T:WPA;", "FIDO:\u{e4}123"] {
        assert_eq!(Qr::read(text), Err(QrRefusal::NotFido), "{text}");
    }
    assert_eq!(Qr::read("FIDO:/"), Err(QrRefusal::Cbor));
    assert_eq!(Qr::read("FIDO://335"), Err(QrRefusal::Digits(DigitRefusal::NotDigits)));
    assert_eq!(Qr::read("FIDO:/255"), Err(QrRefusal::Cbor));
    assert_eq!(Qr::from_cbor(&[0x80]), Err(QrRefusal::NotAMap));
    let bytes = from_hex(CBOR).unwrap();
    for end in 0..bytes.len() {
        assert!(Qr::from_cbor(&bytes[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_code_counts_two_minutes_either_way() {
    let made = Timestamp::from_secs(0x6553_f100);
    let qr = known();
    for (seconds, judged) in [(0, Ok(())), (120, Ok(())), (121, Err(StaleQr::TooOld))] {
        assert_eq!(qr.age(made + Span::from_secs(seconds)), judged, "{seconds}");
    }
    assert_eq!(qr.age(made - Span::from_secs(120)), Ok(()));
    assert_eq!(qr.age(made - Span::from_secs(121)), Err(StaleQr::FromTheFuture));
    assert_eq!(qr.expires(made + Span::from_secs(9)), made + Span::from_minutes(2));
    let mut qr = qr;
    qr.time = Some(u64::MAX);
    assert_eq!(qr.age(made), Err(StaleQr::FromTheFuture));
    qr.time = None;
    assert_eq!(qr.age(made), Ok(()));
    assert_eq!(qr.expires(made), made + Span::from_minutes(2));
}

#[test]
fn the_secret_is_not_printed() {
    assert!(!format!("{:?}", known()).contains("secret"));
    assert_eq!(QrRefusal::Secret.code(), "qr_secret");
    assert_eq!(StaleQr::TooOld.code(), "qr_too_old");
}
