//! Why there is no such key, and why a signature does not count.

use crate::cbor::CborRefusal;

/// Why bytes are no public key that may be trusted with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRefusal {
    /// Not canonical CBOR.
    Cbor(CborRefusal),
    /// Not a map.
    NotAMap,
    /// No integer under `alg`.
    AlgorithmMissing,
    /// An algorithm that is not one of ours.
    AlgorithmUnknown,
    /// `kty` is missing or not the algorithm's.
    KeyType,
    /// `crv` is missing or not the algorithm's.
    Curve,
    /// A member that the key type demands is missing.
    MemberMissing,
    /// A member has the wrong type.
    MemberType,
    /// A member that does not belong to a public key of this type, such as a private one.
    ForeignMember,
    /// A coordinate has not the curve's length.
    CoordinateLength,
    /// The point is compressed.
    PointCompressed,
    /// The point is not on the curve.
    PointNotOnCurve,
    /// The point has small order: it would accept signatures that no one made.
    PointSmallOrder,
    /// The modulus is even, empty or has leading zeros.
    RsaModulus,
    /// The modulus has fewer than 2048 or more than 4096 bits.
    RsaModulusSize,
    /// The exponent is even, 1, has leading zeros or is longer than 64 bits.
    RsaExponent,
    /// An ML-DSA key has not the length of its parameter set.
    MlDsaLength,
    /// The secret is no scalar of the curve's group.
    ScalarRange,
}

/// A signature that the key did not make over this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

pub(super) fn expect(holds: bool, otherwise: KeyRefusal) -> Result<(), KeyRefusal> {
    if holds { Ok(()) } else { Err(otherwise) }
}
