//! Floor 5: HTTP, HTML, configuration and the command line; the program `keyward`.
//!
//! A thin skin: a handler parses, calls one use case and renders. [`app::router`] is the whole application as
//! one service over a [`service::Context`], with time and randomness given by [`context::Ambient`], so that
//! tests run it in their own process.

pub mod aaguid;
pub mod admission;
pub mod app;
pub mod assets;
mod background;
pub mod cli;
mod client_address;
pub mod commands;
pub mod config;
pub mod context;
pub mod cookies;
mod destination;
mod fields;
mod headers;
mod key_file;
mod live;
mod log;
pub mod mail;
mod measure;
mod node;
pub mod pages;
mod pictures;
mod problem;
pub mod qr;
mod readiness;
mod refusal;
mod reply;
mod routes;
mod same_origin;
mod serve;
pub mod text;
mod tls;
mod user_agent;
