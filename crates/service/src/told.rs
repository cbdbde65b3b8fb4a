//! What an application is told about a person, read with the grant.

use account::application::{Application, Consent, Mapping, Provenance, Source};
use account::evidence::{Evidence, Proof};
use account::group::GroupId;
use account::user::User;
use oidc::claims_request::ClaimsRequest;
use oidc::scope::{GROUPS, Scopes};
use oidc::userinfo::{self, PasskeyFacts, Person};
use serde_json::{Map, Value};
use store::{StoreError, Tx, groups};

use crate::context::Settings;

/// The facts, as they were in one transaction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) subject: String,
    name: String,
    given_name: Option<String>,
    family_name: Option<String>,
    login: String,
    language: Option<String>,
    email: Option<String>,
    groups: Vec<String>,
    passkey: Option<Passkey>,
    mapped: Vec<(Mapping, Value)>,
    /// Whether the organisation added the application and has decided for people what it learns.
    decided: bool,
}

#[derive(Clone, Debug)]
struct Passkey {
    model: Option<String>,
    attested: bool,
    backed_up: bool,
}

/// What an application asks to be told.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) application: &'a Application,
    pub(crate) scopes: &'a Scopes,
    pub(crate) claims: &'a ClaimsRequest,
}

impl Wanted<'_> {
    fn wants_groups(&self) -> bool {
        let asked = |claims: &std::collections::BTreeMap<String, _>| claims.contains_key(GROUPS);
        let mapped = |mapping: &Mapping| matches!(mapping.source, Source::Groups(_));
        self.scopes.has(GROUPS)
            || asked(&self.claims.id_token)
            || asked(&self.claims.userinfo)
            || self.application.claims.iter().any(mapped)
    }
}

/// Reads what there is to tell of `user`, who proved `evidence`.
pub(crate) fn told(
    tx: &mut Tx<'_>,
    settings: &Settings,
    (user, evidence): (&User, &Evidence),
    wanted: Wanted<'_>,
) -> Result<Told, StoreError> {
    let mut named: Vec<(GroupId, String)> = Vec::new();
    if wanted.wants_groups() {
        for id in &user.groups {
            named.extend(groups::by_id(tx, *id)?.map(|group| (group.id, group.name)));
        }
        named.sort_by(|one, other| one.1.cmp(&other.1));
    }
    let passkey = passkey(settings, evidence);
    let value = |mapping: &Mapping| mapped(&mapping.source, user, &named, passkey.as_ref());
    let mapped =
        wanted.application.claims.iter().filter_map(|mapping| Some((mapping.clone(), value(mapping)?)));
    Ok(Told {
        subject: user.id.to_string(),
        name: user.name.clone(),
        given_name: user.directory.given_name.clone(),
        family_name: user.directory.family_name.clone(),
        login: user.login.shown().to_owned(),
        language: user.language.clone(),
        email: user.email.clone(),
        mapped: mapped.collect(),
        decided: wanted.application.origin == Provenance::Organisation
            && wanted.application.consent == Consent::PreApproved,
        groups: named.into_iter().map(|(_, name)| name).collect(),
        passkey,
    })
}

/// The passkey of the latest proof by one.
fn passkey(settings: &Settings, evidence: &Evidence) -> Option<Passkey> {
    evidence.proofs().iter().rev().find_map(|proof| match proof {
        Proof::Passkey { model, backup_eligible, .. } => Some(Passkey {
            model: model.and_then(|model| settings.models.get(model)).map(|model| model.name.clone()),
            attested: model.is_some(),
            backed_up: *backup_eligible,
        }),
        _ => None,
    })
}

/// What a claim of the organisation's own says; nothing where there is nothing to say.
fn mapped(
    source: &Source,
    user: &User,
    groups: &[(GroupId, String)],
    passkey: Option<&Passkey>,
) -> Option<Value> {
    let text = |text: &str| (!text.is_empty()).then(|| Value::from(text));
    match source {
        Source::Login => text(user.login.shown()),
        Source::Email => user.email.as_deref().and_then(text),
        Source::Name => text(&user.name),
        Source::ExternalId => user.directory.external_id.as_deref().and_then(text),
        Source::Groups(only) => {
            let chosen = groups.iter().filter(|(id, _)| only.is_empty() || only.contains(id));
            Some(chosen.map(|(_, name)| Value::from(name.as_str())).collect())
        }
        Source::InGroup { group, member, other } => {
            text(if user.groups.contains(group) { member } else { other })
        }
        Source::Constant(constant) => text(constant),
        Source::PasskeyModel => passkey?.model.as_deref().and_then(text),
        Source::PasskeyAttested => passkey.map(|passkey| passkey.attested.into()),
        Source::PasskeyBackedUp => passkey.map(|passkey| passkey.backed_up.into()),
    }
}

impl Told {
    fn person(&self) -> Person<'_> {
        Person {
            subject: &self.subject,
            name: &self.name,
            given_name: self.given_name.as_deref(),
            family_name: self.family_name.as_deref(),
            login: &self.login,
            language: self.language.as_deref(),
            email: self.email.as_deref(),
            // Nobody but the organisation says what it is.
            email_verified: true,
            groups: &self.groups,
            changed: None,
            passkey: self.passkey.as_ref().map(|passkey| PasskeyFacts {
                model: passkey.model.as_deref(),
                attested: passkey.attested,
                backed_up: passkey.backed_up,
            }),
        }
    }

    fn mapped(&self, which: impl Fn(&Mapping) -> bool) -> Map<String, Value> {
        let chosen = self.mapped.iter().filter(|(mapping, _)| which(mapping));
        chosen.map(|(mapping, value)| (mapping.claim.clone(), value.clone())).collect()
    }

    /// The login name.
    pub(crate) fn login(&self) -> &str {
        &self.login
    }

    /// Whether a claim that is asked for by name is told. People who are asked allow scopes and see nothing of single claims,
    /// so these bring nothing that the scopes would not; what is said of the passkey is only for those who ask nobody.
    fn may_name(&self, name: &str, scopes: &Scopes) -> bool {
        self.decided || userinfo::scope_of(name).is_some_and(|scope| scopes.has(scope))
    }

    /// What userinfo says.
    pub(crate) fn for_userinfo(&self, scopes: &Scopes, claims: &ClaimsRequest) -> Map<String, Value> {
        let asked = |name: &str| claims.userinfo.contains_key(name) && self.may_name(name, scopes);
        userinfo::claims(&self.person(), scopes, &asked, &self.mapped(|_| true))
    }

    /// What an ID token says besides what it always says. `all` that the scopes bring, for applications that ask nowhere
    /// else.
    pub(crate) fn for_id_token(
        &self,
        scopes: &Scopes,
        claims: &ClaimsRequest,
        all: bool,
    ) -> Map<String, Value> {
        let asked = |name: &str| claims.id_token.contains_key(name) && self.may_name(name, scopes);
        let mapped = self.mapped(|mapping| mapping.in_id_token);
        if all {
            return userinfo::claims(&self.person(), scopes, &asked, &mapped);
        }
        userinfo::in_id_token(&self.person(), &asked, &mapped)
    }
}
