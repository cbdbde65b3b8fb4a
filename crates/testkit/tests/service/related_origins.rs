//! Ceremonies on pages of related origins (WebAuthn Level 3 section 5.11).

use account::role::Role;
use authenticator::client::Client;
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";
const SHOP: &str = "https://shop.example";

#[tokio::test]
async fn only_configured_ones_may_use_the_rp_id() {
    let variation = Variation { related_origins: &[SHOP], ..Variation::default() };
    let test = TestContext::sqlite_with(variation).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    for (origin, expected) in [
        (SHOP, Ok(())),
        ("https://shop.example:8443", Err("origin")),
        ("https://www.shop.example", Err("origin")),
        ("https://shop.example.evil.example", Err("origin")),
        ("https://shop-example", Err("origin")),
        ("http://shop.example", Err("origin")),
    ] {
        let started = ana.begin_sign_in();
        let client = Client { related: true, ..Client::new(origin) };
        let response = client.get(&mut ana.authenticator, &started.options).unwrap().to_string();
        let outcome = ana.finish_sign_in(&started.state, &response).await;
        assert_eq!(outcome.map(|_| ()).map_err(|error| error.cause()), expected, "{origin}");
    }
}
