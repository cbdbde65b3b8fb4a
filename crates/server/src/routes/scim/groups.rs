//! `/scim/v2/Groups`.

use std::collections::BTreeSet;
use std::sync::Arc;

use account::group::{Group, GroupId};
use account::user::UserId;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use primitives::{digest, encoding};
use scim::projection::Projection;
use scim::schema::{GROUP, GROUPS};
use scim::{Refusal, Resource, ScimType, message, patch, read};
use serde_json::{Value, json};
use service::Authority;
use service::administer_groups::{self, GroupChanges, Moves, NewGroup};
use service::administer_users::AdministerError;
use service::provision::{self, Members, WithMembers};

use super::answer::{ATTEMPTS, Answer, Asked, Look, No, Program, Sent, json};
use super::person::referred;

fn gone() -> Refusal {
    Refusal::status(404, "There is no such group")
}

fn resource(base: &str, found: &WithMembers) -> Resource {
    let Group { id, name, external_id, created, changed, .. } = &found.group;
    let members: Vec<Value> = found
        .members
        .iter()
        .flatten()
        .map(|id| json!({ "value": id, "$ref": format!("{base}/Users/{id}"), "type": "User" }))
        .collect();
    let mut group = Resource::new();
    group.insert("schemas".into(), json!([GROUP]));
    group.insert("id".into(), json!(id));
    if let Some(external_id) = external_id {
        group.insert("externalId".into(), json!(external_id));
    }
    group.insert("displayName".into(), json!(name));
    if !members.is_empty() {
        group.insert("members".into(), Value::Array(members));
    }
    let mut meta = json!({
        "resourceType": "Group",
        "created": created.to_string(),
        "lastModified": changed.to_string(),
        "location": format!("{base}/Groups/{id}"),
    });
    // Who is in it is a part of the version: where that was not read there is none to tell.
    if let (Some(meta), Some(version)) = (meta.as_object_mut(), version(found)) {
        meta.insert("version".into(), Value::String(version));
    }
    group.insert("meta".into(), meta);
    group
}

/// Name, external id and members as an entity tag.
fn version(found: &WithMembers) -> Option<String> {
    let group = &found.group;
    let members: Vec<u8> = found.members.as_ref()?.iter().flat_map(|id| *id.as_bytes()).collect();
    let external_id = group.external_id.as_deref().unwrap_or_default();
    let parts: [&[u8]; 3] = [group.name.as_bytes(), external_id.as_bytes(), &members];
    let digest = digest::sha256_parts(&parts);
    let short = digest.first_chunk::<12>().map(|short| encoding::base64url(short)).unwrap_or_default();
    Some(format!("W/\"{short}\""))
}

async fn find(program: &Program, text: &str, members: Members) -> Result<WithMembers, No> {
    let id: GroupId = text.parse().map_err(|_| gone())?;
    Ok(provision::group(&program.visit.app.service, id, members).await?.ok_or_else(gone)?)
}

/// Members are many: they are read where somebody wants them.
fn shown_by(projection: &Projection) -> Members {
    if projection.wants(&GROUPS, "members") { Members::Shown } else { Members::Unread }
}

async fn answered(program: &Program, status: StatusCode, asked: &Asked, id: &str) -> Answer {
    let projection = Look::of_query(&GROUPS, asked)?.projection;
    let found = find(program, id, shown_by(&projection)).await?;
    Ok(program.resource(status, &GROUPS, &projection, resource(&program.base(), &found)))
}

pub(super) async fn list(program: Program, asked: Asked) -> Answer {
    page(&program, Look::of_query(&GROUPS, &asked)?).await
}

pub(super) async fn search(program: Program, Sent(body): Sent) -> Answer {
    page(&program, Look::of_body(&GROUPS, &body)?).await
}

async fn page(program: &Program, look: Look) -> Answer {
    let (total, resources) = found(program, &look, look.start.saturating_sub(1), look.count).await?;
    Ok(json(StatusCode::OK, &message::list(total, look.start, resources)))
}

/// What a look finds: how many in all, and those from the `skip`-th on.
pub(super) async fn found(
    program: &Program,
    look: &Look,
    skip: u64,
    count: u32,
) -> Result<(u64, Vec<Value>), No> {
    let base = program.base();
    let of = (base.clone(), look.filter.clone());
    let test = move |found: &WithMembers| match &of.1 {
        Some(filter) => filter.matches(&resource(&of.0, found)),
        None => true,
    };
    let by_members = look.filter.as_ref().is_some_and(|filter| filter.names("members"));
    let members = if by_members { Members::Shown } else { shown_by(&look.projection) };
    let page =
        provision::group_page(&program.visit.app.service, Arc::new(test), members, skip, count).await?;
    let shown =
        page.found.iter().map(|found| Value::Object(look.projection.of(&GROUPS, resource(&base, found))));
    Ok((page.total, shown.collect()))
}

pub(super) async fn show(program: Program, asked: Asked, Path(text): Path<String>) -> Answer {
    answered(&program, StatusCode::OK, &asked, &text).await
}

/// What a resource says that a group shall be.
struct Wanted {
    name: String,
    external_id: Option<String>,
    members: BTreeSet<UserId>,
}

impl Wanted {
    fn read(resource: &Resource) -> Result<Self, Refusal> {
        let text = |name: &str| resource.get(name).and_then(Value::as_str).map(str::to_owned);
        let members =
            resource.get("members").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let member = |member: &Value| {
            let id = referred(member).unwrap_or_default();
            id.parse().map_err(|_| Refusal::bad(ScimType::InvalidValue, format!("{id} is nobody's id")))
        };
        Ok(Self {
            name: text("displayName").unwrap_or_default(),
            external_id: text("externalId"),
            members: members.iter().map(member).collect::<Result<_, _>>()?,
        })
    }
}

pub(super) async fn create(program: Program, asked: Asked, Sent(body): Sent) -> Answer {
    let wanted = Wanted::read(&read::resource(&GROUPS, body)?)?;
    let service = &program.visit.app.service;
    let authority = Authority::Key(&program.key);
    let mut caller = program.visit.caller();
    let new = NewGroup { name: wanted.name, description: String::new(), external_id: wanted.external_id };
    let group = administer_groups::add(service, &mut caller, authority, new).await?;
    if !wanted.members.is_empty() {
        let members = wanted.members.into_iter().collect();
        move_members(&program, &group, (members, Vec::new())).await?;
    }
    answered(&program, StatusCode::CREATED, &asked, &group.id.to_string()).await
}

/// Makes the group what `of` makes of its resource. A change by somebody else meanwhile is met again, unless the client
/// said which version it means.
async fn change(
    program: &Program,
    text: &str,
    of: impl Fn(&Resource) -> Result<Resource, Refusal>,
) -> Result<(), No> {
    for _ in 0..ATTEMPTS {
        let found = find(program, text, Members::All).await?;
        program.expects(&version(&found).unwrap_or_default())?;
        let wanted = Wanted::read(&of(&resource(&program.base(), &found))?)?;
        match apply(program, found, wanted).await {
            Err(AdministerError::Conflict) if !program.is_conditional() => {}
            done => return Ok(done?),
        }
    }
    Err(Refusal::status(409, "Others change this group at the same time").into())
}

/// Does what is wanted to a group that is still what was found.
async fn apply(program: &Program, found: WithMembers, wanted: Wanted) -> Result<(), AdministerError> {
    let WithMembers { mut group, members } = found;
    if wanted.name != group.name || wanted.external_id != group.external_id {
        let changes = GroupChanges {
            name: Some(wanted.name),
            external_id: Some(wanted.external_id),
            expected: Some(group.changed),
            ..GroupChanges::default()
        };
        let (service, authority) = (&program.visit.app.service, Authority::Key(&program.key));
        let mut caller = program.visit.caller();
        group = administer_groups::change(service, &mut caller, authority, group.id, changes).await?;
    }
    let before: BTreeSet<UserId> = members.into_iter().flatten().collect();
    let joined: Vec<UserId> = wanted.members.difference(&before).copied().collect();
    let left: Vec<UserId> = before.difference(&wanted.members).copied().collect();
    move_members(program, &group, (joined, left)).await
}

/// Lets people in and out, as many at once as one request takes, as long as nobody else changes the group.
async fn move_members(
    program: &Program,
    group: &Group,
    (joined, left): (Vec<UserId>, Vec<UserId>),
) -> Result<(), AdministerError> {
    let (service, authority) = (&program.visit.app.service, Authority::Key(&program.key));
    let (mut caller, mut seen) = (program.visit.caller(), group.changed);
    let most = administer_groups::MOST_AT_ONCE;
    let joins = joined.chunks(most).map(|few| (few.to_vec(), Vec::new()));
    for (add, remove) in joins.chain(left.chunks(most).map(|few| (Vec::new(), few.to_vec()))) {
        let moves = Moves { add, remove, expected: Some(seen) };
        let moved = administer_groups::move_members(service, &mut caller, authority, group.id, moves).await?;
        seen = moved.changed;
    }
    Ok(())
}

pub(super) async fn put(
    program: Program,
    asked: Asked,
    Path(text): Path<String>,
    Sent(body): Sent,
) -> Answer {
    let wanted = read::resource(&GROUPS, body)?;
    change(&program, &text, |_| Ok(wanted.clone())).await?;
    answered(&program, StatusCode::OK, &asked, &text).await
}

pub(super) async fn patch(
    program: Program,
    asked: Asked,
    Path(text): Path<String>,
    Sent(body): Sent,
) -> Answer {
    let operations = patch::read(body)?;
    change(&program, &text, |resource| patch::apply(&GROUPS, resource, &operations)).await?;
    answered(&program, StatusCode::OK, &asked, &text).await
}

pub(super) async fn remove(program: Program, Path(text): Path<String>) -> Answer {
    let found = find(&program, &text, Members::All).await?;
    program.expects(&version(&found).unwrap_or_default())?;
    let mut caller = program.visit.caller();
    let service = &program.visit.app.service;
    administer_groups::remove(service, &mut caller, Authority::Key(&program.key), found.group.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
