use super::*;

#[test]
fn what_forms_encode_is_read() {
    let parameters =
        Parameters::parse("a=1&b=x+y%20z&c=%C3%BC%26%3d&&d&resource=urn:a&resource=&resource=urn:b").unwrap();
    for (name, value) in
        [("a", Some("1")), ("b", Some("x y z")), ("c", Some("ü&=")), ("d", None), ("e", None), ("A", None)]
    {
        assert_eq!(parameters.get(name), value, "{name}");
    }
    assert_eq!(parameters.all("resource").collect::<Vec<_>>(), ["urn:a", "urn:b"]);
    assert_eq!(Parameters::parse(&parameters.encode()), Ok(parameters));
    assert!(Parameters::parse("").unwrap().is_empty());
}

#[test]
fn every_bound_is_kept() {
    use ParameterRefusal as R;
    let many = |count: usize| (0..count).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    let long = |length: usize| format!("a={}", "x".repeat(length - 2));
    for (encoded, expected) in [
        ("a=1&a=2".to_owned(), R::Duplicate),
        ("a=1&%61=1".to_owned(), R::Duplicate),
        ("a=1&a=".to_owned(), R::Duplicate),
        ("=1&=2".to_owned(), R::Duplicate),
        ("a=%".to_owned(), R::Encoding),
        ("a=%4".to_owned(), R::Encoding),
        ("a=%zz".to_owned(), R::Encoding),
        ("a=%+1".to_owned(), R::Encoding),
        ("a=%ff".to_owned(), R::Encoding),
        ("a=%c0%af".to_owned(), R::Encoding),
        ("a=%ed%a0%80".to_owned(), R::Encoding),
        ("a=b%00c".to_owned(), R::Encoding),
        ("a%00=b".to_owned(), R::Encoding),
        ("%=b".to_owned(), R::Encoding),
        (many(MOST + 1), R::TooMany),
        (long(LONGEST + 1), R::TooLong),
    ] {
        assert_eq!(Parameters::parse(&encoded), Err(expected), "{encoded:.40}");
    }
    assert!(Parameters::parse(&many(MOST)).is_ok());
    assert!(Parameters::parse(&long(LONGEST)).is_ok());
    let resources = vec!["resource=urn:a"; MOST + 1].join("&");
    assert_eq!(Parameters::parse(&resources), Err(R::TooMany));
}

#[test]
fn every_refusal_has_its_code() {
    use ParameterRefusal as R;
    for (refusal, code) in [
        (R::TooLong, "request_too_long"),
        (R::TooMany, "parameters_too_many"),
        (R::Duplicate, "parameter_duplicate"),
        (R::Encoding, "parameter_encoding"),
    ] {
        assert_eq!(refusal.code(), code);
        assert!(!refusal.description().is_empty());
    }
}

#[test]
fn debugging_shows_no_values() {
    let parameters = Parameters::parse("client_secret=hidden").unwrap();
    let shown = format!("{parameters:?}");
    assert!(shown.contains("client_secret") && !shown.contains("hidden"), "{shown}");
}

#[test]
fn what_is_encoded_means_itself_and_nothing_else() {
    for text in ["", "a-._~Z9", "+", "%", "&=#?/\\", "\"><script>", "\r\n", "ü\u{1f511}", "a b"] {
        let encoded = encode(text);
        assert!(
            encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)),
            "{encoded}"
        );
        assert_eq!(decode(&encoded).as_deref(), Some(text));
    }
}
