//! What a phone is shown of an errand: a ticket to scan, and a short code to type.

use std::fmt;
use std::str::FromStr;

use account::enrolment::{Enrolment, EnrolmentId};
use account::session::SessionId;
use account::temporary_pass::ALPHABET;
use primitives::digest;
use primitives::encoding;
use primitives::entropy::{self, Entropy};
use primitives::seal;
use store::StoreError;

use crate::context::{Caller, Context};

const SEAL: &str = "keyward enrolment ticket";

/// 128 random bits that name an errand. They grant nothing, but they let whoever comes first take it up.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket([u8; 16]);

impl Ticket {
    fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(entropy::array(entropy))
    }

    /// Its bytes, to look it up by.
    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// 22 characters of base64url.
impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::base64url(&self.0))
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

/// A text that is no ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATicket;

impl fmt::Display for NotATicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not 22 characters of base64url")
    }
}

impl std::error::Error for NotATicket {}

impl FromStr for Ticket {
    type Err = NotATicket;

    fn from_str(text: &str) -> Result<Self, NotATicket> {
        if text.len() != 22 {
            return Err(NotATicket);
        }
        let bytes = encoding::from_base64url(text).ok_or(NotATicket)?;
        bytes.try_into().map(Self).map_err(|_| NotATicket)
    }
}

/// Characters of a code.
const LENGTH: usize = 6;

/// Six characters that people type where the camera does not work, in the alphabet of passes.
///
/// Thirty bits are enough for what they are: guesses are bounded for each address and for everybody together, and a code
/// that was guessed grants as little as the ticket that it stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode(String);

impl TypedCode {
    fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut code = String::with_capacity(LENGTH);
        while code.len() < LENGTH {
            let [byte] = entropy::array(entropy);
            // 248 = 8 · 31: beyond it the first characters would be likelier than the others.
            if byte < 248 {
                code.extend(ALPHABET.get(usize::from(byte % 31)).map(|byte| char::from(*byte)));
            }
        }
        Self(code)
    }

    /// Reads what was typed: case, spaces and dashes do not matter.
    pub(super) fn read(typed: &str) -> Option<Self> {
        // What was typed is not looked at beyond this many bytes.
        if typed.len() > 64 {
            return None;
        }
        let is_separator = |character: &char| {
            character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        };
        let code: String = typed
            .chars()
            .filter(|character| !is_separator(character))
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let is_one = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        is_one.then_some(Self(code))
    }

    /// Without the dash, to look it up by.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Such as `4KD-92M`.
impl fmt::Display for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at_checked(LENGTH / 2).unwrap_or((&self.0, ""));
        write!(f, "{first}-{second}")
    }
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(…)")
    }
}

/// What a phone is shown, and how the row keeps it.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) ticket: Ticket,
    pub(super) code: TypedCode,
}

fn binding(id: EnrolmentId, session: SessionId) -> [u8; 32] {
    digest::sha256_parts(&[id.as_bytes(), session.as_bytes()])
}

impl Shown {
    pub(super) fn generate(entropy: &mut dyn Entropy) -> Self {
        Self { ticket: Ticket::generate(entropy), code: TypedCode::generate(entropy) }
    }

    /// Sealed for the row of that id and session.
    pub(super) fn seal(
        &self,
        cx: &Context,
        caller: &mut Caller,
        id: EnrolmentId,
        session: SessionId,
    ) -> String {
        let plain = [self.ticket.0.as_slice(), self.code.0.as_bytes()].concat();
        let binding = binding(id, session);
        let sealed = seal::seal(&cx.keys, SEAL, &binding, &plain, caller.now, caller.entropy.as_mut());
        encoding::base64url(&sealed)
    }

    /// Opens what the row keeps.
    pub(super) fn open(cx: &Context, enrolment: &Enrolment) -> Result<Self, StoreError> {
        let bad = || StoreError::Inconsistent { table: "enrolments", column: 7 };
        let sealed = encoding::from_base64url(&enrolment.sealed).ok_or_else(bad)?;
        let binding = binding(enrolment.id, enrolment.session);
        let plain = seal::open(&cx.keys, SEAL, &binding, &sealed).map_err(|_| bad())?;
        let (ticket, code) = plain.split_first_chunk::<16>().ok_or_else(bad)?;
        let code = std::str::from_utf8(code).map_err(|_| bad())?;
        Ok(Self { ticket: Ticket(*ticket), code: TypedCode(code.to_owned()) })
    }
}

#[cfg(test)]
mod tests;
