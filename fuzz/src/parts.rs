//! Several byte strings in one: each behind two bytes of length.

/// The byte strings; what is cut off at the end counts as far as it goes.
pub fn split(data: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut rest = data;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length)).min(after.len());
        let (part, after) = after.split_at(length);
        out.push(part);
        rest = after;
    }
    out
}

/// The input from which [`split`] makes `parts`.
pub fn join(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
        out.extend(length.to_be_bytes());
        out.extend(part.iter().take(usize::from(length)));
    }
    out
}
