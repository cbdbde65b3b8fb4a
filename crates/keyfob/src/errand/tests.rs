use super::*;
use crate::errand::unfinished::Unfinished;
use crate::keeper::{Certificate, KeeperError};
use crate::server::ServerError;
use crate::talk::{Proof, SecondStep};
use primitives::secret::SecretText;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const TICKET: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// Whoever plays a server: the answer to each path, `{origin}` for its own.
type Script = fn(path: &str) -> Value;

fn playing(script: Script) -> (Server, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (heard, own) = (Arc::clone(&asked), origin.clone());
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut first, mut length) = (String::new(), 0_usize);
            reader.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let path = first.split(' ').nth(1).unwrap().to_owned();
            heard.lock().unwrap().push(format!("{path} {}", String::from_utf8_lossy(&body)));
            let answer = script(&path).to_string().replace("{origin}", &own);
            let head =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", answer.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(answer.as_bytes()));
        }
    });
    (Server::new(Origin::parse(&origin).unwrap(), None, "en").unwrap(), asked)
}

/// Makes nothing, and counts how often it was asked to.
#[derive(Default)]
struct Vault {
    commands: usize,
}

impl Keeper for Vault {
    async fn command(&mut self, _origin: &Origin, _request: Vec<u8>) -> Result<Vec<u8>, KeeperError> {
        self.commands += 1;
        Ok(vec![0x27])
    }
    async fn forget(&mut self, _id: &str) -> Result<(), KeeperError> {
        Ok(())
    }
    async fn know(&mut self, _id: &str, _about: crate::holder::About) -> Result<(), KeeperError> {
        Ok(())
    }
    async fn note(&mut self, _unfinished: &Unfinished) -> Result<(), KeeperError> {
        Ok(())
    }
    async fn settle(&mut self, _name: &str) -> Result<(), KeeperError> {
        Ok(())
    }
    async fn unfinished(&mut self) -> Result<Vec<Unfinished>, KeeperError> {
        Ok(Vec::new())
    }
    async fn orphans(&mut self, _unfinished: &Unfinished) -> Result<Vec<String>, KeeperError> {
        Ok(Vec::new())
    }
    async fn certificate_key(&mut self, _rp: &str, _challenge: &str) -> Result<Certificate, KeeperError> {
        Err(KeeperError::Gone)
    }
    async fn certified(&mut self, _rp: &str, _chain: Vec<String>) -> Result<(), KeeperError> {
        Err(KeeperError::Gone)
    }
}

/// Says yes to everything and types the pass.
#[derive(Default)]
struct Ready {
    passes: usize,
}

impl Talk for Ready {
    async fn choose(&mut self, _origin: &Origin, _errand: &Errand) -> Choice {
        Choice::GoOn
    }
    async fn login(&mut self) -> Option<String> {
        Some("ana".to_owned())
    }
    async fn prove(&mut self, _errand: &Errand, _refused: Option<&ServerError>) -> Option<Proof> {
        self.passes += 1;
        (self.passes < 4).then(|| Proof::Pass(SecretText::new("K7QX-MM4P-29TC")))
    }
    async fn second_step(&mut self, _methods: &[SecondStep]) -> Option<(SecondStep, SecretText)> {
        None
    }
    async fn pin(&mut self) -> Option<SecretText> {
        None
    }
    async fn tell(&mut self, _told: Told<'_>) {}
    async fn given_up(&mut self) {
        std::future::pending::<()>().await;
    }
}

async fn run(script: Script, ticket: bool) -> (ErrandError, usize, Vec<String>) {
    let (server, asked) = playing(script);
    let (mut vault, mut talk) = (Vault::default(), Ready::default());
    let pace = Pace {
        alive: Duration::from_secs(20),
        look: Duration::from_millis(1),
        again: Duration::from_millis(1),
    };
    let enrolment =
        Enrolment { server, keeper: &mut vault, talk: &mut talk, pace, name: None, ca: None, key: None };
    let refused = match ticket {
        true => enrolment.run(&Ticket::parse(TICKET).unwrap()).await,
        false => enrolment.run_alone().await,
    };
    let asked = asked.lock().unwrap().clone();
    (refused.unwrap_err(), vault.commands, asked)
}

fn errand(need: &str) -> Value {
    json!({ "ok": true, "need": need, "account": "a•••", "other_account": false })
}

fn options(rp_id: &str) -> Value {
    json!({ "ok": true, "state": "s", "options": {
        "rp": { "id": rp_id, "name": "Bank" }, "challenge": "AAAAAAAAAAAAAAAAAAAAAA", "attestation": "none",
        "user": { "id": "AQID", "name": "ana", "displayName": "Ana" },
        "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }],
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
    }})
}

#[tokio::test]
async fn a_server_gets_no_passkey_of_another_site() {
    let scripts: [Script; 3] = [
        |path: &str| if path.ends_with("/begin") { options("bank.example") } else { errand("create") },
        |path: &str| if path.ends_with("/begin") { options("") } else { errand("create") },
        |path: &str| if path.ends_with("/begin") { options("com") } else { errand("create") },
    ];
    for script in scripts {
        let (refused, commands, _) = run(script, true).await;
        assert!(matches!(refused, ErrandError::Options), "{refused}");
        assert_eq!(commands, 0, "the vault was not even asked");
    }
}

#[tokio::test]
async fn nobody_signs_in_at_a_server_that_says_it_is_another() {
    let (refused, _, asked) = run(
        |path| match path {
            "/.well-known/keyfob" => {
                json!({ "api": 1, "name": "Bank", "origin": "https://bank.example", "rp_id": "bank.example" })
            }
            _ => errand("sign-in"),
        },
        false,
    )
    .await;
    assert!(
        matches!(&refused, ErrandError::OtherOrigin(origin) if origin == "https://bank.example"),
        "{refused}"
    );
    assert!(asked.iter().all(|request| !request.contains("K7QX")), "{asked:?}");
}

#[tokio::test]
async fn a_pass_goes_to_a_keyward_alone() {
    let (refused, _, asked) = run(|_| json!({ "ok": true }), false).await;
    assert_eq!(refused.code(), "not_keyward");
    assert!(asked.iter().all(|request| !request.contains("K7QX")), "{asked:?}");
}

#[tokio::test]
async fn a_server_that_asks_for_ever_is_left() {
    let cases: [(Script, bool); 5] = [
        (|_| errand("claim"), true),
        (|path: &str| if path.contains("well-known") { discovery() } else { errand("sign-in") }, false),
        (|_: &str| json!({ "ok": true, "need": "dance", "account": "" }), true),
        (|_: &str| json!({ "ok": true, "need": "number", "account": "" }), true),
        (|_: &str| errand("nothing"), true),
    ];
    for (script, ticket) in cases {
        let (refused, commands, asked) = run(script, ticket).await;
        assert!(matches!(refused, ErrandError::Answer | ErrandError::Cancelled), "{refused}");
        assert!(commands == 0 && asked.len() < 20, "{asked:?}");
    }
}

fn discovery() -> Value {
    json!({ "api": 1, "name": "Example", "origin": "{origin}", "rp_id": "localhost", "relay": null })
}

#[tokio::test]
async fn what_a_server_puts_into_a_refusal_of_the_vault_is_nothing() {
    let script: Script =
        |path| if path.ends_with("/begin") { options("localhost") } else { errand("create") };
    let (refused, commands, asked) = run(script, true).await;
    assert!(matches!(refused, ErrandError::Cancelled), "{refused}");
    assert_eq!(commands, 1);
    assert!(asked.iter().any(|request| request.contains("cancelled")), "the computer hears of it: {asked:?}");
    assert!(!asked.iter().any(|request| request.contains("/finish")), "{asked:?}");
}

#[test]
fn the_address_of_a_wizard_is_one_or_none() {
    let (origin, ticket) = address(&format!("https://ID.example.com/a/e/{TICKET}")).unwrap();
    assert_eq!((origin.as_str(), ticket.to_string().as_str()), ("https://id.example.com", TICKET));
    for nonsense in [
        "",
        "id.example.com",
        "https://id.example.com/",
        "https://id.example.com/a/e/short",
        "https://id.example.com/a/e/AAAAAAAAAAAAAAAAAAAAAA/finish",
        "https://id.example.com/a/e/../../AAAAAAAAAAAAAAAAAAAA",
        "https://id.example.com@evil.example/a/e/AAAAAAAAAAAAAAAAAAAAAA",
        "http://id.example.com/a/e/AAAAAAAAAAAAAAAAAAAAAA",
        "http://127.0.0.1/a/e/AAAAAAAAAAAAAAAAAAAAAA",
        "ftp://id.example.com/a/e/AAAAAAAAAAAAAAAAAAAAAA",
        "https://localhost.evil:x/a/e/AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert!(address(nonsense).is_err(), "{nonsense}");
    }
    assert!(address(&format!("http://localhost:8080/a/e/{TICKET}")).is_ok(), "for trials");
}

#[test]
fn an_unfinished_errand_is_a_secret() {
    let unfinished = Unfinished {
        name: Unfinished::name_for("x"),
        server: "https://id.example.com".to_owned(),
        ca: None,
        path: "/api/enrolment/self".to_owned(),
        bearer: SecretText::new("kw1.secret"),
        rp_id: "id.example.com".to_owned(),
        user: "AQ".to_owned(),
        account: "ana".to_owned(),
        since: 1,
        made: Some(("AQ".to_owned(), "{}".to_owned())),
    };
    assert!(!format!("{unfinished:?}").contains("kw1"));
    let text = serde_json::to_string(&unfinished).unwrap();
    assert_eq!(serde_json::from_str::<Unfinished>(&text).unwrap(), unfinished);
}
