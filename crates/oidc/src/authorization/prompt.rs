//! `prompt` (OpenID Connect Core section 3.1.2.1).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Refusal;

/// What may or must be asked of the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prompt {
    /// Nothing may be asked.
    pub none: bool,
    /// The person signs in again.
    pub login: bool,
    /// The person is asked for consent again.
    pub consent: bool,
    /// The person says which account.
    pub select_account: bool,
}

impl Prompt {
    /// The values, as discovery names them.
    pub const VALUES: [&'static str; 4] = ["none", "login", "consent", "select_account"];

    /// Reads values with spaces between them. `none` stands alone; one that is not there is refused (Initiating User
    /// Registration via OpenID Connect, section 4).
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut prompt = Self::default();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            match value {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                _ => return Err(Refusal::Prompt),
            }
        }
        if prompt.none && (prompt.login || prompt.consent || prompt.select_account) {
            return Err(Refusal::PromptNoneWithAnother);
        }
        Ok(prompt)
    }

    /// Whether the request says nothing about it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = [self.none, self.login, self.consent, self.select_account];
        let named = Self::VALUES.into_iter().zip(set).filter(|(_, set)| *set);
        for (place, (value, _)) in named.enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(value)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Prompt {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        Self::parse(&text).map_err(Refusal::code)
    }
}

impl From<Prompt> for String {
    fn from(prompt: Prompt) -> Self {
        prompt.to_string()
    }
}
