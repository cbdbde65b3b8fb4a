//! Floor 2: people, their methods, what they proved, and the rules about all of it.
//!
//! This crate is pure: no clock, file, socket or async in it; `now` and entropy are arguments. It decides,
//! `service` combines its decisions with transactions, and `store` maps its types to rows.

mod names;
#[cfg(test)]
mod samples;

pub mod action;
pub mod api_key;
pub mod application;
pub mod attested_device;
pub mod audit;
pub mod authenticator_code;
pub mod device_code;
pub mod enrolment;
pub mod evidence;
pub mod group;
pub mod history;
pub mod hook;
pub mod lockout;
pub mod methods;
pub mod model;
pub mod notice;
pub mod pass_mail;
pub mod pass_order;
pub mod pass_request;
pub mod passkey;
pub mod password;
pub mod policy;
pub mod readiness;
pub mod recovery_code;
pub mod role;
pub mod search;
pub mod session;
pub mod sign_in_log;
pub mod sign_in_step;
pub mod strength;
pub mod temporary_pass;
pub mod user;
