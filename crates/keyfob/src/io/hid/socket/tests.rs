use authenticator::ctap2::Ctap2;
use authenticator::{MemoryVault, Settings};
use tempfile::TempDir;

use super::*;
use crate::ambient;
use crate::face::Unattended;
use crate::io::hid::channels::Channel;
use crate::io::hid::packet::packets;
use crate::worker;

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    (folder, path)
}

async fn init(stream: &mut UnixStream) -> Packet {
    let mut answer = [0; 64];
    stream.write_all(&packets(Channel::BROADCAST, 0x06, b"nonce 12")[0]).await.unwrap();
    stream.read_exact(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn packets_go_both_ways_on_every_connection() {
    let (_folder, path) = place();
    let socket = Socket::bind(&path).unwrap();
    let ctap2 = Ctap2::new(Settings::keyfob(), MemoryVault::default(), ambient::now());
    let worker = worker::start(ctap2, Unattended).unwrap();
    let serving = tokio::spawn(async move { socket.serve(&worker).await });
    let mut one = UnixStream::connect(&path).await.unwrap();
    let mut two = UnixStream::connect(&path).await.unwrap();
    assert_eq!(init(&mut one).await[7..15], *b"nonce 12");
    assert_eq!(init(&mut two).await[7..15], *b"nonce 12");
    // Cut in the middle: it is the bytes that count.
    let ping = packets(Channel(1), 0x01, b"there and back")[0];
    one.write_all(&ping[..10]).await.unwrap();
    one.flush().await.unwrap();
    init(&mut two).await;
    one.write_all(&ping[10..]).await.unwrap();
    let mut answer = [0; 64];
    one.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, ping);
    serving.abort();
}

#[tokio::test]
async fn nobody_else_may_open_it() {
    let (_folder, path) = place();
    let _socket = Socket::bind(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_socket_that_is_served_is_not_taken_over() {
    let (_folder, path) = place();
    let first = Socket::bind(&path).unwrap();
    assert_eq!(Socket::bind(&path).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    drop(first);
    assert!(!path.exists(), "it cleans up after itself");
    Socket::bind(&path).unwrap();
}

#[tokio::test]
async fn who_ends_removes_no_socket_but_its_own() {
    let (_folder, path) = place();
    let first = Socket::bind(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let _second = Socket::bind(&path).unwrap();
    drop(first);
    assert!(path.exists(), "it is the second one's");
}

#[tokio::test]
async fn what_a_killed_process_left_is_taken_over() {
    let (_folder, path) = place();
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    Socket::bind(&path).unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_socket_is_not_touched() {
    let (_folder, path) = place();
    fs::write(&path, "letters").unwrap();
    assert_eq!(Socket::bind(&path).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    assert_eq!(fs::read_to_string(&path).unwrap(), "letters");
}
