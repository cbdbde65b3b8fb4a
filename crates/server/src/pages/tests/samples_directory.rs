//! The screens about people and groups.

use account::group::Group;
use account::role::{Permission, Role};
use account::search::Condition;
use account::user::{Directory, Login, User, UserStatus};
use primitives::id::Id;
use service::administer_groups::Listed;
use service::administer_users::{Found, Shown};
use service::import_users::{Fate, FileRefusal, Plan, PlannedRow, RowRefusal};
use service::manage_password::PasswordStatus;

use super::samples::{Sample, now, sample, signed_in};
use crate::pages::console::Nav;
use crate::pages::console::groups::{Groups, OneGroup};
use crate::pages::console::import::Import;
use crate::pages::console::people::{Asked, GroupChoice, NewPerson, People, PersonFields};
use crate::pages::console::person::{Person, Tab};
use crate::text::Text;

fn user() -> User {
    User {
        id: Id::from_bytes([1; 16]),
        handle: [1; 32],
        login: Login::parse("ana.meier@example.com").unwrap(),
        name: "Ana Meier".into(),
        email: None,
        role: Role::User,
        status: UserStatus::Enabled,
        security_epoch: 1,
        language: None,
        created: now(),
        groups: Vec::new(),
        break_glass: false,
        disabled_by_program: false,
        deleted_by_program: false,
        role_ended: None,
        deleted: None,
        directory: Directory::default(),
    }
}

fn group() -> Group {
    let (id, name) = (Id::from_bytes([2; 16]), "Staff".to_owned());
    Group { id, name, description: "Everybody".into(), external_id: None, created: now(), changed: now() }
}

fn nav(path: &str) -> Nav {
    Nav::new(Role::Administrator, path)
}

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = lists(text);
    samples.extend(persons(text));
    samples.extend(imports(text));
    samples.extend(groups(text));
    samples
}

fn lists(text: Text) -> Vec<Sample> {
    let path = "/admin/users";
    let found = || Found { user: user(), passkeys: 1, password: false, pass: true };
    let list = |asked: Asked, found: Vec<Found>, more: bool| People {
        shell: signed_in(text, path),
        nav: nav(path),
        asked,
        groups: vec![group().into()],
        total: i64::try_from(found.len()).unwrap(),
        found,
        next: more.then(|| "ana.meier@example.com".to_owned()),
        later: more,
        may_edit: true,
    };
    let never = Asked { show: Some(Condition::NeverSignedIn), ..Asked::default() };
    let new = NewPerson {
        shell: signed_in(text, "/admin/users/new"),
        nav: nav(path),
        fields: PersonFields::default(),
        role: Role::User,
        group: String::new(),
        groups: vec![group().into()],
        problem: Some("people-problem-login-taken"),
    };
    vec![
        sample("au-1", &list(Asked::default(), vec![found()], true)),
        sample("au-1-empty", &list(Asked::default(), vec![], false)),
        sample("au-1-none-found", &list(never, vec![], false)),
        sample("au-3", &new),
    ]
}

fn persons(text: Text) -> Vec<Sample> {
    let person = |user: User, tab: Tab, own: bool| Person {
        shell: signed_in(text, "/admin/users/1"),
        nav: nav("/admin/users/1"),
        tab,
        fields: PersonFields::default(),
        version: user.version(),
        groups: vec![group().into()],
        others: vec![GroupChoice { id: "3".into(), name: "HR".into() }],
        sessions: Vec::new(),
        happened: Vec::new(),
        own,
        may: if own { Vec::new() } else { Permission::ALL.to_vec() },
        problem: own.then_some("people-problem-oneself"),
        shown: Shown {
            user,
            passkeys: Vec::new(),
            pass: None,
            password: PasswordStatus::Never,
            codes: false,
            recovery_codes: None,
        },
    };
    let deleted = User { deleted: Some(now()), ..user() };
    let disabled = User { status: UserStatus::Disabled, break_glass: true, ..user() };
    vec![
        sample("au-2", &person(user(), Tab::Profile, false)),
        sample("au-2-own", &person(user(), Tab::Profile, true)),
        sample("au-2-deleted", &person(deleted, Tab::Profile, false)),
        sample("au-2-disabled", &person(disabled, Tab::Profile, false)),
        sample("at-1", &person(user(), Tab::Methods, false)),
        sample("au-2-sessions", &person(user(), Tab::Sessions, false)),
        sample("au-2-activity", &person(user(), Tab::Activity, false)),
    ]
}

fn imports(text: Text) -> Vec<Sample> {
    let path = "/admin/users/import";
    let import = |plan: Option<Plan>, refusal: Option<FileRefusal>| Import {
        shell: signed_in(text, path),
        nav: nav(path),
        file: "login,name\nana@example.com,Ana\n".into(),
        plan,
        refusal,
        problem: None,
    };
    let row = |fate: Fate| PlannedRow { line: 2, login: "ana@example.com".into(), name: "Ana".into(), fate };
    let wrong = vec![
        row(Fate::Added),
        row(Fate::There),
        row(Fate::Wrong(RowRefusal::Twice { line: 2 })),
        row(Fate::Wrong(RowRefusal::Group("HR".into()))),
        row(Fate::Wrong(RowRefusal::Manager)),
    ];
    let refusals = [
        ("au-4-large", FileRefusal::TooLarge),
        ("au-4-text", FileRefusal::NotText),
        ("au-4-none", FileRefusal::Empty),
        ("au-4-many", FileRefusal::TooManyRows),
        ("au-4-column", FileRefusal::UnknownColumn("role".into())),
        ("au-4-twice", FileRefusal::ColumnTwice("login")),
        ("au-4-missing", FileRefusal::ColumnMissing("name")),
        ("au-4-fields", FileRefusal::Fields { line: 3 }),
    ];
    let mut samples = vec![
        sample("au-4", &import(None, None)),
        sample("au-4-plan", &import(Some(Plan { digest: [1; 32], rows: vec![row(Fate::Added)] }), None)),
        sample("au-4-wrong", &import(Some(Plan { digest: [1; 32], rows: wrong }), None)),
    ];
    for (name, refusal) in refusals {
        samples.push(sample(name, &import(None, Some(refusal))));
    }
    samples
}

fn groups(text: Text) -> Vec<Sample> {
    let path = "/admin/groups";
    let listed = |in_policy: bool| Listed { group: group(), members: 1, in_policy };
    let list = |groups: Vec<Listed>| Groups {
        shell: signed_in(text, path),
        nav: nav(path),
        groups,
        next: Some("Staff".into()),
        later: true,
        may_edit: true,
        name: String::new(),
        description: String::new(),
        problem: None,
    };
    let one = |in_policy: bool, members: Vec<User>| OneGroup {
        shell: signed_in(text, "/admin/groups/2"),
        nav: nav("/admin/groups/2"),
        listed: listed(in_policy),
        name: "Staff".into(),
        description: "Everybody".into(),
        count: i64::try_from(members.len()).unwrap(),
        members,
        next: None,
        later: false,
        login: String::new(),
        may_edit: true,
        problem: in_policy.then_some("people-problem-group-policy"),
    };
    vec![
        sample("groups", &list(vec![listed(true)])),
        sample("groups-none", &list(vec![])),
        sample("group", &one(false, vec![user()])),
        sample("group-in-policy", &one(true, vec![])),
    ]
}
