//! Help by topic, the guide, the letter, and the language.

use axum::http::{StatusCode, header};
use server::pages::topics::Topic;
use testkit::TestApp;

#[tokio::test]
async fn every_page_leads_to_its_own_help() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    for (page, topic) in
        [("/me/security", "security"), ("/me/sessions", "sessions"), ("/me/security/add", "add")]
    {
        let answer = ana.get(page).await;
        assert!(answer.body.contains(&format!("href=\"/help/{topic}\"")), "{page}");
    }
    let mut nobody = app.browser();
    assert!(nobody.get("/signin/tap").await.body.contains("href=\"/help/pass\""));
    for topic in Topic::ALL {
        let address = format!("/help/{}", topic.word());
        assert_eq!(nobody.get(&address).await.status, StatusCode::OK, "{address}");
        assert_eq!(ana.get(&address).await.status, StatusCode::OK, "{address}");
    }
    for (address, status) in [
        ("/help/passkeys", StatusCode::OK),
        ("/help/letter", StatusCode::OK),
        ("/help/nothing", StatusCode::NOT_FOUND),
        ("/help/pictures/nothing.png", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(nobody.get(address).await.status, status, "{address}");
    }
}

#[tokio::test]
async fn the_language_of_an_address_goes_before_the_account_and_stays_in_the_browser() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    assert_eq!(
        ana.post("/language", &[("language", "fr"), ("back", "/me/security")]).await.location(),
        "/me/security"
    );
    assert!(ana.get("/me/security").await.body.contains("<html lang=\"fr\""));
    let asked = ana.get("/me/security?lang=it").await;
    assert!(asked.body.contains("<html lang=\"it\""), "the address asks for it");
    assert!(
        ana.get("/me/security").await.body.contains("<html lang=\"fr\""),
        "the account's own is unchanged"
    );
    let mut nobody = app.browser();
    let first = nobody.get("/signin?lang=de").await;
    assert!(first.body.contains("<html lang=\"de\""));
    assert!(
        nobody.get("/signin").await.body.contains("<html lang=\"de\""),
        "the page behind it speaks it too"
    );
    assert!(
        nobody.get("/signin?lang=en-XA").await.body.contains("<html lang=\"en\""),
        "no strange language here"
    );
}

#[tokio::test]
async fn a_member_chooses_the_language_of_the_account_or_none() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    assert!(ana.get("/me/language").await.body.contains("value=\"\" checked"));
    assert_eq!(ana.post("/me/language", &[("language", "it")]).await.location(), "/me/language");
    let page = ana.get("/me/language").await.body;
    assert!(page.contains("<html lang=\"it\"") && page.contains("value=\"it\" checked"));
    // A browser that asks for another language gets the account's as soon as somebody is signed in.
    let mut elsewhere = app.browser();
    elsewhere.authenticator = ana.authenticator.clone();
    elsewhere.sign_in().await.json_ok();
    assert!(elsewhere.get("/me/security").await.body.contains("<html lang=\"it\""));
    assert!(elsewhere.get("/me/nothing").await.body.contains("<html"), "a problem is a page too");
    ana.post("/me/language", &[("language", "")]).await;
    assert!(ana.get("/me/language").await.body.contains("value=\"\" checked"));
    let mut nobody = app.browser();
    let away = nobody.get("/me/language").await;
    assert_eq!((away.status, away.headers.contains_key(header::LOCATION)), (StatusCode::SEE_OTHER, true));
}
