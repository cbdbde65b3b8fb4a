//! The cookies: whose session, which browser, what is going on before sign-in, and small kindnesses.
//!
//! All are `__Host-`: only this host over a secure channel sets them, for every path and no subdomain.

use axum::http::{HeaderMap, HeaderValue, header};

/// Holds the session's token.
pub const SESSION: &str = "__Host-keyward-session";
/// Holds 256 random bits that stay with the browser: sealed ceremonies are bound to it (DESIGN 5a.15).
pub const BROWSER: &str = "__Host-keyward-browser";
/// Holds the sealed errand of one sign-in: identifier and where to continue.
pub const INTERACTION: &str = "__Host-keyward-interaction";
/// Holds the sealed message about the step that has just succeeded.
pub const FLASH: &str = "__Host-keyward-flash";
/// Holds the sealed list of accounts that this browser remembers.
pub const KNOWN: &str = "__Host-keyward-known";
/// Holds the sealed list of passkeys that were created in this browser by the companion.
pub const MADE: &str = "__Host-keyward-made";
/// Says that the advice to add a second passkey was put off.
pub const LATER: &str = "__Host-keyward-later";
/// Says that this browser does not want to be offered a passkey after a sign-in with a password (SI-8).
pub const NO_OFFER: &str = "__Host-keyward-no-offer";
/// Holds the token of a sign-in whose second step is outstanding (SI-5). It opens nothing but that step.
pub const STEP: &str = "__Host-keyward-step";
/// Says at which step of the wizard the person was; no secret, and forgotten after a quarter of an hour.
pub const WIZARD: &str = "__Host-keyward-wizard";
/// Holds the sealed request of the application that waits for an answer.
pub const APPLICATION: &str = "__Host-keyward-application";
/// Holds the sealed list of what ended with a session, until the signed-out page has said it.
pub const FAREWELL: &str = "__Host-keyward-farewell";
/// Holds the sealed code of a device that was typed, until the person has answered.
pub const DEVICE: &str = "__Host-keyward-device";
/// Holds the chosen language; no secret.
pub const LANGUAGE: &str = "__Host-keyward-language";

const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Until it is closed.
    Session,
    /// For so many seconds.
    Seconds(u32),
}

/// 400 days, the longest that browsers keep a cookie.
pub const LONG: Keep = Keep::Seconds(400 * 24 * 3600);

/// The value of cookie `name`. One sent twice is nobody's: an attacker who could plant a second one must not
/// choose which of them counts.
///
/// Read as bytes: applications on a parent domain set cookies too, and one with an umlaut must not hide ours.
pub fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut found = None;
    for header in headers.get_all(header::COOKIE) {
        for pair in header.as_bytes().split(|byte| *byte == b';') {
            let Some(value) = pair.trim_ascii().strip_prefix(name.as_bytes()) else { continue };
            let Some(value) = value.strip_prefix(b"=") else { continue };
            if found.replace(value).is_some() {
                return None;
            }
        }
    }
    std::str::from_utf8(found?).ok()
}

/// A `Set-Cookie` with `value`, which must be of cookie characters (our values are base64url).
pub fn set(name: &str, value: &str, keep: Keep) -> HeaderValue {
    let text = match keep {
        Keep::Session => format!("{name}={value}; {ATTRIBUTES}"),
        Keep::Seconds(seconds) => format!("{name}={value}; Max-Age={seconds}; {ATTRIBUTES}"),
    };
    let mut header = HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}

/// A `Set-Cookie` that removes the cookie.
pub fn remove(name: &str) -> HeaderValue {
    set(name, "", Keep::Seconds(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&'static str]) -> HeaderMap {
        cookies.iter().map(|text| (header::COOKIE, HeaderValue::from_static(text))).collect()
    }

    #[test]
    fn reads_the_one_that_is_there_once() {
        assert_eq!(read(&headers(&["a=1; b=2"]), "b"), Some("2"));
        assert_eq!(read(&headers(&["a=1", "b=2=3"]), "b"), Some("2=3"));
        assert_eq!(read(&headers(&["a=1;b"]), "b"), None);
        assert_eq!(read(&headers(&["b=1; b=2"]), "b"), None);
        assert_eq!(read(&headers(&["b=1", "b=1"]), "b"), None);
        assert_eq!(read(&headers(&["__Host-b=1"]), "b"), None);
        assert_eq!(read(&HeaderMap::new(), "b"), None);
        assert_eq!(read(&headers(&["bb=1; xb=2; b"]), "b"), None);
    }

    #[test]
    fn what_others_put_beside_it_hides_nothing() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_bytes(b"app=J\xc3\xbcrgen; b=2; x=\xff").unwrap());
        assert_eq!(read(&headers, "b"), Some("2"));
        assert_eq!(read(&headers, "x"), None);
    }

    #[test]
    fn every_cookie_is_bound_to_this_host_and_hidden_from_scripts() {
        assert_eq!(
            set(SESSION, "abc", Keep::Session),
            "__Host-keyward-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            remove(SESSION),
            "__Host-keyward-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
        assert!(set(SESSION, "abc", LONG).is_sensitive());
    }
}
