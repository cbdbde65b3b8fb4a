//! The way that every sign-in to an application takes, and what it costs.

use account::audit::EventKind;
use primitives::time::Span;
use testkit::{TestContext, on_both_databases};

use crate::world::{self, Commits, ISSUER};

async fn authorize_exchange_userinfo_refresh(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let user = ana.who().await.user;
    let sid = ana.who().await.session.sid.to_string();
    let before = Commits::count(&test);
    let code = app.code(&test, &ana, &[("scope", "openid profile email offline_access")]).await;
    assert_eq!(before.since(), 0, "asking writes nothing");
    let before = Commits::count(&test);
    let tokens = app.exchange(&test, &code).await.unwrap();
    assert_eq!(before.since(), 1, "an exchange is one commit");
    assert_eq!((tokens.expires_in, tokens.bound), (Span::from_minutes(5), false));

    let id = world::claims(&test, tokens.id_token.as_deref().unwrap(), "JWT");
    assert_eq!((&id["iss"], &id["aud"]), (&ISSUER.into(), &"payroll".into()));
    assert_eq!((&id["sub"], &id["nonce"]), (&user.id.to_string().into(), &"nonce-1".into()));
    assert_eq!((&id["acr"], &id["sid"]), (&"phr".into(), &sid.as_str().into()));
    assert_eq!(id["amr"], serde_json::json!(["mfa", "pop", "user"]));
    assert_eq!(id["auth_time"], test.now().secs());
    let access = world::claims(&test, &tokens.access_token, "at+jwt");
    assert_eq!((&access["aud"], &access["client_id"]), (&ISSUER.into(), &"payroll".into()));
    assert_eq!(access["scope"], "email offline_access openid profile");

    let before = Commits::count(&test);
    let info = world::userinfo(&test, &tokens).await.unwrap();
    assert_eq!(before.since(), 0, "userinfo is a read");
    assert_eq!((&info["sub"], &info["preferred_username"]), (&id["sub"], &world::ANA.into()));
    assert_eq!(info.get("groups"), None);

    let before = Commits::count(&test);
    let next = app.refresh(&test, &tokens).await.unwrap();
    assert_eq!(before.since(), 1, "a refresh is one commit");
    assert_ne!(next.refresh_token, tokens.refresh_token);
    assert_eq!(world::userinfo(&test, &next).await.unwrap(), info);
    let again = world::claims(&test, next.id_token.as_deref().unwrap(), "JWT");
    assert_eq!(
        (&again["sub"], &again["sid"], &again["auth_time"]),
        (&id["sub"], &id["sid"], &id["auth_time"])
    );

    let entered: Vec<_> =
        test.events().await.into_iter().filter(|kind| kind.name() == "application_entered").collect();
    let [EventKind::ApplicationEntered { client, session, acr, needed, .. }] = entered.as_slice() else {
        panic!("{entered:?}")
    };
    assert_eq!((client.as_str(), session.to_string(), acr.as_deref()), ("payroll", sid, Some("phr")));
    assert_eq!(*needed, None);
}

on_both_databases! { authorize_exchange_userinfo_refresh }
