//! Whom to knock for: names and addresses that share no guesses with one another.
//!
//! The server counts guesses in a fixed number of slots (`store::guesses`), so some names share their tries. What that
//! does to an answer says nothing about who exists and would hide what is looked for: names are chosen by the server's
//! own keys so that each has a slot to itself.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use account::user::Login;
use primitives::keys::KeyRing;

use crate::failure::Failure;

/// Pairs of requests from one address, of which the server takes ten requests.
pub(super) const FROM_ONE_ADDRESS: usize = 4;
/// Names in front that do not count.
pub(super) const WARM_UP: usize = 48;
/// Pairs at most: names become scarce when most slots are taken.
pub(super) const MOST: usize = 20_000;

/// The names, and the addresses from which passes are asked for.
pub(super) struct Names {
    /// Names of people.
    pub(super) known: Vec<String>,
    /// Names of nobody, one for each of those.
    pub(super) unknown: Vec<String>,
    /// Names of nobody that knock before anything counts.
    pub(super) warm_up: Vec<String>,
    /// A known and an unknown name that are guessed at until they are refused.
    pub(super) locked: (String, String),
    /// Addresses of this machine, enough for all pairs of requests.
    pub(super) addresses: Vec<Ipv4Addr>,
}

impl Names {
    /// Enough for so many pairs at the server with these keys.
    pub(super) fn choose(keys: &KeyRing, pairs: usize) -> Result<Self, Failure> {
        let mut chooser = Chooser { keys, taken: HashSet::new() };
        let mut known = chooser.names("person", pairs + 1)?;
        let mut unknown = chooser.names("nobody", pairs + 1)?;
        let warm_up = chooser.names("warmup", WARM_UP)?;
        let locked = known.pop().zip(unknown.pop()).ok_or_else(|| Failure::new("no names"))?;
        let addresses = (pairs + WARM_UP).div_ceil(FROM_ONE_ADDRESS);
        // All of 127.0.0.0/8 is this machine.
        let addresses = (0x7f01_0001..0x7fff_0000)
            .map(Ipv4Addr::from_bits)
            .filter(|address| chooser.take(&service::request_pass::bucket_of(&address.to_string())))
            .take(addresses)
            .collect();
        Ok(Self { known, unknown, warm_up, locked, addresses })
    }
}

struct Chooser<'a> {
    keys: &'a KeyRing,
    taken: HashSet<i64>,
}

impl Chooser<'_> {
    /// Whether the bucket has a slot to itself; it is taken then.
    fn take(&mut self, bucket: &str) -> bool {
        self.taken.insert(store::guesses::slot(self.keys, bucket))
    }

    /// `count` names of the same length.
    fn names(&mut self, kind: &str, count: usize) -> Result<Vec<String>, Failure> {
        let mut names = Vec::with_capacity(count);
        for number in 0..1_000_000 {
            if names.len() == count {
                break;
            }
            let name = format!("{kind}-{number:06}@example.com");
            let login = Login::parse(&name).map_err(|refusal| Failure::new(refusal.code()))?;
            if self.take(login.key()) {
                names.push(name);
            }
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use primitives::entropy::SystemEntropy;
    use primitives::time::Timestamp;

    use super::*;

    #[test]
    fn nobody_shares_guesses_with_anybody() {
        let keys = KeyRing::generate(Timestamp::from_secs(1), &mut SystemEntropy);
        let names = Names::choose(&keys, 3000).unwrap();
        assert_eq!((names.known.len(), names.unknown.len()), (3000, 3000));
        assert_eq!(names.addresses.len(), 762);
        let mut slots = HashSet::new();
        let addresses =
            names.addresses.iter().map(|address| service::request_pass::bucket_of(&address.to_string()));
        let locked = [names.locked.0, names.locked.1];
        let logins = names.known.iter().chain(&names.unknown).chain(&names.warm_up).chain(&locked);
        let keys_of = logins.map(|name| Login::parse(name).unwrap().key().to_owned());
        assert!(keys_of.chain(addresses).all(|bucket| slots.insert(store::guesses::slot(&keys, &bucket))));
    }
}
