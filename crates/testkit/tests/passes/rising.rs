//! Whoever rises: what others bound for them before gives nobody the new role.

use account::action::Action;
use account::policy::Area;
use account::role::Role;
use account::temporary_pass::Wish;
use account::user::{ROLE_LINGERS, User};
use primitives::time::Span;
use service::administer_groups::{self, NewGroup};
use service::administer_passes::{self, Give, Granted};
use service::{Authority, administer_users};
use testkit::{TestContext, Visitor};

/// Gives a pass in the name of `issuer`.
async fn give(test: &TestContext, issuer: &mut Visitor<'_>, target: &User) -> Granted {
    issuer.confirm(Action::IssuePass(target.id)).await.unwrap();
    let who = issuer.who().await;
    let wish = Wish { reason: "new-starter".to_owned(), ..Wish::default() };
    let authority = Authority::Person(&who);
    let mut caller = issuer.caller();
    administer_passes::give(&test.cx, &mut caller, authority, target.id, (wish, Give::Show)).await.unwrap()
}

/// A passkey of `target`, made by whoever holds `browser` with a pass of `issuer`.
async fn planted<'t>(
    test: &'t TestContext,
    browser: &str,
    issuer: &mut Visitor<'_>,
    target: &User,
) -> Visitor<'t> {
    let Granted::Issued(issued) = give(test, issuer, target).await else {
        panic!("a second person is needed");
    };
    let mut holder = Visitor::new(test, browser);
    holder.redeem(target.login.shown(), &issued.value).await.unwrap();
    holder.register().await.unwrap();
    holder.sign_in().await.unwrap();
    holder
}

async fn set_role(test: &TestContext, by: &mut Visitor<'_>, user: &User, role: Role) {
    by.confirm(Action::SetRole(user.id, role)).await.unwrap();
    let who = by.who().await;
    let authority = Authority::Person(&who);
    administer_users::set_role(&test.cx, &mut by.caller(), authority, user.id, role).await.unwrap();
}

/// Whether whoever signs in with that passkey now gets into the console, and anywhere at all.
async fn reaches(test: &TestContext, holder: &mut Visitor<'_>) -> (bool, bool) {
    holder.sign_in().await.unwrap();
    let (settings, who) = (test.cx.settings(), holder.who().await);
    (settings.lets_into(&who, Area::Console), settings.lets_into(&who, Area::Portal))
}

async fn what_a_lower_role_bound_opens_no_console(test: TestContext) {
    let (mut boss, mut desk) = (Visitor::new(&test, "boss"), Visitor::new(&test, "desk"));
    boss.onboard("boss@example.com", Role::Administrator).await;
    desk.onboard("desk@example.com", Role::AuthenticationAdministrator).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    let mut thief = planted(&test, "thief", &mut desk, &ana).await;
    // A passkey begets no better one.
    thief.add_another(authenticator::Settings::security_key()).await;
    let words: Vec<Option<Role>> = thief.passkeys().await.iter().map(|passkey| passkey.vouched).collect();
    assert_eq!(words, [Some(Role::AuthenticationAdministrator); 2]);

    set_role(&test, &mut boss, &ana, Role::Helpdesk).await;
    assert_eq!(
        reaches(&test, &mut thief).await,
        (true, true),
        "the role of whoever bound it includes this one"
    );
    set_role(&test, &mut boss, &ana, Role::Administrator).await;
    assert_eq!(reaches(&test, &mut thief).await, (false, true), "it still signs her in");
    thief.confirm(Action::AddGroup).await.unwrap();
    let (who, mut caller) = (thief.who().await, thief.caller());
    let group = NewGroup { name: "Mine".to_owned(), ..NewGroup::default() };
    let refused = administer_groups::add(&test.cx, &mut caller, Authority::Person(&who), group).await;
    assert_eq!(refused.unwrap_err().code(), "stronger_evidence_needed");

    // What an administrator's pass binds does.
    test.advance(Span::from_secs(1));
    let mut ana = planted(&test, "ana", &mut boss, &who.user).await;
    assert_eq!(reaches(&test, &mut ana).await, (true, true));
}

async fn whoever_lost_a_role_today_still_needs_a_second_person(test: TestContext) {
    let (mut boss, mut other) = (Visitor::new(&test, "boss"), Visitor::new(&test, "other"));
    boss.onboard("boss@example.com", Role::Administrator).await;
    let other = other.onboard("other@example.com", Role::Administrator).await;
    test.cx.change_settings(|settings| settings.policy.second_approver = true);
    set_role(&test, &mut boss, &other, Role::User).await;
    let Granted::Ordered(_) = give(&test, &mut boss, &other).await else {
        panic!("one person took the role away and issued a pass");
    };
    // The word of one person opens no role either, however long he waits.
    test.advance(ROLE_LINGERS);
    boss.sign_in().await.unwrap();
    let mut holder = planted(&test, "holder", &mut boss, &other).await;
    set_role(&test, &mut boss, &other, Role::Administrator).await;
    assert_eq!(reaches(&test, &mut holder).await, (false, true));
}

testkit::on_both_databases!(
    what_a_lower_role_bound_opens_no_console,
    whoever_lost_a_role_today_still_needs_a_second_person
);
