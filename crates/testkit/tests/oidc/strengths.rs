//! Evidence decides: what applications ask for, what they are told, and that nobody gets around it.

use account::action::Action;
use account::model::Aaguid;
use account::policy::{Combination, CustomStrength, ModelRule, Needed, Requirements};
use account::role::Role;
use account::strength::Strength;
use authenticator::Settings as Kind;
use primitives::digest;
use primitives::time::Span;
use service::authorize::{self, Declined, Step};
use service::manage_passkeys::Reason;
use store::clients::Stored;
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world::{self, App, ISSUER, code_of, said};

const ESSENTIAL_PHRH: &str = r#"{"id_token":{"acr":{"essential":true,"values":["phrh"]}}}"#;
const ESSENTIAL_PHR: &str = r#"{"id_token":{"acr":{"essential":true,"value":"phr"}}}"#;

async fn acr_and_amr(
    test: &TestContext,
    app: &App,
    at: &Visitor<'_>,
    other: &[(&str, &str)],
) -> (String, String) {
    let code = app.code(test, at, other).await;
    let tokens = app.exchange(test, &code).await.unwrap();
    let id = world::claims(test, tokens.id_token.as_deref().unwrap(), "JWT");
    (id["acr"].as_str().unwrap_or_default().to_owned(), id["amr"].to_string())
}

/// Somebody whose passkey policy takes for hardware: attested, of a model that metadata knows.
fn with_known_model(test: &TestContext) {
    test.cx.change_settings(|settings| {
        settings.policy.strengths.push(CustomStrength {
            name: "any-key".to_owned(),
            description: String::new(),
            combinations: vec![Combination::AnyPasskey],
            models: ModelRule::default(),
        });
    });
}

async fn the_first_wish_that_is_satisfied_is_told(test: TestContext) {
    with_known_model(&test);
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let told = |values: &'static str| {
        let (test, app, ana) = (&test, &app, &ana);
        async move { acr_and_amr(test, app, ana, &[("acr_values", values)]).await.0 }
    };
    for (values, acr) in [
        ("", "phr"),
        ("phr", "phr"),
        ("phrh phr", "phr"),
        ("urn:keyward:acr:mfa phr", "urn:keyward:acr:mfa"),
        ("urn:keyward:acr:passwordless", "urn:keyward:acr:passwordless"),
        ("urn:keyward:acr:strength:any-key", "urn:keyward:acr:strength:any-key"),
        // What nobody here knows asks for nothing.
        ("urn:mace:incommon:iap:silver", "phr"),
        ("urn:keyward:acr:strength:none 1 2", "phr"),
    ] {
        assert_eq!(told(values).await, acr, "{values}");
    }
    // The key says that it is bound to its device; nobody says so who could know.
    let (_, amr) = acr_and_amr(&test, &app, &ana, &[]).await;
    assert_eq!(amr, r#"["mfa","pop","user"]"#);
    let essential = [("claims", ESSENTIAL_PHR), ("acr_values", "urn:keyward:acr:mfa")];
    assert_eq!(acr_and_amr(&test, &app, &ana, &essential).await.0, "phr");
}

async fn what_is_essential_is_never_skipped(test: TestContext) {
    let app = world::app_with(&test, "payroll", |stored| stored.application.prefers = true).await;
    let ana = world::ana(&test).await;
    let other = [("claims", ESSENTIAL_PHRH)];
    let pending = app.begin(&test, &other).await.unwrap();
    let expected =
        Step::AddPasskey { may: true, needed: "phishing-resistant-hardware".to_owned(), may_skip: false };
    assert_eq!(app.step(&ana, &pending).await, expected);
    // Also not by saying so.
    assert_eq!(app.step(&ana, &pending.clone().going_without()).await, expected);
    let silently = [("claims", ESSENTIAL_PHRH), ("prompt", "none")];
    assert_eq!(
        said(&app.first_step(&test, &ana, &silently).await, "error").as_deref(),
        Some("login_required")
    );
    let unknown = [("claims", r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#)];
    let refused = said(&app.first_step(&test, &ana, &unknown).await, "error");
    assert_eq!(refused.as_deref(), Some("unmet_authentication_requirements"));
}

async fn a_wish_may_be_left_where_the_application_takes_less(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let wish = [("acr_values", "phrh")];
    for prefers in [false, true] {
        app.change(&test, move |stored| stored.application.prefers = prefers).await;
        let pending = app.begin(&test, &wish).await.unwrap();
        let step = app.step(&ana, &pending).await;
        assert!(
            matches!(step, Step::AddPasskey { may: true, may_skip, .. } if may_skip == prefers),
            "{step:?}"
        );
        let after = app.step(&ana, &pending.clone().going_without()).await;
        let silent = [("acr_values", "phrh"), ("prompt", "none")];
        let silent = app.first_step(&test, &ana, &silent).await;
        if prefers {
            code_of(&after);
            code_of(&silent);
        } else {
            for step in [&after, &silent] {
                assert_eq!(said(step, "error").as_deref(), Some("unmet_authentication_requirements"));
            }
        }
    }
}

/// Somebody who signed in with a password and a code, and has a passkey.
async fn the_application_and_policy_ask_for_more(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    // What a pass opens is one factor in the stead of two, and reaches no application.
    let user = ana.who().await.user;
    let pass = test.issue(&user).await;
    let mut other = Visitor::new(&test, "other");
    other.redeem(world::ANA, &pass).await.unwrap();
    assert_eq!(app.first_step(&test, &other, &[]).await, Step::Reauthenticate);
    assert_eq!(app.silently(&test, &other).await, "login_required");
    // Policy asks for what only keys in hardware prove.
    test.cx.change_settings(|settings| {
        settings.policy.require = Requirements {
            applications: Needed::BuiltIn(Strength::PhishingResistantHardware),
            ..Requirements::default()
        };
    });
    assert!(matches!(
        app.first_step(&test, &ana, &[]).await,
        Step::AddPasskey { may: true, may_skip: false, .. }
    ));
    test.cx.change_settings(|settings| settings.policy.require = Requirements::default());
    let tokens = app.enter(&test, &ana, "openid").await;
    app.change(&test, |stored| {
        stored.application.needed = Needed::BuiltIn(Strength::PhishingResistantHardware);
    })
    .await;
    assert!(matches!(app.first_step(&test, &ana, &[]).await, Step::AddPasskey { .. }));
    // And what was granted before is measured anew.
    assert_eq!(world::access(&world::userinfo(&test, &tokens).await), "stronger_evidence_needed");
    assert_eq!(world::outcome(&app.refresh(&test, &tokens).await), "stronger_evidence_needed");
    ana.add_another(Kind::security_key()).await;
}

async fn the_time_is_over(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    test.advance(Span::from_minutes(10));
    let old = [("max_age", "599")];
    let pending = app.begin(&test, &old).await.unwrap();
    let too_old = Step::StepUp { needed: String::new(), too_old: true, may_skip: false };
    assert_eq!(app.step(&ana, &pending).await, too_old);
    code_of(&app.first_step(&test, &ana, &[("max_age", "600")]).await);
    let silent = [("max_age", "599"), ("prompt", "none")];
    assert_eq!(said(&app.first_step(&test, &ana, &silent).await, "error").as_deref(), Some("login_required"));
    let again = app.begin(&test, &[("prompt", "login")]).await.unwrap();
    assert_eq!(app.step(&ana, &again).await, Step::Reauthenticate);
    let never = app.begin(&test, &[("max_age", "0")]).await.unwrap();
    test.advance(Span::from_secs(1));
    // A step-up: the session gets a new id and token, and its line goes on.
    let before = ana.who().await.session;
    let target = digest::sha256(b"payroll");
    ana.confirm(Action::StepUp(target)).await.unwrap();
    let after = ana.who().await.session;
    assert_ne!(before.id, after.id);
    assert_eq!(before.sid, after.sid);
    // However long the person then thinks about it.
    test.advance(Span::from_minutes(20));
    for pending in [&pending, &again, &never] {
        let code = code_of(&app.step(&ana, pending).await);
        let tokens = app.exchange(&test, &code).await.unwrap();
        let id = world::claims(&test, tokens.id_token.as_deref().unwrap(), "JWT");
        assert_eq!(id["auth_time"], after.authenticated_at.secs());
        assert_eq!(id["sid"], before.sid.to_string());
    }
    // A request waits for an hour and no longer.
    test.advance(Span::from_minutes(40));
    let late = authorize::next(&test.cx, &mut ana.caller(), ISSUER, &pending, None).await;
    assert_eq!(late.unwrap_err().code(), "request_expired");
}

/// What was proven in time is judged for itself: a strong proof of before does not lend its strength to a weak one of now.
async fn strong_before_and_weak_now(test: TestContext) {
    let weak = Kind::security_key();
    test.cx.change_settings(|settings| {
        settings.policy.strengths.push(CustomStrength {
            name: "own-device".to_owned(),
            description: String::new(),
            combinations: vec![Combination::AnyPasskey],
            models: ModelRule { block: vec![Aaguid(weak.aaguid)], ..ModelRule::default() },
        });
    });
    let needs = |stored: &mut Stored| stored.application.needed = Needed::Custom("own-device".to_owned());
    let app = world::app_with(&test, "payroll", needs).await;
    let mut ana = world::ana(&test).await;
    let (_, strong) = ana.add_another(weak).await;
    test.advance(Span::from_minutes(10));
    let aged = app.begin(&test, &[("max_age", "60")]).await.unwrap();
    let again = app.begin(&test, &[("prompt", "login")]).await.unwrap();
    let target = Action::StepUp(digest::sha256(b"payroll"));
    ana.confirm(target).await.unwrap();
    // Without a limit of time, the strong one of before still counts.
    code_of(&app.first_step(&test, &ana, &[]).await);
    let weak_now = Step::StepUp { needed: "own-device".to_owned(), too_old: false, may_skip: false };
    for pending in [&aged, &again] {
        assert_eq!(app.step(&ana, pending).await, weak_now);
    }
    ana.authenticator = strong;
    ana.confirm(target).await.unwrap();
    for pending in [&aged, &again] {
        code_of(&app.step(&ana, pending).await);
    }
}

/// The session outlives the passkey that it began with; applications are told of what stands.
async fn a_passkey_that_is_gone_proves_nothing(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    let first = ana.passkeys().await[0].id;
    let (second, _) = ana.add_another(Kind::security_key()).await;
    ana.confirm(Action::RemovePasskey(first)).await.unwrap();
    ana.remove(first, Reason::Unused).await.unwrap();
    let code = app.code(&test, &ana, &[]).await;
    app.exchange(&test, &code).await.unwrap();
    // And if nothing stands, the person signs in anew.
    let user = second.user;
    test.cx.db.write(move |tx| store::passkeys::remove(tx, user, second.id)).await.unwrap();
    assert_eq!(app.first_step(&test, &ana, &[]).await, Step::Reauthenticate);
    assert_eq!(app.silently(&test, &ana).await, "login_required");
}

async fn nobody_is_signed_in(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let nobody = Visitor::new(&test, "laptop");
    assert_eq!(app.first_step(&test, &nobody, &[]).await, Step::SignIn);
    assert_eq!(app.silently(&test, &nobody).await, "login_required");
    let ana = world::ana(&test).await;
    let chooses = app.begin(&test, &[("prompt", "select_account")]).await.unwrap();
    test.advance(Span::from_secs(1));
    let later = app.begin(&test, &[("prompt", "select_account")]).await.unwrap();
    assert_eq!(app.step(&ana, &later).await, Step::SelectAccount);
    code_of(&app.step(&ana, &later.with_account()).await);
    code_of(&app.step(&ana, &chooses).await);
}

async fn whom_the_application_means(test: TestContext) {
    let (app, other) = (world::app(&test, "payroll").await, world::app(&test, "wiki").await);
    let ana = world::ana(&test).await;
    let tokens = app.enter(&test, &ana, "openid").await;
    let hint = tokens.id_token.unwrap();
    // An old one still says whom it is about.
    test.advance(Span::from_minutes(30));
    code_of(&app.first_step(&test, &ana, &[("id_token_hint", &hint), ("prompt", "none")]).await);
    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;
    assert_eq!(app.first_step(&test, &eve, &[("id_token_hint", &hint)]).await, Step::SelectAccount);
    let silent = app.first_step(&test, &eve, &[("id_token_hint", &hint), ("prompt", "none")]).await;
    assert_eq!(said(&silent, "error").as_deref(), Some("login_required"));
    let foreign = other.begin(&test, &[("id_token_hint", &hint)]).await.unwrap_err();
    assert_eq!(foreign.code(), "id_token_hint");
    let claimed = format!(r#"{{"id_token":{{"sub":{{"value":"{}"}}}}}}"#, ana.who().await.user.id);
    code_of(&app.first_step(&test, &ana, &[("claims", &claimed), ("prompt", "none")]).await);
    assert_eq!(app.first_step(&test, &eve, &[("claims", &claimed)]).await, Step::SelectAccount);
}

async fn an_application_is_told_no(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let pending = app.begin(&test, &[]).await.unwrap();
    for (reason, error) in [
        (Declined::ByPerson, "access_denied"),
        (Declined::Unmet, "unmet_authentication_requirements"),
        (Declined::NotAssigned, "access_denied"),
    ] {
        let answer = authorize::decline(&test.cx, test.now(), ISSUER, &pending, reason).await.unwrap();
        assert_eq!(
            (answer.get("error"), answer.get("state"), answer.get("iss")),
            (Some(error), Some("state-1"), Some(ISSUER))
        );
        assert_eq!(answer.redirect_uri, app.redirect_uri);
    }
    // Whoever was switched off meanwhile is told nothing, and nobody is led there.
    let id = app.id.clone();
    test.cx.db.write(move |tx| store::clients::remove(tx, &id)).await.unwrap();
    let gone = authorize::decline(&test.cx, test.now(), ISSUER, &pending, Declined::ByPerson).await;
    assert_eq!(gone.unwrap_err().code(), "client_unknown");
    let gone = authorize::next(&test.cx, &mut test.caller("laptop"), ISSUER, &pending, None).await;
    assert_eq!(gone.unwrap_err().code(), "client_unknown");
}

on_both_databases! {
    the_first_wish_that_is_satisfied_is_told,
    what_is_essential_is_never_skipped,
    a_wish_may_be_left_where_the_application_takes_less,
    the_application_and_policy_ask_for_more,
    the_time_is_over,
    strong_before_and_weak_now,
    a_passkey_that_is_gone_proves_nothing,
    nobody_is_signed_in,
    whom_the_application_means,
    an_application_is_told_no,
}
