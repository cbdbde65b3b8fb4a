//! Applications as the organisation sees them: who may use one, on what evidence, and what it is told.
//!
//! What a client registered in the terms of the protocols is `oidc::client`; this is what stands beside it.

use primitives::id::Id;
use primitives::time::Span;
use serde::{Deserialize, Serialize};

use crate::group::GroupId;
use crate::names::named_enum;
use crate::policy::Needed;

mod terms;

pub use terms::{
    ACCESS, ApplicationRefusal, LONGEST_CLAIM, LONGEST_NAME, LONGEST_TEXT, LONGEST_URL, MOST_CLAIMS,
    MOST_GROUPS, MOST_GUARDS, REFRESH, is_reserved,
};

/// What a grant is identified by.
#[derive(Debug)]
pub struct Grant;

/// Identifies a grant: everything that came of one code.
pub type GrantId = Id<Grant>;

/// The organisation's side of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// How people know it.
    pub name: String,
    /// Where it is, for lists of applications.
    #[serde(default)]
    pub home: Option<String>,
    /// Where it came from.
    pub origin: Provenance,
    /// From which of our templates its terms came.
    #[serde(default)]
    pub template: Option<String>,
    /// Whose members may use it; everybody if there is none.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// What it asks for whatever its requests say, besides what policy asks for at applications.
    #[serde(default = "anything", with = "needed_text")]
    pub needed: Needed,
    /// What happens to who does not satisfy a voluntary request for a strength.
    #[serde(default)]
    pub prefers: bool,
    /// Whether people are asked.
    pub consent: Consent,
    /// How long its tokens live.
    #[serde(default)]
    pub lifetimes: Lifetimes,
    /// What it is told beside the standard claims.
    #[serde(default)]
    pub claims: Vec<Mapping>,
    /// Whether ID tokens say what the scopes bring; userinfo always does. For applications that ask nowhere else.
    #[serde(default)]
    pub profile_in_id_token: bool,
    /// The origins whose requests it guards by forward authentication, such as `https://wiki.example.com`.
    #[serde(default)]
    pub guards: Vec<String>,
}

fn anything() -> Needed {
    Needed::Anything
}

named_enum! {
    /// Where an application came from.
    pub enum Provenance {
        /// An administrator added it.
        Organisation = "organisation",
        /// It registered itself (RFC 7591); people are warned.
        Registered = "registered",
        /// A client ID metadata document named it; people are warned.
        Document = "document",
    }
}

named_enum! {
    /// Whether people are asked what an application may see.
    pub enum Consent {
        /// The organisation has decided for them.
        PreApproved = "pre-approved",
        /// Once; new scopes ask again.
        Remembered = "remembered",
        /// Each time.
        Always = "always",
    }
}

/// How long tokens of an application live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetimes {
    /// An access token; at most an hour.
    pub access: Span,
    /// A refresh token that is not used.
    pub refresh_idle: Span,
    /// Everything that came of one sign-in.
    pub refresh: Span,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            access: Span::from_minutes(5),
            refresh_idle: Span::from_days(14),
            refresh: Span::from_days(90),
        }
    }
}

/// A claim of the organisation's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Its name; none that a standard gives a meaning.
    pub claim: String,
    /// What it says.
    pub source: Source,
    /// Whether ID tokens have it too; userinfo always does.
    #[serde(default)]
    pub in_id_token: bool,
}

/// What a claim says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", content = "value", rename_all = "kebab-case")]
pub enum Source {
    /// The login name.
    Login,
    /// The e-mail address.
    Email,
    /// The display name.
    Name,
    /// The identifier that a directory gave the person.
    ExternalId,
    /// Names of the person's groups; only of these, if any are named.
    Groups(Vec<GroupId>),
    /// One of two words: whether the person is in that group.
    InGroup {
        /// The group.
        group: GroupId,
        /// What is said of members.
        member: String,
        /// What is said of others; the claim is left out if it is empty.
        other: String,
    },
    /// The same for everybody.
    Constant(String),
    /// The name of the passkey's model, where metadata knows it under a trusted attestation.
    PasskeyModel,
    /// Whether the passkey's attestation is trusted.
    PasskeyAttested,
    /// Whether the passkey may be copied to other devices.
    PasskeyBackedUp,
}

mod needed_text {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::policy::Needed;
    use crate::strength::Strength;

    pub(super) fn serialize<S: Serializer>(needed: &Needed, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(needed)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Needed, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(match text.as_str() {
            "anything" => Needed::Anything,
            name => Strength::parse(name).map_or_else(|| Needed::Custom(name.to_owned()), Needed::BuiltIn),
        })
    }
}
