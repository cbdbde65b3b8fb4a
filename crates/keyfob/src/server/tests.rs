use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc;

use serde_json::json;

use super::*;

/// Whoever answers every request with these bytes; what was asked comes out of the other end.
fn answering(answer: Vec<u8>) -> (Server, mpsc::Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asked, heard) = mpsc::channel();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            // Who has heard enough closes the connection.
            let _ = stream.write_all(&answer);
            if asked.send(head).is_err() {
                return;
            }
        }
    });
    let origin = Origin::parse(&format!("http://localhost:{port}")).unwrap();
    (Server::new(origin, None, "en").unwrap(), heard)
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
        .into_bytes()
}

async fn refused(answer: Vec<u8>) -> ServerError {
    let (mut server, _heard) = answering(answer);
    server.get("/api").await.unwrap_err()
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let (other, heard) = answering(http("200 OK", "", "{\"ok\":true}"));
    let to = format!("Location: {}/stolen\r\n", other.origin());
    let (mut server, first) = answering(http("307 Temporary Redirect", &to, "{\"ok\":true}"));
    assert_eq!(server.post("/api", &json!({ "pass": "secret" })).await, Err(ServerError::NotKeyward));
    assert_eq!(first.try_recv().unwrap()[0], "POST /api HTTP/1.1");
    assert!(heard.try_recv().is_err(), "nobody else was asked");
}

#[tokio::test]
async fn an_answer_has_an_end() {
    let long = format!("{{\"ok\":true,\"x\":\"{}\"}}", "x".repeat(usize::try_from(LONGEST).unwrap()));
    assert_eq!(refused(http("200 OK", "", &long)).await, ServerError::TooLong);
    let headers = format!("X: {}\r\n", "x".repeat(200_000));
    let refusal = refused(http("200 OK", &headers, "{}")).await;
    assert!(
        matches!(refusal, ServerError::TooLong | ServerError::NotKeyward | ServerError::Unreachable),
        "{refusal:?}"
    );
    let deep = "[".repeat(100_000);
    assert_eq!(refused(http("200 OK", "", &deep)).await, ServerError::NotKeyward);
}

#[tokio::test]
async fn what_is_no_answer_of_keywards_is_none() {
    for (status, body) in [
        ("200 OK", ""),
        ("200 OK", "<html>"),
        ("200 OK", "{}"),
        ("200 OK", "[]"),
        ("200 OK", "null"),
        ("200 OK", "{\"ok\":1}"),
        ("500 Internal Server Error", "{\"ok\":true}"),
        ("200 OK", "{\"ok\":false}"),
        ("404 Not Found", "not here"),
    ] {
        assert_eq!(refused(http(status, "", body)).await, ServerError::NotKeyward, "{status} {body}");
    }
    assert_eq!(refused(http("502 Bad Gateway", "", "<h1>")).await, ServerError::Unreachable);
    assert_eq!(refused(b"\0\x01\x02nonsense\r\n\r\n".to_vec()).await, ServerError::NotKeyward);
}

#[tokio::test]
async fn a_refusal_steers_no_terminal() {
    let body = json!({ "ok": false, "code": "pass_wrong\u{1b}[2J", "message": format!("No\u{1b}]0;x\u{7}.{}", "x".repeat(9999)),
        "reference": "R\r\n\u{202e}1", "tries_left": 3 });
    let ServerError::Refused(refused) = refused(http("422 Unprocessable", "", &body.to_string())).await
    else {
        panic!("not refused")
    };
    assert_eq!(
        (refused.code.as_str(), refused.reference.as_str(), refused.tries_left),
        ("pass_wrong[2J", "R1", Some(3))
    );
    assert_eq!(refused.message.chars().count(), 500);
    assert!(!refused.message.contains(char::is_control));
}

#[test]
fn marks_that_turn_a_text_round_are_left_out() {
    assert_eq!(plain("evil\u{202e}gro.elpmaxe\u{2066}\u{200b}\u{feff}\u{e0041}", 100), "evilgro.elpmaxe");
    assert_eq!(plain("Zoë 日本 ✓ a\nb", 100), "Zoë 日本 ✓ ab");
}

#[tokio::test]
async fn the_bearer_goes_to_this_server_alone_and_is_kept() {
    let (mut server, heard) = answering(http("200 OK", "", "{\"ok\":true,\"bearer\":\"kw1.secret\"}"));
    server.get("/one").await.unwrap();
    server.get("/two").await.unwrap();
    let sent =
        |head: Vec<String>| head.into_iter().find(|line| line.to_lowercase().starts_with("authorization"));
    assert!(sent(heard.recv().unwrap()).unwrap().ends_with("Bearer new"));
    assert!(sent(heard.recv().unwrap()).unwrap().ends_with("Bearer kw1.secret"));
    server.discover().await.unwrap_err();
    assert_eq!(sent(heard.recv().unwrap()), None, "what is for everybody needs no secret");
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    drop(listener);
    let mut server = Server::new(Origin::parse(&origin).unwrap(), None, "en").unwrap();
    assert_eq!(server.get("/api").await, Err(ServerError::Unreachable));
}

#[test]
fn only_what_is_about_the_passkey_decides_about_it() {
    let refused = |status, code: &str| {
        let refused = Refused {
            status,
            code: code.to_owned(),
            message: String::new(),
            reference: String::new(),
            tries_left: None,
        };
        ServerError::Refused(refused)
    };
    for (status, code, final_) in [
        (422, "uv_missing", true),
        (403, "confirm_needed", true),
        (410, "ticket_expired", true),
        (401, "bearer", false),
        (429, "too_many_tries", false),
        (503, "outcome_unknown", false),
        (200, "read_only", false),
        (413, "too_large", false),
    ] {
        assert_eq!(refused(status, code).is_final(), final_, "{code}");
    }
    assert!(!ServerError::Unreachable.is_final() && !ServerError::NotKeyward.is_final());
    // Whoever asks again after a lost answer hears the first of these only if the server has not taken it.
    let judged =
        [(422, "policy_not_hardware", true), (422, "uv_missing", false), (409, "not_approved", false)];
    for (status, code, expected) in judged {
        assert_eq!(refused(status, code).judged(), expected, "{code}");
    }
}

#[test]
fn a_file_of_authorities_holds_some() {
    let folder = tempfile::tempdir().unwrap();
    let origin = || Origin::parse("https://id.example.com").unwrap();
    for text in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
        let path = folder.path().join("ca");
        std::fs::write(&path, text).unwrap();
        let refusal = Server::new(origin(), Some(&path), "en").err();
        assert_eq!(refusal, Some(ServerError::Authorities(path)), "{text}");
    }
}
