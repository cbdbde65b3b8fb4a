//! Signature algorithms, and what each demands of a key.

use aws_lc_rs::signature as lc;

/// A signature algorithm by its COSE identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA with SHA-256 (-7), on P-256 in WebAuthn (section 5.8.5).
    Es256,
    /// EdDSA (-8), on Ed25519 in WebAuthn.
    EdDsa,
    /// ECDSA with SHA-384 (-35), on P-384 in WebAuthn.
    Es384,
    /// ECDSA with SHA-512 (-36), on P-521 in WebAuthn.
    Es512,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (-257).
    Rs256,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 octets (-37).
    Ps256,
    /// ML-DSA-44 of FIPS 204 (-48).
    MlDsa44,
    /// ML-DSA-65 (-49).
    MlDsa65,
    /// ML-DSA-87 (-50).
    MlDsa87,
    /// ECDSA with SHA-256 on P-256, fully specified by RFC 9864 (-9).
    Esp256,
    /// EdDSA on Ed25519, fully specified (-19).
    Ed25519,
    /// ECDSA with SHA-384 on P-384, fully specified (-51).
    Esp384,
    /// ECDSA with SHA-512 on P-521, fully specified (-52).
    Esp512,
}

impl Algorithm {
    /// Every algorithm: what authenticators make today first, most recommended before the others.
    pub const ALL: [Algorithm; 13] = [
        Algorithm::Es256,
        Algorithm::EdDsa,
        Algorithm::Es384,
        Algorithm::Es512,
        Algorithm::Rs256,
        Algorithm::Ps256,
        Algorithm::MlDsa44,
        Algorithm::MlDsa65,
        Algorithm::MlDsa87,
        Algorithm::Esp256,
        Algorithm::Ed25519,
        Algorithm::Esp384,
        Algorithm::Esp512,
    ];

    /// Its number in the IANA registry "COSE Algorithms".
    pub const fn id(self) -> i64 {
        match self {
            Algorithm::Es256 => -7,
            Algorithm::EdDsa => -8,
            Algorithm::Es384 => -35,
            Algorithm::Es512 => -36,
            Algorithm::Rs256 => -257,
            Algorithm::Ps256 => -37,
            Algorithm::MlDsa44 => -48,
            Algorithm::MlDsa65 => -49,
            Algorithm::MlDsa87 => -50,
            Algorithm::Esp256 => -9,
            Algorithm::Ed25519 => -19,
            Algorithm::Esp384 => -51,
            Algorithm::Esp512 => -52,
        }
    }

    /// The algorithm with this number, if it is one of ours.
    pub fn from_id(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.id() == id)
    }

    /// The kind of key that it works with.
    pub(crate) fn family(self) -> Family {
        match self {
            Algorithm::Es256 | Algorithm::Esp256 => Family::Ec(&P256),
            Algorithm::Es384 | Algorithm::Esp384 => Family::Ec(&P384),
            Algorithm::Es512 | Algorithm::Esp512 => Family::Ec(&P521),
            Algorithm::EdDsa | Algorithm::Ed25519 => Family::Ed25519,
            Algorithm::Rs256 => Family::Rsa(&lc::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::Ps256 => Family::Rsa(&lc::RSA_PSS_2048_8192_SHA256),
            Algorithm::MlDsa44 => Family::MlDsa(&ML_DSA_44),
            Algorithm::MlDsa65 => Family::MlDsa(&ML_DSA_65),
            Algorithm::MlDsa87 => Family::MlDsa(&ML_DSA_87),
        }
    }
}

/// The kinds of keys, with what tells the algorithms of a kind apart.
#[derive(Clone, Copy)]
pub(crate) enum Family {
    /// ECDSA.
    Ec(&'static Curve),
    /// EdDSA on Ed25519.
    Ed25519,
    /// RSA with a padding.
    Rsa(&'static lc::RsaParameters),
    /// ML-DSA with a parameter set.
    MlDsa(&'static ParameterSet),
}

/// What an ECDSA algorithm of RFC 9053 needs to know, with the curve that WebAuthn section 5.8.5 demands.
pub(crate) struct Curve {
    /// Number in the registry "COSE Elliptic Curves".
    pub(crate) id: i64,
    /// Octets of one coordinate.
    pub(crate) field: usize,
    pub(crate) verification: &'static lc::EcdsaVerificationAlgorithm,
    pub(crate) signing: &'static lc::EcdsaSigningAlgorithm,
}

static P256: Curve = Curve {
    id: 1,
    field: 32,
    verification: &lc::ECDSA_P256_SHA256_ASN1,
    signing: &lc::ECDSA_P256_SHA256_ASN1_SIGNING,
};
static P384: Curve = Curve {
    id: 2,
    field: 48,
    verification: &lc::ECDSA_P384_SHA384_ASN1,
    signing: &lc::ECDSA_P384_SHA384_ASN1_SIGNING,
};
static P521: Curve = Curve {
    id: 3,
    field: 66,
    verification: &lc::ECDSA_P521_SHA512_ASN1,
    signing: &lc::ECDSA_P521_SHA512_ASN1_SIGNING,
};

/// A parameter set of FIPS 204.
pub(crate) struct ParameterSet {
    /// Octets of a public key (FIPS 204 table 2).
    pub(crate) public_key: usize,
    pub(crate) verification: &'static lc::PqdsaVerificationAlgorithm,
    pub(crate) signing: &'static lc::PqdsaSigningAlgorithm,
}

static ML_DSA_44: ParameterSet =
    ParameterSet { public_key: 1312, verification: &lc::ML_DSA_44, signing: &lc::ML_DSA_44_SIGNING };
static ML_DSA_65: ParameterSet =
    ParameterSet { public_key: 1952, verification: &lc::ML_DSA_65, signing: &lc::ML_DSA_65_SIGNING };
static ML_DSA_87: ParameterSet =
    ParameterSet { public_key: 2592, verification: &lc::ML_DSA_87, signing: &lc::ML_DSA_87_SIGNING };

#[cfg(test)]
mod tests;
