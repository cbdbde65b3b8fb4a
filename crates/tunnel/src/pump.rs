//! One connection's messages, in both directions.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hybrid::relay::{Ending, RelayRefusal, Side};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::held::{Charge, Held, Stopped};
use crate::service::{Seat, Tunnels, Waiting};

type Socket = WebSocketStream<Held<TokioIo<Upgraded>>>;

/// A waiting phone has no traffic; proxies between forget connections without any after a minute.
const ALIVE: Duration = Duration::from_secs(45);
/// How long a message may take to leave.
const WRITE: Duration = Duration::from_secs(15);
/// Every connection holds as much, however idle.
const BUFFER: usize = 1_024;

/// Carries messages until either side is done, or is to be.
pub(crate) async fn run(tunnels: &Tunnels, upgraded: Upgraded, seat: Seat) -> Ending {
    let Seat { side, mut sending, purse } = seat;
    let most = tunnels.limits().message;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(most.saturating_mul(2))
        .max_message_size(Some(most))
        .max_frame_size(Some(most));
    let io = Held::new(TokioIo::new(upgraded), purse);
    let mut socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let ending = carry(tunnels, &mut socket, (side, &mut sending)).await;
    // What waited is read by nobody, and need not be held.
    drop(sending);
    // First the other side learns of it; this one may take its time.
    tunnels.leave(side, ending);
    let code = if ending == Ending::Refused { CloseCode::Policy } else { CloseCode::Normal };
    let frame = CloseFrame { code, reason: "".into() };
    // Whoever does not take the parting word is hung up on without.
    let _ = timeout(WRITE, socket.close(Some(frame))).await;
    ending
}

async fn carry(
    tunnels: &Tunnels,
    socket: &mut Socket,
    (side, sending): (Side, &mut mpsc::Receiver<Waiting>),
) -> Ending {
    loop {
        tokio::select! {
            sending = sending.recv() => match sending {
                Some(Waiting { message, charge }) => {
                    let sent = sent(socket, Message::Binary(message)).await;
                    // Only now: what is written is held here until the socket took it.
                    drop(charge);
                    if !sent {
                        return Ending::Left;
                    }
                }
                // The other side went, or the time is over.
                None => return Ending::Left,
            },
            came = socket.next() => match read(came, socket.get_mut()) {
                Came::Message(message, charge) => {
                    if let Err(refusal) = tunnels.pass(side, message, charge) {
                        // A message that crosses with the other side's farewell broke no rule.
                        if refusal == RelayRefusal::NoTunnel {
                            return Ending::Left;
                        }
                        return refused(tunnels, refusal);
                    }
                }
                Came::Nothing => {}
                Came::Refused(refusal) => return refused(tunnels, refusal),
                Came::Late => return Ending::Time,
                Came::End => return Ending::Left,
            },
            () = tokio::time::sleep(ALIVE) => {
                if !sent(socket, Message::Ping(Default::default())).await {
                    return Ending::Left;
                }
            }
        }
    }
}

fn refused(tunnels: &Tunnels, refusal: RelayRefusal) -> Ending {
    tracing::debug!(why = refusal.code(), "a tunnel was ended");
    tunnels.refuse(refusal);
    Ending::Refused
}

async fn sent(socket: &mut Socket, message: Message) -> bool {
    matches!(timeout(WRITE, socket.send(message)).await, Ok(Ok(())))
}

enum Came {
    Message(hyper::body::Bytes, Charge),
    Nothing,
    Refused(RelayRefusal),
    Late,
    End,
}

/// Pings are answered below; a text is no message of the protocol.
fn read(came: Option<Result<Message, Error>>, held: &mut Held<TokioIo<Upgraded>>) -> Came {
    match came {
        Some(Ok(Message::Binary(message))) => match held.message(message.len()) {
            Some(charge) => Came::Message(message, charge),
            None => Came::Refused(RelayRefusal::TooMuch),
        },
        Some(Ok(Message::Ping(bytes) | Message::Pong(bytes))) => {
            held.control(bytes.len());
            Came::Nothing
        }
        Some(Ok(Message::Frame(_))) => Came::Nothing,
        Some(Ok(Message::Text(_))) => Came::Refused(RelayRefusal::MessageKind),
        Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => {
            Came::Refused(RelayRefusal::MessageTooLong)
        }
        Some(Err(_)) if held.stopped() == Some(Stopped::Full) => Came::Refused(RelayRefusal::TooMuch),
        Some(Err(_)) if held.stopped() == Some(Stopped::Late) => Came::Late,
        Some(Ok(Message::Close(_)) | Err(_)) | None => Came::End,
    }
}
