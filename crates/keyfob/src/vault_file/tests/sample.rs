//! A vault as it was written when the layout was settled: whatever changes here, those that people have must open.
//!
//! `samples/read_vault.py` reads it by docs/keyfob/vault-format.md alone, with other people's ciphers.

use std::fs;

use super::*;

const SAMPLE: &[u8] = include_bytes!("samples/vault-1");
const SECRET: &str = "schöne Grüße";

/// 1, 2, 3 …
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

#[test]
fn what_is_written_is_what_it_was() {
    let (_folder, path) = place();
    let cost = Cost::stated(64, 2).unwrap();
    let mut vault = VaultFile::create_costing(&path, &passphrase(SECRET), cost, &mut Counting(0)).unwrap();
    (1..=2).for_each(|number| vault.add(credential(number)).unwrap());
    vault.count_use(&[1; 16], Timestamp::from_secs(1_800_000_100)).unwrap();
    let names = UserEntity { name: "bo".into(), display_name: "Bo".into(), ..credential(1).user };
    vault.change_user(&[1; 16], names).unwrap();
    vault.set_state(full_state()).unwrap();
    vault.set_item("server/1", Some(b"https://id.example")).unwrap();
    vault.set_item("server/2", Some(b"gone")).unwrap();
    vault.set_item("server/2", None).unwrap();
    vault.remove(&[2; 16]).unwrap();
    drop(vault);
    let written = fs::read(&path).unwrap();
    if written != SAMPLE {
        let place = std::env::temp_dir().join("keyfob-vault-sample");
        fs::write(&place, &written).unwrap();
        panic!("another layout needs another version; what is written now is in {}", place.display());
    }
}

#[test]
fn what_was_written_opens() {
    let (_folder, path) = place();
    fs::write(&path, SAMPLE).unwrap();
    let vault = VaultFile::open(&path, passphrase(SECRET)).unwrap();
    let only = vault.all().next().unwrap();
    assert_eq!((vault.count(), only.id.as_slice(), only.sign_count), (1, [1; 16].as_slice(), 1));
    assert_eq!((only.user.name.as_str(), &only.key), ("bo", &credential(1).key));
    assert_eq!(vault.state(), &full_state());
    assert_eq!(vault.item_names().collect::<Vec<_>>(), ["server/1"]);
}
