//! Base64url, hexadecimal and the equality of secrets.

/// Base64url without padding (RFC 4648 section 5), the encoding of WebAuthn's JSON.
pub fn base64url(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}

/// [`base64url`] at the end of a text that is being put together.
pub fn base64url_append(bytes: &[u8], out: &mut String) {
    data_encoding::BASE64URL_NOPAD.encode_append(bytes, out);
}

/// Decodes base64url without padding; refuses padding, white space and non-zero trailing bits.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

/// Decodes base64 with padding (RFC 4648 section 4), the encoding of certificates in JSON; white space between the
/// characters, which some who write such JSON leave in, means nothing.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let spaced = text.bytes().any(|byte| byte.is_ascii_whitespace());
    if !spaced {
        return data_encoding::BASE64.decode(text.as_bytes()).ok();
    }
    let bare: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::BASE64.decode(&bare).ok()
}

/// Base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Decodes hexadecimal of either case.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

/// Upper-case hexadecimal, as lists of digests have it.
pub fn hex_upper(bytes: &[u8]) -> String {
    data_encoding::HEXUPPER.encode(bytes)
}

/// Base32 without padding (RFC 4648 section 6), the encoding of authenticator apps.
pub fn base32(bytes: &[u8]) -> String {
    data_encoding::BASE32_NOPAD.encode(bytes)
}

/// Compares without revealing by time where two secrets differ; unequal lengths are unequal.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    a.ct_eq(b).into()
}
