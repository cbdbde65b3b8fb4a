//! One connection's messages, in both directions.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hybrid::relay::{Ending, RelayRefusal};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::service::{Seat, Tunnels};

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// A waiting phone has no traffic; proxies between forget connections without any after a minute.
const ALIVE: Duration = Duration::from_secs(45);
/// How long a message may take to leave.
const WRITE: Duration = Duration::from_secs(15);
/// Every connection holds as much, however idle.
const BUFFER: usize = 1_024;

/// Carries messages until either side is done, or is to be.
pub(crate) async fn run(tunnels: &Tunnels, upgraded: Upgraded, mut seat: Seat) -> Ending {
    let most = tunnels.limits().message;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(most.saturating_mul(2))
        .max_message_size(Some(most))
        .max_frame_size(Some(most));
    let io = TokioIo::new(upgraded);
    let mut socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let ending = carry(tunnels, &mut socket, &mut seat).await;
    // First the other side learns of it; this one may take its time.
    tunnels.leave(seat.side, ending);
    let code = if ending == Ending::Refused { CloseCode::Policy } else { CloseCode::Normal };
    let frame = CloseFrame { code, reason: "".into() };
    // Whoever does not take the parting word is hung up on without.
    let _ = timeout(WRITE, socket.close(Some(frame))).await;
    ending
}

async fn carry(tunnels: &Tunnels, socket: &mut Socket, seat: &mut Seat) -> Ending {
    loop {
        tokio::select! {
            sending = seat.sending.recv() => match sending {
                Some(message) => {
                    if !sent(socket, Message::Binary(message)).await {
                        return Ending::Left;
                    }
                }
                // The other side went, or the time is over.
                None => return Ending::Left,
            },
            came = socket.next() => match read(came) {
                Came::Message(message) => {
                    if let Err(refusal) = tunnels.pass(seat.side, message) {
                        // A message that crosses with the other side's farewell broke no rule.
                        if refusal == RelayRefusal::NoTunnel {
                            return Ending::Left;
                        }
                        return refused(tunnels, refusal);
                    }
                }
                Came::Nothing => {}
                Came::Refused(refusal) => return refused(tunnels, refusal),
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
    Message(hyper::body::Bytes),
    Nothing,
    Refused(RelayRefusal),
    End,
}

/// Pings are answered below; a text is no message of the protocol.
fn read(came: Option<Result<Message, Error>>) -> Came {
    match came {
        Some(Ok(Message::Binary(message))) => Came::Message(message),
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Came::Nothing,
        Some(Ok(Message::Text(_))) => Came::Refused(RelayRefusal::MessageKind),
        Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => {
            Came::Refused(RelayRefusal::MessageTooLong)
        }
        Some(Ok(Message::Close(_)) | Err(_)) | None => Came::End,
    }
}
