//! Why a text is no policy.

use std::fmt;

/// Why a text is no policy. Where it can, it says at which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentRefusal {
    /// More than 256 KiB.
    TooLong,
    /// It is no TOML.
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A key that nobody knows.
    UnknownKey(String),
    /// A key that must be there is not.
    Missing(String),
    /// A value of another kind: a text where a number should be.
    Type(String),
    /// A value that is not among those that may stand there.
    Value(String),
    /// A number or a length of time outside its bounds.
    Range(String),
    /// A list with more than it may hold.
    TooMany(String),
    /// A group that there is not.
    UnknownGroup {
        /// Where.
        key: String,
        /// What it was called.
        name: String,
    },
    /// A strength that is asked for and that there is not.
    UnknownStrength {
        /// Where.
        key: String,
        /// What it was called.
        name: String,
    },
    /// Two profiles or strengths of one name, or the name of a built-in strength.
    NameTaken {
        /// Where.
        key: String,
        /// The name.
        name: String,
    },
    /// The console would ask for less than phishing-resistant evidence.
    ConsoleTooWeak,
}

impl DocumentRefusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            DocumentRefusal::TooLong => "document_too_long",
            DocumentRefusal::Syntax { .. } => "document_syntax",
            DocumentRefusal::UnknownKey(_) => "document_unknown_key",
            DocumentRefusal::Missing(_) => "document_missing_key",
            DocumentRefusal::Type(_) => "document_type",
            DocumentRefusal::Value(_) => "document_value",
            DocumentRefusal::Range(_) => "document_range",
            DocumentRefusal::TooMany(_) => "document_too_many",
            DocumentRefusal::UnknownGroup { .. } => "document_unknown_group",
            DocumentRefusal::UnknownStrength { .. } => "document_unknown_strength",
            DocumentRefusal::NameTaken { .. } => "document_name_taken",
            DocumentRefusal::ConsoleTooWeak => "document_console_too_weak",
        }
    }

    /// The key at which it was refused, if there is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            DocumentRefusal::TooLong | DocumentRefusal::Syntax { .. } => None,
            DocumentRefusal::ConsoleTooWeak => Some("require.console"),
            DocumentRefusal::UnknownKey(key)
            | DocumentRefusal::Missing(key)
            | DocumentRefusal::Type(key)
            | DocumentRefusal::Value(key)
            | DocumentRefusal::Range(key)
            | DocumentRefusal::TooMany(key)
            | DocumentRefusal::UnknownGroup { key, .. }
            | DocumentRefusal::UnknownStrength { key, .. }
            | DocumentRefusal::NameTaken { key, .. } => Some(key),
        }
    }
}

/// For operators, in English; pages have words of their own.
impl fmt::Display for DocumentRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentRefusal::TooLong => f.write_str("it has more than 256 KiB"),
            DocumentRefusal::Syntax { line, message } => write!(f, "line {line}: {message}"),
            DocumentRefusal::UnknownKey(key) => write!(f, "there is no key {key}"),
            DocumentRefusal::Missing(key) => write!(f, "{key} is missing"),
            DocumentRefusal::Type(key) => write!(f, "{key} is of another kind than it must be"),
            DocumentRefusal::Value(key) => write!(f, "{key} has a value that may not stand there"),
            DocumentRefusal::Range(key) => write!(f, "{key} is outside its bounds"),
            DocumentRefusal::TooMany(key) => write!(f, "{key} has more entries than it may hold"),
            DocumentRefusal::UnknownGroup { key, name } => write!(f, "{key}: there is no group {name}"),
            DocumentRefusal::UnknownStrength { key, name } => write!(f, "{key}: there is no strength {name}"),
            DocumentRefusal::NameTaken { key, name } => write!(f, "{key}: the name {name} is taken"),
            DocumentRefusal::ConsoleTooWeak => {
                f.write_str("require.console asks for less than phishing-resistant evidence")
            }
        }
    }
}

impl std::error::Error for DocumentRefusal {}
