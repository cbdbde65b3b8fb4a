//! Floor 5: Keyfob, an open authenticator: a vault of passkeys, the face that asks its person, a virtual security
//! key, and the phone's side of cross-device sign-in. The program is a thin skin over this library.

pub mod ambient;
pub mod cli;
pub mod commands;
pub mod config;
pub mod control;
pub mod cross_device;
pub mod doctor;
pub mod errand;
pub mod exchange;
pub mod face;
pub mod holder;
pub mod io;
pub mod keeper;
pub mod links;
pub mod manage;
pub mod screen;
pub mod server;
pub mod talk;
pub mod text;
pub mod used_codes;
pub mod vault_file;
pub mod worker;
