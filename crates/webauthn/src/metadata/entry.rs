//! An entry of a blob: one model, its statement and the reports about it.

use std::fmt;

use fido::credential::Base64Url;
use primitives::encoding;
use primitives::time::Timestamp;
use primitives::x509::Certificate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::payload::day;
use super::statement::{self, Statement};
use crate::attestation::{AnchorKind, TrustAnchor};

/// Most reports and certificates of an entry.
const MOST: usize = 200;

/// Longest text that is kept, in characters.
const LONGEST_TEXT: usize = 200;

/// By what a model is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// A FIDO2 model, by its AAGUID.
    Aaguid(#[serde(with = "hexadecimal")] [u8; 16]),
    /// A UAF model.
    Aaid(String),
    /// A U2F model, by the first key identifier of its attestation certificates.
    U2f(String),
}

mod hexadecimal {
    use primitives::encoding;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &[u8; 16], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encoding::hex(value))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 16], D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = encoding::from_hex(&text).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| serde::de::Error::custom("no AAGUID"))
    }
}

/// The AAGUID without dashes, or the other identifier, after a word that says which it is.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Aaguid(aaguid) => write!(f, "aaguid:{}", encoding::hex(aaguid)),
            Key::Aaid(aaid) => write!(f, "aaid:{aaid}"),
            Key::U2f(identifier) => write!(f, "u2f:{identifier}"),
        }
    }
}

/// A report about a model (section 3.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The status as it is written, known to us or not.
    pub status: String,
    /// From when it holds; since ever where nothing readable is said.
    pub effective: Option<Timestamp>,
}

/// What is used of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which model.
    pub key: Key,
    /// What the vendor calls it.
    pub name: String,
    /// The reports, in their order.
    pub reports: Vec<Report>,
    /// Whether it can check a finger, a face or the like by itself.
    pub biometric: bool,
    /// Whether its keys are held by hardware and never by software.
    pub hardware: bool,
    /// What the certificates certify.
    pub anchor_kind: AnchorKind,
    /// COSE algorithms of its keys; any where nothing is said that we know.
    pub algorithms: Vec<i64>,
    /// Certificates to which its attestations may lead: roots, intermediates, or the attestation certificates.
    pub anchors: Vec<Base64Url>,
}

impl Entry {
    /// Reads an entry; what is wrong with it goes to `causes`. An entry that says nothing usable gives its key, if
    /// there is one.
    pub(super) fn read(raw: &RawValue, causes: &mut Vec<String>) -> Result<Self, Option<Key>> {
        let members: Members<'_> = match serde_json::from_str(raw.get()) {
            Ok(members) => members,
            Err(error) => {
                causes.push(short(&error.to_string()));
                return Err(None);
            }
        };
        let Some(key) = members.key() else {
            causes.push("it names no model".to_owned());
            return Err(None);
        };
        let reports = match members.reports(causes) {
            Some(reports) => reports,
            // Without them nobody knows whether the model is broken.
            None => {
                causes.push("its status reports cannot be read".to_owned());
                return Err(Some(key));
            }
        };
        let statement = Statement::read(members.statement, causes);
        let anchors = anchors(&statement, causes);
        Ok(Self {
            name: statement.description.as_deref().map_or_else(|| key.to_string(), short),
            biometric: statement.is_biometric(),
            hardware: statement.is_hardware(),
            anchor_kind: statement.anchor_kind(),
            algorithms: statement::algorithms(&statement.algorithms),
            key,
            reports,
            anchors,
        })
    }

    /// Its certificates as anchors of attestations.
    pub fn trust_anchors(&self) -> Vec<TrustAnchor> {
        let certificates = self.anchors.iter().filter_map(|der| Certificate::parse(der).ok());
        certificates
            .map(|certificate| TrustAnchor {
                certificate,
                kind: self.anchor_kind,
                algorithms: self.algorithms.clone(),
            })
            .collect()
    }
}

/// A certificate that cannot be read is no anchor; the others are.
fn anchors(statement: &Statement, causes: &mut Vec<String>) -> Vec<Base64Url> {
    if !statement.certifies() {
        return Vec::new();
    }
    let mut anchors: Vec<Base64Url> = Vec::new();
    for (at, text) in statement.certificates.iter().enumerate().take(MOST) {
        let der = encoding::from_base64(text).filter(|der| Certificate::parse(der).is_ok());
        match der {
            Some(der) if !anchors.iter().any(|other| **other == *der) => anchors.push(der.into()),
            Some(_) => {}
            None => causes.push(format!("attestation root {} cannot be read", at.saturating_add(1))),
        }
    }
    anchors
}

/// A bounded text without control characters.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(LONGEST_TEXT).collect()
}

/// What `raw` holds, if it is that; `null` is nothing.
pub(super) fn lenient<T: DeserializeOwned>(raw: Option<&RawValue>) -> Result<Option<T>, ()> {
    raw.map_or(Ok(None), |raw| serde_json::from_str(raw.get()).map_err(|_| ()))
}

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow, default)]
    aaguid: Option<&'a RawValue>,
    #[serde(borrow, default)]
    aaid: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "attestationCertificateKeyIdentifiers")]
    identifiers: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "metadataStatement")]
    statement: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "statusReports")]
    reports: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawReport<'a> {
    status: String,
    #[serde(borrow, default, rename = "effectiveDate")]
    effective: Option<&'a RawValue>,
}

impl Members<'_> {
    fn key(&self) -> Option<Key> {
        let text = |raw| lenient::<String>(raw).ok().flatten();
        if let Some(aaguid) = text(self.aaguid).and_then(|text| aaguid(&text)) {
            return Some(Key::Aaguid(aaguid));
        }
        if let Some(aaid) = text(self.aaid).filter(|aaid| is_identifier(aaid)) {
            return Some(Key::Aaid(aaid));
        }
        let identifiers: Vec<String> = lenient(self.identifiers).ok().flatten().unwrap_or_default();
        identifiers.into_iter().find(|identifier| is_identifier(identifier)).map(Key::U2f)
    }

    /// The reports that can be read; nothing if there is no list.
    fn reports(&self, causes: &mut Vec<String>) -> Option<Vec<Report>> {
        let raw: Vec<&RawValue> = serde_json::from_str(self.reports?.get()).ok()?;
        let mut reports = Vec::new();
        for (at, raw) in raw.into_iter().enumerate().take(MOST) {
            match serde_json::from_str::<RawReport<'_>>(raw.get()) {
                Ok(report) => {
                    let effective = lenient::<String>(report.effective).ok().flatten();
                    let effective = effective.as_deref().and_then(day);
                    reports.push(Report { status: short(&report.status), effective });
                }
                Err(_) => causes.push(format!("status report {} cannot be read", at.saturating_add(1))),
            }
        }
        Some(reports)
    }
}

fn is_identifier(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// An AAGUID, with or without dashes.
fn aaguid(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    encoding::from_hex(&digits).and_then(|bytes| bytes.try_into().ok())
}
