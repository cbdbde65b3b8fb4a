//! The screens as data: one struct a screen, rendered by the template that its attribute names.
//!
//! A view holds what its screen says and nothing else: no request, no store. Times are raw and become words in the
//! reader's language here; ids of screens (SI-1, SEC-1, W-5a …) are those of the flow specification.
//! Every view has a [`Shell`] and a `heading()`, which is the page's only `<h1>` and, with the organisation, its title.

pub mod application;
pub mod apps;
pub mod ceremony;
pub mod companion;
pub mod confirm;
pub mod console;
pub mod device;
pub mod history;
pub mod letter;
pub mod lost;
pub mod methods;
pub mod notices;
pub mod orders;
pub mod passes;
pub mod password;
pub mod passwordless;
pub mod problem;
pub mod requests;
pub mod secure;
pub mod security;
pub mod sessions;
pub mod setup;
pub mod shell;
pub mod sign_in;
pub mod topics;
pub mod welcome;
pub mod wizard;
pub mod wizard_end;
pub mod wizard_link;
pub mod wizard_phone;

#[cfg(test)]
pub(crate) mod tests;

pub use ceremony::Ceremony;
pub use shell::{Account, Flash, Shell};
