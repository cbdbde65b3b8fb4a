//! The command line: what can be said to `keyward`, and with what it answers.
//!
//! Every command exits with 0, 1 (refused: nothing was changed) or 2 (the arguments make no sense), and says
//! on standard error in one sentence what did not happen. With `--json` a command prints one line of JSON on
//! standard output: an object, for lists an array of objects; times are RFC 3339 in UTC.

use std::path::PathBuf;

use account::role::Role;
use account::user::{Login, parse_name};
use clap::{Args, Parser, Subcommand};
use primitives::time::{Span, Timestamp};

use crate::config::Overlay;

mod api_key;
mod attestation;
mod change;
mod client;
mod directory;
mod explain;
mod hook;
mod metadata;
mod password;
mod policy;
mod report;

pub use api_key::ApiKey;
pub use attestation::Attestation;
pub use change::ChangeUser;
pub use client::{Client, ClientTerms};
pub use directory::{Group, More, Person};
pub use explain::Explain;
pub use hook::Hook;
pub use metadata::{AddRoot, Metadata, Roots};
pub use password::Password;
pub use policy::{Policy, Terms as PolicyTerms};
pub use report::{Report, SignIns};

/// Passwordless, phishing-resistant sign-in that an organisation runs itself.
#[derive(Debug, Parser)]
#[command(name = "keyward", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Every command takes --json: one line, an object, for lists an array of objects, times in UTC. \
Exit status: 0 done, 1 refused and nothing changed, 2 the arguments make no sense."
)]
pub struct Cli {
    /// What is common to all commands.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What is common to all commands.
#[derive(Debug, Args)]
pub struct Common {
    /// Configuration file; keyward.toml here, if there is one
    #[arg(long, global = true, value_name = "FILE", env = "KEYWARD_CONFIG")]
    pub config: Option<PathBuf>,
    /// SQLite file or postgres://…; keyward.db if nothing is configured
    #[arg(long, global = true, value_name = "DATABASE")]
    pub database: Option<String>,
    /// File of the root keys; beside the SQLite file if nothing is configured
    #[arg(long, global = true, value_name = "FILE")]
    pub key_file: Option<String>,
    /// Print one line of JSON
    #[arg(long, global = true)]
    pub json: bool,
}

impl Common {
    /// The flags that lie over the configuration.
    pub fn overlay(&self) -> Overlay {
        let mut overlay = Overlay::default();
        overlay.set("database", self.database.as_deref());
        overlay.set("key_file", self.key_file.as_deref());
        overlay
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Serve),
    /// Add, list, show, disable or enable people
    #[command(subcommand)]
    User(User),
    /// Add, list, change or remove groups, and put people into them
    #[command(subcommand)]
    Group(Group),
    /// Show and set what people may do to others
    #[command(subcommand, name = "role")]
    Role(RoleCommand),
    /// Issue, list or revoke temporary access passes
    #[command(subcommand)]
    Pass(Pass),
    /// List or remove passkeys
    #[command(subcommand)]
    Passkey(Passkey),
    /// Set a password, turn it off, or allow one again
    #[command(subcommand)]
    Password(Password),
    /// Show, check, apply, compare, restore or undo the policy
    #[command(subcommand)]
    Policy(Policy),
    /// Read, check or export the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Report what people have registered, who could lose a device, and who signed in
    #[command(subcommand)]
    Report(Report),
    /// List or close requests for a pass
    #[command(subcommand)]
    Request(Request),
    /// List, approve or decline orders of passes
    #[command(subcommand)]
    Order(OrderCommand),
    /// Try whether mail is sent
    #[command(subcommand)]
    Mail(MailCommand),
    /// What is known about models of authenticators, and which roots are trusted
    #[command(subcommand)]
    Metadata(Metadata),
    /// The organisation's own attestation authority, and the devices that it certified
    #[command(subcommand)]
    Attestation(Attestation),
    /// Check the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Copy the database to PATH, one file, while the server runs; keep the key file apart from it
    Backup {
        /// Where to; must not exist yet
        path: PathBuf,
    },
    /// Make the database anew from the backup at PATH; the server must be stopped, the old database moved away
    Restore {
        /// A file made by `keyward backup`
        path: PathBuf,
    },
    /// Bring the database of an earlier release up to date; the server must be stopped, or does it itself at its start
    Upgrade(Upgrade),
    /// Make, list or revoke the keys by which programs call the API
    #[command(subcommand, name = "api-key")]
    ApiKey(ApiKey),
    /// Add, list, try, turn off or on, or remove receivers of audit events
    #[command(subcommand)]
    Hook(Hook),
    /// Add, list, show, change, turn off or on, or remove applications, and make their secrets
    #[command(subcommand)]
    Client(Client),
    /// List the root keys or make a new one current
    #[command(subcommand)]
    Key(Key),
    /// Say step by step what was checked of a recorded ceremony, why it was refused, and what to do about it
    Explain(Explain),
}

/// Upgrading.
#[derive(Debug, Args)]
pub struct Upgrade {
    /// Change nothing: try it on a copy, check every row there, say how long it took; servers may run meanwhile
    #[arg(long)]
    pub check: bool,
    /// Folder for the copy; beside the SQLite file if not given
    #[arg(long, value_name = "FOLDER", requires = "check")]
    pub folder: Option<PathBuf>,
    /// Keep no copy of the SQLite file as it was
    #[arg(long, conflicts_with = "check")]
    pub no_copy: bool,
}

/// Run the server.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where people reach the server, such as https://id.example.com
    #[arg(long)]
    pub origin: Option<String>,
    /// Domain that passkeys are bound to: the origin's host or a parent of it
    #[arg(long)]
    pub rp_id: Option<String>,
    /// Address and port of the pages
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Address and port of /metrics
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,
    /// Accept a database older than what this node has seen of it; ends all sessions and passes
    #[arg(long)]
    pub accept_restored: bool,
    /// Accept that the clock is behind what this deployment has seen; ends all sessions and passes
    #[arg(long)]
    pub accept_clock: bool,
    /// A fresh database in a temporary folder with people to try things with; removed at exit
    #[arg(long, conflicts_with_all = ["database", "key_file"])]
    pub demo: bool,
}

impl Serve {
    /// Adds these flags to those common to all commands.
    pub fn overlay(&self, overlay: &mut Overlay) {
        overlay.set("origin", self.origin.as_deref());
        overlay.set("rp_id", self.rp_id.as_deref());
        overlay.set("listen", self.listen.as_deref());
        overlay.set("metrics_listen", self.metrics_listen.as_deref());
    }
}

/// People.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person; prints {"id","email","name"}
    Add {
        /// Email address or user name: what the person signs in as
        #[arg(value_parser = login)]
        email: Login,
        /// The person's name
        #[arg(long, value_parser = name)]
        name: String,
        /// What the person may do to others
        #[arg(long, value_parser = role, default_value = "user")]
        role: Role,
    },
    /// List everybody
    List,
    /// Show one person with passkeys and pass
    Show {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
    },
    /// Change a person's login, name, e-mail address or language; passkeys go on working
    #[command(group(clap::ArgGroup::new("what").required(true).multiple(true)))]
    Change(ChangeUser),
    /// End everything that a person was granted, and let nobody sign in as them
    Disable {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
    },
    /// Let a person sign in again
    Enable {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
    },
    /// Delete, erase, reset and import
    #[command(flatten)]
    More(More),
}

/// Roles.
#[derive(Debug, Subcommand)]
pub enum RoleCommand {
    /// List those whose role is more than user
    List,
    /// Give a person a role
    Set {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
        /// user, reader, helpdesk, authentication-administrator, policy-administrator,
        /// privileged-authentication-administrator or administrator
        #[arg(value_parser = role)]
        role: Role,
    },
}

/// Temporary access passes.
#[derive(Debug, Subcommand)]
pub enum Pass {
    /// Issue a pass in place of any earlier one; prints {"id","pass","startsAt","endsAt","oneTime"}
    Issue {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
        /// How long it works, such as 60m, 8h or 3d
        #[arg(long, value_parser = span)]
        lifetime: Option<Span>,
        /// Good for one use only
        #[arg(long)]
        once: bool,
        /// From when it works, in RFC 3339
        #[arg(long, value_parser = time, value_name = "TIME")]
        start: Option<Timestamp>,
        /// Why, for the audit log
        #[arg(long, default_value = "")]
        reason: String,
        /// Write a letter with the pass into this new file, readable by its owner alone, to be printed on one page
        #[arg(long, value_name = "FILE")]
        letter: Option<PathBuf>,
    },
    /// List passes, never their values
    List {
        /// Only this person's
        #[arg(value_parser = login)]
        email: Option<Login>,
    },
    /// Take a person's pass back; the session it opened ends
    Revoke {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
    },
}

/// Passkeys.
#[derive(Debug, Subcommand)]
pub enum Passkey {
    /// List a person's passkeys
    List {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
    },
    /// Remove a passkey, as if its owner had lost it
    Remove {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
        /// The passkey's id
        #[arg(value_parser = id::<account::passkey::Passkey>)]
        id: account::passkey::PasskeyId,
    },
}

/// Requests for a pass by people who cannot sign in.
#[derive(Debug, Subcommand)]
pub enum Request {
    /// List open requests, oldest first; an array of {"id","reference","user","email","name","reason","at",…}
    List,
    /// Close a request without a pass; one for which a pass is issued on the pages closes by itself
    Close {
        /// The reference that the person was shown
        reference: String,
    },
}

/// Orders of passes.
#[derive(Debug, Subcommand)]
pub enum OrderCommand {
    /// List open orders, oldest first; an array of {"id","user","email","state","askedBy","startsAt","endsAt",…}
    List {
        /// Answered and expired ones too, the newest first
        #[arg(long)]
        all: bool,
    },
    /// Let an order be picked up
    Approve {
        /// The order's id
        #[arg(value_parser = id::<account::pass_order::Order>)]
        id: account::pass_order::OrderId,
        /// For whoever picks it up
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Let there be no pass
    Decline {
        /// The order's id
        #[arg(value_parser = id::<account::pass_order::Order>)]
        id: account::pass_order::OrderId,
        /// Why
        #[arg(long, default_value = "")]
        note: String,
    },
}

/// Mail.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send a mail that says that mail arrives, with the configuration of `serve`
    Test {
        /// Where to
        #[arg(value_parser = email)]
        to: String,
    },
}

/// The audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// List the latest events, newest first
    List {
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Only those about this person
        #[arg(long, value_parser = login)]
        user: Option<Login>,
    },
    /// Check the whole chain; names the first gap, fork, forged or overdue event
    Verify,
    /// Write all events to PATH, one JSON object a line, with the signed heads
    Export {
        /// Where to; must not exist yet. "-" is standard output
        path: PathBuf,
    },
}

/// The configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Read it as `serve` would and say what it means, or what is wrong
    Check,
}

/// The root keys.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// List ids, states and ages; never the keys
    List {
        /// Those that sign tokens for applications, instead of the root keys
        #[arg(long)]
        signing: bool,
    },
    /// Make a new key current; the server must be stopped, and started again afterwards
    Rotate {
        /// The keys that sign tokens for applications, instead of the root keys; the server may run
        #[arg(long)]
        signing: bool,
        /// Sign with them at once and drop the old ones, as after a theft; otherwise they are published first
        #[arg(long, requires = "signing")]
        now: bool,
    },
}

fn login(text: &str) -> Result<Login, String> {
    Login::parse(text).map_err(|_| {
        "an email address or user name has 1 to 254 characters and no control characters".to_owned()
    })
}

fn email(text: &str) -> Result<String, String> {
    account::user::parse_email(text).map_err(|_| "an email address such as ana@example.com".to_owned())
}

fn name(text: &str) -> Result<String, String> {
    parse_name(text).map_err(|_| "a name has 1 to 120 characters and no control characters".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        "a role is one of: ".to_owned()
            + &Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
    })
}

fn span(text: &str) -> Result<Span, String> {
    text.parse::<Span>().map_err(|error| error.to_string())
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_rfc3339(text).map_err(|error| error.to_string())
}

fn id<T>(text: &str) -> Result<primitives::id::Id<T>, String> {
    text.parse().map_err(|error: primitives::id::NotAnId| error.to_string())
}

#[cfg(test)]
mod tests;
