//! Codes of the device grant (RFC 8628).
//!
//! A user code has 8 of 20 consonants: 34.5 bits. Five wrong ones end the attempt, and whoever types them is signed in.

use primitives::entropy::Entropy;
use primitives::time::Span;

/// How long both codes live (RFC 8628 section 5.1 lets them live shortly).
pub const LIFETIME: Span = Span::from_minutes(5);

/// How long a device waits between two questions.
pub const INTERVAL: Span = Span::from_secs(5);

/// By how much a device that asks too early has to wait longer (section 3.5).
pub const SLOW_DOWN: Span = Span::from_secs(5);

/// How many wrong tries end an attempt.
pub const MOST_TRIES: u8 = 5;

/// No vowels, which would make words, and no letter that looks like another (section 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const HALF: usize = 4;

/// A user code such as `WDJB-MJHT`.
pub fn user_code(entropy: &mut dyn Entropy) -> String {
    let mut out = String::with_capacity(2 * HALF + 1);
    let mut letters = 0;
    while letters < 2 * HALF {
        let mut byte = [0];
        entropy.fill(&mut byte);
        // 240 is the greatest multiple of 20 below 256: what lies above would favour the first letters.
        let [byte] = byte;
        let Some(letter) = LETTERS.get(usize::from(byte % 20)).filter(|_| byte < 240) else { continue };
        if letters == HALF {
            out.push('-');
        }
        out.push(char::from(*letter));
        letters += 1;
    }
    out
}

/// What a person typed as [`user_code`] spells it: case, spaces and hyphens mean nothing. Nothing if it is no user code.
pub fn normalise(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let mut out = String::with_capacity(2 * HALF + 1);
    let mut letters = 0;
    for byte in typed.bytes().filter(|byte| !matches!(byte, b' ' | b'-')) {
        let letter = byte.to_ascii_uppercase();
        if !LETTERS.contains(&letter) || letters == 2 * HALF {
            return None;
        }
        if letters == HALF {
            out.push('-');
        }
        out.push(char::from(letter));
        letters += 1;
    }
    (letters == 2 * HALF).then_some(out)
}

#[cfg(test)]
mod tests;
