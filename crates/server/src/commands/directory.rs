//! `keyward group`, and `keyward user delete`, `import` and their like.

use std::path::Path;

use account::user::Login;
use serde_json::{Value, json};
use service::administer_groups::{self, GroupChanges, Listed, NewGroup};
use service::import_users::{self, Fate, ImportError, Plan};
use service::{Authority, Context, administer_users};

use super::users::{find, user_json};
use super::{Failure, open, print, table};
use crate::cli::{Common, Group, More};
use crate::node::operator;

/// Rows read from the store at once.
const PAGE: u32 = 500;

const BY: Authority<'static> = Authority::Operator;

pub(super) async fn people(common: &Common, cx: &Context, command: More) -> Result<(), Failure> {
    let mut caller = operator();
    let caller = &mut caller;
    let (user, done) = match command {
        More::Import { file, check } => return import(common, cx, &file, check).await,
        More::Erase(person) => {
            let id = find(cx, &person.email).await?;
            administer_users::erase(cx, caller, BY, id).await?;
            let json = json!({ "id": id, "erased": true });
            return print(common, &json, || format!("What was known of {} is erased.", person.email));
        }
        More::Delete(person) => {
            let id = find(cx, &person.email).await?;
            (administer_users::delete(cx, caller, BY, id).await?, "is deleted; undelete works for 30 days.")
        }
        More::Undelete(person) => {
            let id = find(cx, &person.email).await?;
            (administer_users::restore(cx, caller, BY, id).await?, "is brought back.")
        }
        More::SignOut(person) => {
            let id = find(cx, &person.email).await?;
            (administer_users::sign_out(cx, caller, BY, id).await?, "is signed out everywhere.")
        }
        More::RequireRegistration(person) => {
            let id = find(cx, &person.email).await?;
            let user = administer_users::require_new_registration(cx, caller, BY, id).await?;
            (user, "has no sign-in method any more and needs a pass.")
        }
        More::BreakGlass { email, off } => {
            let id = find(cx, &email).await?;
            let user = administer_users::set_break_glass(cx, caller, BY, id, !off).await?;
            (user, if off { "is an ordinary account." } else { "is a break-glass account." })
        }
    };
    print(common, &user_json(&user), || format!("{} {done}", user.login))
}

async fn import(common: &Common, cx: &Context, file: &Path, check: bool) -> Result<(), Failure> {
    let name = file.display();
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("Nobody was added: {name} cannot be read: {error}.")))?;
    if check {
        let plan = import_users::preview(cx, None, &bytes).await.map_err(import_failure)?;
        print(common, &plan_json(&plan), || plan_table(&plan))?;
        let wrong = plan.wrong().count();
        return if wrong == 0 { Ok(()) } else { Err(Failure::refused(format!("{wrong} rows are wrong."))) };
    }
    let imported = import_users::apply(cx, &mut operator(), BY, &bytes).await.map_err(import_failure)?;
    let json = json!({ "added": imported.added, "there": imported.there });
    print(common, &json, || {
        format!("{} people were added, {} are there already.", imported.added, imported.there)
    })
}

fn import_failure(error: ImportError) -> Failure {
    match error {
        ImportError::Rows(plan) => {
            Failure::refused(format!("Nobody was added: these rows are wrong.\n{}", plan_table(&plan)))
        }
        ImportError::Administer(error) => error.into(),
        ImportError::File(refusal) => {
            Failure::refused(format!("Nobody was added: {} ({refusal:?}).", refusal.code()))
        }
    }
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Added => "added".to_owned(),
        Fate::There => "there".to_owned(),
        Fate::Wrong(refusal) => refusal.code().to_owned(),
    }
}

fn plan_json(plan: &Plan) -> Value {
    let rows = plan.rows.iter();
    rows.map(|row| json!({ "line": row.line, "login": row.login, "outcome": fate(&row.fate) })).collect()
}

fn plan_table(plan: &Plan) -> String {
    let rows = plan.rows.iter();
    table(&rows.map(|row| vec![row.line.to_string(), row.login.clone(), fate(&row.fate)]).collect::<Vec<_>>())
}

pub(super) async fn groups(common: &Common, command: Group) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Group::Add { name, description } => {
            let new = NewGroup { name, description, external_id: None };
            let group = administer_groups::add(cx, &mut operator(), BY, new).await?;
            let json = json!({ "id": group.id, "name": group.name });
            print(common, &json, || format!("Added the group {}.", group.name))
        }
        Group::List => {
            let groups = all(cx).await?;
            let json: Value = groups.iter().map(group_json).collect();
            let row = |listed: &Listed| {
                vec![listed.group.name.clone(), listed.members.to_string(), listed.group.description.clone()]
            };
            print(common, &json, || table(&groups.iter().map(row).collect::<Vec<_>>()))
        }
        Group::Show { name } => show(common, cx, &name).await,
        Group::Change { name, rename, description } => {
            let id = administer_groups::show_by_name(cx, &name).await?.group.id;
            let changes = GroupChanges { name: rename, description, ..GroupChanges::default() };
            let group = administer_groups::change(cx, &mut operator(), BY, id, changes).await?;
            let json = json!({ "id": group.id, "name": group.name });
            print(common, &json, || format!("The group is called {}.", group.name))
        }
        Group::Remove { name } => {
            let id = administer_groups::show_by_name(cx, &name).await?.group.id;
            let group = administer_groups::remove(cx, &mut operator(), BY, id).await?;
            let json = json!({ "id": group.id, "name": group.name });
            print(common, &json, || format!("Removed the group {}.", group.name))
        }
        Group::Join { name, people } => move_people(common, cx, &name, (&people, true)).await,
        Group::Leave { name, people } => move_people(common, cx, &name, (&people, false)).await,
    }
}

async fn move_people(
    common: &Common,
    cx: &Context,
    name: &str,
    (people, join): (&[Login], bool),
) -> Result<(), Failure> {
    let id = administer_groups::show_by_name(cx, name).await?.group.id;
    let mut moved = Vec::new();
    for login in people {
        moved.push(find(cx, login).await?);
    }
    let (add, remove) = if join { (moved, Vec::new()) } else { (Vec::new(), moved) };
    administer_groups::set_members(cx, &mut operator(), BY, id, add, remove).await?;
    let listed = administer_groups::show(cx, id).await?;
    print(common, &group_json(&listed), || format!("{} has {} members.", listed.group.name, listed.members))
}

async fn show(common: &Common, cx: &Context, name: &str) -> Result<(), Failure> {
    let listed = administer_groups::show_by_name(cx, name).await?;
    let (mut members, mut after) = (Vec::new(), None);
    loop {
        let page = administer_groups::members(cx, listed.group.id, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        members.extend(page);
    }
    let mut json = group_json(&listed);
    if let Value::Object(fields) = &mut json {
        fields.insert("people".to_owned(), members.iter().map(user_json).collect());
    }
    let row = |user: &account::user::User| vec![user.login.to_string(), user.name.clone()];
    print(common, &json, || table(&members.iter().map(row).collect::<Vec<_>>()))
}

async fn all(cx: &Context) -> Result<Vec<Listed>, Failure> {
    let mut groups: Vec<Listed> = Vec::new();
    loop {
        let after = groups.last().map(|listed| listed.group.name.clone());
        let page = administer_groups::list(cx, after, PAGE).await?;
        if page.is_empty() {
            return Ok(groups);
        }
        groups.extend(page);
    }
}

fn group_json(listed: &Listed) -> Value {
    json!({
        "id": listed.group.id,
        "name": listed.group.name,
        "description": listed.group.description,
        "members": listed.members,
        "inPolicy": listed.in_policy,
    })
}
