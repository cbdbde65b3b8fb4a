//! A passkey for somebody else through both faces, and Graph's shapes.

use account::api_key::Scope;
use account::passkey::Binding;
use account::role::Role;
use authenticator::Settings;
use primitives::time::Span;
use serde_json::{Value, json};
use service::administer_users;
use testkit::app::{Browser, TestApp};

use crate::api::{call, own_key, program, somebody};

const PROVISION: &[Scope] = &[Scope::PasskeysProvision, Scope::UsersRead, Scope::PassesIssue];

/// What Graph's scripts send of what a security key made.
fn as_graph(made: &Value) -> Value {
    json!({
        "displayName": "Red key",
        "publicKeyCredential": {
            "id": made["id"],
            "response": {
                "clientDataJSON": made["response"]["clientDataJSON"],
                "attestationObject": made["response"]["attestationObject"],
            },
            "clientExtensionResults": {},
        },
        "keyStrength": "normal",
    })
}

fn security_key(app: &TestApp) -> Browser {
    app.browser().with(Settings::security_key())
}

#[tokio::test]
async fn a_security_key_is_registered_for_somebody_through_both_faces() {
    let app = TestApp::sqlite().await;
    let ana = app.user("ana@example.com").await;
    let (_, mut admin) = somebody(&app, "admin@example.com", Role::AuthenticationAdministrator).await;
    let mut own = own_key(&app, &mut admin, PROVISION).await;

    let mut first = security_key(&app);
    let path = format!("/api/v1/users/{}/passkeys", ana.id);
    let options = call(&mut own, "GET", &format!("{path}/options"), None).await;
    assert_eq!(options.status, 200, "{}", options.body);
    let options = options.json();
    assert_eq!(options["publicKey"]["attestation"], "direct");
    let made = first.create(&options["publicKey"]);
    let body = json!({ "name": "Blue key", "credential": made });
    let registered = call(&mut own, "POST", &path, Some(&body)).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    assert_eq!(registered.json()["binding"], "provisioned");
    // Sent again because the answer was lost: the same passkey.
    let again = call(&mut own, "POST", &path, Some(&body)).await;
    assert_eq!(again.json()["id"], registered.json()["id"]);

    let mut second = security_key(&app);
    let path = "/graph/v1.0/users/ana@example.com/authentication/fido2Methods";
    let asked = format!("{path}/creationOptions?challengeTimeoutInMinutes=60");
    let options = call(&mut own, "GET", &asked, None).await.json();
    assert_eq!(options["@odata.type"], "#microsoft.graph.webauthnCredentialCreationOptions");
    let made = second.create(&options["publicKey"]);
    app.advance(Span::from_minutes(50));
    let answer = call(&mut own, "POST", path, Some(&as_graph(&made))).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let answer = answer.json();
    assert_eq!(answer["displayName"], "Red key");
    assert_eq!(answer["@keyward.ignored"], json!(["keyStrength"]));
    let listed = call(&mut own, "GET", path, None).await.json();
    assert_eq!(listed["value"].as_array().unwrap().len(), 2);
    assert_eq!(listed["value"][1]["attestationLevel"], "notAttested");

    // The owner signs in with it, phishing-resistant and no more.
    second.sign_in().await.json_ok();
    let shown = administer_users::show(&app.test.cx, "ana@example.com").await.unwrap();
    assert!(shown.passkeys.iter().all(|passkey| passkey.binding == Binding::Provisioned));
    assert!(shown.passkeys.iter().all(|passkey| !passkey.is_hardware_bound()));
}

#[tokio::test]
async fn what_the_organisation_certified_counts_for_somebody_else_as_long_as_its_device_does() {
    let app = TestApp::sqlite().await;
    let (cx, ana) = (&app.test.cx, app.user("ana@example.com").await);
    service::attest_devices::make(cx, &mut app.test.operator()).await.unwrap();
    let (_, mut admin) = somebody(&app, "admin@example.com", Role::AuthenticationAdministrator).await;
    let mut own = own_key(&app, &mut admin, PROVISION).await;
    let mut device = testkit::device::Device::new(1);
    {
        let eve = app.user("eve@example.com").await;
        let pass = app.test.issue(&eve).await;
        let mut program = crate::companion_api::Program::new(&app);
        let sent = json!({ "login": "eve@example.com", "pass": pass.reveal() });
        program.post("/api/enrolment/self/sign-in/pass", sent).await;
        let begun = program.post("/api/enrolment/self/begin", json!({})).await;
        let mut ask = device.asks(&begun["options"]);
        ask["state"] = begun["state"].clone();
        device.keep(&program.post("/api/enrolment/self/attestation", ask).await);
    }
    let id = service::attest_devices::devices(cx, None).await.unwrap()[0].device.id;
    let path = format!("/api/v1/users/{}/passkeys", ana.id);
    for trusted in [true, false] {
        let options = call(&mut own, "GET", &format!("{path}/options"), None).await.json();
        let aaguid = account::attested_device::SOFTWARE.0;
        let mut keyfob = app.browser().with(Settings { aaguid, ..Settings::security_key() });
        let made = device.attest(keyfob.create(&options["publicKey"]));
        let answer = call(&mut own, "POST", &path, Some(&json!({ "credential": made }))).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let shown = administer_users::show(cx, "ana@example.com").await.unwrap();
        let newest = shown.passkeys.iter().max_by_key(|passkey| passkey.id).unwrap();
        assert_eq!(newest.attestation_trusted, trusted);
        if trusted {
            let revoked = service::attest_devices::revoke(cx, &mut app.test.operator(), id).await.unwrap();
            assert_eq!(revoked.passkeys, 1, "it is taken back here, too");
        }
    }
}

#[tokio::test]
async fn what_was_begun_for_one_person_is_good_for_no_other_and_for_nobody_else() {
    let app = TestApp::sqlite().await;
    let (ana, eve) = (app.user("ana@example.com").await, app.user("eve@example.com").await);
    let (admin, mut page) = somebody(&app, "admin@example.com", Role::AuthenticationAdministrator).await;
    let (_, mut other_page) = somebody(&app, "other@example.com", Role::AuthenticationAdministrator).await;
    let boss = app.test.add_user("boss@example.com", Role::Administrator).await;
    let mut own = own_key(&app, &mut page, PROVISION).await;
    let mut other = own_key(&app, &mut other_page, PROVISION).await;
    let path = |id: &dyn std::fmt::Display| format!("/api/v1/users/{id}/passkeys");
    let mut key = security_key(&app);
    let options = call(&mut own, "GET", &format!("{}/options", path(&ana.id)), None).await.json();
    let body = json!({ "credential": key.create(&options["publicKey"]) });
    for (program, id) in [(&mut own, eve.id), (&mut other, ana.id)] {
        let refused = call(program, "POST", &path(&id), Some(&body)).await;
        assert_eq!(refused.json()["code"], "challenge_expired", "{}", refused.body);
    }
    for (id, code) in [(admin.id, "not_for_oneself"), (boss.id, "role_too_low")] {
        let options = call(&mut own, "GET", &format!("{}/options", path(&id)), None).await.json();
        let body = json!({ "credential": security_key(&app).create(&options["publicKey"]) });
        let refused = call(&mut own, "POST", &path(&id), Some(&body)).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!(code)));
    }
    // Too late, too short, too long.
    app.advance(Span::from_minutes(6));
    let late = call(&mut own, "POST", &path(&ana.id), Some(&body)).await;
    assert_eq!(late.json()["code"], "challenge_expired");
    for minutes in [0, 4, 43_201, 99_999] {
        let asked = format!("{}/options?minutes={minutes}", path(&ana.id));
        assert_eq!(call(&mut own, "GET", &asked, None).await.json()["code"], "challenge_lifetime");
    }
    // Whoever loses the role meanwhile registers nothing.
    let options = call(&mut own, "GET", &format!("{}/options", path(&ana.id)), None).await.json();
    let body = json!({ "credential": key.create(&options["publicKey"]) });
    let by = service::Authority::Operator;
    administer_users::set_role(&app.test.cx, &mut app.test.operator(), by, admin.id, Role::Reader)
        .await
        .unwrap();
    assert_eq!(call(&mut own, "POST", &path(&ana.id), Some(&body)).await.status, 403);
}

#[tokio::test]
async fn a_pass_in_the_shape_of_graph() {
    let app = TestApp::sqlite().await;
    app.user("ana@example.com").await;
    let (_, mut page) = somebody(&app, "help@example.com", Role::Helpdesk).await;
    let mut own = own_key(&app, &mut page, &[Scope::PassesIssue, Scope::UsersRead]).await;
    let path = "/graph/v1.0/users/ana@example.com/authentication/temporaryAccessPassMethods";
    let wanted = json!({ "lifetimeInMinutes": 60, "isUsableOnce": false });
    let issued = call(&mut own, "POST", path, Some(&wanted)).await;
    assert_eq!(issued.status, 201, "{}", issued.body);
    let issued = issued.json();
    let value = issued["temporaryAccessPass"].as_str().unwrap().to_owned();
    assert_eq!(issued["methodUsabilityReason"], "EnabledByPolicy");
    assert_eq!(issued["lifetimeInMinutes"], 60);
    let listed = call(&mut own, "GET", path, None).await.json();
    assert_eq!(listed["value"][0]["temporaryAccessPass"], Value::Null);
    assert_eq!(listed["value"][0]["id"], issued["id"]);
    assert_eq!(app.browser().redeem("ana@example.com", &value).await.status, 303);
    let one = format!("{path}/{}", issued["id"].as_str().unwrap());
    assert_eq!(call(&mut own, "DELETE", &one, None).await.status, 204);
    assert_eq!(call(&mut own, "GET", &one, None).await.status, 404);
    let refused = call(&mut own, "GET", &format!("{path}?$orderby=id"), None).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["error"]["innerError"]["code"], "query_option");
    let ignored = call(&mut own, "GET", &format!("{path}?$select=id"), None).await.json();
    assert_eq!(ignored["@keyward.ignored"], json!(["$select"]));
}

#[tokio::test]
async fn policies_are_read_in_the_shape_of_graph() {
    let app = TestApp::sqlite().await;
    let mut reader = program(&app, &[Scope::PolicyRead]).await;
    let policy = call(&mut reader, "GET", "/graph/v1.0/policies/authenticationMethodsPolicy", None).await;
    let policy = policy.json();
    assert_eq!(policy["authenticationMethodConfigurations"][0]["id"], "Fido2");
    let one = "/graph/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryaccesspass";
    assert_eq!(call(&mut reader, "GET", one, None).await.json()["defaultLifetimeInMinutes"], 60);
    let strengths = "/graph/v1.0/policies/authenticationStrengthPolicies";
    let listed = call(&mut reader, "GET", strengths, None).await.json();
    assert_eq!(listed["value"][2]["displayName"], "Phishing resistant MFA");
    let me = call(&mut reader, "GET", "/graph/v1.0/me/authentication/fido2Methods", None).await;
    assert_eq!(me.status, 403, "a scope first");
}
