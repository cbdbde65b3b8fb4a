use serde_json::json;

use super::*;

const SMALL: Bounds = Bounds { bytes: 100, depth: 3 };

#[test]
fn what_is_accepted_is_what_others_read() {
    for text in [
        "{}",
        " {\"a\" : 1 , \"b\":[true,false,null,-2,1.5,18446744073709551615]}\n",
        r#"{"\u0061":"\ud83d\ude00","":{"a":{}}}"#,
    ] {
        let read = Value::Object(read(text.as_bytes(), USUAL).unwrap());
        assert_eq!(read, serde_json::from_str::<Value>(text).unwrap(), "{text}");
    }
}

#[test]
fn whatever_else_is_refused_by_its_code() {
    for (text, code) in [
        ("", "json_syntax"),
        ("{", "json_syntax"),
        ("{}x", "json_syntax"),
        ("{}{}", "json_syntax"),
        ("{'a':1}", "json_syntax"),
        ("{\"a\":1,}", "json_syntax"),
        ("{\"a\":NaN}", "json_syntax"),
        ("{\"a\":1e999}", "json_syntax"),
        ("{\"a\":\"\u{1}\"}", "json_syntax"),
        ("\u{feff}{}", "json_syntax"),
        (r#"{"a":"\ud800"}"#, "json_syntax"),
        ("[]", "json_not_an_object"),
        ("null", "json_not_an_object"),
        ("\"{}\"", "json_not_an_object"),
        ("{\"a\":1,\"a\":1}", "json_duplicate"),
        (r#"{"a":1,"\u0061":2}"#, "json_duplicate"),
        ("{\"b\":[{\"a\":1,\"a\":null}]}", "json_duplicate"),
        ("{\"a\":[[[]]]}", "json_too_deep"),
        ("{\"a\":{\"b\":{\"c\":{}}}}", "json_too_deep"),
        ("[[[[", "json_too_deep"),
    ] {
        assert_eq!(read(text.as_bytes(), SMALL).unwrap_err().code(), code, "{text}");
    }
    assert_eq!(read(&[b' '; 101], SMALL).unwrap_err().code(), "json_too_long");
    assert_eq!(read(b"{\"a\":\"\xff\"}", SMALL).unwrap_err().code(), "json_syntax");
    assert!(read(b"{\"a\":[[1]]}", SMALL).is_ok());
}

#[test]
fn a_hundred_thousand_brackets_exhaust_nothing() {
    let deep = "[".repeat(60_000);
    assert_eq!(read(deep.as_bytes(), USUAL), Err(JsonRefusal::TooDeep));
    let wide = json!({ "a": vec![0; 30_000] }).to_string();
    assert!(read(wide.as_bytes(), USUAL).is_ok());
}
