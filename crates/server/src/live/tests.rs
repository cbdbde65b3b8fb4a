use std::sync::atomic::AtomicU64;

use axum::body::to_bytes;
use serde_json::json;

use super::*;

fn session(number: usize) -> SessionId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    SessionId::from_bytes(bytes)
}

/// Streams what a counter says: its value is the mark, and the stream ends at `last`.
fn counting(live: &Live, one: SessionId, counter: &Arc<AtomicU64>, last: u64) -> Response {
    let counter = Arc::clone(counter);
    stream(live.watch(one).unwrap(), move || {
        let number = counter.load(Ordering::SeqCst);
        async move { Some(Seen { told: json!({ "number": number }), mark: number, last: number >= last }) }
    })
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_is_new_is_told_once_and_silence_is_broken() {
    let (live, counter) = (Live::default(), Arc::new(AtomicU64::new(1)));
    let response = counting(&live, session(0), &counter, 2);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let later = Arc::clone(&counter);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        later.store(2, Ordering::SeqCst);
    });
    let told = text(response).await;
    let events: Vec<&str> = told.split("\n\n").filter(|event| !event.is_empty()).collect();
    assert_eq!(events.first(), Some(&"event: stage\ndata: {\"number\":1}"));
    assert_eq!(events.last(), Some(&"event: stage\ndata: {\"number\":2}"));
    assert_eq!(events.iter().filter(|event| event.starts_with("event: alive")).count(), 2, "{told}");
    assert_eq!(events.len(), 4, "{told}");
}

#[tokio::test(start_paused = true)]
async fn streams_end_when_the_server_stops() {
    let (live, counter) = (Live::default(), Arc::new(AtomicU64::new(1)));
    let response = counting(&live, session(0), &counter, 2);
    let stopping = live.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stopping.end();
    });
    assert_eq!(text(response).await, "event: stage\ndata: {\"number\":1}\n\n");
}

#[tokio::test(start_paused = true)]
async fn places_are_bounded_and_given_back_by_a_page_that_goes() {
    let (live, counter) = (Live::default(), Arc::new(AtomicU64::new(1)));
    let mut all: Vec<Response> =
        (0..MOST).map(|number| counting(&live, session(number / MOST_OF_ONE), &counter, 2)).collect();
    assert!(live.watch(session(MOST)).is_none());
    assert_eq!(full().status(), StatusCode::NO_CONTENT);
    drop(all.pop());
    tokio::time::sleep(TICK * 2).await;
    assert!(live.watch(session(MOST)).is_some());
    drop(all);
    tokio::time::sleep(TICK * 4).await;
    assert_eq!(live.0.places.available_permits(), MOST);
    assert!(!live.0.running.load(Ordering::SeqCst), "nobody waits, nothing ticks");
}

#[tokio::test(start_paused = true)]
async fn no_session_takes_the_places_of_another() {
    let live = Live::default();
    let mut tabs: Vec<Watcher> = (0..MOST_OF_ONE).map(|_| live.watch(session(1)).unwrap()).collect();
    assert!(live.watch(session(1)).is_none());
    assert!(live.watch(session(2)).is_some());
    assert_eq!(live.0.taken.lock().unwrap().len(), 1, "what is over leaves nothing behind");
    drop(tabs.pop());
    assert!(live.watch(session(1)).is_some());
}
