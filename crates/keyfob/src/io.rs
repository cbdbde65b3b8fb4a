//! The world outside: what carries requests to the authenticator and replies back.

pub mod bluetooth;
pub mod hid;
pub mod near;
pub mod relay;
pub mod scan;
pub mod tunnel;
