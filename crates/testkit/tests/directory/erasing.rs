//! Who may not erase changes nothing.

use account::action::Action;
use account::role::Role;
use account::user::Directory;
use service::Authority;
use service::administer_users::{self, Changes};
use testkit::{TestContext, Visitor};

pub(super) async fn who_has_not_confirmed_it_lets_nobodys_people_go(test: TestContext) {
    let cx = &test.cx;
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::Administrator).await;
    let boss = test.add_user("boss@example.com", Role::User).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    let directory = Directory { manager: Some(boss.id), ..Directory::default() };
    let changes = Changes { directory: Some(directory), ..Changes::default() };
    administer_users::change(cx, &mut test.operator(), super::BY, ana.id, changes).await.unwrap();
    administer_users::delete(cx, &mut test.operator(), super::BY, boss.id).await.unwrap();
    let manager = async || {
        let ana = cx.db.read(move |tx| store::users::by_id(tx, ana.id)).await.unwrap();
        ana.unwrap().directory.manager
    };

    let who = admin.who().await;
    let refused =
        administer_users::erase(cx, &mut admin.caller(), Authority::Person(&who), boss.id).await.unwrap_err();
    assert_eq!(refused.code(), "confirm_needed");
    assert_eq!(manager().await, Some(boss.id));

    admin.confirm(Action::EraseUser(boss.id)).await.unwrap();
    let who = admin.who().await;
    administer_users::erase(cx, &mut admin.caller(), Authority::Person(&who), boss.id).await.unwrap();
    assert_eq!(manager().await, None);
}
