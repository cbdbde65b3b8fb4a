//! English made strange for tests: longer and accented, or from right to left.

use std::borrow::Cow;

/// `text` a third longer and with an accent on every vowel; what a reader types and what has no text of its own is
/// left as it is, so a plain word on a page was never translated.
pub(super) fn accented(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len().saturating_mul(2));
    for c in text.chars() {
        match c {
            'a' => out.push_str("áá"),
            'e' => out.push_str("éé"),
            'i' => out.push('í'),
            'o' => out.push_str("óó"),
            'u' => out.push('ú'),
            'A' => out.push_str("ÁÁ"),
            'E' => out.push_str("ÉÉ"),
            'I' => out.push('Í'),
            'O' => out.push_str("ÓÓ"),
            'U' => out.push('Ú'),
            'c' => out.push('ç'),
            'n' => out.push('ñ'),
            's' => out.push('š'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// `text` between marks that turn it round, as it would run in Arabic or Hebrew.
pub(super) fn mirrored(text: &str) -> Cow<'_, str> {
    Cow::Owned(format!("\u{202E}{text}\u{202C}"))
}
