//! Why a request was not done (RFC 7644 section 3.12).

use std::fmt;

/// A refusal with what the client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The detail error keyword, where the RFC has one.
    pub kind: Option<ScimType>,
    /// A sentence for the people who run the client.
    pub detail: String,
}

/// Detail error keywords (RFC 7644 table 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScimType {
    /// The filter is none, or not supported for this attribute.
    InvalidFilter,
    /// More would come than is given.
    TooMany,
    /// Another resource has this value.
    Uniqueness,
    /// The attribute cannot be changed.
    Mutability,
    /// The body is not what SCIM calls such a message.
    InvalidSyntax,
    /// The path is none, or names no attribute.
    InvalidPath,
    /// The path selects nothing.
    NoTarget,
    /// A value is missing or not of its type.
    InvalidValue,
}

impl ScimType {
    /// The keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            ScimType::InvalidFilter => "invalidFilter",
            ScimType::TooMany => "tooMany",
            ScimType::Uniqueness => "uniqueness",
            ScimType::Mutability => "mutability",
            ScimType::InvalidSyntax => "invalidSyntax",
            ScimType::InvalidPath => "invalidPath",
            ScimType::NoTarget => "noTarget",
            ScimType::InvalidValue => "invalidValue",
        }
    }
}

impl Refusal {
    /// A bad request of that kind.
    pub fn bad(kind: ScimType, detail: impl Into<String>) -> Self {
        Self { status: 400, kind: Some(kind), detail: detail.into() }
    }

    /// A refusal of another status without a keyword.
    pub fn status(status: u16, detail: impl Into<String>) -> Self {
        Self { status, kind: None, detail: detail.into() }
    }

    /// Another resource has that value.
    pub fn taken(detail: impl Into<String>) -> Self {
        Self { status: 409, kind: Some(ScimType::Uniqueness), detail: detail.into() }
    }

    pub(crate) fn value(detail: impl Into<String>) -> Self {
        Self::bad(ScimType::InvalidValue, detail)
    }

    pub(crate) fn syntax(detail: impl Into<String>) -> Self {
        Self::bad(ScimType::InvalidSyntax, detail)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}
