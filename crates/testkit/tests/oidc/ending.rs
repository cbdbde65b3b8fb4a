//! What ends a grant ends it at once: refresh, userinfo and silent authentication all fail (assurance O6), and the
//! application that wants to know is told.

use account::action::Action;
use account::group::GroupId;
use account::user::User;
use authenticator::Settings as Kind;
use oidc::client::ClientId;
use primitives::time::Span;
use service::administer_groups::{self, NewGroup};
use service::manage_passkeys::Reason;
use service::tokens::Tokens;
use service::{Authority, administer_users, apps_with_access, manage_sessions, sign_out};
use store::{StoreError, grants, sessions};
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world::{self, App, access, outcome};

/// What somebody can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Disabled,
    Deleted,
    LeftTheGroup,
    ConsentWithdrawn,
    PasskeyRemoved,
    PasskeyRemovedByAnother,
    SignedOut,
    SignedOutByAnother,
    Revoked,
    ClientDisabled,
    ClientRemoved,
}

const ALL: [Ends; 11] = [
    Ends::Disabled,
    Ends::Deleted,
    Ends::LeftTheGroup,
    Ends::ConsentWithdrawn,
    Ends::PasskeyRemoved,
    Ends::PasskeyRemovedByAnother,
    Ends::SignedOut,
    Ends::SignedOutByAnother,
    Ends::Revoked,
    Ends::ClientDisabled,
    Ends::ClientRemoved,
];

async fn staff(test: &TestContext) -> GroupId {
    let new = NewGroup { name: "Staff".to_owned(), ..NewGroup::default() };
    let by = Authority::Operator;
    administer_groups::add(&test.cx, &mut test.operator(), by, new).await.unwrap().id
}

async fn members(
    test: &TestContext,
    group: GroupId,
    join: Vec<account::user::UserId>,
    leave: Vec<account::user::UserId>,
) {
    let by = Authority::Operator;
    administer_groups::set_members(&test.cx, &mut test.operator(), by, group, join, leave).await.unwrap();
}

/// Does it; the passkey in question is the one that the grants rest on.
async fn end(test: &TestContext, ends: Ends, ana: &mut Visitor<'_>, app: &App, group: GroupId) {
    let (cx, by) = (&test.cx, Authority::Operator);
    let who = ana.who().await;
    let user: &User = &who.user;
    let passkey = who.session.evidence.passkey().unwrap();
    match ends {
        Ends::Disabled => {
            administer_users::disable(cx, &mut test.operator(), by, user.id).await.unwrap();
        }
        Ends::Deleted => {
            administer_users::delete(cx, &mut test.operator(), by, user.id).await.unwrap();
        }
        Ends::LeftTheGroup => members(test, group, vec![], vec![user.id]).await,
        Ends::ConsentWithdrawn => {
            apps_with_access::withdraw(cx, &mut ana.caller(), &who, &app.id).await.unwrap();
        }
        Ends::PasskeyRemoved => {
            ana.add_another(Kind::security_key()).await;
            ana.confirm(Action::RemovePasskey(passkey)).await.unwrap();
            ana.remove(passkey, Reason::Unused).await.unwrap();
        }
        Ends::PasskeyRemovedByAnother => {
            administer_users::remove_passkey(cx, &mut test.operator(), by, user.id, passkey).await.unwrap();
        }
        Ends::SignedOut => {
            sign_out::sign_out(cx, &mut ana.caller(), &who).await.unwrap();
        }
        Ends::SignedOutByAnother => {
            administer_users::sign_out(cx, &mut test.operator(), by, user.id).await.unwrap();
        }
        Ends::Revoked => {
            manage_sessions::revoke(cx, &mut ana.caller(), &who, who.session.id).await.unwrap();
        }
        Ends::ClientDisabled => app.change(test, |stored| stored.enabled = false).await,
        Ends::ClientRemoved => {
            let id = app.id.clone();
            assert!(test.cx.db.write(move |tx| store::clients::remove(tx, &id)).await.unwrap());
        }
    }
}

async fn grants_of(test: &TestContext, client: &ClientId) -> i64 {
    let client = client.to_string();
    let count = test.cx.db.read(move |tx| {
        let row = tx.query_one("SELECT COUNT(*) FROM grants WHERE client_id = $1", &[(&client).into()])?;
        row.unwrap().columns("grants").integer()
    });
    let count: Result<i64, StoreError> = count.await;
    count.unwrap()
}

async fn notices(test: &TestContext) -> Vec<String> {
    let read = test.cx.db.read(|tx| {
        let rows = tx.query("SELECT client_id FROM logout_notices ORDER BY client_id", &[])?;
        rows.into_iter().map(|row| row.columns("logout_notices").text()).collect()
    });
    let read: Result<Vec<String>, StoreError> = read.await;
    read.unwrap()
}

async fn everything_ends_at_once(test: TestContext) {
    let group = staff(&test).await;
    for (number, ends) in ALL.into_iter().enumerate() {
        let name = format!("app-{number}");
        let app = world::app_with(&test, &name, |stored| {
            stored.application.groups = vec![group];
            stored.client.backchannel_logout_uri = Some("https://app.example/out".to_owned());
        })
        .await;
        let mut ana = Visitor::new(&test, &name);
        let user = ana.onboard(&format!("ana-{number}@example.com"), account::role::Role::User).await;
        members(&test, group, vec![user.id], vec![]).await;
        let bound = app.enter(&test, &ana, "openid").await;
        let offline = app.enter(&test, &ana, "openid offline_access").await;
        let before = notices(&test).await.len();
        end(&test, ends, &mut ana, &app, group).await;

        for tokens in [&bound, &offline] {
            let refreshed = refreshed(&test, &app, tokens).await;
            assert!(refreshed.is_some(), "{ends:?}: a refresh goes on");
            let read = world::userinfo(&test, tokens).await;
            assert_ne!(access(&read), "ok", "{ends:?}: userinfo goes on");
        }
        silent(&test, &app, &ana, ends).await;
        let told = notices(&test).await.len() - before;
        let ended = !matches!(ends, Ends::LeftTheGroup | Ends::ClientDisabled | Ends::ClientRemoved);
        // Once, however many grants it had there.
        if ended {
            assert_eq!((told, grants_of(&test, &app.id).await), (1, 0), "{ends:?}");
        }
    }
}

/// Why a refresh is refused, if it is.
async fn refreshed(test: &TestContext, app: &App, tokens: &Tokens) -> Option<String> {
    match app.authenticate(test).await {
        Err(error) => Some(error.code().to_owned()),
        Ok(_) => app.refresh(test, tokens).await.err().map(|error| error.code().to_owned()),
    }
}

/// What the application hears that asks without anybody being asked.
async fn silent(test: &TestContext, app: &App, ana: &Visitor<'_>, ends: Ends) {
    let heard = match app.begin(test, &[("prompt", "none")]).await {
        Err(error) => error.code().to_owned(),
        Ok(pending) => world::said(&app.step(ana, &pending).await, "error").unwrap_or_default(),
    };
    let expected = match ends {
        Ends::LeftTheGroup => "access_denied",
        Ends::ClientDisabled | Ends::ClientRemoved => "client_unknown",
        // The organisation decides whether it asks again, and the session rests on another passkey by now.
        Ends::ConsentWithdrawn | Ends::PasskeyRemoved => "",
        _ => "login_required",
    };
    assert_eq!(heard, expected, "{ends:?}");
}

async fn a_line_of_sessions_goes_on(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    let tokens = app.enter(&test, &ana, "openid").await;
    let first = ana.who().await.session;
    ana.confirm(Action::AddPasskey).await.unwrap();
    let confirmed = ana.who().await.session;
    assert_eq!((confirmed.sid, confirmed.id == first.id), (first.sid, false));
    // Signing in again in the same browser, as the same person.
    ana.sign_in().await.unwrap();
    let again = ana.who().await.session;
    assert_eq!((again.sid, again.id == confirmed.id), (first.sid, false));
    let tokens = app.refresh(&test, &tokens).await.unwrap();
    let other = app.enter(&test, &ana, "openid").await;
    let sid = world::claims(&test, other.id_token.as_deref().unwrap(), "JWT")["sid"].clone();
    assert_eq!(sid, first.sid.to_string());
    let found = test.cx.db.read({
        let (user, sid) = (first.user, first.sid);
        move |tx| sessions::by_sid(tx, user, sid)
    });
    assert_eq!(found.await.unwrap().unwrap().id, again.id);

    // Another browser is another line, and ends alone.
    let mut second = Visitor::new(&test, "second");
    std::mem::swap(&mut second.authenticator, &mut ana.authenticator);
    second.sign_in().await.unwrap();
    assert_ne!(second.who().await.session.sid, first.sid);
    let elsewhere = app.enter(&test, &second, "openid").await;
    let ended = manage_sessions::revoke_others(&test.cx, &mut second.caller(), &second.who().await).await;
    assert_eq!(ended.unwrap(), 1);
    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "grant_gone");
    app.refresh(&test, &elsewhere).await.unwrap();
}

async fn one_that_time_ended_hands_nothing_on(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    let sid = ana.who().await.session.sid;
    let bound = app.enter(&test, &ana, "openid").await;
    let offline = app.enter(&test, &ana, "openid offline_access").await;
    test.advance(Span::from_hours(2));
    ana.sign_in().await.unwrap();
    assert_ne!(ana.who().await.session.sid, sid);
    assert_eq!(outcome(&app.refresh(&test, &bound).await), "session_ended");
    let offline = app.refresh(&test, &offline).await.unwrap();
    // What outlived its session ends with the person's word all the same.
    let who = ana.who().await;
    manage_sessions::revoke_others(&test.cx, &mut ana.caller(), &who).await.unwrap();
    assert_eq!(outcome(&app.refresh(&test, &offline).await), "grant_gone");
}

async fn a_client_gives_back_what_it_holds(test: TestContext) {
    let (app, other) = (world::app(&test, "payroll").await, world::app(&test, "wiki").await);
    let ana = world::ana(&test).await;
    let revoke = |client: App, token: String| {
        let test = &test;
        async move {
            let authenticated = client.authenticated(test).await;
            let mut caller = test.caller("app");
            service::revoke_token::revoke(&test.cx, &mut caller, world::ISSUER, &authenticated, &token)
                .await
                .unwrap();
        }
    };
    for by_access in [false, true] {
        let tokens = app.enter(&test, &ana, "openid").await;
        let token =
            if by_access { tokens.access_token.clone() } else { tokens.refresh_token.clone().unwrap() };
        // Another client's word ends nothing, and nonsense is no error.
        revoke(other.clone(), token.clone()).await;
        revoke(app.clone(), "nonsense".to_owned()).await;
        world::userinfo(&test, &tokens).await.unwrap();
        revoke(app.clone(), token.clone()).await;
        assert_eq!(access(&world::userinfo(&test, &tokens).await), "grant_gone");
        revoke(app.clone(), token).await;
    }
    assert_eq!(test.count_events("grant_revoked").await, 2);
}

async fn a_sweep_takes_what_is_over(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let offline = app.enter(&test, &ana, "openid offline_access").await;
    app.enter(&test, &ana, "openid").await;
    test.advance(Span::from_hours(13));
    assert_eq!(service::housekeeping::sweep(&test.cx).await.unwrap().grants, 1);
    app.refresh(&test, &offline).await.unwrap();
    let user = ana_id(&test).await;
    let left = test.cx.db.read(move |tx| grants::of_user(tx, user, None, 10)).await.unwrap();
    assert_eq!(left.len(), 1);
}

async fn ana_id(test: &TestContext) -> account::user::UserId {
    let login = account::user::Login::parse(world::ANA).unwrap();
    test.cx.db.read(move |tx| store::users::by_login(tx, &login)).await.unwrap().unwrap().id
}

async fn introspection_says_the_same(test: TestContext) {
    let (app, other) = (world::app(&test, "payroll").await, world::app(&test, "wiki").await);
    let ana = world::ana(&test).await;
    let tokens = app.enter(&test, &ana, "openid email").await;
    let ask = |client: App, token: String| {
        let test = &test;
        async move {
            let authenticated = client.authenticated(test).await;
            let before = world::Commits::count(test);
            let said =
                service::introspect::introspect(&test.cx, test.now(), world::ISSUER, &authenticated, &token);
            let said = said.await.unwrap();
            assert_eq!(before.since(), 0, "introspection is a read");
            said
        }
    };
    let refresh = tokens.refresh_token.clone().unwrap();
    let said = ask(app.clone(), tokens.access_token.clone()).await;
    assert_eq!((&said["active"], &said["username"]), (&true.into(), &world::ANA.into()));
    assert_eq!((&said["scope"], &said["acr"]), (&"email openid".into(), &"phr".into()));
    assert_eq!(ask(app.clone(), refresh.clone()).await["active"], true);
    // It is nobody else's business.
    for token in [&tokens.access_token, &refresh] {
        let said = ask(other.clone(), token.clone()).await;
        assert_eq!((said.len(), &said["active"]), (1, &false.into()));
    }
    sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    for token in [tokens.access_token.clone(), refresh, "nonsense".to_owned()] {
        assert_eq!(ask(app.clone(), token).await["active"], false);
    }
}

async fn introspection_tells_a_resource_server_of_its_own_and_an_application_of_nobody_elses(
    test: TestContext,
) {
    let api = || vec!["https://api.example".to_owned()];
    let app = world::app_with(&test, "payroll", |stored| stored.client.resources = api()).await;
    let nosy = world::app_with(&test, "wiki", |stored| stored.client.resources = api()).await;
    let machine = |id: &'static str, resources: Vec<String>| {
        world::app_with(&test, id, move |stored| {
            stored.client.grants = vec![oidc::client::GrantType::ClientCredentials];
            stored.client.resources = resources;
        })
    };
    let server = machine("api", api()).await;
    let elsewhere = machine("mail", vec!["https://mail.example".to_owned()]).await;
    let ana = world::ana(&test).await;
    let code = app.code(&test, &ana, &[("scope", "openid"), ("resource", "https://api.example")]).await;
    let tokens = app.exchange(&test, &code).await.unwrap();
    for (client, active) in [(&app, true), (&server, true), (&nosy, false), (&elsewhere, false)] {
        let authenticated = client.authenticated(&test).await;
        let said = service::introspect::introspect(
            &test.cx,
            test.now(),
            world::ISSUER,
            &authenticated,
            &tokens.access_token,
        );
        assert_eq!(said.await.unwrap()["active"], active, "{}", authenticated.id());
    }
}

on_both_databases! {
    everything_ends_at_once,
    introspection_tells_a_resource_server_of_its_own_and_an_application_of_nobody_elses,
    a_line_of_sessions_goes_on,
    one_that_time_ended_hands_nothing_on,
    a_client_gives_back_what_it_holds,
    a_sweep_takes_what_is_over,
    introspection_says_the_same,
}
