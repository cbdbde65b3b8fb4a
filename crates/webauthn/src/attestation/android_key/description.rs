//! Android's key attestation schema: the extension KeyDescription, as far as section 8.4 asks.

use primitives::der::{self, ENUMERATED, INTEGER, NULL, OCTET_STRING, SEQUENCE, SET};

/// Most entries of an authorization list, and most purposes: the schema has about fifty tags and seven purposes.
const MOST: usize = 128;

/// Tags of AuthorizationList.
const TAG_PURPOSE: u32 = 1;
const TAG_ALL_APPLICATIONS: u32 = 600;
const TAG_ORIGIN: u32 = 702;

/// KeyDescription, all versions alike.
pub(super) struct KeyDescription<'a> {
    /// attestationSecurityLevel: who made this description.
    pub(super) attestation_level: u32,
    /// keyMintSecurityLevel (keymasterSecurityLevel before): where the key lives.
    pub(super) keystore_level: u32,
    /// attestationChallenge.
    pub(super) challenge: &'a [u8],
    /// softwareEnforced.
    pub(super) software: AuthorizationList,
    /// hardwareEnforced (teeEnforced before).
    pub(super) hardware: AuthorizationList,
}

impl<'a> KeyDescription<'a> {
    pub(super) fn read(value: &'a [u8]) -> Option<Self> {
        let content = der::only(value, SEQUENCE)?;
        let (_attestation_version, rest) = number(content, INTEGER)?;
        let (attestation_level, rest) = number(rest, ENUMERATED)?;
        let (_keystore_version, rest) = number(rest, INTEGER)?;
        let (keystore_level, rest) = number(rest, ENUMERATED)?;
        let (challenge, rest) = der::read(rest, OCTET_STRING)?;
        let (_unique_id, rest) = der::read(rest, OCTET_STRING)?;
        let (software, rest) = der::read(rest, SEQUENCE)?;
        let hardware = der::only(rest, SEQUENCE)?;
        Some(Self {
            attestation_level,
            keystore_level,
            challenge,
            software: AuthorizationList::read(software)?,
            hardware: AuthorizationList::read(hardware)?,
        })
    }
}

/// AuthorizationList: the entries that are asked for. Versions add tags, so others are skipped.
#[derive(Default)]
pub(super) struct AuthorizationList {
    /// purpose, if the list has it.
    pub(super) purposes: Option<Vec<u32>>,
    /// Whether the list has allApplications.
    pub(super) all_applications: bool,
    /// origin, if the list has it.
    pub(super) origin: Option<u32>,
}

impl AuthorizationList {
    fn read(mut rest: &[u8]) -> Option<Self> {
        let mut list = Self::default();
        for _ in 0..MOST {
            if rest.is_empty() {
                return Some(list);
            }
            let (tag, content, after) = der::explicit(rest)?;
            match tag {
                TAG_PURPOSE if list.purposes.is_none() => list.purposes = Some(purposes(content)?),
                TAG_ORIGIN if list.origin.is_none() => {
                    list.origin = Some(der::small(der::only(content, INTEGER)?)?);
                }
                // Entries that are told twice could be told two ways.
                TAG_PURPOSE | TAG_ORIGIN => return None,
                TAG_ALL_APPLICATIONS => {
                    der::only(content, NULL)?;
                    list.all_applications = true;
                }
                _ => {}
            }
            rest = after;
        }
        None
    }
}

fn purposes(content: &[u8]) -> Option<Vec<u32>> {
    let mut rest = der::only(content, SET)?;
    let mut out = Vec::new();
    while !rest.is_empty() && out.len() < MOST {
        let (purpose, after) = number(rest, INTEGER)?;
        out.push(purpose);
        rest = after;
    }
    rest.is_empty().then_some(out)
}

fn number(input: &[u8], tag: u8) -> Option<(u32, &[u8])> {
    let (content, rest) = der::read(input, tag)?;
    Some((der::small(content)?, rest))
}
