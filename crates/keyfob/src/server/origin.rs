//! A server's origin as people type it and as browsers write it.

use std::fmt;
use std::net::IpAddr;

/// A web origin (RFC 6454 section 6.1): scheme, host in lower case, port unless it is the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    secure: bool,
}

impl Origin {
    /// Reads `https://id.example.com`, `id.example.com`, or for trials `http://localhost:8080` or `localhost:8080`; a slash at the end is
    /// nothing.
    pub fn parse(typed: &str) -> Result<Self, OriginRefusal> {
        let typed = typed.trim().to_ascii_lowercase();
        let usual = if typed.split([':', '/']).next() == Some("localhost") { "http" } else { "https" };
        let (scheme, rest) = typed.split_once("://").unwrap_or((usual, &typed));
        let rest = rest.trim_end_matches('/');
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(OriginRefusal::Scheme),
        };
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        if !is_host_name(host) {
            return Err(OriginRefusal::Host);
        }
        let port = port.map(read_port).transpose()?;
        if !secure && host != "localhost" && !host.ends_with(".localhost") {
            return Err(OriginRefusal::Insecure);
        }
        let own = if secure { 443 } else { 80 };
        let text = match port.filter(|port| *port != own) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Ok(Self { text, secure })
    }

    /// Splits an address below an origin, such as the wizard's `https://id.example.com/a/e/…`, into both.
    pub fn split(address: &str) -> Result<(Self, &str), OriginRefusal> {
        let address = address.trim();
        let (scheme, rest) = address.split_once("://").ok_or(OriginRefusal::Scheme)?;
        let slash = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(slash);
        Ok((Self::parse(&format!("{scheme}://{authority}"))?, path))
    }

    /// The text that stands in client data.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.secure
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn read_port(text: &str) -> Result<u16, OriginRefusal> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = text.parse::<u16>().ok().filter(|port| digits && *port != 0);
    port.ok_or(OriginRefusal::Port)
}

/// Names only: an RP ID is no address, and international names are written in their ASCII form.
fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    host.len() <= 253 && host.parse::<IpAddr>().is_err() && host.split('.').all(label)
}

/// Why a text is no server's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginRefusal {
    /// Neither `https` nor `http`.
    Scheme,
    /// Not a host name.
    Host,
    /// Not a port.
    Port,
    /// Without TLS, and not this computer.
    Insecure,
}

impl fmt::Display for OriginRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "it does not begin with https://",
            Self::Host => "it names no server, such as id.example.com",
            Self::Port => "its port is none",
            Self::Insecure => "only http://localhost is reached without TLS",
        })
    }
}

impl std::error::Error for OriginRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_what_browsers_write() {
        for (typed, origin) in [
            ("https://id.example.com", "https://id.example.com"),
            (" ID.Example.com/ ", "https://id.example.com"),
            ("https://id.example.com:443/", "https://id.example.com"),
            ("https://id.example.com:8443", "https://id.example.com:8443"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("localhost:8080/", "http://localhost:8080"),
            ("localhost.example.com", "https://localhost.example.com"),
            ("http://id.localhost", "http://id.localhost"),
        ] {
            assert_eq!(Origin::parse(typed).unwrap().as_str(), origin, "{typed}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused_by_name() {
        for (typed, refusal) in [
            ("ftp://id.example.com", OriginRefusal::Scheme),
            ("", OriginRefusal::Host),
            ("https://", OriginRefusal::Host),
            ("https://127.0.0.1", OriginRefusal::Host),
            ("https://ana@example.com", OriginRefusal::Host),
            ("https://example.com/path", OriginRefusal::Host),
            ("https://example..com", OriginRefusal::Host),
            ("https://example.com\r\nx: y", OriginRefusal::Host),
            ("https://exämple.com", OriginRefusal::Host),
            ("https://[::1]", OriginRefusal::Host),
            ("https://example.com:", OriginRefusal::Port),
            ("https://example.com:+80", OriginRefusal::Port),
            ("https://example.com:65536", OriginRefusal::Port),
            ("http://example.com", OriginRefusal::Insecure),
            ("http://localhost.example.com", OriginRefusal::Insecure),
        ] {
            assert_eq!(Origin::parse(typed), Err(refusal), "{typed}");
        }
    }

    #[test]
    fn an_address_is_an_origin_and_a_path() {
        let (origin, path) = Origin::split("https://id.example.com/a/e/abc").unwrap();
        assert_eq!((origin.as_str(), path), ("https://id.example.com", "/a/e/abc"));
        assert_eq!(Origin::split("https://id.example.com").unwrap().1, "");
        assert_eq!(Origin::split("id.example.com/a/e/abc"), Err(OriginRefusal::Scheme));
        assert_eq!(Origin::split("https://a@id.example.com/a/e/x"), Err(OriginRefusal::Host));
    }
}
