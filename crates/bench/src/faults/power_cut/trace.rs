//! What a program did to the files of a folder, read from the output of `strace -f -ttt -y -xx`.

use std::collections::HashMap;
use std::path::Path;

/// The system calls that are recorded: those by which SQLite and this program write files.
pub(super) const CALLS: &str = "trace=openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink";

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A file came into being.
    Create(String),
    /// Bytes were written.
    Write { file: String, at: usize, data: Vec<u8> },
    /// A file got another length.
    Truncate { file: String, length: usize },
    /// A flush began; the empty name is the folder itself.
    SyncBegins { file: String, number: usize },
    /// It succeeded: what was written before it began is on the disk.
    SyncEnds { file: String, number: usize },
    /// A file got another name, in the place of whatever had it.
    Rename { from: String, to: String },
    /// A name was taken away.
    Unlink(String),
}

/// One thing, by which thread and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Traced {
    /// Microseconds since 1970, when the tracer saw the call begin or, where that is told apart, end.
    pub(super) at: i64,
    /// The thread.
    pub(super) thread: u32,
    /// What.
    pub(super) event: Event,
}

/// Reads the tracer's output.
pub(super) struct Reader {
    /// With a slash at its end.
    folder: String,
    events: Vec<Traced>,
    /// Flushes that have not ended, by thread.
    flushing: HashMap<u32, (String, usize)>,
    /// Where the next `write` goes, by file.
    positions: HashMap<String, usize>,
    flushes: usize,
}

impl Reader {
    /// For what happens to files directly in this folder.
    pub(super) fn new(folder: &Path) -> Self {
        let folder = format!("{}/", folder.display());
        Self { folder, events: Vec::new(), flushing: HashMap::new(), positions: HashMap::new(), flushes: 0 }
    }

    /// Everything that the lines tell, in the order in which it happened.
    pub(super) fn read(mut self, text: &str) -> Vec<Traced> {
        for line in text.lines() {
            // What is cut off at the end of the last line has not been seen to happen.
            let _ = self.line(line);
        }
        self.events
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let (thread, rest) = line.split_once(' ')?;
        let (time, call) = rest.trim_start().split_once(' ')?;
        let (thread, at) = (thread.parse().ok()?, micros(time)?);
        if let Some(resumed) = call.strip_prefix("<... ") {
            let name = resumed.split(' ').next()?;
            if name.ends_with("sync") || name == "fdatasync" {
                let (file, number) = self.flushing.remove(&thread)?;
                if succeeded(call) {
                    self.push(at, thread, Event::SyncEnds { file, number });
                }
            }
            return Some(());
        }
        let unfinished = call.ends_with("<unfinished ...>");
        if !unfinished && !succeeded(call) {
            return Some(());
        }
        let (name, arguments) = call.split_once('(')?;
        match name {
            "openat" => self.open(at, thread, arguments),
            "fsync" | "fdatasync" => self.flush(at, thread, arguments, unfinished),
            _ => {
                let event = self.change(name, arguments)?;
                self.push(at, thread, event);
                Some(())
            }
        }
    }

    /// A call that changes a file or a name.
    fn change(&mut self, name: &str, arguments: &str) -> Option<Event> {
        match name {
            "pwrite64" => {
                let file = self.descriptor(arguments)?;
                let (data, rest) = text(arguments.split_once(", ")?.1)?;
                // `, LENGTH, OFFSET`
                let at = number(rest.trim_start_matches(", ").split(", ").nth(1)?)?;
                Some(Event::Write { file, at, data })
            }
            "write" => {
                let file = self.descriptor(arguments)?;
                let (data, _) = text(arguments.split_once(", ")?.1)?;
                let position = self.positions.entry(file.clone()).or_default();
                let at = *position;
                *position += data.len();
                Some(Event::Write { file, at, data })
            }
            "ftruncate" => {
                let file = self.descriptor(arguments)?;
                Some(Event::Truncate { file, length: number(arguments.split_once(", ")?.1)? })
            }
            "rename" => {
                let (from, rest) = text(arguments)?;
                let (to, _) = text(rest.strip_prefix(", ")?)?;
                let (from, to) = (self.ours(&from)?, self.ours(&to)?);
                if let Some(position) = self.positions.remove(&from) {
                    self.positions.insert(to.clone(), position);
                }
                Some(Event::Rename { from, to })
            }
            "unlink" => {
                let (file, _) = text(arguments)?;
                self.ours(&file).map(Event::Unlink)
            }
            _ => None,
        }
    }

    fn flush(&mut self, at: i64, thread: u32, arguments: &str, unfinished: bool) -> Option<()> {
        let file = self.descriptor(arguments)?;
        self.flushes += 1;
        let number = self.flushes;
        self.push(at, thread, Event::SyncBegins { file: file.clone(), number });
        if unfinished {
            self.flushing.insert(thread, (file, number));
        } else {
            self.push(at, thread, Event::SyncEnds { file, number });
        }
        Some(())
    }

    fn open(&mut self, at: i64, thread: u32, arguments: &str) -> Option<()> {
        let (path, flags) = text(arguments.split_once(", ")?.1)?;
        let file = self.ours(&path)?;
        let creates = flags.contains("O_CREAT");
        if creates {
            self.push(at, thread, Event::Create(file.clone()));
        }
        if creates || flags.contains("O_TRUNC") {
            self.positions.insert(file.clone(), 0);
        }
        if flags.contains("O_TRUNC") {
            self.push(at, thread, Event::Truncate { file, length: 0 });
        }
        Some(())
    }

    fn push(&mut self, at: i64, thread: u32, event: Event) {
        self.events.push(Traced { at, thread, event });
    }

    /// The file of ours that an open descriptor such as `7<\x2f…>` is.
    fn descriptor(&self, arguments: &str) -> Option<String> {
        let path = arguments.split_once('<')?.1.split_once('>')?.0;
        self.ours(&unescape(path)?)
    }

    /// Its name if the path lies directly in the folder, and empty if it is the folder.
    fn ours(&self, path: &[u8]) -> Option<String> {
        let path = std::str::from_utf8(path).ok()?;
        if path == self.folder.trim_end_matches('/') {
            return Some(String::new());
        }
        let name = path.strip_prefix(&self.folder)?;
        // The first is memory that processes share and is made anew; the second nobody reads.
        let unimportant = name.ends_with("-shm") || name.ends_with(".log");
        (!unimportant && !name.contains('/') && !name.ends_with(" (deleted)")).then(|| name.to_owned())
    }
}

fn succeeded(call: &str) -> bool {
    call.rsplit_once(" = ").is_some_and(|(_, result)| !result.starts_with('-') && !result.starts_with('?'))
}

/// The number at the beginning.
fn number(text: &str) -> Option<usize> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// `1795381158.807958` in microseconds.
fn micros(time: &str) -> Option<i64> {
    let (seconds, fraction) = time.split_once('.')?;
    let (seconds, fraction): (i64, i64) = (seconds.parse().ok()?, fraction.parse().ok()?);
    seconds.checked_mul(1_000_000)?.checked_add(fraction)
}

/// A quoted text of `\xHH` at the beginning, and what follows it. One that the tracer cut short is none.
fn text(arguments: &str) -> Option<(Vec<u8>, &str)> {
    let (quoted, rest) = arguments.strip_prefix('"')?.split_once('"')?;
    if rest.starts_with("...") {
        return None;
    }
    Some((unescape(quoted)?, rest))
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes().chunks(4).map(|piece| match piece {
        [b'\\', b'x', high, low] => Some(digit(*high)? * 16 + digit(*low)?),
        _ => None,
    });
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    #[test]
    fn reads_what_strace_writes() {
        let wal = hex("/d/k.db-wal");
        let text = [
            format!("7 1.000001 openat(AT_FDCWD<{}>, \"{wal}\", O_RDWR|O_CREAT, 0600) = 5<{wal}>", hex("/")),
            format!("7 1.000002 pwrite64(5<{wal}>, \"{}\", 2, 32) = 2", hex("ab")),
            format!("7 1.000003 fdatasync(5<{wal}> <unfinished ...>"),
            format!("8 1.000004 pwrite64(5<{wal}>, \"{}\", 1, 34) = 1", hex("c")),
            "7 1.000005 <... fdatasync resumed>) = 0".to_owned(),
            format!("8 1.000006 write(2<{}>, \"{}\", 1) = 1", hex("/e/log"), hex("x")),
            format!("8 1.000007 fdatasync(5<{wal}>) = -1 EIO (Input/output error)"),
            format!("8 1.000008 fsync(6<{}>) = 0", hex("/d")),
            format!("8 1.000009 rename(\"{}\", \"{}\") = 0", hex("/d/a.tmp"), hex("/d/a")),
        ];
        let file = "k.db-wal".to_owned();
        let write = |at, data: &str| Event::Write { file: file.clone(), at, data: data.into() };
        let folder = String::new();
        let expected = [
            Event::Create(file.clone()),
            write(32, "ab"),
            Event::SyncBegins { file: file.clone(), number: 1 },
            write(34, "c"),
            Event::SyncEnds { file: file.clone(), number: 1 },
            Event::SyncBegins { file: folder.clone(), number: 2 },
            Event::SyncEnds { file: folder, number: 2 },
            Event::Rename { from: "a.tmp".to_owned(), to: "a".to_owned() },
        ];
        let read = Reader::new(Path::new("/d")).read(&text.join("\n"));
        assert_eq!(read.iter().map(|traced| traced.event.clone()).collect::<Vec<_>>(), expected);
        assert_eq!(read.first().map(|traced| (traced.at, traced.thread)), Some((1_000_001, 7)));
    }
}
