//! The memory that messages take: a budget of all, and nobody's alone.

use super::*;

/// Until so many bytes are held, as the service has it from its sockets.
async fn holds(service: &Service, is_it: impl Fn(usize) -> bool) {
    let looking = async {
        while !is_it(service.tunnels.counts().held) {
            tokio::task::yield_now().await;
        }
    };
    let held = || service.tunnels.counts().held;
    timeout(Duration::from_secs(20), looking).await.unwrap_or_else(|_| panic!("{}", held()));
}

/// Half a message: a head that announces so much, and less than that.
fn begun(announced: u16, came: usize) -> Vec<u8> {
    let [high, low] = announced.to_be_bytes();
    let mut frame = vec![0x82, 0xfe, high, low, 0, 0, 0, 0];
    frame.extend(vec![7; came]);
    frame
}

/// A client of which nothing is known but its socket.
pub(super) async fn raw_client(service: &Service, routing_id: [u8; 3]) -> TcpStream {
    let mut client = TcpStream::connect(service.address).await.unwrap();
    let head =
        upgrade(&format!("/cable/connect/{}/{}", primitives::encoding::hex(&routing_id), "11".repeat(16)));
    client.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(client.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101 "));
    client
}

fn upgrade(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: fido.cable\r\n\r\n"
    )
}

#[tokio::test]
async fn messages_that_only_begin_leave_no_room_and_give_it_back() {
    let limits = Limits { held: 60_000, held_from_one: 60_000, ..Limits::default() };
    let service = service(limits, still).await;
    let (mut phone, routing_id) = service.phone().await;
    let mut beginning = raw_client(&service, routing_id).await;
    beginning.write_all(&begun(50_000, 40_000)).await.unwrap();
    holds(&service, |held| held >= 40_000).await;

    // Another tunnel has what is left, and no more.
    let (mut other_phone, routing_id) = service.phone().await;
    let mut other = service.client(routing_id).await;
    send(&mut other, vec![1; 10_000]).await;
    assert_eq!(next(&mut other_phone).await.len(), 10_000);
    send(&mut other, vec![1; 30_000]).await;
    hung_up(&mut other_phone).await;
    let text = service.tunnels.counts().prometheus();
    assert!(text.contains("relay_refused_total{why=\"too_much\"} 1"), "{text}");

    drop(beginning);
    hung_up(&mut phone).await;
    holds(&service, |held| held == 0).await;
    let (mut phone, routing_id) = service.phone().await;
    let mut client = service.client(routing_id).await;
    send(&mut client, vec![1; 50_000]).await;
    assert_eq!(next(&mut phone).await.len(), 50_000);
    holds(&service, |held| held == 0).await;
}

#[tokio::test]
async fn messages_that_nobody_reads_are_held_within_the_budget() {
    let most = 3 * (128 << 10);
    let limits = Limits { held: most, held_from_one: most, bytes: 64 << 20, ..Limits::default() };
    let service = service(limits, still).await;
    let (phone, routing_id) = service.phone().await;
    let mut client = service.client(routing_id).await;
    let mut held_at_most = 0;
    // The phone reads nothing: first the sockets are full, then the budget is.
    for _ in 0..512 {
        if client.send(Message::Binary(vec![0; 64 << 10].into())).await.is_err() {
            break;
        }
        held_at_most = held_at_most.max(service.tunnels.counts().held);
    }
    while let Some(Ok(_)) = timeout(Duration::from_secs(20), client.next()).await.unwrap() {}
    assert!(held_at_most <= most, "{held_at_most}");
    let text = service.tunnels.counts().prometheus();
    assert!(text.contains("relay_refused_total{why=\"too_much\"} 1"), "{text}");
    drop(phone);
    holds(&service, |held| held == 0).await;
}
