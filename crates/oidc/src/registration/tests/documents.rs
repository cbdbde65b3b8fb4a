//! Client ID metadata documents.

use super::*;

const URL: &str = "https://app.example.com/oauth/client.json";

fn document() -> Value {
    json!({
        "client_id": URL,
        "client_name": "Editor",
        "client_uri": "https://app.example.com/",
        "redirect_uris": ["http://127.0.0.1/callback", "https://app.example.com/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    })
}

fn found(document: &Value) -> Result<Registration, (&'static str, &'static str)> {
    let id = ClientId::parse(URL).unwrap();
    read_document(document, &id, &Defaults::default()).map_err(|refusal| (refusal.field, refusal.code()))
}

#[test]
fn a_document_is_a_public_client_unless_it_signs() {
    let registration = found(&document()).unwrap();
    assert_eq!((registration.client.id.as_str(), registration.name.as_deref()), (URL, Some("Editor")));
    assert!(registration.client.is_public());
    let silent = found(&forge::with(&document(), "token_endpoint_auth_method", Value::Null)).unwrap();
    assert!(silent.client.is_public(), "the usual default would be a secret");
    let signing = forge::with(&document(), "token_endpoint_auth_method", "private_key_jwt".into());
    let signing = forge::with(&signing, "jwks", json!({ "keys": [key()] }));
    assert_eq!(found(&signing).unwrap().client.authentication, Authentication::PrivateKeyJwt);
}

#[test]
fn a_document_is_about_its_own_address_and_keeps_no_secrets() {
    for (name, value, code) in [
        ("client_id", Value::Null, "metadata_value"),
        ("client_id", "https://app.example.com/oauth/other.json".into(), "metadata_value"),
        ("client_id", json!([URL]), "metadata_value"),
        ("client_secret", "x".into(), "metadata_not_yours"),
        ("client_secret_expires_at", 0.into(), "metadata_not_yours"),
        ("token_endpoint_auth_method", "client_secret_basic".into(), "metadata_value"),
        ("token_endpoint_auth_method", "client_secret_post".into(), "metadata_value"),
        ("redirect_uris", Value::Null, "metadata_missing"),
        ("grant_types", json!(["authorization_code", "client_credentials"]), "metadata_value"),
        ("grant_types", json!(["urn:ietf:params:oauth:grant-type:device_code"]), "metadata_value"),
    ] {
        assert_eq!(found(&forge::with(&document(), name, value)).unwrap_err(), (name, code));
    }
    assert_eq!(found(&json!([])).unwrap_err().1, "metadata_not_an_object");
}

#[test]
fn only_addresses_of_the_web_with_a_path_name_documents() {
    for (id, expected) in [
        (URL, true),
        ("https://app.example.com/c", true),
        ("https://app.example.com:8443/c", true),
        ("https://app.example.com/c?v=1", true),
        ("https://app.example.com", false),
        ("https://app.example.com/", false),
        ("http://app.example.com/c", false),
        ("https://app.example.com/c#x", false),
        ("https://user@app.example.com/c", false),
        ("https://app.example.com/../c", false),
        ("https://app.example.com/./c", false),
        ("https://localhost/c", false),
        ("https://127.0.0.1/c", false),
        ("https://10.0.0.1/c", false),
        ("https://169.254.169.254/latest", false),
        ("https://[fd00::1]/c", false),
        ("https://2130706433/c", false),
        ("payroll-1", false),
        ("com.example.app:/c", false),
    ] {
        assert_eq!(is_document_id(&ClientId::parse(id).unwrap()), expected, "{id}");
    }
}
