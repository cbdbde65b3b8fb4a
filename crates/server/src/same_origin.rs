//! Whether a state-changing request comes from a page of ours (screen G-6).
//!
//! Every current browser tells by Fetch metadata; older ones tell by `Origin`. A client that sends neither
//! is no browser and carries nobody's cookies but its own, so there is nobody to deceive.

use axum::http::{HeaderMap, HeaderValue, Method, header};

/// Whether `method` may change something.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// Whether a request with these headers may change something at `origin`.
pub(crate) fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    // A header sent twice is never a browser's doing.
    let (Ok(site), Ok(from)) = (single(headers, "sec-fetch-site"), single(headers, header::ORIGIN.as_str()))
    else {
        return false;
    };
    let from_here = from.is_some_and(|from| from.as_bytes() == origin.as_bytes());
    // "null" hides where a request comes from; Fetch metadata must then vouch for it.
    let hidden = from.is_none_or(|from| from.as_bytes() == b"null");
    match site.map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => from_here || hidden,
        Some(_) => false,
        None => from_here || from.is_none(),
    }
}

fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(()) } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: &str = "https://id.example.com";

    fn allowed(site: Option<&str>, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        is_same_origin(&headers, US)
    }

    #[test]
    fn fetch_metadata_decides_where_it_is_sent() {
        assert!(allowed(Some("same-origin"), Some(US)));
        assert!(allowed(Some("same-origin"), None));
        assert!(allowed(Some("same-origin"), Some("null")));
        assert!(allowed(Some("none"), None));
        for site in ["cross-site", "same-site", "", "SAME-ORIGIN", "same-origin, same-origin"] {
            assert!(!allowed(Some(site), Some(US)), "{site}");
            assert!(!allowed(Some(site), None), "{site}");
        }
        assert!(!allowed(Some("same-origin"), Some("https://evil.example")));
        assert!(!allowed(Some("none"), Some("https://evil.example")));
    }

    #[test]
    fn without_it_the_origin_decides() {
        assert!(allowed(None, Some(US)));
        assert!(allowed(None, None), "no browser at all");
        for origin in [
            "null",
            "",
            "http://id.example.com",
            "https://id.example.com:8443",
            "https://id.example.com.evil.example",
            "https://evil-id.example.com",
            "https://ID.example.com",
            "https://id.example.com/",
        ] {
            assert!(!allowed(None, Some(origin)), "{origin}");
        }
    }

    #[test]
    fn a_repeated_header_is_refused() {
        let mut headers = HeaderMap::new();
        headers.append("sec-fetch-site", "same-origin".parse().unwrap());
        headers.append("sec-fetch-site", "cross-site".parse().unwrap());
        assert!(!is_same_origin(&headers, US));
    }

    #[test]
    fn only_reading_methods_are_safe() {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::CONNECT] {
            assert!(!is_safe(&method));
        }
        assert!(is_safe(&Method::GET) && is_safe(&Method::HEAD));
    }
}
