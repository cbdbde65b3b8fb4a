//! The headers that every response carries, built once.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// The companion may also have its manifest and its one worker, by one constant address.
pub(crate) const COMPANION_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; \
     worker-src 'self'; require-trusted-types-for 'script'; trusted-types keyward-sw";

/// The policy of a page whose form may lead on to `source`, an origin or a scheme: Chromium asks `form-action` about every
/// redirect that follows a form. What could be more than one source is none.
pub(crate) fn leading_to(source: &str) -> Option<HeaderValue> {
    if !is_one_source(source) {
        return None;
    }
    let policy =
        CONTENT_SECURITY_POLICY.replace("form-action 'self'", &format!("form-action 'self' {source}"));
    HeaderValue::try_from(policy).ok()
}

fn is_one_source(source: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-+[]_".contains(&byte);
    !source.is_empty() && source.bytes().all(plain)
}

/// The policy of the signed-out page, which loads addresses of these `origins` in frames (OpenID Connect Front-Channel
/// Logout). What could be more than one source each is left out.
pub(crate) fn framing(origins: &BTreeSet<String>) -> Option<HeaderValue> {
    let origins: Vec<&str> =
        origins.iter().map(String::as_str).filter(|origin| is_one_source(origin)).collect();
    if origins.is_empty() {
        return None;
    }
    HeaderValue::try_from(format!("{CONTENT_SECURITY_POLICY}; frame-src {}", origins.join(" "))).ok()
}

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
    fn a_form_may_lead_to_one_more_place_and_says_nothing_else() {
        let policy = |source| leading_to(source).map(|value| value.to_str().unwrap().to_owned());
        let origin = policy("https://app.example.com:8443").unwrap();
        assert!(origin.contains("; form-action 'self' https://app.example.com:8443; frame-ancestors 'none'"));
        assert!(policy("com.example.app:").unwrap().contains("form-action 'self' com.example.app:;"));
        assert!(policy("http://[::1]:3000").is_some());
        for more in
            ["", "*", "https://a.example; script-src *", "https://a.example 'unsafe-inline'", "https:,"]
        {
            assert_eq!(policy(more), None, "{more}");
        }
    }

    #[test]
    fn only_the_signed_out_page_has_frames_of_exactly_those_origins() {
        let origins = |origins: &[&str]| origins.iter().map(|origin| (*origin).to_owned()).collect();
        assert_eq!(framing(&origins(&[])), None);
        let policy = framing(&origins(&["https://b.example", "https://a.example:8443", "'unsafe-inline'"]));
        let policy = policy.unwrap().to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"));
        assert!(policy.ends_with("trusted-types 'none'; frame-src https://a.example:8443 https://b.example"));
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
