use super::*;

#[test]
fn values_are_read() {
    let json = parse(r#" {"a":[1,-2,3.5,true,null],"b":{"c":"d\n"}} "#).unwrap();
    let expected = serde_json::json!({ "a": [1, -2, 3.5, true, null], "b": { "c": "d\n" } });
    assert_eq!(json.to_value(), expected);
    assert_eq!(json.get("b").and_then(|b| b.get("c")).and_then(Json::as_text), Some("d\n"));
    assert_eq!(json.get("x"), None);
    assert_eq!(Json::Null.get("x"), None);
}

#[test]
fn what_is_no_json() {
    for text in
        ["", "{", "{}x", "{} {}", "{'a':1}", "{\"a\":1,}", "[1,]", "NaN", "\"\u{0}\"", "\"\\ud800\"", "01"]
    {
        assert_eq!(parse(text), Err(JsonRefusal::Syntax), "{text:?}");
    }
}

#[test]
fn a_member_occurs_once_however_it_is_spelt() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"x":{"a":1,"b":2,"a":3}}"#, r#"[{"a":1,"\u0061":2}]"#] {
        assert_eq!(parse(text), Err(JsonRefusal::DuplicateMember), "{text}");
    }
}

#[test]
fn nesting_and_counts_are_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(8)).is_ok());
    assert_eq!(parse(&nested(9)), Err(JsonRefusal::TooDeep));
    assert_eq!(parse(&"[".repeat(100_000)), Err(JsonRefusal::TooDeep));
    let items = |count: usize| format!("[{}]", vec!["0"; count].join(","));
    assert!(parse(&items(128)).is_ok());
    assert_eq!(parse(&items(129)), Err(JsonRefusal::TooMany));
    let members: Vec<String> = (0..129).map(|index| format!("\"{index}\":0")).collect();
    assert_eq!(parse(&format!("{{{}}}", members.join(","))), Err(JsonRefusal::TooMany));
}
