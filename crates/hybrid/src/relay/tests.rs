use super::table::{MESSAGE_COST, NETWORK_SHARE};
use super::*;
use primitives::digest;
use primitives::entropy::Entropy;
use primitives::time::{Span, Timestamp};

struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 += 1;
            *byte = digest::sha256(&self.0.to_be_bytes())[0];
        }
    }
}

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const HERE: Source = Source(1);

fn limits() -> Limits {
    Limits {
        tunnels: 4,
        tunnels_from_one: 3,
        attempts_from_one: 10,
        message: 100,
        bytes: 250 + 3 * MESSAGE_COST,
        ..Limits::default()
    }
}

struct Service {
    relay: Relay,
    entropy: Counting,
}

impl Service {
    fn new() -> Self {
        Self { relay: Relay::new(limits()), entropy: Counting(0) }
    }

    fn open(&mut self, path: &Path, source: Source, now: Timestamp) -> Result<Admitted, RelayRefusal> {
        self.relay.open(path, source, now, &mut self.entropy)
    }

    fn phone(&mut self, tunnel_id: [u8; 16], source: Source) -> Result<(Side, [u8; 3]), RelayRefusal> {
        match self.open(&Path::New { tunnel_id }, source, NOW)? {
            Admitted::Phone { side, routing_id: Some(routing_id), closes: None } => Ok((side, routing_id)),
            other => panic!("{other:?}"),
        }
    }

    fn client(&mut self, tunnel_id: [u8; 16], routing_id: [u8; 3]) -> Result<(Side, Side), RelayRefusal> {
        match self.open(&Path::Connect { routing_id, tunnel_id }, Source(2), NOW)? {
            Admitted::Client { side, phone } => Ok((side, phone)),
            other => panic!("{other:?}"),
        }
    }

    fn pair(&mut self) -> (Side, Side) {
        let (phone, routing_id) = self.phone([1; 16], HERE).unwrap();
        let (client, found) = self.client([1; 16], routing_id).unwrap();
        assert_eq!(found, phone);
        (phone, client)
    }
}

#[test]
fn paths_are_read_in_either_case_and_nothing_else_is() {
    let tunnel_id = [0xab; 16];
    let routing_id = [0xa1, 0xb2, 0xc3];
    let path = |url: String| Path::parse(url.strip_prefix("wss://cable.example").unwrap());
    assert_eq!(path(new_url("cable.example", &tunnel_id)), Ok(Path::New { tunnel_id }));
    let connect = connect_url("cable.example", &routing_id, &tunnel_id);
    assert!(connect.ends_with(&format!("/cable/connect/A1B2C3/{}", "AB".repeat(16))), "{connect}");
    assert_eq!(path(connect), Ok(Path::Connect { routing_id, tunnel_id }));
    let lower = format!("/cable/connect/a1b2c3/{}", "ab".repeat(16));
    assert_eq!(Path::parse(&lower), Ok(Path::Connect { routing_id, tunnel_id }));
    assert_eq!(path(contact_url("cable.example", &[9; 5])), Ok(Path::Contact { contact: vec![9; 5] }));
    assert_eq!(path(wait_url("cable.example", &[7; 32])), Ok(Path::Wait { secret: [7; 32] }));
}

#[test]
fn other_paths_are_refused_by_their_names() {
    for path in ["", "/", "/cable", "/cable/", "/cable/new", "/cable/old/00", "/cablex/new/00", "cable/new/"]
    {
        assert_eq!(Path::parse(path), Err(PathRefusal::Unknown), "{path}");
    }
    let long = format!("/cable/contact/{}", "A".repeat(2_000));
    for path in [
        "/cable/new/",
        "/cable/new/00",
        "/cable/new/zz",
        "/cable/new/00112233445566778899aabbccddeeff/",
        "/cable/connect/a1b2c3",
        "/cable/connect/a1b2/00112233445566778899aabbccddeeff",
        "/cable/contact/",
        "/cable/contact/=",
        "/cable/wait/AAAA",
        &long,
    ] {
        assert_eq!(Path::parse(path), Err(PathRefusal::Form), "{path}");
    }
    assert_eq!(RelayRefusal::from(PathRefusal::Unknown).status(), 404);
    assert_eq!(RelayRefusal::from(PathRefusal::Form).status(), 400);
}

#[test]
fn messages_go_to_the_other_side_and_to_nobody_else() {
    let mut service = Service::new();
    let (phone, client) = service.pair();
    assert_eq!(service.relay.message(client, 81, NOW), Ok(phone));
    assert_eq!(service.relay.message(phone, 81, NOW), Ok(client));
    assert_eq!(service.relay.close(client, Ending::Left), Some(phone));
    assert_eq!(service.relay.message(phone, 1, NOW), Err(RelayRefusal::NoTunnel));
    assert_eq!(service.relay.close(phone, Ending::Left), None);
    let counts = service.relay.counts();
    assert_eq!((counts.opened, counts.met, counts.messages, counts.bytes), (1, 1, 2, 162));
    assert_eq!((counts.waiting, counts.joined), (0, 0));
}

#[test]
fn one_client_comes_and_only_with_both_numbers() {
    let mut service = Service::new();
    let (_, routing_id) = service.phone([1; 16], HERE).unwrap();
    let [a, b, c] = routing_id;
    assert_eq!(service.client([1; 16], [a, b, c ^ 1]), Err(RelayRefusal::NoTunnel));
    assert_eq!(service.client([2; 16], routing_id), Err(RelayRefusal::NoTunnel));
    assert!(service.client([1; 16], routing_id).is_ok());
    assert_eq!(service.client([1; 16], routing_id), Err(RelayRefusal::NoTunnel), "somebody was first");
    assert_eq!(service.relay.counts().refused[&RelayRefusal::NoTunnel], 3);
}

#[test]
fn two_phones_may_scan_one_code() {
    let mut service = Service::new();
    let (first, one) = service.phone([1; 16], HERE).unwrap();
    let (second, other) = service.phone([1; 16], HERE).unwrap();
    assert_ne!(one, other);
    assert_eq!(service.client([1; 16], other).unwrap().1, second);
    assert_eq!(service.client([1; 16], one).unwrap().1, first);
}

#[test]
fn where_every_number_is_taken_the_service_is_full() {
    struct Same;
    impl Entropy for Same {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(7);
        }
    }
    let mut relay = Relay::new(limits());
    let path = Path::New { tunnel_id: [1; 16] };
    assert!(relay.open(&path, HERE, NOW, &mut Same).is_ok());
    assert_eq!(relay.open(&path, HERE, NOW, &mut Same), Err(RelayRefusal::Full));
}

#[test]
fn each_limit_refuses_by_its_own_name() {
    let mut service = Service::new();
    for number in 0..3 {
        service.phone([number; 16], HERE).unwrap();
    }
    assert_eq!(service.phone([9; 16], HERE), Err(RelayRefusal::TooMany));
    service.phone([9; 16], Source(5)).unwrap();
    assert_eq!(service.phone([8; 16], Source(6)), Err(RelayRefusal::Full));
    for _ in 0..6 {
        let _ = service.phone([9; 16], HERE);
    }
    assert_eq!(service.phone([9; 16], HERE), Err(RelayRefusal::TooOften));
    let later = NOW + Span::from_minutes(1);
    let again = service.open(&Path::New { tunnel_id: [9; 16] }, HERE, later);
    assert_eq!(again, Err(RelayRefusal::Full), "a minute later it may ask again");
    assert_eq!([RelayRefusal::TooMany.status(), RelayRefusal::TooOften.status()], [429, 429]);
    assert_eq!(RelayRefusal::Full.status(), 503);
}

#[test]
fn what_a_phone_gives_back_may_be_had_again() {
    let mut service = Service::new();
    for number in 0..3 {
        let (side, _) = service.phone([number; 16], HERE).unwrap();
        service.relay.close(side, Ending::Left);
    }
    assert!(service.phone([9; 16], HERE).is_ok());
}

#[test]
fn messages_too_early_too_long_or_too_many_are_refused() {
    let mut service = Service::new();
    let (alone, _) = service.phone([2; 16], HERE).unwrap();
    assert_eq!(service.relay.message(alone, 1, NOW), Err(RelayRefusal::Early));
    let (phone, client) = service.pair();
    assert_eq!(service.relay.message(phone, 101, NOW), Err(RelayRefusal::MessageTooLong));
    for _ in 0..2 {
        service.relay.message(phone, 100, NOW).unwrap();
    }
    assert_eq!(service.relay.message(client, 51, NOW), Err(RelayRefusal::TooMuch));
    assert_eq!(service.relay.message(client, 50, NOW), Ok(phone));
}

#[test]
fn a_phone_waits_so_long() {
    let mut service = Service::new();
    let (phone, routing_id) = service.phone([1; 16], HERE).unwrap();
    let end = NOW + limits().waiting;
    assert_eq!(service.relay.deadline(), Some(end));
    assert_eq!(service.relay.tick(end - Span::from_micros(1)), []);
    assert_eq!(service.relay.tick(end), [phone]);
    assert_eq!(service.relay.deadline(), None);
    assert_eq!(service.client([1; 16], routing_id), Err(RelayRefusal::NoTunnel));
    assert_eq!(service.relay.counts().ended[&Ending::Time], 1);
}

#[test]
fn silence_ends_a_tunnel_and_so_does_its_life() {
    let mut service = Service::new();
    let (phone, client) = service.pair();
    let silence = limits().silence;
    assert_eq!(service.relay.deadline(), Some(NOW + silence));
    let mut now = NOW;
    while now + silence < NOW + limits().life {
        now = now + silence - Span::from_secs(1);
        assert_eq!(service.relay.tick(now), []);
        service.relay.message(client, 1, now).unwrap();
    }
    assert_eq!(service.relay.deadline(), Some(NOW + limits().life));
    assert_eq!(service.relay.tick(NOW + limits().life), [phone, client]);
}

#[test]
fn a_linked_phone_waits_under_a_secret_and_is_found_by_its_digest() {
    let mut service = Service::new();
    let wait = Path::Wait { secret: [7; 32] };
    let contact = |contact: &[u8]| Path::Contact { contact: contact.to_vec() };
    let here = crate::linking::contact(&[7; 32]);
    assert_eq!(service.open(&contact(&here), Source(2), NOW), Err(RelayRefusal::NoTunnel));
    let Ok(Admitted::Phone { side, routing_id: None, closes: None }) = service.open(&wait, HERE, NOW) else {
        panic!()
    };
    assert_eq!(service.open(&contact(&[7; 32]), Source(2), NOW), Err(RelayRefusal::NoTunnel));
    assert_eq!(service.open(&contact(&here[..31]), Source(2), NOW), Err(RelayRefusal::NoTunnel));
    // It comes again, from elsewhere.
    let Ok(Admitted::Phone { side: again, closes, .. }) = service.open(&wait, Source(3), NOW) else {
        panic!()
    };
    assert_eq!(closes, Some(side));
    assert_eq!(service.relay.deadline(), Some(NOW + limits().standing));
    let met = service.open(&contact(&here), Source(2), NOW);
    assert!(matches!(met, Ok(Admitted::Client { phone, .. }) if phone == again));
    // While it is busy it may wait for the next one.
    let Ok(Admitted::Phone { closes: None, .. }) = service.open(&wait, Source(3), NOW) else { panic!() };
    assert_eq!(service.relay.counts().ended[&Ending::Replaced], 1);
}

#[test]
fn a_phone_that_comes_again_where_there_is_no_room_keeps_what_it_had() {
    let mut service = Service::new();
    let wait = Path::Wait { secret: [7; 32] };
    let Ok(Admitted::Phone { side, .. }) = service.open(&wait, Source(9), NOW) else { panic!() };
    for number in 0..3 {
        service.phone([number; 16], HERE).unwrap();
    }
    // Else its former connection would be nobody's: no limit counts it, and no time ends it.
    assert_eq!(service.open(&wait, HERE, NOW), Err(RelayRefusal::TooMany));
    let contact = Path::Contact { contact: crate::linking::contact(&[7; 32]).to_vec() };
    let met = service.open(&contact, Source(2), NOW);
    assert!(matches!(met, Ok(Admitted::Client { phone, .. }) if phone == side), "{met:?}");
}

#[test]
fn a_phone_that_comes_again_needs_no_room_of_its_own() {
    let mut service = Service::new();
    let wait = Path::Wait { secret: [7; 32] };
    let Ok(Admitted::Phone { side, .. }) = service.open(&wait, HERE, NOW) else { panic!() };
    for number in 0..2 {
        service.phone([number; 16], HERE).unwrap();
    }
    service.phone([9; 16], Source(9)).unwrap();
    let again = service.open(&wait, HERE, NOW);
    assert!(matches!(again, Ok(Admitted::Phone { closes: Some(before), .. }) if before == side), "{again:?}");
    assert_eq!(service.relay.counts().waiting, 4);
}

#[test]
fn messages_of_nothing_are_not_for_nothing() {
    let mut service = Service::new();
    service.relay = Relay::new(Limits { bytes: 10 * MESSAGE_COST, ..Limits::default() });
    let (_, client) = service.pair();
    for _ in 0..10 {
        service.relay.message(client, 0, NOW).unwrap();
    }
    assert_eq!(service.relay.message(client, 0, NOW), Err(RelayRefusal::TooMuch));
    assert_eq!(service.relay.counts().bytes, 0, "only what was carried is told");
}

#[test]
fn an_address_is_one_of_ipv4_or_a_network_of_ipv6() {
    assert_eq!(v6("2001:db8::1"), v6("2001:db8::ffff:1"));
    assert_ne!(v6("2001:db8::1"), v6("2001:db8:0:1::1"));
    assert_ne!(v6("::ffff:10.0.0.1"), v6("::ffff:10.0.0.2"));
    assert_ne!(v6("::ffff:10.0.0.1"), v6("::1"));
}

fn v6(text: &str) -> Source {
    Source::of(text.parse::<core::net::Ipv6Addr>().unwrap().octets())
}

#[test]
fn somebody_with_many_networks_has_those_of_one_together() {
    assert_eq!(v6("2001:db8:1:1::1").network(), v6("2001:db8:1:ffff::1").network());
    assert_ne!(v6("2001:db8:1:1::1").network(), v6("2001:db8:2:1::1").network());
    assert_eq!(v6("::ffff:10.0.0.1").network(), None);
    assert_eq!(v6("2001:db8:1::").network(), Some(v6("2001:db8:1::")));

    let few = Limits { tunnels: 100, tunnels_from_one: 1, attempts_from_one: 2, ..limits() };
    let mut service = Service { relay: Relay::new(few), entropy: Counting(0) };
    let of = |number: u16| v6(&format!("2001:db8:1:{number:x}::1"));
    let phones: Vec<Side> =
        (0..NETWORK_SHARE).map(|number| service.phone([1; 16], of(number)).unwrap().0).collect();
    assert_eq!(service.phone([1; 16], of(90)), Err(RelayRefusal::TooMany));
    assert!(service.phone([1; 16], v6("2001:db8:2::1")).is_ok(), "others have their own");
    for number in 0..3 {
        assert!(
            service.phone([1; 16], v6(&format!("::ffff:10.0.0.{number}"))).is_ok(),
            "and so has each IPv4"
        );
    }
    service.relay.close(phones[0], Ending::Left);
    assert!(service.phone([1; 16], of(91)).is_ok(), "what was given back may be had again");
    // So many attempts were made by the first, and two since.
    for number in 100..100 + NETWORK_SHARE - 2 {
        assert_eq!(service.phone([1; 16], of(number)), Err(RelayRefusal::TooMany));
    }
    assert_eq!(service.phone([1; 16], of(200)), Err(RelayRefusal::TooOften));
    let later = NOW + Span::from_minutes(1);
    let again = service.open(&Path::New { tunnel_id: [1; 16] }, of(200), later);
    assert_eq!(again, Err(RelayRefusal::TooMany), "a minute later it may ask again");
}

#[test]
fn a_linked_phone_of_a_full_network_comes_again_from_another_part_of_it() {
    let few = Limits { tunnels: 100, tunnels_from_one: 1, ..limits() };
    let mut service = Service { relay: Relay::new(few), entropy: Counting(0) };
    let of = |number: u16| v6(&format!("2001:db8:1:{number:x}::1"));
    let wait = Path::Wait { secret: [7; 32] };
    let Ok(Admitted::Phone { side, .. }) = service.open(&wait, of(0), NOW) else { panic!() };
    for number in 1..NETWORK_SHARE {
        service.phone([1; 16], of(number)).unwrap();
    }
    let again = service.open(&wait, of(99), NOW);
    assert!(matches!(again, Ok(Admitted::Phone { closes: Some(before), .. }) if before == side), "{again:?}");
    assert_eq!(service.phone([1; 16], of(98)), Err(RelayRefusal::TooMany));
}

#[test]
fn addresses_are_forgotten_once_they_have_nothing_here() {
    let mut service = Service::new();
    for number in 0..100 {
        let path = Path::Contact { contact: vec![0; 32] };
        let _ = service.open(&path, Source(number), NOW);
    }
    service.relay.tick(NOW + Span::from_minutes(1));
    let (side, _) = service.phone([1; 16], HERE).unwrap();
    assert!(service.relay.close(side, Ending::Left).is_none());
}

#[test]
fn counts_are_told_in_the_text_of_prometheus() {
    let mut service = Service::new();
    let (_, client) = service.pair();
    service.phone([4; 16], HERE).unwrap();
    service.relay.message(client, 81, NOW).unwrap();
    service.relay.refuse(RelayRefusal::MessageKind);
    let text = service.relay.counts().prometheus();
    for line in [
        "# TYPE relay_tunnels gauge",
        "relay_tunnels{state=\"waiting\"} 1",
        "relay_tunnels{state=\"joined\"} 1",
        "relay_tunnels_opened_total 2",
        "relay_bytes_total 81",
        "relay_tunnels_ended_total{how=\"left\"} 0",
        "relay_refused_total{why=\"message_kind\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert_eq!(text.matches("# TYPE relay_refused_total").count(), 1);
}
