//! Secrets reach neither the log, nor the database, nor its backup, nor the audit export, nor `Debug` (assurance A5).
//!
//! One test in a program of its own, because the log of a process is listened to once.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use account::temporary_pass::grouped;
use primitives::encoding;
use serde_json::json;
use service::{Authority, administer_passes, housekeeping, read_audit};
use store::backup;
use testkit::{Browser, TestApp, TestContext, Visitor};
use tracing_subscriber::fmt::MakeWriter;

const ANA: &str = "ana@example.com";

/// All that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

/// What must be nowhere, with a name for each.
#[derive(Default)]
struct Canaries(Vec<(&'static str, Vec<u8>)>);

impl Canaries {
    /// A text, and if it is base64url the bytes that it stands for.
    fn add(&mut self, name: &'static str, text: &str) {
        assert!(text.len() >= 8, "{name} is too short to be found");
        self.0.push((name, text.as_bytes().to_vec()));
        if let Some(bytes) = encoding::from_base64url(text).filter(|bytes| bytes.len() >= 16) {
            self.0.push((name, bytes));
        }
    }

    fn cookies(&mut self, browser: &Browser) {
        for (name, value) in &browser.cookies {
            if name.ends_with("language") || name.ends_with("later") {
                continue;
            }
            self.add("cookie", value);
        }
    }

    fn assert_absent(&self, place: &str, bytes: &[u8]) {
        for (name, canary) in &self.0 {
            let found = bytes.windows(canary.len()).any(|window| window == canary);
            assert!(!found, "{name} {:?} is in {place}", String::from_utf8_lossy(canary));
        }
    }
}

/// Everything that somebody does between a pass and the last sign-out, with what goes wrong on the way.
async fn a_day(app: &TestApp, canaries: &mut Canaries) {
    let (user, pass) = app.starter(ANA).await;
    canaries.add("pass", pass.reveal());
    canaries.add("pass as shown", grouped(&pass).reveal());
    let mut ana = app.browser();
    for guess in ["ABCD-EFGH-JKMN", "hunter2hunter2"] {
        canaries.add("what was typed", guess);
        ana.redeem(ANA, guess).await;
    }
    ana.get(&format!("/signin/tap?pass={}", pass.reveal())).await;
    ana.post_text("/signin/finish", format!("{{\"state\":\"{}", pass.reveal())).await;
    ana.redeem(ANA, pass.reveal()).await;
    canaries.cookies(&ana);
    let id = ana.register().await;
    ana.try_passkey(&id).await.json_ok();
    canaries.cookies(&ana);
    let begun = ana.post_json("/signin/begin", &json!({})).await.json_ok();
    canaries.add("challenge", begun["options"]["challenge"].as_str().unwrap());
    canaries.add("sealed state", begun["state"].as_str().unwrap());
    let response = ana.assert(&begun["options"]);
    let finish = json!({ "state": begun["state"], "response": response });
    ana.post_json("/signin/finish", &finish).await.json_ok();
    canaries.cookies(&ana);
    assert_eq!(ana.post_json("/signin/finish", &finish).await.refusal(), "challenge_expired");
    ana.confirm("add-passkey", None).await.json_ok();
    canaries.cookies(&ana);
    for path in ["/me/security", "/me/sessions", "/nowhere", "/me/security/passkeys/nonsense"] {
        let page = ana.get(path).await;
        canaries.assert_absent(path, page.body.as_bytes());
    }
    ana.post("/signout", &[]).await;
    let cx = &app.test.cx;
    // A row that fails loudly, and a database that refuses.
    let vandal = |sql: &'static str| cx.db.write(move |tx| tx.execute_raw(sql));
    vandal("UPDATE passkeys SET sign_count = sign_count + 1").await.unwrap();
    ana.sign_in().await;
    vandal("UPDATE passkeys SET sign_count = sign_count - 1").await.unwrap();
    vandal("DROP TABLE guesses").await.unwrap();
    ana.redeem(ANA, pass.reveal()).await;
    administer_passes::revoke(cx, &mut app.test.operator(), Authority::Operator, user.id).await.unwrap();
}

#[tokio::test]
async fn secrets_are_nowhere_but_with_their_owners() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
    everything.with_writer(log.clone()).with_ansi(false).init();

    let app = TestApp::sqlite().await;
    let mut canaries = Canaries::default();
    for line in app.test.cx.keys.encode().split_whitespace().filter(|word| word.len() > 30) {
        canaries.add("root key", line);
    }
    assert!(!canaries.0.is_empty());
    a_day(&app, &mut canaries).await;

    let logged = log.0.lock().unwrap().clone();
    let text = String::from_utf8_lossy(&logged);
    for word in ["answered", "integrity alarm", "guesses", "challenge_used"] {
        assert!(text.contains(word), "the log was listened to: {word}");
    }
    canaries.assert_absent("the log", &logged);

    let cx = &app.test.cx;
    housekeeping::sequence_once(cx, [7; 16]).await.unwrap();
    let exported = serde_json::to_vec(&read_audit::export(cx, 0).await.unwrap()).unwrap();
    assert!(exported.len() > 1000);
    canaries.assert_absent("the audit export", &exported);

    let healthy = TestContext::sqlite().await;
    let user = healthy.add_user(ANA, account::role::Role::User).await;
    let pass = healthy.issue(&user).await;
    let mut visitor = Visitor::new(&healthy, "laptop");
    let signed_in = visitor.redeem(ANA, &pass).await.unwrap();
    let mut second = Canaries::default();
    second.add("pass", pass.reveal());
    second.add("token", &signed_in.token.encode());
    second.assert_absent(
        "Debug",
        format!("{signed_in:?} {pass:?} {:?} {:?}", visitor.who().await, healthy.cx.keys).as_bytes(),
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    backup::backup(&healthy.cx.db, &file).await.unwrap();
    let copied = std::fs::read(&file).unwrap();
    assert!(copied.windows(ANA.len()).any(|window| window == ANA.as_bytes()), "the backup is readable");
    second.assert_absent("the backup", &copied);
}
