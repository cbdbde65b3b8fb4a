//! `keyward explain` as a program: input, output and exit status. What it says is tested where it is decided.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{Server, json, keyward, refused, run};

/// A case that breaks at the third step of section 7.1.
const CASE: &str = r#"{"id":"a","kind":"registration","rp":{"rpId":"example.org","origins":["https://example.org"]},"options":{"challenge":"AAAA"},"response":{}}"#;

fn explain(arguments: &[&str], input: &[u8]) -> Output {
    let folder = TempDir::new().unwrap();
    let arguments = [&["explain"], arguments].concat();
    let mut command = keyward(folder.path(), &arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn one_case_needs_no_deployment_and_its_verdict_is_the_exit_status() {
    for arguments in [&[][..], &["-"]] {
        let output = explain(arguments, CASE.as_bytes());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(text.contains("\n  3  REFUSED "), "{text}");
        assert_eq!(output.stderr, b"Refused: malformed (step 7.1.3).\n");
    }
    let output = explain(&["--json"], CASE.as_bytes());
    let full: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&full["id"], &full["step"], &full["steps"][28]["number"]),
        (&"a".into(), &"7.1.3".into(), &29.into())
    );
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("case.json"), CASE).unwrap();
    assert_eq!(refused(folder.path(), &["explain", "case.json"]).0, 1);
    let (status, error) = refused(folder.path(), &["explain", "none.json"]);
    assert_eq!(status, 2);
    assert!(error.starts_with("none.json was not read: "), "{error}");
}

#[test]
fn every_line_is_answered_and_refusals_are_no_failure() {
    let input = [CASE.as_bytes(), b"\r\n\n\xff\xfe\n[[[[\n", CASE.as_bytes()].concat();
    let output = explain(&["--ndjson"], &input);
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
    let answers: Vec<Value> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, [&"a".into(), &Value::Null, &Value::Null, &"a".into()]);
    assert!(explain(&["--ndjson"], b"").stdout.is_empty());
}

/// Each answer is there before the next line is.
#[test]
fn answers_come_at_once_and_a_closed_pipe_ends_it() {
    use std::io::{BufRead, BufReader};
    let folder = TempDir::new().unwrap();
    let mut command = keyward(folder.path(), &["explain", "--ndjson"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(input, "{CASE}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(
            line.starts_with(
                "{\"id\":\"a\",\"verdict\":\"reject\",\"reason\":\"malformed\",\"step\":\"7.1.3\""
            ),
            "{line}"
        );
    }
    drop(output);
    writeln!(input, "{CASE}").unwrap();
    drop(input);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), b"".as_slice()));
}

/// Posts JSON and gives the answer's cookies and body.
fn post(server: &Server, path: &str, cookies: &str, body: &str) -> (String, Value) {
    let mut stream = TcpStream::connect(server.ready["listen"].as_str().unwrap()).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookies}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let set = head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    let cookies: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
    (cookies.join("; "), serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}")))
}

#[test]
fn what_was_refused_is_explained_by_its_reference() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path, &[]);
    let (cookies, begun) = post(&server, "/signin/begin", "", "");
    let sent = serde_json::json!({ "state": begun["state"], "response": { "type": "password" } });
    let (_, problem) = post(&server, "/signin/finish", &cookies, &sent.to_string());
    let listed = json(path, &["explain", "--list", "--json"]);
    let reference = listed[0]["reference"].as_str().unwrap_or_else(|| panic!("{listed} {problem}"));
    assert_eq!((&listed[0]["kind"], &listed[0]["reason"]), (&"authentication".into(), &"malformed".into()));
    let output = run(path, &["explain", "--json", &reference.to_ascii_lowercase()]);
    assert_eq!(output.status.code(), Some(1));
    let explained: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&explained["id"], &explained["step"]), (&reference.into(), &"7.2.3".into()));
    let (status, error) = refused(path, &["explain", "AAAA-AAAA"]);
    assert_eq!(status, 2);
    assert!(error.starts_with("No refused ceremony is kept under AAAA-AAAA: "), "{error}");
    server.stop();
}
