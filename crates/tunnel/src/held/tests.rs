use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::timeout;

fn budget(held: usize, held_from_one: usize) -> Budget {
    Budget::new(&Limits { held, held_from_one, ..Limits::default() })
}

fn stream(budget: &mut Budget) -> (DuplexStream, Held<DuplexStream>) {
    let (far, near) = tokio::io::duplex(1_024);
    (far, Held::new(near, budget.purse(Source(1))))
}

/// As much as the stream gives at once; `None` where nothing comes for a minute.
async fn read(held: &mut Held<DuplexStream>) -> Option<io::Result<usize>> {
    timeout(Duration::from_secs(60), held.read(&mut [0; 1_024])).await.ok()
}

#[test]
fn all_share_one_budget_and_each_address_has_a_part_of_it() {
    let mut budget = budget(100, 60);
    let (one, same, other) =
        (budget.purse(Source(1)), budget.purse(Source(1)), budget.purse(Source(0xffff_0000_0002)));
    let first = one.pay(60).unwrap();
    assert!(same.pay(1).is_none(), "its address has had its part");
    let second = other.pay(40).unwrap();
    assert!(other.pay(1).is_none(), "there is no more for anybody");
    assert_eq!(budget.held(), 100);
    drop(first);
    assert!(same.pay(60).is_some());
    drop(second);
    assert_eq!(budget.held(), 0);
    budget.tidy();
    assert_eq!(budget.shares.len(), 2);
    drop((one, same, other));
    budget.tidy();
    assert!(budget.shares.is_empty(), "nobody is remembered");
}

#[test]
fn networks_of_one_network_have_one_share() {
    let mut budget = budget(100, 60);
    let v6 = |text: &str| Source::of(text.parse::<std::net::Ipv6Addr>().unwrap().octets());
    let one = budget.purse(v6("2001:db8:1:1::1"));
    let _paid = one.pay(60).unwrap();
    assert!(budget.purse(v6("2001:db8:1:ffff::1")).pay(1).is_none());
    assert!(budget.purse(v6("2001:db8:2:1::1")).pay(1).is_some());
}

#[tokio::test(start_paused = true)]
async fn what_comes_is_paid_for_until_it_is_a_message_and_that_takes_it_along() {
    let mut budget = budget(1_000, 1_000);
    let (mut far, mut held) = stream(&mut budget);
    far.write_all(&[7; 506]).await.unwrap();
    assert_eq!(read(&mut held).await.unwrap().unwrap(), 506);
    assert_eq!(budget.held(), 506);
    let message = held.message(500).unwrap();
    assert_eq!(budget.held(), 500, "nobody holds the head of the frame");
    // The next one came along with it.
    let next = held.message(400).unwrap();
    assert_eq!(budget.held(), 900);
    assert!(held.message(101).is_none(), "and one for which there is no room");
    drop((message, next));
    assert_eq!(budget.held(), 0);
    // Whoever goes gives back what was half a message.
    far.write_all(&[7; 10]).await.unwrap();
    read(&mut held).await.unwrap().unwrap();
    drop(held);
    assert_eq!(budget.held(), 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_for_which_there_is_no_room() {
    let mut budget = budget(100, 100);
    let (mut far, mut held) = stream(&mut budget);
    far.write_all(&[7; 101]).await.unwrap();
    assert!(read(&mut held).await.unwrap().is_err());
    assert_eq!((held.stopped(), budget.held()), (Some(Stopped::Full), 0));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_began_has_to_end() {
    let mut budget = budget(1_000, 1_000);
    let (mut far, mut held) = stream(&mut budget);
    assert!(read(&mut held).await.is_none(), "silence is no message");
    far.write_all(&[7; 3]).await.unwrap();
    assert_eq!(read(&mut held).await.unwrap().unwrap(), 3);
    // More of it does not move the end.
    tokio::time::advance(ARRIVAL - Duration::from_secs(1)).await;
    far.write_all(&[7; 3]).await.unwrap();
    assert_eq!(read(&mut held).await.unwrap().unwrap(), 3);
    let began = tokio::time::Instant::now();
    assert!(read(&mut held).await.unwrap().is_err());
    assert!(began.elapsed() <= Duration::from_secs(2));
    assert_eq!(held.stopped(), Some(Stopped::Late));
}

#[tokio::test(start_paused = true)]
async fn a_control_frame_gives_back_its_own_and_nothing_of_the_message_around_it() {
    let mut budget = budget(1_000, 1_000);
    let (mut far, mut held) = stream(&mut budget);
    // The answer to a ping: nobody has begun a message with that.
    far.write_all(&[7; 6]).await.unwrap();
    read(&mut held).await.unwrap().unwrap();
    held.control(0);
    assert_eq!(budget.held(), 0);
    assert!(read(&mut held).await.is_none());
    // In the midst of a message in pieces.
    far.write_all(&[7; 300 + 6 + 125]).await.unwrap();
    read(&mut held).await.unwrap().unwrap();
    held.control(125);
    assert_eq!(budget.held(), 300);
    assert!(read(&mut held).await.unwrap().is_err());
    assert_eq!(held.stopped(), Some(Stopped::Late));
}
