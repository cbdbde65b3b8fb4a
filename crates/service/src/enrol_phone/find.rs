//! Finding an errand by the short code that people type where the camera does not work.

use std::net::IpAddr;

use account::lockout::{self, Bucket, Verdict};
use store::{Tx, code_guesses, enrolments, guesses};

use super::ticket::{Shown, TypedCode};
use super::{EnrolError, Ticket};
use crate::context::{Caller, Context};

/// Wrong codes that are looked at within fifteen minutes, from everybody together. With a hundred errands open all the
/// time, one of them is found so about once in a year of guessing without a pause, and grants nothing then. Who uses the
/// bound up keeps others from typing codes for a while; what the camera reads is not bounded.
const MOST: u32 = 300;

/// The ticket behind a code, in whatever spelling. Only wrong codes count: ten of them from one address, or too many from
/// everybody, and none is looked at for a while.
pub async fn find_by_code(cx: &Context, caller: &mut Caller, code: &str) -> Result<Ticket, EnrolError> {
    // What cannot be a code costs no try.
    let code = TypedCode::read(code).ok_or(EnrolError::TicketUnknown)?;
    // No login has that character in front: its tries are not an address's.
    let key = format!("\u{0}enrolment code from {}", neighbourhood(&caller.client.address));
    let found = cx.db.write(move |tx| -> Result<_, EnrolError> {
        let now = tx.now()?;
        let counted = |verdict| match verdict {
            Verdict::Counted(bucket) => Ok(bucket),
            Verdict::Refused { until } => Err(EnrolError::TooManyTries { until }),
        };
        let own = counted(lockout::count(guesses::load(tx, &key)?, now))?;
        let all = counted(lockout::count_up_to(MOST, code_guesses::load(tx)?, now))?;
        let found = enrolments::by_code(tx, code.as_str())?.filter(|found| !found.is_over(now));
        if found.is_none() {
            note_wrong(tx, &key, own, all)?;
        }
        Ok(found)
    });
    let enrolment = found.await?.ok_or(EnrolError::TicketUnknown)?;
    Ok(Shown::open(cx, &enrolment)?.ticket)
}

fn note_wrong(tx: &mut Tx<'_>, key: &str, own: Bucket, all: Bucket) -> Result<(), EnrolError> {
    guesses::store(tx, key, own)?;
    Ok(code_guesses::store(tx, all)?)
}

/// The address, or the network of an IPv6 address, of which everybody has a great many.
fn neighbourhood(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(_)) | Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_counts_as_one() {
        assert_eq!(neighbourhood("2001:db8:1:2::7"), neighbourhood("2001:db8:1:2:ffff::1"));
        assert_ne!(neighbourhood("2001:db8:1:2::7"), neighbourhood("2001:db8:1:3::7"));
        assert_eq!(neighbourhood("192.0.2.1"), "192.0.2.1");
        assert_eq!(neighbourhood(""), "");
    }
}
