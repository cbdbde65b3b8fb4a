//! Absolute URIs (RFC 3986) in the one spelling that everybody reads alike.
//!
//! What may be written in two ways, or what browsers and libraries are known to read differently, is refused: that a
//! text is taken means that its host is the host that a browser will ask.

use core::net::{Ipv4Addr, Ipv6Addr};

/// Longest URI in bytes.
pub const LONGEST: usize = 1000;

/// The parts of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uri<'a> {
    scheme: &'a str,
    host: Option<&'a str>,
    port: Option<u16>,
    rest: &'a str,
}

/// Why a text is no such URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriRefusal {
    /// Empty, or more than [`LONGEST`] bytes.
    Length,
    /// A character that no URI has, or that some read as another.
    Characters,
    /// No scheme in lower case in front.
    Scheme,
    /// A name or password in front of the host.
    Userinfo,
    /// No host, or one in another spelling than its own.
    Host,
    /// A port that is no number from 1 to 65535, or one that is spelt oddly.
    Port,
    /// A path with `.` or `..` in it, plain or encoded.
    Path,
    /// A `%` that begins no octet, or the octet of a control character.
    Encoding,
    /// A fragment.
    Fragment,
}

impl UriRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            UriRefusal::Length => "uri_length",
            UriRefusal::Characters => "uri_characters",
            UriRefusal::Scheme => "uri_scheme",
            UriRefusal::Userinfo => "uri_userinfo",
            UriRefusal::Host => "uri_host",
            UriRefusal::Port => "uri_port",
            UriRefusal::Path => "uri_path",
            UriRefusal::Encoding => "uri_encoding",
            UriRefusal::Fragment => "uri_fragment",
        }
    }
}

impl<'a> Uri<'a> {
    /// Tells the parts apart.
    pub fn parse(text: &'a str) -> Result<Self, UriRefusal> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(UriRefusal::Length);
        }
        if text.contains('#') {
            return Err(UriRefusal::Fragment);
        }
        let plain = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
        if !text.bytes().all(plain) {
            return Err(UriRefusal::Characters);
        }
        let (scheme, after) = text.split_once(':').ok_or(UriRefusal::Scheme)?;
        let mut letters = scheme.bytes();
        let begins = letters.next().is_some_and(|first| first.is_ascii_lowercase());
        let goes_on = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')
        };
        if !begins || !letters.all(goes_on) {
            return Err(UriRefusal::Scheme);
        }
        let Some(after) = after.strip_prefix("//") else {
            let uri = Self { scheme, host: None, port: None, rest: after };
            // Browsers would take the host from the path.
            let opaque = uri.is_web() || !after.starts_with('/');
            return if opaque { Err(UriRefusal::Host) } else { uri.with_a_plain_path() };
        };
        let end = after.find(['/', '?']).unwrap_or(after.len());
        let (authority, rest) = after.split_at_checked(end).ok_or(UriRefusal::Host)?;
        let (host, port) = split_authority(authority)?;
        let uri = Self { scheme, host: Some(host), port, rest };
        // Schemes of apps have no host to speak of: `app.immich:///oauth-callback`.
        let none_needed = host.is_empty() && port.is_none() && !uri.is_web();
        if !none_needed && !is_host(host) {
            return Err(UriRefusal::Host);
        }
        uri.with_a_plain_path()
    }

    fn with_a_plain_path(self) -> Result<Self, UriRefusal> {
        if self.rest.contains(['[', ']']) {
            return Err(UriRefusal::Characters);
        }
        let mut rest = self.rest;
        while let Some((_, after)) = rest.split_once('%') {
            let octet =
                after.get(..2).and_then(primitives::encoding::from_hex).ok_or(UriRefusal::Encoding)?;
            if octet.iter().any(u8::is_ascii_control) {
                return Err(UriRefusal::Encoding);
            }
            rest = after;
        }
        let dots =
            |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
        if self.path().split('/').any(dots) {
            return Err(UriRefusal::Path);
        }
        Ok(self)
    }

    /// Its scheme.
    pub fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// Its host; an IPv6 address in brackets.
    pub fn host(&self) -> Option<&'a str> {
        self.host.filter(|host| !host.is_empty())
    }

    /// Its port, if it names one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Its path, perhaps empty.
    pub fn path(&self) -> &'a str {
        self.rest.split_once('?').map_or(self.rest, |(path, _)| path)
    }

    /// What follows the first `?`, if there is one.
    pub fn query(&self) -> Option<&'a str> {
        self.rest.split_once('?').map(|(_, query)| query)
    }

    /// Path and query as they stand.
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    /// Whether a browser loads it from a host.
    pub fn is_web(&self) -> bool {
        matches!(self.scheme, "https" | "http")
    }

    /// Whether its host is an address of the reader's own machine.
    pub fn is_loopback_address(&self) -> bool {
        let Some(host) = self.host else { return false };
        match address_v6(host) {
            Some(address) => address.is_loopback(),
            None => host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        }
    }

    /// Whether nobody but the reader's own machine answers there.
    pub fn is_loopback(&self) -> bool {
        self.host == Some("localhost") || self.is_loopback_address()
    }

    /// Whether nobody on the way can read or change what goes there: HTTPS, or HTTP that stays on one machine.
    pub fn is_protected(&self) -> bool {
        match self.scheme {
            "https" => true,
            "http" => self.is_loopback(),
            _ => false,
        }
    }

    /// Scheme, host and port as an `Origin` header has them, where there is a host.
    pub fn origin(&self) -> Option<String> {
        let host = self.host()?;
        let standard = if self.scheme == "https" { 443 } else { 80 };
        let port = self.port.filter(|port| *port != standard);
        Some(port.map_or_else(
            || format!("{}://{host}", self.scheme),
            |port| format!("{}://{host}:{port}", self.scheme),
        ))
    }
}

fn split_authority(authority: &str) -> Result<(&str, Option<u16>), UriRefusal> {
    if authority.contains('@') {
        return Err(UriRefusal::Userinfo);
    }
    // The colons of an IPv6 address stand in brackets.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let Some(port) = port else { return Ok((host, None)) };
    let digits = !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
    let number = port.parse::<u16>().ok().filter(|_| digits).ok_or(UriRefusal::Port)?;
    Ok((host, Some(number)))
}

fn address_v6(host: &str) -> Option<Ipv6Addr> {
    let inner = host.strip_prefix('[')?.strip_suffix(']')?;
    inner.parse::<Ipv6Addr>().ok().filter(|address| address.to_string() == inner)
}

fn is_host(host: &str) -> bool {
    if host.starts_with('[') {
        return address_v6(host).is_some();
    }
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    let label = |label: &str| {
        let edges = label.starts_with('-') || label.ends_with('-');
        (1..=63).contains(&label.len()) && !edges && label.bytes().all(letter)
    };
    if host.len() > 253 || !host.split('.').all(label) {
        return false;
    }
    // What ends in a number is an IPv4 address to a browser, and only one of its spellings is taken.
    let last = host.rsplit('.').next().unwrap_or(host);
    let hexadecimal =
        last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let number = hexadecimal || last.bytes().all(|byte| byte.is_ascii_digit());
    !number || host.parse::<Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests;
