//! Authenticator data (WebAuthn Level 3 section 6.1): what the authenticator signs about itself and the act.

use primitives::cbor::{self, CborRefusal, Value};

use crate::LONGEST_CREDENTIAL_ID;
use crate::extension::{AuthenticatorExtensions, ExtensionRefusal};

/// Longest authenticator data that is looked at, in bytes: room for the longest credential id and key.
pub const LONGEST: usize = 16 * 1024;

/// The flags (section 6.1): what happened, and what else the data hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    const UP: u8 = 0x01;
    const UV: u8 = 0x04;
    const BE: u8 = 0x08;
    const BS: u8 = 0x10;
    const AT: u8 = 0x40;
    const ED: u8 = 0x80;

    /// From the byte. Reserved bits mean nothing yet and are kept.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The byte.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// UP: the person was there.
    pub const fn user_present(self) -> bool {
        self.0 & Self::UP != 0
    }

    /// UV: the authenticator verified who the person is.
    pub const fn user_verified(self) -> bool {
        self.0 & Self::UV != 0
    }

    /// BE: the credential may be backed up, which never changes.
    pub const fn backup_eligible(self) -> bool {
        self.0 & Self::BE != 0
    }

    /// BS: the credential is backed up at present.
    pub const fn backed_up(self) -> bool {
        self.0 & Self::BS != 0
    }

    /// AT: attested credential data follow.
    pub const fn attested_credential(self) -> bool {
        self.0 & Self::AT != 0
    }

    /// ED: extensions follow.
    pub const fn extensions(self) -> bool {
        self.0 & Self::ED != 0
    }

    /// With UP as given.
    pub const fn with_user_present(self, set: bool) -> Self {
        self.with(Self::UP, set)
    }

    /// With UV as given.
    pub const fn with_user_verified(self, set: bool) -> Self {
        self.with(Self::UV, set)
    }

    /// With BE as given.
    pub const fn with_backup_eligible(self, set: bool) -> Self {
        self.with(Self::BE, set)
    }

    /// With BS as given.
    pub const fn with_backed_up(self, set: bool) -> Self {
        self.with(Self::BS, set)
    }

    const fn with(self, bit: u8, set: bool) -> Self {
        Self(if set { self.0 | bit } else { self.0 & !bit })
    }
}

/// Parsed authenticator data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorData<'a> {
    /// SHA-256 of the RP ID.
    pub rp_id_hash: [u8; 32],
    /// The flags.
    pub flags: Flags,
    /// The signature counter; 0 where the authenticator has none.
    pub sign_count: u32,
    /// Present exactly if AT is set.
    pub attested_credential: Option<AttestedCredential<'a>>,
    /// What the authenticator answered to extensions; `None` exactly if ED is clear.
    pub extensions: Option<AuthenticatorExtensions>,
}

/// Attested credential data (section 6.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestedCredential<'a> {
    /// The model of the authenticator, as it claims.
    pub aaguid: [u8; 16],
    /// The credential's id.
    pub credential_id: &'a [u8],
    /// The COSE_Key as it stands in the data.
    pub public_key: &'a [u8],
    /// The same, read as CBOR.
    pub public_key_value: Value<'a>,
}

impl<'a> AuthenticatorData<'a> {
    /// Reads all of `bytes`.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, AuthenticatorDataRefusal> {
        if bytes.len() > LONGEST {
            return Err(AuthenticatorDataRefusal::TooLong);
        }
        let (rp_id_hash, rest) =
            bytes.split_first_chunk::<32>().ok_or(AuthenticatorDataRefusal::Truncated)?;
        let (flags, rest) = rest.split_first().ok_or(AuthenticatorDataRefusal::Truncated)?;
        let (sign_count, rest) = rest.split_first_chunk::<4>().ok_or(AuthenticatorDataRefusal::Truncated)?;
        let flags = Flags(*flags);
        let (attested_credential, rest) = if flags.attested_credential() {
            let (credential, rest) = AttestedCredential::read(rest)?;
            (Some(credential), rest)
        } else {
            (None, rest)
        };
        let (extensions, rest) = if flags.extensions() {
            let (value, rest) =
                cbor::read(rest, cbor::CTAP2_DEPTH).map_err(AuthenticatorDataRefusal::ExtensionsCbor)?;
            // Attested credential data make the difference between a creation and an assertion here.
            let extensions = AuthenticatorExtensions::from_value(&value, attested_credential.is_some())
                .map_err(AuthenticatorDataRefusal::Extensions)?;
            (Some(extensions), rest)
        } else {
            (None, rest)
        };
        if !rest.is_empty() {
            return Err(AuthenticatorDataRefusal::TrailingBytes);
        }
        Ok(Self {
            rp_id_hash: *rp_id_hash,
            flags,
            sign_count: u32::from_be_bytes(*sign_count),
            attested_credential,
            extensions,
        })
    }

    /// Writes the data; AT and ED are set by what is there.
    pub fn encode(&self) -> Vec<u8> {
        let flags = self
            .flags
            .with(Flags::AT, self.attested_credential.is_some())
            .with(Flags::ED, self.extensions.is_some());
        let mut out = self.rp_id_hash.to_vec();
        out.push(flags.bits());
        out.extend_from_slice(&self.sign_count.to_be_bytes());
        if let Some(credential) = &self.attested_credential {
            let length = u16::try_from(credential.credential_id.len()).unwrap_or(u16::MAX);
            out.extend_from_slice(&credential.aaguid);
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(credential.credential_id);
            out.extend_from_slice(credential.public_key);
        }
        if let Some(extensions) = &self.extensions {
            out.extend_from_slice(&extensions.encode());
        }
        out
    }
}

impl<'a> AttestedCredential<'a> {
    fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), AuthenticatorDataRefusal> {
        let (aaguid, rest) = bytes.split_first_chunk::<16>().ok_or(AuthenticatorDataRefusal::Truncated)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(AuthenticatorDataRefusal::Truncated)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 {
            return Err(AuthenticatorDataRefusal::CredentialIdEmpty);
        }
        if length > LONGEST_CREDENTIAL_ID {
            return Err(AuthenticatorDataRefusal::CredentialIdTooLong);
        }
        let (credential_id, rest) =
            rest.split_at_checked(length).ok_or(AuthenticatorDataRefusal::Truncated)?;
        let (public_key_value, after) =
            cbor::read(rest, cbor::CTAP2_DEPTH).map_err(AuthenticatorDataRefusal::PublicKeyCbor)?;
        let public_key = rest.get(..rest.len().saturating_sub(after.len())).unwrap_or_default();
        Ok((Self { aaguid: *aaguid, credential_id, public_key, public_key_value }, after))
    }
}

/// Why bytes are no authenticator data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorDataRefusal {
    /// Longer than [`LONGEST`].
    TooLong,
    /// The data end before what the flags announce.
    Truncated,
    /// The credential id is empty.
    CredentialIdEmpty,
    /// The credential id is longer than 1023 bytes.
    CredentialIdTooLong,
    /// The credential public key is no canonical CBOR.
    PublicKeyCbor(CborRefusal),
    /// The extensions are no canonical CBOR.
    ExtensionsCbor(CborRefusal),
    /// The extensions are no map of texts, or one of them is not what its definition says.
    Extensions(ExtensionRefusal),
    /// Bytes follow what the flags announce.
    TrailingBytes,
}

impl AuthenticatorDataRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            AuthenticatorDataRefusal::TooLong => "resource_limit",
            AuthenticatorDataRefusal::PublicKeyCbor(cbor)
            | AuthenticatorDataRefusal::ExtensionsCbor(cbor)
                if cbor.is_resource_limit() =>
            {
                "resource_limit"
            }
            AuthenticatorDataRefusal::CredentialIdEmpty | AuthenticatorDataRefusal::CredentialIdTooLong => {
                "credential_id"
            }
            // The data end inside the key.
            AuthenticatorDataRefusal::PublicKeyCbor(CborRefusal::Truncated) => "auth_data",
            AuthenticatorDataRefusal::PublicKeyCbor(_) => "credential_public_key",
            AuthenticatorDataRefusal::Extensions(refusal) => refusal.code(),
            AuthenticatorDataRefusal::Truncated
            | AuthenticatorDataRefusal::ExtensionsCbor(_)
            | AuthenticatorDataRefusal::TrailingBytes => "auth_data",
        }
    }
}

#[cfg(test)]
mod tests;
