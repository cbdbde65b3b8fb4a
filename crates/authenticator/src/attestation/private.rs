//! An attestation that an organisation issued to one authenticator, for its own servers only.

use std::fmt;

use crate::private_key::PrivateKey;

/// A key with certificates that an organisation's own authority issued to this authenticator (DESIGN 5a.13).
///
/// It is shown to that organisation alone: to anybody else a certificate of one's own would be a name by which sites
/// recognise the same person.
#[derive(Clone, PartialEq, Eq)]
pub struct Private {
    /// The relying party that issued it.
    pub rp_id: String,
    /// The certificates in DER, leaf first, without the root.
    pub chain: Vec<Vec<u8>>,
    /// The key that the leaf certifies.
    pub key: PrivateKey,
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Private({}, {} certificates)", self.rp_id, self.chain.len())
    }
}
