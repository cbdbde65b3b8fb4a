//! A file of passwords that others know, searched where it lies.
//!
//! One a line, sorted by bytes (`LC_ALL=C sort`): either the passwords themselves, or the upper-case hexadecimal SHA-1 of
//! each, perhaps with `:count` behind it, as "Have I Been Pwned" gives them out. Such a list has tens of gigabytes: it is
//! searched by halving, a few dozen short reads for each password.

use std::cmp::Ordering;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use primitives::digest;
use primitives::encoding;

/// No line is longer; what stands behind is not looked at.
const LONGEST_LINE: usize = 2048;

/// Hexadecimal digits of a SHA-1.
const DIGEST_DIGITS: usize = 40;

/// An open list.
#[derive(Debug)]
pub struct BreachedList {
    file: File,
    length: u64,
    digests: bool,
}

impl BreachedList {
    /// Opens the list at `path` and looks at its first line to see of which kind it is.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let list = Self { file, length, digests: false };
        let first = list.line_at(0)?;
        let digest = key_of(&first);
        let digests = digest.len() == DIGEST_DIGITS
            && digest.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
        Ok(Self { digests, ..list })
    }

    /// Whether the password stands in it.
    pub fn contains(&self, password: &str) -> io::Result<bool> {
        let wanted = if self.digests {
            encoding::hex_upper(&digest::sha1(password.as_bytes())).into_bytes()
        } else {
            password.as_bytes().to_vec()
        };
        // The line sought begins in low..high, if anywhere; both always stand at beginnings of lines.
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = self.beginning(low, low + (high - low).div_euclid(2))?;
            let line = self.line_at(middle)?;
            let key = if self.digests { key_of(&line) } else { line.as_slice() };
            match key.cmp(wanted.as_slice()) {
                Ordering::Equal => return Ok(true),
                Ordering::Less => low = self.next(middle)?,
                Ordering::Greater => high = middle,
            }
        }
        Ok(false)
    }

    /// Where the line begins that `at` lies in, not before `low`, which begins one.
    fn beginning(&self, low: u64, at: u64) -> io::Result<u64> {
        let mut end = at;
        while end > low {
            let begin = end.saturating_sub(256).max(low);
            let chunk = self.read(begin, usize::try_from(end - begin).unwrap_or(usize::MAX))?;
            if let Some(place) = chunk.iter().rposition(|byte| *byte == b'\n') {
                return Ok(begin + u64::try_from(place).unwrap_or(0) + 1);
            }
            end = begin;
        }
        Ok(low)
    }

    /// Where the line after the one at `from` begins.
    fn next(&self, from: u64) -> io::Result<u64> {
        let mut at = from;
        while at < self.length {
            let chunk = self.read(at, 256)?;
            if let Some(place) = chunk.iter().position(|byte| *byte == b'\n') {
                return Ok(at + u64::try_from(place).unwrap_or(0) + 1);
            }
            at += 256;
        }
        Ok(self.length)
    }

    /// The line that begins there, without its end.
    fn line_at(&self, from: u64) -> io::Result<Vec<u8>> {
        let mut line = self.read(from, LONGEST_LINE)?;
        if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
            line.truncate(end);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    /// Up to so many bytes from there; fewer only at the end of the file.
    fn read(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let left = usize::try_from(self.length.saturating_sub(from)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; most.min(left)];
        self.file.read_exact_at(&mut bytes, from)?;
        Ok(bytes)
    }
}

/// What stands before the count.
fn key_of(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == b':').next().unwrap_or(line)
}

#[cfg(test)]
mod tests;
