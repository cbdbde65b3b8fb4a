use super::*;
use crate::headers::SecurityHeaders;
use crate::text::Language;

fn gate(requests: usize) -> Gate {
    let refusals = Refusals::new("Test", Language::English, SecurityHeaders::new(true));
    Gate::new(Bounds { requests, body: Duration::from_secs(10) }, refusals)
}

#[test]
fn newcomers_leave_places_to_those_under_way() {
    let gate = gate(8);
    let newcomers: Vec<Place<'_>> = std::iter::from_fn(|| gate.enter(Stage::Newcomer)).collect();
    assert_eq!(newcomers.len(), 8);
    assert!(gate.is_full(Stage::Newcomer) && !gate.is_full(Stage::UnderWay));
    let under_way: Vec<Place<'_>> = std::iter::from_fn(|| gate.enter(Stage::UnderWay)).collect();
    assert_eq!(under_way.len(), 8 * UNDER_WAY - 8);
    assert!(gate.is_full(Stage::UnderWay));
    drop((newcomers, under_way));
    assert!(gate.enter(Stage::Newcomer).is_some());
    assert_eq!(gate.inside.load(Ordering::Relaxed), 0);
}

#[test]
fn probes_and_files_need_no_place() {
    for path in ["/healthz", "/readyz", "/static/abc/keyward.css", "/.well-known/webauthn"] {
        assert!(is_exempt(path), "{path}");
    }
    for path in ["/", "/signin", "/signin/begin", "/me/security"] {
        assert!(!is_exempt(path), "{path}");
    }
}

#[test]
fn whoever_goes_on_with_something_is_known_by_address_or_session() {
    let request = |path: &str, cookie: &str| {
        Request::builder().uri(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()
    };
    assert_eq!(stage(&request("/signin/begin", "__Host-keyward-browser=x")), Stage::Newcomer);
    assert_eq!(stage(&request("/signin/finish", "")), Stage::UnderWay);
    assert_eq!(stage(&request("/me/security", "__Host-keyward-session=x")), Stage::UnderWay);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes_is_given_up_after_its_time() {
    let (sender, body) = tokio::io::duplex(16);
    let gate = gate(8);
    let begun = tokio::time::Instant::now();
    let stream = Body::new(Trickle(body));
    assert_eq!(gate.read(stream, LONGEST_BODY).await, Err(StatusCode::REQUEST_TIMEOUT));
    assert_eq!(begun.elapsed(), Duration::from_secs(10));
    drop(sender);
}

#[tokio::test]
async fn slow_bodies_have_places_of_their_own_and_do_not_stop_those_that_are_there() {
    let gate = gate(8);
    let _all = gate.arriving.acquire_many(256).await.unwrap();
    let (_sender, slow) = tokio::io::duplex(16);
    assert_eq!(gate.read(Body::new(Trickle(slow)), LONGEST_BODY).await, Err(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(gate.read(Body::from("here"), LONGEST_BODY).await, Ok(Bytes::from("here")));
}

#[tokio::test]
async fn what_is_too_long_is_not_read() {
    let long = Body::from(vec![0; LONGEST_BODY + 1]);
    assert_eq!(gate(8).read(long, LONGEST_BODY).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
}

/// A body of unknown length that waits for its sender.
struct Trickle(#[expect(dead_code, reason = "kept open")] tokio::io::DuplexStream);

impl HttpBody for Trickle {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        Poll::Pending
    }
}
