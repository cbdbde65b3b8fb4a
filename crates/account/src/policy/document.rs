//! A policy as a TOML document: read, written, compared.
