//! People and groups: found, deleted, erased, imported, put into groups, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "directory/erasing.rs"]
mod erasing;

use account::action::Action;
use account::passkey::Binding;
use account::policy::Audience;
use account::role::Role;
use account::search::{Condition, Filter};
use account::user::{Directory, KEPT_DELETED, Login, User};
use primitives::time::Span;
use service::administer_groups::{self, GroupChanges, NewGroup};
use service::administer_users::{self, AdministerError, Changes, NewUser};
use service::import_users::{self, Fate, ImportError};
use service::{Authority, erase_user, read_audit};
use testkit::armed::Arms;
use testkit::{TestContext, Visitor, on_both_databases};

use erasing::who_has_not_confirmed_it_lets_nobodys_people_go;

const BY: Authority<'static> = Authority::Operator;

async fn logins(test: &TestContext, filter: Filter) -> Vec<String> {
    let found = administer_users::search(&test.cx, filter.clone(), None, 500).await.unwrap();
    assert_eq!(administer_users::count(&test.cx, filter).await.unwrap(), u64::try_from(found.len()).unwrap());
    found.into_iter().map(|found| found.user.login.shown().to_owned()).collect()
}

fn that(condition: Condition) -> Filter {
    Filter { conditions: vec![condition], ..Filter::default() }
}

fn called(text: &str) -> Filter {
    Filter { text: Some(text.to_owned()), ..Filter::default() }
}

async fn add_group(test: &TestContext, name: &str) -> account::group::Group {
    let new = NewGroup { name: name.to_owned(), ..NewGroup::default() };
    administer_groups::add(&test.cx, &mut test.operator(), BY, new).await.unwrap()
}

async fn put_in(test: &TestContext, group: &account::group::Group, user: &User) {
    let add = vec![user.id];
    administer_groups::set_members(&test.cx, &mut test.operator(), BY, group.id, add, vec![]).await.unwrap();
}

async fn people_are_found_by_what_holds_for_them(test: TestContext) {
    let cx = &test.cx;
    let armed = |passkey: bool, password: bool| Arms {
        passkey: passkey.then_some(Binding::PhishingResistant),
        password,
        ..Arms::default()
    };
    let bare = test.arm("bare@example.com", Arms::default()).await.user;
    test.arm("one@example.com", armed(true, false)).await;
    test.arm("word@example.com", armed(false, true)).await;
    test.arm("off@example.com", Arms { disabled: true, ..armed(true, false) }).await;
    test.arm("locked@example.com", Arms { codes: true, locked: true, ..Arms::default() }).await;
    let helper = test.add_user("helper@example.com", Role::Helpdesk).await;
    test.issue(&bare).await;

    assert_eq!(logins(&test, Filter::default()).await.len(), 6);
    assert_eq!(logins(&test, that(Condition::OnePasskey)).await, ["one@example.com"]);
    let without = logins(&test, that(Condition::NoPasskey)).await;
    assert!(
        !without.contains(&"one@example.com".to_owned()) && without.contains(&"off@example.com".to_owned())
    );
    assert_eq!(logins(&test, that(Condition::PasswordOn)).await, ["word@example.com"]);
    assert_eq!(logins(&test, that(Condition::PassActive)).await, ["bare@example.com"]);
    assert_eq!(logins(&test, that(Condition::Locked)).await, ["locked@example.com"]);
    assert_eq!(logins(&test, that(Condition::NeverSignedIn)).await.len(), 6);
    assert_eq!(logins(&test, that(Condition::Privileged)).await, ["helper@example.com"]);
    assert_eq!(logins(&test, that(Condition::BreakGlass)).await, Vec::<String>::new());
    let role = Filter { role: Some(Role::Helpdesk), ..Filter::default() };
    assert_eq!(logins(&test, role).await, ["helper@example.com"]);

    // What LIKE takes for signs is looked for as it stands.
    assert_eq!(logins(&test, called("HELP")).await, ["helper@example.com"]);
    assert_eq!(logins(&test, called("of word")).await, ["word@example.com"]);
    assert_eq!(logins(&test, called("%")).await, Vec::<String>::new());
    assert_eq!(logins(&test, called("h_lper")).await, Vec::<String>::new());
    assert_eq!(logins(&test, called("' OR 1=1 --")).await, Vec::<String>::new());

    let staff = add_group(&test, "Staff").await;
    put_in(&test, &staff, &bare).await;
    let group = Filter { group: Some(staff.id), ..Filter::default() };
    assert_eq!(logins(&test, group).await, ["bare@example.com"]);

    administer_users::disable(cx, &mut test.operator(), BY, helper.id).await.unwrap();
    assert_eq!(logins(&test, that(Condition::Disabled)).await, ["helper@example.com"]);
    administer_users::delete(cx, &mut test.operator(), BY, bare.id).await.unwrap();
    assert_eq!(logins(&test, that(Condition::Deleted)).await, ["bare@example.com"]);
    assert_eq!(logins(&test, Filter::default()).await.len(), 5);
}

async fn a_name_that_was_guessed_at_too_often_is_found_as_locked(test: TestContext) {
    let quiet = test.add_user("quiet@example.com", Role::User).await;
    let ana = test.add_user("ana@example.com", Role::User).await;
    test.issue(&ana).await;
    // A slip of the keyboard costs no try: what is guessed is a pass, of somebody else.
    let wrong = test.issue(&quiet).await;
    for _ in 0..account::lockout::GUESSES {
        Visitor::new(&test, "guesser").redeem("nobody@example.com", &wrong).await.unwrap_err();
        Visitor::new(&test, "guesser").redeem("ana@example.com", &wrong).await.unwrap_err();
    }
    assert_eq!(logins(&test, that(Condition::Locked)).await, ["ana@example.com"]);
}

async fn more_people_than_fit_on_a_page_are_all_found_once(test: TestContext) {
    for number in 0..25 {
        test.add_user(&format!("user-{number:02}@example.com"), Role::User).await;
    }
    let (mut after, mut seen): (Option<Login>, Vec<String>) = (None, Vec::new());
    loop {
        let page = administer_users::search(&test.cx, called("user-"), after.clone(), 10).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.user.login.clone());
        seen.extend(page.iter().map(|found| found.user.login.shown().to_owned()));
    }
    assert_eq!(seen.len(), 25);
    assert!(seen.is_sorted());
    // Bounds of the page are kept whatever is asked for (A12).
    for (limit, found) in [(0, 1), (1, 1), (500, 25), (u32::MAX, 25)] {
        let page = administer_users::search(&test.cx, called("user-"), None, limit).await.unwrap();
        assert_eq!(page.len(), found);
    }
}

async fn deleting_ends_what_was_granted_and_can_be_undone(test: TestContext) {
    let cx = &test.cx;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana@example.com", Role::User).await;
    administer_users::delete(cx, &mut test.operator(), BY, user.id).await.unwrap();
    assert!(ana.who_is_it().await.is_none());
    assert_eq!(ana.sign_in().await.unwrap_err().code(), "disabled_user");
    let again = administer_users::delete(cx, &mut test.operator(), BY, user.id).await;
    assert_eq!(again.unwrap_err().code(), "deleted_user");
    let enabled = administer_users::enable(cx, &mut test.operator(), BY, user.id).await;
    assert_eq!(enabled.unwrap_err().code(), "deleted_user");
    // The login is kept for whoever may be brought back.
    let new = NewUser { login: "ana@example.com".to_owned(), name: "Ana".to_owned(), ..NewUser::default() };
    let taken = administer_users::add(cx, &mut test.operator(), BY, new).await;
    assert_eq!(taken.unwrap_err().code(), "login_taken");
    administer_users::restore(cx, &mut test.operator(), BY, user.id).await.unwrap();
    assert!(ana.who_is_it().await.is_none(), "what ended stays ended");
    ana.sign_in().await.unwrap();
    let restored = administer_users::restore(cx, &mut test.operator(), BY, user.id).await;
    assert_eq!(restored.unwrap_err().code(), "not_deleted");
    for kind in ["user_deleted", "user_restored"] {
        assert_eq!(test.count_events(kind).await, 1);
    }
}

async fn the_last_administrator_is_not_deleted(test: TestContext) {
    let cx = &test.cx;
    let first = test.add_user("first@example.com", Role::Administrator).await;
    let refused = administer_users::delete(cx, &mut test.operator(), BY, first.id).await;
    assert_eq!(refused.unwrap_err(), AdministerError::LastAdministrator);
    let second = test.add_user("second@example.com", Role::Administrator).await;
    administer_users::delete(cx, &mut test.operator(), BY, second.id).await.unwrap();
    let refused = administer_users::disable(cx, &mut test.operator(), BY, first.id).await;
    assert_eq!(refused.unwrap_err(), AdministerError::LastAdministrator, "a deleted one does not count");
}

async fn what_is_erased_is_nowhere_and_the_chain_still_verifies(test: TestContext) {
    let cx = &test.cx;
    let arms = Arms { passkey: Some(Binding::PhishingResistant), password: true, ..Arms::default() };
    let arms = Arms { codes: true, recovery: true, ..arms };
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana-unique@example.com", Role::User).await;
    let staff = add_group(&test, "Staff").await;
    put_in(&test, &staff, &user).await;
    test.issue(&user).await;
    let other = test.arm("other@example.com", arms).await.user;
    let managed = Changes {
        directory: Some(Directory { manager: Some(user.id), ..Directory::default() }),
        ..Changes::default()
    };
    administer_users::change(cx, &mut test.operator(), BY, other.id, managed).await.unwrap();
    ana.sign_in().await.unwrap();

    let early = administer_users::erase(cx, &mut test.operator(), BY, user.id).await;
    assert_eq!(early.unwrap_err().code(), "not_deleted");
    administer_users::delete(cx, &mut test.operator(), BY, user.id).await.unwrap();
    test.advance(Span::from_micros(KEPT_DELETED.micros() - 1));
    assert_eq!(erase_user::erase_due(cx, &mut test.operator()).await.unwrap(), 0);
    while let store::audit::Sequenced::Batch { .. } =
        service::housekeeping::sequence_once(cx, [7; 16]).await.unwrap()
    {}
    test.advance(Span::from_micros(1));
    assert_eq!(erase_user::erase_due(cx, &mut test.operator()).await.unwrap(), 1);
    assert_eq!(erase_user::erase_due(cx, &mut test.operator()).await.unwrap(), 0);

    let gone = administer_users::show_by_id(cx, user.id).await.unwrap_err();
    assert_eq!(gone, AdministerError::NotFound);
    assert_eq!(places_of(&test, &user).await, Vec::<String>::new());
    let kept = administer_users::show_by_id(cx, other.id).await.unwrap();
    assert_eq!(kept.user.directory.manager, None);
    assert!(kept.codes && !kept.passkeys.is_empty());
    assert_eq!(administer_groups::show(cx, staff.id).await.unwrap().members, 0);
    while let store::audit::Sequenced::Batch { .. } =
        service::housekeeping::sequence_once(cx, [7; 16]).await.unwrap()
    {}
    let report = read_audit::verify(cx, vec![]).await.unwrap();
    assert_eq!(report.fault, None);
    let events = read_audit::list(cx, store::audit::Filter::default(), 1000).await.unwrap();
    let of_ana = events.iter().filter(|entry| entry.event.subject == Some(user.id));
    let erased: Vec<_> = of_ana.filter(|entry| entry.event.kind.name() != "user_erased").collect();
    assert!(!erased.is_empty(), "what happened stays");
    assert!(erased.iter().all(|entry| entry.event.client.is_none() && entry.event.note.is_none()));
    // The login is free again.
    test.add_user("ana-unique@example.com", Role::User).await;
}

/// The tables and columns, events apart, where an account's id or its login still stands.
async fn places_of(test: &TestContext, user: &User) -> Vec<String> {
    let (id, login) = (*user.id.as_bytes(), user.login.key().to_owned());
    let found = test.cx.db.read(move |tx| {
        let mut found = Vec::new();
        for table in store::backup::tables().into_iter().filter(|table| !table.starts_with("audit_")) {
            for row in tx.query(&format!("SELECT * FROM {table}"), &[])? {
                let told = format!("{row:?}");
                if told.contains(&format!("{id:?}").replace(['[', ']'], "")) || told.contains(&login) {
                    found.push(table.to_owned());
                }
            }
        }
        Ok::<_, store::StoreError>(found)
    });
    found.await.unwrap()
}

async fn a_new_registration_leaves_no_method(test: TestContext) {
    let cx = &test.cx;
    let arms = Arms {
        passkey: Some(Binding::PhishingResistant),
        password: true,
        codes: true,
        recovery: true,
        ..Arms::default()
    };
    let user = test.arm("ana@example.com", arms).await.user;
    test.issue(&user).await;
    let mut helper = Visitor::new(&test, "helper");
    helper.onboard("auth@example.com", Role::AuthenticationAdministrator).await;
    helper.confirm(Action::RequireRegistration(user.id)).await.unwrap();
    let who = helper.who().await;
    let by = Authority::Person(&who);
    administer_users::require_new_registration(cx, &mut helper.caller(), by, user.id).await.unwrap();
    let shown = administer_users::show_by_id(cx, user.id).await.unwrap();
    assert!(shown.passkeys.is_empty() && !shown.codes);
    assert_eq!(shown.recovery_codes.map_or(0, |codes| codes.left), 0);
    let found = administer_users::search(cx, called("ana@"), None, 1).await.unwrap();
    assert!(!found[0].password && !found[0].pass && found[0].passkeys == 0);
    assert_eq!(shown.user.security_epoch, user.security_epoch + 1);
    assert_eq!(test.count_events("registration_required").await, 1);
    assert_eq!(test.count_events("passkey_removed").await, 1);
}

async fn two_who_change_one_account_do_not_overwrite_each_other(test: TestContext) {
    let cx = &test.cx;
    let user = test.add_user("ana@example.com", Role::User).await;
    let change = |name: &str, version: &str| Changes {
        name: Some(name.to_owned()),
        expected: Some(version.to_owned()),
        ..Changes::default()
    };
    let seen = user.version();
    let first = administer_users::change(cx, &mut test.operator(), BY, user.id, change("One", &seen)).await;
    assert_ne!(first.unwrap().version(), seen);
    let second = administer_users::change(cx, &mut test.operator(), BY, user.id, change("Two", &seen)).await;
    assert_eq!(second.unwrap_err().code(), "version_conflict");
    assert_eq!(administer_users::show_by_id(cx, user.id).await.unwrap().user.name, "One");
    let group = add_group(&test, "Staff").await;
    test.advance(Span::from_secs(1));
    let rename = |name: &str| GroupChanges {
        name: Some(name.to_owned()),
        expected: Some(group.changed),
        ..GroupChanges::default()
    };
    administer_groups::change(cx, &mut test.operator(), BY, group.id, rename("One")).await.unwrap();
    let second = administer_groups::change(cx, &mut test.operator(), BY, group.id, rename("Two")).await;
    assert_eq!(second.unwrap_err().code(), "version_conflict");
}

async fn what_the_directory_says_is_bounded(test: TestContext) {
    let user = test.add_user("ana@example.com", Role::User).await;
    let told = |directory: Directory| Changes { directory: Some(directory), ..Changes::default() };
    let text = |text: &str| Directory { title: Some(text.to_owned()), ..Directory::default() };
    let private = Directory { private_email: Some("nowhere".to_owned()), ..Directory::default() };
    let manager = Directory { manager: Some(user.id), ..Directory::default() };
    for (directory, code) in [
        (text(&"x".repeat(121)), "directory_text_too_long"),
        (text("a\u{202e}b"), "directory_text_control_character"),
        (private, "private_email_form"),
        (manager, "manager_unknown"),
    ] {
        let refused =
            administer_users::change(&test.cx, &mut test.operator(), BY, user.id, told(directory)).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    let blank = administer_users::change(&test.cx, &mut test.operator(), BY, user.id, told(text(" "))).await;
    assert_eq!(blank.unwrap().directory.title, None);
}

async fn groups_are_named_once_and_stay_while_policy_names_them(test: TestContext) {
    let cx = &test.cx;
    let staff = add_group(&test, "Staff").await;
    let add = |name: &str| NewGroup { name: name.to_owned(), ..NewGroup::default() };
    let taken = administer_groups::add(cx, &mut test.operator(), BY, add(" ＳＴＡＦＦ ")).await;
    assert_eq!(taken.unwrap_err().code(), "group_taken");
    let empty = administer_groups::add(cx, &mut test.operator(), BY, add(" ")).await;
    assert_eq!(empty.unwrap_err().code(), "name_empty");
    let user = test.add_user("ana@example.com", Role::User).await;
    put_in(&test, &staff, &user).await;
    put_in(&test, &staff, &user).await;
    assert_eq!(test.count_events("group_joined").await, 1);
    assert_eq!(administer_groups::show(cx, staff.id).await.unwrap().members, 1);
    let before = cx.settings().policy.codes.clone();
    cx.change_settings(|settings| {
        settings.policy.codes = Audience::Everybody { except: vec![staff.id] };
    });
    let refused = administer_groups::remove(cx, &mut test.operator(), BY, staff.id).await;
    assert_eq!(refused.unwrap_err().code(), "group_in_policy");
    assert!(administer_groups::show(cx, staff.id).await.unwrap().in_policy);
    cx.change_settings(|settings| settings.policy.codes = before);
    administer_groups::remove(cx, &mut test.operator(), BY, staff.id).await.unwrap();
    let ana = administer_users::show_by_id(cx, user.id).await.unwrap().user;
    assert!(ana.groups.is_empty());
    let gone = administer_groups::show(cx, staff.id).await.unwrap_err();
    assert_eq!(gone.code(), "not_found");
    let nobody = account::user::UserId::from_bytes([9; 16]);
    let other = add_group(&test, "Other").await;
    let unknown =
        administer_groups::set_members(cx, &mut test.operator(), BY, other.id, vec![nobody], vec![]).await;
    assert_eq!(unknown.unwrap_err().code(), "not_found");
    let many = vec![nobody; administer_groups::MOST_AT_ONCE + 1];
    let refused = administer_groups::set_members(cx, &mut test.operator(), BY, other.id, many, vec![]).await;
    assert_eq!(refused.unwrap_err().code(), "too_many_members");
}

async fn a_file_is_looked_at_before_it_is_imported(test: TestContext) {
    let cx = &test.cx;
    let staff = add_group(&test, "Staff").await;
    let boss = test.add_user("boss@example.com", Role::User).await;
    let file = "login,name,email,groups,manager,language\n\
        ana@example.com,Ana,,Staff,boss@example.com,de\n\
        boss@example.com,Boss,,,,\n\
        ANA@example.com,Twice,,,,\n\
        bea@example.com,Bea,nowhere,,,\n\
        carl@example.com,Carl,,Nobody,,\n\
        dora@example.com,Dora,,,nobody@example.com,\n\
        emil@example.com,,,,,\n\
        ,Nameless,,,,\n\
        finn@example.com,Finn,,,,de_CH!\n";
    let plan = import_users::preview(cx, None, file.as_bytes()).await.unwrap();
    let codes: Vec<&str> = plan
        .rows
        .iter()
        .map(|row| match &row.fate {
            Fate::Added => "added",
            Fate::There => "there",
            Fate::Wrong(refusal) => refusal.code(),
        })
        .collect();
    let expected = ["added", "there", "login_twice", "email_form", "group_unknown", "manager_unknown"];
    assert_eq!(codes[..6], expected);
    assert_eq!(codes[6..], ["name_empty", "login_empty", "language_unknown"]);
    let refused = import_users::apply(cx, &mut test.operator(), BY, file.as_bytes()).await.unwrap_err();
    assert!(matches!(&refused, ImportError::Rows(told) if **told == plan));
    assert_eq!(refused.code(), "import_rows");
    assert_eq!(administer_users::show(cx, "ana@example.com").await.unwrap_err().code(), "not_found");

    let right: Vec<&str> = file.lines().take(3).collect();
    let right = right.join("\n");
    let imported = import_users::apply(cx, &mut test.operator(), BY, right.as_bytes()).await.unwrap();
    assert_eq!((imported.added, imported.there), (1, 1));
    let ana = administer_users::show(cx, "ana@example.com").await.unwrap().user;
    assert_eq!((ana.groups.as_slice(), ana.directory.manager), (&[staff.id][..], Some(boss.id)));
    assert_eq!(ana.email.as_deref(), Some("ana@example.com"));
    // Again: whoever is there is left alone.
    let again = import_users::apply(cx, &mut test.operator(), BY, right.as_bytes()).await.unwrap();
    assert_eq!((again.added, again.there), (0, 2));
    assert_eq!(test.count_events("users_imported").await, 2);
}

async fn many_are_imported_in_several_commits_under_one_confirmation(test: TestContext) {
    let cx = &test.cx;
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::Administrator).await;
    let rows: String = (0..450).map(|number| format!("user-{number}@example.com,User {number}\n")).collect();
    let file = format!("login,name\n{rows}");
    let who = admin.who().await;
    let unconfirmed =
        import_users::apply(cx, &mut admin.caller(), Authority::Person(&who), file.as_bytes()).await;
    assert_eq!(unconfirmed.unwrap_err().code(), "confirm_needed");
    let plan = import_users::preview(cx, Some(&who), file.as_bytes()).await.unwrap();
    admin.confirm(Action::ImportUsers(plan.digest)).await.unwrap();
    let who = admin.who().await;
    let by = Authority::Person(&who);
    let imported = import_users::apply(cx, &mut admin.caller(), by, file.as_bytes()).await.unwrap();
    assert_eq!(imported.added, 450);
    assert_eq!(administer_users::count(cx, called("user-")).await.unwrap(), 450);
}

async fn a_break_glass_account_has_two_keys_and_is_left_alone(test: TestContext) {
    let cx = &test.cx;
    let mark = administer_users::set_break_glass;
    let mut admin = Visitor::new(&test, "safe");
    let user = admin.onboard("safe@example.com", Role::Administrator).await;
    let refused = mark(cx, &mut test.operator(), BY, user.id, true).await;
    assert_eq!(refused.unwrap_err().code(), "break_glass_keys");
    let plain = test.add_user("plain@example.com", Role::User).await;
    let refused = mark(cx, &mut test.operator(), BY, plain.id, true).await;
    assert_eq!(refused.unwrap_err().code(), "break_glass_role");
    for _ in 0..2 {
        let (_, before) = admin.add_another(authenticator::Settings::security_key()).await;
        admin.authenticator = before;
    }
    let marked = mark(cx, &mut test.operator(), BY, user.id, true).await.unwrap();
    assert!(marked.break_glass);
    for refused in [
        administer_users::disable(cx, &mut test.operator(), BY, user.id).await,
        administer_users::delete(cx, &mut test.operator(), BY, user.id).await,
        administer_users::set_role(cx, &mut test.operator(), BY, user.id, Role::User).await,
        administer_users::require_new_registration(cx, &mut test.operator(), BY, user.id).await,
    ] {
        assert_eq!(refused.unwrap_err().code(), "break_glass_user");
    }
    assert_eq!(logins(&test, that(Condition::BreakGlass)).await, ["safe@example.com"]);
    assert!(!mark(cx, &mut test.operator(), BY, user.id, false).await.unwrap().break_glass);
    assert_eq!(test.count_events("break_glass_changed").await, 2);
}

on_both_databases! {
    people_are_found_by_what_holds_for_them,
    a_name_that_was_guessed_at_too_often_is_found_as_locked,
    more_people_than_fit_on_a_page_are_all_found_once,
    deleting_ends_what_was_granted_and_can_be_undone,
    the_last_administrator_is_not_deleted,
    what_is_erased_is_nowhere_and_the_chain_still_verifies,
    who_has_not_confirmed_it_lets_nobodys_people_go,
    a_new_registration_leaves_no_method,
    two_who_change_one_account_do_not_overwrite_each_other,
    what_the_directory_says_is_bounded,
    groups_are_named_once_and_stay_while_policy_names_them,
    a_file_is_looked_at_before_it_is_imported,
    many_are_imported_in_several_commits_under_one_confirmation,
    a_break_glass_account_has_two_keys_and_is_left_alone,
}
