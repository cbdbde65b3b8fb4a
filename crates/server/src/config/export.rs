//! What the configuration says about writing the audit log elsewhere.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

use super::raw::value;
use super::{ConfigRefusal, is_host_name};

/// Where the audit log is written as it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// A file of JSON lines.
    pub json: Option<PathBuf>,
    /// A syslog server.
    pub syslog: Option<Syslog>,
    /// Whether browsers, addresses and notes go with the events.
    pub personal: bool,
}

/// A syslog server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syslog {
    /// How messages go there.
    pub way: SyslogWay,
    /// The server's name or address, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// How messages go to a syslog server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyslogWay {
    /// A datagram each (RFC 5426).
    Udp,
    /// One after the other, each with its length (RFC 6587).
    Tcp,
    /// The same in TLS (RFC 5425).
    Tls,
}

impl SyslogWay {
    fn name(self) -> &'static str {
        match self {
            SyslogWay::Udp => "udp",
            SyslogWay::Tcp => "tcp",
            SyslogWay::Tls => "tls",
        }
    }

    /// The port where none is written.
    fn usual_port(self) -> u16 {
        match self {
            SyslogWay::Udp => 514,
            SyslogWay::Tcp => 601,
            SyslogWay::Tls => 6514,
        }
    }
}

impl fmt::Display for Syslog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        write!(f, "{}://{host}:{}", self.way.name(), self.port)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawExport {
    json: Option<PathBuf>,
    syslog: Option<String>,
    personal: Option<bool>,
}

pub(super) fn parse(raw: RawExport) -> Result<Export, ConfigRefusal> {
    if raw.json.as_ref().is_some_and(|path| path.as_os_str().is_empty() || path.to_str().is_none()) {
        return Err(value("export.json", "write the path of a file"));
    }
    let wrong = || {
        value(
            "export.syslog",
            "write udp://, tcp:// or tls:// with host and port, such as tls://siem.example.com:6514",
        )
    };
    let syslog = raw.syslog.map(|text| syslog(&text).ok_or_else(wrong)).transpose()?;
    Ok(Export { json: raw.json, syslog, personal: raw.personal.unwrap_or(false) })
}

fn syslog(text: &str) -> Option<Syslog> {
    let (scheme, rest) = text.split_once("://")?;
    let ways = [SyslogWay::Udp, SyslogWay::Tcp, SyslogWay::Tls];
    let way = ways.into_iter().find(|way| way.name() == scheme)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.strip_prefix('[') {
        Some(inner) => {
            let (host, port) = inner.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, port.strip_prefix(':'))
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    let known = host.parse::<std::net::IpAddr>().is_ok() || is_host_name(host);
    let port = port.map_or(Some(way.usual_port()), |port| port.parse().ok().filter(|port| *port != 0))?;
    known.then(|| Syslog { way, host: host.to_owned(), port })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_and_written() {
        for (text, shown) in [
            ("udp://siem.example.com", "udp://siem.example.com:514"),
            ("tcp://siem.example.com", "tcp://siem.example.com:601"),
            ("tls://siem.example.com:6515/", "tls://siem.example.com:6515"),
            ("tls://[::1]", "tls://[::1]:6514"),
            ("udp://127.0.0.1:5514", "udp://127.0.0.1:5514"),
        ] {
            assert_eq!(syslog(text).unwrap().to_string(), shown);
        }
        for text in [
            "siem.example.com:514",
            "http://x",
            "udp://",
            "udp://a b",
            "tcp://x:0",
            "tcp://x:y",
            "tls://[::1",
            "tls://u@x",
        ] {
            assert_eq!(syslog(text), None, "{text}");
        }
        let raw = RawExport { syslog: Some("syslog".to_owned()), ..RawExport::default() };
        assert!(parse(raw).unwrap_err().to_string().contains("`export.syslog`"));
    }
}
