//! Agreement on P-256 (NIST SP 800-56A, ECDH): CTAP's PIN/UV auth protocols and the hybrid transport's handshake.

use aws_lc_rs::agreement::{self, ECDH_P256, ParsedPublicKey, UnparsedPublicKey};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_ASN1};
use zeroize::Zeroizing;

use crate::digest;
use crate::entropy::{self, Entropy};

/// Length of a point as both its coordinates, with the leading 4.
pub const UNCOMPRESSED: usize = 65;

/// Length of a point as its x coordinate, with the sign of y in front.
pub const COMPRESSED: usize = 33;

/// A private key.
pub struct PrivateKey {
    key: agreement::PrivateKey,
    public: [u8; UNCOMPRESSED],
}

impl PrivateKey {
    /// From a scalar, big-endian; 0 and what is not below the order of the curve are none.
    pub fn from_scalar(scalar: [u8; 32]) -> Result<Self, BadScalar> {
        let scalar = Zeroizing::new(scalar);
        let key =
            agreement::PrivateKey::from_private_key(&ECDH_P256, scalar.as_slice()).map_err(|_| BadScalar)?;
        let public = key.compute_public_key().map_err(|_| BadScalar)?;
        let public = public.as_ref().try_into().map_err(|_| BadScalar)?;
        Ok(Self { key, public })
    }

    /// A fresh one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut scalar = Zeroizing::new(entropy::array(entropy));
        loop {
            if let Ok(key) = Self::from_scalar(*scalar) {
                return key;
            }
            // One draw in 2^32 is no scalar. Its digest is one as good as a second draw, and comes to an end
            // even with a source that always says the same.
            *scalar = digest::sha256(scalar.as_slice());
        }
    }

    /// The public half as both its coordinates.
    pub fn public_uncompressed(&self) -> [u8; UNCOMPRESSED] {
        self.public
    }

    /// The public half as its x coordinate.
    pub fn public_compressed(&self) -> [u8; COMPRESSED] {
        let mut out = [0; COMPRESSED];
        let odd = self.public.last().is_some_and(|last| last & 1 == 1);
        let sign = if odd { 3 } else { 2 };
        for (to, from) in out.iter_mut().zip([sign].iter().chain(self.public.iter().skip(1))) {
            *to = *from;
        }
        out
    }

    /// The x coordinate of the point that both sides arrive at; `peer` is uncompressed or compressed.
    pub fn agree(&self, peer: &[u8]) -> Result<Zeroizing<[u8; 32]>, BadPoint> {
        // aws-lc would also read a SubjectPublicKeyInfo and the hybrid form, which none of our protocols has.
        let plain = matches!((peer.len(), peer.first()), (UNCOMPRESSED, Some(4)) | (COMPRESSED, Some(2 | 3)));
        if !plain {
            return Err(BadPoint);
        }
        let peer: ParsedPublicKey =
            UnparsedPublicKey::new(&ECDH_P256, peer).try_into().map_err(|_| BadPoint)?;
        agreement::agree(&self.key, peer, BadPoint, |shared| {
            shared.try_into().map(Zeroizing::new).map_err(|_| BadPoint)
        })
    }
}

/// Both coordinates of a point; `peer` is uncompressed or compressed.
pub fn uncompressed(peer: &[u8]) -> Result<[u8; UNCOMPRESSED], BadPoint> {
    let plain = matches!((peer.len(), peer.first()), (UNCOMPRESSED, Some(4)) | (COMPRESSED, Some(2 | 3)));
    if !plain {
        return Err(BadPoint);
    }
    let parsed = signature::ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, peer).map_err(|_| BadPoint)?;
    // aws-lc gives coordinates in a SubjectPublicKeyInfo only, which ends with them.
    let info: PublicKeyX509Der<'_> = parsed.as_der().map_err(|_| BadPoint)?;
    match info.as_ref().last_chunk::<UNCOMPRESSED>() {
        Some(point @ [4, ..]) => Ok(*point),
        _ => Err(BadPoint),
    }
}

/// The number is no private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadScalar;

/// The bytes are no point of the curve, or none in a form that is taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPoint;

#[cfg(test)]
mod tests;
