use authenticator::{Ctap2, Settings};

use super::*;
use crate::face::Unattended;
use crate::vault_file::Unlock;
use crate::worker;

const SITE: &str = "id.example.org";
const USER: &[u8] = b"ana";

fn creation(user: &[u8]) -> Vec<u8> {
    let mut request = vec![0x01, 0xa5, 0x01, 0x58, 32];
    request.extend([7; 32]);
    request.extend(b"\x02\xa1\x62id\x6eid.example.org\x03\xa2\x62id\x43");
    request.extend(user);
    request.extend(b"\x64name\x61x\x04\x81\xa2\x63alg\x26\x64type\x6apublic-key\x07\xa2\x62rk\xf5\x62uv\xf5");
    request
}

async fn orphans(holder: &Holder) -> Vec<String> {
    let wish = Wish::Orphans { rp_id: SITE.to_owned(), user: base64url(USER), since: 0 };
    serde_json::from_value(holder.wish(wish).await.unwrap()).unwrap()
}

#[tokio::test]
async fn only_what_an_errand_made_and_did_not_finish_is_an_orphan() {
    let folder = tempfile::tempdir().unwrap();
    let vault =
        VaultFile::create(&folder.path().join("vault"), Unlock::Unattended, &mut ambient::entropy()).unwrap();
    let ctap2 = Ctap2::new(Settings::keyfob(), vault, ambient::now());
    let worker = worker::start(ctap2, Unattended).unwrap();
    let mut holder = Holder::Here(worker.clone());

    // A browser's, for the same account, after an errand of Keyfob's broke off.
    let reply = worker.handle(Via::SecurityKey, creation(USER)).done().await;
    assert_eq!(reply[0], 0);
    assert_eq!(orphans(&holder).await, [""; 0]);
    // An errand's: it takes the browser's place in the vault.
    let origin = Origin::parse("https://id.example.org").unwrap();
    let reply = holder.command(&origin, creation(USER)).await.unwrap();
    assert_eq!(reply[0], 0);
    let [id] = orphans(&holder).await.try_into().unwrap();
    // Another account's.
    holder.command(&origin, creation(b"bob")).await.unwrap();
    assert_eq!(orphans(&holder).await, std::slice::from_ref(&id));
    // It came to its end.
    holder.know(&id, About { server: Some(origin.to_string()), ..About::default() }).await.unwrap();
    assert_eq!(orphans(&holder).await, [""; 0]);
    // What is no registration marks nothing.
    assert_eq!(holder.command(&origin, vec![get_info_byte()]).await.unwrap()[0], 0);
}

fn get_info_byte() -> u8 {
    fido::ctap::Command::GetInfo.byte()
}
