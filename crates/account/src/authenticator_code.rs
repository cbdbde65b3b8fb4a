//! Authenticator codes: time-based one-time passwords (RFC 6238) of six digits, every 30 seconds, by HMAC-SHA-1.
//!
//! Those parameters are what every authenticator app knows. A code works once: the time step that was used is
//! remembered, and no earlier one works any more (RFC 6238 section 5.2).

use primitives::digest;
use primitives::encoding;
use primitives::entropy::{self, Entropy};
use primitives::secret::SecretBytes;
use primitives::time::Timestamp;

use crate::user::UserId;

/// Seconds of one time step.
const STEP: i64 = 30;

/// Steps before and after the present one that are accepted: a phone's clock may be half a minute off.
const WINDOW: i64 = 1;

/// Digits of a code.
pub const DIGITS: usize = 6;

/// Wrong codes in a row after which the codes of an account are worth nothing any more (NIST SP 800-63B-4 section
/// 3.2.2): whoever knows the password must not guess on for ever, a quarter of an hour at a time.
pub const MOST_FAILURES: u32 = 100;

/// The authenticator app of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorCodes {
    /// Whose it is.
    pub user: UserId,
    /// The secret, sealed under the key ring.
    pub sealed: Vec<u8>,
    /// When it was set up.
    pub created: Timestamp,
    /// The last time step that was used.
    pub last_step: i64,
    /// When a code was last used.
    pub last_used: Option<Timestamp>,
    /// Wrong codes since the last right one.
    pub failures: u32,
}

impl AuthenticatorCodes {
    /// Whether too many wrong codes came in a row.
    pub fn is_locked(&self) -> bool {
        self.failures >= MOST_FAILURES
    }
}

/// A fresh secret of 160 bits (RFC 4226 section 4, R6).
pub fn generate(entropy: &mut dyn Entropy) -> SecretBytes {
    SecretBytes::new(entropy::array::<20>(entropy))
}

/// The code of a time step (RFC 4226 section 5.3).
fn code_at(secret: &[u8], step: i64) -> u32 {
    let mac = digest::hmac_sha1(secret, &step.to_be_bytes());
    let offset = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
    let word = mac.iter().skip(offset).take(4).fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    (word & 0x7fff_ffff) % 1_000_000
}

/// The code that an app shows at `now`; what tests and demonstrations type.
pub fn code(secret: &SecretBytes, now: Timestamp) -> String {
    // Revealed to compute with it.
    format!("{:06}", code_at(secret.reveal(), now.secs().div_euclid(STEP)))
}

/// What a typed code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// It is right; this step is used with it.
    Right {
        /// The time step of the code.
        step: i64,
    },
    /// It was right, and was used before, or a later one was.
    Replayed,
    /// It is not right.
    Wrong,
}

/// Judges a typed code at `now`, when `last_step` was the last step used.
pub fn verify(secret: &SecretBytes, typed: &str, now: Timestamp, last_step: i64) -> CodeVerdict {
    let Some(typed) = normalise(typed) else { return CodeVerdict::Wrong };
    let present = now.secs().div_euclid(STEP);
    let mut verdict = CodeVerdict::Wrong;
    // Every step is compared, so that time does not tell which it was; the earliest unused one is taken.
    for step in (present - WINDOW..=present + WINDOW).rev() {
        let expected = format!("{:06}", code_at(secret.reveal(), step));
        if encoding::constant_time_eq(expected.as_bytes(), typed.as_bytes()) {
            verdict = match (step > last_step, verdict) {
                (true, _) => CodeVerdict::Right { step },
                (false, CodeVerdict::Wrong) => CodeVerdict::Replayed,
                (false, earlier) => earlier,
            };
        }
    }
    verdict
}

/// The six digits of what was typed: spaces and dashes between them do not matter.
pub fn normalise(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let digits: String =
        typed.chars().filter(|character| !character.is_whitespace() && *character != '-').collect();
    (digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// The `otpauth` address that apps read from a QR code. All parameters are the defaults, and said.
pub fn uri(issuer: &str, login: &str, secret: &SecretBytes) -> String {
    let (issuer, login) = (percent_encoded(issuer), percent_encoded(login));
    let secret = encoding::base32(secret.reveal());
    format!(
        "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests;
