//! The virtual security key: CTAPHID (CTAP 2.3 section 11.2) over the kernel's `/dev/uhid`, where unmodified browsers
//! find it, and the same packets over a Unix socket, where there is no uhid.

pub mod channels;
mod link;
pub mod packet;
pub mod socket;
pub mod token;
pub mod uhid;
