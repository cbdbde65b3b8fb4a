use hybrid::qr::Hint;
use primitives::entropy::SystemEntropy;

use super::*;
use crate::vault_file::Unlock;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const RELAY: u16 = 266;

fn vault() -> (tempfile::TempDir, VaultFile) {
    let folder = tempfile::tempdir().unwrap();
    let vault =
        VaultFile::create(&folder.path().join("vault"), Unlock::Unattended, &mut SystemEntropy).unwrap();
    (folder, vault)
}

fn given(name: &str) -> Given {
    Given { name: name.to_owned(), relay: RELAY, link: PhoneLink::generate(&mut SystemEntropy) }
}

fn names(vault: &VaultFile, now: Timestamp) -> Vec<String> {
    devices(vault, now).into_iter().map(|device| device.name).collect()
}

fn payload(link: &PhoneLink, nonce: u8) -> ClientPayload {
    ClientPayload { link_id: link.id, nonce: [nonce; 16], hint: Hint::Get }
}

#[test]
fn a_link_is_kept_with_the_vault() {
    let (folder, mut vault) = vault();
    let given = given("office");
    keep(&mut vault, given.clone(), NOW).unwrap();
    let seen = devices(&vault, NOW);
    drop(vault);
    let path = folder.path().join("vault");
    let text = std::fs::read(&path).unwrap();
    let secret = base64url(&given.link.secret);
    for needle in [&given.link.secret[..], secret.as_bytes(), b"office"] {
        assert!(!text.windows(needle.len()).any(|window| window == needle), "nothing of it is in the clear");
    }
    let mut vault = VaultFile::open(&path, Unlock::Unattended).unwrap();
    assert_eq!(devices(&vault, NOW), seen);
    assert_eq!(seen[0].until, (NOW + LIFE).to_string());
    assert!(waited_for(&vault, RELAY, NOW) == [given.link.clone()]);
    assert!(waited_for(&vault, RELAY + 1, NOW).is_empty(), "another relay does not know it");
    forget(&mut vault, &seen[0].id).unwrap();
    assert!(devices(&vault, NOW).is_empty() && waited_for(&vault, RELAY, NOW).is_empty());
    assert_eq!(forget(&mut vault, &seen[0].id), Err(KeeperError::Unknown));
    assert_eq!(forget(&mut vault, "nonsense"), Err(KeeperError::Unknown));
}

#[test]
fn the_oldest_makes_room_and_a_name_is_one_device() {
    let (_folder, mut vault) = vault();
    let all: Vec<String> = (0..=MOST).map(|number| format!("d{number}")).collect();
    for (name, second) in all.iter().zip(0..) {
        keep(&mut vault, given(name), NOW + Span::from_secs(second)).unwrap();
    }
    let later = NOW + Span::from_hours(1);
    assert_eq!(names(&vault, later), all[1..]);
    let again = given("d5");
    keep(&mut vault, again.clone(), later).unwrap();
    assert_eq!(names(&vault, later).len(), MOST);
    assert_eq!(devices(&vault, later)[MOST - 1].id, base64url(&again.link.id));
    assert_eq!(names(&vault, later).iter().filter(|name| *name == "d5").count(), 1);
}

#[test]
fn after_a_year_it_is_over() {
    let (_folder, mut vault) = vault();
    let old = given("old");
    keep(&mut vault, old.clone(), NOW).unwrap();
    let (last, over) = (NOW + LIFE - Span::from_secs(1), NOW + LIFE);
    assert_eq!((names(&vault, last).len(), names(&vault, over).len()), (1, 0));
    assert_eq!(waited_for(&vault, RELAY, over).len(), 0);
    let refused = contacted(&mut vault, &old.link.id, &payload(&old.link, 1), over);
    assert_eq!(refused, Err(ContactRefusal::Unknown));
    keep(&mut vault, given("new"), over).unwrap();
    assert_eq!(vault.item_names().filter(|name| name.starts_with(LINKS)).count(), 1, "its secret is gone");
}

#[test]
fn a_contact_counts_once() {
    let (folder, mut vault) = vault();
    let office = given("office");
    let (link, id) = (&office.link, office.link.id);
    keep(&mut vault, office.clone(), NOW).unwrap();
    assert_eq!(contacted(&mut vault, &id, &payload(link, 1), NOW), Ok("office".to_owned()));
    assert_eq!(devices(&vault, NOW)[0].last_used, Some(NOW.to_string()));
    drop(vault);
    let mut vault = VaultFile::open(&folder.path().join("vault"), Unlock::Unattended).unwrap();
    assert_eq!(contacted(&mut vault, &id, &payload(link, 1), NOW), Err(ContactRefusal::Replayed));
    for nonce in 2..200 {
        assert_eq!(contacted(&mut vault, &id, &payload(link, nonce), NOW), Ok("office".to_owned()));
    }
    let size = vault.item(&place(&id)).map(<[u8]>::len);
    assert!(size.is_some_and(|size| size < 4096), "{size:?}");
    assert_eq!(contacted(&mut vault, &id, &payload(link, 199), NOW), Err(ContactRefusal::Replayed));
    let other = given("other").link;
    assert_eq!(contacted(&mut vault, &id, &payload(&other, 1), NOW), Err(ContactRefusal::Unknown));
    assert_eq!(contacted(&mut vault, &other.id, &payload(&other, 1), NOW), Err(ContactRefusal::Unknown));
}

#[test]
fn names_are_for_people_and_secrets_for_nobody() {
    let (_folder, mut vault) = vault();
    for name in ["", "  ", "\u{1b}[2J", "a\u{202e}b", &"x".repeat(61)] {
        assert_eq!(keep(&mut vault, given(name), NOW), Err(KeeperError::Unknown), "{name:?}");
    }
    keep(&mut vault, given("Büro, 2. Stock"), NOW).unwrap();
    let given = given("office");
    assert_eq!(format!("{given:?}"), "Given { name: \"office\", .. }");
    let text = serde_json::to_string(&given).unwrap();
    assert!(serde_json::from_str::<Given>(&text).unwrap() == given);
    assert!(serde_json::from_str::<Given>(r#"{"name":"a","relay":266,"link":"AAAA"}"#).is_err());
}

#[test]
fn refusals_have_names() {
    let vault = ContactRefusal::Vault(KeeperError::Gone);
    let codes = [&ContactRefusal::Unknown, &ContactRefusal::Replayed, &vault]
        .map(|refusal| refusal.code().to_owned());
    assert_eq!(codes, ["link_unknown", "contact_replayed", "keeper_gone"]);
}
