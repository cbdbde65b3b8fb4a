use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;

use super::*;

/// A device, and the kernel's end of it: sockets keep events apart as uhid does.
fn device() -> (Device, UnixDatagram) {
    let (ours, kernel) = UnixDatagram::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    (Device::over(File::from(OwnedFd::from(ours))).unwrap(), kernel)
}

fn heard(kernel: &UnixDatagram) -> Vec<u8> {
    let mut buffer = vec![0; 2 * EVENT];
    let read = kernel.recv(&mut buffer).unwrap();
    buffer.truncate(read);
    buffer
}

/// `UHID_OUTPUT` as the kernel writes it: always the whole struct.
fn told(data: &[u8]) -> Vec<u8> {
    let mut event = OUTPUT.to_ne_bytes().to_vec();
    event.extend(padded::<4096>(data));
    event.extend(u16::try_from(data.len()).unwrap().to_ne_bytes());
    event.push(1);
    event.resize(EVENT, 0);
    event
}

#[tokio::test]
async fn the_kernel_is_asked_for_a_security_key() {
    let (_device, kernel) = device();
    let event = heard(&kernel);
    assert_eq!(event.len(), EVENT);
    assert_eq!(event[..4], CREATE2.to_ne_bytes());
    assert_eq!(event[4..11], *b"Keyfob\0");
    let at = 4 + 128 + 64 + 64;
    assert_eq!(event[at..at + 2], 34_u16.to_ne_bytes());
    assert_eq!(event[at + 2..at + 4], 3_u16.to_ne_bytes());
    assert_eq!(event[at + 20..at + 54], REPORT_DESCRIPTOR);
}

#[tokio::test]
async fn a_packet_comes_with_and_without_the_number_of_its_report() {
    let (mut device, kernel) = device();
    let packet = [7; 64];
    let mut numbered = vec![0];
    numbered.extend(packet);
    for data in [&packet[..], &numbered] {
        kernel.send(&told(data)).unwrap();
        assert_eq!(device.next().await.unwrap(), Some(Incoming::Packet(packet)));
    }
}

#[tokio::test]
async fn it_learns_when_the_last_program_has_gone() {
    let (mut device, kernel) = device();
    let open = 4_u32.to_ne_bytes();
    for event in [open, CLOSE.to_ne_bytes()] {
        let mut event = event.to_vec();
        event.resize(EVENT, 0);
        kernel.send(&event).unwrap();
    }
    assert_eq!(device.next().await.unwrap(), Some(Incoming::Deserted));
}

#[tokio::test]
async fn a_packet_goes_out_as_it_is() {
    let (mut device, kernel) = device();
    heard(&kernel);
    device.send(&[9; 64]).await.unwrap();
    let mut expected = INPUT2.to_ne_bytes().to_vec();
    expected.extend([64_u16.to_ne_bytes()[0], 64_u16.to_ne_bytes()[1]]);
    expected.extend([9; 64]);
    assert_eq!(heard(&kernel), expected);
}

#[tokio::test]
async fn who_asks_for_feature_reports_is_not_kept_waiting() {
    let (mut device, kernel) = device();
    heard(&kernel);
    for (asked, answered, length) in [(GET_REPORT, GET_REPORT_REPLY, 12), (SET_REPORT, SET_REPORT_REPLY, 10)]
    {
        let mut event = asked.to_ne_bytes().to_vec();
        event.extend([1, 2, 3, 4]);
        event.resize(EVENT, 0);
        kernel.send(&event).unwrap();
        kernel.send(&told(&[1; 64])).unwrap();
        device.next().await.unwrap();
        let answer = heard(&kernel);
        assert_eq!((&answer[..4], &answer[4..8]), (&answered.to_ne_bytes()[..], &[1, 2, 3, 4][..]));
        assert_eq!(answer[8..10], EIO.to_ne_bytes());
        assert_eq!(answer.len(), length);
    }
}

#[test]
fn nonsense_is_no_packet() {
    let mut short = told(&[1; 64]);
    short.truncate(100);
    let mut endless = told(&[1; 64]);
    endless[4 + 4096..4 + 4098].copy_from_slice(&u16::MAX.to_ne_bytes());
    let mut numbered = vec![5];
    numbered.extend([1; 64]);
    let start = 2_u32.to_ne_bytes();
    let asks_nothing = GET_REPORT.to_ne_bytes();
    let all: [&[u8]; 8] =
        [&[], &[6], &short, &endless, &told(&[1; 63]), &told(&numbered), &start, &asks_nothing];
    for event in all {
        assert_eq!(Event::read(event), Event::Other);
    }
}
