//! The little DER (X.690) that this crate reads and writes itself: tag, definite length, content.

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Reads one element with `tag` from the front; returns its content and what follows.
pub(crate) fn read(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = input.split_first()?;
    let (length, rest) = read_length(rest)?;
    if *first == tag { rest.split_at_checked(length) } else { None }
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
pub(crate) fn unsigned(content: &[u8]) -> &[u8] {
    match content.split_first() {
        Some((0, rest)) if !rest.is_empty() => rest,
        _ => content,
    }
}

/// One element: tag, length, and the parts of its content one after the other.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
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
    out
}
