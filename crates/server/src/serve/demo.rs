//! `keyward serve --demo`: a fresh database in a temporary folder with people to try things with.

use account::role::Role;
use account::temporary_pass::{self, Wish, grouped};
use account::user::{Directory, User};
use primitives::encoding;
use primitives::time::Span;
use serde_json::{Value, json};
use service::administer_users::{self, NewUser};
use service::{Authority, Context, administer_passes, demonstration, manage_password};

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

/// Who signs in with a password and a code, as before the first passkey.
const WITH_PASSWORD: &str = "ben.keller@example.com";

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
    let mut with_password = None;
    let mut manager = None;
    for (login, name, role) in PEOPLE {
        // Ben may order passes for Ana, and hers can be mailed.
        let private = (login == STARTER).then(|| "ana@private.example".to_owned());
        let directory = Directory {
            manager: manager.filter(|_| login == STARTER),
            private_email: private,
            ..Directory::default()
        };
        let new =
            NewUser { login: login.to_owned(), name: name.to_owned(), role, directory, ..NewUser::default() };
        let user = administer_users::add(cx, &mut operator(), Authority::Operator, new).await?;
        if login == WITH_PASSWORD {
            manager = Some(user.id);
        }
        if login == WITH_PASSWORD {
            with_password = Some(WithPassword::make(cx, &user).await?);
        }
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
    let json = json.chain(with_password.as_ref().map(WithPassword::json)).collect();
    let existing = with_password.as_ref().map(|person| person.text(origin)).unwrap_or_default();
    Ok(Some(Told {
        text: format!(
            "This is a demonstration: everything is in a temporary folder and is removed at exit.\n\
             Ana is new. Open {origin}/signin/tap, sign in with her address and pass, and create a passkey:\n\n{}\n\n\
             Both passes work for 8 hours. Stop with Ctrl-C.\n{existing}",
            lines.join("\n")
        ),
        json,
        key: "demo",
    }))
}

/// Somebody who was there before passkeys.
struct WithPassword {
    name: String,
    login: String,
    password: String,
    /// Base32, as authenticator apps take it.
    secret: String,
}

impl WithPassword {
    async fn make(cx: &Context, user: &User) -> Result<Self, Failure> {
        let mut caller = operator();
        // A generated value: nobody else's demonstration has the same.
        let password = grouped(&temporary_pass::generate(12, caller.entropy.as_mut()));
        manage_password::set_by_operator(cx, &mut caller, user.id, password.reveal(), false)
            .await
            .map_err(|error| Failure::refused(format!("No password could be set: {}.", error.code())))?;
        let secret = demonstration::add_codes(cx, &mut operator(), user).await?;
        Ok(Self {
            name: user.name.clone(),
            login: user.login.shown().to_owned(),
            password: password.reveal().to_owned(),
            // Revealed to whoever runs the demonstration.
            secret: encoding::base32(secret.reveal()),
        })
    }

    fn text(&self, origin: &Origin) -> String {
        let Self { name, login, password, secret } = self;
        format!(
            "\n{name} has no passkey yet. Open {origin}/signin and sign in with a password and a code of an authenticator\n\
             app that holds this secret:\n\n  {login}\n  password {password}\n  secret   {secret}\n"
        )
    }

    fn json(&self) -> Value {
        let Self { name, login, password, secret } = self;
        json!({ "email": login, "name": name, "password": password, "totpSecret": secret })
    }
}
