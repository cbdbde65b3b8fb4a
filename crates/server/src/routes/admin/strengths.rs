//! AS-1, AS-2: strengths and what they mean for somebody. What is saved is a draft of the policy.

use std::sync::Arc;

use account::policy::{Area, CustomStrength, Needed, Policy};
use account::role::Permission;
use account::strength::Strength;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use service::Who;
use service::preview_strength;

use super::policy::edit::{judged, model_names};
use super::policy::{Desk, keep};
use crate::app::App;
use crate::context::Visit;
use crate::fields::{Form, Path};
use crate::pages::Flash;
use crate::pages::console::policy::PolicyNews;
use crate::pages::console::strengths::{Person, Previewed, StrengthEdit, StrengthLine, StrengthList, way};
use crate::policy_form::{Around, Fields, StrengthForm, Wrong, combination_key, used_at};
use crate::problem::{Answer, Problem, Stop};
use crate::text::Text;

/// The addresses below `/admin/strengths`.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/strengths", get(list))
        .route("/admin/strengths/{name}", get(show).post(save))
        .route("/admin/strengths/{name}/remove", post(remove))
}

async fn list(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let policy = desk.policy()?;
    let (shell, nav) = (visit.shell_for(&who), visit.nav(&who));
    let text = shell.text;
    let asks =
        |needed: Needed| Area::ALL.iter().copied().filter(move |place| *policy.require.of(*place) == needed);
    let built_in = Strength::ALL.iter().map(|strength| StrengthLine {
        name: strength.to_string(),
        label: text.say(&format!("strength-{strength}")).to_string(),
        description: text.say(&format!("strength-about-{strength}")).to_string(),
        acr: Some(strength.acr()),
        own: false,
        combinations: Vec::new(),
        used: asks(Needed::BuiltIn(*strength)).collect(),
    });
    let own = policy.strengths.iter().map(|strength| line(text, policy, strength));
    visit.page(&StrengthList {
        strengths: built_in.chain(own).collect(),
        draft: desk.draft.is_some(),
        may_edit: nav.may(Permission::EditPolicy),
        shell,
        nav,
    })
}

fn line(text: Text, policy: &Policy, strength: &CustomStrength) -> StrengthLine {
    let combinations = strength.combinations.iter();
    StrengthLine {
        name: strength.name.clone(),
        label: strength.name.clone(),
        description: strength.description.clone(),
        acr: None,
        own: true,
        combinations: combinations.map(|one| text.say(combination_key(*one)).to_string()).collect(),
        used: used_at(policy, &strength.name),
    }
}

/// The form of the strength of that name; `new` is that of none.
fn form(visit: &Visit, policy: &Policy, name: &str) -> Result<(StrengthForm, Option<CustomStrength>), Stop> {
    let models = &visit.app.service.settings().models;
    if name == "new" {
        return Ok((StrengthForm::new(None, models), None));
    }
    let found = policy.strengths.iter().find(|strength| strength.name == name).cloned();
    let found = found.ok_or_else(Problem::not_found)?;
    Ok((StrengthForm::new(Some(found.name.clone()), models), Some(found)))
}

async fn show(mut visit: Visit, Path(name): Path<String>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let (form, stored) = form(&visit, desk.policy()?, &name)?;
    let held = Held { fields: form.fill(stored.as_ref()), ..Held::default() };
    let page = page(&mut visit, &who, &desk, &form, held)?;
    visit.page(&page)
}

/// What the form holds, and what is said about it.
#[derive(Default)]
struct Held {
    fields: Fields,
    wrong: Vec<Wrong>,
    refusal: Option<String>,
    person: Option<Person>,
}

fn page(
    visit: &mut Visit,
    who: &Who,
    desk: &Desk,
    form: &StrengthForm,
    held: Held,
) -> Result<StrengthEdit, Stop> {
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    let policy = desk.policy()?;
    let around = Around { text: shell.text, groups: &desk.groups, policy };
    let address = form.name.clone().unwrap_or_else(|| "new".to_owned());
    Ok(StrengthEdit {
        action: format!("/admin/strengths/{address}"),
        controls: form.controls(&around, &held.fields, &held.wrong),
        models: model_names(visit),
        used: form.name.as_deref().map(|name| used_at(policy, name)).unwrap_or_default(),
        login: held.fields.one("person").to_owned(),
        name: form.name.clone(),
        person: held.person.unwrap_or(Person::None),
        refusal: held.refusal,
        may_edit: nav.may(Permission::EditPolicy),
        shell,
        nav,
    })
}

/// Saves it, or shows what it would mean for somebody, which changes nothing.
async fn save(mut visit: Visit, Path(name): Path<String>, Form(sent): Form<Vec<(String, String)>>) -> Answer {
    let fields = Fields::from(sent);
    let previews = fields.one("then") == "preview";
    let needed = if previews { Permission::ReadPolicy } else { Permission::EditPolicy };
    let who = visit.console(needed).await?;
    let desk = Desk::of(&visit, &who).await?;
    let policy = desk.policy()?;
    let (form, _) = form(&visit, policy, &name)?;
    if previews {
        let person = preview(&visit, policy, &form, &fields).await?;
        let page =
            page(&mut visit, &who, &desk, &form, Held { fields, person: Some(person), ..Held::default() })?;
        return visit.page(&page);
    }
    match judged(&visit, &desk, form.read(policy, &fields)) {
        Ok(document) => {
            let then = fields.one("then").to_owned();
            keep(visit, &who, (desk.base(), &document), (&then, "/admin/strengths")).await
        }
        Err((wrong, refusal)) => {
            let page = page(&mut visit, &who, &desk, &form, Held { fields, wrong, refusal, person: None })?;
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

async fn preview(
    visit: &Visit,
    policy: &Policy,
    form: &StrengthForm,
    fields: &Fields,
) -> Result<Person, Stop> {
    let mut policy = policy.clone();
    // Under a name that nobody can have given: the form may hold none yet.
    let strength = CustomStrength { name: String::new(), ..form.strength(fields, &mut Vec::new()) };
    policy.strengths.push(strength);
    let (cx, now) = (&visit.app.service, visit.now());
    let needed = Needed::Custom(String::new());
    let found = preview_strength::preview(cx, now, fields.one("person"), policy, needed).await?;
    let text = Text::new(visit.facts.spoken());
    Ok(match found {
        None => Person::Unknown,
        Some(found) => Person::Found(Previewed {
            name: found.user.name,
            ways: found.ways.iter().map(|(known, enough)| (way(text, known), *enough)).collect(),
        }),
    })
}

async fn remove(mut visit: Visit, Path(name): Path<String>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let mut next = desk.policy()?.clone();
    form(&visit, &next, &name)?;
    if !used_at(&next, &name).is_empty() {
        visit.set_flash(&Flash::Policy(PolicyNews::InUse));
        return visit.see_other(&format!("/admin/strengths/{name}"));
    }
    next.strengths.retain(|strength| strength.name != name);
    let document = judged(&visit, &desk, Ok(next)).map_err(|_| Problem::not_found())?;
    keep(visit, &who, (desk.base(), &document), ("stay", "/admin/strengths")).await
}
