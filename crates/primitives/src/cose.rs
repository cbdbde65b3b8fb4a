//! COSE keys (RFC 9052, RFC 9053, RFC 8812): the public keys of credentials, and private keys that sign.
//!
//! A [`PublicKey`] exists only if every rule about its shape held, so whoever has one may verify with it.

use aws_lc_rs::signature::{self as lc, ParsedPublicKey, RsaPublicKeyComponents};

use crate::cbor::{self, CborRefusal, Key, Value};

mod ed25519;
mod signing;

pub use signing::SigningKey;

/// A signature algorithm by its COSE identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256 (-7).
    Es256,
    /// EdDSA on Ed25519 (-8).
    EdDsa,
    /// ECDSA on P-384 with SHA-384 (-35).
    Es384,
    /// ECDSA on P-521 with SHA-512 (-36).
    Es512,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (-257).
    Rs256,
}

impl Algorithm {
    /// Every algorithm, most recommended first.
    pub const ALL: [Algorithm; 5] =
        [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Es384, Algorithm::Es512, Algorithm::Rs256];

    /// Its number in the IANA registry "COSE Algorithms".
    pub const fn id(self) -> i64 {
        match self {
            Algorithm::Es256 => -7,
            Algorithm::EdDsa => -8,
            Algorithm::Es384 => -35,
            Algorithm::Es512 => -36,
            Algorithm::Rs256 => -257,
        }
    }

    /// The algorithm with this number, if it is one of ours.
    pub fn from_id(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.id() == id)
    }

    /// The curve of an ECDSA algorithm.
    fn curve(self) -> Option<&'static Curve> {
        match self {
            Algorithm::Es256 => Some(&P256),
            Algorithm::Es384 => Some(&P384),
            Algorithm::Es512 => Some(&P521),
            Algorithm::EdDsa | Algorithm::Rs256 => None,
        }
    }
}

/// What an ECDSA algorithm of RFC 9053 needs to know, with the curve that WebAuthn section 5.8.5 demands.
struct Curve {
    /// Number in the registry "COSE Elliptic Curves".
    id: i64,
    /// Octets of one coordinate.
    field: usize,
    verification: &'static lc::EcdsaVerificationAlgorithm,
}

static P256: Curve = Curve { id: 1, field: 32, verification: &lc::ECDSA_P256_SHA256_ASN1 };
static P384: Curve = Curve { id: 2, field: 48, verification: &lc::ECDSA_P384_SHA384_ASN1 };
static P521: Curve = Curve { id: 3, field: 66, verification: &lc::ECDSA_P521_SHA512_ASN1 };

const KTY: i64 = 1;
const ALG: i64 = 3;
const KTY_OKP: i64 = 1;
const KTY_EC2: i64 = 2;
const KTY_RSA: i64 = 3;
const CURVE_ED25519: i64 = 6;

/// Fewest and most bits of an RSA modulus.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// A checked public key.
#[derive(Clone)]
pub struct PublicKey {
    algorithm: Algorithm,
    material: Material,
    parsed: ParsedPublicKey,
}

/// The numbers of a key as COSE writes them.
#[derive(Clone, PartialEq, Eq)]
enum Material {
    /// Uncompressed point: 4, x, y.
    Ec(Vec<u8>),
    /// The 32 octets of RFC 8032.
    Ed25519([u8; 32]),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl PublicKey {
    /// Reads a COSE_Key in CTAP2 canonical CBOR.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyRefusal> {
        let value = cbor::parse(bytes, cbor::CTAP2_DEPTH).map_err(KeyRefusal::Cbor)?;
        Self::from_value(&value)
    }

    /// Reads a key that [`PublicKey::parse`] took before. The same rules but for one: whether an Ed25519 point
    /// is on the curve was settled then, and is the only check that costs anything.
    pub fn parse_registered(bytes: &[u8]) -> Result<Self, KeyRefusal> {
        let value = cbor::parse(bytes, cbor::CTAP2_DEPTH).map_err(KeyRefusal::Cbor)?;
        Self::read(&value)
    }

    /// Takes a COSE_Key that has been read as CBOR.
    pub fn from_value(value: &Value<'_>) -> Result<Self, KeyRefusal> {
        let key = Self::read(value)?;
        match &key.material {
            Material::Ed25519(octets) => expect(ed25519::is_on_curve(octets), KeyRefusal::PointNotOnCurve)?,
            // aws-lc has checked EC points; a modulus cannot be checked further.
            Material::Ec(_) | Material::Rsa { .. } => {}
        }
        Ok(key)
    }

    fn read(value: &Value<'_>) -> Result<Self, KeyRefusal> {
        let entries = value.as_map().ok_or(KeyRefusal::NotAMap)?;
        let algorithm = algorithm_of(value)?;
        let kty = value.at(KTY).and_then(Value::as_integer).ok_or(KeyRefusal::KeyType)?;
        let (key, members): (_, &[i64]) = match algorithm {
            Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 => {
                expect(kty == KTY_EC2, KeyRefusal::KeyType)?;
                (ec(algorithm, value)?, &[KTY, ALG, -1, -2, -3])
            }
            Algorithm::EdDsa => {
                expect(kty == KTY_OKP, KeyRefusal::KeyType)?;
                (okp(value)?, &[KTY, ALG, -1, -2])
            }
            Algorithm::Rs256 => {
                expect(kty == KTY_RSA, KeyRefusal::KeyType)?;
                (rsa(value)?, &[KTY, ALG, -1, -2])
            }
        };
        // A private member (-4 of EC2 and OKP, -3 to -12 of RSA) is one of those that do not belong here.
        let known = |key: &Key<'_>| matches!(key, Key::Integer(label) if members.contains(label));
        expect(entries.iter().all(|(key, _)| known(key)), KeyRefusal::ForeignMember)?;
        Ok(key)
    }

    /// A P-256, P-384 or P-521 key from an uncompressed point (SEC 1 section 2.3.3).
    pub fn from_ec_point(algorithm: Algorithm, point: &[u8]) -> Result<Self, KeyRefusal> {
        let curve = algorithm.curve().ok_or(KeyRefusal::KeyType)?;
        expect(point.first() == Some(&4), KeyRefusal::PointCompressed)?;
        expect(point.len() == 1 + 2 * curve.field, KeyRefusal::CoordinateLength)?;
        let parsed =
            ParsedPublicKey::new(curve.verification, point).map_err(|_| KeyRefusal::PointNotOnCurve)?;
        Ok(Self { algorithm, material: Material::Ec(point.to_vec()), parsed })
    }

    /// An Ed25519 key from its 32 octets, which must not be a point of small order.
    pub fn from_ed25519(octets: &[u8]) -> Result<Self, KeyRefusal> {
        let octets: [u8; 32] = octets.try_into().map_err(|_| KeyRefusal::CoordinateLength)?;
        expect(!ed25519::is_small_order(&octets), KeyRefusal::PointSmallOrder)?;
        let parsed = ParsedPublicKey::new(&lc::ED25519, octets).map_err(|_| KeyRefusal::PointNotOnCurve)?;
        Ok(Self { algorithm: Algorithm::EdDsa, material: Material::Ed25519(octets), parsed })
    }

    /// An RSA key for RS256 from its big-endian modulus and exponent.
    pub fn from_rsa(n: &[u8], e: &[u8]) -> Result<Self, KeyRefusal> {
        let leading = n.first().copied().unwrap_or(0);
        expect(leading != 0, KeyRefusal::RsaModulus)?;
        let unused = usize::try_from(leading.leading_zeros()).unwrap_or(8);
        let bits = n.len().saturating_mul(8).saturating_sub(unused);
        expect(RSA_BITS.contains(&bits), KeyRefusal::RsaModulusSize)?;
        expect(n.last().is_some_and(|last| last & 1 == 1), KeyRefusal::RsaModulus)?;
        rsa_exponent(e)?;
        let parsed = RsaPublicKeyComponents { n, e }
            .to_parsed_public_key(&lc::RSA_PKCS1_2048_8192_SHA256)
            .map_err(|_| KeyRefusal::RsaModulus)?;
        Ok(Self {
            algorithm: Algorithm::Rs256,
            material: Material::Rsa { n: n.to_vec(), e: e.to_vec() },
            parsed,
        })
    }

    /// The algorithm that the key is for.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The COSE_Key in CTAP2 canonical CBOR.
    pub fn encode(&self) -> Vec<u8> {
        let integer = |label: i64, value: i64| (Key::Integer(label), Value::Integer(value));
        let bytes = |label: i64, value| (Key::Integer(label), Value::Bytes(value));
        let alg = integer(ALG, self.algorithm.id());
        let entries = match &self.material {
            Material::Ec(point) => {
                let coordinates = point.get(1..).unwrap_or_default();
                let (x, y) = coordinates.split_at(coordinates.len() / 2);
                let curve = self.algorithm.curve().map_or(0, |curve| curve.id);
                vec![integer(KTY, KTY_EC2), alg, integer(-1, curve), bytes(-2, x), bytes(-3, y)]
            }
            Material::Ed25519(octets) => {
                vec![integer(KTY, KTY_OKP), alg, integer(-1, CURVE_ED25519), bytes(-2, octets)]
            }
            Material::Rsa { n, e } => vec![integer(KTY, KTY_RSA), alg, bytes(-1, n), bytes(-2, e)],
        };
        Value::Map(entries).encode()
    }

    /// The point of an EC or Ed25519 key as SubjectPublicKeyInfo holds it; empty for RSA.
    pub(crate) fn octets(&self) -> &[u8] {
        match &self.material {
            Material::Ec(point) => point,
            Material::Ed25519(octets) => octets,
            Material::Rsa { .. } => &[],
        }
    }

    /// Whether `signature` is this key's over `message`; ECDSA signatures are ASN.1 DER (WebAuthn 6.5.5).
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.parsed.verify_sig(message, signature).map_err(|_| BadSignature)
    }
}

/// Two keys are the same if they verify the same signatures.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.material == other.material
    }
}

impl Eq for PublicKey {}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({:?})", self.algorithm)
    }
}

/// Modulus and exponent of an RSAPublicKey (RFC 8017 appendix A.1.1), without the sign octet of DER.
pub(crate) fn rsa_components(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, rest) = crate::der::read(der, crate::der::SEQUENCE)?;
    let (n, after) = crate::der::read(sequence, crate::der::INTEGER)?;
    let (e, end) = crate::der::read(after, crate::der::INTEGER)?;
    (rest.is_empty() && end.is_empty()).then(|| (crate::der::unsigned(n), crate::der::unsigned(e)))
}

/// The number under `alg` of a COSE_Key, whether or not the algorithm is one of ours.
pub fn algorithm_id(value: &Value<'_>) -> Result<i64, KeyRefusal> {
    value.as_map().ok_or(KeyRefusal::NotAMap)?;
    value.at(ALG).and_then(Value::as_integer).ok_or(KeyRefusal::AlgorithmMissing)
}

fn algorithm_of(value: &Value<'_>) -> Result<Algorithm, KeyRefusal> {
    Algorithm::from_id(algorithm_id(value)?).ok_or(KeyRefusal::AlgorithmUnknown)
}

fn ec(algorithm: Algorithm, value: &Value<'_>) -> Result<PublicKey, KeyRefusal> {
    let curve = algorithm.curve().ok_or(KeyRefusal::Curve)?;
    expect(value.at(-1).and_then(Value::as_integer) == Some(curve.id), KeyRefusal::Curve)?;
    let x = bytes_at(value, -2)?;
    // RFC 9053 lets y be a sign bit; WebAuthn section 5.8.5 forbids the compressed form.
    let y = match value.at(-3) {
        Some(Value::Bool(_)) => return Err(KeyRefusal::PointCompressed),
        _ => bytes_at(value, -3)?,
    };
    expect(x.len() == curve.field && y.len() == curve.field, KeyRefusal::CoordinateLength)?;
    let mut point = Vec::with_capacity(1 + 2 * curve.field);
    point.push(4);
    point.extend_from_slice(x);
    point.extend_from_slice(y);
    PublicKey::from_ec_point(algorithm, &point)
}

fn okp(value: &Value<'_>) -> Result<PublicKey, KeyRefusal> {
    expect(value.at(-1).and_then(Value::as_integer) == Some(CURVE_ED25519), KeyRefusal::Curve)?;
    PublicKey::from_ed25519(bytes_at(value, -2)?)
}

fn rsa(value: &Value<'_>) -> Result<PublicKey, KeyRefusal> {
    PublicKey::from_rsa(bytes_at(value, -1)?, bytes_at(value, -2)?)
}

/// Odd, at least 3, at most 64 bits, without leading zeros: what authenticators make is 65537.
fn rsa_exponent(e: &[u8]) -> Result<(), KeyRefusal> {
    let odd = e.last().is_some_and(|last| last & 1 == 1);
    let leading_zero = e.first() == Some(&0);
    let small = e.len() <= 8 && e != [1];
    expect(odd && !leading_zero && small, KeyRefusal::RsaExponent)
}

fn bytes_at<'a>(value: &Value<'a>, label: i64) -> Result<&'a [u8], KeyRefusal> {
    match value.at(label) {
        Some(Value::Bytes(bytes)) => Ok(bytes),
        Some(_) => Err(KeyRefusal::MemberType),
        None => Err(KeyRefusal::MemberMissing),
    }
}

fn expect(holds: bool, otherwise: KeyRefusal) -> Result<(), KeyRefusal> {
    if holds { Ok(()) } else { Err(otherwise) }
}

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
    /// The secret is no scalar of the curve's group.
    ScalarRange,
}

/// A signature that the key did not make over this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

#[cfg(test)]
mod tests;
