//! Sealed state: what begins a ceremony travels with the browser, unreadable and unforgeable.
//!
//! AES-256-GCM-SIV (RFC 8452) under a subkey of the day. A seal is bound to what it is for and to whose
//! browser it is through its associated data; it holds immutable facts only (DESIGN 5a.4).

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::entropy::{self, Entropy};
use crate::keys::KeyRing;
use crate::time::Timestamp;

const VERSION: u8 = 1;
/// version, key id, day, nonce.
const HEADER: usize = 1 + 4 + 4 + 12;
/// No seal that this program makes is longer; a longer one is not looked at.
const LONGEST: usize = 16 * 1024;

/// Seals `plaintext` for the context `purpose` and `binding`.
pub fn seal(
    ring: &KeyRing,
    purpose: &str,
    binding: &[u8],
    plaintext: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Vec<u8> {
    let nonce: [u8; 12] = entropy::array(entropy);
    let day = u32::try_from(now.day()).unwrap_or(0);
    let id = ring.current_id();
    let mut out = Vec::with_capacity(HEADER + plaintext.len() + AES_256_GCM_SIV.tag_len());
    out.push(VERSION);
    out.extend_from_slice(&id.to_be_bytes());
    out.extend_from_slice(&day.to_be_bytes());
    out.extend_from_slice(&nonce);
    let aad = associated_data(&out, purpose, binding);
    let mut body = plaintext.to_vec();
    let sealed = subkey(ring, id, day).and_then(|key| {
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&aad), &mut body).ok()
    });
    if sealed.is_none() {
        unreachable!("the current key seals anything shorter than 2^36 bytes");
    }
    out.append(&mut body);
    out
}

/// Opens what [`seal`] made for the same `purpose` and `binding`.
pub fn open(ring: &KeyRing, purpose: &str, binding: &[u8], sealed: &[u8]) -> Result<Vec<u8>, BadSeal> {
    if sealed.len() > LONGEST {
        return Err(BadSeal);
    }
    let (header, body) = sealed.split_at_checked(HEADER).ok_or(BadSeal)?;
    let (version, rest) = header.split_first().ok_or(BadSeal)?;
    let (id, rest) = rest.split_first_chunk::<4>().ok_or(BadSeal)?;
    let (day, rest) = rest.split_first_chunk::<4>().ok_or(BadSeal)?;
    let nonce: [u8; 12] = rest.try_into().map_err(|_| BadSeal)?;
    if *version != VERSION {
        return Err(BadSeal);
    }
    let key = subkey(ring, u32::from_be_bytes(*id), u32::from_be_bytes(*day)).ok_or(BadSeal)?;
    let aad = associated_data(header, purpose, binding);
    let mut body = body.to_vec();
    let opened = key
        .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(&aad), &mut body)
        .map_err(|_| BadSeal)?;
    Ok(opened.to_vec())
}

fn subkey(ring: &KeyRing, id: u32, day: u32) -> Option<LessSafeKey> {
    let secret = ring.subkey(id, &[b"keyward seal v1", &day.to_be_bytes()])?;
    UnboundKey::new(&AES_256_GCM_SIV, secret.as_slice()).ok().map(LessSafeKey::new)
}

fn associated_data(header: &[u8], purpose: &str, binding: &[u8]) -> Vec<u8> {
    crate::digest::sha256_parts(&[header, purpose.as_bytes(), binding]).to_vec()
}

/// Not sealed by this deployment for this purpose and this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSeal;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn opens_only_for_the_same_purpose_and_binding() {
        let now = Timestamp::from_secs(1_800_000_000);
        let mut ring = KeyRing::generate(now, &mut SystemEntropy);
        let sealed = seal(&ring, "sign-in", b"browser", b"state", now, &mut SystemEntropy);
        assert_eq!(open(&ring, "sign-in", b"browser", &sealed), Ok(b"state".to_vec()));
        assert_eq!(open(&ring, "confirm", b"browser", &sealed), Err(BadSeal));
        assert_eq!(open(&ring, "sign-in", b"other", &sealed), Err(BadSeal));
        ring.rotate(now, &mut SystemEntropy);
        assert_eq!(open(&ring, "sign-in", b"browser", &sealed), Ok(b"state".to_vec()));
        let stranger = KeyRing::generate(now, &mut SystemEntropy);
        assert_eq!(open(&stranger, "sign-in", b"browser", &sealed), Err(BadSeal));
    }

    #[test]
    fn every_flipped_bit_and_every_truncation_is_refused() {
        let now = Timestamp::from_secs(1_800_000_000);
        let ring = KeyRing::generate(now, &mut SystemEntropy);
        let sealed = seal(&ring, "p", b"b", b"state", now, &mut SystemEntropy);
        for index in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[index] ^= 1;
            assert_eq!(open(&ring, "p", b"b", &broken), Err(BadSeal), "byte {index}");
            assert_eq!(open(&ring, "p", b"b", &sealed[..index]), Err(BadSeal), "cut at {index}");
        }
        assert_eq!(open(&ring, "p", b"b", &vec![1; LONGEST + 1]), Err(BadSeal));
    }
}
