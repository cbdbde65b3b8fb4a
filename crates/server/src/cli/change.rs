//! `keyward user change`.

use account::user::Login;
use clap::Args;

use super::{login, name};

/// Changing a person.
#[derive(Debug, Args)]
pub struct ChangeUser {
    /// Email address or user name as it is now
    #[arg(value_parser = login)]
    pub email: Login,
    /// Email address or user name as it shall be; an e-mail address that was the login goes along
    #[arg(long, value_name = "NEW", value_parser = login, group = "what")]
    pub login: Option<Login>,
    /// The person's name
    #[arg(long, value_parser = name, group = "what")]
    pub name: Option<String>,
    /// Where notices go
    #[arg(long = "email", value_name = "ADDRESS", group = "what")]
    pub address: Option<String>,
    /// Send no notices
    #[arg(long, conflicts_with = "address", group = "what")]
    pub no_email: bool,
    /// The language in which the person is written to, such as de
    #[arg(long, value_name = "TAG", value_parser = language, group = "what")]
    pub language: Option<String>,
}

/// Reads a language that is shipped.
fn language(text: &str) -> Result<String, String> {
    crate::text::Language::parse(text)
        .map(|language| language.code().to_owned())
        .ok_or_else(|| "no pages are shipped in that language".to_owned())
}
