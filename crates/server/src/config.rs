//! Configuration: file, then environment, then flags, parsed once into values.
//!
//! An unknown key is an error that names it: a misspelt `trusted_proxy` must not silently trust nobody.

mod export;
mod keys;
mod methods;
mod network;
mod oidc;
mod origin;
mod outward;
mod raw;
mod relay;
mod retention;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use account::pass_order::OrderRules;
use account::policy::Policy;
use primitives::time::{Span, Timestamp};

pub use self::oidc::Oidc;
pub use export::{Export, Syslog, SyslogWay};
pub use network::{Network, NotANetwork, canonical};
pub use origin::{Origin, OriginRefusal, is_host_name};
pub use outward::{Allowed, Metadata, MetadataSource, Outbound};
pub use raw::{Overlay, sources};
pub use relay::Relay;
pub use service::retention::Retention;
pub use store::Database;

/// Everything that a deployment chooses.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where people reach the server; `None` means `http://localhost` at the port of `listen`.
    pub origin: Option<Origin>,
    /// The relying-party ID if it is not the origin's host.
    pub rp_id: Option<String>,
    /// The relying-party ID before a move, whose passkeys are still taken.
    pub former_rp_id: Option<String>,
    /// Further https origins that may use these passkeys (WebAuthn Level 3, 5.11), with at most five different names.
    pub related_origins: Vec<Origin>,
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// Where metrics are served, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The database.
    pub database: Database,
    /// The file of the root keys.
    pub key_file: PathBuf,
    /// Peers whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<Network>,
    /// Until then people sign in and read, and change nothing; for maintenance.
    pub read_only_until: Option<Timestamp>,
    /// Certificate and key, if the server speaks TLS itself.
    pub tls: Option<TlsFiles>,
    /// Who runs this and where help is.
    pub organisation: Organisation,
    /// Lifetimes of sessions.
    pub sessions: Sessions,
    /// Rules of passkeys.
    pub passkeys: Passkeys,
    /// What else people may sign in with, and how passkeys come to phones.
    pub policy: Policy,
    /// Who may order passes, and what letters hold.
    pub orders: OrderRules,
    /// A file of passwords that are known to others: one a line, or upper-case SHA-1 digests in hexadecimal, sorted.
    pub breached: Option<PathBuf>,
    /// How notices leave the house, if they do.
    pub mail: Option<Mail>,
    /// How this server connects to others.
    pub outbound: Outbound,
    /// Where metadata about authenticators comes from.
    pub metadata: Metadata,
    /// Where the audit log is written as it comes.
    pub export: Export,
    /// How long people's data stay in the audit log.
    pub retention: Retention,
    /// Which applications may come by themselves.
    pub oidc: Oidc,
    /// Whether this server is a tunnel service, too.
    pub relay: Relay,
    /// How the log is written.
    pub log: Log,
    /// Deadlines of connections and requests, and how many of them.
    pub limits: Limits,
}

/// PEM files of the server's certificate chain and private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, leaf first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// What pages say about the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its name, in titles and greetings.
    pub name: String,
    /// How to reach the people who help: shown on the help page.
    pub help: String,
    /// The language of pages for a browser that asks for none that we have.
    pub language: String,
}

/// Lifetimes of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// Ends a session that nobody uses.
    pub idle: Span,
    /// Ends every session.
    pub absolute: Span,
}

/// Rules of passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passkeys {
    /// Whether ML-DSA is offered, before all other algorithms.
    pub post_quantum: bool,
}

/// Where mail is handed to (SMTP, RFC 5321; submission, RFC 6409).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub tls: MailTls,
    /// Who signs in there, if anybody must.
    pub user: Option<String>,
    /// The file that holds the user's password.
    pub password_file: Option<PathBuf>,
    /// The sender's address.
    pub from: String,
    /// A PEM file of certificates to trust instead of the system's.
    pub certificates: Option<PathBuf>,
}

/// How the way to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// TLS after STARTTLS, required (RFC 3207).
    StartTls,
    /// TLS from the start (RFC 8314).
    Implicit,
    /// None; to this machine only.
    None,
}

impl MailTls {
    /// The port where none is written.
    fn usual_port(self) -> u16 {
        match self {
            MailTls::StartTls => 587,
            MailTls::Implicit => 465,
            MailTls::None => 25,
        }
    }
}

/// How the log is written, to standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// One JSON object a line instead of text.
    pub json: bool,
    /// What is logged, in the form of tracing's filter: `info` or `info,server=debug`.
    pub filter: String,
}

/// Deadlines, and how much at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A request's head must have arrived by then; idle connections end then too.
    pub head: Duration,
    /// A request must have been answered by then, counted from when its body is there.
    pub request: Duration,
    /// A request's body must have arrived by then.
    pub body: Duration,
    /// How long a stopping server waits for the requests under way.
    pub drain: Duration,
    /// Requests that are answered or wait at the same time; more are refused.
    pub requests: usize,
    /// Connections at the same time; more are closed.
    pub connections: usize,
}

impl Config {
    /// Reads the file at `path` (or `keyward.toml` here, if there is one), the environment and the flags.
    pub fn load(path: Option<&Path>, flags: &Overlay) -> Result<Self, ConfigRefusal> {
        raw::load(path, flags)
    }

    /// The origin, where it is not configured that of `localhost` at the port that was bound.
    pub fn origin_at(&self, bound: SocketAddr) -> Origin {
        self.origin.clone().unwrap_or_else(|| Origin::localhost(bound.port()))
    }

    /// The relying-party ID for `origin`.
    pub fn rp_id_for(&self, origin: &Origin) -> String {
        self.rp_id.clone().unwrap_or_else(|| origin.host().to_owned())
    }

    /// Refuses what would make passkeys useless or carry sign-ins in the clear.
    pub fn check(&self) -> Result<(), ConfigRefusal> {
        let origin = self.origin_at(self.listen);
        let rp_id = self.rp_id_for(&origin);
        if !origin.allows_rp_id(&rp_id) {
            return Err(ConfigRefusal::RpId { rp_id, origin: origin.to_string() });
        }
        if self.tls.is_none() && !self.listen.ip().is_loopback() && self.trusted_proxies.is_empty() {
            return Err(ConfigRefusal::PlainHttp(self.listen));
        }
        if self.tls.is_some() && !origin.is_https() {
            return Err(ConfigRefusal::TlsWithoutHttps(origin.to_string()));
        }
        if self.metrics_listen.is_some_and(|metrics| metrics == self.listen && metrics.port() != 0) {
            return Err(ConfigRefusal::SameListener);
        }
        Ok(())
    }
}

/// Loopback at `port`.
pub fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// Why there is no usable configuration; each sentence says what to do.
#[derive(Debug)]
pub enum ConfigRefusal {
    /// The file cannot be read.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file, a variable or a flag does not have the right shape; the text names the key.
    Shape {
        /// Where it stands.
        source: String,
        /// What is wrong with it.
        message: String,
    },
    /// A value is not what its key needs.
    Value {
        /// The key.
        key: &'static str,
        /// What it needs.
        message: String,
    },
    /// The relying-party ID does not fit the origin.
    RpId {
        /// The relying-party ID.
        rp_id: String,
        /// The origin.
        origin: String,
    },
    /// Plain HTTP that others could read.
    PlainHttp(SocketAddr),
    /// Certificates, but an `http` origin.
    TlsWithoutHttps(String),
    /// Metrics would answer on the public listener.
    SameListener,
}

impl fmt::Display for ConfigRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, cause } => write!(
                f,
                "The configuration {} cannot be read ({cause}): correct its path or permissions.",
                path.display()
            ),
            Self::Shape { source, message } => {
                write!(f, "The configuration was not accepted, {source}: {message}.")
            }
            Self::Value { key, message } => write!(f, "The value of `{key}` cannot be used: {message}."),
            Self::RpId { rp_id, origin } => write!(
                f,
                "Passkeys of the RP ID {rp_id} do not work at {origin}: set `rp_id` to the origin's host or a parent \
                 domain of it, or correct `origin`."
            ),
            Self::PlainHttp(listen) => write!(
                f,
                "Plain HTTP at {listen} could be read on the way: configure `tls`, listen on 127.0.0.1, or name the \
                 reverse proxy in `trusted_proxies`."
            ),
            Self::TlsWithoutHttps(origin) => {
                write!(
                    f,
                    "`tls` is configured but the origin is {origin}: set `origin` to the https address that people open."
                )
            }
            Self::SameListener => {
                f.write_str("`metrics_listen` equals `listen`: metrics need a listener of their own.")
            }
        }
    }
}

impl std::error::Error for ConfigRefusal {}

#[cfg(test)]
mod tests;
