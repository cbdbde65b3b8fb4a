//! What is read back is what was sealed; what was changed is refused; what was torn is told apart from it.

use super::*;

fn keys(byte: u8) -> Keys {
    Keys {
        bodies: Aes256Gcm::new(&[byte; 32]),
        heads: Zeroizing::new([byte.wrapping_add(1); 32]),
        nonces: Zeroizing::new([byte.wrapping_add(2); 32]),
    }
}

fn start() -> Tail {
    Tail::after_header(&[7; 32])
}

const TEXTS: [&[u8]; 4] = [b"one", b"", b"three is longer than the others", b"four"];

/// The file and where each record begins; the last number is its end.
fn file() -> (Vec<u8>, Vec<usize>) {
    let (mut bytes, mut tail, mut starts) = (Vec::new(), start(), Vec::new());
    for text in TEXTS {
        starts.push(bytes.len());
        let (record, next) = seal(&keys(1), &tail, text).unwrap();
        bytes.extend_from_slice(&record);
        tail = next;
    }
    starts.push(bytes.len());
    (bytes, starts)
}

/// How many records are read and how it ends.
fn read(keys: &Keys, bytes: &[u8]) -> (usize, Result<bool, Damage>) {
    let mut reader = Reader::new(keys, bytes, 0, start());
    let mut count = 0;
    loop {
        match reader.next() {
            Ok(Next::Record(text)) => {
                assert_eq!(text.as_slice(), TEXTS[count], "record {count}");
                count += 1;
            }
            Ok(Next::End) => return (count, Ok(false)),
            Ok(Next::Torn) => return (count, Ok(true)),
            Err(damage) => return (count, Err(damage)),
        }
    }
}

#[test]
fn everything_is_read_back() {
    let (bytes, starts) = file();
    let keys = keys(1);
    assert_eq!(read(&keys, &bytes), (4, Ok(false)));
    let mut reader = Reader::new(&keys, &bytes, 0, start());
    assert!(matches!(reader.next(), Ok(Next::Record(_))));
    assert_eq!((reader.good(), reader.tail().number()), (starts[1], 1));
}

#[test]
fn a_file_cut_anywhere_gives_the_whole_records_in_front() {
    let (bytes, starts) = file();
    for length in 0..bytes.len() {
        let whole = starts.iter().filter(|start| **start > 0 && **start <= length).count();
        let torn = !starts.contains(&length);
        assert_eq!(read(&keys(1), &bytes[..length]), (whole, Ok(torn)), "cut at {length}");
    }
}

#[test]
fn a_changed_byte_anywhere_is_damage() {
    let (bytes, starts) = file();
    for at in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= bit;
            let record = starts.iter().filter(|start| **start <= at).count() - 1;
            let (start, head) = (starts[record], at - starts[record] < HEAD);
            let damage = if head { Damage::Head { at: start } } else { Damage::Body { at: start } };
            assert_eq!(read(&keys(1), &changed), (record, Err(damage)), "byte {at}");
        }
    }
}

#[test]
fn a_record_left_out_moved_or_repeated_is_damage() {
    let (bytes, starts) = file();
    let record = |number: usize| &bytes[starts[number]..starts[number + 1]];
    for (order, good) in [(vec![0, 2, 3], 1), (vec![0, 2, 1], 1), (vec![0, 0], 1), (vec![1], 0)] {
        let other: Vec<u8> = order.iter().flat_map(|number| record(*number).to_vec()).collect();
        let (count, end) = read(&keys(1), &other);
        assert_eq!(count, good, "{order:?}");
        assert!(matches!(end, Err(Damage::Head { .. })), "{order:?}: {end:?}");
    }
}

#[test]
fn other_keys_open_nothing() {
    let (bytes, _) = file();
    assert_eq!(read(&keys(2), &bytes), (0, Err(Damage::Head { at: 0 })));
    let mixed = Keys { bodies: Aes256Gcm::new(&[9; 32]), ..keys(1) };
    assert_eq!(read(&mixed, &bytes), (0, Err(Damage::Body { at: 0 })));
}

/// File systems lengthen a file first and write into it later; a lost current leaves zeros.
#[test]
fn zeros_in_place_of_the_last_record_are_a_torn_one() {
    let (bytes, starts) = file();
    let last = starts[3];
    let zeros_from = |from: usize, more: usize| {
        let mut torn = bytes[..from].to_vec();
        torn.resize(bytes.len() + more, 0);
        torn
    };
    for more in [0, 1, 4096] {
        for from in last..bytes.len() - UNWRITTEN {
            // The head proves itself by its last byte; what happens to be zero anyway is no loss.
            assert_eq!(read(&keys(1), &zeros_from(from, more)), (3, Ok(true)), "from {from}, {more} more");
        }
    }
    // Too few to be no accident: nobody knows whether this record was acknowledged.
    let end = bytes.len() - 1;
    let mut changed = bytes.clone();
    changed[end] ^= 0xff;
    assert_eq!(read(&keys(1), &changed), (3, Err(Damage::Body { at: last })));
    // Zeros with anything behind them are no lost end.
    let mut followed = zeros_from(last, 64);
    followed.push(1);
    assert_eq!(read(&keys(1), &followed), (3, Err(Damage::Head { at: last })));
}

#[test]
fn what_is_too_long_is_not_sealed() {
    assert!(seal(&keys(1), &start(), &vec![0; LONGEST]).is_some());
    assert!(seal(&keys(1), &start(), &vec![0; LONGEST + 1]).is_none());
}

/// After a torn record was cut off, another one takes its number; they must not share a nonce.
#[test]
fn two_texts_in_one_place_have_two_nonces() {
    let nonce = |text: &[u8]| seal(&keys(1), &start(), text).unwrap().0[12..24].to_vec();
    assert_ne!(nonce(b"one"), nonce(b"two"));
    assert_eq!(nonce(b"one"), nonce(b"one"));
}

#[test]
fn nothing_is_readable() {
    let (bytes, _) = file();
    assert!(!bytes.windows(5).any(|window| window == b"three"));
}
