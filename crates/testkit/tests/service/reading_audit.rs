//! The audit log against the rows: what somebody put back shows.

use account::action::Action;
use account::api_key::{Scope, Terms};
use account::attested_device::{Device, LIFETIME};
use account::audit::EventKind;
use account::role::Role;
use authenticator::Settings;
use primitives::id::Id;
use primitives::time::Span;
use service::administer_groups::NewGroup;
use service::administer_policy::Application;
use service::attest_devices::Attested;
use service::manage_passkeys::Reason;
use service::{
    Authority, administer_groups, administer_keys, administer_passes, administer_policy, administer_users,
    attest_devices, read_audit, sign_out,
};
use store::attested_devices;
use store::audit::{FaultKind, Filter};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

async fn sql(test: &TestContext, sql: String) {
    test.cx.db.write(move |tx| tx.execute_raw(&sql)).await.unwrap();
}

/// What verifying finds: the kind of fault, and the event after which a row was put back.
async fn found(test: &TestContext) -> Option<(FaultKind, EventKind)> {
    let fault = read_audit::verify(&test.cx, Vec::new()).await.unwrap().fault?;
    let entries = read_audit::list(&test.cx, Filter::default(), 1000).await.unwrap();
    let event = entries.into_iter().find(|entry| Some(entry.event.id) == fault.event).unwrap();
    Some((fault.kind, event.event.kind))
}

/// Remembers all rows of `table` as a thief does who means to come back.
async fn remember(test: &TestContext, table: &str) {
    assert_eq!(found(test).await, None);
    sql(test, format!("CREATE TABLE old AS SELECT * FROM {table}")).await;
    test.advance(Span::from_secs(1));
}

async fn put_back(test: &TestContext, table: &str) -> &'static str {
    assert_eq!(found(test).await, None, "what happened is what the rows say");
    sql(test, format!("REPLACE INTO {table} SELECT * FROM old; DROP TABLE old")).await;
    let (kind, event) = found(test).await.unwrap();
    assert_eq!((kind, kind.code()), (FaultKind::RolledBack, "row_rolled_back"));
    event.name()
}

#[tokio::test]
async fn an_account_that_was_disabled_or_lowered_does_not_come_back_unseen() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::Helpdesk).await;
    remember(&test, "users").await;
    let by = Authority::Operator;
    administer_users::set_role(&test.cx, &mut test.operator(), by, user.id, Role::User).await.unwrap();
    assert_eq!(put_back(&test, "users").await, "role_changed");

    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    remember(&test, "users").await;
    administer_users::disable(&test.cx, &mut test.operator(), by, user.id).await.unwrap();
    assert_eq!(put_back(&test, "users").await, "user_disabled");
}

#[tokio::test]
async fn a_revoked_device_and_a_removed_authority_do_not_come_back_unseen() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let now = test.now();
    let device = Device {
        id: Id::from_bytes([7; 16]),
        user: user.id,
        name: String::new(),
        key: vec![1],
        certificate: vec![2],
        created: now,
        issued: now,
        ends: now + LIFETIME,
        revoked: None,
    };
    let id = device.id;
    test.cx.db.write(move |tx| attested_devices::insert(tx, &device)).await.unwrap();
    remember(&test, "attested_devices").await;
    attest_devices::revoke(&test.cx, &mut test.operator(), id).await.unwrap();
    assert_eq!(put_back(&test, "attested_devices").await, "device_revoked");

    let test = TestContext::sqlite().await;
    attest_devices::make(&test.cx, &mut test.operator()).await.unwrap();
    remember(&test, "attestation_authorities").await;
    attest_devices::remove(&test.cx, &mut test.operator(), Attested::Distrusted).await.unwrap();
    assert_eq!(put_back(&test, "attestation_authorities").await, "attestation_authority_removed");
}

#[tokio::test]
async fn a_removed_passkey_and_an_ended_session_do_not_come_back_unseen() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let (second, _) = ana.add_another(Settings::security_key()).await;
    ana.confirm(Action::RemovePasskey(second.id)).await.unwrap();
    remember(&test, "passkeys").await;
    ana.remove(second.id, Reason::Unused).await.unwrap();
    assert_eq!(put_back(&test, "passkeys").await, "passkey_removed");

    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    remember(&test, "sessions").await;
    sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    assert_eq!(put_back(&test, "sessions").await, "signed_out");
    assert!(ana.who_is_it().await.is_some(), "which is why it must show");
}

#[tokio::test]
async fn a_used_or_revoked_pass_does_not_come_back_unseen() {
    for revoked in [false, true] {
        let test = TestContext::sqlite().await;
        let user = test.add_user(ANA, Role::User).await;
        let pass = test.issue_once(&user).await;
        remember(&test, "temporary_passes").await;
        let expected = if revoked {
            let by = Authority::Operator;
            administer_passes::revoke(&test.cx, &mut test.operator(), by, user.id).await.unwrap();
            "pass_revoked"
        } else {
            Visitor::new(&test, "laptop").redeem(ANA, &pass).await.unwrap();
            "pass_redeemed"
        };
        assert_eq!(put_back(&test, "temporary_passes").await, expected);
    }
}

#[tokio::test]
async fn what_was_decided_about_an_account_does_not_go_unseen() {
    let by = Authority::Operator;
    for expected in ["user_deleted", "group_joined", "group_left"] {
        let test = TestContext::sqlite().await;
        let (cx, user) = (&test.cx, test.add_user(ANA, Role::User).await.id);
        let new = NewGroup { name: "Excluded".to_owned(), ..NewGroup::default() };
        let group = administer_groups::add(cx, &mut test.operator(), by, new).await.unwrap().id;
        if expected == "group_left" {
            let mut operator = test.operator();
            let joins = administer_groups::set_members(cx, &mut operator, by, group, vec![user], vec![]);
            joins.await.unwrap();
            test.advance(Span::from_secs(1));
        }
        remember(&test, "users").await;
        let mut operator = test.operator();
        match expected {
            "user_deleted" => {
                administer_users::delete(cx, &mut operator, by, user).await.unwrap();
            }
            "group_joined" => {
                let moves = administer_groups::set_members(cx, &mut operator, by, group, vec![user], vec![]);
                moves.await.unwrap();
            }
            _ => {
                let moves = administer_groups::set_members(cx, &mut operator, by, group, vec![], vec![user]);
                moves.await.unwrap();
            }
        }
        assert_eq!(put_back(&test, "users").await, expected);
    }
}

#[tokio::test]
async fn a_key_that_was_taken_back_and_a_policy_that_was_applied_do_not_change_unseen() {
    let by = Authority::Operator;
    let test = TestContext::sqlite().await;
    let terms = Terms::new("hr", vec![Scope::Scim], Span::from_days(1), false).unwrap();
    let made = administer_keys::make(&test.cx, &mut test.operator(), by, terms).await.unwrap();
    remember(&test, "api_keys").await;
    administer_keys::revoke(&test.cx, &mut test.operator(), by, made.key.id).await.unwrap();
    assert_eq!(put_back(&test, "api_keys").await, "api_key_revoked");

    for undone in [false, true] {
        let test = TestContext::sqlite().await;
        let in_force = administer_policy::in_force(&test.cx).await.unwrap();
        let application = Application { document: in_force.document, ..Application::default() };
        administer_policy::apply(&test.cx, &mut test.operator(), by, application).await.unwrap();
        if undone {
            remember(&test, "policies").await;
            administer_policy::undo(&test.cx, &mut test.operator(), by, 1).await.unwrap();
            assert_eq!(put_back(&test, "policies").await, "policy_undone");
        } else {
            assert_eq!(found(&test).await, None);
            sql(&test, "DELETE FROM policies".to_owned()).await;
            let (kind, event) = found(&test).await.unwrap();
            assert_eq!((kind, event.name()), (FaultKind::RolledBack, "policy_applied"));
        }
    }
}

#[tokio::test]
async fn changes_of_one_moment_raise_no_alarm() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    test.add_user("other@example.com", Role::Administrator).await;
    let by = Authority::Operator;
    for role in [Role::Helpdesk, Role::User, Role::Administrator, Role::User] {
        administer_users::set_role(&test.cx, &mut test.operator(), by, user.id, role).await.unwrap();
        administer_users::disable(&test.cx, &mut test.operator(), by, user.id).await.unwrap();
        administer_users::enable(&test.cx, &mut test.operator(), by, user.id).await.unwrap();
        test.issue(&user).await;
        assert_eq!(found(&test).await, None);
    }
    service::housekeeping::sequence_once(&test.cx, [3; 16]).await.unwrap();
    assert_eq!(found(&test).await, None, "numbered or not");
}
