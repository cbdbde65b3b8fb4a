//! The switch for algorithms that withstand quantum computers.

use account::role::Role;
use primitives::cose::{Algorithm, PublicKey};
use serde_json::json;
use service::{CeremonyError, Context, Settings, register_passkey, sign_in};
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";
const ML_DSA: [Algorithm; 3] = [Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87];

fn makes(algorithm: Algorithm) -> authenticator::Settings {
    authenticator::Settings { algorithms: vec![algorithm], ..authenticator::Settings::platform() }
}

async fn both(post_quantum: bool) -> Vec<TestContext> {
    let variation = || Variation { post_quantum, ..Variation::default() };
    let sqlite = TestContext::sqlite_with(variation()).await;
    [Some(sqlite), TestContext::postgres_with(variation()).await].into_iter().flatten().collect()
}

#[tokio::test]
async fn switched_on_such_a_passkey_is_stored_and_signs_in() {
    for test in both(true).await {
        for algorithm in ML_DSA {
            let (login, name) = (format!("{algorithm:?}@example.com"), format!("{algorithm:?}"));
            let mut ana = Visitor::new(&test, &name).with(makes(algorithm));
            ana.onboard(&login, Role::User).await;
            let stored = ana.passkeys().await.remove(0).public_key;
            assert_eq!(PublicKey::parse(&stored).unwrap().algorithm(), algorithm);
            let signed_in = ana.sign_in().await.unwrap();
            assert_eq!(signed_in.user.login.shown(), login);
        }
    }
}

#[tokio::test]
async fn it_is_offered_first_and_who_cannot_do_it_makes_another() {
    let test = TestContext::sqlite_with(Variation { post_quantum: true, ..Variation::default() }).await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = test.add_user(ANA, Role::User).await;
    ana.redeem(ANA, &test.issue_once(&user).await).await.unwrap();
    let options = ana.begin_registration().await.unwrap().options;
    let offered: Vec<_> =
        options["pubKeyCredParams"].as_array().unwrap().iter().map(|item| item["alg"].clone()).collect();
    assert_eq!(offered, [-48, -49, -50, -7, -8, -257].map(|id| json!(id)));
    let passkey = ana.register().await.unwrap();
    assert_eq!(PublicKey::parse(&passkey.public_key).unwrap().algorithm(), Algorithm::Es256);
}

#[tokio::test]
async fn switched_off_the_server_refuses_what_it_did_not_offer() {
    for test in both(false).await {
        let user = test.add_user(ANA, Role::User).await;
        let pass = test.issue_once(&user).await;
        let mut ana = Visitor::new(&test, "laptop").with(makes(Algorithm::MlDsa44));
        ana.redeem(ANA, &pass).await.unwrap();
        let mut started = ana.begin_registration().await.unwrap();
        // A page that asks the authenticator for something else than the server said.
        started.options["pubKeyCredParams"] = json!([{ "type": "public-key", "alg": -48 }]);
        let response = ana.create(&started);
        let error = ana.finish_registration(&started.state, &response).await.unwrap_err();
        assert_eq!(error.cause(), "algorithm", "{error:?}");
        assert!(matches!(error, CeremonyError::Registration(_)));
        // The pass still makes a passkey of an offered kind.
        ana.authenticator.settings.algorithms = vec![Algorithm::EdDsa];
        ana.register().await.unwrap();
    }
}

#[tokio::test]
async fn switched_off_again_the_passkeys_that_there_are_still_sign_in() {
    let on = TestContext::sqlite_with(Variation { post_quantum: true, ..Variation::default() }).await;
    let mut ana = Visitor::new(&on, "laptop").with(makes(Algorithm::MlDsa65));
    ana.onboard(ANA, Role::User).await;
    let off = Settings { algorithms: register_passkey::algorithms(false), ..(*on.cx.settings()).clone() };
    let off = Context::new(on.cx.db.clone(), on.cx.keys.clone(), (*on.cx.relying_party).clone(), off, 1);
    let started = sign_in::begin(&off, &mut ana.caller());
    let response = ana.get(&started.options);
    sign_in::finish(&off, &mut ana.caller(), &started.state, &response).await.unwrap();
}
