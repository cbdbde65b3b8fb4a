//! See the crate's manifest.
pub mod postgres;
