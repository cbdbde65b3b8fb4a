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
mod client_documents;
mod client_form;
mod client_templates;
mod client_terms;
pub mod commands;
pub mod config;
pub mod context;
pub mod cookies;
mod counting;
mod csv;
mod destination;
pub mod export;
mod fields;
mod headers;
pub mod hooks;
mod key_file;
mod live;
mod log;
mod logo;
pub mod logout;
pub mod mail;
mod measure;
pub mod metadata;
mod node;
pub mod outbound;
pub mod pages;
mod pass_terms;
mod pictures;
mod policy_checks;
mod policy_form;
mod problem;
pub mod qr;
mod reach;
mod readiness;
mod refusal;
mod reply;
mod report_lines;
mod routes;
mod same_origin;
mod serve;
pub mod text;
mod tls;
mod tunnels;
mod user_agent;
