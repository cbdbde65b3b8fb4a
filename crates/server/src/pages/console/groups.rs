//! Groups.

use account::user::User;
use askama::Template;
use service::administer_groups::Listed;

use super::Nav;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// The list of groups.
#[derive(Template)]
#[template(path = "console/groups/list.html")]
pub struct Groups {
    /// The frame.
    pub shell: Shell,
    /// The console's navigation.
    pub nav: Nav,
    /// One page of them.
    pub groups: Vec<Listed>,
    /// The name behind which the next page begins.
    pub next: Option<String>,
    /// It is not the first page.
    pub later: bool,
    /// The reader may change groups.
    pub may_edit: bool,
    /// The name that was typed for a new one.
    pub name: String,
    /// What was typed that it is for.
    pub description: String,
    /// The key of what is wrong.
    pub problem: Option<&'static str>,
}

impl Groups {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("groups-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// One group.
#[derive(Template)]
#[template(path = "console/groups/group.html")]
pub struct OneGroup {
    /// The frame.
    pub shell: Shell,
    /// The console's navigation.
    pub nav: Nav,
    /// The group.
    pub listed: Listed,
    /// What stands in the form's field of the name.
    pub name: String,
    /// What stands in the form's field of the description.
    pub description: String,
    /// How many people are in it.
    pub count: i64,
    /// One page of its members.
    pub members: Vec<User>,
    /// The id behind which the next page of members begins.
    pub next: Option<String>,
    /// It is not the first page.
    pub later: bool,
    /// The login that was typed for a new member.
    pub login: String,
    /// The reader may change groups.
    pub may_edit: bool,
    /// The key of what is wrong.
    pub problem: Option<&'static str>,
}

impl OneGroup {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.listed.group.name.clone()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn id(&self) -> String {
        self.listed.group.id.to_string()
    }

    fn changed(&self) -> i64 {
        self.listed.group.changed.micros()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
