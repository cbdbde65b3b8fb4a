//! Who may do what to whom: every role, the operator and a program, every administration operation, every kind of account,
//! each tried against the real use cases. The table that comes out is the one below, which a person reviewed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests end the test as the tests do")]

use account::action::Action;
use account::api_key::{ApiKey, Scope, Terms};
use account::passkey::Binding;
use account::role::Role;
use account::temporary_pass::Wish;
use account::user::User;
use primitives::digest;
use primitives::id::Id;
use primitives::time::Span;
use service::administer_groups::{self, GroupChanges, NewGroup};
use service::administer_policy::{self, Application};
use service::administer_users::{self, AdministerError, Changes, NewUser};
use service::{Authority, administer_keys, administer_passes, go_passwordless, import_users};
use testkit::armed::Arms;
use testkit::{TestContext, Visitor};

/// One operation; those of the second kind are done to nobody.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Add,
    Change,
    Disable,
    Enable,
    SetRole,
    RaiseRole,
    Delete,
    Restore,
    Erase,
    SignOut,
    RequireRegistration,
    RemovePasskey,
    MarkBreakGlass,
    UnmarkBreakGlass,
    IssuePass,
    RevokePass,
    PutInGroup,
    TakeOutOfGroup,
    AddGroup,
    ChangeGroup,
    RemoveGroup,
    Import,
    AllowPassword,
    MakeKey,
    ApplyPolicy,
}

use Operation as O;

const TO_PEOPLE: [Operation; 19] = [
    O::Add,
    O::Change,
    O::Disable,
    O::Enable,
    O::SetRole,
    O::RaiseRole,
    O::Delete,
    O::Restore,
    O::Erase,
    O::SignOut,
    O::RequireRegistration,
    O::RemovePasskey,
    O::MarkBreakGlass,
    O::UnmarkBreakGlass,
    O::IssuePass,
    O::RevokePass,
    O::PutInGroup,
    O::TakeOutOfGroup,
    O::AllowPassword,
];

const TO_NOBODY: [Operation; 6] =
    [O::AddGroup, O::ChangeGroup, O::RemoveGroup, O::Import, O::MakeKey, O::ApplyPolicy];

/// Each line is one who asks; its columns are what comes of doing it to oneself and to somebody of each role: `+` done, or
/// the refusal in short as the last lines say.
const EXPECTED: &str = include_str!("matrix/expected.txt");

fn short(code: &str) -> &str {
    match code {
        "role_too_low" => "role",
        "not_for_oneself" => "self",
        // What is enabled and restored here a person disabled and deleted before.
        "held_by_person" => "held",
        "scope_missing" => "scope",
        "break_glass_role" => "bg-role",
        "break_glass_keys" => "bg-keys",
        other => other,
    }
}

fn told(done: Result<(), &'static str>) -> String {
    done.map_or_else(|code| short(code).to_owned(), |()| "+".to_owned())
}

/// Who asks.
enum Issuer<'t> {
    Operator,
    Program(Box<ApiKey>),
    Person(Box<Visitor<'t>>),
}

struct Matrix<'t> {
    test: &'t TestContext,
    number: u32,
}

impl Matrix<'_> {
    fn login(&mut self) -> String {
        self.number += 1;
        format!("target-{}@example.com", self.number)
    }

    /// Somebody of that role for whom the operation makes sense.
    async fn target(&mut self, operation: Operation, role: Role) -> User {
        let (cx, by) = (&self.test.cx, Authority::Operator);
        let arms = Arms { passkey: Some(Binding::PhishingResistant), ..Arms::default() };
        let login = self.login();
        let mut user = self.test.arm(&login, arms).await.user;
        if role != Role::User {
            user =
                administer_users::set_role(cx, &mut self.test.operator(), by, user.id, role).await.unwrap();
        }
        let mut operator = self.test.operator();
        match operation {
            O::Enable => administer_users::disable(cx, &mut operator, by, user.id).await.unwrap(),
            O::Restore | O::Erase => administer_users::delete(cx, &mut operator, by, user.id).await.unwrap(),
            O::RevokePass => {
                self.test.issue(&user).await;
                user
            }
            _ => user,
        }
    }

    async fn try_it(&mut self, issuer: &mut Issuer<'_>, operation: Operation, target: &User) -> String {
        let test = self.test;
        let group = self.group(operation, target).await;
        let passkey = passkey_of(test, target).await;
        let (login, file) = (self.login(), format!("login,name\n{},New\n", self.login()));
        let id = target.id;
        let terms = key_terms(&login, vec![Scope::UsersRead]);
        let application = self.application().await;
        let action = match operation {
            O::Add => Action::AddUser(target.role),
            O::Change => Action::ChangeUser(id),
            O::Disable => Action::DisableUser(id),
            O::Enable => Action::EnableUser(id),
            O::SetRole => Action::SetRole(id, Role::User),
            O::RaiseRole => Action::SetRole(id, Role::Administrator),
            O::Delete => Action::DeleteUser(id),
            O::Restore => Action::RestoreUser(id),
            O::Erase => Action::EraseUser(id),
            O::SignOut => Action::SignOutUser(id),
            O::RequireRegistration => Action::RequireRegistration(id),
            O::RemovePasskey => Action::RemovePasskeyOf(id, passkey),
            O::MarkBreakGlass => Action::MarkBreakGlass(id),
            O::UnmarkBreakGlass => Action::UnmarkBreakGlass(id),
            O::IssuePass => Action::IssuePass(id),
            O::RevokePass => Action::RevokePass(id),
            O::PutInGroup | O::TakeOutOfGroup => Action::SetMembers(group),
            O::AddGroup => Action::AddGroup,
            O::ChangeGroup => Action::ChangeGroup(group),
            O::RemoveGroup => Action::RemoveGroup(group),
            O::Import => Action::ImportUsers(digest::sha256(file.as_bytes())),
            O::AllowPassword => Action::AllowPassword(id),
            O::MakeKey => Action::MakeKey(terms.digest()),
            // Action::ApplyPolicy of this very document.
            O::ApplyPolicy => {
                let names = administer_policy::names(&self.test.cx).await.unwrap();
                application.action(&names).unwrap()
            }
        };
        let who = match issuer {
            Issuer::Person(visitor) => {
                visitor.confirm(action).await.unwrap();
                Some(visitor.who().await)
            }
            _ => None,
        };
        let (by, mut caller) = match (&*issuer, &who) {
            (Issuer::Person(visitor), Some(who)) => (Authority::Person(who), visitor.caller()),
            (Issuer::Program(key), _) => (Authority::Key(key), test.operator()),
            _ => (Authority::Operator, test.operator()),
        };
        let (cx, caller) = (&test.cx, &mut caller);
        let administered: Result<(), AdministerError> = match operation {
            O::Add => {
                let new = NewUser { login, name: "New".to_owned(), role: target.role, ..NewUser::default() };
                administer_users::add(cx, caller, by, new).await.map(drop)
            }
            O::Change => {
                let changes = Changes { name: Some("Another".to_owned()), ..Changes::default() };
                administer_users::change(cx, caller, by, id, changes).await.map(drop)
            }
            O::Disable => administer_users::disable(cx, caller, by, id).await.map(drop),
            O::Enable => administer_users::enable(cx, caller, by, id).await.map(drop),
            O::SetRole => administer_users::set_role(cx, caller, by, id, Role::User).await.map(drop),
            O::RaiseRole => {
                administer_users::set_role(cx, caller, by, id, Role::Administrator).await.map(drop)
            }
            O::Delete => administer_users::delete(cx, caller, by, id).await.map(drop),
            O::Restore => administer_users::restore(cx, caller, by, id).await.map(drop),
            O::Erase => administer_users::erase(cx, caller, by, id).await,
            O::SignOut => administer_users::sign_out(cx, caller, by, id).await.map(drop),
            O::RequireRegistration => {
                administer_users::require_new_registration(cx, caller, by, id).await.map(drop)
            }
            O::RemovePasskey => administer_users::remove_passkey(cx, caller, by, id, passkey).await.map(drop),
            O::MarkBreakGlass => administer_users::set_break_glass(cx, caller, by, id, true).await.map(drop),
            O::UnmarkBreakGlass => {
                administer_users::set_break_glass(cx, caller, by, id, false).await.map(drop)
            }
            O::IssuePass => {
                let wish = Wish { reason: "lost".to_owned(), ..Wish::default() };
                administer_passes::issue(cx, caller, by, id, wish).await.map(drop)
            }
            O::RevokePass => administer_passes::revoke(cx, caller, by, id).await.map(drop),
            O::PutInGroup => {
                administer_groups::set_members(cx, caller, by, group, vec![id], vec![]).await.map(drop)
            }
            O::TakeOutOfGroup => {
                administer_groups::set_members(cx, caller, by, group, vec![], vec![id]).await.map(drop)
            }
            O::AddGroup => {
                let new = NewGroup { name: login, ..NewGroup::default() };
                administer_groups::add(cx, caller, by, new).await.map(drop)
            }
            O::ChangeGroup => {
                let changes =
                    GroupChanges { description: Some("other".to_owned()), ..GroupChanges::default() };
                administer_groups::change(cx, caller, by, group, changes).await.map(drop)
            }
            O::RemoveGroup => administer_groups::remove(cx, caller, by, group).await.map(drop),
            O::Import => match import_users::apply(cx, caller, by, file.as_bytes()).await {
                Ok(_) => Ok(()),
                Err(import_users::ImportError::Administer(error)) => Err(error),
                Err(error) => panic!("{error:?}"),
            },
            O::AllowPassword => go_passwordless::allow_again(cx, caller, by, id).await,
            O::MakeKey => {
                let made = administer_keys::make(cx, caller, by, terms).await;
                return told(made.map(drop).map_err(|error| error.code()));
            }
            O::ApplyPolicy => {
                let applied = administer_policy::apply(cx, caller, by, application).await;
                // Whoever may is past the roles; what becomes of the document is told by the policy's own tests.
                return match applied.map_err(|error| error.code()) {
                    Err(code @ ("role_too_low" | "scope_missing" | "confirm_needed")) => {
                        short(code).to_owned()
                    }
                    _ => "may".to_owned(),
                };
            }
        };
        told(administered.map_err(|error| error.code()))
    }

    /// The policy in force, to be applied once more.
    async fn application(&self) -> Application {
        let version = administer_policy::in_force(&self.test.cx).await.unwrap();
        let (comment, effective) = ("the same".to_owned(), None);
        Application { document: version.document, base: version.number, comment, effective, locks_out: 0 }
    }

    /// A group for what is done with one.
    async fn group(&mut self, operation: Operation, target: &User) -> account::group::GroupId {
        let (test, by) = (self.test, Authority::Operator);
        let with_group =
            matches!(operation, O::PutInGroup | O::TakeOutOfGroup | O::ChangeGroup | O::RemoveGroup);
        if !with_group {
            return Id::from_bytes([0; 16]);
        }
        let new = NewGroup { name: self.login(), ..NewGroup::default() };
        let group = administer_groups::add(&test.cx, &mut test.operator(), by, new).await.unwrap().id;
        if operation == O::TakeOutOfGroup {
            let add = vec![target.id];
            let mut operator = test.operator();
            administer_groups::set_members(&test.cx, &mut operator, by, group, add, vec![]).await.unwrap();
        }
        group
    }

    /// The columns of one who asks.
    async fn line(&mut self, issuer: &mut Issuer<'_>, operation: Operation) -> String {
        let mut cells = Vec::new();
        if TO_NOBODY.contains(&operation) {
            let bystander = self.target(operation, Role::User).await;
            cells.push(self.try_it(issuer, operation, &bystander).await);
        } else {
            let own = match issuer {
                Issuer::Person(visitor) if operation != O::Add => Some(visitor.who().await.user),
                _ => None,
            };
            cells.push(match own {
                Some(own) => self.try_it(issuer, operation, &own).await,
                None => ".".to_owned(),
            });
            for role in Role::ALL {
                let target = self.target(operation, *role).await;
                cells.push(self.try_it(issuer, operation, &target).await);
            }
        }
        cells.iter().map(|cell| format!("{cell:>8}")).collect()
    }
}

async fn passkey_of(test: &TestContext, user: &User) -> account::passkey::PasskeyId {
    let shown = administer_users::show_by_id(&test.cx, user.id).await.unwrap();
    shown.passkeys.first().map_or(Id::from_bytes([0; 16]), |passkey| passkey.id)
}

fn key_terms(name: &str, scopes: Vec<Scope>) -> Terms {
    Terms { name: name.to_owned(), scopes, lifetime: Span::from_days(30), personal: false }
}

/// A program with every scope that one by itself may have.
async fn program(test: &TestContext) -> ApiKey {
    let scopes = Scope::ALL.iter().copied().filter(|scope| !scope.needs_person()).collect();
    let terms = key_terms("matrix", scopes);
    administer_keys::make(&test.cx, &mut test.operator(), Authority::Operator, terms).await.unwrap().key
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_do_what_to_whom() {
    let test = TestContext::sqlite().await;
    let mut issuers = Vec::new();
    for role in Role::ALL {
        let mut visitor = Visitor::new(&test, role.as_str());
        visitor.onboard(&format!("{role}@example.com"), *role).await;
        issuers.push((role.as_str(), Issuer::Person(Box::new(visitor))));
    }
    issuers.push(("(program)", Issuer::Program(Box::new(program(&test).await))));
    issuers.push(("(operator)", Issuer::Operator));
    let mut matrix = Matrix { test: &test, number: 0 };
    let mut table = String::new();
    let columns = ["self", "user", "reader", "help", "auth", "policy", "priv", "admin"];
    let columns: String = columns.iter().map(|column| format!("{column:>8}")).collect();
    for operation in TO_PEOPLE.into_iter().chain(TO_NOBODY) {
        let columns = if TO_NOBODY.contains(&operation) { "" } else { columns.as_str() };
        table.push_str(format!("{:<38}{columns}", format!("{operation:?}")).trim_end());
        table.push('\n');
        for (name, issuer) in &mut issuers {
            let line = matrix.line(issuer, operation).await;
            table.push_str(&format!("  {name:<36}{line}\n"));
        }
    }
    println!("{table}");
    assert_eq!(table, EXPECTED, "print it with --nocapture, review it, and put it into matrix/expected.txt");
}

/// Whatever an operation needs a permission for is in the table, so that a new one does not slip past it.
#[test]
fn every_action_of_administration_is_in_the_table() {
    let source = include_str!("../../account/src/action.rs");
    let (_, rest) = source.split_once("pub enum Action {").unwrap();
    let (variants, _) = rest.split_once("\n}").unwrap();
    let named =
        variants.lines().map(str::trim).filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    let table = include_str!("matrix.rs");
    for name in named.map(|line| line.split(['(', ',', ' ']).next().unwrap()) {
        let told = table.contains(&format!("Action::{name}")) || ELSEWHERE.contains(&name);
        assert!(told, "{name} is neither in the table nor said to be tried elsewhere");
    }
}

/// What people do to their own account, and what other tests try for every role.
const ELSEWHERE: &[&str] = &[
    // Of applications: tests/clients.rs, for every role.
    "AddClient",
    "ChangeClient",
    "RemoveClient",
    "NewClientSecret",
    "RotateSigningKey",
    "StepUp",
    "ApproveDevice",
    "AddPasskey",
    "RemovePasskey",
    "ChangePassword",
    "TurnOffPassword",
    "AddCodes",
    "RemoveCodes",
    "NewRecoveryCodes",
    "SecureAccount",
    "ReportEntry",
    "DismissRequest",
    "IssuePasses",
    "OrderPass",
    "PickUpPass",
    "ApproveOrder",
    "DeclineOrder",
    "OpenKey",
    "RevokeKey",
    "ProvisionPasskey",
    "UndoPolicy",
    "AddRoot",
    "RemoveRoot",
    "AddHook",
    "ChangeHook",
    "RemoveHook",
];
