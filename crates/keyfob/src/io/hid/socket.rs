//! The security key over a Unix socket: each connection is a port, and what goes over it are packets of 64 bytes, one
//! after the other, as a program would read and write them at `/dev/hidraw`.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use authenticator::Vault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;

use super::link::{self, Incoming, Port};
use super::packet::Packet;
use crate::worker::Worker;

/// As many programs at once as anybody has; a further one waits.
const MOST_CONNECTIONS: usize = 64;

/// A pause, so that a shortage that lasts does not keep a core busy.
const AFTER_A_REFUSAL: Duration = Duration::from_millis(100);

/// A socket that listens; its file goes when it is dropped.
#[derive(Debug)]
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
    /// Whose socket it is.
    owner: u32,
    /// Which file it is, wherever others move theirs.
    file: (u64, u64),
}

impl Socket {
    /// Listens at `path`, for programs of the same person alone. A socket that a killed process left is taken over,
    /// anything else that is there is not touched.
    pub fn bind(path: &Path) -> io::Result<Self> {
        if let Ok(found) = fs::symlink_metadata(path) {
            let alive = std::os::unix::net::UnixStream::connect(path).is_ok();
            if alive || !found.file_type().is_socket() {
                return Err(io::Error::from(io::ErrorKind::AddrInUse));
            }
            fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        let made = fs::symlink_metadata(path)?;
        Ok(Self { listener, path: path.to_owned(), owner: made.uid(), file: (made.dev(), made.ino()) })
    }

    /// Serves everyone who connects, for as long as it is polled.
    pub async fn serve<V: Vault + Send + 'static>(&self, worker: &Worker<V>) -> io::Result<()> {
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        loop {
            let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Whoever hung up at once, or a shortage of files that passes, ends it for nobody else.
                    tracing::warn!(%error, "a connection to the security key was not taken");
                    tokio::time::sleep(AFTER_A_REFUSAL).await;
                    continue;
                }
            };
            if !self.welcome(&stream) {
                continue;
            }
            let worker = worker.clone();
            tokio::spawn(async move {
                let mut connection = Connection { stream, packet: [0; 64], filled: 0 };
                if let Err(error) = link::carry(&mut connection, &worker).await {
                    tracing::debug!(%error, "a connection to the security key broke");
                }
                drop(place);
            });
        }
    }

    /// Between creating the file and closing it to others there is a moment: so whoever connects is looked at, too.
    fn welcome(&self, stream: &UnixStream) -> bool {
        stream.peer_cred().is_ok_and(|peer| peer.uid() == self.owner || peer.uid() == 0)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // It may have been removed by hand, and somebody else may listen there now.
        if fs::symlink_metadata(&self.path).is_ok_and(|found| (found.dev(), found.ino()) == self.file) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A program that has connected.
struct Connection {
    stream: UnixStream,
    packet: Packet,
    /// How much of the packet has come.
    filled: usize,
}

impl Port for Connection {
    async fn next(&mut self) -> io::Result<Option<Incoming>> {
        while let Some(rest) = self.packet.get_mut(self.filled..).filter(|rest| !rest.is_empty()) {
            let read = self.stream.read(rest).await?;
            if read == 0 {
                return Ok(None);
            }
            self.filled = self.filled.saturating_add(read);
        }
        self.filled = 0;
        Ok(Some(Incoming::Packet(self.packet)))
    }

    async fn send(&mut self, packet: &Packet) -> io::Result<()> {
        self.stream.write_all(packet).await
    }
}

#[cfg(test)]
mod tests;
