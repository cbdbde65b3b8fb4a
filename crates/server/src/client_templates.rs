//! Templates of applications: the terms that a well-known one needs, and exactly what to paste there.

use std::sync::LazyLock;

use account::application::{Application, Consent, Lifetimes, Provenance};
use account::policy::Needed;
use oidc::client::{Authentication, Client, ClientId, ClientKeys, GrantType, ResponseMode, SigningAlg};
use oidc::scope::Scopes;
use serde::Deserialize;
use service::administer_clients::Terms;

/// One file holds them all; a test makes an application of each.
const TEXT: &str = include_str!("client_templates/templates.toml");

static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let file: Result<File, _> = toml::from_str(TEXT);
    file.map(|file| file.template).unwrap_or_default()
});

/// The template of whatever has none.
pub(crate) const GENERIC: &str = "generic";

#[derive(Deserialize)]
struct File {
    template: Vec<Template>,
}

/// A template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    /// Its name in commands and addresses.
    pub(crate) id: String,
    /// What people call the application.
    pub(crate) name: String,
    /// An example of its address.
    pub(crate) address: String,
    authentication: Authentication,
    algorithm: SigningAlg,
    scopes: Scopes,
    #[serde(default)]
    refresh: bool,
    redirects: Vec<String>,
    #[serde(default)]
    signed_out: Vec<String>,
    #[serde(default)]
    backchannel: Option<String>,
    #[serde(default)]
    profile_in_id_token: bool,
    paste: Vec<Paste>,
}

/// What is pasted into one place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paste {
    /// Where: a file, a command, a page of the application.
    pub place: String,
    /// What.
    pub text: String,
}

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filled<'a> {
    /// Our origin.
    pub issuer: &'a str,
    /// The application's address.
    pub url: &'a str,
    /// Its identifier.
    pub client: &'a str,
    /// Its secret; where it is not known any more, what stands in its place.
    pub secret: &'a str,
}

/// All of them, in the order in which they are offered.
pub(crate) fn all() -> &'static [Template] {
    &TEMPLATES
}

/// The one of that name.
pub(crate) fn find(id: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.id == id)
}

impl Template {
    /// The terms of an application at that address. What its administrators wrote themselves goes over it.
    pub(crate) fn terms(&self, id: ClientId, name: &str, url: &str) -> Terms {
        let url = url.trim().trim_end_matches('/');
        let at = |text: &String| text.replace("{url}", url);
        let mut grants = vec![GrantType::AuthorizationCode];
        grants.extend(self.refresh.then_some(GrantType::RefreshToken));
        Terms {
            client: Client {
                id,
                authentication: self.authentication,
                redirect_uris: self.redirects.iter().map(at).collect(),
                post_logout_redirect_uris: self.signed_out.iter().map(at).collect(),
                grants,
                response_modes: vec![ResponseMode::Query, ResponseMode::Fragment, ResponseMode::FormPost],
                scopes: self.scopes.clone(),
                id_token_alg: self.algorithm,
                userinfo_alg: None,
                response_alg: None,
                pushed_only: false,
                signed_only: false,
                dpop_bound: false,
                keys: ClientKeys::default(),
                resources: Vec::new(),
                default_max_age: None,
                default_acr_values: Vec::new(),
                backchannel_logout_uri: self.backchannel.as_ref().map(at),
                frontchannel_logout_uri: None,
                frontchannel_session_required: false,
            },
            application: Application {
                name: name.to_owned(),
                home: Some(url.to_owned()).filter(|url| !url.is_empty()),
                origin: Provenance::Organisation,
                template: Some(self.id.clone()),
                groups: Vec::new(),
                needed: Needed::Anything,
                prefers: false,
                consent: Consent::PreApproved,
                lifetimes: Lifetimes::default(),
                claims: Vec::new(),
                profile_in_id_token: self.profile_in_id_token,
                guards: Vec::new(),
            },
        }
    }

    /// What to paste, filled in.
    pub(crate) fn pastes(&self, filled: Filled<'_>) -> Vec<Paste> {
        let fill = |text: &str| {
            // One pass over the text: what is filled in is not looked at again.
            let mut out = String::with_capacity(text.len());
            let mut rest = text;
            while let Some((before, behind)) = rest.split_once('{') {
                out.push_str(before);
                let word = behind.split_once('}').and_then(|(word, rest)| Some((filled.word(word)?, rest)));
                rest = match word {
                    Some((value, rest)) => {
                        out.push_str(value);
                        rest
                    }
                    None => {
                        out.push('{');
                        behind
                    }
                };
            }
            out.push_str(rest);
            out
        };
        let paste = |paste: &Paste| Paste { place: paste.place.clone(), text: fill(paste.text.trim()) };
        self.paste.iter().map(paste).collect()
    }
}

impl<'a> Filled<'a> {
    fn word(&self, word: &str) -> Option<&'a str> {
        match word {
            "issuer" => Some(self.issuer),
            "url" => Some(self.url.trim_end_matches('/')),
            "client_id" => Some(self.client),
            "client_secret" => Some(self.secret),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
