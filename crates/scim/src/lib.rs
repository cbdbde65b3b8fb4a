//! Floor 0: resources of SCIM 2.0 (RFC 7643, RFC 7644) as JSON, and what may be asked of them.
//!
//! Pure: a resource is a JSON object. [`schema`] says which attributes it has, [`read`] brings what a client sent into
//! that shape, [`filter`] and [`patch`] work on it, [`projection`] leaves out what was not asked for, and [`message`]
//! makes the answers. Grammars are parsed by the crate `scim_v2`. It knows nothing of accounts: `server` maps them.

pub mod filter;
pub mod message;
pub mod patch;
pub mod projection;
pub mod read;
mod refusal;
pub mod schema;
mod values;

pub use refusal::{Refusal, ScimType};

/// A resource: canonical attribute names, those of extensions below their schema's URN.
pub type Resource = serde_json::Map<String, serde_json::Value>;
