//! Tunnel domains (CTAP 2.3 section 11.5.1.3): sixteen bits that stand for the name of a tunnel service.
//!
//! Two are assigned. From 256 on the name follows from the number by a digest, so that whoever wants a service of
//! their own takes a number whose name they can register.

use primitives::digest;

/// The first number whose name is computed.
pub const FIRST_HASHED: u16 = 256;
/// The names that are assigned, by their numbers: Google's and Apple's.
const ASSIGNED: [&str; 2] = ["cable.ua5v.com", "cable.auth.com"];
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const ENDINGS: [&str; 4] = ["com", "org", "net", "info"];

/// The name of the service with that number.
pub fn name(id: u16) -> Result<String, UnassignedDomain> {
    if id < FIRST_HASHED {
        let assigned = ASSIGNED.get(usize::from(id)).ok_or(UnassignedDomain)?;
        return Ok((*assigned).to_owned());
    }
    let mut text = b"caBLEv2 tunnel server domain".to_vec();
    text.extend_from_slice(&id.to_le_bytes());
    text.push(0);
    let hash = digest::sha256(&text);
    let mut value = hash.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let ending = pick(&ENDINGS, value & 3).copied().unwrap_or_default();
    value >>= 2;
    let mut name = String::from("cable.");
    while value != 0 {
        name.push(pick(LETTERS, value & 31).copied().map_or('a', char::from));
        value >>= 5;
    }
    name.push('.');
    name.push_str(ending);
    Ok(name)
}

/// Whether a client that knows `assigned` of the assigned names finds a service by that number.
pub fn known_to(id: u16, assigned: u64) -> bool {
    id >= FIRST_HASHED || u64::from(id) < assigned
}

fn pick<T>(from: &[T], at: u64) -> Option<&T> {
    from.get(usize::try_from(at).ok()?)
}

/// A number below 256 that nobody was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnassignedDomain;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_names() {
        for (id, expected) in [
            (0, "cable.ua5v.com"),
            (1, "cable.auth.com"),
            (256, "cable.qz2ekwmnd332c.info"),
            (266, "cable.wufkweyy3uaxb.com"),
            (4097, "cable.w5wzpjnsou22b.com"),
            (65535, "cable.lw6vahpb5pldb.net"),
        ] {
            assert_eq!(name(id).as_deref(), Ok(expected), "{id}");
        }
    }

    #[test]
    fn what_nobody_was_given_is_refused() {
        for id in 2..FIRST_HASHED {
            assert_eq!(name(id), Err(UnassignedDomain), "{id}");
        }
    }

    #[test]
    fn an_assigned_domain_is_known_to_clients_that_count_it() {
        assert!(known_to(1, 2) && !known_to(1, 1) && !known_to(0, 0));
        assert!(!known_to(255, 2) && known_to(256, 0));
    }
}
