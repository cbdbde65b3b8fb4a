//! Whether a chain of certificates leads to an anchor (RFC 5280 section 6, as far as attestation needs it).

use super::{Certificate, Key, oid};
use crate::time::Timestamp;

/// Most certificates in a chain.
const LONGEST_CHAIN: usize = 8;

/// Most keys that are tried for one certificate: anchors may share a name, and every key costs a verification.
const MOST_KEYS_OF_A_NAME: usize = 4;

/// Critical extensions whose meaning is honoured here or makes no difference to attestation. Certificate policies,
/// which TPMs' certificates mark as critical, restrict nothing where any policy will do (RFC 5280 section 6.1.1 c).
const UNDERSTOOD: [&[u8]; 5] = [
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALTERNATIVE_NAME,
    oid::CERTIFICATE_POLICIES,
];

/// Checks that `chain`, leaf first and each certificate issued by the next, reaches one of `anchors` at `now`;
/// returns that anchor.
///
/// An anchor may be a root, an intermediate or the leaf itself. What the chain brings along, a self-signed
/// root above all, is never trusted for being there: it must be, or be issued by, an anchor. The chain is
/// walked once, so no loop of issuers can hold this up.
pub fn validate_path<'a, A: AsRef<Certificate>>(
    chain: &[Certificate],
    anchors: &'a [A],
    now: Timestamp,
) -> Result<&'a A, PathRefusal> {
    if chain.len() > LONGEST_CHAIN {
        return Err(PathRefusal::ChainTooLong);
    }
    let mut rest = chain.iter();
    let mut current = rest.next().ok_or(PathRefusal::NoAnchor)?;
    if !current.usage.data {
        return Err(PathRefusal::KeyUsage);
    }
    // What stood against an anchor that did issue a certificate says more than that there is none.
    let mut otherwise = PathRefusal::NoAnchor;
    // How many intermediate certificates stand below the next issuer.
    let mut below = 0;
    loop {
        check(current, now)?;
        if let Some(anchor) = anchors.iter().find(|anchor| anchor.as_ref().der == current.der) {
            return Ok(anchor);
        }
        match issuing(anchors, current, below, now) {
            Ok(Some(anchor)) => return Ok(anchor),
            Ok(None) => {}
            Err(refusal) => otherwise = refusal,
        }
        let issuer = rest.next().ok_or(otherwise)?;
        current.is_issued_by(issuer).map_err(|_| PathRefusal::Signature)?;
        may_issue(issuer, below, false)?;
        current = issuer;
        below += 1;
    }
}

/// The anchor that issued `current` and may do so. Several may bear the same name, so each is tried; a key that
/// several of them have, because a root was issued anew, is tried once.
fn issuing<'a, A: AsRef<Certificate>>(
    anchors: &'a [A],
    current: &Certificate,
    below: u32,
    now: Timestamp,
) -> Result<Option<&'a A>, PathRefusal> {
    let mut outcome = Ok(None);
    let mut wrong_keys: Vec<&Key> = Vec::new();
    for anchor in anchors {
        let key = &anchor.as_ref().key;
        if anchor.as_ref().subject != current.issuer || wrong_keys.contains(&key) {
            continue;
        }
        if wrong_keys.len() == MOST_KEYS_OF_A_NAME {
            return Err(PathRefusal::TooManyKeys);
        }
        if current.is_issued_by(anchor.as_ref()).is_err() {
            wrong_keys.push(key);
        } else {
            match check(anchor.as_ref(), now).and_then(|()| may_issue(anchor.as_ref(), below, true)) {
                Ok(()) => return Ok(Some(anchor)),
                Err(refusal) => outcome = Err(refusal),
            }
        }
    }
    outcome
}

fn check(certificate: &Certificate, now: Timestamp) -> Result<(), PathRefusal> {
    if !certificate.is_valid_at(now) {
        return Err(PathRefusal::NotValidNow);
    }
    let understood = |oid: &Vec<u8>| UNDERSTOOD.contains(&oid.as_slice());
    if certificate.extensions.iter().any(|extension| extension.critical && !understood(&extension.oid)) {
        return Err(PathRefusal::CriticalExtension);
    }
    Ok(())
}

fn may_issue(issuer: &Certificate, below: u32, is_anchor: bool) -> Result<(), PathRefusal> {
    match issuer.basic_constraints {
        Some(constraints) if !constraints.ca => return Err(PathRefusal::NotAnAuthority),
        Some(constraints) if constraints.path_length.is_some_and(|most| below > most) => {
            return Err(PathRefusal::PathLength);
        }
        Some(_) => {}
        // Roots of version 1 cannot say it; that an administrator chose them says it for them.
        None if is_anchor && issuer.version < 3 => {}
        None => return Err(PathRefusal::NotAnAuthority),
    }
    if issuer.usage.certificates { Ok(()) } else { Err(PathRefusal::KeyUsage) }
}

/// Why a chain leads to no anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathRefusal {
    /// The chain ends before an anchor.
    NoAnchor,
    /// More certificates than any chain has.
    ChainTooLong,
    /// A certificate is not yet or no longer valid.
    NotValidNow,
    /// A certificate was not issued by the next one.
    Signature,
    /// An issuer is no certification authority.
    NotAnAuthority,
    /// An issuer's key may not sign certificates, or that of the leaf not sign data.
    KeyUsage,
    /// More intermediates than an issuer allows.
    PathLength,
    /// A critical extension is not understood.
    CriticalExtension,
    /// More anchors with one name and different keys than are tried.
    TooManyKeys,
}
