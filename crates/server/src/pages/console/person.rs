//! AU-2: one person, and AT-1, their sign-in methods.

use account::audit::EventKind;
use account::role::{Permission, Role};
use account::session::Session;
use askama::Template;
use primitives::time::Timestamp;
use service::administer_users::Shown;
use service::manage_password::PasswordStatus;

use super::Nav;
use super::people::{GroupChoice, PersonFields, role_key};
use crate::pages::history::title_key;
use crate::pages::{Ceremony, Shell};
use crate::text::{Html, Language};

/// Part of a person's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Who it is.
    Profile,
    /// AT-1.
    Methods,
    /// Where the person is signed in.
    Sessions,
    /// What happened.
    Activity,
}

impl Tab {
    const ALL: [Tab; 4] = [Tab::Profile, Tab::Methods, Tab::Sessions, Tab::Activity];

    /// What follows the person's address.
    pub fn path(self) -> &'static str {
        match self {
            Tab::Profile => "",
            Tab::Methods => "/methods",
            Tab::Sessions => "/sessions",
            Tab::Activity => "/activity",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Tab::Profile => "person-tab-profile",
            Tab::Methods => "person-tab-methods",
            Tab::Sessions => "person-tab-sessions",
            Tab::Activity => "person-tab-activity",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Who did it, by name where it is known.
    pub by: String,
    /// From which browser.
    pub browser: String,
    /// From which address, as far as the reader may see it.
    pub address: String,
    /// The reference.
    pub reference: String,
}

/// AU-2.
#[derive(Template)]
#[template(path = "console/people/person.html")]
pub struct Person {
    /// The frame.
    pub shell: Shell,
    /// The console's navigation.
    pub nav: Nav,
    /// Which part.
    pub tab: Tab,
    /// The account with its methods.
    pub shown: Shown,
    /// What the profile's form holds.
    pub fields: PersonFields,
    /// What is changed by the form is what was shown under this version.
    pub version: String,
    /// The groups that it is in.
    pub groups: Vec<GroupChoice>,
    /// Groups that it could come into.
    pub others: Vec<GroupChoice>,
    /// Its sessions.
    pub sessions: Vec<Session>,
    /// What happened last.
    pub happened: Vec<Happened>,
    /// It is the reader's own account.
    pub own: bool,
    /// What the reader may do to it.
    pub may: Vec<Permission>,
    /// The key of what is wrong.
    pub problem: Option<&'static str>,
}

impl Person {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shown.user.name.clone()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn id(&self) -> String {
        self.shown.user.id.to_string()
    }

    fn tabs(&self) -> [Tab; 4] {
        Tab::ALL
    }

    fn is_current(&self, tab: &Tab) -> bool {
        self.tab == *tab
    }

    fn edits(&self) -> bool {
        self.may.contains(&Permission::EditUsers) && self.shown.user.deleted.is_none()
    }

    fn edits_groups(&self) -> bool {
        self.may.contains(&Permission::EditGroups) && self.shown.user.deleted.is_none()
    }

    fn gives_roles(&self) -> bool {
        self.may.contains(&Permission::EditRoles) && self.shown.user.deleted.is_none()
    }

    fn manages(&self) -> bool {
        self.may.contains(&Permission::ManageMethods) && self.shown.user.deleted.is_none()
    }

    fn issues(&self) -> bool {
        self.may.contains(&Permission::IssuePasses) && self.shown.user.is_enabled()
    }

    fn restores(&self) -> bool {
        self.may.contains(&Permission::EditUsers)
    }

    fn erased_from(&self) -> Option<Timestamp> {
        self.shown.user.erased_from()
    }

    fn roles(&self) -> &'static [Role] {
        Role::ALL
    }

    fn role_key(&self, role: &Role) -> &'static str {
        role_key(*role)
    }

    fn own_role_key(&self) -> &'static str {
        role_key(self.shown.user.role)
    }

    fn has_role(&self, role: &Role) -> bool {
        self.shown.user.role == *role
    }

    /// The passkeys that do not open the console for the person's role: somebody bound them whose own does not include it.
    fn not_vouched(&self) -> Option<String> {
        let role = self.shown.user.role;
        let passkeys = self.shown.passkeys.iter().filter(|passkey| !passkey.vouches_for(role));
        let names: Vec<&str> = passkeys.map(|passkey| passkey.name.as_str()).collect();
        (role.is_privileged() && !names.is_empty()).then(|| names.join(", "))
    }

    fn languages(&self) -> [Language; 4] {
        self.shell.languages()
    }

    fn password_key(&self) -> &'static str {
        match self.shown.password {
            PasswordStatus::On { .. } => "person-password-on",
            PasswordStatus::Off { .. } => "person-password-off",
            _ => "person-password-none",
        }
    }

    fn codes_left(&self) -> u32 {
        self.shown.recovery_codes.as_ref().map_or(0, |codes| codes.left)
    }

    fn what(&self, happened: &Happened) -> String {
        match account::history::verdict(&happened.kind) {
            Some(_) => {
                let key = title_key(&happened.kind);
                self.shell.say(key).with("passkey", "").count("count", &1).to_string()
            }
            None => happened.kind.name().to_owned(),
        }
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
