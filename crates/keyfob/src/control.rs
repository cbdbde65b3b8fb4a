//! The control socket: how the other commands reach a running `keyfob serve`, which holds the vault.
//!
//! It is a Unix socket that only its person may open, in a folder of theirs. A connection says one line of JSON and gets
//! one; or it attends, and is shown what waits for approval until it goes. Approving here is no more than
//! pressing a key at the terminal: where the person is to be verified, it is `serve` that does it.

mod attend;

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use primitives::digest;
use primitives::encoding::base64url;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use zeroize::Zeroizing;

use crate::config::Paths;
use crate::holder::{Wish, carry_out};
use crate::keeper::KeeperError;
use crate::vault_file::VaultFile;
use crate::worker::Worker;

pub use attend::{Answering, Attendance, Attendants, Coming, Hearing, Said, Shown};

/// Longest line that is read from a client, and from `serve`: a list of all that a vault holds.
const LONGEST_WISH: u64 = 64 * 1024;
const LONGEST_ANSWER: u64 = 64 * 1024 * 1024;

/// What a connection begins with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Hail {
    /// One wish, one answer.
    Wish(Wish),
    /// Shows what waits, and takes what the person says.
    Attend,
}

/// What a wish came to.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It was done.
    Done(Value),
    /// It was not.
    Refused {
        /// A code of [`KeeperError`].
        code: String,
        /// In words.
        text: String,
    },
}

/// The socket of whoever holds the vault at `vault`; there is none outside a session.
pub fn place(paths: &Paths, vault: &Path) -> Option<PathBuf> {
    let whole = fs::canonicalize(vault).unwrap_or_else(|_| vault.to_owned());
    let digest = digest::sha256(whole.as_os_str().as_encoded_bytes());
    let short: String = base64url(&digest).chars().take(16).collect();
    paths.sockets.as_ref().map(|folder| folder.join(format!("control-{short}")))
}

/// Listens at `path`. What lies there is of a `serve` that ended: the vault's lock, which we hold, says so.
pub fn listen(path: &Path) -> io::Result<UnixListener> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Serves the control socket for as long as the future is kept.
pub async fn serve(listener: UnixListener, worker: Worker<VaultFile>, attendants: Attendants) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (worker, attendants) = (worker.clone(), attendants.clone());
                tokio::spawn(async move {
                    if let Err(error) = greet(stream, &worker, &attendants).await {
                        tracing::debug!("a control connection ended: {error}");
                    }
                });
            }
            Err(error) => {
                tracing::warn!("the control socket takes nobody: {error}");
                return;
            }
        }
    }
}

async fn greet(stream: UnixStream, worker: &Worker<VaultFile>, attendants: &Attendants) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    let hail = match line(&mut read, LONGEST_WISH).await? {
        Some(line) => serde_json::from_slice(&line).map_err(io::Error::from)?,
        None => return Ok(()),
    };
    match hail {
        Hail::Attend => attend::show(attendants, read, write).await,
        Hail::Wish(wish) => {
            let outcome = match carry_out(worker, wish).await {
                Ok(value) => Outcome::Done(value),
                Err(error) => Outcome::Refused { code: error.code().to_owned(), text: error.to_string() },
            };
            say(&mut write, &outcome).await
        }
    }
}

/// One line, without its end; `None` at the end of all. One that is too long is an error.
async fn line(
    read: &mut (impl AsyncBufReadExt + Unpin),
    longest: u64,
) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut line = Zeroizing::new(Vec::new());
    bounded(read, longest).read_until(b'\n', &mut line).await?;
    match line.pop() {
        Some(b'\n') => Ok(Some(line)),
        Some(_) => Err(io::ErrorKind::InvalidData.into()),
        None => Ok(None),
    }
}

fn bounded<R: AsyncRead>(read: R, longest: u64) -> tokio::io::Take<R> {
    read.take(longest)
}

/// One line of JSON.
async fn say(write: &mut (impl AsyncWriteExt + Unpin), said: &impl Serialize) -> io::Result<()> {
    let mut line = Zeroizing::new(serde_json::to_vec(said)?);
    line.push(b'\n');
    write.write_all(&line).await?;
    write.flush().await
}

/// A running `keyfob serve`, seen from another command.
#[derive(Clone, Debug)]
pub struct Client {
    path: PathBuf,
}

impl Client {
    /// The one that holds `vault`, if there is one at `path`.
    pub async fn find(path: &Path, vault: &Path) -> Option<Self> {
        let client = Self { path: path.to_owned() };
        let held = client.wish(&Wish::Vault).await.ok()?;
        let same = |held: &str| {
            held == vault.display().to_string() || fs::canonicalize(held).ok() == fs::canonicalize(vault).ok()
        };
        held.as_str().is_some_and(same).then_some(client)
    }

    /// Has a wish carried out.
    pub async fn wish(&self, wish: &Wish) -> Result<Value, KeeperError> {
        let answer = self.exchange(wish).await.map_err(|_| KeeperError::Gone)?;
        match answer {
            Outcome::Done(value) => Ok(value),
            Outcome::Refused { code, .. } if code == KeeperError::Unknown.code() => Err(KeeperError::Unknown),
            Outcome::Refused { code, .. } if code == KeeperError::Gone.code() => Err(KeeperError::Gone),
            Outcome::Refused { text, .. } => Err(KeeperError::Vault(text)),
        }
    }

    async fn exchange(&self, wish: &Wish) -> io::Result<Outcome> {
        let (read, mut write) = UnixStream::connect(&self.path).await?.into_split();
        say(&mut write, &Hail::Wish(wish.clone())).await?;
        let mut read = BufReader::new(read);
        let line = line(&mut read, LONGEST_ANSWER).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(serde_json::from_slice(&line)?)
    }

    /// Attends: is shown what waits for approval.
    pub async fn attend(&self) -> io::Result<Attendance> {
        let (read, mut write) = UnixStream::connect(&self.path).await?.into_split();
        say(&mut write, &Hail::Attend).await?;
        Ok(Attendance::new(BufReader::new(read), write))
    }
}

#[cfg(test)]
mod tests;
