//! The process dies, the file is cut, the disk fails: what was acknowledged is there.

use std::fs;

use super::*;

/// A place where flushing costs nothing, if there is one: what is tried here is what is in the file, thousands of times.
pub(super) fn quick_place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let path = folder.path().join("vault");
    (folder, path)
}

/// What a vault is told, one acknowledged change after the other.
fn deed(vault: &mut VaultFile, number: u8) -> Result<(), VaultRefusal> {
    match number % 8 {
        3 => vault.count_use(&[number - 1; 16], Timestamp::from_secs(number.into())).map(drop),
        5 => vault.change_user(&[number - 1; 16], credential(number).user),
        6 => vault.set_state(DeviceState {
            pin_retries: number % 8,
            large_blobs: vec![number; 17],
            ..full_state()
        }),
        7 => vault.remove(&[number - 3; 16]),
        _ => vault.add(credential(number)),
    }
}

/// After each deed: how long the file is, and what is in the vault.
fn chronicle(path: &Path, deeds: u8) -> Vec<(usize, Vec<Vec<u8>>)> {
    let mut vault = make(path);
    let mut chronicle = vec![(fs::read(path).unwrap().len(), facts(&vault))];
    for number in 1..=deeds {
        deed(&mut vault, number).unwrap();
        chronicle.push((fs::read(path).unwrap().len(), facts(&vault)));
    }
    chronicle
}

#[test]
fn a_file_cut_at_any_byte_has_what_was_acknowledged_or_says_that_it_is_damaged() {
    let (folder, path) = quick_place();
    let chronicle = chronicle(&path, 16);
    let bytes = fs::read(&path).unwrap();
    let first = chronicle[0].0;
    let cut = folder.path().join("cut");
    for length in 0..=bytes.len() {
        fs::write(&cut, &bytes[..length]).unwrap();
        let opened = VaultFile::open(&cut, Unlock::Unattended);
        if length < first {
            // Not one file of this length was ever put in its place.
            let error = opened.err().unwrap();
            assert!(
                matches!(error, VaultError::NotAVault | VaultError::Damaged(Damage::Short)),
                "{length}: {error}"
            );
            assert_eq!(fs::read(&cut).unwrap(), &bytes[..length], "what is refused is left alone");
            continue;
        }
        let vault = opened.unwrap_or_else(|error| panic!("cut at {length}: {error}"));
        let (kept, expected) = chronicle.iter().rfind(|(kept, _)| *kept <= length).unwrap();
        assert_eq!(facts(&vault), *expected, "cut at {length}");
        drop(vault);
        assert_eq!(fs::read(&cut).unwrap(), &bytes[..*kept], "the torn end is gone");
    }
}

#[test]
fn after_a_torn_end_the_vault_goes_on() {
    let (_folder, path) = place();
    chronicle(&path, 9);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 3]).unwrap();
    let mut vault = open(&path);
    vault.add(credential(100)).unwrap();
    let before = facts(&vault);
    drop(vault);
    assert_eq!(facts(&open(&path)), before);
}

#[test]
fn a_changed_byte_anywhere_is_refused_and_left_alone() {
    let (folder, path) = quick_place();
    chronicle(&path, 3);
    let bytes = fs::read(&path).unwrap();
    let changed_path = folder.path().join("changed");
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        fs::write(&changed_path, &changed).unwrap();
        let error = VaultFile::open(&changed_path, Unlock::Unattended).err();
        assert!(error.is_some(), "byte {at}");
        assert_eq!(fs::read(&changed_path).unwrap(), changed, "byte {at}");
    }
}

/// Dies before each step of every deed and of writing anew, in turn.
#[test]
fn wherever_a_step_fails_what_was_acknowledged_is_there() {
    let mut finished = false;
    for steps in 0..400 {
        let (_folder, path) = quick_place();
        let mut vault = make(&path);
        let left = vault.disk.light_fuse(steps);
        let mut acknowledged = facts(&vault);
        let mut tried = None;
        for number in 1..=16 {
            if number % 5 == 0 && vault.rewrite(Vec::new(), Backups::Moved).is_err() {
                break;
            }
            if let Err(refusal) = deed(&mut vault, number) {
                assert_eq!(refusal, VaultRefusal::Failed);
                assert_eq!(
                    facts(&vault),
                    acknowledged,
                    "{steps}: what is not written is not in memory either"
                );
                tried = Some(number);
                break;
            }
            acknowledged = facts(&vault);
        }
        finished = left.load(std::sync::atomic::Ordering::SeqCst) > 0;
        drop(vault);
        let mut vault = open(&path);
        let found = facts(&vault);
        if found != acknowledged {
            // A change whose flush failed may be there all the same; nothing else may.
            let number = tried.unwrap_or_else(|| panic!("{steps}: something was lost"));
            vault.contents = open_copy(&acknowledged);
            let change = |vault: &mut VaultFile| deed(vault, number);
            change(&mut vault).unwrap();
            assert_eq!(facts(&vault), found, "{steps}");
        }
    }
    assert!(finished, "the fuse is longer than the deeds");
}

/// Contents of these facts.
fn open_copy(facts: &[Vec<u8>]) -> Contents {
    let mut contents = Contents::default();
    for text in facts {
        contents.apply(record::read(text).unwrap()).unwrap();
    }
    contents
}

#[test]
fn after_a_failed_flush_nothing_more_is_promised() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    // The write takes two steps and the flush is the third.
    vault.disk.light_fuse(2);
    assert_eq!(vault.add(credential(1)), Err(VaultRefusal::Failed));
    vault.disk.light_fuse(1_000);
    assert_eq!(vault.set_item("a", Some(b"b")), Err(VaultError::Unsure));
    assert_eq!(vault.rewrite(Vec::new(), Backups::Moved), Err(VaultError::Unsure));
    drop(vault);
    let mut vault = open(&path);
    vault.set_item("a", Some(b"b")).unwrap();
}

#[test]
fn after_too_little_room_the_vault_goes_on() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    let length = fs::metadata(&path).unwrap().len();
    vault.disk.fail_once(1);
    assert_eq!(vault.add(credential(2)), Err(VaultRefusal::Failed));
    assert_eq!(fs::metadata(&path).unwrap().len(), length, "half a record is taken back");
    vault.add(credential(3)).unwrap();
    drop(vault);
    assert_eq!(open(&path).all().map(|credential| credential.id[0]).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn a_snapshot_that_misses_records_is_short() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    (1..=5).for_each(|number| vault.add(credential(number)).unwrap());
    vault.rewrite(Vec::new(), Backups::Moved).unwrap();
    drop(vault);
    let bytes = fs::read(&path).unwrap();
    // A whole record less: every byte that is left is as it was written.
    let keys = {
        let header = Header::read(&bytes).unwrap();
        let opener = header.lock.opener(&Unlock::Unattended, &header.id).unwrap();
        header.keys(&header.open(&opener).unwrap())
    };
    let header = Header::read(&bytes).unwrap();
    let mut reader = Reader::new(&keys, &bytes, header.bytes().len(), header.tail());
    let mut ends = Vec::new();
    while let Next::Record(_) = reader.next().unwrap() {
        ends.push(reader.good());
    }
    assert_eq!(ends.len(), 7);
    for end in &ends[..6] {
        fs::write(&path, &bytes[..*end]).unwrap();
        let error = VaultFile::open(&path, Unlock::Unattended).err();
        assert_eq!(error, Some(VaultError::Damaged(Damage::Short)), "{end}");
    }
}
