//! Web origins and the relying-party ID that must fit them.

use std::fmt;
use std::net::IpAddr;

/// A web origin as the browser writes it: scheme, host in lower case, port unless it is the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
    secure: bool,
}

impl Origin {
    /// Reads `https://id.example.com` or, for development, `http://localhost:8080`.
    pub fn parse(text: &str) -> Result<Self, OriginRefusal> {
        let (scheme, rest) = text.split_once("://").ok_or(OriginRefusal::Shape)?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(OriginRefusal::Scheme),
        };
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(parse_port(port)?)),
            None => (rest, None),
        };
        if !is_host_name(host) {
            return Err(OriginRefusal::Host);
        }
        // Passkeys need a secure context, and a plain-text origin is one on this machine only.
        if !secure && !is_local(host) {
            return Err(OriginRefusal::Insecure);
        }
        let own_port = if secure { 443 } else { 80 };
        let text = match port.filter(|port| *port != own_port) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Ok(Self { text, host: host.to_owned(), secure })
    }

    /// `http://localhost:PORT`, where a server without configuration is reached.
    pub fn localhost(port: u16) -> Self {
        Self { text: format!("http://localhost:{port}"), host: "localhost".to_owned(), secure: false }
    }

    /// The text that browsers send as `Origin` and in client data.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host name.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is `https`.
    pub fn is_https(&self) -> bool {
        self.secure
    }

    /// Whether pages of this origin may use `rp_id` (WebAuthn Level 3, 5.1.3 step 8): the host itself or a
    /// parent domain of it. That the parent is no public suffix is the browser's to know.
    pub fn allows_rp_id(&self, rp_id: &str) -> bool {
        self.host == rp_id
            || (rp_id.contains('.')
                && self.host.strip_suffix(rp_id).is_some_and(|child| child.len() > 1 && child.ends_with('.')))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a relying-party ID is a host name in the only spelling that browsers send.
pub fn is_host_name(host: &str) -> bool {
    host.len() <= 253
        && host.parse::<IpAddr>().is_err()
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        })
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

fn parse_port(port: &str) -> Result<u16, OriginRefusal> {
    if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(OriginRefusal::Shape);
    }
    port.parse().map_err(|_| OriginRefusal::Shape)
}

/// Why a text is no origin that can serve passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginRefusal {
    /// Not `scheme://host[:port]` and nothing more.
    Shape,
    /// Neither `https` nor `http`.
    Scheme,
    /// Not a lower-case host name (an address is no relying-party ID; other scripts need their `xn--` form).
    Host,
    /// Plain HTTP on a name other than localhost: browsers offer no passkeys there.
    Insecure,
}

impl fmt::Display for OriginRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OriginRefusal::Shape => {
                "write scheme, host and, if needed, port only, such as https://id.example.com"
            }
            OriginRefusal::Scheme => "an origin begins with https:// (or http:// on localhost)",
            OriginRefusal::Host => {
                "the host must be a name in lower case, no address; write other scripts in their xn-- form"
            }
            OriginRefusal::Insecure => "browsers offer passkeys only over https, or over http on localhost",
        })
    }
}

impl std::error::Error for OriginRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_browsers_write() {
        assert_eq!(Origin::parse("https://id.example.com").unwrap().as_str(), "https://id.example.com");
        assert_eq!(Origin::parse("https://id.example.com:443").unwrap().as_str(), "https://id.example.com");
        assert_eq!(Origin::parse("http://localhost:8080").unwrap().as_str(), "http://localhost:8080");
        assert_eq!(Origin::parse("https://id.example.com:8443").unwrap().host(), "id.example.com");
    }

    #[test]
    fn refuses_each_wrong_form_for_its_reason() {
        for (text, reason) in [
            ("id.example.com", OriginRefusal::Shape),
            ("https://id.example.com/", OriginRefusal::Host),
            ("https://id.example.com/path", OriginRefusal::Host),
            ("https://user@id.example.com", OriginRefusal::Host),
            ("https://ID.example.com", OriginRefusal::Host),
            ("https://id.example.com.", OriginRefusal::Host),
            ("https://münchen.example", OriginRefusal::Host),
            ("https://192.0.2.1", OriginRefusal::Host),
            ("https://[::1]:1", OriginRefusal::Shape),
            ("https://", OriginRefusal::Host),
            ("https://id.example.com:", OriginRefusal::Shape),
            ("https://id.example.com:+1", OriginRefusal::Shape),
            ("https://id.example.com:65536", OriginRefusal::Shape),
            ("ftp://id.example.com", OriginRefusal::Scheme),
            ("null", OriginRefusal::Shape),
            ("http://id.example.com", OriginRefusal::Insecure),
        ] {
            assert_eq!(Origin::parse(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn the_rp_id_is_the_host_or_a_parent_of_it() {
        let origin = Origin::parse("https://id.example.com").unwrap();
        for fits in ["id.example.com", "example.com"] {
            assert!(origin.allows_rp_id(fits), "{fits}");
        }
        for alien in
            ["com", "xample.com", "d.example.com", "login.id.example.com", "example.org", "", ".example.com"]
        {
            assert!(!origin.allows_rp_id(alien), "{alien}");
        }
        assert!(Origin::localhost(1).allows_rp_id("localhost"));
    }
}
