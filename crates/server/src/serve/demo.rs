//! `keyward serve --demo`: a fresh database in a temporary folder with people to try things with.

use account::role::Role;
use account::temporary_pass::{Wish, grouped};
use primitives::time::Span;
use serde_json::json;
use service::administer_users::{self, NewUser};
use service::{Authority, Context, administer_passes};

use super::Told;
use crate::commands::Failure;
use crate::config::{Origin, Overlay};
use crate::node::operator;

/// The people: login, name, role.
const PEOPLE: [(&str, &str, Role); 5] = [
    ("ada.admin@example.com", "Ada Admin", Role::Administrator),
    ("henri.helpdesk@example.com", "Henri Helpdesk", Role::Helpdesk),
    ("ben.keller@example.com", "Ben Keller", Role::User),
    ("chiara.rossi@example.com", "Chiara Rossi", Role::User),
    (STARTER, "Ana Meier", Role::User),
];

/// Whose first day it is.
const STARTER: &str = "ana.meier@example.com";

/// A temporary folder that goes with this value.
pub(super) struct Folder(
    #[expect(dead_code, reason = "kept for its end, which removes the folder")] tempfile::TempDir,
);

impl Folder {
    /// Makes it, and points database and keys into it.
    pub(super) fn make(overlay: &mut Overlay) -> Result<Self, Failure> {
        let made = tempfile::Builder::new().prefix("keyward-demo-").tempdir();
        let folder =
            made.map_err(|error| Failure::refused(format!("No temporary folder could be made: {error}.")))?;
        let database = folder.path().join("keyward.db");
        let key_file = folder.path().join("keyward.db.key");
        overlay.set("database", database.to_str());
        overlay.set("key_file", key_file.to_str());
        Ok(Self(folder))
    }
}

/// Adds the people, and a pass for the starter and for the administrator.
pub(super) async fn people(cx: &Context, origin: &Origin) -> Result<Option<Told>, Failure> {
    let mut passes = Vec::new();
    for (login, name, role) in PEOPLE {
        let new = NewUser { login: login.to_owned(), name: name.to_owned(), email: None, role };
        let user = administer_users::add(cx, &mut operator(), new).await?;
        if login == STARTER || role == Role::Administrator {
            let wish = Wish {
                lifetime: Some(Span::from_hours(8)),
                reason: "demonstration".to_owned(),
                ..Wish::default()
            };
            let issued =
                administer_passes::issue(cx, &mut operator(), Authority::Operator, user.id, wish).await?;
            passes.push((login, name, grouped(&issued.value).reveal().to_owned(), issued.pass.ends));
        }
    }
    let text = |(login, name, pass, _): &(&str, &str, String, _)| format!("  {name:<11} {login:<24} {pass}");
    let lines: Vec<String> = passes.iter().rev().map(text).collect();
    let json = passes.iter().map(|(login, name, pass, ends)| {
        json!({ "email": login, "name": name, "pass": pass, "endsAt": ends.to_string() })
    });
    Ok(Some(Told {
        text: format!(
            "This is a demonstration: everything is in a temporary folder and is removed at exit.\n\
             Ana is new. Open {origin}/signin/tap, sign in with her address and pass, and create a passkey:\n\n{}\n\n\
             Both passes work for 8 hours. Stop with Ctrl-C.\n",
            lines.join("\n")
        ),
        json: json.collect(),
        key: "demo",
    }))
}
