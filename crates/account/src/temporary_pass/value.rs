//! The value of a pass: how it is made, shown and read back.

use primitives::entropy::{self, Entropy};
use primitives::secret::SecretText;
use unicode_normalization::UnicodeNormalization;

/// The characters of a value: without 0, O, 1, I and L, which people confuse. There are 31, a prime, which is
/// what lets one check character find every single wrong character and every swap of neighbours.
pub const ALPHABET: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Shortest and longest value in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=48;
/// What was typed is not looked at beyond this many bytes.
const LONGEST_INPUT: usize = 400;
const GROUP: usize = 4;

/// A fresh value of `length` characters (8 to 48, else the nearest of these), the last of which is the check
/// character.
pub fn generate(length: u8, entropy: &mut dyn Entropy) -> SecretText {
    let length = usize::from(length).clamp(*LENGTHS.start(), *LENGTHS.end());
    let mut value = String::with_capacity(length);
    let mut state = 0;
    while value.len() < length - 1 {
        let [byte] = entropy::array(entropy);
        // 248 = 8 · 31: beyond it the first characters would be likelier than the others.
        if byte >= 248 {
            continue;
        }
        let index = byte % 31;
        state = advance(state, index);
        value.push(character(index));
    }
    // The check character makes the whole evaluate to zero.
    value.push(character((31 - advance(state, 0)) % 31));
    SecretText::new(value)
}

/// The value in groups of four, as it is shown: `K7QX-MM4P-29TD`.
pub fn grouped(value: &SecretText) -> SecretText {
    let mut shown = String::new();
    for (index, character) in value.reveal().chars().enumerate() {
        if index > 0 && index % GROUP == 0 {
            shown.push('-');
        }
        shown.push(character);
    }
    SecretText::new(shown)
}

/// Reads what was typed: case, spaces and dashes do not matter, nor do full-width forms.
///
/// A slip costs no try: the check character is public arithmetic, so an attacker learns nothing from it.
pub fn normalise(typed: &str) -> Result<SecretText, Slip> {
    if typed.len() > LONGEST_INPUT {
        return Err(Slip::Length);
    }
    let value: String = typed
        .nfkc()
        .filter(|character| !is_separator(*character))
        .map(|character| character.to_ascii_uppercase())
        .collect();
    if value.is_empty() {
        return Err(Slip::Empty);
    }
    let mut state = 0;
    for character in value.chars() {
        state = advance(state, index_of(character).ok_or(Slip::Character)?);
    }
    // Every character is ASCII here, so bytes are characters.
    if !LENGTHS.contains(&value.len()) {
        return Err(Slip::Length);
    }
    if state != 0 {
        return Err(Slip::CheckCharacter);
    }
    Ok(SecretText::new(value))
}

/// Why what was typed cannot be a pass of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// Nothing was typed.
    Empty,
    /// Too few or too many characters.
    Length,
    /// A character that no pass has.
    Character,
    /// The check character does not fit: one character is wrong, or two are swapped.
    CheckCharacter,
}

impl Slip {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Slip::Empty => "pass_empty",
            Slip::Length => "pass_length",
            Slip::Character => "pass_character",
            Slip::CheckCharacter => "pass_check_character",
        }
    }
}

/// One step of Horner's rule modulo 31 for the weights 3⁰, 3¹, 3², … from the right. 3 generates the whole
/// multiplicative group, so no weight is zero and no two neighbours have the same.
fn advance(state: u8, index: u8) -> u8 {
    (state * 3 + index) % 31
}

fn character(index: u8) -> char {
    ALPHABET.get(usize::from(index)).map_or('A', |byte| char::from(*byte))
}

fn index_of(character: char) -> Option<u8> {
    let position = ALPHABET.iter().position(|byte| char::from(*byte) == character)?;
    u8::try_from(position).ok()
}

/// White space, and the dashes that keyboards, letters and word processors put in.
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '\u{00ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}')
}
