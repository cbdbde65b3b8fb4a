use super::*;

fn pair() -> (NearStream, tokio::io::DuplexStream) {
    let (here, there) = tokio::io::duplex(64);
    (NearStream::new(Box::new(here)), there)
}

#[tokio::test]
async fn messages_come_whole_however_they_are_cut() {
    let (mut near, mut there) = pair();
    let other = async {
        for piece in [&[0, 0][..], &[0, 2, 7], &[8, 0, 0, 0, 0, 0, 0, 0, 1], &[9]] {
            there.write_all(piece).await.unwrap();
        }
        drop(there);
    };
    let read = async {
        let mut all = Vec::new();
        while let Some(message) = near.receive().await.unwrap() {
            all.push(message);
        }
        all
    };
    let ((), all) = tokio::join!(other, read);
    assert_eq!(all, [vec![7, 8], vec![], vec![9]]);
}

#[tokio::test]
async fn a_message_goes_out_with_its_length() {
    let (mut near, mut there) = pair();
    near.send(&[7, 8]).await.unwrap();
    near.close().await;
    let mut all = Vec::new();
    there.read_to_end(&mut all).await.unwrap();
    assert_eq!(all, [0, 0, 0, 2, 7, 8]);
}

#[tokio::test]
async fn absurd_lengths_and_an_end_within_a_message_are_refused() {
    for nonsense in [&[0xff, 0xff, 0xff, 0xff][..], &[0, 0x10, 0, 1, 0], &[0, 0, 0, 9, 1], &[0]] {
        let (mut near, mut there) = pair();
        there.write_all(nonsense).await.unwrap();
        drop(there);
        assert_eq!(near.receive().await, Err(NearGone), "{nonsense:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_takes_nothing_is_not_waited_for() {
    let (mut near, _there) = pair();
    assert_eq!(near.send(&[0; 65]).await, Err(NearGone));
}
