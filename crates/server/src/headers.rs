//! The headers that every response carries, built once.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// The companion may also have its manifest and its one worker, by one constant address.
pub(crate) const COMPANION_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; \
     worker-src 'self'; require-trusted-types-for 'script'; trusted-types keyward-sw";

/// Passkey ceremonies for our own pages; nothing else that a page could ask a device for.
const PERMISSIONS_POLICY: &str = "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), \
     geolocation=(), microphone=(), payment=(), usb=()";

const STRICT_TRANSPORT_SECURITY: &str = "max-age=63072000";

const FIXED: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    // Passes and tickets are never in URLs, but names of pages are nobody else's business either.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
];

/// The security headers of a deployment.
#[derive(Clone, Debug)]
pub(crate) struct SecurityHeaders {
    values: Vec<(HeaderName, HeaderValue)>,
}

impl SecurityHeaders {
    /// For an origin that is reached by HTTPS or not.
    pub(crate) fn new(https: bool) -> Self {
        let strict = https.then_some((header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY));
        let values =
            FIXED.into_iter().chain(strict).map(|(name, value)| (name, HeaderValue::from_static(value)));
        Self { values: values.collect() }
    }

    /// Sets them. What a handler set itself stands, where that is stricter or for its one purpose:
    /// a page that may be kept says so with `Cache-Control`; everything else is kept by nobody.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.values {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_by_nobody_unless_it_says_so() {
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(true).apply(&mut headers);
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["strict-transport-security"], "max-age=63072000");
        let mut headers = HeaderMap::new();
        headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        SecurityHeaders::new(false).apply(&mut headers);
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert!(!headers.contains_key("strict-transport-security"));
    }

    #[test]
    fn the_policy_is_the_one_of_the_design() {
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(true).apply(&mut headers);
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'"
        );
    }
}
