//! Bytes as decimal digits: seven bytes in seventeen digits, which a QR code stores densest.

/// Digits for a chunk of one to seven bytes; the index is the number of bytes.
const DIGITS: [usize; 8] = [0, 3, 5, 8, 10, 13, 15, 17];
const CHUNK: usize = 7;

/// The digits of `bytes`.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(CHUNK).saturating_mul(17));
    for chunk in bytes.chunks(CHUNK) {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        let width = DIGITS.get(chunk.len()).copied().unwrap_or_default();
        out.push_str(&format!("{:0width$}", u64::from_le_bytes(word)));
    }
    out
}

/// The bytes of `digits`.
pub(super) fn decode(digits: &str) -> Result<Vec<u8>, DigitRefusal> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DigitRefusal::NotDigits);
    }
    let mut out = Vec::with_capacity(digits.len());
    for chunk in digits.as_bytes().chunks(17) {
        let count = DIGITS.iter().position(|width| *width == chunk.len()).ok_or(DigitRefusal::Length)?;
        let value = chunk.iter().fold(0_u64, |sum, digit| {
            // Seventeen digits stay below 2^57.
            sum.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')))
        });
        let word = value.to_le_bytes();
        let (used, rest) = word.split_at_checked(count).ok_or(DigitRefusal::Length)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(DigitRefusal::Overflow);
        }
        out.extend_from_slice(used);
    }
    Ok(out)
}

/// Why digits are not of this encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitRefusal {
    /// Something is no digit.
    NotDigits,
    /// No number of bytes has so many digits.
    Length,
    /// A group stands for more than its bytes hold.
    Overflow,
}
