//! A change of the secret, or a reset, stopped at any step: the vault opens with one secret, whole, and no backup tells what
//! was to be forgotten.

use std::fs;
use std::sync::atomic::Ordering;

use super::stopped::quick_place;
use super::*;

/// Does `deed` to a vault of two backups and three passkeys, where the first step fails, the second …; `judge` sees what is
/// left, and whether the deed said that it was done.
fn stopped_at_each_step(
    unlock: &Unlock,
    deed: impl Fn(&mut VaultFile) -> Result<(), VaultError>,
    judge: impl Fn(u32, &Path, Result<(), VaultError>),
) {
    for steps in 0..100 {
        let (_folder, path) = quick_place();
        let mut vault =
            VaultFile::create_costing(&path, unlock, Cost::CHEAP_FOR_TESTS, &mut SystemEntropy).unwrap();
        (1..=3).for_each(|number| vault.add(credential(number)).unwrap());
        vault.disk.back_up().unwrap();
        vault.disk.back_up().unwrap();
        let left = vault.disk.light_fuse(steps);
        let done = deed(&mut vault);
        drop(vault);
        judge(steps, &path, done);
        if left.load(Ordering::SeqCst) > 0 {
            assert!(steps > 8, "there are as many steps");
            return;
        }
    }
    panic!("the fuse is longer than the deed");
}

fn backups(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let all = entries.map(|entry| entry.unwrap().path());
    all.filter(|other| other != path && !other.to_string_lossy().ends_with(".new")).collect()
}

#[test]
fn wherever_a_change_of_the_secret_stops_one_of_the_two_opens() {
    let (old, new) = (passphrase("correct horse"), passphrase("battery staple"));
    let change = |vault: &mut VaultFile| vault.change_lock_costing(&new, Cost::CHEAP_FOR_TESTS);
    stopped_at_each_step(&old, change, |steps, path, done| {
        let with = |secret: &Unlock| VaultFile::open(path, secret.clone()).map(|vault| vault.count());
        let left = backups(path);
        match done {
            Ok(()) => assert_eq!((with(&old), with(&new)), (Err(VaultError::WrongKey), Ok(3)), "{steps}"),
            Err(VaultError::Unsure) => assert!(with(&old) == Ok(3) || with(&new) == Ok(3), "{steps}"),
            Err(_) => assert_eq!((with(&old), with(&new)), (Ok(3), Err(VaultError::WrongKey)), "{steps}"),
        }
        if with(&new).is_ok() {
            assert!(left.is_empty(), "{steps}: {left:?} open with the old secret");
        }
    });
}

#[test]
fn wherever_a_reset_stops_all_is_there_or_nothing_anywhere() {
    let reset = |vault: &mut VaultFile| vault.reset().map_err(|_| VaultError::Unsure);
    stopped_at_each_step(&Unlock::Unattended, reset, |steps, path, done| {
        let left = backups(path);
        let count = open(path).count();
        assert!(count == 3 || count == 0 && left.is_empty(), "{steps}: {count}, {left:?}");
        assert!(done.is_err() || count == 0, "{steps}");
    });
}

/// A header with a cheaper cost, an older generation or another lock is another header: the key's seal speaks of all of it.
#[test]
fn nobody_makes_a_lock_cheaper() {
    let (_folder, path) = place();
    let secret = passphrase("correct horse");
    let cost = Cost::stated(64, 2).unwrap();
    drop(VaultFile::create_costing(&path, &secret, cost, &mut SystemEntropy).unwrap());
    let bytes = fs::read(&path).unwrap();
    assert_eq!(&bytes[69..78], [1, 0, 0, 0, 64, 0, 0, 0, 2], "function, memory, passes");
    for (at, byte) in [(73, 8), (77, 1), (33, 9)] {
        let mut cheaper = bytes.clone();
        cheaper[at] = byte;
        fs::write(&path, &cheaper).unwrap();
        assert_eq!(VaultFile::open(&path, secret.clone()).err(), Some(VaultError::WrongKey), "byte {at}");
    }
}
