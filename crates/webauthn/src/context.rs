//! What both ceremonies check alike: the client's context and the authenticator's flags.

use fido::authenticator_data::AuthenticatorData;
use fido::client_data::CollectedClientData;
use fido::options::UserVerification;
use primitives::encoding;
use serde::{Deserialize, Serialize};

use crate::relying_party::{CrossOrigin, RelyingParty};

/// How the client involves the person (Credential Management section 2.3.2), as far as it matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mediation {
    /// The client asks.
    #[default]
    Optional,
    /// Autofill at sign-in; at registration, creation without a prompt right after another sign-in.
    Conditional,
}

/// `type` of the client data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    fn client_data_type(self) -> &'static str {
        match self {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        }
    }
}

/// Steps 7 to 11 of section 7.1 and 10 to 14 of section 7.2.
pub(crate) fn check_client_data(
    relying_party: &RelyingParty,
    ceremony: Ceremony,
    challenge: &[u8],
    client_data: &CollectedClientData,
) -> Result<(), ContextRefusal> {
    if client_data.kind != ceremony.client_data_type() {
        return Err(ContextRefusal::Type);
    }
    let expected = encoding::base64url(challenge);
    if !encoding::constant_time_eq(client_data.challenge.as_bytes(), expected.as_bytes()) {
        return Err(ContextRefusal::Challenge);
    }
    if !relying_party.origins().contains(&client_data.origin) {
        return Err(ContextRefusal::Origin);
    }
    let top_origins = match relying_party.cross_origin() {
        CrossOrigin::Refuse if client_data.cross_origin => return Err(ContextRefusal::CrossOrigin),
        CrossOrigin::Refuse => [].as_slice(),
        CrossOrigin::Allow { top_origins } => top_origins,
    };
    match &client_data.top_origin {
        None => Ok(()),
        // Clients name a top origin only in cross-origin use.
        Some(top_origin) if client_data.cross_origin && top_origins.contains(top_origin) => Ok(()),
        Some(_) => Err(ContextRefusal::TopOrigin),
    }
}

/// Steps 14 to 17 of section 7.1 and 15 to 18 of section 7.2.
pub(crate) fn check_authenticator_data(
    relying_party: &RelyingParty,
    data: &AuthenticatorData<'_>,
    presence_required: bool,
    user_verification: UserVerification,
) -> Result<(), AuthenticatorRefusal> {
    if data.rp_id_hash != *relying_party.id_hash() {
        return Err(AuthenticatorRefusal::RpIdHash);
    }
    if presence_required && !data.flags.user_present() {
        return Err(AuthenticatorRefusal::UserPresent);
    }
    if user_verification == UserVerification::Required && !data.flags.user_verified() {
        return Err(AuthenticatorRefusal::UserVerified);
    }
    if data.flags.backed_up() && !data.flags.backup_eligible() {
        return Err(AuthenticatorRefusal::BackedUpNotEligible);
    }
    Ok(())
}

/// A context that is not the one the ceremony was begun for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextRefusal {
    /// `type` is that of another ceremony.
    Type,
    /// `challenge` is not the one given out.
    Challenge,
    /// `origin` is not one of the relying party's.
    Origin,
    /// `crossOrigin` is true, and the policy refuses that.
    CrossOrigin,
    /// `topOrigin` is not one that the policy names.
    TopOrigin,
}

impl ContextRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            ContextRefusal::Type => "client_data_type",
            ContextRefusal::Challenge => "challenge",
            ContextRefusal::Origin => "origin",
            ContextRefusal::CrossOrigin => "cross_origin",
            ContextRefusal::TopOrigin => "top_origin",
        }
    }

    /// How many steps after the one about `type`.
    pub(crate) fn offset(self) -> u8 {
        match self {
            ContextRefusal::Type => 0,
            ContextRefusal::Challenge => 1,
            ContextRefusal::Origin => 2,
            ContextRefusal::CrossOrigin => 3,
            ContextRefusal::TopOrigin => 4,
        }
    }
}

/// Authenticator data that do not say what the ceremony needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorRefusal {
    /// Made for another RP ID.
    RpIdHash,
    /// The person was not there.
    UserPresent,
    /// The person was not verified, and must be.
    UserVerified,
    /// Backed up without being eligible for it.
    BackedUpNotEligible,
}

impl AuthenticatorRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            AuthenticatorRefusal::RpIdHash => "rp_id_hash",
            AuthenticatorRefusal::UserPresent => "user_present",
            AuthenticatorRefusal::UserVerified => "user_verified",
            AuthenticatorRefusal::BackedUpNotEligible => "backup_flags",
        }
    }

    /// How many steps after the one about the RP ID's hash.
    pub(crate) fn offset(self) -> u8 {
        match self {
            AuthenticatorRefusal::RpIdHash => 0,
            AuthenticatorRefusal::UserPresent => 1,
            AuthenticatorRefusal::UserVerified => 2,
            AuthenticatorRefusal::BackedUpNotEligible => 3,
        }
    }
}
