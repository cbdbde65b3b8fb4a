use super::*;

fn taken(text: &str, path: &[&str]) -> String {
    let value: Box<RawValue> = serde_json::from_str(text).unwrap();
    without(&value, path).get().to_owned()
}

#[test]
fn only_the_member_goes() {
    let text = r#"{ "a" : 1.50e0, "b":{"c":"secret","d":[ 1 ]}, "c":"stays" }"#;
    assert_eq!(taken(text, &["b", "c"]), r#"{"a":1.50e0,"b":{"d":[ 1 ]},"c":"stays"}"#);
}

#[test]
fn what_lacks_the_member_keeps_every_byte() {
    for text in [r#"{ "b" : { "d" : 1 }, "b":[ "c" ] }"#, "[ 1 ]", "null", r#"{"b":"c"}"#, "{}"] {
        assert_eq!(taken(text, &["b", "c"]), text);
    }
}

#[test]
fn duplicates_and_escaped_names_hide_nothing() {
    let text = r#"{"b":{"c":1,"c":2},"\u0062":{"\u0063":3},"x":0,"x":1}"#;
    assert_eq!(taken(text, &["b", "c"]), r#"{"b":{},"b":{},"x":0,"x":1}"#);
}

#[test]
fn depth_costs_no_stack() {
    let deep = format!("{}{}", "[".repeat(60_000), "]".repeat(60_000));
    let text = format!(r#"{{"b":{{"c":{deep},"d":{deep}}}}}"#);
    assert_eq!(taken(&text, &["b", "c"]), format!(r#"{{"b":{{"d":{deep}}}}}"#));
}
