//! Public keys of credentials and certificates.

use aws_lc_rs::signature::{self as lc, ParsedPublicKey, RsaPublicKeyComponents};

use super::algorithm::{Algorithm, Family};
use super::ed25519;
use super::refusal::{BadSignature, KeyRefusal, expect};
use crate::cbor::{self, Key, Value};

const KTY: i64 = 1;
const ALG: i64 = 3;
const KTY_OKP: i64 = 1;
const KTY_EC2: i64 = 2;
const KTY_RSA: i64 = 3;
/// Algorithm Key Pair: the key type of keys that belong to one algorithm (RFC 9964 section 3).
const KTY_AKP: i64 = 7;
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
    /// A public key in the encoding of FIPS 204.
    MlDsa(Vec<u8>),
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
            // aws-lc has checked EC points; a modulus or an ML-DSA key cannot be checked further.
            Material::Ec(_) | Material::Rsa { .. } | Material::MlDsa(_) => {}
        }
        Ok(key)
    }

    fn read(value: &Value<'_>) -> Result<Self, KeyRefusal> {
        let entries = value.as_map().ok_or(KeyRefusal::NotAMap)?;
        let algorithm = Algorithm::from_id(algorithm_id(value)?).ok_or(KeyRefusal::AlgorithmUnknown)?;
        let (kty, members): (_, &[i64]) = match algorithm.family() {
            Family::Ec(_) => (KTY_EC2, &[KTY, ALG, -1, -2, -3]),
            Family::Ed25519 => (KTY_OKP, &[KTY, ALG, -1, -2]),
            Family::Rsa(_) => (KTY_RSA, &[KTY, ALG, -1, -2]),
            Family::MlDsa(_) => (KTY_AKP, &[KTY, ALG, -1]),
        };
        expect(value.at(KTY).and_then(Value::as_integer) == Some(kty), KeyRefusal::KeyType)?;
        let key = match algorithm.family() {
            Family::Ec(curve) => ec(algorithm, curve.id, curve.field, value)?,
            Family::Ed25519 => {
                expect_curve(value, CURVE_ED25519)?;
                Self::from_ed25519(algorithm, bytes_at(value, -2)?)?
            }
            Family::Rsa(_) => Self::from_rsa(algorithm, bytes_at(value, -1)?, bytes_at(value, -2)?)?,
            Family::MlDsa(_) => Self::from_ml_dsa(algorithm, bytes_at(value, -1)?)?,
        };
        // A private member (-4 of EC2 and OKP, -3 to -12 of RSA, -2 of AKP) is one of those that do not belong.
        let known = |key: &Key<'_>| matches!(key, Key::Integer(label) if members.contains(label));
        expect(entries.iter().all(|(key, _)| known(key)), KeyRefusal::ForeignMember)?;
        Ok(key)
    }

    /// A P-256, P-384 or P-521 key from an uncompressed point (SEC 1 section 2.3.3).
    pub fn from_ec_point(algorithm: Algorithm, point: &[u8]) -> Result<Self, KeyRefusal> {
        Self::from_owned_point(algorithm, point.to_vec())
    }

    fn from_owned_point(algorithm: Algorithm, point: Vec<u8>) -> Result<Self, KeyRefusal> {
        let Family::Ec(curve) = algorithm.family() else { return Err(KeyRefusal::KeyType) };
        expect(point.first() == Some(&4), KeyRefusal::PointCompressed)?;
        expect(point.len() == 1 + 2 * curve.field, KeyRefusal::CoordinateLength)?;
        let parsed =
            ParsedPublicKey::new(curve.verification, &point).map_err(|_| KeyRefusal::PointNotOnCurve)?;
        Ok(Self { algorithm, material: Material::Ec(point), parsed })
    }

    /// An Ed25519 key from its 32 octets, which must not be a point of small order.
    pub fn from_ed25519(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyRefusal> {
        expect(matches!(algorithm.family(), Family::Ed25519), KeyRefusal::KeyType)?;
        let octets: [u8; 32] = octets.try_into().map_err(|_| KeyRefusal::CoordinateLength)?;
        expect(!ed25519::is_small_order(&octets), KeyRefusal::PointSmallOrder)?;
        let parsed = ParsedPublicKey::new(&lc::ED25519, octets).map_err(|_| KeyRefusal::PointNotOnCurve)?;
        Ok(Self { algorithm, material: Material::Ed25519(octets), parsed })
    }

    /// An RSA key from its big-endian modulus and exponent.
    pub fn from_rsa(algorithm: Algorithm, n: &[u8], e: &[u8]) -> Result<Self, KeyRefusal> {
        let Family::Rsa(parameters) = algorithm.family() else { return Err(KeyRefusal::KeyType) };
        let leading = n.first().copied().unwrap_or(0);
        expect(leading != 0, KeyRefusal::RsaModulus)?;
        let unused = usize::try_from(leading.leading_zeros()).unwrap_or(8);
        let bits = n.len().saturating_mul(8).saturating_sub(unused);
        expect(RSA_BITS.contains(&bits), KeyRefusal::RsaModulusSize)?;
        expect(n.last().is_some_and(|last| last & 1 == 1), KeyRefusal::RsaModulus)?;
        rsa_exponent(e)?;
        let parsed = RsaPublicKeyComponents { n, e }
            .to_parsed_public_key(parameters)
            .map_err(|_| KeyRefusal::RsaModulus)?;
        Ok(Self { algorithm, material: Material::Rsa { n: n.to_vec(), e: e.to_vec() }, parsed })
    }

    /// An ML-DSA key from its encoding in FIPS 204 (algorithm 22, pkEncode).
    pub fn from_ml_dsa(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyRefusal> {
        let Family::MlDsa(set) = algorithm.family() else { return Err(KeyRefusal::KeyType) };
        // Checked here, because aws-lc would take a SubjectPublicKeyInfo as well.
        expect(octets.len() == set.public_key, KeyRefusal::MlDsaLength)?;
        let parsed = ParsedPublicKey::new(set.verification, octets).map_err(|_| KeyRefusal::MlDsaLength)?;
        Ok(Self { algorithm, material: Material::MlDsa(octets.to_vec()), parsed })
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
                let curve = if let Family::Ec(curve) = self.algorithm.family() { curve.id } else { 0 };
                vec![integer(KTY, KTY_EC2), alg, integer(-1, curve), bytes(-2, x), bytes(-3, y)]
            }
            Material::Ed25519(octets) => {
                vec![integer(KTY, KTY_OKP), alg, integer(-1, CURVE_ED25519), bytes(-2, octets)]
            }
            Material::Rsa { n, e } => vec![integer(KTY, KTY_RSA), alg, bytes(-1, n), bytes(-2, e)],
            Material::MlDsa(octets) => vec![integer(KTY, KTY_AKP), alg, bytes(-1, octets)],
        };
        Value::Map(entries).encode()
    }

    /// The point of an EC or Ed25519 key, or the ML-DSA key, as SubjectPublicKeyInfo holds it; empty for RSA.
    pub(crate) fn octets(&self) -> &[u8] {
        match &self.material {
            Material::Ec(octets) | Material::MlDsa(octets) => octets,
            Material::Ed25519(octets) => octets,
            Material::Rsa { .. } => &[],
        }
    }

    /// Modulus and exponent of an RSA key, big-endian without leading zeros.
    pub(crate) fn rsa_numbers(&self) -> Option<(&[u8], &[u8])> {
        match &self.material {
            Material::Rsa { n, e } => Some((n, e)),
            Material::Ec(_) | Material::Ed25519(_) | Material::MlDsa(_) => None,
        }
    }

    /// An Ed25519 key that somebody else names: [`PublicKey::from_ed25519`], and the point is on the curve.
    pub(crate) fn from_foreign_ed25519(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyRefusal> {
        let key = Self::from_ed25519(algorithm, octets)?;
        let octets: [u8; 32] = octets.try_into().map_err(|_| KeyRefusal::CoordinateLength)?;
        expect(ed25519::is_on_curve(&octets), KeyRefusal::PointNotOnCurve)?;
        Ok(key)
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

fn ec(algorithm: Algorithm, curve: i64, field: usize, value: &Value<'_>) -> Result<PublicKey, KeyRefusal> {
    expect_curve(value, curve)?;
    let x = bytes_at(value, -2)?;
    // RFC 9053 lets y be a sign bit; WebAuthn section 5.8.5 forbids the compressed form.
    let y = match value.at(-3) {
        Some(Value::Bool(_)) => return Err(KeyRefusal::PointCompressed),
        _ => bytes_at(value, -3)?,
    };
    expect(x.len() == field && y.len() == field, KeyRefusal::CoordinateLength)?;
    let mut point = Vec::with_capacity(1 + 2 * field);
    point.push(4);
    point.extend_from_slice(x);
    point.extend_from_slice(y);
    PublicKey::from_owned_point(algorithm, point)
}

fn expect_curve(value: &Value<'_>, curve: i64) -> Result<(), KeyRefusal> {
    expect(value.at(-1).and_then(Value::as_integer) == Some(curve), KeyRefusal::Curve)
}

/// Odd, at least 3, at most 64 bits, without leading zeros: what authenticators make is 65537.
fn rsa_exponent(e: &[u8]) -> Result<(), KeyRefusal> {
    let odd = e.last().is_some_and(|last| last & 1 == 1);
    let leading_zero = e.first() == Some(&0);
    let small = match e {
        [1] => false,
        [first, _, _, _, _] => *first == 1,
        _ => e.len() < 5,
    };
    expect(odd && !leading_zero && small, KeyRefusal::RsaExponent)
}

fn bytes_at<'a>(value: &Value<'a>, label: i64) -> Result<&'a [u8], KeyRefusal> {
    match value.at(label) {
        Some(Value::Bytes(bytes)) => Ok(bytes),
        Some(_) => Err(KeyRefusal::MemberType),
        None => Err(KeyRefusal::MemberMissing),
    }
}

#[cfg(test)]
mod tests;
