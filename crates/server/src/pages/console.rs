//! The administrators' console: what its pages share.

pub mod apps;
pub mod bulk_passes;
pub mod chart;
pub mod form;
pub mod groups;
pub mod hooks;
pub mod import;
pub mod keys;
pub mod log;
pub mod models;
pub mod orders;
pub mod overview;
pub mod passes;
pub mod people;
pub mod person;
pub mod policy;
pub mod policy_history;
pub mod policy_impact;
pub mod reports;
pub mod strengths;

use account::role::{Permission, Role};

/// A section of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its address.
    pub path: &'static str,
    /// Its name's key.
    pub key: &'static str,
    /// What somebody must be allowed to do to see it.
    pub permission: Permission,
}

/// The sections, in the order of the navigation. A page below a section's address belongs to it.
pub const SECTIONS: &[Section] = &[
    Section { path: "/admin", key: "console-overview", permission: Permission::ReadUsers },
    Section { path: "/admin/users", key: "console-users", permission: Permission::ReadUsers },
    Section { path: "/admin/groups", key: "console-groups", permission: Permission::ReadUsers },
    Section { path: "/admin/requests", key: "console-requests", permission: Permission::IssuePasses },
    Section { path: "/admin/orders", key: "console-orders", permission: Permission::IssuePasses },
    Section { path: "/admin/policy", key: "console-policy", permission: Permission::ReadPolicy },
    Section { path: "/admin/strengths", key: "console-strengths", permission: Permission::ReadPolicy },
    Section { path: "/admin/models", key: "console-models", permission: Permission::ReadPolicy },
    Section { path: "/admin/apps", key: "console-apps", permission: Permission::ReadApplications },
    Section { path: "/admin/log", key: "console-log", permission: Permission::ReadLog },
    Section { path: "/admin/reports", key: "console-reports", permission: Permission::ReadUsers },
    Section { path: "/admin/keys", key: "console-keys", permission: Permission::EditKeys },
    Section { path: "/admin/hooks", key: "console-hooks", permission: Permission::EditKeys },
];

/// The navigation beside every page of the console.
#[derive(Clone, Debug)]
pub struct Nav {
    role: Role,
    path: String,
}

impl Nav {
    /// For somebody of that role, on the page at `path`.
    pub fn new(role: Role, path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        Self { role, path: path.to_owned() }
    }

    fn sections(&self) -> impl Iterator<Item = &'static Section> {
        let role = self.role;
        SECTIONS.iter().filter(move |section| role.may(section.permission))
    }

    fn is_current(&self, section: &&Section) -> bool {
        let below = self.path.strip_prefix(section.path);
        below.is_some_and(|rest| rest.is_empty() || section.path != "/admin" && rest.starts_with('/'))
    }

    /// Whether the reader may do that.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }
}
