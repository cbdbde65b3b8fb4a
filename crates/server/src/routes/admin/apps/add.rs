//! A new application: which template, where it is, and then whether really.

use account::role::Permission;
use axum::http::StatusCode;
use oidc::client::ClientId;
use primitives::encoding;
use serde::Deserialize;
use service::administer_clients::{self as use_case, ClientAdminError, Terms};
use service::{Authority, Who};

use super::{at, pastes, told};
use crate::client_form::{basics, said, wrong};
use crate::client_templates::{self as templates, GENERIC, Template};
use crate::context::Visit;
use crate::fields::{Form, Query};
use crate::pages::console::apps::{MadeApp, NewApp, Review, ReviewLine};
use crate::pages::console::form::Control;
use crate::policy_form::{Fields, Wrong};
use crate::problem::{Answer, Problem};
use crate::text::Text;

#[derive(Default, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    template: String,
}

/// What the page holds.
#[derive(Default)]
struct Held {
    template: Option<&'static Template>,
    fields: Fields,
    wrong: Vec<Wrong>,
    review: Option<Review>,
    problem: Option<&'static str>,
}

pub(super) async fn new(mut visit: Visit, Query(chosen): Query<Chosen>) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let template = templates::find(&chosen.template);
    let mut fields = Fields::default();
    if let Some(template) = template.filter(|template| template.id != GENERIC) {
        fields.put("name", &template.name);
    }
    show(visit, &who, Held { template, fields, ..Held::default() })
}

fn controls(text: Text, template: &Template, held: &Held) -> Vec<Control> {
    basics(text, &held.fields, &held.wrong, (template.id == GENERIC, &template.address))
}

fn show(mut visit: Visit, who: &Who, held: Held) -> Answer {
    let failed = held.problem.is_some() || !held.wrong.is_empty();
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (nav, shell) = (visit.nav(who), visit.shell_for(who));
    let controls = held.template.map_or_else(Vec::new, |template| controls(shell.text, template, &held));
    let named = |template: &Template| (template.id.clone(), template.name.clone());
    let page = NewApp {
        shell,
        nav,
        templates: templates::all().iter().map(named).collect(),
        template: held.template.map(named),
        controls,
        review: held.review,
        problem: held.problem,
    };
    visit.page_with(status, &page)
}

/// The terms that the fields say; the template says the rest.
fn terms(template: &Template, fields: &Fields, id: ClientId) -> Result<Terms, Vec<Wrong>> {
    if fields.one("home").is_empty() && template.id != GENERIC {
        return Err(vec![Wrong::new("home", "apps-wrong-client_uri", "")]);
    }
    let mut terms = template.terms(id, fields.one("name"), fields.one("home"));
    if template.id == GENERIC {
        let uris = fields.one("redirects").lines().map(str::trim).filter(|line| !line.is_empty());
        terms.client.redirect_uris = uris.map(str::to_owned).collect();
    }
    terms.judged().map_err(|refusal| {
        // Where the form has no such field, it is the address that the template made something of.
        let Wrong { field, key, detail } = wrong(refusal);
        let here = ["name", "home"].contains(&field) || field == "redirects" && template.id == GENERIC;
        vec![if here {
            Wrong { field, key, detail }
        } else {
            Wrong::new("home", "apps-wrong-client_uri", "")
        }]
    })
}

fn review(text: Text, held: &Held, template: &Template, terms: &Terms) -> Review {
    let mut hidden =
        vec![("template".to_owned(), template.id.clone()), ("then".to_owned(), "add".to_owned())];
    for name in ["name", "home", "redirects"] {
        hidden.push((name.to_owned(), held.fields.one(name).to_owned()));
    }
    hidden.push(("id".to_owned(), terms.client.id.to_string()));
    let line = |(label, after): (String, String)| ReviewLine { label, before: None, after };
    let typed = controls(text, template, held);
    let mut lines: Vec<ReviewLine> = typed.iter().filter_map(said).map(line).collect();
    let said = |key: &str| text.say(key).to_string();
    lines.push(line((said("apps-client-id"), terms.client.id.to_string())));
    if template.id != GENERIC {
        lines.push(line((said("apps-redirects"), terms.client.redirect_uris.join("\n"))));
    }
    lines.push(line((said("apps-scopes"), terms.client.scopes.to_string())));
    lines.push(line((said("apps-algorithm"), terms.client.id_token_alg.name().to_owned())));
    Review { action: "add-client", target: encoding::hex(&terms.digest()), hidden, lines }
}

pub(super) async fn submit(mut visit: Visit, Form(sent): Form<Vec<(String, String)>>) -> Answer {
    let fields = Fields::from(sent);
    let who = visit.console(Permission::EditApplications).await?;
    let template = templates::find(fields.one("template")).ok_or_else(Problem::not_found)?;
    let mut caller = visit.caller();
    let id = ClientId::parse(fields.one("id"))
        .unwrap_or_else(|_| ClientId::draw(fields.one("name"), caller.entropy.as_mut()));
    let adds = fields.one("then") == "add";
    let mut held = Held { template: Some(template), fields, ..Held::default() };
    let terms = match terms(template, &held.fields, id) {
        Ok(terms) => terms,
        Err(wrong) => return show(visit, &who, Held { wrong, ..held }),
    };
    let text = Text::new(visit.facts.spoken());
    held.review = Some(review(text, &held, template, &terms));
    if !adds {
        return show(visit, &who, held);
    }
    let authority = Authority::Person(&who);
    match use_case::add(&visit.app.service, &mut caller, authority, terms).await {
        Ok((stored, secret)) => {
            let secret = secret.map(|secret| secret.reveal().to_owned());
            let pastes = pastes(&visit, &stored, secret.as_deref());
            let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
            // The one page that shows it.
            visit.page(&MadeApp {
                shell,
                nav,
                name: stored.application.name,
                at: at(&stored.client.id),
                id: stored.client.id.to_string(),
                secret,
                pastes,
                rotated: false,
            })
        }
        Err(ClientAdminError::Terms(refusal)) => {
            show(visit, &who, Held { wrong: vec![wrong(refusal)], review: None, ..held })
        }
        Err(error) => {
            held.problem = Some(told(error)?);
            show(visit, &who, held)
        }
    }
}
