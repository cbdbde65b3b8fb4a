//! Changing logins, names, addresses and languages.

use account::notice::NoticeKind;
use account::role::Role;
use account::user::{Login, User};
use service::administer_users::{self, AdministerError, Changes};
use service::{Authority, notify, redeem_pass};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

async fn change(test: &TestContext, user: &User, changes: Changes) -> Result<User, AdministerError> {
    administer_users::change(&test.cx, &mut test.operator(), Authority::Operator, user.id, changes).await
}

fn login(login: &str) -> Changes {
    Changes { login: Some(login.to_owned()), ..Changes::default() }
}

async fn passkeys_go_on_working(test: TestContext) {
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    let changed = change(&test, &user, login("ana.huber@example.com")).await.unwrap();
    assert_eq!(changed.handle, user.handle, "authenticators know the person by it");
    assert_eq!(changed.email.as_deref(), Some("ana.huber@example.com"), "the address was the login");
    let signed_in = ana.sign_in().await.unwrap();
    assert_eq!(signed_in.user.login.shown(), "ana.huber@example.com");
    assert_eq!(administer_users::show(&test.cx, ANA).await.unwrap_err(), AdministerError::NotFound);
    let other = test.add_user(ANA, Role::User).await;
    let taken = change(&test, &other, login("ANA.Huber@example.com")).await.unwrap_err();
    assert_eq!(taken.code(), "login_taken", "in whatever spelling");
    change(&test, &changed, login("Ana.Huber@example.com")).await.unwrap();
    assert_eq!(test.count_events("user_changed").await, 2);
}

#[tokio::test]
async fn on_sqlite_passkeys_go_on_working_and_the_old_login_is_free() {
    passkeys_go_on_working(TestContext::sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_passkeys_go_on_working_and_the_old_login_is_free() {
    if let Some(test) = TestContext::postgres().await {
        passkeys_go_on_working(test).await;
    }
}

#[tokio::test]
async fn a_new_name_is_no_new_chance_to_guess() {
    let test = TestContext::sqlite().await;
    let ana = Visitor::new(&test, "laptop");
    let user = test.add_user(ANA, Role::User).await;
    test.issue(&user).await;
    let wrong = account::temporary_pass::generate(10, ana.caller().entropy.as_mut());
    for _ in 0..account::lockout::GUESSES {
        redeem_pass::redeem(&test.cx, &mut ana.caller(), ANA, wrong.reveal()).await.unwrap_err();
    }
    change(&test, &user, login("ana.huber@example.com")).await.unwrap();
    let refused =
        redeem_pass::redeem(&test.cx, &mut ana.caller(), "ana.huber@example.com", wrong.reveal()).await;
    assert_eq!(refused.unwrap_err().code(), "too_many_tries");
}

#[tokio::test]
async fn each_part_changes_by_itself_and_nonsense_changes_nothing() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let name = Changes { name: Some(" Ana Huber ".to_owned()), ..Changes::default() };
    let language = Changes { language: Some(Some("de-CH".to_owned())), ..Changes::default() };
    let no_email = Changes { email: Some(None), ..Changes::default() };
    assert_eq!(change(&test, &user, name).await.unwrap().name, "Ana Huber");
    assert_eq!(change(&test, &user, language).await.unwrap().language.as_deref(), Some("de-CH"));
    let without = change(&test, &user, no_email.clone()).await.unwrap();
    assert_eq!((without.email, without.login), (None, Login::parse(ANA).unwrap()));
    assert_eq!(test.count_events("user_changed").await, 3);
    change(&test, &user, no_email).await.unwrap();
    assert_eq!(test.count_events("user_changed").await, 3, "nothing changed");
    for (changes, code) in [
        (login(" "), "login_empty"),
        (Changes { name: Some(String::new()), ..Changes::default() }, "name_empty"),
        (Changes { email: Some(Some("nowhere".to_owned())), ..Changes::default() }, "email_form"),
        (Changes { language: Some(Some("de_CH!".to_owned())), ..Changes::default() }, "language_unknown"),
    ] {
        assert_eq!(change(&test, &user, changes).await.unwrap_err().code(), code);
    }
    let moved = change(&test, &user, login("ana.huber@example.com")).await.unwrap();
    assert_eq!(moved.email, None, "whoever has no address gets none");
}

async fn the_mailbox_before_is_told_too(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    let claim = || notify::claim_mail(&test.cx, [1; 16]);
    let told = |mails: Vec<notify::Outgoing>| {
        let mut told: Vec<(String, NoticeKind)> =
            mails.into_iter().map(|mail| (mail.claimed.to, mail.claimed.notice.kind)).collect();
        told.sort_by(|one, other| one.0.cmp(&other.0));
        told
    };
    let (changed, left) = (NoticeKind::AccountChanged, NoticeKind::AddressLeft);
    let to = |address: &str, kind| (address.to_owned(), kind);

    // The address goes along with the login.
    change(&test, &user, login("ana.huber@example.com")).await.unwrap();
    let both = [to("ana.huber@example.com", changed), to(ANA, left)];
    assert_eq!(told(claim().await.unwrap()), both);
    // Another address alone, and none at all.
    let email = |email: Option<&str>| Changes { email: Some(email.map(str::to_owned)), ..Changes::default() };
    change(&test, &user, email(Some("huber@example.com"))).await.unwrap();
    let both = [to("ana.huber@example.com", left), to("huber@example.com", changed)];
    assert_eq!(told(claim().await.unwrap()), both);
    // Another login alone: the mailbox stays.
    change(&test, &user, login("ahuber")).await.unwrap();
    assert_eq!(told(claim().await.unwrap()), [to("huber@example.com", changed)]);
    change(&test, &user, email(None)).await.unwrap();
    assert_eq!(told(claim().await.unwrap()), [to("huber@example.com", left)]);
    let listed = notify::of_user(&test.cx, user.id).await.unwrap();
    assert!(listed.iter().all(|notice| notice.kind == changed), "pages tell it once");
    assert_eq!(listed.len(), 4);
}

#[tokio::test]
async fn on_sqlite_the_mailbox_before_is_told_too() {
    the_mailbox_before_is_told_too(TestContext::sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_the_mailbox_before_is_told_too() {
    if let Some(test) = TestContext::postgres().await {
        the_mailbox_before_is_told_too(test).await;
    }
}

#[tokio::test]
async fn a_person_needs_the_role_and_the_confirmation() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let mut root = Visitor::new(&test, "root");
    root.onboard("root@example.com", Role::Administrator).await;
    let by = |who| async {
        let who: service::Who = who;
        let (cx, mut caller) = (&test.cx, test.caller("root"));
        administer_users::change(cx, &mut caller, Authority::Person(&who), user.id, login("x@example.com"))
            .await
    };
    assert_eq!(by(root.who().await).await.unwrap_err().code(), "confirm_needed");
    root.confirm(account::action::Action::ChangeUser(user.id)).await.unwrap();
    by(root.who().await).await.unwrap();
}
