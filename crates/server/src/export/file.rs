//! A file of JSON lines that only grows.
//!
//! It is opened anew each time, so whoever moves it away finds the next events in a file of the old name, without a signal.
//! What a crash left behind is mended: half a line is taken away, and whole lines that the store does not know of yet are
//! not written again.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::Value;
use service::export_log::Line;
use service::hooks::message::ascii;

/// How much of the end is read; more than the longest line has.
const TAIL: u64 = 256 * 1024;

/// Appends `lines`; they are on the disk when this returns.
pub(super) fn append(path: &Path, lines: &[Line]) -> io::Result<()> {
    let Some(last) = lines.last() else { return Ok(()) };
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    let there = mend(&mut file)?;
    // A number behind these is of another log, or of a store that was set back: nothing is left out for it.
    let there = there.filter(|there| *there <= last.seq).unwrap_or(0);
    let mut text = String::new();
    for line in lines.iter().filter(|line| line.seq > there) {
        text.push_str(&ascii(&line.event));
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_data()
}

/// Takes half a line away from the end, and gives the number in the last whole one.
fn mend(file: &mut File) -> io::Result<Option<i64>> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
    if whole < tail.len() && (whole > 0 || from == 0) {
        file.set_len(from.saturating_add(u64::try_from(whole).unwrap_or(u64::MAX)))?;
    }
    let lines = tail.get(..whole).unwrap_or_default();
    let last = lines.rsplit(|byte| *byte == b'\n').find(|line| !line.is_empty());
    let last = last.and_then(|line| serde_json::from_slice::<Value>(line).ok());
    Ok(last.and_then(|line| line.get("seq")?.as_i64()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use primitives::time::Timestamp;
    use serde_json::json;

    use super::*;

    fn lines(seqs: std::ops::RangeInclusive<i64>) -> Vec<Line> {
        let line =
            |seq| Line { seq, at: Timestamp::from_secs(0), kind: "signed_out", event: json!({ "seq": seq }) };
        seqs.map(line).collect()
    }

    fn seqs(path: &Path) -> Vec<i64> {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| line["seq"].as_i64().unwrap()).collect()
    }

    #[test]
    fn a_crash_between_writing_and_remembering_repeats_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.ndjson");
        append(&path, &lines(1..=3)).unwrap();
        append(&path, &lines(1..=3)).unwrap();
        append(&path, &lines(2..=5)).unwrap();
        assert_eq!(seqs(&path), [1, 2, 3, 4, 5]);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn half_a_line_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.ndjson");
        append(&path, &lines(1..=2)).unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"seq\":3,\"id").unwrap();
        append(&path, &lines(3..=4)).unwrap();
        assert_eq!(seqs(&path), [1, 2, 3, 4]);
        std::fs::write(&path, "{\"se").unwrap();
        append(&path, &lines(5..=5)).unwrap();
        assert_eq!(seqs(&path), [5]);
    }

    #[test]
    fn a_file_that_was_moved_away_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.ndjson");
        append(&path, &lines(1..=2)).unwrap();
        let moved = folder.path().join("audit.1");
        std::fs::rename(&path, &moved).unwrap();
        append(&path, &lines(3..=3)).unwrap();
        assert_eq!((seqs(&moved), seqs(&path)), (vec![1, 2], vec![3]));
    }

    #[test]
    fn the_end_of_another_log_hides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.ndjson");
        append(&path, &lines(90..=91)).unwrap();
        append(&path, &lines(1..=2)).unwrap();
        assert_eq!(seqs(&path), [90, 91, 1, 2]);
    }
}
