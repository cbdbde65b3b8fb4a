//! `keyward password`.

use std::io::{IsTerminal, Read, Write};

use account::user::{Login, UserId};
use primitives::secret::SecretText;
use serde_json::json;
use service::administer_users;
use service::manage_password::{self, ManagePasswordError, PasswordStatus};
use service::{Authority, Context, go_passwordless};

use super::{Failure, open, print};
use crate::cli::{Common, Password as Command};
use crate::node::operator;

/// What is read from standard input at most: more than the longest password has bytes.
const MOST: u64 = 8 * 1024;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    // Before anything is opened: whoever pipes a password in has typed it.
    let typed = match &command {
        Command::Set { .. } => Some(read()?),
        Command::Off { .. } | Command::Allow { .. } => None,
    };
    let node = open(common).await?;
    let cx = &node.service;
    match (command, typed) {
        (Command::Set { email, must_change }, typed) => {
            let user = find(cx, &email).await?;
            let typed = typed.unwrap_or_else(|| SecretText::new(""));
            // Revealed to be judged and hashed.
            manage_password::set_by_operator(cx, &mut operator(), user, typed.reveal(), must_change)
                .await
                .map_err(|error| refused(&error, cx))?;
            let json = json!({ "email": email.shown(), "password": "on", "mustChange": must_change });
            print(common, &json, || format!("{email} has a new password."))
        }
        (Command::Off { email }, _) => {
            let user = find(cx, &email).await?;
            let off = go_passwordless::turn_off_by_operator(cx, &mut operator(), user).await?;
            let json = json!({ "email": email.shown(), "password": "off", "sessionsEnded": off.sessions });
            print(common, &json, || {
                format!("{email} has no password any more. Sessions that ended with it: {}.", off.sessions)
            })
        }
        (Command::Allow { email }, _) => {
            let user = find(cx, &email).await?;
            go_passwordless::allow_again(cx, &mut operator(), Authority::Operator, user).await?;
            let json = json!({ "email": email.shown(), "password": "never" });
            print(common, &json, || format!("{email} may have a password again."))
        }
    }
}

/// What `keyward user show` says of a password.
pub(super) fn word(status: PasswordStatus) -> &'static str {
    match status {
        PasswordStatus::Never => "never",
        PasswordStatus::On { .. } => "on",
        PasswordStatus::Off { .. } => "off",
        PasswordStatus::NotAllowed => "not-allowed",
    }
}

async fn find(cx: &Context, email: &Login) -> Result<UserId, Failure> {
    Ok(administer_users::show(cx, email.shown()).await?.user.id)
}

/// One line of standard input, without its end. It is never an argument, which others on the machine could read.
fn read() -> Result<SecretText, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let mut asking = std::io::stderr();
        let asked =
            write!(asking, "New password (it will be seen while you type): ").and_then(|()| asking.flush());
        asked.map_err(Failure::refused)?;
        let mut line = String::new();
        input.read_line(&mut line).map_err(Failure::refused)?;
        return Ok(first_line(line));
    }
    let mut text = String::new();
    input.take(MOST).read_to_string(&mut text).map_err(|error| {
        Failure::usage(format!("Nothing was changed: the password could not be read ({error})."))
    })?;
    Ok(first_line(text))
}

fn first_line(text: String) -> SecretText {
    SecretText::new(text.lines().next().unwrap_or_default())
}

fn refused(error: &ManagePasswordError, cx: &Context) -> Failure {
    use account::password::NewPasswordRefusal::{Breached, ContainsLogin, Same, TooLong, TooShort};
    let shortest = cx.settings().policy.passwords.terms.shortest;
    Failure::refused(match error {
        ManagePasswordError::New(TooShort) => {
            format!("Nothing was changed: a password has at least {shortest} characters.")
        }
        ManagePasswordError::New(TooLong) => {
            "Nothing was changed: a password has at most 256 characters.".to_owned()
        }
        ManagePasswordError::New(Breached) => {
            "Nothing was changed: others know this password, it stands in the list.".to_owned()
        }
        ManagePasswordError::New(Same) => "Nothing was changed: it is the password that there is.".to_owned(),
        ManagePasswordError::New(ContainsLogin) => {
            "Nothing was changed: a password does not hold the name that it belongs to.".to_owned()
        }
        ManagePasswordError::NotAllowed => {
            "Nothing was changed: passwords are turned off; set passwords.enabled to allow them.".to_owned()
        }
        ManagePasswordError::TurnedOff => "Nothing was changed: this password was turned off for good; \
             `keyward password allow` lets there be one again."
            .to_owned(),
        ManagePasswordError::Store(error) => format!("The database failed: {error}."),
        other => format!("Nothing was changed ({}).", other.code()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_with_its_spaces() {
        for (text, line) in [("a b \n", "a b "), ("x\r\ny\n", "x"), ("", ""), ("no end", "no end")] {
            assert_eq!(first_line(text.to_owned()).reveal(), line);
        }
    }
}
