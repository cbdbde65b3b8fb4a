//! Groups, and what is done to people beyond changing them.

use std::path::PathBuf;

use account::user::Login;
use clap::{Args, Subcommand};

use super::login;

/// One person.
#[derive(Debug, Args)]
pub struct Person {
    /// Email address or user name
    #[arg(value_parser = login)]
    pub email: Login,
}

/// More that is done to people.
#[derive(Debug, Subcommand)]
pub enum More {
    /// Delete a person; they can be brought back for 30 days, then what is known of them is erased
    Delete(Person),
    /// Bring a deleted person back
    Undelete(Person),
    /// Erase what is known of a deleted person now, for good
    Erase(Person),
    /// End all sessions of a person
    SignOut(Person),
    /// Remove every passkey, password, code and pass of a person, so that they must register anew
    RequireRegistration(Person),
    /// Let an administrator's account with two security keys stay usable whatever policy says
    BreakGlass {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
        /// Make it an ordinary account again
        #[arg(long)]
        off: bool,
    },
    /// Add everybody of a CSV file who is not there yet; nobody as long as a row is wrong
    Import {
        /// CSV in UTF-8 with a header: login, name and what else docs/admin/people.md names
        file: PathBuf,
        /// Only say what it would do
        #[arg(long)]
        check: bool,
    },
}

/// Groups.
#[derive(Debug, Subcommand)]
pub enum Group {
    /// Add a group; prints {"id","name"}
    Add {
        /// Its name
        name: String,
        /// What it is for
        #[arg(long, default_value = "")]
        description: String,
    },
    /// List the groups
    List,
    /// List who is in a group
    Show {
        /// Its name
        name: String,
    },
    /// Change a group's name or description
    Change {
        /// Its name
        name: String,
        /// Its new name
        #[arg(long)]
        rename: Option<String>,
        /// What it is for
        #[arg(long)]
        description: Option<String>,
    },
    /// Remove a group that policy does not name
    Remove {
        /// Its name
        name: String,
    },
    /// Put people into a group
    Join {
        /// Its name
        name: String,
        /// Email addresses or user names
        #[arg(value_parser = login, required = true)]
        people: Vec<Login>,
    },
    /// Take people out of a group
    Leave {
        /// Its name
        name: String,
        /// Email addresses or user names
        #[arg(value_parser = login, required = true)]
        people: Vec<Login>,
    },
}
