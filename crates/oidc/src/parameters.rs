//! Parameters as browsers and programs send them: `application/x-www-form-urlencoded`, each at most once (RFC 6749
//! sections 3.1 and 3.2, appendix B).

use std::fmt;

/// Longest query or body in bytes.
pub const LONGEST: usize = 16 * 1024;
/// Most parameters.
pub const MOST: usize = 64;

/// The one parameter that may stand several times (RFC 8707 section 2).
const REPEATABLE: &str = "resource";

/// What was sent, in its order. Who prints it for debugging sees names only: values may be secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Why a query or body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterRefusal {
    /// More than [`LONGEST`] bytes.
    TooLong,
    /// More than [`MOST`] parameters.
    TooMany,
    /// A parameter stands twice.
    Duplicate,
    /// Something is no percent-encoded UTF-8, or has a NUL in it, which no database holds as text.
    Encoding,
}

impl ParameterRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            ParameterRefusal::TooLong => "request_too_long",
            ParameterRefusal::TooMany => "parameters_too_many",
            ParameterRefusal::Duplicate => "parameter_duplicate",
            ParameterRefusal::Encoding => "parameter_encoding",
        }
    }

    /// The rule in one sentence, for developers.
    pub fn description(self) -> &'static str {
        match self {
            ParameterRefusal::TooLong => "The request is too long",
            ParameterRefusal::TooMany => "The request has too many parameters",
            ParameterRefusal::Duplicate => "A parameter is there more than once",
            ParameterRefusal::Encoding => "A parameter is not percent-encoded UTF-8",
        }
    }
}

impl Parameters {
    /// Reads a query without its `?`, or a body.
    pub fn parse(encoded: &str) -> Result<Self, ParameterRefusal> {
        if encoded.len() > LONGEST {
            return Err(ParameterRefusal::TooLong);
        }
        let mut parameters = Self::default();
        for pair in encoded.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or(ParameterRefusal::Encoding)?;
            let value = decode(value).ok_or(ParameterRefusal::Encoding)?;
            parameters.add(name, value)?;
        }
        Ok(parameters)
    }

    /// Adds one, by the same rules.
    pub(crate) fn add(&mut self, name: String, value: String) -> Result<(), ParameterRefusal> {
        if self.0.len() == MOST {
            return Err(ParameterRefusal::TooMany);
        }
        if name.contains('\0') || value.contains('\0') {
            return Err(ParameterRefusal::Encoding);
        }
        if name != REPEATABLE && self.0.iter().any(|(other, _)| *other == name) {
            return Err(ParameterRefusal::Duplicate);
        }
        self.0.push((name, value));
        Ok(())
    }

    /// The parameter of that name; one without a value counts as left out (RFC 6749 section 3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a parameter that may stand several times.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(other, _)| other == name);
        named.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text that [`Parameters::parse`] makes the same of.
    pub fn encode(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.0 {
            append(&mut out, name, value);
        }
        out
    }
}

/// Adds `name=value` to a query, with a `&` before it unless it is the first.
pub(crate) fn append(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(&encode(name));
    query.push('=');
    query.push_str(&encode(value));
}

/// Percent-encodes everything but the unreserved characters of RFC 3986, so that the text means itself in a query, in a
/// fragment and in a form's body.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&primitives::encoding::hex_upper(&[byte]));
        }
    }
    out
}

/// Undoes what forms do: `+` is a space, `%` begins two hexadecimal digits, and the octets are UTF-8.
pub fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => out.push(b' '),
            b'%' => {
                let (digits, after) = rest.split_first_chunk::<2>()?;
                rest = after;
                let digits = std::str::from_utf8(digits).ok()?;
                out.extend(primitives::encoding::from_hex(digits)?);
            }
            other => out.push(*other),
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests;
