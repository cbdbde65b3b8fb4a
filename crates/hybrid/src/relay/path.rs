//! The paths of the tunnel service.

use primitives::encoding::{base64url, from_base64url, from_hex, hex, hex_upper};

use crate::linking;

/// More is no path of this service.
const LONGEST: usize = 1_024;

/// What a connection asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// A phone that scanned a code opens a tunnel: `/cable/new/<tunnel>`.
    New {
        /// Follows from the code's secret.
        tunnel_id: [u8; 16],
    },
    /// The client of that code: `/cable/connect/<routing>/<tunnel>`.
    Connect {
        /// From the advertisement.
        routing_id: [u8; 3],
        /// Follows from the code's secret.
        tunnel_id: [u8; 16],
    },
    /// A client that has a link: `/cable/contact/<contact>`.
    Contact {
        /// From the link.
        contact: Vec<u8>,
    },
    /// A phone that gave links waits for contacts: `/cable/wait/<secret>`. No specification says how phones and
    /// their tunnel service do this; this is our way.
    Wait {
        /// Its digest is the contact.
        secret: [u8; 32],
    },
}

impl Path {
    /// Reads a path. Some clients write hexadecimal in capitals, some do not.
    pub fn parse(path: &str) -> Result<Self, PathRefusal> {
        if path.len() > LONGEST {
            return Err(PathRefusal::Form);
        }
        let rest = path.strip_prefix("/cable/").ok_or(PathRefusal::Unknown)?;
        let (verb, rest) = rest.split_once('/').ok_or(PathRefusal::Unknown)?;
        match verb {
            "new" => Ok(Path::New { tunnel_id: bytes(rest)? }),
            "connect" => {
                let (routing, tunnel) = rest.split_once('/').ok_or(PathRefusal::Form)?;
                Ok(Path::Connect { routing_id: bytes(routing)?, tunnel_id: bytes(tunnel)? })
            }
            "contact" => {
                let contact = from_base64url(rest).filter(|contact| !contact.is_empty());
                Ok(Path::Contact { contact: contact.ok_or(PathRefusal::Form)? })
            }
            "wait" => {
                let secret = from_base64url(rest).and_then(|secret| secret.try_into().ok());
                Ok(Path::Wait { secret: secret.ok_or(PathRefusal::Form)? })
            }
            _ => Err(PathRefusal::Unknown),
        }
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], PathRefusal> {
    from_hex(text).and_then(|bytes| bytes.try_into().ok()).ok_or(PathRefusal::Form)
}

/// Where a phone opens the tunnel of a code.
pub fn new_url(domain: &str, tunnel_id: &[u8; 16]) -> String {
    format!("wss://{domain}/cable/new/{}", hex(tunnel_id))
}

/// Where the client of a code connects.
pub fn connect_url(domain: &str, routing_id: &[u8; 3], tunnel_id: &[u8; 16]) -> String {
    format!("wss://{domain}/cable/connect/{}/{}", hex_upper(routing_id), hex_upper(tunnel_id))
}

/// Where a client with a link connects.
pub fn contact_url(domain: &str, contact: &[u8]) -> String {
    format!("wss://{domain}/cable/contact/{}", base64url(contact))
}

/// Where a phone waits for clients with links.
pub fn wait_url(domain: &str, waiting: &[u8; 32]) -> String {
    format!("wss://{domain}/cable/wait/{}", base64url(waiting))
}

/// Where a phone that waits with that secret is found.
pub(super) fn contact_of(secret: &[u8; 32]) -> [u8; 32] {
    linking::contact(secret)
}

/// Why a path is none of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathRefusal {
    /// No such place.
    Unknown,
    /// The place is there, but what follows is not of its form.
    Form,
}
