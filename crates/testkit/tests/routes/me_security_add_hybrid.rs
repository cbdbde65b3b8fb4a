//! W-5c: the browser talks to the phone by itself (the hybrid transport); what is known of the passkey afterwards.

use account::passkey::{Attachment, Passkey, Place};
use authenticator::Settings;
use fido::credential::Attachment as Reached;
use serde_json::{Value, json};
use store::passkeys;
use testkit::TestApp;
use testkit::app::Browser;

const ANA: &str = "ana@example.com";

/// A phone that says nothing of its model.
fn phone() -> Settings {
    Settings {
        aaguid: [0; 16],
        attachment: Reached::CrossPlatform,
        transports: vec!["hybrid".to_owned(), "internal".to_owned()],
        ..Settings::platform()
    }
}

/// Somebody at W-5c, with an authenticator in the browser's reach.
async fn at_the_wizard(app: &TestApp, settings: Settings) -> (account::user::User, Browser) {
    let (user, pass) = app.starter(ANA).await;
    let mut ana = app.browser().with(settings);
    ana.redeem(ANA, pass.reveal()).await;
    (user, ana)
}

/// Registers what the authenticator makes of the options, as `change` leaves them; gives the page that follows.
async fn registered(ana: &mut Browser, change: impl FnOnce(&mut Value)) -> String {
    let begun = ana.post_json("/me/security/add/begin", &json!({ "place": "phone-browser" })).await.json_ok();
    assert_eq!(begun["options"]["hints"], json!(["hybrid"]));
    let mut options = begun["options"].clone();
    change(&mut options);
    let sent = json!({ "state": begun["state"], "response": ana.create(&options) });
    let done = ana.post_json("/me/security/add/finish", &sent).await.json_ok();
    let page = ana.get(done["next"].as_str().unwrap()).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body
}

async fn the_passkey(app: &TestApp, user: &account::user::User) -> Passkey {
    let id = user.id;
    app.test.cx.db.read(move |tx| passkeys::of_user(tx, id)).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn what_a_phone_made_across_the_room_is_named_so_and_asked_for_there() {
    let app = TestApp::sqlite().await;
    let (user, mut ana) = at_the_wizard(&app, phone()).await;
    let page = registered(&mut ana, |_| {}).await;
    assert!(!page.contains("saved on this computer, not on the phone"), "{page}");
    let passkey = the_passkey(&app, &user).await;
    assert_eq!((passkey.name.as_str(), passkey.place), ("Phone", Place::Phone));
    assert_eq!(passkey.attachment, Some(Attachment::CrossPlatform));
    assert_eq!(passkey.transports, ["hybrid", "internal"]);

    ana.sign_in().await.json_ok();
    let begin = json!({ "action": "add-passkey", "target": null });
    let begun = ana.post_json("/me/confirm/begin", &begin).await.json_ok();
    assert_eq!(begun["options"]["hints"], json!(["hybrid"]), "the browser shows its code at once");
    let named = &begun["options"]["allowCredentials"][0];
    assert_eq!(named["transports"], json!(["hybrid", "internal"]));
    // Whoever signs in is not known yet: any passkey will do, and nothing is hinted at.
    let begun = app.browser().post_json("/signin/begin", &json!({})).await.json_ok();
    assert_eq!(begun["options"].get("hints").cloned().unwrap_or(json!([])), json!([]));
    assert_eq!(begun["options"].get("allowCredentials").cloned().unwrap_or(json!([])), json!([]));
}

#[tokio::test]
async fn who_saved_it_on_the_computer_instead_is_told_so() {
    let app = TestApp::sqlite().await;
    let (user, mut ana) = at_the_wizard(&app, Settings { aaguid: [0; 16], ..Settings::platform() }).await;
    let page = registered(&mut ana, |options| {
        // A browser that lets the person choose something else all the same.
        options["authenticatorSelection"].as_object_mut().unwrap().remove("authenticatorAttachment");
    })
    .await;
    assert!(page.contains("saved on this computer, not on the phone"), "{page}");
    let passkey = the_passkey(&app, &user).await;
    assert_ne!(passkey.name, "Phone");
    assert_eq!(passkey.transports, ["internal"]);
    ana.sign_in().await.json_ok();
    let begun = ana.post_json("/me/confirm/begin", &json!({ "action": "add-passkey", "target": null })).await;
    let hints = begun.json_ok()["options"].get("hints").cloned().unwrap_or(json!([]));
    assert_eq!(hints, json!([]), "it is here");
}
