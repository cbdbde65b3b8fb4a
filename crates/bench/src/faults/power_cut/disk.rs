//! A disk that keeps what was flushed, and of the rest whatever chance leaves.
//!
//! Harsher than most: each write since the last flush of its file is kept, dropped or torn by itself, in any order.
//! Two things are taken for granted, as SQLite does: a flush that returned has flushed, and a write that was cut off
//! damaged nothing beside the bytes that it was to write. Changes of names reach the disk in their order.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::super::random::Random;
use super::trace::Event;
use crate::failure::Failure;

/// What a disk writes in one piece.
const SECTOR: usize = 512;

#[derive(Clone, Debug)]
enum Change {
    Write { at: usize, data: Vec<u8> },
    Truncate(usize),
}

#[derive(Clone, Debug)]
enum Naming {
    Link(String, usize),
    Rename(String, String),
    Unlink(String),
}

#[derive(Clone, Debug, Default)]
struct File {
    durable: Vec<u8>,
    /// Changes that are in memory only, each with its number.
    pending: Vec<(u64, Change)>,
}

/// The files of one folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    files: Vec<File>,
    /// Names as programs see them.
    names: BTreeMap<String, usize>,
    /// Names as the disk has them.
    durable_names: BTreeMap<String, usize>,
    pending_names: Vec<Naming>,
    /// The number of the next change.
    next: u64,
    /// What each flush under way had before it when it began: a file with a number, or so many namings.
    flushing: HashMap<usize, (Option<usize>, u64)>,
    namings: u64,
    namings_flushed: u64,
}

impl Disk {
    /// A disk on which this folder's files are, all of them flushed.
    pub(super) fn of(folder: &Path) -> Result<Self, Failure> {
        let broken = || Failure::because(format!("cannot read {}", folder.display()));
        let mut disk = Self::default();
        for entry in fs::read_dir(folder).map_err(broken())?.flatten() {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if entry.path().is_file() {
                let durable = fs::read(entry.path()).map_err(broken())?;
                disk.files.push(File { durable, pending: Vec::new() });
                disk.names.insert(name, disk.files.len() - 1);
            }
        }
        disk.durable_names = disk.names.clone();
        Ok(disk)
    }

    /// One thing happens.
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Create(name) => {
                if !self.names.contains_key(name) {
                    self.files.push(File::default());
                    let file = self.files.len() - 1;
                    self.names.insert(name.clone(), file);
                    self.rename(Naming::Link(name.clone(), file));
                }
            }
            Event::Write { file, at, data } => {
                self.change(file, Change::Write { at: *at, data: data.clone() });
            }
            Event::Truncate { file, length } => self.change(file, Change::Truncate(*length)),
            Event::SyncBegins { file, number } if file.is_empty() => {
                self.flushing.insert(*number, (None, self.namings));
            }
            Event::SyncBegins { file, number } => {
                if let Some(file) = self.names.get(file) {
                    self.flushing.insert(*number, (Some(*file), self.next));
                }
            }
            Event::SyncEnds { number, .. } => match self.flushing.remove(number) {
                Some((Some(file), before)) => self.flush(file, before),
                Some((None, before)) => self.flush_names(before),
                None => {}
            },
            Event::Rename { from, to } => {
                if let Some(file) = self.names.remove(from) {
                    self.names.insert(to.clone(), file);
                    self.rename(Naming::Rename(from.clone(), to.clone()));
                }
            }
            Event::Unlink(name) => {
                if self.names.remove(name).is_some() {
                    self.rename(Naming::Unlink(name.clone()));
                }
            }
        }
    }

    fn change(&mut self, name: &str, change: Change) {
        let number = self.next;
        self.next += 1;
        if let Some(file) = self.names.get(name).and_then(|file| self.files.get_mut(*file)) {
            file.pending.push((number, change));
        }
    }

    fn rename(&mut self, naming: Naming) {
        self.namings += 1;
        self.pending_names.push(naming);
    }

    fn flush(&mut self, file: usize, before: u64) {
        let Some(file) = self.files.get_mut(file) else { return };
        let flushed = file.pending.iter().take_while(|(number, _)| *number < before).count();
        for (_, change) in file.pending.drain(..flushed) {
            change.apply(&mut file.durable);
        }
    }

    fn flush_names(&mut self, before: u64) {
        let count = usize::try_from(before.saturating_sub(self.namings_flushed)).unwrap_or(0);
        for naming in self.pending_names.drain(..count.min(self.pending_names.len())) {
            naming.apply(&mut self.durable_names);
        }
        self.namings_flushed = self.namings_flushed.max(before);
    }

    /// Whether anything waits to be flushed.
    pub(super) fn has_pending(&self) -> bool {
        !self.pending_names.is_empty() || self.files.iter().any(|file| !file.pending.is_empty())
    }

    /// The power goes: writes what is left into the folder `to`, which is made.
    pub(super) fn cut(&self, random: &mut Random, to: &Path) -> Result<(), Failure> {
        let broken = || Failure::because(format!("cannot write {}", to.display()));
        fs::create_dir_all(to).map_err(broken())?;
        let mut names = self.durable_names.clone();
        let kept = random.index(self.pending_names.len() + 1);
        for naming in self.pending_names.iter().take(kept) {
            naming.apply(&mut names);
        }
        for (name, file) in names {
            let Some(file) = self.files.get(file) else { continue };
            let mut content = file.durable.clone();
            // Sometimes all that was written has reached the disk, sometimes none of it.
            let mood = random.below(4);
            for (_, change) in &file.pending {
                match mood {
                    0 => {}
                    1 => change.apply(&mut content),
                    _ => match random.below(3) {
                        0 => {}
                        1 => change.apply(&mut content),
                        _ => change.torn(random).apply(&mut content),
                    },
                }
            }
            // As the program makes them: it refuses a key file that others may read.
            let path = to.join(name);
            let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            file.and_then(|mut file| file.write_all(&content)).map_err(broken())?;
        }
        Ok(())
    }
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Naming::Link(name, file) => {
                names.insert(name.clone(), *file);
            }
            Naming::Rename(from, to) => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
            Naming::Unlink(name) => {
                names.remove(name);
            }
        }
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Change::Truncate(length) => content.resize(*length, 0),
            Change::Write { at, data } => {
                let end = at + data.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                if let Some(place) = content.get_mut(*at..end) {
                    place.copy_from_slice(data);
                }
            }
        }
    }

    /// What is left of it where the power went in the middle: some of its first sectors.
    fn torn(&self, random: &mut Random) -> Self {
        match self {
            Change::Truncate(length) => Change::Truncate(*length),
            Change::Write { at, data } => {
                // Sectors lie where the file has them, not where the write begins.
                let first = SECTOR - at % SECTOR;
                let sectors = data.len().saturating_sub(first).div_ceil(SECTOR);
                let kept = match random.index(sectors + 1) {
                    0 => 0,
                    more => (first + (more - 1) * SECTOR).min(data.len()),
                };
                Change::Write { at: *at, data: data.get(..kept).unwrap_or_default().to_vec() }
            }
        }
    }
}

#[cfg(test)]
mod tests;
