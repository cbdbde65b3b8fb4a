//! Blobs of FIDO metadata: whatever comes, and whatever somebody signed whom we trust.

use std::sync::LazyLock;

use primitives::cose::{Algorithm, SigningKey};
use primitives::encoding::{base64, base64url};
use primitives::jws;
use primitives::x509::{Certificate, Issue, Name};
use serde_json::json;
use webauthn::metadata::{Entry, Signer, read};

use crate::ceremony::now;

const NAME: Name<'static> =
    Name { country: "XX", organization: "Metadata", organizational_unit: "Signer", common_name: "mds.test" };

struct Service {
    key: SigningKey,
    signer: Signer,
    header: String,
}

/// The signer's own certificate is the anchor: the search is in what is signed.
static SERVICE: LazyLock<Option<Service>> = LazyLock::new(|| {
    let key = SigningKey::from_seed(Algorithm::Es256, &[7; 32]).ok()?;
    let der = Issue::new(NAME, NAME, key.public_key()).sign(&key);
    let signer = Signer { roots: vec![Certificate::parse(&der).ok()?], name: "mds.test".to_owned() };
    let header = json!({ "alg": "ES256", "x5c": [base64(&der)] }).to_string();
    Some(Service { key, signer, header: base64url(header.as_bytes()) })
});

/// The input as a blob by itself, which nobody signed; and as the payload of one that is signed.
pub fn mds(data: &[u8]) {
    let Some(service) = SERVICE.as_ref() else { return };
    assert!(read(data, &service.signer, now()).is_err(), "a blob that nobody signed");
    let input = format!("{}.{}", service.header, base64url(data));
    let signature = jws::signature_of(Algorithm::Es256, &service.key.sign(input.as_bytes()));
    let signature = base64url(&signature.unwrap_or_default());
    let Ok(blob) = read(format!("{input}.{signature}").as_bytes(), &service.signer, now()) else { return };
    assert!(blob.number >= 0, "a number below zero");
    for (at, entry) in blob.entries.iter().enumerate() {
        assert!(
            blob.entries.iter().skip(at + 1).take(50).all(|other| other.key != entry.key),
            "a model twice"
        );
        assert_eq!(entry.trust_anchors().len(), entry.anchors.len(), "an anchor that is no certificate");
        let text = serde_json::to_string(entry).unwrap_or_default();
        assert!(serde_json::from_str::<Entry>(&text).is_ok_and(|again| again == *entry), "stored otherwise");
    }
}
