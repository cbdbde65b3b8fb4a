//! What people are asked, what is remembered of it, and how they take it back.

use account::application::{Consent, Provenance};
use oidc::client::{Authentication, ClientId};
use service::apps_with_access;
use service::authorize::{self, Asked, Step};
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world::{self, App, ISSUER, code_of, outcome, scopes};

fn asked(step: &Step) -> &Asked {
    match step {
        Step::Consent(asked) => asked,
        other => panic!("{other:?}"),
    }
}

async fn asking(test: &TestContext, consent: Consent) -> App {
    world::app_with(test, "payroll", |stored| stored.application.consent = consent).await
}

/// Allows `granted` of what a request with `other` asks for; gives the step that follows.
async fn allow(
    test: &TestContext,
    app: &App,
    ana: &Visitor<'_>,
    other: &[(&str, &str)],
    granted: &str,
) -> Step {
    let pending = app.begin(test, other).await.unwrap();
    let who = ana.who().await;
    let answer =
        authorize::consent(&test.cx, &mut ana.caller(), ISSUER, &pending, (&who, scopes(granted))).await;
    answer.unwrap_or_else(|error| panic!("{error:?}"))
}

async fn once_and_again_for_what_is_new(test: TestContext) {
    let app = asking(&test, Consent::Remembered).await;
    let ana = world::ana(&test).await;
    let step = app.first_step(&test, &ana, &[("scope", "openid email")]).await;
    let asked_first = asked(&step);
    assert_eq!((&asked_first.new, &asked_first.known), (&scopes("openid email"), &scopes("")));
    assert_eq!((asked_first.application.name.as_str(), asked_first.warn), ("Application payroll", false));
    assert_eq!(app.silently(&test, &ana).await, "consent_required");

    let step = allow(&test, &app, &ana, &[("scope", "openid email")], "openid email").await;
    app.exchange(&test, &code_of(&step)).await.unwrap();
    // Remembered.
    app.enter(&test, &ana, "openid email").await;
    assert_eq!(app.silently(&test, &ana).await, "nothing");
    // More is asked for.
    let more = [("scope", "openid email groups")];
    let step = app.first_step(&test, &ana, &more).await;
    let asked_again = asked(&step);
    assert_eq!((&asked_again.new, &asked_again.known), (&scopes("groups"), &scopes("openid email")));
    // The application insists.
    let step = app.first_step(&test, &ana, &[("scope", "openid email"), ("prompt", "consent")]).await;
    assert_eq!(asked(&step).known, scopes("openid email"));
    assert_eq!(test.count_events("consent_given").await, 1);
}

async fn what_may_be_left_out_is_not_asked_for_again(test: TestContext) {
    let app = asking(&test, Consent::Remembered).await;
    let ana = world::ana(&test).await;
    let other = [("scope", "openid offline_access")];
    let step = app.first_step(&test, &ana, &other).await;
    assert_eq!(asked(&step).optional, scopes("offline_access"));
    let pending = app.begin(&test, &other).await.unwrap();
    let who = ana.who().await;
    for wrong in ["", "offline_access", "openid offline_access email"] {
        let refused =
            authorize::consent(&test.cx, &mut ana.caller(), ISSUER, &pending, (&who, scopes(wrong))).await;
        assert_eq!(refused.unwrap_err().code(), "scope_not_asked", "{wrong}");
    }
    let step = allow(&test, &app, &ana, &other, "openid").await;
    assert_eq!(app.exchange(&test, &code_of(&step)).await.unwrap().scopes, scopes("openid"));
    let step = app.first_step(&test, &ana, &other).await;
    assert_eq!(app.exchange(&test, &code_of(&step)).await.unwrap().scopes, scopes("openid"));
}

async fn each_time_where_the_organisation_says_so(test: TestContext) {
    let app = asking(&test, Consent::Always).await;
    let ana = world::ana(&test).await;
    for _ in 0..2 {
        asked(&app.first_step(&test, &ana, &[]).await);
        let step = allow(&test, &app, &ana, &[], "openid").await;
        app.exchange(&test, &code_of(&step)).await.unwrap();
    }
    assert_eq!(app.silently(&test, &ana).await, "consent_required");
}

async fn a_program_of_the_persons_machine_is_asked_about_each_time(test: TestContext) {
    let ana = world::ana(&test).await;
    for (id, redirect_uri, again) in [
        ("desktop", "http://127.0.0.1/done", true),
        ("app", "com.example.app:/done", true),
        ("page", "https://page.example.com/done", false),
    ] {
        let app = world::app_with(&test, id, |stored| {
            stored.application.consent = Consent::Remembered;
            stored.client.authentication = Authentication::None;
            stored.client.redirect_uris = vec![redirect_uri.to_owned()];
        })
        .await;
        allow(&test, &app, &ana, &[], "openid").await;
        assert_eq!(
            matches!(app.first_step(&test, &ana, &[]).await, Step::Consent(_)),
            again,
            "{redirect_uri}"
        );
        let silent = app.silently(&test, &ana).await;
        assert_eq!(silent, if again { "consent_required" } else { "nothing" }, "{redirect_uri}");
    }
}

async fn nobody_looked_at_what_registered_itself(test: TestContext) {
    let app = world::app_with(&test, "stranger", |stored| {
        stored.application.consent = Consent::Remembered;
        stored.application.origin = Provenance::Registered;
    })
    .await;
    let ana = world::ana(&test).await;
    let step = app.first_step(&test, &ana, &[("scope", "openid email groups")]).await;
    assert!(asked(&step).warn);
    assert_eq!(asked(&step).optional, scopes("email groups"));
}

async fn taking_it_back_ends_everything(test: TestContext) {
    let app = asking(&test, Consent::Remembered).await;
    let ana = world::ana(&test).await;
    let listed = || async { apps_with_access::list(&test.cx, &ana.who().await).await.unwrap() };
    assert_eq!(listed().await, []);
    let step = allow(&test, &app, &ana, &[("scope", "openid offline_access")], "openid offline_access").await;
    let tokens = app.exchange(&test, &code_of(&step)).await.unwrap();
    let unused = app.code(&test, &ana, &[("scope", "openid")]).await;
    let shown = listed().await;
    assert_eq!((shown.len(), shown[0].consented, shown[0].last_used), (1, true, Some(test.now())));
    assert_eq!(shown[0].scopes, scopes("openid offline_access"));

    let id = ClientId::parse("payroll").unwrap();
    let withdraw =
        || async { apps_with_access::withdraw(&test.cx, &mut ana.caller(), &ana.who().await, &id).await };
    withdraw().await.unwrap();
    assert_eq!(listed().await, []);
    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "grant_gone");
    assert_eq!(world::access(&world::userinfo(&test, &tokens).await), "grant_gone");
    assert_eq!(app.silently(&test, &ana).await, "consent_required");
    assert_eq!(
        outcome(&app.exchange(&test, &unused).await),
        "consent_withdrawn",
        "a code that was under way"
    );
    assert_eq!(withdraw().await.unwrap_err().code(), "not_found");
    assert_eq!(test.count_events("consent_withdrawn").await, 1);
}

async fn a_pre_approved_one_is_listed_too(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    app.enter(&test, &ana, "openid email").await;
    let shown = apps_with_access::list(&test.cx, &ana.who().await).await.unwrap();
    assert_eq!((shown.len(), shown[0].consented, shown[0].name.as_str()), (1, false, "Application payroll"));
    let id = ClientId::parse("payroll").unwrap();
    apps_with_access::withdraw(&test.cx, &mut ana.caller(), &ana.who().await, &id).await.unwrap();
    assert_eq!(apps_with_access::list(&test.cx, &ana.who().await).await.unwrap(), []);
}

on_both_databases! {
    once_and_again_for_what_is_new,
    what_may_be_left_out_is_not_asked_for_again,
    each_time_where_the_organisation_says_so,
    a_program_of_the_persons_machine_is_asked_about_each_time,
    nobody_looked_at_what_registered_itself,
    taking_it_back_ends_everything,
    a_pre_approved_one_is_listed_too,
}
