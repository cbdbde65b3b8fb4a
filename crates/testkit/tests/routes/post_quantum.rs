//! The switch for algorithms that withstand quantum computers, through the pages.

use account::audit::EventKind;
use authenticator::Settings;
use primitives::cose::Algorithm;
use serde_json::json;
use testkit::deployment::Variation;
use testkit::{TestApp, TestContext};

const ANA: &str = "ana@example.com";

fn largest() -> Settings {
    Settings { algorithms: vec![Algorithm::MlDsa87], ..Settings::security_key() }
}

#[tokio::test]
async fn switched_on_the_largest_key_and_signature_pass() {
    let variation = || Variation { post_quantum: true, ..Variation::default() };
    let postgres = TestContext::postgres_with(variation()).await.map(TestApp::on);
    for app in [Some(TestApp::sqlite_with(variation()).await), postgres].into_iter().flatten() {
        let (_, pass) = app.starter(ANA).await;
        let mut browser = app.browser().with(largest());
        browser.redeem(ANA, pass.reveal()).await;
        browser.register().await;
        browser.sign_in().await.json_ok();
        assert!(browser.get("/me/security").await.body.contains(ANA));
    }
}

#[tokio::test]
async fn switched_off_it_is_refused() {
    for app in [Some(TestApp::sqlite().await), TestApp::postgres().await].into_iter().flatten() {
        let (_, pass) = app.starter(ANA).await;
        let mut browser = app.browser().with(largest());
        browser.redeem(ANA, pass.reveal()).await;
        let begin = json!({ "place": "security-key" });
        let mut begun = browser.post_json("/me/security/add/begin", &begin).await.json_ok();
        begun["options"]["pubKeyCredParams"] = json!([{ "type": "public-key", "alg": -50 }]);
        let response = browser.create(&begun["options"]);
        let finish = json!({ "state": begun["state"], "response": response });
        let refusal = browser.post_json("/me/security/add/finish", &finish).await.refusal();
        assert_eq!(refusal, "not_accepted");
        let refused = EventKind::PasskeyRefused { code: "algorithm".to_owned() };
        assert!(app.test.events().await.contains(&refused));
    }
}
