use super::*;

#[test]
fn the_limit_of_open_files_is_read() {
    let files = open_files().unwrap();
    assert!(files >= 16);
    let counting = Counting::new(usize::MAX >> 4, true);
    assert!(counting.room.available_permits() <= files);
}

#[tokio::test]
async fn one_too_many_is_told_and_the_room_comes_back() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let counting = Counting { room: Arc::new(Semaphore::new(1)), refused: Arc::default(), plain: true };
    let connect = async || {
        let client = TcpStream::connect(address).await.unwrap();
        (client, listener.accept().await.unwrap().0)
    };
    let (_first, accepted) = connect().await;
    let (held, ()) = counting.accept(accepted, ()).await.unwrap();
    let (mut second, accepted) = connect().await;
    assert!(counting.accept(accepted, ()).await.is_err());
    let mut told = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut second, &mut told).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 503 ") && told.contains("retry-after: 5"), "{told}");
    let (_, body) = told.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), 21);
    drop(held);
    let (_third, accepted) = connect().await;
    assert!(counting.accept(accepted, ()).await.is_ok());
}
