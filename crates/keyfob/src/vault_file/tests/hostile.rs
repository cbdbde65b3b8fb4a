//! What others do to the file: put older or foreign pieces into it, open it to everybody, put something else in its place.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::*;

/// Where each record of the file ends, the header's end first.
fn ends(bytes: &[u8]) -> Vec<usize> {
    let header = Header::read(bytes).unwrap();
    let opener = header.lock.opener(&Unlock::Unattended, &header.id).unwrap();
    let keys = header.keys(&header.open(&opener).unwrap());
    let mut reader = Reader::new(&keys, bytes, header.bytes().len(), header.tail());
    let mut ends = vec![reader.good()];
    while let Next::Record(_) = reader.next().unwrap() {
        ends.push(reader.good());
    }
    ends
}

/// A backup put back goes on with the same keys from the same place: the two ways share no nonce, and no record of the one
/// fits into the other.
#[test]
fn two_ways_from_one_backup_do_not_mix() {
    let (folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    let copy = folder.path().join("copy");
    vault.back_up_to(&copy).unwrap();
    vault.add(credential(2)).unwrap();
    vault.add(credential(3)).unwrap();
    drop(vault);
    let mut other = open(&copy);
    other.add(credential(4)).unwrap();
    other.add(credential(3)).unwrap();
    drop(other);
    let (one, two) = (fs::read(&path).unwrap(), fs::read(&copy).unwrap());
    let (one_ends, two_ends) = (ends(&one), ends(&two));
    let [.., fork, one_middle, one_end] = one_ends[..] else { panic!("records") };
    let [.., two_fork, two_middle, two_end] = two_ends[..] else { panic!("records") };
    assert_eq!((fork, &one[..fork]), (two_fork, &two[..fork]));
    let nonce = |bytes: &[u8], at: usize| bytes[at + 12..at + 24].to_vec();
    let nonces = [(&one, fork), (&one, one_middle), (&two, fork), (&two, two_middle)];
    let mut nonces: Vec<_> = nonces.iter().map(|(bytes, at)| nonce(bytes, *at)).collect();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4, "not even for the same passkey in the same place");
    for mixed in
        [[&one[..one_middle], &two[two_middle..two_end]], [&two[..two_middle], &one[one_middle..one_end]]]
    {
        fs::write(&path, mixed.concat()).unwrap();
        let error = VaultFile::open(&path, Unlock::Unattended).err();
        assert!(matches!(error, Some(VaultError::Damaged(Damage::Head { .. }))), "{error:?}");
    }
}

#[test]
fn records_of_another_generation_or_vault_do_not_fit() {
    let (folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    let before = fs::read(&path).unwrap();
    vault.rewrite(Vec::new(), Backups::Moved).unwrap();
    vault.add(credential(2)).unwrap();
    drop(vault);
    let other_path = folder.path().join("other");
    let mut other = make(&other_path);
    other.add(credential(1)).unwrap();
    drop(other);
    let (now, other) = (fs::read(&path).unwrap(), fs::read(&other_path).unwrap());
    let header = ends(&now)[0];
    assert_eq!((ends(&before)[0], ends(&other)[0]), (header, header));
    for front in [&now, &before, &other] {
        for back in [&now, &before, &other] {
            if std::ptr::eq(front, back) {
                continue;
            }
            fs::write(&path, [&front[..header], &back[header..]].concat()).unwrap();
            let error = VaultFile::open(&path, Unlock::Unattended).err();
            assert_eq!(error, Some(VaultError::Damaged(Damage::Head { at: header })));
        }
    }
}

/// What is not promised, so that nobody believes it is: an older whole file opens, and so does one that lost its last
/// whole records. Nothing in the file can tell.
#[test]
fn an_older_file_opens() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    let older = fs::read(&path).unwrap();
    vault.add(credential(2)).unwrap();
    drop(vault);
    let ends = ends(&fs::read(&path).unwrap());
    assert_eq!(ends[ends.len() - 2], older.len());
    fs::write(&path, &older).unwrap();
    assert_eq!(open(&path).count(), 1);
}

#[test]
fn a_vault_that_others_may_read_is_closed_to_them() {
    let (_folder, path) = place();
    drop(make(&path));
    fs::set_permissions(&path, Permissions::from_mode(0o664)).unwrap();
    let vault = open(&path);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    drop(vault);
    let backup = path.with_file_name("vault.backup-1");
    assert_eq!(fs::metadata(backup).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_is_no_file_is_no_vault() {
    let (folder, path) = place();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    // Reading the pipe would wait for ever.
    assert_eq!(VaultFile::lock_of(&pipe).err(), Some(VaultError::NotAVault));
    assert_eq!(VaultFile::open(&pipe, Unlock::Unattended).err(), Some(VaultError::NotAVault));
    fs::create_dir(&path).unwrap();
    assert_eq!(VaultFile::lock_of(&path).err(), Some(VaultError::NotAVault));
    assert!(VaultFile::open(&path, Unlock::Unattended).is_err());
}

/// A link that somebody laid where the vault writes beside itself is not followed.
#[test]
fn a_link_beside_the_vault_is_not_followed() {
    let (folder, path) = place();
    let mut vault = make(&path);
    let letter = folder.path().join("letter");
    fs::write(&letter, "a letter").unwrap();
    for name in ["vault.new", "vault.copy", "vault.backup-1"] {
        std::os::unix::fs::symlink(&letter, folder.path().join(name)).unwrap();
    }
    vault.rewrite(Vec::new(), Backups::Moved).unwrap();
    assert_eq!(vault.back_up_to(&folder.path().join("vault.backup-2")), Err(VaultError::Exists));
    assert_eq!(fs::read(&letter).unwrap(), b"a letter");
    assert!(fs::symlink_metadata(&path).unwrap().is_file());
}
