use fido::attestation_object::AttestationObject;
use fido::authenticator_data::{AuthenticatorData, Flags};
use fido::client_data::CollectedClientData;
use fido::credential::Attachment;
use fido::options::UserVerification;
use fido::response::{AuthenticationResponse, RegistrationResponse};
use primitives::cose::PublicKey;
use primitives::digest;
use primitives::encoding::base64url;
use primitives::entropy::SystemEntropy;
use serde_json::{Value, json};

use super::{Client, ClientError, create, get, get_text, scope};
use crate::attestation::{Attestation, Authority};
use crate::{Authenticator, Person, Settings};

const ORIGIN: &str = "https://login.example.org";

fn creation() -> Value {
    json!({
        "rp": {"id": "example.org", "name": "Example"},
        "user": {"id": base64url(b"user 1"), "name": "ada", "displayName": "Ada"},
        "challenge": base64url(&[1; 32]),
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 300_000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required"
        },
        "attestation": "direct",
        "extensions": {"credProps": true},
    })
}

fn request() -> Value {
    json!({"challenge": base64url(&[2; 32]), "rpId": "example.org", "userVerification": "required"})
}

/// `options` with the value at the JSON pointer replaced.
fn with(mut options: Value, pointer: &str, value: Value) -> Value {
    *options.pointer_mut(pointer).unwrap() = value;
    options
}

fn register(authenticator: &mut Authenticator) -> RegistrationResponse {
    let response = create(authenticator, ORIGIN, &creation(), &mut SystemEntropy).unwrap();
    RegistrationResponse::parse(&response.to_string()).unwrap()
}

fn flags_of(response: &Value) -> Flags {
    let response = RegistrationResponse::parse(&response.to_string()).unwrap();
    let object = AttestationObject::parse(&response.attestation_object).unwrap();
    AuthenticatorData::parse(object.authenticator_data).unwrap().flags
}

#[test]
fn what_it_registers_it_signs_in_with() {
    let mut authenticator = Authenticator::new(Settings::synced());
    let registered = register(&mut authenticator);
    let client_data = CollectedClientData::parse(&registered.client_data_json).unwrap();
    let expected = CollectedClientData {
        kind: "webauthn.create".to_owned(),
        challenge: base64url(&[1; 32]),
        origin: ORIGIN.to_owned(),
        cross_origin: false,
        top_origin: None,
    };
    assert_eq!(client_data, expected);
    assert_eq!(registered.attachment, Some(Attachment::Platform));
    assert_eq!(registered.transports, ["hybrid", "internal"]);
    assert_eq!(registered.client_extensions.discoverable, Some(true));
    let object = AttestationObject::parse(&registered.attestation_object).unwrap();
    let data = AuthenticatorData::parse(object.authenticator_data).unwrap();
    let attested = data.attested_credential.unwrap();
    assert_eq!(attested.credential_id, registered.credential_id);
    let key = PublicKey::parse(attested.public_key).unwrap();

    let as_tree = get(&mut authenticator, ORIGIN, &request()).unwrap().to_string();
    let as_text = get_text(&mut authenticator, ORIGIN, &request().to_string()).unwrap();
    for text in [as_tree, as_text] {
        let response = AuthenticationResponse::parse(&text).unwrap();
        assert_eq!(response.credential_id, registered.credential_id);
        assert_eq!(response.user_handle.as_deref(), Some(b"user 1".as_slice()));
        assert_eq!(response.attachment, Some(Attachment::Platform));
        let client_data = CollectedClientData::parse(&response.client_data_json).unwrap();
        let (kind, challenge) = ("webauthn.get".to_owned(), base64url(&[2; 32]));
        assert_eq!(client_data, CollectedClientData { kind, challenge, ..expected.clone() });
        let hash = digest::sha256(&response.client_data_json);
        let message = [response.authenticator_data.as_slice(), &hash].concat();
        assert_eq!(key.verify(&message, &response.signature), Ok(()));
    }
}

#[test]
fn the_response_has_the_members_that_browsers_give() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let response = create(&mut authenticator, ORIGIN, &creation(), &mut SystemEntropy).unwrap();
    assert_eq!(response["id"], response["rawId"]);
    assert_eq!(response["response"]["publicKeyAlgorithm"], -7);
    let bare = with(creation(), "/extensions", json!({}));
    let bare = create(&mut authenticator, ORIGIN, &bare, &mut SystemEntropy).unwrap();
    assert_eq!(bare["clientExtensionResults"], json!({}));
}

#[test]
fn attestation_is_passed_on_only_if_asked_for() {
    let authority = Authority::from_seed([1; 32]);
    let kinds =
        [Settings::security_key().attestation, Settings::security_key().attested_by(&authority).attestation];
    for (attestation, direct) in
        kinds.into_iter().chain([Attestation::SelfSigned]).zip(["none", "packed", "packed"])
    {
        let mut authenticator = Authenticator::new(Settings { attestation, ..Settings::security_key() });
        for (conveyance, expected) in [("direct", direct), ("none", "none")] {
            let options = with(creation(), "/attestation", conveyance.into());
            let response = create(&mut authenticator, ORIGIN, &options, &mut SystemEntropy).unwrap();
            let response = RegistrationResponse::parse(&response.to_string()).unwrap();
            let object = AttestationObject::parse(&response.attestation_object).unwrap();
            assert_eq!(object.format, expected);
            let data = AuthenticatorData::parse(object.authenticator_data).unwrap();
            assert_eq!(data.attested_credential.unwrap().aaguid, authenticator.settings.aaguid);
        }
    }
}

#[test]
fn an_excluded_credential_is_an_invalid_state() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let id = base64url(&register(&mut authenticator).credential_id);
    let exclude = json!([{"type": "public-key", "id": id}]);
    let options = with(creation(), "/excludeCredentials", exclude);
    let refused = create(&mut authenticator, ORIGIN, &options, &mut SystemEntropy);
    assert_eq!(refused, Err(ClientError::InvalidState));
    assert_eq!(ClientError::InvalidState.name(), "InvalidStateError");
}

#[test]
fn a_page_cannot_tell_a_missing_credential_from_a_person_who_cancels() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let nothing = get(&mut authenticator, ORIGIN, &request());
    register(&mut authenticator);
    authenticator.person = Person::absent();
    let cancelled = get(&mut authenticator, ORIGIN, &request());
    authenticator.person = Person::unverified();
    let unverified = get(&mut authenticator, ORIGIN, &request());
    let refused = Err(ClientError::NotAllowed);
    assert_eq!((&nothing, &cancelled, &unverified), (&refused, &refused, &refused));
    assert_eq!(create(&mut authenticator, ORIGIN, &creation(), &mut SystemEntropy), refused);
}

#[test]
fn verification_follows_the_demand_and_what_the_person_can() {
    let rows = [
        ("required", Person::default(), Some(true)),
        ("required", Person::unverified(), None),
        ("preferred", Person::default(), Some(true)),
        ("preferred", Person::unverified(), Some(false)),
        ("discouraged", Person::default(), Some(false)),
    ];
    for (demand, person, expected) in rows {
        let mut authenticator = Authenticator::new(Settings::platform());
        authenticator.person = person;
        let options = with(creation(), "/authenticatorSelection/userVerification", demand.into());
        let created = create(&mut authenticator, ORIGIN, &options, &mut SystemEntropy);
        assert_eq!(created.ok().map(|response| flags_of(&response).user_verified()), expected, "{demand}");
    }
}

#[test]
fn a_dishonest_client_gets_an_answer_without_verification() {
    let mut authenticator = Authenticator::new(Settings::platform());
    register(&mut authenticator);
    let client = Client { user_verification: Some(UserVerification::Discouraged), ..Client::new(ORIGIN) };
    let text = client.get_text(&mut authenticator, &request().to_string()).unwrap();
    let response = AuthenticationResponse::parse(&text).unwrap();
    let flags = AuthenticatorData::parse(&response.authenticator_data).unwrap().flags;
    assert!(flags.user_present() && !flags.user_verified());
}

#[test]
fn a_framed_page_says_so() {
    let mut authenticator = Authenticator::new(Settings::platform());
    register(&mut authenticator);
    let framed = Client {
        cross_origin: true,
        top_origin: Some("https://portal.example".to_owned()),
        ..Client::new(ORIGIN)
    };
    let told = |client: &Client, authenticator: &mut Authenticator| {
        let text = client.get_text(authenticator, &request().to_string()).unwrap();
        let json = AuthenticationResponse::parse(&text).unwrap().client_data_json;
        let client_data = CollectedClientData::parse(&json).unwrap();
        (client_data.cross_origin, client_data.top_origin)
    };
    assert_eq!(told(&framed, &mut authenticator), (true, framed.top_origin.clone()));
    let top = Client { cross_origin: false, ..framed };
    assert_eq!(told(&top, &mut authenticator), (false, None));
}

#[test]
fn conditional_creation_asks_nobody() {
    let client = Client { conditional: true, ..Client::new(ORIGIN) };
    let mut authenticator = Authenticator::new(Settings::synced());
    authenticator.person = Person::absent();
    let wished = with(creation(), "/authenticatorSelection/userVerification", "preferred".into());
    let response = client.create(&mut authenticator, &wished, &mut SystemEntropy).unwrap();
    assert!(!flags_of(&response).user_present() && !flags_of(&response).user_verified());
    let demanded = client.create(&mut authenticator, &creation(), &mut SystemEntropy);
    assert_eq!(demanded, Err(ClientError::Constraint));
}

#[test]
fn a_phishing_page_gets_nothing() {
    let mut authenticator = Authenticator::new(Settings::platform());
    register(&mut authenticator);
    let origin = "https://example.org.evil.example";
    assert_eq!(get(&mut authenticator, origin, &request()), Err(ClientError::Security));
    let created = create(&mut authenticator, origin, &creation(), &mut SystemEntropy);
    assert_eq!(created, Err(ClientError::Security));
    // Under a name of its own the page is on its own.
    let own = with(request(), "/rpId", "evil.example".into());
    assert_eq!(get(&mut authenticator, origin, &own), Err(ClientError::NotAllowed));
    let related = Client { related: true, ..Client::new(origin) };
    assert!(related.get(&mut authenticator, &request()).is_ok());
}

#[test]
fn options_that_cannot_be_had_are_refused() {
    let rows = [
        ("/pubKeyCredParams", json!([{"type": "public-key", "alg": -257}]), ClientError::NotSupported),
        ("/authenticatorSelection/authenticatorAttachment", json!("cross-platform"), ClientError::NotAllowed),
        ("/user/id", json!(""), ClientError::Type),
        ("/user/id", json!(base64url(&[1; 65])), ClientError::Type),
        ("/challenge", json!("not base64url!"), ClientError::Type),
        ("/extensions", json!({"credentialProtectionPolicy": "always"}), ClientError::Type),
    ];
    for (pointer, value, expected) in rows {
        let mut options = creation();
        options["authenticatorSelection"]["authenticatorAttachment"] = json!("platform");
        let options = with(options, pointer, value);
        let mut authenticator = Authenticator::new(Settings::platform());
        let refused = create(&mut authenticator, ORIGIN, &options, &mut SystemEntropy);
        assert_eq!(refused, Err(expected), "{pointer}");
        assert!(authenticator.vault.all().is_empty());
    }
    let mut authenticator = Authenticator::new(Settings::platform());
    assert_eq!(get_text(&mut authenticator, ORIGIN, "{"), Err(ClientError::Type));
    assert_eq!(get(&mut authenticator, ORIGIN, &json!({})), Err(ClientError::Type));
}

#[test]
fn an_rp_id_is_the_host_or_above_it() {
    let allowed = [
        ("https://example.org", "example.org"),
        ("https://login.example.org:8443", "example.org"),
        ("https://login.example.org", "login.example.org"),
        ("http://localhost:8080", "localhost"),
        ("http://app.localhost", "localhost"),
    ];
    for (origin, rp_id) in allowed {
        assert!(scope::may_use(origin, rp_id), "{origin} {rp_id}");
    }
    let refused = [
        ("http://example.org", "example.org"),
        ("https://example.org", "login.example.org"),
        ("https://badexample.org", "example.org"),
        ("https://example.org", "org"),
        ("https://example.org", ""),
        ("https://127.0.0.1", "127.0.0.1"),
        ("https://[::1]", "[::1]"),
        ("android:apk-key-hash:abc", "example.org"),
        ("null", "null"),
    ];
    for (origin, rp_id) in refused {
        assert!(!scope::may_use(origin, rp_id), "{origin} {rp_id}");
    }
}
