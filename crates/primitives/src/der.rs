//! The little DER (X.690) that certificates and their extensions need: tag, definite length, content.
//!
//! The reader borrows, allocates nothing and takes lengths up to 64 KiB, more than any certificate here has.

/// BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// NULL.
pub const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// ENUMERATED.
pub const ENUMERATED: u8 = 0x0a;
/// UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// PrintableString.
pub const PRINTABLE_STRING: u8 = 0x13;
/// IA5String.
pub const IA5_STRING: u8 = 0x16;
/// UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// SEQUENCE and SEQUENCE OF.
pub const SEQUENCE: u8 = 0x30;
/// SET and SET OF.
pub const SET: u8 = 0x31;

/// The class bits of a context-specific, constructed tag.
const CONTEXT_CONSTRUCTED: u8 = 0xa0;
/// The number that says that the tag goes on in further octets.
const HIGH_TAG: u8 = 0x1f;

/// Reads one element with `tag` from the front; returns its content and what follows.
pub fn read(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = any(input)?;
    (found == tag).then_some((content, rest))
}

/// Reads one element with `tag` that is all of `input`; returns its content.
pub fn only(input: &[u8], tag: u8) -> Option<&[u8]> {
    read(input, tag).and_then(|(content, rest)| rest.is_empty().then_some(content))
}

/// Reads one element with a tag of one octet from the front: the tag, its content and what follows.
pub fn any(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = input.split_first()?;
    let (length, rest) = read_length(rest)?;
    let (content, rest) = rest.split_at_checked(length)?;
    (tag & HIGH_TAG != HIGH_TAG).then_some((*tag, content, rest))
}

/// Reads one context-specific, constructed element from the front, as EXPLICIT tags make them: the tag's
/// number (X.690 section 8.1.2, up to 2^28 - 1), its content and what follows.
pub fn explicit(input: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (first, rest) = input.split_first()?;
    if first & !HIGH_TAG != CONTEXT_CONSTRUCTED {
        return None;
    }
    let (number, rest) = match first & HIGH_TAG {
        HIGH_TAG => high_tag(rest)?,
        low => (u32::from(low), rest),
    };
    let (length, rest) = read_length(rest)?;
    let (content, rest) = rest.split_at_checked(length)?;
    Some((number, content, rest))
}

/// Seven bits an octet, at most four octets, no leading zeros and no number that one octet could hold.
fn high_tag(mut input: &[u8]) -> Option<(u32, &[u8])> {
    let mut number = 0_u32;
    for position in 0..4 {
        let (octet, rest) = input.split_first()?;
        if position == 0 && *octet == 0x80 {
            return None;
        }
        number = number << 7 | u32::from(octet & 0x7f);
        input = rest;
        if octet & 0x80 == 0 {
            return (number >= u32::from(HIGH_TAG)).then_some((number, input));
        }
    }
    None
}

fn read_length(input: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = input.split_first()?;
    match first {
        0..=0x7f => Some((usize::from(*first), rest)),
        0x81 => {
            let (length, rest) = rest.split_first()?;
            (*length >= 0x80).then_some((usize::from(*length), rest))
        }
        0x82 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            (length >= 0x100).then_some((length, rest))
        }
        _ => None,
    }
}

/// The content of a non-negative INTEGER without the octet that keeps its sign.
pub fn unsigned(content: &[u8]) -> &[u8] {
    match content.split_first() {
        Some((0, rest)) if !rest.is_empty() => rest,
        _ => content,
    }
}

/// The content of an INTEGER or ENUMERATED that is not negative and fits 32 bits.
pub fn small(content: &[u8]) -> Option<u32> {
    let negative = content.first().is_none_or(|first| first & 0x80 != 0);
    let octets = unsigned(content);
    (!negative && octets.len() <= 4)
        .then(|| octets.iter().fold(0, |number, octet| number << 8 | u32::from(*octet)))
}

/// One element: tag, length, and the parts of its content one after the other.
pub fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![tag];
    finish(&mut out, parts);
    out
}

/// One context-specific, constructed element, as an EXPLICIT tag with that number makes it.
pub fn write_explicit(number: u32, parts: &[&[u8]]) -> Vec<u8> {
    let mut out = match u8::try_from(number) {
        Ok(low @ 0..HIGH_TAG) => vec![CONTEXT_CONSTRUCTED | low],
        _ => vec![CONTEXT_CONSTRUCTED | HIGH_TAG],
    };
    if number >= u32::from(HIGH_TAG) {
        let septets = [21, 14, 7, 0].map(|shift| u8::try_from(number >> shift & 0x7f).unwrap_or(0));
        let zeros = septets.iter().take_while(|septet| **septet == 0).count();
        let septets = septets.get(zeros..).unwrap_or_default();
        if let Some((last, leading)) = septets.split_last() {
            out.extend(leading.iter().map(|septet| septet | 0x80));
            out.push(*last);
        }
    }
    finish(&mut out, parts);
    out
}

fn finish(out: &mut Vec<u8>, parts: &[&[u8]]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=0x7f), _) => out.push(short),
        (Ok(octet), _) => out.extend_from_slice(&[0x81, octet]),
        (_, Ok(octets)) => {
            out.push(0x82);
            out.extend_from_slice(&octets.to_be_bytes());
        }
        _ => unreachable!("nothing that is built here has 64 KiB"),
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

#[cfg(test)]
mod tests;
