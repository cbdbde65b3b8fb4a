//! Floor 2: the provider's half of OAuth 2 and OpenID Connect.
//!
//! This crate is pure: no clock, file, socket or async in it; `now` and entropy are arguments. It reads what clients
//! send and says what the protocols make of it, one closed refusal for each rule; who may sign in, and on what evidence,
//! is decided by `account` and `service`.

pub mod authorization;
pub mod claims_request;
pub mod client;
pub mod client_authentication;
pub mod device;
pub mod discovery;
pub mod dpop;
pub mod error;
pub mod grant;
pub mod id_token;
pub mod introspection;
pub mod json;
pub mod jwt;
pub mod key_set;
pub mod logout;
pub mod parameters;
pub mod pkce;
pub mod pushed;
pub mod redirect;
pub mod registration;
pub mod request_object;
pub mod response;
pub mod scope;
pub mod token;
pub mod uri;
pub mod userinfo;

#[cfg(test)]
mod samples;

#[cfg(test)]
mod forge;
