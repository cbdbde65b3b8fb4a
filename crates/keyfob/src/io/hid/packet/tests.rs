use super::*;

/// The whole message behind packets, as the other side puts it together.
fn joined(packets: &[Packet]) -> (Channel, u8, Vec<u8>) {
    let (Frame::First { channel, command, length, data }, rest) = (Frame::read(&packets[0]), &packets[1..])
    else {
        panic!("the first packet begins a message");
    };
    let mut message = data.to_vec();
    for (expected, packet) in rest.iter().enumerate() {
        let Frame::More { channel: same, sequence, data } = Frame::read(packet) else {
            panic!("only the first packet begins");
        };
        assert_eq!((same, usize::from(sequence)), (channel, expected));
        message.extend_from_slice(data);
    }
    assert!(message.len() - usize::from(length) < 59, "no packet too many");
    message.truncate(length.into());
    (channel, command, message)
}

#[test]
fn messages_of_every_length_come_back() {
    for length in [0, 1, 56, 57, 58, 57 + 59, 57 + 60, 1024, LONGEST_MESSAGE] {
        let message: Vec<u8> = (0..length).map(|at| at.to_le_bytes()[0]).collect();
        let packets = packets(Channel(0x0102_0304), 0x10, &message);
        assert_eq!(joined(&packets), (Channel(0x0102_0304), 0x10, message));
    }
}

#[test]
fn the_bytes_are_those_of_the_specification() {
    let two = packets(Channel(0xaabb_ccdd), 0x01, &[7; 58]);
    assert_eq!(two[0][..8], [0xaa, 0xbb, 0xcc, 0xdd, 0x81, 0, 58, 7]);
    assert_eq!(two[1][..7], [0xaa, 0xbb, 0xcc, 0xdd, 0, 7, 0]);
    assert_eq!(two.len(), 2);
}

#[test]
fn the_longest_message_takes_every_sequence_number() {
    let packets = packets(Channel(1), 0x10, &[1; LONGEST_MESSAGE]);
    assert_eq!(packets.len(), 129);
    assert!(matches!(Frame::read(&packets[128]), Frame::More { sequence: 127, .. }));
}

#[test]
fn more_than_a_message_holds_is_cut() {
    let (_, _, message) = joined(&packets(Channel(1), 0x10, &[1; LONGEST_MESSAGE + 1]));
    assert_eq!(message.len(), LONGEST_MESSAGE);
}

#[test]
fn the_marking_bit_tells_the_two_apart() {
    let mut packet = [0; 64];
    packet[4] = 0x7f;
    assert!(matches!(Frame::read(&packet), Frame::More { sequence: 0x7f, .. }));
    packet[4] = 0xff;
    packet[5..7].copy_from_slice(&[0xff, 0xff]);
    assert!(matches!(Frame::read(&packet), Frame::First { command: 0x7f, length: 0xffff, .. }));
}
