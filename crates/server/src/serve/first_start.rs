//! The first start: one administrator, whose pass goes to a terminal or to a file of mode 0600, never to a log.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use account::temporary_pass::grouped;
use serde_json::json;
use service::Context;
use service::first_run::{self, Bootstrap};

use super::{Told, folder_of};
use crate::commands::Failure;
use crate::config::Origin;
use crate::node::operator;

/// Where the pass waits when nobody looks at the terminal.
const FILE: &str = "first-administrator-pass.txt";

/// Makes the first administrator if there is none, and says how to go on.
pub(super) async fn tell(cx: &Context, origin: &Origin, key_file: &Path) -> Result<Option<Told>, Failure> {
    let Some(first) = first_run::bootstrap(cx, &mut operator()).await? else { return Ok(None) };
    let login = first.user.login.shown().to_owned();
    if io::stdout().is_terminal() {
        let shown = grouped(&first.value);
        let pass = shown.reveal();
        return Ok(Some(Told {
            text: instructions(origin, &login, &format!("  Pass   {pass}"), &first),
            json: json!({ "login": login, "pass": pass, "endsAt": first.ends.to_string() }),
            key: "firstAdministrator",
        }));
    }
    let path = folder_of(key_file).join(FILE);
    let path = std::path::absolute(&path).unwrap_or(path);
    write(&path, &first).map_err(|error| {
        Failure::refused(format!(
            "The first administrator's pass cannot be written to {}: {error}.",
            path.display()
        ))
    })?;
    Ok(Some(Told {
        text: instructions(origin, &login, &format!("  Pass   in the file {}", path.display()), &first),
        json: json!({ "login": login, "passFile": path.display().to_string(), "endsAt": first.ends.to_string() }),
        key: "firstAdministrator",
    }))
}

fn instructions(origin: &Origin, login: &str, pass: &str, first: &Bootstrap) -> String {
    format!(
        "This is the first start. Open {origin}/setup and sign in as the first administrator:\n\n  \
         Name   {login}\n{pass}\n\nThe pass works once, until {}. Lost it? Start the server again after that.\n",
        first.ends
    )
}

/// Only the owner reads it; one of an earlier start is replaced, because its pass no longer works.
fn write(path: &PathBuf, first: &Bootstrap) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{}", grouped(&first.value).reveal())?;
    file.sync_all()
}
