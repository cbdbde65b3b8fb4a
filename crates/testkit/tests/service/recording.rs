//! What a rule of WebAuthn refuses is kept as a case for `keyward explain`, without secrets and within a bound.

use account::action::Action;
use account::passkey::PasskeyStatus;
use account::role::Role;
use authenticator::Settings;
use authenticator::client::Client;
use primitives::encoding::base64url;
use primitives::time::Span;
use serde_json::{Value, json};
use service::{Authority, administer_users, housekeeping, manage_passkeys, register_passkey, sign_in};
use store::passkeys;
use store::refused_ceremonies::{self as refused, Kind, RefusedCeremony};
use testkit::deployment::{ORIGIN, RP_ID};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

/// Everything that was recorded, newest first.
async fn recorded(test: &TestContext) -> Vec<RefusedCeremony> {
    test.cx.db.read(|tx| refused::newest(tx, 5_000)).await.unwrap()
}

/// The newest and its case, after it was held against what `explain` makes of it.
async fn newest(test: &TestContext) -> (RefusedCeremony, Value) {
    let newest = recorded(test).await.remove(0);
    let explained = webauthn::explain::case(&newest.case_json, test.now());
    assert_eq!(explained.reason, newest.reason, "{}", newest.case_json);
    let case = serde_json::from_str(&newest.case_json).unwrap();
    (newest, case)
}

async fn on_both(check: impl AsyncFn(TestContext)) {
    check(TestContext::sqlite().await).await;
    if let Some(test) = TestContext::postgres().await {
        check(test).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_sign_in_under_the_reference_of_its_event() {
    on_both(async |test| {
        let mut ana = Visitor::new(&test, "laptop");
        let user = ana.onboard(ANA, Role::User).await;
        let passkey = ana.passkeys().await.remove(0);
        let started = ana.begin_sign_in();
        let response = ana.get_unverified(&started.options);
        // Spacing that no serialiser of ours would make shows that it is the browser's own text.
        let sent = response.replacen(':', " :  ", 1);
        let mut caller = ana.caller();
        caller.reference = "7F3K-22QX".to_owned();
        sign_in::finish(&test.cx, &mut caller, &started.state, &sent).await.unwrap_err();
        let (row, case) = newest(&test).await;
        assert_eq!((row.reference.as_str(), row.kind), ("7F3K-22QX", Kind::Authentication));
        assert_eq!((row.reason.as_str(), row.at), ("user_verified", test.now()));
        assert!(row.case_json.ends_with(&format!(r#","response":{sent}}}"#)), "{}", row.case_json);
        let expected = json!({
            "id": "7F3K-22QX",
            "kind": "authentication",
            "rp": {
                "rpId": RP_ID, "origins": [ORIGIN], "allowCrossOrigin": false, "topOrigins": [],
                "now": test.now().to_string(),
            },
            "options": {
                "challenge": started.options["challenge"], "userVerification": "required", "mediation": null,
                "allowCredentials": [],
            },
            "stored": {
                "credentialId": base64url(&passkey.credential_id), "publicKey": base64url(&passkey.public_key),
                "signCount": 0, "backupEligible": false, "userHandle": base64url(&user.handle),
            },
            "response": serde_json::from_str::<Value>(&sent).unwrap(),
        });
        assert_eq!(case, expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_registration() {
    on_both(async |test| {
        let user = test.add_user(ANA, Role::User).await;
        let pass = test.issue_once(&user).await;
        let mut ana = Visitor::new(&test, "laptop");
        ana.redeem(ANA, &pass).await.unwrap();
        let started = ana.begin_registration().await.unwrap();
        let client = Client { related: true, ..Client::new("https://elsewhere.example") };
        let mut entropy = test.caller("x").entropy;
        let elsewhere =
            client.create(&mut ana.authenticator, &started.options, entropy.as_mut()).unwrap().to_string();
        let error = ana.finish_registration(&started.state, &elsewhere).await.unwrap_err();
        assert_eq!(error.cause(), "origin");
        let (row, case) = newest(&test).await;
        assert_eq!((row.kind, row.reason.as_str()), (Kind::Registration, "origin"));
        let expected = json!({
            "challenge": started.options["challenge"], "userVerification": "required", "mediation": null,
            "pubKeyCredParams": [-7, -8, -257], "attestation": "none", "requireTrustedAttestation": false,
            "alreadyRegisteredCredentialIds": [],
        });
        assert_eq!((&case["options"], case.get("stored")), (&expected, None));
        assert_eq!(case["response"].to_string(), elsewhere);
    })
    .await;
}

/// Each rule that another person's or another ceremony's data break.
#[tokio::test]
async fn the_case_has_the_reason_of_the_refusal() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop").with(Settings::security_key());
    ana.onboard(ANA, Role::User).await;
    let first = ana.passkeys().await.remove(0);
    let started = ana.begin_sign_in();
    let (answer, good) = (ana.get(&started.options), ana.begin_sign_in());
    for (response, reason) in [
        ("{}".to_owned(), "malformed"),
        (answer.replacen('{', r#"{"type":"public-key","#, 1), "malformed"),
        (answer.clone(), "challenge"),
        (ana.get(&good.options).replacen(r#""userHandle":""#, r#""userHandle":"AAAA"#, 1), "user_handle"),
        (ana.get(&good.options).replacen(r#""signature":"M"#, r#""signature":"N"#, 1), "signature"),
        (format!("{answer}]"), "malformed"),
        (format!(r#"{{"a":{}{}}}"#, "[".repeat(20), "]".repeat(20)), "resource_limit"),
        ("not JSON".to_owned(), "malformed"),
    ] {
        let error = ana.finish_sign_in(&good.state, &response).await.unwrap_err();
        assert_eq!(error.cause(), reason, "{response}");
        assert_eq!(newest(&test).await.0.reason, reason, "{response}");
        test.advance(Span::from_millis(1));
    }
    let text = newest(&test).await.1;
    assert_eq!(text["response"], "not JSON");

    // A counter that stood still.
    ana.sign_in().await.unwrap();
    ana.authenticator.vault.get_mut(&first.credential_id).unwrap().sign_count -= 1;
    let stored = ana.passkeys().await.remove(0).sign_count;
    assert_eq!(ana.sign_in().await.unwrap_err().cause(), "sign_count");
    let (row, case) = newest(&test).await;
    assert_eq!((row.reason.as_str(), &case["stored"]["signCount"]), ("sign_count", &json!(stored)));

    // The rule of the specification behind what people are told in other words.
    test.advance(Span::from_secs(1));
    let (second, _) = ana.add_another(Settings::platform()).await;
    let who = ana.who().await;
    let started = manage_passkeys::try_begin(&test.cx, &mut ana.caller(), &who, first.id).await.unwrap();
    let mut options = started.options.clone();
    options["allowCredentials"] = json!([]);
    let response = ana.get(&options);
    let finish = manage_passkeys::try_finish;
    let error = finish(&test.cx, &mut ana.caller(), &who, &started.state, &response).await.unwrap_err();
    assert_eq!(error.cause(), "other_passkey");
    let (row, case) = newest(&test).await;
    assert_eq!(row.reason, "credential_not_allowed");
    assert_eq!(case["options"]["allowCredentials"], json!([base64url(&first.credential_id)]));
    test.advance(Span::from_secs(1));
    let mut operator = test.operator();
    let user = second.user;
    administer_users::remove_passkey(&test.cx, &mut operator, Authority::Operator, user, second.id)
        .await
        .unwrap();
    assert_eq!(ana.sign_in().await.unwrap_err().cause(), "unknown_credential");
    let (row, case) = newest(&test).await;
    assert_eq!((row.reason.as_str(), case.get("stored")), ("unknown_credential", None));
}

#[tokio::test]
async fn somebody_elses_credential() {
    let test = TestContext::sqlite().await;
    let (mut ana, mut eve) = (Visitor::new(&test, "laptop"), Visitor::new(&test, "eve"));
    ana.onboard(ANA, Role::User).await;
    let hers = ana.passkeys().await.remove(0);
    eve.onboard("eve@example.com", Role::User).await;
    let own = eve.passkeys().await.remove(0);
    let who = eve.who().await;
    let started = manage_passkeys::try_begin(&test.cx, &mut eve.caller(), &who, own.id).await.unwrap();
    let mut options = started.options.clone();
    options["allowCredentials"] = json!([]);
    let response = ana.get(&options);
    let finish = manage_passkeys::try_finish;
    let error = finish(&test.cx, &mut eve.caller(), &who, &started.state, &response).await.unwrap_err();
    assert_eq!(error.cause(), "wrong_account");
    let (row, case) = newest(&test).await;
    assert_eq!(row.reason, "credential_not_allowed");
    assert_eq!(case["stored"]["credentialId"], base64url(&hers.credential_id));

    test.advance(Span::from_secs(1));
    eve.confirm(Action::AddPasskey).await.unwrap();
    let registration = eve.begin_registration().await.unwrap();
    eve.authenticator = authenticator::Authenticator::new(Settings::platform());
    let response = eve.create(&registration);
    let mut taken = hers.clone();
    taken.id = primitives::id::Id::new(test.now(), test.caller("x").entropy.as_mut());
    let id: Value = serde_json::from_str(&response).unwrap();
    taken.credential_id = primitives::encoding::from_base64url(id["rawId"].as_str().unwrap()).unwrap();
    let inserted = taken.clone();
    assert!(test.cx.db.write(move |tx| passkeys::insert(tx, &inserted)).await.unwrap());
    let error = eve.finish_registration(&registration.state, &response).await.unwrap_err();
    assert_eq!(error.code(), "duplicate");
    let (row, case) = newest(&test).await;
    assert_eq!(row.reason, "already_registered");
    assert_eq!(case["options"]["alreadyRegisteredCredentialIds"], json!([base64url(&taken.credential_id)]));
}

#[tokio::test]
async fn what_no_rule_refused_is_not_recorded() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let mut causes = Vec::new();
    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    causes.push(ana.finish_sign_in("AAAA", &response).await.unwrap_err().cause());
    ana.finish_sign_in(&started.state, &response).await.unwrap();
    causes.push(ana.finish_sign_in(&started.state, &response).await.unwrap_err().cause());
    let started = ana.begin_sign_in();
    let response = ana.get(&started.options);
    test.advance(Span::from_minutes(5));
    causes.push(ana.finish_sign_in(&started.state, &response).await.unwrap_err().cause());
    ana.confirm(Action::AddPasskey).await.unwrap();
    let registration = ana.begin_registration().await.unwrap();
    ana.authenticator = authenticator::Authenticator::new(Settings::platform());
    let created = ana.create(&registration);
    test.advance(Span::from_minutes(5));
    causes.push(ana.finish_registration(&registration.state, &created).await.unwrap_err().cause());
    let who = ana.who().await;
    let name = |_: [u8; 16]| "Passkey".to_owned();
    let finish = register_passkey::finish;
    let sealed = finish(&test.cx, &mut ana.caller(), &who, "AAAA", &created, name).await;
    causes.push(sealed.unwrap_err().cause());
    ana.authenticator = authenticator::Authenticator::new(Settings::platform());

    let mut bob = Visitor::new(&test, "desk");
    let other = bob.onboard("bob@example.com", Role::User).await;
    let his = bob.passkeys().await.remove(0);
    let disabled = test.cx.db.write(move |tx| -> Result<bool, store::StoreError> {
        let his = passkeys::by_id(tx, other.id, his.id)?.unwrap();
        passkeys::set_status(tx, &his, PasskeyStatus::Disabled)
    });
    assert!(disabled.await.unwrap());
    causes.push(bob.sign_in().await.unwrap_err().cause());
    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, other.id).await.unwrap();
    causes.push(bob.sign_in().await.unwrap_err().cause());
    let expected = [
        "state_seal",
        "challenge_used",
        "challenge_expired",
        "challenge_expired",
        "state_seal",
        "disabled_credential",
        "disabled_user",
    ];
    assert_eq!(causes, expected);
    assert_eq!(recorded(&test).await, []);
}

#[tokio::test]
async fn secrets_of_extensions_are_left_out() {
    const CANARY: &str = "Y2FuYXJ5";
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let started = ana.begin_sign_in();
    let plain: Value = serde_json::from_str(&ana.get_unverified(&started.options)).unwrap();
    let with = |results: &str| {
        let mut response = plain.clone();
        response["clientExtensionResults"] = serde_json::from_str(results).unwrap();
        response.to_string()
    };
    let sent = with(
        r#"{"prf":{"enabled":true,"results":{"first":"Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2E"}},"largeBlob":{"blob":"Y2FuYXJ5","written":true},
            "credProps":{"rk":true}}"#,
    );
    ana.finish_sign_in(&started.state, &sent).await.unwrap_err();
    let (row, case) = newest(&test).await;
    assert!(sent.contains(CANARY) && !row.case_json.contains(CANARY), "{}", row.case_json);
    let kept =
        json!({ "credProps": { "rk": true }, "largeBlob": { "written": true }, "prf": { "enabled": true } });
    assert_eq!(case["response"]["clientExtensionResults"], kept);
    for member in ["id", "rawId", "type", "response", "authenticatorAttachment"] {
        assert_eq!(case["response"][member].to_string(), plain[member].to_string());
    }

    // Cut off with what follows where the text is no JSON.
    test.advance(Span::from_secs(1));
    ana.finish_sign_in(&started.state, &format!("{sent}]")).await.unwrap_err();
    let (row, case) = newest(&test).await;
    assert!(!row.case_json.contains(CANARY) && case["response"].is_string(), "{}", row.case_json);

    // Not recorded where it could be what made the response unreadable.
    let count = recorded(&test).await.len();
    let broken = sent.replacen(r#""rk":true"#, r#""rk":"yes""#, 1);
    assert_eq!(ana.finish_sign_in(&started.state, &broken).await.unwrap_err().cause(), "extension");
    assert_eq!(recorded(&test).await.len(), count);
    let broken = with(r#"{"credProps":{"rk":"yes"}}"#);
    assert_eq!(ana.finish_sign_in(&started.state, &broken).await.unwrap_err().cause(), "extension");
    assert_eq!(recorded(&test).await.len(), count + 1);
}

#[tokio::test]
async fn a_flood_stays_bounded() {
    let test = TestContext::sqlite().await;
    let ana = Visitor::new(&test, "laptop");
    let started = ana.begin_sign_in();
    for _ in 0..300 {
        sign_in::finish(&test.cx, &mut ana.caller(), &started.state, "{}").await.unwrap_err();
    }
    assert_eq!(test.count_events("sign_in_refused").await, 120);
    assert_eq!(recorded(&test).await.len(), 120);
    test.advance(Span::from_minutes(1));
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(refused::LARGEST));
    let too_large = sign_in::finish(&test.cx, &mut ana.caller(), &started.state, &large).await.unwrap_err();
    assert_eq!((too_large.cause(), test.count_events("sign_in_refused").await), ("resource_limit", 121));
    assert_eq!(recorded(&test).await.len(), 120, "the event stands, the case is too large");
    test.advance(refused::KEPT);
    assert_eq!(housekeeping::sweep(&test.cx).await.unwrap().refused_ceremonies, 120);
    assert_eq!(recorded(&test).await, []);
}
