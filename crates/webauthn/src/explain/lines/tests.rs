use std::io::{BufReader, Error, Read};

use super::*;

fn answers(input: &[u8]) -> Vec<serde_json::Value> {
    let mut output = Vec::new();
    // A small buffer, so that lines span several reads.
    answer_lines(BufReader::with_capacity(7, input), &mut output, Timestamp::EPOCH).unwrap();
    let text = String::from_utf8(output).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn reasons(input: &[u8]) -> Vec<String> {
    answers(input).iter().map(|answer| answer["reason"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_answer_a_line_and_none_for_blank_ones() {
    assert_eq!(reasons(b""), [""; 0]);
    assert_eq!(reasons(b"\n\r\n  \t\n\n"), [""; 0]);
    assert_eq!(reasons(b"{}\r\n\n[]\n\xff\nnull"), ["malformed"; 4]);
    let ids: Vec<_> = answers(b"{\"id\":1}\n{\"id\":\"b\"}\r\n{\"id\":-2.50e3}")
        .iter()
        .map(|answer| answer["id"].clone())
        .collect();
    assert_eq!(ids, [serde_json::json!(1), serde_json::json!("b"), serde_json::json!(-2500.0)]);
}

#[test]
fn a_line_that_is_too_long_is_passed_and_the_next_one_read() {
    let mut input = vec![b' '; LONGEST + 2];
    input.extend(b"\n{\"id\":2}\n");
    input.extend(vec![b'x'; 3 * LONGEST]);
    let found = answers(&input);
    assert_eq!(found.len(), 3);
    assert_eq!(found[0]["reason"], "resource_limit");
    assert_eq!((&found[1]["id"], &found[1]["reason"]), (&2.into(), &"malformed".into()));
    assert_eq!(found[2]["reason"], "resource_limit");
    // Whose it was can be told, if it stands at the beginning.
    let answer = &answers(format!("{{\"id\":\"big\",\"x\":\"{}\"}}", "ü".repeat(2 * LONGEST)).as_bytes())[0];
    assert_eq!((&answer["id"], &answer["reason"]), (&"big".into(), &"resource_limit".into()));
    let answer = &answers(b"{\"id\":4,\"x\":\"\xff\"}")[0];
    assert_eq!((&answer["id"], &answer["reason"]), (&4.into(), &"malformed".into()));
    // The longest that is read, with a carriage return behind it.
    let mut longest = format!("{{\"id\":3,\"x\":\"{}\"}}", "x".repeat(LONGEST - 15)).into_bytes();
    assert_eq!(longest.len(), LONGEST);
    longest.extend(b"\r\n");
    let answer = &answers(&longest)[0];
    assert_eq!((&answer["id"], &answer["reason"]), (&3.into(), &"malformed".into()));
}

/// Fails once at the first read and then has a line.
struct Failing(Option<ErrorKind>, &'static [u8]);

impl Read for Failing {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.take() {
            Some(kind) => Err(Error::from(kind)),
            None => self.1.read(out),
        }
    }
}

#[test]
fn an_interrupted_read_is_repeated_and_a_broken_one_is_not() {
    let answer = |kind| {
        let mut output = Vec::new();
        let input = BufReader::new(Failing(Some(kind), b"{}"));
        answer_lines(input, &mut output, Timestamp::EPOCH).map(|()| output.len())
    };
    assert!(answer(ErrorKind::Interrupted).is_ok_and(|length| length > 0));
    assert_eq!(answer(ErrorKind::ConnectionReset).unwrap_err().kind(), ErrorKind::ConnectionReset);
}

/// Fails at every write.
struct Closed(ErrorKind);

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(Error::from(self.0))
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_ends_quietly_and_a_full_disk_does_not() {
    let answer = |kind| answer_lines(b"{}\n{}\n".as_slice(), Closed(kind), Timestamp::EPOCH);
    assert!(answer(ErrorKind::BrokenPipe).is_ok());
    assert_eq!(answer(ErrorKind::StorageFull).unwrap_err().kind(), ErrorKind::StorageFull);
}
