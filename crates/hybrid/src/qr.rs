//! The QR code (CTAP 2.3 section 11.5.1.1): what a client shows, and what a phone takes from it.
//!
//! A text `FIDO:/` and decimal digits, which hold a CBOR map. The secret in it is what proves later that whoever
//! answers has seen this screen.

mod digits;

use std::fmt;

use primitives::cbor::{self, Key, Value};
use primitives::time::{Span, Timestamp};
use zeroize::Zeroize;

pub use digits::DigitRefusal;

const SCHEME: &str = "FIDO:/";
/// The most digits that a QR code holds at all, and the scheme.
const LONGEST: usize = 7_089 + SCHEME.len();
/// A code that states an age beyond this is a picture of one; clocks may differ by as much.
const FRESH: Span = Span::from_minutes(2);

/// The data channel that goes over a tunnel service.
pub const WEB_SOCKET: u64 = 0;
/// The data channel that goes over Bluetooth alone.
pub const L2CAP: u64 = 1;

/// What a client wants to do. Not binding: the request that follows decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// `ga`: sign in; also whatever is not known here.
    Get,
    /// `mc`: make a passkey.
    Create,
    /// `dcp`: present a digital credential.
    PresentDigital,
    /// `dci`: receive a digital credential.
    IssueDigital,
}

impl Hint {
    /// The two or three letters.
    pub fn text(self) -> &'static str {
        match self {
            Hint::Get => "ga",
            Hint::Create => "mc",
            Hint::PresentDigital => "dcp",
            Hint::IssueDigital => "dci",
        }
    }

    /// From the letters; what is unknown is an assertion, as the specification says.
    pub fn from_text(text: &str) -> Self {
        match text {
            "mc" => Hint::Create,
            "dcp" => Hint::PresentDigital,
            "dci" => Hint::IssueDigital,
            _ => Hint::Get,
        }
    }
}

/// The content of a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Qr {
    /// The client's key of this code: P-256, compressed.
    pub client_key: [u8; 33],
    /// What only who sees the screen knows.
    pub secret: [u8; 16],
    /// How many assigned tunnel domains the client knows.
    pub domains: u64,
    /// When the code was made, in seconds since the epoch.
    pub time: Option<u64>,
    /// Whether the client would remember the phone.
    pub linking: bool,
    /// What the client means to do.
    pub hint: Hint,
    /// The data channels that the client has, such as [`WEB_SOCKET`] and [`L2CAP`].
    pub channels: Vec<u64>,
}

impl Qr {
    /// Reads the text of a code.
    pub fn read(text: &str) -> Result<Self, QrRefusal> {
        if text.len() > LONGEST {
            return Err(QrRefusal::TooLong);
        }
        let text = text.trim();
        let (scheme, digits) = text.split_at_checked(SCHEME.len()).ok_or(QrRefusal::NotFido)?;
        if !scheme.eq_ignore_ascii_case(SCHEME) {
            return Err(QrRefusal::NotFido);
        }
        let mut bytes = digits::decode(digits).map_err(QrRefusal::Digits)?;
        let read = Self::from_cbor(&bytes);
        bytes.zeroize();
        read
    }

    /// The text of the code.
    pub fn write(&self) -> String {
        let mut bytes = self.to_cbor();
        let text = format!("{SCHEME}{}", digits::encode(&bytes));
        bytes.zeroize();
        text
    }

    /// From the CBOR map alone.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, QrRefusal> {
        let value = cbor::parse(bytes, cbor::CTAP2_DEPTH).map_err(|_| QrRefusal::Cbor)?;
        if value.as_map().is_none() {
            return Err(QrRefusal::NotAMap);
        }
        let client_key: [u8; 33] = fixed(&value, 0).ok_or(QrRefusal::ClientKey)?;
        if !matches!(client_key, [2 | 3, ..]) {
            return Err(QrRefusal::ClientKey);
        }
        Ok(Self {
            client_key,
            secret: fixed(&value, 1).ok_or(QrRefusal::Secret)?,
            domains: optional(&value, 2, QrRefusal::Domains, unsigned)?.unwrap_or(0),
            time: optional(&value, 3, QrRefusal::Time, unsigned)?,
            linking: optional(&value, 4, QrRefusal::Linking, |linking| linking.as_bool())?.unwrap_or(false),
            hint: optional(&value, 5, QrRefusal::Hint, |hint| hint.as_text().map(Hint::from_text))?
                .unwrap_or(Hint::Get),
            channels: value.at(6).map(channels).unwrap_or_else(|| vec![WEB_SOCKET]),
        })
    }

    /// The CBOR map alone, with the keys that Chromium writes.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut entries = vec![
            (Key::Integer(0), Value::Bytes(&self.client_key)),
            (Key::Integer(1), Value::Bytes(&self.secret)),
            (Key::Integer(2), Value::Integer(i64::try_from(self.domains).unwrap_or(i64::MAX))),
            (Key::Integer(4), Value::Bool(self.linking)),
            (Key::Integer(5), Value::Text(self.hint.text())),
        ];
        if let Some(time) = self.time {
            entries.push((Key::Integer(3), Value::Integer(i64::try_from(time).unwrap_or(i64::MAX))));
        }
        if self.channels != [WEB_SOCKET] {
            let list = self.channels.iter().map(|id| Value::Integer(i64::try_from(*id).unwrap_or(i64::MAX)));
            entries.push((Key::Integer(6), Value::Array(list.collect())));
        }
        Value::Map(entries).encode()
    }

    /// Whether the code is of now. One that states no time cannot be judged and passes, for the specification
    /// leaves the time out of what a client must say.
    pub fn age(&self, now: Timestamp) -> Result<(), StaleQr> {
        let Some(time) = self.time else { return Ok(()) };
        let made = Timestamp::from_secs(i64::try_from(time).unwrap_or(i64::MAX));
        if now.since(made) > FRESH {
            Err(StaleQr::TooOld)
        } else if made.since(now) > FRESH {
            Err(StaleQr::FromTheFuture)
        } else {
            Ok(())
        }
    }

    /// Until when the code counts: whoever remembers used codes may forget it then.
    pub fn expires(&self, now: Timestamp) -> Timestamp {
        let made = self.time.and_then(|time| i64::try_from(time).ok()).map_or(now, Timestamp::from_secs);
        made + FRESH
    }

    /// Whether the client offers that data channel.
    pub fn offers(&self, channel: u64) -> bool {
        self.channels.contains(&channel)
    }
}

/// The secret stays out of logs.
impl fmt::Debug for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Qr")
            .field("time", &self.time)
            .field("hint", &self.hint)
            .field("linking", &self.linking)
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

impl Drop for Qr {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

fn fixed<const N: usize>(value: &Value<'_>, key: i64) -> Option<[u8; N]> {
    value.at(key)?.as_bytes()?.try_into().ok()
}

fn unsigned(value: &Value<'_>) -> Option<u64> {
    value.as_integer().and_then(|value| u64::try_from(value).ok())
}

/// What stands under a key that may be missing but not be of another type.
fn optional<T>(
    map: &Value<'_>,
    key: i64,
    refusal: QrRefusal,
    read: impl Fn(&Value<'_>) -> Option<T>,
) -> Result<Option<T>, QrRefusal> {
    map.at(key).map(|value| read(value).ok_or(refusal)).transpose()
}

/// Before CTAP 2.3 there stood a truth value about something else here; it and whatever else is not a list of
/// channels mean the tunnel, which everyone has.
fn channels(value: &Value<'_>) -> Vec<u64> {
    let listed: Vec<u64> = value.as_array().unwrap_or_default().iter().filter_map(unsigned).collect();
    if listed.is_empty() { vec![WEB_SOCKET] } else { listed }
}

/// Why a text is no code of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QrRefusal {
    /// Longer than any QR code.
    TooLong,
    /// It does not begin with `FIDO:/`.
    NotFido,
    /// The digits are none of the encoding.
    Digits(DigitRefusal),
    /// What the digits hold is not CTAP2 canonical CBOR.
    Cbor,
    /// It is no map.
    NotAMap,
    /// Key 0 is missing or no compressed point.
    ClientKey,
    /// Key 1 is missing or not 16 bytes.
    Secret,
    /// Key 2 is no count.
    Domains,
    /// Key 3 is no time.
    Time,
    /// Key 4 is no truth value.
    Linking,
    /// Key 5 is no text.
    Hint,
}

impl QrRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            QrRefusal::TooLong => "qr_too_long",
            QrRefusal::NotFido => "qr_not_fido",
            QrRefusal::Digits(_) => "qr_digits",
            QrRefusal::Cbor | QrRefusal::NotAMap => "qr_content",
            QrRefusal::ClientKey => "qr_client_key",
            QrRefusal::Secret => "qr_secret",
            QrRefusal::Domains => "qr_domains",
            QrRefusal::Time => "qr_time",
            QrRefusal::Linking => "qr_linking",
            QrRefusal::Hint => "qr_hint",
        }
    }
}

/// Why a code is not of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaleQr {
    /// Made more than two minutes ago.
    TooOld,
    /// Made more than two minutes from now.
    FromTheFuture,
}

impl StaleQr {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            StaleQr::TooOld => "qr_too_old",
            StaleQr::FromTheFuture => "qr_from_the_future",
        }
    }
}

#[cfg(test)]
mod tests;
