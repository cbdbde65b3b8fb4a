//! What is kept, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn everything_is_there_after_it_was_closed() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    for number in 1..=9 {
        vault.add(credential(number)).unwrap();
    }
    vault.set_state(full_state()).unwrap();
    vault.set_item("server/1", Some(b"https://id.example")).unwrap();
    vault.set_item("link/1", Some(b"secret")).unwrap();
    vault.set_item("link/1", None).unwrap();
    vault.remove(&[3; 16]).unwrap();
    assert_eq!(vault.count_use(&[4; 16], Timestamp::from_secs(7)), Ok(1));
    assert_eq!(vault.count_use(&[4; 16], Timestamp::from_secs(8)), Ok(2));
    let names = UserEntity { name: "bo".into(), display_name: "Bo".into(), ..credential(5).user };
    vault.change_user(&[5; 16], names).unwrap();
    let before = facts(&vault);
    drop(vault);

    let vault = open(&path);
    assert_eq!(facts(&vault), before);
    assert_eq!((vault.count(), vault.generation(), vault.lock()), (8, 1, LockKind::Unattended));
    assert_eq!(vault.state(), &full_state());
    let four = vault.get(&[4; 16]).unwrap();
    assert_eq!((four.sign_count, four.last_used), (2, Some(Timestamp::from_secs(8))));
    let five = vault.get(&[5; 16]).unwrap();
    assert_eq!((five.user.name.as_str(), &five.user.id), ("bo", &credential(5).user.id));
    assert_eq!(vault.item("server/1"), Some(b"https://id.example".as_slice()));
    assert_eq!(vault.item_names().collect::<Vec<_>>(), ["server/1"]);
    let ids: Vec<u8> = vault.credentials("site1.example").map(|credential| credential.id[0]).collect();
    assert_eq!(ids, [9, 5, 1], "newest first");
    for credential in vault.all() {
        let signature = credential.key.sign(b"message");
        assert!(!signature.is_empty());
    }
}

#[test]
fn a_discoverable_credential_takes_the_place_of_the_one_of_the_same_user() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    vault.add(Credential { discoverable: false, id: vec![50; 16], ..credential(1) }).unwrap();
    vault.add(Credential { id: vec![60; 16], ..credential(1) }).unwrap();
    drop(vault);
    let ids: Vec<u8> = open(&path).all().map(|credential| credential.id[0]).collect();
    assert_eq!(ids, [50, 60]);
}

#[test]
fn what_is_not_there_is_unknown() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    let before = fs::read(&path).unwrap();
    assert_eq!(vault.remove(&[1; 16]), Err(VaultRefusal::Unknown));
    assert_eq!(vault.count_use(&[1; 16], Timestamp::EPOCH), Err(VaultRefusal::Unknown));
    assert_eq!(vault.change_user(&[1; 16], credential(1).user), Err(VaultRefusal::Unknown));
    vault.set_item("nothing", None).unwrap();
    assert_eq!(vault.set_item("", Some(b"x")), Err(VaultError::TooLong));
    assert_eq!(vault.set_item(&"n".repeat(129), Some(b"x")), Err(VaultError::TooLong));
    assert_eq!(vault.set_item("long", Some(&vec![0; 300 * 1024])), Err(VaultError::TooLong));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_reset_leaves_no_trace_but_what_the_program_keeps() {
    let (folder, path) = place();
    let mut vault = make(&path);
    (1..=20).for_each(|number| vault.add(credential(number)).unwrap());
    vault.set_state(full_state()).unwrap();
    vault.set_item("server/1", Some(b"here")).unwrap();
    let longer = fs::metadata(&path).unwrap().len();
    vault.disk.back_up().unwrap();
    vault.reset().unwrap();
    assert_eq!(names(folder.path()), ["vault"], "nor in a backup");
    assert_eq!((vault.count(), vault.state()), (0, &DeviceState::default()));
    assert!(fs::metadata(&path).unwrap().len() < longer / 4);
    drop(vault);
    let vault = open(&path);
    assert_eq!((vault.count(), vault.state(), vault.generation()), (0, &DeviceState::default(), 2));
    assert_eq!(vault.item("server/1"), Some(b"here".as_slice()));
}

#[test]
fn only_the_right_secret_opens() {
    let (_folder, path) = place();
    let secret = passphrase("correct horse");
    let mut vault =
        VaultFile::create_costing(&path, &secret, Cost::CHEAP_FOR_TESTS, &mut SystemEntropy).unwrap();
    vault.add(credential(1)).unwrap();
    drop(vault);
    assert_eq!(VaultFile::lock_of(&path), Ok(LockKind::Passphrase));
    assert_eq!(VaultFile::open(&path, passphrase("correct house")).err(), Some(VaultError::WrongKey));
    let other = VaultError::OtherLock(LockKind::Passphrase);
    assert_eq!(VaultFile::open(&path, Unlock::Unattended).err(), Some(other));
    assert_eq!(VaultFile::open(&path, secret).unwrap().count(), 1);
    let bytes = fs::read(&path).unwrap();
    for readable in ["site1.example", "anna1", "correct horse"] {
        assert!(!bytes.windows(readable.len()).any(|window| window == readable.as_bytes()), "{readable}");
    }
}

#[test]
fn a_changed_passphrase_shuts_out_the_old_one_and_its_backups() {
    let (folder, path) = place();
    let (old, new) = (passphrase("correct horse"), passphrase("battery staple"));
    let cost = Cost::CHEAP_FOR_TESTS;
    let mut vault = VaultFile::create_costing(&path, &old, cost, &mut SystemEntropy).unwrap();
    vault.add(credential(1)).unwrap();
    let key = vault.identity.key.clone();
    vault.change_lock_costing(&new, cost).unwrap();
    assert_ne!(vault.identity.key, key, "who knew the old key has no use of it");
    vault.add(credential(2)).unwrap();
    drop(vault);
    assert_eq!(names(folder.path()), ["vault"]);
    assert_eq!(VaultFile::open(&path, old).err(), Some(VaultError::WrongKey));
    assert_eq!(VaultFile::open(&path, new).unwrap().count(), 2);
}

#[test]
fn a_lock_that_cannot_be_made_changes_nothing() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    assert_eq!(vault.change_lock(&passphrase("short")), Err(VaultError::Passphrase));
    let nowhere = Unlock::Tpm(TpmDevice::at(Some("/nowhere/tpm".into())));
    assert_eq!(vault.change_lock(&nowhere), Err(VaultError::Tpm(TpmRefusal::Absent)));
    drop(vault);
    assert_eq!(open(&path).count(), 1);
}

#[test]
fn one_process_at_a_time() {
    let (_folder, path) = place();
    let vault = make(&path);
    assert_eq!(VaultFile::open(&path, Unlock::Unattended).err(), Some(VaultError::InUse));
    drop(vault);
    let mut vault = open(&path);
    vault.rewrite(Vec::new(), Backups::Moved).unwrap();
    assert_eq!(VaultFile::open(&path, Unlock::Unattended).err(), Some(VaultError::InUse));
}

#[test]
fn files_are_for_their_owner_only() {
    let (folder, _) = place();
    let path = folder.path().join("deep/er/vault");
    let mut vault = make(&path);
    vault.rewrite(Vec::new(), Backups::Moved).unwrap();
    vault.back_up_to(&folder.path().join("copy")).unwrap();
    for name in ["deep/er/vault", "deep/er/vault.backup-1", "copy"] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(folder.path().join("deep")).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn nothing_is_written_over() {
    let (folder, path) = place();
    fs::write(&path, "a letter").unwrap();
    let made = VaultFile::create(&path, Unlock::Unattended, &mut SystemEntropy);
    assert_eq!(made.err(), Some(VaultError::Exists));
    assert_eq!(fs::read(&path).unwrap(), b"a letter");
    assert_eq!(VaultFile::open(&path, Unlock::Unattended).err(), Some(VaultError::NotAVault));
    assert_eq!(VaultFile::lock_of(&path).err(), Some(VaultError::NotAVault));
    let missing = folder.path().join("none");
    assert_eq!(VaultFile::open(&missing, Unlock::Unattended).err(), Some(VaultError::Missing));
    let vault = make(&missing);
    assert_eq!(vault.back_up_to(&path), Err(VaultError::Exists));
}

#[test]
fn backups_move_on_and_open() {
    let (folder, path) = place();
    let mut vault = make(&path);
    for number in 1..=8 {
        vault.add(credential(number)).unwrap();
        vault.rewrite(Vec::new(), Backups::Moved).unwrap();
    }
    drop(vault);
    let expected: Vec<String> = (1..=5).map(|number| format!("vault.backup-{number}")).collect();
    assert_eq!(names(folder.path())[1..], expected);
    for (number, count) in [(1, 8), (2, 7), (5, 4)] {
        let backup = folder.path().join(format!("vault.backup-{number}"));
        assert_eq!(open(&backup).count(), count, "backup {number}");
    }
}

#[test]
fn opening_makes_a_backup_once_a_day() {
    let (folder, path) = place();
    drop(make(&path));
    drop(open(&path));
    assert_eq!(names(folder.path()), ["vault", "vault.backup-1"]);
    drop(open(&path));
    assert_eq!(names(folder.path()), ["vault", "vault.backup-1"]);
    let file = fs::File::options().write(true).open(&path).unwrap();
    let later = file.metadata().unwrap().modified().unwrap() + std::time::Duration::from_secs(90_000);
    file.set_modified(later).unwrap();
    drop(open(&path));
    assert_eq!(names(folder.path()), ["vault", "vault.backup-1", "vault.backup-2"]);
}

#[test]
fn a_file_of_stale_records_is_written_anew() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    while vault.generation() == 1 {
        vault.count_use(&[1; 16], Timestamp::from_secs(1)).unwrap();
    }
    let count = vault.get(&[1; 16]).unwrap().sign_count;
    assert!((1_000..1_100).contains(&count), "{count}");
    assert!(fs::metadata(&path).unwrap().len() < 2_000);
    drop(vault);
    assert_eq!(open(&path).get(&[1; 16]).unwrap().sign_count, count);
}

#[test]
fn many_at_once_or_none() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    vault.add(credential(1)).unwrap();
    vault.add(credential(2)).unwrap();
    let same_user = Credential { id: vec![70; 16], ..credential(2) };
    let twice = Credential { id: vec![71; 16], ..credential(2) };
    let many = vec![credential(1), same_user, credential(3), credential(3), twice];
    assert_eq!(vault.add_all(many), Ok(3));
    let before = facts(&vault);
    let rsa = PrivateKey::generate(Algorithm::Rs256, &mut SystemEntropy).unwrap();
    let unkept = vec![credential(4), Credential { key: rsa, ..credential(5) }];
    assert_eq!(vault.add_all(unkept), Err(VaultError::NoSeed));
    assert_eq!(facts(&vault), before);
    drop(vault);
    let vault = open(&path);
    assert_eq!(facts(&vault), before);
    assert_eq!(vault.all().map(|credential| credential.id[0]).collect::<Vec<_>>(), [1, 2, 70, 3, 71]);
}

#[test]
fn an_rsa_key_is_not_kept() {
    let (_folder, path) = place();
    let mut vault = make(&path);
    let rsa = PrivateKey::generate(Algorithm::Rs256, &mut SystemEntropy).unwrap();
    assert_eq!(vault.add(Credential { key: rsa, ..credential(1) }), Err(VaultRefusal::Failed));
    assert_eq!(vault.count(), 0);
}

#[test]
fn a_link_to_the_vault_stays_a_link() {
    let (folder, path) = place();
    drop(make(&path));
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut vault = open(&link);
    vault.add(credential(1)).unwrap();
    vault.rewrite(Vec::new(), Backups::Moved).unwrap();
    drop(vault);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(open(&path).count(), 1);
}

#[test]
fn nothing_secret_is_printed() {
    let (_folder, path) = place();
    let vault = make(&path);
    let printed = format!("{vault:?}");
    assert!(printed.contains("Lock(unattended)") && !printed.contains("opener"), "{printed}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
