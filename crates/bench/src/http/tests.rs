use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A server that answers its only connection with the given pieces, one write each.
async fn answering(pieces: &'static [&'static str]) -> Endpoint {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        for piece in pieces {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    Endpoint { address, authority: "localhost".into() }
}

#[tokio::test]
async fn reads_status_cookie_and_body() {
    let endpoint = answering(&[
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=; Max-Age=0\r\nset-cookie: a=1; Path=/; Secure\r\n",
        "Content-Length: 5\r\n\r\nhe",
        "llo",
    ])
    .await;
    let mut connection = Connection::open(&endpoint).await.unwrap();
    let answer = connection.send("/", "", Body::None).await.unwrap();
    assert_eq!((answer.status, answer.body), (200, b"hello".as_slice()));
    assert_eq!(answer.cookie("a"), Some("1"));
    assert_eq!(answer.cookie("b"), None);
}

#[tokio::test]
async fn joins_chunks() {
    let endpoint = answering(&[
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n",
        "2\r",
        "\nlo\r\n0\r\n\r\n",
    ])
    .await;
    let mut connection = Connection::open(&endpoint).await.unwrap();
    assert_eq!(connection.send("/", "", Body::Json("{}")).await.unwrap().body, b"hello");
}

#[tokio::test]
async fn half_an_answer_is_an_error() {
    let endpoint = answering(&["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe"]).await;
    let mut connection = Connection::open(&endpoint).await.unwrap();
    let error = connection.send("/", "", Body::None).await.unwrap_err();
    assert_eq!(error.code(), "connection_closed");
}

#[tokio::test]
async fn an_answer_without_length_is_an_error() {
    let endpoint = answering(&["HTTP/1.1 200 OK\r\n\r\nhello"]).await;
    let mut connection = Connection::open(&endpoint).await.unwrap();
    let error = connection.send("/", "", Body::None).await.unwrap_err();
    assert_eq!(error.code(), "malformed_answer");
}
