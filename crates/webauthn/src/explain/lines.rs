//! One case a line, one answer a line, in bounded memory.

use std::io::{self, BufRead, ErrorKind, Write};

use primitives::time::Timestamp;

use super::{Explained, LONGEST};

/// Reads one case a line and writes one line of JSON for each, at once. Lines of nothing but white space are
/// passed over; a line that is too long, or no UTF-8, has an answer like any other. Ends quietly when nobody
/// reads the answers any more.
///
/// # Errors
/// What reading or writing gives, but for a closed pipe.
pub fn answer_lines(mut input: impl BufRead, mut output: impl Write, now: Timestamp) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        let answer = match read_line(&mut input, &mut line)? {
            Line::End => return Ok(()),
            Line::TooLong => Explained::too_long(&line),
            Line::Whole if line.iter().all(u8::is_ascii_whitespace) => continue,
            Line::Whole => super::case_in(&line, now),
        };
        match write_line(&mut output, &answer.line()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            other => other?,
        }
    }
}

fn write_line(output: &mut impl Write, line: &str) -> io::Result<()> {
    output.write_all(line.as_bytes())?;
    output.write_all(b"\n")?;
    output.flush()
}

enum Line {
    /// Nothing is left.
    End,
    /// It is in the buffer, without its end.
    Whole,
    /// It was longer than [`LONGEST`] and is passed; its beginning is in the buffer.
    TooLong,
}

/// Reads to the end of a line and keeps no more of it than may be looked at.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let (mut begun, mut too_long) = (false, false);
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        let whole = if too_long { Line::TooLong } else { Line::Whole };
        if available.is_empty() {
            return Ok(if begun { whole } else { Line::End });
        }
        begun = true;
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        let used = end.map_or(available.len(), |end| end.saturating_add(1));
        // One more for the carriage return before the end.
        let room = LONGEST.saturating_add(1).saturating_sub(line.len());
        too_long |= part.len() > room;
        line.extend_from_slice(part.get(..room).unwrap_or(part));
        input.consume(used);
        if end.is_some() {
            if too_long {
                return Ok(Line::TooLong);
            }
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(Line::Whole);
        }
    }
}

#[cfg(test)]
mod tests;
