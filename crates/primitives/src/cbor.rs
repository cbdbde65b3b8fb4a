//! CTAP2 canonical CBOR (CTAP 2.2 section 8, a profile of RFC 8949): a strict, bounded reader and its writer.
//!
//! Definite lengths, shortest integers, sorted keys without duplicates, no tags, no floating point. Nothing
//! is allocated before the input proves long enough to fill it. What is read borrows from the input.

use std::cmp::Ordering;

/// The nesting that CTAP2 allows: four maps or arrays inside each other.
pub const CTAP2_DEPTH: u8 = 4;

/// More entries than any structure of WebAuthn or CTAP2 has in one map or array.
const MOST_ENTRIES: u64 = 256;

/// One data item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// An integer. Those beyond 64 bits signed occur in no structure here and are refused.
    Integer(i64),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A text string.
    Text(&'a str),
    /// An array.
    Array(Vec<Value<'a>>),
    /// A map whose keys are integers or texts, in canonical order.
    Map(Vec<(Key<'a>, Value<'a>)>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

/// The key of a map entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// As in COSE keys and CTAP2 messages.
    Integer(i64),
    /// As a client names credentials in `prf` of a CTAP2 message; read by [`parse_message`] alone.
    Bytes(&'a [u8]),
    /// As in attestation objects and extensions.
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        if let Value::Integer(value) = self { Some(*value) } else { None }
    }

    /// The byte string, if it is one.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        if let Value::Bytes(value) = self { Some(value) } else { None }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&'a str> {
        if let Value::Text(value) = self { Some(value) } else { None }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self { Some(*value) } else { None }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&[(Key<'a>, Value<'a>)]> {
        if let Value::Map(entries) = self { Some(entries) } else { None }
    }

    /// The value under an integer key, if this is a map that has it.
    pub fn at(&self, key: i64) -> Option<&Value<'a>> {
        self.find(Key::Integer(key))
    }

    /// The value under a text key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.find(Key::Text(key))
    }

    fn find(&self, wanted: Key<'_>) -> Option<&Value<'a>> {
        self.as_map()?.iter().find(|(key, _)| *key == wanted).map(|(_, value)| value)
    }

    /// Encodes canonically; entries of maps may stand in any order, but no key twice.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// [`Value::encode`] at the end of `out`: who reserves enough there leaves no copies of secrets behind.
    pub fn encode_onto(&self, out: &mut Vec<u8>) {
        self.write(out);
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Value::Integer(value) => write_integer(out, *value),
            Value::Bytes(bytes) => {
                write_head(out, 2, length(bytes.len()));
                out.extend_from_slice(bytes);
            }
            Value::Text(text) => write_text(out, text),
            Value::Array(items) => {
                write_head(out, 4, length(items.len()));
                items.iter().for_each(|item| item.write(out));
            }
            Value::Map(entries) => {
                write_head(out, 5, length(entries.len()));
                let mut encoded: Vec<(Vec<u8>, &Value<'_>)> =
                    entries.iter().map(|(key, value)| (key.encode(), value)).collect();
                encoded.sort_by(|(a, _), (b, _)| canonical_order(a, b));
                for (key, value) in encoded {
                    out.extend_from_slice(&key);
                    value.write(out);
                }
            }
            Value::Bool(false) => out.push(0xf4),
            Value::Bool(true) => out.push(0xf5),
            Value::Null => out.push(0xf6),
        }
    }
}

impl Key<'_> {
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Key::Integer(value) => write_integer(&mut out, *value),
            Key::Bytes(bytes) => {
                write_head(&mut out, 2, length(bytes.len()));
                out.extend_from_slice(bytes);
            }
            Key::Text(text) => write_text(&mut out, text),
        }
        out
    }
}

fn length(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

fn write_integer(out: &mut Vec<u8>, value: i64) {
    match u64::try_from(value) {
        Ok(unsigned) => write_head(out, 0, unsigned),
        // -1 - n is stored as n, which is the complement of the bits.
        Err(_) => write_head(out, 1, (!value).unsigned_abs()),
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_head(out, 3, length(text.len()));
    out.extend_from_slice(text.as_bytes());
}

fn write_head(out: &mut Vec<u8>, major: u8, value: u64) {
    let major = major << 5;
    if let Ok(value) = u8::try_from(value) {
        if value < 24 {
            out.push(major | value);
        } else {
            out.extend_from_slice(&[major | 24, value]);
        }
    } else if let Ok(value) = u16::try_from(value) {
        out.push(major | 25);
        out.extend_from_slice(&value.to_be_bytes());
    } else if let Ok(value) = u32::try_from(value) {
        out.push(major | 26);
        out.extend_from_slice(&value.to_be_bytes());
    } else {
        out.push(major | 27);
        out.extend_from_slice(&value.to_be_bytes());
    }
}

/// The order of encoded keys: lower major type, then shorter, then lower bytes.
fn canonical_order(a: &[u8], b: &[u8]) -> Ordering {
    let major = |key: &[u8]| key.first().map(|byte| byte >> 5);
    major(a).cmp(&major(b)).then(a.len().cmp(&b.len())).then(a.cmp(b))
}

/// Reads exactly one item from all of `bytes`, nested at most `depth` maps and arrays.
pub fn parse(bytes: &[u8], depth: u8) -> Result<Value<'_>, CborRefusal> {
    let (value, rest) = read(bytes, depth)?;
    if rest.is_empty() { Ok(value) } else { Err(CborRefusal::TrailingBytes) }
}

/// The same where keys of maps may be byte strings, too, and one level deeper than elsewhere: so clients send
/// `prf` to an authenticator.
pub fn parse_message(bytes: &[u8]) -> Result<Value<'_>, CborRefusal> {
    let mut reader = Reader { rest: bytes, bytes_keys: true };
    let value = reader.value(CTAP2_DEPTH + 1)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(CborRefusal::TrailingBytes) }
}

/// Reads one item from the front of `bytes`; returns it and what follows it.
pub fn read(bytes: &[u8], depth: u8) -> Result<(Value<'_>, &[u8]), CborRefusal> {
    let mut reader = Reader { rest: bytes, bytes_keys: false };
    let value = reader.value(depth)?;
    Ok((value, reader.rest))
}

struct Reader<'a> {
    rest: &'a [u8],
    bytes_keys: bool,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u8) -> Result<Value<'a>, CborRefusal> {
        let (major, argument) = self.head()?;
        match major {
            0 => i64::try_from(argument).map(Value::Integer).map_err(|_| CborRefusal::IntegerRange),
            1 => negative(argument).map(Value::Integer),
            2 => self.take(argument).map(Value::Bytes),
            3 => self.text(argument).map(Value::Text),
            4 => self.array(argument, depth),
            5 => self.map(argument, depth),
            6 => Err(CborRefusal::Tag),
            _ => match argument {
                20 => Ok(Value::Bool(false)),
                21 => Ok(Value::Bool(true)),
                22 => Ok(Value::Null),
                _ => Err(CborRefusal::SimpleValue),
            },
        }
    }

    /// The major type and its argument, in the shortest form there is.
    fn head(&mut self) -> Result<(u8, u64), CborRefusal> {
        let (first, rest) = self.rest.split_first().ok_or(CborRefusal::Truncated)?;
        self.rest = rest;
        let (major, info) = (first >> 5, first & 0x1f);
        if major == 7 && info >= 24 {
            return Err(if info == 31 { CborRefusal::IndefiniteLength } else { CborRefusal::SimpleValue });
        }
        let (argument, least) = match info {
            0..=23 => (u64::from(info), 0),
            24 => (u64::from(u8::from_be_bytes(self.array_of()?)), 24),
            25 => (u64::from(u16::from_be_bytes(self.array_of()?)), 1 << 8),
            26 => (u64::from(u32::from_be_bytes(self.array_of()?)), 1 << 16),
            27 => (u64::from_be_bytes(self.array_of()?), 1 << 32),
            31 => return Err(CborRefusal::IndefiniteLength),
            _ => return Err(CborRefusal::ReservedHead),
        };
        if argument < least { Err(CborRefusal::NotShortest) } else { Ok((major, argument)) }
    }

    fn array_of<const N: usize>(&mut self) -> Result<[u8; N], CborRefusal> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or(CborRefusal::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], CborRefusal> {
        let count = usize::try_from(count).map_err(|_| CborRefusal::Truncated)?;
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(CborRefusal::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn text(&mut self, count: u64) -> Result<&'a str, CborRefusal> {
        std::str::from_utf8(self.take(count)?).map_err(|_| CborRefusal::NotUtf8)
    }

    /// The capacity for `count` entries of at least `least` bytes each, all still to be read.
    fn capacity(&self, count: u64, least: usize, depth: u8) -> Result<usize, CborRefusal> {
        if depth == 0 {
            return Err(CborRefusal::TooDeep);
        }
        if count > MOST_ENTRIES {
            return Err(CborRefusal::TooManyEntries);
        }
        let count = usize::try_from(count).map_err(|_| CborRefusal::TooManyEntries)?;
        if count.saturating_mul(least) > self.rest.len() { Err(CborRefusal::Truncated) } else { Ok(count) }
    }

    fn array(&mut self, count: u64, depth: u8) -> Result<Value<'a>, CborRefusal> {
        let capacity = self.capacity(count, 1, depth)?;
        let mut items = Vec::with_capacity(capacity);
        for _ in 0..capacity {
            items.push(self.value(depth.saturating_sub(1))?);
        }
        Ok(Value::Array(items))
    }

    fn map(&mut self, count: u64, depth: u8) -> Result<Value<'a>, CborRefusal> {
        let capacity = self.capacity(count, 2, depth)?;
        let mut entries = Vec::with_capacity(capacity);
        let mut previous: &[u8] = &[];
        for _ in 0..capacity {
            let before = self.rest;
            let key = self.key()?;
            let encoded = before.get(..before.len().saturating_sub(self.rest.len())).unwrap_or_default();
            match canonical_order(previous, encoded) {
                Ordering::Less => {}
                Ordering::Equal => return Err(CborRefusal::DuplicateKey),
                Ordering::Greater => return Err(CborRefusal::UnsortedKeys),
            }
            previous = encoded;
            entries.push((key, self.value(depth.saturating_sub(1))?));
        }
        Ok(Value::Map(entries))
    }

    fn key(&mut self) -> Result<Key<'a>, CborRefusal> {
        let (major, argument) = self.head()?;
        match major {
            0 => i64::try_from(argument).map(Key::Integer).map_err(|_| CborRefusal::IntegerRange),
            1 => negative(argument).map(Key::Integer),
            2 if self.bytes_keys => self.take(argument).map(Key::Bytes),
            3 => self.text(argument).map(Key::Text),
            _ => Err(CborRefusal::KeyType),
        }
    }
}

fn negative(argument: u64) -> Result<i64, CborRefusal> {
    i64::try_from(argument).map(|value| !value).map_err(|_| CborRefusal::IntegerRange)
}

/// Why bytes are not one item of CTAP2 canonical CBOR within the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CborRefusal {
    /// The input ends inside an item.
    Truncated,
    /// Bytes follow the item.
    TrailingBytes,
    /// An integer or length is not in its shortest form.
    NotShortest,
    /// A length is indefinite.
    IndefiniteLength,
    /// The head has a reserved value.
    ReservedHead,
    /// An integer does not fit 64 bits signed.
    IntegerRange,
    /// A text is not UTF-8.
    NotUtf8,
    /// A map's key is neither integer nor text.
    KeyType,
    /// A key occurs twice.
    DuplicateKey,
    /// Keys are out of canonical order.
    UnsortedKeys,
    /// A tag.
    Tag,
    /// A simple value other than true, false and null, or a floating-point number.
    SimpleValue,
    /// Maps and arrays nest deeper than allowed.
    TooDeep,
    /// A map or array announces more entries than any structure has.
    TooManyEntries,
}

impl CborRefusal {
    /// Whether a bound was exceeded, rather than the encoding broken.
    pub fn is_resource_limit(self) -> bool {
        matches!(self, CborRefusal::TooDeep | CborRefusal::TooManyEntries)
    }
}

#[cfg(test)]
mod tests;
