//! The service over real sockets: both sides of the hybrid transport through it, and everyone who is not let in.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

#[path = "sockets/held.rs"]
mod held;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hybrid::initiator::{self, Initiator};
use hybrid::linking::{ClientPayload, PhoneLink};
use hybrid::qr::Hint;
use hybrid::responder::{self, Responder};
use hyper::Request;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tunnel::{Limits, Source, Tunnels};

/// Seconds that have passed beyond the start, for all tests that move their clock.
static PASSED: AtomicI64 = AtomicI64::new(0);
const START: i64 = 1_800_000_000;

fn still() -> Timestamp {
    Timestamp::from_secs(START)
}

fn moving() -> Timestamp {
    Timestamp::from_secs(START + PASSED.load(Ordering::SeqCst))
}

struct Service {
    tunnels: Tunnels,
    address: SocketAddr,
}

async fn service(limits: Limits, clock: tunnel::Clock) -> Service {
    let tunnels = Tunnels::new(limits, clock, Box::new(SystemEntropy));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answering = tunnels.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let tunnels = answering.clone();
            tokio::spawn(async move {
                let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
                    let response = tunnels.answer(&mut request, Source(1));
                    std::future::ready(Ok::<_, std::convert::Infallible>(response))
                });
                let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                let _ = connection.with_upgrades().await;
            });
        }
    });
    Service { tunnels, address }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Service {
    /// Connects to the path of that URL, wherever it says that it is.
    async fn connect(&self, url: &str, payload: Option<&str>) -> Result<(Socket, Response), Error> {
        let path = url.find("/cable/").map_or(url, |at| &url[at..]);
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "fido.cable".parse().unwrap());
        if let Some(payload) = payload {
            headers.insert("x-cable-client-payload", payload.parse().unwrap());
            headers.insert("x-cable-signal-connection", "true".parse().unwrap());
        }
        connect_async(request).await
    }

    async fn refused(&self, path: &str, payload: Option<&str>) -> u16 {
        match self.connect(path, payload).await {
            Err(Error::Http(response)) => response.status().as_u16(),
            other => panic!("{:?}", other.map(|(_, response)| response)),
        }
    }

    async fn phone(&self) -> (Socket, [u8; 3]) {
        let (socket, response) =
            self.connect(&format!("/cable/new/{}", "11".repeat(16)), None).await.unwrap();
        (socket, routing_id(&response))
    }

    async fn client(&self, routing_id: [u8; 3]) -> Socket {
        let routing = primitives::encoding::hex_upper(&routing_id);
        self.connect(&format!("/cable/connect/{routing}/{}", "11".repeat(16)), None).await.unwrap().0
    }
}

fn routing_id(response: &Response) -> [u8; 3] {
    assert_eq!(response.headers()["sec-websocket-protocol"], "fido.cable");
    let text = response.headers()["x-cable-routing-id"].to_str().unwrap();
    primitives::encoding::from_hex(text).unwrap().try_into().unwrap()
}

async fn next(socket: &mut Socket) -> Bytes {
    match timeout(Duration::from_secs(20), socket.next()).await {
        Ok(Some(Ok(Message::Binary(message)))) => message,
        other => panic!("{other:?}"),
    }
}

async fn hung_up(socket: &mut Socket) {
    match timeout(Duration::from_secs(20), socket.next()).await {
        Ok(None | Some(Ok(Message::Close(_)) | Err(_))) => {}
        other => panic!("{other:?}"),
    }
}

async fn send(socket: &mut Socket, message: impl Into<Bytes>) {
    socket.send(Message::Binary(message.into())).await.unwrap();
}

/// A sign-in from the moment when both sockets are there.
async fn sign_in(
    mut client: Initiator,
    client_socket: &mut Socket,
    mut phone: Responder,
    phone_socket: &mut Socket,
) {
    let mut entropy = SystemEntropy;
    let mut say = |event: initiator::Event<'_>| client.input(event, still(), &mut SystemEntropy);
    let mut tell = |event: responder::Event<'_>| phone.input(event, still(), &mut entropy);
    let actions = tell(responder::Event::Connected { routing_id: [0; 3] });
    let [responder::Action::Advertise(advertisement)] = actions.as_slice() else { panic!("{actions:?}") };
    // What a code's client does first was done: the order in which a contact hears of both does not matter.
    let mut first = say(initiator::Event::Advertisement(advertisement));
    first.extend(say(initiator::Event::Connected));
    let Some(initiator::Action::Send(first)) = first.pop() else { panic!("{first:?}") };
    send(client_socket, first).await;
    for action in tell(responder::Event::Message(&next(phone_socket).await)) {
        if let responder::Action::Send(message) = action {
            send(phone_socket, message).await;
        }
    }
    assert_eq!(say(initiator::Event::Message(&next(client_socket).await)), []);
    let ready = say(initiator::Event::Message(&next(client_socket).await));
    assert!(matches!(ready.as_slice(), [initiator::Action::Ready(_)]), "{ready:?}");
    let asked = say(initiator::Event::Request(vec![2, 0xa0]));
    let [initiator::Action::Send(request)] = asked.as_slice() else { panic!("{asked:?}") };
    send(client_socket, request.clone()).await;
    let commanded = tell(responder::Event::Message(&next(phone_socket).await));
    assert_eq!(commanded, [responder::Action::Command(vec![2, 0xa0])]);
    let replied = tell(responder::Event::Reply(vec![0, 1]));
    let [responder::Action::Send(reply)] = replied.as_slice() else { panic!("{replied:?}") };
    send(phone_socket, reply.clone()).await;
    let reply = say(initiator::Event::Message(&next(client_socket).await));
    assert_eq!(reply, [initiator::Action::Reply(vec![0, 1])]);
    let parting = say(initiator::Event::Finish);
    let [initiator::Action::Send(shutdown), ..] = parting.as_slice() else { panic!("{parting:?}") };
    send(client_socket, shutdown.clone()).await;
    client_socket.close(None).await.unwrap();
    let over = tell(responder::Event::Message(&next(phone_socket).await));
    assert_eq!(over, [responder::Action::Close, responder::Action::Done(Ok(()))]);
    hung_up(phone_socket).await;
}

#[tokio::test]
async fn a_code_is_answered_through_the_service() {
    let service = service(Limits::default(), still).await;
    let (mut client, qr) = Initiator::new(Hint::Get, false, still(), &mut SystemEntropy);
    let phone = Responder::new(qr.clone(), vec![0xa0], 266, still()).unwrap();
    let (mut phone_socket, response) = service.connect(&phone.tunnel_url(), None).await.unwrap();
    // The phone's own advertisement tells the way; the one that `sign_in` makes is heard, and changes nothing.
    let mut phone = phone;
    let routing_id = routing_id(&response);
    let actions = phone.input(responder::Event::Connected { routing_id }, still(), &mut SystemEntropy);
    let [responder::Action::Advertise(advertisement)] = actions.as_slice() else { panic!("{actions:?}") };
    let actions = client.input(initiator::Event::Advertisement(advertisement), still(), &mut SystemEntropy);
    let [initiator::Action::Connect { url, payload: None }] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    let (mut client_socket, _) = service.connect(url, None).await.unwrap();
    let counts = service.tunnels.counts();
    assert_eq!((counts.waiting, counts.joined), (0, 1));

    let actions = client.input(initiator::Event::Connected, still(), &mut SystemEntropy);
    let [initiator::Action::Send(first)] = actions.as_slice() else { panic!("{actions:?}") };
    send(&mut client_socket, first.clone()).await;
    let message = next(&mut phone_socket).await;
    let actions = phone.input(responder::Event::Message(&message), still(), &mut SystemEntropy);
    assert!(matches!(actions.as_slice(), [responder::Action::Quiet, _, _]), "{actions:?}");
}

#[tokio::test]
async fn a_linked_phone_is_met_and_asked_through_the_service() {
    let service = service(Limits::default(), still).await;
    let kept = PhoneLink::generate(&mut SystemEntropy);
    let link = kept.link("Keyfob").unwrap();
    let waiting = hybrid::relay::wait_url("cable.example", &kept.waiting);
    let (mut phone_socket, _) = service.connect(&waiting, None).await.unwrap();
    let (client, connect) = Initiator::contact(link, 266, Hint::Get, still(), &mut SystemEntropy).unwrap();
    let initiator::Action::Connect { url, payload: Some(payload) } = connect else { panic!() };
    let (mut client_socket, response) = service.connect(&url, Some(&payload)).await.unwrap();
    assert_eq!(response.headers()["x-cable-signal-connection"], "true");
    assert_eq!(next(&mut client_socket).await.as_ref(), [0]);
    let payload = ClientPayload::from_cbor(&next(&mut phone_socket).await).unwrap();
    let phone = Responder::contacted(&kept, &payload, vec![0xa0], 266, still()).unwrap();
    sign_in(client, &mut client_socket, phone, &mut phone_socket).await;
}

#[tokio::test]
async fn who_is_not_let_in_learns_why_by_number_and_never_410() {
    let service = service(Limits { attempts_from_one: 8, ..Limits::default() }, still).await;
    let tunnel = "11".repeat(16);
    assert_eq!(service.refused("/cable/new/11", None).await, 400);
    assert_eq!(service.refused("/cable/else/11", None).await, 404);
    assert_eq!(service.refused(&format!("/cable/connect/000000/{tunnel}"), None).await, 404);
    assert_eq!(service.refused("/cable/contact/AAAA", None).await, 400, "no payload");
    assert_eq!(service.refused("/cable/contact/AAAA", Some("00")).await, 400, "a payload that is none");
    let payload = ClientPayload { link_id: [0; 8], nonce: [0; 16], hint: Hint::Get }.write();
    assert_eq!(service.refused("/cable/contact/AAAA", Some(&payload)).await, 404);
    for _ in 0..6 {
        service.refused(&format!("/cable/connect/000000/{tunnel}"), None).await;
    }
    assert_eq!(service.refused(&format!("/cable/new/{tunnel}"), None).await, 429);
    let counts = service.tunnels.counts();
    assert_eq!((counts.opened, counts.refused.values().sum::<u64>()), (0, 13));
}

#[tokio::test]
async fn when_one_side_goes_the_other_is_hung_up_on() {
    let service = service(Limits::default(), still).await;
    for phone_goes in [false, true] {
        let (mut phone, routing_id) = service.phone().await;
        let mut client = service.client(routing_id).await;
        send(&mut client, vec![1; 3]).await;
        assert_eq!(next(&mut phone).await.as_ref(), [1; 3]);
        let (mut going, mut staying) = if phone_goes { (phone, client) } else { (client, phone) };
        // What was said before the farewell still arrives.
        send(&mut going, vec![2; 3]).await;
        drop(going);
        assert_eq!(next(&mut staying).await.as_ref(), [2; 3]);
        hung_up(&mut staying).await;
        let counts = service.tunnels.counts();
        assert_eq!((counts.waiting, counts.joined), (0, 0));
    }
}

#[tokio::test]
async fn what_is_no_message_of_the_protocol_ends_the_tunnel_of_both() {
    let service = service(Limits { message: 1_000, bytes: 2_500, ..Limits::default() }, still).await;
    let odd: [(Vec<Message>, &str); 3] = [
        (vec![Message::text("text")], "message_kind"),
        (vec![Message::Binary(vec![0; 1_001].into())], "message_too_long"),
        (vec![Message::Binary(vec![0; 1_000].into()); 3], "too_much"),
    ];
    for (messages, why) in odd {
        let (mut phone, routing_id) = service.phone().await;
        let mut client = service.client(routing_id).await;
        for message in messages {
            client.send(message).await.unwrap();
        }
        while let Some(Ok(message)) = timeout(Duration::from_secs(20), phone.next()).await.unwrap() {
            assert!(message.is_binary() || message.is_close());
        }
        let text = service.tunnels.counts().prometheus();
        assert!(text.contains(&format!("relay_refused_total{{why=\"{why}\"}} 1")), "{text}");
    }
    let (mut phone, _) = service.phone().await;
    send(&mut phone, vec![1]).await;
    hung_up(&mut phone).await;
    assert!(service.tunnels.counts().prometheus().contains("relay_refused_total{why=\"early\"} 1"));
}

/// Bytes as no WebSocket of a browser sends them, after the upgrade.
async fn raw(service: &Service, bytes: &[u8]) -> String {
    let (mut phone, routing_id) = service.phone().await;
    let mut client = held::raw_client(service, routing_id).await;
    client.write_all(bytes).await.unwrap();
    hung_up(&mut phone).await;
    let counts = service.tunnels.counts();
    assert_eq!((counts.waiting, counts.joined, counts.messages), (0, 0, 0), "{bytes:?}");
    counts.prometheus()
}

#[tokio::test]
async fn frames_that_no_browser_sends_end_the_tunnel_before_anything_is_stored() {
    let limits = Limits { message: 1_000, attempts_from_one: 1_000, ..Limits::default() };
    let fragment = [&[0x00, 0xfe, 0x01, 0xf4, 0, 0, 0, 0][..], &[7; 500]].concat();
    let first = [&[0x02, 0xfe, 0x01, 0xf4, 0, 0, 0, 0][..], &[7; 500]].concat();
    let odd: [(&str, Vec<u8>); 7] = [
        // Longer than memory: refused at its head, of which the rest never comes.
        ("message_too_long", vec![0x82, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
        // In pieces, each of which is short enough.
        ("message_too_long", [&first[..], &fragment, &fragment].concat()),
        // Unmasked, compressed, of an unknown kind, a continuation of nothing, a control frame that is too long.
        ("", vec![0x82, 0x01, 7]),
        ("", vec![0xc2, 0x81, 0, 0, 0, 0, 7]),
        ("", vec![0x83, 0x81, 0, 0, 0, 0, 7]),
        ("", vec![0x80, 0x81, 0, 0, 0, 0, 7]),
        ("", [&[0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0][..], &[7; 256]].concat()),
    ];
    for (why, bytes) in odd {
        let service = service(limits, still).await;
        let text = raw(&service, &bytes).await;
        if !why.is_empty() {
            assert!(text.contains(&format!("relay_refused_total{{why=\"{why}\"}} 1")), "{why}: {text}");
        }
    }
}

#[tokio::test]
async fn a_code_that_somebody_saw_is_not_enough_to_take_its_tunnel() {
    let service = service(Limits { attempts_from_one: 1_000, ..Limits::default() }, still).await;
    let (mut phone, routing_id) = service.phone().await;
    // They know the tunnel's id and guess where the phone waits: they are out of attempts long before.
    let [a, b, c] = routing_id;
    for guess in 1..=255 {
        let routing = primitives::encoding::hex(&[a, b, c ^ guess]);
        let path = format!("/cable/connect/{routing}/{}", "11".repeat(16));
        assert_eq!(service.refused(&path, None).await, 404);
    }
    let mut client = service.client(routing_id).await;
    send(&mut client, vec![1]).await;
    assert_eq!(next(&mut phone).await.as_ref(), [1]);
    assert_eq!(service.tunnels.counts().met, 1);
}

#[tokio::test]
async fn a_linked_phone_that_comes_again_takes_its_own_place_and_nobody_elses() {
    let service = service(Limits { tunnels_from_one: 1, ..Limits::default() }, still).await;
    let kept = PhoneLink::generate(&mut SystemEntropy);
    let waiting = hybrid::relay::wait_url("cable.example", &kept.waiting);
    let (mut first, _) = service.connect(&waiting, None).await.unwrap();
    let (mut second, _) = service.connect(&waiting, None).await.unwrap();
    hung_up(&mut first).await;
    // What the client knows is the digest: with that it cannot wait in the phone's place.
    let contact = hybrid::linking::contact(&kept.waiting);
    let stolen = hybrid::relay::wait_url("cable.example", &contact);
    assert_eq!(service.refused(&stolen[stolen.find("/cable/").unwrap()..], None).await, 429);
    let counts = service.tunnels.counts();
    assert_eq!((counts.waiting, counts.joined), (1, 0));
    second.close(None).await.unwrap();
}

#[tokio::test]
async fn a_phone_that_waited_long_enough_is_hung_up_on() {
    let service = service(Limits::default(), moving).await;
    let (mut phone, _) = service.phone().await;
    service.tunnels.tick();
    assert_eq!(service.tunnels.counts().waiting, 1);
    PASSED.store(Limits::default().waiting.secs(), Ordering::SeqCst);
    service.tunnels.tick();
    hung_up(&mut phone).await;
    assert_eq!(service.tunnels.counts().waiting, 0);
}

#[tokio::test]
async fn a_service_that_stops_hangs_up_and_lets_nobody_in() {
    let service = service(Limits::default(), still).await;
    let (mut phone, routing_id) = service.phone().await;
    let mut client = service.client(routing_id).await;
    service.tunnels.end();
    hung_up(&mut phone).await;
    hung_up(&mut client).await;
    assert_eq!(service.refused(&format!("/cable/new/{}", "11".repeat(16)), None).await, 503);
}

#[tokio::test]
async fn side_without_reader_costs_its_own_tunnel_only() {
    let service = service(Limits::default(), still).await;
    let (mut phone, routing_id) = service.phone().await;
    let mut client = service.client(routing_id).await;
    // More than sockets and places hold: the phone reads nothing.
    for _ in 0..64 {
        if client.send(Message::Binary(vec![0; 128 << 10].into())).await.is_err() {
            break;
        }
    }
    while let Some(Ok(_)) = timeout(Duration::from_secs(20), client.next()).await.unwrap() {}
    let (_, joined) = (phone.close(None).await, service.tunnels.counts().joined);
    assert_eq!(joined, 0);
}
