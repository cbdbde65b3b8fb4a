//! AU-1 and AU-3: the list of people, and adding one.

use account::group::Group;
use account::role::Role;
use account::search::Condition;
use askama::Template;
use service::administer_users::{AdministerError, Found};

use super::Nav;
use crate::pages::{Ceremony, Shell};
use crate::text::{Html, Language};

/// The name of a role.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::User => "request-role-user",
        Role::Reader => "role-reader",
        Role::Helpdesk => "request-role-helpdesk",
        Role::AuthenticationAdministrator => "role-authentication-administrator",
        Role::PolicyAdministrator => "role-policy-administrator",
        Role::PrivilegedAuthenticationAdministrator => "role-privileged-authentication-administrator",
        Role::Administrator => "request-role-administrator",
    }
}

/// The sentence that says why people or groups were not changed.
pub fn problem_key(error: &AdministerError) -> &'static str {
    use account::user::DirectoryRefusal;
    use service::Unauthorised;
    match error {
        AdministerError::Unauthorised(Unauthorised::ConfirmNeeded) => "people-problem-confirm",
        AdministerError::Role => "people-problem-role",
        AdministerError::Oneself => "people-problem-oneself",
        AdministerError::Login(_) => "people-problem-login",
        AdministerError::Name(_) => "people-problem-name",
        AdministerError::Email(_) => "people-problem-email",
        AdministerError::Language => "people-problem-language",
        AdministerError::LoginTaken => "people-problem-login-taken",
        AdministerError::LastAdministrator => "people-problem-last",
        AdministerError::Directory(DirectoryRefusal::Text(_)) => "people-problem-text",
        AdministerError::Directory(DirectoryRefusal::PrivateEmail) => "people-problem-private-email",
        AdministerError::ManagerUnknown => "people-problem-manager",
        AdministerError::GroupUnknown => "people-problem-group-unknown",
        AdministerError::TooManyGroups => "people-problem-groups-many",
        AdministerError::GroupTaken => "people-problem-group-taken",
        AdministerError::GroupName(_) => "people-problem-group-name",
        AdministerError::GroupInPolicy => "people-problem-group-policy",
        AdministerError::Conflict => "people-problem-conflict",
        AdministerError::DeletedUser => "people-problem-deleted",
        AdministerError::BreakGlass => "people-problem-break-glass",
        AdministerError::BreakGlassRole => "people-problem-break-glass-role",
        AdministerError::BreakGlassKeys => "people-problem-break-glass-keys",
        _ => "people-problem-other",
    }
}

/// The name of a condition by which people are looked for.
pub fn condition_key(condition: Condition) -> &'static str {
    match condition {
        Condition::NoPasskey => "people-no-passkey",
        Condition::OnePasskey => "people-one-passkey",
        Condition::PasswordOn => "people-password-on",
        Condition::PassActive => "people-pass-active",
        Condition::Locked => "people-locked",
        Condition::NeverSignedIn => "people-never",
        Condition::Privileged => "people-privileged",
        Condition::BreakGlass => "people-break-glass",
        Condition::Disabled => "people-disabled",
        Condition::Deleted => "people-deleted",
    }
}

/// A group to choose.
#[derive(Clone, Debug)]
pub struct GroupChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl From<Group> for GroupChoice {
    fn from(group: Group) -> Self {
        Self { id: group.id.to_string(), name: group.name }
    }
}

/// What was looked for, as it stands in the address.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A part of name, login or address.
    pub text: String,
    /// The role.
    pub role: Option<Role>,
    /// The group's id.
    pub group: String,
    /// What else holds.
    pub show: Option<Condition>,
}

impl Asked {
    /// Whether everybody is looked for.
    pub fn is_all(&self) -> bool {
        self.text.is_empty() && self.role.is_none() && self.group.is_empty() && self.show.is_none()
    }
}

/// AU-1.
#[derive(Template)]
#[template(path = "console/people/list.html")]
pub struct People {
    /// The frame.
    pub shell: Shell,
    /// The console's navigation.
    pub nav: Nav,
    /// What was looked for.
    pub asked: Asked,
    /// The groups to choose from.
    pub groups: Vec<GroupChoice>,
    /// Who was found, one page of them.
    pub found: Vec<Found>,
    /// How many there are in all.
    pub total: i64,
    /// The login behind which the next page begins.
    pub next: Option<String>,
    /// It is not the first page.
    pub later: bool,
    /// The reader may add people.
    pub may_edit: bool,
}

impl People {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("people-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn roles(&self) -> &'static [Role] {
        Role::ALL
    }

    fn role_key(&self, role: &Role) -> &'static str {
        role_key(*role)
    }

    fn has_role(&self, role: &Role) -> bool {
        self.asked.role == Some(*role)
    }

    fn conditions(&self) -> &'static [Condition] {
        Condition::ALL
    }

    fn condition_key(&self, condition: &Condition) -> &'static str {
        condition_key(*condition)
    }

    fn shows(&self, condition: &Condition) -> bool {
        self.asked.show == Some(*condition)
    }

    fn role_text(&self) -> &'static str {
        self.asked.role.map_or("", Role::as_str)
    }

    fn show_text(&self) -> &'static str {
        self.asked.show.map_or("", Condition::as_str)
    }

    fn state_key(&self, found: &Found) -> &'static str {
        if found.user.deleted.is_some() {
            "people-state-deleted"
        } else if found.user.is_enabled() {
            "people-state-enabled"
        } else {
            "people-state-disabled"
        }
    }
}

/// What was typed into a form about a person.
#[derive(Clone, Debug, Default)]
pub struct PersonFields {
    /// What the person types.
    pub login: String,
    /// The name.
    pub name: String,
    /// Where notices go.
    pub email: String,
    /// The language tag.
    pub language: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// What the person does.
    pub title: String,
    /// Where in the organisation.
    pub department: String,
    /// A private address.
    pub private_email: String,
    /// The manager's login.
    pub manager: String,
}

/// AU-3.
#[derive(Template)]
#[template(path = "console/people/new.html")]
pub struct NewPerson {
    /// The frame.
    pub shell: Shell,
    /// The console's navigation.
    pub nav: Nav,
    /// What was typed.
    pub fields: PersonFields,
    /// The chosen role.
    pub role: Role,
    /// The chosen group's id.
    pub group: String,
    /// The groups to choose from.
    pub groups: Vec<GroupChoice>,
    /// The key of what is wrong.
    pub problem: Option<&'static str>,
}

impl NewPerson {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("people-new").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn roles(&self) -> &'static [Role] {
        Role::ALL
    }

    fn role_key(&self, role: &Role) -> &'static str {
        role_key(*role)
    }

    fn has_role(&self, role: &Role) -> bool {
        self.role == *role
    }

    fn has_group(&self, choice: &GroupChoice) -> bool {
        self.group == choice.id
    }

    fn languages(&self) -> [Language; 4] {
        self.shell.languages()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
