//! `keyward client`.

mod terms;

use std::path::Path;

use oidc::client::ClientId;
use primitives::entropy::SystemEntropy;
use primitives::secret::SecretText;
use serde_json::{Value, json};
use service::administer_clients::{self as use_case, Change, ClientAdminError, Terms};
use service::{Authority, Context};
use store::clients::Stored;

use self::terms::apply;
use super::{Failure, print, table};
use crate::cli::{Client as Command, ClientTerms, Common};
use crate::client_templates::{self as templates, Filled, Paste, Template};
use crate::client_terms::{self, GroupNames};
use crate::config::Config;
use crate::node::{Node, Use, operator};

/// What stands in place of a secret that is not known any more.
const UNKNOWN: &str = "(the secret that was shown when it was made)";

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    if let Command::Template { template } = &command {
        return show_templates(common, template.as_deref());
    }
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let origin = config.origin_at(config.listen);
    let issuer = origin.to_string().trim_end_matches('/').to_owned();
    let node = Node::open(&config, &origin, Use::Administer).await?;
    let desk = Desk { common, cx: &node.service, issuer };
    match command {
        Command::Add { name, template, url, id, terms } => desk.add((name, template), url, id, &terms).await,
        Command::List => desk.list().await,
        Command::Show { id } => desk.show(id).await,
        Command::Change { id, name, url, terms } => desk.change(id, (name, url), &terms).await,
        Command::Enable { id } => desk.switch(id, true).await,
        Command::Disable { id } => desk.switch(id, false).await,
        Command::RotateSecret { id, keep_old } => {
            let made =
                use_case::new_secret(desk.cx, &mut operator(), Authority::Operator, (id, keep_old)).await;
            let (stored, secret) = made.map_err(refused)?;
            desk.told(&stored, Some(&secret)).await
        }
        Command::Remove { id } => {
            let removed = use_case::remove(desk.cx, &mut operator(), Authority::Operator, id).await;
            let stored = removed.map_err(refused)?;
            print(common, &desk.json(&stored).await?, || {
                format!("{} is no application here any more.", stored.application.name)
            })
        }
        Command::Logo { id, file } => desk.logo(id, file.as_deref()).await,
        Command::Template { .. } => Ok(()),
    }
}

fn show_templates(common: &Common, id: Option<&str>) -> Result<(), Failure> {
    let Some(id) = id else {
        let lines =
            templates::all().iter().map(|template| json!({ "id": template.id, "name": template.name }));
        return print(common, &Value::Array(lines.collect()), || {
            let row = |template: &Template| vec![template.id.clone(), template.name.clone()];
            table(&templates::all().iter().map(row).collect::<Vec<_>>())
        });
    };
    let template = templates::find(id).ok_or_else(no_template)?;
    let pastes = template.pastes(Filled {
        issuer: "{issuer}",
        url: &template.address,
        client: "{client_id}",
        secret: "{client_secret}",
    });
    print(common, &json!({ "id": template.id, "name": template.name, "paste": json_of(&pastes) }), || {
        text_of(&pastes)
    })
}

fn no_template() -> Failure {
    let known: Vec<&str> = templates::all().iter().map(|template| template.id.as_str()).collect();
    Failure::usage(format!("Nothing was done: there is no such template. There are {}.", known.join(", ")))
}

fn text_of(pastes: &[Paste]) -> String {
    pastes.iter().map(|paste| format!("--- {}\n{}\n", paste.place, paste.text)).collect::<Vec<_>>().join("\n")
}

fn json_of(pastes: &[Paste]) -> Value {
    pastes.iter().map(|paste| json!({ "place": paste.place, "text": paste.text })).collect()
}

struct Desk<'c> {
    common: &'c Common,
    cx: &'c Context,
    issuer: String,
}

impl Desk<'_> {
    async fn add(
        &self,
        (name, template): (String, String),
        url: Option<String>,
        id: Option<ClientId>,
        over: &ClientTerms,
    ) -> Result<(), Failure> {
        let template = templates::find(&template).ok_or_else(no_template)?;
        let id = id.unwrap_or_else(|| ClientId::draw(&name, &mut SystemEntropy));
        if url.is_none() && template.id != templates::GENERIC {
            return Err(Failure::usage("Nothing was added: say where the application is with --url."));
        }
        let mut terms = template.terms(id, &name, url.as_deref().unwrap_or_default());
        apply(self.cx, &mut terms, over).await?;
        let added = use_case::add(self.cx, &mut operator(), Authority::Operator, terms).await;
        let (stored, secret) = added.map_err(refused)?;
        self.told(&stored, secret.as_ref()).await
    }

    async fn list(&self) -> Result<(), Failure> {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = use_case::list(self.cx, after.clone(), use_case::MOST_FOUND).await?;
            after = page.last().map(|last| (last.application.name.clone(), last.client.id.clone()));
            let end = u32::try_from(page.len()).is_ok_and(|found| found < use_case::MOST_FOUND);
            found.extend(page);
            if end {
                break;
            }
        }
        let mut lines = Vec::new();
        for stored in &found {
            lines.push(self.json(stored).await?);
        }
        print(self.common, &Value::Array(lines), || table(&found.iter().map(row).collect::<Vec<_>>()))
    }

    async fn show(&self, id: ClientId) -> Result<(), Failure> {
        let stored = use_case::show(self.cx, id).await.map_err(refused)?;
        self.told(&stored, None).await
    }

    async fn change(
        &self,
        id: ClientId,
        (name, url): (Option<String>, Option<String>),
        over: &ClientTerms,
    ) -> Result<(), Failure> {
        let stored = use_case::show(self.cx, id).await.map_err(refused)?;
        let mut terms = Terms { client: stored.client, application: stored.application };
        if let Some(name) = name {
            terms.application.name = name;
        }
        if let Some(url) = url {
            terms.application.home = Some(url).filter(|url| !url.is_empty());
        }
        apply(self.cx, &mut terms, over).await?;
        self.store(Change { terms, enabled: stored.enabled, version: Some(stored.version) }).await
    }

    async fn switch(&self, id: ClientId, enabled: bool) -> Result<(), Failure> {
        let stored = use_case::show(self.cx, id).await.map_err(refused)?;
        let terms = Terms { client: stored.client, application: stored.application };
        self.store(Change { terms, enabled, version: Some(stored.version) }).await
    }

    async fn store(&self, change: Change) -> Result<(), Failure> {
        let changed = use_case::change(self.cx, &mut operator(), Authority::Operator, change).await;
        let stored = changed.map_err(refused)?;
        let state = if stored.enabled { "on" } else { "off" };
        print(self.common, &self.json(&stored).await?, || format!("{} is {state}.", stored.application.name))
    }

    async fn logo(&self, id: ClientId, file: Option<&Path>) -> Result<(), Failure> {
        let png = file.map(std::fs::read).transpose().map_err(Failure::usage)?;
        let png = png.map(|bytes| crate::logo::redrawn(&bytes)).transpose();
        let png =
            png.map_err(|refusal| Failure::refused(format!("Nothing was changed ({}).", refusal.code())))?;
        let set = use_case::set_logo(self.cx, &mut operator(), Authority::Operator, (id.clone(), png)).await;
        set.map_err(refused)?;
        print(self.common, &json!({ "clientId": id }), || format!("{id} has that picture."))
    }

    /// What to paste, with the secret where it is known: the one place that shows it.
    async fn told(&self, stored: &Stored, secret: Option<&SecretText>) -> Result<(), Failure> {
        let shown = secret.map(SecretText::reveal);
        let template = stored.application.template.as_deref().and_then(templates::find);
        let pastes =
            template.or_else(|| templates::find(templates::GENERIC)).map_or_else(Vec::new, |template| {
                template.pastes(Filled {
                    issuer: &self.issuer,
                    url: stored.application.home.as_deref().unwrap_or_default(),
                    client: stored.client.id.as_str(),
                    secret: shown.unwrap_or(if stored.client.is_public() { "" } else { UNKNOWN }),
                })
            });
        let mut line = self.json(stored).await?;
        if let Some(members) = line.as_object_mut() {
            members.insert("paste".to_owned(), json_of(&pastes));
            if let Some(secret) = shown {
                members.insert("clientSecret".to_owned(), json!(secret));
            }
        }
        print(self.common, &line, || {
            let secret = shown.map(|secret| format!("client_secret: {secret}\nIt is not shown again.\n"));
            format!(
                "{}\nclient_id: {}\n{}\n{}",
                stored.application.name,
                stored.client.id,
                secret.unwrap_or_default(),
                text_of(&pastes).trim_end()
            )
        })
    }

    async fn json(&self, stored: &Stored) -> Result<Value, Failure> {
        let groups = GroupNames::of(self.cx, client_terms::groups_of(&stored.application)).await?;
        Ok(described(stored, &groups))
    }
}

/// An application as programs read it.
fn described(stored: &Stored, groups: &GroupNames) -> Value {
    let Stored { client, application, .. } = stored;
    json!({
        "clientId": client.id,
        "name": application.name,
        "enabled": stored.enabled,
        "url": application.home,
        "origin": application.origin,
        "template": application.template,
        "authentication": client.authentication,
        "grants": client.grants,
        "scopes": client.scopes,
        "algorithm": client.id_token_alg,
        "redirectUris": client.redirect_uris,
        "postLogoutRedirectUris": client.post_logout_redirect_uris,
        "backchannelLogoutUri": client.backchannel_logout_uri,
        "frontchannelLogoutUri": client.frontchannel_logout_uri,
        "groups": application.groups.iter().map(|id| groups.spell(*id)).collect::<Vec<_>>(),
        "needs": application.needed.to_string(),
        "consent": application.consent,
        "accessSeconds": application.lifetimes.access.secs(),
        "refreshIdleSeconds": application.lifetimes.refresh_idle.secs(),
        "refreshSeconds": application.lifetimes.refresh.secs(),
        "claims": application.claims.iter().map(|claim| client_terms::spell(claim, groups)).collect::<Vec<_>>(),
        "profileInIdToken": application.profile_in_id_token,
        "guards": application.guards,
        "secrets": stored.secrets.len(),
        "version": stored.version,
        "author": stored.author,
        "createdAt": stored.created.to_string(),
        "changedAt": stored.changed.to_string(),
    })
}

fn row(stored: &Stored) -> Vec<String> {
    let state = if stored.enabled { "on" } else { "off" };
    let home = stored.application.home.clone().unwrap_or_default();
    vec![stored.client.id.to_string(), stored.application.name.clone(), state.to_owned(), home]
}

pub(super) fn refused(error: ClientAdminError) -> Failure {
    match error {
        ClientAdminError::Store(error) => error.into(),
        ClientAdminError::NotFound => Failure::refused("Nothing was done: there is no such application."),
        ClientAdminError::Taken => {
            Failure::refused("Nothing was added: there is an application of that client_id.")
        }
        ClientAdminError::Version => {
            Failure::refused("Nothing was changed: somebody else changed it meanwhile.")
        }
        other => Failure::refused(format!("Nothing was done ({}).", other.code())),
    }
}
