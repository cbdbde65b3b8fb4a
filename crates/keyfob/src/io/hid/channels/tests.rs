use super::*;

const MSG: u8 = 0x03;
const LOCK: u8 = 0x04;
const WINK: u8 = 0x08;

/// A security key and the time on its clock.
struct Key {
    channels: Channels,
    now: Instant,
}

impl Key {
    fn new() -> Self {
        Self { channels: Channels::default(), now: Instant::now() }
    }

    fn wait(&mut self, milliseconds: u64) {
        self.now += Duration::from_millis(milliseconds);
    }

    fn packet(&mut self, packet: &Packet) -> Vec<Action> {
        self.channels.packet(packet, self.now)
    }

    /// The whole message, packet by packet; what the last packet brought about.
    fn message(&mut self, channel: Channel, command: u8, message: &[u8]) -> Vec<Action> {
        let packets = packets(channel, command, message);
        let (last, before) = packets.split_last().unwrap();
        for packet in before {
            assert_eq!(self.packet(packet), []);
        }
        self.packet(last)
    }

    fn channel(&mut self) -> Channel {
        let answer = self.message(Channel::BROADCAST, INIT, b"nonce 12");
        let [Action::Send(packet)] = answer.as_slice() else { panic!("{answer:?}") };
        Channel(u32::from_be_bytes(packet[15..19].try_into().unwrap()))
    }

    /// Begins a message of two packets.
    fn begin(&mut self, channel: Channel) {
        let packets = packets(channel, CBOR, &[1; 100]);
        assert_eq!(self.packet(&packets[0]), []);
    }

    /// Hands the authenticator a request.
    fn work(&mut self, channel: Channel) {
        assert_eq!(self.message(channel, CBOR, &[4]), [Action::Request(vec![4])]);
    }
}

#[test]
fn init_gives_out_channels_of_their_own() {
    let mut key = Key::new();
    let answer = key.message(Channel::BROADCAST, INIT, b"nonce 12");
    let mut expected = b"nonce 12".to_vec();
    expected.extend([0, 0, 0, 1, 2, 0, 1, 0, 0x0c]);
    assert_eq!(answer, sent(Channel::BROADCAST, INIT, &expected));
    assert_eq!(key.channel(), Channel(2));
}

#[test]
fn init_wants_eight_bytes() {
    let mut key = Key::new();
    for wrong in [&b""[..], b"seven by", b"nine bytes"].into_iter().filter(|nonce| nonce.len() != 8) {
        let answer = key.message(Channel::BROADCAST, INIT, wrong);
        assert_eq!(answer, refused(Channel::BROADCAST, Refusal::Length));
    }
    let mut endless = packets(Channel::BROADCAST, INIT, b"nonce 12")[0];
    endless[5] = 0xff;
    assert_eq!(key.packet(&endless), refused(Channel::BROADCAST, Refusal::Length));
}

#[test]
fn a_request_comes_out_whole_and_its_reply_goes_in_packets() {
    let mut key = Key::new();
    let channel = key.channel();
    let request: Vec<u8> = (0..=255).collect();
    assert_eq!(key.message(channel, CBOR, &request), [Action::Request(request)]);
    let reply = vec![0; 300];
    let sent = key.channels.reply(&reply);
    assert_eq!(sent, packets(channel, CBOR, &reply).into_iter().map(Action::Send).collect::<Vec<_>>());
    assert_eq!(key.channels.reply(&reply), [], "one reply to one request");
}

#[test]
fn the_longest_message_is_taken_and_a_longer_one_is_not() {
    let mut key = Key::new();
    let channel = key.channel();
    let longest = vec![5; LONGEST_MESSAGE];
    assert_eq!(key.message(channel, CBOR, &longest), [Action::Request(longest)]);
    key.channels.reply(&[0]);
    let mut longer = packets(channel, CBOR, &[1; 60])[0];
    longer[5..7].copy_from_slice(&u16::try_from(LONGEST_MESSAGE + 1).unwrap().to_be_bytes());
    assert_eq!(key.packet(&longer), refused(channel, Refusal::Length));
}

#[test]
fn ping_comes_back() {
    let mut key = Key::new();
    let channel = key.channel();
    for length in [0, 1, 57, 58, 1024] {
        let ping = vec![9; length];
        assert_eq!(key.message(channel, PING, &ping), sent(channel, PING, &ping));
    }
}

#[test]
fn what_it_does_not_speak_is_refused() {
    let mut key = Key::new();
    let channel = key.channel();
    for command in [MSG, LOCK, WINK, KEEPALIVE, ERROR, 0, 0x7f] {
        assert_eq!(key.message(channel, command, &[1]), refused(channel, Refusal::Command), "{command}");
    }
    assert_eq!(key.message(channel, CBOR, &[]), refused(channel, Refusal::Length));
}

#[test]
fn nobody_is_heard_on_a_channel_that_was_not_given_out() {
    let mut key = Key::new();
    key.channel();
    for stranger in [Channel(7), Channel(0)] {
        for command in [CBOR, PING, INIT, CANCEL] {
            assert_eq!(key.message(stranger, command, b"nonce 12"), refused(stranger, Refusal::Channel));
        }
    }
    let broadcast = key.message(Channel::BROADCAST, PING, &[1]);
    assert_eq!(broadcast, refused(Channel::BROADCAST, Refusal::Channel));
}

#[test]
fn a_packet_out_of_its_turn_ends_the_message() {
    let mut key = Key::new();
    let channel = key.channel();
    let whole = packets(channel, CBOR, &[1; 300]);
    key.packet(&whole[0]);
    assert_eq!(key.packet(&whole[2]), refused(channel, Refusal::Sequence));
    assert_eq!(key.packet(&whole[1]), [], "what is left of it continues nothing");
    key.begin(channel);
    assert_eq!(key.message(channel, PING, &[1]), refused(channel, Refusal::Sequence));
    assert_eq!(key.message(channel, PING, &[1]), sent(channel, PING, &[1]));
}

#[test]
fn a_packet_that_continues_nothing_is_ignored() {
    let mut key = Key::new();
    let channel = key.channel();
    assert_eq!(key.packet(&packets(channel, CBOR, &[1; 300])[1]), []);
    assert_eq!(key.packet(&packets(Channel(99), CBOR, &[1; 300])[1]), []);
}

#[test]
fn a_message_that_does_not_go_on_is_given_up_after_half_a_second() {
    let mut key = Key::new();
    let channel = key.channel();
    assert_eq!(key.channels.deadline(), None);
    key.begin(channel);
    assert_eq!(key.channels.deadline(), Some(key.now + Duration::from_millis(500)));
    key.wait(499);
    assert_eq!(key.channels.silence(key.now), []);
    key.wait(1);
    assert_eq!(key.channels.silence(key.now), refused(channel, Refusal::Timeout));
    assert_eq!(key.channels.silence(key.now), [], "said once");
}

#[test]
fn every_packet_gives_new_patience() {
    let mut key = Key::new();
    let channel = key.channel();
    let whole = packets(channel, CBOR, &[1; 170]);
    key.packet(&whole[0]);
    key.wait(400);
    assert_eq!(key.packet(&whole[1]), []);
    key.wait(400);
    assert_eq!(key.packet(&whole[2]), [Action::Request(vec![1; 170])]);
}

#[test]
fn a_packet_that_comes_too_late_hears_of_the_time_first() {
    let mut key = Key::new();
    let (slow, other) = (key.channel(), key.channel());
    key.begin(slow);
    key.wait(501);
    let mut expected = refused(slow, Refusal::Timeout);
    expected.extend(sent(other, PING, &[3]));
    assert_eq!(key.message(other, PING, &[3]), expected);
}

#[test]
fn who_comes_meanwhile_hears_that_it_is_busy_and_disturbs_nothing() {
    let mut key = Key::new();
    let (mine, other) = (key.channel(), key.channel());
    let whole = packets(mine, CBOR, &[1; 100]);
    key.packet(&whole[0]);
    assert_eq!(key.message(other, PING, &[1]), refused(other, Refusal::Busy));
    assert_eq!(key.packet(&packets(other, CBOR, &[1; 100])[1]), [], "and its next packets are ignored");
    assert_eq!(key.packet(&whole[1]), [Action::Request(vec![1; 100])]);
    assert_eq!(key.message(other, CBOR, &[4]), refused(other, Refusal::Busy));
    assert_eq!(key.message(mine, CBOR, &[4]), refused(mine, Refusal::Busy), "not even the same program");
    assert_eq!(key.channels.reply(&[0]), sent(mine, CBOR, &[0]));
    assert_eq!(key.message(other, CBOR, &[4]), [Action::Request(vec![4])]);
}

#[test]
fn another_program_gets_its_channel_while_it_is_busy() {
    let mut key = Key::new();
    let mine = key.channel();
    key.work(mine);
    let other = key.channel();
    assert_ne!(mine, other);
    assert_eq!(key.message(other, INIT, b"nonce 12").len(), 1);
    assert_eq!(key.channels.reply(&[0]), sent(mine, CBOR, &[0]), "which is still at work");
}

#[test]
fn cancel_reaches_the_request_of_its_own_channel_only() {
    let mut key = Key::new();
    let (mine, other) = (key.channel(), key.channel());
    assert_eq!(key.message(mine, CANCEL, &[]), [], "nothing to cancel, nothing to say");
    key.work(mine);
    assert_eq!(key.message(other, CANCEL, &[]), []);
    assert_eq!(key.message(mine, CANCEL, &[]), [Action::Cancel]);
    assert_eq!(key.channels.reply(&[0x2d]), sent(mine, CBOR, &[0x2d]), "the reply says so");
}

#[test]
fn cancel_is_never_answered_by_itself() {
    let mut key = Key::new();
    let (mine, other) = (key.channel(), key.channel());
    // What comes too late for its request finds somebody else at it. An error would pass for the next one's answer.
    key.begin(mine);
    assert_eq!(key.message(other, CANCEL, &[]), []);
    assert_eq!(key.packet(&packets(mine, CBOR, &[1; 100])[1]), [Action::Request(vec![1; 100])]);
    key.channels.reply(&[0]);
    // It has no data. Whoever says that more is to come keeps nobody waiting.
    assert_eq!(key.packet(&packets(mine, CANCEL, &[1; 100])[0]), []);
    assert_eq!(key.channels.deadline(), None);
    assert_eq!(key.message(other, PING, &[1]), sent(other, PING, &[1]));
}

#[test]
fn who_cancels_in_the_middle_of_their_own_message_has_lost_count() {
    let mut key = Key::new();
    let channel = key.channel();
    key.begin(channel);
    assert_eq!(key.message(channel, CANCEL, &[]), refused(channel, Refusal::Sequence));
    assert_eq!(key.message(channel, PING, &[1]), sent(channel, PING, &[1]));
}

#[test]
fn a_reply_that_no_message_holds_is_a_failure_and_not_half_a_reply() {
    let mut key = Key::new();
    let channel = key.channel();
    key.work(channel);
    assert_eq!(key.channels.reply(&[0; LONGEST_MESSAGE + 1]), sent(channel, CBOR, &[0x7f]));
}

#[test]
fn when_all_have_gone_nothing_is_open_any_more() {
    let mut key = Key::new();
    let (mine, other) = (key.channel(), key.channel());
    assert_eq!(key.channels.deserted(), []);
    key.work(mine);
    assert_eq!(key.channels.deserted(), [Action::Abandon]);
    assert_eq!(key.channels.reply(&[0]), [], "nobody waits for that reply");
    key.begin(mine);
    assert_eq!(key.channels.deserted(), []);
    assert_eq!(key.message(other, PING, &[1]), sent(other, PING, &[1]), "not busy with half a message");
}

#[test]
fn init_on_its_own_channel_begins_anew() {
    let mut key = Key::new();
    let channel = key.channel();
    key.begin(channel);
    let again = key.message(channel, INIT, b"nonce 34");
    let mut expected = b"nonce 34".to_vec();
    expected.extend(channel.0.to_be_bytes());
    expected.extend([2, 0, 1, 0, 0x0c]);
    assert_eq!(again, sent(channel, INIT, &expected));
    key.work(channel);
    let mut abandoned = vec![Action::Abandon];
    abandoned.extend(sent(channel, INIT, &expected));
    assert_eq!(key.message(channel, INIT, b"nonce 34"), abandoned);
    assert_eq!(key.channels.reply(&[0]), [], "nobody waits for that reply");
    key.work(channel);
}

#[test]
fn keepalive_goes_to_whoever_waits() {
    let mut key = Key::new();
    let channel = key.channel();
    assert_eq!(key.channels.keep_alive(Waiting::Processing), []);
    key.begin(channel);
    assert_eq!(key.channels.keep_alive(Waiting::Processing), [], "a message that comes in is no request yet");
    key.message(channel, INIT, b"nonce 12");
    key.work(channel);
    assert_eq!(key.channels.keep_alive(Waiting::Processing), sent(channel, KEEPALIVE, &[1]));
    assert_eq!(key.channels.keep_alive(Waiting::ForPerson), sent(channel, KEEPALIVE, &[2]));
}

#[test]
fn of_many_channels_the_longest_silent_one_is_taken_back() {
    let mut key = Key::new();
    let first = key.channel();
    let second = key.channel();
    key.work(second);
    for _ in 2..MOST_CHANNELS {
        key.channel();
    }
    assert_eq!(key.message(first, CANCEL, &[]), [], "heard of just now");
    key.channel();
    key.channel();
    assert_eq!(key.message(Channel(3), PING, &[]), refused(Channel(3), Refusal::Channel));
    assert_eq!(key.channels.reply(&[0]), sent(second, CBOR, &[0]), "not the one that waits for its reply");
    assert_eq!(key.message(second, PING, &[]), sent(second, PING, &[]));
    assert_eq!(key.message(first, PING, &[]), sent(first, PING, &[]));
}

#[test]
fn the_numbers_of_channels_begin_again_without_the_reserved_ones() {
    let mut key = Key::new();
    let one = key.channel();
    key.channels.last = u32::MAX - 1;
    assert_eq!(key.channel(), Channel(2), "neither 0xffffffff nor 0 nor one that is taken");
    assert_eq!(one, Channel(1));
}

#[test]
fn nonsense_is_answered_with_errors_or_not_at_all() {
    let mut key = Key::new();
    let channel = key.channel();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..20_000_u32 {
        let mut packet: Packet = [0; 64];
        for byte in &mut packet {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            *byte = seed.to_le_bytes()[3];
        }
        if round % 2 == 0 {
            packet[..4].copy_from_slice(&channel.0.to_be_bytes());
        }
        for action in key.packet(&packet) {
            match action {
                Action::Send(_) | Action::Cancel | Action::Abandon => {}
                Action::Request(request) => assert!(request.len() <= LONGEST_MESSAGE),
            }
        }
        if round % 16 == 0 {
            key.channels.reply(&[0]);
            key.wait(501);
        }
    }
}

#[test]
fn every_refusal_has_its_byte() {
    let all = [
        (Refusal::Command, 0x01),
        (Refusal::Length, 0x03),
        (Refusal::Sequence, 0x04),
        (Refusal::Timeout, 0x05),
        (Refusal::Busy, 0x06),
        (Refusal::Channel, 0x0b),
    ];
    for (refusal, byte) in all {
        assert_eq!(refusal.byte(), byte);
    }
}
