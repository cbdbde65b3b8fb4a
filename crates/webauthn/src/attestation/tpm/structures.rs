//! TPMS_ATTEST and TPMT_PUBLIC (TPM 2.0 Part 2 sections 10.12.8 and 12.2.4), read strictly: every length is
//! bounded, every selector known, nothing follows.

/// TPM_ALG_ID of the hashes.
pub(super) const SHA256: u16 = 0x000b;
pub(super) const SHA384: u16 = 0x000c;
pub(super) const SHA512: u16 = 0x000d;

const TPM_ALG_RSA: u16 = 0x0001;
const TPM_ALG_NULL: u16 = 0x0010;
const TPM_ALG_RSASSA: u16 = 0x0014;
const TPM_ALG_RSAPSS: u16 = 0x0016;
const TPM_ALG_ECDSA: u16 = 0x0018;
const TPM_ALG_ECC: u16 = 0x0023;

/// Longest name, digest or nonce: the identifier of a hash and 64 octets of it.
const LONGEST_NAME: usize = 66;
/// Longest modulus: 4096 bits.
const LONGEST_MODULUS: usize = 512;
/// Longest coordinate: P-521 has 66 octets.
const LONGEST_COORDINATE: usize = 66;

/// What is asked of TPMS_ATTEST.
pub(super) struct Attest<'a> {
    /// magic.
    pub(super) magic: u32,
    /// type.
    pub(super) kind: u16,
    /// extraData.
    pub(super) extra_data: &'a [u8],
    /// attested.name of TPMS_CERTIFY_INFO.
    pub(super) name: &'a [u8],
}

impl<'a> Attest<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let (magic, kind) = (reader.u32()?, reader.u16()?);
        let _qualified_signer = reader.sized(LONGEST_NAME)?;
        let extra_data = reader.sized(LONGEST_NAME)?;
        // clockInfo: clock, resetCount, restartCount and safe; then firmwareVersion.
        let _ignored = reader.take(8 + 4 + 4 + 1 + 8)?;
        let name = reader.sized(LONGEST_NAME)?;
        let _qualified_name = reader.sized(LONGEST_NAME)?;
        reader.end(Self { magic, kind, extra_data, name })
    }
}

/// What is asked of TPMT_PUBLIC.
pub(super) struct Public<'a> {
    /// nameAlg.
    pub(super) name_algorithm: u16,
    /// parameters and unique.
    pub(super) unique: Unique<'a>,
}

/// The key: what is in `unique`, and what of `parameters` belongs to it.
pub(super) enum Unique<'a> {
    Rsa { modulus: &'a [u8], exponent: u32 },
    Ecc { curve: Curve, x: &'a [u8], y: &'a [u8] },
}

/// TPM_ECC_CURVE.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    fn from_id(id: u16) -> Option<Self> {
        match id {
            0x0003 => Some(Curve::P256),
            0x0004 => Some(Curve::P384),
            0x0005 => Some(Curve::P521),
            _ => None,
        }
    }

    /// Octets of a coordinate.
    pub(super) fn field(self) -> usize {
        match self {
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }
}

impl<'a> Public<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let (kind, name_algorithm) = (reader.u16()?, reader.u16()?);
        let _object_attributes = reader.u32()?;
        let _auth_policy = reader.sized(LONGEST_NAME)?;
        // symmetric is TPM_ALG_NULL for all keys but those that only decrypt (Part 2 sections 12.2.3.5 and .6).
        if reader.u16()? != TPM_ALG_NULL {
            return None;
        }
        let unique = match kind {
            TPM_ALG_RSA => rsa(&mut reader)?,
            TPM_ALG_ECC => ecc(&mut reader)?,
            _ => return None,
        };
        reader.end(Self { name_algorithm, unique })
    }
}

/// The rest of TPMS_RSA_PARMS, then TPM2B_PUBLIC_KEY_RSA.
fn rsa<'a>(reader: &mut Reader<'a>) -> Option<Unique<'a>> {
    scheme(reader, &[TPM_ALG_RSASSA, TPM_ALG_RSAPSS])?;
    let bits = usize::from(reader.u16()?);
    let exponent = match reader.u32()? {
        // "An exponent of zero indicates that the exponent is the default of 2^16 + 1."
        0 => 65_537,
        other => other,
    };
    let modulus = reader.sized(LONGEST_MODULUS)?;
    (modulus.len() == bits.div_ceil(8)).then_some(Unique::Rsa { modulus, exponent })
}

/// The rest of TPMS_ECC_PARMS, then TPMS_ECC_POINT.
fn ecc<'a>(reader: &mut Reader<'a>) -> Option<Unique<'a>> {
    scheme(reader, &[TPM_ALG_ECDSA])?;
    let curve = Curve::from_id(reader.u16()?)?;
    // kdf: "there are currently no commands where this parameter has effect and … needs to be TPM_ALG_NULL".
    if reader.u16()? != TPM_ALG_NULL {
        return None;
    }
    let (x, y) = (reader.sized(LONGEST_COORDINATE)?, reader.sized(LONGEST_COORDINATE)?);
    Some(Unique::Ecc { curve, x, y })
}

/// A signature scheme with its hash, or none: a key that may be used with several.
fn scheme(reader: &mut Reader<'_>, known: &[u16]) -> Option<()> {
    match reader.u16()? {
        TPM_ALG_NULL => Some(()),
        scheme if known.contains(&scheme) => reader.u16().map(|_hash| ()),
        _ => None,
    }
}

/// Big-endian numbers and sized buffers, from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*number))
    }

    fn u32(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    /// A TPM2B: sixteen bits of length, then so many octets.
    fn sized(&mut self, longest: usize) -> Option<&'a [u8]> {
        let length = usize::from(self.u16()?);
        if length > longest { None } else { self.take(length) }
    }

    fn end<T>(self, read: T) -> Option<T> {
        self.0.is_empty().then_some(read)
    }
}

#[cfg(test)]
mod tests;
