//! HKDF with SHA-256 (RFC 5869), for protocols that name it.

use aws_lc_rs::hkdf;

/// A length that the caller's buffer has.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Fills `out` from `secret`; an empty `salt` is the one of zeros that RFC 5869 section 2.2 means.
///
/// `out` holds at most 255 × 32 bytes; no caller wants more than a few keys.
pub fn sha256(salt: &[u8], secret: &[u8], info: &[u8], out: &mut [u8]) {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, salt);
    let info = [info];
    let filled =
        salt.extract(secret).expand(&info, Length(out.len())).and_then(|material| material.fill(out));
    if filled.is_err() {
        unreachable!("what is derived here is a few keys long");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{from_hex, hex};

    fn derive(salt: &str, secret: &str, info: &str, length: usize) -> String {
        let bytes = |text| from_hex(text).unwrap();
        let mut out = vec![0; length];
        sha256(&bytes(salt), &bytes(secret), &bytes(info), &mut out);
        hex(&out)
    }

    #[test]
    fn the_answers_of_rfc_5869_appendix_a() {
        let secret = "0b".repeat(22);
        assert_eq!(
            derive("000102030405060708090a0b0c", &secret, "f0f1f2f3f4f5f6f7f8f9", 42),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        );
        assert_eq!(
            derive("", &secret, "", 42),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        );
    }

    #[test]
    fn nothing_is_derived_into_nothing() {
        assert_eq!(derive("", "00", "", 0), "");
    }
}
