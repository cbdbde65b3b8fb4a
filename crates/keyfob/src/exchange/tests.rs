//! What is exported is imported; what makes no sense is told apart from it.

use authenticator::private_key::PrivateKey;
use authenticator::vault::Credential;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::cose::Algorithm;
use primitives::encoding::base64url;
use primitives::entropy::SystemEntropy;
use primitives::pkcs8::{self, Pkcs8Refusal};
use primitives::secret::SecretText;
use primitives::slow_hash::Cost;
use primitives::time::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::read::{Found, PasskeyRefusal};
use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn credential(algorithm: Algorithm) -> Credential {
    Credential {
        id: vec![7; 32],
        rp_id: "id.example".to_owned(),
        rp_name: "Example \"Ltd\"".to_owned(),
        user: UserEntity {
            id: vec![1; 64].into(),
            name: "anna@example.com".to_owned(),
            display_name: "Anna Bergström 👩".to_owned(),
        },
        key: PrivateKey::from_seed(algorithm, Zeroizing::new([9; 32])).unwrap(),
        sign_count: 12,
        discoverable: true,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationRequired,
        cred_random: Zeroizing::new(std::array::from_fn(|at| u8::try_from(at).unwrap())),
        cred_blob: Some(b"blob".to_vec()),
        large_blob_key: None,
        created: Timestamp::from_secs(1_700_000_000),
        last_used: Some(Timestamp::from_secs(1_750_000_000)),
    }
}

fn read_text(text: &str) -> Result<Found, ExchangeRefusal> {
    read::read(text.as_bytes(), NOW, &mut SystemEntropy)
}

/// An export of one passkey, changed.
fn changed(change: impl Fn(&mut Value)) -> Found {
    let written = write::write(&[1; 16], std::iter::once(&credential(Algorithm::Es256)), NOW);
    let mut value: Value = serde_json::from_slice(&written.json).unwrap();
    change(&mut value);
    read_text(&value.to_string()).unwrap()
}

fn changed_passkey(member: &str, to: Value) -> Found {
    changed(|value| value["accounts"][0]["items"][0]["credentials"][0][member] = to.clone())
}

#[test]
fn what_is_written_is_read_back() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa44, Algorithm::Esp256] {
        let credential = credential(algorithm);
        let written = write::write(&[1; 16], std::iter::once(&credential), NOW);
        assert_eq!((written.passkeys, written.device_bound, written.left_out.len()), (1, 1, 0));
        let found = read::read(&written.json, NOW, &mut SystemEntropy).unwrap();
        assert_eq!((found.others, found.refused.len()), (0, 0));
        let [read] = found.passkeys.as_slice() else { panic!("one passkey") };
        assert_eq!(read.id, credential.id);
        assert_eq!((&read.rp_id, &read.rp_name), (&credential.rp_id, &credential.rp_name));
        assert_eq!(read.user, credential.user);
        assert_eq!(read.key, credential.key, "{algorithm:?}");
        assert_eq!(read.sign_count, 0);
        assert_eq!((read.discoverable, read.backup_eligible), (true, false));
        assert_eq!(read.protection, credential.protection);
        assert_eq!(read.cred_random, credential.cred_random);
        assert_eq!(read.cred_blob, credential.cred_blob);
        assert_eq!((read.created, read.last_used), (credential.created, credential.last_used));
    }
}

/// The members that other programs look for, by the names of CXF.
#[test]
fn the_json_is_cxf() {
    let written = write::write(&[1; 16], std::iter::once(&credential(Algorithm::EdDsa)), NOW);
    let value: Value = serde_json::from_slice(&written.json).unwrap();
    let key = pkcs8::write(Algorithm::EdDsa, &[9; 32]).unwrap();
    assert_eq!(value["version"], json!({ "major": 1, "minor": 0 }));
    assert_eq!(value["timestamp"], json!(1_800_000_000));
    let item = &value["accounts"][0]["items"][0];
    assert_eq!(item["title"], json!("Example \"Ltd\""));
    assert_eq!(item["scope"], json!({ "urls": ["https://id.example"], "androidApps": [] }));
    let expected = json!({
        "type": "passkey",
        "credentialId": base64url(&[7; 32]),
        "rpId": "id.example",
        "username": "anna@example.com",
        "userDisplayName": "Anna Bergström 👩",
        "userHandle": base64url(&[1; 64]),
        "key": base64url(&key),
        "fido2Extensions": {
            "hmacCredentials": {
                "algorithm": "hmac-sha256",
                "credWithUV": base64url(&(0..32).collect::<Vec<u8>>()),
                "credWithoutUV": base64url(&(32..64).collect::<Vec<u8>>()),
            },
            "credBlob": base64url(b"blob"),
        },
    });
    assert_eq!(item["credentials"], json!([expected]));
}

#[test]
fn a_key_that_pkcs8_does_not_hold_is_left_out_and_named() {
    let written = write::write(&[1; 16], std::iter::once(&credential(Algorithm::Es384)), NOW);
    assert_eq!((written.passkeys, written.left_out), (0, vec!["id.example".to_owned()]));
}

/// As a password manager might write it: without anything of ours, with other things beside it.
#[test]
fn another_programs_export_is_read() {
    let key = base64url(&pkcs8::write(Algorithm::Es256, &[3; 32]).unwrap());
    let text = json!({
        "version": { "major": 1, "minor": 3 }, "exporterRpId": "manager.example", "exporterDisplayName": "Manager",
        "timestamp": 1_790_000_000, "accounts": [{ "id": "AA", "username": "", "email": "", "collections": [{}],
        "items": [{
            "id": "AQ", "title": "Shop", "favorite": true, "tags": ["x"],
            "credentials": [
                { "type": "basic-auth", "username": { "fieldType": "string", "value": "anna" } },
                { "type": "passkey", "credentialId": "AQID", "rpId": "shop.example", "username": "anna",
                  "userDisplayName": "", "userHandle": "Bw", "key": key },
                { "something": "else" },
            ],
            "extensions": [{ "name": "shared" }, 7],
        }] }],
    });
    let found = read_text(&text.to_string()).unwrap();
    assert_eq!((found.passkeys.len(), found.others, found.refused.len()), (1, 2, 0));
    let passkey = &found.passkeys[0];
    assert_eq!((passkey.backup_eligible, passkey.discoverable, passkey.sign_count), (true, true, 0));
    assert_eq!((passkey.created, passkey.last_used), (NOW, None));
    assert_ne!(*passkey.cred_random, [0; 64], "what the file does not give is drawn");
}

#[test]
fn a_passkey_that_makes_no_sense_is_refused_for_its_reason() {
    let expected = |found: Found, refusal: PasskeyRefusal| {
        assert!(found.passkeys.is_empty());
        let title = "Example \"Ltd\"".to_owned();
        assert_eq!(found.refused, vec![(title, refusal)]);
        assert!(!refusal.code().is_empty() && !refusal.to_string().is_empty());
    };
    for id in ["", "=", "AQ==", "+/", &"A".repeat(1366)] {
        expected(changed_passkey("credentialId", json!(id)), PasskeyRefusal::Bytes);
    }
    expected(changed_passkey("userHandle", json!(base64url(&[1; 65]))), PasskeyRefusal::Bytes);
    expected(changed_passkey("userHandle", json!(7)), PasskeyRefusal::Members);
    expected(changed_passkey("key", Value::Null), PasskeyRefusal::Members);
    expected(changed_passkey("key", json!("AQID")), PasskeyRefusal::Key(Pkcs8Refusal::Syntax));
    for rp_id in ["", "ID.example", "id..example", "https://id.example", "id.example\u{0}", &"a".repeat(64)] {
        expected(changed_passkey("rpId", json!(rp_id)), PasskeyRefusal::RpId);
    }
    expected(changed_passkey("username", json!("a".repeat(1025))), PasskeyRefusal::Names);
    let hmac = |algorithm: &str, secret: &[u8]| {
        let secret = base64url(secret);
        json!({ "hmacCredentials": { "algorithm": algorithm, "credWithUV": secret, "credWithoutUV": secret } })
    };
    let short = hmac("hmac-sha256", &[1; 31]);
    expected(changed_passkey("fido2Extensions", short), PasskeyRefusal::Hmac);
    expected(changed_passkey("fido2Extensions", hmac("hmac-md5", &[1; 32])), PasskeyRefusal::Hmac);
}

#[test]
fn a_file_of_endless_nothing_is_no_export() {
    let items = |item: &str, count: usize| {
        let list = vec![item; count].join(",");
        format!(r#"{{"version":{{"major":1}},"accounts":[{{"items":[{list}]}}]}}"#)
    };
    assert_eq!(read_text(&items("{}", 200_000)).unwrap().others, 0);
    assert_eq!(read_text(&items("{}", 200_001)).err(), Some(ExchangeRefusal::NotAnExport));
    let parts = |count: usize| format!(r#"{{"credentials":[{}]}}"#, vec!["0"; count].join(","));
    assert_eq!(read_text(&items(&parts(1_000), 2)).unwrap().others, 2_000);
    assert_eq!(read_text(&items(&parts(1_001), 2)).err(), Some(ExchangeRefusal::NotAnExport));
    let accounts =
        |count: usize| format!(r#"{{"version":{{"major":1}},"accounts":[{}]}}"#, vec!["{}"; count].join(","));
    assert!(read_text(&accounts(16)).is_ok());
    assert_eq!(read_text(&accounts(17)).err(), Some(ExchangeRefusal::NotAnExport));
}

/// Numbers that no clock shows, names that a terminal would obey: kept or refused, never obeyed.
#[test]
fn hostile_members_do_no_harm() {
    for time in [i64::MIN, i64::MAX, -1] {
        let found = changed(|value| {
            value["accounts"][0]["items"][0]["creationAt"] = json!(time);
            value["accounts"][0]["items"][0]["extensions"][0]["lastUsed"] = json!(time);
        });
        assert_eq!(found.passkeys.len(), 1);
        let written = write::write(&[1; 16], found.passkeys.iter(), NOW);
        assert_eq!(read::read(&written.json, NOW, &mut SystemEntropy).unwrap().passkeys.len(), 1);
    }
    let found = changed(|value| {
        value["accounts"][0]["items"][0]["extensions"][0]["algorithm"] = json!(-48);
        value["accounts"][0]["items"][0]["extensions"][0]["protection"] = json!(99);
    });
    assert_eq!(
        found.passkeys[0].key.algorithm(),
        Algorithm::Es256,
        "a key is of its own kind, whatever is said of it"
    );
    assert_eq!(found.passkeys[0].protection, CredentialProtection::UserVerificationOptional);
    // Another passkey's key under this one's name: both are kept as the file says, and neither is another one's.
    let ed = base64url(&pkcs8::write(Algorithm::EdDsa, &[3; 32]).unwrap());
    let found = changed_passkey("key", json!(ed));
    assert_eq!(found.passkeys[0].key.algorithm(), Algorithm::EdDsa);
}

#[test]
fn nonsense_is_no_export() {
    for text in ["", "{}", "[]", "null", "{\"version\":{\"major\":1}}", "{\"version\":1,\"accounts\":[]}"] {
        assert_eq!(read_text(text).err(), Some(ExchangeRefusal::NotAnExport), "{text}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read_text(&deep).err(), Some(ExchangeRefusal::NotAnExport));
    let twice = r#"{"version":{"major":1},"version":{"major":1},"accounts":[]}"#;
    assert_eq!(read_text(twice).err(), Some(ExchangeRefusal::NotAnExport));
    let newer = r#"{"version":{"major":2},"accounts":[]}"#;
    assert_eq!(read_text(newer).err(), Some(ExchangeRefusal::Newer));
    let not_utf8 = read::read(&[b'{', 0xff, b'}'], NOW, &mut SystemEntropy);
    assert_eq!(not_utf8.err(), Some(ExchangeRefusal::NotAnExport));
    assert_eq!(
        read::read(&vec![b' '; LONGEST + 1], NOW, &mut SystemEntropy).err(),
        Some(ExchangeRefusal::TooLong)
    );
}

#[test]
fn a_sealed_export_opens_with_its_passphrase_alone() {
    let secret = SecretText::new("correct horse");
    let seal = |json: &[u8], secret: &SecretText| {
        sealed::seal(json, secret, Cost::CHEAP_FOR_TESTS, &mut SystemEntropy)
    };
    let file = seal(b"{\"json\":1}", &secret).unwrap();
    assert!(sealed::is_sealed(&file) && !sealed::is_sealed(b"{}"));
    assert_eq!(sealed::open(&file, &secret).unwrap().as_slice(), b"{\"json\":1}");
    let other = SecretText::new("correct house");
    assert_eq!(sealed::open(&file, &other).err(), Some(ExchangeRefusal::WrongKey));
    assert_eq!(seal(b"", &SecretText::new("short")).err(), Some(ExchangeRefusal::Passphrase));
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(sealed::open(&changed, &secret).is_err(), "byte {at}");
        assert!(sealed::open(&file[..at], &secret).is_err(), "cut at {at}");
    }
    let newer = [&file[..8], &[0, 2], &file[10..]].concat();
    assert_eq!(sealed::open(&newer, &secret).err(), Some(ExchangeRefusal::Newer));
    assert_eq!(sealed::open(b"{}", &secret).err(), Some(ExchangeRefusal::NotAnExport));
}

#[test]
fn refusals_have_codes() {
    let all = [
        ExchangeRefusal::TooLong,
        ExchangeRefusal::NotAnExport,
        ExchangeRefusal::Newer,
        ExchangeRefusal::WrongKey,
        ExchangeRefusal::Sealed,
        ExchangeRefusal::Passphrase,
    ];
    let mut codes: Vec<_> = all.iter().map(|refusal| refusal.code()).collect();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
