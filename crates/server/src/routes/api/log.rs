//! Sign-ins and what else happened.

use std::sync::Arc;

use account::api_key::Scope;
use account::audit::EventId;
use account::role::Role;
use account::sign_in_log::Outcome;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::read_log::{self, Filter, Line, Show, Sight};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use axum::http::StatusCode;

use super::address;
use super::answer;
use super::call::{Call, Principal};
use super::names::OutcomeName;
use super::paging::{self, Page};
use crate::app::App;
use crate::fields::Query;
use crate::problem::{Answer, Problem};

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(sign_ins)).routes(routes!(events))
}

/// With whose eyes the log is read: a person's with those of the role, a program's with those of one that reads.
pub(in crate::routes) fn sight(call: &Call) -> Sight {
    Sight::Of(match &call.principal {
        Principal::Person(who) => who.user.role,
        Principal::Key(bearer) => bearer.person.as_ref().map_or(Role::Reader, |person| person.role),
    })
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Event {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its place in the chain of all events, once it has one.
    number: Option<i64>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What came of it.
    #[schema(value_type = OutcomeName)]
    outcome: &'static str,
    /// With what somebody signed in, or tried to.
    methods: Vec<&'static str>,
    /// How strong it was.
    strength: Option<&'static str>,
    /// Who did it: `user:<id>`, `key:<id>`, `operator` or `system`.
    actor: String,
    /// The id of whom it happened to.
    subject: Option<String>,
    /// What happened; its `kind` says which members it has.
    #[schema(value_type = Object)]
    what: Value,
    /// From which browser.
    browser: Option<String>,
    /// From which address.
    address: Option<String>,
    /// Free text that goes with it.
    note: Option<String>,
    /// The reference that the person saw.
    reference: String,
}

impl From<Line> for Event {
    fn from(line: Line) -> Self {
        let event = line.event;
        Self {
            id: event.id.to_string(),
            number: line.seq,
            at: event.at.to_string(),
            outcome: line.outcome.as_str(),
            methods: line.methods.iter().map(|method| method.as_str()).collect(),
            strength: line.strength.map(|strength| strength.as_str()),
            actor: event.actor.to_string(),
            subject: event.subject.map(|id| id.to_string()),
            what: serde_json::to_value(&event.kind).unwrap_or_default(),
            browser: event.client.as_ref().map(|client| client.browser.clone()),
            address: event.client.map(|client| client.address),
            note: event.note,
            reference: event.reference,
        }
    }
}

/// Which events, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(max_length = 1500)]
    cursor: Option<String>,
    /// From then on.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before then.
    #[param(format = DateTime)]
    until: Option<String>,
    /// What happened to the person of that id.
    #[param(format = "uuid")]
    user: Option<String>,
    /// What came of it.
    #[param(inline, value_type = Option<OutcomeName>)]
    outcome: Option<Outcome>,
}

async fn page(call: &Call, wanted: Wanted, show: Show) -> Answer {
    call.may(Scope::LogRead)?;
    let limit = paging::limit(wanted.limit)?;
    let before: Option<EventId> = paging::after(wanted.cursor.as_deref(), |id| id.parse().ok())?;
    let time = |text: &str| {
        Timestamp::parse_rfc3339(text).map_err(|_| Problem::refused(StatusCode::BAD_REQUEST, "bad_request"))
    };
    let filter = Filter {
        show,
        from: wanted.from.as_deref().map(time).transpose()?,
        until: wanted.until.as_deref().map(time).transpose()?,
        user: wanted.user.as_deref().map(address::read).transpose()?,
        outcome: wanted.outcome,
        ..Filter::default()
    };
    let found = read_log::page(call.service(), sight(call), &filter, before, limit).await?;
    let next = found.next.map(|id| primitives::encoding::base64url(id.to_string().as_bytes()));
    let items: Vec<Event> = found.lines.into_iter().map(Event::from).collect();
    answer::show(call, &Page { items, next })
}

/// Sign-ins, and what came of them, newest first
#[utoipa::path(get, path = "/api/v1/sign-ins", tag = "log", params(Wanted), security(("key" = ["log.read"])),
    responses((status = 200, description = "A page of them", body = Page<Event>)))]
async fn sign_ins(call: Call, Query(wanted): Query<Wanted>) -> Answer {
    page(&call, wanted, Show::SignIns).await
}

/// Everything that happened, newest first
#[utoipa::path(get, path = "/api/v1/events", tag = "log", params(Wanted), security(("key" = ["log.read"])),
    responses((status = 200, description = "A page of them", body = Page<Event>)))]
async fn events(call: Call, Query(wanted): Query<Wanted>) -> Answer {
    page(&call, wanted, Show::All).await
}
