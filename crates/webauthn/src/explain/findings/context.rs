//! Words about the client's context: type, challenge, origin, frames.

use fido::client_data::CollectedClientData;

use super::super::judge::View;
use super::super::{shown, topics};
use super::Words;
use crate::context::ContextRefusal;

pub(super) fn words(
    refusal: ContextRefusal,
    found: &CollectedClientData,
    view: &View<'_>,
    kind: &str,
) -> Words {
    match refusal {
        ContextRefusal::Type => Words::new(format!(
            "The client data say type {}, and {} was expected.",
            shown::text(&found.kind),
            shown::text(kind)
        )),
        ContextRefusal::Challenge => challenge(found, view),
        ContextRefusal::Origin => origin(found, view),
        ContextRefusal::CrossOrigin => Words::new(format!(
            "The page at {} ran in a frame inside a page of another origin{}, which this relying party does not allow.",
            shown::text(&found.origin),
            found.top_origin.as_deref().map(|top| format!(", {}", shown::text(top))).unwrap_or_default(),
        )),
        ContextRefusal::TopOrigin => top_origin(found, view),
    }
}

fn challenge(found: &CollectedClientData, view: &View<'_>) -> Words {
    let expected = topics::expected_challenge(view);
    let words = Words::new(format!(
        "The answer is to the challenge {}, and {} was given out.",
        shown::text(&found.challenge),
        shown::text(&expected)
    ));
    // The same bytes in another alphabet: a browser never does that, a script of the page may.
    let plain: String = found
        .challenge
        .trim_end_matches('=')
        .chars()
        .map(|character| match character {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    if plain == expected {
        return words.with_remedy(
            "It is the same challenge in another encoding: the client must write base64url without padding.",
        );
    }
    words
}

fn origin(found: &CollectedClientData, view: &View<'_>) -> Words {
    let expected = view.relying_party.origins();
    let words = Words::new(format!(
        "The ceremony ran at {}, and what is expected is {}.",
        shown::text(&found.origin),
        shown::list(expected.iter().map(String::as_str))
    ));
    match expected.iter().find_map(|expected| hint(&found.origin, expected)) {
        Some(remedy) => words.with_remedy(remedy),
        None => words,
    }
}

/// What an administrator would do about an origin that is nearly an expected one.
fn hint(found: &str, expected: &str) -> Option<&'static str> {
    let (found_scheme, found_rest) = found.split_once("://").unwrap_or(("", found));
    let (scheme, rest) = expected.split_once("://").unwrap_or(("", expected));
    let (host, port) = split_port(rest);
    let (found_host, found_port) = split_port(found_rest);
    if found.starts_with("android:apk-key-hash:") {
        return Some(
            "The answer comes from an Android app: add this origin to the configuration if the app is yours.",
        );
    }
    if found.trim() == expected
        || found.strip_prefix(expected).is_some_and(|rest| rest.starts_with(['/', '?', '#']))
    {
        return Some(
            "An origin has no slash, path or space at its end: no browser writes this one, so look for a script or proxy that does.",
        );
    }
    if found != expected && found.eq_ignore_ascii_case(expected) {
        return Some(
            "Browsers write origins in lower case: look for a script or proxy that changes the answer.",
        );
    }
    if found_host == host && found_port == port && found_scheme != scheme {
        return Some("Serve the page by https under the configured origin, and redirect http to it.");
    }
    if found_host == host && found_scheme == scheme && found_port != port {
        return Some(
            "The port differs: set the origin in the configuration to what the browser shows, without the default port.",
        );
    }
    if !found.is_ascii() {
        return Some("The origin has characters that only look familiar: treat it as phishing.");
    }
    if host.strip_prefix("www.") == Some(found_host) || found_host.strip_prefix("www.") == Some(host) {
        return Some(
            "Only \"www.\" differs: redirect the one address to the other, or add it to the configuration.",
        );
    }
    if found_host.ends_with(&format!(".{host}")) {
        return Some(
            "It is a name below an expected one: add this origin to the configuration if the page is yours.",
        );
    }
    None
}

fn split_port(rest: &str) -> (&str, Option<&str>) {
    match rest.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    }
}

fn top_origin(found: &CollectedClientData, view: &View<'_>) -> Words {
    let top_origin = found.top_origin.as_deref().unwrap_or_default();
    if !found.cross_origin {
        return Words::new(format!(
            "The client data name the framing page {} and say at once that there is no frame.",
            shown::text(top_origin)
        ))
        .with_remedy("No browser writes this: look for a script or proxy that changes the answer.");
    }
    Words::new(format!(
        "The framing page is at {}, and what is expected is {}.",
        shown::text(top_origin),
        shown::list(topics::top_origins(view).iter().map(String::as_str))
    ))
}
