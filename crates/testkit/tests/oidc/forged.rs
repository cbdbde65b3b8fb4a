//! A database writer is no administrator of applications (DESIGN 5a.1): what SQL wrote or moved is refused where it
//! enters, and what it put back shows against the log.

use account::application::{Consent, GrantId};
use account::session::SessionId;
use oidc::client::ClientId;
use oidc::token;
use primitives::time::Span;
use service::{Authority, apps_with_access, authorize, read_audit, signing_keys};
use store::{StoreError, Tx, clients, consents, grants, sessions};
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world::{self, App, ISSUER, code_of};

/// For each assignment: a thief commits nothing but `UPDATE table SET assignment`, and `read` finds the row forged.
async fn each_is_forged<T: std::fmt::Debug + Send + 'static>(
    test: &TestContext,
    table: &'static str,
    assignments: &[&'static str],
    read: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Clone + Send + 'static,
) {
    for &assignment in assignments {
        let read = read.clone();
        let found = test.cx.db.write(move |tx| {
            tx.execute_raw(&format!("UPDATE {table} SET {assignment}"))?;
            Err::<(), _>(read(tx).unwrap_err())
        });
        let found = found.await;
        assert!(
            matches!(&found, Err(StoreError::Forged { table: named, .. }) if *named == table),
            "{assignment}: {found:?}"
        );
    }
    // The control: untouched, the row is read.
    test.cx.db.read(read).await.unwrap();
}

fn grant_id(test: &TestContext, access_token: &str) -> GrantId {
    let token = token::open(&test.cx.keys, Vec::new, access_token, (ISSUER, test.now())).unwrap();
    GrantId::from_bytes(token.grant.unwrap())
}

async fn consented<'t>(test: &'t TestContext) -> (App, Visitor<'t>) {
    let app =
        world::app_with(test, "payroll", |stored| stored.application.consent = Consent::Remembered).await;
    let ana = world::ana(test).await;
    (app, ana)
}

async fn allow(test: &TestContext, app: &App, ana: &Visitor<'_>) -> service::tokens::Tokens {
    let pending = app.begin(test, &[("scope", "openid offline_access")]).await.unwrap();
    let (who, scopes) = (ana.who().await, pending.request.scopes.clone());
    let step =
        authorize::consent(&test.cx, &mut ana.caller(), ISSUER, &pending, (&who, scopes)).await.unwrap();
    app.exchange(test, &code_of(&step)).await.unwrap()
}

async fn every_authority_column(test: TestContext) {
    let (app, ana) = consented(&test).await;
    let tokens = allow(&test, &app, &ana).await;
    let id = grant_id(&test, &tokens.access_token);
    let grant = [
        "client_id = 'wiki'",
        "user_id = sid",
        "sid = user_id",
        "document = '{\"scopes\":\"openid groups\",\"evidence\":[],\"auth_time\":0,\"refreshes\":true}'",
        "document = 'nonsense'",
        "generation = 7",
        "rotated = 1",
        "instance = SUBSTR(mac, 1, 32)",
        "security_epoch = 9",
        "deployment_epoch = 9",
        "notify = 1",
        "created = 1",
        "ends = 9000000000000000000",
    ];
    each_is_forged(&test, "grants", &grant, move |tx| grants::by_id(tx, id)).await;

    let client = app.id.clone();
    let columns = [
        "name = 'Wiki'",
        "document = 'nonsense'",
        "secrets = '{\"secrets\":[]}'",
        "version = 9",
        "enabled = 0",
        "author = 'system'",
        "created = 1",
        "changed = 1",
    ];
    each_is_forged(&test, "clients", &columns, move |tx| clients::by_id(tx, &client)).await;
    let other = ClientId::parse("wiki").unwrap();
    each_is_forged_as(&test, "clients", "id = 'wiki'", move |tx| clients::by_id(tx, &other)).await;

    let (client, user) = (app.id.clone(), ana.who().await.user.id);
    let columns =
        ["scopes = 'openid groups offline_access'", "given = 1", "client_id = 'wiki'", "user_id = slot"];
    for column in columns.into_iter().take(3) {
        let client = client.clone();
        each_is_forged_as(&test, "consents", column, move |tx| consents::get(tx, user, &client)).await;
    }

    let columns = [
        "kid = 'mine'",
        "alg = 'RS256'",
        "public = sealed",
        "sealed = public",
        "created = 1",
        "activates = 1",
        "retired = 1",
        "ends = 9000000000000000000",
    ];
    for column in columns {
        // One row: names are unique.
        let one = format!("{column} WHERE kid = (SELECT MIN(kid) FROM signing_keys)");
        each_is_forged_as(&test, "signing_keys", Box::leak(one.into_boxed_str()), store::signing_keys::all)
            .await;
    }

    let session = ana.who().await.session;
    let (user, sid) = (session.user, session.id);
    each_is_forged(&test, "sessions", &["sid = user_id"], move |tx| sessions::by_id(tx, user, sid)).await;
}

async fn each_is_forged_as<T: std::fmt::Debug + Send + 'static>(
    test: &TestContext,
    table: &'static str,
    assignment: &'static str,
    read: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Clone + Send + 'static,
) {
    let found = test.cx.db.write(move |tx| {
        tx.execute_raw(&format!("UPDATE {table} SET {assignment}"))?;
        Err::<(), _>(read(tx).unwrap_err())
    });
    let found = found.await;
    assert!(
        matches!(&found, Err(StoreError::Forged { table: named, .. }) if *named == table),
        "{assignment}: {found:?}"
    );
}

async fn a_line_cannot_be_borrowed(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    ana.confirm(account::action::Action::AddPasskey).await.unwrap();
    let session = ana.who().await.session;
    assert_ne!(session.sid, session.id);
    let tokens = app.enter(&test, &ana, "openid").await;
    let id = grant_id(&test, &tokens.access_token);
    let grant = test.cx.db.read(move |tx| grants::by_id(tx, id)).await.unwrap().unwrap();
    assert_eq!(grant.sid, session.sid);
    let (user, other) = (session.user, SessionId::from_bytes([9; 16]));
    each_is_forged(&test, "sessions", &["sid = id", "sid = NULL"], move |tx| sessions::of_user(tx, user))
        .await;
    let none = test.cx.db.read(move |tx| sessions::by_sid(tx, user, other)).await.unwrap();
    assert_eq!(none, None);
}

/// The rows of a table as they are, kept for later.
async fn remember(test: &TestContext, table: &str) {
    let sql = format!("CREATE TABLE old_{table} AS SELECT * FROM {table}");
    test.cx.db.write(move |tx| tx.execute_raw(&sql)).await.unwrap();
}

/// Puts them back; what the verifier names.
async fn put_back(test: &TestContext, table: &str) -> Option<String> {
    let sql =
        format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM old_{table}; DROP TABLE old_{table}");
    test.cx.db.write(move |tx| tx.execute_raw(&sql)).await.unwrap();
    let report = read_audit::verify(&test.cx, Vec::new()).await.unwrap();
    let event = report.fault.as_ref().and_then(|fault| fault.event)?;
    let listed = read_audit::list(&test.cx, store::audit::Filter::default(), 10_000).await.unwrap();
    listed.into_iter().find(|entry| entry.event.id == event).map(|entry| entry.event.kind.name().to_owned())
}

async fn what_is_put_back_shows_against_the_log(test: TestContext) {
    let (app, ana) = consented(&test).await;
    let tokens = allow(&test, &app, &ana).await;
    remember(&test, "consents").await;
    remember(&test, "grants").await;
    // Changes of one moment have no order.
    test.advance(Span::from_secs(1));
    apps_with_access::withdraw(&test.cx, &mut ana.caller(), &ana.who().await, &app.id).await.unwrap();
    assert_eq!(put_back(&test, "consents").await.as_deref(), Some("consent_withdrawn"));
    apps_with_access::withdraw(&test.cx, &mut ana.caller(), &ana.who().await, &app.id).await.unwrap();
    assert_eq!(put_back(&test, "grants").await, None, "the control: no event names this grant");
    let authenticated = app.authenticated(&test).await;
    remember(&test, "grants").await;
    let mut caller = test.caller("app");
    let token = &tokens.access_token;
    service::revoke_token::revoke(&test.cx, &mut caller, ISSUER, &authenticated, token).await.unwrap();
    assert_eq!(put_back(&test, "grants").await.as_deref(), Some("grant_revoked"));
}

async fn an_old_signing_key_does_not_sign_again_unseen(test: TestContext) {
    world::keys(&test).await;
    remember(&test, "signing_keys").await;
    signing_keys::rotate(&test.cx, &mut test.operator(), Authority::Operator, false).await.unwrap();
    assert_eq!(put_back(&test, "signing_keys").await.as_deref(), Some("signing_key_retired"));
}

on_both_databases! {
    every_authority_column,
    a_line_cannot_be_borrowed,
    what_is_put_back_shows_against_the_log,
    an_old_signing_key_does_not_sign_again_unseen,
}
