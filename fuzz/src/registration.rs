//! What a program says of itself when it registers.

use oidc::client::{Client, ClientId};
use oidc::registration::{self, Defaults, Issued};
use primitives::time::Timestamp;
use serde_json::Value;

/// What is taken may be stored, comes back as it was told, and is the same as a document of its own.
pub fn registration(data: &[u8]) {
    let Ok(metadata) = serde_json::from_slice::<Value>(data) else { return };
    let defaults = Defaults::default();
    let Ok(id) = ClientId::parse("https://app.example/client") else { return };
    let _ = registration::read_document(&metadata, &id, &defaults);
    let Ok(registered) = registration::read(&metadata, id.clone(), &defaults) else { return };
    assert!(registered.client.clone().judged().is_ok(), "what is read may be stored");
    let kept = serde_json::to_string(&registered.client).unwrap_or_default();
    assert_eq!(serde_json::from_str::<Client>(&kept).ok().as_ref(), Some(&registered.client), "kept");
    let issued = Issued {
        at: Timestamp::EPOCH,
        secret: Some("secret"),
        secret_ends: None,
        access_token: None,
        client_uri: "https://id.example/oauth/register/app",
    };
    let mut told = registration::render(&registered, &issued);
    if let Some(members) = told.as_object_mut() {
        for name in ["registration_client_uri", "client_id_issued_at", "client_secret_expires_at"] {
            members.remove(name);
        }
    }
    let again = registration::read_update(&told, &id, &defaults, |secret| secret == "secret");
    assert_eq!(again.as_ref(), Ok(&registered), "told and read again");
}
