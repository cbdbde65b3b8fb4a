//! Tests of the file's steps, and the fuse that stops between any two of them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Disk, Fuse};

impl Fuse {
    pub(super) fn burn(&mut self) -> io::Result<()> {
        if let Some(steps) = &mut self.once {
            if *steps == 0 {
                self.once = None;
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            *steps -= 1;
        }
        let Some(left) = &self.left else { return Ok(()) };
        match left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("the fuse is blown")),
        }
    }

    pub(super) fn is_lit(&self) -> bool {
        self.left.is_some() || self.once.is_some()
    }
}

impl Disk {
    /// From now on so many steps work; what counts them is the answer.
    pub(in crate::vault_file) fn light_fuse(&mut self, steps: u32) -> Arc<AtomicU32> {
        let left = Arc::new(AtomicU32::new(steps));
        self.fuse = Fuse { left: Some(Arc::clone(&left)), once: None };
        left
    }

    /// After so many steps one fails, and those behind it work.
    pub(in crate::vault_file) fn fail_once(&mut self, steps: u32) {
        self.fuse = Fuse { left: None, once: Some(steps) };
    }
}
