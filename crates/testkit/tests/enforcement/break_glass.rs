//! Accounts that stay usable whatever policy says, and that everybody hears of when they are used (DESIGN 5a.12).

use account::audit::EventKind;
use account::notice::NoticeKind;
use account::policy::{Area, Audience, Needed};
use account::role::Role;
use account::user::User;
use service::notify;
use store::users;
use testkit::{TestContext, Visitor};

use crate::world::set;

async fn kept(test: &TestContext, user: &User) {
    let changed = User { break_glass: true, ..user.clone() };
    assert!(test.cx.db.write(move |tx| users::update(tx, &changed)).await.unwrap());
}

#[tokio::test]
async fn it_signs_in_whatever_policy_says_and_all_administrators_are_told() {
    let test = TestContext::sqlite().await;
    let mut boss = Visitor::new(&test, "desk");
    let boss_user = boss.onboard("boss@example.com", Role::Administrator).await;
    let mut vault = Visitor::new(&test, "vault");
    let user = vault.onboard("vault@example.com", Role::Administrator).await;
    assert_eq!(test.count_events("break_glass_used").await, 0);
    kept(&test, &user).await;
    set(&test, |policy| {
        policy.passkeys.audience = Audience::Nobody;
        policy.require.console = Needed::Custom("gone".to_owned());
        policy.require.portal = Needed::Custom("gone".to_owned());
    });
    assert!(boss.sign_in().await.is_err());
    let signed_in = vault.sign_in().await.unwrap();
    let settings = test.cx.settings();
    for place in [Area::Portal, Area::Console, Area::SecurityInfo] {
        assert!(settings.lets_into(&vault.who().await, place), "{place}");
    }
    let used = test.events().await.into_iter().filter_map(|kind| match kind {
        EventKind::BreakGlassUsed { session } => Some(session),
        _ => None,
    });
    assert_eq!(used.collect::<Vec<_>>(), [signed_in.session.id]);
    for told in [boss_user.id, user.id] {
        let notices = notify::of_user(&test.cx, told).await.unwrap();
        let told: Vec<_> =
            notices.iter().filter(|notice| notice.kind == NoticeKind::BreakGlassUsed).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].facts.name.as_deref(), Some("vault@example.com"));
    }
}

#[tokio::test]
async fn it_never_signs_in_without_having_been_verified() {
    let test = TestContext::sqlite().await;
    let mut vault = Visitor::new(&test, "vault");
    let user = vault.onboard("vault@example.com", Role::Administrator).await;
    kept(&test, &user).await;
    let begun = vault.begin_sign_in();
    let response = vault.get_unverified(&begun.options);
    let error = vault.finish_sign_in(&begun.state, &response).await.unwrap_err();
    assert_eq!(error.code(), "uv_missing");
}
