//! Somebody types the code that a device shows.

use account::device_code::{DeviceCode, State, TRIES, TRIES_OF_ALL};
use account::lockout::{self, Bucket, Verdict};
use account::user::UserId;
use oidc::client::ClientId;
use primitives::digest::Digest;
use primitives::time::Timestamp;
use store::clients::Stored;
use store::device_guesses::{self as guesses, Whose};
use store::{StoreError, Tx, clients, device_codes};

use super::{DeviceError, Typed};
use crate::authorize::Shown;
use crate::context::{Caller, Context, Who};

/// A device that waits, as whoever typed its code sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The device.
    pub device: DeviceCode,
    /// The application that it runs.
    pub application: Shown,
    /// Whether it asked from the network that the person is in.
    pub same_network: bool,
}

/// The device that shows this code, in whatever spelling. Five codes may be typed in a quarter of an hour, by an account
/// and in a browser; those that were right count as well, so that nobody earns tries with devices of their own.
pub async fn find(cx: &Context, caller: &mut Caller, who: &Who, typed: &str) -> Result<Typed, DeviceError> {
    if who.session.is_limited() {
        return Err(DeviceError::SessionEnded);
    }
    // What cannot be a code costs no try.
    let code = oidc::device::normalise(typed).ok_or(DeviceError::Malformed)?;
    let (user, browser, asked) = (who.user.id, caller.browser.digest(), code.clone());
    let found = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            count(tx, now, user, &browser)?;
            let found = device_codes::by_user_code(tx, &asked)?.filter(|found| waits(found, now));
            if found.is_none() {
                count_of_all(tx, now)?;
            }
            Ok::<_, DeviceError>(found)
        })
        .await?;
    found.map(|found| Typed { id: found.id, code }).ok_or(DeviceError::Unknown)
}

pub(super) fn waits(device: &DeviceCode, now: Timestamp) -> bool {
    device.state == State::Waiting && !device.has_expired(now)
}

/// Counts a try, of the account first: what an account that has none left types costs no browser one.
fn count(tx: &mut Tx<'_>, now: Timestamp, user: UserId, browser: &Digest) -> Result<(), DeviceError> {
    let all = counted(lockout::count_up_to(TRIES_OF_ALL, guesses::load(tx, Whose::Everybody)?, now));
    all?;
    for whose in [user.as_bytes().as_slice(), browser.as_slice()] {
        let stored = guesses::load(tx, Whose::Of(whose))?;
        let bucket = counted(lockout::count_up_to(TRIES, stored, now))?;
        guesses::store(tx, Whose::Of(whose), bucket)?;
    }
    Ok(())
}

fn count_of_all(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), DeviceError> {
    let stored = guesses::load(tx, Whose::Everybody)?;
    let bucket = counted(lockout::count_up_to(TRIES_OF_ALL, stored, now))?;
    Ok(guesses::store(tx, Whose::Everybody, bucket)?)
}

fn counted(verdict: Verdict) -> Result<Bucket, DeviceError> {
    match verdict {
        Verdict::Counted(bucket) => Ok(bucket),
        Verdict::Refused { until } => Err(DeviceError::TooManyTries { until }),
    }
}

/// The device whose code was typed, if it still waits.
pub async fn look(cx: &Context, caller: &mut Caller, typed: &Typed) -> Result<Found, DeviceError> {
    let (typed, address) = (typed.clone(), caller.client.address.clone());
    let now = cx.db.not_before(caller.now);
    cx.db
        .read(move |tx| {
            let device = device_codes::by_user_code(tx, &typed.code)?
                .filter(|device| device.id == typed.id && waits(device, now))
                .ok_or(DeviceError::Unknown)?;
            let application = application_of(tx, &device)?.ok_or(DeviceError::Unknown)?;
            let application = Shown::of(&application, clients::logo_digest(tx, application.id())?);
            let same_network = neighbours(&device.request.device.address, &address);
            Ok(Found { device, application, same_network })
        })
        .await
}

/// The application that a device runs, if it may still be used.
pub(super) fn application_of(tx: &mut Tx<'_>, device: &DeviceCode) -> Result<Option<Stored>, StoreError> {
    let Ok(id) = ClientId::parse(&device.client) else { return Ok(None) };
    let stored = clients::by_id(tx, &id)?;
    Ok(stored.filter(|stored| stored.enabled && stored.client.may(oidc::client::GrantType::DeviceCode)))
}

/// Whether two addresses are of one network: of one house behind one IPv4 address or one IPv6 prefix.
pub(super) fn neighbours(one: &str, other: &str) -> bool {
    use std::net::IpAddr;
    match (one.parse::<IpAddr>(), other.parse::<IpAddr>()) {
        (Ok(IpAddr::V4(one)), Ok(IpAddr::V4(other))) => {
            // On a private network everybody in the house has an address of their own.
            one == other || one.is_private() && one.octets().get(..3) == other.octets().get(..3)
        }
        (Ok(IpAddr::V6(one)), Ok(IpAddr::V6(other))) => one.segments().get(..4) == other.segments().get(..4),
        _ => false,
    }
}
