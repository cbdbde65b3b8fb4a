//! AP-1, `/me/apps`.

use askama::Template;
use primitives::time::Timestamp;

use super::Shell;
use super::application::AskedScope;

/// An application that the person let in.
#[derive(Clone, Debug)]
pub struct AccessCard {
    /// Its identifier.
    pub id: String,
    /// How people know it.
    pub name: String,
    /// Where it is.
    pub home: Option<String>,
    /// The address of its picture.
    pub picture: Option<String>,
    /// What it may see and do, as the protocol calls it.
    pub scopes: Vec<String>,
    /// Since when.
    pub since: Timestamp,
    /// When it was last given anything.
    pub last_used: Option<Timestamp>,
    /// The person was asked.
    pub consented: bool,
}

impl AccessCard {
    fn allowed(&self) -> impl Iterator<Item = AskedScope> {
        let scope = |scope: &String| AskedScope { scope: scope.clone(), optional: false, groups: Vec::new() };
        self.scopes.iter().map(scope)
    }
}

/// AP-1.
#[derive(Template)]
#[template(path = "apps.html")]
pub struct AppsWithAccess {
    /// The frame.
    pub shell: Shell,
    /// By name.
    pub apps: Vec<AccessCard>,
}

impl AppsWithAccess {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("access-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
