//! Where something is asked: an `https` address.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;

/// Longest address.
const LONGEST: usize = 2048;

/// An `https` address without user, password and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    host: String,
    port: u16,
    path: String,
}

impl Target {
    /// The host: a name in lower case, or an address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Path and query.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Host and port as the `Host` header has them.
    pub(super) fn authority(&self) -> String {
        match self.port {
            443 => self.bracketed(),
            port => format!("{}:{port}", self.bracketed()),
        }
    }

    /// The host, an IPv6 address in brackets.
    pub(super) fn bracketed(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}{}", self.authority(), self.path)
    }
}

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        if text.len() > LONGEST || text.contains('#') {
            return Err(NotATarget);
        }
        let uri: Uri = text.parse().map_err(|_| NotATarget)?;
        let authority = uri.authority().ok_or(NotATarget)?;
        if uri.scheme_str() != Some("https") || authority.as_str().contains('@') {
            return Err(NotATarget);
        }
        let host = authority.host();
        let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = inner.unwrap_or(host).trim_end_matches('.').to_ascii_lowercase();
        if host.is_empty()
            || !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte))
        {
            return Err(NotATarget);
        }
        // What stands behind the host is read here: a port out of range would count as none.
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("") => 443,
            Some(rest) => {
                let port = rest.strip_prefix(':').and_then(|port| port.parse().ok());
                port.filter(|port| *port != 0).ok_or(NotATarget)?
            }
            None => return Err(NotATarget),
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self { host, port, path: path.to_owned() })
    }
}

/// Not an address that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATarget;

impl fmt::Display for NotATarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "write an address such as https://mds3.fidoalliance.org/, without user, password and fragment",
        )
    }
}

impl std::error::Error for NotATarget {}
