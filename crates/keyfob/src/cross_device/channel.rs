//! Whatever carries the messages: the relay's tunnel, or Bluetooth alone.

use super::CrossDeviceRefusal;
use crate::io::near::NearStream;
use crate::io::tunnel::Tunnel;

pub(super) enum Channel {
    Tunnel(Box<Tunnel>),
    Near(NearStream),
    /// The relay cannot be reached, or has closed; the other device may still come by Bluetooth.
    Nothing,
}

impl Channel {
    /// The next message; `None` once the other side has closed. May be dropped at any time.
    pub(super) async fn receive(&mut self) -> Result<Option<Vec<u8>>, CrossDeviceRefusal> {
        match self {
            Channel::Tunnel(tunnel) => Ok(tunnel.receive().await?),
            Channel::Near(stream) => stream.receive().await.map_err(|_| CrossDeviceRefusal::Near),
            Channel::Nothing => std::future::pending().await,
        }
    }

    pub(super) async fn send(&mut self, message: Vec<u8>) -> Result<(), CrossDeviceRefusal> {
        match self {
            Channel::Tunnel(tunnel) => Ok(tunnel.send(message).await?),
            Channel::Near(stream) => stream.send(&message).await.map_err(|_| CrossDeviceRefusal::Near),
            Channel::Nothing => Ok(()),
        }
    }

    pub(super) async fn close(self) {
        match self {
            Channel::Tunnel(tunnel) => tunnel.close().await,
            Channel::Near(stream) => stream.close().await,
            Channel::Nothing => {}
        }
    }
}
