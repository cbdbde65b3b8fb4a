//! Which RP IDs an origin may use (WebAuthn Level 3 section 5.1.3 steps 7 and 8).

/// Whether a page at `origin` may use `rp_id`: a secure context whose host is the RP ID or lies below it.
///
/// The list of public suffixes is not at hand; that a shared RP ID has a dot stands in for it.
pub(super) fn may_use(origin: &str, rp_id: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let local = host == "localhost" || host.ends_with(".localhost");
    let secure = scheme == "https" || (scheme == "http" && local);
    secure && is_domain(host) && (host == rp_id || is_below(host, rp_id))
}

fn is_below(host: &str, rp_id: &str) -> bool {
    let shared = rp_id.contains('.') || rp_id == "localhost";
    shared && host.strip_suffix(rp_id).is_some_and(|labels| labels.ends_with('.'))
}

/// An address is no domain: its last label is a number, or it stands in brackets.
fn is_domain(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let number = last.chars().all(|char| char.is_ascii_digit());
    !number && host.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-'))
}
