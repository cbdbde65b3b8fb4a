//! How strong a sign-in each place asks for, and strengths beside the built-in ones.

use std::fmt;

use crate::names::named_enum;
use crate::policy::ModelRule;
use crate::strength::Strength;

/// A strength of the organisation's own: evidence satisfies it that has one of the combinations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomStrength {
    /// Its name, unique, such as `keys-of-the-vault`; built-in names are taken.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The combinations, one of which must have been proven. Never empty.
    pub combinations: Vec<Combination>,
    /// Which models its passkeys must be of.
    pub models: ModelRule,
}

named_enum! {
    /// Methods that were proven together.
    pub enum Combination {
        /// A passkey of any binding that verified the person.
        AnyPasskey = "any-passkey",
        /// A passkey that nothing phishable bound.
        Passkey = "passkey",
        /// The same, whose key provably cannot leave its hardware.
        HardwarePasskey = "hardware-passkey",
        /// A pass that works once.
        PassOnce = "pass-once",
        /// A pass that works several times.
        PassManyTimes = "pass-many-times",
        /// A password and a code of an authenticator app.
        PasswordAndCode = "password+authenticator-code",
        /// A password and a recovery code.
        PasswordAndRecoveryCode = "password+recovery-code",
        /// A password alone.
        Password = "password",
    }
}

/// What a place asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Whatever opened the session.
    Anything,
    /// A built-in strength.
    BuiltIn(Strength),
    /// The organisation's own strength of that name.
    Custom(String),
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Needed::Anything => f.write_str("anything"),
            Needed::BuiltIn(strength) => f.write_str(strength.as_str()),
            Needed::Custom(name) => f.write_str(name),
        }
    }
}

named_enum! {
    /// A place that may ask for a strength.
    pub enum Area {
        /// Security info, sessions and history.
        Portal = "portal",
        /// The administrators' console and API.
        Console = "console",
        /// Adding and removing one's own methods. A session of a pass always may add the first one: what cannot be
        /// satisfied by anybody who has nothing yet would keep them out for ever.
        SecurityInfo = "security-info",
        /// Applications that ask for nothing themselves.
        Applications = "applications",
    }
}

/// Where which strength is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirements {
    /// Of [`Area::Portal`].
    pub portal: Needed,
    /// Of [`Area::Console`]; never less than phishing-resistant.
    pub console: Needed,
    /// Of [`Area::SecurityInfo`].
    pub security_info: Needed,
    /// Of [`Area::Applications`].
    pub applications: Needed,
}

impl Default for Requirements {
    fn default() -> Self {
        Self {
            portal: Needed::Anything,
            console: Needed::BuiltIn(Strength::PhishingResistant),
            security_info: Needed::Anything,
            applications: Needed::BuiltIn(Strength::Multifactor),
        }
    }
}

impl Requirements {
    /// What that place asks for.
    pub fn of(&self, place: Area) -> &Needed {
        match place {
            Area::Portal => &self.portal,
            Area::Console => &self.console,
            Area::SecurityInfo => &self.security_info,
            Area::Applications => &self.applications,
        }
    }
}
