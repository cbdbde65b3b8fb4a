//! Byte for byte against the specification, and against a TPM that answers nonsense. A real one (swtpm) is in
//! `tests/vault_tpm.rs`.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::*;

const KEY: [u8; 32] = [7; 32];

/// Answers what it was told to, in order, and remembers what it was asked.
struct Scripted {
    answers: RefCell<VecDeque<Vec<u8>>>,
    asked: Vec<Vec<u8>>,
}

impl Device for Scripted {
    fn exchange(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TpmRefusal> {
        self.asked.push(command.to_vec());
        self.answers.borrow_mut().pop_front().map(Zeroizing::new).ok_or(TpmRefusal::Silent)
    }
}

fn scripted(answers: &[Vec<u8>]) -> Tpm<Scripted> {
    Tpm(Scripted { answers: RefCell::new(answers.to_vec().into()), asked: Vec::new() })
}

/// An answer: tag, length, code, and what follows.
fn answer(code: u32, rest: &[u8]) -> Vec<u8> {
    let length = u32::try_from(10 + rest.len()).unwrap();
    [&[0x80, 2][..], &length.to_be_bytes(), &code.to_be_bytes(), rest].concat()
}

fn parameters(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    // Behind them stands the answer's own session: an empty nonce, attributes, an empty code.
    [&length.to_be_bytes(), bytes, &[0, 0, 1, 0, 0]].concat()
}

fn part(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn loaded(handle: u32) -> Vec<u8> {
    answer(0, &[handle.to_be_bytes().to_vec(), parameters(&part(&[0; 34]))].concat())
}

fn sealed() -> Sealed {
    Sealed::read(&[part(b"public"), part(b"private")].concat()).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[test]
fn commands_are_what_the_specification_says() {
    let authorisation = "00000009 40000009 0000 00 0000";
    let primary = "8002 00000043 00000131 40000001 {a} 0004 0000 0000
        001a 0023 000b 00030472 0000 0006 0080 0043 0010 0003 0010 0000 0000 0000 00000000";
    assert_eq!(*wire::create_primary(), hex(&primary.replace("{a}", authorisation)));
    let create = format!(
        "8002 00000057 00000153 80000001 {authorisation} 0024 0000 0020 {} 000e 0008 000b 00000452 0000 0010 0000 0000 00000000",
        "07".repeat(32)
    );
    assert_eq!(*wire::create(Handle(0x8000_0001), &KEY), hex(&create));
    let load =
        format!("8002 0000002c 00000157 80000001 {authorisation} 0007 70726976617465 0006 7075626c6963");
    assert_eq!(*wire::load(Handle(0x8000_0001), &sealed()), hex(&load));
    let unseal = format!("8002 0000001b 0000015e 80000002 {authorisation}");
    assert_eq!(*wire::unseal(Handle(0x8000_0002)), hex(&unseal));
    assert_eq!(*wire::flush(Handle(0x8000_0002)), hex("8001 0000000e 00000165 80000002"));
}

#[test]
fn what_is_loaded_is_flushed_however_it_ends() {
    let done = answer(0, &[]);
    let opened = answer(0, &parameters(&part(&KEY)));
    let good = [loaded(1), loaded(2), opened, done.clone(), done.clone()];
    let mut tpm = scripted(&good);
    assert_eq!(*tpm.unseal(&sealed()).unwrap(), KEY);
    let codes = |tpm: &Tpm<Scripted>| -> Vec<u8> { tpm.0.asked.iter().map(|command| command[9]).collect() };
    assert_eq!(codes(&tpm), [0x31, 0x57, 0x5e, 0x65, 0x65]);
    assert_eq!(tpm.0.asked[3], *wire::flush(Handle(2)));
    let mut tpm = scripted(&[loaded(1), loaded(2), answer(0x98e, &[]), done.clone(), done.clone()]);
    assert_eq!(tpm.unseal(&sealed()).err(), Some(TpmRefusal::Refused(0x98e)));
    assert_eq!(codes(&tpm), [0x31, 0x57, 0x5e, 0x65, 0x65]);
    // A flush that fails takes nothing away from what was done.
    let mut tpm = scripted(&[loaded(1), loaded(2), answer(0, &parameters(&part(&KEY)))]);
    assert!(tpm.unseal(&sealed()).is_ok());
}

#[test]
fn refusals_are_told_apart() {
    let refused = |code: u32| scripted(&[answer(code, &[])]).seal(&KEY).err();
    // TPM_RC_BAD_AUTH of session 1; TPM_RC_INTEGRITY of parameter 1.
    assert_eq!(refused(0x9a2), Some(TpmRefusal::Owned));
    assert_eq!(refused(0x101), Some(TpmRefusal::Refused(0x101)));
    assert_eq!(refused(0x922), Some(TpmRefusal::Refused(0x922)));
    let foreign = [loaded(1), answer(0x1df, &[]), answer(0, &[])];
    assert_eq!(scripted(&foreign).unseal(&sealed()).err(), Some(TpmRefusal::NotSealedHere));
    assert_eq!(scripted(&[]).seal(&KEY).err(), Some(TpmRefusal::Silent));
}

#[test]
fn an_answer_that_makes_no_sense_is_refused() {
    let good = answer(0, &parameters(&[part(b"private"), part(b"public")].concat()));
    assert!(wire::created(&good).is_ok());
    for length in 0..good.len() {
        assert_eq!(wire::created(&good[..length]).err(), Some(TpmRefusal::Nonsense), "cut at {length}");
        // Its stated length put right: what is inside does not fit any more, until only the session is cut.
        let mut shorter = good[..length].to_vec();
        if length >= 6 {
            shorter[2..6].copy_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
            let whole = length >= good.len() - 5;
            assert_eq!(wire::created(&shorter).is_ok(), whole, "cut at {length}");
        }
    }
    assert!(wire::created(&[&good[..], &[0]].concat()).is_err());
    let mut tag = good.clone();
    tag[1] = 0xc4;
    assert_eq!(wire::created(&tag).err(), Some(TpmRefusal::Nonsense));
    for parts in [[part(&[]), part(b"public")], [part(b"private"), part(&[])], [part(&[1; 401]), part(b"x")]]
    {
        assert_eq!(wire::created(&answer(0, &parameters(&parts.concat()))).err(), Some(TpmRefusal::Nonsense));
    }
    for secret in [&[][..], &[7; 31], &[7; 33]] {
        let error = wire::unsealed(&answer(0, &parameters(&part(secret)))).err();
        assert_eq!(error, Some(TpmRefusal::Nonsense));
    }
    let followed = answer(0, &parameters(&[part(&KEY), vec![1]].concat()));
    assert_eq!(wire::unsealed(&followed).err(), Some(TpmRefusal::Nonsense));
    assert_eq!(wire::handle(&answer(0, &[0x80])).err(), Some(TpmRefusal::Nonsense));
}

#[test]
fn a_length_out_of_bounds_is_none() {
    let stated = |length: u32| wire::stated_length(&[&[0x80, 1][..], &length.to_be_bytes()].concat());
    assert_eq!((stated(9), stated(10), stated(4096), stated(4097)), (None, Some(10), Some(4096), None));
    assert_eq!((stated(u32::MAX), wire::stated_length(&[0x80, 1, 0, 0, 0])), (None, None));
}

/// A simulator that hangs up, says too much, or states a length that it does not keep.
#[test]
fn a_stream_of_nonsense_is_refused() {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;
    let cases: [(&[u8], TpmRefusal); 4] = [
        (b"", TpmRefusal::Silent),
        (&[0x80, 1, 0, 0, 0, 20, 0, 0, 0, 0], TpmRefusal::Silent),
        (&[0x80, 1, 0, 0, 0, 10, 0, 0, 0, 0, 0], TpmRefusal::Nonsense),
        (&[0xff; 5000], TpmRefusal::Nonsense),
    ];
    for (said, refusal) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tpm");
        let listener = UnixListener::bind(&path).unwrap();
        let simulator = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut command = [0; 14];
            stream.read_exact(&mut command).unwrap();
            // Whoever has heard enough may have gone.
            let _ = stream.write_all(said);
        });
        let mut channel = Channel::open(&path).unwrap();
        assert_eq!(channel.exchange(&wire::flush(Handle(1))).err(), Some(refusal));
        simulator.join().unwrap();
    }
}

#[test]
fn what_is_no_tpm_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter");
    std::fs::write(&path, "a letter").unwrap();
    let device = TpmDevice::at(Some(path.clone()));
    assert_eq!((device.path(), device.try_out().err()), (path.as_path(), Some(TpmRefusal::Absent)));
    assert_eq!(std::fs::read(&path).unwrap(), b"a letter");
    assert_eq!(TpmDevice::at(None).path(), Path::new("/dev/tpmrm0"));
}

#[test]
fn refusals_have_codes() {
    let all = [
        TpmRefusal::Absent,
        TpmRefusal::Forbidden,
        TpmRefusal::Silent,
        TpmRefusal::Nonsense,
        TpmRefusal::Owned,
        TpmRefusal::NotSealedHere,
        TpmRefusal::Refused(0x922),
    ];
    for refusal in all {
        assert!(refusal.code().starts_with("tpm_") && !refusal.to_string().is_empty());
    }
    assert!(TpmRefusal::Refused(0x922).to_string().ends_with("0x922"));
}
