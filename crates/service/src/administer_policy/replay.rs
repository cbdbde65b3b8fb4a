//! The last 30 days' sign-ins, judged by a policy that does not hold yet.

use account::audit::EventKind;
use account::policy::impact::Worth;
use primitives::time::{Span, Timestamp};
use store::StoreError;
use store::audit::replay::{self, PastSignIn};

use super::Replay;
use super::forecast::Forecast;
use crate::context::Context;

/// How far it looks back.
const BACK: Span = Span::from_days(30);
/// Sign-ins of each kind that are looked at, at most: the newest.
const MOST: u64 = 100_000;
/// Sign-ins of one reading.
const PAGE: u32 = 2000;

/// Judges past sign-ins by what `forecast` found of people's methods.
pub(super) async fn replay(cx: &Context, now: Timestamp, forecast: &Forecast) -> Result<Replay, StoreError> {
    let mut found = Replay::default();
    for kind in ["signed_in", "signed_in_otherwise"] {
        let (mut before, mut seen) = (i64::MAX, 0_u64);
        loop {
            let page = cx.db.read(move |tx| replay::sign_ins(tx, kind, before, PAGE)).await?;
            let Some(last) = page.last() else { break };
            before = last.seq;
            let within: Vec<&PastSignIn> = page.iter().filter(|one| one.at + BACK >= now).collect();
            for sign_in in &within {
                found.count(forecast, sign_in);
            }
            seen = seen.saturating_add(u64::try_from(within.len()).unwrap_or(u64::MAX));
            if within.len() < page.len() {
                break;
            }
            if seen >= MOST {
                found.more = true;
                break;
            }
        }
    }
    Ok(found)
}

impl Replay {
    fn count(&mut self, forecast: &Forecast, sign_in: &PastSignIn) {
        let worth = match &sign_in.kind {
            EventKind::SignedIn { passkey, .. } => forecast.passkeys.get(passkey),
            EventKind::SignedInOtherwise { methods, .. } if methods.iter().any(|one| one == "password") => {
                forecast.passwords.get(&sign_in.user)
            }
            _ => None,
        };
        self.sign_ins = self.sign_ins.saturating_add(1);
        match worth {
            Some(Worth::Refused) => self.refused = self.refused.saturating_add(1),
            Some(Worth::TooWeak) => self.asked_again = self.asked_again.saturating_add(1),
            Some(Worth::Enough) | None => {}
        }
    }
}
