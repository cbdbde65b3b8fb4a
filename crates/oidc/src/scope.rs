//! Scopes (RFC 6749 section 3.3, OpenID Connect Core section 5.4).

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The scope of an OpenID Connect request.
pub const OPENID: &str = "openid";
/// Name, login name, language.
pub const PROFILE: &str = "profile";
/// The e-mail address.
pub const EMAIL: &str = "email";
/// The names of one's groups.
pub const GROUPS: &str = "groups";
/// Staying connected when the person is away.
pub const OFFLINE_ACCESS: &str = "offline_access";

/// Longest text of a request's scope in bytes.
pub const LONGEST: usize = 1000;
/// Most scopes of a request.
pub const MOST: usize = 32;

/// Scopes, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(BTreeSet<String>);

/// A text that is no list of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotScopes;

impl fmt::Display for NotScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a list of scopes")
    }
}

impl Scopes {
    /// Reads scopes with single spaces between them.
    pub fn parse(text: &str) -> Result<Self, NotScopes> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.len() > LONGEST {
            return Err(NotScopes);
        }
        let token = |token: &str| {
            !token.is_empty() && token.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
        };
        let mut scopes = BTreeSet::new();
        for part in text.split(' ') {
            if !token(part) || scopes.len() == MOST {
                return Err(NotScopes);
            }
            scopes.insert(part.to_owned());
        }
        Ok(Self(scopes))
    }

    /// Whether that one is among them.
    pub fn has(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Whether all of `other` are among them.
    pub fn includes(&self, other: &Scopes) -> bool {
        other.0.is_subset(&self.0)
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(&self, other: &Scopes) -> Scopes {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// Those that are in either.
    #[must_use]
    pub fn or(&self, other: &Scopes) -> Scopes {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn without(&self, other: &Scopes) -> Scopes {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, scope) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Scopes {
    type Error = NotScopes;

    fn try_from(text: String) -> Result<Self, NotScopes> {
        Self::parse(&text)
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_tokens_with_single_spaces() {
        let scopes = Scopes::parse("openid email openid").unwrap();
        assert_eq!(scopes.to_string(), "email openid");
        assert!(scopes.has(OPENID) && !scopes.has(GROUPS));
        for nonsense in [" openid", "openid ", "openid  email", "a\"b", "a\\b", "ü", "a\tb"] {
            assert_eq!(Scopes::parse(nonsense), Err(NotScopes), "{nonsense}");
        }
        assert_eq!(Scopes::parse(&"a".repeat(LONGEST + 1)), Err(NotScopes));
        let many: Vec<String> = (0..=MOST).map(|number| number.to_string()).collect();
        assert_eq!(Scopes::parse(&many.join(" ")), Err(NotScopes));
    }
}
